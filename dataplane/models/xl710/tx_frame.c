/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A frame from the driver's buffers to the wire: gathered, its checksums completed, its tags written, padded, counted.
 */
#include "tx_frame.h"

#include "bytes.h"
#include "checksum.h"

#define PADDED (FRAME_SIZE_MIN - 4)

uint8_t *
tx_reserve(struct xl710_port *port, uint32_t length)
{
	struct frame_queue *out = wire_out(port->wire);
	uint8_t *room = frame_queue_reserve(out, (length < PADDED ? PADDED : length) + 2 * TX_HEADROOM);

	out->pressed |= room == NULL;
	/* Without a link nothing is kept, so a wire that is full need not stop anyone. */
	if (room == NULL && !port->link_up)
		room = port->data->large;
	return room;
}

static void
send_to_vsis(struct xl710_port *port, uint16_t from, const uint8_t *bytes, uint32_t length)
{
	struct frame_queue *local = &port->data->local;
	uint8_t *room = frame_queue_reserve(local, length);

	if (room == NULL)
		return; /* a switch whose buffer is full drops */
	memcpy(room, bytes, length);
	frame_queue_commit(local, 0, length, from);
}

void
tx_finish(struct xl710_port *port, struct tx_queue *queue, uint8_t *room, uint32_t skip, uint32_t length)
{
	const struct xl710_vsi *vsi = &port->vsis[queue->context.vsi];
	struct xl710_stat_row *row = &port->stats.vsi[vsi->stat_index];
	uint8_t *bytes = room + skip;
	const struct lookup *lookup = data_lookup(port, queue->context.vsi, bytes, length);
	enum xl710_cast cast = xl710_cast_of(bytes);
	bool tagged = lookup->address >> 63;

	queue->frames++;
	row->dirty = true;
	if (lookup->dropped || (vsi->accept != 0 && (vsi->accept & (tagged ? 1 : 2)) == 0)) {
		row->tx_errors++;
		return;
	}
	if (!port->link_up) {
		port->stats.tx_link_down++;
		port->stats.dirty = true;
		return;
	}
	if (length < PADDED) {
		memset(bytes + length, 0, PADDED - length);
		length = PADDED;
	}
	xl710_traffic_count(&row->tx, cast, length);
	if (vsi->veb != 0 && vsi->veb <= XL710_VEBS) {
		struct xl710_stat_row *veb = &port->stats.veb[vsi->veb - 1];

		xl710_traffic_count(&veb->tx, cast, length);
		veb->dirty = true;
	}
	if (lookup->count != 0)
		send_to_vsis(port, queue->context.vsi, bytes, length);
	if (lookup->to_wire) {
		xl710_stats_port_tx(&port->stats, cast, length);
		frame_queue_commit(wire_out(port->wire), skip, length, XL710_VSI_NONE);
	}
}

uint32_t
tx_tags(struct xl710_port *port, const struct tx_queue *queue, const struct tx_frame *frame, uint8_t *bytes, uint32_t length)
{
	const struct xl710_vsi *vsi = &port->vsis[queue->context.vsi];
	const struct packet_rules *rules = &port->data->rules;
	uint64_t last = frame->count == 0 ? 0 : frame->first[frame->count - 1].command;
	uint16_t type = load16be(bytes + 12), tags[2], types[2];
	uint32_t count = 0;

	if (frame->context != NULL && (frame->context->command & TX_CONTEXT_TAG2) != 0) {
		tags[count] = (uint16_t)(frame->context->address >> 32);
		types[count++] = rules->outer_tpid != 0 ? rules->outer_tpid : rules->tpid;
	}
	if ((last & TX_TAG1) != 0) {
		tags[count] = (uint16_t)(last >> 48);
		types[count++] = rules->tpid;
	} else if (vsi->insert_pvid && count == 0 && type != rules->tpid && (rules->outer_tpid == 0 || type != rules->outer_tpid)) {
		tags[count] = vsi->pvid;
		types[count++] = rules->tpid;
	}
	if (count == 0 || length < 14)
		return 0;
	memmove(bytes - 4 * count, bytes, 12);
	for (uint32_t i = 0; i < count; i++) {
		store16be(bytes - 4 * count + 12 + 4 * i, types[i]);
		store16be(bytes - 4 * count + 14 + 4 * i, tags[i]);
	}
	return 4 * count;
}

