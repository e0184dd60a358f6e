/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Admin commands about the switch: what it consists of, VSIs, VEBs, their bandwidth.
 */
#include "admin.h"
#include "classifier_rules.h"
#include "switch_private.h"

#define SECTIONS 10u
#define LINK_MBPS 40000u

/* Where each valid-section bit's bytes are among a VSI's properties. */
static const struct { uint8_t at, size; } sections[SECTIONS] = {
	{ 2, 4 },   /* switch */
	{ 6, 2 },   /* security */
	{ 8, 8 },   /* VLAN */
	{ 24, 4 },  /* cascaded port virtualizer */
	{ 16, 4 },  /* ingress user priorities */
	{ 20, 4 },  /* egress */
	{ 28, 50 }, /* queue map */
	{ 78, 4 },  /* queue options */
	{ 84, 4 },  /* outer user priorities */
	{ 82, 2 },  /* scheduler */
};

uint16_t
xl710_aq_switch_config(struct xl710_port *port, struct xl710_command *command)
{
	uint8_t *element = command->buffer + 16;
	const struct xl710_vsi *vsi = &port->vsis[XL710_MAIN_VSI];

	if (le16(command->p) > 1) /* where to go on: there is one element only */
		return AQ_EINVAL;
	memset(command->buffer, 0, 32);
	put16(command->buffer, 1);
	put16(command->buffer + 2, 1);
	element[0] = 19; /* VSI */
	element[1] = 1;
	put16(element + 2, vsi->seid);
	put16(element + 4, vsi->uplink);
	put16(element + 6, XL710_PF_SEID + port->number);
	element[11] = 1; /* connected by the regular way */
	put16(element + 14, XL710_MAIN_VSI);
	put16(command->p, 0);
	command->reply = 32;
	return AQ_OK;
}

uint16_t
xl710_aq_port_parameters(struct xl710_port *port, struct xl710_command *command)
{
	if (le16(command->p) & ~7u)
		return AQ_EINVAL;
	put16(command->p + 4, port->vsis[XL710_MAIN_VSI].seid);
	return AQ_OK;
}

uint16_t
xl710_aq_set_switch_config(struct xl710_port *port, struct xl710_command *command)
{
	xl710_datapath_tpids(port, le16(command->p + 6), le16(command->p + 8));
	return AQ_OK;
}

static unsigned int
vsis_used(const struct xl710_port *port)
{
	unsigned int used = 0;

	for (unsigned int i = 0; i < XL710_VSIS; i++)
		used += port->vsis[i].used;
	return used;
}

static unsigned int
vebs_used(const struct xl710_port *port)
{
	unsigned int used = 0;

	for (unsigned int i = 0; i < XL710_VEBS; i++)
		used += port->sw->vebs[i].used;
	return used;
}

uint16_t
xl710_aq_switch_resources(struct xl710_port *port, struct xl710_command *command)
{
	/* type, guaranteed, total, used, of it not guaranteed: for VEBs, VSIs and perfect-match filters. */
	const struct { uint8_t type; unsigned int total, used; } list[] = {
		{ 0, XL710_VEBS, vebs_used(port) },
		{ 1, XL710_VSIS, vsis_used(port) },
		{ 2, XL710_FILTERS, port->sw->filter_count },
	};
	unsigned int count = sizeof(list) / sizeof(list[0]);

	if (command->length < 16 * count)
		count = command->length / 16;
	memset(command->buffer, 0, 16 * count);
	for (unsigned int i = 0; i < count; i++) {
		uint8_t *record = command->buffer + 16 * i;

		record[0] = list[i].type;
		put16(record + 2, list[i].total);
		put16(record + 4, list[i].total);
		put16(record + 6, list[i].used);
		put16(record + 8, list[i].total - list[i].used);
	}
	command->p[0] = (uint8_t)count;
	command->reply = (uint16_t)(16 * count);
	return AQ_OK;
}

/* ---- VSIs ---- */

/* The queue-set handle of a TC that is on, by which transmit contexts name it. */
static uint16_t
qs_handle(const struct xl710_port *port, const struct xl710_vsi *vsi, unsigned int tc)
{
	return vsi->tcs[tc].count == 0 ? 0xFFFF : (uint16_t)((xl710_vsi_number(port, vsi) + 1 + tc * XL710_VSIS) & 0x3FF);
}

/* Bytes 96 and up, which are the firmware's. */
static void
fill_response(const struct xl710_port *port, struct xl710_vsi *vsi)
{
	uint8_t *properties = vsi->properties;

	memset(properties + 96, 0, 32);
	for (unsigned int tc = 0; tc < XL710_TCS; tc++)
		put16(properties + 96 + 2 * tc, qs_handle(port, vsi, tc));
	put16(properties + 112, vsi->stat_index);
	put16(properties + 114, xl710_vsi_number(port, vsi)); /* scheduler id */
}

