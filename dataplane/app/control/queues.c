/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A queue's life: segment and rings made, attached by the builder, told to the client; later detached, closed in band, recorded.
 * Between attach and detach the lcores use it; it is freed only after the builder has said that none does.
 */
#include <stdlib.h>
#include <string.h>

#include "doorbell.h"
#include "report.h"
#include "server.h"

#define SMALL_ARENA 65536

static void
free_queue(struct queue *queue)
{
	client_queue_destroy(queue->attachment.lanes[0]);
	os_segment_destroy(&queue->segment);
	free(queue);
}

struct queue *
queue_create(struct client *client, const struct attachment *wanted, const struct shm_layout *layout,
	uint32_t snaplen, uint16_t mtu, struct failure *failure)
{
	struct queue *queue = calloc(1, sizeof(*queue));
	struct os_error error;
	struct client_queue_options options;

	if (queue == NULL) {
		failure_set(failure, WDPDK_E_NO_MEMORY, "queue", "", "no memory for another queue");
		return NULL;
	}
	queue->client = client;
	queue->attachment = *wanted;
	queue->layout = *layout;
	queue->layout.queue_id = queue->attachment.queue_id = ++server.next_queue;
	if (os_random(queue->ticket, sizeof(queue->ticket)) != 0 ||
			os_random(&queue->layout.generation, sizeof(queue->layout.generation)) != 0)
		os_error_set(&error, "queue", "", "the system gave no random bytes");
	else if (os_segment_create(&queue->segment, layout->total, false, &error) == 0)
		error.cause[0] = '\0';
	if (queue->segment.base == NULL) {
		failure_set(failure, WDPDK_E_NO_MEMORY, error.object, error.remedy, "%s", error.cause);
		free_queue(queue);
		return NULL;
	}
	queue->layout.generation |= 1;
	queue->ticket_valid = true;
	shm_segment_write(queue->segment.base, &queue->layout, server.first_index);
	options = (struct client_queue_options){ .base = queue->segment.base, .layout = &queue->layout,
		.first_index = server.first_index, .snaplen = snaplen, .mtu = mtu, .doorbell = client->place };
	queue->attachment.lane_count = 1;
	queue->attachment.lanes[0] = client_queue_create(&options);
	if (queue->attachment.lanes[0] == NULL) {
		failure_set(failure, WDPDK_E_NO_MEMORY, "queue", "Ask for fewer slots", "no memory for the queue's records");
		free_queue(queue);
		return NULL;
	}
	pthread_mutex_lock(&server.registry);
	queue->next = client->queues;
	client->queues = queue;
	pthread_mutex_unlock(&server.registry);
	client->queue_count++;
	client->segment_bytes += layout->total;
	__atomic_fetch_add(&server.queue_count, 1, __ATOMIC_RELAXED);
	return queue;
}

struct queue *
queue_of(struct client *client, uint32_t id)
{
	for (struct queue *queue = client->queues; queue != NULL; queue = queue->next)
		if (queue->attachment.queue_id == id)
			return queue;
	return NULL;
}

/* Called with the registry locked. A client that opens and closes for ever keeps its sums, not every queue. */
static void
record_queue(struct client *client, struct queue *queue, struct queue_record *record)
{
	record->id = queue->attachment.queue_id;
	record->port = queue->attachment.port;
	record->receives = queue->attachment.receives;
	record->transmits = queue->attachment.transmits;
	for (unsigned int i = 0; i < SHM_QUEUE_WORDS; i++)
		record->count[i] = client_queue_count(queue->attachment.lanes[0], i);
	record->next = client->closed;
	client->closed = record;
	if (++client->closed_count > MAX_CLOSED_QUEUES) {
		struct queue_record *last = record;

		while (last->next->next != NULL)
			last = last->next;
		for (unsigned int i = 0; i < SHM_QUEUE_WORDS; i++)
			last->count[i] += last->next->count[i];
		free(last->next);
		last->next = NULL;
		client->closed_count--;
	}
}

void
queue_counters_map(struct arena *arena, struct value *map, const uint64_t *count)
{
	static const char *const names[] = WDPDK_QUEUE_COUNTER_NAMES;
	static const char *const causes[] = WDPDK_QUEUE_DROP_NAMES;

	for (unsigned int i = 0; i < WDPDK_QUEUE_COUNTER_COUNT; i++)
		if (i != WDPDK_QUEUE_COUNTER_RESERVED)
			value_set_u64(arena, map, names[i], count[i]);
	for (unsigned int i = 0; i < WDPDK_QUEUE_DROP_COUNT; i++)
		value_set_u64(arena, map, causes[i], count[WDPDK_QUEUE_COUNTER_COUNT + i]);
}

static void
tell_closed(struct queue *queue, const uint64_t *count)
{
	static const char *const reasons[] = WDPDK_CLOSE_REASON_NAMES;
	struct peer *peer = queue->client->control;
	struct arena *arena = peer == NULL ? NULL : arena_create(SMALL_ARENA);
	struct value *map = value_new_map(arena);
	struct failure none = { 0 };

	if (peer == NULL)
		return;
	if (queue->asked) {
		queue_counters_map(arena, value_set_map(arena, map, "counters"), count);
		answer(peer, queue->request, arena, map, &none);
	} else {
		value_set_u64(arena, map, "queue", queue->attachment.queue_id);
		value_set_string(arena, map, "reason", reasons[queue->close_reason]);
		notify(peer, "queue.closed", arena, map);
	}
	arena_destroy(arena);
}

