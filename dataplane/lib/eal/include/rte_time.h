/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Nanoseconds: from device counters of any width, and as struct timespec.
 */
#ifndef _RTE_TIME_H_
#define _RTE_TIME_H_

#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NSEC_PER_SEC 1000000000L

/* A counter that is read now and then; it must not wrap twice between two readings. */
struct rte_timecounter {
	uint64_t cycle_last; /* the last reading */
	uint64_t nsec;       /* the time then */
	uint64_t nsec_mask;  /* (1 << cc_shift) - 1 */
	uint64_t nsec_frac;  /* what of the last reading was no whole nanosecond */
	uint64_t cc_mask;    /* the counter's width: all its bits set */
	uint32_t cc_shift;   /* a nanosecond is 1 << cc_shift units of the counter */
};

/** Whole nanoseconds in cycles and what was left over; keeps what is left over now. */
static inline uint64_t
rte_cyclecounter_cycles_to_ns(struct rte_timecounter *tc, uint64_t cycles)
{
	uint64_t units = cycles + tc->nsec_frac;

	tc->nsec_frac = units & tc->nsec_mask;
	return units >> tc->cc_shift;
}

/** The time at the reading cycle_now. */
static inline uint64_t
rte_timecounter_update(struct rte_timecounter *tc, uint64_t cycle_now)
{
	/* The mask makes the difference right over the wrap. */
	uint64_t passed = (cycle_now - tc->cycle_last) & tc->cc_mask;

	tc->cycle_last = cycle_now;
	tc->nsec += rte_cyclecounter_cycles_to_ns(tc, passed);
	return tc->nsec;
}

static inline uint64_t
rte_timespec_to_ns(const struct timespec *ts)
{
	return (uint64_t)ts->tv_sec * NSEC_PER_SEC + (uint64_t)ts->tv_nsec;
}

static inline struct timespec
rte_ns_to_timespec(uint64_t nsec)
{
	struct timespec ts;

	ts.tv_sec = (time_t)(nsec / NSEC_PER_SEC);
	ts.tv_nsec = (long)(nsec % NSEC_PER_SEC);
	return ts;
}

#ifdef __cplusplus
}
#endif

#endif
