/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The runs of a block as a list: what a change works on.
 */
#ifndef WDPDK_LPM_RUNS_H
#define WDPDK_LPM_RUNS_H

#include <stdint.h>

#include "lpm_blocks.h"

/* In the order of addresses; the last run ends with the block. Neighbours differ. */
struct lpm_runs {
	unsigned int count;
	uint8_t last[256];
	uint32_t answer[256];
};

void lpm_runs_of_small(struct lpm_runs *runs, const struct lpm_blocks *blocks, uint32_t small);
void lpm_runs_of_group(struct lpm_runs *runs, uint64_t *group);
/* A new block, reserved before. A block of one run has one user. The notes of one of 64 are made with it. */
uint32_t lpm_runs_to_small(const struct lpm_runs *runs, struct lpm_blocks *blocks);
uint32_t lpm_runs_to_group(const struct lpm_runs *runs, struct lpm_blocks *blocks);

/* The answer for addresses whose longest route has this depth; 0 is the answer for those without a route. */
static inline uint32_t
lpm_answer(unsigned int depth, uint32_t next_hop)
{
	return (uint32_t)depth << 25 | RTE_LPM_LOOKUP_SUCCESS | next_hop;
}

/* Not for a group's. */
static inline unsigned int
lpm_answer_depth(uint32_t answer)
{
	return answer >> 25 & 63;
}

/* Whether a block of 64 needs 32 bits for it. */
static inline bool
lpm_answer_is_wide(uint32_t answer)
{
	return (answer & WDPDK_LPM_GROUP) != 0 || (answer & WDPDK_LPM_VALUE) > WDPDK_LPM_NARROW_VALUE;
}

static inline uint16_t
lpm_answer_narrow(uint32_t answer)
{
	return answer == 0 ? 0 : (uint16_t)(WDPDK_LPM_NARROW_FOUND | answer);
}

/* The answer of one run of a block of 64. */
static inline uint32_t
lpm_small_answer(const struct lpm_blocks *blocks, uint32_t block, unsigned int run)
{
	uint64_t *small = lpm_block(blocks, block);
	uint16_t answer = lpm_small_answers(small)[run];

	if (lpm_is_place(answer))
		return ((const uint32_t *)small)[answer];
	return answer == 0 ? 0 : lpm_answer(lpm_small_depths(blocks, block)[run], answer & WDPDK_LPM_NARROW_VALUE);
}

/* Up to and including `last` the answer is this: appended, or the last run goes on. */
static inline void
lpm_runs_append(struct lpm_runs *runs, unsigned int last, uint32_t answer)
{
	if (runs->count == 0 || runs->answer[runs->count - 1] != answer)
		runs->answer[runs->count++] = answer;
	runs->last[runs->count - 1] = (uint8_t)last;
}

#endif
