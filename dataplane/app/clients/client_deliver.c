/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Frames into a client's slots. One look at the client's words and one publish a burst.
 */
#include <rte_mbuf_dyn.h>
#include <rte_memcpy.h>

#include "client_queue_private.h"
#include "frame_checksums.h"

/* Fill entries looked at in one call, beyond what its frames need: a client that posts rubbish costs a bounded time. */
#define FILL_BUDGET 128u
#define PREFETCH_AHEAD 8u
#define PTYPE_LAYERS (RTE_PTYPE_L2_MASK | RTE_PTYPE_L3_MASK | RTE_PTYPE_L4_MASK)

_Static_assert(WDPDK_META_BYTES <= WDPDK_UMEM_HEADROOM, "metadata lies in the headroom");

static void
write_metadata(const struct client_queue *queue, const struct rte_mbuf *m, const struct frame_key *key,
	const struct delivery_info *info, uint8_t *frame)
{
	struct {
		uint64_t timestamp_ns;
		uint32_t wire_length, hash;
		uint16_t vlan_tci, packet_type;
		uint32_t checksums;
		uint64_t reserved;
	} metadata = {
		.timestamp_ns = info->now_ns,
		.wire_length = m->pkt_len + ((m->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED) != 0 ? VLAN_TAG : 0),
		.hash = (m->ol_flags & RTE_MBUF_F_RX_RSS_HASH) != 0 ? m->hash.rss : frame_flow_hash(m, key),
		.vlan_tci = (m->ol_flags & RTE_MBUF_F_RX_VLAN) != 0 ? m->vlan_tci : key->vlan_tci,
		.packet_type = m->packet_type != 0 ? (uint16_t)(m->packet_type & PTYPE_LAYERS) : key->packet_type,
		.checksums = queue->checksums ? frame_checksums(m, key) : frame_checksums_of_device(m->ol_flags),
	};

	_Static_assert(sizeof(metadata) == WDPDK_META_BYTES, "metadata is 32 bytes");
	if ((m->ol_flags & queue->stamp_flag) != 0)
		metadata.timestamp_ns = *RTE_MBUF_DYNFIELD(m, queue->stamp_offset, const uint64_t *);
	rte_memcpy(frame - WDPDK_META_BYTES, &metadata, sizeof(metadata));
}

/* The i-th slot used next: the frame's first line, and the one before it, where the metadata lies. The client had them last. */
static inline void
prefetch_slot(const struct shm_queue *shm, uint32_t i)
{
	const uint8_t *frame = shm->umem + shm_free_peek(shm, i) + WDPDK_UMEM_HEADROOM;

	__builtin_prefetch(frame - WDPDK_META_BYTES, 1);
	__builtin_prefetch(frame, 1);
}

/* Whether `need` slots and rx entries are there. Looks at the client's words again only when what is known does not do. */
static enum delivery
reserve(struct shm_queue *shm, uint32_t need, uint32_t *budget)
{
	if (shm_ring_room(&shm->rx) < need) {
		if (!shm_ring_refresh_room(&shm->rx)) {
			shm_queue_break(shm);
			return DELIVERY_RX_FULL;
		}
		if (shm_ring_room(&shm->rx) < need)
			return DELIVERY_RX_FULL;
	}
	while (shm_free_slots(shm) < need) {
		uint32_t before = shm->fill.own;

		if (*budget == 0 || !shm_fill_take(shm, *budget))
			return DELIVERY_NO_SLOT;
		if (shm->fill.own == before) {
			/* Nothing there. One look a burst: each takes the line from the client, who is to post there. */
			*budget = 0;
			return DELIVERY_NO_SLOT;
		}
		*budget -= shm->fill.own - before;
	}
	return DELIVERED;
}

