/* SPDX-License-Identifier: BSD-3-Clause */
#include "lpm_blocks.h"

#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_malloc.h>

#define LINE_UNITS (RTE_CACHE_LINE_SIZE / 8)
#define FIRST_UNITS 8192u
#define SPARE 4 /* memory has room for one part in so many more than is in it */
#define MOST_UNITS 0x3fffff00u
#define LARGE_UNITS 32768u /* more than a core's own caches have to spare */

/*
 * A class has its units, room for so many runs, and, in blocks of 64, for so many wide answers behind them. A table that
 * fits into caches is worth more than blocks that keep to one line: sizes go up in steps of one unit while most blocks are
 * of them, and blocks follow each other without gaps.
 */
static const struct {
	uint16_t units, runs, wide;
} classes[LPM_CLASSES] = {
	{ 2, 4, 0 }, { 3, 8, 0 }, { 3, 4, 2 }, { 4, 12, 0 }, { 4, 8, 2 }, { 5, 16, 0 }, { 5, 12, 2 }, { 6, 20, 0 }, { 6, 16, 2 },
	{ 7, 24, 0 }, { 8, 28, 0 }, { 8, 20, 4 }, { 8, 12, 8 }, { 10, 36, 0 }, { 12, 44, 0 }, { 12, 28, 8 }, { 16, 28, 16 },
	{ 17, 64, 0 }, { 31, 40, 40 }, { 49, 64, 64 },
	{ 8, 7, 0 }, { 16, 23, 0 }, { 32, 55, 0 }, { 72, 135, 0 }, { 136, 256, 0 },
};
/* What one change may need: reserved before it begins. */
#define CHANGE_UNITS (49 + 136 + 2)

static unsigned int
class_of(unsigned int class, unsigned int runs, unsigned int wide)
{
	while (runs > classes[class].runs || wide > classes[class].wide)
		class++;
	return class;
}

static unsigned int
class_of_block(const struct lpm_blocks *blocks, uint32_t block)
{
	return *lpm_note(blocks, block) >> LPM_NOTE_CLASS_SHIFT;
}

static uint64_t *
memory_of(uint32_t capacity, int socket)
{
	uint64_t *memory = rte_malloc_socket("lpm blocks", (WDPDK_LPM_TOP_UNITS + (size_t)capacity) * 8, RTE_CACHE_LINE_SIZE,
		socket);

	/* The top words, the shortcuts and, behind them, LPM_EMPTY_BLOCK. */
	if (memory != NULL)
		memset(memory, 0, (WDPDK_LPM_TOP_UNITS + LINE_UNITS) * 8);
	return memory;
}

static uint32_t *
notes_of(uint32_t capacity, int socket)
{
	uint32_t *notes = rte_malloc_socket("lpm notes", (size_t)capacity * sizeof(*notes), RTE_CACHE_LINE_SIZE, socket);

	/* LPM_EMPTY_BLOCK's. */
	if (notes != NULL)
		memset(notes, 0, LINE_UNITS * sizeof(*notes));
	return notes;
}

int
lpm_blocks_init(struct lpm_blocks *blocks, struct rte_lpm *lookup, int socket)
{
	memset(blocks, 0, sizeof(*blocks));
	blocks->memory = memory_of(FIRST_UNITS, socket);
	blocks->notes = notes_of(FIRST_UNITS, socket);
	if (blocks->memory == NULL || blocks->notes == NULL)
		return -ENOMEM;
	blocks->capacity = FIRST_UNITS;
	blocks->used = LINE_UNITS;
	blocks->socket = socket;
	blocks->lookup = lookup;
	lookup->blocks = blocks->memory;
	return 0;
}

void
lpm_blocks_release(struct lpm_blocks *blocks)
{
	for (unsigned int class = 0; class < LPM_CLASSES; class++)
		rte_free(blocks->queues[class].slots);
	while (blocks->old != NULL) {
		struct lpm_old_memory *old = blocks->old;

		blocks->old = old->next;
		rte_free(old->memory);
		rte_free(old);
	}
	rte_free(blocks->memory);
	rte_free(blocks->notes);
}

