/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From a tree to a checked configuration. All wrong fields are found, not only the first.
 */
#include <stdlib.h>
#include <string.h>

#include "address_text.h"

struct decoder {
	uint32_t ports;
	struct forwarding_config *out;
	struct config_issues *issues;
};

static bool
is_absent(const struct value *value)
{
	return value == NULL || value->type == VALUE_NIL;
}

static void
refuse_unknown_keys(struct config_issues *issues, const struct value *map, const char *path, const char *const *known,
	const char *list)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const char *key = map->members[i].key;
		const char *const *name = known;
		char at[sizeof(issues->list->path)];

		while (*name != NULL && strcmp(*name, key) != 0)
			name++;
		if (*name != NULL)
			continue;
		snprintf(at, sizeof(at), "%.50s%s%.40s", path, path[0] == '\0' ? "" : ".", key);
		config_issue_add(issues, at, "unknown key; known here: %s", list);
	}
}

/* "0, 1 and 3", for messages. */
static const char *
ports_text(uint32_t ports, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (uint32_t id = 0; id < WDPDK_LIMIT_PORTS; id++)
		if (ports >> id & 1 && length < size)
			length += (size_t)snprintf(text + length, size - length, "%s%u", length == 0 ? "" : ", ", id);
	return text;
}

static bool
decode_port_id(struct decoder *decoder, const struct value *value, const char *path, uint16_t *out)
{
	char list[128];
	uint64_t id;

	if (is_absent(value)) {
		config_issue_add(decoder->issues, path, "is missing; a port id is needed");
		return false;
	}
	if (!value_u64(value, &id)) {
		config_issue_add(decoder->issues, path, "must be a port id (a whole number)");
		return false;
	}
	if (id >= WDPDK_LIMIT_PORTS || (decoder->ports >> id & 1) == 0) {
		config_issue_add(decoder->issues, path, "port %llu does not exist; there are: %s", (unsigned long long)id,
			ports_text(decoder->ports, list, sizeof(list)));
		return false;
	}
	*out = (uint16_t)id;
	return true;
}

static void
decode_port(struct decoder *decoder, const struct value *value, const char *path, struct port_config *port)
{
	static const char *const plain[] = { "mode", NULL }, *const directed[] = { "mode", "to", NULL };
	const struct value *name = value_get(value, "mode");
	char at[sizeof(decoder->issues->list->path)];
	unsigned int mode = 0;

	if (!value_is(value, VALUE_MAP)) {
		config_issue_add(decoder->issues, path, "must be a map such as {\"mode\": \"l3fwd\"}");
		return;
	}
	snprintf(at, sizeof(at), "%s.mode", path);
	while (mode < PORT_MODES && !value_string_is(name, port_mode_names[mode]))
		mode++;
	if (mode == PORT_MODES) {
		if (value_is(name, VALUE_STRING))
			config_issue_add(decoder->issues, at, "unknown mode \"%.40s\"; known: drop, io, macswap, l3fwd", name->string);
		else
			config_issue_add(decoder->issues, at, "must be one of \"drop\", \"io\", \"macswap\", \"l3fwd\"");
		return;
	}
	port->mode = (enum port_mode)mode;
	if (mode == PORT_MODE_IO || mode == PORT_MODE_MACSWAP) {
		refuse_unknown_keys(decoder->issues, value, path, directed, "mode, to");
		snprintf(at, sizeof(at), "%s.to", path);
		decode_port_id(decoder, value_get(value, "to"), at, &port->to);
	} else {
		refuse_unknown_keys(decoder->issues, value, path, plain, "mode");
	}
}

static void
decode_ports(struct decoder *decoder, const struct value *value)
{
	if (is_absent(value))
		return;
	if (!value_is(value, VALUE_MAP)) {
		config_issue_add(decoder->issues, "ports", "must be a map from port ids to modes");
		return;
	}
	for (uint32_t i = 0; i < value->count; i++) {
		const char *key = value->members[i].key;
		char path[64], canonical[12], list[128];
		unsigned long id = strtoul(key, NULL, 10);

		snprintf(path, sizeof(path), "ports.%.40s", key);
		snprintf(canonical, sizeof(canonical), "%u", (unsigned int)(id < WDPDK_LIMIT_PORTS ? id : 0));
		if (strcmp(key, canonical) != 0 || (decoder->ports >> id & 1) == 0)
			config_issue_add(decoder->issues, path, "there is no such port; there are: %s",
				ports_text(decoder->ports, list, sizeof(list)));
		else
			decode_port(decoder, value->members[i].value, path, &decoder->out->ports[id]);
	}
}

