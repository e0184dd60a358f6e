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

void lpm_runs_of_small(struct lpm_runs *runs, uint64_t *small);
void lpm_runs_of_group(struct lpm_runs *runs, uint64_t *group);
/* A new block, reserved before. A block of one run has one user. */
uint32_t lpm_runs_to_small(const struct lpm_runs *runs, struct lpm_blocks *blocks);
uint32_t lpm_runs_to_group(const struct lpm_runs *runs, struct lpm_blocks *blocks);

/* Up to and including `last` the answer is this: appended, or the last run goes on. */
static inline void
lpm_runs_append(struct lpm_runs *runs, unsigned int last, uint32_t answer)
{
	if (runs->count == 0 || runs->answer[runs->count - 1] != answer)
		runs->answer[runs->count++] = answer;
	runs->last[runs->count - 1] = (uint8_t)last;
}

#endif
