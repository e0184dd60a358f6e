/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The control side of net_null: arguments, queues, counters.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bus_vdev_driver.h>
#include <ethdev_vdev.h>
#include <rte_kvargs.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <wdpdk_registry.h>

#include "null.h"

static int logtype;
#define NULL_LOG(level, ...) rte_log(RTE_LOG_##level, logtype, "net_null: " __VA_ARGS__)

/* ---- Queues ---- */

/* The frame that copies read or write: only with copy=1. */
static int
make_frame(struct null_queue *queue, const struct null_port *port, unsigned int socket_id)
{
	queue->frame_size = port->frame_size;
	if (!port->copy)
		return 0;
	queue->frame = rte_zmalloc_socket("net_null frame", port->frame_size, 0, (int)socket_id);
	return queue->frame == NULL ? -ENOMEM : 0;
}

static int
rx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors, unsigned int socket_id,
	const struct rte_eth_rxconf *conf, struct rte_mempool *pool)
{
	struct null_port *port = dev->data->dev_private;
	struct null_queue *queue = &port->rx[id];

	RTE_SET_USED(conf);
	if (port->frame_size > (uint32_t)rte_pktmbuf_data_room_size(pool) - RTE_PKTMBUF_HEADROOM) {
		NULL_LOG(ERR, "%s: frames of %u bytes (size=) do not fit the buffers of mempool %s, %u bytes\n", dev->data->name,
			port->frame_size, pool->name, (uint32_t)rte_pktmbuf_data_room_size(pool) - RTE_PKTMBUF_HEADROOM);
		return -EINVAL;
	}
	if (make_frame(queue, port, socket_id) != 0)
		return -ENOMEM;
	queue->pool = pool;
	queue->descriptors = descriptors;
	null_prepare_rearm(queue, dev->data->port_id);
	dev->data->rx_queues[id] = queue;
	return 0;
}

static int
tx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors, unsigned int socket_id,
	const struct rte_eth_txconf *conf)
{
	struct null_port *port = dev->data->dev_private;
	struct null_queue *queue = &port->tx[id];

	RTE_SET_USED(conf);
	if (make_frame(queue, port, socket_id) != 0)
		return -ENOMEM;
	queue->descriptors = descriptors;
	dev->data->tx_queues[id] = queue;
	return 0;
}

static void
release_queue(struct null_queue *queue)
{
	if (queue == NULL)
		return;
	rte_free(queue->frame);
	queue->frame = NULL;
}

static void
rx_queue_release(struct rte_eth_dev *dev, uint16_t id)
{
	release_queue(dev->data->rx_queues[id]);
}

static void
tx_queue_release(struct rte_eth_dev *dev, uint16_t id)
{
	release_queue(dev->data->tx_queues[id]);
}

static void
rxq_info(struct rte_eth_dev *dev, uint16_t id, struct rte_eth_rxq_info *info)
{
	const struct null_queue *queue = dev->data->rx_queues[id];

	info->mp = queue->pool;
	info->nb_desc = queue->descriptors;
	info->rx_buf_size = rte_pktmbuf_data_room_size(queue->pool);
}

static void
txq_info(struct rte_eth_dev *dev, uint16_t id, struct rte_eth_txq_info *info)
{
	const struct null_queue *queue = dev->data->tx_queues[id];

	info->nb_desc = queue->descriptors;
}

/* ---- Port ---- */

static int
infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info)
{
	RTE_SET_USED(dev);
	info->max_mac_addrs = 1;
	info->max_rx_pktlen = UINT32_MAX;
	info->max_rx_queues = RTE_MAX_QUEUES_PER_PORT;
	info->max_tx_queues = RTE_MAX_QUEUES_PER_PORT;
	info->tx_offload_capa = RTE_ETH_TX_OFFLOAD_MULTI_SEGS | RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;
	info->tx_queue_offload_capa = info->tx_offload_capa;
	info->speed_capa = RTE_ETH_LINK_SPEED_10G;
	return 0;
}

static int
configure(struct rte_eth_dev *dev)
{
	RTE_SET_USED(dev);
	return 0;
}

