/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Counters: each lcore adds in private memory and publishes into its block of the counters area, which observers read as one
 * consistent set by the block's sequence word.
 */
#ifndef APP_COUNTERS_H
#define APP_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "wdpdk_protocol.h"

#define PORT_COUNTERS (WDPDK_PORT_COUNTER_COUNT + WDPDK_DROP_COUNT + WDPDK_MIRROR_DROP_COUNT)
#define PORT_COUNTER_DROP(cause) (WDPDK_PORT_COUNTER_COUNT + (cause))
#define PORT_COUNTER_MIRROR_DROP(cause) (WDPDK_PORT_COUNTER_COUNT + WDPDK_DROP_COUNT + (cause))

/* Bytes of one lcore's block. */
#define LCORE_BLOCK_BYTES (WDPDK_LCORE_BLOCK_PORTS + WDPDK_LIMIT_PORTS * WDPDK_LCORE_BLOCK_PORT_STRIDE)

_Static_assert(PORT_COUNTERS * 8 <= WDPDK_LCORE_BLOCK_LATENCY, "a port's counters end before its histogram");
_Static_assert(WDPDK_LCORE_BLOCK_LATENCY + WDPDK_LCORE_BLOCK_LATENCY_BUCKETS * 8 <= WDPDK_LCORE_BLOCK_PORT_STRIDE,
	"a port's histogram fits its block");
_Static_assert(WDPDK_LCORE_COUNTER_COUNT * 8 <= WDPDK_LCORE_BLOCK_PORTS, "an lcore's words fit before its ports");

/* What a sink counts: published only when it has, since no other port touches these. */
#define PORT_COUNTERS_SINK_FIRST WDPDK_PORT_COUNTER_SINK_STAMPED
#define PORT_COUNTERS_SINK_END (WDPDK_PORT_COUNTER_LATENCY_SUM_NS + 1)
#define LATENCY_MARKS (WDPDK_LCORE_BLOCK_LATENCY_BUCKETS / 64)

/* One block, as its writer keeps it or as a reader copied it. */
struct lcore_counters {
	uint64_t words[WDPDK_LCORE_COUNTER_COUNT];
	uint64_t ports[WDPDK_LIMIT_PORTS][PORT_COUNTERS];
	/* The writer's notes of what has to be published: ports whose sink counted, and which buckets of theirs changed. */
	uint32_t sank;
	uint64_t marks[WDPDK_LIMIT_PORTS][LATENCY_MARKS];
	uint64_t latency[WDPDK_LIMIT_PORTS][WDPDK_LCORE_BLOCK_LATENCY_BUCKETS];
};

/* The histogram's bucket of a latency (the formula is the wire definition's). */
static inline unsigned int
latency_bucket(uint64_t ns)
{
	unsigned int octave, bucket;

	if (ns < 8)
		return (unsigned int)ns;
	octave = 63 - (unsigned int)__builtin_clzll(ns);
	bucket = 8 + (octave - 3) * 4 + (unsigned int)(ns >> (octave - 2) & 3);
	return bucket < WDPDK_LCORE_BLOCK_LATENCY_BUCKETS ? bucket : WDPDK_LCORE_BLOCK_LATENCY_BUCKETS - 1;
}

/* The least latency of a bucket. */
static inline uint64_t
latency_bucket_start(unsigned int bucket)
{
	return bucket < 8 ? bucket : (4 + (uint64_t)((bucket - 8) & 3)) << (1 + (bucket - 8) / 4);
}

/* One sample of a sink's port. */
static inline void
counters_add_latency(struct lcore_counters *counters, unsigned int port, uint64_t ns)
{
	unsigned int bucket = latency_bucket(ns);

	counters->latency[port][bucket]++;
	counters->marks[port][bucket / 64] |= UINT64_C(1) << (bucket % 64);
	counters->ports[port][WDPDK_PORT_COUNTER_LATENCY_SAMPLES]++;
	counters->ports[port][WDPDK_PORT_COUNTER_LATENCY_SUM_NS] += ns;
}

/* Publishes the words and the ports named in `dirty`, of their sinks what changed. Only the block's one writer calls this. */
void counters_publish(struct lcore_counters *counters, uint32_t dirty, uint8_t *block);
/* Copies a block as of one moment: its words and the ports named; the others are zero in `out`. Repeats when the writer came in
 * between, so that naming only the ports there are is what makes it quick. */
void counters_read_ports(const uint8_t *block, uint32_t ports, struct lcore_counters *out);

static inline void
counters_read(const uint8_t *block, struct lcore_counters *out)
{
	counters_read_ports(block, UINT32_MAX, out);
}

/* The area's blocks; one of our own memory when control gave none. */
bool counters_prepare(unsigned int lcores);
uint8_t *counters_block(unsigned int lcore);
unsigned int counters_lcores(void);

#endif
