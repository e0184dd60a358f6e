/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Admin commands about who wants which frames: MAC-VLAN and VLAN filters, promiscuous modes, control packet filters.
 */
#include "admin.h"
#include "switch_private.h"

struct xl710_macvlan *
xl710_filter_find(struct xl710_port *port, uint16_t vsi, const uint8_t mac[6], uint16_t vlan, bool ignore_vlan)
{
	struct xl710_switch *sw = port->sw;

	for (uint16_t at = sw->buckets[xl710_filter_bucket(mac)]; at != 0; at = sw->filters[at - 1].next) {
		struct xl710_macvlan *filter = &sw->filters[at - 1];

		if (filter->vsi == vsi && memcmp(filter->mac, mac, 6) == 0 && filter->ignore_vlan == ignore_vlan &&
		    (ignore_vlan || filter->vlan == vlan))
			return filter;
	}
	return NULL;
}

bool
xl710_filter_add(struct xl710_port *port, uint16_t vsi, const uint8_t mac[6], uint16_t vlan, bool ignore_vlan)
{
	struct xl710_switch *sw = port->sw;
	uint16_t *bucket = &sw->buckets[xl710_filter_bucket(mac)];

	if (xl710_filter_find(port, vsi, mac, vlan, ignore_vlan) != NULL)
		return true;
	for (uint16_t i = 0; i < XL710_FILTERS; i++) {
		struct xl710_macvlan *filter = &sw->filters[i];

		if (filter->used)
			continue;
		*filter = (struct xl710_macvlan){ .used = true, .ignore_vlan = ignore_vlan, .vlan = vlan, .vsi = vsi, .next = *bucket };
		memcpy(filter->mac, mac, 6);
		*bucket = (uint16_t)(i + 1);
		sw->filter_count++;
		xl710_switch_changed(port);
		return true;
	}
	return false;
}

void
xl710_filter_remove(struct xl710_port *port, struct xl710_macvlan *filter)
{
	struct xl710_switch *sw = port->sw;
	uint16_t index = (uint16_t)(filter - sw->filters + 1), *link = &sw->buckets[xl710_filter_bucket(filter->mac)];

	while (*link != index)
		link = &sw->filters[*link - 1].next;
	*link = filter->next;
	filter->used = false;
	sw->filter_count--;
	xl710_switch_changed(port);
}

void
xl710_filters_forget(struct xl710_port *port, uint16_t vsi)
{
	struct xl710_switch *sw = port->sw;

	for (unsigned int i = 0; i < XL710_FILTERS; i++)
		if (sw->filters[i].used && sw->filters[i].vsi == vsi)
			xl710_filter_remove(port, &sw->filters[i]);
	for (unsigned int i = sw->vlan_mode_count; i-- > 0;)
		if (sw->vlan_modes[i].vsi == vsi)
			sw->vlan_modes[i] = sw->vlan_modes[--sw->vlan_mode_count];
	for (unsigned int i = 0; i < XL710_CONTROL_FILTERS; i++)
		if (sw->control_filters[i].vsi == vsi)
			sw->control_filters[i].used = false;
	memset(sw->vlans[vsi], 0, sizeof(sw->vlans[vsi]));
	sw->vlan_counts[vsi] = 0;
	xl710_switch_changed(port);
}

/* The VSI and the number of records of a filter command, or false. */
static bool
filter_target(struct xl710_port *port, const struct xl710_command *command, unsigned int record, uint16_t *vsi, unsigned int *count)
{
	const struct xl710_vsi *target;

	*count = le16(command->p);
	if (!(le16(command->p + 2) & 0x8000) || *count == 0 || *count * record > command->length)
		return false;
	target = xl710_vsi_by_seid(port, le16(command->p + 2) & 0x3FF);
	if (target == NULL)
		return false;
	*vsi = xl710_vsi_number(port, target);
	return true;
}

static void
reply_filters(struct xl710_port *port, struct xl710_command *command)
{
	memset(command->p, 0, 8);
	put16(command->p, port->sw->filter_count);
	put16(command->p + 2, XL710_FILTERS - port->sw->filter_count);
	command->reply = command->length;
}

