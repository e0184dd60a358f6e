/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a frame costs the dataplane with 64 clients attached, beside one: bench_deliver_clients ROUNDS PRODUCER CONSUMER
 * (cores) SLOTS
 *
 * The whole of what an lcore does with a burst for clients is timed (lcore_show_clients: key, classifier, delivery, and the look at who
 * sleeps), over 64 bursts of 32 frames of 64 bytes, in three ways that take turns:
 *
 *   one      one client, whose match takes every frame
 *   burst    64 clients with a match each; a burst has frames of one of them, the next burst of the next
 *   spread   the same clients; each burst has frames of 32 of them
 *
 * The one queue has the default number of slots, each of the others SLOTS. A queue goes round all of its slots: 64 queues of as many as the
 * one has touch 64 times the pages, and what is measured then is how many the TLB holds. With 64 slots both sides have the same memory. One
 * consumer on another core has all 65 queues; it reads each frame and gives its slot
 * back. A round counts when it was live in all three ways: half of the frames were taken when the last was delivered.
 *
 * A line per round: ns per frame for one, burst and spread.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "classifier.h"
#include "deliver.h"
#include "lcore.h"

#define CLIENTS 64u
#define ROUND_FRAMES (CLIENTS * BURST)
#define WARM_UPS 20u
#define WAYS 3u

static unsigned int
by_bursts(unsigned int i)
{
	return i / BURST;
}

static unsigned int
spread_out(unsigned int i)
{
	return i % CLIENTS;
}

/* Mirrors with one match each: flow k's to queue k, or all of 10.1.0.0/16 to one. */
static struct port_clients *
attach(struct delivered *queues, unsigned int count)
{
	struct port_clients *clients = calloc(1, sizeof(*clients));
	struct match *matches = calloc(count, sizeof(*matches));
	const struct match *rules[CLIENTS];

	if (clients == NULL || matches == NULL)
		bench_fail("no memory for clients");
	for (unsigned int i = 0; i < count; i++) {
		struct attached_queue *queue = calloc(1, sizeof(*queue));

		if (queue == NULL)
			bench_fail("no memory for clients");
		queue->at_lcore[0] = queues[i].queue;
		clients->receiving[i].queue = queue;
		matches[i].term_count = 1;
		matches[i].ends[0] = 1;
		matches[i].conditions[0] = (struct match_condition){ .field = MATCH_DST, .depth = count == 1 ? 16 : 24,
			.address = { 10, 1, (uint8_t)i } };
		rules[i] = &matches[i];
	}
	clients->receivers = clients->first_redirect = (uint16_t)count;
	clients->classifier = classifier_compile(rules, count);
	if (clients->classifier == NULL)
		bench_fail("no memory for the classifier");
	return clients;
}

int
main(int argc, char **argv)
{
	static struct rte_mbuf *bursts[ROUND_FRAMES], *spread[ROUND_FRAMES];
	static struct delivered one, many[CLIENTS];
	static struct consumed *all[CLIENTS + 1];
	struct port_clients *clients[WAYS];
	struct rte_mbuf **frames[WAYS] = { bursts, bursts, spread };
	struct lcore *lcore = &lcores[0];
	unsigned int rounds, round = 0, tries = 0;
	uint64_t given = 0;
	uint32_t slots;

	if (argc != 5)
		bench_fail("bench_deliver_clients ROUNDS PRODUCER CONSUMER SLOTS");
	slots = (uint32_t)strtoul(argv[4], NULL, 10);
	rounds = (unsigned int)strtoul(argv[1], NULL, 10);
	bench_start(argv[0], (unsigned int)strtoul(argv[2], NULL, 10));
	bench_open(&one, CLIENTS, WDPDK_UMEM_DEFAULT_SLOTS);
	all[CLIENTS] = &one.client;
	for (unsigned int i = 0; i < CLIENTS; i++) {
		bench_open(&many[i], i, slots);
		all[i] = &many[i].client;
	}
	clients[0] = attach(&one, 1);
	clients[1] = clients[2] = attach(many, CLIENTS);
	bench_frames(bursts, ROUND_FRAMES, by_bursts);
	bench_frames(spread, ROUND_FRAMES, spread_out);
	bench_consume(all, CLIENTS + 1, (unsigned int)strtoul(argv[3], NULL, 10));
	while (round < rounds + WARM_UPS) {
		double ns[WAYS];
		bool live = true;

		if (tries++ > 100 * rounds)
			bench_fail("the consumer hardly ever runs beside the producer: two cores are needed, and less to do on them");
		for (unsigned int turn = 0; turn < WAYS; turn++) {
			unsigned int way = (turn + tries) % WAYS;
			uint64_t began = rte_rdtsc_precise();

			for (unsigned int i = 0; i < ROUND_FRAMES; i += BURST) {
				struct rte_mbuf *pkts[BURST];

				memcpy(pkts, &frames[way][i], sizeof(pkts));
				if (lcore_show_clients(lcore, clients[way], 0, 0, pkts, BURST) != BURST)
					bench_fail("a mirror took frames away");
				bench_wake(&lcore->wakes);
			}
			ns[way] = bench_ns(rte_rdtsc_precise() - began) / ROUND_FRAMES;
			live &= bench_consumed() >= given + ROUND_FRAMES / 2;
			given += ROUND_FRAMES;
			bench_settle(given);
		}
		if (live && round++ >= WARM_UPS)
			printf("%.3f %.3f %.3f\n", ns[0], ns[1], ns[2]);
	}
	if (lcore->counters.ports[0][WDPDK_PORT_COUNTER_MIRROR_DELIVERED] != given)
		bench_fail("not every frame was delivered");
	return 0;
}
