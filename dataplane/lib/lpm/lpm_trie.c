/* SPDX-License-Identifier: BSD-3-Clause */
#include "lpm_trie.h"

#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_malloc.h>

#define FIRST_GROUPS 16
#define TOP_BITS 16
#define GROUP_BITS 8
#define LIMITED_BIT 24 /* groups that start here or later count against deep_limit */

#define LENGTH_SHIFT 26
#define MAX_PATH ((LPM_MAX_DEPTH - TOP_BITS) / GROUP_BITS)

/* One table on the way down: the words, the depth it starts at and how many bits it resolves. */
struct level {
	uint32_t *words;
	unsigned int base, bits;
};

static struct level
top_level(struct lpm_trie *trie)
{
	return (struct level){ trie->top, 0, TOP_BITS };
}

static struct level
group_level(struct lpm_trie *trie, uint32_t group, unsigned int base)
{
	return (struct level){ &trie->words[(size_t)group * LPM_GROUP_WORDS], base, GROUP_BITS };
}

static unsigned int
index_in(struct level level, struct lpm_prefix prefix)
{
	uint64_t half = level.base < 64 ? prefix.high : prefix.low;

	return (unsigned int)(half << (level.base & 63) >> (64 - level.bits));
}

static uint32_t
leaf_word(struct level level, unsigned int depth, uint32_t next_hop)
{
	uint32_t length = depth > level.base ? depth - level.base : 0;

	return depth == 0 ? 0 : length << LENGTH_SHIFT | LPM_LEAF_ROUTE | next_hop;
}

static uint32_t
length_of(uint32_t word)
{
	return word >> LENGTH_SHIFT;
}

void
lpm_trie_init(struct lpm_trie *trie, uint32_t deep_limit, int socket)
{
	trie->free_list = LPM_NO_GROUP;
	trie->deep_limit = deep_limit;
	trie->socket = socket;
}

void
lpm_trie_release(struct lpm_trie *trie)
{
	rte_free(trie->words);
	rte_free(trie->groups);
}

void
lpm_trie_clear(struct lpm_trie *trie)
{
	memset(trie->top, 0, sizeof(trie->top));
	trie->fresh = trie->free_count = trie->deep = 0;
	trie->free_list = LPM_NO_GROUP;
}

static int
grow(struct lpm_trie *trie, uint32_t needed)
{
	uint64_t capacity = RTE_MAX((uint64_t)trie->capacity * 2, (uint64_t)FIRST_GROUPS);
	uint32_t *words;
	struct lpm_group *groups;

	while (capacity < (uint64_t)trie->fresh + needed)
		capacity *= 2;
	capacity = RTE_MIN(capacity, (uint64_t)LPM_WORD_VALUE + 1);
	if (capacity < (uint64_t)trie->fresh + needed)
		return -ENOSPC;
	words = rte_malloc_socket("lpm groups", capacity * LPM_GROUP_WORDS * sizeof(*words), RTE_CACHE_LINE_SIZE,
		trie->socket);
	groups = rte_malloc_socket("lpm groups", capacity * sizeof(*groups), RTE_CACHE_LINE_SIZE, trie->socket);
	if (words == NULL || groups == NULL) {
		rte_free(words);
		rte_free(groups);
		return -ENOMEM;
	}
	if (trie->fresh > 0) {
		memcpy(words, trie->words, (size_t)trie->fresh * LPM_GROUP_WORDS * sizeof(*words));
		memcpy(groups, trie->groups, trie->fresh * sizeof(*groups));
	}
	rte_free(trie->words);
	rte_free(trie->groups);
	trie->words = words;
	trie->groups = groups;
	trie->capacity = (uint32_t)capacity;
	return 0;
}

int
lpm_trie_reserve(struct lpm_trie *trie, struct lpm_prefix prefix, unsigned int depth)
{
	struct level level = top_level(trie);
	uint32_t needed = 0, deep = 0;
	bool missing = false;

	while (depth > level.base + level.bits) {
		unsigned int base = level.base + level.bits;
		uint32_t word = missing ? 0 : level.words[index_in(level, prefix)];

		missing = (word & LPM_WORD_GROUP) == 0;
		if (missing) {
			needed++;
			deep += base >= LIMITED_BIT;
			level = (struct level){ NULL, base, GROUP_BITS };
		} else {
			level = group_level(trie, word & LPM_WORD_VALUE, base);
		}
	}
	if (deep > trie->deep_limit - trie->deep)
		return -ENOSPC;
	if (needed > trie->free_count && needed - trie->free_count > trie->capacity - trie->fresh)
		return grow(trie, needed - trie->free_count);
	return 0;
}