/* The link goes up and down with the port, or as it is told; who asked for link events hears of each change. */
static int
set_link(struct rte_eth_dev *dev, uint16_t status)
{
	const struct rte_eth_link link = {
		.link_speed = RTE_ETH_SPEED_NUM_10G, .link_duplex = RTE_ETH_LINK_FULL_DUPLEX,
		.link_autoneg = RTE_ETH_LINK_FIXED, .link_status = status & 1,
	};

	if (rte_eth_linkstatus_set(dev, &link) == 0 && dev->data->dev_conf.intr_conf.lsc)
		rte_eth_dev_callback_process(dev, RTE_ETH_EVENT_INTR_LSC, NULL);
	return 0;
}

static int
set_link_up(struct rte_eth_dev *dev)
{
	return set_link(dev, RTE_ETH_LINK_UP);
}

static int
set_link_down(struct rte_eth_dev *dev)
{
	return set_link(dev, RTE_ETH_LINK_DOWN);
}

static void
set_queues(struct rte_eth_dev *dev, uint8_t state)
{
	memset(dev->data->rx_queue_state, state, dev->data->nb_rx_queues);
	memset(dev->data->tx_queue_state, state, dev->data->nb_tx_queues);
}

static int
start(struct rte_eth_dev *dev)
{
	set_queues(dev, RTE_ETH_QUEUE_STATE_STARTED);
	return set_link_up(dev);
}

static int
stop(struct rte_eth_dev *dev)
{
	set_queues(dev, RTE_ETH_QUEUE_STATE_STOPPED);
	return set_link_down(dev);
}

static int
link_update(struct rte_eth_dev *dev, int wait)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(wait);
	return 0;
}

static int
close_port(struct rte_eth_dev *dev)
{
	struct null_port *port = dev->data->dev_private;

	for (unsigned int i = 0; i < RTE_MAX_QUEUES_PER_PORT; i++) {
		release_queue(&port->rx[i]);
		release_queue(&port->tx[i]);
	}
	/* The address lies in dev_private, which is freed as a whole. */
	dev->data->mac_addrs = NULL;
	return 0;
}

/* The port has no hardware behind it that would have to be told. */
static int
mtu_set(struct rte_eth_dev *dev, uint16_t mtu)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(mtu);
	return 0;
}

static int
mac_addr_set(struct rte_eth_dev *dev, struct rte_ether_addr *address)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(address);
	return 0;
}

/* ---- Counters ---- */

#define SINCE_RESET(queue, counter) (__atomic_load_n(&(queue)->counter, __ATOMIC_RELAXED) - (queue)->counter##_base)

static int
stats_get(struct rte_eth_dev *dev, struct rte_eth_stats *stats)
{
	const struct null_port *port = dev->data->dev_private;

	for (unsigned int i = 0; i < dev->data->nb_rx_queues; i++) {
		const struct null_queue *queue = &port->rx[i];

		stats->ipackets += SINCE_RESET(queue, packets);
		stats->ibytes += SINCE_RESET(queue, bytes);
		stats->rx_nombuf += SINCE_RESET(queue, no_buffer);
		if (i < RTE_ETHDEV_QUEUE_STAT_CNTRS) {
			stats->q_ipackets[i] = SINCE_RESET(queue, packets);
			stats->q_ibytes[i] = SINCE_RESET(queue, bytes);
		}
	}
	for (unsigned int i = 0; i < dev->data->nb_tx_queues; i++) {
		const struct null_queue *queue = &port->tx[i];

		stats->opackets += SINCE_RESET(queue, packets);
		stats->obytes += SINCE_RESET(queue, bytes);
		if (i < RTE_ETHDEV_QUEUE_STAT_CNTRS) {
			stats->q_opackets[i] = SINCE_RESET(queue, packets);
			stats->q_obytes[i] = SINCE_RESET(queue, bytes);
		}
	}
	return 0;
}

static void
reset_queue(struct null_queue *queue)
{
	queue->packets_base = __atomic_load_n(&queue->packets, __ATOMIC_RELAXED);
	queue->bytes_base = __atomic_load_n(&queue->bytes, __ATOMIC_RELAXED);
	queue->no_buffer_base = __atomic_load_n(&queue->no_buffer, __ATOMIC_RELAXED);
}

