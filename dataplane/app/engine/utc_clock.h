/* SPDX-License-Identifier: BSD-3-Clause
 *
 * ns UTC for frames: the TSC counts, and the system's clock is read once a millisecond at most. What one clock says never goes
 * back: a reading that was late (the CPU was somebody else's between two instructions) had put it ahead, and so it waits.
 * Only when the system's clock was set back by a second or more is it followed.
 */
#ifndef APP_UTC_CLOCK_H
#define APP_UTC_CLOCK_H

#include <stdint.h>

#include <rte_branch_prediction.h>

/* All zeros at first. One thread. */
struct utc_clock {
	uint64_t tsc, ns;	/* one moment by both */
	uint64_t next;		/* TSC when to look again */
	uint64_t scale;		/* ns a TSC cycle, 32 bits of fraction */
	uint64_t last;		/* what it said last */
};

void utc_clock_look(struct utc_clock *clock, uint64_t tsc);

/* tsc: a reading of a moment ago. */
static inline uint64_t
utc_clock_ns(struct utc_clock *clock, uint64_t tsc)
{
	uint64_t ns;

	if (unlikely(tsc >= clock->next))
		utc_clock_look(clock, tsc);
	ns = clock->ns + (uint64_t)((int64_t)(tsc - clock->tsc) * (int64_t)clock->scale >> 32);
	return clock->last = ns > clock->last ? ns : clock->last;
}

#endif
