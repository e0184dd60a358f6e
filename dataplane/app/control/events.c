/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What observers are told without asking. Every event is the change of a state that stands here; each peer has marks of what it
 * has not been told yet. A peer with too much unread is told the rest when it has read, and then as it is by then: what waits for
 * it has a bound however long it sleeps, and everybody who keeps up sees every change.
 */
#include <string.h>

#include "report.h"
#include "server.h"

#define LINKS_NS UINT64_C(100000000)
/* Bytes waiting for a peer above which it is told no news. */
#define BACKLOG_BYTES 65536u
#define EVENT_ARENA 16384

static void
describe_client(struct arena *arena, struct value *map, uint32_t id)
{
	const struct client *client = server.clients;

	while (client != NULL && client->id != id)
		client = client->next;
	value_set_u64(arena, map, "client", id);
	value_set_string(arena, map, "name", client == NULL ? "" : client->name);
}

/* Each event is built for each peer: there are few of them, and few peers. */
static struct value *
begin(struct arena **arena)
{
	*arena = arena_create(EVENT_ARENA);
	return value_new_map(*arena);
}

static void
send(struct peer *peer, const char *event, struct arena *arena, const struct value *map)
{
	notify(peer, event, arena, map);
	arena_destroy(arena);
}

static bool
has_room(const struct peer *peer)
{
	return os_connection_queued(peer->connection) < BACKLOG_BYTES;
}

static void
tell_config(struct peer *peer)
{
	struct arena *arena;
	struct value *map = begin(&arena);

	value_set_u64(arena, map, "generation", server.news.config.generation);
	value_set_string(arena, map, "by", server.news.config.by);
	value_set_bool(arena, map, "rolledBack", server.news.config.rolled_back);
	peer->told.config = server.news.config.number;
	send(peer, "config", arena, map);
}

static void
tell_link(struct peer *peer, unsigned int port)
{
	struct arena *arena;
	struct value *map = begin(&arena);

	value_set_u64(arena, map, "port", port);
	value_set_bool(arena, map, "up", server.news.links[port].up);
	value_set_u64(arena, map, "speedMbps", server.news.links[port].mbps);
	peer->told.links &= ~(UINT32_C(1) << port);
	send(peer, "link", arena, map);
}

static void
tell_client(struct peer *peer, unsigned int place, const struct client *present)
{
	struct arena *arena;
	struct value *map = begin(&arena);

	if (peer->told.clients[place] != 0) {
		describe_client(arena, map, peer->told.clients[place]);
		peer->told.clients[place] = 0;
		send(peer, "client.left", arena, map);
		return;
	}
	value_set_u64(arena, map, "client", present->id);
	value_set_string(arena, map, "name", present->name);
	value_set_u64(arena, map, "pid", present->pid);
	peer->told.clients[place] = present->id;
	send(peer, "client.joined", arena, map);
}

static void
tell_stalled(struct peer *peer, const struct queue *queue)
{
	struct arena *arena;
	struct value *map = begin(&arena);

	describe_client(arena, map, queue->client->id);
	value_set_u64(arena, map, "queue", queue->attachment.queue_id);
	value_set_bool(arena, map, "stalled", queue->watch.stalled);
	send(peer, "stalled", arena, map);
}

/* By place; NULL: nobody is attached there. */
static void
find_present(const struct client *present[WDPDK_LIMIT_CLIENTS])
{
	memset(present, 0, WDPDK_LIMIT_CLIENTS * sizeof(present[0]));
	for (const struct client *client = server.clients; client != NULL; client = client->next)
		if (client->control != NULL)
			present[client->place] = client;
}

/* False: it has no room for more. */
static bool
tell_clients(struct peer *peer, const struct client *const *present)
{
	for (unsigned int place = 0; place < WDPDK_LIMIT_CLIENTS; place++) {
		uint32_t id = present[place] == NULL ? 0 : present[place]->id;

		while (peer->told.clients[place] != id) {
			if (!has_room(peer))
				return false;
			tell_client(peer, place, present[place]);
		}
	}
	return true;
}

static bool
tell_stalls(struct peer *peer)
{
	for (unsigned int word = 0; word < WDPDK_LIMIT_QUEUES / 64; word++)
		while (peer->told.stalled[word] != 0) {
			unsigned int bit = (unsigned int)__builtin_ctzll(peer->told.stalled[word]);
			const struct queue *queue = server.places_of_queues[word * 64 + bit];

			if (!has_room(peer))
				return false;
			peer->told.stalled[word] &= ~(UINT64_C(1) << bit);
			if (queue != NULL)
				tell_stalled(peer, queue);
		}
	return true;
}

