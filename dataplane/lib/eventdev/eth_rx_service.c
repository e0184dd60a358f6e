/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Ethernet Rx adapter at work: packets in, events out.
 */
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_ether.h>
#include <rte_hash_crc.h>
#include <rte_ip.h>
#include <rte_mbuf.h>

#include "eth_rx_adapter.h"

/* ---- Flows ---- */

/*
 * Of a packet that has no RSS hash: by the IP addresses, as the RSS hash would be, with the processor's CRC instead of the
 * Toeplitz hash, which costs a hundred times as much in software. 0 for what is not IP.
 */
static uint32_t
software_hash(const struct rte_mbuf *m)
{
	const char *frame = rte_pktmbuf_mtod(m, const char *);
	uint32_t at = RTE_ETHER_HDR_LEN, tags = 0, size = rte_pktmbuf_data_len(m), hash;
	uint64_t words[4];
	rte_be16_t type;

	if (size < at)
		return 0;
	memcpy(&type, frame + at - sizeof(type), sizeof(type));
	while (tags++ < 2 && (type == RTE_BE16(RTE_ETHER_TYPE_VLAN) || type == RTE_BE16(RTE_ETHER_TYPE_QINQ))) {
		at += RTE_VLAN_HLEN;
		if (size < at)
			return 0;
		memcpy(&type, frame + at - sizeof(type), sizeof(type));
	}
	if (type == RTE_BE16(RTE_ETHER_TYPE_IPV4) && size >= at + sizeof(struct rte_ipv4_hdr)) {
		memcpy(words, frame + at + offsetof(struct rte_ipv4_hdr, src_addr), sizeof(words[0]));
		return rte_hash_crc_8byte(words[0], UINT32_MAX);
	}
	if (type == RTE_BE16(RTE_ETHER_TYPE_IPV6) && size >= at + sizeof(struct rte_ipv6_hdr)) {
		memcpy(words, frame + at + offsetof(struct rte_ipv6_hdr, src_addr), sizeof(words));
		hash = rte_hash_crc_8byte(words[0], UINT32_MAX);
		hash = rte_hash_crc_8byte(words[1], hash);
		hash = rte_hash_crc_8byte(words[2], hash);
		return rte_hash_crc_8byte(words[3], hash);
	}
	return 0;
}

static inline uint64_t
event_of(const struct rx_queue *queue, const struct rte_mbuf *m)
{
	uint32_t hash;

	if (!queue->hash_flows)
		return queue->event;
	hash = m->ol_flags & RTE_MBUF_F_RX_RSS_HASH ? m->hash.rss : software_hash(m);
	return queue->event | (hash & 0xfffff);
}

/* ---- The buffer ---- */

static void
blocked(struct rx_adapter *adapter, int is_blocked)
{
	struct rte_event_eth_rx_adapter_stats *stats = &adapter->stats;

	if (is_blocked && stats->rx_enq_end_ts >= stats->rx_enq_start_ts) {
		stats->rx_enq_start_ts = rte_get_tsc_cycles();
	} else if (!is_blocked && stats->rx_enq_end_ts < stats->rx_enq_start_ts) {
		stats->rx_enq_end_ts = rte_get_tsc_cycles();
		stats->rx_enq_block_cycles += stats->rx_enq_end_ts - stats->rx_enq_start_ts;
	}
}

static void
flush(struct rx_adapter *adapter, struct rx_buffer *buffer)
{
	uint32_t piece, taken;

	while (buffer->count > 0) {
		piece = RTE_MIN(buffer->count, buffer->size - buffer->head);
		piece = RTE_MIN(piece, (uint32_t)UINT16_MAX);
		taken = rte_event_enqueue_new_burst(adapter->dev_id, adapter->event_port, &buffer->events[buffer->head],
			(uint16_t)piece);
		buffer->count -= taken;
		buffer->head += taken;
		if (buffer->head == buffer->size)
			buffer->head = 0;
		adapter->stats.rx_enq_count += taken;
		blocked(adapter, taken == 0);
		if (taken < piece) {
			adapter->stats.rx_enq_retry++;
			return;
		}
	}
}

static inline struct rte_event *
place(struct rx_buffer *buffer)
{
	uint32_t at = buffer->head + buffer->count++;

	return &buffer->events[at >= buffer->size ? at - buffer->size : at];
}

/* ---- Vectors ---- */

void
rx_adapter_flush_vector(struct rx_adapter *adapter, struct rx_queue *queue)
{
	struct rte_event_vector *vector = queue->vector.filling;
	struct rte_event *event;

	RTE_SET_USED(adapter);
	if (vector == NULL || queue->buffer->count == queue->buffer->size)
		return;
	event = place(queue->buffer);
	event->event = event_of(queue, vector->mbufs[0]);
	event->event_type = RTE_EVENT_TYPE_ETH_RX_ADAPTER_VECTOR;
	event->vec = vector;
	queue->vector.filling = NULL;
}

