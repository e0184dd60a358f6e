/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Frames on their way: first in, first out, bytes and lengths apart. A queue that runs empty begins again at its start, so that what
 * is drained at once stays within a few cache lines. Its frames are the model's own copies: nobody changes them behind its back.
 */
#ifndef XL710_FRAME_QUEUE_H
#define XL710_FRAME_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_QUEUE_SLOTS 4096u
#define FRAME_QUEUE_BYTES (1u << 20)
#define FRAME_MAX 16384u /* longest reservation */

struct frame_slot {
	uint32_t offset;
	uint16_t length;   /* without FCS */
	uint16_t from;     /* the VSI that sent it to its own switch, XL710_VSI_NONE for the wire */
	uint32_t reserved; /* where its reservation began */
};

struct frame_queue {
	uint8_t *data;
	uint32_t head, tail; /* bytes: where the first frame begins, where the next may */
	uint16_t first, count;
	bool pressed; /* somebody found no room; whoever takes frames out may clear it */
	struct frame_slot slots[FRAME_QUEUE_SLOTS];
};

/* 0 or -ENOMEM. */
int frame_queue_create(struct frame_queue *queue);
void frame_queue_destroy(struct frame_queue *queue);

static inline void
frame_queue_clear(struct frame_queue *queue)
{
	queue->head = queue->tail = 0;
	queue->first = queue->count = 0;
	queue->pressed = false;
}

/* Room for one frame of up to `length` bytes (at most FRAME_MAX), 64-byte aligned, or NULL. Nothing is taken before the commit. */
static inline uint8_t *
frame_queue_reserve(struct frame_queue *queue, uint32_t length)
{
	if (queue->count == 0)
		queue->head = queue->tail = 0;
	else if (queue->count == FRAME_QUEUE_SLOTS)
		return NULL;
	if (queue->tail >= queue->head && !(queue->count != 0 && queue->tail == queue->head)) {
		if (length <= FRAME_QUEUE_BYTES - queue->tail)
			return queue->data + queue->tail;
		if (length >= queue->head)
			return NULL;
		queue->tail = 0;
		return queue->data;
	}
	return length < queue->head - queue->tail ? queue->data + queue->tail : NULL;
}

/* The frame of `length` bytes that stands `skip` bytes behind the start of the last reservation. */
static inline void
frame_queue_commit(struct frame_queue *queue, uint32_t skip, uint32_t length, uint16_t from)
{
	struct frame_slot *slot = &queue->slots[(queue->first + queue->count) % FRAME_QUEUE_SLOTS];

	slot->offset = queue->tail + skip;
	slot->reserved = queue->tail;
	slot->length = (uint16_t)length;
	slot->from = from;
	queue->count++;
	queue->tail += (skip + length + 63) & ~63u;
}

/* The n-th frame from the front; n < count. */
static inline const struct frame_slot *
frame_queue_at(const struct frame_queue *queue, unsigned n)
{
	return &queue->slots[(queue->first + n) % FRAME_QUEUE_SLOTS];
}

static inline uint8_t *
frame_queue_bytes(const struct frame_queue *queue, const struct frame_slot *slot)
{
	return queue->data + slot->offset;
}

/* More than a packet buffer should keep for a receiver that does not take them. */
static inline bool
frame_queue_filled(const struct frame_queue *queue)
{
	uint32_t used = queue->count == 0 ? 0 : queue->tail > queue->head ? queue->tail - queue->head :
		FRAME_QUEUE_BYTES - (queue->head - queue->tail);

	return queue->pressed || queue->count > FRAME_QUEUE_SLOTS * 3 / 4 || used > FRAME_QUEUE_BYTES * 3 / 4;
}

/* Takes the first frame away. */
static inline void
frame_queue_pop(struct frame_queue *queue)
{
	queue->first = (uint16_t)((queue->first + 1) % FRAME_QUEUE_SLOTS);
	queue->count--;
	if (queue->count != 0)
		queue->head = queue->slots[queue->first].reserved;
}

/* Whether `frames` frames of up to `length` bytes each fit one after the other. */
static inline bool
frame_queue_has_room(const struct frame_queue *queue, uint32_t frames, uint32_t length)
{
	uint64_t bytes = (uint64_t)frames * ((length + 63) & ~63u);
	uint32_t end;

	if (frames > FRAME_QUEUE_SLOTS - queue->count)
		return false;
	if (queue->count == 0)
		return bytes <= FRAME_QUEUE_BYTES;
	if (queue->tail <= queue->head)
		return bytes < queue->head - queue->tail;
	/* Either side of the wrap may hold all of it; a split is not tried. */
	end = FRAME_QUEUE_BYTES - queue->tail;
	return bytes <= end || (bytes < queue->head);
}

/* Copies a frame: 16 bytes and more in a few moves that overlap, since most are short. */
static inline void
frame_copy(uint8_t *to, const uint8_t *from, uint32_t length)
{
	typedef uint64_t half;

	if (length >= 16 && length <= 64) {
		half words[8];

		__builtin_memcpy(words, from, 16);
		__builtin_memcpy(words + 6, from + length - 16, 16);
		if (length > 32) {
			__builtin_memcpy(words + 2, from + 16, 16);
			__builtin_memcpy(words + 4, from + length - 32, 16);
			__builtin_memcpy(to + 16, words + 2, 16);
			__builtin_memcpy(to + length - 32, words + 4, 16);
		}
		__builtin_memcpy(to, words, 16);
		__builtin_memcpy(to + length - 16, words + 6, 16);
	} else {
		__builtin_memcpy(to, from, length);
	}
}

#endif
