/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Large sends: one set of headers and a payload, cut into segments of the MSS. Each segment's headers are the first's with lengths,
 * identification, sequence number, flags and checksums of its own.
 */
#include "bytes.h"
#include "checksum.h"
#include "tx_frame.h"

enum { TCP_FIN = 0x01, TCP_PSH = 0x08, TCP_CWR = 0x80 };

struct large_send {
	struct tx_headers headers;
	uint32_t header_length, payload, mss, segments;
};

static int
read_large(const struct xl710_port *port, const struct tx_frame *frame, struct large_send *large)
{
	uint64_t context = frame->context->command;
	const struct tx_headers *headers = &large->headers;

	large->payload = (uint32_t)(context >> 30 & 0x3FFFF);
	large->mss = (uint32_t)(context >> 50 & 0x3FFF);
	if (large->mss < TSO_MSS_MIN || large->mss > TSO_MSS_MAX)
		return -EVENT_MSS;
	if (!tx_headers(frame, frame->length, &large->headers))
		return -EVENT_HEADER_LENGTHS;
	/* Only TCP is segmented, and only with its checksum made anew. */
	if (headers->protocol != PROTOCOL_TCP || headers->ip_kind == 0)
		return -EVENT_HEADER_LENGTHS;
	large->header_length = headers->l4 + headers->l4_length;
	if (large->payload == 0 || frame->length != large->header_length + large->payload)
		return -EVENT_TSO_LENGTH;
	if (large->header_length + large->mss > data_frame_limit(port))
		return -EVENT_FRAME_SIZE;
	large->segments = (large->payload + large->mss - 1) / large->mss;
	return 0;
}

/* Headers of the n-th segment, which carries `size` bytes from `offset` on. */
static void
write_headers(uint8_t *segment, const struct large_send *large, uint32_t n, uint32_t offset, uint32_t size)
{
	const struct tx_headers *headers = &large->headers;
	uint8_t *tcp = segment + headers->l4, *ip = segment + headers->ip, *outer = segment + headers->outer_ip;
	uint32_t total = large->header_length + size;
	uint8_t length[4];
	bool last = offset + size == large->payload;

	if (headers->outer_length != 0) {
		if (headers->outer_kind == 1) {
			store16be(outer + 4, (uint16_t)(total - headers->outer_ip - 40));
		} else {
			store16be(outer + 2, (uint16_t)(total - headers->outer_ip));
			if (!headers->keep_id)
				store16be(outer + 4, (uint16_t)(load16be(outer + 4) + n));
		}
		if (headers->udp_tunnel) {
			uint32_t udp = headers->outer_ip + headers->outer_length;

			store16be(segment + udp + 4, (uint16_t)(total - udp));
		}
	}
	if (headers->ip_kind == 1) {
		store16be(ip + 4, (uint16_t)(total - headers->ip - 40));
	} else {
		store16be(ip + 2, (uint16_t)(total - headers->ip));
		store16be(ip + 4, (uint16_t)(load16be(ip + 4) + n));
	}
	store32be(tcp + 4, load32be(tcp + 4) + offset);
	if (!last)
		tcp[13] &= (uint8_t)~(TCP_FIN | TCP_PSH);
	if (n != 0)
		tcp[13] &= (uint8_t)~TCP_CWR;
	/* The driver's seed has addresses and protocol; the length differs from segment to segment. */
	store32be(length, headers->l4_length + size);
	tx_l4_checksum(tcp, headers->l4_length + size, PROTOCOL_TCP, checksum_sum(length, 4, 0));
	if (headers->ip_kind == 3)
		checksum_insert_ipv4(ip, headers->ip_length);
	if (headers->outer_kind == 3)
		checksum_insert_ipv4(outer, headers->outer_length);
}

int
tx_send_large(struct xl710_port *port, struct tx_queue *queue, const struct tx_frame *frame)
{
	struct xl710_datapath *data = port->data;
	struct large_send large;
	int error = read_large(port, frame, &large);
	struct frame_queue *out = wire_out(port->wire);
	uint8_t *to = data->large;

	if (error != 0)
		return error;
	/* All segments or none: a wire without room for them gets them later. */
	if (port->link_up && !frame_queue_has_room(out, large.segments, large.header_length + large.mss + 2 * TX_HEADROOM)) {
		out->pressed = true;
		return out->count == 0 ? -EVENT_TSO_LENGTH : 0;
	}
	for (unsigned int i = 0; i < frame->count; i++) {
		memcpy(to, frame->bytes[i], tx_size(&frame->first[i]));
		to += tx_size(&frame->first[i]);
	}
	for (uint32_t n = 0, offset = 0; n < large.segments; n++, offset += large.mss) {
		uint32_t left = large.payload - offset, size = left < large.mss ? left : large.mss, grown;
		/* Above the frame there is a second place, for segments that nobody gets. */
		uint8_t *room = port->link_up ? tx_reserve(port, large.header_length + size) : data->large + TSO_MAX + TSO_HEADERS_MAX;
		uint8_t *segment = room + TX_HEADROOM;

		if (room == NULL)
			return 1; /* cannot be: there was room */
		memcpy(segment, data->large, large.header_length);
		memcpy(segment + large.header_length, data->large + large.header_length + offset, size);
		write_headers(segment, &large, n, offset, size);
		grown = tx_tags(port, queue, frame, segment, large.header_length + size);
		tx_finish(port, queue, room, TX_HEADROOM - grown, large.header_length + size + grown);
		queue->segments++;
	}
	return 1;
}
