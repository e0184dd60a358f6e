/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <time.h>

#include "address_text.h"
#include "value_decode.h"

#include "check.h"

#define PORTS 0x0bu	/* 0, 1 and 3 */

static struct forwarding_config config;
static struct config_issues issues;
static struct arena *arena;

static int
decode(const char *json)
{
	char error[256] = "";
	struct value *value;

	arena_destroy(arena);
	forwarding_config_free(&config);
	config_issues_free(&issues);
	arena = arena_create(64 << 20);
	value = value_from_json(arena, json, strlen(json), error, sizeof(error));
	CHECK_STR(error, "");
	return forwarding_config_from_value(value, PORTS, &config, &issues);
}

/* One issue, at this path, with these words. */
static void
refused(const char *json, const char *path, const char *words)
{
	CHECK_EQ(decode(json), -1);
	CHECK_EQ(issues.count, 1);
	CHECK_STR(issues.list[0].path, path);
	if (strstr(issues.list[0].message, words) == NULL)
		printf("    %s gives \"%s\"\n", json, issues.list[0].message);
	CHECK(strstr(issues.list[0].message, words) != NULL);
	CHECK(config.routes == NULL);
}

static void
decodes_ports_and_routes(void)
{
	CHECK_EQ(decode("{\"ports\": {\"0\": {\"mode\": \"l3fwd\"}, \"1\": {\"mode\": \"io\", \"to\": 3},"
		"\"3\": {\"mode\": \"macswap\", \"to\": 0}},"
		"\"routes\": [{\"to\": \"10.0.0.0/8\", \"via\": 1},"
		"{\"to\": \"2001:db8::/32\", \"via\": 3, \"nextHopMac\": \"02:AB:00:00:00:01\"}]}"), 0);
	CHECK_EQ(config.ports[0].mode, PORT_MODE_L3FWD);
	CHECK_EQ(config.ports[1].mode, PORT_MODE_IO);
	CHECK_EQ(config.ports[1].to, 3);
	CHECK_EQ(config.ports[2].mode, PORT_MODE_DROP);
	CHECK_EQ(config.route_count, 2);
	CHECK_EQ(config.routes[0].depth, 8);
	CHECK_MEM(config.routes[0].address, "\x0a\0\0\0", 4);
	CHECK_MEM(config.routes[0].next_hop.addr_bytes, "\x02\0\0\0\0\x01", 6);
	CHECK(config.routes[1].ipv6);
	CHECK_MEM(config.routes[1].next_hop.addr_bytes, "\x02\xab\0\0\0\x01", 6);
}

static void
absent_parts_are_defaults(void)
{
	CHECK_EQ(decode("{}"), 0);
	CHECK_EQ(config.ports[0].mode, PORT_MODE_DROP);
	CHECK_EQ(config.route_count, 0);
}

