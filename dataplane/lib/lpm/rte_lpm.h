/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Longest-prefix match for IPv4, DPDK 22.11's API over a table of our own: 2^18 words for an address's first 18 bits,
 * each naming a block that says for the next 6 bits, run by run of equal answers, what the answer is; a run's answer is
 * a next hop, or for a /24 that holds longer routes another block for the last 8 bits. So a lookup is two dependent
 * loads that miss (word, block) in a few bytes a route: two for the answer when next hops are below 32,768. An empty table
 * costs about a MiB.
 *
 * Addresses are uint32_t in host byte order, depths 1..32, next hops 24 bit.
 *
 * Threads: one thread at a time changes a table (add, delete, delete_all, rcu_qsbr_add). Any number may look up
 * meanwhile: each lookup sees a table with or without a route. With a quiescent-state variable attached that holds
 * without limit, for readers registered there. Without one it holds for lookups that do not last longer than
 * WDPDK_LPM_QUARANTINE changes; a longer one may find another route's next hop. rte_lpm_free() needs the table unused.
 */
#ifndef RTE_LPM_H
#define RTE_LPM_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include <rte_branch_prediction.h>
#include <rte_byteorder.h>
#include <rte_common.h>
#include <rte_compat.h>
#include <rte_prefetch.h>
#include <rte_rcu_qsbr.h>
#include <rte_vect.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longest table name, its terminating zero included. */
#define RTE_LPM_NAMESIZE 32
#define RTE_LPM_MAX_DEPTH 32
#define RTE_LPM_TBL24_NUM_ENTRIES (1 << 24)
#define RTE_LPM_TBL8_GROUP_NUM_ENTRIES 256
#define RTE_LPM_MAX_TBL8_NUM_GROUPS (1 << 24)
#define RTE_LPM_TBL8_NUM_GROUPS 256
#define RTE_LPM_TBL8_NUM_ENTRIES (RTE_LPM_TBL8_NUM_GROUPS * RTE_LPM_TBL8_GROUP_NUM_ENTRIES)
/* Set in each word of a bulk lookup's result that found a route; the low 24 bits are then its next hop. */
#define RTE_LPM_LOOKUP_SUCCESS 0x01000000
#define RTE_LPM_RCU_DQ_RECLAIM_MAX 16
/* Keeps the next hops of two 32-bit results side by side. */
#define RTE_LPM_MASKX4_RES UINT64_C(0x00ffffff00ffffff)

/* Lookups take valid pointers for granted, except in programs compiled with RTE_LIBRTE_LPM_DEBUG: -EINVAL there. */
#ifdef RTE_LIBRTE_LPM_DEBUG
#define RTE_LPM_RETURN_IF_TRUE(cond, retval) do { if (cond) return (retval); } while (0)
#else
#define RTE_LPM_RETURN_IF_TRUE(cond, retval) do { } while (0)
#endif

/* How a table with a quiescent-state variable gets its number_tbl8s back. */
enum rte_lpm_qsbr_mode {
	RTE_LPM_QSBR_MODE_DQ = 0, /* those not yet quiescent count: rte_lpm_add() may say -ENOSPC */
	RTE_LPM_QSBR_MODE_SYNC    /* rte_lpm_add() waits for the readers instead */
};

struct rte_lpm_config {
	/* Most rules the table may hold, at least 1. Memory follows the rules present, not this number. */
	uint32_t max_rules;
	/* Most /24s that hold longer prefixes. */
	uint32_t number_tbl8s;
	int flags; /* unused */
};

struct rte_lpm_rcu_config {
	struct rte_rcu_qsbr *v; /* stays valid as long as the table */
	enum rte_lpm_qsbr_mode mode;
	/* What upstream's defer queue is told. Ours holds what it must and reclaims as it needs memory: not used. */
	uint32_t dq_size;
	uint32_t reclaim_thd;
	uint32_t reclaim_max;
};

/* One /24 of the view rte_lpm.tbl24. */
__extension__
struct rte_lpm_tbl_entry {
	uint8_t next_hop    :6; /* 0: our groups have no number */
	uint8_t valid       :1; /* as valid_group */
	uint8_t valid_group :1; /* the /24 holds routes longer than 24 bits */
};

/* Internal: what lookups read. Private bookkeeping follows it in memory. */
struct rte_lpm {
	const uint64_t *blocks; /* WDPDK_LPM_TOP_WORDS words and WDPDK_LPM_SHORTCUTS 16-bit answers, then the blocks */
	/* Which /24s hold longer routes, to look at (upstream's tests do); lookups do not use it. 16 MiB of addresses. */
	struct rte_lpm_tbl_entry *tbl24;
	bool large; /* the blocks are more than caches near a core hold */
};

