/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_mbuf.h>

#include "fake_driver.h"

struct fake fake;

static struct rte_driver driver = {.name = "net_fake"};
static struct rte_device device = {.name = "fake", .driver = &driver, .numa_node = 0};

static int
configure(struct rte_eth_dev *dev)
{
	(void)dev;
	fake.configured++;
	return fake.error;
}

static int
rx_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors, unsigned int socket,
	const struct rte_eth_rxconf *conf, struct rte_mempool *pool)
{
	fake.rx_setups++;
	fake.rx[id] = (struct fake_queue){.id = id, .descriptors = descriptors, .socket = socket, .offloads = conf->offloads,
		.pool = pool};
	if (fake.error == 0)
		dev->data->rx_queues[id] = &fake.rx[id];
	return fake.error;
}

static int
tx_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors, unsigned int socket,
	const struct rte_eth_txconf *conf)
{
	fake.tx_setups++;
	fake.tx[id] = (struct fake_queue){.id = id, .descriptors = descriptors, .socket = socket, .offloads = conf->offloads};
	if (fake.error == 0)
		dev->data->tx_queues[id] = &fake.tx[id];
	return fake.error;
}

static void
rx_release(struct rte_eth_dev *dev, uint16_t id)
{
	((struct fake_queue *)dev->data->rx_queues[id])->released++;
	fake.rx_releases++;
}

static void
tx_release(struct rte_eth_dev *dev, uint16_t id)
{
	((struct fake_queue *)dev->data->tx_queues[id])->released++;
	fake.tx_releases++;
}

static int
start(struct rte_eth_dev *dev)
{
	(void)dev;
	fake.started++;
	return fake.error;
}

static int
stop(struct rte_eth_dev *dev)
{
	(void)dev;
	fake.stopped++;
	return 0;
}

static int
close_port(struct rte_eth_dev *dev)
{
	fake.closed++;
	dev->data->mac_addrs = NULL;
	return 0;
}

static int
infos(struct rte_eth_dev *dev, struct rte_eth_dev_info *info)
{
	(void)dev;
	info->max_rx_queues = fake.info.max_rx_queues;
	info->max_tx_queues = fake.info.max_tx_queues;
	info->max_rx_pktlen = fake.info.max_rx_pktlen;
	info->max_mtu = fake.info.max_mtu;
	info->max_mac_addrs = fake.info.max_mac_addrs;
	info->min_rx_bufsize = fake.info.min_rx_bufsize;
	info->rx_offload_capa = fake.info.rx_offload_capa;
	info->tx_offload_capa = fake.info.tx_offload_capa;
	info->rx_queue_offload_capa = fake.info.rx_queue_offload_capa;
	info->rx_desc_lim = fake.info.rx_desc_lim;
	info->tx_desc_lim = fake.info.tx_desc_lim;
	info->default_rxportconf = fake.info.default_rxportconf;
	info->flow_type_rss_offloads = fake.info.flow_type_rss_offloads;
	return 0;
}

static int
link_update(struct rte_eth_dev *dev, int wait)
{
	const struct rte_eth_link link = {.link_speed = RTE_ETH_SPEED_NUM_25G, .link_duplex = 1, .link_autoneg = 1,
		.link_status = 1};

	fake.link_updates += wait ? 100 : 1;
	return rte_eth_linkstatus_set(dev, &link);
}

static int promiscuous_on(struct rte_eth_dev *dev) { (void)dev; fake.promiscuous = 1; return 0; }
static int promiscuous_off(struct rte_eth_dev *dev) { (void)dev; fake.promiscuous = 0; return 0; }
static int allmulticast_on(struct rte_eth_dev *dev) { (void)dev; fake.allmulticast = 1; return 0; }
static int allmulticast_off(struct rte_eth_dev *dev) { (void)dev; fake.allmulticast = 0; return 0; }
static int is_removed(struct rte_eth_dev *dev) { (void)dev; return fake.removed; }

static int
mtu_set(struct rte_eth_dev *dev, uint16_t mtu)
{
	(void)dev;
	fake.mtu = mtu;
	return fake.error;
}

static int
mac_set(struct rte_eth_dev *dev, struct rte_ether_addr *address)
{
	(void)dev;
	fake.mac_set = *address;
	return fake.error;
}

static int
mac_add(struct rte_eth_dev *dev, struct rte_ether_addr *address, uint32_t index, uint32_t pool)
{
	(void)dev;
	(void)address;
	(void)pool;
	fake.added++;
	fake.added_index = (int)index;
	return fake.error;
}

static void
mac_remove(struct rte_eth_dev *dev, uint32_t index)
{
	(void)dev;
	fake.mac_removed = (int)index;
}

static int
stats_get(struct rte_eth_dev *dev, struct rte_eth_stats *stats)
{
	const uint64_t no_buffer = stats->rx_nombuf;

	(void)dev;
	*stats = fake.stats;
	stats->rx_nombuf += no_buffer;
	return 0;
}

static int
stats_reset(struct rte_eth_dev *dev)
{
	(void)dev;
	memset(&fake.stats, 0, sizeof(fake.stats));
	return 0;
}

