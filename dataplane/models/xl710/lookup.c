/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The switch's answers, remembered by address, tag and sender: most frames go where the one before them went.
 */
#include "bytes.h"
#include "data.h"

void
data_frame_address(const struct xl710_port *port, const uint8_t *frame, uint32_t length, struct xl710_frame_address *address)
{
	const struct packet_rules *rules = &port->data->rules;
	uint16_t type = load16be(frame + 12);

	memcpy(address->mac, frame, 6);
	address->tagged = (type == rules->tpid || (rules->outer_tpid != 0 && type == rules->outer_tpid)) && length >= 18;
	address->vlan = address->tagged ? load16be(frame + 14) & 0xFFF : 0;
}

const struct lookup *
data_lookup(struct xl710_port *port, uint16_t from, const uint8_t *frame, uint32_t length)
{
	struct xl710_frame_address address;
	uint64_t key = 0;
	uint32_t sender = from, generation = xl710_switch_generation(port);
	struct lookup *lookup;
	struct xl710_vsi_set set;

	data_frame_address(port, frame, length, &address);
	memcpy(&key, address.mac, 6);
	key |= (uint64_t)address.vlan << 48 | (uint64_t)address.tagged << 63;
	if (from != XL710_VSI_NONE)
		sender |= (uint32_t)load16be(frame + 12) << 16;
	lookup = &port->data->lookups[((key ^ sender) * UINT64_C(0x9E3779B97F4A7C15)) >> 56];
	if (lookup->valid && lookup->address == key && lookup->sender == sender && lookup->generation == generation)
		return lookup;
	set.count = 0;
	lookup->to_wire = true;
	lookup->dropped = from != XL710_VSI_NONE && xl710_switch_tx_dropped(port, from, address.mac, (uint16_t)(sender >> 16));
	xl710_switch_lookup(port, from, &address, &set, from != XL710_VSI_NONE ? &lookup->to_wire : NULL);
	lookup->address = key;
	lookup->sender = sender;
	lookup->generation = generation;
	lookup->count = set.count > 1 ? 2 : set.count;
	lookup->vsi = set.count != 0 ? set.vsis[0] : XL710_VSI_NONE;
	lookup->valid = true;
	return lookup;
}
