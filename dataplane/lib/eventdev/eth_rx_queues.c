/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Ethernet Rx adapter's queues: what fits an adapter, and how a queue comes and goes while the service runs.
 */
#include <ethdev_driver.h>
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_malloc.h>
#include <rte_mempool.h>

#include "eth_rx_adapter.h"

struct rx_queue *
rx_adapter_find_queue(const struct rx_adapter *adapter, uint16_t port, uint32_t id)
{
	uint32_t i;

	for (i = 0; i < adapter->nb_queues; i++)
		if (adapter->queues[i]->port == port && adapter->queues[i]->id == id)
			return adapter->queues[i];
	return NULL;
}

int
rx_adapter_make_buffer(struct rx_buffer *buffer, uint32_t size, int socket)
{
	buffer->events = rte_zmalloc_socket("Rx adapter buffer", size * sizeof(*buffer->events), RTE_CACHE_LINE_SIZE, socket);
	buffer->size = size;
	return buffer->events == NULL ? -ENOMEM : 0;
}

/* What is in a buffer that ends cannot leave any more. */
void
rx_adapter_drop_events(struct rx_buffer *buffer)
{
	const struct rte_event *event;

	for (; buffer->count > 0; buffer->count--) {
		event = &buffer->events[buffer->head];
		if (event->event_type & RTE_EVENT_TYPE_VECTOR) {
			rte_pktmbuf_free_bulk(event->vec->mbufs, event->vec->nb_elem);
			rte_mempool_put(rte_mempool_from_obj(event->vec), event->vec);
		} else {
			rte_pktmbuf_free(event->mbuf);
		}
		buffer->head = buffer->head + 1 == buffer->size ? 0 : buffer->head + 1;
	}
}

static int
has_interrupts(uint16_t port)
{
	return rte_eth_devices[port].data->dev_conf.intr_conf.rxq;
}

int
rx_adapter_queue_fits(const struct rx_adapter *adapter, uint16_t port, int32_t id, uint32_t caps,
	const struct rte_event_eth_rx_adapter_queue_conf *conf)
{
	struct rte_event_eth_rx_adapter_vector_limits limits;
	const int internal = (caps & RTE_EVENT_ETH_RX_ADAPTER_CAP_INTERNAL_PORT) != 0;

	if (!(caps & RTE_EVENT_ETH_RX_ADAPTER_CAP_MULTI_EVENTQ) && id != -1)
		return -EINVAL;
	if ((conf->rx_queue_flags & RTE_EVENT_ETH_RX_ADAPTER_QUEUE_FLOW_ID_VALID) &&
			!(caps & RTE_EVENT_ETH_RX_ADAPTER_CAP_OVERRIDE_FLOW_ID))
		return -EINVAL;
	if (!internal && adapter->queue_buffers != (conf->event_buf_size != 0))
		return -EINVAL;
	if (!internal && conf->servicing_weight == 0 && has_interrupts(port)) {
		RTE_EDEV_LOG_ERR("port %u: the Ethernet Rx adapter has no interrupt mode: give its queues a weight", port);
		return -ENOTSUP;
	}
	if (!(conf->rx_queue_flags & RTE_EVENT_ETH_RX_ADAPTER_QUEUE_EVENT_VECTOR))
		return 0;
	if (!(caps & RTE_EVENT_ETH_RX_ADAPTER_CAP_EVENT_VECTOR))
		return -EINVAL;
	if (rte_event_eth_rx_adapter_vector_limits_get(adapter->dev_id, port, &limits) != 0)
		return -EINVAL;
	if (conf->vector_sz < limits.min_sz || conf->vector_sz > limits.max_sz || conf->vector_timeout_ns < limits.min_timeout_ns ||
			conf->vector_timeout_ns > limits.max_timeout_ns || conf->vector_mp == NULL ||
			(limits.log2_sz && !rte_is_power_of_2(conf->vector_sz)))
		return -EINVAL;
	return conf->vector_mp->elt_size < sizeof(struct rte_event_vector) + conf->vector_sz * sizeof(uintptr_t) ? -EINVAL : 0;
}