static void
into_vectors(struct rx_adapter *adapter, struct rx_queue *queue, struct rte_mbuf **packets, uint16_t n)
{
	struct rte_event_vector *vector;
	uint16_t i;

	for (i = 0; i < n; i++) {
		vector = queue->vector.filling;
		if (vector == NULL) {
			if (rte_mempool_get(queue->conf.vector_mp, (void **)&vector) != 0) {
				rte_pktmbuf_free_bulk(&packets[i], n - i);
				adapter->stats.rx_dropped += n - i;
				queue->stats.rx_dropped += n - i;
				return;
			}
			memset(vector, 0, sizeof(*vector));
			vector->port = queue->port;
			vector->queue = queue->id;
			vector->attr_valid = 1;
			queue->vector.filling = vector;
			queue->vector.deadline = rte_get_tsc_cycles() + queue->vector.timeout;
		}
		vector->mbufs[vector->nb_elem++] = packets[i];
		if (vector->nb_elem == queue->conf.vector_sz)
			rx_adapter_flush_vector(adapter, queue);
	}
}

/* ---- One queue ---- */

static void
into_events(struct rx_adapter *adapter, struct rx_queue *queue, struct rte_mbuf **packets, uint16_t n)
{
	struct rx_buffer *buffer = queue->buffer;
	rte_event_eth_rx_adapter_cb_fn callback = adapter->callbacks[queue->port].function;
	struct rte_event events[RX_BATCH], *event;
	uint16_t i, kept, dropped = 0;

	if (callback == NULL) {
		for (i = 0; i < n; i++) {
			event = place(buffer);
			event->event = event_of(queue, packets[i]);
			event->mbuf = packets[i];
		}
		return;
	}
	for (i = 0; i < n; i++) {
		events[i].event = event_of(queue, packets[i]);
		events[i].mbuf = packets[i];
	}
	kept = callback(queue->port, queue->id, buffer->size, buffer->count, events, n, adapter->callbacks[queue->port].arg,
		&dropped);
	kept = RTE_MIN(kept, n);
	for (i = 0; i < kept; i++)
		*place(buffer) = events[i];
	adapter->stats.rx_dropped += dropped;
	queue->stats.rx_dropped += dropped;
}

/* Whether the buffer has place for a batch: without it the queue is not polled. */
static int
has_place(struct rx_adapter *adapter, struct rx_buffer *buffer)
{
	if (buffer->count >= RX_BATCH)
		flush(adapter, buffer);
	return buffer->size - buffer->count >= RX_BATCH;
}

static uint16_t
poll_queue(struct rx_adapter *adapter, struct rx_queue *queue)
{
	struct rte_mbuf *packets[RX_BATCH];
	uint16_t n;

	if (!has_place(adapter, queue->buffer))
		return 0;
	n = rte_eth_rx_burst(queue->port, queue->id, packets, RX_BATCH);
	adapter->stats.rx_poll_count++;
	queue->stats.rx_poll_count++;
	if (n > 0) {
		adapter->stats.rx_packets += n;
		queue->stats.rx_packets += n;
		if (queue->conf.rx_queue_flags & RTE_EVENT_ETH_RX_ADAPTER_QUEUE_EVENT_VECTOR)
			into_vectors(adapter, queue, packets, n);
		else
			into_events(adapter, queue, packets, n);
	}
	if (queue->vector.filling != NULL && rte_get_tsc_cycles() >= queue->vector.deadline)
		rx_adapter_flush_vector(adapter, queue);
	if (queue->buffer != &adapter->buffer)
		flush(adapter, queue->buffer);
	return n;
}

/* ---- The service ---- */

int32_t
rx_adapter_service(void *arg)
{
	struct rx_adapter *adapter = arg;
	uint32_t turns, received = 0;

	if (!rte_spinlock_trylock(&adapter->lock))
		return -EAGAIN;
	if (!adapter->started || adapter->nb_queues == 0) {
		flush(adapter, &adapter->buffer);
		rte_spinlock_unlock(&adapter->lock);
		return -EAGAIN;
	}
	for (turns = adapter->nb_queues; turns > 0 && received < adapter->max_nb_rx; turns--) {
		if (adapter->next_queue == adapter->nb_queues || adapter->queues[adapter->next_queue]->weight <= adapter->pass) {
			adapter->next_queue = 0;
			adapter->pass++;
			if (adapter->queues[0]->weight <= adapter->pass)
				adapter->pass = 0;
		}
		received += poll_queue(adapter, adapter->queues[adapter->next_queue++]);
	}
	flush(adapter, &adapter->buffer);
	rte_spinlock_unlock(&adapter->lock);
	return received > 0 ? 0 : -EAGAIN;
}
