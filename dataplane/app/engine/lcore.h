/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A forwarding lcore: polls its ports, shows frames to clients, lets engines forward them, counts. Never waits for another thread
 * except for another lcore that is sending through the same queue.
 */
#ifndef APP_LCORE_H
#define APP_LCORE_H

#include <rte_mempool.h>

#include "counters.h"
#include "port.h"
#include "snapshot.h"

#define LCORE_BURST 32u
/* Iterations of no work until an adaptive lcore starts to sleep, and its shortest and longest sleep. */
#define LCORE_IDLE_POLLS 300u
#define LCORE_SLEEP_LEAST_US 10u
#define LCORE_SLEEP_MOST_US 500u

struct lcore {
	/* Which snapshot the lcore has taken (its sequence), 0 while it is about to take one, LCORE_QUIESCENT while it holds none.
	 * Written by the lcore, read by the builder. */
	uint64_t seen __rte_cache_aligned;
	const struct snapshot *snapshot __rte_cache_aligned;
	uint8_t *block;			/* its block of the counters area */
	unsigned int index;		/* 0 to lcore_count - 1: block and transmit queue */
	unsigned int lcore_id;
	unsigned int port_count;
	uint32_t dirty;			/* ports whose counters changed since they were published */
	bool adaptive;
	uint16_t ports[WDPDK_LIMIT_PORTS];
	uint64_t clock_tsc, clock_ns, clock_next;	/* a moment by both clocks, and when to take the next */
	struct lcore_counters counters;
};

#define LCORE_QUIESCENT UINT64_MAX

extern struct lcore lcores[WDPDK_LIMIT_LCORES];
extern unsigned int lcore_count;

/* Shares the ports among the enabled EAL lcores (main first); says on stderr which lcores stay unused. */
void lcores_assign(uint32_t port_mask, bool adaptive);
/* Runs the forwarding loop on every assigned lcore, the caller's (main) included; returns when lcores_stop was called and all
 * have left. */
void lcores_run(void);
/* Any thread. */
void lcores_stop(void);

/* The snapshot that lcores take next. Set by the builder. */
extern const struct snapshot *lcores_published;

/* ---- for engines ---- */

static inline uint64_t *
lcore_counters_of(struct lcore *lcore, uint16_t port)
{
	lcore->dirty |= UINT32_C(1) << port;
	return lcore->counters.ports[port];
}

/* Sends frames that came in by port `in` through port `out`; what cannot leave is counted and freed. n <= LCORE_BURST.
 * Returns how many left. */
unsigned int lcore_send(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n);
/* Counts frames that came in by port `in` under a WDPDK_DROP_* cause and frees them. */
void lcore_drop(struct lcore *lcore, uint16_t in, unsigned int cause, struct rte_mbuf **pkts, unsigned int n);

/* ---- clients (lcore_clients.c) ---- */

/* Shows a burst to the clients of a port. Redirected frames are taken out; returns how many of pkts remain. */
unsigned int lcore_show_clients(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);
/* Sends what clients have posted for a port. Returns how many frames. */
unsigned int lcore_drain_clients(struct lcore *lcore, const struct port_plan *plan);

#endif