static void
each_wrong_field_is_named(void)
{
	refused("[]", "", "must be a map");
	refused("{\"extra\": 1}", "extra", "unknown key");
	refused("{\"ports\": []}", "ports", "must be a map");
	refused("{\"ports\": {\"2\": {\"mode\": \"drop\"}}}", "ports.2", "there are: 0, 1, 3");
	refused("{\"ports\": {\"00\": {\"mode\": \"drop\"}}}", "ports.00", "known here: port ids of 0 to 31");
	refused("{\"ports\": {\"x\": {\"mode\": \"drop\"}}}", "ports.x", "unknown key");
	refused("{\"ports\": {\"-1\": {\"mode\": \"drop\"}}}", "ports.-1", "unknown key");
	refused("{\"ports\": {\"4294967296\": {\"mode\": \"drop\"}}}", "ports.4294967296", "unknown key");
	refused("{\"ports\": {\"0\": \"drop\"}}", "ports.0", "must be a map");
	refused("{\"ports\": {\"0\": {}}}", "ports.0.mode", "is missing; it must be \"drop\", \"io\"");
	refused("{\"ports\": {\"0\": {\"mode\": \"sideways\"}}}", "ports.0.mode", "\"sideways\"");
	refused("{\"ports\": {\"0\": {\"mode\": \"drop\", \"to\": 1}}}", "ports.0.to", "unknown key");
	refused("{\"ports\": {\"0\": {\"mode\": \"io\"}}}", "ports.0.to", "is missing");
	refused("{\"ports\": {\"0\": {\"mode\": \"io\", \"to\": 2}}}", "ports.0.to", "port 2 does not exist");
	refused("{\"ports\": {\"0\": {\"mode\": \"io\", \"to\": -1}}}", "ports.0.to", "whole number");
	refused("{\"routes\": {}}", "routes", "must be an array");
	refused("{\"routes\": [7]}", "routes[0]", "must be a map");
	refused("{\"routes\": [{\"via\": 1}]}", "routes[0].to", "is missing; it must be an IPv4 or IPv6 prefix");
	refused("{\"routes\": [{\"to\": \"10.0.0.0/8\"}]}", "routes[0].via", "is missing");
	refused("{\"routes\": [{\"to\": \"10.0.0.0/8\", \"via\": 9}]}", "routes[0].via", "port 9");
	refused("{\"routes\": [{\"to\": \"10.0.0.1/8\", \"via\": 1}]}", "routes[0].to", "bits set");
	refused("{\"routes\": [{\"to\": \"10.0.0.0/33\", \"via\": 1}]}", "routes[0].to", "/0 to /32");
	refused("{\"routes\": [{\"to\": \"10.0.0.0\", \"via\": 1}]}", "routes[0].to", "10.0.0.0/32");
	refused("{\"routes\": [{\"to\": \"10.0.0.0/8\", \"via\": 1, \"nextHopMac\": \"02:00\"}]}", "routes[0].nextHopMac",
		"address such as \"02:00:00:00:00:01\", not \"02:00\"");
	refused("{\"routes\": [{\"to\": \"10.0.0.0/8\", \"via\": 1, \"nextHopMac\": \"01:00:00:00:00:00\"}]}", "routes[0].nextHopMac", "group");
	refused("{\"routes\": [{\"to\": \"10.0.0.0/8\", \"via\": 1, \"metric\": 1}]}", "routes[0].metric", "unknown key");
	refused("{\"routes\": [{\"to\": \"::/0\", \"via\": 1}, {\"to\": \"0.0.0.0/0\", \"via\": 1}, {\"to\": \"0:0::/0\", \"via\": 0}]}",
		"routes[2].to", "::/0 is already the prefix of routes[0]");
}

/* Texts of a client come back to it in messages: cut where they have to be, but never within a character. */
static void
long_texts_are_cut_between_characters(void)
{
	char json[400];

	for (int more = 0; more < 4; more++) {
		snprintf(json, sizeof(json), "{\"%.*s", more, "abc");
		for (int i = 0; i < 100; i++)
			strcat(json, "\xc3\xa9");
		strcat(json, "\": 1}");
		CHECK_EQ(decode(json), -1);
		CHECK(strlen(issues.list[0].path) > 50);
		CHECK(value_utf8_is_valid(issues.list[0].path, strlen(issues.list[0].path)));
	}
}

static void
defaults_of_a_mode(void)
{
	struct port_config port, decoded;

	for (int mode = 0; mode < PORT_MODES; mode++) {
		char json[100];

		port_config_defaults(&port, (enum port_mode)mode, 3);
		snprintf(json, sizeof(json), "{\"ports\": {\"3\": {\"mode\": \"%s\"%s}}}", port_mode_names[mode],
			mode == PORT_MODE_IO || mode == PORT_MODE_MACSWAP || mode == PORT_MODE_L2FWD ? ", \"to\": 0" : "");
		CHECK_EQ(decode(json), 0);
		decoded = config.ports[3];
		CHECK_EQ(decoded.mode, mode);
		CHECK_MEM(&decoded.pktgen, &port.pktgen, sizeof(port.pktgen));
	}
	CHECK_EQ(port.pktgen.flows, 0);	/* of the last mode, sink */
}

static void
all_wrong_fields_are_named_at_once(void)
{
	CHECK_EQ(decode("{\"ports\": {\"0\": {\"mode\": \"sideways\"}, \"9\": {\"mode\": \"drop\"}}, \"routes\": [{\"to\": \"x\", \"via\": 5},"
		"{\"to\": \"10.0.0.0/8\", \"via\": 1}, 1, {\"to\": \"10.0.0.0/8\", \"via\": 1}]}"), -1);
	CHECK_EQ(issues.count, 6);
	CHECK_STR(issues.list[5].path, "routes[3].to");
	CHECK(strstr(issues.list[5].message, "routes[1]") != NULL);	/* numbered as written, wrong ones included */
}

