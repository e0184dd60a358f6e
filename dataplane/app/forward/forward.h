/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A forwarding engine: what becomes of a burst that a port received. One row of forward_engines per port mode; a new engine
 * is a file beside this one and its row.
 */
#ifndef APP_FORWARD_H
#define APP_FORWARD_H

#include <rte_mbuf.h>

#include "forwarding_config.h"

struct lcore;
struct port_plan;

/* Called by the lcore that serves the port. Each of the n frames must be handed on exactly once: lcore_send or lcore_drop.
 * n is 1 to LCORE_BURST; frames may be chains. May reorder nothing that leaves by one port. */
typedef void (*forward_burst)(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);

extern const forward_burst forward_engines[PORT_MODES];

void forward_drop(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);
void forward_io(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);
void forward_macswap(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);
void forward_l3fwd(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n);

#endif
