/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"
#include "shm_frame.h"

#define ARENA (256u << 20)

static char last_code[64];

static void
send_value(struct link *link, const struct value *value)
{
	struct byte_buffer out = { 0 };
	uint8_t header[4];

	if (value_write_msgpack(value, &out) == 0) {
		uint8_t *whole = malloc(out.length + 4);

		shm_frame_header(header, out.length);
		memcpy(whole, header, 4);
		memcpy(whole + 4, out.bytes, out.length);
		link_send(link, whole, out.length + 4);
		free(whole);
	}
	free(out.bytes);
}

void
peer_send_json(struct link *link, const char *json)
{
	struct arena *arena = arena_create(ARENA);
	char error[200];
	struct value *value = value_from_json(arena, json, strlen(json), error, sizeof(error));

	if (value == NULL)
		printf("    bad JSON in the test: %s\n", error);
	else
		send_value(link, value);
	arena_destroy(arena);
}

static bool
receive_all(struct link *link, uint8_t *to, size_t length, int timeout_ms)
{
	while (length > 0) {
		int got = link_receive(link, to, length, timeout_ms);

		if (got <= 0)
			return false;
		to += got;
		length -= (size_t)got;
	}
	return true;
}

struct value *
peer_frame(struct arena *arena, struct link *link, int timeout_ms)
{
	uint8_t header[4], *bytes;
	struct value *value;
	char error[200];
	size_t length;

	if (!receive_all(link, header, 4, timeout_ms))
		return NULL;
	length = (size_t)header[0] | (size_t)header[1] << 8 | (size_t)header[2] << 16 | (size_t)header[3] << 24;
	if (length > WDPDK_FRAME_MAX_BYTES)
		return NULL;
	bytes = malloc(length + 1);
	value = receive_all(link, bytes, length, 10000) ? value_from_msgpack(arena, bytes, length, error, sizeof(error)) : NULL;
	free(bytes);
	return value;
}

void
peer_request(struct peer *peer, const char *method, const char *json)
{
	char text[4096];

	snprintf(text, sizeof(text), "[0,%" PRIu64 ",\"%s\",%s]", peer->next_id++, method, json == NULL ? "{}" : json);
	peer_send_json(peer->link, text);
}

void
peer_request_value(struct peer *peer, const char *method, const struct value *params)
{
	struct value *message = value_new_array(peer->arena), *item;

	item = value_add(peer->arena, message);
	item->type = VALUE_INT;
	item->integer = WDPDK_MESSAGE_REQUEST;
	item = value_add(peer->arena, message);
	item->type = VALUE_INT;
	item->integer = (int64_t)peer->next_id++;
	value_add_string(peer->arena, message, method);
	item = value_add(peer->arena, message);
	*item = *params;
	send_value(peer->link, message);
}

struct value *
peer_routes(struct peer *peer, uint64_t upload, uint32_t first, uint32_t count, unsigned int via)
{
	struct value *params = value_new_map(peer->arena), *routes;

	if (upload != 0)
		value_set_u64(peer->arena, params, "upload", upload);
	routes = value_set_array(peer->arena, params, "routes");
	for (uint32_t i = first; i < first + count; i++) {
		struct value *route = value_add_map(peer->arena, routes);
		char to[24];

		snprintf(to, sizeof(to), "10.%u.%u.%u/32", i >> 16 & 255, i >> 8 & 255, i & 255);
		value_set_string(peer->arena, route, "to", to);
		value_set_u64(peer->arena, route, "via", via);
	}
	return params;
}

struct value *
peer_answer(struct peer *peer)
{
	while (true) {
		struct value *message = peer_frame(peer->arena, peer->link, 10000);
		uint64_t type;

		if (message == NULL || message->count < 3 || !value_u64(message->items[0], &type))
			return NULL;
		if (type == WDPDK_MESSAGE_RESPONSE)
			return message;
		if (peer->notified_count < 64)
			peer->notified[peer->notified_count++] = message;
	}
}

struct value *
peer_call(struct peer *peer, const char *method, const char *json)
{
	peer_request(peer, method, json);
	return peer_result(peer);
}

struct value *
peer_result(struct peer *peer)
{
	struct value *message = peer_answer(peer);
	const struct value *code;

	if (message == NULL || message->count != 4) {
		snprintf(last_code, sizeof(last_code), "closed");
		return NULL;
	}
	code = value_get(message->items[2], "code");
	snprintf(last_code, sizeof(last_code), "%s", value_is(code, VALUE_STRING) ? code->string : "");
	return code == NULL ? message->items[3] : NULL;
}

const char *
peer_code(void)
{
	return last_code;
}