static void
describe(struct rx_queue *queue, const struct rte_event_eth_rx_adapter_queue_conf *conf)
{
	struct rte_event event = conf->ev;

	queue->hash_flows = !(conf->rx_queue_flags & RTE_EVENT_ETH_RX_ADAPTER_QUEUE_FLOW_ID_VALID);
	if (queue->hash_flows)
		event.flow_id = 0;
	event.op = RTE_EVENT_OP_NEW;
	event.event_type = RTE_EVENT_TYPE_ETH_RX_ADAPTER;
	event.sub_event_type = 0;
	event.rsvd = 0;
	event.impl_opaque = 0;
	queue->event = event.event;
	queue->weight = RTE_MAX(conf->servicing_weight, (uint16_t)1);
	queue->conf = *conf;
	queue->conf.servicing_weight = queue->weight;
	queue->vector.timeout = (uint64_t)((double)conf->vector_timeout_ns / NS_PER_S * (double)rte_get_tsc_hz());
}

/* Falls by weight; equal ones stay as they came. The lock is held. */
static void
sort_queues(struct rx_adapter *adapter)
{
	struct rx_queue *moved;
	uint32_t i, j;

	for (i = 1; i < adapter->nb_queues; i++) {
		moved = adapter->queues[i];
		for (j = i; j > 0 && adapter->queues[j - 1]->weight < moved->weight; j--)
			adapter->queues[j] = adapter->queues[j - 1];
		adapter->queues[j] = moved;
	}
	adapter->next_queue = 0;
	adapter->pass = 0;
}

static void
free_queue(struct rx_queue *queue)
{
	rte_free(queue->own.events);
	rte_free(queue);
}

int
rx_adapter_add_queue(struct rx_adapter *adapter, uint16_t port, uint16_t id, int internal,
	const struct rte_event_eth_rx_adapter_queue_conf *conf)
{
	struct rx_queue *queue = rx_adapter_find_queue(adapter, port, id), **wider;
	int waits;

	if (queue != NULL) {
		rte_spinlock_lock(&adapter->lock);
		rx_adapter_flush_vector(adapter, queue);
		/* A vector that cannot leave would be filled to the new size. */
		waits = queue->vector.filling != NULL;
		if (!waits) {
			describe(queue, conf);
			sort_queues(adapter);
		}
		rte_spinlock_unlock(&adapter->lock);
		return waits ? -EBUSY : 0;
	}
	queue = rte_zmalloc_socket("Rx adapter queue", sizeof(*queue), RTE_CACHE_LINE_SIZE, adapter->socket);
	if (queue == NULL)
		return -ENOMEM;
	queue->port = port;
	queue->id = id;
	queue->internal = internal;
	queue->buffer = &adapter->buffer;
	describe(queue, conf);
	if (adapter->queue_buffers && !internal) {
		if (rx_adapter_make_buffer(&queue->own, RTE_ALIGN_CEIL((uint32_t)conf->event_buf_size, RX_BATCH) + 2 * RX_BATCH,
				adapter->socket) != 0) {
			free_queue(queue);
			return -ENOMEM;
		}
		queue->buffer = &queue->own;
	}
	wider = rte_zmalloc_socket("Rx adapter queues", (adapter->nb_queues + 1) * sizeof(*wider), 0, adapter->socket);
	if (wider == NULL) {
		free_queue(queue);
		return -ENOMEM;
	}
	rte_spinlock_lock(&adapter->lock);
	if (adapter->nb_queues > 0)
		memcpy(wider, adapter->queues, adapter->nb_queues * sizeof(*wider));
	wider[adapter->nb_queues] = queue;
	RTE_SWAP(wider, adapter->queues);
	adapter->nb_queues++;
	sort_queues(adapter);
	rte_spinlock_unlock(&adapter->lock);
	rte_free(wider);
	return 0;
}

void
rx_adapter_del_queue(struct rx_adapter *adapter, struct rx_queue *queue)
{
	struct rte_event_vector *vector;
	uint32_t i, kept = 0;

	rte_spinlock_lock(&adapter->lock);
	for (i = 0; i < adapter->nb_queues; i++)
		if (adapter->queues[i] != queue)
			adapter->queues[kept++] = adapter->queues[i];
	adapter->nb_queues = kept;
	adapter->next_queue = 0;
	adapter->pass = 0;
	if (queue->buffer == &adapter->buffer)
		rx_adapter_flush_vector(adapter, queue);
	rte_spinlock_unlock(&adapter->lock);

	vector = queue->vector.filling;
	if (vector != NULL) {
		rte_pktmbuf_free_bulk(vector->mbufs, vector->nb_elem);
		rte_mempool_put(rte_mempool_from_obj(vector), vector);
	}
	rx_adapter_drop_events(&queue->own);
	free_queue(queue);
}
