/* SPDX-License-Identifier: BSD-3-Clause */
#include "lcore.h"

#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#include "engine_os.h"

struct lcore lcores[WDPDK_LIMIT_LCORES];
unsigned int lcore_count;
const struct snapshot *lcores_published;
static bool stopping;
static unsigned int finishing;	/* lcores that poll nothing any more */

/* Frames that came in by a port and are this lcore's business. */
static inline void
handle(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n)
{
	if (plan->clients != NULL)
		n = lcore_show_clients(lcore, plan->clients, plan->port, plan->port, pkts, n);
	if (n > 0)
		plan->forward(lcore, plan, pkts, n);
}

static unsigned int
serve_queue(struct lcore *lcore, const struct lcore_poll *poll, const struct port_plan *plan)
{
	struct rte_mbuf *pkts[LCORE_BURST];
	unsigned int received = rte_eth_rx_burst(poll->port, poll->queue, pkts, LCORE_BURST), mine = received;
	uint64_t bytes = 0, *counters;

	if (received == 0)
		return 0;
	for (unsigned int i = 0; i < received; i++)
		bytes += pkts[i]->pkt_len;
	counters = lcore_counters_of(lcore, plan->port);
	counters[WDPDK_PORT_COUNTER_RX_PACKETS] += received;
	counters[WDPDK_PORT_COUNTER_RX_BYTES] += bytes;
	if (unlikely(poll->spread != NULL)) {
		mine = spread_burst(lcore, poll->spread, plan->port, pkts, received);
		if (mine == 0)
			return received;
	}
	handle(lcore, plan, pkts, mine);
	return received;
}

/* What other lcores received for this one; also while traffic is held, so that all of it gets to where it belongs. */
static unsigned int
serve_rings(struct lcore *lcore)
{
	unsigned int handled = 0;

	for (unsigned int i = 0; i < lcore->ring_count; i++) {
		struct spread_lane *lane = lcore->rings[i];
		struct rte_mbuf *pkts[LCORE_BURST];
		unsigned int n;

		if (rte_ring_empty(lane->ring))
			continue;
		__atomic_store_n(&lane->in_hand, 1, __ATOMIC_RELAXED);	/* spread_is_empty relies on the order */
		n = rte_ring_sc_dequeue_burst(lane->ring, (void **)pkts, LCORE_BURST, NULL);
		if (n > 0)
			handle(lcore, &lcore->snapshot->ports[lane->port], pkts, n);
		__atomic_store_n(&lane->in_hand, 0, __ATOMIC_RELEASE);
		handled += n;
	}
	return handled;
}

static unsigned int
generate(struct lcore *lcore, uint32_t generating)
{
	unsigned int handled = 0;

	lcore->due = UINT64_MAX;
	for (; generating != 0; generating &= generating - 1) {
		const struct port_plan *plan = &lcore->snapshot->ports[__builtin_ctz(generating)];

		handled += plan->generate(lcore, plan);
	}
	return handled;
}

static inline void
publish(struct lcore *lcore, uint64_t now)
{
	counters_publish(&lcore->counters, lcore->dirty, lcore->block);
	lcore->dirty = 0;
	lcore->published = now;
}

/* Clients that sleep on what they were given are rung. */
static void
wake(struct lcore *lcore, uint64_t now)
{
	client_wakes_ring(&lcore->wakes);
	lcore->woken = now;
}

/* Takes the published snapshot. `seen` tells the builder that the lcore has left all earlier ones, and that what it counted by them
 * can be read. */
static inline void
take_snapshot(struct lcore *lcore)
{
	const struct snapshot *snapshot = __atomic_load_n(&lcores_published, __ATOMIC_ACQUIRE);

	if (likely(snapshot == lcore->snapshot))
		return;
	/* A queue that the next one does not know is freed soon. */
	if (lcore->wakes.count > 0)
		wake(lcore, lcore->woken);
	lcore->snapshot = snapshot;
	if (snapshot->sequence != lcore->sequence) {
		lcore->sequence = snapshot->sequence;
		lcore->drains = snapshot->clients->drains[lcore->index];
		lcore->drain_count = snapshot->clients->drain_count[lcore->index];
		lcore->due = UINT64_MAX;
		lcore->counters.words[WDPDK_LCORE_COUNTER_GENERATION] = snapshot->generation;
		publish(lcore, lcore->published);
	}
	__atomic_store_n(&lcore->seen, snapshot->sequence, __ATOMIC_RELEASE);
}

/* One turn: everything that may have frames for this lcore is asked once. */
static inline unsigned int
serve(struct lcore *lcore)
{
	const struct snapshot *snapshot = lcore->snapshot;
	unsigned int handled = 0;

	if (likely(!snapshot->held)) {
		for (unsigned int i = 0; i < lcore->poll_count; i++)
			handled += serve_queue(lcore, &lcore->polls[i], &snapshot->ports[lcore->polls[i].port]);
		if (unlikely(lcore->drain_count > 0))
			handled += lcore_drain_clients(lcore);
		if (unlikely((snapshot->generating & lcore->port_mask) != 0))
			handled += generate(lcore, snapshot->generating & lcore->port_mask);
	}
	if (unlikely(lcore->ring_count > 0))
		handled += serve_rings(lcore);
	return handled;
}

