/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How many frames are due, at a rate in frames a second or at the rate of a 40G link.
 */
#ifndef XL710_PACE_H
#define XL710_PACE_H

#include <stdint.h>

#include "os.h"

#define PACE_LINE UINT64_MAX         /* as a rate: the link's */
#define PACE_LINE_BITS 40000ull      /* a microsecond */
#define PACE_GAP_BYTES 24u           /* FCS, preamble, gap */
#define PACE_BURST_US 1000u          /* what was missed longer ago is lost */

struct pace {
	uint64_t rate;       /* frames a second, 0 unlimited */
	uint64_t last_us;
	uint64_t credit;     /* bits (line) or millionths of a frame */
};

/* Credit for the time since the last call; call it once a round. */
static inline void
pace_advance(struct pace *pace)
{
	uint64_t now, passed;

	if (pace->rate == 0)
		return;
	now = xl710_now_us();
	passed = pace->last_us == 0 ? 0 : now - pace->last_us;
	pace->last_us = now;
	if (passed > PACE_BURST_US)
		passed = PACE_BURST_US;
	pace->credit += passed * (pace->rate == PACE_LINE ? PACE_LINE_BITS : pace->rate);
}

/* Whether a frame of `length` bytes may come now; takes its credit. */
static inline int
pace_take(struct pace *pace, uint32_t length)
{
	uint64_t cost = pace->rate == PACE_LINE ? (uint64_t)(length + PACE_GAP_BYTES) * 8 : 1000000;

	if (pace->rate == 0)
		return 1;
	if (pace->credit < cost)
		return 0;
	pace->credit -= cost;
	return 1;
}

#endif
