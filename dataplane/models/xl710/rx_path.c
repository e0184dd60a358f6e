/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From the wire to a receive queue: the MAC's checks, the switch, the parser, flow director, RSS, tags.
 */
#include "bytes.h"
#include "checksum.h"
#include "data.h"
#include "rx_descriptor.h"

#define QINQ_STRIP 0xC000u /* VSI_TSR: both tags go to the descriptor */
#define REORDER_PATIENCE 1000u /* rounds without a frame */
#define TAG_PRIORITY 0xE000u

/* A frame on its way up. */
struct arrival {
	const uint8_t *frame;
	uint32_t length;
	uint64_t status;
	enum xl710_cast cast;
	const struct fdir_action *action; /* of the filter that matched, or NULL */
	struct packet packet;
};

static void
examine(struct xl710_port *port, struct arrival *arrival, bool loopback)
{
	unsigned int verdict;

	packet_parse(&arrival->packet, arrival->frame, arrival->length, &port->data->rules);
	verdict = checksum_verdict(&arrival->packet);
	arrival->status = (uint64_t)arrival->packet.ptype << RX_PTYPE_SHIFT | (uint64_t)arrival->cast << RX_CAST_SHIFT |
		(uint64_t)(verdict & 7) << RX_L3L4E_SHIFT | ((verdict & CHECKSUM_EXAMINED) != 0 ? RX_EXAMINED : 0) |
		(loopback ? RX_LOOPBACK : 0) | (packet_last_ip(&arrival->packet)->extensions ? RX_IPV6_EXTENSION : 0);
}

/* RSS: which of the VSI's queues. */
static uint16_t
lut_entry(struct xl710_port *port, uint16_t number, const struct xl710_vsi *vsi, uint32_t hash)
{
	uint32_t at, value;

	if (vsi->own_lut) {
		at = hash & 63;
		value = reg_get(port, XR_AT2(VSIQF_HLUT, number, at / 4)) >> at % 4 * 8 & 0xF;
	} else {
		at = hash & ((reg_get(port, XR_PFQF_CTL_0) & XF_PFQF_CTL_0_LUT512) != 0 ? 511 : 127);
		value = reg_get(port, XR_AT(PFQF_HLUT, at / 4)) >> at % 4 * 8 & 0x3F;
	}
	/* Entries beyond a traffic class's queues wrap: it has a power of two of them. */
	if (vsi->tcs[0].count != 0)
		value %= vsi->tcs[0].count;
	return (uint16_t)(vsi->tcs[0].offset + value);
}

static void
put_flex(struct xl710_port *port, const struct arrival *arrival, const struct fdir_action *action, struct rx_facts *facts)
{
	uint16_t words[8];
	uint8_t bytes[16 + 8] = { 0 };
	const uint8_t *from = bytes + 2 * action->flex_offset;

	classify_flex_words(data_bar(port), &arrival->packet, words);
	for (unsigned int i = 0; i < 8; i++)
		store16be(bytes + 2 * i, words[i]);
	facts->flex_low = load32le(from);
	facts->extended |= RX_FLEX_LOW_BYTES;
	if (action->report == 3) {
		facts->flex_high = load32le(from + 4);
		facts->extended |= RX_FLEX_HIGH_BYTES;
	}
}

/* The queue for a VSI's copy, PF-relative; XL710_VSI_NONE when a filter drops it. */
static uint16_t
choose_queue(struct xl710_port *port, uint16_t number, struct arrival *arrival, struct rx_facts *facts)
{
	const uint8_t *bar = data_bar(port);
	const struct xl710_vsi *vsi = &port->vsis[number];
	const struct fdir_action *action = NULL;
	uint16_t index = vsi->tcs[0].offset, queue;
	uint32_t hash;

	if (port->data->fdir.count != 0 && (reg_get(port, XR_PFQF_CTL_0) & XF_PFQF_CTL_0_FD_ENA) != 0)
		action = fdir_match(&port->data->fdir, bar, &arrival->packet);
	arrival->action = action;
	if (action != NULL) {
		facts->status |= RX_FD_MATCH;
		if (action->destination == FDIR_DROP)
			return XL710_VSI_NONE;
	}
	if (classify_hash(&port->data->toeplitz, bar, &arrival->packet, &hash)) {
		facts->hash = hash;
		facts->status |= RX_FILTER_HASH;
		index = lut_entry(port, number, vsi, hash);
	}
	queue = xl710_vsi_queue(vsi, index);
	if (action == NULL)
		return queue;
	if (action->destination == FDIR_QUEUE)
		queue = xl710_vsi_queue(port->vsis[action->vsi].used ? &port->vsis[action->vsi] : vsi, action->queue);
	if (action->report >= 2)
		put_flex(port, arrival, action, facts);
	if (action->report == 1 || action->report == 2) {
		if (queue < XL710_QUEUES && port->data->rx[queue].context.long_descriptors) {
			facts->flex_high = action->id;
			facts->extended |= RX_FLEX_HIGH_ID;
		} else {
			facts->hash = action->id;
			facts->status = (facts->status & ~RX_FILTER_HASH) | RX_FILTER_FD_ID;
		}
	}
	return queue;
}

