/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The port to the kernel: probe, configuration, start and stop, statistics. The system's part is behind tap_os.h.
 */
#include "tap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bus_vdev_driver.h>
#include <ethdev_vdev.h>
#include <rte_mbuf.h>
#include <wdpdk_registry.h>

static const struct rte_eth_link link_state[2] = {
	{ .link_speed = RTE_ETH_SPEED_NUM_10G, .link_duplex = RTE_ETH_LINK_FULL_DUPLEX, .link_autoneg = RTE_ETH_LINK_FIXED,
		.link_status = RTE_ETH_LINK_DOWN },
	{ .link_speed = RTE_ETH_SPEED_NUM_10G, .link_duplex = RTE_ETH_LINK_FULL_DUPLEX, .link_autoneg = RTE_ETH_LINK_FIXED,
		.link_status = RTE_ETH_LINK_UP },
};

static int
refuse(const struct rte_eth_dev *dev, int failed, const char *error)
{
	TAP_LOG(ERR, "%s: %s\n", dev->data->name, error);
	return failed;
}

/* ---- Configuring ---- */

static unsigned int
system_queues(const struct rte_eth_dev *dev)
{
	return RTE_MAX(dev->data->nb_rx_queues, 1);
}

/*
 * The system spreads frames over all queues that are open, so there are as many as are received by. Send queues beyond
 * that share them, which the system allows.
 */
static int
configure(struct rte_eth_dev *dev)
{
	struct tap_port *port = tap_port_of(dev);
	char error[TAP_ERROR] = "";
	int failed = port->os->ops->set_queues(port->os, system_queues(dev), error);

	return failed == 0 ? 0 : refuse(dev, failed, error);
}

static int
rx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors __rte_unused, unsigned int socket __rte_unused,
	const struct rte_eth_rxconf *conf __rte_unused, struct rte_mempool *pool)
{
	struct tap_port *port = tap_port_of(dev);
	struct tap_rx_queue *queue = &port->rx[id];
	uint32_t room = (uint32_t)rte_pktmbuf_data_room_size(pool) - RTE_PKTMBUF_HEADROOM;

	/* min_rx_bufsize of infos_get lets a frame of the largest MTU fit TAP_SEGMENTS buffers. */
	queue->port = port;
	queue->pool = pool;
	queue->id = id;
	queue->port_id = dev->data->port_id;
	queue->room = (uint16_t)RTE_MIN(room, (uint32_t)UINT16_MAX);
	dev->data->rx_queues[id] = queue;
	return 0;
}

static void
rx_queue_release(struct rte_eth_dev *dev, uint16_t id)
{
	tap_rx_release_spares(dev->data->rx_queues[id]);
}

static int
tx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors __rte_unused, unsigned int socket __rte_unused,
	const struct rte_eth_txconf *conf __rte_unused)
{
	struct tap_port *port = tap_port_of(dev);

	port->tx[id].port = port;
	port->tx[id].id = (uint16_t)(id % system_queues(dev));
	dev->data->tx_queues[id] = &port->tx[id];
	return 0;
}

static int
infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info)
{
	const struct tap_port *port = tap_port_of(dev);

	info->max_mac_addrs = 1;
	info->min_mtu = RTE_ETHER_MIN_MTU;
	info->max_mtu = TAP_MAX_MTU;
	info->max_rx_pktlen = TAP_MAX_MTU + TAP_FRAME_OVERHEAD;
	info->min_rx_bufsize = (TAP_MAX_MTU + TAP_FRAME_OVERHEAD) / TAP_SEGMENTS + 1;
	info->max_rx_queues = (uint16_t)port->queues;
	info->max_tx_queues = TAP_QUEUES;
	info->rx_offload_capa = RTE_ETH_RX_OFFLOAD_SCATTER;
	info->tx_offload_capa = RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
	info->tx_queue_offload_capa = info->tx_offload_capa;
	info->tx_desc_lim.nb_seg_max = info->tx_desc_lim.nb_mtu_seg_max = TAP_SEGMENTS;
	info->speed_capa = RTE_ETH_LINK_SPEED_10G;
	return 0;
}

/* ---- MTU, link, filter ---- */

static void
use_mtu(struct tap_port *port, uint16_t mtu)
{
	__atomic_store_n(&port->longest_frame, mtu + TAP_FRAME_OVERHEAD, __ATOMIC_RELAXED);
}

static int
mtu_set(struct rte_eth_dev *dev, uint16_t mtu)
{
	struct tap_port *port = tap_port_of(dev);
	char error[TAP_ERROR] = "";
	int failed = port->os->ops->set_mtu(port->os, mtu, error);

	if (failed != 0)
		return refuse(dev, failed, error);
	use_mtu(port, mtu);
	return 0;
}

