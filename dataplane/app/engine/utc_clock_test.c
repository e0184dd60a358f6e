/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The clock of frames over a system's clock of the test's own: late by turns, set back, set forward.
 */
#include <rte_cycles.h>
#include <rte_pause.h>

#include "engine_os.h"
#include "utc_clock.h"

#include "check.h"

#define SECOND_NS UINT64_C(1000000000)
#define START (SECOND_NS * 1000000)

static uint64_t tsc_at_start;
static int64_t offset;		/* ns that the system's clock is ahead */
static unsigned int reads;

static uint64_t
true_ns(uint64_t tsc)
{
	return START + (uint64_t)((unsigned __int128)(tsc - tsc_at_start) * SECOND_NS / rte_get_tsc_hz());
}

uint64_t
engine_os_utc_ns(void)
{
	reads++;
	return true_ns(rte_rdtsc()) + (uint64_t)offset;
}

static uint64_t
say(struct utc_clock *clock)
{
	return utc_clock_ns(clock, rte_rdtsc());
}

static void
late_readings_do_not_take_it_back(void)
{
	struct utc_clock clock = { 0 };
	uint64_t last = 0, now;

	/* Readings that are ahead by up to 3 ms, as after a time slice of somebody else: what it says never goes back. */
	for (unsigned int i = 0; i < 2000; i++) {
		offset = i % 7 == 0 ? 3000000 : 0;
		clock.next = i % 3 == 0 ? 0 : clock.next;
		now = say(&clock);
		CHECK(now >= last);
		last = now;
	}
	/* With all right again it is right as soon as the time has come by which it was ahead. */
	offset = 0;
	while (true_ns(rte_rdtsc()) < last)
		rte_pause();
	clock.next = 0;
	now = say(&clock);
	CHECK(now >= last && now <= true_ns(rte_rdtsc()) + SECOND_NS);
}

static void
the_system_is_asked_seldom(void)
{
	struct utc_clock clock = { 0 };
	uint64_t looks, now;

	/* The system's clock is read once a millisecond at most: a reading that comes earlier takes none. */
	say(&clock);
	looks = reads;
	now = clock.next;
	for (unsigned int i = 0; i < 1000; i++)
		utc_clock_ns(&clock, now - 1);
	CHECK_EQ(reads, looks);
	utc_clock_ns(&clock, now);
	CHECK(reads > looks);
	CHECK_EQ(clock.next, now + rte_get_tsc_hz() / 1000);
}

static void
a_clock_that_is_set_is_followed(void)
{
	struct utc_clock clock = { 0 };

	/* Set forward, set back by a minute: followed at the next look. */
	offset = 60 * (int64_t)SECOND_NS;
	clock.next = 0;
	CHECK(say(&clock) >= START + 60 * SECOND_NS);
	offset = 0;
	clock.next = 0;
	CHECK(say(&clock) < START + 60 * SECOND_NS);
}

int
main(void)
{
	tsc_at_start = rte_rdtsc();
	RUN(late_readings_do_not_take_it_back);
	RUN(the_system_is_asked_seldom);
	RUN(a_clock_that_is_set_is_followed);
	return check_summary();
}
