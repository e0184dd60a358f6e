/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What matches look at, taken from a frame once however many matches there are.
 */
#ifndef APP_FRAME_KEY_H
#define APP_FRAME_KEY_H

#include <rte_mbuf.h>

#define FRAME_KEY_NO_VLAN 4096u
#define FRAME_KEY_NO_PORT 65536u

enum frame_family { FRAME_NOT_IP = 0, FRAME_IPV4, FRAME_IPV6 };

struct address128 { uint64_t high, low; };

struct frame_key {
	enum frame_family family;
	uint32_t vlan;			/* id of the outermost tag, or FRAME_KEY_NO_VLAN */
	uint32_t src4, dst4;		/* host order; with FRAME_IPV4 */
	struct address128 src6, dst6;	/* host order; with FRAME_IPV6 */
	uint8_t proto;			/* behind the IPv6 extension headers */
	uint32_t src_port, dst_port;	/* UDP, TCP, SCTP, first fragments; else FRAME_KEY_NO_PORT */
	uint32_t packet_type;		/* RTE_PTYPE_* of layers 2 to 4 */
};

/* The same for both directions of a flow and for all fragments of a datagram; 0 is possible. Frames that are not IP are told apart by
 * their MAC addresses (in either order). Costs some ten cycles: take it when it is needed. */
uint32_t frame_flow_hash(const struct rte_mbuf *mbuf, const struct frame_key *key);

/* Reads the frame's first segment only. Headers that do not fit there, or are malformed, count as absent. */
void frame_key_from_mbuf(const struct rte_mbuf *mbuf, struct frame_key *key);

#endif