/*
 * Makes an empty table on the memory of socket_id (SOCKET_ID_ANY: any). The caller owns it until rte_lpm_free().
 * NULL with rte_errno: EINVAL (no name, name of 32 or more bytes, socket below -1, no config, max_rules 0, too many
 * tbl8s), EEXIST (a table of this name exists), ENOMEM.
 */
struct rte_lpm *rte_lpm_create(const char *name, int socket_id, const struct rte_lpm_config *config);

/* The table of that name, or NULL with rte_errno ENOENT (EINVAL without a name). */
struct rte_lpm *rte_lpm_find_existing(const char *name);

/* Releases the table; NULL is allowed. No lookup may be under way. */
void rte_lpm_free(struct rte_lpm *lpm);

/*
 * Lookups are by readers of cfg->v from now on. 0, or 1 with rte_errno EINVAL (a NULL argument, unknown mode) or EEXIST
 * (the table has a variable).
 */
int rte_lpm_rcu_qsbr_add(struct rte_lpm *lpm, struct rte_lpm_rcu_config *cfg);

/*
 * Adds the route ip/depth or gives an existing one a new next hop. Bits of ip beyond depth are ignored.
 * 0, or -EINVAL (no table, depth not 1..32, next_hop over 24 bits), -ENOSPC (max_rules or number_tbl8s reached),
 * -ENOMEM; after an error the table is as it was.
 */
int rte_lpm_add(struct rte_lpm *lpm, uint32_t ip, uint8_t depth, uint32_t next_hop);

/* 1 and the next hop when exactly ip/depth is a route, 0 when not, -EINVAL (no table, no next_hop, depth not 1..32). */
int rte_lpm_is_rule_present(struct rte_lpm *lpm, uint32_t ip, uint8_t depth, uint32_t *next_hop);

/*
 * Removes the route ip/depth; its addresses fall back to the longest shorter prefix that covers them.
 * 0, or -EINVAL (no table, depth not 1..32, no such route), -ENOMEM (the smaller table needs a new block; unchanged).
 */
int rte_lpm_delete(struct rte_lpm *lpm, uint32_t ip, uint8_t depth);

/* Removes all routes. */
void rte_lpm_delete_all(struct rte_lpm *lpm);

/*
 * Internal: the blocks, in units of 8 bytes. rte_lpm.blocks begins with the top words, whose value is where a block
 * begins, in units after them and the shortcuts.
 *
 * Shortcuts, one for each /16: the 16-bit answer for all its addresses, or (any number that would be a place) that it takes
 * more than one load to tell.
 *
 * Block of 64 answers: bit n of its first unit is set when answer n is the last of its run (bit 63 never), then come the
 * runs' answers as 16-bit words, last run first: so the set bits from n up count the answers to pass. Such an answer is 0
 * (no route), has bit 15 set (the rest is the next hop), or says where in the block, in 32-bit words, a wide answer is.
 * Block of 256: four such units (the last bit never set), four bytes with the set bits in the units after each, wide answers.
 *
 * A wide answer: bit 31 set (never in a block of 256): bits 0-30 are where the block of 256 begins. Otherwise bits 0-24 are
 * the lookup's result and bits 25-30 the depth of the route.
 */
#define WDPDK_LPM_TOP_WORDS (1 << 18)
#define WDPDK_LPM_SHORTCUTS (1 << 16)
#define WDPDK_LPM_TOP_UNITS (WDPDK_LPM_TOP_WORDS / 2 + WDPDK_LPM_SHORTCUTS / 4)
#define WDPDK_LPM_SHORTCUT_UNITS (WDPDK_LPM_TOP_WORDS / 2)
#define WDPDK_LPM_VALUE 0x00ffffffu
#define WDPDK_LPM_RESULT (WDPDK_LPM_VALUE | RTE_LPM_LOOKUP_SUCCESS)
#define WDPDK_LPM_GROUP 0x80000000u
#define WDPDK_LPM_NARROW_VALUE 0x7fffu
#define WDPDK_LPM_NARROW_FOUND 0x8000u
/* Makes a lookup's result of a narrow answer whose sign has been extended over it. */
#define WDPDK_LPM_NARROW_RESULT (WDPDK_LPM_NARROW_VALUE | RTE_LPM_LOOKUP_SUCCESS)
/* Without RCU a block is filled again after this many changes at the earliest. */
#define WDPDK_LPM_QUARANTINE 64

