/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What an operator asks for: a mode for each port and the routes. A plain value: made from a tree (JSON file or control frame)
 * or from the command line, checked whole, then handed to the builder. Never touched by an lcore.
 */
#ifndef APP_FORWARDING_CONFIG_H
#define APP_FORWARDING_CONFIG_H

#include <rte_ether.h>

#include "value.h"
#include "wdpdk_protocol.h"

enum port_mode {
	PORT_MODE_DROP, PORT_MODE_IO, PORT_MODE_MACSWAP, PORT_MODE_L2FWD, PORT_MODE_L3FWD, PORT_MODE_PKTGEN, PORT_MODE_SINK, PORT_MODES
};
extern const char *const port_mode_names[PORT_MODES];
/* "drop, io, ... or sink", for messages. */
const char *port_mode_list(char *text, size_t size);

enum pktgen_rate { PKTGEN_RATE_MAX, PKTGEN_RATE_PPS, PKTGEN_RATE_BPS };

/* What a port in mode pktgen sends, by itself. Flow i of n takes the i-th address (modulo its size) of src and dst and the i-th UDP
 * port from src_port on, so that two flows never agree in all of them while the ranges allow it. */
struct pktgen_config {
	uint32_t flows;			/* 1 to WDPDK_LIMIT_PKTGEN_FLOWS; default 1 */
	uint16_t size;			/* bytes on the wire, the 4 of the FCS included: 64 to 9018; 0: IMIX (7 of 64, 4 of 594, 1 of 1518) */
	bool ipv6;			/* frames are UDP over IPv6; sizes below 84 become 84 */
	enum pktgen_rate rate;
	uint64_t rate_value;		/* frames a second, or bits a second on the wire (preamble, FCS and gap included) */
	uint64_t count;			/* frames until it stops; 0: no limit */
	uint32_t milliseconds;		/* until it stops; 0: no limit */
	uint8_t src[16], dst[16];	/* network order; defaults 198.18.0.1/32 and 198.19.0.0/16, or 2001:2::1/128 and 2001:2:0:1::/64 */
	uint8_t src_depth, dst_depth;
	uint16_t src_port, dst_port;	/* default 1024 and 9 */
	struct rte_ether_addr dst_mac;	/* default 02:00:00:00:00:<port>; the source is the port's own */
};

struct port_config {
	enum port_mode mode;
	uint16_t to;			/* out port of io, macswap and l2fwd */
	struct pktgen_config pktgen;	/* of pktgen */
};

/* A mode with every field as it is when nobody says otherwise; `to` is 0. */
void port_config_defaults(struct port_config *port, enum port_mode mode, uint16_t id);

struct route_config {
	uint8_t address[16];		/* network order; IPv4 uses the first four bytes; host bits are zero */
	uint8_t depth;
	bool ipv6;
	uint16_t via;			/* out port */
	struct rte_ether_addr next_hop;	/* destination MAC; default 02:00:00:00:00:<via> */
};

struct forwarding_config {
	struct port_config ports[WDPDK_LIMIT_PORTS];
	struct route_config *routes;
	uint32_t route_count;
	uint32_t route_room;		/* how many `routes` has memory for; 0 where nobody counted */
};

/* What is wrong with a configuration, field by field. */
struct config_issue { char path[96]; char message[192]; };
struct config_issues { struct config_issue *list; uint32_t count; uint32_t truncated; };
void config_issue_add(struct config_issues *issues, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* True when one more would only be counted; then nobody needs to find words for it. */
bool config_issues_full(const struct config_issues *issues);
void config_issues_free(struct config_issues *issues);

/* Decodes and checks everything; `ports` says which port ids exist (bit per id). Returns 0, or -1 with every wrong field named
 * (unknown keys and modes, ports that do not exist, bad CIDRs, host bits set, duplicate routes, bad MACs). */
int forwarding_config_from_value(const struct value *value, uint32_t ports, struct forwarding_config *out, struct config_issues *issues);
/* What was asked for with every default written out, so that decoding it again gives the same. */
struct value *forwarding_config_to_value(struct arena *arena, const struct forwarding_config *config, uint32_t ports);
/* As forwarding_config_to_value, with the routes from number `from` on that take at most `bytes` bytes as MessagePack (one at least
 * when there is one). *next: number of the first route that is not there; route_count when none is missing. */
struct value *forwarding_config_page(struct arena *arena, const struct forwarding_config *config, uint32_t ports, uint32_t from,
	size_t bytes, uint32_t *next);

/* ---- routes that come piece by piece ---- */

/* Checks each of an array of routes as forwarding_config_from_value does, except for duplicates, and adds them behind those of
 * `config`. An issue's path is routes[first_index + i]. 0, or -1 with issues and `config` as it was. */
int forwarding_routes_append(struct forwarding_config *config, const struct value *routes, uint32_t ports, struct config_issues *issues,
	uint32_t first_index);
/* Adds the routes of `more` behind those of `config`. 0, or -1 with an issue (too many, no memory) and `config` as it was. */
int forwarding_routes_join(struct forwarding_config *config, const struct forwarding_config *more, struct config_issues *issues);
/* The checks that need the whole: duplicate routes, named by their number in `config`. n log n. 0, or -1 with issues. */
int forwarding_config_finish(const struct forwarding_config *config, struct config_issues *issues);

/* Parses "10.0.0.0/8=1" and "2001:db8::/32=1" of --route. 0, or -1 with a sentence in `error`. */
int route_config_from_text(const char *text, struct route_config *out, char *error, size_t error_size);
/* Parses a CIDR into address/depth/ipv6 of `out`. */
int cidr_from_text(const char *text, struct route_config *out, char *error, size_t error_size);
int forwarding_config_copy(struct forwarding_config *to, const struct forwarding_config *from);	/* 0 or -ENOMEM */
void forwarding_config_free(struct forwarding_config *config);

#endif
