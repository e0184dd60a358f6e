/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Who gets a frame. Answers are remembered by address, VLAN and sender until the tables change.
 */
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "switch_private.h"

/* ---- tables ---- */

int
xl710_switch_create(struct xl710_port *port)
{
	port->sw = calloc(1, sizeof(*port->sw));
	port->vsis = calloc(XL710_VSIS, sizeof(*port->vsis));
	return port->sw == NULL || port->vsis == NULL ? -1 : 0;
}

void
xl710_switch_destroy(struct xl710_port *port)
{
	free(port->sw);
	free(port->vsis);
	port->sw = NULL;
	port->vsis = NULL;
}

void
xl710_switch_changed(struct xl710_port *port)
{
	struct xl710_switch *sw = port->sw;

	sw->generation++;
	sw->active_count = 0;
	for (uint16_t i = 0; i < XL710_VSIS; i++) {
		const struct xl710_vsi *vsi = &port->vsis[i];

		if (vsi->used && (vsi->promisc_unicast || vsi->promisc_multicast || vsi->promisc_broadcast || vsi->default_port))
			sw->active[sw->active_count++] = i;
	}
}

uint32_t
xl710_switch_generation(const struct xl710_port *port)
{
	return port->sw->generation;
}

struct xl710_vsi *
xl710_vsi_by_seid(struct xl710_port *port, uint16_t seid)
{
	for (unsigned int i = 0; i < XL710_VSIS; i++)
		if (port->vsis[i].used && port->vsis[i].seid == seid)
			return &port->vsis[i];
	return NULL;
}

/* The state after a reset of the function: one VSI with all its queues, the permanent address. */
void
xl710_switch_reset(struct xl710_port *port)
{
	struct xl710_switch *sw = port->sw;
	struct xl710_vsi *vsi = &port->vsis[XL710_MAIN_VSI];
	uint32_t generation = sw->generation;
	uint8_t properties[128] = { 0 };

	memset(sw, 0, sizeof(*sw));
	sw->generation = generation;
	memset(port->vsis, 0, XL710_VSIS * sizeof(*port->vsis));
	memcpy(port->control->address, port->mac, 6);
	properties[12] = 3 | XL710_TAG_LEAVE << 3;
	put16(properties + 62, 6u << 9);
	xl710_vsi_set(port, vsi, properties);
	vsi->used = true;
	vsi->seid = (uint16_t)(XL710_MAIN_SEID + port->number);
	vsi->uplink = XL710_MAC_SEID;
	vsi->type = XL710_VSI_PF;
	vsi->stat_index = XL710_MAIN_VSI;
	xl710_filter_add(port, XL710_MAIN_VSI, port->mac, 0, true);
	xl710_switch_changed(port);
}

/* ---- VSI properties ---- */

static bool
set_queues(const struct xl710_port *port, struct xl710_vsi *vsi, const uint8_t *properties)
{
	uint32_t queues = port->control->queues;
	uint32_t limit = XL710_VSI_QUEUES;

	vsi->queue_list = properties[28] & 1;
	for (unsigned int i = 0; i < XL710_VSI_QUEUES; i++) {
		vsi->queues[i] = le16(properties + 30 + 2 * i) & 0x7FF;
		if ((vsi->queue_list || i == 0) && vsi->queues[i] != 0x7FF && vsi->queues[i] >= queues)
			return false;
	}
	if (!vsi->queue_list)
		limit = queues - vsi->queues[0];
	for (unsigned int i = 0; i < XL710_TCS; i++) {
		uint16_t mapping = le16(properties + 62 + 2 * i);

		vsi->tcs[i].offset = mapping & 0x1FF;
		vsi->tcs[i].count = i > 0 && mapping == 0 ? 0 : (uint16_t)(1u << (mapping >> 9 & 7));
		if (vsi->tcs[i].count > 0 && vsi->tcs[i].offset + vsi->tcs[i].count > limit) {
			/* Firmware's own mapping of a function with few queues: as many as there are. */
			if (vsi->tcs[i].offset >= limit)
				return false;
			vsi->tcs[i].count = (uint16_t)(limit - vsi->tcs[i].offset);
		}
	}
	return true;
}

