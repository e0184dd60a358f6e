/* SPDX-License-Identifier: BSD-3-Clause */
#include "lpm_blocks.h"

#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_malloc.h>

#define LINE_UNITS (RTE_CACHE_LINE_SIZE / 8)
#define FIRST_UNITS 8192u
#define MOST_UNITS 0x3fffff00u
#define COPIED 0x40000000u /* not an answer's group bit: a lookup that is too slow may see it */

/*
 * Units by class. Sizes up to a cache line divide it and larger ones are whole lines, so no block of up to 14 runs (7 in
 * a block of 256) lies across two.
 */
static const uint16_t class_units[LPM_CLASSES] = { 2, 4, 8, 16, 24, 40, 8, 16, 32, 72, 136 };
/* What one change may need, new lines for the parts included: reserved before it begins. */
#define CHANGE_UNITS (40 + 136 + 3 * LINE_UNITS)

static unsigned int
small_class(unsigned int runs)
{
	return runs <= 2 ? 0 : runs <= 6 ? 1 : runs <= 14 ? 2 : runs <= 30 ? 3 : runs <= 46 ? 4 : 5;
}

static unsigned int
group_class(unsigned int runs)
{
	return runs <= 7 ? 6 : runs <= 23 ? 7 : runs <= 55 ? 8 : runs <= 135 ? 9 : 10;
}

static uint64_t *
memory_of(uint32_t capacity, int socket)
{
	uint64_t *memory = rte_malloc_socket("lpm blocks", (WDPDK_LPM_TOP_UNITS + (size_t)capacity) * 8, RTE_CACHE_LINE_SIZE,
		socket);

	/* The top words and, behind them, LPM_EMPTY_BLOCK. */
	if (memory != NULL)
		memset(memory, 0, (WDPDK_LPM_TOP_UNITS + LINE_UNITS) * 8);
	return memory;
}

