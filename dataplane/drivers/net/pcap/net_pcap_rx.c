/* SPDX-License-Identifier: BSD-3-Clause */
#include "net_pcap.h"

#include <emmintrin.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_cycles.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

/* Frames that a burst of `count` can take from the present position on; 0 at the end. */
static inline uint32_t
frames_ahead(const struct net_pcap_rx_queue *queue, uint16_t count)
{
	uint32_t left = queue->image->frames - queue->position;

	return left < count ? left : count;
}

/* After frames were handed out: wrap, or say that nothing follows. */
static inline void
advance(struct net_pcap_rx_queue *queue, uint32_t frames)
{
	queue->position += frames;
	if (queue->position < queue->image->frames)
		return;
	net_pcap_count(&queue->loops, 1);
	if (queue->infinite)
		queue->position = 0;
	else
		__atomic_store_n(&queue->ended, 1, __ATOMIC_RELEASE);
}

static __rte_always_inline void
copy_line(uint8_t *to, const uint8_t *from)
{
	__m128i a = _mm_load_si128((const __m128i *)from);
	__m128i b = _mm_load_si128((const __m128i *)(from + 16));
	__m128i c = _mm_load_si128((const __m128i *)(from + 32));
	__m128i d = _mm_load_si128((const __m128i *)(from + 48));

	_mm_storeu_si128((__m128i *)to, a);
	_mm_storeu_si128((__m128i *)(to + 16), b);
	_mm_storeu_si128((__m128i *)(to + 32), c);
	_mm_storeu_si128((__m128i *)(to + 48), d);
}

/* Frames that each fit one mbuf, from the queue's position on, none of them behind the end. `stamped` and `short_frames` (all of the
 * capture have one line) are constants at each call: four loops, none with a branch for them. Returns their bytes. */
static __rte_always_inline uint64_t
copy_frames(const struct net_pcap_rx_queue *queue, struct rte_mbuf **packets, uint32_t frames, const bool stamped,
	const bool short_frames)
{
	const struct capture_image *image = queue->image;
	const __m128i rearm = _mm_set_epi64x(stamped ? (int64_t)queue->timestamp_flag : 0, (int64_t)queue->rearm);
	const struct capture_fields *fields = &image->fields[queue->position];
	const uint32_t *first_line = &image->first_line[queue->position];
	const uint64_t *stamps = &image->timestamps[queue->position];
	const uint8_t *line = image->lines + (size_t)queue->position * CAPTURE_LINE;
	const int stamp_offset = queue->timestamp_offset;
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < frames; i++) {
		struct rte_mbuf *packet = packets[i];
		uint8_t *to = (uint8_t *)packet->buf_addr + RTE_PKTMBUF_HEADROOM;
		uint32_t length = fields[i].length;

		_mm_store_si128((__m128i *)&packet->rearm_data, rearm);
		_mm_store_si128((__m128i *)&packet->rx_descriptor_fields1, _mm_load_si128((const __m128i *)&fields[i]));
		if (short_frames) {
			copy_line(to, line + (size_t)i * CAPTURE_LINE);
		} else {
			/* Whole lines: the image is padded, and the queue is simple only when the mbuf has room for that. */
			const uint8_t *from = image->lines + (size_t)first_line[i] * CAPTURE_LINE;
			uint32_t done = 0;

			do {
				copy_line(to + done, from + done);
				done += CAPTURE_LINE;
			} while (unlikely(done < length));
		}
		if (stamped)
			*RTE_MBUF_DYNFIELD(packet, stamp_offset, rte_mbuf_timestamp_t *) = stamps[i];
		bytes += length;
	}
	return bytes;
}

