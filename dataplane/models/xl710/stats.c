/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "control.h"

#define MASK48 ((1ull << 48) - 1)

/* Slots of 8 bytes, by what they show: of the port, of VSI and VEB rows. */

static const uint32_t vsi_rx[] = { 0x358000, 0x36C000, 0x36CC00, 0x36D800 }; /* GORC UPRC MPRC BPRC */
static const uint32_t vsi_tx[] = { 0x328000, 0x33C000, 0x33CC00, 0x33D800 };
static const uint32_t veb_rx[] = { 0x35C000, 0x370000, 0x370080, 0x370100 };
static const uint32_t veb_tx[] = { 0x32C000, 0x340000, 0x340080, 0x340100 };
static const uint32_t port_rx[] = { 0x300000, 0x3005A0, 0x3005C0, 0x3005E0 };
static const uint32_t port_tx[] = { 0x300680, 0x3009C0, 0x3009E0, 0x300A00 };
static const uint32_t port_rx_sizes[] = { 0x300480, 0x3004A0, 0x3004C0, 0x3004E0, 0x300500, 0x300520, 0x300540 };
static const uint32_t port_tx_sizes[] = { 0x3006A0, 0x3006C0, 0x3006E0, 0x300700, 0x300720, 0x300740, 0x300760 };

#define GLV_RDPC 0x310000
#define GLV_RUPP 0x36E400
#define GLV_TEPC 0x344000

static void
publish_traffic(const struct xl710_port *port, const uint32_t slots[4], unsigned int row, const struct xl710_traffic *traffic)
{
	reg_set64(port, slots[0] + 8 * row, traffic->bytes & MASK48);
	for (unsigned int cast = 0; cast < 3; cast++)
		reg_set64(port, slots[1 + cast] + 8 * row, traffic->frames[cast] & MASK48);
}

static void
publish_port(const struct xl710_port *port)
{
	const struct xl710_stats *stats = &port->stats;
	const struct { uint32_t offset; uint64_t value; } singles[] = {
		{ 0x300080, stats->crc_errors }, { 0x3000E0, stats->illegal_bytes }, { 0x300020, stats->local_faults },
		{ 0x300040, stats->remote_faults }, { 0x3000A0, stats->length_errors }, { 0x300100, stats->undersize },
		{ 0x300560, stats->fragments }, { 0x300120, stats->oversize }, { 0x300580, stats->jabber },
		{ 0x300600, stats->rx_discards }, { 0x300660, stats->rx_unknown }, { 0x300A20, stats->tx_link_down },
	};
	unsigned int row = port->number;

	publish_traffic(port, port_rx, row, &stats->rx);
	publish_traffic(port, port_tx, row, &stats->tx);
	for (unsigned int i = 0; i < XL710_SIZE_BINS; i++) {
		reg_set64(port, port_rx_sizes[i] + 8 * row, stats->rx_sizes[i] & MASK48);
		reg_set64(port, port_tx_sizes[i] + 8 * row, stats->tx_sizes[i] & MASK48);
	}
	for (unsigned int i = 0; i < sizeof(singles) / sizeof(singles[0]); i++)
		reg_set(port, singles[i].offset + 8 * row, (uint32_t)singles[i].value);
}

static void
publish_vsi(const struct xl710_port *port, unsigned int row)
{
	const struct xl710_stat_row *counters = &port->stats.vsi[row];

	publish_traffic(port, vsi_rx, row, &counters->rx);
	publish_traffic(port, vsi_tx, row, &counters->tx);
	reg_set(port, GLV_RDPC + 8 * row, (uint32_t)counters->rx_discards);
	reg_set(port, GLV_RUPP + 8 * row, (uint32_t)counters->rx_unknown);
	reg_set(port, GLV_TEPC + 8 * row, (uint32_t)counters->tx_errors);
}

void
xl710_stats_publish(struct xl710_port *port)
{
	struct xl710_stats *stats = &port->stats;

	if (stats->dirty) {
		publish_port(port);
		stats->dirty = false;
	}
	for (unsigned int row = 0; row < XL710_VSIS; row++)
		if (stats->vsi[row].dirty) {
			publish_vsi(port, row);
			stats->vsi[row].dirty = false;
		}
	for (unsigned int row = 0; row < XL710_VEBS; row++)
		if (stats->veb[row].dirty) {
			publish_traffic(port, veb_rx, row, &stats->veb[row].rx);
			publish_traffic(port, veb_tx, row, &stats->veb[row].tx);
			stats->veb[row].dirty = false;
		}
}

void
xl710_stats_reset(struct xl710_port *port)
{
	struct xl710_stats *stats = &port->stats;

	memset(stats, 0, sizeof(*stats));
	stats->dirty = true;
	for (unsigned int row = 0; row < XL710_VSIS; row++)
		stats->vsi[row].dirty = true;
	for (unsigned int row = 0; row < XL710_VEBS; row++)
		stats->veb[row].dirty = true;
	xl710_stats_publish(port);
}
