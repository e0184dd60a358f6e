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
/* Memory up to this is made and freed at once, in some milliseconds. A worker does it for greater segments: the system clears every
 * page, and meanwhile other clients are served. */
#define SMALL_SEGMENT (16u << 20)

/* The job that makes a queue's memory. Its lanes are the queue's own only when the control thread has seen that all are made. */
struct making {
	struct job job;
	struct client_queue *lanes[WDPDK_LIMIT_LANES];
	struct os_error error;
	bool made;
};

struct freeing {
	struct job job;
	struct queue *queue;
};

/* ---- memory ---- */

static void
free_queue(struct queue *queue)
{
	for (unsigned int i = 0; i < queue->attachment.lane_count; i++)
		client_queue_destroy(queue->attachment.lanes[i]);
	os_segment_destroy(&queue->segment);
	free(queue->freeing);
	free(queue);
}

static void
free_on_worker(struct job *job)
{
	free_queue(((struct freeing *)job)->queue);
}

static void
give_back(struct queue *queue)
{
	if (queue->segment.size <= SMALL_SEGMENT) {
		free_queue(queue);
		return;
	}
	queue->freeing->queue = queue;
	worker_give(WORKER_SEGMENTS, &queue->freeing->job, free_on_worker);
}

/* Any thread. */
static void
make_memory(struct queue *queue, struct making *making)
{
	if (os_segment_create(&queue->segment, queue->layout.total, false, &making->error) != 0)
		return;
	shm_segment_write(queue->segment.base, &queue->layout, server.first_index);
	queue->options.base = queue->segment.base;
	for (uint32_t lane = 0; lane < queue->layout.lanes; lane++) {
		struct client_queue_options options = queue->options;

		options.lane = lane;
		making->lanes[lane] = client_queue_create(&options);
		if (making->lanes[lane] == NULL) {
			os_error_set(&making->error, "queue", "Ask for fewer slots", "no memory for the queue's records");
			return;
		}
	}
	making->made = true;
}

static void
make_on_worker(struct job *job)
{
	struct builder_result done = { 0 };

	/* An end of the dataplane does not wait for memory that nobody will use. */
	if (!__atomic_load_n(&server.stop, __ATOMIC_ACQUIRE))
		make_memory(job->queue, (struct making *)job);
	job_done(job, &done);
}

