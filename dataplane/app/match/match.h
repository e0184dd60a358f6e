/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which frames a client queue sees. A match is a conjunction; an unset field takes everything. Compiled into the snapshot's
 * classifier, so that cost does not grow with the number of clients more than it must.
 */
#ifndef APP_MATCH_H
#define APP_MATCH_H

#include "forwarding_config.h"

struct match {
	bool has_vlan, has_src, has_dst, has_proto, proto_is_icmp, has_src_port, has_dst_port;
	uint16_t vlan;				/* VLAN id, 0..4095 */
	struct route_config src, dst;		/* address, depth, ipv6 */
	uint8_t proto;				/* IP protocol number; with proto_is_icmp: 1 on IPv4, 58 on IPv6 */
	uint16_t src_port[2], dst_port[2];	/* lowest and highest, host order; UDP, TCP and SCTP, first fragments */
};

/* Decodes CONTROL.md's match (NULL or nil: takes everything). 0, or -1 with issues. */
int match_from_value(const struct value *value, struct match *out, struct config_issues *issues);

#endif