/* Frames that are chains, or longer than a slot: piece by piece, all or none. */
static enum delivery
deliver_long(struct client_queue *queue, const struct rte_mbuf *m, const struct frame_key *key, uint32_t bytes,
	const struct delivery_info *info, uint16_t flags, uint32_t *budget)
{
	struct shm_queue *shm = &queue->shm;
	uint32_t need = (bytes + queue->slot_room - 1) / queue->slot_room;
	const struct rte_mbuf *segment = m;
	uint32_t at = 0, left = bytes;
	enum delivery verdict;

	if (need == 0)
		need = 1;
	if (need > SHM_FRAME_PARTS || bytes > SHM_FRAME_BYTES)
		return DELIVERY_NO_SLOT;
	*budget += need;
	verdict = reserve(shm, need, budget);
	if (verdict != DELIVERED)
		return verdict;
	for (uint32_t i = 0; i < need; i++) {
		struct shm_desc desc = { .port = info->port, .meta = info->meta, .flags = flags };
		uint8_t *to;
		uint32_t room = left < queue->slot_room ? left : queue->slot_room;

		desc.offset = shm_free_peek(shm, 0) + WDPDK_UMEM_HEADROOM;
		desc.length = room;
		to = shm->umem + desc.offset;
		if (i == 0 && queue->metadata)
			write_metadata(queue, m, key, info, to);
		left -= room;
		if (left > 0)
			desc.flags |= WDPDK_DESC_FLAG_CONTD;
		while (room > 0) {
			uint32_t piece = segment->data_len - at;

			if (piece == 0) {
				segment = segment->next;
				at = 0;
				continue;
			}
			if (piece > room)
				piece = room;
			rte_memcpy(to, rte_pktmbuf_mtod_offset(segment, const uint8_t *, at), piece);
			to += piece;
			at += piece;
			room -= piece;
		}
		shm_rx_put(shm, &desc);
	}
	return DELIVERED;
}

unsigned int
client_queue_deliver(struct client_queue *queue, struct rte_mbuf *const *pkts, const struct frame_key *const *keys,
	unsigned int n, const struct delivery_info *info, uint8_t *verdicts)
{
	struct shm_queue *shm = &queue->shm;
	uint32_t budget = FILL_BUDGET + n, first = shm->rx.own;
	uint64_t packets = 0, bytes = 0;

	if (__builtin_expect(shm->broken, 0)) {
		for (unsigned int i = 0; i < n; i++)
			verdicts[i] = DELIVERY_RX_FULL;
		return 0;
	}
	for (unsigned int i = 0; i < n && i < PREFETCH_AHEAD && i < shm_free_slots(shm); i++)
		prefetch_slot(shm, i);
	for (unsigned int i = 0; i < n; i += 64 / WDPDK_DESC_BYTES)
		__builtin_prefetch(shm_ring_desc(&shm->rx, shm->rx.own + i), 1);
	for (unsigned int i = 0; i < n; i++) {
		const struct rte_mbuf *m = pkts[i];
		uint32_t length = m->pkt_len;
		uint16_t flags = 0;
		enum delivery verdict;

		if (length > queue->snaplen) {
			length = queue->snaplen;
			flags = WDPDK_DESC_FLAG_TRUNCATED;
		}
		if (shm_free_slots(shm) > PREFETCH_AHEAD)
			prefetch_slot(shm, PREFETCH_AHEAD);
		if (__builtin_expect(length > queue->slot_room || length > m->data_len || length == 0, 0)) {
			verdict = deliver_long(queue, m, keys == NULL ? NULL : keys[i], length, info, flags, &budget);
		} else {
			verdict = reserve(shm, 1, &budget);
			if (verdict == DELIVERED) {
				struct shm_desc desc = {
					.offset = shm_free_peek(shm, 0) + WDPDK_UMEM_HEADROOM,
					.length = length, .port = info->port, .flags = flags, .meta = info->meta,
				};
				uint8_t *to = shm->umem + desc.offset;

				rte_memcpy(to, rte_pktmbuf_mtod(m, const uint8_t *), length);
				if (queue->metadata)
					write_metadata(queue, m, keys[i], info, to);
				shm_rx_put(shm, &desc);
			}
		}
		verdicts[i] = (uint8_t)verdict;
		if (verdict == DELIVERED) {
			packets++;
			bytes += length;
		} else {
			shm_queue_drop(shm, verdict == DELIVERY_RX_FULL ? WDPDK_QUEUE_DROP_RX_FULL : WDPDK_QUEUE_DROP_NO_SLOT, 1);
		}
	}
	if (shm->broken)
		doorbell_attention();
	if (shm->rx.own != first) {
		shm_queue_add(shm, WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS, packets);
		shm_queue_add(shm, WDPDK_QUEUE_COUNTER_DELIVERED_BYTES, bytes);
		/* Who sees frames must find them counted. */
		shm_queue_mirror(shm);
		shm_ring_publish(&shm->rx);
		if (shm_ring_take_armed(&shm->rx))
			client_queue_ring(queue);
	}
	if (shm->dirty)
		shm_queue_mirror_all(shm);
	return (unsigned int)packets;
}
