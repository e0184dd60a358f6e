/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Timers on one thread: what runs, what does not, and every documented error. Nothing here depends on how fast the
 * machine is: ticks are 0, 1 or for ever, or the test waits for the clock.
 */
#include <errno.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_timer.h>
#include <wdpdk_registry.h>

#include "../eal/common/test_support.h"

#define NEVER UINT64_MAX

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

static unsigned int calls;
static struct rte_timer *order[16];
static void *last_arg;

static void
note_call(struct rte_timer *tim, void *arg)
{
	order[calls++ % 16] = tim;
	last_arg = arg;
}

static void
init_all(struct rte_timer *tim, unsigned int n)
{
	unsigned int i;

	calls = 0;
	for (i = 0; i < n; i++)
		rte_timer_init(&tim[i]);
}

static void
nothing_works_before_init(void)
{
	struct rte_timer t = RTE_TIMER_INITIALIZER;
	unsigned int lcore = 0;
	uint32_t id;

	CHECK_EQ(rte_timer_manage(), -EINVAL);
	CHECK_EQ(rte_timer_next_ticks(), -EINVAL);
	CHECK_EQ(rte_timer_reset(&t, 0, SINGLE, 0, note_call, NULL), -EINVAL);
	CHECK_EQ(rte_timer_stop(&t), -EINVAL);
	/* These end, too. */
	rte_timer_reset_sync(&t, 0, SINGLE, 0, note_call, NULL);
	rte_timer_stop_sync(&t);
	CHECK_EQ(rte_timer_dump_stats(stdout), -EINVAL);
	CHECK_EQ(rte_timer_data_alloc(&id), -ENOMEM);
	CHECK_EQ(rte_timer_data_dealloc(0), -EINVAL);
	CHECK_EQ(rte_timer_stop_all(0, &lcore, 1, NULL, NULL), -EINVAL);
	rte_timer_subsystem_finalize();
	CHECK_EQ(rte_timer_subsystem_init(), 0);
	CHECK_EQ(rte_timer_subsystem_init(), -EALREADY);
}

static void
bad_arguments_are_refused(void)
{
	struct rte_timer t = RTE_TIMER_INITIALIZER;
	unsigned int bad = RTE_MAX_LCORE;

	CHECK_EQ(rte_timer_reset(NULL, 0, SINGLE, 0, note_call, NULL), -EINVAL);
	CHECK_EQ(rte_timer_reset(&t, 0, SINGLE, 0, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_timer_reset(&t, 0, SINGLE, RTE_MAX_LCORE, note_call, NULL), -EINVAL);
	CHECK_EQ(rte_timer_reset(&t, 0, (enum rte_timer_type)2, 0, note_call, NULL), -EINVAL);
	CHECK_EQ(rte_timer_stop(NULL), -EINVAL);
	CHECK_EQ(rte_timer_alt_reset(64, &t, 0, SINGLE, 0, note_call, NULL), -EINVAL);
	CHECK_EQ(rte_timer_alt_reset(7, &t, 0, SINGLE, 0, note_call, NULL), -EINVAL);
	CHECK_EQ(rte_timer_alt_stop(UINT32_MAX, &t), -EINVAL);
	CHECK_EQ(rte_timer_alt_manage(7, NULL, 0, (rte_timer_alt_manage_cb_t)(void *)note_call), -EINVAL);
	CHECK_EQ(rte_timer_alt_manage(0, NULL, 0, NULL), -EINVAL);
	CHECK_EQ(rte_timer_alt_manage(0, &bad, 1, (rte_timer_alt_manage_cb_t)(void *)note_call), -EINVAL);
	CHECK_EQ(rte_timer_stop_all(7, &bad, 0, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_timer_stop_all(0, &bad, 1, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_timer_stop_all(0, NULL, 1, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_timer_data_dealloc(7), -EINVAL);
	CHECK_EQ(rte_timer_data_dealloc(64), -EINVAL);
	CHECK_EQ(rte_timer_dump_stats(NULL), -EINVAL);
	CHECK_EQ(rte_timer_next_ticks(), -ENOENT);
	CHECK_EQ(t.status.state, RTE_TIMER_STOP);
}

static void
a_single_timer_runs_once(void)
{
	struct rte_timer t;

	init_all(&t, 1);
	CHECK_EQ(t.status.owner, RTE_TIMER_NO_OWNER);
	CHECK(!rte_timer_pending(&t));
	CHECK_EQ(rte_timer_reset(&t, 0, SINGLE, rte_lcore_id(), note_call, &calls), 0);
	CHECK(rte_timer_pending(&t));
	CHECK_EQ(t.status.owner, rte_lcore_id());
	CHECK_EQ(rte_timer_next_ticks(), 0);
	CHECK_EQ(calls, 0);
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 1);
	CHECK(order[0] == &t && last_arg == &calls);
	CHECK_EQ(t.status.state, RTE_TIMER_STOP);
	CHECK_EQ(t.status.owner, RTE_TIMER_NO_OWNER);
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 1);
}

/* Upstream's own tests do not notice a stop that does nothing. */
static void
a_stopped_timer_does_not_run(void)
{
	struct rte_timer t[4];
	unsigned int i;

	init_all(t, 4);
	for (i = 0; i < 4; i++)
		CHECK_EQ(rte_timer_reset(&t[i], 0, i % 2 ? PERIODICAL : SINGLE, rte_lcore_id(), note_call, NULL), 0);
	CHECK_EQ(rte_timer_stop(&t[0]), 0);
	rte_timer_stop_sync(&t[1]);
	CHECK_EQ(rte_timer_alt_stop(0, &t[2]), 0);
	CHECK_EQ(rte_timer_stop(&t[3]), 0);
	for (i = 0; i < 4; i++) {
		CHECK(!rte_timer_pending(&t[i]));
		CHECK_EQ(t[i].status.state, RTE_TIMER_STOP);
		CHECK_EQ(t[i].status.owner, RTE_TIMER_NO_OWNER);
	}
	/* Nobody refers to it any more. */
	memset(t, 0xaa, sizeof(t));
	CHECK_EQ(rte_timer_next_ticks(), -ENOENT);
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 0);
	/* Stopping what is stopped is fine. */
	rte_timer_init(&t[0]);
	CHECK_EQ(rte_timer_stop(&t[0]), 0);
}

static void
a_periodical_timer_stops_for_good(void)
{
	struct rte_timer t;
	unsigned int i;

	init_all(&t, 1);
	CHECK_EQ(rte_timer_reset(&t, 1, PERIODICAL, rte_lcore_id(), note_call, NULL), 0);
	/* It is always late, and still runs once a manage. */
	for (i = 1; i <= 10; i++) {
		while (rte_timer_next_ticks() > 0)
			;
		CHECK_EQ(rte_timer_manage(), 0);
		CHECK_EQ(calls, i);
		CHECK(rte_timer_pending(&t));
	}
	CHECK_EQ(rte_timer_stop(&t), 0);
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 10);
}

