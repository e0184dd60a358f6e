/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The set of routes of one table: prefix and depth -> next hop, an open-addressed hash that doubles as it fills.
 * It answers what the trie alone cannot: is this exact route present, and which shorter one covers it.
 */
#ifndef WDPDK_LPM_RULES_H
#define WDPDK_LPM_RULES_H

#include <stdbool.h>
#include <stdint.h>

#define LPM_MAX_DEPTH 128

/* A prefix, left-aligned: the address's first bit is the top bit of high. Bits beyond the depth are zero. */
struct lpm_prefix {
	uint64_t high, low;
};

struct lpm_rule {
	struct lpm_prefix prefix;
	uint32_t next_hop;
	uint32_t depth; /* 0: this slot is empty */
};

struct lpm_rules {
	struct lpm_rule *slots;
	uint32_t mask; /* slots - 1, a power of two less one */
	uint32_t count;
	int socket;
	uint32_t count_at_depth[LPM_MAX_DEPTH + 1];
};

struct lpm_prefix lpm_prefix_cut(struct lpm_prefix address, unsigned int depth);

int lpm_rules_init(struct lpm_rules *rules, int socket);
void lpm_rules_free(struct lpm_rules *rules);
void lpm_rules_clear(struct lpm_rules *rules);

/* Room for one more; -ENOMEM leaves the set as it was. */
int lpm_rules_reserve(struct lpm_rules *rules);
/* The rule, or NULL. The pointer holds until the next change. */
struct lpm_rule *lpm_rules_find(const struct lpm_rules *rules, struct lpm_prefix prefix, unsigned int depth);
/* The longest rule shorter than depth that covers prefix, or NULL. */
struct lpm_rule *lpm_rules_covering(const struct lpm_rules *rules, struct lpm_prefix prefix, unsigned int depth);
/* The rule must be absent, and lpm_rules_reserve() must have succeeded since the last insertion. */
void lpm_rules_insert(struct lpm_rules *rules, struct lpm_prefix prefix, unsigned int depth, uint32_t next_hop);
void lpm_rules_remove(struct lpm_rules *rules, struct lpm_rule *rule);

#endif
