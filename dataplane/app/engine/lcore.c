/* SPDX-License-Identifier: BSD-3-Clause */
#include "lcore.h"

#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#include "engine_os.h"

/* Attempts without progress until a port counts as full; at some 40 cycles a pause this is a few microseconds. */
#define SEND_ATTEMPTS 128u

struct lcore lcores[WDPDK_LIMIT_LCORES];
unsigned int lcore_count;
const struct snapshot *lcores_published;
static bool stopping;

/* ---- sending ---- */

static unsigned int
send_all(struct lcore *lcore, uint16_t out, struct rte_mbuf **pkts, unsigned int n)
{
	struct port *port = &ports[out];
	uint16_t queue = port->tx_queues > 1 ? (uint16_t)lcore->index : 0;
	unsigned int sent, attempts = 0;

	if (unlikely(port->tx_shared))
		rte_spinlock_lock(&port->tx_lock);
	sent = rte_eth_tx_burst(out, queue, pkts, (uint16_t)n);
	while (unlikely(sent < n) && attempts++ < SEND_ATTEMPTS) {
		unsigned int more = rte_eth_tx_burst(out, queue, pkts + sent, (uint16_t)(n - sent));

		if (more > 0)
			attempts = 0;
		else
			rte_pause();
		sent += more;
	}
	if (unlikely(port->tx_shared))
		rte_spinlock_unlock(&port->tx_lock);
	return sent;
}

/* A VLAN tag does not count towards the MTU. */
static bool
is_too_long(const struct rte_mbuf *mbuf, uint16_t mtu)
{
	const uint8_t *frame = rte_pktmbuf_mtod(mbuf, const uint8_t *);
	uint32_t head = RTE_ETHER_HDR_LEN;

	if (mbuf->data_len >= RTE_ETHER_HDR_LEN && ((frame[12] == 0x81 && frame[13] == 0x00) || (frame[12] == 0x88 && frame[13] == 0xa8)))
		head += 4;
	return mbuf->pkt_len > mtu + head;
}

static unsigned int
drop_too_long(struct lcore *lcore, uint16_t in, uint16_t mtu, struct rte_mbuf **pkts, unsigned int n)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < n; i++) {
		if (is_too_long(pkts[i], mtu))
			lcore_drop(lcore, in, WDPDK_DROP_MTU_EXCEEDED, &pkts[i], 1);
		else
			pkts[kept++] = pkts[i];
	}
	return kept;
}

unsigned int
lcore_send(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n)
{
	uint32_t longest = 0;
	uint64_t bytes = 0, *of_in, *of_out;
	unsigned int sent;

	for (unsigned int i = 0; i < n; i++) {
		uint32_t length = pkts[i]->pkt_len;

		bytes += length;
		longest = RTE_MAX(longest, length);
	}
	if (unlikely(longest > (uint32_t)ports[out].mtu + RTE_ETHER_HDR_LEN)) {
		n = drop_too_long(lcore, in, ports[out].mtu, pkts, n);
		bytes = 0;
		for (unsigned int i = 0; i < n; i++)
			bytes += pkts[i]->pkt_len;
		if (n == 0)
			return 0;
	}
	sent = send_all(lcore, out, pkts, n);
	if (unlikely(sent < n)) {
		for (unsigned int i = sent; i < n; i++)
			bytes -= pkts[i]->pkt_len;
		lcore_drop(lcore, in, WDPDK_DROP_TX_FULL, pkts + sent, n - sent);
	}
	of_out = lcore_counters_of(lcore, out);
	of_out[WDPDK_PORT_COUNTER_TX_PACKETS] += sent;
	of_out[WDPDK_PORT_COUNTER_TX_BYTES] += bytes;
	of_in = lcore_counters_of(lcore, in);
	of_in[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] += sent;
	of_in[WDPDK_PORT_COUNTER_FORWARDED_BYTES] += bytes;
	return sent;
}

void
lcore_drop(struct lcore *lcore, uint16_t in, unsigned int cause, struct rte_mbuf **pkts, unsigned int n)
{
	lcore_counters_of(lcore, in)[PORT_COUNTER_DROP(cause)] += n;
	rte_pktmbuf_free_bulk(pkts, n);
}

/* ---- the loop ---- */

static unsigned int
serve_port(struct lcore *lcore, const struct port_plan *plan)
{
	struct rte_mbuf *pkts[LCORE_BURST];
	unsigned int received = rte_eth_rx_burst(plan->port, 0, pkts, LCORE_BURST), rest = received, injected = 0;

	if (received > 0) {
		uint64_t bytes = 0, *counters = lcore_counters_of(lcore, plan->port);

		for (unsigned int i = 0; i < received; i++)
			bytes += pkts[i]->pkt_len;
		counters[WDPDK_PORT_COUNTER_RX_PACKETS] += received;
		counters[WDPDK_PORT_COUNTER_RX_BYTES] += bytes;
		if (plan->clients != NULL && plan->clients->classifier != NULL)
			rest = lcore_show_clients(lcore, plan, pkts, received);
		if (rest > 0)
			plan->forward(lcore, plan, pkts, rest);
	}
	if (unlikely(plan->clients != NULL && plan->clients->transmitters > 0))
		injected = lcore_drain_clients(lcore, plan);
	return received + injected;
}