static int
stats_reset(struct rte_eth_dev *dev)
{
	struct null_port *port = dev->data->dev_private;

	for (unsigned int i = 0; i < RTE_MAX_QUEUES_PER_PORT; i++) {
		reset_queue(&port->rx[i]);
		reset_queue(&port->tx[i]);
	}
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
	.rx_queue_release = rx_queue_release,
	.tx_queue_release = tx_queue_release,
	.rxq_info_get = rxq_info,
	.txq_info_get = txq_info,
	.link_update = link_update,
	.dev_set_link_up = set_link_up,
	.dev_set_link_down = set_link_down,
	.mtu_set = mtu_set,
	.mac_addr_set = mac_addr_set,
	.stats_get = stats_get,
	.stats_reset = stats_reset,
};

/* ---- Device ---- */

struct options {
	uint32_t size;
	uint32_t copy;
	uint32_t no_rx;
};

struct number {
	uint32_t *value;
	uint32_t min, max;
};

static int
parse_number(const char *key, const char *text, void *opaque)
{
	const struct number *number = opaque;
	char *end = NULL;
	unsigned long long value;

	errno = 0;
	value = text != NULL ? strtoull(text, &end, 0) : 0;
	if (text == NULL || end == text || *end != '\0' || errno != 0 || value < number->min || value > number->max) {
		NULL_LOG(ERR, "%s=%s: expected a number from %u to %u\n", key, text != NULL ? text : "", number->min, number->max);
		return -EINVAL;
	}
	*number->value = (uint32_t)value;
	return 0;
}

static int
parse_options(const char *arguments, struct options *options)
{
	static const char *const keys[] = {"size", "copy", "no-rx", NULL};
	/* A frame has at least its Ethernet header, and its length is a 16-bit number in an mbuf. */
	struct number numbers[] = {{&options->size, RTE_ETHER_HDR_LEN, UINT16_MAX}, {&options->copy, 0, UINT32_MAX},
		{&options->no_rx, 0, 1}};
	struct rte_kvargs *list = rte_kvargs_parse(arguments, keys);
	int error = 0;

	if (list == NULL)
		return -EINVAL;
	for (unsigned int i = 0; i < RTE_DIM(numbers) && error == 0; i++)
		if (rte_kvargs_process(list, keys[i], parse_number, &numbers[i]) != 0)
			error = -EINVAL;
	rte_kvargs_free(list);
	if (error == 0 && options->copy != 0 && options->no_rx != 0) {
		NULL_LOG(ERR, "copy and no-rx exclude each other\n");
		error = -EINVAL;
	}
	return error;
}

static int
probe(struct rte_vdev_device *device)
{
	struct options options = {.size = 64};
	struct rte_eth_dev *dev;
	struct null_port *port;
	const int error = parse_options(rte_vdev_device_args(device), &options);

	if (error != 0)
		return error;
	if (device->device.numa_node == SOCKET_ID_ANY)
		device->device.numa_node = (int)rte_socket_id();
	dev = rte_eth_vdev_allocate(device, sizeof(*port));
	if (dev == NULL)
		return -ENOMEM;
	port = dev->data->dev_private;
	port->frame_size = options.size;
	port->copy = options.copy != 0;
	port->no_rx = options.no_rx != 0;
	rte_eth_random_addr(port->address.addr_bytes);
	dev->data->mac_addrs = &port->address;
	dev->data->promiscuous = 1;
	dev->data->all_multicast = 1;
	dev->data->dev_flags |= RTE_ETH_DEV_AUTOFILL_QUEUE_XSTATS | RTE_ETH_DEV_INTR_LSC;
	dev->dev_ops = &operations;
	null_set_bursts(dev);
	set_link_down(dev);
	rte_eth_dev_probing_finish(dev);
	return 0;
}

static int
remove_device(struct rte_vdev_device *device)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocated(rte_vdev_device_name(device));

	/* The application may have closed the port already. */
	if (dev == NULL)
		return 0;
	rte_eth_dev_stop(dev->data->port_id);
	return rte_eth_dev_close(dev->data->port_id);
}

static struct rte_vdev_driver driver = {
	.driver = {.name = "net_null", .alias = "eth_null"},
	.probe = probe,
	.remove = remove_device,
};

int
wdpdk_register_net_null(void)
{
	const int type = rte_log_register_type_and_pick_level("pmd.net.null", RTE_LOG_NOTICE);

	logtype = type < 0 ? RTE_LOGTYPE_EAL : type;
	rte_vdev_register(&driver);
	return 0;
}
