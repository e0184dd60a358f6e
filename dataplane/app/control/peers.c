/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Connections: what each one is for, its frames, the greeting. A peer that breaks the protocol is told why, once, and closed.
 */
#include <stdlib.h>
#include <string.h>

#include "doorbell.h"
#include "server.h"

#define DEFAULT_CAPABILITIES (WDPDK_CAP_OBSERVE | WDPDK_CAP_RECEIVE)

/* A crowd of connections that do not say what they are keeps nobody out: from here on the oldest of them goes for each new one.
 * Those of one poll still fit beside them. */
#define CROWD (OS_MAX_CONNECTIONS - OS_MAX_CONNECTIONS / 4)

/* A peer's frames are handled for this long at most, and then it is the others' turn. One frame is never cut short. */
#define TURN_NS UINT64_C(4000000)

static void
thin_out(void)
{
	struct peer *oldest = NULL;
	unsigned int count = 0;

	for (struct peer *peer = server.peers; peer != NULL; peer = peer->next, count++)
		if (peer->role == ROLE_NONE)
			oldest = peer;
	if (count < CROWD || oldest == NULL)
		return;
	oldest->role = ROLE_DONE;
	os_connection_end(oldest->connection);
}

void *
peer_opened(void *context, struct os_connection *connection)
{
	struct peer *peer = calloc(1, sizeof(*peer));

	(void)context;
	if (peer == NULL || server.stopping) {
		free(peer);
		return NULL;
	}
	thin_out();
	peer->connection = connection;
	peer->opened_ns = os_monotonic_ns();
	peer->next = server.peers;
	if (peer->next != NULL)
		peer->next->previous = peer;
	server.peers = peer;
	return peer;
}

void
peer_closed(void *context, void *user)
{
	struct peer *peer = user;
	struct client *client = peer->client;

	(void)context;
	if (peer->role == ROLE_DOORBELL) {
		doorbell_connect(client->place, NULL);
		client->doorbell = NULL;
		client_settle(client);
	} else if (peer->role == ROLE_CONTROL) {
		client_leave(client);
	}
	if (peer->previous != NULL)
		peer->previous->next = peer->next;
	else
		server.peers = peer->next;
	if (peer->next != NULL)
		peer->next->previous = peer->previous;
	if (peer->rest != NULL)
		server.waiting_peers--;
	free(peer->rest);
	shm_frame_reader_free(&peer->reader);
	free(peer);
}

void
peer_expire(uint64_t now_ns)
{
	for (struct peer *peer = server.peers; peer != NULL; peer = peer->next) {
		struct failure failure = { 0 };

		if (peer->role != ROLE_NONE || now_ns - peer->opened_ns < WDPDK_FRAME_HELLO_TIMEOUT_MS * UINT64_C(1000000))
			continue;
		failure_set(&failure, WDPDK_E_TIMEOUT, "connection", "Send hello as the first frame",
			"nothing said what this connection is for within %u ms", WDPDK_FRAME_HELLO_TIMEOUT_MS);
		complain(peer, &failure);
		peer->role = ROLE_DONE;
		os_connection_end(peer->connection);
	}
}

/* ---- hello ---- */

static bool
wanted_capabilities(const struct value *want, uint32_t *capabilities, struct failure *failure)
{
	static const char *const names[] = WDPDK_CAPABILITY_NAMES;

	*capabilities = DEFAULT_CAPABILITIES;
	if (want == NULL || value_is(want, VALUE_NIL))
		return true;
	if (!value_is(want, VALUE_ARRAY)) {
		failure_set(failure, WDPDK_E_ARGUMENT, "hello.want", "Give a list of capabilities", "it is not a list");
		return false;
	}
	*capabilities = 0;
	for (uint32_t i = 0; i < want->count; i++) {
		unsigned int bit = 0;

		while (names[bit] != NULL && !value_string_is(want->items[i], names[bit]))
			bit++;
		if (names[bit] == NULL) {
			failure_set(failure, WDPDK_E_ARGUMENT, "hello.want", "Choose from observe, receive, transmit, redirect, configure",
				"'%.40s' is no capability", value_is(want->items[i], VALUE_STRING) ? want->items[i]->string : "a value");
			return false;
		}
		*capabilities |= 1u << bit;
	}
	return true;
}

