/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What is told of clients and queues, those that are gone included.
 */
#include <stdlib.h>
#include <string.h>

#include "server.h"

void
queue_count(const struct queue *queue, uint64_t count[SHM_QUEUE_WORDS])
{
	memset(count, 0, SHM_QUEUE_WORDS * sizeof(count[0]));
	for (unsigned int lane = 0; lane < queue->attachment.lane_count; lane++)
		for (unsigned int i = 0; i < SHM_QUEUE_WORDS; i++)
			count[i] += client_queue_count(queue->attachment.lanes[lane], i);
}

static void
describe(const struct queue *queue, struct queue_record *record)
{
	record->id = queue->attachment.queue_id;
	record->port = queue->attachment.port;
	record->receives = queue->attachment.receives;
	record->transmits = queue->attachment.transmits;
	record->at_tx = queue->attachment.at_tx;
	record->stalled = __atomic_load_n(&queue->watch.stalled, __ATOMIC_RELAXED);
	record->lanes = queue->attachment.lane_count;
	memcpy(record->group, queue->attachment.fanout.group, sizeof(record->group));
	queue_count(queue, record->count);
}

void
record_queue(struct client *client, const struct queue *queue, struct queue_record *record)
{
	describe(queue, record);
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
report_pair(struct arena *arena, struct value *map, const char *key, uint64_t packets, uint64_t bytes)
{
	struct value *pair = value_set_map(arena, map, key);

	value_set_u64(arena, pair, "packets", packets);
	value_set_u64(arena, pair, "bytes", bytes);
}

static void
report_queue(struct arena *arena, struct value *list, const struct queue_record *record, bool open, uint64_t *sums)
{
	static const char *const causes[] = WDPDK_QUEUE_DROP_NAMES;
	struct value *map = value_add_map(arena, list), *drops;

	value_set_u64(arena, map, "id", record->id);
	value_set_string(arena, map, "kind", record->receives ? (record->transmits ? "rxtx" : "rx") : "tx");
	if (record->port == PORT_ANY)
		value_set_string(arena, map, "port", "any");
	else
		value_set_u64(arena, map, "port", record->port);
	value_set_bool(arena, map, "open", open);
	value_set_u64(arena, map, "lanes", record->lanes);
	if (record->receives)
		value_set_string(arena, map, "at", record->at_tx ? "tx" : "rx");
	/* Of the many that may be closed only what says what they counted: see MAX_LEFT. */
	if (record->receives && open)
		value_set_bool(arena, map, "stalled", record->stalled);
	if (record->group[0] != '\0' && open)
		value_set_string(arena, map, "fanout", record->group);
	report_pair(arena, map, "delivered", record->count[WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS],
		record->count[WDPDK_QUEUE_COUNTER_DELIVERED_BYTES]);
	report_pair(arena, map, "injected", record->count[WDPDK_QUEUE_COUNTER_INJECTED_PACKETS],
		record->count[WDPDK_QUEUE_COUNTER_INJECTED_BYTES]);
	drops = value_set_map(arena, map, "drops");
	for (unsigned int i = 0; i < WDPDK_QUEUE_DROP_COUNT; i++)
		if (record->count[WDPDK_QUEUE_COUNTER_COUNT + i] != 0)
			value_set_u64(arena, drops, causes[i], record->count[WDPDK_QUEUE_COUNTER_COUNT + i]);
	value_set_u64(arena, map, "wakeups", record->count[WDPDK_QUEUE_COUNTER_WAKEUPS]);
	for (unsigned int i = 0; i < SHM_QUEUE_WORDS; i++)
		sums[i] += record->count[i];
}

static void
report_client(struct arena *arena, struct value *list, const struct client *client)
{
	struct value *map = value_add_map(arena, list), *queues;
	uint64_t sums[SHM_QUEUE_WORDS] = { 0 };

	value_set_u64(arena, map, "id", client->id);
	value_set_string(arena, map, "name", client->name);
	value_set_u64(arena, map, "pid", client->pid);
	value_set_bool(arena, map, "left", client->left || client->control == NULL);
	queues = value_set_array(arena, map, "queues");
	for (const struct queue *queue = client->queues; queue != NULL; queue = queue->next) {
		struct queue_record now;

		describe(queue, &now);
		report_queue(arena, queues, &now, true, sums);
	}
	for (const struct queue_record *record = client->closed; record != NULL; record = record->next)
		report_queue(arena, queues, record, false, sums);
	report_pair(arena, map, "delivered", sums[WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS],
		sums[WDPDK_QUEUE_COUNTER_DELIVERED_BYTES]);
	report_pair(arena, map, "injected", sums[WDPDK_QUEUE_COUNTER_INJECTED_PACKETS],
		sums[WDPDK_QUEUE_COUNTER_INJECTED_BYTES]);
}

/* Clients that are too long gone to be told apart, so that sums over clients stay whole. */
static void
report_forgotten(struct arena *arena, struct value *report)
{
	struct value *map;

	if (server.forgotten == 0)
		return;
	map = value_set_map(arena, report, "earlier");
	value_set_u64(arena, map, "clients", server.forgotten);
	report_pair(arena, map, "delivered", server.forgotten_count[WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS],
		server.forgotten_count[WDPDK_QUEUE_COUNTER_DELIVERED_BYTES]);
	report_pair(arena, map, "injected", server.forgotten_count[WDPDK_QUEUE_COUNTER_INJECTED_PACKETS],
		server.forgotten_count[WDPDK_QUEUE_COUNTER_INJECTED_BYTES]);
}

void
control_report_clients(struct arena *arena, struct value *report)
{
	struct value *list = value_set_array(arena, report, "clients");
	uint32_t below = UINT32_MAX;

	pthread_mutex_lock(&server.registry);
	/* In the order they came: the list has the newest first. */
	for (unsigned int told = 0; told < server.present + server.left_count; told++) {
		const struct client *next = NULL;
		uint32_t last = told == 0 ? 0 : below;

		for (const struct client *client = server.clients; client != NULL; client = client->next)
			if (client->id > last && (next == NULL || client->id < next->id))
				next = client;
		if (next == NULL)
			break;
		below = next->id;
		report_client(arena, list, next);
	}
	report_forgotten(arena, report);
	pthread_mutex_unlock(&server.registry);
}
