/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a port's cable leads to. --wire SPEC: loop | generator[,...] | sink[,...] | pcap:IN[,OUT] | port | tap:NAME
 */
#ifndef XL710_WIRE_H
#define XL710_WIRE_H

struct xl710_port;

/*
 * Makes port->wire by `spec`. `peer` is the model's other port for "port" (0-1, 2-3, ...; itself, a loop, when there is none): each end
 * is opened once. 0 or a negative errno, after a message on stderr that says what of the specification is wrong.
 */
int xl710_wire_open(struct xl710_port *port, const char *spec, struct xl710_port *peer);
void xl710_wire_close(struct xl710_port *port);

/* The forms of SPEC, for --help: lines that begin with two spaces. */
extern const char xl710_wire_help[];

#endif