static bool
versions_agree(const struct value *params, uint64_t *minor, struct failure *failure)
{
	const struct value *version = value_get(params, "version");
	const char *theirs = value_is(version, VALUE_STRING) ? version->string : "unknown";
	uint64_t major;

	if (!value_u64(value_get(params, "major"), &major) || !value_u64(value_get(params, "minor"), minor)) {
		failure_set(failure, WDPDK_E_VERSION, "hello", "Use a client of version " WDPDK_VERSION,
			"hello names no protocol version (major, minor); this dataplane is version %s and speaks %u.%u",
			WDPDK_VERSION, WDPDK_VERSION_MAJOR, WDPDK_VERSION_MINOR);
		return false;
	}
	if (major != WDPDK_VERSION_MAJOR) {
		failure_set(failure, WDPDK_E_VERSION, "hello", major > WDPDK_VERSION_MAJOR ?
			"Update wdpdk-dataplane to the client's version" : "Update the client (npm package wdpdk) to the dataplane's version",
			"the client (version %.40s) speaks protocol %" PRIu64 ".%" PRIu64 ", this dataplane (version %s) speaks %u.%u",
			theirs, major, *minor, WDPDK_VERSION, WDPDK_VERSION_MAJOR, WDPDK_VERSION_MINOR);
		return false;
	}
	if (*minor > WDPDK_VERSION_MINOR)
		*minor = WDPDK_VERSION_MINOR;
	return true;
}

static bool
hello(struct peer *peer, struct call *call)
{
	static const char *const names[] = WDPDK_CAPABILITY_NAMES;
	const struct value *name = value_get(call->params, "name");
	struct value *granted, *limits;
	uint32_t capabilities;
	uint64_t minor;

	if (!versions_agree(call->params, &minor, &call->failure) ||
			!wanted_capabilities(value_get(call->params, "want"), &capabilities, &call->failure))
		return false;
	if (name != NULL && !value_is(name, VALUE_NIL) && (!value_is(name, VALUE_STRING) || name->count >= WDPDK_LIMIT_NAME_BYTES)) {
		failure_set(&call->failure, WDPDK_E_ARGUMENT, "hello.name", "Give a shorter name, or none",
			"it is not a string of less than %u bytes", WDPDK_LIMIT_NAME_BYTES);
		return false;
	}
	call->client = client_create(peer, value_is(name, VALUE_STRING) ? name->string : "", capabilities, &call->failure);
	if (call->client == NULL)
		return false;
	peer->role = ROLE_CONTROL;
	value_set_u64(call->arena, call->result, "major", WDPDK_VERSION_MAJOR);
	value_set_u64(call->arena, call->result, "minor", minor);
	value_set_string(call->arena, call->result, "version", WDPDK_VERSION);
	value_set_string(call->arena, call->result, "instance", server.instance);
	value_set_u64(call->arena, call->result, "client", call->client->id);
	value_set_u64(call->arena, call->result, "pid", os_pid());
	granted = value_set_array(call->arena, call->result, "granted");
	for (unsigned int bit = 0; names[bit] != NULL; bit++)
		if ((capabilities >> bit & 1) != 0)
			value_add_string(call->arena, granted, names[bit]);
	value_set_binary(call->arena, call->result, "token", call->client->token, WDPDK_TOKEN_BYTES);
	limits = value_set_map(call->arena, call->result, "limits");
	value_set_u64(call->arena, limits, "frameBytes", WDPDK_FRAME_MAX_BYTES);
	value_set_u64(call->arena, limits, "queuesPerClient", WDPDK_LIMIT_QUEUES_PER_CLIENT);
	return true;
}

/* ---- the other roles ---- */

static const uint8_t *
secret(const struct value *params, const char *key)
{
	const struct value *value = value_get(params, key);

	return value_is(value, VALUE_BINARY) && value->count == WDPDK_TOKEN_BYTES ? value->binary : NULL;
}

