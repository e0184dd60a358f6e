/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Routes that come piece by piece, and configurations that are shown page by page.
 */
#include <stdlib.h>
#include <time.h>

#include "forwarding_config.h"

#include "check.h"

#define PORTS 3u
#define MANY 100000u

static struct forwarding_config config;
static struct config_issues issues;
static struct arena *arena;

static void
fresh(void)
{
	arena_destroy(arena);
	forwarding_config_free(&config);
	config_issues_free(&issues);
	arena = arena_create(256 << 20);
	memset(&config, 0, sizeof(config));
}

static struct value *
from_json(const char *json)
{
	char error[128] = "";
	struct value *value = value_from_json(arena, json, strlen(json), error, sizeof(error));

	CHECK_STR(error, "");
	return value;
}

/* n routes a.b.c.0/24 from number `first` on, of which no two are the same below 2^24. */
static struct value *
make_routes(uint32_t first, uint32_t n)
{
	struct value *routes = value_new_array(arena);
	char text[32];

	for (uint32_t i = first; i < first + n; i++) {
		struct value *route = value_add_map(arena, routes);

		snprintf(text, sizeof(text), "%u.%u.%u.0/24", i >> 16 & 255, i >> 8 & 255, i & 255);
		value_set_string(arena, route, "to", text);
		value_set_u64(arena, route, "via", i & 1);
	}
	CHECK(!arena_ran_out(arena));
	return routes;
}

static double
seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void
pieces_are_appended(void)
{
	fresh();
	CHECK_EQ(forwarding_routes_append(&config, make_routes(0, 3), PORTS, &issues, 0), 0);
	CHECK_EQ(forwarding_routes_append(&config, value_new_array(arena), PORTS, &issues, 3), 0);
	CHECK_EQ(forwarding_routes_append(&config, make_routes(3, 2), PORTS, &issues, 3), 0);
	CHECK_EQ(config.route_count, 5);
	CHECK_MEM(config.routes[4].address, "\0\0\4\0", 4);
	CHECK_EQ(config.routes[4].via, 0);
	CHECK_EQ(config.routes[3].next_hop.addr_bytes[5], 1);
	CHECK_EQ(forwarding_config_finish(&config, &issues), 0);
}

static void
a_wrong_piece_changes_nothing(void)
{
	fresh();
	CHECK_EQ(forwarding_routes_append(&config, make_routes(0, 2), PORTS, &issues, 0), 0);
	CHECK_EQ(forwarding_routes_append(&config, from_json("[{\"to\":\"10.0.0.0/8\",\"via\":1},{\"to\":\"x\",\"via\":1},"
		"{\"to\":\"11.0.0.0/8\",\"via\":2},{\"to\":\"12.0.0.1/8\",\"via\":0,\"metric\":1},null]"), PORTS, &issues, 2), -1);
	CHECK_EQ(config.route_count, 2);
	CHECK_EQ(issues.count, 5);
	CHECK_STR(issues.list[0].path, "routes[3].to");
	CHECK_STR(issues.list[1].path, "routes[4].via");
	CHECK_STR(issues.list[2].path, "routes[5].metric");
	CHECK_STR(issues.list[3].path, "routes[5].to");
	CHECK_STR(issues.list[4].path, "routes[6]");
	CHECK_EQ(forwarding_routes_append(&config, from_json("{}"), PORTS, &issues, 2), -1);
	CHECK_STR(issues.list[5].path, "routes");
	CHECK_EQ(forwarding_routes_append(&config, NULL, PORTS, &issues, 2), -1);
	CHECK_EQ(config.route_count, 2);
}

static void
duplicates_are_found_at_the_end(void)
{
	fresh();
	CHECK_EQ(forwarding_routes_append(&config, make_routes(7, 3), PORTS, &issues, 0), 0);
	CHECK_EQ(forwarding_routes_append(&config, make_routes(5, 4), PORTS, &issues, 3), 0);
	CHECK_EQ(forwarding_config_finish(&config, &issues), -1);
	CHECK_EQ(issues.count, 2);
	CHECK_STR(issues.list[0].path, "routes[5].to");
	CHECK_STR(issues.list[0].message, "0.0.7.0/24 is already the prefix of routes[0]");
	CHECK_STR(issues.list[1].path, "routes[6].to");
}

static void
configurations_are_joined(void)
{
	struct forwarding_config more = { 0 };

	fresh();
	CHECK_EQ(forwarding_routes_join(&config, &more, &issues), 0);
	CHECK_EQ(forwarding_routes_append(&more, make_routes(0, 3), PORTS, &issues, 0), 0);
	CHECK_EQ(forwarding_routes_join(&config, &more, &issues), 0);
	CHECK_EQ(forwarding_routes_join(&config, &more, &issues), 0);
	CHECK_EQ(config.route_count, 6);
	CHECK_MEM(&config.routes[3], &more.routes[0], sizeof(config.routes[0]));
	forwarding_config_free(&more);
}

