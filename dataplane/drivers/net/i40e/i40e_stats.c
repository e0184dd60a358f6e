/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Counters: of the port, and of our VSI. The device's are 32 or 48 bits wide, never cleared, and go on from an earlier
 * user's; ours are 64 bits from 0. They are read at least when somebody asks: a 48-bit counter of bytes wraps after 15
 * hours at 40 Gbit/s, a 32-bit one counts errors.
 */
#include <errno.h>
#include <string.h>

#include <rte_string_fns.h>

#include "i40e_port.h"

struct source {
	const char *name;
	uint32_t offset;
	uint8_t bits;
};

enum port_counter {
	PORT_RX_BYTES, PORT_RX_UNICAST, PORT_RX_MULTICAST, PORT_RX_BROADCAST,
	PORT_TX_BYTES, PORT_TX_UNICAST, PORT_TX_MULTICAST, PORT_TX_BROADCAST,
	PORT_RX_DISCARDS, PORT_TX_DROPPED_LINK_DOWN, PORT_CRC_ERRORS, PORT_ILLEGAL_BYTES, PORT_LENGTH_ERRORS,
	PORT_UNDERSIZE, PORT_FRAGMENTS, PORT_OVERSIZE, PORT_JABBERS,
	PORT_NAMED,
};

static const struct source port_sources[] = {
	[PORT_RX_BYTES] = {"rx_port_bytes", 0x300000, 48},
	[PORT_RX_UNICAST] = {"rx_port_unicast_packets", 0x3005A0, 48},
	[PORT_RX_MULTICAST] = {"rx_port_multicast_packets", 0x3005C0, 48},
	[PORT_RX_BROADCAST] = {"rx_port_broadcast_packets", 0x3005E0, 48},
	[PORT_TX_BYTES] = {"tx_port_bytes", 0x300680, 48},
	[PORT_TX_UNICAST] = {"tx_unicast_packets", 0x3009C0, 48},
	[PORT_TX_MULTICAST] = {"tx_multicast_packets", 0x3009E0, 48},
	[PORT_TX_BROADCAST] = {"tx_broadcast_packets", 0x300A00, 48},
	[PORT_RX_DISCARDS] = {"rx_port_discards", 0x300600, 32},
	[PORT_TX_DROPPED_LINK_DOWN] = {"tx_dropped_link_down", 0x300A20, 32},
	[PORT_CRC_ERRORS] = {"rx_crc_errors", 0x300080, 32},
	[PORT_ILLEGAL_BYTES] = {"rx_illegal_byte_errors", 0x3000E0, 32},
	[PORT_LENGTH_ERRORS] = {"rx_length_errors", 0x3000A0, 32},
	[PORT_UNDERSIZE] = {"rx_undersized_errors", 0x300100, 32},
	[PORT_FRAGMENTS] = {"rx_fragmented_errors", 0x300560, 32},
	[PORT_OVERSIZE] = {"rx_oversize_errors", 0x300120, 32},
	[PORT_JABBERS] = {"rx_jabber_errors", 0x300580, 32},
	[PORT_NAMED] = {"mac_local_errors", 0x300020, 32},
	{"mac_remote_errors", 0x300040, 32},
	{"rx_xon_packets", 0x300140, 32},
	{"rx_xoff_packets", 0x300160, 32},
	{"tx_xon_packets", 0x300980, 32},
	{"tx_xoff_packets", 0x3009A0, 32},
	{"rx_size_64_packets", 0x300480, 48},
	{"rx_size_65_to_127_packets", 0x3004A0, 48},
	{"rx_size_128_to_255_packets", 0x3004C0, 48},
	{"rx_size_256_to_511_packets", 0x3004E0, 48},
	{"rx_size_512_to_1023_packets", 0x300500, 48},
	{"rx_size_1024_to_1522_packets", 0x300520, 48},
	{"rx_size_1523_to_max_packets", 0x300540, 48},
	{"tx_size_64_packets", 0x3006A0, 48},
	{"tx_size_65_to_127_packets", 0x3006C0, 48},
	{"tx_size_128_to_255_packets", 0x3006E0, 48},
	{"tx_size_256_to_511_packets", 0x300700, 48},
	{"tx_size_512_to_1023_packets", 0x300720, 48},
	{"tx_size_1024_to_1522_packets", 0x300740, 48},
	{"tx_size_1523_to_max_packets", 0x300760, 48},
};

enum vsi_counter {
	VSI_RX_BYTES, VSI_RX_UNICAST, VSI_RX_MULTICAST, VSI_RX_BROADCAST, VSI_RX_DISCARDS, VSI_RX_UNKNOWN, VSI_TX_ERRORS,
	VSI_TX_BYTES, VSI_TX_UNICAST, VSI_TX_MULTICAST, VSI_TX_BROADCAST,
};

