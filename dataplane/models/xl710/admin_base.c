/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Admin commands about firmware, resources, capabilities, addresses, registers, tunnels and the RSS tables.
 */
#include <errno.h>

#include "admin.h"
#include "classifier_rules.h"

/* What this firmware says it is: the newest that DPDK 22.11 knows. */
#define FIRMWARE_MAJOR 9
#define FIRMWARE_MINOR 20
#define FIRMWARE_BUILD 71847
#define API_MAJOR 1
#define API_MINOR 15

uint16_t
xl710_aq_version(struct xl710_port *port, struct xl710_command *command)
{
	(void)port;
	put32(command->p, 0x0001002A); /* option ROM */
	put32(command->p + 4, FIRMWARE_BUILD);
	put16(command->p + 8, FIRMWARE_MAJOR);
	put16(command->p + 10, FIRMWARE_MINOR);
	put16(command->p + 12, API_MAJOR);
	put16(command->p + 14, API_MINOR);
	return AQ_OK;
}

/* For what changes nothing here: the driver's name, and the LLDP agent of a card that has no such agent running. */
uint16_t
xl710_aq_ok(struct xl710_port *port, struct xl710_command *command)
{
	(void)port;
	(void)command;
	return AQ_OK;
}

uint16_t
xl710_aq_shutdown(struct xl710_port *port, struct xl710_command *command)
{
	if (le32(command->p) & 1)
		port->control->nvm_owned = false;
	return AQ_OK;
}

/* ---- resources: 1 NVM, 2 software definable pins ---- */

uint16_t
xl710_aq_request_resource(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t id = le16(command->p), access = le16(command->p + 2);

	if (id < 1 || id > 2 || access < 1 || access > 2)
		return AQ_EINVAL;
	if (id == 1)
		port->control->nvm_owned = true; /* no other function asks for it */
	put32(command->p + 4, access == 1 ? 3000 : 180000);
	return AQ_OK;
}

uint16_t
xl710_aq_release_resource(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t id = le16(command->p);

	if (id < 1 || id > 2)
		return AQ_EINVAL;
	if (id == 1)
		port->control->nvm_owned = false;
	return AQ_OK;
}

/* ---- capabilities ---- */

struct capability {
	uint16_t id;
	uint8_t major;
	uint32_t number, logical, physical;
};

static void
put_capability(uint8_t *record, const struct capability *capability)
{
	memset(record, 0, 32);
	put16(record, capability->id);
	record[2] = capability->major;
	put32(record + 4, capability->number);
	put32(record + 8, capability->logical);
	put32(record + 12, capability->physical);
}

uint16_t
xl710_aq_capabilities(struct xl710_port *port, struct xl710_command *command)
{
	const struct capability list[] = {
		{ 0x05, 1, 1u << port->number, 0, 0 },         /* valid functions */
		{ 0x12, 1, 0, 0, 0 },                          /* SR-IOV: no */
		{ 0x13, 1, 0, 16, 0 },                         /* VFs, first VF */
		{ 0x14, 1, 1, 0, 0 },                          /* VMDq */
		{ 0x17, 1, XL710_VSIS, 0, 0 },                 /* VSIs */
		{ 0x18, 1, 1, 1, 8 },                          /* DCB: TC map, most TCs */
		{ 0x40, 1, 512, 6, 0 },                        /* RSS: entries, bits */
		{ 0x41, 1, port->control->queues, 0, 0 },      /* receive queues, first absolute */
		{ 0x42, 1, port->control->queues, 0, 0 },      /* transmit queues */
		{ 0x43, 1, 129, 0, 0 },                        /* vectors of the function */
		{ 0x44, 1, 5, 0, 0 },                          /* of a VF */
		{ 0x45, 1, 512, 7680, 0 },                     /* flow director: guaranteed, best effort */
		{ 0x46, 1, 0, 0, 0 },                          /* IEEE 1588: no */
		{ 0x61, 1, 1, 0, 0 },                          /* LED 0 */
		{ 0x63, 1, 0, 0, 0 },                          /* MDIO: not ours */
	};
	uint32_t count = sizeof(list) / sizeof(list[0]);

	put32(command->p + 4, count);
	command->reply = (uint16_t)(count * 32);
	if (command->length < count * 32)
		return AQ_ENOMEM;
	for (uint32_t i = 0; i < count; i++)
		put_capability(command->buffer + i * 32, &list[i]);
	return AQ_OK;
}

