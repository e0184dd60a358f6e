/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The set of routes of an IPv4 table: ip/depth -> next hop, 8 bytes a route in an open-addressed hash that doubles as it
 * fills. It answers what the lookup structure alone cannot: is this exact route present, and which shorter one covers it.
 */
#ifndef WDPDK_LPM4_RULES_H
#define WDPDK_LPM4_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include <rte_lpm.h>

struct lpm4_rules {
	uint64_t *slots; /* ip, 24 bits of next hop, 8 bits of depth from the top down; 0: empty */
	uint32_t mask;   /* slots - 1, a power of two less one */
	unsigned int shift;
	uint32_t count;
	int socket;
	uint32_t count_at_depth[RTE_LPM_MAX_DEPTH + 1];
};

static inline uint32_t
lpm4_cut(uint32_t ip, unsigned int depth)
{
	return depth == 0 ? 0 : ip & UINT32_MAX << (32 - depth);
}

static inline uint32_t
lpm4_next_hop(uint64_t rule)
{
	return (uint32_t)rule >> 8;
}

static inline unsigned int
lpm4_depth(uint64_t rule)
{
	return rule & 0xff;
}

int lpm4_rules_init(struct lpm4_rules *rules, int socket);
void lpm4_rules_free(struct lpm4_rules *rules);
void lpm4_rules_clear(struct lpm4_rules *rules);

/* Room for one more; -ENOMEM leaves the set as it was. */
int lpm4_rules_reserve(struct lpm4_rules *rules);
/* The rule, or NULL; ip is cut to depth. The pointer holds until the next change. */
uint64_t *lpm4_rules_find(const struct lpm4_rules *rules, uint32_t ip, unsigned int depth);
/* The longest rule shorter than depth that covers ip, or 0. */
uint64_t lpm4_rules_covering(const struct lpm4_rules *rules, uint32_t ip, unsigned int depth);
/* The rule must be absent, and lpm4_rules_reserve() must have succeeded since the last insertion. */
void lpm4_rules_insert(struct lpm4_rules *rules, uint32_t ip, unsigned int depth, uint32_t next_hop);
void lpm4_rules_remove(struct lpm4_rules *rules, uint64_t *rule);

static inline void
lpm4_rules_set_next_hop(uint64_t *rule, uint32_t next_hop)
{
	*rule = (*rule & ~((uint64_t)WDPDK_LPM_VALUE << 8)) | (uint64_t)next_hop << 8;
}

#endif