static bool
become_doorbell(struct peer *peer, const struct value *params, struct failure *failure)
{
	const uint8_t *token = secret(params, "token");
	struct client *client = token == NULL ? NULL : client_by_token(token);

	if (client == NULL) {
		failure_set(failure, WDPDK_E_DENIED, "doorbell", "Use the token of this client's hello, once", "the token is not valid");
		return false;
	}
	peer->role = ROLE_DOORBELL;
	peer->client = client;
	client->doorbell = peer;
	doorbell_connect(client->place, peer->connection);
	return true;
}

static bool
give_segment(struct peer *peer, const struct value *params, struct failure *failure)
{
	const uint8_t *ticket = secret(params, "ticket");
	const struct os_segment *found = NULL;
	bool writable = false;

	for (struct client *client = server.clients; ticket != NULL && client != NULL; client = client->next) {
		if (client->counters_ticket_valid && shm_secret_equal(client->counters_ticket, ticket, WDPDK_TOKEN_BYTES)) {
			client->counters_ticket_valid = false;
			found = &server.counters;
		}
		for (struct queue *queue = client->queues; queue != NULL; queue = queue->next)
			if (queue->ticket_valid && queue->state != QUEUE_OPENING &&
					shm_secret_equal(queue->ticket, ticket, WDPDK_TOKEN_BYTES)) {
				queue->ticket_valid = false;
				found = &queue->segment;
				writable = true;
			}
	}
	if (found == NULL) {
		failure_set(failure, WDPDK_E_DENIED, "segment", "Use the ticket of this segment's answer, once", "the ticket is not valid");
		return false;
	}
	if (os_connection_give(peer->connection, found, writable) != 0) {
		failure_set(failure, WDPDK_E_PLATFORM, "segment", "Open the segment by its name", "segments are not handed over here");
		return false;
	}
	peer->role = ROLE_DONE;
	os_connection_end(peer->connection);
	return true;
}

/* ---- frames ---- */

static bool
refuse_frame(struct peer *peer, const char *what)
{
	struct failure failure = { 0 };

	failure_set(&failure, WDPDK_E_PROTOCOL, "control frame", "See shm-protocol/CONTROL.md", "%s", what);
	complain(peer, &failure);
	return false;
}

static bool
request(struct peer *peer, struct call *call, const struct value *name)
{
	enum outcome outcome = FAILED;
	bool first = peer->role == ROLE_NONE;

	call->result = value_new_map(call->arena);
	if (first && !value_string_is(name, "hello")) {
		failure_set(&call->failure, WDPDK_E_PROTOCOL, "connection", "Send hello first", "'%.40s' came before hello", name->string);
	} else if (first) {
		if (hello(peer, call))
			outcome = ANSWERED;
	} else {
		call->client = peer->client;
		outcome = method_call(call, name->string);
	}
	if (outcome != DEFERRED)
		answer(peer, call->id, call->arena, call->result, &call->failure);
	return outcome != FAILED || !first;
}

static bool
notification(struct peer *peer, const struct value *name, const struct value *params)
{
	struct failure failure = { 0 };
	bool good;

	/* Later minors may add notifications; one that is not known changes nothing. */
	if (peer->role != ROLE_NONE)
		return true;
	if (value_string_is(name, "doorbell")) {
		good = become_doorbell(peer, params, &failure);
	} else if (value_string_is(name, "segment")) {
		good = give_segment(peer, params, &failure);
	} else {
		failure_set(&failure, WDPDK_E_PROTOCOL, "connection", "Send hello first", "'%.40s' came before hello", name->string);
		good = false;
	}
	if (!good)
		complain(peer, &failure);
	return good && peer->role != ROLE_DONE;
}

static bool
use_message(struct peer *peer, const struct value *message, struct arena *arena)
{
	struct call call = { .arena = arena };
	uint64_t type;

	/* What came right behind the frame that gave the connection its purpose: its client may be gone by now. */
	if (peer->role == ROLE_DOORBELL || peer->role == ROLE_DONE)
		return refuse_frame(peer, "nothing is to be said on a connection that is a doorbell or gets a segment");
	if (!value_is(message, VALUE_ARRAY) || message->count == 0 || !value_u64(message->items[0], &type))
		return refuse_frame(peer, "a frame holds a list that begins with its type");
	if (type == WDPDK_MESSAGE_REQUEST && message->count == 4 && value_u64(message->items[1], &call.id) &&
			value_is(message->items[2], VALUE_STRING) && value_is(message->items[3], VALUE_MAP)) {
		call.params = message->items[3];
		return request(peer, &call, message->items[2]);
	}
	if (type == WDPDK_MESSAGE_NOTIFY && message->count == 3 && value_is(message->items[1], VALUE_STRING) &&
			value_is(message->items[2], VALUE_MAP))
		return notification(peer, message->items[1], message->items[2]);
	return refuse_frame(peer, "a request is [0, id, method, {...}], a notification [2, method, {...}]");
}

