/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From a tree to a configuration, in two steps: schema_check says what is wrong with the shape; what is here takes over what has the
 * right shape, passes over what has not, and says what a schema cannot say (ports that do not exist, bits behind a prefix).
 */
#ifndef APP_FORWARDING_DECODE_H
#define APP_FORWARDING_DECODE_H

#include "schema_check.h"

struct forwarding_decoder {
	uint32_t ports;			/* which ids exist */
	struct config_issues *issues;
	bool passed_over;		/* something that schema_check has to have refused */
};

/* Why a prefix or MAC address does not match its pattern. */
bool forwarding_explain(const struct schema_node *node, const char *text, char *message, size_t size);

/* The second step. `out` starts as zeros. */
void forwarding_decode(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	struct forwarding_config *out);
bool forwarding_decode_port_id(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	uint16_t *out);
bool forwarding_decode_prefix(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	struct route_config *out);
void forwarding_decode_mac(struct forwarding_decoder *decoder, const struct value *value, struct rte_ether_addr *out);
/* `out` starts as defaults. */
void forwarding_decode_pktgen(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	struct pktgen_config *out);
void forwarding_decode_routes(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	struct forwarding_config *out);

/* Ends a decoding: nothing may have been passed over without anybody having said why. True when all is well since `before`. */
bool forwarding_decoder_ends_well(const struct forwarding_decoder *decoder, uint32_t before);
uint32_t config_issue_total(const struct config_issues *issues);

/* Positions of routes in the order of their prefixes (version, depth, address), equal ones as they stand. From malloc; NULL: no
 * memory. n log n in whatever order they come. */
uint32_t *routes_by_prefix(const struct route_config *routes, uint32_t count);
int route_compare_prefixes(const struct route_config *a, const struct route_config *b);

#endif
