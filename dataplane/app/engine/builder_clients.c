/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The attached queues, and the plans for lcores that are made of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder_private.h"
#include "lcore.h"

static struct attached_queue *queues[WDPDK_LIMIT_QUEUES];
static unsigned int queue_count;

static bool
publish_clients(struct builder_result *result, const char *object)
{
	struct client_plan *plan = client_plan_create(queues, queue_count);
	struct snapshot *next;

	if (plan == NULL) {
		builder_refuse_memory(result, object);
		return false;
	}
	plan->references++;
	next = forwarding_snapshot(plan);
	client_plan_release(plan);
	if (next == NULL) {
		builder_refuse_memory(result, object);
		return false;
	}
	snapshot_free(builder_publish(next));
	return true;
}

static const struct attached_queue *
find_rival(const struct attachment *asked)
{
	for (unsigned int i = 0; asked->redirects && i < queue_count; i++) {
		const struct attachment *other = &queues[i]->attachment;

		if (other->redirects && other->priority == asked->priority &&
			(other->port == asked->port || other->port == PORT_ANY || asked->port == PORT_ANY) &&
			match_overlaps(&other->match, &asked->match))
			return queues[i];
	}
	return NULL;
}

void
clients_attach(const struct attachment *asked, struct builder_result *result)
{
	const struct attached_queue *rival = find_rival(asked);
	struct attached_queue *queue;
	char object[32];

	snprintf(object, sizeof(object), "queue %u", asked->queue_id);
	if (rival != NULL) {
		builder_refuse(result, WDPDK_E_CONFLICT, object, "Narrow one of the matches, or give one queue another priority.",
			"queue %u already redirects frames that this match takes, with the same priority %d",
			rival->attachment.queue_id, asked->priority);
		return;
	}
	if (queue_count == WDPDK_LIMIT_QUEUES) {
		builder_refuse(result, WDPDK_E_LIMIT, object, "Close queues that are no longer needed.", "there are %u queues already",
			queue_count);
		return;
	}
	queue = calloc(1, sizeof(*queue));
	if (queue == NULL) {
		builder_refuse_memory(result, object);
		return;
	}
	queue->attachment = *asked;
	queue->shared = asked->port == PORT_ANY && lcore_count > 1;
	rte_spinlock_init(&queue->lock);
	queues[queue_count++] = queue;
	if (!publish_clients(result, object)) {
		queue_count--;
		free(queue);
	}
}

void
clients_detach(uint32_t queue_id, struct builder_result *result)
{
	for (unsigned int i = 0; i < queue_count; i++) {
		struct attached_queue *queue = queues[i];
		char object[32];

		if (queue->attachment.queue_id != queue_id)
			continue;
		snprintf(object, sizeof(object), "queue %u", queue->attachment.queue_id);
		memmove(&queues[i], &queues[i + 1], (queue_count - i - 1) * sizeof(queues[0]));
		queue_count--;
		/* Without memory for a new plan the queue must stay: lcores still know it. */
		if (publish_clients(result, object)) {
			free(queue);
		} else {
			memmove(&queues[i + 1], &queues[i], (queue_count - i) * sizeof(queues[0]));
			queues[i] = queue;
			queue_count++;
		}
		return;
	}
}

void
clients_end(void)
{
	while (queue_count > 0)
		free(queues[--queue_count]);
}
