/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: the IPv4 header (RFC 791) under its BSD names. Multi-byte fields are in network order.
 */
#ifndef _NETINET_IP_H
#define _NETINET_IP_H

#include <netinet/in.h>

#ifndef IPDEFTTL
#define IPDEFTTL 64
#endif
#define MAXTTL 255
#define IP_MAXPACKET 65535

/* In ip_off, after the bytes are swapped. */
#define IP_RF 0x8000
#define IP_DF 0x4000
#define IP_MF 0x2000
#define IP_OFFMASK 0x1fff

struct ip {
	uint8_t ip_hl:4; /* in 4-byte words */
	uint8_t ip_v:4;
	uint8_t ip_tos;
	uint16_t ip_len;
	uint16_t ip_id;
	uint16_t ip_off;
	uint8_t ip_ttl;
	uint8_t ip_p;
	uint16_t ip_sum;
	struct in_addr ip_src, ip_dst;
};

_Static_assert(sizeof(struct ip) == 20, "an IPv4 header without options");

#endif
