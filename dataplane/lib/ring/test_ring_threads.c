/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings under several threads: each element arrives once, each producer's elements in its order, nothing is lost. The
 * indexes start just below 2^32. Made for ThreadSanitizer as much as for the counts.
 */
#include <pthread.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_ring.h>

#include "check.h"

#define PRODUCERS_MAX 3
#define CONSUMERS_MAX 3
#define PER_PRODUCER 8000u

struct element {
	uint32_t producer;
	uint32_t number;
	uint32_t check;
};

static struct {
	struct rte_ring ring;
	struct element slots[64];
} shared __rte_cache_aligned;

static uint32_t taken, broken, consumers;
static uint8_t seen[PRODUCERS_MAX][PER_PRODUCER];

static void *
produce(void *arg)
{
	uint32_t me = (uint32_t)(uintptr_t)arg, sent = 0;
	struct element burst[9];

	while (sent < PER_PRODUCER) {
		uint32_t n = 1 + sent % RTE_DIM(burst), i;

		if (n > PER_PRODUCER - sent)
			n = PER_PRODUCER - sent;
		for (i = 0; i < n; i++)
			burst[i] = (struct element){me, sent + i, (me << 28) ^ (sent + i) ^ 0x5a5a5a5au};
		if (sent & 1)
			n = rte_ring_enqueue_burst_elem(&shared.ring, burst, sizeof(burst[0]), n, NULL);
		else
			n = rte_ring_enqueue_bulk_elem(&shared.ring, burst, sizeof(burst[0]), n, NULL);
		if (n == 0)
			rte_delay_us_sleep(1);
		sent += n;
	}
	return NULL;
}

static void *
consume(void *arg)
{
	uint32_t total = (uint32_t)(uintptr_t)arg, last[PRODUCERS_MAX] = {0}, i;
	struct element burst[7];

	while (__atomic_load_n(&taken, __ATOMIC_ACQUIRE) < total) {
		uint32_t n = rte_ring_dequeue_burst_elem(&shared.ring, burst, sizeof(burst[0]), RTE_DIM(burst), NULL);

		for (i = 0; i < n; i++) {
			const struct element *e = &burst[i];

			if (e->producer >= PRODUCERS_MAX || e->number >= PER_PRODUCER ||
				e->check != ((e->producer << 28) ^ e->number ^ 0x5a5a5a5au) ||
				e->number + 1 <= last[e->producer] ||
				__atomic_add_fetch(&seen[e->producer][e->number], 1, __ATOMIC_RELAXED) != 1) {
				__atomic_add_fetch(&broken, 1, __ATOMIC_RELAXED);
				continue;
			}
			last[e->producer] = e->number + 1;
		}
		if (n == 0)
			rte_delay_us_sleep(1);
		else
			__atomic_add_fetch(&taken, n, __ATOMIC_RELEASE);
	}
	return NULL;
}

static void
run_threads(uint32_t producers, uint32_t consumer_count, unsigned int flags)
{
	pthread_t threads[PRODUCERS_MAX + CONSUMERS_MAX];
	uint32_t i, p, total = producers * PER_PRODUCER;

	CHECK_EQ(rte_ring_init(&shared.ring, "threads", 64, flags), 0);
	shared.ring.prod.head = shared.ring.prod.tail = 0xffffffc0u;
	shared.ring.cons.head = shared.ring.cons.tail = 0xffffffc0u;
	taken = broken = 0;
	consumers = consumer_count;
	memset(seen, 0, sizeof(seen));
	for (i = 0; i < producers; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, produce, (void *)(uintptr_t)i), 0);
	for (i = 0; i < consumers; i++)
		CHECK_EQ(pthread_create(&threads[producers + i], NULL, consume, (void *)(uintptr_t)total), 0);
	for (i = 0; i < producers + consumers; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(broken, 0);
	CHECK_EQ(taken, total);
	CHECK(rte_ring_empty(&shared.ring));
	for (p = 0; p < producers; p++) {
		for (i = 0; i < PER_PRODUCER; i++)
			CHECK_EQ(seen[p][i], 1);
	}
}

static void
single_producer_single_consumer(void)
{
	run_threads(1, 1, RING_F_SP_ENQ | RING_F_SC_DEQ);
}

static void
several_producers_several_consumers(void)
{
	run_threads(2, 2, 0);
	run_threads(3, 3, 0);
}

static void
several_producers_single_consumer(void)
{
	run_threads(3, 1, RING_F_SC_DEQ);
}

static void
single_producer_several_consumers(void)
{
	run_threads(1, 3, RING_F_SP_ENQ);
}

static void *
enqueue_one(void *arg)
{
	return (void *)(uintptr_t)rte_ring_enqueue(arg, arg);
}

/* A producer that claimed later must not show its element before the one that claimed first has shown its own. */
static void
a_later_producer_waits_for_an_earlier_one(void)
{
	struct rte_ring *ring = &shared.ring;
	pthread_t thread;
	void *failed;

	CHECK_EQ(rte_ring_init(ring, "order", 32, 0), 0);
	__atomic_store_n(&ring->prod.head, 1, __ATOMIC_RELEASE);	/* as the earlier one leaves it in between */
	CHECK_EQ(pthread_create(&thread, NULL, enqueue_one, ring), 0);
	while (__atomic_load_n(&ring->prod.head, __ATOMIC_ACQUIRE) != 2)
		rte_delay_us_sleep(1);
	for (unsigned int i = 0; i < 50; i++) {
		rte_delay_us_sleep(100);
		CHECK_EQ(__atomic_load_n(&ring->prod.tail, __ATOMIC_ACQUIRE), 0);
	}
	__atomic_store_n(&ring->prod.tail, 1, __ATOMIC_RELEASE);
	CHECK_EQ(pthread_join(thread, &failed), 0);
	CHECK(failed == NULL);
	CHECK_EQ(rte_ring_count(ring), 2);
}

int
main(void)
{
	RUN(a_later_producer_waits_for_an_earlier_one);
	RUN(single_producer_single_consumer);
	RUN(several_producers_several_consumers);
	RUN(several_producers_single_consumer);
	RUN(single_producer_several_consumers);
	return check_summary();
}