static bool
queue_grow(struct lpm_queue *queue, int socket)
{
	uint32_t capacity = RTE_MAX(queue->capacity * 2, 2 * (uint32_t)WDPDK_LPM_QUARANTINE);
	struct lpm_retired *slots = rte_malloc_socket("lpm queue", capacity * sizeof(*slots), 0, socket);

	if (slots == NULL)
		return false;
	for (uint32_t i = 0; i < queue->count; i++)
		slots[i] = queue->slots[(queue->first + i) & (queue->capacity - 1)];
	rte_free(queue->slots);
	queue->slots = slots;
	queue->first = 0;
	queue->capacity = capacity;
	return true;
}

/* Where the queue has no room and gets none, the block lies idle until the memory moves. */
static void
retire(struct lpm_blocks *blocks, uint32_t block)
{
	unsigned int class = class_of_block(blocks, block);
	struct lpm_queue *queue = &blocks->queues[class];
	struct lpm_retired *slot;

	blocks->live -= classes[class].units;
	if (unlikely(queue->count == queue->capacity) && !queue_grow(queue, blocks->socket))
		return;
	slot = &queue->slots[(queue->first + queue->count++) & (queue->capacity - 1)];
	slot->block = block;
	slot->token = blocks->rcu == NULL ? 0 : rte_rcu_qsbr_start(blocks->rcu);
}

static bool
may_refill(const struct lpm_blocks *blocks, const struct lpm_queue *queue)
{
	if (blocks->rcu == NULL)
		return queue->count > WDPDK_LPM_QUARANTINE;
	return queue->count > 0 && rte_rcu_qsbr_check(blocks->rcu, queue->slots[queue->first].token, false) != 0;
}

static uint32_t
take(struct lpm_blocks *blocks, unsigned int class)
{
	struct lpm_queue *queue = &blocks->queues[class];
	uint32_t block;

	blocks->live += classes[class].units;
	if (may_refill(blocks, queue)) {
		block = queue->slots[queue->first].block;
		queue->first = (queue->first + 1) & (queue->capacity - 1);
		queue->count--;
	} else {
		block = blocks->used;
		blocks->used += classes[class].units;
	}
	*lpm_note(blocks, block) = class << LPM_NOTE_CLASS_SHIFT;
	return block;
}

unsigned int
lpm_small_units(unsigned int runs, unsigned int wide)
{
	return classes[class_of(0, runs, wide)].units;
}

uint32_t
lpm_blocks_take_small(struct lpm_blocks *blocks, unsigned int runs, unsigned int wide, unsigned int *first_wide)
{
	unsigned int class = class_of(0, runs, wide);

	*first_wide = 2 + classes[class].runs / 2;
	return take(blocks, class);
}

uint32_t
lpm_blocks_take_group(struct lpm_blocks *blocks, unsigned int runs)
{
	blocks->groups++;
	return take(blocks, class_of(LPM_SMALL_CLASSES, runs, 0));
}

void
lpm_blocks_retire_small(struct lpm_blocks *blocks, uint32_t block)
{
	retire(blocks, block);
}

void
lpm_blocks_retire_group(struct lpm_blocks *blocks, uint32_t block)
{
	blocks->groups--;
	retire(blocks, block);
}

static uint32_t
copy_block(struct lpm_blocks *to, const struct lpm_blocks *from, uint32_t block)
{
	unsigned int class = class_of_block(from, block);
	uint32_t copy = take(to, class);

	memcpy(lpm_block(to, copy), lpm_block(from, block), classes[class].units * sizeof(*to->memory));
	memcpy(lpm_note(to, copy), lpm_note(from, block), classes[class].units * sizeof(*to->notes));
	return copy;
}

/* A block of one run may stand in many top words: the old one's second note becomes the way to the copy. */
static uint32_t
copy_uniform(struct lpm_blocks *to, const struct lpm_blocks *from, uint32_t block)
{
	uint32_t *users = lpm_note(from, block), *copied = users + 1, copy;

	if (*users & LPM_NOTE_USERS) {
		copy = copy_block(to, from, block);
		*users &= ~LPM_NOTE_USERS;
		*copied = copy;
	}
	return *copied;
}

