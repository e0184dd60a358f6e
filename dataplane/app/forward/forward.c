/* SPDX-License-Identifier: BSD-3-Clause */
#include "forward.h"

#include <string.h>

#include <rte_ether.h>

#include "lcore.h"

const forward_burst forward_engines[PORT_MODES] = {
	[PORT_MODE_DROP] = forward_drop,
	[PORT_MODE_IO] = forward_io,
	[PORT_MODE_MACSWAP] = forward_macswap,
	[PORT_MODE_L3FWD] = forward_l3fwd,
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

void
forward_macswap(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < n; i++) {
		uint8_t *frame = rte_pktmbuf_mtod(pkts[i], uint8_t *);
		uint8_t destination[RTE_ETHER_ADDR_LEN];

		if (unlikely(pkts[i]->data_len < RTE_ETHER_HDR_LEN)) {
			lcore_drop(lcore, plan->port, WDPDK_DROP_MALFORMED, &pkts[i], 1);
			continue;
		}
		memcpy(destination, frame, sizeof(destination));
		memcpy(frame, frame + sizeof(destination), sizeof(destination));
		memcpy(frame + sizeof(destination), destination, sizeof(destination));
		pkts[kept++] = pkts[i];
	}
	if (kept > 0)
		lcore_send(lcore, plan->port, plan->to, pkts, kept);
}
