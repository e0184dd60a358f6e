/* SPDX-License-Identifier: BSD-3-Clause */
#include "port.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_mbuf.h>

#include "lcore.h"

#define POOL_CACHE 256u
#define FALLBACK_DESCRIPTORS 1024u
#define LONGEST_FRAME 65549u	/* 65,535 bytes behind an Ethernet header: chains of buffers */
#define CAPTURE_END_XSTAT "rx_end_of_capture"

struct port ports[WDPDK_LIMIT_PORTS];
struct rte_mempool *ports_pool;
static uint32_t removed;	/* bit per port; set by whichever thread the driver tells it from */

static int
on_removal(uint16_t id, enum rte_eth_event_type event, void *context, void *result)
{
	(void)context;
	(void)result;
	if (event == RTE_ETH_EVENT_INTR_RMV && id < WDPDK_LIMIT_PORTS)
		__atomic_fetch_or(&removed, UINT32_C(1) << id, __ATOMIC_RELEASE);
	return 0;
}

uint32_t
ports_removed(void)
{
	return __atomic_load_n(&removed, __ATOMIC_ACQUIRE);
}

static int
refuse(uint16_t id, const char *what, int error, const char *remedy)
{
	fprintf(stderr, "wdpdk-dataplane: port %u (%s): %s: %s. %s\n", id, ports[id].name, what, rte_strerror(-error), remedy);
	return -1;
}

static unsigned int
pool_size(unsigned int descriptors, unsigned int users)
{
	unsigned int chain = LONGEST_FRAME / RTE_MBUF_DEFAULT_DATAROOM + 1;

	/* Every descriptor may hold a buffer, every lcore a full cache and a burst of the longest frames in its hands. */
	return descriptors + users * (POOL_CACHE * 3 / 2 + 2 * LCORE_BURST * chain) + 1024;
}

static uint16_t
descriptors_or(uint16_t preferred, const struct rte_eth_desc_lim *limit)
{
	uint16_t count = preferred != 0 ? preferred : FALLBACK_DESCRIPTORS;

	if (limit->nb_max != 0 && count > limit->nb_max)
		count = limit->nb_max;
	return count < limit->nb_min ? limit->nb_min : count;
}

/* As many queues as are asked for, or one whose frames are spread in software. */
static uint16_t
rx_queues_of(uint16_t id, const struct rte_eth_dev_info *info)
{
	return ports[id].rx_wanted <= info->max_rx_queues ? ports[id].rx_wanted : 1;
}

/* What a port may hold: a buffer in each descriptor. Devices that name no ring size of their own keep no frames in queues that
 * are beside the first. */
static unsigned int
descriptors_of(uint16_t id, unsigned int users, const struct rte_eth_dev_info *info)
{
	unsigned int rx = descriptors_or(info->default_rxportconf.ring_size, &info->rx_desc_lim);
	unsigned int tx = descriptors_or(info->default_txportconf.ring_size, &info->tx_desc_lim);

	if (info->default_rxportconf.ring_size != 0)
		rx *= rx_queues_of(id, info);
	if (info->default_txportconf.ring_size != 0)
		tx *= users <= info->max_tx_queues ? users : 1;
	return rx + tx + (ports[id].lane_count - 1u) * SPREAD_RING;
}

static void
find_capture_end(uint16_t id)
{
	struct rte_eth_xstat_name *names;
	int count = rte_eth_xstats_get_names(id, NULL, 0);

	if (count <= 0)
		return;
	names = calloc((size_t)count, sizeof(*names));
	if (names != NULL && rte_eth_xstats_get_names(id, names, (unsigned int)count) == count) {
		for (int i = 0; i < count; i++) {
			if (strcmp(names[i].name, CAPTURE_END_XSTAT) == 0) {
				ports[id].has_finite_capture = true;
				ports[id].end_of_capture_id = (uint64_t)i;
			}
		}
	}
	free(names);
}

/* Both directions of a flow to one queue: a key of one repeated 16-bit word hashes a pair the same either way round. */
static void
spread_by_rss(struct rte_eth_conf *conf, const struct rte_eth_dev_info *info)
{
	static uint8_t key[64];
	uint64_t wanted = RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_SCTP;

	if ((info->flow_type_rss_offloads & wanted) == 0)
		return;
	for (size_t i = 0; i < sizeof(key); i += 2) {
		key[i] = 0x6d;
		key[i + 1] = 0x5a;
	}
	conf->rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
	conf->rx_adv_conf.rss_conf.rss_hf = info->flow_type_rss_offloads & wanted;
	if (info->hash_key_size <= sizeof(key)) {
		conf->rx_adv_conf.rss_conf.rss_key = key;
		conf->rx_adv_conf.rss_conf.rss_key_len = info->hash_key_size != 0 ? info->hash_key_size : 40;
	}
}

