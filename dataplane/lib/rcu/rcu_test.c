/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_rcu_qsbr.h>

#include "check.h"

#define READERS 3
#define ROUNDS 4000

static struct rte_rcu_qsbr *
variable(uint32_t max_threads)
{
	struct rte_rcu_qsbr *v = rte_malloc(NULL, rte_rcu_qsbr_get_memsize(max_threads), RTE_CACHE_LINE_SIZE);

	CHECK(v != NULL);
	CHECK_EQ(rte_rcu_qsbr_init(v, max_threads), 0);
	return v;
}

static void
bad_arguments(void)
{
	struct rte_rcu_qsbr *v = variable(3);
	unsigned int n;

	rte_errno = 0;
	CHECK_EQ(rte_rcu_qsbr_get_memsize(0), 1);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_rcu_qsbr_init(NULL, 1), 1);
	CHECK_EQ(rte_rcu_qsbr_init(v, 0), 1);
	CHECK_EQ(rte_rcu_qsbr_thread_register(NULL, 0), 1);
	CHECK_EQ(rte_rcu_qsbr_thread_register(v, 3), 1);
	CHECK_EQ(rte_rcu_qsbr_thread_register(v, UINT32_MAX), 1);
	CHECK_EQ(rte_rcu_qsbr_thread_unregister(NULL, 0), 1);
	CHECK_EQ(rte_rcu_qsbr_thread_unregister(v, 3), 1);
	CHECK_EQ(rte_rcu_qsbr_dump(NULL, v), 1);
	CHECK_EQ(rte_rcu_qsbr_dump(stdout, NULL), 1);
	CHECK(rte_rcu_qsbr_dq_create(NULL) == NULL);
	CHECK_EQ(rte_rcu_qsbr_dq_enqueue(NULL, &n), 1);
	CHECK_EQ(rte_rcu_qsbr_dq_reclaim(NULL, 1, NULL, NULL, NULL), 1);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_rcu_qsbr_dq_delete(NULL), 0);
	rte_rcu_qsbr_synchronize(NULL, 0);
	rte_free(v);
}

static void
only_online_readers_are_waited_for(void)
{
	struct rte_rcu_qsbr *v = variable(130);
	uint64_t token;

	CHECK_EQ(rte_rcu_qsbr_check(v, rte_rcu_qsbr_start(v), false), 1);
	/* One in each word of registration bits, registered twice. */
	for (unsigned int id = 1; id < 130; id += 64) {
		CHECK_EQ(rte_rcu_qsbr_thread_register(v, id), 0);
		CHECK_EQ(rte_rcu_qsbr_thread_register(v, id), 0);
	}
	CHECK_EQ(v->num_threads, 3);
	CHECK_EQ(rte_rcu_qsbr_check(v, rte_rcu_qsbr_start(v), true), 1);
	rte_rcu_qsbr_thread_online(v, 129);
	token = rte_rcu_qsbr_start(v);
	CHECK_EQ(rte_rcu_qsbr_check(v, token, false), 0);
	rte_rcu_qsbr_lock(v, 129);
	rte_rcu_qsbr_unlock(v, 129);
	rte_rcu_qsbr_quiescent(v, 129);
	CHECK_EQ(rte_rcu_qsbr_check(v, token, false), 1);
	CHECK_EQ(rte_rcu_qsbr_check(v, token + 1, false), 0);
	CHECK_EQ(rte_rcu_qsbr_check(v, rte_rcu_qsbr_start(v), false), 0);
	rte_rcu_qsbr_thread_offline(v, 129);
	CHECK_EQ(rte_rcu_qsbr_check(v, rte_rcu_qsbr_start(v), true), 1);
	rte_rcu_qsbr_thread_online(v, 129);
	rte_rcu_qsbr_synchronize(v, 129);
	token = rte_rcu_qsbr_start(v);
	CHECK_EQ(rte_rcu_qsbr_thread_unregister(v, 129), 0);
	CHECK_EQ(rte_rcu_qsbr_thread_unregister(v, 129), 0);
	CHECK_EQ(v->num_threads, 2);
	CHECK_EQ(rte_rcu_qsbr_check(v, token, true), 1);
	rte_free(v);
}

static uint32_t freed_next;

static void
freed(void *p, void *e, unsigned int n)
{
	uint32_t *element = e;

	CHECK(p == &freed_next);
	CHECK_EQ(n, 1);
	CHECK_EQ(element[0], freed_next++);
	CHECK_EQ(element[99], element[0] + 99);
}

