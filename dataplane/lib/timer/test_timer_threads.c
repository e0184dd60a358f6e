/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Several lcores reset, stop and run the same timers. A callback must never run twice at once, and never after a stop
 * that succeeded. The work is counted, not timed.
 */
#include <sched.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_random.h>
#include <rte_timer.h>
#include <wdpdk_registry.h>

#include "../eal/common/test_support.h"

#define TIMERS 24
#define STEPS 8000

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

struct subject {
	struct rte_timer tim;
	unsigned int inside;  /* callbacks running now */
	unsigned int stopped; /* set by the guard after a stop */
	unsigned int guard;   /* who holds it alone resets and stops it */
	unsigned int runs;
};

static struct subject *subjects;
static unsigned int twice_at_once, after_stop, wrong_lcore;

static void
subject_runs(struct rte_timer *tim, void *arg)
{
	struct subject *s = arg;

	union rte_timer_status status;

	/* Others try to change the word at any time. */
	status.u32 = __atomic_load_n(&tim->status.u32, __ATOMIC_RELAXED);
	if (status.owner != (int16_t)rte_lcore_id())
		__atomic_add_fetch(&wrong_lcore, 1, __ATOMIC_RELAXED);
	if (__atomic_add_fetch(&s->inside, 1, __ATOMIC_RELAXED) != 1)
		__atomic_add_fetch(&twice_at_once, 1, __ATOMIC_RELAXED);
	if (__atomic_load_n(&s->stopped, __ATOMIC_RELAXED))
		__atomic_add_fetch(&after_stop, 1, __ATOMIC_RELAXED);
	/* Not atomic: the library orders one run after the other. */
	s->runs++;
	if (rte_rand() % 16 == 0)
		sched_yield();
	__atomic_sub_fetch(&s->inside, 1, __ATOMIC_RELAXED);
	/* Some callbacks change their timer, which may run elsewhere at once. */
	switch (rte_rand() % 8) {
	case 0:
		rte_timer_stop(tim);
		break;
	case 1:
		rte_timer_reset(tim, rte_rand() % 1000, PERIODICAL, LCORE_ID_ANY, subject_runs, arg);
		break;
	}
}

/* Anybody does anything. */
static int
fight(void *arg)
{
	struct subject *s;
	unsigned int step;

	RTE_SET_USED(arg);
	for (step = 0; step < STEPS; step++) {
		s = &subjects[rte_rand() % TIMERS];
		switch (rte_rand() % 4) {
		case 0:
			rte_timer_reset(&s->tim, rte_rand() % 2000, rte_rand() % 2 ? PERIODICAL : SINGLE, LCORE_ID_ANY,
				subject_runs, s);
			break;
		case 1:
			rte_timer_stop(&s->tim);
			break;
		default:
			rte_timer_manage();
		}
	}
	return 0;
}

/* One at a time stops a timer, sees that it is quiet, and starts it again. */
static int
stop_and_look(void *arg)
{
	unsigned int step, look;
	struct subject *s;

	RTE_SET_USED(arg);
	for (step = 0; step < STEPS / 4; step++) {
		rte_timer_manage();
		s = &subjects[rte_rand() % TIMERS];
		if (__atomic_exchange_n(&s->guard, 1, __ATOMIC_ACQUIRE) != 0)
			continue;
		rte_timer_stop_sync(&s->tim);
		if (__atomic_load_n(&s->inside, __ATOMIC_RELAXED) != 0 || rte_timer_pending(&s->tim))
			__atomic_add_fetch(&after_stop, 1, __ATOMIC_RELAXED);
		__atomic_store_n(&s->stopped, 1, __ATOMIC_RELAXED);
		/* The memory is ours. */
		memset(&s->tim, 0xaa, sizeof(s->tim));
		for (look = 0; look < 4; look++)
			rte_timer_manage();
		rte_timer_init(&s->tim);
		__atomic_store_n(&s->stopped, 0, __ATOMIC_RELAXED);
		rte_timer_reset_sync(&s->tim, rte_rand() % 500, PERIODICAL, LCORE_ID_ANY, subject_runs, s);
		__atomic_store_n(&s->guard, 0, __ATOMIC_RELEASE);
	}
	return 0;
}

