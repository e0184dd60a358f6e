/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a delivery costs the dataplane beside a plain ring between two threads in C: bench_deliver_copy ROUNDS PRODUCER CONSUMER (cores)
 *
 * Each side has the same work: 32 frames of 64 bytes at a time, from mbufs into slots of shared memory that the consumer has handed
 * out, a descriptor each, one publish a burst. Both queues are in the same shape (as AF_XDP has it: descriptors one way, free slots the
 * other, so that a consumer may keep some) and have the same consumer, live on another core: it reads each frame and gives its slot back.
 *
 *   dataplane   client_queue_deliver: checks indexes, offsets and owners of slots; counts; deals with chains, snaplen and metadata;
 *               and looks every few us whether the client sleeps, as an lcore does
 *   reference   none of that: copies, writes the descriptor, trusts every word
 *
 * A line per round: ns per frame of the dataplane and of the reference, whose rounds alternate. A round counts when the consumer was live
 * during both: it had taken half the frames when the last was delivered. Without that the consumer's lines are just memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_memcpy.h>

#include "deliver.h"

#define SLOTS WDPDK_UMEM_DEFAULT_SLOTS
#define ROUND_FRAMES 1024u	/* of the slots; so there is room for a round always */
#define WARM_UPS 20u

/* The producer's end of the plain queue. */
struct reference {
	uint8_t *umem;
	uint8_t *descriptors;
	uint32_t *slots;
	uint32_t *rx_producer, *rx_consumer, *fill_producer, *fill_consumer;
	uint32_t produced, rx_seen, taken, fill_seen, mask;
};

static void
open_reference(struct reference *reference, struct consumed *client)
{
	struct shm_layout layout;
	uint8_t *base, *rx, *fill;

	if (shm_layout_queue(&layout, SLOTS, SLOT_BYTES, 1, 0) != NULL)
		bench_fail("layout");
	base = bench_segment(layout.total);
	shm_segment_write(base, &layout, FIRST_INDEX);
	client->umem = reference->umem = base + shm_layout_find(&layout, WDPDK_AREA_UMEM, 0)->offset;
	shm_ring_attach(&client->rx, base, shm_layout_find(&layout, WDPDK_AREA_RX, 0), false, FIRST_INDEX);
	shm_ring_attach(&client->fill, base, shm_layout_find(&layout, WDPDK_AREA_FILL, 0), true, FIRST_INDEX);
	rx = base + shm_layout_find(&layout, WDPDK_AREA_RX, 0)->offset;
	fill = base + shm_layout_find(&layout, WDPDK_AREA_FILL, 0)->offset;
	reference->descriptors = rx + WDPDK_RING_ENTRIES;
	reference->slots = (uint32_t *)(void *)(fill + WDPDK_RING_ENTRIES);
	reference->rx_producer = (uint32_t *)(void *)(rx + WDPDK_RING_PRODUCER);
	reference->rx_consumer = (uint32_t *)(void *)(rx + WDPDK_RING_CONSUMER);
	reference->fill_producer = (uint32_t *)(void *)(fill + WDPDK_RING_PRODUCER);
	reference->fill_consumer = (uint32_t *)(void *)(fill + WDPDK_RING_CONSUMER);
	reference->produced = reference->rx_seen = reference->taken = reference->fill_seen = FIRST_INDEX;
	reference->mask = SLOTS - 1;
	for (uint32_t i = 0; i < SLOTS; i++)
		shm_poke32(shm_ring_slot(&client->fill, client->fill.own++), i * SLOT_BYTES);
	shm_ring_publish(&client->fill);
}