static __rte_always_inline uint16_t
receive_simple(struct net_pcap_rx_queue *queue, struct rte_mbuf **packets, uint16_t count, const bool stamped)
{
	struct rte_mempool *pool = queue->pool;
	uint64_t bytes = 0;
	uint16_t done = 0;

	if (!queue->infinite)
		count = (uint16_t)frames_ahead(queue, count);
	if (count == 0)
		return 0;
	/* Mbufs in a pool have refcnt 1, one segment and no next: what is left to set is set by copy_frames. */
	if (unlikely(rte_mempool_generic_get(pool, (void **)packets, count,
			rte_mempool_default_cache(pool, rte_lcore_id())) != 0))
		return net_pcap_rx_general(queue, packets, count); /* as many as there are */

	while (done < count) {
		uint32_t frames = frames_ahead(queue, (uint16_t)(count - done));

		bytes += queue->short_frames ? copy_frames(queue, packets + done, frames, stamped, true) :
			copy_frames(queue, packets + done, frames, stamped, false);
		advance(queue, frames);
		done = (uint16_t)(done + frames);
	}
	net_pcap_count(&queue->count.packets, count);
	net_pcap_count(&queue->count.bytes, bytes);
	return count;
}

uint16_t
net_pcap_rx_simple(void *queue, struct rte_mbuf **packets, uint16_t count)
{
	return receive_simple(queue, packets, count, false);
}

uint16_t
net_pcap_rx_simple_stamped(void *queue, struct rte_mbuf **packets, uint16_t count)
{
	return receive_simple(queue, packets, count, true);
}

/* One frame into a chain of as many mbufs as it takes. NULL when the pool cannot supply them: nothing is taken then. */
static struct rte_mbuf *
receive_chain(const struct net_pcap_rx_queue *queue, const uint8_t *frame, uint32_t length)
{
	struct rte_mbuf *head = NULL, **link = &head;
	uint32_t done = 0;
	uint16_t segments = 0;

	do {
		struct rte_mbuf *segment = rte_pktmbuf_alloc(queue->pool);
		uint32_t part = RTE_MIN(length - done, (uint32_t)queue->room);

		if (segment == NULL) {
			rte_pktmbuf_free(head);
			return NULL;
		}
		memcpy(rte_pktmbuf_mtod(segment, void *), frame + done, part);
		segment->data_len = (uint16_t)part;
		*link = segment;
		link = &segment->next;
		done += part;
		head->nb_segs = ++segments;
	} while (done < length);
	head->pkt_len = length;
	head->port = queue->port_id;
	return head;
}

uint16_t
net_pcap_rx_general(void *rx_queue, struct rte_mbuf **packets, uint16_t count)
{
	struct net_pcap_rx_queue *queue = rx_queue;
	const struct capture_image *image = queue->image;
	uint64_t bytes = 0;
	uint16_t done = 0;

	if (image == NULL)
		return 0;
	while (done < count && frames_ahead(queue, 1) > 0) {
		uint32_t length = image->fields[queue->position].length;
		struct rte_mbuf *packet = receive_chain(queue, capture_image_frame(image, queue->position), length);

		if (packet == NULL) {
			net_pcap_count(&queue->allocation_failures, 1);
			break;
		}
		if (queue->timestamp_offset >= 0) {
			*RTE_MBUF_DYNFIELD(packet, queue->timestamp_offset, rte_mbuf_timestamp_t *) =
				image->timestamps[queue->position];
			packet->ol_flags |= queue->timestamp_flag;
		}
		packets[done++] = packet;
		bytes += length;
		advance(queue, 1);
	}
	net_pcap_count(&queue->count.packets, done);
	net_pcap_count(&queue->count.bytes, bytes);
	return done;
}

/* As many frames as are due since the pace began. A queue that was not asked for a while does not make up for more than 10 ms. */
uint16_t
net_pcap_rx_paced(void *rx_queue, struct rte_mbuf **packets, uint16_t count)
{
	struct net_pcap_rx_queue *queue = rx_queue;
	uint64_t now = rte_rdtsc(), most = RTE_MAX(queue->pace_pps / 100, (uint64_t)32), due;
	uint16_t received;

	if (queue->pace_began == 0) {
		queue->pace_began = now;
		queue->pace_given = 0;
	}
	due = (uint64_t)((unsigned __int128)(now - queue->pace_began) * queue->pace_pps / rte_get_tsc_hz()) - queue->pace_given;
	if (due > most) {
		queue->pace_given += due - most;
		due = most;
	}
	if (due == 0)
		return 0;
	received = queue->port->unpaced(queue, packets, (uint16_t)RTE_MIN((uint64_t)count, due));
	queue->pace_given += received;
	return received;
}
