/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Ethernet Tx adapter at work: events in, packets out.
 */
#include <rte_ethdev.h>
#include <rte_mempool.h>
#include <rte_pause.h>

#include "eth_tx_adapter.h"

/* A port that takes nothing so many times is full for good: its packets go, so that the others' move on. */
#define TX_RETRIES 100

static void
drop(struct tx_adapter *adapter, struct rte_mbuf **packets, uint32_t n)
{
	rte_pktmbuf_free_bulk(packets, n);
	adapter->stats.tx_dropped += n;
}

static void
transmit(struct tx_adapter *adapter, struct tx_queue *queue)
{
	uint32_t sent = 0, taken, retries = 0;

	for (;;) {
		taken = rte_eth_tx_burst(queue->port, queue->id, &queue->packets[sent], (uint16_t)(queue->count - sent));
		sent += taken;
		if (sent == queue->count)
			break;
		adapter->stats.tx_retry++;
		retries = taken > 0 ? 0 : retries + 1;
		if (retries > TX_RETRIES) {
			drop(adapter, &queue->packets[sent], queue->count - sent);
			break;
		}
		rte_pause();
	}
	adapter->stats.tx_packets += sent;
	queue->count = 0;
}

static void
transmit_all(struct tx_adapter *adapter)
{
	while (adapter->nb_waiting > 0)
		transmit(adapter, adapter->waiting[--adapter->nb_waiting]);
}

/* The queue, when the adapter may send there. */
static inline struct tx_queue *
queue_of(const struct tx_adapter *adapter, uint16_t port, uint16_t id)
{
	struct tx_queue *queue;

	if (unlikely(port >= RTE_MAX_ETHPORTS || id >= adapter->ports[port].size))
		return NULL;
	queue = adapter->ports[port].queues[id];
	return queue == NULL || queue->stopped ? NULL : queue;
}

static inline void
put(struct tx_adapter *adapter, struct tx_queue *queue, struct rte_mbuf *m)
{
	if (unlikely(queue == NULL)) {
		drop(adapter, &m, 1);
		return;
	}
	if (queue->count == 0) {
		if (unlikely(adapter->nb_waiting == RTE_DIM(adapter->waiting)))
			transmit_all(adapter);
		adapter->waiting[adapter->nb_waiting++] = queue;
	}
	queue->packets[queue->count++] = m;
	if (queue->count == TX_BATCH) {
		/* Full ones leave at once; most often it is the one that came last. */
		uint32_t i = adapter->nb_waiting - 1;

		while (adapter->waiting[i] != queue)
			i--;
		adapter->waiting[i] = adapter->waiting[--adapter->nb_waiting];
		transmit(adapter, queue);
	}
}

static uint32_t
put_vector(struct tx_adapter *adapter, struct rte_event_vector *vector)
{
	struct rte_mbuf **packets = &vector->mbufs[vector->elem_offset];
	struct tx_queue *queue = vector->attr_valid ? queue_of(adapter, vector->port, vector->queue) : NULL;
	uint32_t n = vector->nb_elem, i;

	for (i = 0; i < n; i++)
		put(adapter, vector->attr_valid ? queue :
			queue_of(adapter, packets[i]->port, rte_event_eth_tx_adapter_txq_get(packets[i])), packets[i]);
	rte_mempool_put(rte_mempool_from_obj(vector), vector);
	return n;
}

int32_t
tx_adapter_service(void *arg)
{
	struct tx_adapter *adapter = arg;
	struct rte_event events[TX_BATCH];
	uint32_t done = 0;
	uint16_t i, n;

	if (!rte_spinlock_trylock(&adapter->lock))
		return -EAGAIN;
	while (adapter->started && adapter->nb_queues > 0 && done < adapter->max_nb_tx) {
		n = rte_event_dequeue_burst(adapter->dev_id, adapter->event_port, events, TX_BATCH, 0);
		if (n == 0)
			break;
		for (i = 0; i < n; i++) {
			if (events[i].event_type & RTE_EVENT_TYPE_VECTOR) {
				done += put_vector(adapter, events[i].vec);
			} else {
				put(adapter, queue_of(adapter, events[i].mbuf->port, rte_event_eth_tx_adapter_txq_get(events[i].mbuf)),
					events[i].mbuf);
				done++;
			}
		}
	}
	transmit_all(adapter);
	rte_spinlock_unlock(&adapter->lock);
	return done > 0 ? 0 : -EAGAIN;
}
