/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A route of up to 18 bits changes answers where they stand: all its addresses in one block of 64 have one answer, so the
 * runs stay. A longer one makes its block of 64, or of 256, anew.
 */
#include "lpm_change.h"

#include <rte_prefetch.h>

#include "lpm_runs.h"

#define TOP_DEPTH 18
#define SMALL_DEPTH 24
#define AHEAD 8 /* a short route's blocks are all over the memory: so many are on their way */

static bool
matches(const struct lpm_change *change, uint32_t answer)
{
	unsigned int depth = lpm_answer_depth(answer);

	return change->removing ? depth == change->depth : depth <= change->depth;
}

static void
store(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

static void
change_group_in_place(struct lpm_blocks *blocks, uint32_t answer, const struct lpm_change *change)
{
	uint64_t *group = lpm_block(blocks, answer & ~WDPDK_LPM_GROUP);
	uint32_t *answers = lpm_group_answers(group);
	unsigned int runs = lpm_group_runs(group);

	for (unsigned int i = 0; i < runs; i++)
		if (matches(change, answers[i]))
			store(&answers[i], change->answer);
}

static void
change_small_in_place(struct lpm_blocks *blocks, uint64_t *small, const struct lpm_change *change)
{
	uint32_t *answers = lpm_small_answers(small);
	unsigned int runs = lpm_small_runs(small);

	for (unsigned int i = 0; i < runs; i++) {
		if (answers[i] & WDPDK_LPM_GROUP)
			change_group_in_place(blocks, answers[i], change);
		else if (matches(change, answers[i]))
			store(&answers[i], change->answer);
	}
}

/* The top word names another block now; the old one goes with its last user. */
static void
replace_small(struct lpm_blocks *blocks, uint32_t *top, uint32_t block)
{
	uint32_t old = *top;
	uint64_t *small = lpm_block(blocks, old);

	store(top, block);
	if (old != LPM_EMPTY_BLOCK && (lpm_small_runs(small) > 1 || --lpm_small_answers(small)[1] == 0))
		lpm_blocks_retire_small(blocks, old);
}

/* One block for all top words that the route answers whole. */
static void
change_top(struct lpm_blocks *blocks, const struct lpm_change *change)
{
	uint32_t first = change->ip >> (32 - TOP_DEPTH), count = UINT32_C(1) << (TOP_DEPTH - change->depth);
	uint32_t block = LPM_EMPTY_BLOCK;

	for (uint32_t *top = lpm_top(blocks) + first; count-- > 0; top++) {
		uint64_t *small = lpm_block(blocks, *top);

		if (count >= AHEAD)
			rte_prefetch0(lpm_block(blocks, top[AHEAD]));
		if (lpm_small_runs(small) > 1) {
			change_small_in_place(blocks, small, change);
			continue;
		}
		if (!matches(change, lpm_small_answers(small)[0]))
			continue;
		if (change->answer != 0 && block == LPM_EMPTY_BLOCK) {
			struct lpm_runs runs = { .count = 1, .answer = { change->answer } };

			block = lpm_runs_to_small(&runs, blocks);
			lpm_small_answers(lpm_block(blocks, block))[1] = 0;
		}
		if (block != LPM_EMPTY_BLOCK)
			lpm_small_answers(lpm_block(blocks, block))[1]++;
		replace_small(blocks, top, block);
	}
}

/* Answers first..last of a list become `answer`, where change (NULL: all) matches. Groups in it change in place. */
static void
substitute(struct lpm_blocks *blocks, struct lpm_runs *to, const struct lpm_runs *from, unsigned int first,
	unsigned int last, uint32_t answer, const struct lpm_change *change)
{
	unsigned int begin = 0;

	to->count = 0;
	for (unsigned int i = 0; i < from->count; i++) {
		unsigned int end = from->last[i];
		uint32_t old = from->answer[i], new = answer;

		if (end >= first && begin <= last && change != NULL) {
			if (old & WDPDK_LPM_GROUP)
				change_group_in_place(blocks, old, change);
			if ((old & WDPDK_LPM_GROUP) || !matches(change, old))
				new = old;
		}
		if (begin < first)
			lpm_runs_append(to, RTE_MIN(end, first - 1), old);
		if (end >= first && begin <= last)
			lpm_runs_append(to, RTE_MIN(end, last), new);
		if (end > last)
			lpm_runs_append(to, end, old);
		begin = end + 1;
	}
}

static void
change_small(struct lpm_blocks *blocks, uint32_t *top, unsigned int first, unsigned int last, uint32_t answer,
	const struct lpm_change *change)
{
	struct lpm_runs old, new;

	lpm_runs_of_small(&old, lpm_block(blocks, *top));
	substitute(blocks, &new, &old, first, last, answer, change);
	replace_small(blocks, top, new.count == 1 && new.answer[0] == 0 ? LPM_EMPTY_BLOCK : lpm_runs_to_small(&new, blocks));
}

static uint32_t *
answer_of_24(const struct lpm_blocks *blocks, uint32_t ip)
{
	uint64_t *small = lpm_block(blocks, lpm_top(blocks)[ip >> (32 - TOP_DEPTH)]);

	return &lpm_small_answers(small)[__builtin_popcountll(small[0] >> (ip >> 8 & 63))];
}

bool
lpm_change_has_group(const struct lpm_blocks *blocks, uint32_t ip)
{
	return (*answer_of_24(blocks, ip) & WDPDK_LPM_GROUP) != 0;
}

/* A block of 256 goes when no route longer than 24 bits is left in it: then it has one run, of a shorter one. */
static void
change_group(struct lpm_blocks *blocks, const struct lpm_change *change)
{
	unsigned int first = change->ip & 255, last = first + (1u << (32 - change->depth)) - 1, slot = change->ip >> 8 & 63;
	uint32_t *word = answer_of_24(blocks, change->ip), answer, was = *word;
	struct lpm_runs old, new;

	if (was & WDPDK_LPM_GROUP) {
		lpm_runs_of_group(&old, lpm_block(blocks, was & ~WDPDK_LPM_GROUP));
	} else {
		old.count = 0;
		lpm_runs_append(&old, 255, was);
	}
	substitute(blocks, &new, &old, first, last, change->answer, change);
	if (new.count == 1 && lpm_answer_depth(new.answer[0]) <= SMALL_DEPTH)
		answer = new.answer[0];
	else
		answer = lpm_runs_to_group(&new, blocks) | WDPDK_LPM_GROUP;
	if (was & answer & WDPDK_LPM_GROUP)
		store(word, answer);
	else
		change_small(blocks, lpm_top(blocks) + (change->ip >> (32 - TOP_DEPTH)), slot, slot, answer, NULL);
	if (was & WDPDK_LPM_GROUP)
		lpm_blocks_retire_group(blocks, was & ~WDPDK_LPM_GROUP);
}

int
lpm_change_apply(struct lpm_blocks *blocks, const struct lpm_change *change)
{
	int error = lpm_blocks_reserve(blocks);

	if (error != 0)
		return error;
	if (change->depth <= TOP_DEPTH) {
		change_top(blocks, change);
	} else if (change->depth <= SMALL_DEPTH) {
		unsigned int first = change->ip >> 8 & 63, last = first + (1u << (SMALL_DEPTH - change->depth)) - 1;

		change_small(blocks, lpm_top(blocks) + (change->ip >> (32 - TOP_DEPTH)), first, last, change->answer, change);
	} else {
		change_group(blocks, change);
	}
	return 0;
}

void
lpm_change_clear(struct lpm_blocks *blocks)
{
	for (uint32_t i = 0; i < WDPDK_LPM_TOP_WORDS; i++) {
		uint32_t *top = lpm_top(blocks) + i;
		uint64_t *small = lpm_block(blocks, *top);
		unsigned int runs = lpm_small_runs(small);

		for (unsigned int j = 0; j < runs; j++)
			if (lpm_small_answers(small)[j] & WDPDK_LPM_GROUP && runs > 1)
				lpm_blocks_retire_group(blocks, lpm_small_answers(small)[j] & ~WDPDK_LPM_GROUP);
		if (*top != LPM_EMPTY_BLOCK)
			replace_small(blocks, top, LPM_EMPTY_BLOCK);
	}
}