static bool
decode_route(struct decoder *decoder, const struct value *value, uint32_t index, struct route_config *route)
{
	static const char *const known[] = { "to", "via", "nextHopMac", NULL };
	const struct value *to = value_get(value, "to"), *mac = value_get(value, "nextHopMac");
	char path[64], at[96], error[160];
	uint32_t before = decoder->issues->count + decoder->issues->truncated;

	snprintf(path, sizeof(path), "routes[%u]", index);
	if (!value_is(value, VALUE_MAP)) {
		config_issue_add(decoder->issues, path, "must be a map such as {\"to\": \"10.0.0.0/8\", \"via\": 1}");
		return false;
	}
	refuse_unknown_keys(decoder->issues, value, path, known, "to, via, nextHopMac");
	snprintf(at, sizeof(at), "%s.to", path);
	if (!value_is(to, VALUE_STRING))
		config_issue_add(decoder->issues, at, "must be a string such as \"10.0.0.0/8\"");
	else if (cidr_from_text(to->string, route, error, sizeof(error)) != 0)
		config_issue_add(decoder->issues, at, "%s", error);
	snprintf(at, sizeof(at), "%s.via", path);
	if (decode_port_id(decoder, value_get(value, "via"), at, &route->via))
		route_default_next_hop(route);
	snprintf(at, sizeof(at), "%s.nextHopMac", path);
	if (!is_absent(mac) && (!value_is(mac, VALUE_STRING) || !mac_from_text(mac->string, &route->next_hop)))
		config_issue_add(decoder->issues, at, "must be a string such as \"02:00:00:00:00:01\"");
	else if (!is_absent(mac) && (route->next_hop.addr_bytes[0] & 1) != 0)
		config_issue_add(decoder->issues, at, "is a group address; a next hop has an individual one (first byte even)");
	return decoder->issues->count + decoder->issues->truncated == before;
}

static int
compare_prefixes(const struct route_config *a, const struct route_config *b)
{
	if (a->ipv6 != b->ipv6)
		return a->ipv6 ? 1 : -1;
	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	return memcmp(a->address, b->address, sizeof(a->address));
}

/* Merge sort of indexes into `routes`: n log n also for an order that an opponent chose, which not every qsort is. */
static void
sort_by_prefix(const struct route_config *routes, uint32_t *order, uint32_t *spare, uint32_t count)
{
	for (uint32_t width = 1; width < count; width *= 2) {
		for (uint32_t start = 0; start < count; start += width * 2) {
			uint32_t middle = RTE_MIN(start + width, count), end = RTE_MIN(start + width * 2, count);
			uint32_t left = start, right = middle;

			for (uint32_t to = start; to < end; to++) {
				bool from_left = right >= end || (left < middle &&
					compare_prefixes(&routes[order[left]], &routes[order[right]]) <= 0);

				spare[to] = from_left ? order[left++] : order[right++];
			}
		}
		memcpy(order, spare, count * sizeof(order[0]));
	}
}

/* `numbers` are the positions that the routes have in what the operator wrote. */
static void
refuse_duplicates(struct decoder *decoder, const uint32_t *numbers)
{
	const struct route_config *routes = decoder->out->routes;
	uint32_t count = decoder->out->route_count;
	uint32_t *order = calloc((size_t)count * 2 + 1, sizeof(*order));

	if (order == NULL) {
		config_issue_add(decoder->issues, "routes", "no memory to check %u routes", count);
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	sort_by_prefix(routes, order, order + count, count);
	for (uint32_t i = 1; i < count; i++) {
		char path[32], text[CIDR_TEXT];

		if (compare_prefixes(&routes[order[i - 1]], &routes[order[i]]) != 0)
			continue;
		snprintf(path, sizeof(path), "routes[%u].to", numbers[order[i]]);
		cidr_to_text(&routes[order[i]], text);
		config_issue_add(decoder->issues, path, "%s is already the prefix of routes[%u]", text, numbers[order[i - 1]]);
	}
	free(order);
}

static void
decode_routes(struct decoder *decoder, const struct value *value)
{
	struct forwarding_config *out = decoder->out;
	uint32_t *numbers;

	if (is_absent(value))
		return;
	if (!value_is(value, VALUE_ARRAY)) {
		config_issue_add(decoder->issues, "routes", "must be an array");
		return;
	}
	if (value->count > WDPDK_LIMIT_ROUTES) {
		config_issue_add(decoder->issues, "routes", "%u routes; at most %u are allowed", value->count, WDPDK_LIMIT_ROUTES);
		return;
	}
	if (value->count == 0)
		return;
	out->routes = calloc(value->count, sizeof(out->routes[0]));
	numbers = calloc(value->count, sizeof(*numbers));
	if (out->routes == NULL || numbers == NULL) {
		config_issue_add(decoder->issues, "routes", "no memory for %u routes", value->count);
		free(numbers);
		return;
	}
	for (uint32_t i = 0; i < value->count; i++) {
		if (decode_route(decoder, value->items[i], i, &out->routes[out->route_count]))
			numbers[out->route_count++] = i;
		else
			memset(&out->routes[out->route_count], 0, sizeof(out->routes[0]));
	}
	refuse_duplicates(decoder, numbers);
	free(numbers);
}

int
forwarding_config_from_value(const struct value *value, uint32_t ports, struct forwarding_config *out,
	struct config_issues *issues)
{
	static const char *const known[] = { "ports", "routes", NULL };
	struct decoder decoder = { .ports = ports, .out = out, .issues = issues };
	uint32_t before = issues->count + issues->truncated;

	memset(out, 0, sizeof(*out));
	if (!value_is(value, VALUE_MAP)) {
		config_issue_add(issues, "", "must be a map such as {\"ports\": {\"0\": {\"mode\": \"l3fwd\"}}, \"routes\": []}");
		return -1;
	}
	refuse_unknown_keys(issues, value, "", known, "ports, routes");
	decode_ports(&decoder, value_get(value, "ports"));
	decode_routes(&decoder, value_get(value, "routes"));
	if (issues->count + issues->truncated == before)
		return 0;
	forwarding_config_free(out);
	return -1;
}
