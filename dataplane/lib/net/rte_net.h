/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a packet holds, by looking at it.
 */
#ifndef _RTE_NET_PTYPE_H_
#define _RTE_NET_PTYPE_H_

#include <rte_ip.h>
#include <rte_tcp.h>
#include <rte_udp.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Lengths of a packet's headers in bytes; 0 for those that are not there or not known. */
struct rte_net_hdr_lens {
	uint8_t l2_len;
	uint8_t inner_l2_len;
	uint16_t l3_len;
	uint16_t inner_l3_len;
	uint16_t tunnel_len;
	uint8_t l4_len;
	uint8_t inner_l4_len;
};

/**
 * Walks IPv6 extension headers from *off on, where one of kind proto stands: at most five. The kind of what follows at
 * the new *off; -1 when the packet ends before or there are more. *frag becomes 1 when a fragment header ended the
 * walk.
 */
int rte_net_skip_ip6_ext(uint16_t proto, const struct rte_mbuf *m, uint32_t *off, int *frag);

/**
 * The packet type (RTE_PTYPE_*): Ethernet with up to two VLAN tags; IPv4, IPv6; TCP, UDP, SCTP, fragments. Tunnels are
 * not entered. `layers`: RTE_PTYPE_L2_MASK and so on of the layers wanted; the walk ends before the first that is not.
 * *hdr_lens (may be NULL) gets the lengths of the layers found. Any packet is safe to look at: what it has no bytes for
 * is unknown.
 */
uint32_t rte_net_get_ptype(const struct rte_mbuf *m, struct rte_net_hdr_lens *hdr_lens, uint32_t layers);

#ifdef __cplusplus
}
#endif

#endif