uint16_t
xl710_aq_add_macvlan(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t vsi, code = AQ_OK;
	unsigned int count;

	if (!filter_target(port, command, 16, &vsi, &count))
		return AQ_EINVAL;
	for (unsigned int i = 0; i < count; i++)
		if (le16(command->buffer + 16 * i + 8) & 8) /* straight to a queue: not this card */
			return AQ_ENOSYS;
	for (unsigned int i = 0; i < count; i++) {
		uint8_t *record = command->buffer + 16 * i;
		uint16_t flags = le16(record + 8);
		bool added = xl710_filter_add(port, vsi, record, le16(record + 6) & 0xFFF, flags & 4);

		/* Hash filters are exact here, too: nothing they must let pass is lost. */
		record[12] = !added ? 0xFF : flags & 1 ? 1 : 2;
		if (!added)
			code = AQ_ENOSPC;
	}
	reply_filters(port, command);
	return code;
}

uint16_t
xl710_aq_remove_macvlan(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t vsi, code = AQ_OK;
	unsigned int count;

	if (!filter_target(port, command, 16, &vsi, &count))
		return AQ_EINVAL;
	for (unsigned int i = 0; i < count; i++) {
		uint8_t *record = command->buffer + 16 * i;
		struct xl710_macvlan *filter =
			xl710_filter_find(port, vsi, record, le16(record + 6) & 0xFFF, record[8] & 8);

		record[12] = filter == NULL ? 0xFF : 0;
		if (filter == NULL)
			code = AQ_ENOENT;
		else
			xl710_filter_remove(port, filter);
	}
	reply_filters(port, command);
	return code;
}

static uint16_t
change_vlans(struct xl710_port *port, struct xl710_command *command, bool add)
{
	unsigned int count;
	uint16_t vsi, code = AQ_OK;

	if (!filter_target(port, command, 8, &vsi, &count))
		return AQ_EINVAL;
	for (unsigned int i = 0; i < count; i++) {
		uint8_t *record = command->buffer + 8 * i;
		uint16_t vlan = le16(record) & 0xFFF;
		uint8_t *byte = &port->sw->vlans[vsi][vlan / 8], bit = (uint8_t)(1u << vlan % 8);
		bool was = *byte & bit;

		record[4] = was == add && !add ? 0xFF : 0;
		if (!was && !add)
			code = AQ_ENOENT;
		if (was == add)
			continue;
		*byte ^= bit;
		port->sw->vlan_counts[vsi] = (uint16_t)(port->sw->vlan_counts[vsi] + (add ? 1 : -1));
	}
	xl710_switch_changed(port);
	put16(command->p + 4, port->sw->vlan_counts[vsi]);
	put16(command->p + 6, 4096u - port->sw->vlan_counts[vsi]);
	command->reply = command->length;
	return code;
}

uint16_t
xl710_aq_add_vlan(struct xl710_port *port, struct xl710_command *command)
{
	return change_vlans(port, command, true);
}

uint16_t
xl710_aq_remove_vlan(struct xl710_port *port, struct xl710_command *command)
{
	return change_vlans(port, command, false);
}

/* ---- promiscuous modes ---- */

static uint16_t
set_vlan_mode(struct xl710_switch *sw, uint16_t vsi, uint16_t vlan, uint16_t flags, uint16_t valid)
{
	struct xl710_vlan_mode *mode = NULL;

	for (unsigned int i = 0; i < sw->vlan_mode_count; i++)
		if (sw->vlan_modes[i].vsi == vsi && sw->vlan_modes[i].vlan == vlan)
			mode = &sw->vlan_modes[i];
	if (mode == NULL) {
		if (sw->vlan_mode_count == XL710_VLAN_MODES)
			return AQ_ENOSPC;
		mode = &sw->vlan_modes[sw->vlan_mode_count++];
		*mode = (struct xl710_vlan_mode){ .vsi = vsi, .vlan = vlan };
	}
	if (valid & 1)
		mode->unicast = flags & 1;
	if (valid & 2)
		mode->multicast = flags >> 1 & 1;
	if (!mode->unicast && !mode->multicast)
		*mode = sw->vlan_modes[--sw->vlan_mode_count];
	return AQ_OK;
}