static void
reply_vsi(struct xl710_port *port, struct xl710_vsi *vsi, struct xl710_command *command)
{
	unsigned int used = vsis_used(port);

	fill_response(port, vsi);
	memcpy(command->buffer, vsi->properties, 128);
	put16(command->p, vsi->seid);
	put16(command->p + 2, xl710_vsi_number(port, vsi));
	put16(command->p + 4, used);
	put16(command->p + 6, XL710_VSIS - used);
	command->reply = 128;
}

/* The sections that the buffer says are valid, over what the VSI has. */
static bool
merge(struct xl710_port *port, struct xl710_vsi *vsi, const uint8_t *buffer)
{
	uint8_t properties[128];
	uint16_t valid = le16(buffer);

	memcpy(properties, vsi->properties, sizeof(properties));
	put16(properties, valid);
	for (unsigned int i = 0; i < SECTIONS; i++)
		if (valid >> i & 1)
			memcpy(properties + sections[i].at, buffer + sections[i].at, sections[i].size);
	return xl710_vsi_set(port, vsi, properties);
}

static struct xl710_vsi *
free_vsi(struct xl710_port *port)
{
	for (unsigned int i = XL710_MAIN_VSI; i < XL710_VSIS; i++)
		if (!port->vsis[i].used)
			return &port->vsis[i];
	return NULL;
}

static uint16_t
veb_by_seid(const struct xl710_port *port, uint16_t seid)
{
	for (uint16_t i = 0; i < XL710_VEBS; i++)
		if (port->sw->vebs[i].used && port->sw->vebs[i].seid == seid)
			return i;
	return XL710_VEBS;
}

uint16_t
xl710_aq_add_vsi(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t veb = veb_by_seid(port, le16(command->p) & 0x3FF);
	uint8_t type = le16(command->p + 6) & 3;
	struct xl710_vsi *vsi, fresh = { .used = false };

	if (veb == XL710_VEBS)
		return AQ_ENOENT;
	if (type != XL710_VSI_VMDQ2 && type != XL710_VSI_PF) /* there are no VFs */
		return AQ_EINVAL;
	vsi = free_vsi(port);
	if (vsi == NULL)
		return AQ_ENOSPC;
	if (!merge(port, &fresh, command->buffer))
		return AQ_EINVAL;
	*vsi = fresh;
	vsi->used = true;
	vsi->seid = (uint16_t)(XL710_FIRST_SEID + xl710_vsi_number(port, vsi));
	vsi->uplink = port->sw->vebs[veb].seid;
	vsi->veb = (uint8_t)(veb + 1);
	vsi->type = type;
	vsi->stat_index = xl710_vsi_number(port, vsi);
	xl710_switch_changed(port);
	reply_vsi(port, vsi, command);
	return AQ_OK;
}

uint16_t
xl710_aq_update_vsi(struct xl710_port *port, struct xl710_command *command)
{
	struct xl710_vsi *vsi = xl710_vsi_by_seid(port, le16(command->p) & 0x3FF);

	if (vsi == NULL)
		return AQ_ENOENT;
	if (!merge(port, vsi, command->buffer))
		return AQ_EINVAL;
	xl710_switch_changed(port);
	reply_vsi(port, vsi, command);
	return AQ_OK;
}

uint16_t
xl710_aq_get_vsi(struct xl710_port *port, struct xl710_command *command)
{
	struct xl710_vsi *vsi = xl710_vsi_by_seid(port, le16(command->p) & 0x3FF);

	if (vsi == NULL)
		return AQ_ENOENT;
	reply_vsi(port, vsi, command);
	return AQ_OK;
}

/* ---- VEBs ---- */

/* SEIDs of VEBs stand behind those of VSIs: 10 bits hold both. */
static uint16_t
veb_seid(uint16_t index)
{
	return (uint16_t)(XL710_FIRST_SEID + XL710_VSIS + index);
}

uint16_t
xl710_aq_add_veb(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t uplink = le16(command->p) & 0x3FF, downlink = le16(command->p + 2) & 0x3FF, flags = le16(command->p + 4), index;
	struct xl710_vsi *vsi = downlink == 0 ? NULL : xl710_vsi_by_seid(port, downlink);
	bool floating = flags & 1;

	if (floating != (uplink == 0) || (uplink != 0 && uplink != XL710_MAC_SEID))
		return AQ_EINVAL;
	if (downlink != 0 && vsi == NULL)
		return AQ_ENOENT;
	if (vsi != NULL && vsi->veb != 0)
		return AQ_EBUSY;
	for (index = 0; index < XL710_VEBS && port->sw->vebs[index].used; index++)
		;
	if (index == XL710_VEBS)
		return AQ_ENOSPC;
	port->sw->vebs[index] = (struct xl710_veb){ .used = true, .floating = floating, .seid = veb_seid(index), .flags = flags };
	if (vsi != NULL) {
		vsi->veb = (uint8_t)(index + 1);
		vsi->uplink = veb_seid(index);
	}
	xl710_switch_changed(port);
	put16(command->p + 6, veb_seid(index)); /* the switch it is part of: its own */
	put16(command->p + 8, veb_seid(index));
	put16(command->p + 10, index);
	put16(command->p + 12, vebs_used(port));
	put16(command->p + 14, XL710_VEBS - vebs_used(port));
	return AQ_OK;
}