struct value *
peer_notification(struct peer *peer, const char *method, int timeout_ms)
{
	uint64_t until = peer_now_ms() + (uint64_t)timeout_ms;

	while (true) {
		uint64_t now;

		for (unsigned int i = 0; i < peer->notified_count; i++)
			if (value_string_is(peer->notified[i]->items[1], method)) {
				struct value *params = peer->notified[i]->items[2];

				peer->notified[i] = peer->notified[--peer->notified_count];
				return params;
			}
		now = peer_now_ms();
		if (now >= until || peer->notified_count == 64)
			return NULL;
		peer->notified[peer->notified_count] = peer_frame(peer->arena, peer->link, (int)(until - now));
		if (peer->notified[peer->notified_count] == NULL)
			return NULL;
		peer->notified_count++;
	}
}

struct peer *
peer_attach(const char *endpoint, const char *hello)
{
	struct peer *peer = calloc(1, sizeof(*peer));
	struct value *result;
	const struct value *token;

	peer->arena = arena_create(ARENA);
	peer->link = link_open(endpoint);
	peer->next_id = 1;
	snprintf(last_code, sizeof(last_code), "unreachable");
	if (peer->link == NULL) {
		arena_destroy(peer->arena);
		free(peer);
		return NULL;
	}
	result = peer_call(peer, "hello", hello != NULL ? hello : "{\"major\":1,\"minor\":0,\"version\":\"test\","
		"\"want\":[\"observe\",\"receive\",\"transmit\",\"redirect\",\"configure\"]}");
	token = value_get(result, "token");
	if (!value_is(token, VALUE_BINARY) || token->count != 16 || !value_u64(value_get(result, "client"), &peer->client)) {
		peer_detach(peer);
		return NULL;
	}
	memcpy(peer->token, token->binary, 16);
	return peer;
}

void
peer_detach(struct peer *peer)
{
	link_close(peer->link);
	arena_destroy(peer->arena);
	free(peer);
}

static void
present(struct link *link, const char *role, const char *key, const uint8_t *secret)
{
	struct arena *arena = arena_create(ARENA);
	struct value *message = value_new_array(arena), *type = value_add(arena, message);

	type->type = VALUE_INT;
	type->integer = WDPDK_MESSAGE_NOTIFY;
	value_add_string(arena, message, role);
	value_set_binary(arena, value_add_map(arena, message), key, secret, 16);
	send_value(link, message);
	arena_destroy(arena);
}

struct link *
peer_doorbell(struct peer *peer, const char *endpoint)
{
	struct link *link = link_open(endpoint);

	if (link != NULL)
		present(link, "doorbell", "token", peer->token);
	return link;
}

void *
peer_map(const char *endpoint, const struct value *answer, bool writable, size_t *size)
{
	const struct value *segment = value_get(answer, "segment"), *ticket = value_get(segment, "ticket");
	const struct value *name = value_get(segment, "name"), *file = value_get(segment, "file");
	uint64_t bytes;
	void *base;

	if (!value_u64(value_get(segment, "size"), &bytes))
		return NULL;
	*size = (size_t)bytes;
	if (value_is(file, VALUE_STRING))
		return map_file(file->string, *size, writable);
	if (value_is(name, VALUE_STRING))
		return map_named(name->string, *size, writable);
	if (value_is(ticket, VALUE_BINARY) && ticket->count == 16) {
		struct link *link = link_open(endpoint);

		present(link, "segment", "ticket", ticket->binary);
		base = map_received(link, *size, writable);
		link_close(link);
		return base;
	}
	return NULL;
}

bool
peer_open_queue(struct peer *peer, const char *endpoint, const char *json, struct peer_queue *queue)
{
	struct value *answer = peer_call(peer, "queue.open", json);
	uint64_t mtu = 0, generation;
	size_t size;
	const char *wrong;

	memset(queue, 0, sizeof(*queue));
	if (answer == NULL || !value_u64(value_get(answer, "queue"), &queue->id))
		return false;
	value_u64(value_get(answer, "mtu"), &mtu);
	queue->mtu = (uint32_t)mtu;
	queue->base = peer_map(endpoint, answer, true, &size);
	if (queue->base == NULL)
		return false;
	wrong = shm_segment_read(queue->base, size, &queue->layout);
	if (wrong != NULL || !value_u64(value_get(value_get(answer, "segment"), "generation"), &generation) ||
			generation != queue->layout.generation) {
		printf("    segment: %s\n", wrong == NULL ? "generation" : wrong);
		return false;
	}
	for (unsigned int type = WDPDK_AREA_FILL; type <= WDPDK_AREA_COMPLETION; type++) {
		const struct shm_area *area = shm_layout_find(&queue->layout, type, 0);
		struct shm_ring *rings[] = { &queue->fill, &queue->rx, &queue->tx, &queue->completion };
		bool producer = type == WDPDK_AREA_FILL || type == WDPDK_AREA_TX;
		uint32_t first;

		if (area == NULL)
			return false;
		/* Nothing was posted yet: the word says where this side begins. */
		memcpy(&first, queue->base + area->offset + (producer ? WDPDK_RING_PRODUCER : WDPDK_RING_CONSUMER), 4);
		shm_ring_attach(rings[type - 1], queue->base, area, producer, first);
	}
	return true;
}

void
peer_unmap_queue(struct peer_queue *queue)
{
	unmap(queue->base, queue->layout.total);
}