int
tx_send_plain(struct xl710_port *port, struct tx_queue *queue, const uint8_t *bytes, uint32_t length)
{
	static const struct tx_frame nothing;
	uint8_t *room;
	uint32_t grown = 0;

	if (length < TX_FRAME_MIN || length > data_frame_limit(port))
		return -EVENT_FRAME_SIZE;
	room = tx_reserve(port, length);
	if (room == NULL)
		return 0;
	if (likely(!port->vsis[queue->context.vsi].insert_pvid)) {
		frame_copy(room, bytes, length);
		tx_finish(port, queue, room, 0, length);
		return 1;
	}
	memcpy(room + TX_HEADROOM, bytes, length);
	grown = tx_tags(port, queue, &nothing, room + TX_HEADROOM, length);
	tx_finish(port, queue, room, TX_HEADROOM - grown, length + grown);
	return 1;
}

bool
tx_headers(const struct tx_frame *frame, uint32_t length, struct tx_headers *headers)
{
	static const uint8_t protocols[4] = { 0, PROTOCOL_TCP, PROTOCOL_SCTP, PROTOCOL_UDP };
	static const uint8_t least[4] = { 0, 20, 12, 8 };
	uint64_t command = frame->first->command;
	uint32_t tunnelling = frame->context != NULL ? (uint32_t)frame->context->address : 0;
	unsigned int l4 = command >> 12 & 3, outer_least;

	memset(headers, 0, sizeof(*headers));
	headers->ip = (uint32_t)(command >> 16 & 0x7F) * 2;
	headers->ip_length = (uint32_t)(command >> 23 & 0x7F) * 4;
	headers->l4_length = (uint32_t)(command >> 30 & 0xF) * 4;
	headers->ip_kind = command >> 9 & 3;
	headers->protocol = protocols[l4];
	headers->outer_kind = tunnelling & 3;
	if (headers->outer_kind != 0) {
		headers->outer_ip = headers->ip;
		headers->outer_length = (tunnelling >> 2 & 0x3F) * 4;
		headers->tunnel = (tunnelling >> 12 & 0x7F) * 2;
		headers->udp_tunnel = (tunnelling >> 9 & 3) == 1;
		headers->keep_id = (tunnelling >> 11 & 1) != 0;
		headers->ip += headers->outer_length + headers->tunnel;
		outer_least = headers->outer_kind == 1 ? 40 : 20;
		if (headers->outer_length < outer_least || headers->outer_ip < 14 || (headers->udp_tunnel && headers->tunnel < 8))
			return false;
		if (headers->outer_kind == 3 && headers->outer_length > 60)
			return false;
	}
	headers->l4 = headers->ip + headers->ip_length;
	if (headers->ip_kind != 0 && (headers->ip < 14 || headers->ip_length < (headers->ip_kind == 1 ? 40u : 20u)))
		return false;
	if (headers->ip_kind == 3 && headers->ip_length > 60)
		return false;
	if (l4 != 0 && (headers->ip_kind == 0 || headers->l4_length < least[l4]))
		return false;
	return headers->l4 + headers->l4_length <= length;
}

void
tx_l4_checksum(uint8_t *message, uint32_t length, uint8_t protocol, uint64_t added)
{
	uint16_t sum;

	if (protocol == PROTOCOL_SCTP) {
		checksum_insert_l4(message, length, protocol, 0);
		return;
	}
	sum = (uint16_t)~checksum_fold(checksum_sum(message, length, added));
	if (sum == 0 && protocol == PROTOCOL_UDP)
		sum = 0xFFFF;
	memcpy(message + (protocol == PROTOCOL_TCP ? 16 : 6), &sum, 2);
}

