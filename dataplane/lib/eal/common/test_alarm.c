/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Alarms. Tests wait for what happens, not for a time; "never" is an hour.
 */
#include <errno.h>
#include <sched.h>

#include <rte_alarm.h>
#include <rte_cycles.h>
#include <rte_interrupts.h>
#include <rte_lcore.h>
#include <wdpdk_registry.h>

#include "test_support.h"

#define HOUR UINT64_C(3600000000)

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

static unsigned int calls, order[8], go, inside;
static int from_inside, errno_inside;

static void
wait_until(const unsigned int *value, unsigned int wanted)
{
	while (__atomic_load_n(value, __ATOMIC_ACQUIRE) < wanted)
		rte_delay_us_sleep(100);
}

static void
note(void *arg)
{
	order[calls % 8] = (unsigned int)(uintptr_t)arg;
	__atomic_store_n(&calls, calls + 1 + (rte_thread_is_intr() ? 0 : 100), __ATOMIC_RELEASE);
}

static void
bad_arguments_are_refused(void)
{
	CHECK_EQ(rte_eal_alarm_set(0, note, NULL), -EINVAL);
	CHECK_EQ(rte_eal_alarm_set(UINT64_MAX - 1, note, NULL), -EINVAL);
	CHECK_EQ(rte_eal_alarm_set(10, NULL, NULL), -EINVAL);
	rte_errno = 0;
	CHECK_EQ(rte_eal_alarm_cancel(NULL, NULL), -1);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_eal_alarm_cancel(note, NULL), 0);
	CHECK_EQ(rte_errno, ENOENT);
	CHECK_EQ(rte_thread_is_intr(), 0);
}

static void
alarms_run_once_and_in_order(void)
{
	uint64_t start;

	/* Again when something held this thread up between them: then their times mean nothing. */
	do {
		rte_eal_alarm_cancel(note, (void *)-1);
		calls = 0;
		start = rte_get_tsc_cycles();
		CHECK_EQ(rte_eal_alarm_set(30000, note, (void *)3), 0);
		CHECK_EQ(rte_eal_alarm_set(10000, note, (void *)1), 0);
		CHECK_EQ(rte_eal_alarm_set(20000, note, (void *)2), 0);
		CHECK_EQ(rte_eal_alarm_set(UINT64_MAX - US_PER_S, note, (void *)4), 0);
	} while (rte_get_tsc_cycles() - start > rte_get_tsc_hz() / 1000 * 8);
	wait_until(&calls, 3);
	/* Not too early, by the other clock. */
	CHECK(rte_get_tsc_cycles() - start > rte_get_tsc_hz() / 1000 * 29);
	CHECK(order[0] == 1 && order[1] == 2 && order[2] == 3);
	CHECK_EQ(calls, 3);
	CHECK_EQ(rte_eal_alarm_cancel(note, (void *)-1), 1);
}

static void
a_cancelled_alarm_does_not_run(void)
{
	calls = 0;
	CHECK_EQ(rte_eal_alarm_set(HOUR, note, (void *)1), 0);
	CHECK_EQ(rte_eal_alarm_set(HOUR, note, (void *)1), 0);
	CHECK_EQ(rte_eal_alarm_set(HOUR, note, (void *)2), 0);
	CHECK_EQ(rte_eal_alarm_cancel(note, (void *)3), 0);
	CHECK_EQ(rte_eal_alarm_cancel(note, (void *)1), 2);
	CHECK_EQ(rte_eal_alarm_cancel(note, (void *)-1), 1);
	/* One that comes after it shows that it is gone; again when it was faster than its end. */
	do {
		CHECK_EQ(rte_eal_alarm_set(20000, note, (void *)6), 0);
	} while (rte_eal_alarm_cancel(note, (void *)6) == 0);
	calls = 0;
	CHECK_EQ(rte_eal_alarm_set(30000, note, (void *)7), 0);
	wait_until(&calls, 1);
	CHECK_EQ(order[0], 7);
	CHECK_EQ(calls, 1);
}

