/* SPDX-License-Identifier: BSD-3-Clause */
#include "forwarding_config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "address_text.h"

#define MOST_ISSUES 64

const char *const port_mode_names[PORT_MODES] = {
	[PORT_MODE_DROP] = "drop", [PORT_MODE_IO] = "io", [PORT_MODE_MACSWAP] = "macswap", [PORT_MODE_L2FWD] = "l2fwd",
	[PORT_MODE_L3FWD] = "l3fwd", [PORT_MODE_PKTGEN] = "pktgen", [PORT_MODE_SINK] = "sink",
};

void
config_issue_add(struct config_issues *issues, const char *path, const char *format, ...)
{
	struct config_issue *issue;
	va_list args;

	if (issues->list == NULL)
		issues->list = calloc(MOST_ISSUES, sizeof(issues->list[0]));
	if (issues->list == NULL || issues->count >= MOST_ISSUES) {
		issues->truncated++;
		return;
	}
	issue = &issues->list[issues->count++];
	snprintf(issue->path, sizeof(issue->path), "%s", path);
	va_start(args, format);
	vsnprintf(issue->message, sizeof(issue->message), format, args);
	va_end(args);
}

void
config_issues_free(struct config_issues *issues)
{
	free(issues->list);
	*issues = (struct config_issues){ 0 };
}

int
forwarding_config_copy(struct forwarding_config *to, const struct forwarding_config *from)
{
	*to = *from;
	to->routes = NULL;
	if (from->route_count == 0)
		return 0;
	to->routes = calloc(from->route_count, sizeof(to->routes[0]));
	if (to->routes == NULL) {
		to->route_count = 0;
		return -ENOMEM;
	}
	memcpy(to->routes, from->routes, from->route_count * sizeof(to->routes[0]));
	return 0;
}

void
forwarding_config_free(struct forwarding_config *config)
{
	free(config->routes);
	config->routes = NULL;
	config->route_count = 0;
}

struct value *
forwarding_config_to_value(struct arena *arena, const struct forwarding_config *config, uint32_t ports)
{
	struct value *map = value_new_map(arena), *modes = value_set_map(arena, map, "ports");
	struct value *routes = value_set_array(arena, map, "routes");

	for (uint32_t id = 0; id < WDPDK_LIMIT_PORTS; id++) {
		const struct port_config *port = &config->ports[id];
		struct value *mode;
		char key[12];

		if ((ports >> id & 1) == 0)
			continue;
		snprintf(key, sizeof(key), "%u", id);
		mode = value_set_map(arena, modes, key);
		value_set_string(arena, mode, "mode", port_mode_names[port->mode]);
		if (port->mode == PORT_MODE_IO || port->mode == PORT_MODE_MACSWAP)
			value_set_u64(arena, mode, "to", port->to);
	}
	for (uint32_t i = 0; i < config->route_count; i++) {
		struct value *route = value_add_map(arena, routes);
		char text[CIDR_TEXT], mac[MAC_TEXT];

		if (route == NULL)
			return NULL;
		cidr_to_text(&config->routes[i], text);
		mac_to_text(&config->routes[i].next_hop, mac);
		value_set_string(arena, route, "to", text);
		value_set_u64(arena, route, "via", config->routes[i].via);
		value_set_string(arena, route, "nextHopMac", mac);
	}
	return routes == NULL ? NULL : map;
}