/* Where the datagram ends that the IP header says: the frame may be padded. */
static uint32_t
datagram_end(const uint8_t *frame, uint32_t length, const struct tx_headers *headers)
{
	const uint8_t *ip = frame + headers->ip;
	uint32_t end = headers->ip + (headers->ip_kind == 1 ? 40u + load16be(ip + 4) : load16be(ip + 2));

	return end < headers->l4 + headers->l4_length || end > length ? length : end;
}

void
tx_checksums(uint8_t *frame, uint32_t length, const struct tx_headers *headers)
{
	if (headers->protocol != 0)
		tx_l4_checksum(frame + headers->l4, datagram_end(frame, length, headers) - headers->l4, headers->protocol, 0);
	if (headers->ip_kind == 3)
		checksum_insert_ipv4(frame + headers->ip, headers->ip_length);
	if (headers->outer_kind == 3)
		checksum_insert_ipv4(frame + headers->outer_ip, headers->outer_length);
}

static void
gather(const struct tx_frame *frame, uint8_t *to)
{
	for (unsigned int i = 0; i < frame->count; i++) {
		uint32_t size = tx_size(&frame->first[i]);

		memcpy(to, frame->bytes[i], size);
		to += size;
	}
}

/* The frame behind a programming descriptor is what its filter is made of. */
static int
run_program(struct xl710_port *port, struct tx_queue *queue, const uint8_t *bytes, uint32_t length)
{
	uint32_t low = (uint32_t)queue->program.address, high = (uint32_t)queue->program.command;
	struct fdir_action action = {
		.id = (uint32_t)(queue->program.command >> 32),
		.queue = low & 0x7FF,
		.flex_offset = low >> 11 & 7,
		.vsi = (uint16_t)(low >> 23),
		.destination = high >> 7 & 3,
		.report = high >> 13 & 3,
		.count = (high >> 11 & 1) != 0,
		.counter = high >> 20 & 0x1FF,
	};
	unsigned int pctype = low >> 17 & 0x3F, command = high >> 4 & 7;
	struct packet packet;
	int error;

	queue->programs = false;
	if (length < 14 || (command != 1 && command != 2) || action.destination > FDIR_OTHER || action.vsi >= XL710_VSIS)
		return -EVENT_NO_PROGRAMMING;
	packet_parse(&packet, bytes, length, &port->data->rules);
	error = fdir_program(&port->data->fdir, data_bar(port), &packet, pctype, command == 1, &action);
	fdir_publish(&port->data->fdir, port);
	if (error != FDIR_DONE)
		rx_program_status(port, xl710_vsi_queue(&port->vsis[queue->context.vsi], 0), (uint32_t)error, action.id);
	return 1;
}

int
tx_send_frame(struct xl710_port *port, struct tx_queue *queue, const struct tx_frame *frame)
{
	uint64_t command = frame->first->command;
	bool dummy = (command & TX_DUMMY) != 0;
	struct tx_headers headers;
	uint32_t grown;
	uint8_t *room;
	int result;

	if (tx_is_large(frame))
		return tx_send_large(port, queue, frame);
	if (frame->length < TX_FRAME_MIN || frame->length > data_frame_limit(port))
		return -EVENT_FRAME_SIZE;
	room = tx_reserve(port, frame->length);
	if (room == NULL)
		return 0;
	gather(frame, room + TX_HEADROOM);
	if (queue->programs) {
		result = run_program(port, queue, room + TX_HEADROOM, frame->length);
		if (result <= 0)
			return result;
	}
	if (dummy)
		return 1;
	if ((command & (TX_IP | TX_L4)) != 0 || (frame->context != NULL && (frame->context->address & 3) != 0)) {
		if (!tx_headers(frame, frame->length, &headers))
			return -EVENT_HEADER_LENGTHS;
		tx_checksums(room + TX_HEADROOM, frame->length, &headers);
	}
	grown = tx_tags(port, queue, frame, room + TX_HEADROOM, frame->length);
	tx_finish(port, queue, room, TX_HEADROOM - grown, frame->length + grown);
	return 1;
}
