/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Queues on and off. A queue that the device does not let go of keeps its buffers: they may still be written.
 */
#include <errno.h>
#include <string.h>

#include "i40e_port.h"

void
i40e_tx_queue_reset(struct i40e_txq *q)
{
	for (uint16_t i = 0; i < q->count; i++)
		q->ring[i] = (struct i40e_tx_desc){.high = I40E_TX_DONE};
	memset(q->sw, 0, q->count * sizeof(*q->sw));
	q->next = 0;
	q->free = (uint16_t)(q->count - 1);
	q->next_rs = q->next_dd = (uint16_t)(q->rs_thresh - 1);
	q->first_report = q->end_report = 0;
	q->unreported = 0;
	q->clean = 0;
	q->pool = NULL;
}

void
i40e_tx_queue_empty(struct i40e_txq *q)
{
	if (q->sw == NULL || q->ring == NULL)
		return;
	/* The simple paths leave what they freed in place; what is in flight is what is not free, behind `next`. */
	const uint16_t used = (uint16_t)(q->count - 1 - q->free);

	for (uint16_t i = 0; i < used; i++) {
		struct rte_mbuf *m = q->sw[(q->next + q->count - used + i) % q->count];

		if (m != NULL)
			rte_pktmbuf_free_seg(m);
	}
	i40e_tx_queue_reset(q);
}

int
i40e_rx_queue_fill(struct i40e_rxq *q)
{
	if (rte_mempool_get_bulk(q->pool, (void **)q->sw, q->count) != 0)
		return -ENOMEM;
	for (uint16_t i = 0; i < q->count; i++) {
		q->ring[i].low = rte_mbuf_data_iova_default(q->sw[i]);
		q->ring[i].high = 0;
	}
	memset(&q->ring[q->count], 0, I40E_RX_PADDING * sizeof(*q->ring));
	q->next = q->holes = q->refill = 0;
	q->first = q->last = NULL;
	return 0;
}

void
i40e_rx_queue_empty(struct i40e_rxq *q)
{
	if (q->sw == NULL || q->ring == NULL)
		return;
	for (uint16_t i = 0; i < q->count; i++) {
		/* From `refill` on `holes` of them went to the application. */
		const uint16_t behind = (uint16_t)((i + q->count - q->refill) % q->count);

		if (q->sw[i] != NULL && behind >= q->holes)
			rte_mbuf_raw_free(q->sw[i]);
		q->sw[i] = NULL;
	}
	if (q->first != NULL)
		rte_pktmbuf_free(q->first);
	q->first = q->last = NULL;
	q->holes = q->next = q->refill = 0;
}

int
i40e_rx_queue_start(struct rte_eth_dev *dev, uint16_t id)
{
	struct i40e_port *port = i40e_port_of(dev);
	struct i40e_rxq *q = dev->data->rx_queues[id];
	struct i40e_rx_context context;
	int error;

	if (q == NULL)
		return -EINVAL;
	if (q->started)
		return 0;
	error = i40e_rx_queue_fill(q);
	if (error != 0) {
		I40E_LOG(ERR, dev->data->name, "receive queue %u: mempool %s has not the %u buffers its ring takes", id, q->pool->name,
			q->count);
		return error;
	}
	context = (struct i40e_rx_context){.ring = q->ring_iova, .length = q->count, .buffer = q->room,
		.max_frame = (uint16_t)RTE_MIN(dev->data->mtu + I40E_FRAME_OVERHEAD, 5u * q->room), .keep_crc = q->crc != 0};
	context.max_frame = RTE_MIN(context.max_frame, (uint16_t)I40E_MAX_FRAME);
	i40e_rx_context_write(&port->hw, id, &context);
	i40e_write(&port->hw, I40E_QRX_TAIL(id), q->count - 1u);
	error = i40e_rx_enable(&port->hw, id);
	if (error != 0) {
		/* A request that is taken back before it was granted: then the buffers are ours again. */
		if (i40e_rx_disable(&port->hw, id) == 0)
			i40e_rx_queue_empty(q);
		return error;
	}
	q->started = true;
	dev->data->rx_queue_state[id] = RTE_ETH_QUEUE_STATE_STARTED;
	return 0;
}

