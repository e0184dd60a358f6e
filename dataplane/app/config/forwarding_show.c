/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A configuration as a tree, whole or so much of it as fits in a frame.
 */
#include "forwarding_show.h"

#include <string.h>

#include "address_text.h"

/* Upper bounds of what MessagePack takes: a map's head, and a key or text of up to 31 bytes with its head of one. */
#define ROUTE_FIXED_BYTES (1 + 3 + 4 + 3 + 11 + 18)	/* head, "to", "via", id, "nextHopMac", its text */
#define TEXT_HEAD_BYTES 2

struct value *
forwarding_show_port(struct arena *arena, struct value *mode, const struct port_config *port)
{
	value_set_string(arena, mode, "mode", port_mode_names[port->mode]);
	if (port->mode == PORT_MODE_IO || port->mode == PORT_MODE_MACSWAP || port->mode == PORT_MODE_L2FWD)
		value_set_u64(arena, mode, "to", port->to);
	else if (port->mode == PORT_MODE_PKTGEN)
		forwarding_show_pktgen(arena, mode, &port->pktgen);
	return mode;
}

void
forwarding_show_next_hop(struct arena *arena, struct value *map, const struct route_config *route)
{
	char mac[MAC_TEXT];

	mac_to_text(&route->next_hop, mac);
	value_set_u64(arena, map, "via", route->via);
	value_set_string(arena, map, "nextHopMac", mac);
}

struct value *
forwarding_config_page(struct arena *arena, const struct forwarding_config *config, uint32_t ports, uint32_t from, size_t bytes,
	uint32_t *next)
{
	struct value *map = value_new_map(arena), *modes = value_set_map(arena, map, "ports");
	struct value *routes = value_set_array(arena, map, "routes");
	uint32_t i = RTE_MIN(from, config->route_count);
	size_t used = 0;

	for (uint32_t id = 0; id < WDPDK_LIMIT_PORTS; id++) {
		char key[12];

		if ((ports >> id & 1) == 0)
			continue;
		snprintf(key, sizeof(key), "%u", id);
		forwarding_show_port(arena, value_set_map(arena, modes, key), &config->ports[id]);
	}
	for (; i < config->route_count; i++) {
		struct value *route;
		char text[CIDR_TEXT];

		cidr_to_text(&config->routes[i], text);
		used += ROUTE_FIXED_BYTES + TEXT_HEAD_BYTES + strlen(text);
		if (used > bytes && routes != NULL && routes->count > 0)
			break;
		route = value_add_map(arena, routes);
		value_set_string(arena, route, "to", text);
		forwarding_show_next_hop(arena, route, &config->routes[i]);
	}
	*next = i;
	return arena_ran_out(arena) ? NULL : map;
}

struct value *
forwarding_config_to_value(struct arena *arena, const struct forwarding_config *config, uint32_t ports)
{
	uint32_t next;

	return forwarding_config_page(arena, config, ports, 0, SIZE_MAX, &next);
}
