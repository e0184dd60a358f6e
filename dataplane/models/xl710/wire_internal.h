/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside a wire: where frames that leave the port go, and where those that come in are made.
 */
#ifndef XL710_WIRE_INTERNAL_H
#define XL710_WIRE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "frame_queue.h"
#include "wire.h"

struct xl710_wire;

/* One kind of wire. */
struct wire_kind {
	const char *name;
	/* `arguments` is what follows "NAME," or "NAME:" in the specification, "" for nothing. 0 or a negative errno after a message. */
	int (*open)(struct xl710_wire *wire, const char *arguments);
	void (*close)(struct xl710_wire *wire);
	/* Puts up to `budget` frames into wire->inbound. */
	void (*fill)(struct xl710_wire *wire, unsigned int budget);
	/* Takes all of wire->outbound. */
	void (*drain)(struct xl710_wire *wire);
	/* Members of an open JSON object, each followed by a comma. */
	void (*json)(const struct xl710_wire *wire, FILE *out);
};

struct xl710_wire {
	const struct wire_kind *kind;
	struct xl710_port *port;
	struct xl710_wire *peer;       /* whose inbound ours leads to: itself for a loop; NULL: `drain` takes it */
	struct frame_queue inbound;    /* what comes to the port */
	struct frame_queue outbound;   /* what it sent, where there is no peer */
	void *state;                   /* the kind's own */
};

/* Where a frame that leaves goes. */
static inline struct frame_queue *
wire_out(struct xl710_wire *wire)
{
	return wire->peer != NULL ? &wire->peer->inbound : &wire->outbound;
}

extern const struct wire_kind wire_generator, wire_sink, wire_pcap, wire_tap;

/* The value of `name=VALUE` (or of `name` alone, empty) in a list separated by commas, not terminated; NULL when it is not there. */
const char *wire_argument(const char *arguments, const char *name, size_t *length);
/* A number of such a list; `otherwise` when it is not there, false when it is no number. */
bool wire_number(const char *arguments, const char *name, uint64_t otherwise, uint64_t *value);
/* Whether all of them have names of the list (NULL at its end); a message names one that has not. */
bool wire_arguments_known(const char *arguments, const char *const *names);

#endif
