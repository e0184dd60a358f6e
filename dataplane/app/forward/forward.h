/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A forwarding engine: what becomes of a burst that a port received, and what a port sends by itself. One row of forward_engines per
 * port mode; a new engine is a file beside this one and its row.
 */
#ifndef APP_FORWARD_H
#define APP_FORWARD_H

#include <rte_mbuf.h>

#include "forwarding_config.h"

struct lcore;
struct port_plan;

/* Called by the lcore that serves the port. Each of the n frames must be handed on exactly once: lcore_send, lcore_drop or
 * forward_sink. n is 1 to LCORE_BURST; frames may be chains. May reorder nothing that leaves by one port.
 * Engines do not prefetch: a driver whose frames come by DMA asks for their first bytes as it receives them. From another core, over a
 * wire, it makes no difference that could be measured. */
typedef void (*forward_burst)(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);

extern const forward_burst forward_engines[PORT_MODES];

/* Called in each iteration by each lcore that serves the port. Makes at most LCORE_BURST frames, counts them as generated and sends
 * them by the port. Returns how many; 0: nothing is due. */
typedef unsigned int (*forward_generate)(struct lcore *lcore, const struct port_plan *plan);

/* NULL: the mode generates nothing. */
extern const forward_generate forward_generators[PORT_MODES];

/* What an engine keeps of a port from burst to burst and from snapshot to snapshot. Made, shared and freed by the builder thread, which
 * alone counts the references; what is in it belongs to the lcores. */
struct forward_state;

/* The state for `config` at a port. It is `previous` (of the port's snapshot before; may be NULL) with one more reference when that one
 * does the same: a change elsewhere does not start a generator or a sink anew. NULL in *state: the mode keeps none.
 * Returns 0 or -ENOMEM. */
int forward_state_take(uint16_t port, const struct port_config *config, struct forward_state *previous, struct forward_state **state);
void forward_state_release(struct forward_state *state);	/* NULL is allowed */

void forward_drop(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);
void forward_io(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);
void forward_macswap(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);
void forward_l2fwd(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);
void forward_l3fwd(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);
void forward_sink(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);

#endif
