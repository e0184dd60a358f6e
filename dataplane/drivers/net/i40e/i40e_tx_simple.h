/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Sending packets of one segment without offloads: one descriptor each, so packet and descriptor have one number, and
 * every rs_thresh-th descriptor reports. In a header, so that each instruction set has its own.
 */
#ifndef I40E_TX_SIMPLE_H
#define I40E_TX_SIMPLE_H

#include <immintrin.h>

#include "i40e_port.h"

#define I40E_TX_SIMPLE_WORD (I40E_TX_DATA | I40E_TX_EOP | I40E_TX_ICRC)

/*
 * Whether all can go back to the first one's pool as they are: own buffers, nobody else's, one segment. That is asked of
 * nb_segs, as a packet's must be true: `next` is in a cache line that sending does not need otherwise.
 */
static __rte_always_inline bool
i40e_tx_simple_plain(struct rte_mbuf *const *packets, uint32_t n)
{
	const __m128i alone = _mm_set_epi64x(0, 1LL << 32 | 1LL << 16);
	const __m128i asked = _mm_set_epi64x((long long)(RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL), 0xFFFFFFFF0000LL);
	const uintptr_t pool = (uintptr_t)packets[0]->pool;
	__m128i differs = _mm_setzero_si128();
	uintptr_t others = 0;

	RTE_BUILD_BUG_ON(offsetof(struct rte_mbuf, refcnt) != offsetof(struct rte_mbuf, rearm_data) + 2);
	RTE_BUILD_BUG_ON(offsetof(struct rte_mbuf, nb_segs) != offsetof(struct rte_mbuf, rearm_data) + 4);
	RTE_BUILD_BUG_ON(offsetof(struct rte_mbuf, ol_flags) != offsetof(struct rte_mbuf, rearm_data) + 8);
	for (uint32_t i = 0; i < n; i++) {
		const __m128i *words = (const __m128i *)RTE_PTR_ADD(packets[i], offsetof(struct rte_mbuf, rearm_data));

		differs = _mm_or_si128(differs, _mm_xor_si128(_mm_load_si128(words), alone));
		others |= (uintptr_t)packets[i]->pool ^ pool;
	}
	return others == 0 && _mm_testz_si128(differs, asked);
}

static __rte_always_inline void
i40e_tx_simple_free(struct i40e_txq *q)
{
	const uint64_t high = *(const volatile uint64_t *)&q->ring[q->next_dd].high;
	struct rte_mbuf **packets = &q->sw[q->next_dd + 1 - q->rs_thresh];

	if ((high & I40E_TX_DTYPE_MASK) != I40E_TX_DONE)
		return;
	/* All of one pool and nobody else's: the application has promised. The packets themselves are not touched. */
	if (q->fast_free)
		rte_mempool_put_bulk(q->pool, (void **)packets, q->rs_thresh);
	else if (likely(i40e_tx_simple_plain(packets, q->rs_thresh)))
		rte_mempool_put_bulk(packets[0]->pool, (void **)packets, q->rs_thresh);
	else
		i40e_tx_free_any(packets, q->rs_thresh);
	q->free = (uint16_t)(q->free + q->rs_thresh);
	q->next_dd = (uint16_t)(q->next_dd + q->rs_thresh);
	if (q->next_dd >= q->count)
		q->next_dd = (uint16_t)(q->rs_thresh - 1);
}

/* n descriptors that do not wrap. */
static __rte_always_inline void
i40e_tx_simple_write(struct i40e_tx_desc *ring, struct rte_mbuf **sw, struct rte_mbuf **pkts, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct rte_mbuf *m = pkts[i];

		sw[i] = pkts[i];
		ring[i].low = rte_mbuf_data_iova(m);
		ring[i].high = I40E_TX_SIMPLE_WORD | (uint64_t)m->data_len << I40E_TX_LENGTH_SHIFT;
	}
}

static __rte_always_inline void
i40e_tx_simple_report(struct i40e_txq *q, uint16_t end)
{
	for (; q->next_rs < end; q->next_rs = (uint16_t)(q->next_rs + q->rs_thresh))
		q->ring[q->next_rs].high |= I40E_TX_RS;
}

static __rte_always_inline uint16_t
i40e_tx_simple_burst(struct i40e_txq *q, struct rte_mbuf **pkts, uint16_t n)
{
	uint32_t at = q->next, end;

	/*
	 * As many reports as a burst takes, so that free descriptors do not run low by and by. A descriptor that has not been
	 * used since the queue's start looks done: only of those in flight one is asked.
	 */
	for (uint32_t i = 0; q->free < RTE_MAX(q->free_thresh, n) && q->count - 1 - q->free >= q->rs_thresh && i < 2; i++)
		i40e_tx_simple_free(q);
	n = RTE_MIN(n, q->free);
	if (unlikely(n == 0))
		return 0;
	if (q->fast_free && unlikely(q->pool == NULL))
		q->pool = pkts[0]->pool;
	q->free = (uint16_t)(q->free - n);
	end = at + n;
	if (end >= q->count) {
		const uint32_t first = q->count - at;

		i40e_tx_simple_write(&q->ring[at], &q->sw[at], pkts, first);
		i40e_tx_simple_report(q, q->count);
		q->next_rs = (uint16_t)(q->rs_thresh - 1);
		i40e_tx_simple_write(q->ring, q->sw, pkts + first, n - first);
		end = n - first;
	} else {
		i40e_tx_simple_write(&q->ring[at], &q->sw[at], pkts, n);
	}
	i40e_tx_simple_report(q, (uint16_t)end);
	q->next = (uint16_t)end;
	rte_write32(end, q->tail);
	return n;
}

#endif