/* ---- addresses ---- */

uint16_t
xl710_aq_mac_read(struct xl710_port *port, struct xl710_command *command)
{
	memset(command->buffer, 0, 24);
	memcpy(command->buffer, port->control->address, 6);
	memcpy(command->buffer + 12, port->mac, 6);
	put16(command->p, 0x10 | 0x40); /* LAN, port */
	command->reply = 24;
	return AQ_OK;
}

uint16_t
xl710_aq_mac_write(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t kind = le16(command->p) & 0xC000, high = le16(command->p + 2);
	uint32_t low = le32(command->p + 4);
	uint8_t mac[6] = { (uint8_t)(high >> 8), (uint8_t)high, (uint8_t)(low >> 24), (uint8_t)(low >> 16), (uint8_t)(low >> 8), (uint8_t)low };

	if ((mac[0] & 1) || (mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]) == 0)
		return AQ_EINVAL;
	if (kind == 0x8000) { /* the port's, from which pause frames are sent */
		reg_set(port, XR_PRTGL_SAL, mac[0] | mac[1] << 8 | mac[2] << 16 | (uint32_t)mac[3] << 24);
		reg_set(port, XR_PRTGL_SAH, (reg_get(port, XR_PRTGL_SAH) & 0xFFFF0000) | mac[4] | (uint32_t)mac[5] << 8);
		return AQ_OK;
	}
	memcpy(port->control->address, mac, 6);
	return AQ_OK;
}

uint16_t
xl710_aq_clear_pxe(struct xl710_port *port, struct xl710_command *command)
{
	(void)command;
	reg_set(port, XR_GLLAN_RCTL_0, reg_get(port, XR_GLLAN_RCTL_0) & ~1u);
	return AQ_OK;
}

/* ---- registers ---- */

static bool
register_there(uint32_t offset)
{
	return offset <= XL710_BAR_SIZE - 4 && offset % 4 == 0;
}

uint16_t
xl710_aq_register_read(struct xl710_port *port, struct xl710_command *command)
{
	uint32_t offset = le32(command->p + 4);

	if (!register_there(offset))
		return AQ_EINVAL;
	put32(command->p + 12, reg_get(port, offset));
	return AQ_OK;
}

uint16_t
xl710_aq_register_write(struct xl710_port *port, struct xl710_command *command)
{
	uint32_t offset = le32(command->p + 4);

	if (!register_there(offset))
		return AQ_EINVAL;
	xl710_register_store(port, offset, le32(command->p + 12));
	return AQ_OK;
}

uint16_t
xl710_aq_debug_read(struct xl710_port *port, struct xl710_command *command)
{
	uint32_t offset = le32(command->p + 4);

	if (!register_there(offset))
		return AQ_EINVAL;
	put32(command->p + 8, 0);
	put32(command->p + 12, reg_get(port, offset));
	return AQ_OK;
}

uint16_t
xl710_aq_debug_write(struct xl710_port *port, struct xl710_command *command)
{
	uint32_t offset = le32(command->p + 4);

	if (!register_there(offset))
		return AQ_EINVAL;
	xl710_register_store(port, offset, le32(command->p + 12));
	return AQ_OK;
}

/* ---- NVM ---- */

uint16_t
xl710_aq_nvm_read(struct xl710_port *port, struct xl710_command *command)
{
	uint32_t length = le16(command->p + 2), offset = le32(command->p + 4) & 0xFFFFFF;

	if (command->p[1] != 0) /* modules: this card has the shadow RAM only */
		return AQ_ENOENT;
	if (length == 0 || length > command->length || length % 2 != 0 || offset % 2 != 0 || offset > XL710_NVM_WORDS * 2 - length)
		return AQ_EINVAL;
	for (uint32_t i = 0; i < length; i += 2)
		put16(command->buffer + i, port->control->nvm[(offset + i) / 2]);
	command->reply = (uint16_t)length;
	return AQ_OK;
}

