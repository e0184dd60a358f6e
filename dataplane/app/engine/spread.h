/* SPDX-License-Identifier: BSD-3-Clause
 *
 * RSS in software, for a port with fewer receive queues than lcores: the lcore of its first lane polls the device and hands each frame
 * to the lane of its flow, over one ring a lane with one producer and one consumer. A flow stays on one lcore, both its directions.
 */
#ifndef APP_SPREAD_H
#define APP_SPREAD_H

#include <rte_mbuf.h>
#include <rte_ring.h>

#include "wdpdk_protocol.h"

/* Frames that a lane's ring holds. */
#define SPREAD_RING 4096u

struct lcore;
struct port_plan;

/* The ring to one lcore. `in_hand`: its consumer is at work on frames that are in the ring no more. */
struct spread_lane {
	struct rte_ring *ring;
	uint16_t port;
	uint32_t in_hand;
};

struct spread {
	unsigned int lanes;
	struct spread_lane *to[WDPDK_LIMIT_LANES];	/* [0] is NULL: that lane's lcore is the one that polls */
};

/* Before the lcores run. NULL after an error on stderr. */
struct spread *spread_create(uint16_t port, unsigned int lanes);
/* With its rings empty. NULL is allowed. */
void spread_free(struct spread *spread);
/* Hands frames that just came in to their lanes; what a full ring does not take is dropped (lcore_full). Those of lane 0 stay in pkts;
 * returns how many. */
unsigned int spread_burst(struct lcore *lcore, const struct spread *spread, uint16_t port, struct rte_mbuf **pkts, unsigned int n);
/* True when no frame is on its way from lcore to lcore. While nothing is polled it stays so. Any thread. */
bool spread_is_empty(const struct spread *spread);

#endif
