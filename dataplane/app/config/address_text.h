/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Addresses between text and bytes; cidr_from_text and route_config_from_text are in forwarding_config.h.
 */
#ifndef APP_ADDRESS_TEXT_H
#define APP_ADDRESS_TEXT_H

#include "forwarding_config.h"

#define CIDR_TEXT 64
#define MAC_TEXT 18

/* True when all bits behind the first `depth` are zero. */
bool address_is_prefix(const uint8_t *address, unsigned int bytes, unsigned int depth);
/* 02:00:00:00:00:<via> */
void route_default_next_hop(struct route_config *route);
bool mac_from_text(const char *text, struct rte_ether_addr *out);
void mac_to_text(const struct rte_ether_addr *mac, char text[MAC_TEXT]);
/* RFC 5952 form. */
void cidr_to_text(const struct route_config *route, char text[CIDR_TEXT]);

#endif
