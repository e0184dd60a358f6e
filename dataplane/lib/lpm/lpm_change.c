/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A route of up to 18 bits changes answers where they stand: all its addresses in one block of 64 have one answer, so the
 * runs stay; but where a wide answer comes to a place without room for one, and for any longer route, a block of 64, or of
 * 256, is made anew.
 */
#include "lpm_change.h"

#include <rte_prefetch.h>

#define TOP_DEPTH 18
#define SMALL_DEPTH 24
#define SHORTCUT_DEPTH 16
#define NO_SHORTCUT 1
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

static bool
run_matches(const struct lpm_blocks *blocks, uint32_t block, unsigned int run, const struct lpm_change *change)
{
	uint32_t answer = lpm_small_answer(blocks, block, run);

	return (answer & WDPDK_LPM_GROUP) == 0 && matches(change, answer);
}

/* How many of a block's answers that are not wide would have to be. */
static unsigned int
count_widened(const struct lpm_blocks *blocks, uint32_t block, const struct lpm_change *change)
{
	uint64_t *small = lpm_block(blocks, block);
	unsigned int runs = lpm_small_runs(small), count = 0;

	for (unsigned int i = 0; i < runs; i++)
		count += !lpm_is_place(lpm_small_answers(small)[i]) && run_matches(blocks, block, i, change);
	return count;
}

static void
change_small_in_place(struct lpm_blocks *blocks, uint32_t block, const struct lpm_change *change)
{
	uint64_t *small = lpm_block(blocks, block);
	uint16_t *answers = lpm_small_answers(small);
	unsigned int runs = lpm_small_runs(small);

	for (unsigned int i = 0; i < runs; i++) {
		uint32_t answer = lpm_small_answer(blocks, block, i);

		if (answer & WDPDK_LPM_GROUP) {
			change_group_in_place(blocks, answer, change);
		} else if (!matches(change, answer)) {
			continue;
		} else if (lpm_is_place(answers[i])) {
			store((uint32_t *)small + answers[i], change->answer);
		} else {
			lpm_small_depths(blocks, block)[i] = (uint8_t)lpm_answer_depth(change->answer);
			__atomic_store_n(&answers[i], lpm_answer_narrow(change->answer), __ATOMIC_RELEASE);
		}
	}
}

/* The top word names another block now; the old one goes with its last user. */
static void
replace_small(struct lpm_blocks *blocks, uint32_t *top, uint32_t block)
{
	uint32_t old = *top;

	store(top, block);
	if (old == LPM_EMPTY_BLOCK)
		return;
	if (lpm_small_runs(lpm_block(blocks, old)) > 1 || (--*lpm_note(blocks, old) & LPM_NOTE_USERS) == 0)
		lpm_blocks_retire_small(blocks, old);
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

	lpm_runs_of_small(&old, blocks, *top);
	substitute(blocks, &new, &old, first, last, answer, change);
	replace_small(blocks, top, new.count == 1 && new.answer[0] == 0 ? LPM_EMPTY_BLOCK : lpm_runs_to_small(&new, blocks));
}

static uint32_t *
top_of(const struct lpm_blocks *blocks, uint32_t ip)
{
	return lpm_top(blocks) + (ip >> (32 - TOP_DEPTH));
}

static uint32_t
count_tops(const struct lpm_change *change)
{
	return UINT32_C(1) << (TOP_DEPTH - change->depth);
}

/* The units of blocks that a short route with a wide answer makes anew. */
static uint64_t
count_remade(const struct lpm_blocks *blocks, const struct lpm_change *change)
{
	const uint32_t *top = top_of(blocks, change->ip);
	uint64_t units = 0;

	for (uint32_t count = count_tops(change); count-- > 0; top++) {
		unsigned int runs = lpm_small_runs(lpm_block(blocks, *top));
		unsigned int widened = runs == 1 ? 0 : count_widened(blocks, *top, change);

		/* At most all are wide then. */
		if (widened != 0)
			units += lpm_small_units(runs, runs);
	}
	return units;
}

/* One block for all top words that the route answers whole. */
static void
change_top(struct lpm_blocks *blocks, const struct lpm_change *change)
{
	bool wide = lpm_answer_is_wide(change->answer);
	uint32_t count = count_tops(change), block = LPM_EMPTY_BLOCK;

	for (uint32_t *top = top_of(blocks, change->ip); count-- > 0; top++) {
		if (count >= AHEAD) {
			rte_prefetch0(lpm_block(blocks, top[AHEAD]));
			rte_prefetch0(lpm_note(blocks, top[AHEAD]));
		}
		if (lpm_small_runs(lpm_block(blocks, *top)) > 1) {
			if (wide && count_widened(blocks, *top, change) != 0)
				change_small(blocks, top, 0, 63, change->answer, change);
			else
				change_small_in_place(blocks, *top, change);
			continue;
		}
		if (!run_matches(blocks, *top, 0, change))
			continue;
		if (change->answer != 0 && block == LPM_EMPTY_BLOCK) {
			struct lpm_runs runs = { .count = 1, .answer = { change->answer } };

			block = lpm_runs_to_small(&runs, blocks);
			--*lpm_note(blocks, block);
		}
		if (block != LPM_EMPTY_BLOCK)
			++*lpm_note(blocks, block);
		replace_small(blocks, top, block);
	}
}

