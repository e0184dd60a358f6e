/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A context's rules as conditions on lanes, best first: a rule's place is its rank.
 */
#ifndef WDPDK_ACL_RULES_H
#define WDPDK_ACL_RULES_H

#include "acl_private.h"

/* ((lane & mask) - low) <= span. Either span is 0 (these bits have these values) or mask is the lane's every bit (a range). */
struct acl_condition {
	uint32_t mask, low, span;
};

struct acl_rules {
	uint32_t num, num_lanes, num_wide;
	uint32_t categories; /* that were asked for */
	struct acl_lane lanes[ACL_MAX_LANES];
	struct acl_condition *conditions; /* num_lanes a rule */
	struct acl_answer *answers;
	struct acl_wide *wide;
	/* Ranks of those that can answer at all: a rule has none of its own behind a better one of equal conditions. */
	uint32_t *alive;
	uint32_t num_alive;
};

/* 0, -EINVAL or -ENOMEM; what is in *rules is released by acl_rules_release() in any case. */
int acl_rules_make(const struct rte_acl_ctx *ctx, const struct rte_acl_config *cfg, struct acl_rules *rules);
void acl_rules_release(struct acl_rules *rules);

static inline const struct acl_condition *
acl_conditions(const struct acl_rules *rules, uint32_t rank)
{
	return rules->conditions + (size_t)rank * rules->num_lanes;
}

static inline uint32_t
acl_lane_bits(const struct acl_lane *lane)
{
	return RTE_LEN2MASK(lane->size * CHAR_BIT, uint32_t);
}

#endif
