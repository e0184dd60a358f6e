/* SPDX-License-Identifier: BSD-3-Clause */
#include "forwarding_diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "address_text.h"
#include "forwarding_decode.h"
#include "forwarding_show.h"

struct diff {
	struct arena *arena;
	struct value *changes;
	unsigned int room;
	uint64_t truncated;
};

/* A change with both sides nil; NULL: no room. */
static struct value *
add_change(struct diff *diff, const char *path)
{
	struct value *change;

	if (diff->room == 0) {
		diff->truncated++;
		return NULL;
	}
	diff->room--;
	change = value_add_map(diff->arena, diff->changes);
	value_set_string(diff->arena, change, "path", path);
	value_set(diff->arena, change, "from");
	value_set(diff->arena, change, "to");
	return change;
}

/* Nodes of the tree are shared, which only writers of it would mind. */
static void
set_side(struct value *change, const char *key, const struct value *value)
{
	for (uint32_t i = 0; change != NULL && value != NULL && i < change->count; i++)
		if (strcmp(change->members[i].key, key) == 0)
			*change->members[i].value = *value;
}

static bool
same(const struct value *a, const struct value *b)
{
	struct byte_buffer one = { 0 }, other = { 0 };
	bool result = value_write_msgpack(a, &one) == 0 && value_write_msgpack(b, &other) == 0 && one.length == other.length &&
		memcmp(one.bytes, other.bytes, one.length) == 0;

	free(one.bytes);
	free(other.bytes);
	return result;
}

static void
compare_field(struct diff *diff, uint32_t id, const char *field, const struct value *from, const struct value *to)
{
	struct value *change;
	char path[64];

	if (from != NULL && to != NULL && same(from, to))
		return;
	snprintf(path, sizeof(path), "ports.%u.%s", id, field);
	change = add_change(diff, path);
	set_side(change, "from", from);
	set_side(change, "to", to);
}

static void
compare_port(struct diff *diff, uint32_t id, const struct port_config *from, const struct port_config *to)
{
	const struct value *was = forwarding_show_port(diff->arena, value_new_map(diff->arena), from);
	const struct value *is = forwarding_show_port(diff->arena, value_new_map(diff->arena), to);

	if (was == NULL || is == NULL)
		return;
	if (from->mode != to->mode) {
		struct value *change;
		char path[32];

		snprintf(path, sizeof(path), "ports.%u", id);
		change = add_change(diff, path);
		set_side(change, "from", was);
		set_side(change, "to", is);
		return;
	}
	for (uint32_t i = 0; i < was->count; i++)
		compare_field(diff, id, was->members[i].key, was->members[i].value, value_get(is, was->members[i].key));
	for (uint32_t i = 0; i < is->count; i++)
		if (value_get(was, is->members[i].key) == NULL)
			compare_field(diff, id, is->members[i].key, NULL, is->members[i].value);
}

/* Either route may be NULL: it is not there. */
static void
add_route(struct diff *diff, const struct route_config *from, const struct route_config *to)
{
	char text[CIDR_TEXT], path[CIDR_TEXT + 16];
	const struct route_config *sides[] = { from, to };
	struct value *change;

	if (diff->room == 0) {
		diff->truncated++;
		return;
	}
	cidr_to_text(from != NULL ? from : to, text);
	snprintf(path, sizeof(path), "routes[\"%s\"]", text);
	change = add_change(diff, path);
	for (int i = 0; i < 2; i++) {
		struct value *side = sides[i] == NULL ? NULL : value_new_map(diff->arena);

		if (side == NULL)
			continue;
		forwarding_show_next_hop(diff->arena, side, sides[i]);
		set_side(change, i == 0 ? "from" : "to", side);
	}
}

static bool
same_next_hop(const struct route_config *a, const struct route_config *b)
{
	return a->via == b->via && memcmp(&a->next_hop, &b->next_hop, sizeof(a->next_hop)) == 0;
}

static int
compare_routes(struct diff *diff, const struct forwarding_config *from, const struct forwarding_config *to)
{
	uint32_t *was = routes_by_prefix(from->routes, from->route_count), *is = routes_by_prefix(to->routes, to->route_count);
	uint32_t i = 0, j = 0;
	bool sorted = was != NULL && is != NULL;

	while (sorted && (i < from->route_count || j < to->route_count)) {
		const struct route_config *a = i < from->route_count ? &from->routes[was[i]] : NULL;
		const struct route_config *b = j < to->route_count ? &to->routes[is[j]] : NULL;
		int order = a == NULL ? 1 : b == NULL ? -1 : route_compare_prefixes(a, b);

		if (order != 0 || !same_next_hop(a, b))
			add_route(diff, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	free(was);
	free(is);
	return sorted ? 0 : -ENOMEM;
}

int
forwarding_config_diff(struct arena *arena, const struct forwarding_config *from, const struct forwarding_config *to,
	uint32_t ports, unsigned int most, struct value *changes, uint64_t *truncated)
{
	struct diff diff = { .arena = arena, .changes = changes, .room = most };
	int result;

	for (uint32_t id = 0; id < WDPDK_LIMIT_PORTS; id++)
		if (ports >> id & 1)
			compare_port(&diff, id, &from->ports[id], &to->ports[id]);
	result = compare_routes(&diff, from, to);
	*truncated = diff.truncated;
	return arena_ran_out(arena) ? -ENOMEM : result;
}