/* Tags that leave the frame; how many bytes. */
static uint32_t
strip_tags(const struct xl710_port *port, uint16_t number, const struct packet *packet, struct rx_facts *facts)
{
	const struct xl710_vsi *vsi = &port->vsis[number];
	uint16_t tag = packet->tag;

	if (packet->tags == 0 || vsi->tag_mode == XL710_TAG_LEAVE)
		return 0;
	if (packet->outer_tagged) {
		if (packet->tags != 2 || (reg_get(port, XR_AT(VSI_TSR, number)) & QINQ_STRIP) == 0)
			return 0;
		facts->tag1 = packet->outer_tag;
		facts->tag2 = tag;
		facts->status |= RX_TAG1;
		facts->extended |= RX_TAG2;
		return 8;
	}
	if (vsi->tag_mode == XL710_TAG_STRIP)
		return 4; /* a VLAN of the port's that its VSI is not to see */
	if (vsi->tag_mode == XL710_TAG_STRIP_UP)
		tag &= TAG_PRIORITY;
	facts->tag1 = tag;
	facts->status |= RX_TAG1;
	return 4;
}

/* One VSI's copy. RX_NO_ROOM changes nothing but the queue that is to be waited for. */
static enum rx_result
deliver(struct xl710_port *port, uint16_t number, struct arrival *arrival)
{
	struct xl710_datapath *data = port->data;
	struct rx_facts facts = { .status = arrival->status };
	uint32_t skip = strip_tags(port, number, &arrival->packet, &facts);
	uint16_t queue = choose_queue(port, number, arrival, &facts);

	if (queue == XL710_VSI_NONE)
		return RX_DROPPED;
	if (queue >= XL710_QUEUES || !data->rx[queue].on || data->rx[queue].stopped) {
		data->rx_off++;
		port->stats.vsi[port->vsis[number].stat_index].rx_discards++;
		return RX_DROPPED;
	}
	data->held_queue = queue;
	if (queue + 1u == port->faults.stalled_rx) {
		data->faults_held_rx++;
		return RX_NO_ROOM;
	}
	return rx_write(port, queue, arrival->frame, arrival->length, skip, &facts);
}

static void
count(struct xl710_port *port, uint16_t number, const struct arrival *arrival)
{
	const struct xl710_vsi *vsi = &port->vsis[number];
	struct xl710_stat_row *row = &port->stats.vsi[vsi->stat_index];

	xl710_traffic_count(&row->rx, arrival->cast, arrival->length);
	row->dirty = true;
	if (arrival->action != NULL) {
		const struct fdir_action *action = arrival->action;

		port->stats.flow_director_matches++;
		if (action->count)
			reg_set(port, XR_AT(GLQF_PCNT, action->counter), reg_get(port, XR_AT(GLQF_PCNT, action->counter)) + 1);
	}
	if (vsi->veb != 0 && vsi->veb <= XL710_VEBS) {
		row = &port->stats.veb[vsi->veb - 1];
		xl710_traffic_count(&row->rx, arrival->cast, arrival->length);
		row->dirty = true;
	}
}

/* To one VSI. With `may_wait` a frame without room stays where it is: false. */
static bool
deliver_one(struct xl710_port *port, uint16_t number, struct arrival *arrival, bool may_wait)
{
	enum rx_result result = deliver(port, number, arrival);

	if (result == RX_NO_ROOM) {
		if (may_wait)
			return false;
		port->data->rx[port->data->held_queue].discards++;
		port->stats.vsi[port->vsis[number].stat_index].rx_discards++;
	}
	count(port, number, arrival);
	return true;
}

static bool
deliver_frame(struct xl710_port *port, uint16_t from, struct arrival *arrival, bool may_wait)
{
	const struct lookup *lookup = data_lookup(port, from, arrival->frame, arrival->length);
	struct xl710_frame_address address;
	struct xl710_vsi_set set;

	if (lookup->count == 0) {
		port->data->rx_filtered++;
		return true;
	}
	examine(port, arrival, from != XL710_VSI_NONE);
	if (lookup->count == 1)
		return deliver_one(port, lookup->vsi, arrival, may_wait);
	data_frame_address(port, arrival->frame, arrival->length, &address);
	set.count = 0;
	xl710_switch_lookup(port, from, &address, &set, NULL);
	for (unsigned int i = 0; i < set.count; i++)
		deliver_one(port, set.vsis[i], arrival, false);
	return true;
}

