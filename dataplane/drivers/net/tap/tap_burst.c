/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The bursts: one system call a frame.
 */
#include "tap.h"

#include <errno.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

static void
count(uint64_t *counter, uint64_t amount)
{
	__atomic_store_n(counter, *counter + amount, __ATOMIC_RELAXED);
}

/* ---- Receiving ---- */

void
tap_rx_release_spares(struct tap_rx_queue *queue)
{
	while (queue->spares > 0)
		rte_pktmbuf_free_seg(queue->spare[--queue->spares]);
}

static bool
fill_spares(struct tap_rx_queue *queue, unsigned int wanted)
{
	while (queue->spares < wanted) {
		struct rte_mbuf *mbuf = rte_pktmbuf_alloc(queue->pool);

		if (unlikely(mbuf == NULL)) {
			count(&queue->count.no_buffer, 1);
			return false;
		}
		queue->part[queue->spares].base = rte_pktmbuf_mtod(mbuf, void *);
		queue->part[queue->spares].length = queue->room;
		queue->spare[queue->spares++] = mbuf;
	}
	return true;
}

/* The spares that hold a frame become one; those behind them move up. */
static struct rte_mbuf *
take_frame(struct tap_rx_queue *queue, uint32_t length)
{
	struct rte_mbuf *head = queue->spare[0];
	unsigned int used = (length + queue->room - 1) / queue->room;
	uint32_t left = length;

	for (unsigned int i = 0; i < used; i++) {
		struct rte_mbuf *segment = queue->spare[i];

		segment->data_len = (uint16_t)RTE_MIN(left, (uint32_t)queue->room);
		left -= segment->data_len;
		segment->next = i + 1 < used ? queue->spare[i + 1] : NULL;
	}
	head->nb_segs = (uint16_t)used;
	head->pkt_len = length;
	head->port = queue->port_id;
	queue->spares -= used;
	memmove(queue->spare, queue->spare + used, queue->spares * sizeof(queue->spare[0]));
	memmove(queue->part, queue->part + used, queue->spares * sizeof(queue->part[0]));
	return head;
}

static void
report_rx(struct tap_rx_queue *queue, int error)
{
	const char *name = queue->port->os->name;

	count(&queue->count.errors, error == -ENODEV ? 0 : 1);
	if (queue->reported)
		return;
	queue->reported = true;
	if (error == -ENODEV)
		TAP_LOG(ERR, "interface '%s' is gone: somebody deleted it; nothing is received or sent by this port any more\n", name);
	else if (error == -EMSGSIZE)
		TAP_LOG(WARNING, "'%s': a frame longer than this port's MTU allows was dropped, further ones are only counted (ierrors); "
			"set the port's MTU, not the interface's alone\n", name);
	else
		TAP_LOG(ERR, "'%s': cannot receive: %s; further errors are only counted (ierrors)\n", name, strerror(-error));
}

uint16_t
tap_rx(void *rx_queue, struct rte_mbuf **mbufs, uint16_t n)
{
	struct tap_rx_queue *queue = rx_queue;
	struct tap_os *os = queue->port->os;
	/* One byte more than the longest frame: what reaches it was longer. */
	const uint32_t longest = __atomic_load_n(&queue->port->longest_frame, __ATOMIC_RELAXED);
	const unsigned int buffers = longest / queue->room + 1;
	uint64_t bytes = 0;
	uint16_t done = 0;

	for (uint16_t i = 0; i < n; i++) {
		int length;

		if (!fill_spares(queue, buffers))
			break;
		length = os->ops->receive(os, queue->id, queue->part, buffers);
		if (length == 0)
			break;
		if (unlikely(length < 0 || (uint32_t)length > longest)) {
			report_rx(queue, length < 0 ? length : -EMSGSIZE);
			if (length < 0 && length != -EMSGSIZE)
				break;
			continue;
		}
		bytes += (uint32_t)length;
		mbufs[done++] = take_frame(queue, (uint32_t)length);
	}
	if (done > 0) {
		count(&queue->count.packets, done);
		count(&queue->count.bytes, bytes);
	}
	return done;
}

/* ---- Sending ---- */

static void
report_tx(struct tap_tx_queue *queue, const struct rte_mbuf *mbuf, int error)
{
	const char *name = queue->port->os->name;

	count(&queue->count.errors, 1);
	if (queue->reported)
		return;
	queue->reported = true;
	TAP_LOG(WARNING, "'%s' did not take a frame of %u bytes in %u buffers: %s; it is lost, further ones are only counted (oerrors)\n",
		name, mbuf->pkt_len, mbuf->nb_segs, strerror(-error));
}

static int
send_frame(struct tap_tx_queue *queue, struct rte_mbuf *mbuf)
{
	struct tap_os *os = queue->port->os;
	struct tap_os_part parts[TAP_SEGMENTS];
	unsigned int used = 0;

	if (unlikely(mbuf->nb_segs > TAP_SEGMENTS))
		return -EINVAL;
	for (; mbuf != NULL; mbuf = mbuf->next) {
		parts[used].base = rte_pktmbuf_mtod(mbuf, void *);
		parts[used++].length = mbuf->data_len;
	}
	return os->ops->send(os, queue->id, parts, used);
}

uint16_t
tap_tx(void *tx_queue, struct rte_mbuf **mbufs, uint16_t n)
{
	struct tap_tx_queue *queue = tx_queue;
	uint64_t bytes = 0, packets = 0;
	uint16_t done = 0;

	for (; done < n; done++) {
		struct rte_mbuf *mbuf = mbufs[done];
		int error = send_frame(queue, mbuf);

		if (unlikely(error != 0)) {
			/* Down, or no memory: it stays the caller's, as a full ring of a card leaves it. */
			if (error == -EAGAIN || error == -ENODEV)
				break;
			report_tx(queue, mbuf, error);
		} else {
			packets++;
			bytes += mbuf->pkt_len;
		}
		rte_pktmbuf_free(mbuf);
	}
	count(&queue->count.packets, packets);
	count(&queue->count.bytes, bytes);
	return done;
}