static int
run_what_is_due(void *arg)
{
	RTE_SET_USED(arg);
	return rte_timer_manage() != 0 || rte_timer_next_ticks() != -ENOENT;
}

static void
end_of_fight(void)
{
	unsigned int i, before = 0, after = 0, lcore;

	for (i = 0; i < TIMERS; i++)
		rte_timer_stop_sync(&subjects[i].tim);
	for (i = 0; i < TIMERS; i++) {
		before += subjects[i].runs;
		CHECK_EQ(subjects[i].tim.status.state, RTE_TIMER_STOP);
	}
	CHECK_EQ(rte_eal_mp_remote_launch(run_what_is_due, NULL, CALL_MAIN), 0);
	RTE_LCORE_FOREACH_WORKER(lcore)
		CHECK_EQ(rte_eal_wait_lcore(lcore), 0);
	CHECK_EQ(run_what_is_due(NULL), 0);
	for (i = 0; i < TIMERS; i++)
		after += subjects[i].runs;
	CHECK_EQ(after, before);
	CHECK(after > 0);
	CHECK_EQ(twice_at_once, 0);
	CHECK_EQ(after_stop, 0);
	CHECK_EQ(wrong_lcore, 0);
}

static void
launch(int (*work)(void *arg))
{
	unsigned int i;

	memset(subjects, 0, TIMERS * sizeof(*subjects));
	for (i = 0; i < TIMERS; i++)
		rte_timer_init(&subjects[i].tim);
	CHECK_EQ(rte_eal_mp_remote_launch(work, NULL, CALL_MAIN), 0);
	rte_eal_mp_wait_lcore();
}

static void
whoever_wins_a_timer_runs_it_alone(void)
{
	launch(fight);
	end_of_fight();
}

static void
a_stop_is_the_end(void)
{
	launch(stop_and_look);
	end_of_fight();
}

/* Timers go round between two lcores, each run sending it to the other: none is lost, none comes twice. */
#define HOPS 400
static unsigned int hops[8];

static void
hop(struct rte_timer *tim, void *arg)
{
	unsigned int *n = arg;

	if (++*n < HOPS)
		rte_timer_reset(tim, 0, SINGLE, rte_get_next_lcore(rte_lcore_id(), 0, 1), hop, arg);
}

static int
manage_until_all_have_hopped(void *arg)
{
	struct subject *s = arg;
	unsigned int i, busy;

	do {
		rte_timer_manage();
		sched_yield();
		for (busy = 0, i = 0; i < RTE_DIM(hops); i++)
			busy += __atomic_load_n(&s[i].tim.status.u32, __ATOMIC_ACQUIRE) % 65536 != RTE_TIMER_STOP;
	} while (busy != 0);
	return 0;
}

static void
no_hop_is_lost(void)
{
	unsigned int i;

	memset(hops, 0, sizeof(hops));
	for (i = 0; i < RTE_DIM(hops); i++)
		CHECK_EQ(rte_timer_reset(&subjects[i].tim, 0, SINGLE, LCORE_ID_ANY, hop, &hops[i]), 0);
	CHECK_EQ(rte_eal_mp_remote_launch(manage_until_all_have_hopped, subjects, CALL_MAIN), 0);
	rte_eal_mp_wait_lcore();
	for (i = 0; i < RTE_DIM(hops); i++)
		CHECK_EQ(hops[i], HOPS);
}

int
main(void)
{
	log_capture("test_timer_threads.log");
	if (eal_start("test --no-huge --lcores (0-3)@0 -m 16") < 0) {
		printf("rte_eal_init: %s\n", log_taken());
		return 1;
	}
	subjects = calloc(TIMERS, sizeof(*subjects));
	if (subjects == NULL || rte_timer_subsystem_init() != 0)
		return 1;
	RUN(whoever_wins_a_timer_runs_it_alone);
	RUN(a_stop_is_the_end);
	RUN(no_hop_is_lost);
	rte_timer_subsystem_finalize();
	rte_eal_cleanup();
	free(subjects);
	return check_summary();
}
