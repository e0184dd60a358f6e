/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "forwarding_diff.h"

#include "check.h"

#define PORTS 7u

static struct forwarding_config from, to;
static struct arena *arena;
static struct value *changes;
static uint64_t truncated;

static void
decode(const char *json, struct forwarding_config *out)
{
	char error[256] = "";
	struct config_issues issues = { 0 };
	const struct value *value = value_from_json(arena, json, strlen(json), error, sizeof(error));

	CHECK_STR(error, "");
	CHECK_EQ(forwarding_config_from_value(value, PORTS, out, &issues), 0);
}

static void
fresh(void)
{
	arena_destroy(arena);
	forwarding_config_free(&from);
	forwarding_config_free(&to);
	arena = arena_create(256 << 20);
	changes = value_new_array(arena);
}

static void
compare(const char *one, const char *other, unsigned int most)
{
	fresh();
	decode(one, &from);
	decode(other, &to);
	CHECK_EQ(forwarding_config_diff(arena, &from, &to, PORTS, most, changes, &truncated), 0);
}

static void
changes_are(const char *expected)
{
	char json[2048];
	FILE *file = tmpfile();

	CHECK(file != NULL);
	CHECK_EQ(value_write_json(changes, file), 0);
	rewind(file);
	json[fread(json, 1, sizeof(json) - 1, file)] = '\0';
	fclose(file);
	CHECK_STR(json, expected);
}

static void
nothing_changes(void)
{
	compare("{}", "{\"ports\":{\"1\":{\"mode\":\"drop\"}},\"routes\":[]}", 10);
	changes_are("[]");
	compare("{\"routes\":[{\"to\":\"10.0.0.0/8\",\"via\":1},{\"to\":\"::/0\",\"via\":0}]}",
		"{\"routes\":[{\"to\":\"::/0\",\"via\":0,\"nextHopMac\":\"02:00:00:00:00:00\"},{\"to\":\"10.0.0.0/8\",\"via\":1}]}", 10);
	changes_are("[]");
	CHECK_EQ(truncated, 0);
}

static void
ports_change_by_mode_or_field(void)
{
	compare("{\"ports\":{\"0\":{\"mode\":\"io\",\"to\":1},\"1\":{\"mode\":\"io\",\"to\":0}}}",
		"{\"ports\":{\"0\":{\"mode\":\"io\",\"to\":2},\"2\":{\"mode\":\"l3fwd\"}}}", 10);
	changes_are("[{\"path\":\"ports.0.to\",\"from\":1,\"to\":2},"
		"{\"path\":\"ports.1\",\"from\":{\"mode\":\"io\",\"to\":0},\"to\":{\"mode\":\"drop\"}},"
		"{\"path\":\"ports.2\",\"from\":{\"mode\":\"drop\"},\"to\":{\"mode\":\"l3fwd\"}}]");
	compare("{\"ports\":{\"0\":{\"mode\":\"pktgen\",\"rate\":{\"pps\":1000},\"count\":5}}}",
		"{\"ports\":{\"0\":{\"mode\":\"pktgen\",\"rate\":{\"bps\":1000},\"seconds\":0.5,\"size\":\"imix\"}}}", 10);
	changes_are("[{\"path\":\"ports.0.size\",\"from\":64,\"to\":\"imix\"},"
		"{\"path\":\"ports.0.rate\",\"from\":{\"pps\":1000},\"to\":{\"bps\":1000}},"
		"{\"path\":\"ports.0.count\",\"from\":5,\"to\":null},"
		"{\"path\":\"ports.0.seconds\",\"from\":null,\"to\":0.5}]");
}

static void
routes_change_by_prefix(void)
{
	compare("{\"routes\":[{\"to\":\"11.0.0.0/8\",\"via\":1},{\"to\":\"10.0.0.0/8\",\"via\":1},{\"to\":\"::/0\",\"via\":1}]}",
		"{\"routes\":[{\"to\":\"10.0.0.0/8\",\"via\":2},{\"to\":\"10.0.0.0/9\",\"via\":1},{\"to\":\"::/0\",\"via\":1,"
		"\"nextHopMac\":\"02:00:00:00:00:09\"}]}", 10);
	changes_are("[{\"path\":\"routes[\\\"10.0.0.0/8\\\"]\",\"from\":{\"via\":1,\"nextHopMac\":\"02:00:00:00:00:01\"},"
		"\"to\":{\"via\":2,\"nextHopMac\":\"02:00:00:00:00:02\"}},"
		"{\"path\":\"routes[\\\"11.0.0.0/8\\\"]\",\"from\":{\"via\":1,\"nextHopMac\":\"02:00:00:00:00:01\"},\"to\":null},"
		"{\"path\":\"routes[\\\"10.0.0.0/9\\\"]\",\"from\":null,\"to\":{\"via\":1,\"nextHopMac\":\"02:00:00:00:00:01\"}},"
		"{\"path\":\"routes[\\\"::/0\\\"]\",\"from\":{\"via\":1,\"nextHopMac\":\"02:00:00:00:00:01\"},"
		"\"to\":{\"via\":1,\"nextHopMac\":\"02:00:00:00:00:09\"}}]");
}

