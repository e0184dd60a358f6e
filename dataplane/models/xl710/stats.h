/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Counters. They are kept here in 64 bits and shown in BAR0 as 48 or 32 bits, one 8-byte store each, by xl710_stats_publish: a driver reads
 * them with one load. Lengths are of frames without FCS; what is counted has the 4 bytes, as the card's octets do.
 */
#ifndef XL710_STATS_H
#define XL710_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "registers.h"

#define XL710_VEBS 16u

enum xl710_cast { XL710_UNICAST, XL710_MULTICAST, XL710_BROADCAST };

struct xl710_traffic {
	uint64_t bytes, frames[3]; /* by enum xl710_cast */
};

/* One of a port's size bins: up to 64, 127, 255, 511, 1023, 1522, 9522 and more bytes, FCS included. */
#define XL710_SIZE_BINS 7

/* Counters of one VSI or VEB. `dirty` by whoever changes it, cleared by publishing. */
struct xl710_stat_row {
	struct xl710_traffic rx, tx;
	uint64_t rx_discards; /* RDPC: for this VSI, but its queue had no descriptor */
	uint64_t rx_unknown;  /* RUPP */
	uint64_t tx_errors;   /* TEPC */
	bool dirty;
};

struct xl710_stats {
	struct xl710_traffic rx, tx;                          /* at the wire */
	uint64_t rx_sizes[XL710_SIZE_BINS], tx_sizes[XL710_SIZE_BINS];
	uint64_t crc_errors, illegal_bytes, local_faults, remote_faults, length_errors; /* CRCERRS ILLERRC MLFC MRFC RLEC */
	uint64_t undersize, fragments, oversize, jabber;      /* RUC RFC ROC RJC */
	uint64_t rx_discards;                                 /* RDPC: the port had no room */
	uint64_t rx_unknown;                                  /* RUPP */
	uint64_t tx_link_down;                                /* TDOLD */
	uint64_t flow_director_matches;
	uint64_t malicious_tx, malicious_rx;                  /* queues stopped; not a register */
	uint64_t admin_errors, admin_unanswered, admin_slow, dma_misses;  /* not registers */
	bool dirty;
	struct xl710_stat_row vsi[XL710_VSIS];                /* GLV: by stat_counter_idx */
	struct xl710_stat_row veb[XL710_VEBS];                /* GLSW: by the VEB's statistic index */
};

static inline enum xl710_cast
xl710_cast_of(const uint8_t *frame)
{
	if (!(frame[0] & 1))
		return XL710_UNICAST;
	return (frame[0] & frame[1] & frame[2] & frame[3] & frame[4] & frame[5]) == 0xFF ? XL710_BROADCAST : XL710_MULTICAST;
}

static inline void
xl710_traffic_count(struct xl710_traffic *traffic, enum xl710_cast cast, uint32_t length)
{
	traffic->bytes += length + 4;
	traffic->frames[cast]++;
}

static inline unsigned int
xl710_size_bin(uint32_t length)
{
	uint32_t size = length + 4;

	return size <= 64 ? 0 : size <= 127 ? 1 : size <= 255 ? 2 : size <= 511 ? 3 : size <= 1023 ? 4 : size <= 1522 ? 5 : 6;
}

/* A frame came in from, or went out to, the wire. */
static inline void
xl710_stats_port_rx(struct xl710_stats *stats, enum xl710_cast cast, uint32_t length)
{
	xl710_traffic_count(&stats->rx, cast, length);
	stats->rx_sizes[xl710_size_bin(length)]++;
	stats->dirty = true;
}

static inline void
xl710_stats_port_tx(struct xl710_stats *stats, enum xl710_cast cast, uint32_t length)
{
	xl710_traffic_count(&stats->tx, cast, length);
	stats->tx_sizes[xl710_size_bin(length)]++;
	stats->dirty = true;
}

/* What changed since the last time into BAR0. The data path's poll calls it once for all it has done. */
void xl710_stats_publish(struct xl710_port *port);

#endif
