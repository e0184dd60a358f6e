/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Routes of a configuration: whole or piece by piece, and whether two of them have one prefix.
 */
#include <stdlib.h>
#include <string.h>

#include "address_text.h"
#include "forwarding_decode.h"

#define LEAST_ROOM 16u

int
route_compare_prefixes(const struct route_config *a, const struct route_config *b)
{
	if (a->ipv6 != b->ipv6)
		return a->ipv6 ? 1 : -1;
	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	return memcmp(a->address, b->address, sizeof(a->address));
}

/* Merge sort: n log n also for an order that an opponent chose, which not every qsort is, and equal ones stay as they stand. */
uint32_t *
routes_by_prefix(const struct route_config *routes, uint32_t count)
{
	uint32_t *order = calloc((size_t)count * 2 + 1, sizeof(*order)), *spare = order + count;

	if (order == NULL)
		return NULL;
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	for (uint32_t width = 1; width < count; width *= 2) {
		for (uint32_t start = 0; start < count; start += width * 2) {
			uint32_t middle = RTE_MIN(start + width, count), end = RTE_MIN(start + width * 2, count);
			uint32_t left = start, right = middle;

			for (uint32_t to = start; to < end; to++) {
				bool from_left = right >= end || (left < middle &&
					route_compare_prefixes(&routes[order[left]], &routes[order[right]]) <= 0);

				spare[to] = from_left ? order[left++] : order[right++];
			}
		}
		memcpy(order, spare, count * sizeof(order[0]));
	}
	return order;
}

/* `numbers` are the positions that the routes have in what the operator wrote; NULL: their own. */
static void
refuse_duplicates(const struct forwarding_config *config, const uint32_t *numbers, const struct schema_place *place,
	struct config_issues *issues)
{
	uint32_t *order = routes_by_prefix(config->routes, config->route_count);

	if (order == NULL) {
		schema_issue_add(issues, place, "no memory to check %u routes", config->route_count);
		return;
	}
	for (uint32_t i = 1; i < config->route_count; i++) {
		uint32_t one = order[i - 1], other = order[i];
		struct schema_place at = { .parent = place, .index = numbers == NULL ? other : numbers[other] };
		struct schema_place to = { .parent = &at, .key = "to" };
		char text[CIDR_TEXT];

		if (route_compare_prefixes(&config->routes[one], &config->routes[other]) != 0)
			continue;
		cidr_to_text(&config->routes[other], text);
		schema_issue_add(issues, &to, "%s is already the prefix of routes[%u]", text, numbers == NULL ? one : numbers[one]);
	}
	free(order);
}

static bool
decode_route(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	struct route_config *route)
{
	const struct value *mac = value_get(value, "nextHopMac");
	struct schema_place to = { .parent = place, .key = "to" }, via = { .parent = place, .key = "via" };
	bool prefix_is_right;

	memset(route, 0, sizeof(*route));
	prefix_is_right = forwarding_decode_prefix(decoder, value_get(value, "to"), &to, route);
	if (!forwarding_decode_port_id(decoder, value_get(value, "via"), &via, &route->via))
		return false;
	route_default_next_hop(route);
	if (mac != NULL)
		forwarding_decode_mac(decoder, mac, &route->next_hop);
	return prefix_is_right;
}

/* Makes room for `more` routes behind those there are; at least doubled, so that many small pieces cost no more than one. */
static bool
make_room(struct forwarding_config *config, uint32_t more)
{
	uint32_t wanted = config->route_count + more, twice = RTE_MIN(config->route_count * 2, WDPDK_LIMIT_ROUTES);
	struct route_config *larger;

	if (wanted <= config->route_room && config->routes != NULL)
		return true;
	wanted = RTE_MAX(wanted, twice);
	wanted = RTE_MAX(wanted, LEAST_ROOM);
	larger = realloc(config->routes, wanted * sizeof(larger[0]));
	if (larger == NULL)
		return false;
	config->routes = larger;
	config->route_room = wanted;
	return true;
}

/* False, with an issue, when there is no room for so many. */
static bool
has_room(struct forwarding_config *config, uint32_t more, struct config_issues *issues, const struct schema_place *place)
{
	if (more > WDPDK_LIMIT_ROUTES || config->route_count > WDPDK_LIMIT_ROUTES - more)
		schema_issue_add(issues, place, "%llu routes; at most %u are allowed",
			(unsigned long long)config->route_count + more, WDPDK_LIMIT_ROUTES);
	else if (!make_room(config, more))
		schema_issue_add(issues, place, "no memory for %u routes", config->route_count + more);
	else
		return true;
	return false;
}

void
forwarding_decode_routes(struct forwarding_decoder *decoder, const struct value *value, const struct schema_place *place,
	struct forwarding_config *out)
{
	uint32_t *numbers;

	if (value->count == 0)
		return;
	if (value->count > WDPDK_LIMIT_ROUTES) {
		decoder->passed_over = true;
		return;
	}
	numbers = calloc(value->count, sizeof(*numbers));
	if (numbers == NULL)
		schema_issue_add(decoder->issues, place, "no memory for %u routes", value->count);
	if (numbers == NULL || !has_room(out, value->count, decoder->issues, place)) {
		free(numbers);
		return;
	}
	for (uint32_t i = 0; i < value->count; i++) {
		struct schema_place at = { .parent = place, .index = i };

		if (decode_route(decoder, value->items[i], &at, &out->routes[out->route_count]))
			numbers[out->route_count++] = i;
	}
	refuse_duplicates(out, numbers, place, decoder->issues);
	free(numbers);
}

int
forwarding_routes_append(struct forwarding_config *config, const struct value *routes, uint32_t ports, struct config_issues *issues,
	uint32_t first_index)
{
	struct forwarding_decoder decoder = { .ports = ports, .issues = issues };
	struct schema_place place = { .key = "routes" };
	uint32_t before = config_issue_total(issues), count = config->route_count;

	if (!value_is(routes, VALUE_ARRAY)) {
		schema_issue_add(issues, &place, "must be an array");
		return -1;
	}
	if (!has_room(config, routes->count, issues, &place))
		return -1;
	for (uint32_t i = 0; i < routes->count; i++) {
		struct schema_place at = { .parent = &place, .index = first_index + i };

		schema_check(&schema_route, routes->items[i], &at, forwarding_explain, issues);
		if (decode_route(&decoder, routes->items[i], &at, &config->routes[config->route_count]))
			config->route_count++;
	}
	if (forwarding_decoder_ends_well(&decoder, before))
		return 0;
	config->route_count = count;
	return -1;
}

int
forwarding_routes_join(struct forwarding_config *config, const struct forwarding_config *more, struct config_issues *issues)
{
	struct schema_place place = { .key = "routes" };

	if (more->route_count == 0)
		return 0;
	if (!has_room(config, more->route_count, issues, &place))
		return -1;
	memcpy(config->routes + config->route_count, more->routes, more->route_count * sizeof(config->routes[0]));
	config->route_count += more->route_count;
	return 0;
}

int
forwarding_config_finish(const struct forwarding_config *config, struct config_issues *issues)
{
	struct schema_place place = { .key = "routes" };
	uint32_t before = config_issue_total(issues);

	refuse_duplicates(config, NULL, &place, issues);
	return config_issue_total(issues) == before ? 0 : -1;
}
