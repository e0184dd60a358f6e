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
#include "spread.h"
#include "utc_clock.h"

#define LCORE_BURST 32u
/* Iterations of no work until an adaptive lcore starts to sleep; its shortest sleep, one from which on they grow slowly, and the longest,
 * which is what the first frame after a pause waits at most: more the more lcores there are, so that together they wake as often as one
 * or two (each time costs some 20 us, nearly all of it the system's). */
#define LCORE_IDLE_POLLS 300u
#define LCORE_SLEEP_LEAST_US 10u
#define LCORE_SLEEP_LONG_US 320u
#define LCORE_SLEEP_MOST_US 1000u
#define LCORE_SLEEP_MOST_OF_EACH_US 750u
#define LCORE_SLEEP_MOST_OF_ALL_US 3000u
/* How often a busy lcore publishes its counters; one with nothing to do does so at once. */
#define LCORE_PUBLISH_HZ 1000000u
/* How often a busy lcore looks for clients that went to sleep just when it delivered to them; one with nothing to do does so at once. */
#define LCORE_WAKE_HZ 50000u

/* A receive queue that an lcore polls. */
struct lcore_poll {
	uint16_t port, queue;
	const struct spread *spread;	/* not NULL: what comes is shared with other lcores */
};

#define LCORE_NO_LANE UINT8_MAX

struct lcore {
	/* Which snapshot the lcore has taken (its sequence), 0 while it is about to take one, LCORE_QUIESCENT while it holds none.
	 * Written by the lcore, read by the builder. */
	uint64_t seen __rte_cache_aligned;
	const struct snapshot *snapshot __rte_cache_aligned;	/* NULL while it sleeps */
	uint64_t sequence;		/* of the last snapshot */
	struct lcore_poll *polls;
	unsigned int poll_count, ring_count;
	unsigned int drain_count;	/* of the snapshot's client plan, as is `drains` */
	uint32_t port_mask;		/* ports that it handles */
	const struct client_drain *drains;
	uint8_t *block;			/* its block of the counters area */
	unsigned int index;		/* 0 to lcore_count - 1: block and transmit queue */
	unsigned int lcore_id;
	uint32_t dirty;			/* ports whose counters changed since they were published */
	bool adaptive;
	uint64_t published;		/* TSC of that */
	uint64_t woken;			/* TSC of the last look at `wakes` */
	uint64_t due;			/* TSC when a generator wants to be asked again; see lcore_due */
	struct utc_clock clock;
	struct spread_lane *rings[WDPDK_LIMIT_PORTS];	/* frames that other lcores received for this one */
	uint8_t lanes[WDPDK_LIMIT_PORTS];	/* which of a port's lanes it is, or LCORE_NO_LANE */
	struct lcore_counters counters;
	struct client_wakes wakes;
};

#define LCORE_QUIESCENT UINT64_MAX

extern struct lcore lcores[WDPDK_LIMIT_LCORES];
extern unsigned int lcore_count;

/* Deals `rxq` shares of each port to the enabled EAL lcores (main first), round robin; says on stderr which lcores stay unused. */
void lcores_assign(uint32_t port_mask, unsigned int rxq, bool adaptive);
/* Settles who polls which queue. After ports_start. 0, or -1 after an error on stderr. */
int lcores_prepare(void);
/* Gives back what lcores_prepare took. After lcores_run and builder_stop. */
void lcores_free(void);
/* Runs the forwarding loop on every assigned lcore, the caller's (main) included; returns when lcores_stop was called and all
 * have left. */
void lcores_run(void);
/* Any thread. */
void lcores_stop(void);

/* The snapshot that lcores take next. Set by the builder. */
extern const struct snapshot *lcores_published;
/* While nothing is polled: true when no frame is on its way from one lcore to another. Any thread. */
bool lcores_are_empty(void);
/* True when frames can be on such a way. */
bool lcores_share_ports(void);

/* ---- for engines ---- */

static inline uint64_t *
lcore_counters_of(struct lcore *lcore, uint16_t port)
{
	lcore->dirty |= UINT32_C(1) << port;
	return lcore->counters.ports[port];
}

/* Sends frames that came in by port `in` through port `out`; what cannot leave is counted and freed. n <= LCORE_BURST. Returns how
 * many left or were taken by a client that is shown what leaves by `out`. What the port has no room for is the tail of pkts. */
unsigned int lcore_send(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n);
/* The same for who knows already how many bytes they have together, and how many the longest. */
unsigned int lcore_send_sized(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n, uint64_t bytes,
	uint32_t longest);
/* A generator has nothing to do before `tsc`: an lcore that is idle otherwise may sleep until then. */
static inline void
lcore_due(struct lcore *lcore, uint64_t tsc)
{
	if (tsc < lcore->due)
		lcore->due = tsc;
}

/* Counts frames that came in by port `in` under a WDPDK_DROP_* cause and frees them. */
void lcore_drop(struct lcore *lcore, uint16_t in, unsigned int cause, struct rte_mbuf **pkts, unsigned int n);

/* The frames of a burst whose bits are set, to the front of `out`, which may be `pkts`. Returns how many. */
static inline unsigned int
gather(struct rte_mbuf *const *pkts, uint32_t frames, struct rte_mbuf **out)
{
	unsigned int n = 0;

	for (; frames != 0; frames &= frames - 1)
		out[n++] = pkts[__builtin_ctz(frames)];
	return n;
}

/* ---- clients (lcore_clients.c) ---- */

/* Shows a burst to the clients of a place at port `at`; `in` is the port that the frames came in by. Redirected frames are taken out;
 * returns how many of pkts remain. */
unsigned int lcore_show_clients(struct lcore *lcore, const struct port_clients *clients, uint16_t at, uint16_t in,
	struct rte_mbuf **pkts, unsigned int n);
/* Sends what clients have posted on this lcore's lanes. Returns how many frames. */
unsigned int lcore_drain_clients(struct lcore *lcore);

#endif