/* No lcore knows the queue any more. */
static void
end_queue(struct queue *queue, bool tell)
{
	struct client *client = queue->client;
	struct queue_record *record = calloc(1, sizeof(*record));
	uint64_t count[SHM_QUEUE_WORDS];

	for (unsigned int i = 0; i < SHM_QUEUE_WORDS; i++)
		count[i] = client_queue_count(queue->attachment.lanes[0], i);
	if (queue->close_reason != WDPDK_CLOSE_NONE) {
		shm_segment_close(queue->segment.base, queue->close_reason);
		doorbell_request(client->place);
	}
	if (tell)
		tell_closed(queue, count);
	pthread_mutex_lock(&server.registry);
	for (struct queue **at = &client->queues; *at != NULL; at = &(*at)->next)
		if (*at == queue) {
			*at = queue->next;
			break;
		}
	if (record != NULL && queue->state != QUEUE_OPENING)
		record_queue(client, queue, record);
	else
		free(record);
	pthread_mutex_unlock(&server.registry);
	client->queue_count--;
	client->segment_bytes -= queue->layout.total;
	__atomic_fetch_sub(&server.queue_count, 1, __ATOMIC_RELAXED);
	free_queue(queue);
}

static void
detached(struct job *job)
{
	/* Without memory for a plan that lacks the queue, lcores still know it: the next tick tries again. */
	if (job->result.code != NULL)
		job->queue->state = QUEUE_OPEN;
	else
		end_queue(job->queue, true);
}

static void
start_detach(struct queue *queue)
{
	struct job *job = job_create(queue->client, queue, 0, detached);

	/* Without memory the queue stays attached until the next attempt (queue_close_late tries again). */
	if (job == NULL)
		return;
	queue->state = QUEUE_CLOSING;
	builder_detach(queue->attachment.queue_id, job_done, job);
}

void
queue_close(struct queue *queue, uint32_t reason)
{
	if (queue->close_reason == WDPDK_CLOSE_NONE)
		queue->close_reason = reason;
	if (queue->state == QUEUE_OPEN)
		start_detach(queue);
}

void
queue_describe_segment(struct arena *arena, struct value *map, const struct os_segment *segment,
	const struct shm_layout *layout, const uint8_t *ticket)
{
	struct value *described = value_set_map(arena, map, "segment");

	value_set_u64(arena, described, "size", layout->total);
	value_set_u64(arena, described, "generation", layout->generation);
	if (segment->file[0] != '\0')
		value_set_string(arena, described, "file", segment->file);
	else if (segment->name[0] != '\0')
		value_set_string(arena, described, "name", segment->name);
	else
		value_set_binary(arena, described, "ticket", ticket, WDPDK_TOKEN_BYTES);
}

/* The greatest frame any port may take, for a queue that is bound to none. */
static uint16_t
mtu_of(uint16_t port)
{
	uint32_t ports = report_port_mask();
	uint16_t greatest = 0;

	if (port != PORT_ANY)
		return report_port_mtu(port);
	for (; ports != 0; ports &= ports - 1) {
		uint16_t mtu = report_port_mtu((uint16_t)__builtin_ctz(ports));

		if (mtu > greatest)
			greatest = mtu;
	}
	return greatest;
}

static void
attached(struct job *job)
{
	struct queue *queue = job->queue;
	struct peer *peer = queue->client->control;
	struct arena *arena = arena_create(SMALL_ARENA);
	struct value *map = value_new_map(arena);
	struct failure failure = { 0 };

	if (job->result.code != NULL) {
		failure_from_builder(&failure, &job->result);
		if (peer != NULL && queue->asked)
			answer(peer, queue->request, arena, NULL, &failure);
		config_issues_free(&failure.issues);
		end_queue(queue, false);
		arena_destroy(arena);
		return;
	}
	queue->state = QUEUE_OPEN;
	shm_segment_live(queue->segment.base);
	if (peer != NULL && queue->asked) {
		value_set_u64(arena, map, "queue", queue->attachment.queue_id);
		queue_describe_segment(arena, map, &queue->segment, &queue->layout, queue->ticket);
		if (queue->attachment.port == PORT_ANY)
			value_set_string(arena, map, "port", "any");
		else
			value_set_u64(arena, map, "port", queue->attachment.port);
		value_set_u64(arena, map, "mtu", mtu_of(queue->attachment.port));
		queue->asked = false;
		answer(peer, queue->request, arena, map, &failure);
	}
	arena_destroy(arena);
	if (queue->close_reason != WDPDK_CLOSE_NONE)
		start_detach(queue);
}

void
queue_attach(struct queue *queue, uint64_t request)
{
	struct job *job = job_create(queue->client, queue, request, attached);
	struct peer *peer = queue->client->control;
	struct failure failure = { 0 };

	queue->asked = true;
	queue->request = request;
	queue->state = QUEUE_OPENING;
	if (job != NULL) {
		builder_attach(&queue->attachment, job_done, job);
		return;
	}
	failure_set(&failure, WDPDK_E_NO_MEMORY, "queue", "", "no memory to attach the queue");
	answer(peer, request, NULL, NULL, &failure);
	end_queue(queue, false);
}

void
queue_close_broken(void)
{
	for (struct client *client = server.clients; client != NULL; client = client->next)
		for (struct queue *queue = client->queues; queue != NULL; queue = queue->next) {
			if (queue->state == QUEUE_OPEN && queue->close_reason == WDPDK_CLOSE_NONE &&
					client_queue_broken(queue->attachment.lanes[0]))
				queue_close(queue, WDPDK_CLOSE_BAD_INDEX);
		}
}

void
queue_close_late(void)
{
	for (struct client *client = server.clients; client != NULL; client = client->next)
		for (struct queue *queue = client->queues; queue != NULL; queue = queue->next)
			if (queue->state == QUEUE_OPEN && queue->close_reason != WDPDK_CLOSE_NONE)
				start_detach(queue);
}
