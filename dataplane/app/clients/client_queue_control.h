/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The control thread's side of a client queue: made before it is attached, freed after it was detached.
 */
#ifndef APP_CLIENT_QUEUE_CONTROL_H
#define APP_CLIENT_QUEUE_CONTROL_H

#include "client_queue.h"
#include "shm_queue.h"

struct client_queue_options {
	void *base;			/* the mapped segment, written by shm_segment_write */
	const struct shm_layout *layout;
	uint32_t lane;			/* which of the layout's lanes this is */
	bool checksums;			/* verify checksums in software where the device has not (metadata) */
	uint32_t first_index;		/* what the rings' words start at */
	uint32_t snaplen;		/* bytes of a received frame that are copied; 0: all */
	uint16_t mtu;			/* of the port that injected frames leave by; frames may be this plus their Ethernet header */
	unsigned int doorbell;		/* the client's place in the doorbell table */
};

/* One lane of a client's queue. NULL: no memory. The segment must stay mapped until destroy. */
struct client_queue *client_queue_create(const struct client_queue_options *options);
void client_queue_destroy(struct client_queue *queue);

/* A counter (WDPDK_QUEUE_COUNTER_*), or a drop cause at WDPDK_QUEUE_COUNTER_COUNT + WDPDK_QUEUE_DROP_*. Any thread. */
uint64_t client_queue_count(const struct client_queue *queue, unsigned int word);

#endif
