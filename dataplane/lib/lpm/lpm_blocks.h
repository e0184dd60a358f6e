/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Memory of an IPv4 table's lookup structure (its form: rte_lpm.h): the top words and, after them, blocks of a few
 * sizes. Readers may hold what was taken out of the structure, so
 *   - a published block changes only word by word, and a change of its runs is a new block;
 *   - a retired block waits in its class's queue until no lookup can hold it, and is then filled again as a block of the
 *     same class, whose words stand for the same things: a lookup that is too slow all the same finds another block's
 *     answers, never anything else;
 *   - when the memory is full, all blocks are copied close together into a larger one, in the order of addresses, and
 *     the old memory is retired as a whole.
 */
#ifndef WDPDK_LPM_BLOCKS_H
#define WDPDK_LPM_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rte_lpm.h"

/* Classes of blocks of 64, then those of blocks of 256. */
#define LPM_SMALL_CLASSES 20
#define LPM_CLASSES 25

/* The block of a table's unrouted addresses: zeroed memory names it, and it is never retired. */
#define LPM_EMPTY_BLOCK 0

struct lpm_retired {
	uint64_t token;
	uint32_t block;
};

/* Blocks of one size that were taken out of the structure, oldest first: a circle. */
struct lpm_queue {
	struct lpm_retired *slots;
	uint32_t first, count, capacity; /* capacity: a power of two, or 0 */
};

/* Memory that was moved out of. */
struct lpm_old_memory {
	struct lpm_old_memory *next;
	uint64_t *memory;
	uint64_t token;
};

struct lpm_blocks {
	struct rte_lpm *lookup;  /* whose blocks pointer is ours to publish */
	uint64_t *memory;        /* lookup->blocks, writable */
	uint32_t *notes;         /* one for each unit behind the top words; what changes need to know and lookups do not */
	uint32_t capacity, used; /* units behind the top words */
	uint32_t live;           /* units of blocks in the structure */
	uint32_t groups;         /* blocks of 256 in it */
	int socket;
	struct rte_rcu_qsbr *rcu;
	struct lpm_old_memory *old; /* newest first */
	struct lpm_queue queues[LPM_CLASSES];
};

int lpm_blocks_init(struct lpm_blocks *blocks, struct rte_lpm *lookup, int socket);
void lpm_blocks_release(struct lpm_blocks *blocks);

/*
 * Makes sure that the next change of the structure finds its memory: one new block of 64, one of 256, one of one run,
 * and `more` units for further ones. 0, or -ENOMEM, which changes nothing. The memory may move.
 */
int lpm_blocks_reserve(struct lpm_blocks *blocks, uint64_t more);

/* The units of a block of 64 of so many runs, so many of them with wide answers. */
unsigned int lpm_small_units(unsigned int runs, unsigned int wide);

/* A block for so many runs, its contents undefined (but *first_wide is where its wide answers begin); reserved before. */
uint32_t lpm_blocks_take_small(struct lpm_blocks *blocks, unsigned int runs, unsigned int wide, unsigned int *first_wide);
uint32_t lpm_blocks_take_group(struct lpm_blocks *blocks, unsigned int runs);
/* Readers may still be in it: the caller has published what replaces it. */
void lpm_blocks_retire_small(struct lpm_blocks *blocks, uint32_t block);
void lpm_blocks_retire_group(struct lpm_blocks *blocks, uint32_t block);

static inline uint32_t *
lpm_top(const struct lpm_blocks *blocks)
{
	return (uint32_t *)blocks->memory;
}

static inline uint16_t *
lpm_shortcuts(const struct lpm_blocks *blocks)
{
	return (uint16_t *)(blocks->memory + WDPDK_LPM_SHORTCUT_UNITS);
}

static inline uint64_t *
lpm_block(const struct lpm_blocks *blocks, uint32_t block)
{
	return blocks->memory + WDPDK_LPM_TOP_UNITS + block;
}

static inline uint16_t *
lpm_small_answers(uint64_t *small)
{
	return (uint16_t *)(small + 1);
}

/* Whether a 16-bit answer says where in its block the answer is. */
static inline bool
lpm_is_place(uint16_t answer)
{
	return (int16_t)answer > 0;
}

static inline uint32_t *
lpm_group_answers(uint64_t *group)
{
	return (uint32_t *)(group + 4) + 1;
}

static inline unsigned int
lpm_small_runs(const uint64_t *small)
{
	return (unsigned int)__builtin_popcountll(small[0]) + 1;
}

/* The first unit's runs and, in the byte that counts what follows it, all others'. */
static inline unsigned int
lpm_group_runs(const uint64_t *group)
{
	return (unsigned int)__builtin_popcountll(group[0]) + ((const uint8_t *)(group + 4))[0] + 1;
}

/* A block's first note: its class and, of a block of one run, how many top words name it. */
#define LPM_NOTE_CLASS_SHIFT 24
#define LPM_NOTE_USERS 0x00ffffffu

static inline uint32_t *
lpm_note(const struct lpm_blocks *blocks, uint32_t block)
{
	return blocks->notes + block;
}

/* The notes behind it: for each run of a block of 64 whose answer is not wide, the depth of its route. */
static inline uint8_t *
lpm_small_depths(const struct lpm_blocks *blocks, uint32_t block)
{
	return (uint8_t *)(blocks->notes + block + 1);
}

#endif
