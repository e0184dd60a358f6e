/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Frames to the client. A client that does not read loses its connection at the transport's bound, nobody waits for it.
 */
#include <stdlib.h>
#include <string.h>

#include "server.h"

void
failure_from_builder(struct failure *failure, struct builder_result *result)
{
	failure_set(failure, result->code, result->object, result->remedy, "%s", result->message);
	failure->issues = result->issues;
	memset(&result->issues, 0, sizeof(result->issues));
}

static void
add_error(struct arena *arena, struct value *map, const struct failure *failure)
{
	struct value *issues;

	value_set_string(arena, map, "code", failure->code);
	value_set_string(arena, map, "message", failure->message);
	value_set_string(arena, map, "object", failure->object);
	value_set_string(arena, map, "remedy", failure->remedy);
	if (failure->issues.count == 0)
		return;
	issues = value_set_array(arena, map, "issues");
	for (uint32_t i = 0; i < failure->issues.count; i++) {
		struct value *issue = value_add_map(arena, issues);

		value_set_string(arena, issue, "path", failure->issues.list[i].path);
		value_set_string(arena, issue, "message", failure->issues.list[i].message);
	}
}

static void
add_number(struct arena *arena, struct value *array, uint64_t number)
{
	struct value *item = value_add(arena, array);

	if (item == NULL)
		return;
	item->type = number > INT64_MAX ? VALUE_UINT : VALUE_INT;
	item->uinteger = number;
}

static void
add_value(struct arena *arena, struct value *array, const struct value *value)
{
	struct value *item = value_add(arena, array);

	if (item != NULL && value != NULL)
		*item = *value;
}

/* False: it does not fit into a frame, or memory is out. Whatever is wrong with the connection shows itself there. */
static bool
send_frame(struct peer *peer, const struct value *message)
{
	struct byte_buffer out = { 0 };
	uint8_t *bytes = malloc(4096);
	bool fits = false;

	if (bytes != NULL && message != NULL) {
		out.bytes = bytes;
		out.capacity = 4096;
		out.length = WDPDK_FRAME_HEADER_BYTES;
		fits = value_write_msgpack(message, &out) == 0 && out.length - WDPDK_FRAME_HEADER_BYTES <= WDPDK_FRAME_MAX_BYTES;
		bytes = out.bytes;
	}
	if (fits) {
		shm_frame_header(out.bytes, out.length - WDPDK_FRAME_HEADER_BYTES);
		peer->lost = os_connection_send(peer->connection, out.bytes, out.length) != 0;
	}
	free(bytes);
	return fits;
}

static bool
send_answer(struct peer *peer, uint64_t id, struct arena *arena, const struct value *result, const struct failure *failure)
{
	struct value *message = value_new_array(arena);

	add_number(arena, message, WDPDK_MESSAGE_RESPONSE);
	add_number(arena, message, id);
	if (failure->code != NULL)
		add_error(arena, value_add_map(arena, message), failure);
	else
		value_add(arena, message);
	add_value(arena, message, failure->code != NULL ? NULL : result);
	return message != NULL && message->count == 4 && send_frame(peer, message);
}

void
answer(struct peer *peer, uint64_t id, struct arena *arena, const struct value *result, struct failure *failure)
{
	if (!send_answer(peer, id, arena, result, failure)) {
		struct failure too_long = { 0 };
		struct arena *small = arena_create(65536);

		failure_set(&too_long, WDPDK_E_LIMIT, "control frame", "Ask for less at a time",
			"the answer is longer than a control frame of %u bytes, or memory is out", WDPDK_FRAME_MAX_BYTES);
		if (small == NULL || !send_answer(peer, id, small, NULL, &too_long))
			os_connection_end(peer->connection);
		arena_destroy(small);
	}
	config_issues_free(&failure->issues);
	memset(&failure->issues, 0, sizeof(failure->issues));
}

void
notify(struct peer *peer, const char *method, struct arena *arena, const struct value *params)
{
	struct value *message = value_new_array(arena);

	add_number(arena, message, WDPDK_MESSAGE_NOTIFY);
	value_add_string(arena, message, method);
	add_value(arena, message, params);
	if (message == NULL || message->count != 3 || !send_frame(peer, message))
		os_connection_end(peer->connection);
}

void
complain(struct peer *peer, struct failure *failure)
{
	struct arena *arena = arena_create(65536);
	struct value *params = value_new_map(arena);

	add_error(arena, params, failure);
	notify(peer, "error", arena, params);
	arena_destroy(arena);
}
