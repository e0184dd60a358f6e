/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What matches, flow hashes and metadata look at, taken from a frame once however many clients there are.
 */
#ifndef APP_FRAME_KEY_H
#define APP_FRAME_KEY_H

#include <rte_mbuf.h>

#define FRAME_KEY_NO_VLAN 4096u
#define FRAME_KEY_NO_PORT 65536u

enum frame_family { FRAME_NOT_IP = 0, FRAME_IPV4, FRAME_IPV6 };

struct address128 { uint64_t high, low; };

/* One cache line. */
struct frame_key {
	uint8_t family;			/* enum frame_family */
	uint8_t proto;			/* behind the IPv6 extension headers */
	uint16_t vlan;			/* id of the outermost tag, or FRAME_KEY_NO_VLAN */
	uint16_t vlan_tci;		/* of the outermost tag: in the frame, or as the device took it off; 0 without one */
	uint16_t l3_offset, l4_offset;	/* of the headers, bytes into the frame; 0: not there, or (layer 4) a later fragment */
	uint16_t packet_type;		/* RTE_PTYPE_* of layers 2 to 4; L4_FRAG for every fragment, the first too */
	uint32_t src_port, dst_port;	/* UDP, TCP, SCTP, first fragments; else FRAME_KEY_NO_PORT */
	uint32_t src4, dst4;		/* host order; with FRAME_IPV4 */
	struct address128 src6, dst6;	/* host order; with FRAME_IPV6 */
};

/* Reads the frame's first segment only. Headers that do not fit there, or are malformed, count as absent. */
void frame_key_from_mbuf(const struct rte_mbuf *mbuf, struct frame_key *key);

/* The same for both directions of a flow and for all fragments of a datagram, so these are told apart by their addresses alone; 0 is
 * possible. Frames that are not IP are told apart by their MAC addresses (in either order). Every bit depends on all of it: take any of
 * them, or the remainder by any number. Costs some ten cycles: take it when it is needed. */
uint32_t frame_flow_hash(const struct rte_mbuf *mbuf, const struct frame_key *key);

#endif