static int
configure(uint16_t id, unsigned int users, const struct rte_eth_dev_info *info)
{
	struct port *port = &ports[id];
	struct rte_eth_conf conf = { 0 };
	int error = rte_eth_dev_get_mtu(id, &port->mtu);

	if (error != 0)
		return refuse(id, "cannot read the MTU", error, "The driver does not offer what a port needs.");
	conf.rxmode.mtu = port->mtu;
	conf.rxmode.offloads = info->rx_offload_capa & (RTE_ETH_RX_OFFLOAD_SCATTER | RTE_ETH_RX_OFFLOAD_TIMESTAMP);
	conf.txmode.offloads = info->tx_offload_capa & RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
	port->rx_queues = rx_queues_of(id, info);
	if (port->rx_queues > 1)
		spread_by_rss(&conf, info);
	port->tx_queues = users <= info->max_tx_queues ? (uint16_t)users : 1;
	error = rte_eth_dev_configure(id, port->rx_queues, port->tx_queues, &conf);
	if (error != 0 && (port->tx_queues > 1 || port->rx_queues > 1)) {
		/* Devices may count their queues by other arguments than the limit they tell. */
		port->rx_queues = 1;
		port->tx_queues = 1;
		conf.rxmode.mq_mode = RTE_ETH_MQ_RX_NONE;
		error = rte_eth_dev_configure(id, port->rx_queues, port->tx_queues, &conf);
	}
	port->tx_shared = port->tx_queues < users;
	rte_spinlock_init(&port->tx_lock);
	return error == 0 ? 0 : refuse(id, "cannot be configured", error, "Check the device's arguments (--vdev, --allow).");
}

static int
start(uint16_t id, const struct rte_eth_dev_info *info)
{
	struct port *port = &ports[id];
	struct rte_eth_rxconf rx = info->default_rxconf;
	struct rte_eth_txconf tx = info->default_txconf;
	uint16_t rx_size = descriptors_or(info->default_rxportconf.ring_size, &info->rx_desc_lim);
	uint16_t tx_size = descriptors_or(info->default_txportconf.ring_size, &info->tx_desc_lim);
	int socket = rte_eth_dev_socket_id(id);
	int error = 0;

	for (uint16_t queue = 0; queue < port->rx_queues; queue++) {
		error = rte_eth_rx_queue_setup(id, queue, rx_size, (unsigned int)socket, &rx, ports_pool);
		if (error != 0)
			return refuse(id, "cannot set up a receive queue", error, "Check the device's arguments.");
	}
	for (uint16_t queue = 0; queue < port->tx_queues; queue++) {
		error = rte_eth_tx_queue_setup(id, queue, tx_size, (unsigned int)socket, &tx);
		if (error != 0)
			return refuse(id, "cannot set up a transmit queue", error, "Check the device's arguments.");
	}
	error = rte_eth_dev_start(id);
	if (error != 0)
		return refuse(id, "cannot be started", error, "Check that its files and interfaces are there and may be used.");
	error = rte_eth_promiscuous_enable(id);
	if (error != 0 && error != -ENOTSUP)
		return refuse(id, "cannot receive for all addresses", error, "The driver refused promiscuous mode.");
	error = rte_eth_macaddr_get(id, &port->mac);
	if (error != 0)
		return refuse(id, "has no MAC address", error, "The driver does not offer what a port needs.");
	find_capture_end(id);
	return 0;
}

