/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Spinlocks, reader/writer locks and atomic counters between threads.
 */
#include <rte_atomic.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_rwlock.h>
#include <rte_spinlock.h>
#include <wdpdk_registry.h>

#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

/* Four lcores share two CPUs or one: few rounds, since a spinning lcore may hold the CPU the owner needs. */
#define ROUNDS 400

static rte_spinlock_t spinlock = RTE_SPINLOCK_INITIALIZER;
static rte_spinlock_recursive_t recursive = RTE_SPINLOCK_RECURSIVE_INITIALIZER;
static rte_rwlock_t rwlock = RTE_RWLOCK_INITIALIZER;
static uint64_t plain[2];
static rte_atomic64_t atomic64 = RTE_ATOMIC64_INIT(0);
static rte_atomic32_t atomic32;
static rte_atomic16_t atomic16;
static uint64_t by_cas;
static rte_int128_t wide;

static void
on_all_lcores(lcore_function_t *f)
{
	unsigned int lcore;

	CHECK_EQ(rte_eal_mp_remote_launch(f, NULL, CALL_MAIN), 0);
	RTE_LCORE_FOREACH_WORKER(lcore)
		CHECK_EQ(rte_eal_wait_lcore(lcore), 0);
}

static int
under_spinlock(void *arg)
{
	unsigned int i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		rte_spinlock_lock(&spinlock);
		plain[0]++;
		plain[1] = plain[0];
		rte_spinlock_unlock(&spinlock);
		while (!rte_spinlock_trylock(&spinlock))
			rte_pause();
		plain[0]++;
		plain[1] = plain[0];
		rte_spinlock_unlock(&spinlock);
	}
	return 0;
}

static void
a_spinlock_lets_one_in(void)
{
	plain[0] = 0;
	on_all_lcores(under_spinlock);
	CHECK_EQ(plain[0], 4 * 2 * ROUNDS);
	CHECK_EQ(rte_spinlock_is_locked(&spinlock), 0);
	CHECK_EQ(rte_spinlock_trylock(&spinlock), 1);
	CHECK_EQ(rte_spinlock_is_locked(&spinlock), 1);
	CHECK_EQ(rte_spinlock_trylock(&spinlock), 0);
	rte_spinlock_unlock(&spinlock);
}

static int
under_recursive(void *arg)
{
	unsigned int i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		rte_spinlock_recursive_lock(&recursive);
		rte_spinlock_recursive_lock(&recursive);
		if (rte_spinlock_recursive_trylock(&recursive))
			rte_spinlock_recursive_unlock(&recursive);
		plain[0]++;
		rte_spinlock_recursive_unlock(&recursive);
		plain[0]++;
		rte_spinlock_recursive_unlock(&recursive);
	}
	return 0;
}

static void
a_recursive_lock_nests(void)
{
	plain[0] = 0;
	on_all_lcores(under_recursive);
	CHECK_EQ(plain[0], 4 * 2 * ROUNDS);
	CHECK_EQ(recursive.user, -1);
	CHECK_EQ(recursive.count, 0);
}

static int
under_rwlock(void *arg)
{
	unsigned int i;
	int torn = 0;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		rte_rwlock_read_lock(&rwlock);
		torn |= plain[0] != plain[1];
		rte_rwlock_read_unlock(&rwlock);
		if (i % 4 == 0) {
			rte_rwlock_write_lock(&rwlock);
			plain[0]++;
			plain[1]++;
			rte_rwlock_write_unlock(&rwlock);
		}
	}
	return torn;
}