static int
link_update(struct rte_eth_dev *dev, int wait __rte_unused)
{
	struct tap_port *port = tap_port_of(dev);


	rte_eth_linkstatus_set(dev, &link_state[port->plugged && port->os->ops->is_up(port->os)]);
	return 0;
}

static void
plug(struct rte_eth_dev *dev, bool in)
{
	struct tap_port *port = tap_port_of(dev);

	port->plugged = in;
	port->os->ops->set_carrier(port->os, in);
	link_update(dev, 0);
}

static int
set_link_up(struct rte_eth_dev *dev)
{
	plug(dev, true);
	return 0;
}

static int
set_link_down(struct rte_eth_dev *dev)
{
	plug(dev, false);
	return 0;
}

static int
set_filter(struct rte_eth_dev *dev, bool promiscuous, bool all_multicast)
{
	struct tap_port *port = tap_port_of(dev);

	return port->os->ops->set_filter(port->os, promiscuous, all_multicast, dev->data->mac_addrs[0].addr_bytes);
}

static int
promiscuous_enable(struct rte_eth_dev *dev)
{
	return set_filter(dev, true, true);
}

static int
promiscuous_disable(struct rte_eth_dev *dev)
{
	return set_filter(dev, false, dev->data->all_multicast == 1);
}

static int
allmulticast_enable(struct rte_eth_dev *dev)
{
	return set_filter(dev, dev->data->promiscuous == 1, true);
}

static int
allmulticast_disable(struct rte_eth_dev *dev)
{
	return set_filter(dev, dev->data->promiscuous == 1, false);
}

/* The address is this side's: the system's interface has its own. */
static int
mac_addr_set(struct rte_eth_dev *dev, struct rte_ether_addr *address)
{
	struct tap_port *port = tap_port_of(dev);

	return port->os->ops->set_filter(port->os, dev->data->promiscuous == 1, dev->data->all_multicast == 1, address->addr_bytes);
}

/* ---- Start, stop, close ---- */

static void
set_queue_states(struct rte_eth_dev *dev, uint8_t state)
{
	memset(dev->data->rx_queue_state, state, dev->data->nb_rx_queues);
	memset(dev->data->tx_queue_state, state, dev->data->nb_tx_queues);
}

static int
start(struct rte_eth_dev *dev)
{
	struct tap_port *port = tap_port_of(dev);
	char error[TAP_ERROR] = "";
	int failed = port->os->ops->get_mtu(port->os, error);

	/* ethdev takes the MTU of a configuration without telling the driver. */
	if (failed >= 0)
		failed = failed == dev->data->mtu ? 0 : port->os->ops->set_mtu(port->os, dev->data->mtu, error);
	if (failed != 0)
		return refuse(dev, failed, error);
	/* In this order an interface that comes up can send at once; plugged in later, the kernel takes its time. */
	plug(dev, true);
	failed = port->os->ops->bring_up(port->os, error);
	if (failed != 0) {
		plug(dev, false);
		return refuse(dev, failed, error);
	}
	use_mtu(port, dev->data->mtu);
	set_queue_states(dev, RTE_ETH_QUEUE_STATE_STARTED);
	return link_update(dev, 0);
}

/* The interface stays with its addresses and routes; the system sees that the cable is out. */
static int
stop(struct rte_eth_dev *dev)
{
	plug(dev, false);
	set_queue_states(dev, RTE_ETH_QUEUE_STATE_STOPPED);
	return 0;
}

static int
close_port(struct rte_eth_dev *dev)
{
	struct tap_port *port = tap_port_of(dev);

	for (unsigned int i = 0; i < TAP_QUEUES; i++)
		tap_rx_release_spares(&port->rx[i]);
	port->os->ops->close(port->os);
	port->os = NULL;
	dev->data->mac_addrs = NULL; /* part of dev_private */
	return 0;
}

/* ---- Statistics ---- */

static struct tap_counters
since(const struct tap_counters *count, const struct tap_counters *base)
{
	return (struct tap_counters){ .packets = __atomic_load_n(&count->packets, __ATOMIC_RELAXED) - base->packets,
		.bytes = __atomic_load_n(&count->bytes, __ATOMIC_RELAXED) - base->bytes,
		.errors = __atomic_load_n(&count->errors, __ATOMIC_RELAXED) - base->errors,
		.no_buffer = __atomic_load_n(&count->no_buffer, __ATOMIC_RELAXED) - base->no_buffer };
}

_Static_assert(TAP_QUEUES <= RTE_ETHDEV_QUEUE_STAT_CNTRS, "each queue has its place in rte_eth_stats");