int
lpm_blocks_init(struct lpm_blocks *blocks, struct rte_lpm *lookup, int socket)
{
	memset(blocks, 0, sizeof(*blocks));
	blocks->memory = memory_of(FIRST_UNITS, socket);
	if (blocks->memory == NULL)
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
retire(struct lpm_blocks *blocks, unsigned int class, uint32_t block)
{
	struct lpm_queue *queue = &blocks->queues[class];
	struct lpm_retired *slot;

	blocks->live -= class_units[class];
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
fresh(struct lpm_blocks *blocks, struct lpm_queue *queue, uint32_t units)
{
	uint32_t block;

	if (units >= LINE_UNITS) {
		block = blocks->used;
		blocks->used += units;
		return block;
	}
	if (queue->cursor == queue->cursor_end) {
		queue->cursor = blocks->used;
		blocks->used += LINE_UNITS;
		queue->cursor_end = blocks->used;
	}
	block = queue->cursor;
	queue->cursor += units;
	return block;
}

static uint32_t
take(struct lpm_blocks *blocks, unsigned int class)
{
	struct lpm_queue *queue = &blocks->queues[class];

	blocks->live += class_units[class];
	if (may_refill(blocks, queue)) {
		uint32_t block = queue->slots[queue->first].block;

		queue->first = (queue->first + 1) & (queue->capacity - 1);
		queue->count--;
		return block;
	}
	return fresh(blocks, queue, class_units[class]);
}

uint32_t
lpm_blocks_take_small(struct lpm_blocks *blocks, unsigned int runs)
{
	blocks->uniform += runs == 1;
	return take(blocks, small_class(runs));
}

uint32_t
lpm_blocks_take_group(struct lpm_blocks *blocks, unsigned int runs)
{
	blocks->groups++;
	return take(blocks, group_class(runs));
}

void
lpm_blocks_retire_small(struct lpm_blocks *blocks, uint32_t block)
{
	unsigned int runs = lpm_small_runs(lpm_block(blocks, block));

	blocks->uniform -= runs == 1;
	retire(blocks, small_class(runs), block);
}

void
lpm_blocks_retire_group(struct lpm_blocks *blocks, uint32_t block)
{
	blocks->groups--;
	retire(blocks, group_class(lpm_group_runs(lpm_block(blocks, block))), block);
}

static uint32_t
copy_block(struct lpm_blocks *to, const uint64_t *block, unsigned int class)
{
	uint32_t copy = take(to, class);

	memcpy(lpm_block(to, copy), block, class_units[class] * 8u);
	return copy;
}

/* A block of one run may stand in many top words: the old one's count becomes the way to the copy. */
static uint32_t
copy_uniform(struct lpm_blocks *to, uint64_t *block)
{
	uint32_t *users = &lpm_small_answers(block)[1], copy;

	if (*users & COPIED) {
		copy = *users & ~COPIED;
		lpm_small_answers(lpm_block(to, copy))[1]++;
		return copy;
	}
	copy = copy_block(to, block, 0);
	lpm_small_answers(lpm_block(to, copy))[1] = 1;
	*users = copy | COPIED;
	return copy;
}

static uint32_t
copy_small(struct lpm_blocks *to, const struct lpm_blocks *from, uint64_t *block)
{
	unsigned int runs = lpm_small_runs(block);
	uint32_t copy, *answers;

	if (runs == 1)
		return copy_uniform(to, block);
	copy = copy_block(to, block, small_class(runs));
	answers = lpm_small_answers(lpm_block(to, copy));
	for (unsigned int i = 0; i < runs; i++) {
		if (answers[i] & WDPDK_LPM_GROUP) {
			const uint64_t *group = lpm_block(from, answers[i] & ~WDPDK_LPM_GROUP);

			answers[i] = copy_block(to, group, group_class(lpm_group_runs(group))) | WDPDK_LPM_GROUP;
		}
	}
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
move(struct lpm_blocks *blocks)
{
	struct lpm_old_memory *old;
	struct lpm_blocks to = *blocks;
	const uint32_t *top = lpm_top(blocks);
	/* Twice what is there, lines begun and padding included. */
	uint64_t capacity = (uint64_t)blocks->live * 2 + FIRST_UNITS;

	if (capacity > MOST_UNITS)
		return -ENOMEM;
	to.capacity = (uint32_t)capacity;
	to.memory = memory_of(to.capacity, blocks->socket);
	old = rte_malloc_socket("lpm old memory", sizeof(*old), 0, blocks->socket);
	if (to.memory == NULL || old == NULL) {
		rte_free(to.memory);
		rte_free(old);
		return -ENOMEM;
	}
	to.used = LINE_UNITS;
	to.live = 0;
	for (unsigned int class = 0; class < LPM_CLASSES; class++) {
		struct lpm_queue *queue = &to.queues[class];

		queue->first = queue->count = queue->cursor = queue->cursor_end = 0;
	}
	for (uint32_t i = 0; i < WDPDK_LPM_TOP_WORDS; i++)
		if (top[i] != LPM_EMPTY_BLOCK)
			lpm_top(&to)[i] = copy_small(&to, blocks, lpm_block(blocks, top[i]));
	__atomic_store_n(&blocks->lookup->blocks, to.memory, __ATOMIC_RELEASE);
	old->memory = blocks->memory;
	old->token = blocks->rcu == NULL ? 0 : rte_rcu_qsbr_start(blocks->rcu);
	old->next = blocks->old;
	to.old = old;
	*blocks = to;
	free_old_memories(blocks);
	return 0;
}

int
lpm_blocks_reserve(struct lpm_blocks *blocks)
{
	if (unlikely(blocks->old != NULL) && blocks->rcu != NULL)
		free_old_memories(blocks);
	return likely(blocks->capacity - blocks->used >= CHANGE_UNITS) ? 0 : move(blocks);
}