static void
readers_share_and_writers_do_not(void)
{
	plain[0] = plain[1] = 0;
	on_all_lcores(under_rwlock);
	CHECK_EQ(plain[0], 4 * ROUNDS / 4);
	CHECK_EQ(rwlock.cnt & ~RTE_RWLOCK_WAIT, 0);
	rte_rwlock_init(&rwlock);
	CHECK_EQ(rte_rwlock_read_trylock(&rwlock), 0);
	CHECK_EQ(rte_rwlock_read_trylock(&rwlock), 0);
	CHECK_EQ(rte_rwlock_write_trylock(&rwlock), -EBUSY);
	rte_rwlock_read_unlock(&rwlock);
	rte_rwlock_read_unlock(&rwlock);
	CHECK_EQ(rte_rwlock_write_trylock(&rwlock), 0);
	CHECK_EQ(rte_rwlock_read_trylock(&rwlock), -EBUSY);
	CHECK_EQ(rte_rwlock_write_trylock(&rwlock), -EBUSY);
	rte_rwlock_write_unlock(&rwlock);
	CHECK_EQ(rwlock.cnt, 0);
	/* A waiting writer keeps new readers out. */
	rwlock.cnt = RTE_RWLOCK_WAIT;
	CHECK_EQ(rte_rwlock_read_trylock(&rwlock), -EBUSY);
	CHECK_EQ(rte_rwlock_write_trylock(&rwlock), 0);
	rte_rwlock_write_unlock(&rwlock);
	CHECK_EQ(rwlock.cnt, 0);
}

static int
count(void *arg)
{
	unsigned int i;

	(void)arg;
	for (i = 0; i < ROUNDS * 10; i++) {
		uint64_t seen;
		rte_int128_t old, new;

		rte_atomic64_inc(&atomic64);
		rte_atomic64_add(&atomic64, 2);
		rte_atomic64_dec(&atomic64);
		rte_atomic32_add(&atomic32, 3);
		rte_atomic16_inc(&atomic16);
		do {
			seen = __atomic_load_n(&by_cas, __ATOMIC_RELAXED);
		} while (!rte_atomic64_cmpset(&by_cas, seen, seen + 1));
		old.val[0] = old.val[1] = 0;
		do {
			new.val[0] = old.val[0] + 1;
			new.val[1] = old.val[1] + 2;
		} while (!rte_atomic128_cmp_exchange(&wide, &old, &new, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	}
	return 0;
}

static void
atomic_counters_lose_nothing(void)
{
	int64_t all = 4 * 10 * ROUNDS;

	on_all_lcores(count);
	CHECK_EQ(rte_atomic64_read(&atomic64), 2 * all);
	CHECK_EQ(rte_atomic32_read(&atomic32), 3 * all);
	CHECK_EQ(rte_atomic16_read(&atomic16), (int16_t)all);
	CHECK_EQ(by_cas, all);
	CHECK_EQ(wide.val[0], all);
	CHECK_EQ(wide.val[1], 2 * all);
}

static void
atomic_results_are_right(void)
{
	uint32_t word = 5;

	CHECK_EQ(rte_atomic32_cmpset(&word, 4, 9), 0);
	CHECK_EQ(word, 5);
	CHECK_EQ(rte_atomic32_cmpset(&word, 5, 9), 1);
	CHECK_EQ(rte_atomic32_exchange(&word, 11), 9);
	CHECK_EQ(word, 11);
	rte_atomic32_init(&atomic32);
	CHECK_EQ(rte_atomic32_add_return(&atomic32, 5), 5);
	CHECK_EQ(rte_atomic32_sub_return(&atomic32, 4), 1);
	CHECK_EQ(rte_atomic32_dec_and_test(&atomic32), 1);
	CHECK_EQ(rte_atomic32_dec_and_test(&atomic32), 0);
	CHECK_EQ(rte_atomic32_inc_and_test(&atomic32), 1);
	CHECK_EQ(rte_atomic32_test_and_set(&atomic32), 1);
	CHECK_EQ(rte_atomic32_test_and_set(&atomic32), 0);
	rte_atomic32_clear(&atomic32);
	CHECK_EQ(rte_atomic32_read(&atomic32), 0);
}

int
main(void)
{
	log_capture("test_eal_locks.log");
	if (eal_start("test --no-huge -m 8 --lcores (0-3)@0") < 0) {
		printf("rte_eal_init failed: %s\n", log_taken());
		return 1;
	}
	RUN(a_spinlock_lets_one_in);
	RUN(a_recursive_lock_nests);
	RUN(readers_share_and_writers_do_not);
	RUN(atomic_counters_lose_nothing);
	RUN(atomic_results_are_right);
	if (rte_eal_cleanup() != 0)
		return 1;
	return check_summary();
}
