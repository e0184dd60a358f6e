/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "shm_queue.h"

int
shm_queue_open(struct shm_queue *queue, void *base, const struct shm_layout *layout, uint32_t lane, uint32_t first_index)
{
	const struct shm_area *umem = shm_layout_find(layout, WDPDK_AREA_UMEM, 0);
	const struct shm_area *rx = shm_layout_find(layout, WDPDK_AREA_RX, lane);
	uint32_t share = shm_layout_share(layout);
	uint8_t *bytes = base;

	memset(queue, 0, sizeof(*queue));
	queue->umem = bytes + umem->offset;
	queue->slot_size = umem->stride;
	queue->slot_shift = (uint32_t)__builtin_ctz(umem->stride);
	queue->first = lane * share * umem->stride;
	queue->bytes = share * umem->stride;
	queue->mirror = (uint64_t *)(void *)(bytes + shm_layout_find(layout, WDPDK_AREA_QUEUE_COUNTERS, lane)->offset);
	shm_ring_attach(&queue->rx, base, rx, true, first_index);
	shm_ring_attach(&queue->fill, base, shm_layout_find(layout, WDPDK_AREA_FILL, lane), false, first_index);
	shm_ring_attach(&queue->tx, base, shm_layout_find(layout, WDPDK_AREA_TX, lane), false, first_index);
	shm_ring_attach(&queue->completion, base, shm_layout_find(layout, WDPDK_AREA_COMPLETION, lane), true, first_index);
	/* The rings have at least as many entries as the lane has slots, and each slot is at most once among the free ones. */
	queue->free_mask = rx->count - 1;
	queue->owner = calloc(share, 1);
	queue->free_slots = calloc(rx->count, sizeof(uint32_t));
	queue->done = calloc(queue->completion.capacity, sizeof(uint32_t));
	if (queue->owner == NULL || queue->free_slots == NULL || queue->done == NULL) {
		shm_queue_release(queue);
		return -1;
	}
	return 0;
}

void
shm_queue_release(struct shm_queue *queue)
{
	free(queue->owner);
	free(queue->free_slots);
	free(queue->done);
	queue->owner = NULL;
	queue->free_slots = queue->done = NULL;
}

void
shm_queue_mirror_all(struct shm_queue *queue)
{
	for (unsigned int i = 0; i < SHM_QUEUE_WORDS; i++)
		shm_poke64(&queue->mirror[i], queue->count[i]);
	queue->dirty = false;
}

static void
refuse_fill(struct shm_queue *queue, unsigned int cause)
{
	shm_queue_add(queue, WDPDK_QUEUE_COUNTER_FILL_REJECTED, 1);
	shm_queue_drop(queue, cause, 1);
}

bool
shm_queue_break(struct shm_queue *queue)
{
	__atomic_store_n(&queue->broken, true, __ATOMIC_RELEASE);
	return false;
}

bool
shm_fill_take(struct shm_queue *queue, uint32_t budget)
{
	struct shm_ring *fill = &queue->fill;
	uint32_t n;

	if (shm_ring_ready(fill) < budget && !shm_ring_refresh_ready(fill))
		return shm_queue_break(queue);
	n = shm_ring_ready(fill);
	if (n > budget)
		n = budget;
	if (n == 0)
		return true;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t offset = shm_peek32(shm_ring_slot(fill, fill->own + i));

		if (shm_queue_within(queue, offset) >= queue->bytes || (offset & (queue->slot_size - 1)) != 0) {
			refuse_fill(queue, WDPDK_QUEUE_DROP_BAD_OFFSET);
		} else if (*shm_queue_owner(queue, offset) != SHM_OWNER_CLIENT) {
			refuse_fill(queue, WDPDK_QUEUE_DROP_NOT_OWNER);
		} else {
			*shm_queue_owner(queue, offset) = SHM_OWNER_FILL;
			queue->free_slots[queue->free_tail++ & queue->free_mask] = offset;
		}
	}
	fill->own += n;
	shm_ring_publish(fill);
	return true;
}