static struct queue *
queue_create(struct client *client, const struct queue_params *params, const struct shm_layout *layout, uint16_t mtu)
{
	struct queue *queue = calloc(1, sizeof(*queue));
	struct freeing *freeing = calloc(1, sizeof(*freeing));
	unsigned int place = 0;
	uint64_t generation;

	if (queue == NULL || freeing == NULL || os_random(queue->ticket, sizeof(queue->ticket)) != 0 ||
			os_random(&generation, sizeof(generation)) != 0) {
		free(freeing);
		free(queue);
		return NULL;
	}
	while (server.places_of_queues[place] != NULL)
		place++;
	server.places_of_queues[place] = queue;
	queue->place = place;
	queue->client = client;
	queue->state = QUEUE_OPENING;
	queue->attachment = params->wanted;
	queue->attachment.queue_id = ++server.next_queue;
	queue->attachment.lane_count = 0;
	queue->layout = *layout;
	queue->layout.generation = generation | 1;
	queue->layout.queue_id = queue->attachment.queue_id;
	queue->freeing = freeing;
	queue->options = (struct client_queue_options){ .layout = &queue->layout, .first_index = server.first_index,
		.snaplen = params->snaplen, .mtu = mtu, .doorbell = client->place, .checksums = params->checksums };
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

/* ---- the end ---- */

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

/* No lcore and no worker knows the queue any more. */
static void
end_queue(struct queue *queue, bool tell)
{
	struct client *client = queue->client;
	struct queue_record *record = calloc(1, sizeof(*record));
	uint64_t count[SHM_QUEUE_WORDS];

	queue_count(queue, count);
	if (queue->close_reason != WDPDK_CLOSE_NONE && queue->segment.base != NULL) {
		shm_segment_close(queue->segment.base, queue->close_reason);
		doorbell_request(client->place);
	}
	if (tell)
		tell_closed(queue, count);
	server.places_of_queues[queue->place] = NULL;
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
	give_back(queue);
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
	struct job *job = job_create(sizeof(*job), queue->client, queue, 0, detached);

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

/* ---- the beginning ---- */

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

/* The queue that was to be opened cannot be. */
static void
refuse(struct queue *queue, struct failure *failure)
{
	struct peer *peer = queue->client->control;

	if (peer != NULL && queue->asked) {
		struct arena *arena = arena_create(SMALL_ARENA + (size_t)failure->issues.count * 1024);

		answer(peer, queue->request, arena, NULL, failure);
		arena_destroy(arena);
	}
	config_issues_free(&failure->issues);
	end_queue(queue, false);
}

static void
attached(struct job *job)
{
	struct queue *queue = job->queue;
	struct peer *peer = queue->client->control;
	struct failure failure = { 0 };

	if (job->result.code != NULL) {
		failure_from_builder(&failure, &job->result);
		refuse(queue, &failure);
		return;
	}
	queue->state = QUEUE_OPEN;
	shm_segment_live(queue->segment.base);
	if (peer != NULL && queue->asked) {
		struct arena *arena = arena_create(SMALL_ARENA);
		struct value *map = value_new_map(arena);

		value_set_u64(arena, map, "queue", queue->attachment.queue_id);
		queue_describe_segment(arena, map, &queue->segment, &queue->layout, queue->ticket);
		if (queue->attachment.port == PORT_ANY)
			value_set_string(arena, map, "port", "any");
		else
			value_set_u64(arena, map, "port", queue->attachment.port);
		value_set_u64(arena, map, "mtu", mtu_of(queue->attachment.port));
		value_set_u64(arena, map, "lanes", queue->layout.lanes);
		queue->asked = false;
		answer(peer, queue->request, arena, map, &failure);
		arena_destroy(arena);
	}
	if (queue->close_reason != WDPDK_CLOSE_NONE)
		start_detach(queue);
}

static void
attach(struct queue *queue)
{
	struct job *job = job_create(sizeof(*job), queue->client, queue, queue->request, attached);
	struct failure failure = { 0 };

	if (job != NULL) {
		builder_attach(&queue->attachment, job_done, job);
		return;
	}
	failure_no_memory(&failure, "queue", "attaching the queue");
	refuse(queue, &failure);
}

static void
made(struct job *job)
{
	struct making *making = (struct making *)job;
	struct queue *queue = job->queue;
	struct failure failure = { 0 };

	if (making->made && queue->close_reason == WDPDK_CLOSE_NONE) {
		pthread_mutex_lock(&server.registry);
		memcpy(queue->attachment.lanes, making->lanes, sizeof(making->lanes));
		queue->attachment.lane_count = (uint16_t)queue->layout.lanes;
		pthread_mutex_unlock(&server.registry);
		queue->ticket_valid = true;
		attach(queue);
		return;
	}
	for (unsigned int i = 0; i < WDPDK_LIMIT_LANES; i++)
		client_queue_destroy(making->lanes[i]);
	if (queue->close_reason != WDPDK_CLOSE_NONE)
		failure_set(&failure, WDPDK_E_GONE, "queue", "Attach again when the dataplane runs again", "the dataplane is ending");
	else
		failure_set(&failure, WDPDK_E_NO_MEMORY, making->error.object, making->error.remedy, "%s", making->error.cause);
	refuse(queue, &failure);
}

bool
queue_open(struct client *client, const struct queue_params *params, const struct shm_layout *layout, uint16_t mtu, uint64_t request)
{
	struct queue *queue = queue_create(client, params, layout, mtu);
	struct making *making;

	if (queue == NULL)
		return false;
	making = job_create(sizeof(*making), client, queue, request, made);
	if (making == NULL) {
		end_queue(queue, false);
		return false;
	}
	queue->asked = true;
	queue->request = request;
	if (layout->total > SMALL_SEGMENT) {
		worker_give(WORKER_SEGMENTS, &making->job, make_on_worker);
		return true;
	}
	make_memory(queue, making);
	made(&making->job);
	job_cancel(&making->job);
	return true;
}

/* ---- every tick ---- */

static bool
is_broken(const struct queue *queue)
{
	for (unsigned int i = 0; i < queue->attachment.lane_count; i++)
		if (client_queue_broken(queue->attachment.lanes[i]))
			return true;
	return false;
}

void
queue_close_broken(void)
{
	for (struct client *client = server.clients; client != NULL; client = client->next)
		for (struct queue *queue = client->queues; queue != NULL; queue = queue->next)
			if (queue->state == QUEUE_OPEN && queue->close_reason == WDPDK_CLOSE_NONE && is_broken(queue))
				queue_close(queue, WDPDK_CLOSE_BAD_INDEX);
}

void
queue_close_removed(void)
{
	uint32_t removed = report_removed_ports();

	if (removed == 0)
		return;
	for (struct client *client = server.clients; client != NULL; client = client->next)
		for (struct queue *queue = client->queues; queue != NULL; queue = queue->next)
			if (queue->close_reason == WDPDK_CLOSE_NONE && queue->attachment.port != PORT_ANY &&
					(removed >> queue->attachment.port & 1) != 0)
				queue_close(queue, WDPDK_CLOSE_DEVICE_REMOVED);
}

void
queue_close_late(void)
{
	for (struct client *client = server.clients; client != NULL; client = client->next)
		for (struct queue *queue = client->queues; queue != NULL; queue = queue->next)
			if (queue->state == QUEUE_OPEN && queue->close_reason != WDPDK_CLOSE_NONE)
				start_detach(queue);
}
