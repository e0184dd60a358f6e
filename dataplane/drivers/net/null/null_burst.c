/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The bursts of net_null.
 */
#include <string.h>

#include <rte_mbuf.h>
#include <rte_memcpy.h>
#include <rte_mempool.h>

#include "null.h"

#define COUNT(counter, n) __atomic_store_n(&(counter), (counter) + (n), __ATOMIC_RELAXED)

void
null_prepare_rearm(struct null_queue *queue, uint16_t port_id)
{
	struct rte_mbuf mbuf;

	memset(&mbuf, 0, sizeof(mbuf));
	mbuf.data_off = RTE_PKTMBUF_HEADROOM;
	rte_mbuf_refcnt_set(&mbuf, 1);
	mbuf.nb_segs = 1;
	mbuf.port = port_id;
	memcpy(&queue->rearm, mbuf.rearm_data, sizeof(queue->rearm));
}

/*
 * A fresh mbuf of frame_size bytes: the fields a receiver may look at, and no others. A pool's mbufs already have
 * reference count one, one segment and no next (rte_mbuf_raw_free() checks it), so their second cache line is not
 * touched.
 */
static inline void
fill(struct rte_mbuf *mbuf, uint64_t rearm, uint32_t frame_size)
{
	const uint64_t type_and_length = (uint64_t)frame_size << 32;
	const uint64_t length_and_tags = frame_size & UINT16_MAX;

	memcpy(mbuf->rearm_data, &rearm, sizeof(rearm));
	mbuf->ol_flags = 0;
	/* packet_type, pkt_len; data_len, vlan_tci, hash.rss */
	memcpy(mbuf->rx_descriptor_fields1, &type_and_length, sizeof(type_and_length));
	memcpy((char *)mbuf->rx_descriptor_fields1 + sizeof(type_and_length), &length_and_tags, sizeof(length_and_tags));
}

static inline uint16_t
receive(struct null_queue *queue, struct rte_mbuf **mbufs, uint16_t count)
{
	const uint32_t frame_size = queue->frame_size;
	const uint64_t rearm = queue->rearm;

	if (rte_mempool_get_bulk(queue->pool, (void **)mbufs, count) != 0) {
		COUNT(queue->no_buffer, count);
		return 0;
	}
	for (uint16_t i = 0; i < count; i++)
		fill(mbufs[i], rearm, frame_size);
	COUNT(queue->packets, count);
	COUNT(queue->bytes, (uint64_t)count * frame_size);
	return count;
}

static uint16_t
null_rx(void *queue, struct rte_mbuf **mbufs, uint16_t count)
{
	return receive(queue, mbufs, count);
}

static uint16_t
null_rx_copy(void *q, struct rte_mbuf **mbufs, uint16_t count)
{
	struct null_queue *queue = q;

	count = receive(queue, mbufs, count);
	for (uint16_t i = 0; i < count; i++)
		rte_memcpy(rte_pktmbuf_mtod(mbufs[i], void *), queue->frame, queue->frame_size);
	return count;
}

/* Frees a sent burst: plain mbufs of one pool, the usual case, go back to it together; the others one by one. */
static inline void
release(struct rte_mbuf **mbufs, uint16_t count)
{
	struct rte_mempool *pool = NULL;
	uint16_t kept = 0;

	/* The array is the caller's, but sent mbufs are no longer his: their slots collect those that are ready. */
	for (uint16_t i = 0; i < count; i++) {
		struct rte_mbuf *mbuf = mbufs[i];

		if (unlikely(mbuf->nb_segs != 1)) {
			rte_pktmbuf_free(mbuf);
			continue;
		}
		mbuf = rte_pktmbuf_prefree_seg(mbuf);
		if (unlikely(mbuf == NULL))
			continue;
		if (unlikely(mbuf->pool != pool)) {
			if (kept > 0)
				rte_mempool_put_bulk(pool, (void **)mbufs, kept);
			pool = mbuf->pool;
			kept = 0;
		}
		mbufs[kept++] = mbuf;
	}
	if (kept > 0)
		rte_mempool_put_bulk(pool, (void **)mbufs, kept);
}

static uint16_t
null_tx(void *q, struct rte_mbuf **mbufs, uint16_t count)
{
	struct null_queue *queue = q;
	uint64_t bytes = 0;

	for (uint16_t i = 0; i < count; i++)
		bytes += mbufs[i]->pkt_len;
	release(mbufs, count);
	COUNT(queue->packets, count);
	COUNT(queue->bytes, bytes);
	return count;
}

static uint16_t
null_tx_copy(void *q, struct rte_mbuf **mbufs, uint16_t count)
{
	struct null_queue *queue = q;

	for (uint16_t i = 0; i < count; i++)
		rte_memcpy(queue->frame, rte_pktmbuf_mtod(mbufs[i], void *), RTE_MIN(queue->frame_size, mbufs[i]->data_len));
	return null_tx(queue, mbufs, count);
}

void
null_set_bursts(struct rte_eth_dev *dev)
{
	const struct null_port *port = dev->data->dev_private;

	dev->rx_pkt_burst = port->no_rx ? rte_eth_pkt_burst_dummy : port->copy ? null_rx_copy : null_rx;
	dev->tx_pkt_burst = port->copy ? null_tx_copy : null_tx;
}
