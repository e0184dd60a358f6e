/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Locks that promise an order (ticket, MCS, phase-fair), sequence locks, and the elided forms. Four lcores on one CPU.
 */
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_mcslock.h>
#include <rte_pflock.h>
#include <rte_rwlock.h>
#include <rte_seqlock.h>
#include <rte_spinlock.h>
#include <rte_ticketlock.h>
#include <wdpdk_registry.h>

#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

#define ROUNDS 200

static rte_ticketlock_t ticket = RTE_TICKETLOCK_INITIALIZER;
static rte_ticketlock_recursive_t nested = RTE_TICKETLOCK_RECURSIVE_INITIALIZER;
static rte_mcslock_t *mcs;
static rte_mcslock_t nodes[RTE_MAX_LCORE];
static rte_pflock_t phases = RTE_PFLOCK_INITIALIZER;
static rte_seqlock_t sequence = RTE_SEQLOCK_INITIALIZER;
static rte_spinlock_t elided = RTE_SPINLOCK_INITIALIZER;
static rte_spinlock_recursive_t elided_nested = RTE_SPINLOCK_RECURSIVE_INITIALIZER;
static rte_rwlock_t elided_rw = RTE_RWLOCK_INITIALIZER;
static uint64_t plain[2];
static unsigned int order[8], arrived;
static int stop;

static void
on_all_lcores(lcore_function_t *f)
{
	unsigned int lcore;

	plain[0] = plain[1] = 0;
	CHECK_EQ(rte_eal_mp_remote_launch(f, NULL, CALL_MAIN), 0);
	RTE_LCORE_FOREACH_WORKER(lcore)
		CHECK_EQ(rte_eal_wait_lcore(lcore), 0);
}

/* Two plain words that are equal whenever nobody is inside. */
static int
change(void)
{
	int torn = plain[0] != plain[1];

	plain[0]++;
	plain[1]++;
	return torn;
}

static int
under_ticket(void *arg)
{
	int torn = 0, i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		rte_ticketlock_lock(&ticket);
		torn |= change();
		rte_ticketlock_unlock(&ticket);
		if (rte_ticketlock_trylock(&ticket)) {
			torn |= change();
			change();
			rte_ticketlock_unlock(&ticket);
		}
	}
	return torn;
}

static void
a_ticketlock_lets_one_in(void)
{
	on_all_lcores(under_ticket);
	CHECK(plain[0] >= 4 * ROUNDS);
	CHECK_EQ(plain[0], plain[1]);
	CHECK_EQ(rte_ticketlock_is_locked(&ticket), 0);
	CHECK_EQ(rte_ticketlock_trylock(&ticket), 1);
	CHECK_EQ(rte_ticketlock_is_locked(&ticket), 1);
	CHECK_EQ(rte_ticketlock_trylock(&ticket), 0);
	rte_ticketlock_unlock(&ticket);
	/* Tickets go round: 65535 is followed by 0, and nothing reaches into the other half. */
	ticket.s.current = ticket.s.next = UINT16_MAX;
	CHECK_EQ(rte_ticketlock_trylock(&ticket), 1);
	CHECK_EQ(ticket.s.next, 0);
	CHECK_EQ(ticket.s.current, UINT16_MAX);
	rte_ticketlock_unlock(&ticket);
	rte_ticketlock_lock(&ticket);
	CHECK_EQ(rte_ticketlock_is_locked(&ticket), 1);
	rte_ticketlock_unlock(&ticket);
	CHECK_EQ(rte_ticketlock_is_locked(&ticket), 0);
}

static int
under_nested_ticket(void *arg)
{
	int torn = 0, i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		rte_ticketlock_recursive_lock(&nested);
		rte_ticketlock_recursive_lock(&nested);
		if (rte_ticketlock_recursive_trylock(&nested))
			rte_ticketlock_recursive_unlock(&nested);
		rte_ticketlock_recursive_unlock(&nested);
		torn |= change();
		rte_ticketlock_recursive_unlock(&nested);
	}
	return torn;
}

