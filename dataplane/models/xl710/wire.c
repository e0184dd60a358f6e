/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The cable: opened by its specification, led to the port itself, to its neighbour, or to something that makes and takes frames.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"
#include "wire_internal.h"

const char xl710_wire_help[] =
	"  loop                   what a port sends comes back to it\n"
	"  port                   ports 0 and 1, 2 and 3 are connected to each other\n"
	"  generator[:OPTION,...] frames come as fast as they are taken; what comes back is checked\n"
	"      size=N (64, with FCS) | imix | pcap=FILE (again and again) | flows=N (1) | pps=N or line (a 40G link's rate; 0: unlimited)\n"
	"      count=N (0: no end) | vlan=N | mac=xx:xx:xx:xx:xx:xx (destination; the port's own)\n"
	"  sink                   what is sent is counted, and checked if a generator made it\n"
	"  pcap:IN[,OUT][,OPTION] IN's frames come once (or nothing, if empty), what is sent goes to OUT; options: loop, pps=N\n"
	"  tap:NAME               a TAP interface (Linux)\n";

static int
loop_open(struct xl710_wire *wire, const char *arguments)
{
	(void)arguments;
	wire->peer = wire;
	return 0;
}

static const struct wire_kind wire_loop = { .name = "loop", .open = loop_open };
/* Its ends are joined by xl710_wire_open. */
static const struct wire_kind wire_port = { .name = "port", .open = loop_open };

const char *
wire_argument(const char *arguments, const char *name, size_t *length)
{
	size_t name_length = strlen(name);

	for (const char *at = arguments; *at != '\0';) {
		size_t item = strcspn(at, ",");

		if (item >= name_length && memcmp(at, name, name_length) == 0 && (item == name_length || at[name_length] == '=')) {
			const char *value = at + name_length + (item != name_length);

			*length = item - (size_t)(value - at);
			return value;
		}
		at += item + (at[item] == ',');
	}
	return NULL;
}

bool
wire_number(const char *arguments, const char *name, uint64_t otherwise, uint64_t *value)
{
	size_t length;
	const char *text = wire_argument(arguments, name, &length);
	char *end;

	*value = otherwise;
	if (text == NULL)
		return true;
	if (length == 0 || *text < '0' || *text > '9')
		return false;
	*value = strtoull(text, &end, 0);
	return end == text + length;
}

bool
wire_arguments_known(const char *arguments, const char *const *names)
{
	for (const char *at = arguments; *at != '\0';) {
		size_t item = strcspn(at, ","), length = strcspn(at, ",=");
		bool known = false;

		for (const char *const *name = names; *name != NULL; name++)
			known |= strlen(*name) == length && memcmp(*name, at, length) == 0;
		if (!known) {
			fprintf(stderr, "xl710: a wire has no option \"%.*s\"; the forms are:\n%s", (int)item, at, xl710_wire_help);
			return false;
		}
		at += item + (at[item] == ',');
	}
	return true;
}

int
xl710_wire_open(struct xl710_port *port, const char *spec, struct xl710_port *peer)
{
	static const struct wire_kind *const kinds[] = {
		&wire_loop, &wire_port, &wire_generator, &wire_sink, &wire_pcap, &wire_tap,
	};
	size_t name = strcspn(spec, ":,");
	struct xl710_wire *wire = calloc(1, sizeof(*wire));
	int error = -ENOMEM;

	if (wire == NULL)
		return -ENOMEM;
	wire->port = port;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i]->name) == name && memcmp(kinds[i]->name, spec, name) == 0)
			wire->kind = kinds[i];
	port->wire = wire;
	if (wire->kind == NULL) {
		fprintf(stderr, "xl710: there is no wire \"%s\"; the forms are:\n%s", spec, xl710_wire_help);
		error = -EINVAL;
	} else if (frame_queue_create(&wire->inbound) == 0 && frame_queue_create(&wire->outbound) == 0) {
		error = wire->kind->open(wire, spec + name + (spec[name] != '\0'));
	}
	if (error != 0) {
		wire->state = NULL; /* an open that failed has cleaned up */
		wire->kind = NULL;
		xl710_wire_close(port);
		return error;
	}
	if (wire->kind == &wire_port && peer != NULL && peer != port && peer->wire != NULL && peer->wire->kind == &wire_port) {
		wire->peer = peer->wire;
		peer->wire->peer = wire;
	}
	return 0;
}

void
xl710_wire_close(struct xl710_port *port)
{
	struct xl710_wire *wire = port->wire;

	if (wire == NULL)
		return;
	if (wire->peer != NULL && wire->peer != wire)
		wire->peer->peer = wire->peer; /* what it sends from now on comes back */
	if (wire->kind != NULL && wire->kind->close != NULL)
		wire->kind->close(wire);
	frame_queue_destroy(&wire->inbound);
	frame_queue_destroy(&wire->outbound);
	free(wire);
	port->wire = NULL;
}
