/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A port over capture files: probe, configuration, start and stop.
 */
#include "net_pcap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bus_vdev_driver.h>
#include <ethdev_vdev.h>
#include <rte_alarm.h>
#include <rte_ether.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>
#include <wdpdk_registry.h>

#include "capture_os.h"
#include "capture_reader.h"

#define MAX_MTU UINT16_MAX

static struct net_pcap_port *
port_of(const struct rte_eth_dev *dev)
{
	return dev->data->dev_private;
}

static const struct rte_eth_link link_up = { .link_speed = RTE_ETH_SPEED_NUM_10G,
	.link_duplex = RTE_ETH_LINK_FULL_DUPLEX, .link_autoneg = RTE_ETH_LINK_FIXED, .link_status = RTE_ETH_LINK_UP };

static int
configure(struct rte_eth_dev *dev __rte_unused)
{
	return 0;
}

static int
start(struct rte_eth_dev *dev)
{
	struct net_pcap_port *port = port_of(dev);
	bool simple = true, stamped = false, judged = false, writes = false;

	for (unsigned int i = 0; i < dev->data->nb_rx_queues; i++) {
		simple = simple && port->rx[i].simple;
		stamped = stamped || port->rx[i].timestamp_offset >= 0;
		simple = simple && stamped == (port->rx[i].timestamp_offset >= 0);
		judged = judged || port->rx[i].verdicts != NULL;
		port->rx[i].pace_began = 0;
	}
	for (unsigned int i = 0; i < dev->data->nb_tx_queues; i++)
		writes = writes || port->tx[i].writer != NULL;
	/* Either each transmit queue has a file or none has. */
	port->unpaced = !simple ? net_pcap_rx_general : stamped ? net_pcap_rx_simple_stamped : net_pcap_rx_simple;
	port->unjudged = port->rx_pps > 0 ? net_pcap_rx_paced : port->unpaced;
	dev->rx_pkt_burst = judged ? net_pcap_rx_judged : port->unjudged;
	dev->tx_pkt_burst = writes ? net_pcap_tx_write : net_pcap_tx_discard;
	dev->data->dev_link = link_up;
	/* Without it everything but the last frames of a program that is killed works as well. */
	port->settles = writes && rte_eal_alarm_set(NET_PCAP_SETTLE_US, net_pcap_tx_settle, port) == 0;
	for (unsigned int i = 0; i < dev->data->nb_rx_queues; i++)
		dev->data->rx_queue_state[i] = RTE_ETH_QUEUE_STATE_STARTED;
	for (unsigned int i = 0; i < dev->data->nb_tx_queues; i++)
		dev->data->tx_queue_state[i] = RTE_ETH_QUEUE_STATE_STARTED;
	return 0;
}

/* The place in the capture is kept: starting again goes on where this stopped. */
static int
stop(struct rte_eth_dev *dev)
{
	struct net_pcap_port *port = port_of(dev);

	if (port->settles)
		rte_eal_alarm_cancel(net_pcap_tx_settle, port);
	port->settles = false;
	/* A failed write is logged and counted by the flush; a port that says it cannot stop could never be closed. */
	for (unsigned int i = 0; i < port->tx_files; i++)
		net_pcap_tx_flush(&port->tx[i]);
	dev->data->dev_link.link_status = RTE_ETH_LINK_DOWN;
	for (unsigned int i = 0; i < dev->data->nb_rx_queues; i++)
		dev->data->rx_queue_state[i] = RTE_ETH_QUEUE_STATE_STOPPED;
	for (unsigned int i = 0; i < dev->data->nb_tx_queues; i++)
		dev->data->tx_queue_state[i] = RTE_ETH_QUEUE_STATE_STOPPED;
	return 0;
}

