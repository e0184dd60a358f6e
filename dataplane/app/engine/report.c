/* SPDX-License-Identifier: BSD-3-Clause */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "address_text.h"
#include "builder.h"
#include "counters.h"
#include "lcore.h"
#include "port.h"
#include "report_summary.h"

static unsigned int (*segment_count)(void);

void
report_count_segments(unsigned int (*count)(void))
{
	segment_count = count;
}

uint32_t
report_port_mask(void)
{
	uint32_t mask = 0;

	for (uint16_t id = 0; id < WDPDK_LIMIT_PORTS; id++)
		mask |= (uint32_t)ports[id].exists << id;
	return mask;
}

int
report_port_by_id(uint16_t port, char *name, size_t name_size)
{
	if (port >= WDPDK_LIMIT_PORTS || !ports[port].exists)
		return -ENODEV;
	snprintf(name, name_size, "%s", ports[port].name);
	return 0;
}

uint16_t
report_port_mtu(uint16_t port)
{
	return port < WDPDK_LIMIT_PORTS ? ports[port].mtu : 0;
}

uint32_t
report_removed_ports(void)
{
	return ports_removed();
}

bool
report_link(uint16_t port, bool *up, uint32_t *mbps)
{
	struct rte_eth_link link = { 0 };

	if (port >= WDPDK_LIMIT_PORTS || !ports[port].exists || rte_eth_link_get_nowait(port, &link) != 0)
		return false;
	*up = link.link_status == RTE_ETH_LINK_UP;
	*mbps = link.link_speed == RTE_ETH_SPEED_NUM_UNKNOWN ? 0 : link.link_speed;
	return true;
}

void
report_ports(struct arena *arena, struct value *report)
{
	struct value *list = value_set_array(arena, report, "ports");

	for (uint16_t id = 0; id < WDPDK_LIMIT_PORTS; id++) {
		struct value *map;
		char mac[MAC_TEXT];
		uint32_t mbps = 0;
		bool up = false;

		if (!ports[id].exists)
			continue;
		report_link(id, &up, &mbps);
		mac_to_text(&ports[id].mac, mac);
		map = value_add_map(arena, list);
		value_set_u64(arena, map, "id", id);
		value_set_string(arena, map, "name", ports[id].name);
		value_set_string(arena, map, "driver", ports[id].driver);
		value_set_string(arena, map, "mac", mac);
		value_set_u64(arena, map, "mtu", ports[id].mtu);
		value_set_bool(arena, map, "linkUp", up);
		value_set_u64(arena, map, "speedMbps", mbps);
	}
}

/* ---- counters ---- */

static void
report_pair(struct arena *arena, struct value *map, const char *key, const uint64_t *pair)
{
	struct value *node = value_set_map(arena, map, key);

	value_set_u64(arena, node, "packets", pair[0]);
	value_set_u64(arena, node, "bytes", pair[1]);
}

static void
report_named(struct arena *arena, struct value *map, const char *const *names, const uint64_t *counters)
{
	for (unsigned int i = 0; names[i] != NULL; i++)
		value_set_u64(arena, map, names[i], counters[i]);
}

static void
report_counters(struct arena *arena, struct value *map, const uint64_t *counters)
{
	static const char *const drops[] = WDPDK_DROP_NAMES, *const mirror_drops[] = WDPDK_MIRROR_DROP_NAMES;
	struct value *mirrored;

	report_pair(arena, map, "rx", &counters[WDPDK_PORT_COUNTER_RX_PACKETS]);
	report_pair(arena, map, "tx", &counters[WDPDK_PORT_COUNTER_TX_PACKETS]);
	report_pair(arena, map, "injected", &counters[WDPDK_PORT_COUNTER_INJECTED_PACKETS]);
	report_pair(arena, map, "generated", &counters[WDPDK_PORT_COUNTER_GENERATED_PACKETS]);
	report_pair(arena, map, "forwarded", &counters[WDPDK_PORT_COUNTER_FORWARDED_PACKETS]);
	report_pair(arena, map, "redirected", &counters[WDPDK_PORT_COUNTER_REDIRECTED_PACKETS]);
	report_pair(arena, map, "sunk", &counters[WDPDK_PORT_COUNTER_SUNK_PACKETS]);
	report_named(arena, value_set_map(arena, map, "dropped"), drops, &counters[PORT_COUNTER_DROP(0)]);
	mirrored = value_set_map(arena, map, "mirrored");
	value_set_u64(arena, mirrored, "attempts", counters[WDPDK_PORT_COUNTER_MIRROR_ATTEMPTS]);
	value_set_u64(arena, mirrored, "delivered", counters[WDPDK_PORT_COUNTER_MIRROR_DELIVERED]);
	report_named(arena, value_set_map(arena, mirrored, "dropped"), mirror_drops, &counters[PORT_COUNTER_MIRROR_DROP(0)]);
}