static int
stats_get(struct rte_eth_dev *dev, struct rte_eth_stats *stats)
{
	const struct tap_port *port = tap_port_of(dev);

	for (unsigned int i = 0; i < dev->data->nb_rx_queues; i++) {
		struct tap_counters rx = since(&port->rx[i].count, &port->rx[i].base);

		stats->ipackets += stats->q_ipackets[i] = rx.packets;
		stats->ibytes += stats->q_ibytes[i] = rx.bytes;
		stats->ierrors += stats->q_errors[i] = rx.errors;
		stats->rx_nombuf += rx.no_buffer;
	}
	for (unsigned int i = 0; i < dev->data->nb_tx_queues; i++) {
		struct tap_counters tx = since(&port->tx[i].count, &port->tx[i].base);

		stats->opackets += stats->q_opackets[i] = tx.packets;
		stats->obytes += stats->q_obytes[i] = tx.bytes;
		stats->oerrors += tx.errors;
	}
	return 0;
}

static int
stats_reset(struct rte_eth_dev *dev)
{
	static const struct tap_counters zero;
	struct tap_port *port = tap_port_of(dev);

	for (unsigned int i = 0; i < TAP_QUEUES; i++) {
		port->rx[i].base = since(&port->rx[i].count, &zero);
		port->tx[i].base = since(&port->tx[i].count, &zero);
	}
	return 0;
}

static const struct eth_dev_ops operations = {
	.dev_configure = configure,
	.dev_start = start,
	.dev_stop = stop,
	.dev_set_link_up = set_link_up,
	.dev_set_link_down = set_link_down,
	.dev_close = close_port,
	.dev_infos_get = infos_get,
	.rx_queue_setup = rx_queue_setup,
	.rx_queue_release = rx_queue_release,
	.tx_queue_setup = tx_queue_setup,
	.link_update = link_update,
	.mtu_set = mtu_set,
	.mac_addr_set = mac_addr_set,
	.promiscuous_enable = promiscuous_enable,
	.promiscuous_disable = promiscuous_disable,
	.allmulticast_enable = allmulticast_enable,
	.allmulticast_disable = allmulticast_disable,
	.stats_get = stats_get,
	.stats_reset = stats_reset,
};

/* ---- Device ---- */

int
tap_create(struct rte_vdev_device *vdev, const struct tap_args *args, struct tap_os *os, char *error)
{
	int mtu = os->ops->get_mtu(os, error);
	struct rte_eth_dev *dev;
	struct tap_port *port;

	if (mtu < 0)
		return mtu;
	dev = rte_eth_vdev_allocate(vdev, sizeof(*port));
	if (dev == NULL) {
		snprintf(error, TAP_ERROR, "no port or no memory left for it; use fewer ports, or give more memory with -m MEGABYTES");
		return -ENOMEM;
	}
	port = tap_port_of(dev);
	port->os = os;
	port->queues = args->os.queues;
	port->mac = args->has_mac ? args->mac :
		(struct rte_ether_addr){ { 0x02, 0x74, 0x61, 0x70, 0x00, (uint8_t)dev->data->port_id } };
	use_mtu(port, (uint16_t)mtu);
	dev->data->mtu = (uint16_t)mtu;
	dev->data->mac_addrs = &port->mac;
	dev->data->promiscuous = 1;
	dev->data->all_multicast = 1;
	dev->data->dev_flags |= RTE_ETH_DEV_AUTOFILL_QUEUE_XSTATS;
	dev->data->dev_link = link_state[0];
	dev->dev_ops = &operations;
	dev->rx_pkt_burst = tap_rx;
	dev->tx_pkt_burst = tap_tx;
	os->ops->set_carrier(os, false);
	rte_eth_dev_probing_finish(dev);
	return 0;
}

static int
probe(struct rte_vdev_device *vdev)
{
	struct tap_args args;
	struct tap_os *os = NULL;
	char error[TAP_ERROR] = "";
	int failed = tap_parse_args(rte_vdev_device_args(vdev), &args, error);

	if (failed == 0)
		failed = tap_os_open(&os, &args.os, error);
	if (failed == 0) {
		failed = tap_create(vdev, &args, os, error);
		if (failed != 0)
			os->ops->close(os);
	}
	if (failed != 0)
		TAP_LOG(ERR, "%s: %s\n", rte_vdev_device_name(vdev), error);
	else
		TAP_LOG(INFO, "%s is interface '%s'\n", rte_vdev_device_name(vdev), os->name);
	return failed;
}

static int
take_away(struct rte_vdev_device *vdev)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocated(rte_vdev_device_name(vdev));
	int failed;

	if (dev == NULL)
		return 0; /* closed before */
	failed = rte_eth_dev_stop(dev->data->port_id);
	return failed != 0 ? failed : rte_eth_dev_close(dev->data->port_id);
}

static struct rte_vdev_driver driver = {
	.driver = { .name = "net_tap", .alias = "eth_tap" },
	.probe = probe,
	.remove = take_away,
};

int
wdpdk_register_net_tap(void)
{
	rte_vdev_register(&driver);
	return 0;
}