/* Frees files and images; the port structure itself goes with the ethdev port. */
static int
release_files(struct net_pcap_port *port)
{
	int error = 0;

	for (unsigned int i = 0; i < port->rx_files; i++)
		capture_image_free(&port->image[i]);
	for (unsigned int i = 0; i < port->tx_files; i++) {
		struct net_pcap_tx_queue *queue = &port->tx[i];
		int failed = net_pcap_tx_flush(queue);

		failed = capture_writer_close(queue->writer);
		if (failed != 0 && !queue->reported)
			NET_PCAP_LOG(ERR,
				"cannot finish '%s': %s; do not trust the file, make room on its disk and start again\n", queue->path,
				strerror(-failed));
		error = error == 0 ? failed : error;
		queue->writer = NULL;
	}
	port->rx_files = port->tx_files = 0;
	for (unsigned int i = 0; i < NET_PCAP_MAX_QUEUES; i++) {
		rte_free(port->rx[i].verdicts);
		port->rx[i].verdicts = NULL;
	}
	return error;
}

static int
close_port(struct rte_eth_dev *dev)
{
	int error = release_files(port_of(dev));

	dev->data->mac_addrs = NULL; /* part of dev_private */
	return error;
}

static int
infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info)
{
	const struct net_pcap_port *port = port_of(dev);

	info->min_mtu = RTE_ETHER_MIN_MTU;
	info->max_mtu = MAX_MTU;
	info->max_rx_pktlen = CAPTURE_MAX_FRAME;
	info->max_mac_addrs = 1;
	/* A side without files still has queues: nothing arrives there, what is sent there is counted and discarded. */
	info->max_rx_queues = port->rx_files > 0 ? (uint16_t)port->rx_files : NET_PCAP_MAX_QUEUES;
	info->max_tx_queues = port->tx_files > 0 ? (uint16_t)port->tx_files : NET_PCAP_MAX_QUEUES;
	info->rx_offload_capa = RTE_ETH_RX_OFFLOAD_SCATTER | RTE_ETH_RX_OFFLOAD_TIMESTAMP | NET_PCAP_CHECKSUM_OFFLOADS;
	info->rx_queue_offload_capa = info->rx_offload_capa;
	info->tx_offload_capa = RTE_ETH_TX_OFFLOAD_MULTI_SEGS | RTE_ETH_TX_OFFLOAD_IPV4_CKSUM | RTE_ETH_TX_OFFLOAD_UDP_CKSUM |
		RTE_ETH_TX_OFFLOAD_TCP_CKSUM;
	info->tx_queue_offload_capa = info->tx_offload_capa;
	return 0;
}

static int
rx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors __rte_unused, unsigned int socket __rte_unused,
	const struct rte_eth_rxconf *conf, struct rte_mempool *pool)
{
	struct net_pcap_port *port = port_of(dev);
	struct net_pcap_rx_queue *queue = &port->rx[id];
	uint16_t data_room = rte_pktmbuf_data_room_size(pool);
	uint64_t offloads = dev->data->dev_conf.rxmode.offloads | conf->offloads;
	struct rte_mbuf fresh = { .data_off = RTE_PKTMBUF_HEADROOM, .nb_segs = 1, .port = dev->data->port_id };

	if (data_room < RTE_PKTMBUF_HEADROOM + CAPTURE_LINE) {
		NET_PCAP_LOG(ERR,
			"%s: the mbufs of pool '%s' have %u bytes of data room, at least %u are needed\n", dev->data->name,
			pool->name, data_room, RTE_PKTMBUF_HEADROOM + CAPTURE_LINE);
		return -EINVAL;
	}
	queue->pool = pool;
	queue->room = (uint16_t)(data_room - RTE_PKTMBUF_HEADROOM);
	queue->port_id = dev->data->port_id;
	rte_mbuf_refcnt_set(&fresh, 1);
	memcpy(&queue->rearm, &fresh.rearm_data, sizeof(queue->rearm));
	queue->timestamp_offset = -1;
	if (offloads & RTE_ETH_RX_OFFLOAD_TIMESTAMP) {
		int error = rte_mbuf_dyn_rx_timestamp_register(&queue->timestamp_offset, &queue->timestamp_flag);

		if (error != 0) {
			NET_PCAP_LOG(ERR,
				"%s: no room in mbufs for a receive time; register fewer dynamic fields\n", dev->data->name);
			return -ENOSPC;
		}
	}
	queue->image = id < port->rx_files ? &port->image[id] : NULL;
	if (queue->image == NULL || queue->image->frames == 0) {
		queue->infinite = false;
		queue->ended = 1;
	} else {
		queue->infinite = port->infinite_rx;
	}
	if (net_pcap_judge_checksums(queue, offloads) != 0)
		return -ENOMEM;
	queue->port = port;
	queue->pace_pps = port->rx_pps;
	queue->simple = queue->image != NULL &&
		RTE_ALIGN_CEIL(queue->image->longest, CAPTURE_LINE) <= queue->room;
	queue->short_frames = queue->image != NULL && queue->image->longest <= CAPTURE_LINE;
	if (queue->image != NULL && queue->image->longest > queue->room)
		dev->data->scattered_rx = 1;
	dev->data->rx_queues[id] = queue;
	return 0;
}

