/* SPDX-License-Identifier: BSD-3-Clause */
#include "report.h"

#include <errno.h>
#include <stdio.h>

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

void
report_ports(struct arena *arena, struct value *report)
{
	struct value *list = value_set_array(arena, report, "ports");

	for (uint16_t id = 0; id < WDPDK_LIMIT_PORTS; id++) {
		struct rte_eth_link link = { 0 };
		struct value *map;
		char mac[MAC_TEXT];

		if (!ports[id].exists)
			continue;
		rte_eth_link_get_nowait(id, &link);
		mac_to_text(&ports[id].mac, mac);
		map = value_add_map(arena, list);
		value_set_u64(arena, map, "id", id);
		value_set_string(arena, map, "name", ports[id].name);
		value_set_string(arena, map, "driver", ports[id].driver);
		value_set_string(arena, map, "mac", mac);
		value_set_u64(arena, map, "mtu", ports[id].mtu);
		value_set_bool(arena, map, "linkUp", link.link_status == RTE_ETH_LINK_UP);
		value_set_u64(arena, map, "speedMbps", link.link_speed == RTE_ETH_SPEED_NUM_UNKNOWN ? 0 : link.link_speed);
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

	value_set_u64(arena, map, "id", words[WDPDK_LCORE_COUNTER_LCORE_ID]);
	value_set_u64(arena, map, "iterations", words[WDPDK_LCORE_COUNTER_ITERATIONS]);
	value_set_u64(arena, map, "busyIterations", words[WDPDK_LCORE_COUNTER_BUSY_ITERATIONS]);
	value_set_u64(arena, map, "cycles", words[WDPDK_LCORE_COUNTER_CYCLES]);
	value_set_u64(arena, map, "busyCycles", words[WDPDK_LCORE_COUNTER_BUSY_CYCLES]);
	value_set_u64(arena, map, "generation", words[WDPDK_LCORE_COUNTER_GENERATION]);
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

bool
report_counted(struct arena *arena, struct value *report)
{
	uint64_t of_port[WDPDK_LIMIT_PORTS][PORT_COUNTERS] = { { 0 } }, totals[PORT_COUNTERS] = { 0 };
	struct value *port_list = value_set_array(arena, report, "ports"), *lcore_list = value_set_array(arena, report, "lcores");
	bool balanced = true;
	struct lcore_counters block;

	for (unsigned int i = 0; i < counters_lcores(); i++) {
		counters_read_ports(counters_block(i), report_port_mask(), &block);
		report_lcore(arena, lcore_list, block.words);
		for (unsigned int port = 0; port < WDPDK_LIMIT_PORTS; port++)
			for (unsigned int counter = 0; counter < PORT_COUNTERS; counter++)
				of_port[port][counter] += block.ports[port][counter];
	}
	for (uint16_t port = 0; port < WDPDK_LIMIT_PORTS; port++) {
		struct value *map;

		if (!ports[port].exists)
			continue;
		map = value_add_map(arena, port_list);
		value_set_u64(arena, map, "id", port);
		value_set_string(arena, map, "name", ports[port].name);
		report_counters(arena, map, of_port[port]);
		balanced = balanced && port_is_balanced(of_port[port]);
		for (unsigned int counter = 0; counter < PORT_COUNTERS; counter++)
			totals[counter] += of_port[port][counter];
	}
	report_counters(arena, value_set_map(arena, report, "totals"), totals);
	report_memory(arena, report);
	return balanced && totals[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] == totals[WDPDK_PORT_COUNTER_TX_PACKETS] &&
		totals[WDPDK_PORT_COUNTER_FORWARDED_BYTES] == totals[WDPDK_PORT_COUNTER_TX_BYTES];
}

void
report_stats(struct arena *arena, struct value *report)
{
	report_counted(arena, report);
	value_set_u64(arena, report, "generation", builder_generation());
}
