/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What deliver and drain share: the queue, its life, its counters, its doorbell.
 */
#include <stdlib.h>
#include <string.h>

#include <rte_mbuf_dyn.h>

#include "client_queue_private.h"

struct client_queue *
client_queue_create(const struct client_queue_options *options)
{
	struct client_queue *queue = calloc(1, sizeof(*queue));
	int field, flag;

	if (queue == NULL)
		return NULL;
	if (shm_queue_open(&queue->shm, options->base, options->layout, options->lane, options->first_index) != 0) {
		free(queue);
		return NULL;
	}
	queue->slot_room = options->layout->slot_size - WDPDK_UMEM_HEADROOM;
	queue->snaplen = options->snaplen == 0 ? UINT32_MAX : options->snaplen;
	queue->metadata = (options->layout->features & WDPDK_FEATURE_METADATA) != 0;
	queue->checksums = options->checksums;
	queue->doorbell = options->doorbell;
	queue->max_plain = options->mtu + FRAME_HEADER;
	if (queue->max_plain > SHM_FRAME_BYTES)
		queue->max_plain = SHM_FRAME_BYTES;
	queue->max_tagged = queue->max_plain + 2 * VLAN_TAG;
	if (queue->max_tagged > SHM_FRAME_BYTES)
		queue->max_tagged = SHM_FRAME_BYTES;
	/* Receive stamps exist when a driver has registered them; it did so when its port was set up, before any client. */
	field = rte_mbuf_dynfield_lookup(RTE_MBUF_DYNFIELD_TIMESTAMP_NAME, NULL);
	flag = rte_mbuf_dynflag_lookup(RTE_MBUF_DYNFLAG_RX_TIMESTAMP_NAME, NULL);
	if (field >= 0 && flag >= 0) {
		queue->stamp_offset = field;
		queue->stamp_flag = UINT64_C(1) << flag;
	}
	return queue;
}

void
client_queue_destroy(struct client_queue *queue)
{
	if (queue == NULL)
		return;
	shm_queue_release(&queue->shm);
	free(queue);
}

uint64_t
client_queue_count(const struct client_queue *queue, unsigned int word)
{
	return shm_queue_count(&queue->shm, word);
}

bool
client_queue_broken(const struct client_queue *queue)
{
	return __atomic_load_n(&queue->shm.broken, __ATOMIC_ACQUIRE);
}

void
client_queue_ring(struct client_queue *queue)
{
	shm_queue_add(&queue->shm, WDPDK_QUEUE_COUNTER_WAKEUPS, 1);
	queue->shm.dirty = true;
	doorbell_request(queue->doorbell);
}