/* Sets itself again and stays until it is let go. */
static void
linger(void *arg)
{
	from_inside = rte_eal_alarm_cancel(linger, arg);
	errno_inside = rte_errno;
	rte_eal_alarm_set(HOUR, linger, arg);
	__atomic_store_n(&inside, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&go, __ATOMIC_ACQUIRE))
		sched_yield();
	rte_delay_us_sleep(2000);
	__atomic_store_n(&inside, 2, __ATOMIC_RELEASE);
}

static uint32_t
let_go(void *arg)
{
	rte_delay_us_sleep(2000);
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	RTE_SET_USED(arg);
	return 0;
}

static void
cancelling_waits_for_the_one_that_runs(void)
{
	rte_thread_t thread;

	inside = go = 0;
	CHECK_EQ(rte_eal_alarm_set(1, linger, &go), 0);
	wait_until(&inside, 1);
	CHECK_EQ(rte_thread_create(&thread, NULL, let_go, NULL), 0);
	/* It also takes back what the callback had set. */
	CHECK_EQ(rte_eal_alarm_cancel(linger, (void *)-1), 1);
	CHECK_EQ(__atomic_load_n(&inside, __ATOMIC_ACQUIRE), 2);
	CHECK_EQ(rte_thread_join(thread, NULL), 0);
	/* From inside it was told that it runs. */
	CHECK_EQ(from_inside, 0);
	CHECK_EQ(errno_inside, EINPROGRESS);
	CHECK_EQ(rte_eal_alarm_cancel(linger, (void *)-1), 0);
}

static unsigned int chain_left = 200;

static void
chain(void *arg)
{
	if (--chain_left == 0)
		note(arg);
	else
		rte_eal_alarm_set(1, chain, arg);
}

static void
callbacks_set_the_next(void)
{
	calls = 0;
	CHECK_EQ(rte_eal_alarm_set(1, chain, NULL), 0);
	wait_until(&calls, 1);
	CHECK_EQ(calls, 1);
}

/* Threads that set and cancel at random: whatever was not taken back has run, once. */
#define THREADS 3
#define ROUNDS 300
static unsigned int ran;

static void
count_run(void *arg)
{
	RTE_SET_USED(arg);
	__atomic_add_fetch(&ran, 1, __ATOMIC_RELAXED);
}

static uint32_t
set_and_cancel(void *arg)
{
	uint32_t taken_back = 0;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		if (rte_eal_alarm_set(1 + i % 50, count_run, arg) != 0)
			return 1000000;
		if (i % 3 == 0)
			taken_back += (uint32_t)rte_eal_alarm_cancel(count_run, arg);
	}
	return taken_back;
}

static void
every_alarm_runs_or_is_taken_back(void)
{
	uint32_t taken_back = 0, value;
	rte_thread_t thread[THREADS];
	unsigned int i;

	for (i = 0; i < THREADS; i++)
		CHECK_EQ(rte_thread_create(&thread[i], NULL, set_and_cancel, &thread[i]), 0);
	for (i = 0; i < THREADS; i++) {
		CHECK_EQ(rte_thread_join(thread[i], &value), 0);
		taken_back += value;
	}
	wait_until(&ran, THREADS * ROUNDS - taken_back);
	CHECK_EQ(rte_eal_alarm_cancel(count_run, (void *)-1), 0);
	CHECK_EQ(ran + taken_back, THREADS * ROUNDS);
}

static void
cleanup_forgets_what_is_pending(void)
{
	calls = 0;
	CHECK_EQ(rte_eal_alarm_set(HOUR, note, NULL), 0);
	CHECK_EQ(rte_eal_cleanup(), 0);
	CHECK_EQ(calls, 0);
}

int
main(void)
{
	log_capture("test_eal_alarm.log");
	if (eal_start("test --no-huge --lcores 0 -m 8") < 0) {
		printf("rte_eal_init: %s\n", log_taken());
		return 1;
	}
	RUN(bad_arguments_are_refused);
	RUN(alarms_run_once_and_in_order);
	RUN(a_cancelled_alarm_does_not_run);
	RUN(cancelling_waits_for_the_one_that_runs);
	RUN(callbacks_set_the_next);
	RUN(every_alarm_runs_or_is_taken_back);
	RUN(cleanup_forgets_what_is_pending);
	return check_summary();
}
