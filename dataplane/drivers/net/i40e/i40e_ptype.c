/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a receive descriptor says, as mbufs have it: flags, and packet types. The device's types are regular: an IP header
 * has a run of seven (fragment, other, UDP, reserved, TCP, SCTP, ICMP), plain or inside a tunnel; so the table is written
 * as runs.
 */
#include <rte_mbuf_ptype.h>

#include "i40e_desc.h"

#define L2 RTE_PTYPE_L2_ETHER
#define V4 RTE_PTYPE_L3_IPV4_EXT_UNKNOWN
#define V6 RTE_PTYPE_L3_IPV6_EXT_UNKNOWN
#define IN4 RTE_PTYPE_INNER_L3_IPV4_EXT_UNKNOWN
#define IN6 RTE_PTYPE_INNER_L3_IPV6_EXT_UNKNOWN

#define OUTER_RUN(first, l3) \
	[(first)] = L2 | (l3) | RTE_PTYPE_L4_FRAG, [(first) + 1] = L2 | (l3) | RTE_PTYPE_L4_NONFRAG, \
	[(first) + 2] = L2 | (l3) | RTE_PTYPE_L4_UDP, [(first) + 4] = L2 | (l3) | RTE_PTYPE_L4_TCP, \
	[(first) + 5] = L2 | (l3) | RTE_PTYPE_L4_SCTP, [(first) + 6] = L2 | (l3) | RTE_PTYPE_L4_ICMP

#define INNER_RUN(first, outer) \
	[(first)] = (outer) | RTE_PTYPE_INNER_L4_FRAG, [(first) + 1] = (outer) | RTE_PTYPE_INNER_L4_NONFRAG, \
	[(first) + 2] = (outer) | RTE_PTYPE_INNER_L4_UDP, [(first) + 4] = (outer) | RTE_PTYPE_INNER_L4_TCP, \
	[(first) + 5] = (outer) | RTE_PTYPE_INNER_L4_SCTP, [(first) + 6] = (outer) | RTE_PTYPE_INNER_L4_ICMP

/* From IP in IP to a tunnel's Ethernet with a tag: the same after both outer headers. */
#define TUNNELS(first, l3) \
	INNER_RUN((first), L2 | (l3) | RTE_PTYPE_TUNNEL_IP | IN4), \
	INNER_RUN((first) + 7, L2 | (l3) | RTE_PTYPE_TUNNEL_IP | IN6), \
	[(first) + 14] = L2 | (l3) | RTE_PTYPE_TUNNEL_GRENAT, \
	INNER_RUN((first) + 15, L2 | (l3) | RTE_PTYPE_TUNNEL_GRENAT | IN4), \
	INNER_RUN((first) + 22, L2 | (l3) | RTE_PTYPE_TUNNEL_GRENAT | IN6), \
	[(first) + 29] = L2 | (l3) | RTE_PTYPE_TUNNEL_GRENAT | RTE_PTYPE_INNER_L2_ETHER, \
	INNER_RUN((first) + 30, L2 | (l3) | RTE_PTYPE_TUNNEL_GRENAT | RTE_PTYPE_INNER_L2_ETHER | IN4), \
	INNER_RUN((first) + 37, L2 | (l3) | RTE_PTYPE_TUNNEL_GRENAT | RTE_PTYPE_INNER_L2_ETHER | IN6), \
	[(first) + 44] = L2 | (l3) | RTE_PTYPE_TUNNEL_GRENAT | RTE_PTYPE_INNER_L2_ETHER_VLAN, \
	INNER_RUN((first) + 45, L2 | (l3) | RTE_PTYPE_TUNNEL_GRENAT | RTE_PTYPE_INNER_L2_ETHER_VLAN | IN4), \
	INNER_RUN((first) + 52, L2 | (l3) | RTE_PTYPE_TUNNEL_GRENAT | RTE_PTYPE_INNER_L2_ETHER_VLAN | IN6)

const uint32_t i40e_ptypes[256] = {
	[1] = L2,
	[2] = RTE_PTYPE_L2_ETHER_TIMESYNC,
	[6] = RTE_PTYPE_L2_ETHER_LLDP,
	[11] = RTE_PTYPE_L2_ETHER_ARP,
	OUTER_RUN(22, V4),
	TUNNELS(29, V4),
	OUTER_RUN(88, V6),
	TUNNELS(95, V6),
};

const uint32_t i40e_ptype_list[] = {
	RTE_PTYPE_L2_ETHER, RTE_PTYPE_L2_ETHER_TIMESYNC, RTE_PTYPE_L2_ETHER_LLDP, RTE_PTYPE_L2_ETHER_ARP, V4, V6,
	RTE_PTYPE_L4_FRAG, RTE_PTYPE_L4_ICMP, RTE_PTYPE_L4_NONFRAG, RTE_PTYPE_L4_SCTP, RTE_PTYPE_L4_TCP, RTE_PTYPE_L4_UDP,
	RTE_PTYPE_TUNNEL_GRENAT, RTE_PTYPE_TUNNEL_IP, RTE_PTYPE_INNER_L2_ETHER, RTE_PTYPE_INNER_L2_ETHER_VLAN, IN4, IN6,
	RTE_PTYPE_INNER_L4_FRAG, RTE_PTYPE_INNER_L4_ICMP, RTE_PTYPE_INNER_L4_NONFRAG, RTE_PTYPE_INNER_L4_SCTP,
	RTE_PTYPE_INNER_L4_TCP, RTE_PTYPE_INNER_L4_UDP, RTE_PTYPE_UNKNOWN,
};

#define GOOD_OR_BAD(bad, what) ((bad) ? RTE_MBUF_F_RX_##what##_CKSUM_BAD : RTE_MBUF_F_RX_##what##_CKSUM_GOOD)
#define CHECKSUM(errors) (GOOD_OR_BAD((errors) & 1, IP) | GOOD_OR_BAD((errors) & 2, L4) | \
	((errors) & 4 ? RTE_MBUF_F_RX_OUTER_IP_CKSUM_BAD : 0))

/* By the three error bits; the lower half is of packets whose checksums nobody looked at. */
const uint16_t i40e_rx_checksums[16] = {
	[8] = CHECKSUM(0), CHECKSUM(1), CHECKSUM(2), CHECKSUM(3), CHECKSUM(4), CHECKSUM(5), CHECKSUM(6), CHECKSUM(7),
};

#define RULE RTE_MBUF_F_RX_FDIR
#define ID RTE_MBUF_F_RX_FDIR_ID
#define HASH RTE_MBUF_F_RX_RSS_HASH
#define TAG (RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED)

/* By FLM, FLTSTAT and the tag's bit. */
const uint16_t i40e_rx_states[16] = {
	0, RULE, ID, ID | RULE, 0, RULE, HASH, HASH | RULE,
	TAG, TAG | RULE, TAG | ID, TAG | ID | RULE, TAG, TAG | RULE, TAG | HASH, TAG | HASH | RULE,
};