static int
tx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors __rte_unused, unsigned int socket __rte_unused,
	const struct rte_eth_txconf *conf __rte_unused)
{
	dev->data->tx_queues[id] = &port_of(dev)->tx[id];
	return 0;
}

static int
link_update(struct rte_eth_dev *dev __rte_unused, int wait __rte_unused)
{
	return 0; /* up while started, as start and stop have set it */
}

/* A file has no MTU to obey: the value is kept for applications, frames of any length pass. */
static int
mtu_set(struct rte_eth_dev *dev __rte_unused, uint16_t mtu __rte_unused)
{
	return 0;
}

static int
mac_addr_set(struct rte_eth_dev *dev __rte_unused, struct rte_ether_addr *address __rte_unused)
{
	return 0; /* nothing filters by it; ethdev keeps it */
}

/* Every frame of the capture is delivered whatever its address: that much of both modes is always on. */
static int
receive_all(struct rte_eth_dev *dev __rte_unused)
{
	return 0;
}

static const struct eth_dev_ops operations = {
	.dev_configure = configure,
	.dev_start = start,
	.dev_stop = stop,
	.dev_close = close_port,
	.dev_infos_get = infos_get,
	.rx_queue_setup = rx_queue_setup,
	.tx_queue_setup = tx_queue_setup,
	.link_update = link_update,
	.mtu_set = mtu_set,
	.mac_addr_set = mac_addr_set,
	.promiscuous_enable = receive_all,
	.allmulticast_enable = receive_all,
	.stats_get = net_pcap_stats_get,
	.stats_reset = net_pcap_stats_reset,
	.xstats_get = net_pcap_xstats_get,
	.xstats_get_names = net_pcap_xstats_get_names,
};

/* Opening a file to write empties it: it must be no file that this port reads, nor one it writes already. */
static int
open_output(struct net_pcap_port *port, const struct net_pcap_args *args, unsigned int id, char *error)
{
	const char *path = args->tx_path[id];
	FILE *file;

	for (unsigned int i = 0; i < args->rx_files + id; i++) {
		const char *other = i < args->rx_files ? args->rx_path[i] : args->tx_path[i - args->rx_files];

		if (!capture_os_same_file(path, other))
			continue;
		snprintf(error, NET_PCAP_ERROR,
			"tx_pcap '%s' is the same file as '%s'; name a file of its own for each queue", path, other);
		return -EINVAL;
	}
	file = capture_os_open(path, 'w');
	if (file == NULL) {
		int failed = errno == 0 ? EIO : errno;

		snprintf(error, NET_PCAP_ERROR,
			"tx_pcap '%s': cannot create it: %s; name a file in a folder that exists and may be "
			"written", path, strerror(failed));
		return -failed;
	}
	if (capture_writer_open(&port->writer[id], file) != 0) {
		snprintf(error, NET_PCAP_ERROR, "tx_pcap '%s': no memory for its buffer", path);
		return -ENOMEM;
	}
	snprintf(port->tx_path[id], NET_PCAP_PATH, "%s", path);
	port->tx[id].path = port->tx_path[id];
	port->tx[id].writer = &port->writer[id];
	port->tx_files = id + 1;
	return 0;
}