/* Two counters of the driver's own, delivered in reverse order of their ids. */
static int
xstats_get(struct rte_eth_dev *dev, struct rte_eth_xstat *stats, unsigned int n)
{
	(void)dev;
	if (n < 2)
		return 2;
	stats[0] = (struct rte_eth_xstat){.id = 1, .value = 1001};
	stats[1] = (struct rte_eth_xstat){.id = 0, .value = 1000};
	return 2;
}

static int
xstats_names(struct rte_eth_dev *dev, struct rte_eth_xstat_name *names, unsigned int n)
{
	(void)dev;
	if (names == NULL || n < 2)
		return 2;
	strcpy(names[0].name, "fake_apples");
	strcpy(names[1].name, "fake_pears");
	return 2;
}

static const uint32_t *
ptypes_get(struct rte_eth_dev *dev)
{
	static const uint32_t types[] = {RTE_PTYPE_L2_ETHER, RTE_PTYPE_L3_IPV4, RTE_PTYPE_L3_IPV6, RTE_PTYPE_L4_UDP,
		RTE_PTYPE_UNKNOWN};

	(void)dev;
	return types;
}

static int
ptypes_set(struct rte_eth_dev *dev, uint32_t mask)
{
	(void)dev;
	fake.ptypes_set = (int)mask;
	return 0;
}

static const struct eth_dev_ops all_operations = {
	.dev_configure = configure, .dev_start = start, .dev_stop = stop, .dev_close = close_port, .dev_infos_get = infos,
	.rx_queue_setup = rx_setup, .tx_queue_setup = tx_setup, .rx_queue_release = rx_release,
	.tx_queue_release = tx_release, .link_update = link_update, .promiscuous_enable = promiscuous_on,
	.promiscuous_disable = promiscuous_off, .allmulticast_enable = allmulticast_on,
	.allmulticast_disable = allmulticast_off, .is_removed = is_removed, .mtu_set = mtu_set, .mac_addr_set = mac_set,
	.mac_addr_add = mac_add, .mac_addr_remove = mac_remove, .stats_get = stats_get, .stats_reset = stats_reset,
	.xstats_get = xstats_get, .xstats_get_names = xstats_names, .dev_supported_ptypes_get = ptypes_get,
	.dev_ptypes_set = ptypes_set,
};

/* "Packets" are numbers: nobody looks into them. */
static uint16_t
rx_burst(void *queue, struct rte_mbuf **packets, uint16_t count)
{
	const struct fake_queue *q = queue;

	count = RTE_MIN(count, 4);
	for (uint16_t i = 0; i < count; i++)
		packets[i] = (struct rte_mbuf *)(uintptr_t)(q->id * 1000u + fake.next++);
	return count;
}

static uint16_t
tx_burst(void *queue, struct rte_mbuf **packets, uint16_t count)
{
	(void)queue;
	(void)packets;
	count = RTE_MIN(count, fake.tx_room);
	fake.sent += count;
	return count;
}

uint16_t
fake_port(const char *name)
{
	/* A case that failed left its port behind. */
	if (rte_eth_dev_allocated(name) != NULL)
		fake_remove();
	memset(&fake, 0, sizeof(fake));
	fake.ops = all_operations;
	fake.tx_room = UINT16_MAX;
	fake.info = (struct rte_eth_dev_info){
		.max_rx_queues = 4, .max_tx_queues = 4, .max_rx_pktlen = 9618, .max_mtu = 9600, .max_mac_addrs = 4,
		.min_rx_bufsize = 1024,
		.rx_offload_capa = RTE_ETH_RX_OFFLOAD_CHECKSUM | RTE_ETH_RX_OFFLOAD_SCATTER,
		.rx_queue_offload_capa = RTE_ETH_RX_OFFLOAD_SCATTER,
		.tx_offload_capa = RTE_ETH_TX_OFFLOAD_MULTI_SEGS,
		.rx_desc_lim = {.nb_max = 4096, .nb_min = 64, .nb_align = 32},
		.tx_desc_lim = {.nb_max = 4096, .nb_min = 64, .nb_align = 32},
		.default_rxportconf = {.ring_size = 256},
		.flow_type_rss_offloads = RTE_ETH_RSS_IPV4,
	};
	fake.addresses[0] = (struct rte_ether_addr){{2, 0, 0, 0, 0, 1}};
	fake.dev = rte_eth_dev_allocate(name);
	if (fake.dev == NULL)
		return RTE_MAX_ETHPORTS;
	fake.dev->device = &device;
	fake.dev->dev_ops = &fake.ops;
	fake.dev->rx_pkt_burst = rx_burst;
	fake.dev->tx_pkt_burst = tx_burst;
	fake.dev->data->mac_addrs = fake.addresses;
	fake.dev->data->dev_flags = RTE_ETH_DEV_AUTOFILL_QUEUE_XSTATS;
	rte_eth_dev_probing_finish(fake.dev);
	return fake.dev->data->port_id;
}

void
fake_remove(void)
{
	const uint16_t port = fake.dev->data->port_id;

	fake.removed = 0;
	fake.ops = all_operations;
	rte_eth_dev_stop(port);
	rte_eth_dev_close(port);
}