static const struct source vsi_sources[] = {
	[VSI_RX_BYTES] = {"rx_bytes", I40E_GLV_GORC, 48},
	[VSI_RX_UNICAST] = {"rx_unicast_packets", I40E_GLV_UPRC, 48},
	[VSI_RX_MULTICAST] = {"rx_multicast_packets", I40E_GLV_MPRC, 48},
	[VSI_RX_BROADCAST] = {"rx_broadcast_packets", I40E_GLV_BPRC, 48},
	[VSI_RX_DISCARDS] = {"rx_dropped_packets", I40E_GLV_RDPC, 32},
	[VSI_RX_UNKNOWN] = {"rx_unknown_protocol_packets", I40E_GLV_RUPP, 32},
	[VSI_TX_ERRORS] = {"tx_vsi_errors", I40E_GLV_TEPC, 32},
	[VSI_TX_BYTES] = {"tx_vsi_bytes", I40E_GLV_GOTC, 48},
	[VSI_TX_UNICAST] = {"tx_vsi_unicast_packets", I40E_GLV_UPTC, 48},
	[VSI_TX_MULTICAST] = {"tx_vsi_multicast_packets", I40E_GLV_MPTC, 48},
	[VSI_TX_BROADCAST] = {"tx_vsi_broadcast_packets", I40E_GLV_BPTC, 48},
};

_Static_assert(RTE_DIM(port_sources) <= I40E_PORT_COUNTERS, "room for the port's counters");
_Static_assert(RTE_DIM(vsi_sources) == I40E_VSI_COUNTERS, "room for the VSI's counters");

enum own_counter { OWN_RX_ERRORS, OWN_TX_REFUSED, OWN_COUNTERS };
static const char *const own_names[] = {"rx_broken_packets", "tx_refused_packets"};

uint64_t
i40e_read_counter(const struct i40e_hw *hw, uint32_t offset, unsigned int bits)
{
	if (bits <= 32)
		return i40e_read(hw, offset);
	/* One read for both halves, which the device keeps in one aligned slot. */
	return rte_read64(hw->bar + offset) & ((1ULL << bits) - 1);
}

void
i40e_counter_advance(struct i40e_counter *counter, uint64_t now, unsigned int bits)
{
	counter->sum += (now - counter->last) & ((1ULL << bits) - 1);
	counter->last = now;
}

static void
update(struct i40e_port *port)
{
	uint64_t port_now[RTE_DIM(port_sources)], vsi_now[RTE_DIM(vsi_sources)];
	const uint32_t row = port->vsi.info.statistics;

	for (unsigned int i = 0; i < RTE_DIM(port_sources); i++)
		port_now[i] = i40e_read_counter(&port->hw, I40E_GLPRT(port_sources[i].offset, port->hw.port), port_sources[i].bits);
	for (unsigned int i = 0; i < RTE_DIM(vsi_sources); i++)
		vsi_now[i] = i40e_read_counter(&port->hw, I40E_GLV(vsi_sources[i].offset, row), vsi_sources[i].bits);
	/* A card that was there until now: all ones would count as so much traffic. */
	if (i40e_is_gone(&port->hw) || i40e_is_silent(&port->hw))
		return;
	for (unsigned int i = 0; i < RTE_DIM(port_sources); i++)
		i40e_counter_advance(&port->port_counters[i], port_now[i], port_sources[i].bits);
	for (unsigned int i = 0; i < RTE_DIM(vsi_sources); i++)
		i40e_counter_advance(&port->vsi_counters[i], vsi_now[i], vsi_sources[i].bits);
}

/* The device counts each packet's FCS. */
static uint64_t
without_fcs(uint64_t bytes, uint64_t packets)
{
	return bytes >= packets * RTE_ETHER_CRC_LEN ? bytes - packets * RTE_ETHER_CRC_LEN : 0;
}

static uint64_t
own_counter(const struct rte_eth_dev *dev, enum own_counter which)
{
	uint64_t sum = 0;

	for (uint16_t i = 0; which == OWN_RX_ERRORS && i < dev->data->nb_rx_queues; i++)
		if (dev->data->rx_queues[i] != NULL)
			sum += ((const struct i40e_rxq *)dev->data->rx_queues[i])->errors;
	for (uint16_t i = 0; which == OWN_TX_REFUSED && i < dev->data->nb_tx_queues; i++)
		if (dev->data->tx_queues[i] != NULL)
			sum += ((const struct i40e_txq *)dev->data->tx_queues[i])->refused;
	return sum;
}

