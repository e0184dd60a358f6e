/* SPDX-License-Identifier: BSD-3-Clause
 *
 * There is no TAP interface here.
 */
#include <errno.h>
#include <stdio.h>

#include "../wire_internal.h"

static int
tap_open(struct xl710_wire *wire, const char *arguments)
{
	(void)wire;
	fprintf(stderr, "xl710: tap:%s is for Linux; here use pcap, generator, sink, loop or port\n", arguments);
	return -ENOTSUP;
}

const struct wire_kind wire_tap = { .name = "tap", .open = tap_open };
