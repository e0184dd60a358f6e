/* SPDX-License-Identifier: BSD-3-Clause */
#include "forwarding_config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ISSUES 64

const char *const port_mode_names[PORT_MODES] = {
	[PORT_MODE_DROP] = "drop", [PORT_MODE_IO] = "io", [PORT_MODE_MACSWAP] = "macswap", [PORT_MODE_L2FWD] = "l2fwd",
	[PORT_MODE_L3FWD] = "l3fwd", [PORT_MODE_PKTGEN] = "pktgen", [PORT_MODE_SINK] = "sink",
};

const char *
port_mode_list(char *text, size_t size)
{
	size_t length = 0;

	for (int mode = 0; mode < PORT_MODES && length < size; mode++)
		length += (size_t)snprintf(text + length, size - length, "%s%s",
			mode == 0 ? "" : mode == PORT_MODES - 1 ? " or " : ", ", port_mode_names[mode]);
	return text;
}

bool
config_issues_full(const struct config_issues *issues)
{
	return issues->count >= MOST_ISSUES;
}

void
config_issue_add(struct config_issues *issues, const char *path, const char *format, ...)
{
	struct config_issue *issue;
	va_list args;

	if (issues->list == NULL)
		issues->list = calloc(MOST_ISSUES, sizeof(issues->list[0]));
	if (issues->list == NULL || config_issues_full(issues)) {
		issues->truncated++;
		return;
	}
	issue = &issues->list[issues->count++];
	snprintf(issue->path, sizeof(issue->path), "%s", path);
	va_start(args, format);
	vsnprintf(issue->message, sizeof(issue->message), format, args);
	va_end(args);
	/* Cutting may have cut a character in two. */
	value_utf8_mend(issue->path);
	value_utf8_mend(issue->message);
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
	to->route_room = from->route_count;
	if (from->route_count == 0)
		return 0;
	to->routes = calloc(from->route_count, sizeof(to->routes[0]));
	if (to->routes == NULL) {
		to->route_count = to->route_room = 0;
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
	config->route_count = config->route_room = 0;
}