static void
report_lcore(struct arena *arena, struct value *list, const uint64_t *words)
{
	struct value *map = value_add_map(arena, list);
	uint64_t cycles = words[WDPDK_LCORE_COUNTER_CYCLES], busy = words[WDPDK_LCORE_COUNTER_BUSY_CYCLES];
	uint64_t packets = words[WDPDK_LCORE_COUNTER_PACKETS];

	value_set_u64(arena, map, "id", words[WDPDK_LCORE_COUNTER_LCORE_ID]);
	value_set_u64(arena, map, "iterations", words[WDPDK_LCORE_COUNTER_ITERATIONS]);
	value_set_u64(arena, map, "busyIterations", words[WDPDK_LCORE_COUNTER_BUSY_ITERATIONS]);
	value_set_u64(arena, map, "cycles", cycles);
	value_set_u64(arena, map, "busyCycles", busy);
	value_set_u64(arena, map, "packets", packets);
	value_set_double(arena, map, "busyShare", cycles == 0 ? 0 : (double)busy / (double)cycles);
	if (packets > 0)
		value_set_double(arena, map, "cyclesPerPacket", (double)busy / (double)packets);
	value_set_u64(arena, map, "generation", words[WDPDK_LCORE_COUNTER_GENERATION]);
}

/* The time that `part` of the samples took at most; those of a bucket lie evenly within it. The last bucket has no end. */
static uint64_t
percentile(const uint64_t *buckets, uint64_t samples, double part)
{
	double wanted = part * (double)samples, below = 0;
	unsigned int last = WDPDK_LCORE_BLOCK_LATENCY_BUCKETS - 1, bucket = 0;

	while (bucket < last && (buckets[bucket] == 0 || below + (double)buckets[bucket] < wanted))
		below += (double)buckets[bucket++];
	if (bucket < 8 || bucket == last)
		return latency_bucket_start(bucket);
	return latency_bucket_start(bucket) + (uint64_t)((double)(latency_bucket_start(bucket + 1) - latency_bucket_start(bucket)) *
		(wanted - below) / (double)buckets[bucket]);
}

/* Only of a port that sank frames of a generator. */
static void
report_sink(struct arena *arena, struct value *map, const uint64_t *counters, const uint64_t *buckets)
{
	uint64_t samples = counters[WDPDK_PORT_COUNTER_LATENCY_SAMPLES];
	struct value *sink, *latency;

	if (counters[WDPDK_PORT_COUNTER_SINK_STAMPED] == 0)
		return;
	sink = value_set_map(arena, map, "sink");
	value_set_u64(arena, sink, "stamped", counters[WDPDK_PORT_COUNTER_SINK_STAMPED]);
	value_set_u64(arena, sink, "lost", counters[WDPDK_PORT_COUNTER_SINK_LOST]);
	value_set_u64(arena, sink, "reordered", counters[WDPDK_PORT_COUNTER_SINK_REORDERED]);
	value_set_u64(arena, sink, "duplicates", counters[WDPDK_PORT_COUNTER_SINK_DUPLICATES]);
	value_set_u64(arena, sink, "corrupt", counters[WDPDK_PORT_COUNTER_SINK_CORRUPT]);
	if (samples == 0)
		return;
	latency = value_set_map(arena, map, "latency");
	value_set_u64(arena, latency, "samples", samples);
	value_set_u64(arena, latency, "meanNs", counters[WDPDK_PORT_COUNTER_LATENCY_SUM_NS] / samples);
	value_set_u64(arena, latency, "p50Ns", percentile(buckets, samples, 0.5));
	value_set_u64(arena, latency, "p99Ns", percentile(buckets, samples, 0.99));
	value_set_u64(arena, latency, "p999Ns", percentile(buckets, samples, 0.999));
}

