/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The switch's tables: shared by the admin commands that change them (admin_switch.c, filters.c) and the lookup (switch.c).
 */
#ifndef XL710_SWITCH_PRIVATE_H
#define XL710_SWITCH_PRIVATE_H

#include "control.h"

#define XL710_MAC_SEID 2u
#define XL710_PF_SEID 16u
#define XL710_MAIN_SEID 390u
#define XL710_FIRST_SEID 400u
#define XL710_MAIN_VSI 8u            /* beyond port numbers: a driver takes counter row [port number] for loopback */
#define XL710_FILTERS 1536u
#define XL710_FILTER_BUCKETS 1024u
#define XL710_VLAN_MODES 64u
#define XL710_CONTROL_FILTERS 32u
#define XL710_MEMO 256u

struct xl710_veb {
	bool used, floating;
	uint16_t seid, flags;
};

struct xl710_macvlan {
	bool used, ignore_vlan;
	uint8_t mac[6];
	uint16_t vlan, vsi;
	uint16_t next;               /* index + 1 in the bucket's chain */
};

/* Promiscuous for one VLAN only (0x0254 with a VLAN). */
struct xl710_vlan_mode {
	uint16_t vsi, vlan;
	bool unicast, multicast;
};

struct xl710_control_filter {
	bool used, ignore_mac, drop, transmit;
	uint8_t mac[6];
	uint16_t ethertype, vsi, queue;
};

/* An answer of the lookup that fits. */
struct xl710_memo {
	uint64_t key;
	uint32_t generation;
	uint16_t from, count, vsis[4];
	bool to_wire;
};

struct xl710_switch {
	uint32_t generation;
	struct xl710_veb vebs[XL710_VEBS];
	uint16_t filter_count;
	uint16_t buckets[XL710_FILTER_BUCKETS]; /* index + 1 */
	struct xl710_macvlan filters[XL710_FILTERS];
	uint16_t active_count;       /* VSIs that are promiscuous in some way, or the default port's */
	uint16_t active[XL710_VSIS];
	uint16_t vlan_counts[XL710_VSIS];
	uint8_t vlans[XL710_VSIS][512]; /* by 0x0252: bit per VLAN */
	unsigned int vlan_mode_count;
	struct xl710_vlan_mode vlan_modes[XL710_VLAN_MODES];
	struct xl710_control_filter control_filters[XL710_CONTROL_FILTERS];
	uint32_t marks[XL710_VSIS], mark;
	struct xl710_memo memo[XL710_MEMO];
};

/* What a lookup may say has changed. */
void xl710_switch_changed(struct xl710_port *port);

struct xl710_vsi *xl710_vsi_by_seid(struct xl710_port *port, uint16_t seid);
static inline uint16_t
xl710_vsi_number(const struct xl710_port *port, const struct xl710_vsi *vsi)
{
	return (uint16_t)(vsi - port->vsis);
}

/* The fields of a VSI by its 96 bytes of properties; false, and nothing is changed, when they cannot be. */
bool xl710_vsi_set(struct xl710_port *port, struct xl710_vsi *vsi, const uint8_t properties[128]);

static inline unsigned int
xl710_filter_bucket(const uint8_t mac[6])
{
	return (mac[5] ^ mac[4] << 2 ^ mac[3] << 5 ^ mac[2] ^ mac[0]) % XL710_FILTER_BUCKETS;
}

/* NULL or the filter. A new one: false without room. */
struct xl710_macvlan *xl710_filter_find(struct xl710_port *port, uint16_t vsi, const uint8_t mac[6], uint16_t vlan, bool ignore_vlan);
bool xl710_filter_add(struct xl710_port *port, uint16_t vsi, const uint8_t mac[6], uint16_t vlan, bool ignore_vlan);
void xl710_filter_remove(struct xl710_port *port, struct xl710_macvlan *filter);
/* Everything that is about this VSI. */
void xl710_filters_forget(struct xl710_port *port, uint16_t vsi);

#endif
