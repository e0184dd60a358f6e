/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings under several threads, in every pair of modes and call forms. Each element arrives once and whole, and the history
 * of calls is that of a queue: what was put in before another call began does not come out after that call's element has
 * come out, and no ring is found empty while an element is in it. The indexes start just below 2^32. Made for
 * ThreadSanitizer as much as for the checks.
 */
#include <pthread.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_ring.h>

#include "check.h"
#include "test_ring_at.h"

#define THREADS 2
#define PER_PRODUCER 4000u
#define EMPTY_MAX 4096u
#define BULK 7u

enum form { PLAIN, PEEK, ZERO_COPY };

struct element {
	uint32_t producer;
	uint32_t number;
	uint32_t check;
};

/* When, on a clock that every call moves on. */
struct life {
	uint32_t put_begin, put_end, taken_begin, taken_end, times;
};

static struct {
	struct rte_ring ring;
	struct element slots[64];
} shared __rte_cache_aligned;

/* Volatile: gcc would take the slots for memory behind an object. */
static struct rte_ring *volatile ring_of_all = &shared.ring;

static struct life lives[THREADS * PER_PRODUCER];
static struct life empties[THREADS * EMPTY_MAX]; /* calls that found nothing */
static uint32_t empty_count, now, taken, wanted, broken;
static enum form form;

static uint32_t
tick(void)
{
	return __atomic_fetch_add(&now, 1, __ATOMIC_SEQ_CST);
}

static uint32_t
put(struct rte_ring *r, const struct element *table, uint32_t n, int bulk)
{
	struct rte_ring_zc_data at;
	uint32_t got;

	switch (form) {
	case PLAIN:
		return bulk ? rte_ring_enqueue_bulk_elem(r, table, sizeof(*table), n, NULL) :
			rte_ring_enqueue_burst_elem(r, table, sizeof(*table), n, NULL);
	case PEEK:
		got = bulk ? rte_ring_enqueue_bulk_elem_start(r, n, NULL) : rte_ring_enqueue_burst_elem_start(r, n, NULL);
		got -= got > 2 ? 1 : 0; /* gives one back */
		if (got != 0)
			rte_ring_enqueue_elem_finish(r, table, sizeof(*table), got);
		return got;
	case ZERO_COPY:
		got = bulk ? rte_ring_enqueue_zc_bulk_elem_start(r, sizeof(*table), n, &at, NULL) :
			rte_ring_enqueue_zc_burst_elem_start(r, sizeof(*table), n, &at, NULL);
		if (got == 0)
			return 0;
		memcpy(at.ptr1, table, at.n1 * sizeof(*table));
		if (at.ptr2 != NULL)
			memcpy(at.ptr2, table + at.n1, (got - at.n1) * sizeof(*table));
		got -= got > 2 ? 1 : 0;
		rte_ring_enqueue_zc_elem_finish(r, got);
		return got;
	}
	return 0;
}

static uint32_t
take(struct rte_ring *r, struct element *table, uint32_t n)
{
	struct rte_ring_zc_data at;
	uint32_t got;

	switch (form) {
	case PLAIN:
		return rte_ring_dequeue_burst_elem(r, table, sizeof(*table), n, NULL);
	case PEEK:
		got = rte_ring_dequeue_burst_elem_start(r, table, sizeof(*table), n, NULL);
		if (got == 0)
			return 0;
		got -= got > 2 ? 1 : 0;
		rte_ring_dequeue_elem_finish(r, got);
		return got;
	case ZERO_COPY:
		got = rte_ring_dequeue_zc_burst_elem_start(r, sizeof(*table), n, &at, NULL);
		if (got == 0)
			return 0;
		memcpy(table, at.ptr1, at.n1 * sizeof(*table));
		if (at.ptr2 != NULL)
			memcpy(table + at.n1, at.ptr2, (got - at.n1) * sizeof(*table));
		got -= got > 2 ? 1 : 0;
		rte_ring_dequeue_zc_elem_finish(r, got);
		return got;
	}
	return 0;
}

static void *
produce(void *arg)
{
	uint32_t me = (uint32_t)(uintptr_t)arg, sent = 0;
	struct rte_ring *r = ring_of_all;
	struct element burst[9];

	while (sent < PER_PRODUCER) {
		uint32_t n = RTE_MIN(1 + sent % (uint32_t)RTE_DIM(burst), PER_PRODUCER - sent), begin, end, i;

		for (i = 0; i < n; i++)
			burst[i] = (struct element){me, sent + i, (me << 28) ^ (sent + i) ^ 0x5a5a5a5au};
		begin = tick();
		n = put(r, burst, n, sent & 1);
		end = tick();
		for (i = 0; i < n; i++) {
			lives[me * PER_PRODUCER + sent + i].put_begin = begin;
			lives[me * PER_PRODUCER + sent + i].put_end = end;
		}
		if (n == 0)
			rte_delay_us_sleep(1);
		sent += n;
	}
	return NULL;
}