static bool
tell_peer(struct peer *peer, const struct client *const *present)
{
	if (!has_room(peer))
		return false;
	if (peer->told.config != server.news.config.number)
		tell_config(peer);
	while (peer->told.links != 0) {
		if (!has_room(peer))
			return false;
		tell_link(peer, (unsigned int)__builtin_ctz(peer->told.links));
	}
	return tell_clients(peer, present) && tell_stalls(peer);
}

static bool
observes(const struct client *client)
{
	return client->control != NULL && (client->capabilities & WDPDK_CAP_OBSERVE) != 0;
}

void
events_tell(void)
{
	const struct client *present[WDPDK_LIMIT_CLIENTS];
	bool found = false;

	for (struct client *client = server.clients; client != NULL; client = client->next) {
		struct peer *peer = client->control;

		if (!observes(client) || peer->told.serial == server.news.serial)
			continue;
		if (!found)
			find_present(present);
		found = true;
		if (tell_peer(peer, present))
			peer->told.serial = server.news.serial;
	}
}

void
events_start(struct peer *peer)
{
	const struct client *present[WDPDK_LIMIT_CLIENTS];

	memset(&peer->told, 0, sizeof(peer->told));
	find_present(present);
	for (unsigned int place = 0; place < WDPDK_LIMIT_CLIENTS; place++)
		peer->told.clients[place] = present[place] == NULL ? 0 : present[place]->id;
	peer->told.config = server.news.config.number;
	peer->told.serial = server.news.serial;
}

void
events_clients_changed(void)
{
	server.news.serial++;
	events_tell();
}

void
events_stalled(const struct queue *queue)
{
	for (struct client *client = server.clients; client != NULL; client = client->next)
		if (observes(client))
			client->control->told.stalled[queue->place / 64] |= UINT64_C(1) << queue->place % 64;
	server.news.serial++;
	events_tell();
}

/* ---- forwarding ---- */

static void
tell_change(uint64_t generation, uint32_t author, bool rolled_back)
{
	const struct client *client = server.clients;
	char *by = server.news.config.by;

	while (client != NULL && client->id != author)
		client = client->next;
	if (client != NULL && client->name[0] != '\0')
		snprintf(by, sizeof(server.news.config.by), "%s", client->name);
	else
		snprintf(by, sizeof(server.news.config.by), "client %u", author);
	server.news.config.generation = generation;
	server.news.config.rolled_back = rolled_back;
	server.news.config.number++;
	server.news.serial++;
	events_tell();
}

/* What was undone before `generation`. */
static void
tell_undone(uint64_t before)
{
	uint64_t generation = 0;
	uint32_t author = 0;

	pthread_mutex_lock(&server.registry);
	if (server.undone.generation != 0 && server.undone.generation < before) {
		generation = server.undone.generation;
		author = server.undone.author;
		server.undone.generation = 0;
	}
	pthread_mutex_unlock(&server.registry);
	if (generation != 0)
		tell_change(generation, author, true);
}

void
events_config(uint64_t generation, uint32_t author, bool rolled_back)
{
	tell_undone(generation);
	tell_change(generation, author, rolled_back);
}

void
events_undone(uint64_t generation, uint32_t author)
{
	pthread_mutex_lock(&server.registry);
	server.undone.generation = generation;
	server.undone.author = author;
	if (server.transport != NULL)
		os_transport_wake(server.transport);
	pthread_mutex_unlock(&server.registry);
}

void
events_take_undone(void)
{
	tell_undone(UINT64_MAX);
}

/* ---- links ---- */

void
events_watch_links(uint64_t now_ns)
{
	bool first = server.news.links_ns == 0;
	uint32_t ports = report_port_mask(), changed = 0;

	if (!first && now_ns - server.news.links_ns < LINKS_NS)
		return;
	server.news.links_ns = now_ns;
	for (; ports != 0; ports &= ports - 1) {
		unsigned int port = (unsigned int)__builtin_ctz(ports);
		uint32_t mbps;
		bool up;

		if (!report_link((uint16_t)port, &up, &mbps) || (up == server.news.links[port].up && mbps == server.news.links[port].mbps))
			continue;
		server.news.links[port].up = up;
		server.news.links[port].mbps = mbps;
		changed |= UINT32_C(1) << port;
	}
	if (changed == 0 || first)
		return;
	for (struct client *client = server.clients; client != NULL; client = client->next)
		if (observes(client))
			client->control->told.links |= changed;
	server.news.serial++;
	events_tell();
}
