/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Clients that stopped taking: frames for a queue find no room, and the words that its client moves have stood still for a second. It is
 * only said, to whoever observes; the frames are counted as any others that find no room.
 */
#include "server.h"
#include "shm_word.h"

#define STALLED_NS UINT64_C(1000000000)

/* Only ever compared with an earlier value: what a client writes there can make it look busy or idle, nothing else. */
static uint64_t
client_words(const struct queue *queue)
{
	const uint8_t *base = queue->segment.base;
	uint64_t mixed = 0;

	for (uint32_t i = 0; i < queue->layout.area_count; i++) {
		const struct shm_area *area = &queue->layout.areas[i];
		size_t word;

		if (area->type == WDPDK_AREA_RX)
			word = WDPDK_RING_CONSUMER;
		else if (area->type == WDPDK_AREA_FILL)
			word = WDPDK_RING_PRODUCER;
		else
			continue;
		mixed = mixed * UINT64_C(0x9e3779b97f4a7c15) +
			shm_peek32((const uint32_t *)(const void *)(base + area->offset + word)) + 1;
	}
	return mixed;
}

static uint64_t
frames_without_room(const struct queue *queue)
{
	uint64_t count = 0;

	for (unsigned int lane = 0; lane < queue->attachment.lane_count; lane++)
		count += client_queue_count(queue->attachment.lanes[lane], WDPDK_QUEUE_COUNTER_COUNT + WDPDK_QUEUE_DROP_RX_FULL) +
			client_queue_count(queue->attachment.lanes[lane], WDPDK_QUEUE_COUNTER_COUNT + WDPDK_QUEUE_DROP_NO_SLOT);
	return count;
}

static void
look(struct queue *queue, uint64_t now_ns)
{
	struct stall_watch *watch = &queue->watch;
	uint64_t words = client_words(queue), drops = frames_without_room(queue);
	bool stalled = watch->stalled;

	if (watch->moved_ns == 0 || words != watch->words) {
		watch->words = words;
		watch->moved_ns = now_ns;
		watch->drops = drops;
		stalled = false;
	} else if (now_ns - watch->moved_ns >= STALLED_NS && drops != watch->drops) {
		stalled = true;
	}
	if (stalled == watch->stalled)
		return;
	/* A report may read it on another thread. */
	__atomic_store_n(&watch->stalled, stalled, __ATOMIC_RELAXED);
	events_stalled(queue);
}

void
stalls_watch(uint64_t now_ns)
{
	for (struct client *client = server.clients; client != NULL; client = client->next)
		for (struct queue *queue = client->queues; queue != NULL; queue = queue->next)
			if (queue->state == QUEUE_OPEN && queue->attachment.receives)
				look(queue, now_ns);
}