uint16_t
xl710_aq_promiscuous(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t flags = le16(command->p), valid = le16(command->p + 2), vlan = le16(command->p + 6);
	struct xl710_vsi *vsi = xl710_vsi_by_seid(port, le16(command->p + 4) & 0x3FF);
	uint16_t code = AQ_OK;

	if (vsi == NULL)
		return AQ_ENOENT;
	if (vlan & 0x8000) {
		code = set_vlan_mode(port->sw, xl710_vsi_number(port, vsi), vlan & 0xFFF, flags, valid);
	} else {
		if (valid & 1)
			vsi->promisc_unicast = flags & 1;
		if (valid & 2)
			vsi->promisc_multicast = flags >> 1 & 1;
		if (valid & 4)
			vsi->promisc_broadcast = flags >> 2 & 1;
		if (valid & 8)
			vsi->default_port = flags >> 3 & 1;
		if (valid & 0x10)
			vsi->promisc_vlan = flags >> 4 & 1;
	}
	xl710_switch_changed(port);
	return code;
}

/* ---- control packet filters ---- */

static struct xl710_control_filter *
control_filter(struct xl710_port *port, const struct xl710_control_filter *wanted)
{
	for (unsigned int i = 0; i < XL710_CONTROL_FILTERS; i++) {
		struct xl710_control_filter *filter = &port->sw->control_filters[i];

		if (filter->used == wanted->used && (!wanted->used || (filter->ethertype == wanted->ethertype && filter->vsi == wanted->vsi &&
		    filter->transmit == wanted->transmit && filter->ignore_mac == wanted->ignore_mac &&
		    (wanted->ignore_mac || memcmp(filter->mac, wanted->mac, 6) == 0))))
			return filter;
	}
	return NULL;
}

static uint16_t
read_control_filter(struct xl710_port *port, const struct xl710_command *command, struct xl710_control_filter *filter)
{
	uint16_t flags = le16(command->p + 8);
	const struct xl710_vsi *vsi = xl710_vsi_by_seid(port, le16(command->p + 10) & 0x3FF);

	if (vsi == NULL)
		return AQ_ENOENT;
	*filter = (struct xl710_control_filter){ .used = true, .ignore_mac = flags & 1, .drop = flags >> 1 & 1, .transmit = flags >> 3 & 1,
						  .ethertype = le16(command->p + 6), .vsi = xl710_vsi_number(port, vsi),
						  .queue = le16(command->p + 12) };
	memcpy(filter->mac, command->p, 6);
	return AQ_OK;
}

static void
reply_control_filters(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t with_mac = 0, without = 0;

	for (unsigned int i = 0; i < XL710_CONTROL_FILTERS; i++)
		if (port->sw->control_filters[i].used)
			*(port->sw->control_filters[i].ignore_mac ? &without : &with_mac) += 1;
	memset(command->p, 0, sizeof(command->p));
	put16(command->p, with_mac);
	put16(command->p + 2, without);
	put16(command->p + 4, XL710_CONTROL_FILTERS - with_mac);
	put16(command->p + 6, XL710_CONTROL_FILTERS - without);
}

uint16_t
xl710_aq_add_control_filter(struct xl710_port *port, struct xl710_command *command)
{
	struct xl710_control_filter wanted, none = { .used = false }, *slot;
	uint16_t code = read_control_filter(port, command, &wanted);

	if (code != AQ_OK)
		return code;
	if (control_filter(port, &wanted) != NULL)
		return AQ_EEXIST;
	slot = control_filter(port, &none);
	if (slot == NULL)
		return AQ_ENOSPC;
	*slot = wanted;
	xl710_switch_changed(port);
	reply_control_filters(port, command);
	return AQ_OK;
}

uint16_t
xl710_aq_remove_control_filter(struct xl710_port *port, struct xl710_command *command)
{
	struct xl710_control_filter wanted, *slot;
	uint16_t code = read_control_filter(port, command, &wanted);

	if (code != AQ_OK)
		return code;
	slot = control_filter(port, &wanted);
	if (slot == NULL)
		return AQ_ENOENT;
	slot->used = false;
	xl710_switch_changed(port);
	reply_control_filters(port, command);
	return AQ_OK;
}