static void
a_defer_queue_frees_in_order_and_in_time(void)
{
	struct rte_rcu_qsbr *v = variable(1);
	struct rte_rcu_qsbr_dq_parameters params = { .name = "test", .size = 5, .esize = 400, .trigger_reclaim_limit = 100,
		.free_fn = freed, .p = &freed_next, .v = v };
	struct rte_rcu_qsbr_dq *dq;
	unsigned int gone, pending, room;
	uint32_t element[100], next = 0;

	params.esize = 7;
	CHECK(rte_rcu_qsbr_dq_create(&params) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	params.esize = 400;
	dq = rte_rcu_qsbr_dq_create(&params);
	CHECK(dq != NULL);
	rte_rcu_qsbr_thread_register(v, 0);
	rte_rcu_qsbr_thread_online(v, 0);
	freed_next = 0;
	for (unsigned int i = 0; i < 20; i++) {
		/* Full at seven, the ring's capacity. */
		for (;;) {
			element[0] = next;
			element[99] = next + 99;
			if (rte_rcu_qsbr_dq_enqueue(dq, element) != 0)
				break;
			next++;
		}
		CHECK_EQ(rte_errno, ENOSPC);
		CHECK_EQ(rte_rcu_qsbr_dq_reclaim(dq, 100, &gone, &pending, &room), 0);
		CHECK_EQ(gone, 0);
		CHECK_EQ(pending, 7);
		CHECK_EQ(room, 0);
		CHECK_EQ(rte_rcu_qsbr_dq_delete(dq), 1);
		CHECK_EQ(rte_errno, EAGAIN);
		rte_rcu_qsbr_quiescent(v, 0);
		CHECK_EQ(rte_rcu_qsbr_dq_reclaim(dq, 3, &gone, &pending, &room), 0);
		CHECK_EQ(gone, 3);
		CHECK_EQ(pending, 4);
		CHECK_EQ(rte_rcu_qsbr_dq_reclaim(dq, 100, &gone, &pending, &room), 0);
		CHECK_EQ(gone, 4);
		CHECK_EQ(room, 7);
	}
	rte_rcu_qsbr_quiescent(v, 0);
	CHECK_EQ(rte_rcu_qsbr_dq_delete(dq), 0);
	CHECK_EQ(freed_next, next);
	rte_free(v);
}

/* One object at a time is published; a reader must never find the one it holds poisoned. */
struct shared {
	struct rte_rcu_qsbr *v;
	uint32_t *published;
	uint32_t poisoned;
	uint32_t reads;
	bool done;
};

struct reader {
	struct shared *shared;
	unsigned int id;
};

static void *
read_published(void *arg)
{
	struct reader *reader = arg;
	struct shared *shared = reader->shared;

	rte_rcu_qsbr_thread_register(shared->v, reader->id);
	for (unsigned int i = 0; !__atomic_load_n(&shared->done, __ATOMIC_ACQUIRE); i++) {
		if (i % 64 == 0)
			rte_rcu_qsbr_thread_online(shared->v, reader->id);

		const uint32_t *object = __atomic_load_n(&shared->published, __ATOMIC_ACQUIRE);

		if (object[0] != 1 || object[15] != 1)
			__atomic_fetch_add(&shared->poisoned, 1, __ATOMIC_RELAXED);
		__atomic_fetch_add(&shared->reads, 1, __ATOMIC_RELAXED);
		rte_rcu_qsbr_quiescent(shared->v, reader->id);
		if (i % 64 == 63)
			rte_rcu_qsbr_thread_offline(shared->v, reader->id);
	}
	rte_rcu_qsbr_thread_offline(shared->v, reader->id);
	rte_rcu_qsbr_thread_unregister(shared->v, reader->id);
	return NULL;
}

static void
nothing_is_freed_under_a_reader(void)
{
	static uint32_t objects[2][16];
	struct shared shared = { .v = variable(READERS), .published = objects[0] };
	struct reader readers[READERS];
	pthread_t threads[READERS];
	uint64_t end;

	for (unsigned int i = 0; i < 16; i++)
		objects[0][i] = 1;
	for (unsigned int i = 0; i < READERS; i++) {
		readers[i] = (struct reader){ &shared, i };
		CHECK_EQ(pthread_create(&threads[i], NULL, read_published, &readers[i]), 0);
	}
	/* On a busy machine a round takes as long as the readers wait for a processor: then fewer have to do. */
	end = rte_get_timer_cycles() + rte_get_timer_hz() / 2;
	for (unsigned int round = 0; round < 2 || (round < ROUNDS && rte_get_timer_cycles() < end); round++) {
		uint32_t *old = objects[round % 2], *new = objects[(round + 1) % 2];

		for (unsigned int i = 0; i < 16; i++)
			new[i] = 1;
		__atomic_store_n(&shared.published, new, __ATOMIC_RELEASE);
		rte_rcu_qsbr_synchronize(shared.v, RTE_QSBR_THRID_INVALID);
		for (unsigned int i = 0; i < 16; i++)
			old[i] = 2;
	}
	__atomic_store_n(&shared.done, true, __ATOMIC_RELEASE);
	for (unsigned int i = 0; i < READERS; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(shared.poisoned, 0);
	rte_free(shared.v);
}

int
main(void)
{
	char *arguments[] = { (char *)"rcu_test", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci", NULL };

	if (rte_eal_init(5, arguments) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(bad_arguments);
	RUN(only_online_readers_are_waited_for);
	RUN(a_defer_queue_frees_in_order_and_in_time);
	RUN(nothing_is_freed_under_a_reader);
	rte_eal_cleanup();
	return check_summary();
}