static void
a_recursive_ticketlock_nests(void)
{
	on_all_lcores(under_nested_ticket);
	CHECK_EQ(plain[0], 4 * ROUNDS);
	CHECK_EQ(nested.user, TICKET_LOCK_INVALID_ID);
	CHECK_EQ(nested.count, 0);
	CHECK_EQ(rte_ticketlock_is_locked(&nested.tl), 0);
}

static int
under_mcs(void *arg)
{
	rte_mcslock_t me;
	int torn = 0, i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		rte_mcslock_lock(&mcs, &me);
		torn |= change();
		rte_mcslock_unlock(&mcs, &me);
		if (rte_mcslock_trylock(&mcs, &me)) {
			torn |= change();
			rte_mcslock_unlock(&mcs, &me);
		}
	}
	return torn;
}

static void
an_mcs_lock_lets_one_in(void)
{
	rte_mcslock_t me, other;

	on_all_lcores(under_mcs);
	CHECK(plain[0] >= 4 * ROUNDS);
	CHECK_EQ(plain[0], plain[1]);
	CHECK_EQ(rte_mcslock_is_locked(mcs), 0);
	CHECK_EQ(rte_mcslock_trylock(&mcs, &me), 1);
	CHECK_EQ(rte_mcslock_is_locked(mcs), 1);
	CHECK_EQ(rte_mcslock_trylock(&mcs, &other), 0);
	rte_mcslock_unlock(&mcs, &me);
	CHECK(mcs == NULL);
}

/* Locks, writes down its lcore, unlocks. */
static int
join_ticket_queue(void *arg)
{
	(void)arg;
	rte_ticketlock_lock(&ticket);
	order[arrived++] = rte_lcore_id();
	rte_ticketlock_unlock(&ticket);
	return 0;
}

static int
join_mcs_queue(void *arg)
{
	rte_mcslock_t *me = &nodes[rte_lcore_id()];

	(void)arg;
	rte_mcslock_lock(&mcs, me);
	order[arrived++] = rte_lcore_id();
	rte_mcslock_unlock(&mcs, me);
	return 0;
}

static int
join_pf_readers(void *arg)
{
	(void)arg;
	rte_pflock_read_lock(&phases);
	__atomic_fetch_add(&arrived, 1, __ATOMIC_RELAXED);
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
		(void)sched_yield();
	rte_pflock_read_unlock(&phases);
	return 0;
}

static int
join_pf_writers(void *arg)
{
	(void)arg;
	rte_pflock_write_lock(&phases);
	order[0] = __atomic_load_n(&arrived, __ATOMIC_RELAXED);
	rte_pflock_write_unlock(&phases);
	return 0;
}

/* Each worker stands in the queue, as the lock shows, before the next one comes. */
static void
waiters_are_served_in_the_order_of_their_coming(void)
{
	static const unsigned int coming[] = { 2, 1, 3 };
	rte_mcslock_t mine;
	unsigned int i;
	uint16_t next;

	rte_ticketlock_lock(&ticket);
	arrived = 0;
	for (i = 0; i < 3; i++) {
		next = __atomic_load_n(&ticket.s.next, __ATOMIC_RELAXED);
		CHECK_EQ(rte_eal_remote_launch(join_ticket_queue, NULL, coming[i]), 0);
		while (__atomic_load_n(&ticket.s.next, __ATOMIC_RELAXED) == next)
			(void)sched_yield();
	}
	rte_ticketlock_unlock(&ticket);
	rte_eal_mp_wait_lcore();
	CHECK_EQ(arrived, 3);
	CHECK_MEM(order, coming, sizeof(coming));

	rte_mcslock_lock(&mcs, &mine);
	arrived = 0;
	for (i = 0; i < 3; i++) {
		CHECK_EQ(rte_eal_remote_launch(join_mcs_queue, NULL, coming[i]), 0);
		while (__atomic_load_n(&mcs, __ATOMIC_RELAXED) != &nodes[coming[i]])
			(void)sched_yield();
	}
	rte_mcslock_unlock(&mcs, &mine);
	rte_eal_mp_wait_lcore();
	CHECK_EQ(arrived, 3);
	CHECK_MEM(order, coming, sizeof(coming));
}

