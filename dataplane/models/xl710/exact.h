/* SPDX-License-Identifier: BSD-3-Clause
 *
 * --exact: the driver's loads and stores of control registers arrive one by one through a mailbox, FILE.exact beside BAR0, and have their
 * effects in order. On the driver's side a preloaded library traps them (linux/exact_preload.c).
 */
#ifndef XL710_EXACT_H
#define XL710_EXACT_H

#include <stdbool.h>
#include <stdint.h>

#define XL710_MAILBOX_SIZE 65536u
#define XL710_MAILBOX_MAGIC 0x54434158u /* "XACT" */

enum { XL710_MAILBOX_READ = 1, XL710_MAILBOX_WRITE = 2 };

/* One access at a time: `owner` is the lock of the driver's threads. The model answers `asked` by making `answered` equal to it. */
struct xl710_mailbox {
	uint32_t magic;
	uint32_t owner;
	uint32_t asked, answered;
	uint32_t kind, offset, size, reserved;
	uint64_t value;
};

struct xl710_port;

/* Makes the mailbox of a port; 0 or a negative errno. */
int xl710_exact_open(struct xl710_port *port, const char *bar);
void xl710_exact_close(struct xl710_port *port);
/* Does what was asked, if anything was. */
bool xl710_exact_serve(struct xl710_port *port);

#endif
