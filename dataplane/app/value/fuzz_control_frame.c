/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Any bytes as a control frame's value, and what was decoded as the parameters of those methods that take trees. The tree must keep
 * its promises, and what is written again must read the same.
 */
#include <stdlib.h>
#include <string.h>

#include "match.h"

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
	int result = forwarding_config_from_value(value, 3, &config, &issues);

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
			if (value_get(value->items[3], "config") != NULL)
				decode(value_get(value->items[3], "config"));
		}
	}
	arena_destroy(arena);
	return 0;
}