static int
rx_stopped(struct rte_eth_dev *dev, uint16_t id)
{
	struct i40e_rxq *q = dev->data->rx_queues[id];

	q->started = false;
	i40e_rx_queue_empty(q);
	dev->data->rx_queue_state[id] = RTE_ETH_QUEUE_STATE_STOPPED;
	return 0;
}

int
i40e_rx_queue_stop(struct rte_eth_dev *dev, uint16_t id)
{
	struct i40e_rxq *q = dev->data->rx_queues[id];
	int error;

	if (q == NULL)
		return -EINVAL;
	if (!q->started)
		return 0;
	error = i40e_rx_disable(&i40e_port_of(dev)->hw, id);
	return error != 0 ? error : rx_stopped(dev, id);
}

int
i40e_tx_queue_start(struct rte_eth_dev *dev, uint16_t id)
{
	struct i40e_port *port = i40e_port_of(dev);
	struct i40e_txq *q = dev->data->tx_queues[id];
	struct i40e_tx_context context;
	int error;

	if (q == NULL)
		return -EINVAL;
	if (q->started)
		return 0;
	i40e_tx_queue_reset(q);
	context = (struct i40e_tx_context){.ring = q->ring_iova, .length = q->count, .queue_set = port->vsi.info.queue_sets[0]};
	i40e_tx_context_write(&port->hw, id, &context);
	error = i40e_tx_enable(&port->hw, id);
	if (error != 0)
		return error;
	q->started = true;
	dev->data->tx_queue_state[id] = RTE_ETH_QUEUE_STATE_STARTED;
	return 0;
}

static int
tx_stopped(struct rte_eth_dev *dev, uint16_t id)
{
	struct i40e_txq *q = dev->data->tx_queues[id];

	q->started = false;
	i40e_tx_queue_empty(q);
	dev->data->tx_queue_state[id] = RTE_ETH_QUEUE_STATE_STOPPED;
	return 0;
}

int
i40e_tx_queue_stop(struct rte_eth_dev *dev, uint16_t id)
{
	struct i40e_txq *q = dev->data->tx_queues[id];
	int error;

	if (q == NULL)
		return -EINVAL;
	if (!q->started)
		return 0;
	error = i40e_tx_disable(&i40e_port_of(dev)->hw, id, 1);
	return error != 0 ? error : tx_stopped(dev, id);
}

int
i40e_queues_start(struct rte_eth_dev *dev)
{
	int error = 0;

	for (uint16_t id = 0; id < dev->data->nb_tx_queues && error == 0; id++) {
		const struct i40e_txq *q = dev->data->tx_queues[id];

		if (q != NULL && !q->deferred)
			error = i40e_tx_queue_start(dev, id);
	}
	for (uint16_t id = 0; id < dev->data->nb_rx_queues && error == 0; id++) {
		const struct i40e_rxq *q = dev->data->rx_queues[id];

		if (q != NULL && !q->deferred)
			error = i40e_rx_queue_start(dev, id);
	}
	return error;
}

int
i40e_queues_stop(struct rte_eth_dev *dev)
{
	struct i40e_hw *hw = &i40e_port_of(dev)->hw;
	const uint16_t tx = dev->data->nb_tx_queues, rx = dev->data->nb_rx_queues;
	/* They end together: one pause and one limit for all, instead of one each. */
	const int error = tx + rx == 0 ? 0 : i40e_queues_disable(hw, tx, rx);

	for (uint16_t id = 0; id < tx; id++) {
		const struct i40e_txq *q = dev->data->tx_queues[id];

		if (q != NULL && q->started && (i40e_read(hw, I40E_QTX_ENA(id)) & I40E_QENA_STAT) == 0)
			tx_stopped(dev, id);
	}
	for (uint16_t id = 0; id < rx; id++) {
		const struct i40e_rxq *q = dev->data->rx_queues[id];

		if (q != NULL && q->started && (i40e_read(hw, I40E_QRX_ENA(id)) & I40E_QENA_STAT) == 0)
			rx_stopped(dev, id);
	}
	return error;
}