static int
under_phases(void *arg)
{
	int torn = 0, i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		rte_pflock_read_lock(&phases);
		torn |= plain[0] != plain[1];
		rte_pflock_read_unlock(&phases);
		if (i % 4 == 0) {
			rte_pflock_write_lock(&phases);
			torn |= change();
			rte_pflock_write_unlock(&phases);
		}
	}
	return torn;
}

static void
a_phase_fair_lock_shares_among_readers_only(void)
{
	/* Its counters go round as well. */
	phases.wr.in = phases.wr.out = UINT16_MAX - 3;
	phases.rd.in = phases.rd.out = RTE_PFLOCK_LSB - 2 * RTE_PFLOCK_RINC;
	on_all_lcores(under_phases);
	CHECK_EQ(plain[0], 4 * ROUNDS / 4);
	CHECK_EQ(phases.rd.in, phases.rd.out);
	CHECK_EQ(phases.wr.in, phases.wr.out);
	rte_pflock_init(&phases);
	rte_pflock_read_lock(&phases);
	rte_pflock_read_lock(&phases);
	rte_pflock_read_unlock(&phases);
	rte_pflock_read_unlock(&phases);
}

/*
 * A writer holds; a second writer and then a reader come. When the first leaves, the reader goes before the second.
 */
static void
readers_go_before_the_next_writer(void)
{
	rte_pflock_write_lock(&phases);
	arrived = 0;
	order[0] = 99;
	stop = 0;
	CHECK_EQ(rte_eal_remote_launch(join_pf_writers, NULL, 1), 0);
	while (__atomic_load_n(&phases.wr.in, __ATOMIC_RELAXED) != (uint16_t)(phases.wr.out + 2))
		(void)sched_yield();
	CHECK_EQ(rte_eal_remote_launch(join_pf_readers, NULL, 2), 0);
	while ((__atomic_load_n(&phases.rd.in, __ATOMIC_RELAXED) & RTE_PFLOCK_LSB) ==
	    (__atomic_load_n(&phases.rd.out, __ATOMIC_RELAXED) & RTE_PFLOCK_LSB))
		(void)sched_yield();
	rte_pflock_write_unlock(&phases);
	while (__atomic_load_n(&arrived, __ATOMIC_RELAXED) != 1)
		(void)sched_yield();
	/* The reader is in; the writer waits for it, and a reader that comes now waits for that writer. */
	while ((__atomic_load_n(&phases.rd.in, __ATOMIC_RELAXED) & RTE_PFLOCK_PRES) == 0)
		(void)sched_yield();
	CHECK_EQ(rte_eal_remote_launch(join_pf_readers, NULL, 3), 0);
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	rte_eal_mp_wait_lcore();
	CHECK_EQ(order[0], 1);
	CHECK_EQ(arrived, 2);
}

static int
under_sequence(void *arg)
{
	uint64_t a, b;
	uint32_t sn;
	int torn = 0, i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		if (rte_lcore_id() < 2) {
			rte_seqlock_write_lock(&sequence);
			__atomic_store_n(&plain[0], plain[0] + 1, __ATOMIC_RELAXED);
			__atomic_store_n(&plain[1], plain[1] + 1, __ATOMIC_RELAXED);
			rte_seqlock_write_unlock(&sequence);
			continue;
		}
		do {
			sn = rte_seqlock_read_begin(&sequence);
			a = __atomic_load_n(&plain[0], __ATOMIC_RELAXED);
			b = __atomic_load_n(&plain[1], __ATOMIC_RELAXED);
		} while (rte_seqlock_read_retry(&sequence, sn));
		torn |= a != b;
	}
	return torn;
}