/* A group for what lies below one leaf: all its words inherit that leaf's route, of the given depth. */
static uint32_t
take_group(struct lpm_trie *trie, unsigned int base, uint32_t leaf, unsigned int inherited)
{
	uint32_t group = trie->free_list;
	uint32_t *words;

	if (group != LPM_NO_GROUP) {
		trie->free_list = trie->groups[group].inherited;
		trie->free_count--;
	} else {
		group = trie->fresh++;
	}
	trie->deep += base >= LIMITED_BIT;
	trie->groups[group] = (struct lpm_group){ .routes = 0, .inherited = inherited };
	words = &trie->words[(size_t)group * LPM_GROUP_WORDS];
	for (unsigned int i = 0; i < LPM_GROUP_WORDS; i++)
		words[i] = leaf & (LPM_WORD_VALUE | LPM_LEAF_ROUTE);
	return group;
}

static void
give_group(struct lpm_trie *trie, uint32_t group, unsigned int base)
{
	trie->deep -= base >= LIMITED_BIT;
	trie->groups[group].inherited = trie->free_list;
	trie->free_list = group;
	trie->free_count++;
}

/*
 * Routes of up to `depth` bits no longer reach these words: the route new_depth/next_hop does. Setting a route and
 * falling back to a covering one are the same walk, since no word in range of a present route belongs to a shorter one.
 */
static void
paint(struct lpm_trie *trie, struct level level, unsigned int first, unsigned int count, unsigned int depth,
	unsigned int new_depth, uint32_t next_hop)
{
	uint32_t leaf = leaf_word(level, new_depth, next_hop);
	uint32_t longest = depth > level.base ? depth - level.base : 0;

	for (unsigned int i = first; i < first + count; i++) {
		uint32_t word = level.words[i];

		if ((word & LPM_WORD_GROUP) == 0) {
			if (length_of(word) <= longest)
				level.words[i] = leaf;
		} else {
			uint32_t group = word & LPM_WORD_VALUE;

			if (trie->groups[group].inherited > depth)
				continue;
			trie->groups[group].inherited = new_depth;
			paint(trie, group_level(trie, group, level.base + level.bits), 0, LPM_GROUP_WORDS, depth, new_depth,
				next_hop);
		}
	}
}

static void
paint_prefix(struct lpm_trie *trie, struct level level, struct lpm_prefix prefix, unsigned int depth,
	unsigned int new_depth, uint32_t next_hop)
{
	paint(trie, level, index_in(level, prefix), 1u << (level.base + level.bits - depth), depth, new_depth, next_hop);
}

void
lpm_trie_set(struct lpm_trie *trie, struct lpm_prefix prefix, unsigned int depth, uint32_t next_hop, bool is_new)
{
	struct level level = top_level(trie);
	unsigned int inherited = 0;

	while (depth > level.base + level.bits) {
		uint32_t *word = &level.words[index_in(level, prefix)];
		unsigned int base = level.base + level.bits;

		if ((*word & LPM_WORD_GROUP) == 0) {
			unsigned int covering = length_of(*word) > 0 ? level.base + length_of(*word) : inherited;

			*word = LPM_WORD_GROUP | take_group(trie, base, *word, covering);
		}

		uint32_t group = *word & LPM_WORD_VALUE;

		trie->groups[group].routes += is_new;
		inherited = trie->groups[group].inherited;
		level = group_level(trie, group, base);
	}
	paint_prefix(trie, level, prefix, depth, depth, next_hop);
}

void
lpm_trie_unset(struct lpm_trie *trie, struct lpm_prefix prefix, unsigned int depth, const struct lpm_rule *cover)
{
	uint32_t *parents[MAX_PATH];
	struct level levels[MAX_PATH + 1];
	unsigned int path = 0;

	levels[0] = top_level(trie);
	while (depth > levels[path].base + levels[path].bits) {
		struct level level = levels[path];
		uint32_t *word = &level.words[index_in(level, prefix)];
		uint32_t group = *word & LPM_WORD_VALUE;

		trie->groups[group].routes--;
		parents[path++] = word;
		levels[path] = group_level(trie, group, level.base + level.bits);
	}
	paint_prefix(trie, levels[path], prefix, depth, cover == NULL ? 0 : cover->depth,
		cover == NULL ? 0 : cover->next_hop);

	/* A group without routes of its own holds one inherited leaf 256 times: its parent's word can say that. */
	while (path > 0) {
		uint32_t group = *parents[path - 1] & LPM_WORD_VALUE;
		uint32_t leaf = levels[path].words[0];

		if (trie->groups[group].routes > 0)
			break;
		*parents[path - 1] = leaf_word(levels[path - 1],
			leaf & LPM_LEAF_ROUTE ? trie->groups[group].inherited : 0, leaf & LPM_WORD_VALUE);
		give_group(trie, group, levels[path].base);
		path--;
	}
}