static void
a_reset_replaces_what_was(void)
{
	struct rte_timer t;

	init_all(&t, 1);
	CHECK_EQ(rte_timer_reset(&t, 0, SINGLE, rte_lcore_id(), note_call, NULL), 0);
	CHECK_EQ(rte_timer_reset(&t, NEVER, PERIODICAL, rte_lcore_id(), note_call, NULL), 0);
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 0);
	CHECK(rte_timer_next_ticks() > 0);
	CHECK_EQ(rte_timer_reset(&t, 0, SINGLE, 9, note_call, NULL), 0);
	CHECK_EQ(t.status.owner, 9);
	CHECK_EQ(rte_timer_next_ticks(), -ENOENT);
	rte_timer_reset_sync(&t, 0, SINGLE, rte_lcore_id(), note_call, &t);
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 1);
	CHECK(last_arg == &t);
}

static void
never_is_never(void)
{
	static struct rte_timer t[1000];
	unsigned int i;

	init_all(t, RTE_DIM(t));
	/* All of them have the same time: the end of time. */
	for (i = 0; i < RTE_DIM(t); i++)
		CHECK_EQ(rte_timer_reset(&t[i], NEVER - i, PERIODICAL, rte_lcore_id(), note_call, NULL), 0);
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 0);
	CHECK(rte_timer_next_ticks() == INT64_MAX);
	for (i = 0; i < RTE_DIM(t); i++)
		CHECK_EQ(rte_timer_stop(&t[i * 7 % RTE_DIM(t)]), 0);
	CHECK_EQ(rte_timer_next_ticks(), -ENOENT);
}

static void
earlier_ones_run_first(void)
{
	uint64_t step = rte_get_timer_hz() / 10000;
	struct rte_timer t[8];
	unsigned int i;

	init_all(t, 8);
	for (i = 0; i < 8; i++)
		CHECK_EQ(rte_timer_reset(&t[i], (8 - i) * 100 * step, SINGLE, rte_lcore_id(), note_call, NULL), 0);
	for (i = 0; i < 8; i++)
		while (rte_get_timer_cycles() < t[i].expire)
			;
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 8);
	/* By the times themselves: who knows what held this thread up between the resets. */
	for (i = 1; i < 8; i++)
		CHECK(order[i - 1]->expire < order[i]->expire);
}

/* What callbacks do to themselves and to others. */
static struct rte_timer *victim;

