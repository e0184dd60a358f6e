/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The link: what the firmware says of it, and what it is asked for.
 */
#include <errno.h>
#include <string.h>

#include "i40e_port.h"

#define LINK_UP 0x01         /* of link_info */
#define LINK_EVENTS_OFF 2
#define LINK_EVENTS_ON 3

#define PHY_PAUSE 0x07       /* of abilities: pause frames, low power */
#define PHY_ENABLE_LINK 0x08
#define PHY_ENABLE_AN 0x10
#define PHY_APPLY 0x20

#define PHY_REPORT_INITIAL 2

#define EVENT_LINK 0x0002
#define EVENT_MEDIA 0x0004
#define EVENT_MODULE 0x0100

#define MAC_CRC 4
#define PAUSE_THRESHOLD 0x7FFF

static const struct {
	uint8_t bit;
	uint32_t speed;
	uint32_t flag;
} speeds[] = {
	{0x01, RTE_ETH_SPEED_NUM_2_5G, RTE_ETH_LINK_SPEED_2_5G},
	{0x02, RTE_ETH_SPEED_NUM_100M, RTE_ETH_LINK_SPEED_100M},
	{0x04, RTE_ETH_SPEED_NUM_1G, RTE_ETH_LINK_SPEED_1G},
	{0x08, RTE_ETH_SPEED_NUM_10G, RTE_ETH_LINK_SPEED_10G},
	{0x10, RTE_ETH_SPEED_NUM_40G, RTE_ETH_LINK_SPEED_40G},
	{0x20, RTE_ETH_SPEED_NUM_20G, RTE_ETH_LINK_SPEED_20G},
	{0x40, RTE_ETH_SPEED_NUM_25G, RTE_ETH_LINK_SPEED_25G},
	{0x80, RTE_ETH_SPEED_NUM_5G, RTE_ETH_LINK_SPEED_5G},
};

static int
ask_link(struct i40e_port *port, uint16_t flags, struct rte_eth_link *link)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_GET_LINK);
	int error;

	desc.param.words[0] = flags;
	error = i40e_aq_send(&port->hw, &desc, NULL, 0, false, false);
	if (error != 0)
		return error;
	*link = (struct rte_eth_link){.link_duplex = RTE_ETH_LINK_FULL_DUPLEX,
		.link_autoneg = !__atomic_load_n(&port->fixed_speed, __ATOMIC_RELAXED)};
	if (desc.param.bytes[4] & LINK_UP) {
		link->link_status = RTE_ETH_LINK_UP;
		link->link_speed = RTE_ETH_SPEED_NUM_UNKNOWN;
		for (unsigned int i = 0; i < RTE_DIM(speeds); i++)
			if (desc.param.bytes[3] & speeds[i].bit)
				link->link_speed = speeds[i].speed;
	}
	return 0;
}

/* The port's own word stands until the firmware gives another: a failed command says nothing about the link. */
int
i40e_link_update(struct rte_eth_dev *dev, int wait)
{
	struct i40e_port *port = i40e_port_of(dev);
	const uint16_t events = __atomic_load_n(&port->link_events, __ATOMIC_RELAXED) ? LINK_EVENTS_ON : LINK_EVENTS_OFF;
	struct rte_eth_link link;

	/* As it was set when the card went. */
	if (i40e_is_gone(&port->hw))
		return 0;
	for (unsigned int i = 0;; i++) {
		const int error = ask_link(port, events, &link);

		if (error != 0)
			return error;
		/* As long as a link may take to come up; who waits has started the port before. */
		if (!wait || link.link_status == RTE_ETH_LINK_UP || !dev->data->dev_started || i == 100)
			break;
		port->hw.sleep(&port->hw, 10000);
	}
	return rte_eth_linkstatus_set(dev, &link);
}

static uint8_t
speed_bits(uint32_t link_speeds)
{
	uint8_t bits = 0;

	for (unsigned int i = 0; i < RTE_DIM(speeds); i++)
		if (link_speeds & speeds[i].flag)
			bits |= speeds[i].bit;
	return bits;
}

/* What the PHY can do stays; only whether it does, and at which speeds, changes. */
static int
set_phy(struct i40e_port *port, bool up)
{
	const uint32_t wanted = port->dev->data->dev_conf.link_speeds;
	struct i40e_aq_desc ask = i40e_aq_command(I40E_AQ_GET_PHY), desc = i40e_aq_command(I40E_AQ_SET_PHY);
	uint8_t abilities[0x218];
	uint8_t chosen;
	int error;

	ask.param.dwords[0] = PHY_REPORT_INITIAL;
	error = i40e_aq_send(&port->hw, &ask, abilities, sizeof(abilities), false, false);
	if (error != 0)
		return error;
	chosen = abilities[4];
	if ((wanted & RTE_ETH_LINK_SPEED_FIXED) || wanted != RTE_ETH_LINK_SPEED_AUTONEG) {
		chosen &= speed_bits(wanted);
		if (chosen == 0) {
			I40E_LOG(ERR, port->hw.name, "none of the speeds asked for (0x%x) is one of its module's (0x%02x)", wanted,
				abilities[4]);
			return -EINVAL;
		}
	}
	memcpy(&desc.param.bytes[0], abilities, 4);       /* PHY types */
	desc.param.bytes[4] = chosen;
	desc.param.bytes[5] = (uint8_t)((abilities[5] & PHY_PAUSE) | PHY_ENABLE_AN | PHY_APPLY | (up ? PHY_ENABLE_LINK : 0));
	memcpy(&desc.param.bytes[6], &abilities[6], 2);   /* energy efficiency */
	memcpy(&desc.param.bytes[8], &abilities[8], 4);
	desc.param.bytes[12] = abilities[12];             /* low-power control */
	desc.param.bytes[13] = abilities[13];             /* more PHY types */
	desc.param.bytes[14] = abilities[14];             /* FEC */
	return i40e_aq_send(&port->hw, &desc, NULL, 0, false, false);
}

int
i40e_set_link_up(struct rte_eth_dev *dev)
{
	return set_phy(i40e_port_of(dev), true);
}

int
i40e_set_link_down(struct rte_eth_dev *dev)
{
	const int error = set_phy(i40e_port_of(dev), false);

	if (error == 0)
		(void)i40e_link_update(dev, 0);
	return error;
}

int
i40e_set_max_frame(struct i40e_port *port)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_SET_MAC_CONFIG);

	desc.param.words[0] = I40E_MAX_FRAME;
	desc.param.bytes[2] = MAC_CRC;
	desc.param.words[3] = PAUSE_THRESHOLD;
	return i40e_aq_send(&port->hw, &desc, NULL, 0, false, false);
}

int
i40e_link_events(struct i40e_port *port, bool on)
{
	struct i40e_aq_desc desc = i40e_aq_command(I40E_AQ_PHY_MASK);

	/* A bit that is set holds its event back. */
	desc.param.words[4] = on ? (uint16_t)~(EVENT_LINK | EVENT_MEDIA | EVENT_MODULE) : 0xFFFF;
	return i40e_aq_send(&port->hw, &desc, NULL, 0, false, false);
}