int
i40e_stats_get(struct rte_eth_dev *dev, struct rte_eth_stats *stats)
{
	struct i40e_port *port = i40e_port_of(dev);
	const struct i40e_counter *p = port->port_counters, *v = port->vsi_counters;

	pthread_mutex_lock(&port->stats_lock);
	update(port);
	stats->ipackets = v[VSI_RX_UNICAST].sum + v[VSI_RX_MULTICAST].sum + v[VSI_RX_BROADCAST].sum;
	stats->ibytes = without_fcs(v[VSI_RX_BYTES].sum, stats->ipackets);
	stats->opackets = p[PORT_TX_UNICAST].sum + p[PORT_TX_MULTICAST].sum + p[PORT_TX_BROADCAST].sum;
	stats->obytes = without_fcs(p[PORT_TX_BYTES].sum, stats->opackets);
	stats->imissed = p[PORT_RX_DISCARDS].sum + v[VSI_RX_DISCARDS].sum;
	stats->ierrors = p[PORT_CRC_ERRORS].sum + p[PORT_LENGTH_ERRORS].sum + p[PORT_UNDERSIZE].sum + p[PORT_FRAGMENTS].sum +
		p[PORT_OVERSIZE].sum + p[PORT_JABBERS].sum;
	stats->oerrors = p[PORT_TX_DROPPED_LINK_DOWN].sum + v[VSI_TX_ERRORS].sum + own_counter(dev, OWN_TX_REFUSED);
	stats->rx_nombuf = dev->data->rx_mbuf_alloc_failed;
	pthread_mutex_unlock(&port->stats_lock);
	return 0;
}

int
i40e_stats_reset(struct rte_eth_dev *dev)
{
	struct i40e_port *port = i40e_port_of(dev);

	pthread_mutex_lock(&port->stats_lock);
	update(port);
	for (unsigned int i = 0; i < I40E_PORT_COUNTERS; i++)
		port->port_counters[i].sum = 0;
	for (unsigned int i = 0; i < I40E_VSI_COUNTERS; i++)
		port->vsi_counters[i].sum = 0;
	for (uint16_t i = 0; i < dev->data->nb_rx_queues; i++)
		if (dev->data->rx_queues[i] != NULL)
			((struct i40e_rxq *)dev->data->rx_queues[i])->errors = 0;
	for (uint16_t i = 0; i < dev->data->nb_tx_queues; i++)
		if (dev->data->tx_queues[i] != NULL)
			((struct i40e_txq *)dev->data->tx_queues[i])->refused = 0;
	dev->data->rx_mbuf_alloc_failed = 0;
	pthread_mutex_unlock(&port->stats_lock);
	return 0;
}

#define XSTATS (RTE_DIM(port_sources) + RTE_DIM(vsi_sources) + OWN_COUNTERS)

int
i40e_xstats_get(struct rte_eth_dev *dev, struct rte_eth_xstat *stats, unsigned int n)
{
	struct i40e_port *port = i40e_port_of(dev);
	unsigned int at = 0;

	if (stats == NULL || n < XSTATS)
		return XSTATS;
	pthread_mutex_lock(&port->stats_lock);
	update(port);
	for (unsigned int i = 0; i < RTE_DIM(vsi_sources); i++, at++)
		stats[at] = (struct rte_eth_xstat){.id = at, .value = port->vsi_counters[i].sum};
	for (unsigned int i = 0; i < RTE_DIM(port_sources); i++, at++)
		stats[at] = (struct rte_eth_xstat){.id = at, .value = port->port_counters[i].sum};
	for (unsigned int i = 0; i < OWN_COUNTERS; i++, at++)
		stats[at] = (struct rte_eth_xstat){.id = at, .value = own_counter(dev, i)};
	pthread_mutex_unlock(&port->stats_lock);
	return (int)at;
}

int
i40e_xstats_get_names(struct rte_eth_dev *dev, struct rte_eth_xstat_name *names, unsigned int n)
{
	unsigned int at = 0;

	RTE_SET_USED(dev);
	if (names == NULL || n < XSTATS)
		return XSTATS;
	for (unsigned int i = 0; i < RTE_DIM(vsi_sources); i++)
		rte_strscpy(names[at++].name, vsi_sources[i].name, sizeof(names->name));
	for (unsigned int i = 0; i < RTE_DIM(port_sources); i++)
		rte_strscpy(names[at++].name, port_sources[i].name, sizeof(names->name));
	for (unsigned int i = 0; i < OWN_COUNTERS; i++)
		rte_strscpy(names[at++].name, own_names[i], sizeof(names->name));
	return (int)at;
}
