/* SPDX-License-Identifier: BSD-3-Clause */
#include "lpm_rules.h"

#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_malloc.h>

#define FIRST_SLOTS 64

static uint32_t
home_slot(const struct lpm_rules *rules, struct lpm_prefix prefix, unsigned int depth)
{
	/* Prefixes differ in few, regular bits: two rounds of multiply and fold spread them over the index. */
	uint64_t hash = (prefix.high ^ depth) * UINT64_C(0x9e3779b97f4a7c15);

	hash ^= hash >> 32;
	hash = (hash ^ prefix.low) * UINT64_C(0xd6e8feb86659fd93);
	hash ^= hash >> 32;
	return (uint32_t)hash & rules->mask;
}

struct lpm_prefix
lpm_prefix_cut(struct lpm_prefix address, unsigned int depth)
{
	if (depth <= 64) {
		address.low = 0;
		address.high &= depth == 0 ? 0 : UINT64_MAX << (64 - depth);
	} else {
		address.low &= UINT64_MAX << (128 - depth);
	}
	return address;
}

int
lpm_rules_init(struct lpm_rules *rules, int socket)
{
	memset(rules, 0, sizeof(*rules));
	rules->socket = socket;
	rules->slots = rte_zmalloc_socket("lpm rules", FIRST_SLOTS * sizeof(*rules->slots), RTE_CACHE_LINE_SIZE, socket);
	if (rules->slots == NULL)
		return -ENOMEM;
	rules->mask = FIRST_SLOTS - 1;
	return 0;
}

void
lpm_rules_free(struct lpm_rules *rules)
{
	rte_free(rules->slots);
	rules->slots = NULL;
}

void
lpm_rules_clear(struct lpm_rules *rules)
{
	memset(rules->slots, 0, ((size_t)rules->mask + 1) * sizeof(*rules->slots));
	memset(rules->count_at_depth, 0, sizeof(rules->count_at_depth));
	rules->count = 0;
}

static struct lpm_rule *
empty_slot(const struct lpm_rules *rules, struct lpm_prefix prefix, unsigned int depth)
{
	uint32_t slot = home_slot(rules, prefix, depth);

	while (rules->slots[slot].depth != 0)
		slot = (slot + 1) & rules->mask;
	return &rules->slots[slot];
}

int
lpm_rules_reserve(struct lpm_rules *rules)
{
	size_t slots = (size_t)rules->mask + 1;

	/* At most two thirds full: probes stay short and an empty slot always ends them. */
	if (((size_t)rules->count + 1) * 3 <= slots * 2)
		return 0;

	struct lpm_rule *old = rules->slots;
	struct lpm_rule *grown = rte_zmalloc_socket("lpm rules", slots * 2 * sizeof(*grown), RTE_CACHE_LINE_SIZE,
		rules->socket);

	if (grown == NULL)
		return -ENOMEM;
	rules->slots = grown;
	rules->mask = (uint32_t)(slots * 2 - 1);
	for (size_t i = 0; i < slots; i++)
		if (old[i].depth != 0)
			*empty_slot(rules, old[i].prefix, old[i].depth) = old[i];
	rte_free(old);
	return 0;
}

struct lpm_rule *
lpm_rules_find(const struct lpm_rules *rules, struct lpm_prefix prefix, unsigned int depth)
{
	for (uint32_t slot = home_slot(rules, prefix, depth);; slot = (slot + 1) & rules->mask) {
		struct lpm_rule *rule = &rules->slots[slot];

		if (rule->depth == 0)
			return NULL;
		if (rule->prefix.high == prefix.high && rule->prefix.low == prefix.low && rule->depth == depth)
			return rule;
	}
}

struct lpm_rule *
lpm_rules_covering(const struct lpm_rules *rules, struct lpm_prefix prefix, unsigned int depth)
{
	while (--depth > 0) {
		struct lpm_rule *rule;

		if (rules->count_at_depth[depth] == 0)
			continue;
		rule = lpm_rules_find(rules, lpm_prefix_cut(prefix, depth), depth);
		if (rule != NULL)
			return rule;
	}
	return NULL;
}

void
lpm_rules_insert(struct lpm_rules *rules, struct lpm_prefix prefix, unsigned int depth, uint32_t next_hop)
{
	struct lpm_rule *rule = empty_slot(rules, prefix, depth);

	rule->prefix = prefix;
	rule->next_hop = next_hop;
	rule->depth = depth;
	rules->count++;
	rules->count_at_depth[depth]++;
}

void
lpm_rules_remove(struct lpm_rules *rules, struct lpm_rule *rule)
{
	uint32_t hole = (uint32_t)(rule - rules->slots);

	rules->count--;
	rules->count_at_depth[rule->depth]--;
	/* Close the gap: a later rule of the same run moves up unless its home lies after the hole. */
	for (uint32_t next = (hole + 1) & rules->mask;; next = (next + 1) & rules->mask) {
		const struct lpm_rule *candidate = &rules->slots[next];

		if (candidate->depth == 0)
			break;

		uint32_t home = home_slot(rules, candidate->prefix, candidate->depth);

		if (((next - home) & rules->mask) >= ((next - hole) & rules->mask)) {
			rules->slots[hole] = *candidate;
			hole = next;
		}
	}
	rules->slots[hole].depth = 0;
}
