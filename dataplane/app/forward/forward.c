/* SPDX-License-Identifier: BSD-3-Clause */
#include "forward.h"

#include <string.h>

#include <rte_ether.h>

#include "lcore.h"

const forward_burst forward_engines[PORT_MODES] = {
	[PORT_MODE_DROP] = forward_drop,
	[PORT_MODE_IO] = forward_io,
	[PORT_MODE_MACSWAP] = forward_macswap,
	[PORT_MODE_L2FWD] = forward_l2fwd,
	[PORT_MODE_L3FWD] = forward_l3fwd,
	[PORT_MODE_PKTGEN] = forward_sink,
	[PORT_MODE_SINK] = forward_sink,
};

void
forward_drop(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n)
{
	lcore_drop(lcore, plan->port, WDPDK_DROP_MODE_DROP, pkts, n);
}

void
forward_io(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n)
{
	lcore_send(lcore, plan->port, plan->to, pkts, n);
}

/* Counts and drops frames without a whole Ethernet header and closes the gaps. Returns how many remain. */
static unsigned int
drop_short(struct lcore *lcore, uint16_t in, struct rte_mbuf **pkts, unsigned int n)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < n; i++) {
		if (unlikely(pkts[i]->data_len < RTE_ETHER_HDR_LEN))
			lcore_drop(lcore, in, WDPDK_DROP_MALFORMED, &pkts[i], 1);
		else
			pkts[kept++] = pkts[i];
	}
	return kept;
}

void
forward_macswap(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n)
{
	n = drop_short(lcore, plan->port, pkts, n);
	for (unsigned int i = 0; i < n; i++) {
		uint8_t *frame = rte_pktmbuf_mtod(pkts[i], uint8_t *);
		uint8_t destination[RTE_ETHER_ADDR_LEN];

		memcpy(destination, frame, sizeof(destination));
		memcpy(frame, frame + sizeof(destination), sizeof(destination));
		memcpy(frame + sizeof(destination), destination, sizeof(destination));
	}
	if (n > 0)
		lcore_send(lcore, plan->port, plan->to, pkts, n);
}

/* As upstream's l2fwd does: each frame goes to 02:00:00:00:00:<out port> and comes from the out port's own address. */
void
forward_l2fwd(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n)
{
	uint8_t macs[2 * RTE_ETHER_ADDR_LEN] = { 2, 0, 0, 0, 0, (uint8_t)plan->to };

	memcpy(macs + RTE_ETHER_ADDR_LEN, &ports[plan->to].mac, RTE_ETHER_ADDR_LEN);
	n = drop_short(lcore, plan->port, pkts, n);
	for (unsigned int i = 0; i < n; i++)
		memcpy(rte_pktmbuf_mtod(pkts[i], uint8_t *), macs, sizeof(macs));
	if (n > 0)
		lcore_send(lcore, plan->port, plan->to, pkts, n);
}
