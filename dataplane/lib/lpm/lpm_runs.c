/* SPDX-License-Identifier: BSD-3-Clause */
#include "lpm_runs.h"

/* Where the set bits are. */
static void
read_ends(struct lpm_runs *runs, const uint64_t *ends, unsigned int units)
{
	unsigned int count = 0;

	for (unsigned int unit = 0; unit < units; unit++)
		for (uint64_t left = ends[unit]; left != 0; left &= left - 1)
			runs->last[count++] = (uint8_t)(unit * 64 + (unsigned int)__builtin_ctzll(left));
	runs->last[count++] = (uint8_t)(units * 64 - 1);
	runs->count = count;
}

static void
write_ends(const struct lpm_runs *runs, uint64_t *ends, unsigned int units)
{
	for (unsigned int unit = 0; unit < units; unit++)
		ends[unit] = 0;
	for (unsigned int i = 0; i + 1 < runs->count; i++)
		ends[runs->last[i] / 64] |= UINT64_C(1) << runs->last[i] % 64;
}

/* Blocks have their answers in the opposite order. */

void
lpm_runs_of_small(struct lpm_runs *runs, const struct lpm_blocks *blocks, uint32_t small)
{
	read_ends(runs, lpm_block(blocks, small), 1);
	for (unsigned int i = 0; i < runs->count; i++)
		runs->answer[i] = lpm_small_answer(blocks, small, runs->count - 1 - i);
}

void
lpm_runs_of_group(struct lpm_runs *runs, uint64_t *group)
{
	read_ends(runs, group, 4);
	for (unsigned int i = 0; i < runs->count; i++)
		runs->answer[i] = lpm_group_answers(group)[runs->count - 1 - i];
}

uint32_t
lpm_runs_to_small(const struct lpm_runs *runs, struct lpm_blocks *blocks)
{
	unsigned int wide = 0, place;
	uint32_t block;
	uint64_t *small;
	uint8_t *depths;

	for (unsigned int i = 0; i < runs->count; i++)
		wide += lpm_answer_is_wide(runs->answer[i]);
	block = lpm_blocks_take_small(blocks, runs->count, wide, &place);
	small = lpm_block(blocks, block);
	depths = lpm_small_depths(blocks, block);
	write_ends(runs, small, 1);
	for (unsigned int i = 0, run = runs->count - 1; i < runs->count; i++, run--) {
		uint32_t answer = runs->answer[i];

		if (lpm_answer_is_wide(answer)) {
			((uint32_t *)small)[place] = answer;
			lpm_small_answers(small)[run] = (uint16_t)place++;
		} else {
			lpm_small_answers(small)[run] = lpm_answer_narrow(answer);
			depths[run] = (uint8_t)lpm_answer_depth(answer);
		}
	}
	*lpm_note(blocks, block) += runs->count == 1;
	return block;
}

uint32_t
lpm_runs_to_group(const struct lpm_runs *runs, struct lpm_blocks *blocks)
{
	uint32_t block = lpm_blocks_take_group(blocks, runs->count);
	uint64_t *group = lpm_block(blocks, block);
	uint8_t *after = (uint8_t *)(group + 4);

	write_ends(runs, group, 4);
	for (unsigned int i = 0; i < runs->count; i++)
		lpm_group_answers(group)[runs->count - 1 - i] = runs->answer[i];
	after[3] = 0;
	for (int unit = 2; unit >= 0; unit--)
		after[unit] = (uint8_t)(after[unit + 1] + __builtin_popcountll(group[unit + 1]));
	return block;
}