bool
shm_tx_refresh(struct shm_queue *queue)
{
	if (!shm_ring_refresh_ready(&queue->tx))
		return shm_queue_break(queue);
	if (shm_ring_ready(&queue->tx) != 0 && !shm_ring_refresh_room(&queue->completion))
		return shm_queue_break(queue);
	return true;
}

/* Consumes the descriptors up to the end of a run that was refused before its end was seen: some at a time, for a run may be as
 * long as the ring. */
static enum shm_tx
skip_run(struct shm_queue *queue)
{
	for (uint32_t n = 0; n < SHM_FRAME_PARTS; n++) {
		struct shm_desc desc;

		if (shm_ring_ready(&queue->tx) == 0 || shm_ring_room(&queue->completion) <= queue->done_count)
			break;
		desc = shm_desc_copy(shm_ring_desc(&queue->tx, queue->tx.own++));
		shm_tx_take(queue, &desc);
		if ((desc.flags & WDPDK_DESC_FLAG_CONTD) == 0) {
			queue->skipping = false;
			return SHM_TX_REFUSED;
		}
	}
	return SHM_TX_NONE;
}

enum shm_tx
shm_tx_run(struct shm_queue *queue, struct shm_frame *frame, uint32_t max_bytes)
{
	struct shm_desc run[SHM_FRAME_PARTS];
	uint32_t ready = shm_ring_ready(&queue->tx), n = 0;
	uint64_t bytes = 0;
	int cause = -1;
	bool ended = false;

	if (queue->skipping)
		return skip_run(queue);
	while (!ended && n < SHM_FRAME_PARTS && n < ready) {
		run[n] = shm_desc_copy(shm_ring_desc(&queue->tx, queue->tx.own + n));
		ended = (run[n].flags & WDPDK_DESC_FLAG_CONTD) == 0;
		n++;
	}
	/* A frame is published whole or not at all: wait for its end, or for room to hand all its slots back. */
	if ((!ended && n < SHM_FRAME_PARTS) || shm_ring_room(&queue->completion) - queue->done_count < n)
		return SHM_TX_NONE;
	queue->tx.own += n;
	for (uint32_t i = 0; i < n; i++) {
		int wrong = shm_tx_take(queue, &run[i]);

		if (wrong < 0)
			wrong = shm_tx_verify(queue, &run[i]);
		if (cause < 0)
			cause = wrong;
		bytes += run[i].length;
		frame->part[i].offset = run[i].offset;
		frame->part[i].length = run[i].length;
	}
	if (!ended) {
		queue->skipping = true;
		cause = WDPDK_QUEUE_DROP_TOO_LONG;
	}
	if (cause < 0 && bytes < SHM_FRAME_MIN_BYTES)
		cause = WDPDK_QUEUE_DROP_BAD_LENGTH;
	if (cause < 0 && bytes > max_bytes)
		cause = WDPDK_QUEUE_DROP_TOO_LONG;
	if (cause >= 0)
		return shm_tx_refuse(queue, (unsigned int)cause);
	frame->parts = n;
	frame->bytes = (uint32_t)bytes;
	return SHM_TX_FRAME;
}

void
shm_tx_return(struct shm_queue *queue, uint32_t own, uint32_t done_count)
{
	while (queue->done_count > done_count)
		*shm_queue_owner(queue, queue->done[--queue->done_count]) = SHM_OWNER_CLIENT;
	queue->tx.own = own;
}

bool
shm_queue_complete(struct shm_queue *queue)
{
	struct shm_ring *completion = &queue->completion;

	if (queue->done_count == 0)
		return false;
	for (uint32_t i = 0; i < queue->done_count; i++) {
		shm_poke32(shm_ring_slot(completion, completion->own + i), queue->done[i]);
		*shm_queue_owner(queue, queue->done[i]) = SHM_OWNER_CLIENT;
	}
	completion->own += queue->done_count;
	queue->done_count = 0;
	shm_ring_publish(completion);
	return shm_ring_take_armed(completion);
}