static uint32_t
copy_small(struct lpm_blocks *to, const struct lpm_blocks *from, uint32_t block)
{
	uint64_t *small = lpm_block(from, block);
	unsigned int runs = lpm_small_runs(small);
	const uint16_t *answers = lpm_small_answers(small);
	uint32_t copy, *words;

	if (runs == 1)
		return copy_uniform(to, from, block);
	copy = copy_block(to, from, block);
	words = (uint32_t *)lpm_block(to, copy);
	for (unsigned int i = 0; i < runs; i++)
		if (lpm_is_place(answers[i]) && words[answers[i]] & WDPDK_LPM_GROUP)
			words[answers[i]] = copy_block(to, from, words[answers[i]] & ~WDPDK_LPM_GROUP) | WDPDK_LPM_GROUP;
	return copy;
}

/* Frees old memories that no lookup can be in: by their tokens, or without RCU all but the newest. */
static void
free_old_memories(struct lpm_blocks *blocks)
{
	struct lpm_old_memory **link = &blocks->old;

	if (blocks->rcu == NULL && *link != NULL)
		link = &(*link)->next;
	while (*link != NULL) {
		struct lpm_old_memory *old = *link;

		if (blocks->rcu != NULL && rte_rcu_qsbr_check(blocks->rcu, old->token, false) == 0) {
			link = &old->next;
			continue;
		}
		*link = old->next;
		rte_free(old->memory);
		rte_free(old);
	}
}

static int
move(struct lpm_blocks *blocks, uint64_t more)
{
	struct lpm_old_memory *old;
	struct lpm_blocks to = *blocks;
	const uint32_t *top = lpm_top(blocks);
	/* What is retired lies among what is looked up: the less of it, the more of the rest is in caches. */
	uint64_t capacity = ((uint64_t)blocks->live + more) * (SPARE + 1) / SPARE + FIRST_UNITS;

	if (capacity > MOST_UNITS)
		return -ENOMEM;
	to.capacity = (uint32_t)capacity;
	to.memory = memory_of(to.capacity, blocks->socket);
	to.notes = notes_of(to.capacity, blocks->socket);
	old = rte_malloc_socket("lpm old memory", sizeof(*old), 0, blocks->socket);
	if (to.memory == NULL || to.notes == NULL || old == NULL) {
		rte_free(to.memory);
		rte_free(to.notes);
		rte_free(old);
		return -ENOMEM;
	}
	to.used = LINE_UNITS;
	to.live = 0;
	for (unsigned int class = 0; class < LPM_CLASSES; class++) {
		struct lpm_queue *queue = &to.queues[class];

		queue->first = queue->count = 0;
	}
	for (uint32_t i = 0; i < WDPDK_LPM_TOP_WORDS; i++)
		if (top[i] != LPM_EMPTY_BLOCK)
			lpm_top(&to)[i] = copy_small(&to, blocks, top[i]);
	memcpy(lpm_shortcuts(&to), lpm_shortcuts(blocks), WDPDK_LPM_SHORTCUTS * sizeof(uint16_t));
	__atomic_store_n(&blocks->lookup->blocks, to.memory, __ATOMIC_RELEASE);
	rte_free(blocks->notes);
	old->memory = blocks->memory;
	old->token = blocks->rcu == NULL ? 0 : rte_rcu_qsbr_start(blocks->rcu);
	old->next = blocks->old;
	to.old = old;
	*blocks = to;
	free_old_memories(blocks);
	return 0;
}

int
lpm_blocks_reserve(struct lpm_blocks *blocks, uint64_t more)
{
	bool large = blocks->live > LARGE_UNITS;

	if (unlikely(blocks->lookup->large != large))
		__atomic_store_n(&blocks->lookup->large, large, __ATOMIC_RELAXED);
	if (unlikely(blocks->old != NULL) && blocks->rcu != NULL)
		free_old_memories(blocks);
	return likely(blocks->capacity - blocks->used >= CHANGE_UNITS + more) ? 0 : move(blocks, more);
}
