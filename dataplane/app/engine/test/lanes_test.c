/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One port, several lcores: RSS in software, lanes of queues, hold and stop with frames on their way between lcores. Two net_ring
 * ports at the ends of one wire: what is injected at port 0 comes in by port 1.
 */
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_malloc.h>

#include "bed.h"
#include "frame_key.h"

#include "check.h"

#define FLOWS 500u

static uint32_t lane_of_flow[FLOWS];	/* plus one; 0: not seen */
static uint32_t flows_moved, lane_frames[2];

static void
note_lane(struct client_queue *queue, const struct client_queue *lane, struct rte_mbuf *mbuf, const struct frame_key *key)
{
	uint32_t number = lane == queue ? 0 : 1, *known = &lane_of_flow[flow_of(key) % FLOWS];
	uint32_t before = __atomic_exchange_n(known, number + 1, __ATOMIC_RELAXED);

	(void)mbuf;
	if (before != 0 && before != number + 1)
		__atomic_fetch_add(&flows_moved, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&lane_frames[number], 1, __ATOMIC_RELAXED);
}

static void
hold(bool held)
{
	builder_hold(held, bed_answered, NULL);
	bed_wait();
	CHECK(answer.code == NULL);
}

/* In small pieces: a lane's ring never overflows. */
static void
inject_slowly(uint32_t frames)
{
	for (; frames > 0; frames -= RTE_MIN(frames, 500u)) {
		struct client_queue *sender = new_queue(0);

		sender->flows = FLOWS;
		sender->to_inject = RTE_MIN(frames, 500u);
		attach(sender, 50, 0, false, 0);
		wait_for_total(&sender->sent, RTE_MIN(frames, 500u));
		detach(sender);
		hold(true);
		hold(false);
	}
}

static void
a_flow_stays_on_its_lane(void)
{
	struct client_queue *queue = new_queue(32);
	uint64_t counters[PORT_COUNTERS];

	CHECK_EQ(builder_lanes(1, true), 2);
	CHECK_EQ(builder_lanes(PORT_ANY, true), 2);
	CHECK_EQ(builder_lanes(1, false), 1);
	use_mode(PORT_MODE_DROP, 2, 0);
	queue->seen = note_lane;
	attach(queue, 1, 1, false, 0);
	CHECK(answer.code == NULL);
	inject_slowly(20 * FLOWS);
	CHECK_EQ(flows_moved, 0);
	CHECK_EQ(queue->frames, 20 * FLOWS);
	CHECK(lane_frames[0] > 7 * FLOWS && lane_frames[1] > 7 * FLOWS);
	detach(queue);
	port_counters(1, counters);
	CHECK_EQ(counters[PORT_COUNTER_DROP(WDPDK_DROP_LCORE_FULL)], 0);
	CHECK_EQ(counters[PORT_COUNTER_DROP(WDPDK_DROP_MODE_DROP)], 20 * FLOWS);
	CHECK(is_balanced_at_rest());
}

/* Lcores share a CPU: while the one that polls has it, the other's ring runs full. All is accounted for, and nothing is left. */
static void
a_hold_leaves_nothing_on_the_way(void)
{
	uint64_t before[PORT_COUNTERS], after[PORT_COUNTERS];

	for (unsigned int i = 0; i < 20; i++) {
		struct client_queue *sender = new_queue(0);

		port_counters(1, before);
		sender->flows = FLOWS;
		/* More than it can send: the hold comes under load however late this thread runs. */
		sender->to_inject = UINT32_MAX;
		attach(sender, 50, 0, false, 0);
		wait_for_frames(&sender->sent, 20000);
		hold(true);
		port_counters(1, after);
		CHECK(after[WDPDK_PORT_COUNTER_RX_PACKETS] > before[WDPDK_PORT_COUNTER_RX_PACKETS]);
		CHECK(is_balanced_at_rest());
		rte_delay_us_sleep(500);
		port_counters(1, before);
		CHECK_MEM(before, after, sizeof(before));
		detach(sender);
		hold(false);
	}
}

/* What a lane's ring has no room for is dropped under its cause, in order, and the rest arrives. */
static void
a_full_ring_drops(void)
{
	static struct lcore lcore;
	struct spread *spread = spread_create(7, 4);
	unsigned int given = 0, kept = 0, dropped, in_rings = 0;
	struct rte_mbuf *pkts[LCORE_BURST];

	CHECK(spread != NULL);
	CHECK(spread_is_empty(spread));
	for (; given < 8 * SPREAD_RING; given += LCORE_BURST) {
		unsigned int mine;

		CHECK_EQ(rte_pktmbuf_alloc_bulk(ports_pool, pkts, LCORE_BURST), 0);
		for (unsigned int i = 0; i < LCORE_BURST; i++) {
			uint8_t *frame = (uint8_t *)rte_pktmbuf_append(pkts[i], 60);

			memset(frame, 0, 60);
			frame[12] = 8;
			frame[14] = 0x45;
			frame[17] = 46;
			frame[23] = 17;
			frame[26] = 10;
			memcpy(frame + 30, &(uint32_t){ given + i }, 4);
		}
		mine = spread_burst(&lcore, spread, 0, pkts, LCORE_BURST);
		kept += mine;
		rte_pktmbuf_free_bulk(pkts, mine);
	}
	CHECK(!spread_is_empty(spread));
	dropped = (unsigned int)lcore.counters.ports[0][PORT_COUNTER_DROP(WDPDK_DROP_LCORE_FULL)];
	for (unsigned int lane = 1; lane < 4; lane++) {
		unsigned int n;

		CHECK_EQ(rte_ring_count(spread->to[lane]->ring), SPREAD_RING - 1);
		while ((n = rte_ring_sc_dequeue_burst(spread->to[lane]->ring, (void **)pkts, LCORE_BURST, NULL)) > 0) {
			in_rings += n;
			rte_pktmbuf_free_bulk(pkts, n);
		}
	}
	CHECK_EQ(kept + dropped + in_rings, given);
	CHECK(kept > given / 6 && kept < given / 3);
	CHECK(spread_is_empty(spread));
	spread->to[2]->in_hand = 1;
	CHECK(!spread_is_empty(spread));
	spread_free(spread);
}

static struct client_queue *last_sender;

/* Frames are on their way when the lcores are told to stop; main looks at the counters when all have left. */
static void
the_end_comes_under_load(void)
{
	last_sender = new_queue(0);
	last_sender->flows = FLOWS;
	last_sender->to_inject = UINT32_MAX;
	attach(last_sender, 50, 0, false, 0);
	wait_for_frames(&last_sender->sent, 20000);
}

static void
run_cases(void)
{
	RUN(a_flow_stays_on_its_lane);
	RUN(a_hold_leaves_nothing_on_the_way);
	RUN(a_full_ring_drops);
	RUN(the_end_comes_under_load);
}

static void
nothing_was_left_at_the_end(void)
{
	discard(last_sender);
	CHECK(is_balanced_at_rest());
}

int
main(void)
{
	if (!bed_run_ports("net_ring0,wire=between", "net_ring1,wire=between", 2, run_cases))
		return 1;
	RUN(nothing_was_left_at_the_end);
	return check_summary();
}
