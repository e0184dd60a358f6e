/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Frames into a client's slots. One look at the client's words and one publish a burst.
 */
#include <string.h>

#include <rte_mbuf_dyn.h>
#include <rte_memcpy.h>

#include "client_queue_private.h"
#include "frame_checksums.h"

/* Fill entries looked at in one call, beyond what its frames need: a client that posts rubbish costs a bounded time. */
#define FILL_BUDGET 128u
#define PREFETCH_AHEAD 8u
#define RUN 32u		/* frames that are dealt with in one go */
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

		if (*budget == 0 || !shm_fill_take(shm, RTE_MIN(*budget, need - shm_free_slots(shm))))
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

/* Of a slot to come the first line of the frame, and the one before it where metadata lies: the client had them last. The entry is not
 * checked yet; only its bits below the size of all slots are used, and nothing but a prefetch is done with them. */
static __rte_always_inline void
fetch_slot(const struct shm_queue *shm, const uint8_t *umem, uint32_t index, uint32_t bits, bool metadata)
{
	const uint8_t *frame = umem + (shm_fill_entry(shm, index) & bits);

	shm_prefetch_write(frame);
	if (metadata)
		shm_prefetch_write(frame - WDPDK_META_BYTES);
}

static __rte_always_inline void
put_desc(uint8_t *at, uint32_t offset, uint32_t length, uint64_t high)
{
	const uint64_t low = offset | (uint64_t)length << 32;

	_Static_assert(WDPDK_DESC_OFF_OFFSET == 0 && WDPDK_DESC_OFF_LENGTH == 4 && WDPDK_DESC_OFF_PORT == 8 &&
		WDPDK_DESC_OFF_FLAGS == 10 && WDPDK_DESC_OFF_META == 12, "a descriptor is two words");
	memcpy(at, &low, sizeof(low));
	memcpy(at + 8, &high, sizeof(high));
}