bool
xl710_vsi_set(struct xl710_port *port, struct xl710_vsi *vsi, const uint8_t properties[128])
{
	struct xl710_vsi next = *vsi;
	uint8_t flags = properties[12];

	memcpy(next.properties, properties, 128);
	next.loopback = le16(properties + 2) >> 13 & 1;
	next.security = properties[6];
	next.pvid = le16(properties + 8);
	next.accept = (flags & 3) == 0 ? 3 : flags & 3;
	next.insert_pvid = flags >> 2 & 1;
	next.tag_mode = flags >> 3 & 3;
	next.own_lut = properties[78] >> 6 & 1;
	if (!set_queues(port, &next, properties))
		return false;
	*vsi = next;
	return true;
}

/* How many queues a VSI has. */
static unsigned int
vsi_queue_count(const struct xl710_vsi *vsi)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < XL710_TCS; i++)
		if (vsi->tcs[i].count > 0 && vsi->tcs[i].offset + vsi->tcs[i].count > count)
			count = vsi->tcs[i].offset + vsi->tcs[i].count;
	return count;
}

uint16_t
xl710_vsi_queue(const struct xl710_vsi *vsi, uint16_t index)
{
	if (index >= vsi_queue_count(vsi))
		return XL710_VSI_NONE;
	if (!vsi->queue_list)
		return (uint16_t)(vsi->queues[0] + index);
	return index >= XL710_VSI_QUEUES || vsi->queues[index] == 0x7FF ? XL710_VSI_NONE : vsi->queues[index];
}

static bool
vsi_has_queue(const struct xl710_vsi *vsi, uint16_t queue)
{
	unsigned int count = vsi_queue_count(vsi);

	if (!vsi->queue_list)
		return queue >= vsi->queues[0] && queue - vsi->queues[0] < (int)count;
	for (unsigned int i = 0; i < count && i < XL710_VSI_QUEUES; i++)
		if (vsi->queues[i] == queue)
			return true;
	return false;
}

uint16_t
xl710_switch_vsi_of_queue(const struct xl710_port *port, uint16_t queue)
{
	uint16_t best = XL710_VSI_NONE;
	unsigned int fewest = UINT32_MAX;

	/* Firmware's mapping of the main VSI may still cover a queue that another one has for itself. */
	for (uint16_t i = 0; i < XL710_VSIS; i++) {
		const struct xl710_vsi *vsi = &port->vsis[i];

		if (vsi->used && vsi_has_queue(vsi, queue) && vsi_queue_count(vsi) < fewest) {
			best = i;
			fewest = vsi_queue_count(vsi);
		}
	}
	return best;
}

/* ---- lookup ---- */

static void
add_once(struct xl710_switch *sw, struct xl710_vsi_set *set, uint16_t vsi)
{
	if (sw->marks[vsi] == sw->mark)
		return;
	sw->marks[vsi] = sw->mark;
	set->vsis[set->count++] = vsi;
}

static bool
vlan_passes(const struct xl710_port *port, uint16_t number, const struct xl710_frame_address *address)
{
	const struct xl710_vsi *vsi = &port->vsis[number];

	if (!(vsi->accept & (address->tagged ? 1 : 2)))
		return false;
	if (!address->tagged || address->vlan == 0 || port->sw->vlan_counts[number] == 0 || vsi->promisc_vlan)
		return true;
	return port->sw->vlans[number][address->vlan / 8] >> address->vlan % 8 & 1;
}

/* Whether VSI `to` can be reached from there at all. */
static bool
reachable(const struct xl710_port *port, uint16_t from, uint16_t to)
{
	const struct xl710_vsi *vsi = &port->vsis[to];

	if (from == XL710_VSI_NONE)
		return vsi->veb == 0 || !port->sw->vebs[vsi->veb - 1].floating;
	return to != from && vsi->veb != 0 && vsi->veb == port->vsis[from].veb && port->vsis[from].loopback;
}

