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
	if (client == NULL) {
		failure_no_memory(failure, server.instance, "another client");
		return NULL;
	}
	if (os_random(client->token, sizeof(client->token)) != 0) {
		free(client);
		failure_set(failure, WDPDK_E_INTERNAL, server.instance, "Restart the machine that runs the dataplane",
			"the system gave no random bytes");
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
	events_start(peer);
	events_clients_changed();
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

		server.forgotten++;
		for (const struct queue_record *record = client->closed; record != NULL; record = record->next)
			for (unsigned int i = 0; i < SHM_QUEUE_WORDS; i++)
				server.forgotten_count[i] += record->count[i];
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
	if ((client->capabilities & WDPDK_CAP_CONFIGURE) != 0 && server.stopping == 0)
		builder_author_left(client->id);
	upload_release(client->upload);
	client->upload = NULL;
	events_clients_changed();
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