static void
stop_and_free(struct rte_timer *tim, void *arg)
{
	calls++;
	CHECK_EQ(tim->status.state, RTE_TIMER_RUNNING);
	CHECK_EQ(rte_timer_stop(tim), 0);
	free(arg);
}

static void
reset_elsewhere(struct rte_timer *tim, void *arg)
{
	calls++;
	if (rte_timer_reset(tim, NEVER, SINGLE, 9, reset_elsewhere, arg) != 0)
		calls += 100;
}

static void
stop_victim(struct rte_timer *tim, void *arg)
{
	RTE_SET_USED(arg);
	calls++;
	/* Its turn would be next. */
	if (rte_timer_stop(victim) != 0 || tim->status.state != RTE_TIMER_RUNNING)
		calls += 100;
}

static void
manage_again(struct rte_timer *tim, void *arg)
{
	RTE_SET_USED(arg);
	RTE_SET_USED(tim);
	calls++;
	rte_timer_manage();
}

static void
callbacks_may_do_anything_to_their_timer(void)
{
	struct rte_timer *t = malloc(sizeof(*t)), u, v;

	init_all(t, 1);
	CHECK_EQ(rte_timer_reset(t, 0, PERIODICAL, rte_lcore_id(), stop_and_free, t), 0);
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 1);

	t = malloc(sizeof(*t));
	init_all(t, 1);
	CHECK_EQ(rte_timer_reset(t, 1, PERIODICAL, rte_lcore_id(), stop_and_free, t), 0);
	while (rte_timer_next_ticks() > 0)
		;
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 1);

	init_all(&u, 1);
	CHECK_EQ(rte_timer_reset(&u, 0, SINGLE, rte_lcore_id(), reset_elsewhere, NULL), 0);
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 1);
	CHECK_EQ(u.status.owner, 9);
	CHECK(rte_timer_pending(&u));
	CHECK_EQ(rte_timer_stop(&u), 0);

	init_all(&u, 1);
	init_all(&v, 1);
	victim = &v;
	CHECK_EQ(rte_timer_reset(&u, 0, SINGLE, rte_lcore_id(), stop_victim, NULL), 0);
	CHECK_EQ(rte_timer_reset(&v, 0, SINGLE, rte_lcore_id(), note_call, NULL), 0);
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 1);
	CHECK_EQ(v.status.state, RTE_TIMER_STOP);

	init_all(&u, 1);
	CHECK_EQ(rte_timer_reset(&u, 1, PERIODICAL, rte_lcore_id(), manage_again, NULL), 0);
	CHECK_EQ(rte_timer_reset(&v, 1, PERIODICAL, rte_lcore_id(), note_call, NULL), 0);
	while (rte_get_timer_cycles() <= v.expire)
		;
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK(calls >= 2 && rte_timer_pending(&u) && rte_timer_pending(&v));
	CHECK_EQ(rte_timer_stop(&u), 0);
	CHECK_EQ(rte_timer_stop(&v), 0);
}

static void
others_must_wait(void)
{
	struct rte_timer t;

	init_all(&t, 1);
	t.status.state = RTE_TIMER_CONFIG;
	CHECK_EQ(rte_timer_stop(&t), -1);
	CHECK_EQ(rte_timer_reset(&t, 0, SINGLE, 4, note_call, NULL), -1);
	t.status.state = RTE_TIMER_RUNNING;
	t.status.owner = (int16_t)rte_lcore_id();
	CHECK_EQ(rte_timer_stop(&t), -1);
	CHECK_EQ(rte_timer_reset(&t, 0, SINGLE, 4, note_call, NULL), -1);
	CHECK_EQ(t.status.state, RTE_TIMER_RUNNING);
	CHECK(!rte_timer_pending(&t));
}

static void
any_lcore_means_each_in_turn(void)
{
	unsigned int i, seen = 0;
	struct rte_timer t;

	init_all(&t, 1);
	for (i = 0; i < 3; i++) {
		CHECK_EQ(rte_timer_reset(&t, NEVER, SINGLE, LCORE_ID_ANY, note_call, NULL), 0);
		seen |= 1u << t.status.owner;
	}
	CHECK_EQ(seen, 1u << 2 | 1u << 4 | 1u << 9);
	CHECK_EQ(rte_timer_stop(&t), 0);
}

static void
note_alt(struct rte_timer *tim)
{
	order[calls++ % 16] = tim;
}

static void
note_stopped(struct rte_timer *tim, void *arg)
{
	++*(unsigned int *)arg;
	/* It is the caller's again. */
	memset(tim, 0xaa, sizeof(*tim));
}