/* Not to be made smaller or larger than a burst by the compiler's knowledge of the caller: as the other side, which is a library. */
static __attribute__((noinline)) unsigned int
reference_deliver(struct reference *r, struct rte_mbuf *const *pkts, unsigned int n, uint16_t port, uint32_t meta)
{
	uint32_t count = n;

	if (SLOTS - (r->produced - r->rx_seen) < n) {
		r->rx_seen = shm_load(r->rx_consumer);
		if (SLOTS - (r->produced - r->rx_seen) < count)
			count = SLOTS - (r->produced - r->rx_seen);
	}
	if (r->fill_seen - r->taken < count) {
		r->fill_seen = shm_load(r->fill_producer);
		if (r->fill_seen - r->taken < count)
			count = r->fill_seen - r->taken;
	}
	for (uint32_t i = 0; i < count && i < 8; i++)
		__builtin_prefetch(r->umem + r->slots[(r->taken + i) & r->mask] + WDPDK_UMEM_HEADROOM, 1);
	for (uint32_t i = 0; i < count; i += 4)
		__builtin_prefetch(r->descriptors + (size_t)((r->produced + i) & r->mask) * WDPDK_DESC_BYTES, 1);
	for (uint32_t i = 0; i < count; i++) {
		struct shm_desc desc = { .offset = r->slots[(r->taken + i) & r->mask] + WDPDK_UMEM_HEADROOM, .length = pkts[i]->data_len,
			.port = port, .meta = meta };

		/* A slot that is not handed out yet may be looked at: it is only fetched. */
		__builtin_prefetch(r->umem + r->slots[(r->taken + i + 8) & r->mask] + WDPDK_UMEM_HEADROOM, 1);
		rte_memcpy(r->umem + desc.offset, rte_pktmbuf_mtod(pkts[i], const uint8_t *), desc.length);
		memcpy(r->descriptors + (size_t)((r->produced + i) & r->mask) * WDPDK_DESC_BYTES, &desc, sizeof(desc));
	}
	r->taken += count;
	r->produced += count;
	shm_store(r->fill_consumer, r->taken);
	shm_store(r->rx_producer, r->produced);
	return count;
}

static unsigned int
one_flow(unsigned int i)
{
	return i & 0;
}

int
main(int argc, char **argv)
{
	static struct rte_mbuf *pkts[ROUND_FRAMES];
	static struct delivered dataplane;
	static struct reference reference;
	static struct consumed reference_client;
	static struct client_wakes wakes;
	struct consumed *clients[2] = { &dataplane.client, &reference_client };
	const struct delivery_info info = { .port = 1, .now_ns = 1 };
	unsigned int rounds, round = 0, tries = 0;
	uint64_t given = 0;

	if (argc != 4)
		bench_fail("bench_deliver_copy ROUNDS PRODUCER CONSUMER");
	rounds = (unsigned int)strtoul(argv[1], NULL, 10);
	bench_start(argv[0], (unsigned int)strtoul(argv[2], NULL, 10));
	bench_open(&dataplane, 1, SLOTS);
	open_reference(&reference, &reference_client);
	bench_frames(pkts, ROUND_FRAMES, one_flow);
	bench_consume(clients, 2, (unsigned int)strtoul(argv[3], NULL, 10));
	while (round < rounds + WARM_UPS) {
		double ns[2];
		bool live = true;

		if (tries++ > 100 * rounds)
			bench_fail("the consumer hardly ever runs beside the producer: two cores are needed, and less to do on them");

		for (unsigned int turn = 0; turn < 2; turn++) {
			unsigned int side = (turn + tries) % 2, n = 0;
			uint8_t verdicts[BURST];
			uint64_t began = rte_rdtsc_precise();

			for (unsigned int i = 0; i < ROUND_FRAMES; i += BURST) {
				if (side == 1) {
					n += reference_deliver(&reference, &pkts[i], BURST, info.port, info.meta);
					continue;
				}
				n += client_queue_deliver(dataplane.queue, &pkts[i], NULL, BURST, &info, verdicts);
				client_wakes_add(&wakes, dataplane.queue);
				bench_wake(&wakes);
			}
			ns[side] = bench_ns(rte_rdtsc_precise() - began) / ROUND_FRAMES;
			if (n != ROUND_FRAMES)
				bench_fail("a queue had no room for a round");
			live &= bench_consumed() >= given + n / 2;
			bench_settle(given += n);
		}
		if (!live)
			continue;
		if (round++ >= WARM_UPS)
			printf("%.3f %.3f\n", ns[0], ns[1]);
	}
	return 0;
}