/* One in `rate`, by a generator of our own: a seed gives the same faults again. */
static bool
happens(struct xl710_datapath *data, uint32_t rate)
{
	if (rate == 0)
		return false;
	data->random ^= data->random << 13;
	data->random ^= data->random >> 7;
	data->random ^= data->random << 17;
	return (data->random >> 16) % rate == 0;
}

/* What the cable does to a frame; true when it is gone. */
static bool
suffers(struct xl710_port *port, const uint8_t *frame, uint32_t length)
{
	struct xl710_datapath *data = port->data;
	const struct xl710_frame_faults *faults = &port->frame_faults;

	if ((faults->drop | faults->corrupt | faults->reorder) == 0)
		return false;
	if (happens(data, faults->drop)) {
		data->faults_dropped++;
		return true;
	}
	if (happens(data, faults->corrupt)) {
		/* Its check sequence is wrong, so the MAC throws it away. */
		data->faults_corrupted++;
		port->stats.crc_errors++;
		port->stats.dirty = true;
		return true;
	}
	if (data->reorder_length == 0 && length <= FRAME_SIZE_MAX && happens(data, faults->reorder)) {
		memcpy(data->reorder, frame, length);
		data->reorder_length = length;
		data->faults_reordered++;
		return true;
	}
	return false;
}

/* The MAC: true when the frame is one. */
static bool
mac_accepts(struct xl710_port *port, const struct arrival *arrival)
{
	if (arrival->length < FRAME_SIZE_MIN - 4)
		port->stats.undersize++;
	else if (arrival->length > data_frame_limit(port))
		port->stats.oversize++;
	else
		return true;
	port->stats.dirty = true;
	return false;
}

static bool
receive(struct xl710_port *port, const uint8_t *frame, uint32_t length, bool may_wait)
{
	struct arrival arrival = { .frame = frame, .length = length };

	if (!mac_accepts(port, &arrival))
		return true;
	arrival.cast = xl710_cast_of(frame);
	if (!deliver_frame(port, XL710_VSI_NONE, &arrival, may_wait))
		return false;
	xl710_stats_port_rx(&port->stats, arrival.cast, length);
	return true;
}

static unsigned int
receive_local(struct xl710_port *port, unsigned int budget)
{
	struct frame_queue *local = &port->data->local;
	unsigned int done = 0;

	for (; local->count != 0 && done < budget; done++) {
		const struct frame_slot *slot = frame_queue_at(local, 0);
		struct arrival arrival = { .frame = frame_queue_bytes(local, slot), .length = slot->length };

		arrival.cast = xl710_cast_of(arrival.frame);
		deliver_frame(port, slot->from, &arrival, false);
		frame_queue_pop(local);
	}
	return done;
}

/* Whether the first frame still waits for what it waited for. */
static bool
still_held(struct xl710_port *port)
{
	struct xl710_datapath *data = port->data;
	const struct rx_queue *queue = &data->rx[data->held_queue];
	uint32_t tail, room;

	if (!data->held || !queue->on || queue->stopped || frame_queue_filled(&port->wire->inbound))
		return false;
	tail = reg_get(port, XR_AT(QRX_TAIL, data->held_queue));
	room = tail >= queue->head ? tail - queue->head : tail + queue->context.qlen - queue->head;
	return room < data->held_need || data->held_queue + 1u == port->faults.stalled_rx;
}

unsigned int
rx_poll(struct xl710_port *port, unsigned int budget)
{
	struct xl710_datapath *data = port->data;
	struct frame_queue *inbound = &port->wire->inbound;
	unsigned int done;

	/* A frame that was to come late has no successor: it comes all the same. */
	if (inbound->count != 0) {
		data->reorder_idle = 0;
	} else if (data->reorder_length != 0 && ++data->reorder_idle == REORDER_PATIENCE) {
		receive(port, data->reorder, data->reorder_length, false);
		data->reorder_length = 0;
		rx_flush(port);
	}

	if (inbound->count == 0 && data->local.count == 0)
		return 0;
	classify_refresh_key(&data->toeplitz, data_bar(port));
	done = receive_local(port, budget);
	if (still_held(port))
		budget = 0;
	for (; inbound->count != 0 && done < budget; done++) {
		const struct frame_slot *slot = frame_queue_at(inbound, 0);
		const uint8_t *frame = frame_queue_bytes(inbound, slot);

		if (port->link_up && (data->held || !suffers(port, frame, slot->length))) {
			uint32_t late = data->reorder_length;

			if (!receive(port, frame, slot->length, !frame_queue_filled(inbound))) {
				data->held = true;
				break;
			}
			if (late != 0) {
				receive(port, data->reorder, late, false);
				data->reorder_length = 0;
			}
		}
		data->held = false;
		frame_queue_pop(inbound);
	}
	if (!frame_queue_filled(inbound) || inbound->count < FRAME_QUEUE_SLOTS / 2)
		inbound->pressed = false;
	rx_flush(port);
	return done;
}