/* No agent runs on this card, so nobody has heard of a neighbour. */
uint16_t
xl710_aq_lldp_mib(struct xl710_port *port, struct xl710_command *command)
{
	(void)port;
	(void)command;
	return AQ_EPERM;
}

/* ---- UDP tunnels ---- */

uint16_t
xl710_aq_tunnel_add(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t udp_port = le16(command->p);
	uint8_t protocol = command->p[3];
	int index;

	if (udp_port == 0 || (protocol > 1 && protocol != 0x11))
		return AQ_EINVAL;
	index = xl710_datapath_udp_tunnel_add(port, udp_port, protocol);
	if (index < 0)
		return index == -EEXIST ? AQ_EEXIST : AQ_ENOSPC;
	command->p[2] = (uint8_t)index;
	command->p[3] = 0;
	return AQ_OK;
}

uint16_t
xl710_aq_tunnel_delete(struct xl710_port *port, struct xl710_command *command)
{
	return xl710_datapath_udp_tunnel_remove(port, command->p[2]) < 0 ? AQ_ENOENT : AQ_OK;
}

/* ---- RSS key and tables, for drivers that ask the firmware ---- */

#define KEY_BYTES 52u

/* The VSI a command names, or NULL. */
static struct xl710_vsi *
named_vsi(struct xl710_port *port, const struct xl710_command *command)
{
	uint16_t number = le16(command->p) & 0x3FF;

	if (!(le16(command->p) & 0x8000) || number >= XL710_VSIS || !port->vsis[number].used)
		return NULL;
	return &port->vsis[number];
}

uint16_t
xl710_aq_set_rss_key(struct xl710_port *port, struct xl710_command *command)
{
	if (named_vsi(port, command) == NULL)
		return AQ_EINVAL;
	for (unsigned int i = 0; i < KEY_BYTES / 4; i++)
		reg_set(port, XR_AT(PFQF_HKEY, i), le32(command->buffer + 4 * i));
	return AQ_OK;
}

uint16_t
xl710_aq_get_rss_key(struct xl710_port *port, struct xl710_command *command)
{
	if (named_vsi(port, command) == NULL)
		return AQ_EINVAL;
	for (unsigned int i = 0; i < KEY_BYTES / 4; i++)
		put32(command->buffer + 4 * i, reg_get(port, XR_AT(PFQF_HKEY, i)));
	command->reply = KEY_BYTES;
	return AQ_OK;
}

/* The registers of the table a command is about: the function's (512 entries, else 128), or one VSI's 64. */
static uint32_t
lut_register(const struct xl710_port *port, const struct xl710_command *command, const struct xl710_vsi *vsi, unsigned int dword)
{
	if (le16(command->p + 2) & 1)
		return XR_AT(PFQF_HLUT, dword);
	return XR_AT2(VSIQF_HLUT, vsi - port->vsis, dword);
}

static unsigned int
lut_dwords(const struct xl710_command *command)
{
	unsigned int entries = le16(command->p + 2) & 1 ? 512 : 64;

	return (command->length < entries ? command->length : entries) / 4;
}

uint16_t
xl710_aq_set_rss_lut(struct xl710_port *port, struct xl710_command *command)
{
	const struct xl710_vsi *vsi = named_vsi(port, command);

	if (vsi == NULL)
		return AQ_EINVAL;
	for (unsigned int i = 0; i < lut_dwords(command); i++)
		reg_set(port, lut_register(port, command, vsi, i), le32(command->buffer + 4 * i));
	return AQ_OK;
}

uint16_t
xl710_aq_get_rss_lut(struct xl710_port *port, struct xl710_command *command)
{
	const struct xl710_vsi *vsi = named_vsi(port, command);
	unsigned int dwords = lut_dwords(command);

	if (vsi == NULL)
		return AQ_EINVAL;
	for (unsigned int i = 0; i < dwords; i++)
		put32(command->buffer + 4 * i, reg_get(port, lut_register(port, command, vsi, i)));
	command->reply = (uint16_t)(dwords * 4);
	return AQ_OK;
}