/* Internal: the result for an address whose answer in its block of 64 is `place`. */
static inline uint32_t
wdpdk_lpm_find_wide(const uint64_t *block, int32_t place, const uint64_t *blocks, uint32_t ip)
{
	uint32_t answer = __atomic_load_n((const uint32_t *)block + place, __ATOMIC_ACQUIRE);

	if (answer & WDPDK_LPM_GROUP) {
		const uint64_t *group = blocks + WDPDK_LPM_TOP_UNITS + (answer & ~WDPDK_LPM_GROUP);
		unsigned int unit = ip >> 6 & 3;
		unsigned int pass = (unsigned int)__builtin_popcountll(group[unit] >> (ip & 63)) +
			((const uint8_t *)(group + 4))[unit];

		answer = __atomic_load_n((const uint32_t *)(group + 4) + 1 + pass, __ATOMIC_RELAXED);
	}
	return answer & WDPDK_LPM_RESULT;
}

/* Internal: an address's block of 64. */
static __rte_always_inline const uint64_t *
wdpdk_lpm_block(const uint64_t *blocks, uint32_t ip)
{
	/* The words are loaded in the order of the dependency; what they name was written before they were. */
	return blocks + WDPDK_LPM_TOP_UNITS + __atomic_load_n((const uint32_t *)blocks + (ip >> 14), __ATOMIC_ACQUIRE);
}

/* Internal: the 16-bit answer, its sign extended. Few instructions: those that wait for memory are what limits lookups. */
static __rte_always_inline int32_t
wdpdk_lpm_step(const uint64_t *block, uint32_t ip)
{
	size_t bytes = 2 * (size_t)__builtin_popcountll(block[0] >> (ip >> 8 & 63));
	const uint8_t *passed = (const uint8_t *)block + bytes;

	return (int16_t)__atomic_load_n((const uint16_t *)(const void *)(passed + 8), __ATOMIC_ACQUIRE);
}

/* Internal: the result in a block. */
static __rte_always_inline uint32_t
wdpdk_lpm_find(const uint64_t *block, const uint64_t *blocks, uint32_t ip)
{
	int32_t answer = wdpdk_lpm_step(block, ip);

	if (unlikely(answer > 0))
		return wdpdk_lpm_find_wide(block, answer, blocks, ip);
	return (uint32_t)answer & WDPDK_LPM_NARROW_RESULT;
}

/* Internal: a change may replace the blocks; one read holds for all of a call. */
static __rte_always_inline const uint64_t *
wdpdk_lpm_blocks(const struct rte_lpm *lpm)
{
	return __atomic_load_n(&lpm->blocks, __ATOMIC_ACQUIRE);
}

/* 0 and the next hop of the longest prefix that holds ip, or -ENOENT. Pointers must be valid. */
static inline int
rte_lpm_lookup(const struct rte_lpm *lpm, uint32_t ip, uint32_t *next_hop)
{
	const uint64_t *blocks, *block;
	uint32_t result;
	int32_t answer;

	RTE_LPM_RETURN_IF_TRUE(lpm == NULL || next_hop == NULL, -EINVAL);
	blocks = wdpdk_lpm_blocks(lpm);
	block = wdpdk_lpm_block(blocks, ip);
	answer = wdpdk_lpm_step(block, ip);
	/* One branch, and where it usually leads nothing but the next hop is left to do. */
	if (likely(answer < 0)) {
		*next_hop = (uint32_t)answer & WDPDK_LPM_NARROW_VALUE;
		return 0;
	}
	result = answer == 0 ? 0 : wdpdk_lpm_find_wide(block, answer, blocks, ip);
	*next_hop = result & WDPDK_LPM_VALUE;
	return result & RTE_LPM_LOOKUP_SUCCESS ? 0 : -ENOENT;
}

/* Internal: how many addresses' blocks are asked for before the first is looked into. */
#define WDPDK_LPM_AHEAD 32

/*
 * Looks up n addresses; next_hops[i] has RTE_LPM_LOOKUP_SUCCESS set when ips[i] has a route. Always 0.
 */