static void
what_finds_no_room_is_counted(void)
{
	compare("{}", "{\"ports\":{\"0\":{\"mode\":\"sink\"},\"1\":{\"mode\":\"sink\"}},\"routes\":[{\"to\":\"::/0\",\"via\":0},"
		"{\"to\":\"10.0.0.0/8\",\"via\":0}]}", 3);
	CHECK_EQ(changes->count, 3);
	CHECK_EQ(truncated, 1);
	compare("{}", "{\"ports\":{\"0\":{\"mode\":\"sink\"}}}", 0);
	CHECK_EQ(changes->count, 0);
	CHECK_EQ(truncated, 1);
}

/* Two full tables without a prefix in common, in opposite orders. */
static void
full_tables_are_compared(void)
{
	fresh();
	memset(&from, 0, sizeof(from));
	memset(&to, 0, sizeof(to));
	from.route_count = to.route_count = WDPDK_LIMIT_ROUTES;
	from.routes = calloc(WDPDK_LIMIT_ROUTES, sizeof(from.routes[0]));
	to.routes = calloc(WDPDK_LIMIT_ROUTES, sizeof(to.routes[0]));
	CHECK(from.routes != NULL && to.routes != NULL);
	for (uint32_t i = 0; i < WDPDK_LIMIT_ROUTES; i++) {
		uint32_t j = WDPDK_LIMIT_ROUTES - 1 - i;

		from.routes[i] = (struct route_config){ .depth = 24, .address = { (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i } };
		to.routes[i] = (struct route_config){ .depth = 25, .address = { (uint8_t)(j >> 16), (uint8_t)(j >> 8), (uint8_t)j } };
	}
	CHECK_EQ(forwarding_config_diff(arena, &from, &to, PORTS, 1000, changes, &truncated), 0);
	CHECK_EQ(changes->count, 1000);
	CHECK_EQ(truncated, 2 * WDPDK_LIMIT_ROUTES - 1000);
	CHECK(value_string_is(value_get(changes->items[0], "path"), "routes[\"0.0.0.0/24\"]"));
	CHECK_EQ(forwarding_config_diff(arena, &to, &to, PORTS, 1000, changes, &truncated), 0);
	CHECK_EQ(changes->count, 1000);
	CHECK_EQ(truncated, 0);
}

/* With too little memory there is an error, never a list that lacks something. */
static void
no_memory_is_said(void)
{
	unsigned int failed = 0;

	fresh();
	decode("{\"ports\":{\"0\":{\"mode\":\"pktgen\"},\"1\":{\"mode\":\"io\",\"to\":0}}}", &from);
	decode("{\"ports\":{\"0\":{\"mode\":\"pktgen\",\"flows\":3},\"2\":{\"mode\":\"sink\"}},\"routes\":[{\"to\":\"::/0\",\"via\":0}]}", &to);
	for (size_t bytes = 0; bytes < 16384; bytes += 16) {
		struct arena *small = arena_create(bytes);
		struct value *list = value_new_array(small);

		if (forwarding_config_diff(small, &from, &to, PORTS, 10, list, &truncated) != 0)
			failed++;
		else
			CHECK_EQ(list->count, 4);
		arena_destroy(small);
	}
	CHECK(failed > 10 && failed < 1024);
}

int
main(void)
{
	RUN(nothing_changes);
	RUN(ports_change_by_mode_or_field);
	RUN(routes_change_by_prefix);
	RUN(what_finds_no_room_is_counted);
	RUN(full_tables_are_compared);
	RUN(no_memory_is_said);
	arena_destroy(arena);
	forwarding_config_free(&from);
	forwarding_config_free(&to);
	return check_summary();
}
