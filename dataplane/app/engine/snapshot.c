/* SPDX-License-Identifier: BSD-3-Clause */
#include "snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_random.h>

#include "port.h"

/* ---- next hops: routes that agree on port and MAC share one ---- */

static uint64_t
hop_identity(const struct route_config *route)
{
	uint64_t identity = 0;

	memcpy(&identity, &route->next_hop, sizeof(route->next_hop));
	return identity | (uint64_t)route->via << 48;
}

/* Gives each route the number of its next hop, numbered by first appearance. Returns their count; 0 with routes: no memory. */
static uint32_t
number_hops(const struct forwarding_config *config, uint32_t *hop_of_route, const struct route_config **first_of_hop)
{
	uint32_t slots = rte_align32pow2(config->route_count * 2 + 2), hops = 0;
	uint32_t *table = calloc(slots, sizeof(*table));	/* hop number + 1; 0: free */
	uint64_t factor = rte_rand() | 1;

	if (table == NULL)
		return 0;
	for (uint32_t i = 0; i < config->route_count; i++) {
		uint64_t identity = hop_identity(&config->routes[i]);
		uint32_t slot = (uint32_t)(identity * factor >> 32) & (slots - 1);

		while (table[slot] != 0 && hop_identity(first_of_hop[table[slot] - 1]) != identity)
			slot = (slot + 1) & (slots - 1);
		if (table[slot] == 0) {
			first_of_hop[hops++] = &config->routes[i];
			table[slot] = hops;
		}
		hop_of_route[i] = table[slot] - 1;
	}
	free(table);
	return hops;
}

/* ---- route tables ---- */

static void
route_table_release(struct route_table *table)
{
	if (table == NULL || --table->references > 0)
		return;
	rte_lpm_free(table->ipv4);
	rte_lpm6_free(table->ipv6);
	free(table->keys);
	free(table);
}

static uint32_t
ipv4_of(const uint8_t *address)
{
	return (uint32_t)address[0] << 24 | (uint32_t)address[1] << 16 | (uint32_t)address[2] << 8 | address[3];
}

/* The public tables refuse depth 0: a default route is two halves. */
static int
add_ipv4(struct rte_lpm *lpm, const struct route_key *key)
{
	int error;

	if (key->depth > 0)
		return rte_lpm_add(lpm, ipv4_of(key->address), key->depth, key->hop);
	error = rte_lpm_is_rule_present(lpm, 0, 1, &(uint32_t){ 0 }) == 1 ? 0 : rte_lpm_add(lpm, 0, 1, key->hop);
	if (error == 0 && rte_lpm_is_rule_present(lpm, 0x80000000, 1, &(uint32_t){ 0 }) != 1)
		error = rte_lpm_add(lpm, 0x80000000, 1, key->hop);
	return error;
}

static int
add_ipv6(struct rte_lpm6 *lpm, const struct route_key *key)
{
	uint8_t half[16] = { 0x80 };
	int error;

	if (key->depth > 0)
		return rte_lpm6_add(lpm, key->address, key->depth, key->hop);
	error = rte_lpm6_is_rule_present(lpm, key->address, 1, &(uint32_t){ 0 }) == 1 ? 0 : rte_lpm6_add(lpm, key->address, 1, key->hop);
	if (error == 0 && rte_lpm6_is_rule_present(lpm, half, 1, &(uint32_t){ 0 }) != 1)
		error = rte_lpm6_add(lpm, half, 1, key->hop);
	return error;
}

static bool
create_lpms(struct route_table *table)
{
	static unsigned int serial;	/* builder thread, or main before it */
	struct rte_lpm_config ipv4 = { .number_tbl8s = 1, .max_rules = 1 };
	struct rte_lpm6_config ipv6 = { .number_tbl8s = 1, .max_rules = 1 };
	uint32_t with_ipv4 = 0, with_ipv6 = 0;
	char name[24];

	for (uint32_t i = 0; i < table->count; i++) {
		unsigned int depth = table->keys[i].depth;

		if (table->keys[i].ipv6) {
			with_ipv6 += 2;		/* a default route takes two rules */
			ipv6.number_tbl8s += depth > 24 ? (depth - 24 + 7) / 8 : 0;
		} else {
			with_ipv4 += 2;
			ipv4.number_tbl8s += depth > 24;
		}
	}
	ipv4.max_rules += with_ipv4;
	ipv6.max_rules += with_ipv6;
	serial++;
	snprintf(name, sizeof(name), "wdpdk4_%u", serial);
	if (with_ipv4 > 0 && (table->ipv4 = rte_lpm_create(name, SOCKET_ID_ANY, &ipv4)) == NULL)
		return false;
	snprintf(name, sizeof(name), "wdpdk6_%u", serial);
	return with_ipv6 == 0 || (table->ipv6 = rte_lpm6_create(name, SOCKET_ID_ANY, &ipv6)) != NULL;
}

