/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fresh buffers for the device, I40E_BATCH at a time: always from a multiple of it, so a batch never wraps. In a header,
 * so that each path has it in its own instruction set.
 */
#ifndef I40E_RX_REFILL_H
#define I40E_RX_REFILL_H

#include <immintrin.h>

#include "i40e_port.h"

/* Adds the data's bus addresses of a batch to its descriptors and clears what the device wrote. */
static __rte_always_inline void
i40e_rx_give(struct i40e_rx_desc *ring, struct rte_mbuf **sw)
{
	const __m128i headroom = _mm_set_epi64x(0, RTE_PKTMBUF_HEADROOM);

	/* Both halves in one store: address, and nothing done. */
	for (uint32_t i = 0; i < I40E_BATCH; i++) {
		const __m128i iova = _mm_loadl_epi64((const __m128i *)&sw[i]->buf_iova);

		_mm_store_si128((__m128i *)&ring[i], _mm_add_epi64(iova, headroom));
	}
}

static __rte_always_inline void
i40e_rx_refill(struct i40e_rxq *q)
{
	const uint16_t before = q->holes;

	while (q->holes >= I40E_BATCH) {
		if (unlikely(rte_mempool_get_bulk(q->pool, (void **)&q->sw[q->refill], I40E_BATCH) != 0)) {
			q->data->rx_mbuf_alloc_failed += I40E_BATCH;
			break;
		}
		i40e_rx_give(&q->ring[q->refill], &q->sw[q->refill]);
		q->holes = (uint16_t)(q->holes - I40E_BATCH);
		q->refill = (uint16_t)(q->refill + I40E_BATCH);
		if (q->refill == q->count)
			q->refill = 0;
	}
	/* The descriptor at the tail stays the driver's. */
	if (q->holes != before)
		rte_write32((q->refill == 0 ? q->count : q->refill) - 1u, q->tail);
}

/* How many descriptors a burst may look at: what a faithful device can have finished. */
static __rte_always_inline uint16_t
i40e_rx_available(const struct i40e_rxq *q, uint16_t n)
{
	return RTE_MIN(n, (uint16_t)(q->count - 1 - q->holes));
}

static __rte_always_inline uint64_t
i40e_rx_load(const uint64_t *word)
{
	return *(const volatile uint64_t *)word;
}

static __rte_always_inline void
i40e_rx_take(const struct i40e_rxq *q, struct rte_mbuf *m, uint64_t low, uint64_t high)
{
	const uint16_t length = (uint16_t)RTE_MIN(i40e_rx_length(high), q->room);

	*(uint64_t *)RTE_PTR_ADD(m, offsetof(struct rte_mbuf, rearm_data)) = q->rearm;
	m->ol_flags = i40e_rx_flags(high);
	m->packet_type = i40e_ptypes[i40e_rx_ptype(high)];
	m->pkt_len = length;
	m->data_len = length;
	m->vlan_tci = (uint16_t)(low >> 16);
	m->hash.rss = (uint32_t)(low >> 32);
	if (unlikely(m->ol_flags & RTE_MBUF_F_RX_FDIR_ID))
		m->hash.fdir.hi = (uint32_t)(low >> 32);
}

static __rte_always_inline void
i40e_rx_advance(struct i40e_rxq *q, uint16_t n)
{
	q->next = (uint16_t)(q->next + n);
	if (q->next >= q->count)
		q->next = (uint16_t)(q->next - q->count);
	q->holes = (uint16_t)(q->holes + n);
}

#endif
