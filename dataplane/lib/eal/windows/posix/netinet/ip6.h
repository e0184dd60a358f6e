/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: IPv6 headers (RFC 8200, names of RFC 3542). Multi-byte fields are in network order.
 */
#ifndef _NETINET_IP6_H
#define _NETINET_IP6_H

#include <netinet/in.h>

struct ip6_hdr {
	union {
		struct ip6_hdrctl {
			uint32_t ip6_un1_flow; /* version, traffic class, flow label */
			uint16_t ip6_un1_plen;
			uint8_t ip6_un1_nxt;
			uint8_t ip6_un1_hlim;
		} ip6_un1;
		uint8_t ip6_un2_vfc; /* version and the first half of the class */
	} ip6_ctlun;
	struct in6_addr ip6_src;
	struct in6_addr ip6_dst;
};
#define ip6_vfc ip6_ctlun.ip6_un2_vfc
#define ip6_flow ip6_ctlun.ip6_un1.ip6_un1_flow
#define ip6_plen ip6_ctlun.ip6_un1.ip6_un1_plen
#define ip6_nxt ip6_ctlun.ip6_un1.ip6_un1_nxt
#define ip6_hlim ip6_ctlun.ip6_un1.ip6_un1_hlim
#define ip6_hops ip6_ctlun.ip6_un1.ip6_un1_hlim

/* Any extension header that has a length (in units of 8 bytes, the first not counted). */
struct ip6_ext {
	uint8_t ip6e_nxt;
	uint8_t ip6e_len;
};

struct ip6_frag {
	uint8_t ip6f_nxt;
	uint8_t ip6f_reserved;
	uint16_t ip6f_offlg; /* offset in units of 8 bytes in the upper 13 bits, then flags */
	uint32_t ip6f_ident;
};
/* As they lie in memory on a little-endian processor. */
#define IP6F_OFF_MASK 0xf8ff
#define IP6F_RESERVED_MASK 0x0600
#define IP6F_MORE_FRAG 0x0100

_Static_assert(sizeof(struct ip6_hdr) == 40, "an IPv6 header");

#endif