/* From here to become_active (or for ever) the lcore holds no snapshot and the builder does not wait for it. */
static void
become_quiescent(struct lcore *lcore)
{
	lcore->snapshot = NULL;
	__atomic_store_n(&lcore->seen, LCORE_QUIESCENT, __ATOMIC_RELEASE);
}

/* Either the builder sees this store and waits, or the lcore loads the pointer that the builder published before it looked. */
static void
become_active(struct lcore *lcore)
{
	__atomic_store_n(&lcore->seen, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* At most `us`, and no longer than until a generator wants to be asked. Returns how long to sleep next time: twice as long at first; only
 * who has been idle for some hundredths of a second comes to the longest sleeps. */
static unsigned int
sleep_a_while(struct lcore *lcore, unsigned int us)
{
	uint64_t now = rte_rdtsc(), a_us = rte_get_tsc_hz() / 1000000;
	uint64_t due_us = lcore->due <= now ? 0 : (lcore->due - now) / a_us;
	unsigned int most = RTE_MAX(LCORE_SLEEP_MOST_US, LCORE_SLEEP_MOST_OF_EACH_US * lcore_count);

	if (due_us == 0)
		return us;
	become_quiescent(lcore);
	rte_delay_us_sleep((unsigned int)RTE_MIN(us, due_us));
	become_active(lcore);
	most = RTE_MIN(most, LCORE_SLEEP_MOST_OF_ALL_US);
	us = us < LCORE_SLEEP_LONG_US ? us * 2 : us + us / 32;
	return RTE_MIN(us, most);
}

/* Nothing is polled any more. Stays until no other lcore can have put a frame into this one's rings, and handles those. */
static void
finish(struct lcore *lcore)
{
	bool last;

	__atomic_fetch_add(&finishing, 1, __ATOMIC_ACQ_REL);
	do {
		last = __atomic_load_n(&finishing, __ATOMIC_ACQUIRE) == lcore_count;
		take_snapshot(lcore);
		while (lcore->ring_count > 0 && serve_rings(lcore) > 0)
			;
		if (lcore->wakes.count > 0)
			wake(lcore, lcore->woken);
		if (!last)
			engine_os_yield();
	} while (!last);
}

static int
forward_loop(void *context)
{
	struct lcore *lcore = context;
	uint64_t *words = lcore->counters.words;
	uint64_t started = rte_rdtsc(), before = started, publish_each = rte_get_tsc_hz() / LCORE_PUBLISH_HZ;
	const uint64_t wake_each = rte_get_tsc_hz() / LCORE_WAKE_HZ;
	unsigned int idle = 0, sleep_us = LCORE_SLEEP_LEAST_US;

	become_active(lcore);
	while (!__atomic_load_n(&stopping, __ATOMIC_RELAXED)) {
		unsigned int handled;
		uint64_t now;

		take_snapshot(lcore);
		handled = serve(lcore);
		now = rte_rdtsc();
		words[WDPDK_LCORE_COUNTER_ITERATIONS]++;
		words[WDPDK_LCORE_COUNTER_CYCLES] = now - started;
		if (unlikely(lcore->wakes.count > 0) && (handled == 0 || now - lcore->woken >= wake_each))
			wake(lcore, now);
		if (handled > 0) {
			words[WDPDK_LCORE_COUNTER_BUSY_ITERATIONS]++;
			words[WDPDK_LCORE_COUNTER_BUSY_CYCLES] += now - before;
			words[WDPDK_LCORE_COUNTER_PACKETS] += handled;
			if (now - lcore->published >= publish_each)
				publish(lcore, now);
			idle = 0;
			sleep_us = LCORE_SLEEP_LEAST_US;
		} else {
			/* The words alone, and not every time: nobody needs them fresher than this. */
			if ((++idle & 1023) == 1)
				publish(lcore, now);
			if (lcore->adaptive) {
				rte_pause();
				if (idle > LCORE_IDLE_POLLS) {
					sleep_us = sleep_a_while(lcore, sleep_us);
					now = rte_rdtsc();	/* what comes next is not busy since before the sleep */
				}
			}
		}
		before = now;
	}
	finish(lcore);
	publish(lcore, before);
	become_quiescent(lcore);
	return 0;
}

void
lcores_run(void)
{
	for (unsigned int i = 0; i < lcore_count; i++)
		lcores[i].block = counters_block(i);
	for (unsigned int i = 1; i < lcore_count; i++)
		rte_eal_remote_launch(forward_loop, &lcores[i], lcores[i].lcore_id);
	forward_loop(&lcores[0]);
	rte_eal_mp_wait_lcore();
}

void
lcores_stop(void)
{
	__atomic_store_n(&stopping, true, __ATOMIC_RELAXED);
}
