/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For tests: a queue's segment in plain memory, with the dataplane's end and a client's end on it.
 */
#ifndef TEST_SEGMENT_H
#define TEST_SEGMENT_H

#include <stdlib.h>
#include <string.h>

#include "shm_queue.h"

#define TEST_FIRST_INDEX 0xffffffc0u

struct test_segment {
	void *base;
	struct shm_layout layout;
	uint32_t lane;
	struct shm_queue queue;			/* the dataplane's end */
	struct shm_ring fill, rx, tx, completion;	/* the client's ends */
};

/* Zeroed and aligned to a page. The place of the block is kept before it: Windows' C library has no aligned_alloc. */
static inline void *
test_pages(size_t size)
{
	uint8_t *block = calloc(1, size + 8192), *page;

	if (block == NULL)
		return NULL;
	page = (uint8_t *)(((uintptr_t)block + 4096 + sizeof(block)) & ~(uintptr_t)4095);
	memcpy(page - sizeof(block), &block, sizeof(block));
	return page;
}

static inline void
test_pages_free(void *page)
{
	uint8_t *block;

	memcpy(&block, (uint8_t *)page - sizeof(block), sizeof(block));
	free(block);
}

/* One lane of a queue of several. */
static inline bool
test_lane_open(struct test_segment *t, uint32_t slots, uint32_t slot_size, uint32_t lanes, uint32_t lane)
{
	const char *wrong = shm_layout_queue(&t->layout, slots, slot_size, lanes, 0);

	if (wrong != NULL)
		return false;
	t->layout.generation = 1;
	t->lane = lane;
	t->base = test_pages(t->layout.total);
	if (t->base == NULL)
		return false;
	shm_segment_write(t->base, &t->layout, TEST_FIRST_INDEX);
	shm_segment_live(t->base);
	if (shm_queue_open(&t->queue, t->base, &t->layout, lane, TEST_FIRST_INDEX) != 0)
		return false;
	shm_ring_attach(&t->fill, t->base, shm_layout_find(&t->layout, WDPDK_AREA_FILL, lane), true, TEST_FIRST_INDEX);
	shm_ring_attach(&t->rx, t->base, shm_layout_find(&t->layout, WDPDK_AREA_RX, lane), false, TEST_FIRST_INDEX);
	shm_ring_attach(&t->tx, t->base, shm_layout_find(&t->layout, WDPDK_AREA_TX, lane), true, TEST_FIRST_INDEX);
	shm_ring_attach(&t->completion, t->base, shm_layout_find(&t->layout, WDPDK_AREA_COMPLETION, lane), false,
		TEST_FIRST_INDEX);
	return true;
}

static inline bool
test_segment_open(struct test_segment *t, uint32_t slots, uint32_t slot_size)
{
	return test_lane_open(t, slots, slot_size, 1, 0);
}

static inline void
test_segment_close(struct test_segment *t)
{
	shm_queue_release(&t->queue);
	test_pages_free(t->base);
}

static inline void
test_post_fill(struct test_segment *t, uint32_t offset)
{
	shm_poke32(shm_ring_slot(&t->fill, t->fill.own), offset);
	t->fill.own++;
	shm_ring_publish(&t->fill);
}

static inline void
test_post_tx(struct test_segment *t, struct shm_desc desc)
{
	memcpy(shm_ring_desc(&t->tx, t->tx.own), &desc, sizeof(desc));
	t->tx.own++;
	shm_ring_publish(&t->tx);
}

static inline uint64_t
test_dropped(const struct test_segment *t, unsigned int cause)
{
	return shm_queue_count(&t->queue, WDPDK_QUEUE_COUNTER_COUNT + cause);
}

#endif
