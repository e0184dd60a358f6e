/* SPDX-License-Identifier: BSD-3-Clause */
#include "net_pcap.h"

#include <inttypes.h>
#include <string.h>

#include <rte_alarm.h>
#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "capture_os.h"
#include "capture_reader.h"

static void
count_sent(struct net_pcap_tx_queue *queue, uint64_t packets, uint64_t bytes)
{
	net_pcap_count(&queue->count.packets, packets);
	net_pcap_count(&queue->count.bytes, bytes);
}

uint16_t
net_pcap_tx_discard(void *tx_queue, struct rte_mbuf **packets, uint16_t count)
{
	struct net_pcap_tx_queue *queue = tx_queue;
	uint64_t bytes = 0;

	for (uint16_t i = 0; i < count; i++)
		bytes += packets[i]->pkt_len;
	rte_pktmbuf_free_bulk(packets, count);
	count_sent(queue, count, bytes);
	return count;
}

/* A write failed: what was counted as sent since the last good one is lost, and all that follows is refused. */
static void
report_loss(struct net_pcap_tx_queue *queue)
{
	const struct capture_writer *writer = queue->writer;

	if (queue->reported)
		return;
	queue->reported = true;
	NET_PCAP_LOG(ERR,
		"cannot write '%s': %s; %" PRIu64 " frames lost, sending stops: make room on its disk and start again\n",
		queue->path, strerror(writer->error), writer->lost_frames);
	net_pcap_count(&queue->lost, writer->lost_frames);
	net_pcap_count(&queue->lost_bytes, queue->waiting_bytes);
}

int
net_pcap_tx_flush(struct net_pcap_tx_queue *queue)
{
	int error = capture_writer_flush(queue->writer);

	if (error != 0)
		report_loss(queue);
	queue->waiting_bytes = 0;
	return error;
}

static bool
write_packet(struct net_pcap_tx_queue *queue, const struct rte_mbuf *packet, uint64_t now)
{
	const struct rte_mbuf *segment;
	uint8_t *frame = NULL, *to;

	/* A longer chain would be a record that readers refuse. */
	if (packet->pkt_len <= CAPTURE_MAX_FRAME) {
		if (queue->writer->used + CAPTURE_RECORD_HEADER + packet->pkt_len > CAPTURE_BUFFER)
			net_pcap_tx_flush(queue);
		frame = capture_writer_frame(queue->writer, now, packet->pkt_len);
	}
	if (frame == NULL)
		return false;
	queue->waiting_bytes += packet->pkt_len;
	count_sent(queue, 1, packet->pkt_len); /* before a later packet's flush may find it lost */
	to = frame;
	segment = packet;
	for (uint32_t left = packet->pkt_len; segment != NULL && left > 0; segment = segment->next) {
		uint32_t part = RTE_MIN(left, (uint32_t)segment->data_len);

		memcpy(to, rte_pktmbuf_mtod(segment, const void *), part);
		to += part;
		left -= part;
	}
	if (unlikely(packet->ol_flags & (RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_L4_MASK)))
		net_pcap_fill_checksums(frame, packet->pkt_len, packet);
	return true;
}

uint16_t
net_pcap_tx_write(void *tx_queue, struct rte_mbuf **packets, uint16_t count)
{
	struct net_pcap_tx_queue *queue = tx_queue;
	uint64_t now = capture_os_now();
	uint16_t refused = 0;

	rte_spinlock_lock(&queue->lock);
	for (uint16_t i = 0; i < count; i++)
		refused += !write_packet(queue, packets[i], now);
	rte_spinlock_unlock(&queue->lock);
	if (unlikely(refused > 0))
		net_pcap_count(&queue->count.errors, refused);
	rte_pktmbuf_free_bulk(packets, count);
	return count;
}

/* A queue in use is left alone: its own full buffers bring its frames to the file, and it would have to wait for this one. */
void
net_pcap_tx_settle(void *argument)
{
	struct net_pcap_port *port = argument;

	for (unsigned int i = 0; i < port->tx_files; i++) {
		struct net_pcap_tx_queue *queue = &port->tx[i];

		if (!rte_spinlock_trylock(&queue->lock))
			continue;
		if (queue->writer->used > 0 && queue->writer->used == queue->settled)
			net_pcap_tx_flush(queue);
		queue->settled = queue->writer->used;
		rte_spinlock_unlock(&queue->lock);
	}
	rte_eal_alarm_set(NET_PCAP_SETTLE_US, net_pcap_tx_settle, port);
}
