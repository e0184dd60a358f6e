/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Who is attached, and who was.
 */
#include <stdlib.h>
#include <string.h>

#include "doorbell.h"
#include "server.h"

struct client *
client_create(struct peer *peer, const char *name, uint32_t capabilities, struct failure *failure)
{
	struct client *client;

	if (server.present >= WDPDK_LIMIT_CLIENTS) {
		failure_set(failure, WDPDK_E_LIMIT, server.instance, "Close a client that is not needed",
			"%u clients are attached, and no more than that can be", WDPDK_LIMIT_CLIENTS);
		return NULL;
	}
	client = calloc(1, sizeof(*client));
	if (client == NULL || os_random(client->token, sizeof(client->token)) != 0) {
		free(client);
		failure_set(failure, WDPDK_E_NO_MEMORY, server.instance, "", "no memory for another client");
		return NULL;
	}
	snprintf(client->name, sizeof(client->name), "%s", name);
	client->token_valid = true;
	client->capabilities = capabilities;
	client->pid = os_connection_pid(peer->connection);
	client->process = client->pid == 0 ? NULL : os_process_watch(client->pid);
	client->control = peer;
	client->place = (unsigned int)__builtin_ctzll(~server.places);
	server.places |= UINT64_C(1) << client->place;
	peer->client = client;
	pthread_mutex_lock(&server.registry);
	client->id = ++server.next_client;
	client->next = server.clients;
	server.clients = client;
	server.present++;
	pthread_mutex_unlock(&server.registry);
	return client;
}

static void
free_client(struct client *client)
{
	while (client->closed != NULL) {
		struct queue_record *record = client->closed;

		client->closed = record->next;
		free(record);
	}
	free(client);
}

/* Called with the registry locked. */
static void
forget_oldest(void)
{
	struct client **oldest = NULL;

	for (struct client **at = &server.clients; *at != NULL; at = &(*at)->next)
		if ((*at)->left)
			oldest = at;
	if (oldest != NULL) {
		struct client *client = *oldest;

		*oldest = client->next;
		free_client(client);
		server.left_count--;
	}
}

void
client_leave(struct client *client)
{
	struct queue *next;

	pthread_mutex_lock(&server.registry);
	client->control = NULL;
	pthread_mutex_unlock(&server.registry);
	client->token_valid = client->counters_ticket_valid = false;
	if (client->doorbell != NULL)
		os_connection_end(client->doorbell->connection);
	for (struct queue *queue = client->queues; queue != NULL; queue = next) {
		next = queue->next;
		queue->asked = false;
		queue_close(queue, WDPDK_CLOSE_CLIENT_GONE);
	}
	hold_left(client);
	client_settle(client);
}

void
client_settle(struct client *client)
{
	if (client->left || client->control != NULL || client->doorbell != NULL || client->queues != NULL || client->jobs != 0)
		return;
	os_process_unwatch(client->process);
	client->process = NULL;
	server.places &= ~(UINT64_C(1) << client->place);
	pthread_mutex_lock(&server.registry);
	client->left = true;
	server.present--;
	if (++server.left_count > MAX_LEFT)
		forget_oldest();
	pthread_mutex_unlock(&server.registry);
}

struct client *
client_by_token(const uint8_t *token)
{
	struct client *found = NULL;

	/* All of them are compared, so that the time says nothing about any token. */
	for (struct client *client = server.clients; client != NULL; client = client->next)
		if (client->token_valid && shm_secret_equal(client->token, token, WDPDK_TOKEN_BYTES))
			found = client;
	if (found != NULL)
		found->token_valid = false;
	return found;
}

void
client_watch_processes(void)
{
	for (struct client *client = server.clients; client != NULL; client = client->next)
		if (client->control != NULL && client->process != NULL && !os_process_alive(client->process))
			os_connection_end(client->control->connection);
}

/* ---- the report ---- */

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
		struct queue_record now = { .id = queue->attachment.queue_id, .port = queue->attachment.port,
			.receives = queue->attachment.receives, .transmits = queue->attachment.transmits };

		for (unsigned int i = 0; i < SHM_QUEUE_WORDS; i++)
			now.count[i] = client_queue_count(queue->attachment.lanes[0], i);
		report_queue(arena, queues, &now, true, sums);
	}
	for (const struct queue_record *record = client->closed; record != NULL; record = record->next)
		report_queue(arena, queues, record, false, sums);
	report_pair(arena, map, "delivered", sums[WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS],
		sums[WDPDK_QUEUE_COUNTER_DELIVERED_BYTES]);
	report_pair(arena, map, "injected", sums[WDPDK_QUEUE_COUNTER_INJECTED_PACKETS],
		sums[WDPDK_QUEUE_COUNTER_INJECTED_BYTES]);
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
	pthread_mutex_unlock(&server.registry);
}
