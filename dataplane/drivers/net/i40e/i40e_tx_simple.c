/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The simple ways to send: as this build's instruction set has it, and with wider moves.
 */
#include "i40e_tx_simple.h"

void
i40e_tx_free_any(struct rte_mbuf **packets, uint32_t count)
{
	struct rte_mbuf *back[I40E_BATCH * 2];
	uint32_t n = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct rte_mbuf *m = packets[i] != NULL ? rte_pktmbuf_prefree_seg(packets[i]) : NULL;

		if (m == NULL)
			continue;
		/* Runs of one pool go back together. */
		if (n != 0 && (n == RTE_DIM(back) || m->pool != back[0]->pool)) {
			rte_mempool_put_bulk(back[0]->pool, (void **)back, n);
			n = 0;
		}
		back[n++] = m;
	}
	if (n != 0)
		rte_mempool_put_bulk(back[0]->pool, (void **)back, n);
}

uint16_t
i40e_tx_simple(void *queue, struct rte_mbuf **pkts, uint16_t n)
{
	return i40e_tx_simple_burst(queue, pkts, n);
}

__attribute__((target("avx2,bmi,bmi2")))
uint16_t
i40e_tx_avx2(void *queue, struct rte_mbuf **pkts, uint16_t n)
{
	return i40e_tx_simple_burst(queue, pkts, n);
}

__attribute__((target("avx2,bmi,bmi2,avx512f,avx512vl,avx512bw,avx512dq")))
uint16_t
i40e_tx_avx512(void *queue, struct rte_mbuf **pkts, uint16_t n)
{
	return i40e_tx_simple_burst(queue, pkts, n);
}