static bool
is_promiscuous(const struct xl710_vsi *vsi, enum xl710_cast cast)
{
	return cast == XL710_UNICAST ? vsi->promisc_unicast : cast == XL710_MULTICAST ? vsi->promisc_multicast : vsi->promisc_broadcast;
}

static void
look_up(struct xl710_port *port, uint16_t from, const struct xl710_frame_address *address, struct xl710_vsi_set *set, bool *to_wire)
{
	struct xl710_switch *sw = port->sw;
	enum xl710_cast cast = xl710_cast_of(address->mac);
	uint16_t vlan = address->tagged ? address->vlan : 0, exact;

	set->count = 0;
	sw->mark++;
	for (uint16_t at = sw->buckets[xl710_filter_bucket(address->mac)]; at != 0; at = sw->filters[at - 1].next) {
		const struct xl710_macvlan *filter = &sw->filters[at - 1];

		if (memcmp(filter->mac, address->mac, 6) == 0 && (filter->ignore_vlan || filter->vlan == vlan) &&
		    reachable(port, from, filter->vsi) && vlan_passes(port, filter->vsi, address))
			add_once(sw, set, filter->vsi);
	}
	exact = set->count;
	for (uint16_t i = 0; i < sw->active_count; i++) {
		uint16_t vsi = sw->active[i];

		if (is_promiscuous(&port->vsis[vsi], cast) && reachable(port, from, vsi) && vlan_passes(port, vsi, address))
			add_once(sw, set, vsi);
	}
	for (unsigned int i = 0; i < sw->vlan_mode_count; i++) {
		const struct xl710_vlan_mode *mode = &sw->vlan_modes[i];

		if (mode->vlan == vlan && (cast == XL710_UNICAST ? mode->unicast : mode->multicast) && reachable(port, from, mode->vsi))
			add_once(sw, set, mode->vsi);
	}
	if (set->count == 0 && from == XL710_VSI_NONE)
		for (uint16_t i = 0; i < sw->active_count; i++)
			if (port->vsis[sw->active[i]].default_port && vlan_passes(port, sw->active[i], address))
				add_once(sw, set, sw->active[i]);
	*to_wire = false;
	if (from != XL710_VSI_NONE) {
		uint8_t veb = port->vsis[from].veb;

		*to_wire = (veb == 0 || !sw->vebs[veb - 1].floating) && (cast != XL710_UNICAST || exact == 0);
	}
}

void
xl710_switch_lookup(struct xl710_port *port, uint16_t from, const struct xl710_frame_address *address, struct xl710_vsi_set *set,
		    bool *to_wire)
{
	uint64_t key = le32(address->mac) | (uint64_t)le16(address->mac + 4) << 32 | (uint64_t)(address->vlan & 0xFFF) << 48 |
		       (uint64_t)address->tagged << 60;
	struct xl710_memo *memo = &port->sw->memo[((key ^ from) * 0x9E3779B97F4A7C15ull) >> 56];
	bool wire;

	if (memo->key != key || memo->generation != port->sw->generation || memo->from != from) {
		struct xl710_frame_address checked = *address;

		checked.vlan &= 0xFFF;
		look_up(port, from, &checked, set, &wire);
		if (set->count <= 4) {
			*memo = (struct xl710_memo){ .key = key, .generation = port->sw->generation, .from = from, .count = set->count,
						     .to_wire = wire };
			memcpy(memo->vsis, set->vsis, sizeof(memo->vsis));
		}
	} else {
		set->count = memo->count;
		memcpy(set->vsis, memo->vsis, sizeof(memo->vsis));
		wire = memo->to_wire;
	}
	if (to_wire != NULL)
		*to_wire = wire;
}

bool
xl710_switch_tx_dropped(const struct xl710_port *port, uint16_t from, const uint8_t mac[6], uint16_t ethertype)
{
	for (unsigned int i = 0; i < XL710_CONTROL_FILTERS; i++) {
		const struct xl710_control_filter *filter = &port->sw->control_filters[i];

		if (filter->used && filter->transmit && filter->drop && filter->vsi == from && filter->ethertype == ethertype &&
		    (filter->ignore_mac || memcmp(filter->mac, mac, 6) == 0))
			return true;
	}
	return false;
}