static void *
consume(void *arg)
{
	struct rte_ring *r = ring_of_all;
	struct element burst[BULK];

	RTE_SET_USED(arg);
	while (__atomic_load_n(&taken, __ATOMIC_ACQUIRE) < wanted) {
		uint32_t begin = tick(), n = take(r, burst, RTE_DIM(burst)), end = tick(), i;

		for (i = 0; i < n; i++) {
			const struct element *e = &burst[i];
			struct life *life;

			if (e->producer >= THREADS || e->number >= PER_PRODUCER ||
				e->check != ((e->producer << 28) ^ e->number ^ 0x5a5a5a5au)) {
				__atomic_add_fetch(&broken, 1, __ATOMIC_RELAXED);
				continue;
			}
			life = &lives[e->producer * PER_PRODUCER + e->number];
			if (__atomic_fetch_add(&life->times, 1, __ATOMIC_RELAXED) == 0) {
				life->taken_begin = begin;
				life->taken_end = end;
			}
		}
		if (n == 0) {
			i = __atomic_fetch_add(&empty_count, 1, __ATOMIC_RELAXED);
			if (i < RTE_DIM(empties)) {
				empties[i].put_begin = begin;
				empties[i].taken_end = end;
			}
			rte_delay_us_sleep(1);
		} else {
			__atomic_add_fetch(&taken, n, __ATOMIC_RELEASE);
		}
	}
	return NULL;
}

static int
by_put_begin(const void *a, const void *b)
{
	uint32_t x = ((const struct life *)a)->put_begin, y = ((const struct life *)b)->put_begin;

	return (x > y) - (x < y);
}

static int
by_put_end(const void *a, const void *b)
{
	uint32_t x = ((const struct life *)a)->put_end, y = ((const struct life *)b)->put_end;

	return (x > y) - (x < y);
}

/*
 * Calls of `later` that were over before an element was taken that had been in the ring when they began. For elements:
 * overtaking; for calls that found nothing: not seeing it.
 */
static uint32_t
not_of_a_queue(const struct life *earlier, uint32_t earlier_count, const struct life *later, uint32_t later_count)
{
	uint32_t i, next = 0, last_taken = 0, found = 0;

	for (i = 0; i < later_count; i++) {
		while (next < earlier_count && earlier[next].put_end < later[i].put_begin) {
			last_taken = RTE_MAX(last_taken, earlier[next].taken_begin);
			next++;
		}
		found += last_taken > later[i].taken_end;
	}
	return found;
}

static void
check_history(uint32_t total, int published_when_done)
{
	static struct life ends[THREADS * PER_PRODUCER];
	uint32_t seen = RTE_MIN(empty_count, (uint32_t)RTE_DIM(empties));

	memcpy(ends, lives, total * sizeof(lives[0]));
	qsort(ends, total, sizeof(ends[0]), by_put_end);
	qsort(lives, total, sizeof(lives[0]), by_put_begin);
	CHECK_EQ(not_of_a_queue(ends, total, lives, total), 0);
	if (published_when_done) {
		qsort(empties, seen, sizeof(empties[0]), by_put_begin);
		CHECK_EQ(not_of_a_queue(ends, total, empties, seen), 0);
	}
}

static void
run_threads(unsigned int flags)
{
	uint32_t producers = flags & RING_F_SP_ENQ ? 1 : THREADS, consumers = flags & RING_F_SC_DEQ ? 1 : THREADS, i;
	pthread_t threads[2 * THREADS];

	CHECK_EQ(rte_ring_init(&shared.ring, "threads", RTE_DIM(shared.slots), flags), 0);
	test_ring_start_at(&shared.ring, 0xffffffc0u);
	memset(lives, 0, sizeof(lives));
	taken = broken = now = empty_count = 0;
	wanted = producers * PER_PRODUCER;
	for (i = 0; i < producers; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, produce, (void *)(uintptr_t)i), 0);
	for (i = 0; i < consumers; i++)
		CHECK_EQ(pthread_create(&threads[producers + i], NULL, consume, NULL), 0);
	for (i = 0; i < producers + consumers; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(broken, 0);
	CHECK_EQ(taken, wanted);
	CHECK(rte_ring_empty(&shared.ring));
	for (i = 0; i < wanted; i++)
		CHECK_EQ(lives[i].times, 1);
	/* In RTS a call may be done before those before it are, and then its elements are not out yet. */
	check_history(wanted, !(flags & RING_F_MP_RTS_ENQ));
}

static const unsigned int prod_modes[] = {0, RING_F_SP_ENQ, RING_F_MP_RTS_ENQ, RING_F_MP_HTS_ENQ};
static const unsigned int cons_modes[] = {0, RING_F_SC_DEQ, RING_F_MC_RTS_DEQ, RING_F_MC_HTS_DEQ};

