/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A running dataplane for the tests of this folder: port 0 reads a small capture for ever, port 1 swallows. Forwarding drops, so what
 * clients see and send is all there is.
 */
#ifndef BED_H
#define BED_H

#include "peer.h"

#define BED_FRAMES 5u

struct bed {
	struct child *child;
	char endpoint[256];
	char errors[256];	/* path of its stderr */
	unsigned int number;
};

/* What the capture holds. */
extern const uint32_t bed_lengths[BED_FRAMES];
uint8_t bed_byte(uint32_t frame, uint32_t at);

/* `program` is the executable under test. False: it did not become ready. */
bool bed_start(struct bed *bed, const char *program, const char *instance, bool loop);
/* With another device as port 0 (NULL: the capture), on these lcores, with up to ten more options. */
bool bed_start_with(struct bed *bed, const char *program, const char *instance, const char *first_port, const char *lcores,
	const char *const *options);
/* Asks it to end by closing its stdin; the exit code. */
int bed_stop(struct bed *bed);
/* How many times its stderr holds a text. */
unsigned int bed_said(const struct bed *bed, const char *text);

#endif