static int
open_files(struct net_pcap_port *port, const struct net_pcap_args *args, char *error)
{
	int failed = 0;

	/* Input first and whole: a bad capture is refused before any output file is touched. */
	for (unsigned int i = 0; i < args->rx_files && failed == 0; i++) {
		failed = capture_image_load(&port->image[i], args->rx_path[i], error, NET_PCAP_ERROR);
		if (failed == 0)
			port->rx_files = i + 1;
	}
	for (unsigned int i = 0; i < args->tx_files && failed == 0; i++)
		failed = open_output(port, args, i, error);
	return failed;
}

static int
create(struct rte_vdev_device *vdev, const struct net_pcap_args *args, char *error)
{
	struct rte_eth_dev *dev = rte_eth_vdev_allocate(vdev, sizeof(struct net_pcap_port));
	struct net_pcap_port *port;
	int failed;

	if (dev == NULL) {
		snprintf(error, NET_PCAP_ERROR,
			"no port or no memory left for it; use fewer ports, or give more memory with -m MEGABYTES");
		return -ENOMEM;
	}
	port = dev->data->dev_private;
	failed = open_files(port, args, error);
	if (failed != 0) {
		release_files(port);
		rte_eth_dev_release_port(dev);
		return failed;
	}
	port->infinite_rx = args->infinite_rx;
	port->rx_pps = args->rx_pps;
	port->mac = (struct rte_ether_addr){ { 0x02, 0x70, 0x63, 0x61, 0x70, (uint8_t)dev->data->port_id } };
	dev->data->mac_addrs = &port->mac;
	dev->data->mtu = MAX_MTU;
	dev->data->promiscuous = 1;
	dev->data->all_multicast = 1;
	dev->data->dev_flags |= RTE_ETH_DEV_AUTOFILL_QUEUE_XSTATS;
	dev->data->dev_link = link_up;
	dev->data->dev_link.link_status = RTE_ETH_LINK_DOWN;
	dev->dev_ops = &operations;
	dev->rx_pkt_burst = net_pcap_rx_general;
	dev->tx_pkt_burst = net_pcap_tx_discard;
	rte_eth_dev_probing_finish(dev);
	return 0;
}

static int
probe(struct rte_vdev_device *vdev)
{
	const char *name = rte_vdev_device_name(vdev);
	struct net_pcap_args *args = malloc(sizeof(*args));
	char error[NET_PCAP_ERROR] = "";
	int failed;

	if (args == NULL)
		return -ENOMEM;
	failed = net_pcap_parse_args(rte_vdev_device_args(vdev), args, error);
	if (failed == 0)
		failed = create(vdev, args, error);
	free(args);
	if (failed != 0)
		NET_PCAP_LOG(ERR, "%s: %s\n", name, error);
	return failed;
}

static int
take_away(struct rte_vdev_device *vdev)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocated(rte_vdev_device_name(vdev));

	if (dev == NULL)
		return 0; /* closed before */
	close_port(dev);
	return rte_eth_dev_release_port(dev);
}

static struct rte_vdev_driver driver = {
	.driver = { .name = "net_pcap", .alias = "eth_pcap" },
	.probe = probe,
	.remove = take_away,
};

int
wdpdk_register_net_pcap(void)
{
	rte_vdev_register(&driver);
	return 0;
}
