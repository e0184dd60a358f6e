/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: the TCP header (RFC 9293) under its BSD names. Multi-byte fields are in network order.
 */
#ifndef _NETINET_TCP_H
#define _NETINET_TCP_H

#include <netinet/in.h>

#define TH_FIN 0x01
#define TH_SYN 0x02
#define TH_RST 0x04
#define TH_PUSH 0x08
#define TH_ACK 0x10
#define TH_URG 0x20

struct tcphdr {
	uint16_t th_sport;
	uint16_t th_dport;
	uint32_t th_seq;
	uint32_t th_ack;
	uint8_t th_x2:4;
	uint8_t th_off:4; /* in 4-byte words */
	uint8_t th_flags; /* TH_* */
	uint16_t th_win;
	uint16_t th_sum;
	uint16_t th_urp;
};

_Static_assert(sizeof(struct tcphdr) == 20, "a TCP header without options");

#endif
