/* SPDX-License-Identifier: BSD-3-Clause */
#include "out_queue.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BYTES 1024u
#define KEPT_BYTES 65536u

int
out_queue_put(struct out_queue *queue, const void *bytes, size_t length, size_t most)
{
	size_t waiting = out_queue_waiting(queue);

	if (length > most || waiting > most - length)
		return -1;
	if (queue->end + length > queue->capacity) {
		size_t capacity = queue->capacity == 0 ? FIRST_BYTES : queue->capacity;
		uint8_t *grown;

		if (queue->at > 0)
			memmove(queue->bytes, queue->bytes + queue->at, waiting);
		queue->at = 0;
		queue->end = waiting;
		while (capacity < waiting + length)
			capacity *= 2;
		grown = realloc(queue->bytes, capacity);
		if (grown == NULL)
			return -1;
		queue->bytes = grown;
		queue->capacity = capacity;
	}
	memcpy(queue->bytes + queue->end, bytes, length);
	queue->end += length;
	return 0;
}

void
out_queue_sent(struct out_queue *queue, size_t length)
{
	queue->at += length;
	if (queue->at < queue->end)
		return;
	queue->at = queue->end = 0;
	if (queue->capacity > KEPT_BYTES)
		out_queue_free(queue);
}

void
out_queue_free(struct out_queue *queue)
{
	free(queue->bytes);
	*queue = (struct out_queue){ 0 };
}
