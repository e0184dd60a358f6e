/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The card's switch: VSIs (a switch port with queues), their MAC/VLAN filters and promiscuous modes. As in i40e_hw.h,
 * functions return 0 or a negative errno and have said why.
 */
#ifndef I40E_VSI_H
#define I40E_VSI_H

#include "i40e_hw.h"

/** Properties as the firmware knows them; software writes the first 96 bytes. */
struct i40e_vsi_info {
	uint16_t valid; /* I40E_VSI_SECTION_* */
	uint16_t switch_id;
	uint8_t switch_reserved[2];
	uint8_t security;
	uint8_t security_reserved;
	uint16_t pvid;
	uint16_t outer_vlan;
	uint8_t port_vlan;
	uint8_t outer_vlan_flags;
	uint8_t vlan_reserved[2];
	uint32_t ingress;
	uint32_t egress;
	uint16_t cascaded_tag;
	uint8_t cascaded_flags;
	uint8_t cascaded_reserved;
	uint16_t mapping;
	uint16_t queues[16];
	uint16_t classes[8]; /* 8:0 first queue, 11:9 log2 of the number */
	uint8_t queueing;
	uint8_t queueing_reserved[3];
	uint8_t priorities;
	uint8_t scheduler_reserved;
	uint32_t outer_priorities;
	uint8_t command_reserved[8];
	uint16_t queue_sets[8]; /* from here on the firmware's */
	uint16_t statistics;
	uint16_t scheduler;
	uint8_t reply_reserved[12];
};

_Static_assert(sizeof(struct i40e_vsi_info) == 128, "VSI properties have 128 bytes");

#define I40E_VSI_SECTION_SWITCH 0x0001
#define I40E_VSI_SECTION_VLAN 0x0004
#define I40E_VSI_SECTION_QUEUES 0x0040
#define I40E_VSI_SECTION_QUEUEING 0x0080

#define I40E_PORT_VLAN_ALL 0x03
#define I40E_PORT_VLAN_INSERT_PVID 0x04
#define I40E_PORT_VLAN_STRIP_BOTH 0x00
#define I40E_PORT_VLAN_KEEP 0x18

struct i40e_vsi {
	uint16_t seid;
	uint16_t uplink;
	uint16_t number;
	struct i40e_vsi_info info;
};

/** What one filter lets in. vlan < 0: with any tag or none. */
struct i40e_filter {
	uint8_t mac[6];
	int16_t vlan;
};

/** The VSI that the firmware made for this function. */
int i40e_vsi_find(struct i40e_hw *hw, struct i40e_vsi *vsi);
int i40e_vsi_get(struct i40e_hw *hw, struct i40e_vsi *vsi);
/** Sends the sections of vsi->info. */
int i40e_vsi_update(struct i40e_hw *hw, struct i40e_vsi *vsi, uint16_t sections);
/** Gives it `count` queues from `first` in one traffic class, and learns the class's scheduler handle. */
int i40e_vsi_set_queues(struct i40e_hw *hw, struct i40e_vsi *vsi, uint16_t first, uint16_t count);
/** A new one beside `beside`, of type PF, for the flow director; makes a VEB above both when there is none. */
int i40e_vsi_add(struct i40e_hw *hw, const struct i40e_vsi *beside, uint16_t *veb, struct i40e_vsi *vsi);
int i40e_element_delete(struct i40e_hw *hw, uint16_t seid);

int i40e_filters_add(struct i40e_hw *hw, const struct i40e_vsi *vsi, const struct i40e_filter *filters, uint32_t count);
/** -ENOENT is not worth a word here. */
int i40e_filters_remove(struct i40e_hw *hw, const struct i40e_vsi *vsi, const struct i40e_filter *filters, uint32_t count);

#define I40E_PROMISC_UNICAST 0x0001
#define I40E_PROMISC_MULTICAST 0x0002
#define I40E_PROMISC_BROADCAST 0x0004
#define I40E_PROMISC_VLAN 0x0010

/** Sets the modes of `mask` to `modes`. */
int i40e_promiscuous(struct i40e_hw *hw, const struct i40e_vsi *vsi, uint16_t modes, uint16_t mask);
/** Pause frames written by applications never leave. */
int i40e_drop_pause_tx(struct i40e_hw *hw, const struct i40e_vsi *vsi);
int i40e_set_port_parameters(struct i40e_hw *hw);
int i40e_set_tpid(struct i40e_hw *hw, uint16_t first, uint16_t second);

#endif