/* Takes the published snapshot. `seen` tells the builder that the lcore has left all earlier ones. */
static inline void
take_snapshot(struct lcore *lcore)
{
	const struct snapshot *snapshot = __atomic_load_n(&lcores_published, __ATOMIC_ACQUIRE);

	if (snapshot == lcore->snapshot)
		return;
	lcore->snapshot = snapshot;
	lcore->counters.words[WDPDK_LCORE_COUNTER_GENERATION] = snapshot->generation;
	__atomic_store_n(&lcore->seen, snapshot->sequence, __ATOMIC_RELEASE);
}

/* From here to leave_sleep (or for ever) the lcore holds no snapshot and the builder does not wait for it. */
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

static unsigned int
sleep_a_while(struct lcore *lcore, unsigned int us)
{
	become_quiescent(lcore);
	rte_delay_us_sleep(us);
	become_active(lcore);
	return RTE_MIN(us * 2, LCORE_SLEEP_MOST_US);
}

static int
forward_loop(void *context)
{
	struct lcore *lcore = context;
	uint64_t *words = lcore->counters.words;
	uint64_t started = rte_rdtsc(), before = started;
	unsigned int idle = 0, sleep_us = LCORE_SLEEP_LEAST_US;

	become_active(lcore);
	while (!__atomic_load_n(&stopping, __ATOMIC_RELAXED)) {
		unsigned int handled = 0;
		uint64_t now;

		take_snapshot(lcore);
		for (unsigned int i = 0; i < lcore->port_count && !lcore->snapshot->held; i++)
			handled += serve_port(lcore, &lcore->snapshot->ports[lcore->ports[i]]);
		now = rte_rdtsc();
		words[WDPDK_LCORE_COUNTER_ITERATIONS]++;
		words[WDPDK_LCORE_COUNTER_CYCLES] = now - started;
		if (handled > 0) {
			words[WDPDK_LCORE_COUNTER_BUSY_ITERATIONS]++;
			words[WDPDK_LCORE_COUNTER_BUSY_CYCLES] += now - before;
			counters_publish(&lcore->counters, lcore->dirty, lcore->block);
			lcore->dirty = 0;
			idle = 0;
			sleep_us = LCORE_SLEEP_LEAST_US;
		} else {
			/* The words alone, and not every time: nobody needs them fresher than this. */
			if ((++idle & 1023) == 1)
				counters_publish(&lcore->counters, 0, lcore->block);
			if (lcore->adaptive) {
				rte_pause();
				if (idle > LCORE_IDLE_POLLS)
					sleep_us = sleep_a_while(lcore, sleep_us);
			}
		}
		before = now;
	}
	counters_publish(&lcore->counters, lcore->dirty, lcore->block);
	become_quiescent(lcore);
	return 0;
}

/* ---- assignment and running ---- */

static void
add_lcore(unsigned int lcore_id, bool adaptive)
{
	struct lcore *lcore = &lcores[lcore_count];

	memset(lcore, 0, sizeof(*lcore));
	lcore->seen = LCORE_QUIESCENT;
	lcore->index = lcore_count++;
	lcore->lcore_id = lcore_id;
	lcore->adaptive = adaptive;
	lcore->counters.words[WDPDK_LCORE_COUNTER_LCORE_ID] = lcore_id;
}

void
lcores_assign(uint32_t port_mask, bool adaptive)
{
	unsigned int port_count = (unsigned int)__builtin_popcount(port_mask), lcore_id, next = 0;

	lcore_count = 0;
	add_lcore(rte_get_main_lcore(), adaptive);
	RTE_LCORE_FOREACH_WORKER(lcore_id) {
		if (lcore_count < port_count && lcore_count < WDPDK_LIMIT_LCORES)
			add_lcore(lcore_id, adaptive);
		else
			fprintf(stderr, "wdpdk-dataplane: lcore %u is not used: %u port%s for %u lcores. Enable fewer (-l) or add ports.\n",
				lcore_id, port_count, port_count == 1 ? "" : "s", rte_lcore_count());
	}
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++) {
		struct lcore *lcore = &lcores[next % lcore_count];

		if ((port_mask >> port & 1) == 0)
			continue;
		lcore->ports[lcore->port_count++] = port;
		next++;
	}
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
