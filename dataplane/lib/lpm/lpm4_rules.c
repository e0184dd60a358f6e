/* SPDX-License-Identifier: BSD-3-Clause */
#include "lpm4_rules.h"

#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_malloc.h>

#define FIRST_SLOTS 64
#define KEY_BITS UINT64_C(0xffffffff000000ff)

static uint64_t
key_of(uint32_t ip, unsigned int depth)
{
	return (uint64_t)ip << 32 | depth;
}

static uint32_t
home_slot(const struct lpm4_rules *rules, uint64_t key)
{
	/* The depth among the ip's bits first: a multiplication spreads upwards only, and the top bits are taken. */
	key = (key & KEY_BITS) * UINT64_C(0x9e3779b97f4a7c15);
	key ^= key >> 29;
	return (uint32_t)((key * UINT64_C(0xd6e8feb86659fd93)) >> rules->shift);
}

static void
set_slots(struct lpm4_rules *rules, uint64_t *slots, size_t count)
{
	rules->slots = slots;
	rules->mask = (uint32_t)(count - 1);
	rules->shift = 64 - (unsigned int)__builtin_ctzll(count);
}

int
lpm4_rules_init(struct lpm4_rules *rules, int socket)
{
	uint64_t *slots = rte_zmalloc_socket("lpm rules", FIRST_SLOTS * sizeof(*slots), RTE_CACHE_LINE_SIZE, socket);

	memset(rules, 0, sizeof(*rules));
	if (slots == NULL)
		return -ENOMEM;
	rules->socket = socket;
	set_slots(rules, slots, FIRST_SLOTS);
	return 0;
}

void
lpm4_rules_free(struct lpm4_rules *rules)
{
	rte_free(rules->slots);
	rules->slots = NULL;
}

void
lpm4_rules_clear(struct lpm4_rules *rules)
{
	memset(rules->slots, 0, ((size_t)rules->mask + 1) * sizeof(*rules->slots));
	memset(rules->count_at_depth, 0, sizeof(rules->count_at_depth));
	rules->count = 0;
}

static uint64_t *
empty_slot(const struct lpm4_rules *rules, uint64_t key)
{
	uint32_t slot = home_slot(rules, key);

	while (rules->slots[slot] != 0)
		slot = (slot + 1) & rules->mask;
	return &rules->slots[slot];
}

int
lpm4_rules_reserve(struct lpm4_rules *rules)
{
	size_t slots = (size_t)rules->mask + 1;

	/* At most two thirds full: probes stay short and an empty slot always ends them. */
	if (((size_t)rules->count + 1) * 3 <= slots * 2)
		return 0;

	uint64_t *old = rules->slots;
	uint64_t *grown = rte_zmalloc_socket("lpm rules", slots * 2 * sizeof(*grown), RTE_CACHE_LINE_SIZE, rules->socket);

	if (grown == NULL)
		return -ENOMEM;
	set_slots(rules, grown, slots * 2);
	/* In the order of homes, which the doubled set keeps: this reads and writes both from front to back. */
	for (size_t i = 0; i < slots; i++)
		if (old[i] != 0)
			*empty_slot(rules, old[i]) = old[i];
	rte_free(old);
	return 0;
}

uint64_t *
lpm4_rules_find(const struct lpm4_rules *rules, uint32_t ip, unsigned int depth)
{
	uint64_t key = key_of(ip, depth);

	for (uint32_t slot = home_slot(rules, key);; slot = (slot + 1) & rules->mask) {
		if (rules->slots[slot] == 0)
			return NULL;
		if (((rules->slots[slot] ^ key) & KEY_BITS) == 0)
			return &rules->slots[slot];
	}
}

uint64_t
lpm4_rules_covering(const struct lpm4_rules *rules, uint32_t ip, unsigned int depth)
{
	while (--depth > 0) {
		const uint64_t *rule;

		if (rules->count_at_depth[depth] == 0)
			continue;
		rule = lpm4_rules_find(rules, lpm4_cut(ip, depth), depth);
		if (rule != NULL)
			return *rule;
	}
	return 0;
}

void
lpm4_rules_insert(struct lpm4_rules *rules, uint32_t ip, unsigned int depth, uint32_t next_hop)
{
	uint64_t key = key_of(ip, depth);

	*empty_slot(rules, key) = key | (uint64_t)next_hop << 8;
	rules->count++;
	rules->count_at_depth[depth]++;
}

void
lpm4_rules_remove(struct lpm4_rules *rules, uint64_t *rule)
{
	uint32_t hole = (uint32_t)(rule - rules->slots);

	rules->count--;
	rules->count_at_depth[lpm4_depth(*rule)]--;
	/* Close the gap: a later rule of the same run moves up unless its home lies after the hole. */
	for (uint32_t next = (hole + 1) & rules->mask; rules->slots[next] != 0; next = (next + 1) & rules->mask) {
		uint32_t home = home_slot(rules, rules->slots[next]);

		if (((next - home) & rules->mask) >= ((next - hole) & rules->mask)) {
			rules->slots[hole] = rules->slots[next];
			hole = next;
		}
	}
	rules->slots[hole] = 0;
}