static struct route_table *
route_table_create(const struct forwarding_config *config, const uint32_t *hop_of_route)
{
	struct route_table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return NULL;
	table->references = 1;
	table->count = config->route_count;
	table->keys = calloc(config->route_count + 1, sizeof(table->keys[0]));
	for (uint32_t i = 0; table->keys != NULL && i < config->route_count; i++) {
		const struct route_config *route = &config->routes[i];
		struct route_key *key = &table->keys[i];

		memcpy(key->address, route->address, sizeof(key->address));
		key->depth = route->depth;
		key->ipv6 = route->ipv6;
		key->hop = hop_of_route[i];
	}
	if (table->keys == NULL || !create_lpms(table))
		goto failed;
	/* Default routes last: only then is it known which of their halves has a route of its own. */
	for (int defaults = 0; defaults < 2; defaults++) {
		for (uint32_t i = 0; i < table->count; i++) {
			const struct route_key *key = &table->keys[i];

			if ((key->depth == 0) == (defaults == 1) &&
				(key->ipv6 ? add_ipv6(table->ipv6, key) : add_ipv4(table->ipv4, key)) != 0)
				goto failed;
		}
	}
	return table;
failed:
	route_table_release(table);
	return NULL;
}

static bool
same_routes(const struct route_table *table, const struct forwarding_config *config, const uint32_t *hop_of_route)
{
	if (table->count != config->route_count)
		return false;
	for (uint32_t i = 0; i < table->count; i++) {
		const struct route_config *route = &config->routes[i];
		const struct route_key *key = &table->keys[i];

		if (key->hop != hop_of_route[i] || key->depth != route->depth || key->ipv6 != route->ipv6 ||
			memcmp(key->address, route->address, sizeof(key->address)) != 0)
			return false;
	}
	return true;
}

static bool
create_routes(struct snapshot *snapshot, const struct forwarding_config *config, const struct snapshot *previous)
{
	const struct route_config **first_of_hop = calloc(config->route_count + 1, sizeof(*first_of_hop));
	uint32_t *hop_of_route = calloc(config->route_count + 1, sizeof(*hop_of_route));
	uint32_t count = 0;

	if (first_of_hop != NULL && hop_of_route != NULL)
		count = number_hops(config, hop_of_route, first_of_hop);
	snapshot->hops = count == 0 && config->route_count > 0 ? NULL : calloc(count + 1, sizeof(snapshot->hops[0]));
	if (snapshot->hops != NULL) {
		for (uint32_t i = 0; i < count; i++) {
			struct next_hop *hop = &snapshot->hops[i];

			memcpy(hop->macs, &first_of_hop[i]->next_hop, 6);
			memcpy(hop->macs + 6, &ports[first_of_hop[i]->via].mac, 6);
			hop->port = first_of_hop[i]->via;
		}
		if (previous != NULL && same_routes(previous->routes, config, hop_of_route)) {
			snapshot->routes = previous->routes;
			snapshot->routes->references++;
		} else {
			snapshot->routes = route_table_create(config, hop_of_route);
		}
	}
	free(first_of_hop);
	free(hop_of_route);
	if (snapshot->routes == NULL)
		return false;
	snapshot->ipv4 = snapshot->routes->ipv4;
	snapshot->ipv6 = snapshot->routes->ipv6;
	return true;
}

struct snapshot *
snapshot_create(const struct forwarding_config *config, struct client_plan *clients, const struct snapshot *previous)
{
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));

	if (snapshot == NULL)
		return NULL;
	if (!create_routes(snapshot, config, previous)) {
		snapshot_free(snapshot);
		return NULL;
	}
	snapshot->clients = clients;
	clients->references++;
	for (uint16_t id = 0; id < WDPDK_LIMIT_PORTS; id++) {
		enum port_mode mode = config->ports[id].mode;
		struct port_plan *plan = &snapshot->ports[id];

		*plan = (struct port_plan){
			.port = id, .to = config->ports[id].to, .forward = forward_engines[mode], .generate = forward_generators[mode],
			.clients = clients->at_rx[id], .egress = clients->at_tx[id], .snapshot = snapshot,
		};
		snapshot->generating |= (uint32_t)(plan->generate != NULL) << id;
		if (forward_state_take(id, &config->ports[id], previous == NULL ? NULL : previous->ports[id].state, &plan->state) != 0) {
			snapshot_free(snapshot);
			return NULL;
		}
	}
	return snapshot;
}

void
snapshot_free(struct snapshot *snapshot)
{
	if (snapshot == NULL)
		return;
	for (uint16_t id = 0; id < WDPDK_LIMIT_PORTS; id++)
		forward_state_release(snapshot->ports[id].state);
	route_table_release(snapshot->routes);
	if (snapshot->clients != NULL)
		client_plan_release(snapshot->clients);
	free(snapshot->hops);
	free(snapshot);
}
