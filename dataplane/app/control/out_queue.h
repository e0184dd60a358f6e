/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes that wait for a peer to take them, in order. One thread. All zeros is an empty one.
 */
#ifndef APP_OUT_QUEUE_H
#define APP_OUT_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct out_queue {
	uint8_t *bytes;			/* those from `at` to `end` wait */
	size_t at, end, capacity;
};

/* What waits begins at bytes + at, until the queue is next changed. */
static inline size_t
out_queue_waiting(const struct out_queue *queue)
{
	return queue->end - queue->at;
}

/* Appends a copy. -1: then more than `most` would wait, or there is no memory; nothing was appended. */
int out_queue_put(struct out_queue *queue, const void *bytes, size_t length, size_t most);
/* The first `length` bytes went out. An empty queue does not keep a large buffer. */
void out_queue_sent(struct out_queue *queue, size_t length);
void out_queue_free(struct out_queue *queue);

#endif