/* What is wrong by the schema hides nothing that only the dataplane can find, not even beside it in one port or route. */
static void
wrong_shapes_hide_nothing(void)
{
	static const char *const expected[] = {
		"ports.0.x", "ports.1.flows", "routes[0].metric", "routes[1].via", "routes[2].via", "ports.0.to", "ports.1.src", "ports.7",
		"routes[0].to", "routes[1].to", "routes[2].to", NULL,
	};

	CHECK_EQ(decode("{\"ports\": {\"0\": {\"mode\": \"io\", \"to\": 9, \"x\": 1}, \"1\": {\"mode\": \"pktgen\", \"flows\": 0,"
		"\"src\": \"10.0.0.1/8\"}, \"7\": {\"mode\": \"drop\"}},"
		"\"routes\": [{\"to\": \"10.0.0.1/8\", \"via\": 1, \"metric\": 1}, {\"to\": \"::1/0\"},"
		"{\"to\": \"10.0.0.1/9\", \"via\": 99}]}"), -1);
	for (uint32_t i = 0; i < issues.count; i++) {
		bool known = false;

		for (int j = 0; expected[j] != NULL; j++)
			known = known || strcmp(expected[j], issues.list[i].path) == 0;
		if (!known)
			printf("    %s: %s\n", issues.list[i].path, issues.list[i].message);
		CHECK(known);
	}
	CHECK_EQ(issues.count, 11);
}

static void
issues_are_bounded(void)
{
	static char json[20000] = "{\"routes\": [0";

	for (int i = 0; i < 200; i++)
		strcat(json, ",0");
	strcat(json, "]}");
	CHECK_EQ(decode(json), -1);
	CHECK_EQ(issues.count, 64);
	CHECK_EQ(issues.truncated, 137);
	/* Nor is it slow to be all wrong: a million fields, of which most are only counted. */
	arena_destroy(arena);
	arena = arena_create(256 << 20);
	struct value *root = value_new_map(arena), *routes = value_set_array(arena, root, "routes");

	for (int i = 0; i < 1000000; i++)
		value_add(arena, routes);
	config_issues_free(&issues);
	clock_t start = clock();

	CHECK_EQ(forwarding_config_from_value(root, PORTS, &config, &issues), -1);
	CHECK_EQ(issues.truncated, 1000001 - 64);
	CHECK((double)(clock() - start) / CLOCKS_PER_SEC < 2);
}

static void
address(const char *text, const char *canonical)
{
	struct route_config route;
	char error[192] = "", back[CIDR_TEXT];

	CHECK_EQ(cidr_from_text(text, &route, error, sizeof(error)), 0);
	cidr_to_text(&route, back);
	CHECK_STR(back, canonical);
}

static void
wrong_address(const char *text)
{
	struct route_config route;
	char error[192] = "";

	if (cidr_from_text(text, &route, error, sizeof(error)) != -1)
		printf("    %s was taken\n", text);
	CHECK_EQ(cidr_from_text(text, &route, error, sizeof(error)), -1);
	CHECK(error[0] != '\0');
}

static void
addresses_are_read_and_shown(void)
{
	address("0.0.0.0/0", "0.0.0.0/0");
	address("255.255.255.255/32", "255.255.255.255/32");
	address("::/0", "::/0");
	address("::1/128", "::1/128");
	address("2001:DB8::/32", "2001:db8::/32");
	address("1:2:3:4:5:6:7:8/128", "1:2:3:4:5:6:7:8/128");
	address("1::8/128", "1::8/128");
	address("1:2:3:4:5:6:7::/112", "1:2:3:4:5:6:7:0/112");
	address("0:0:1::/48", "0:0:1::/48");
	address("1:0:0:2::/64", "1:0:0:2::/64");
	address("::ffff:10.1.2.3/128", "::ffff:a01:203/128");
	address("1:0:0:2:0:0:0:3/128", "1:0:0:2::3/128");
	wrong_address("");
	wrong_address("/8");
	wrong_address("10/8");
	wrong_address("10.0.0/24");
	wrong_address("10.0.0.0.0/8");
	wrong_address("256.0.0.0/8");
	wrong_address("010.0.0.0/8");
	wrong_address("10.0.0.0/08");
	wrong_address("10.0.0.0/ 8");
	wrong_address("10.0.0.0/8 ");
	wrong_address("10.0.0.0/-1");
	wrong_address("10.0.0.0/99999999999");
	wrong_address(":/0");
	wrong_address(":1::/64");
	wrong_address("1::2::3/128");
	wrong_address("1:2:3:4:5:6:7/128");
	wrong_address("1:2:3:4:5:6:7:8:9/128");
	wrong_address("1:2:3:4:5:6:7:8::/128");
	wrong_address("12345::/16");
	wrong_address("1:/16");
	wrong_address("g::/16");
	wrong_address("1:2:3:4:5:6:7:1.2.3.4/128");
	wrong_address("::1.2.3/128");
	wrong_address("::/129");
	wrong_address("2001:db8::1/32");
	wrong_address("1:2:3:4:5:6:7:8aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/128");
}

