/* SPDX-License-Identifier: BSD-3-Clause */
#include "lpm_runs.h"

/* Where the set bits are, and answers that stand in the opposite order. */
static void
read_runs(struct lpm_runs *runs, const uint64_t *ends, unsigned int units, const uint32_t *answers)
{
	unsigned int count = 0;

	for (unsigned int unit = 0; unit < units; unit++)
		for (uint64_t left = ends[unit]; left != 0; left &= left - 1)
			runs->last[count++] = (uint8_t)(unit * 64 + (unsigned int)__builtin_ctzll(left));
	runs->last[count++] = (uint8_t)(units * 64 - 1);
	for (unsigned int i = 0; i < count; i++)
		runs->answer[i] = answers[count - 1 - i];
	runs->count = count;
}

static void
write_runs(const struct lpm_runs *runs, uint64_t *ends, unsigned int units, uint32_t *answers)
{
	unsigned int last = runs->count - 1;

	for (unsigned int unit = 0; unit < units; unit++)
		ends[unit] = 0;
	for (unsigned int i = 0; i < last; i++) {
		ends[runs->last[i] / 64] |= UINT64_C(1) << runs->last[i] % 64;
		answers[last - i] = runs->answer[i];
	}
	answers[0] = runs->answer[last];
}

void
lpm_runs_of_small(struct lpm_runs *runs, uint64_t *small)
{
	read_runs(runs, small, 1, lpm_small_answers(small));
}

void
lpm_runs_of_group(struct lpm_runs *runs, uint64_t *group)
{
	read_runs(runs, group, 4, lpm_group_answers(group));
}

uint32_t
lpm_runs_to_small(const struct lpm_runs *runs, struct lpm_blocks *blocks)
{
	uint32_t block = lpm_blocks_take_small(blocks, runs->count);
	uint64_t *small = lpm_block(blocks, block);

	write_runs(runs, small, 1, lpm_small_answers(small));
	if (runs->count == 1)
		lpm_small_answers(small)[1] = 1;
	return block;
}

uint32_t
lpm_runs_to_group(const struct lpm_runs *runs, struct lpm_blocks *blocks)
{
	uint32_t block = lpm_blocks_take_group(blocks, runs->count);
	uint64_t *group = lpm_block(blocks, block);
	uint8_t *after = (uint8_t *)(group + 4);

	write_runs(runs, group, 4, lpm_group_answers(group));
	after[3] = 0;
	for (int unit = 2; unit >= 0; unit--)
		after[unit] = (uint8_t)(after[unit + 1] + __builtin_popcountll(group[unit + 1]));
	return block;
}
