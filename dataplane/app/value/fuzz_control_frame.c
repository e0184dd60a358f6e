/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Any bytes as a control frame's value, and what was decoded as the parameters of those methods that take trees. The tree must keep
 * its promises, and what is written again must read the same.
 */
#include <stdlib.h>
#include <string.h>

#include "queue_params.h"
#include "value_decode.h"

#define PORTS 3u
#define TREE_BYTES (16u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check_tree(const struct value *value, unsigned int depth)
{
	if ((value->type == VALUE_ARRAY || value->type == VALUE_MAP) && depth >= WDPDK_FRAME_MAX_DEPTH)
		abort();
	if (value->type == VALUE_STRING && value->string[value->count] != '\0')
		abort();
	if (value->type == VALUE_MAP && value->count > VALUE_MAX_MEMBERS)
		abort();
	for (uint32_t i = 0; value->type == VALUE_ARRAY && i < value->count; i++)
		check_tree(value->items[i], depth + 1);
	for (uint32_t i = 0; value->type == VALUE_MAP && i < value->count; i++) {
		if (value_get(value, value->members[i].key) != value->members[i].value)
			abort();
		check_tree(value->members[i].value, depth + 1);
	}
}

static void
check_round(struct arena *arena, const struct value *value)
{
	struct byte_buffer first = { 0 }, second = { 0 };
	char error[256];
	struct value *again;

	if (value_write_msgpack(value, &first) != 0)
		abort();
	again = value_from_msgpack(arena, first.bytes, first.length, error, sizeof(error));
	if (again == NULL || value_write_msgpack(again, &second) != 0)
		abort();
	if (first.length != second.length || memcmp(first.bytes, second.bytes, first.length) != 0)
		abort();
	free(first.bytes);
	free(second.bytes);
}

static void
decode(const struct value *value)
{
	struct config_issues issues = { 0 };
	struct forwarding_config config;
	struct match match;
	int result = forwarding_config_from_value(value, PORTS, &config, &issues);

	if ((result == 0) != (issues.count + issues.truncated == 0))
		abort();
	if (result == 0)
		forwarding_config_free(&config);
	config_issues_free(&issues);
	result = match_from_value(value, &match, &issues);
	if ((result == 0) != (issues.count + issues.truncated == 0))
		abort();
	config_issues_free(&issues);
}

static void
check_failure(const struct failure *failure, bool good)
{
	if (good != (failure->code == NULL))
		abort();
	if (!good && (failure->message[0] == '\0' || failure->remedy[0] == '\0' ||
			!value_utf8_is_valid(failure->message, strlen(failure->message)) ||
			!value_utf8_is_valid(failure->object, strlen(failure->object))))
		abort();
}

static void
decode_queue(const struct value *params)
{
	struct failure failure = { 0 };
	struct queue_params queue;
	bool good = queue_params_from_value(params, PORTS, &queue, &failure);

	check_failure(&failure, good);
	if (good && (!queue.wanted.receives || queue.wanted.transmits) && queue.wanted.port != 0 && queue.wanted.port != 1)
		abort();
	if (good && queue.wanted.fanout.group[0] != '\0' && queue.wanted.fanout.buckets != 128 && queue.wanted.fanout.buckets != 512)
		abort();
	config_issues_free(&failure.issues);
}

/* Routes that come in two pieces, the second twice: refused pieces leave what was there as it was. */
static void
decode_upload(const struct value *routes)
{
	struct forwarding_config upload = { 0 }, whole = { 0 };
	struct failure failure = { 0 };

	for (unsigned int i = 0; i < 2; i++) {
		uint32_t before = upload.route_count;
		int result = forwarding_routes_append(&upload, routes, PORTS, &failure.issues, before);

		if (upload.route_count != before + (result == 0 && value_is(routes, VALUE_ARRAY) ? routes->count : 0))
			abort();
		if (result != 0)
			failure_from_issues(&failure, WDPDK_E_CONFIG, "routes");
		check_failure(&failure, result == 0);
		config_issues_free(&failure.issues);
		failure.code = NULL;
	}
	if (forwarding_routes_join(&whole, &upload, &failure.issues) != 0 || whole.route_count != upload.route_count)
		abort();
	/* Each of them stands there twice. */
	if ((forwarding_config_finish(&whole, &failure.issues) == 0) != (whole.route_count == 0))
		abort();
	config_issues_free(&failure.issues);
	forwarding_config_free(&whole);
	forwarding_config_free(&upload);
}

static void
decode_numbers(const struct value *params)
{
	struct failure failure = { 0 };
	uint32_t small;
	uint64_t great;
	bool flag;
	bool good = params_u32(params, "from", 0, WDPDK_LIMIT_ROUTES, 0, &small, &failure) &&
		params_u64(params, "generation", 1, 0, &great, &failure) && params_flag(params, "metadata", &flag, &failure);

	check_failure(&failure, good);
	if (good && small > WDPDK_LIMIT_ROUTES)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena = arena_create(TREE_BYTES);
	char error[256] = "";
	struct value *value = value_from_msgpack(arena, bytes, size, error, sizeof(error));

	if (value == NULL) {
		if (error[0] == '\0')
			abort();
	} else {
		check_tree(value, 0);
		check_round(arena, value);
		decode(value);
		/* A request's parameters, and the config within those of forwarding.set. */
		if (value_is(value, VALUE_ARRAY) && value->count == 4) {
			decode(value->items[3]);
			if (value_is(value->items[3], VALUE_MAP)) {
				decode_queue(value->items[3]);
				decode_numbers(value->items[3]);
			}
			if (value_get(value->items[3], "routes") != NULL)
				decode_upload(value_get(value->items[3], "routes"));
			if (value_get(value->items[3], "config") != NULL)
				decode(value_get(value->items[3], "config"));
		}
	}
	arena_destroy(arena);
	return 0;
}