static void
routes_on_the_command_line(void)
{
	struct route_config route;
	char error[192];

	CHECK_EQ(route_config_from_text("2001:db8::/32=31", &route, error, sizeof(error)), 0);
	CHECK(route.ipv6);
	CHECK_EQ(route.via, 31);
	CHECK_MEM(route.next_hop.addr_bytes, "\x02\0\0\0\0\x1f", 6);
	CHECK_EQ(route_config_from_text("10.0.0.0/8", &route, error, sizeof(error)), -1);
	CHECK(strstr(error, "10.0.0.0/8=1") != NULL);
	CHECK_EQ(route_config_from_text("10.0.0.0/8=", &route, error, sizeof(error)), -1);
	CHECK_EQ(route_config_from_text("10.0.0.0/8=32", &route, error, sizeof(error)), -1);
	CHECK_EQ(route_config_from_text("10.0.0.0/8=1x", &route, error, sizeof(error)), -1);
}

static void
shows_what_it_decodes(void)
{
	static const char json[] = "{\"ports\":{\"0\":{\"mode\":\"l3fwd\"},\"1\":{\"mode\":\"io\",\"to\":3},\"3\":{\"mode\":\"drop\"}},"
		"\"routes\":[{\"to\":\"10.0.0.0/8\",\"via\":1,\"nextHopMac\":\"02:00:00:00:00:01\"}]}";
	struct forwarding_config copy;
	char back[512] = "";
	FILE *file = tmpfile();

	CHECK(file != NULL);
	CHECK_EQ(decode(json), 0);
	CHECK_EQ(forwarding_config_copy(&copy, &config), 0);
	CHECK_EQ(value_write_json(forwarding_config_to_value(arena, &copy, PORTS), file), 0);
	rewind(file);
	CHECK(fread(back, 1, sizeof(back) - 1, file) > 0);
	CHECK_STR(back, json);
	fclose(file);
	forwarding_config_free(&copy);
}

/* A full table in the worst order for a naive sort ends in well under a second. */
static void
a_full_table_decodes(void)
{
	struct value *root, *routes;
	char text[32];

	decode("{}");
	root = value_new_map(arena);
	routes = value_set_array(arena, root, "routes");
	for (uint32_t i = 0; i < WDPDK_LIMIT_ROUTES; i++) {
		struct value *route = value_add_map(arena, routes);
		uint32_t at = WDPDK_LIMIT_ROUTES - i;

		snprintf(text, sizeof(text), "%u.%u.%u.0/24", 1 + (at >> 16), at >> 8 & 255, at & 255);
		value_set_string(arena, route, "to", text);
		value_set_u64(arena, route, "via", i & 1);
	}
	CHECK_EQ(forwarding_config_from_value(root, PORTS, &config, &issues), 0);
	CHECK_EQ(config.route_count, WDPDK_LIMIT_ROUTES);
	forwarding_config_free(&config);
	value_add_map(arena, routes);
	CHECK_EQ(forwarding_config_from_value(root, PORTS, &config, &issues), -1);
	CHECK_STR(issues.list[0].path, "routes");
}

int
main(void)
{
	RUN(decodes_ports_and_routes);
	RUN(absent_parts_are_defaults);
	RUN(each_wrong_field_is_named);
	RUN(long_texts_are_cut_between_characters);
	RUN(defaults_of_a_mode);
	RUN(all_wrong_fields_are_named_at_once);
	RUN(wrong_shapes_hide_nothing);
	RUN(issues_are_bounded);
	RUN(addresses_are_read_and_shown);
	RUN(routes_on_the_command_line);
	RUN(shows_what_it_decodes);
	RUN(a_full_table_decodes);
	arena_destroy(arena);
	forwarding_config_free(&config);
	config_issues_free(&issues);
	return check_summary();
}