static void
a_sequence_lock_shows_no_torn_data(void)
{
	uint32_t sn;

	rte_seqlock_init(&sequence);
	on_all_lcores(under_sequence);
	CHECK_EQ(plain[0], 2 * ROUNDS);
	CHECK_EQ(sequence.count.sn, 2 * 2 * ROUNDS);
	sn = rte_seqlock_read_begin(&sequence);
	CHECK(!rte_seqlock_read_retry(&sequence, sn));
	rte_seqlock_write_lock(&sequence);
	CHECK(rte_seqlock_read_retry(&sequence, sn));
	/* Begun during a write: never good, also when nothing has changed since. */
	sn = rte_seqlock_read_begin(&sequence);
	CHECK(rte_seqlock_read_retry(&sequence, sn));
	rte_seqlock_write_unlock(&sequence);
	CHECK(rte_seqlock_read_retry(&sequence, sn));
	CHECK_EQ(rte_spinlock_is_locked(&sequence.lock), 0);
}

static int
under_elided(void *arg)
{
	int torn = 0, i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		rte_spinlock_lock_tm(&elided);
		torn |= change();
		rte_spinlock_unlock_tm(&elided);
		if (rte_spinlock_trylock_tm(&elided)) {
			torn |= change();
			rte_spinlock_unlock_tm(&elided);
		}
	}
	return torn;
}

static int
under_elided_nested(void *arg)
{
	int torn = 0, i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		rte_spinlock_recursive_lock_tm(&elided_nested);
		rte_spinlock_recursive_lock_tm(&elided_nested);
		torn |= change();
		rte_spinlock_recursive_unlock_tm(&elided_nested);
		rte_spinlock_recursive_unlock_tm(&elided_nested);
		if (rte_spinlock_recursive_trylock_tm(&elided_nested)) {
			torn |= change();
			rte_spinlock_recursive_unlock_tm(&elided_nested);
		}
	}
	return torn;
}

static int
under_elided_rw(void *arg)
{
	int torn = 0, i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		rte_rwlock_read_lock_tm(&elided_rw);
		torn |= plain[0] != plain[1];
		rte_rwlock_read_unlock_tm(&elided_rw);
		rte_rwlock_write_lock_tm(&elided_rw);
		torn |= change();
		rte_rwlock_write_unlock_tm(&elided_rw);
	}
	return torn;
}

/* With transactions or without: this machine decides which of the two is tried. */
static void
elided_locks_protect(void)
{
	printf("    transactional memory: %s\n", rte_tm_supported() ? "yes" : "no");
	CHECK_EQ(rte_tm_supported(), rte_tm_supported());
	on_all_lcores(under_elided);
	CHECK(plain[0] >= 4 * ROUNDS && plain[0] == plain[1]);
	on_all_lcores(under_elided_nested);
	CHECK(plain[0] >= 4 * ROUNDS && plain[0] == plain[1]);
	CHECK_EQ(elided_nested.count, 0);
	on_all_lcores(under_elided_rw);
	CHECK_EQ(plain[0], 4 * ROUNDS);
	CHECK_EQ(elided_rw.cnt & ~RTE_RWLOCK_WAIT, 0);
	CHECK_EQ(rte_spinlock_is_locked(&elided), 0);
}

int
main(void)
{
	log_capture("test_eal_queuelocks.log");
	if (eal_start("test --no-huge -m 8 --lcores (0-3)@0") < 0) {
		printf("rte_eal_init failed: %s\n", log_taken());
		return 1;
	}
	RUN(a_ticketlock_lets_one_in);
	RUN(a_recursive_ticketlock_nests);
	RUN(an_mcs_lock_lets_one_in);
	RUN(waiters_are_served_in_the_order_of_their_coming);
	RUN(a_phase_fair_lock_shares_among_readers_only);
	RUN(readers_go_before_the_next_writer);
	RUN(a_sequence_lock_shows_no_torn_data);
	RUN(elided_locks_protect);
	if (rte_eal_cleanup() != 0)
		return 1;
	return check_summary();
}
