/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A wire that takes all and says what it was.
 */
#include <errno.h>
#include <stdlib.h>

#include "probe.h"
#include "wire_internal.h"

static int
sink_open(struct xl710_wire *wire, const char *arguments)
{
	static const char *const names[] = { NULL };
	struct probe_check *check;

	if (!wire_arguments_known(arguments, names))
		return -EINVAL;
	check = malloc(sizeof(*check));
	if (check == NULL || !probe_check_create(check)) {
		free(check);
		return -ENOMEM;
	}
	wire->state = check;
	return 0;
}

static void
sink_close(struct xl710_wire *wire)
{
	probe_check_destroy(wire->state);
	free(wire->state);
}

static void
sink_drain(struct xl710_wire *wire)
{
	while (wire->outbound.count != 0) {
		const struct frame_slot *slot = frame_queue_at(&wire->outbound, 0);

		probe_check_frame(wire->state, frame_queue_bytes(&wire->outbound, slot), slot->length);
		frame_queue_pop(&wire->outbound);
	}
	wire->outbound.pressed = false;
}

static void
sink_json(const struct xl710_wire *wire, FILE *out)
{
	probe_check_json(wire->state, "sink", out);
}

const struct wire_kind wire_sink = {
	.name = "sink", .open = sink_open, .close = sink_close, .drain = sink_drain, .json = sink_json,
};
