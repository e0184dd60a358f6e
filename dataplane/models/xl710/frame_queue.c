/* SPDX-License-Identifier: BSD-3-Clause */
#include "frame_queue.h"

#include <errno.h>
#include <stdlib.h>

int
frame_queue_create(struct frame_queue *queue)
{
	frame_queue_clear(queue);
	/* One cache line more: what is rounded up stays inside. */
	queue->data = calloc(1, FRAME_QUEUE_BYTES + 64);
	return queue->data == NULL ? -ENOMEM : 0;
}

void
frame_queue_destroy(struct frame_queue *queue)
{
	free(queue->data);
	queue->data = NULL;
}