static unsigned int
run_of_24(const struct lpm_blocks *blocks, uint32_t block, uint32_t ip)
{
	return (unsigned int)__builtin_popcountll(lpm_block(blocks, block)[0] >> (ip >> 8 & 63));
}

bool
lpm_change_has_group(const struct lpm_blocks *blocks, uint32_t ip)
{
	uint32_t block = *top_of(blocks, ip);

	return (lpm_small_answer(blocks, block, run_of_24(blocks, block, ip)) & WDPDK_LPM_GROUP) != 0;
}

/* A block of 256 goes when no route longer than 24 bits is left in it: then it has one run, of a shorter one. */
static void
change_group(struct lpm_blocks *blocks, const struct lpm_change *change)
{
	unsigned int first = change->ip & 255, last = first + (1u << (32 - change->depth)) - 1, slot = change->ip >> 8 & 63;
	uint32_t *top = top_of(blocks, change->ip), block = *top, answer, was;
	unsigned int run = run_of_24(blocks, block, change->ip);
	struct lpm_runs old, new;

	was = lpm_small_answer(blocks, block, run);
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
		store((uint32_t *)lpm_block(blocks, block) + lpm_small_answers(lpm_block(blocks, block))[run], answer);
	else
		change_small(blocks, top, slot, slot, answer, NULL);
	if (was & WDPDK_LPM_GROUP)
		lpm_blocks_retire_group(blocks, was & ~WDPDK_LPM_GROUP);
}

static uint16_t
shortcut_of(const struct lpm_blocks *blocks, uint32_t top)
{
	uint64_t *small = lpm_block(blocks, top);
	uint16_t answer = lpm_small_answers(small)[0];

	return lpm_small_runs(small) == 1 && !lpm_is_place(answer) ? answer : NO_SHORTCUT;
}

/* `changed` is one of the four top words, the most likely one to have no shortcut. */
static void
refresh_shortcut(struct lpm_blocks *blocks, uint32_t changed)
{
	const uint32_t *top = lpm_top(blocks) + (changed & ~3u);
	uint16_t *place = lpm_shortcuts(blocks) + changed / 4, shortcut = shortcut_of(blocks, top[changed & 3]);

	for (unsigned int i = 0; i < 4 && shortcut != NO_SHORTCUT; i++)
		if (top[i] != top[changed & 3] && shortcut_of(blocks, top[i]) != shortcut)
			shortcut = NO_SHORTCUT;
	if (*place != shortcut)
		__atomic_store_n(place, shortcut, __ATOMIC_RELAXED);
}

static void
refresh_shortcuts(struct lpm_blocks *blocks, const struct lpm_change *change)
{
	uint32_t first = change->ip >> (32 - TOP_DEPTH), count = 1;

	if (change->depth < SHORTCUT_DEPTH)
		count = UINT32_C(1) << (SHORTCUT_DEPTH - change->depth);
	for (uint32_t i = 0; i < count; i++)
		refresh_shortcut(blocks, first + i * 4);
}

int
lpm_change_apply(struct lpm_blocks *blocks, const struct lpm_change *change)
{
	bool short_and_wide = change->depth <= TOP_DEPTH && lpm_answer_is_wide(change->answer);
	int error = lpm_blocks_reserve(blocks, short_and_wide ? count_remade(blocks, change) : 0);

	if (error != 0)
		return error;
	if (change->depth <= TOP_DEPTH) {
		change_top(blocks, change);
	} else if (change->depth <= SMALL_DEPTH) {
		unsigned int first = change->ip >> 8 & 63, last = first + (1u << (SMALL_DEPTH - change->depth)) - 1;

		change_small(blocks, top_of(blocks, change->ip), first, last, change->answer, change);
	} else {
		change_group(blocks, change);
	}
	refresh_shortcuts(blocks, change);
	return 0;
}

void
lpm_change_clear(struct lpm_blocks *blocks)
{
	for (uint32_t i = 0; i < WDPDK_LPM_TOP_WORDS; i++) {
		uint32_t *top = lpm_top(blocks) + i;
		unsigned int runs = lpm_small_runs(lpm_block(blocks, *top));

		for (unsigned int j = 0; j < runs; j++) {
			uint32_t answer = lpm_small_answer(blocks, *top, j);

			if (answer & WDPDK_LPM_GROUP)
				lpm_blocks_retire_group(blocks, answer & ~WDPDK_LPM_GROUP);
		}
		if (*top != LPM_EMPTY_BLOCK)
			replace_small(blocks, top, LPM_EMPTY_BLOCK);
	}
	for (uint32_t i = 0; i < WDPDK_LPM_SHORTCUTS; i++)
		__atomic_store_n(lpm_shortcuts(blocks) + i, 0, __ATOMIC_RELAXED);
}