static bool
port_is_balanced(const uint64_t *counters)
{
	uint64_t came = counters[WDPDK_PORT_COUNTER_RX_PACKETS] + counters[WDPDK_PORT_COUNTER_INJECTED_PACKETS] +
		counters[WDPDK_PORT_COUNTER_GENERATED_PACKETS];
	uint64_t went = counters[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] + counters[WDPDK_PORT_COUNTER_REDIRECTED_PACKETS] +
		counters[WDPDK_PORT_COUNTER_SUNK_PACKETS];
	uint64_t mirrored = counters[WDPDK_PORT_COUNTER_MIRROR_DELIVERED];

	for (unsigned int cause = 0; cause < WDPDK_DROP_COUNT; cause++)
		went += counters[PORT_COUNTER_DROP(cause)];
	for (unsigned int cause = 0; cause < WDPDK_MIRROR_DROP_COUNT; cause++)
		mirrored += counters[PORT_COUNTER_MIRROR_DROP(cause)];
	return came == went && mirrored == counters[WDPDK_PORT_COUNTER_MIRROR_ATTEMPTS];
}

static void
report_memory(struct arena *arena, struct value *report)
{
	struct value *map = value_set_map(arena, report, "memory");

	value_set_u64(arena, map, "mbufs", ports_pool->size);
	value_set_u64(arena, map, "mbufsFree", rte_mempool_avail_count(ports_pool));
	value_set_u64(arena, map, "segments", segment_count == NULL ? 0 : segment_count());
}

/* Sums of all lcores. */
struct sums {
	uint64_t of_port[WDPDK_LIMIT_PORTS][PORT_COUNTERS], all[PORT_COUNTERS];
	uint64_t latency[WDPDK_LIMIT_PORTS][WDPDK_LCORE_BLOCK_LATENCY_BUCKETS];
	struct lcore_counters block;
};

static void
add_block(struct sums *sums, uint32_t mask)
{
	for (; mask != 0; mask &= mask - 1) {
		unsigned int port = (unsigned int)__builtin_ctz(mask);

		for (unsigned int counter = 0; counter < PORT_COUNTERS; counter++) {
			sums->of_port[port][counter] += sums->block.ports[port][counter];
			sums->all[counter] += sums->block.ports[port][counter];
		}
		for (unsigned int bucket = 0; bucket < WDPDK_LCORE_BLOCK_LATENCY_BUCKETS; bucket++)
			sums->latency[port][bucket] += sums->block.latency[port][bucket];
	}
}

bool
report_counted(struct arena *arena, struct value *report)
{
	struct value *port_list = value_set_array(arena, report, "ports"), *lcore_list = value_set_array(arena, report, "lcores");
	struct sums *sums = calloc(1, sizeof(*sums));
	bool balanced = sums != NULL;

	for (unsigned int i = 0; sums != NULL && i < counters_lcores(); i++) {
		counters_read_ports(counters_block(i), report_port_mask(), &sums->block);
		report_lcore(arena, lcore_list, sums->block.words);
		add_block(sums, report_port_mask());
	}
	for (uint16_t port = 0; sums != NULL && port < WDPDK_LIMIT_PORTS; port++) {
		struct value *map;

		if (!ports[port].exists)
			continue;
		map = value_add_map(arena, port_list);
		value_set_u64(arena, map, "id", port);
		value_set_string(arena, map, "name", ports[port].name);
		report_counters(arena, map, sums->of_port[port]);
		report_sink(arena, map, sums->of_port[port], sums->latency[port]);
		balanced = balanced && port_is_balanced(sums->of_port[port]);
	}
	if (sums != NULL) {
		report_counters(arena, value_set_map(arena, report, "totals"), sums->all);
		balanced = balanced && sums->all[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] == sums->all[WDPDK_PORT_COUNTER_TX_PACKETS] &&
			sums->all[WDPDK_PORT_COUNTER_FORWARDED_BYTES] == sums->all[WDPDK_PORT_COUNTER_TX_BYTES];
	}
	free(sums);
	report_memory(arena, report);
	return balanced;
}

void
report_stats(struct arena *arena, struct value *report)
{
	report_counted(arena, report);
	value_set_u64(arena, report, "generation", builder_generation());
}
