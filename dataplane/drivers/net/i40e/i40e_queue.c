/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Queues: their memory and what they are asked for.
 */
#include <errno.h>
#include <string.h>

#include <rte_malloc.h>
#include <rte_memzone.h>

#include "i40e_port.h"

#define RING_ALIGNMENT 128 /* the device counts in these */
#define LARGEST_BUFFER 16256u

static bool
ring_size_fits(const struct rte_eth_dev *dev, const char *kind, uint16_t id, uint16_t descriptors)
{
	if (descriptors >= I40E_MIN_DESCRIPTORS && descriptors <= I40E_MAX_DESCRIPTORS && descriptors % I40E_BATCH == 0)
		return true;
	I40E_LOG(ERR, dev->data->name, "%s queue %u: %u descriptors, expected a multiple of %u from %u to %u", kind, id, descriptors,
		I40E_BATCH, I40E_MIN_DESCRIPTORS, I40E_MAX_DESCRIPTORS);
	return false;
}

/* ---- Receive ---- */

static uint64_t
rearm_word(uint16_t port)
{
	struct rte_mbuf m = {.data_off = RTE_PKTMBUF_HEADROOM, .nb_segs = 1, .port = port};
	uint64_t word;

	rte_mbuf_refcnt_set(&m, 1);
	memcpy(&word, &m.rearm_data, sizeof(word));
	return word;
}

static void
rx_free(struct rte_eth_dev *dev, struct i40e_rxq *q)
{
	if (q == NULL)
		return;
	i40e_rx_queue_empty(q);
	rte_eth_dma_zone_free(dev, "rx", q->id);
	rte_free(q->sw);
	rte_free(q);
}

int
i40e_rx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors, unsigned int socket,
	const struct rte_eth_rxconf *conf, struct rte_mempool *pool)
{
	const size_t entries = descriptors + I40E_RX_PADDING;
	const uint32_t room = (uint32_t)rte_pktmbuf_data_room_size(pool) - RTE_PKTMBUF_HEADROOM;
	struct i40e_rxq *q;

	if (!ring_size_fits(dev, "receive", id, descriptors))
		return -EINVAL;
	if (rte_pktmbuf_data_room_size(pool) <= RTE_PKTMBUF_HEADROOM || room < 1024) {
		I40E_LOG(ERR, dev->data->name, "receive queue %u: mempool %s has buffers of less than 1024 bytes after the headroom",
			id, pool->name);
		return -EINVAL;
	}
	if (dev->data->rx_queues[id] != NULL) {
		rx_free(dev, dev->data->rx_queues[id]);
		dev->data->rx_queues[id] = NULL;
	}
	q = rte_zmalloc_socket("i40e receive queue", sizeof(*q), RTE_CACHE_LINE_SIZE, (int)socket);
	if (q == NULL)
		return -ENOMEM;
	q->id = id;
	q->count = descriptors;
	q->pool = pool;
	q->data = dev->data;
	q->room = (uint16_t)RTE_MIN(RTE_ALIGN_FLOOR(room, 128u), LARGEST_BUFFER);
	q->offloads = conf->offloads | dev->data->dev_conf.rxmode.offloads;
	q->crc = q->offloads & RTE_ETH_RX_OFFLOAD_KEEP_CRC ? RTE_ETHER_CRC_LEN : 0;
	q->deferred = conf->rx_deferred_start != 0;
	q->rearm = rearm_word(dev->data->port_id);
	q->tail = i40e_port_of(dev)->hw.bar + I40E_QRX_TAIL(id);
	/* The longest ring there may be, so that a queue of another size takes the same memory. */
	q->zone = rte_eth_dma_zone_reserve(dev, "rx", id, (I40E_MAX_DESCRIPTORS + I40E_RX_PADDING) * sizeof(*q->ring),
		RING_ALIGNMENT, (int)socket);
	q->sw = rte_zmalloc_socket("i40e receive buffers", entries * sizeof(*q->sw), RTE_CACHE_LINE_SIZE, (int)socket);
	if (q->zone == NULL || q->sw == NULL) {
		I40E_LOG(ERR, dev->data->name, "receive queue %u: no memory for %u descriptors", id, descriptors);
		rx_free(dev, q);
		return -ENOMEM;
	}
	q->ring = q->zone->addr;
	q->ring_iova = q->zone->iova;
	memset(q->ring, 0, entries * sizeof(*q->ring));
	dev->data->rx_queues[id] = q;
	return 0;
}