static void
plain_calls_in_every_pair_of_modes(void)
{
	unsigned int i, j;

	form = PLAIN;
	for (i = 0; i < RTE_DIM(prod_modes); i++) {
		for (j = 0; j < RTE_DIM(cons_modes); j++)
			run_threads(prod_modes[i] | cons_modes[j]);
	}
}

static void
run_split(void)
{
	run_threads(RING_F_SP_ENQ | RING_F_SC_DEQ);
	run_threads(RING_F_SP_ENQ | RING_F_MC_HTS_DEQ);
	run_threads(RING_F_MP_HTS_ENQ | RING_F_SC_DEQ);
	run_threads(RING_F_MP_HTS_ENQ | RING_F_MC_HTS_DEQ);
}

static void
peek_calls_that_give_back(void)
{
	form = PEEK;
	run_split();
}

static void
zero_copy_calls_that_give_back(void)
{
	form = ZERO_COPY;
	run_split();
}

/* A call beside another that is in between claim and publish. */
static void *
enqueue_one(void *arg)
{
	return (void *)(uintptr_t)rte_ring_enqueue(arg, arg);
}

static pthread_t thread;

static void
start_enqueue(struct rte_ring *ring)
{
	CHECK_EQ(pthread_create(&thread, NULL, enqueue_one, ring), 0);
}

static void
end_enqueue(void)
{
	void *failed;

	CHECK_EQ(pthread_join(thread, &failed), 0);
	CHECK(failed == NULL);
}

/* A producer that claimed later must not show its element before the one that claimed first has shown its own. */
static void
a_later_producer_waits_for_an_earlier_one(void)
{
	struct rte_ring *ring = ring_of_all;

	CHECK_EQ(rte_ring_init(ring, "order", 32, 0), 0);
	__atomic_store_n(&ring->prod.head, 1, __ATOMIC_RELEASE); /* as the earlier one leaves it in between */
	start_enqueue(ring);
	while (__atomic_load_n(&ring->prod.head, __ATOMIC_ACQUIRE) != 2)
		rte_delay_us_sleep(1);
	for (unsigned int i = 0; i < 50; i++) {
		rte_delay_us_sleep(100);
		CHECK_EQ(__atomic_load_n(&ring->prod.tail, __ATOMIC_ACQUIRE), 0);
	}
	__atomic_store_n(&ring->prod.tail, 1, __ATOMIC_RELEASE);
	end_enqueue();
	CHECK_EQ(rte_ring_count(ring), 2);
}

/* HTS: nobody claims beside the one that has claimed. */
static void
hts_lets_one_in_at_a_time(void)
{
	struct rte_ring *ring = ring_of_all;
	union __rte_ring_hts_pos at = {.pos = {.head = 1, .tail = 0}};

	CHECK_EQ(rte_ring_init(ring, "one", 32, RING_F_MP_HTS_ENQ), 0);
	__atomic_store_n(&ring->hts_prod.ht.raw, at.raw, __ATOMIC_RELEASE);
	start_enqueue(ring);
	for (unsigned int i = 0; i < 50; i++) {
		rte_delay_us_sleep(100);
		CHECK_EQ(__atomic_load_n(&ring->prod.head, __ATOMIC_ACQUIRE), 1);
	}
	at.pos.tail = 1;
	__atomic_store_n(&ring->hts_prod.ht.raw, at.raw, __ATOMIC_RELEASE);
	end_enqueue();
	CHECK_EQ(rte_ring_count(ring), 2);
}

/* RTS: a claim starts up to htd_max from the tail, and not beyond. */
static void
rts_waits_beyond_htd_max(void)
{
	struct rte_ring *ring = ring_of_all;
	union __rte_ring_rts_poscnt head = {.val = {.cnt = 1, .pos = 5}}, tail = {.val = {.cnt = 1, .pos = 5}};

	CHECK_EQ(rte_ring_init(ring, "far", 32, RING_F_MP_RTS_ENQ), 0);
	CHECK_EQ(rte_ring_set_prod_htd_max(ring, 4), 0);
	__atomic_store_n(&ring->rts_prod.head.raw, head.raw, __ATOMIC_RELEASE);
	start_enqueue(ring);
	for (unsigned int i = 0; i < 50; i++) {
		rte_delay_us_sleep(100);
		CHECK_EQ(__atomic_load_n(&ring->rts_prod.head.raw, __ATOMIC_ACQUIRE), head.raw);
	}
	__atomic_store_n(&ring->rts_prod.tail.raw, tail.raw, __ATOMIC_RELEASE);
	end_enqueue();
	CHECK_EQ(rte_ring_count(ring), 6);
}

int
main(void)
{
	RUN(a_later_producer_waits_for_an_earlier_one);
	RUN(hts_lets_one_in_at_a_time);
	RUN(rts_waits_beyond_htd_max);
	RUN(plain_calls_in_every_pair_of_modes);
	RUN(peek_calls_that_give_back);
	RUN(zero_copy_calls_that_give_back);
	return check_summary();
}
