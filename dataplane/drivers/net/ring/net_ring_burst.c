/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The bursts. Pointers move; what does not fit stays the caller's.
 */
#include "net_ring.h"

#include <rte_branch_prediction.h>
#include <rte_mbuf.h>
#include <rte_prefetch.h>

static __rte_always_inline void
count(uint64_t *counter, uint64_t amount, bool shared)
{
	if (unlikely(shared))
		__atomic_fetch_add(counter, amount, __ATOMIC_RELAXED);
	else
		__atomic_store_n(counter, *counter + amount, __ATOMIC_RELAXED);
}

/* ---- Rings as they are: mbufs are not looked at ---- */

uint16_t
net_ring_rx(void *rx_queue, struct rte_mbuf **mbufs, uint16_t n)
{
	struct net_ring_rx_queue *queue = rx_queue;

	n = (uint16_t)rte_ring_dequeue_burst(queue->ring, (void **)mbufs, n, NULL);
	if (n > 0)
		count(&queue->count.packets, n, queue->shared);
	return n;
}

uint16_t
net_ring_tx(void *tx_queue, struct rte_mbuf **mbufs, uint16_t n)
{
	struct net_ring_tx_queue *queue = tx_queue;

	n = (uint16_t)rte_ring_enqueue_burst(queue->ring, (void *const *)mbufs, n, NULL);
	if (n > 0)
		count(&queue->count.packets, n, queue->shared);
	return n;
}

uint32_t
net_ring_rx_count(void *rx_queue)
{
	const struct net_ring_rx_queue *queue = rx_queue;

	return rte_ring_count(queue->ring);
}

/* ---- Wires: what comes out is a received frame, whatever the sender knew about it ---- */

uint16_t
net_ring_wire_rx(void *rx_queue, struct rte_mbuf **mbufs, uint16_t n)
{
	struct net_ring_rx_queue *queue = rx_queue;
	const uint16_t port_id = queue->port_id;
	uint64_t bytes = 0;

	n = (uint16_t)rte_ring_sc_dequeue_burst(queue->ring, (void **)mbufs, n, NULL);
	if (n == 0)
		return 0;
	/* The sender's core has these lines: ask for them ahead. */
	for (uint16_t i = 0; i < RTE_MIN(n, 4); i++)
		rte_prefetch0(mbufs[i]);
	for (uint16_t i = 0; i < n; i++) {
		struct rte_mbuf *mbuf = mbufs[i];

		if (i + 4 < n)
			rte_prefetch0(mbufs[i + 4]);
		mbuf->port = port_id;
		mbuf->ol_flags = 0;
		mbuf->packet_type = 0;
		mbuf->vlan_tci = 0;
		bytes += mbuf->pkt_len;
	}
	count(&queue->count.packets, n, false);
	count(&queue->count.bytes, bytes, false);
	return n;
}

/* The receiver may write to what it gets: buffers that others hold too do not pass. */
static inline bool
is_own(const struct rte_mbuf *mbuf)
{
	uint16_t segments = mbuf->nb_segs;

	for (; mbuf != NULL; mbuf = mbuf->next) {
		if (unlikely(rte_mbuf_refcnt_read(mbuf) != 1 || !RTE_MBUF_DIRECT(mbuf)))
			return false;
		if (likely(segments == 1))
			return true; /* its second line is not touched */
	}
	return true;
}

/* A pool whose buffers take data: the mbuf's own, or that of the buffer it refers to. */
static struct rte_mempool *
pool_for_copy(struct rte_mbuf *mbuf)
{
	struct rte_mempool *pool = RTE_MBUF_CLONED(mbuf) ? rte_mbuf_from_indirect(mbuf)->pool : mbuf->pool;

	return rte_pktmbuf_data_room_size(pool) > RTE_PKTMBUF_HEADROOM ? pool : NULL;
}

/* False: it stays the sender's, since there is no room or no buffer now. */
static bool
send_copy(struct net_ring_tx_queue *queue, struct rte_ring *ring, struct rte_mbuf *mbuf)
{
	struct rte_mempool *pool = pool_for_copy(mbuf);
	struct rte_mbuf *copy;
	uint32_t length = mbuf->pkt_len;

	if (pool == NULL) {
		count(&queue->count.errors, 1, false);
		rte_pktmbuf_free(mbuf);
		return true;
	}
	copy = rte_pktmbuf_copy(mbuf, pool, 0, UINT32_MAX);
	if (copy == NULL || rte_ring_enqueue(ring, copy) != 0) {
		rte_pktmbuf_free(copy);
		return false;
	}
	rte_pktmbuf_free(mbuf);
	count(&queue->count.packets, 1, false);
	count(&queue->count.bytes, length, false);
	return true;
}

uint16_t
net_ring_wire_tx(void *tx_queue, struct rte_mbuf **mbufs, uint16_t n)
{
	struct net_ring_tx_queue *queue = tx_queue;
	struct rte_ring *ring = __atomic_load_n(&queue->ring, __ATOMIC_ACQUIRE);
	uint16_t done = 0;

	if (unlikely(ring == NULL))
		return 0; /* the link is down */
	while (done < n) {
		struct rte_mbuf **run = mbufs + done;
		uint64_t bytes = 0;
		uint16_t length = 0, sent;

		for (; length < n - done && is_own(run[length]); length++)
			bytes += run[length]->pkt_len;
		sent = (uint16_t)rte_ring_enqueue_burst(ring, (void *const *)run, length, NULL);
		/* What was sent is the receiver's by now: only what was not can still be looked at. */
		for (uint16_t i = sent; i < length; i++)
			bytes -= run[i]->pkt_len;
		count(&queue->count.packets, sent, false);
		count(&queue->count.bytes, bytes, false);
		done = (uint16_t)(done + sent);
		if (sent < length || (done < n && !send_copy(queue, ring, mbufs[done])))
			break;
		done = (uint16_t)(done + (done < n));
	}
	return done;
}
