/* SPDX-License-Identifier: BSD-3-Clause
 *
 * When a generator's next frame is due. A frame's time is the time of the frame before plus what that one cost, whenever it was really
 * sent: nothing drifts, and what a busy lcore missed is sent as soon as it can. Beyond PACE_BACKLOG_MS it is forgiven.
 * Times are TSC cycles. One thread.
 */
#ifndef APP_PACE_H
#define APP_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_BACKLOG_MS 1000u
/* Bits of a cycle's fraction: the rate is off by less than 10^-6 even at 100 Gbit/s, and a period of a second fits at 8 GHz. */
#define PACE_FRACTION 30

struct pace {
	uint64_t period;		/* cycles a unit (a frame, or a bit), with PACE_FRACTION */
	unsigned __int128 next;		/* when the next frame is due, with PACE_FRACTION */
	uint64_t backlog;		/* cycles */
};

static inline void
pace_start(struct pace *pace, uint64_t units_per_second, uint64_t hz, uint64_t now)
{
	pace->period = (hz / units_per_second << PACE_FRACTION) + (hz % units_per_second << PACE_FRACTION) / units_per_second;
	pace->next = (unsigned __int128)now << PACE_FRACTION;
	pace->backlog = hz / 1000 * PACE_BACKLOG_MS;
}

/* Before the frames of a moment are asked for. */
static inline void
pace_forgive(struct pace *pace, uint64_t now)
{
	if (now > pace->backlog && (uint64_t)(pace->next >> PACE_FRACTION) < now - pace->backlog)
		pace->next = (unsigned __int128)(now - pace->backlog) << PACE_FRACTION;
}

static inline uint64_t
pace_next(const struct pace *pace)
{
	return (uint64_t)(pace->next >> PACE_FRACTION);
}

static inline bool
pace_is_due(const struct pace *pace, uint64_t now)
{
	return pace_next(pace) <= now;
}

static inline void
pace_spend(struct pace *pace, uint32_t units)
{
	pace->next += (unsigned __int128)pace->period * units;
}

/* The frame was not sent after all. */
static inline void
pace_give_back(struct pace *pace, uint32_t units)
{
	pace->next -= (unsigned __int128)pace->period * units;
}

#endif