uint16_t
xl710_aq_get_veb(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t index = veb_by_seid(port, le16(command->p) & 0x3FF);

	if (index == XL710_VEBS)
		return AQ_ENOENT;
	memset(command->p, 0, sizeof(command->p));
	put16(command->p, veb_seid(index));
	put16(command->p + 2, index + 1);
	put16(command->p + 4, port->sw->vebs[index].flags);
	put16(command->p + 6, index);
	put16(command->p + 8, vebs_used(port));
	put16(command->p + 10, XL710_VEBS - vebs_used(port));
	return AQ_OK;
}

static uint16_t
delete_veb(struct xl710_port *port, uint16_t index)
{
	struct xl710_vsi *main_vsi = &port->vsis[XL710_MAIN_VSI];

	for (unsigned int i = 0; i < XL710_VSIS; i++)
		if (port->vsis[i].used && port->vsis[i].veb == index + 1 && &port->vsis[i] != main_vsi)
			return AQ_EBUSY;
	if (main_vsi->veb == index + 1) {
		main_vsi->veb = 0;
		main_vsi->uplink = XL710_MAC_SEID;
	}
	port->sw->vebs[index].used = false;
	return AQ_OK;
}

uint16_t
xl710_aq_delete(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t seid = le16(command->p) & 0x3FF, veb = veb_by_seid(port, seid), code = AQ_OK;
	struct xl710_vsi *vsi = xl710_vsi_by_seid(port, seid);

	if (veb != XL710_VEBS) {
		code = delete_veb(port, veb);
	} else if (vsi == NULL) {
		return AQ_ENOENT;
	} else if (vsi == &port->vsis[XL710_MAIN_VSI]) {
		return AQ_EPERM;
	} else {
		xl710_filters_forget(port, xl710_vsi_number(port, vsi));
		memset(vsi, 0, sizeof(*vsi));
	}
	xl710_switch_changed(port);
	return code;
}

/* Statistics of one VLAN of a switch: this one keeps none. */
uint16_t
xl710_aq_add_statistics(struct xl710_port *port, struct xl710_command *command)
{
	(void)port;
	(void)command;
	return AQ_ENOSPC;
}

/* ---- bandwidth: any limit is taken, none is below the line's rate ---- */

uint16_t
xl710_aq_bandwidth_limit(struct xl710_port *port, struct xl710_command *command)
{
	if (xl710_vsi_by_seid(port, le16(command->p) & 0x3FF) == NULL)
		return AQ_ENOENT;
	/* A limit would have to hold: only "none" is true of this model. */
	return le16(command->p + 4) == 0 ? AQ_OK : AQ_ENOSYS;
}

uint16_t
xl710_aq_tc_bandwidth(struct xl710_port *port, struct xl710_command *command)
{
	struct xl710_vsi *vsi = xl710_vsi_by_seid(port, le16(command->p) & 0x3FF);

	if (vsi == NULL)
		return AQ_ENOENT;
	for (unsigned int tc = 0; tc < XL710_TCS; tc++)
		put16(command->buffer + 16 + 2 * tc, command->buffer[0] >> tc & 1 ? qs_handle(port, vsi, tc) : 0xFFFF);
	command->reply = 32;
	return AQ_OK;
}

uint16_t
xl710_aq_query_bandwidth(struct xl710_port *port, struct xl710_command *command)
{
	struct xl710_vsi *vsi = xl710_vsi_by_seid(port, le16(command->p) & 0x3FF);

	if (vsi == NULL)
		return AQ_ENOENT;
	memset(command->buffer, 0, 64);
	for (unsigned int tc = 0; tc < XL710_TCS; tc++) {
		command->buffer[0] |= (uint8_t)((vsi->tcs[tc].count > 0) << tc);
		put16(command->buffer + 16 + 2 * tc, qs_handle(port, vsi, tc));
	}
	put16(command->buffer + 36, LINK_MBPS / 50);
	command->reply = 64;
	return AQ_OK;
}

uint16_t
xl710_aq_query_ets(struct xl710_port *port, struct xl710_command *command)
{
	struct xl710_vsi *vsi = xl710_vsi_by_seid(port, le16(command->p) & 0x3FF);

	if (vsi == NULL)
		return AQ_ENOENT;
	memset(command->buffer, 0, 32);
	for (unsigned int tc = 0; tc < XL710_TCS; tc++)
		if (vsi->tcs[tc].count > 0) {
			command->buffer[0] |= (uint8_t)(1u << tc);
			command->buffer[4 + tc] = 1;
			put16(command->buffer + 12 + 2 * tc, LINK_MBPS / 50);
		}
	command->reply = 32;
	return AQ_OK;
}