static void
instances_are_apart(void)
{
	unsigned int lcores[] = { 2, 9 }, n = 0, i;
	struct rte_timer t[4];
	uint32_t id, other;

	init_all(t, 4);
	CHECK_EQ(rte_timer_data_alloc(&id), 0);
	CHECK_EQ(rte_timer_data_alloc(NULL), 0);
	CHECK_EQ(rte_timer_data_alloc(&other), 0);
	CHECK(id != 0 && id != other);
	CHECK_EQ(rte_timer_alt_reset(id, &t[0], 0, SINGLE, 9, NULL, NULL), 0);
	CHECK_EQ(rte_timer_alt_reset(id, &t[1], 1, PERIODICAL, 2, NULL, NULL), 0);
	CHECK_EQ(rte_timer_alt_reset(id, &t[2], 0, SINGLE, 9, NULL, NULL), 0);
	CHECK_EQ(rte_timer_alt_reset(id, &t[3], 0, SINGLE, 4, NULL, NULL), 0);
	while (rte_get_timer_cycles() <= t[1].expire)
		;
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(rte_timer_alt_manage(other, lcores, 2, note_alt), 0);
	CHECK_EQ(calls, 0);
	CHECK_EQ(rte_timer_alt_manage(id, lcores, 2, note_alt), 0);
	CHECK_EQ(calls, 3);
	CHECK(order[0] == &t[0]);
	CHECK(rte_timer_pending(&t[1]) && t[1].status.owner == 2);
	CHECK_EQ(rte_timer_alt_manage(id, NULL, 0, note_alt), 0);
	CHECK_EQ(calls, 4);
	CHECK(order[3] == &t[3]);

	CHECK_EQ(rte_timer_alt_reset(id, &t[0], NEVER, SINGLE, 9, NULL, NULL), 0);
	CHECK_EQ(rte_timer_alt_reset(id, &t[2], NEVER, SINGLE, 4, NULL, NULL), 0);
	CHECK_EQ(rte_timer_stop_all(id, lcores, 2, note_stopped, &n), 0);
	CHECK_EQ(n, 2);
	CHECK(rte_timer_pending(&t[2]));
	CHECK_EQ(rte_timer_alt_dump_stats(id, stdout), 0);
	CHECK_EQ(rte_timer_alt_stop(id, &t[2]), 0);
	CHECK_EQ(rte_timer_data_dealloc(id), 0);
	CHECK_EQ(rte_timer_data_dealloc(id), -EINVAL);
	for (i = 3; i < 64; i++)
		CHECK_EQ(rte_timer_data_alloc(&id), 0);
	CHECK_EQ(rte_timer_data_alloc(&id), -ENOSPC);
}

static uint32_t
not_an_lcore(void *arg)
{
	struct rte_timer *t = arg;

	if (rte_timer_manage() != -EINVAL || rte_timer_next_ticks() != -EINVAL ||
	    rte_timer_alt_manage(0, NULL, 0, note_alt) != -EINVAL)
		return 1;
	/* It may set timers of lcores. */
	return rte_timer_reset(t, 0, SINGLE, 4, note_call, NULL) == 0 ? 0 : 2;
}

static void
other_threads_set_timers_and_run_none(void)
{
	rte_thread_t thread;
	struct rte_timer t;
	uint32_t value = 7;

	init_all(&t, 1);
	CHECK_EQ(rte_thread_create(&thread, NULL, not_an_lcore, &t), 0);
	CHECK_EQ(rte_thread_join(thread, &value), 0);
	CHECK_EQ(value, 0);
	CHECK_EQ(rte_timer_manage(), 0);
	CHECK_EQ(calls, 1);
}

static void
finalize_gives_all_back(void)
{
	rte_timer_subsystem_finalize();
	CHECK_EQ(rte_timer_manage(), -EINVAL);
	CHECK_EQ(rte_timer_subsystem_init(), 0);
	CHECK_EQ(rte_timer_data_alloc(NULL), 0);
	rte_timer_subsystem_finalize();
}

int
main(void)
{
	log_capture("test_timer.log");
	if (eal_start("test --no-huge --lcores (2,4,9)@0 --main-lcore=4 -m 16") < 0) {
		printf("rte_eal_init: %s\n", log_taken());
		return 1;
	}
	RUN(nothing_works_before_init);
	RUN(bad_arguments_are_refused);
	RUN(a_single_timer_runs_once);
	RUN(a_stopped_timer_does_not_run);
	RUN(a_periodical_timer_stops_for_good);
	RUN(a_reset_replaces_what_was);
	RUN(never_is_never);
	RUN(earlier_ones_run_first);
	RUN(callbacks_may_do_anything_to_their_timer);
	RUN(others_must_wait);
	RUN(any_lcore_means_each_in_turn);
	RUN(instances_are_apart);
	RUN(other_threads_set_timers_and_run_none);
	RUN(finalize_gives_all_back);
	rte_eal_cleanup();
	return check_summary();
}
