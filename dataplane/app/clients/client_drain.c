/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Frames out of a client's slots, into mbufs of our own. A header is looked at only in the mbuf.
 */
#include <rte_byteorder.h>
#include <rte_memcpy.h>

#include "client_queue_private.h"

/* Frames refused in one call: a client that posts rubbish costs a bounded time. */
#define REFUSED_BUDGET 64u

static void
copy_one(const uint8_t *umem, const struct shm_frame *frame, struct rte_mbuf *m)
{
	rte_memcpy(rte_pktmbuf_mtod(m, uint8_t *), umem + frame->part[0].offset, frame->bytes);
	m->data_len = (uint16_t)frame->bytes;
	m->pkt_len = frame->bytes;
}

/* Into `first` and as many buffers behind it as the frame needs. 0, or -1 when the pool has no more (first is as new then). */
static int
copy_chain(const uint8_t *umem, const struct shm_frame *frame, struct rte_mempool *pool, struct rte_mbuf *first)
{
	struct rte_mbuf *last = first;

	for (uint32_t i = 0; i < frame->parts; i++) {
		const uint8_t *from = umem + frame->part[i].offset;
		uint32_t left = frame->part[i].length;

		while (left > 0) {
			uint32_t piece = rte_pktmbuf_tailroom(last);

			if (piece == 0) {
				last->next = rte_pktmbuf_alloc(pool);
				if (last->next == NULL) {
					rte_pktmbuf_free(first->next);
					rte_pktmbuf_reset(first);
					return -1;
				}
				last = last->next;
				first->nb_segs++;
				continue;
			}
			if (piece > left)
				piece = left;
			rte_memcpy(rte_pktmbuf_mtod_offset(last, uint8_t *, last->data_len), from, piece);
			last->data_len = (uint16_t)(last->data_len + piece);
			from += piece;
			left -= piece;
		}
	}
	first->pkt_len = frame->bytes;
	return 0;
}

/* A frame above the untagged limit is right only when VLAN tags account for the rest. */
static bool
too_long_for_its_tags(const struct client_queue *queue, const struct rte_mbuf *m)
{
	uint32_t limit = queue->max_plain;

	for (unsigned int tag = 0; tag < 2; tag++) {
		const rte_be16_t *type = rte_pktmbuf_mtod_offset(m, const rte_be16_t *, 12 + tag * VLAN_TAG);

		if (*type != RTE_BE16(0x8100) && *type != RTE_BE16(0x88a8))
			break;
		limit += VLAN_TAG;
	}
	return m->pkt_len > limit;
}

/* As many fresh mbufs as the pool has, at most `wanted`. */
static unsigned int
alloc_some(struct rte_mempool *pool, struct rte_mbuf **pkts, unsigned int wanted)
{
	while (wanted > 0 && rte_pktmbuf_alloc_bulk(pool, pkts, wanted) != 0)
		wanted /= 2;
	return wanted;
}

unsigned int
client_queue_drain(struct client_queue *queue, struct rte_mempool *pool, struct rte_mbuf **pkts, unsigned int max)
{
	struct shm_queue *shm = &queue->shm;
	unsigned int fresh, n = 0, refused = 0;
	uint32_t first = shm->tx.own;

	if (shm->broken)
		return 0;
	if (!shm_tx_refresh(shm)) {
		doorbell_attention();
		return 0;
	}
	fresh = shm_ring_ready(&shm->tx);
	if (fresh == 0)
		return 0;
	if (fresh > max)
		fresh = max;
	if (fresh > DRAIN_BURST)
		fresh = DRAIN_BURST;
	fresh = alloc_some(pool, pkts, fresh);
	while (n < fresh && refused < REFUSED_BUDGET) {
		uint32_t own = shm->tx.own, done = shm->done_count;
		struct rte_mbuf *m = pkts[n];
		struct shm_frame frame;
		enum shm_tx what = shm_tx_next(shm, &frame, queue->max_tagged);

		if (what == SHM_TX_NONE)
			break;
		if (what == SHM_TX_REFUSED) {
			refused++;
			continue;
		}
		if (frame.parts == 1 && frame.bytes <= rte_pktmbuf_tailroom(m)) {
			copy_one(shm->umem, &frame, m);
		} else if (copy_chain(shm->umem, &frame, pool, m) != 0) {
			shm_tx_return(shm, own, done);
			break;
		}
		if (__builtin_expect(frame.bytes > queue->max_plain, 0) && too_long_for_its_tags(queue, m)) {
			rte_pktmbuf_free(m->next);
			rte_pktmbuf_reset(m);
			shm_tx_refuse(shm, WDPDK_QUEUE_DROP_TOO_LONG);
			refused++;
			continue;
		}
		queue->drained_bytes[n++] = frame.bytes;
	}
	if (n < fresh)
		rte_pktmbuf_free_bulk(pkts + n, fresh - n);
	if (shm->tx.own != first)
		shm_ring_publish(&shm->tx);
	queue->drained = n;
	if (shm->dirty)
		shm_queue_mirror_all(shm);
	if (n == 0 && shm_queue_complete(shm))
		client_queue_ring(queue);
	return n;
}

void
client_queue_drained(struct client_queue *queue, unsigned int sent)
{
	struct shm_queue *shm = &queue->shm;
	uint64_t bytes = 0;

	if (queue->drained == 0)
		return;
	for (unsigned int i = 0; i < sent; i++)
		bytes += queue->drained_bytes[i];
	shm_queue_add(shm, WDPDK_QUEUE_COUNTER_INJECTED_PACKETS, sent);
	shm_queue_add(shm, WDPDK_QUEUE_COUNTER_INJECTED_BYTES, bytes);
	if (sent < queue->drained)
		shm_queue_drop(shm, WDPDK_QUEUE_DROP_PORT_FULL, queue->drained - sent);
	queue->drained = 0;
	/* Counters first: who sees his slots completed must find the frames counted. */
	shm_queue_mirror_all(shm);
	if (shm_queue_complete(shm))
		client_queue_ring(queue);
	if (shm->dirty)
		shm_queue_mirror_all(shm);
}