static bool
use_frame(void *context, const uint8_t *bytes, size_t length)
{
	struct peer *peer = context;
	struct arena *arena = arena_create(TREE_BYTES);
	const struct value *message;
	char error[160] = "no memory";
	bool go_on;

	message = arena == NULL ? NULL : value_from_msgpack(arena, bytes, length, error, sizeof(error));
	go_on = message != NULL ? use_message(peer, message, arena) : refuse_frame(peer, error);
	arena_destroy(arena);
	return go_on && !peer->lost;
}

/* ---- turns ---- */

/* How many of `length` bytes belong to the frame that is being read. */
static size_t
of_this_frame(const struct shm_frame_reader *reader, const uint8_t *bytes, size_t length)
{
	uint8_t header[WDPDK_FRAME_HEADER_BYTES];
	size_t known = reader->used < sizeof(header) ? reader->used : sizeof(header), whole;

	if (known + length < sizeof(header))
		return length;
	if (known > 0)
		memcpy(header, reader->bytes, known);
	memcpy(header + known, bytes, sizeof(header) - known);
	whole = sizeof(header) + ((size_t)header[0] | (size_t)header[1] << 8 | (size_t)header[2] << 16 | (size_t)header[3] << 24);
	if (whole <= reader->used || length <= whole - reader->used)
		return length;
	return whole - reader->used;
}

/* Handles frames for a turn: *taken of the bytes. False: the connection is to end. */
static bool
take_turn(struct peer *peer, const uint8_t *bytes, size_t length, size_t *taken)
{
	uint64_t until = os_monotonic_ns() + TURN_NS;

	*taken = 0;
	do {
		size_t part = of_this_frame(&peer->reader, bytes + *taken, length - *taken);

		switch (shm_frame_push(&peer->reader, bytes + *taken, part, use_frame, peer)) {
		case SHM_FRAME_DONE:
			break;
		case SHM_FRAME_TOO_LONG:
			return refuse_frame(peer, "a frame's length must be from 1 to 1048576 bytes");
		case SHM_FRAME_NO_MEMORY:
			return refuse_frame(peer, "no memory for the frame");
		default:
			return false;
		}
		*taken += part;
	} while (*taken < length && os_monotonic_ns() < until);
	return true;
}

bool
peer_received(void *context, void *user, const uint8_t *bytes, size_t length)
{
	struct peer *peer = user;

	(void)context;
	while (length > 0) {
		size_t taken;

		/* Nothing is to be said on a doorbell. */
		if (peer->role == ROLE_DOORBELL || peer->role == ROLE_DONE || !take_turn(peer, bytes, length, &taken))
			return false;
		bytes += taken;
		length -= taken;
		peer->rest = length == 0 ? NULL : malloc(length);
		if (peer->rest == NULL)
			continue;	/* all is done, or without memory it goes on at once */
		memcpy(peer->rest, bytes, length);
		peer->rest_at = 0;
		peer->rest_end = length;
		server.waiting_peers++;
		os_connection_pause(peer->connection, true);
		return true;
	}
	return true;
}

void
peers_continue(void)
{
	if (server.waiting_peers == 0)
		return;
	for (struct peer *peer = server.peers; peer != NULL; peer = peer->next) {
		size_t taken;
		bool good;

		if (peer->rest == NULL)
			continue;
		good = take_turn(peer, peer->rest + peer->rest_at, peer->rest_end - peer->rest_at, &taken);
		peer->rest_at += taken;
		if (good && peer->rest_at < peer->rest_end)
			continue;
		free(peer->rest);
		peer->rest = NULL;
		server.waiting_peers--;
		if (good)
			os_connection_pause(peer->connection, false);
		else
			os_connection_end(peer->connection);
	}
}
