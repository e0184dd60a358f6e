/* SPDX-License-Identifier: BSD-3-Clause */
#include "deliver.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>

#include "doorbell.h"

#define POLLS_BEFORE_YIELD 64u
#define BURSTS_PER_WAKE 32u

static struct consumed *const *consumed_queues;
static unsigned int consumed_count, consumer_core;
static uint64_t consumed_frames __attribute__((aligned(128)));	/* written by the consumer, when the slots are back */
static uint64_t bytes_seen __attribute__((aligned(128)));

void
doorbell_request(unsigned int client)
{
	(void)client;
	bench_fail("a consumer that never sleeps was rung");
}

void
doorbell_attention(void)
{
	bench_fail("a queue broke");
}

void
bench_fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(1);
}

static void
pin(unsigned int core)
{
	cpu_set_t cores;

	CPU_ZERO(&cores);
	CPU_SET(core, &cores);
	if (sched_setaffinity(0, sizeof(cores), &cores) != 0)
		bench_fail("this thread cannot be pinned to its core");
}

void
bench_start(const char *program, unsigned int core)
{
	char name[64], lcore[16], *arguments[] = { name, (char[]){ "--no-huge" }, (char[]){ "--in-memory" }, (char[]){ "-m" },
		(char[]){ "64" }, (char[]){ "-l" }, lcore, NULL };

	snprintf(name, sizeof(name), "%s", program);
	snprintf(lcore, sizeof(lcore), "%u", core);
	if (rte_eal_init(RTE_DIM(arguments) - 1, arguments) < 0)
		bench_fail(rte_strerror(rte_errno));
	pin(core);
}

void *
bench_segment(size_t bytes)
{
	void *base = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (base == MAP_FAILED)
		bench_fail("no memory for a segment");
	return base;
}

void
bench_open(struct delivered *delivered, unsigned int id, uint32_t slots)
{
	struct consumed *client = &delivered->client;
	struct shm_layout layout;
	uint8_t *base;

	if (shm_layout_queue(&layout, slots, SLOT_BYTES, 1, 0) != NULL)
		bench_fail("layout");
	layout.generation = 1;
	layout.queue_id = id;
	base = bench_segment(layout.total);
	shm_segment_write(base, &layout, FIRST_INDEX);
	shm_segment_live(base);
	delivered->queue = client_queue_create(&(struct client_queue_options){ .base = base, .layout = &layout,
		.first_index = FIRST_INDEX, .mtu = 1500 });
	if (delivered->queue == NULL)
		bench_fail("no memory for a queue");
	client->umem = base + shm_layout_find(&layout, WDPDK_AREA_UMEM, 0)->offset;
	shm_ring_attach(&client->rx, base, shm_layout_find(&layout, WDPDK_AREA_RX, 0), false, FIRST_INDEX);
	shm_ring_attach(&client->fill, base, shm_layout_find(&layout, WDPDK_AREA_FILL, 0), true, FIRST_INDEX);
	for (uint32_t i = 0; i < slots; i++)
		shm_poke32(shm_ring_slot(&client->fill, client->fill.own++), i * SLOT_BYTES);
	shm_ring_publish(&client->fill);
}

static uint32_t
consume(struct consumed *queue)
{
	uint64_t seen = 0;
	uint32_t n;

	if (!shm_ring_refresh_ready(&queue->rx))
		bench_fail("an rx index jumped");
	n = shm_ring_ready(&queue->rx);
	if (n == 0)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		struct shm_desc desc = shm_desc_copy(shm_ring_desc(&queue->rx, queue->rx.own + i));
		uint64_t word;

		memcpy(&word, queue->umem + desc.offset + 8, sizeof(word));
		seen += word + desc.length;
		shm_poke32(shm_ring_slot(&queue->fill, queue->fill.own + i), desc.offset & ~(SLOT_BYTES - 1));
	}
	queue->rx.own += n;
	queue->fill.own += n;
	shm_ring_publish(&queue->rx);
	shm_ring_publish(&queue->fill);
	shm_poke64(&bytes_seen, bytes_seen + seen);
	return n;
}

static void *
consumer(void *unused)
{
	unsigned int empty = 0;

	pin(consumer_core);
	for (;;) {
		uint32_t n = 0;

		for (unsigned int i = 0; i < consumed_count; i++)
			n += consume(consumed_queues[i]);
		if (n > 0) {
			__atomic_store_n(&consumed_frames, consumed_frames + n, __ATOMIC_RELEASE);
			empty = 0;
		} else if (++empty % POLLS_BEFORE_YIELD == 0) {
			sched_yield();	/* the machine may have more to do than this */
		}
	}
	return unused;
}

void
bench_consume(struct consumed *const *queues, unsigned int count, unsigned int core)
{
	pthread_t thread;

	consumed_queues = queues;
	consumed_count = count;
	consumer_core = core;
	if (pthread_create(&thread, NULL, consumer, NULL) != 0)
		bench_fail("no thread for the consumer");
}

uint64_t
bench_consumed(void)
{
	return __atomic_load_n(&consumed_frames, __ATOMIC_ACQUIRE);
}

void
bench_settle(uint64_t delivered)
{
	unsigned int spins = 0;

	while (bench_consumed() != delivered)
		if (++spins % POLLS_BEFORE_YIELD == 0)
			sched_yield();
}

void
bench_frames(struct rte_mbuf **pkts, unsigned int count, unsigned int (*flow_of)(unsigned int i))
{
	static const uint8_t model[FRAME_BYTES] = {
		0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0x99, 0, 0x08, 0x00,
		0x45, 0, 0, 50, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 1, 0, 1, 0x04, 0x00, 0x07, 0xd0, 0, 30, 0, 0,
	};
	static struct rte_mempool *pool;

	if (pool == NULL)
		pool = rte_pktmbuf_pool_create("frames", 8191, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	if (pool == NULL || rte_pktmbuf_alloc_bulk(pool, pkts, count) != 0)
		bench_fail("no memory for frames");
	for (unsigned int i = 0; i < count; i++) {
		uint8_t *frame = (uint8_t *)rte_pktmbuf_append(pkts[i], FRAME_BYTES);

		memcpy(frame, model, sizeof(model));
		frame[32] = (uint8_t)flow_of(i);
	}
}

void
bench_wake(struct client_wakes *wakes)
{
	static unsigned int bursts;

	if (++bursts % BURSTS_PER_WAKE == 0)
		client_wakes_ring(wakes);
}

double
bench_ns(uint64_t cycles)
{
	return (double)cycles * 1e9 / (double)rte_get_tsc_hz();
}