/* Piece by piece, all or none: frames that are chains, or longer than a slot, or short when something is scarce. */
static enum delivery
deliver_pieces(struct client_queue *queue, const struct rte_mbuf *m, const struct frame_key *key, uint32_t bytes,
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

/* Frames that fit a slot each, from the front of `pkts`, into slots from the front of the fill ring: as many as there are before one that
 * is not so simple. Adds their bytes. */
static __rte_always_inline unsigned int
deliver_run(struct client_queue *queue, struct rte_mbuf *const *pkts, const struct frame_key *const *keys, unsigned int n,
	const struct delivery_info *info, uint64_t *bytes, bool metadata)
{
	struct shm_queue *shm = &queue->shm;
	const uint64_t constant = info->port | (uint64_t)info->meta << 32;
	/* Of our own: what is written below may be anything, for all the compiler knows. */
	const struct shm_queue lane = { .fill = shm->fill, .rx = shm->rx, .first = shm->first, .bytes = shm->bytes,
		.slot_shift = shm->slot_shift };
	const uint32_t snaplen = queue->snaplen, slot_room = queue->slot_room, bits = UINT32_MAX >> __builtin_clz(lane.first + lane.bytes - 1);
	uint8_t *umem = shm->umem + WDPDK_UMEM_HEADROOM;
	uint32_t sum = 0, done;

	/* Over the end of the run, too: so the first slots of a run were fetched by the one before. */
	for (done = 0; done < n; done++) {
		const struct rte_mbuf *m = pkts[done];
		uint32_t length = m->pkt_len, offset = shm_fill_entry(&lane, lane.fill.own + done);
		uint64_t high = constant;

		if (__builtin_expect(!shm_fill_is_good(&lane, offset), 0))
			break;
		fetch_slot(&lane, umem, lane.fill.own + done + PREFETCH_AHEAD, bits, metadata);
		if (length > snaplen) {
			length = snaplen;
			high |= (uint64_t)WDPDK_DESC_FLAG_TRUNCATED << 16;
		}
		if (__builtin_expect(length > slot_room || length > m->data_len || length == 0, 0))
			break;
		rte_memcpy(umem + offset, rte_pktmbuf_mtod(m, const uint8_t *), length);
		if (metadata)
			write_metadata(queue, m, keys[done], info, umem + offset);
		put_desc(shm_ring_desc(&lane.rx, lane.rx.own + done), offset + WDPDK_UMEM_HEADROOM, length, high);
		sum += length;
	}
	shm->rx.own += done;
	shm->fill.own += done;
	shm_ring_publish(&shm->fill);
	*bytes += sum;
	return done;
}

/* How many frames of a slot each the queue has room for, of `n`; 0 where each frame needs its own look. */
static unsigned int
room_for(struct shm_queue *shm, unsigned int n)
{
	if (!shm_queue_owns_nothing(shm))
		return 0;
	if ((shm_ring_room(&shm->rx) < n && !shm_ring_refresh_room(&shm->rx)) ||
			(shm_ring_ready(&shm->fill) < n && !shm_ring_refresh_ready(&shm->fill))) {
		shm_queue_break(shm);
		return 0;
	}
	n = RTE_MIN(n, shm_ring_room(&shm->rx));
	return RTE_MIN(n, shm_ring_ready(&shm->fill));
}

static __rte_always_inline void
all_delivered(uint8_t *verdicts, unsigned int n)
{
	if (n == RUN)
		memset(verdicts, DELIVERED, RUN);	/* a constant: two moves */
	else
		memset(verdicts, DELIVERED, n);
}

/* A frame of any kind. */
static enum delivery
deliver_one(struct client_queue *queue, const struct rte_mbuf *m, const struct frame_key *key, const struct delivery_info *info,
	uint32_t *budget, uint64_t *bytes)
{
	uint32_t length = m->pkt_len;
	uint16_t flags = 0;
	enum delivery verdict;

	if (length > queue->snaplen) {
		length = queue->snaplen;
		flags = WDPDK_DESC_FLAG_TRUNCATED;
	}
	verdict = deliver_pieces(queue, m, key, length, info, flags, budget);
	if (verdict == DELIVERED)
		*bytes += length;
	else
		shm_queue_drop(&queue->shm, verdict == DELIVERY_RX_FULL ? WDPDK_QUEUE_DROP_RX_FULL : WDPDK_QUEUE_DROP_NO_SLOT, 1);
	return verdict;
}

bool
client_queue_wants(struct client_queue *queue)
{
	if (likely(queue->wants))
		return true;
	/* Nothing was taken from the ring yet: `own` is where both ends began. */
	queue->wants = shm_load(queue->shm.fill.peer_word) != queue->shm.fill.own;
	return queue->wants;
}

unsigned int
client_queue_deliver(struct client_queue *queue, struct rte_mbuf *const *pkts, const struct frame_key *const *keys,
	unsigned int n, const struct delivery_info *info, uint8_t *verdicts)
{
	struct shm_queue *shm = &queue->shm;
	uint32_t budget = FILL_BUDGET + n, first = shm->rx.own;
	uint64_t packets = 0, bytes = 0;
	bool blocked = false;

	if (__builtin_expect(shm->broken, 0)) {
		memset(verdicts, DELIVERY_RX_FULL, n);
		return 0;
	}
	for (unsigned int i = 0; i < n;) {
		unsigned int run = blocked ? 0 : room_for(shm, RTE_MIN(n - i, RUN));

		if (run > 0) {
			run = queue->metadata ? deliver_run(queue, pkts + i, keys + i, run, info, &bytes, true) :
				deliver_run(queue, pkts + i, NULL, run, info, &bytes, false);
			all_delivered(verdicts + i, run);
			packets += run;
			i += run;
		}
		if (i < n && run < RUN) {
			verdicts[i] = (uint8_t)deliver_one(queue, pkts[i], keys == NULL ? NULL : keys[i], info, &budget, &bytes);
			packets += verdicts[i] == DELIVERED;
			/* One look a burst at what is full or empty: each takes the line from the client, who is to write there. */
			blocked |= verdicts[i] != DELIVERED;
			i++;
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
		/* Who sleeps already is rung at once. Who has not yet been seen to go to sleep is client_wakes_ring's. */
		if (shm_ring_disarm(&shm->rx))
			client_queue_ring(queue);
	}
	if (shm->dirty)
		shm_queue_mirror_all(shm);
	return (unsigned int)packets;
}
