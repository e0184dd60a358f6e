/* SPDX-License-Identifier: BSD-3-Clause
 *
 * PHY, MAC and link. The link is up when the PHY was told so, a cable is in, and 40G is among what may be: this card has no other speed.
 */
#include "admin.h"

#define TYPE_CR4 0x18
#define TYPES_40G ((1u << 4) | (1u << 8) | (1u << 9) | (1u << 0x18) | (1u << 0x19) | (1u << 0x1A))
#define SPEED_40G 0x10
#define ABILITY_LOW_POWER 4
#define ABILITY_LINK 8
#define ABILITY_AN 0x10
#define APPLY_NOW 0x20

#define LINK_UP_BITS 0xE1     /* up, port up, media, signal */
#define LINK_DOWN_BITS 0x40   /* media */
#define EVENT_LINK 2

#define MAX_FRAME 9728

static const struct xl710_phy initial_phy = {
	.types = (1u << TYPE_CR4) | (1u << 0x19) | (1u << 0x1A), .speeds = SPEED_40G, .abilities = ABILITY_LINK | ABILITY_AN,
};

/* The PHY keeps its configuration until the MAC is reset, too: a driver that begins anew finds what its predecessor left. */
void
xl710_link_reset(struct xl710_port *port, enum xl710_reset reset)
{
	port->control->link_events = false;
	port->control->phy_mask = 0;
	port->control->loopback = 0;
	port->max_frame = MAX_FRAME;
	if (reset >= XL710_GLOBR)
		port->control->phy = initial_phy;
}

static void
write_link_registers(struct xl710_port *port)
{
	/* Up is two bits; speed 3 is 40G. */
	reg_set(port, XR_PRTMAC_LINKSTA, port->link_up ? (1u << 30) | (3u << 27) | (1u << 7) : 0);
	reg_set(port, XR_PRTGEN_STATUS, 1 | (uint32_t)port->link_up << 1);
}

void
xl710_link_status(struct xl710_port *port, uint8_t p[16])
{
	const struct xl710_control *control = port->control;

	memset(p, 0, 16);
	p[0] = control->link_events;
	p[2] = TYPE_CR4;
	p[3] = port->link_up ? SPEED_40G : 0;
	p[4] = port->link_up ? LINK_UP_BITS : control->cable ? LINK_DOWN_BITS : 0;
	p[5] = (port->link_up ? 1 : 0) | 0x80;   /* negotiated; module qualified */
	p[7] = control->loopback & 7;
	put16(p + 8, port->max_frame);
	p[10] = 4;                               /* CRC enabled, no pacing */
	put32(p + 11, 1u << TYPE_CR4);
}

static void
post_link_event(struct xl710_port *port)
{
	struct xl710_event event = { .opcode = 0x0607 };

	if (!port->control->link_events || (port->control->phy_mask & EVENT_LINK))
		return;
	xl710_link_status(port, event.parameters);
	xl710_admin_event(port, &event);
}

void
xl710_link_update(struct xl710_port *port)
{
	const struct xl710_phy *phy = &port->control->phy;
	bool up = port->control->cable && (phy->abilities & ABILITY_LINK) && (phy->types & TYPES_40G) && (phy->speeds & SPEED_40G) &&
		  port->control->reset_until_us == 0;

	if (up == port->link_up) {
		write_link_registers(port);
		return;
	}
	port->link_up = up;
	port->control->link_changes++;
	write_link_registers(port);
	post_link_event(port);
}

/* The fault: down for a tenth of the period. */
bool
xl710_link_scan(struct xl710_port *port, uint64_t now_us)
{
	uint64_t period = (uint64_t)port->faults.link_flap_ms * 1000;

	if (period == 0 || now_us < port->control->flap_at_us)
		return false;
	if (port->control->flap_at_us == 0) {
		port->control->flap_at_us = now_us + period;
		return false;
	}
	port->control->cable = !port->control->cable;
	port->control->flap_at_us = now_us + (port->control->cable ? period - period / 10 : period / 10);
	xl710_link_update(port);
	return true;
}

uint16_t
xl710_aq_phy_abilities(struct xl710_port *port, struct xl710_command *command)
{
	const struct xl710_phy *phy = le32(command->p) & 2 ? &initial_phy : &port->control->phy;
	uint8_t *buffer = command->buffer;

	memset(buffer, 0, 0x218);
	put32(buffer, phy->types);
	buffer[4] = phy->speeds;
	buffer[5] = phy->abilities;
	put16(buffer + 6, phy->eee);
	put32(buffer + 8, phy->eeer);
	buffer[12] = phy->low_power;
	buffer[13] = phy->types_ext;
	buffer[14] = phy->fec;
	put32(buffer + 16, 0x0154C000);  /* PHY id */
	buffer[20] = 0x0D;               /* QSFP+: 40GBASE-CR4 */
	buffer[21] = 0x08;
	command->reply = 0x218;
	return AQ_OK;
}

uint16_t
xl710_aq_set_phy(struct xl710_port *port, struct xl710_command *command)
{
	struct xl710_phy *phy = &port->control->phy;
	uint8_t abilities = command->p[5];

	phy->types = le32(command->p);
	phy->speeds = command->p[4];
	phy->abilities = abilities & (uint8_t)~APPLY_NOW;
	phy->eee = le16(command->p + 6);
	phy->eeer = le32(command->p + 8);
	phy->low_power = command->p[12];
	phy->types_ext = command->p[13];
	phy->fec = command->p[14];
	if (abilities & APPLY_NOW)
		xl710_link_update(port);
	return AQ_OK;
}

uint16_t
xl710_aq_restart_an(struct xl710_port *port, struct xl710_command *command)
{
	uint8_t flags = command->p[0];

	if (flags & 4)
		port->control->phy.abilities |= ABILITY_LINK;
	else
		port->control->phy.abilities &= (uint8_t)~ABILITY_LINK;
	if ((flags & 2) && port->link_up) {
		/* Negotiated anew: down, and up again. */
		bool cable = port->control->cable;

		port->control->cable = false;
		xl710_link_update(port);
		port->control->cable = cable;
	}
	xl710_link_update(port);
	return AQ_OK;
}

uint16_t
xl710_aq_set_mac_config(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t frame = le16(command->p);

	if (frame < 64 || frame > MAX_FRAME)
		return AQ_EINVAL;
	port->max_frame = frame;
	return AQ_OK;
}

uint16_t
xl710_aq_link_status(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t flags = le16(command->p) & 3;

	if (flags >= 2)
		port->control->link_events = flags == 3;
	xl710_link_status(port, command->p);
	return AQ_OK;
}

uint16_t
xl710_aq_phy_mask(struct xl710_port *port, struct xl710_command *command)
{
	port->control->phy_mask = le16(command->p + 8);
	return AQ_OK;
}

uint16_t
xl710_aq_loopback(struct xl710_port *port, struct xl710_command *command)
{
	uint16_t mode = le16(command->p);

	if (mode & ~7u)
		return AQ_EINVAL;
	port->control->loopback = (uint8_t)mode;
	port->loopback = mode != 0;
	return AQ_OK;
}