void
i40e_rx_queue_release(struct rte_eth_dev *dev, uint16_t id)
{
	rx_free(dev, dev->data->rx_queues[id]);
	dev->data->rx_queues[id] = NULL;
}

void
i40e_rxq_info(struct rte_eth_dev *dev, uint16_t id, struct rte_eth_rxq_info *info)
{
	const struct i40e_rxq *q = dev->data->rx_queues[id];

	info->mp = q->pool;
	info->scattered_rx = dev->data->scattered_rx;
	info->nb_desc = q->count;
	info->rx_buf_size = q->room;
	info->conf.rx_free_thresh = I40E_BATCH;
	info->conf.rx_deferred_start = q->deferred;
	info->conf.offloads = q->offloads;
}

/* ---- Transmit ---- */

static void
tx_free(struct rte_eth_dev *dev, struct i40e_txq *q)
{
	if (q == NULL)
		return;
	i40e_tx_queue_empty(q);
	rte_eth_dma_zone_free(dev, "tx", q->id);
	rte_free(q->reports);
	rte_free(q->sw);
	rte_free(q);
}

static bool
thresholds_fit(const struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors, uint16_t rs, uint16_t free)
{
	if (rs >= 1 && free >= 1 && rs + free <= descriptors && rs < descriptors - 2 && free < descriptors - 3 && rs <= free &&
			descriptors % rs == 0)
		return true;
	I40E_LOG(ERR, dev->data->name, "transmit queue %u: tx_rs_thresh %u and tx_free_thresh %u: expected a divisor of the ring's %u "
		"descriptors, not above tx_free_thresh, and together not above the ring", id, rs, free, descriptors);
	return false;
}

int
i40e_tx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors, unsigned int socket,
	const struct rte_eth_txconf *conf)
{
	const uint16_t rs = conf->tx_rs_thresh != 0 ? conf->tx_rs_thresh : I40E_BATCH;
	const uint16_t free = conf->tx_free_thresh != 0 ? conf->tx_free_thresh : RTE_MAX(I40E_BATCH, rs);
	struct i40e_txq *q;

	if (!ring_size_fits(dev, "transmit", id, descriptors) || !thresholds_fit(dev, id, descriptors, rs, free))
		return -EINVAL;
	if (dev->data->tx_queues[id] != NULL) {
		tx_free(dev, dev->data->tx_queues[id]);
		dev->data->tx_queues[id] = NULL;
	}
	q = rte_zmalloc_socket("i40e transmit queue", sizeof(*q), RTE_CACHE_LINE_SIZE, (int)socket);
	if (q == NULL)
		return -ENOMEM;
	q->id = id;
	q->count = descriptors;
	q->rs_thresh = rs;
	q->free_thresh = free;
	q->offloads = conf->offloads | dev->data->dev_conf.txmode.offloads;
	q->fast_free = (q->offloads & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE) != 0;
	q->deferred = conf->tx_deferred_start != 0;
	q->tail = i40e_port_of(dev)->hw.bar + I40E_QTX_TAIL(id);
	q->zone = rte_eth_dma_zone_reserve(dev, "tx", id, I40E_MAX_DESCRIPTORS * sizeof(*q->ring), RING_ALIGNMENT, (int)socket);
	q->sw = rte_zmalloc_socket("i40e transmit buffers", descriptors * sizeof(*q->sw), RTE_CACHE_LINE_SIZE, (int)socket);
	q->reports = rte_zmalloc_socket("i40e transmit reports", descriptors * sizeof(*q->reports), 0, (int)socket);
	if (q->zone == NULL || q->sw == NULL || q->reports == NULL) {
		I40E_LOG(ERR, dev->data->name, "transmit queue %u: no memory for %u descriptors", id, descriptors);
		tx_free(dev, q);
		return -ENOMEM;
	}
	q->ring = q->zone->addr;
	q->ring_iova = q->zone->iova;
	i40e_tx_queue_reset(q);
	dev->data->tx_queues[id] = q;
	return 0;
}

void
i40e_tx_queue_release(struct rte_eth_dev *dev, uint16_t id)
{
	tx_free(dev, dev->data->tx_queues[id]);
	dev->data->tx_queues[id] = NULL;
}

void
i40e_txq_info(struct rte_eth_dev *dev, uint16_t id, struct rte_eth_txq_info *info)
{
	const struct i40e_txq *q = dev->data->tx_queues[id];

	info->nb_desc = q->count;
	info->conf.tx_rs_thresh = q->rs_thresh;
	info->conf.tx_free_thresh = q->free_thresh;
	info->conf.tx_deferred_start = q->deferred;
	info->conf.offloads = q->offloads;
}
