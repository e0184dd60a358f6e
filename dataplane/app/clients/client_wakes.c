/* SPDX-License-Identifier: BSD-3-Clause */
#include "client_queue_private.h"

void
client_wakes_add(struct client_wakes *wakes, struct client_queue *queue)
{
	if (queue->wake_owed)
		return;
	queue->wake_owed = true;
	wakes->queues[wakes->count++] = queue;
}

void
client_wakes_ring(struct client_wakes *wakes)
{
	shm_ring_fence();
	for (unsigned int i = 0; i < wakes->count; i++) {
		struct client_queue *queue = wakes->queues[i];

		queue->wake_owed = false;
		if (!shm_ring_disarm(&queue->shm.rx))
			continue;
		client_queue_ring(queue);
		shm_queue_mirror_all(&queue->shm);
	}
	wakes->count = 0;
}