/* What one call may bring is no more than what is allowed in all. */
static void
the_limit_holds_over_all_pieces(void)
{
	struct forwarding_config copy;

	fresh();
	CHECK_EQ(forwarding_routes_append(&config, make_routes(0, WDPDK_LIMIT_ROUTES - 1), PORTS, &issues, 0), 0);
	CHECK_EQ(forwarding_routes_append(&config, make_routes(1u << 20, 2), PORTS, &issues, 0), -1);
	CHECK_STR(issues.list[0].path, "routes");
	CHECK_EQ(config.route_count, WDPDK_LIMIT_ROUTES - 1);
	CHECK_EQ(forwarding_config_copy(&copy, &config), 0);
	CHECK_EQ(forwarding_routes_append(&copy, make_routes(1u << 20, 1), PORTS, &issues, 0), 0);
	CHECK_EQ(copy.route_count, WDPDK_LIMIT_ROUTES);
	CHECK_EQ(forwarding_routes_join(&copy, &config, &issues), -1);
	CHECK_EQ(copy.route_count, WDPDK_LIMIT_ROUTES);
	forwarding_config_free(&copy);
}

/* In pieces of 1,000, checked as a whole: well under a second, which anything quadratic is not. */
static void
many_routes_are_quick(void)
{
	double start, decoded;

	fresh();
	for (uint32_t i = 0; i < MANY; i += 1000) {
		struct value *piece = make_routes(i, 1000);

		CHECK_EQ(forwarding_routes_append(&config, piece, PORTS, &issues, i), 0);
	}
	fresh();
	struct value *root = value_new_map(arena), *routes = make_routes(0, MANY);

	*value_set(arena, root, "routes") = *routes;
	start = seconds();
	CHECK_EQ(forwarding_config_from_value(root, PORTS, &config, &issues), 0);
	decoded = seconds();
	CHECK_EQ(forwarding_config_finish(&config, &issues), 0);
	printf("     %u routes: decoded in %.0f ms, checked again in %.0f ms\n", MANY, (decoded - start) * 1e3,
		(seconds() - decoded) * 1e3);
	CHECK(decoded - start < 20);	/* sanitizers, Wine and a busy machine included */
}

/* Every route is on one page, pages keep to their bytes, and the last one says so. */
static void
pages_hold_every_route_once(void)
{
	const size_t bytes = 5000;
	uint32_t next = 0, seen = 0, pages = 0;

	fresh();
	CHECK_EQ(forwarding_routes_append(&config, make_routes(0, 1000), PORTS, &issues, 0), 0);
	CHECK_EQ(forwarding_routes_append(&config, from_json("[{\"to\":\"2001:db8:1111:2222:3333:4444:5555:6666/128\",\"via\":0}]"),
		PORTS, &issues, 0), 0);
	config.ports[1].mode = PORT_MODE_L3FWD;
	while (next < config.route_count) {
		const struct value *page = forwarding_config_page(arena, &config, PORTS, next, bytes, &next);
		const struct value *routes = value_get(page, "routes");
		struct byte_buffer encoded = { 0 };

		CHECK(value_string_is(value_get(value_get(value_get(page, "ports"), "1"), "mode"), "l3fwd"));
		CHECK_EQ(value_write_msgpack(routes, &encoded), 0);
		CHECK(encoded.length <= bytes + 5);	/* the array's head */
		CHECK(next == config.route_count || encoded.length + 100 > bytes * 9 / 10);
		free(encoded.bytes);
		seen += routes->count;
		CHECK_EQ(seen, next);
		pages++;
	}
	CHECK_EQ(seen, 1001);
	CHECK(pages > 10);
	/* A page behind the end is empty; a budget of nothing still gets on. */
	CHECK_EQ(value_get(forwarding_config_page(arena, &config, PORTS, 5000, bytes, &next), "routes")->count, 0);
	CHECK_EQ(next, config.route_count);
	CHECK_EQ(value_get(forwarding_config_page(arena, &config, PORTS, 10, 0, &next), "routes")->count, 1);
	CHECK_EQ(next, 11);
}

/* A tree that is not whole is none. */
static void
no_memory_is_no_page(void)
{
	uint32_t next, failed = 0;

	fresh();
	CHECK_EQ(forwarding_routes_append(&config, make_routes(0, 10), PORTS, &issues, 0), 0);
	port_config_defaults(&config.ports[0], PORT_MODE_PKTGEN, 0);
	for (size_t bytes = 0; bytes < 16384; bytes += 16) {
		struct arena *small = arena_create(bytes);
		const struct value *page = forwarding_config_page(small, &config, PORTS, 0, SIZE_MAX, &next);

		failed += page == NULL;
		if (page != NULL)
			CHECK_EQ(value_get(page, "routes")->count, 10);
		arena_destroy(small);
	}
	CHECK(failed > 10 && failed < 1024);
}

int
main(void)
{
	RUN(pieces_are_appended);
	RUN(a_wrong_piece_changes_nothing);
	RUN(duplicates_are_found_at_the_end);
	RUN(configurations_are_joined);
	RUN(the_limit_holds_over_all_pieces);
	RUN(many_routes_are_quick);
	RUN(pages_hold_every_route_once);
	RUN(no_memory_is_no_page);
	arena_destroy(arena);
	forwarding_config_free(&config);
	config_issues_free(&issues);
	return check_summary();
}
