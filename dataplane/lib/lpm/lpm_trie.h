/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The trie of the IPv6 table: 2^16 words for the first 16 bits, then groups of 256 words for each further 8 bits.
 *
 * A word is a leaf (LPM_LEAF_ROUTE + next hop, or no route) or names a group (LPM_WORD_GROUP + index). Its top
 * six bits are how many bits beyond the table's first bit the leaf's route is long: 1..16 in the top table, 1..8 in a
 * group, 0 in a group for a leaf inherited from a route that covers the whole group. All inherited leaves of a group
 * are of one route, whose depth is kept once for the group: so a change of a short route leaves a group that a longer
 * one covers at once.
 */
#ifndef WDPDK_LPM_TRIE_H
#define WDPDK_LPM_TRIE_H

#include <stdint.h>

#include <rte_common.h>

#include "lpm_rules.h"

#define LPM_WORD_VALUE 0x00ffffffu
#define LPM_LEAF_ROUTE 0x01000000u
#define LPM_WORD_GROUP 0x02000000u

#define LPM_GROUP_WORDS 256
#define LPM_NO_GROUP UINT32_MAX

/* Per group, control path only. */
struct lpm_group {
	uint32_t routes;    /* routes below this group that are longer than its first bit; it goes when none is left */
	uint32_t inherited; /* depth of the route its inherited leaves belong to, 0 for none; next free group when free */
};

struct lpm_trie {
	uint32_t *words;         /* of the groups, LPM_GROUP_WORDS each */
	struct lpm_group *groups;
	uint32_t capacity;     /* groups the pool has memory for */
	uint32_t fresh;        /* groups ever handed out */
	uint32_t free_list;    /* LPM_NO_GROUP ends it */
	uint32_t free_count;
	uint32_t deep;         /* groups in use below bit 24: what number_tbl8s limits */
	uint32_t deep_limit;
	int socket;
	uint32_t top[1 << 16] __rte_cache_aligned;
};

/* A zeroed trie with an empty pool. */
void lpm_trie_init(struct lpm_trie *trie, uint32_t deep_limit, int socket);
void lpm_trie_release(struct lpm_trie *trie);
void lpm_trie_clear(struct lpm_trie *trie);

/* Makes sure that a route can be set: 0, -ENOSPC (deep_limit) or -ENOMEM. Changes nothing that lookups see. */
int lpm_trie_reserve(struct lpm_trie *trie, struct lpm_prefix prefix, unsigned int depth);
/* Sets a route (a new one after lpm_trie_reserve(), or one present gets another next hop). */
void lpm_trie_set(struct lpm_trie *trie, struct lpm_prefix prefix, unsigned int depth, uint32_t next_hop, bool is_new);
/* Takes a present route out; cover is what its addresses fall back to, or NULL. */
void lpm_trie_unset(struct lpm_trie *trie, struct lpm_prefix prefix, unsigned int depth, const struct lpm_rule *cover);

#endif