int
ports_find(uint32_t *mask)
{
	uint16_t id;

	*mask = 0;
	RTE_ETH_FOREACH_DEV(id) {
		struct rte_eth_dev_info info;

		if (id >= WDPDK_LIMIT_PORTS) {
			fprintf(stderr, "wdpdk-dataplane: port %u: at most %u ports can be used. Name fewer devices.\n", id, WDPDK_LIMIT_PORTS);
			return -1;
		}
		if (rte_eth_dev_info_get(id, &info) != 0 || rte_eth_dev_get_name_by_port(id, ports[id].name) != 0) {
			fprintf(stderr, "wdpdk-dataplane: port %u: the driver tells nothing about it.\n", id);
			return -1;
		}
		snprintf(ports[id].driver, sizeof(ports[id].driver), "%s", info.driver_name == NULL ? "" : info.driver_name);
		ports[id].exists = true;
		*mask |= UINT32_C(1) << id;
	}
	if (*mask != 0)
		return 0;
	fputs("wdpdk-dataplane: there is no port to forward on. Name devices in the EAL options (before --), for example\n"
		"  --vdev net_pcap0,rx_pcap=in.pcap --vdev net_pcap1,tx_pcap=out.pcap\n"
		"  --vdev net_null0 --vdev net_null1\n", stderr);
	return -1;
}

int
ports_start(unsigned int users)
{
	struct rte_eth_dev_info infos[WDPDK_LIMIT_PORTS];
	unsigned int descriptors = 0;

	for (uint16_t id = 0; id < WDPDK_LIMIT_PORTS; id++) {
		int error = ports[id].exists ? rte_eth_dev_info_get(id, &infos[id]) : 0;

		if (error != 0)
			return refuse(id, "tells nothing about itself", error, "The driver does not offer what a port needs.");
		if (ports[id].exists)
			descriptors += descriptors_of(id, users, &infos[id]);
	}
	ports_pool = rte_pktmbuf_pool_create("wdpdk_frames", pool_size(descriptors, users), POOL_CACHE, 0,
		RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	if (ports_pool == NULL) {
		fprintf(stderr, "wdpdk-dataplane: no memory for %u packet buffers of %u bytes: %s. "
			"Allow more with the EAL option -m MEGABYTES.\n",
			pool_size(descriptors, users), RTE_MBUF_DEFAULT_BUF_SIZE, rte_strerror(rte_errno));
		return -1;
	}
	for (uint16_t id = 0; id < WDPDK_LIMIT_PORTS; id++) {
		if (ports[id].exists && (configure(id, users, &infos[id]) != 0 || start(id, &infos[id]) != 0))
			return -1;
	}
	if (rte_eth_dev_callback_register(RTE_ETH_ALL, RTE_ETH_EVENT_INTR_RMV, on_removal, NULL) != 0) {
		fputs("wdpdk-dataplane: no memory to watch for cards that are taken out. Allow more with the EAL option -m MEGABYTES.\n", stderr);
		return -1;
	}
	return 0;
}

/* The device took these frames and could not send them after all: to the rest of the dataplane they left. */
static bool
report_lost(uint16_t id)
{
	struct rte_eth_stats stats;

	if (rte_eth_stats_get(id, &stats) != 0 || stats.oerrors == 0)
		return false;
	fprintf(stderr, "wdpdk-dataplane: port %u (%s): %" PRIu64 " frames that count as sent were lost by the device. "
		"Its own message says why.\n", id, ports[id].name, stats.oerrors);
	return true;
}

bool
ports_stop(void)
{
	bool whole = true;

	(void)rte_eth_dev_callback_unregister(RTE_ETH_ALL, RTE_ETH_EVENT_INTR_RMV, on_removal, NULL);
	for (uint16_t id = 0; id < WDPDK_LIMIT_PORTS; id++) {
		if (!ports[id].exists)
			continue;
		rte_eth_dev_stop(id);
		whole = !report_lost(id) && whole;
		rte_eth_dev_close(id);
	}
	return whole;
}

bool
ports_hold_frames(bool *waiting)
{
	bool any = false;

	*waiting = false;
	for (uint16_t id = 0; id < WDPDK_LIMIT_PORTS; id++) {
		for (uint16_t queue = 0; ports[id].exists && queue < ports[id].rx_queues; queue++) {
			int count = rte_eth_rx_queue_count(id, queue);

			any = any || count >= 0;
			*waiting = *waiting || count > 0;
		}
	}
	return any;
}

bool
ports_have_finite_capture(bool *ended)
{
	bool any = false;

	*ended = true;
	for (uint16_t id = 0; id < WDPDK_LIMIT_PORTS; id++) {
		uint64_t at_end = 0;

		if (!ports[id].exists || !ports[id].has_finite_capture)
			continue;
		any = true;
		if (rte_eth_xstats_get_by_id(id, &ports[id].end_of_capture_id, &at_end, 1) != 1 || at_end == 0)
			*ended = false;
	}
	return any;
}