static inline int
rte_lpm_lookup_bulk_func(const struct rte_lpm *lpm, const uint32_t *ips, uint32_t *next_hops, const unsigned int n)
{
	const uint64_t *blocks, *block[WDPDK_LPM_AHEAD];

	RTE_LPM_RETURN_IF_TRUE(lpm == NULL || ips == NULL || next_hops == NULL, -EINVAL);
	blocks = wdpdk_lpm_blocks(lpm);
	if (!__atomic_load_n(&lpm->large, __ATOMIC_RELAXED)) {
		for (unsigned int i = 0; i < n; i++)
			next_hops[i] = wdpdk_lpm_find(wdpdk_lpm_block(blocks, ips[i]), blocks, ips[i]);
		return 0;
	}
	/* A prefetch does not wait for its data, so all misses of so many addresses are under way at once. */
	for (unsigned int done = 0; done < n; done += WDPDK_LPM_AHEAD) {
		unsigned int count = n - done < WDPDK_LPM_AHEAD ? n - done : WDPDK_LPM_AHEAD;

		for (unsigned int i = 0; i < count; i++) {
			block[i] = wdpdk_lpm_block(blocks, ips[done + i]);
			rte_prefetch0(block[i]);
		}
		for (unsigned int i = 0; i < count; i++)
			next_hops[done + i] = wdpdk_lpm_find(block[i], blocks, ips[done + i]);
	}
	return 0;
}

#define rte_lpm_lookup_bulk(lpm, ips, next_hops, n) rte_lpm_lookup_bulk_func(lpm, ips, next_hops, n)

/*
 * Internal: where shortcuts tell the routes of all n addresses, their answers (WDPDK_LPM_NARROW_VALUE of each is the next
 * hop) and true. Otherwise false, and answers that mean nothing: rte_lpm_lookup_bulk() is for those. Few routes, and short
 * ones, are what this is for: it needs one load of an address instead of three.
 */
static __rte_always_inline bool
wdpdk_lpm_lookup_short(const struct rte_lpm *lpm, const uint32_t *ips, uint32_t *answers, unsigned int n)
{
	const uint16_t *shortcuts = (const uint16_t *)(wdpdk_lpm_blocks(lpm) + WDPDK_LPM_SHORTCUT_UNITS);
	uint32_t all = WDPDK_LPM_NARROW_FOUND;

	if (__atomic_load_n(&lpm->large, __ATOMIC_RELAXED))
		return false;
	for (unsigned int i = 0; i < n; i++) {
		answers[i] = __atomic_load_n(&shortcuts[ips[i] >> 16], __ATOMIC_RELAXED);
		all &= answers[i];
	}
	return all != 0;
}

/* Looks up four addresses at once; hop[i] is the next hop, or defv where there is no route. */
static inline void
rte_lpm_lookupx4(const struct rte_lpm *lpm, xmm_t ip, uint32_t hop[4], uint32_t defv)
{
	const uint64_t *blocks = wdpdk_lpm_blocks(lpm);
	uint64_t low = (uint64_t)_mm_cvtsi128_si64(ip), high = (uint64_t)_mm_extract_epi64(ip, 1);
	int32_t a = wdpdk_lpm_step(wdpdk_lpm_block(blocks, (uint32_t)low), (uint32_t)low);
	int32_t b = wdpdk_lpm_step(wdpdk_lpm_block(blocks, (uint32_t)(low >> 32)), (uint32_t)(low >> 32));
	int32_t c = wdpdk_lpm_step(wdpdk_lpm_block(blocks, (uint32_t)high), (uint32_t)high);
	int32_t d = wdpdk_lpm_step(wdpdk_lpm_block(blocks, (uint32_t)(high >> 32)), (uint32_t)(high >> 32));
	const __m128i answers = _mm_set_epi32(d, c, b, a);
	const __m128i values = _mm_and_si128(answers, _mm_set1_epi32(WDPDK_LPM_NARROW_VALUE));
	unsigned int wide = (unsigned int)_mm_movemask_ps(_mm_castsi128_ps(_mm_cmpgt_epi32(answers, _mm_setzero_si128())));

	/* Where there is a route the answer's sign is set, which is what a float blend looks at. */
	_mm_storeu_ps((float *)(void *)hop, _mm_blendv_ps(_mm_castsi128_ps(_mm_set1_epi32((int)defv)), _mm_castsi128_ps(values),
		_mm_castsi128_ps(answers)));
	while (unlikely(wide != 0)) {
		unsigned int i = (unsigned int)__builtin_ctz(wide);

		if (rte_lpm_lookup(lpm, (uint32_t)((i & 2 ? high : low) >> (i & 1) * 32), &hop[i]) != 0)
			hop[i] = defv;
		wide &= wide - 1;
	}
}

#ifdef __cplusplus
}
#endif

#endif
