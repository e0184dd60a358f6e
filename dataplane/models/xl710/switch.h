/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The embedded switch: VSIs, VEBs, MAC-VLAN filters, promiscuous modes. Admin commands change it, the data path asks it.
 */
#ifndef XL710_SWITCH_H
#define XL710_SWITCH_H

#include <stdbool.h>
#include <stdint.h>

#include "registers.h"
#include "stats.h"

#define XL710_TCS 8u
#define XL710_VSI_QUEUES 16u
#define XL710_VSI_NONE UINT16_MAX

enum xl710_vsi_type { XL710_VSI_VF, XL710_VSI_VMDQ2, XL710_VSI_PF, XL710_VSI_EMP };

/* Rx tag handling of a VSI: port_vlan_flags 4:3. */
enum xl710_tag_mode { XL710_TAG_STRIP_BOTH, XL710_TAG_STRIP_UP, XL710_TAG_STRIP, XL710_TAG_LEAVE };

struct xl710_vsi {
	bool used;
	uint16_t seid, uplink;    /* uplink: the MAC's SEID, or a VEB's */
	uint8_t type;             /* enum xl710_vsi_type */
	uint8_t veb;              /* index + 1 of the VEB it hangs on, or 0 */
	/* what its 128 bytes of properties say, checked */
	uint16_t pvid;
	uint8_t accept;           /* 1 tagged, 2 untagged, 3 both */
	bool insert_pvid;
	uint8_t tag_mode;         /* enum xl710_tag_mode */
	uint8_t security;         /* sec_flags: 1 destination override, 2 VLAN anti-spoof, 4 MAC anti-spoof */
	bool loopback;            /* switch_id: may get frames of the same switch */
	bool queue_list;          /* queues[] is a list of 16, else queues[0] is the first */
	uint16_t queues[XL710_VSI_QUEUES];
	struct { uint16_t offset, count; } tcs[XL710_TCS]; /* relative to the VSI's queues; count 0: the TC is off */
	bool own_lut;             /* RSS by VSIQF_HLUT instead of PFQF_HLUT */
	uint16_t stat_index;      /* GLV row; always < XL710_VSIS */
	/* promiscuous modes by 0x0254 */
	bool promisc_unicast, promisc_multicast, promisc_broadcast, default_port, promisc_vlan;
	uint8_t properties[128];
};

struct xl710_frame_address {
	uint8_t mac[6];     /* destination */
	bool tagged;        /* has an outer 802.1Q/802.1ad tag; 0 is a tag too */
	uint16_t vlan;      /* 11:0 of the tag, 0 when untagged */
};

/* Up to XL710_VSIS. */
struct xl710_vsi_set {
	uint16_t count;
	uint16_t vsis[XL710_VSIS];
};

/*
 * Which VSIs get a frame that came in by the wire (from = XL710_VSI_NONE) or was sent by VSI `from` (which is never among them). An
 * empty set: nobody, the frame is counted as filtered by nobody's counter, as the card does.
 * For a frame that was sent, `*to_wire` says whether it leaves by the wire too (NULL when it came from there).
 */
void xl710_switch_lookup(struct xl710_port *port, uint16_t from, const struct xl710_frame_address *address, struct xl710_vsi_set *set,
			 bool *to_wire);

/*
 * The VSI that owns PF-relative transmit or receive queue `queue`, or XL710_VSI_NONE. For transmit the context's rdylist says it on the
 * card; here both follow from the VSIs' queue mappings.
 */
uint16_t xl710_switch_vsi_of_queue(const struct xl710_port *port, uint16_t queue);

/* PF-relative queue `index` (TC offset and RSS entry already added) of a VSI, or XL710_VSI_NONE when it has none such. */
uint16_t xl710_vsi_queue(const struct xl710_vsi *vsi, uint16_t index);

/* Changes whenever a lookup could answer differently, or a VSI's properties changed: what was remembered of either is void then. */
uint32_t xl710_switch_generation(const struct xl710_port *port);

/* Control packet filters (0x025A): whether VSI `from` may not send frames of this ethertype and destination. */
bool xl710_switch_tx_dropped(const struct xl710_port *port, uint16_t from, const uint8_t mac[6], uint16_t ethertype);

#endif
