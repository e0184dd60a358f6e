/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One pool, several threads, for each store that bears them: with caches of their own, without, and an observer that
 * counts meanwhile. No object is with two holders at once, none is lost.
 */
#include <pthread.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mempool.h>

#include "check.h"

#define COUNT 600
#define THREADS 4
#define ROUNDS 1000

struct object {
	uint32_t holder;  /* atomic: 0 or the thread */
	uint32_t written; /* plain: by the holder only */
};

static struct rte_mempool *pool;
static uint32_t broken, running;

static void
take_and_give(uint32_t me, struct rte_mempool_cache *cache)
{
	struct object *objs[40];
	uint32_t seed = me * 2654435761u, round, i;

	for (round = 0; round < ROUNDS; round++) {
		uint32_t n;

		seed = seed * 1664525u + 1013904223u;
		n = 1 + (seed >> 16) % RTE_DIM(objs);
		if (rte_mempool_generic_get(pool, (void **)objs, n, cache) != 0) {
			rte_delay_us_sleep(1);
			continue;
		}
		for (i = 0; i < n; i++) {
			if (__atomic_exchange_n(&objs[i]->holder, me, __ATOMIC_RELAXED) != 0)
				__atomic_add_fetch(&broken, 1, __ATOMIC_RELAXED);
			objs[i]->written = me;
		}
		for (i = 0; i < n; i++) {
			if (objs[i]->written != me || __atomic_exchange_n(&objs[i]->holder, 0, __ATOMIC_RELAXED) != me)
				__atomic_add_fetch(&broken, 1, __ATOMIC_RELAXED);
		}
		rte_mempool_generic_put(pool, (void **)objs, n, cache);
	}
}

static void *
work(void *arg)
{
	uint32_t me = (uint32_t)(uintptr_t)arg;
	struct rte_mempool_cache *cache = me % 2 ? rte_mempool_cache_create(32, SOCKET_ID_ANY) : NULL;

	if (me % 2 && cache == NULL)
		__atomic_add_fetch(&broken, 1, __ATOMIC_RELAXED);
	take_and_give(me, cache);
	if (cache != NULL)
		rte_mempool_cache_flush(cache, pool);
	rte_mempool_cache_free(cache);
	__atomic_sub_fetch(&running, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void *
observe(void *arg)
{
	RTE_SET_USED(arg);
	while (__atomic_load_n(&running, __ATOMIC_ACQUIRE) != 0) {
		if (rte_mempool_avail_count(pool) > COUNT)
			__atomic_add_fetch(&broken, 1, __ATOMIC_RELAXED);
		rte_delay_us_sleep(1);
	}
	return NULL;
}

static void
clear(struct rte_mempool *mp, void *arg, void *obj, unsigned int index)
{
	RTE_SET_USED(mp);
	RTE_SET_USED(arg);
	RTE_SET_USED(index);
	memset(obj, 0, sizeof(struct object));
}

static void
check_free(struct rte_mempool *mp, void *arg, void *obj, unsigned int index)
{
	RTE_SET_USED(mp);
	RTE_SET_USED(index);
	*(uint32_t *)arg += ((struct object *)obj)->holder != 0;
}

static void
share(const char *ops)
{
	pthread_t threads[THREADS + 1];
	uint32_t i, held = 0;

	pool = rte_mempool_create_empty("shared", COUNT, sizeof(struct object), 64, 0, SOCKET_ID_ANY, 0);
	CHECK(pool != NULL);
	CHECK_EQ(rte_mempool_set_ops_byname(pool, ops, NULL), 0);
	CHECK_EQ(rte_mempool_populate_default(pool), COUNT);
	CHECK_EQ(rte_mempool_obj_iter(pool, clear, NULL), COUNT);
	running = THREADS;
	for (i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, work, (void *)(uintptr_t)(i + 1)), 0);
	CHECK_EQ(pthread_create(&threads[THREADS], NULL, observe, NULL), 0);
	/* This thread is an lcore and works through the pool's own cache. */
	take_and_give(THREADS + 1, rte_mempool_default_cache(pool, rte_lcore_id()));
	for (i = 0; i <= THREADS; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(broken, 0);
	CHECK(rte_mempool_full(pool));
	rte_mempool_obj_iter(pool, check_free, &held);
	CHECK_EQ(held, 0);
	rte_mempool_audit(pool);
	rte_mempool_free(pool);
}

static void
threads_share_a_pool(void)
{
	static const char * const ops[] = {"ring_mp_mc", "ring_mt_rts", "ring_mt_hts", "stack", "lf_stack"};
	uint32_t i;

	for (i = 0; i < RTE_DIM(ops); i++)
		share(ops[i]);
}

/* In RTS mode a get that is held up between claim and publish keeps the slots of those after it, which are done. */
static void
a_get_that_is_held_up_costs_no_put(void)
{
	struct rte_ring *ring;
	union __rte_ring_rts_poscnt head;
	void *objs[10];

	pool = rte_mempool_create_empty("held up", 100, 64, 0, 0, SOCKET_ID_ANY, 0);
	CHECK(pool != NULL);
	CHECK_EQ(rte_mempool_set_ops_byname(pool, "ring_mt_rts", NULL), 0);
	CHECK_EQ(rte_mempool_populate_default(pool), 100);
	ring = (struct rte_ring *)pool->pool_data;
	head = ring->rts_cons.head;
	ring->rts_cons.head.val.pos++;
	ring->rts_cons.head.val.cnt++;
	CHECK_EQ(rte_mempool_get_bulk(pool, objs, 10), 0);
	CHECK_EQ(rte_mempool_ops_enqueue_bulk(pool, objs, 10), 0);
	CHECK_EQ(head.val.pos, ring->rts_cons.tail.val.pos);
	rte_mempool_free(pool);
}

static uint32_t made_here;

/* A thread that is no lcore has no cache of the pool's: rte_mempool_get() goes to the store, and still works. */
static void *
stranger(void *arg)
{
	struct rte_mempool *own;
	char name[RTE_MEMPOOL_NAMESIZE];
	void *obj;

	snprintf(name, sizeof(name), "stranger%u", (unsigned int)(uintptr_t)arg);
	own = rte_mempool_create(name, 10, 100, 4, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
	if (rte_lcore_id() != LCORE_ID_ANY || own == NULL || rte_mempool_default_cache(own, rte_lcore_id()) != NULL ||
		rte_mempool_get(own, &obj) != 0)
		return NULL;
	rte_mempool_put(own, obj);
	if (rte_mempool_ops_get_count(own) == 10 && rte_mempool_lookup(name) == own)
		__atomic_add_fetch(&made_here, 1, __ATOMIC_RELAXED);
	rte_mempool_free(own);
	return NULL;
}

static void
threads_that_are_no_lcores_make_pools(void)
{
	pthread_t threads[THREADS];
	uint32_t i;

	for (i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, stranger, (void *)(uintptr_t)i), 0);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(made_here, THREADS);
}

/* Further EAL arguments may follow on the command line. */
int
main(int argc, char **argv)
{
	char *args[16] = {(char *)"test_mempool_threads", (char *)"--no-huge", (char *)"-m", (char *)"64",
		(char *)"--no-pci", (char *)"-l", (char *)"0"};
	int n = 7, i;

	for (i = 1; i < argc && n < 15; i++)
		args[n++] = argv[i];
	if (rte_eal_init(n, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(threads_share_a_pool);
	RUN(a_get_that_is_held_up_costs_no_put);
	RUN(threads_that_are_no_lcores_make_pools);
	rte_eal_cleanup();
	return check_summary();
}
