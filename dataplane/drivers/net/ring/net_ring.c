/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The port over rings: probe, configuration, start and stop, statistics.
 */
#include "net_ring.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bus_vdev_driver.h>
#include <ethdev_vdev.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_memzone.h>
#include <wdpdk_registry.h>

#include "rte_eth_ring.h"

#define MAX_MTU UINT16_MAX

_Static_assert(NET_RING_QUEUES == RTE_PMD_RING_MAX_RX_RINGS && NET_RING_QUEUES == RTE_PMD_RING_MAX_TX_RINGS,
	"a port has room for as many rings as rte_config.h says");

/* ---- Operations ---- */

static int
configure(struct rte_eth_dev *dev __rte_unused)
{
	return 0;
}

static void
set_queue_states(struct rte_eth_dev *dev, uint8_t state)
{
	memset(dev->data->rx_queue_state, state, dev->data->nb_rx_queues);
	memset(dev->data->tx_queue_state, state, dev->data->nb_tx_queues);
}

static int
start(struct rte_eth_dev *dev)
{
	set_queue_states(dev, RTE_ETH_QUEUE_STATE_STARTED);
	if (net_ring_port(dev)->wire != NULL)
		net_ring_wire_start(dev, true);
	else
		rte_eth_linkstatus_set(dev, &net_ring_link_up);
	return 0;
}

static int
stop(struct rte_eth_dev *dev)
{
	set_queue_states(dev, RTE_ETH_QUEUE_STATE_STOPPED);
	if (net_ring_port(dev)->wire != NULL)
		net_ring_wire_start(dev, false);
	else
		rte_eth_linkstatus_set(dev, &net_ring_link_down);
	return 0;
}

static int
set_link(struct rte_eth_dev *dev, bool up)
{
	if (net_ring_port(dev)->wire != NULL)
		net_ring_wire_set_up(dev, up);
	else
		rte_eth_linkstatus_set(dev, up ? &net_ring_link_up : &net_ring_link_down);
	return 0;
}

static int
set_link_up(struct rte_eth_dev *dev)
{
	return set_link(dev, true);
}

static int
set_link_down(struct rte_eth_dev *dev)
{
	return set_link(dev, false);
}

static int
link_update(struct rte_eth_dev *dev __rte_unused, int wait __rte_unused)
{
	return 0; /* whoever changes either end's state writes it */
}

static int
close_port(struct rte_eth_dev *dev)
{
	struct net_ring_port *port = net_ring_port(dev);

	if (port->wire != NULL)
		net_ring_wire_leave(dev);
	net_ring_set_leave(port->set);
	port->set = NULL;
	dev->data->mac_addrs = NULL; /* part of dev_private */
	return 0;
}

static int
infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info)
{
	const struct net_ring_port *port = net_ring_port(dev);

	info->max_mac_addrs = 1;
	info->max_mtu = MAX_MTU;
	info->max_rx_pktlen = UINT32_MAX;
	info->max_rx_queues = (uint16_t)port->rx_rings;
	info->max_tx_queues = (uint16_t)port->tx_rings;
	info->rx_offload_capa = RTE_ETH_RX_OFFLOAD_SCATTER;
	info->tx_offload_capa = RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
	info->tx_queue_offload_capa = info->tx_offload_capa;
	info->speed_capa = RTE_ETH_LINK_SPEED_10G;
	return 0;
}

static int
rx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors __rte_unused, unsigned int socket __rte_unused,
	const struct rte_eth_rxconf *conf __rte_unused, struct rte_mempool *pool __rte_unused)
{
	dev->data->rx_queues[id] = &net_ring_port(dev)->rx[id];
	return 0;
}

static int
tx_queue_setup(struct rte_eth_dev *dev, uint16_t id, uint16_t descriptors __rte_unused, unsigned int socket __rte_unused,
	const struct rte_eth_txconf *conf __rte_unused)
{
	dev->data->tx_queues[id] = &net_ring_port(dev)->tx[id];
	return 0;
}

/* A ring carries frames of any length: the MTU is kept for applications. */
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

/* Every frame arrives whatever its address: that much of both modes is always on. */
static int
receive_all(struct rte_eth_dev *dev __rte_unused)
{
	return 0;
}

static struct net_ring_counters
since(const struct net_ring_counters *count, const struct net_ring_counters *base)
{
	return (struct net_ring_counters){ .packets = __atomic_load_n(&count->packets, __ATOMIC_RELAXED) - base->packets,
		.bytes = __atomic_load_n(&count->bytes, __ATOMIC_RELAXED) - base->bytes,
		.errors = __atomic_load_n(&count->errors, __ATOMIC_RELAXED) - base->errors };
}

static int
stats_get(struct rte_eth_dev *dev, struct rte_eth_stats *stats)
{
	const struct net_ring_port *port = net_ring_port(dev);

	for (unsigned int i = 0; i < dev->data->nb_rx_queues; i++) {
		struct net_ring_counters rx = since(&port->rx[i].count, &port->rx[i].base);

		stats->ipackets += stats->q_ipackets[i] = rx.packets;
		stats->ibytes += stats->q_ibytes[i] = rx.bytes;
	}
	for (unsigned int i = 0; i < dev->data->nb_tx_queues; i++) {
		struct net_ring_counters tx = since(&port->tx[i].count, &port->tx[i].base);

		stats->opackets += stats->q_opackets[i] = tx.packets;
		stats->obytes += stats->q_obytes[i] = tx.bytes;
		stats->oerrors += tx.errors;
	}
	return 0;
}

_Static_assert(NET_RING_QUEUES <= RTE_ETHDEV_QUEUE_STAT_CNTRS, "each queue has its place in rte_eth_stats");

static int
stats_reset(struct rte_eth_dev *dev)
{
	static const struct net_ring_counters zero;
	struct net_ring_port *port = net_ring_port(dev);

	for (unsigned int i = 0; i < NET_RING_QUEUES; i++) {
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
	.tx_queue_setup = tx_queue_setup,
	.link_update = link_update,
	.mtu_set = mtu_set,
	.mac_addr_set = mac_addr_set,
	.promiscuous_enable = receive_all,
	.promiscuous_disable = receive_all,
	.allmulticast_enable = receive_all,
	.allmulticast_disable = receive_all,
	.stats_get = stats_get,
	.stats_reset = stats_reset,
};

/* ---- Making ports ---- */

/* The rings of a port; those of a wire are the wire's affair. */
struct rings {
	struct rte_ring *const *rx, *const *tx;
	unsigned int rx_rings, tx_rings;
	int node;
};

static void
take_rings(struct net_ring_port *port, const struct rings *rings)
{
	port->rx_rings = rings->rx_rings;
	port->tx_rings = rings->tx_rings;
	for (unsigned int i = 0; i < rings->rx_rings; i++) {
		port->rx[i].ring = rings->rx[i];
		port->rx[i].shared = !rte_ring_is_cons_single(rings->rx[i]);
	}
	for (unsigned int i = 0; i < rings->tx_rings; i++) {
		port->tx[i].ring = rings->tx[i];
		port->tx[i].shared = !rte_ring_is_prod_single(rings->tx[i]);
	}
}

static struct rte_eth_dev *
allocate(struct rte_vdev_device *vdev, const char *name, const struct net_ring_args *args, char *error)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocate(name);
	struct net_ring_port *port = NULL;

	if (dev != NULL)
		port = rte_zmalloc_socket(name, sizeof(*port), RTE_CACHE_LINE_SIZE, vdev->device.numa_node);
	if (port == NULL) {
		rte_eth_dev_release_port(dev);
		snprintf(error, NET_RING_ERROR, "no port or no memory left for it, or there is a port '%s' already; use fewer ports, "
			"another name, or give more memory with -m MEGABYTES", name);
		return NULL;
	}
	dev->data->dev_private = port;
	dev->device = &vdev->device;
	dev->data->numa_node = vdev->device.numa_node;
	port->mac = args->has_mac ? args->mac :
		(struct rte_ether_addr){ { 0x02, 0x72, 0x69, 0x6e, 0x67, (uint8_t)dev->data->port_id } };
	dev->data->mac_addrs = &port->mac;
	dev->data->promiscuous = 1;
	dev->data->all_multicast = 1;
	dev->data->dev_flags |= RTE_ETH_DEV_AUTOFILL_QUEUE_XSTATS;
	dev->data->dev_link = net_ring_link_down;
	dev->dev_ops = &operations;
	dev->rx_pkt_burst = net_ring_rx;
	dev->tx_pkt_burst = net_ring_tx;
	dev->rx_queue_count = net_ring_rx_count;
	for (unsigned int i = 0; i < NET_RING_QUEUES; i++)
		port->rx[i].port_id = dev->data->port_id;
	return dev;
}

/* Queue i sends where it receives: the set's users hear all of each other and of themselves. */
static int
create_on_set(struct rte_vdev_device *vdev, const char *name, struct net_ring_set *set, const struct net_ring_args *args,
	char *error)
{
	struct rings rings = { set->ring, set->ring, set->rings, set->rings, vdev->device.numa_node };
	struct rte_eth_dev *dev = allocate(vdev, name, args, error);

	if (dev == NULL) {
		net_ring_set_leave(set);
		return -ENOMEM;
	}
	net_ring_port(dev)->set = set;
	take_rings(net_ring_port(dev), &rings);
	rte_eth_dev_probing_finish(dev);
	return 0;
}

static int
create_loopback(struct rte_vdev_device *vdev, const struct net_ring_args *args, char *error)
{
	const char *name = rte_vdev_device_name(vdev);
	struct net_ring_set *set;
	bool exists;

	set = net_ring_set_create(name, args->queues == 0 ? NET_RING_QUEUES : args->queues,
		args->size == 0 ? NET_RING_DEFAULT_SIZE : args->size, vdev->device.numa_node, RING_F_SP_ENQ | RING_F_SC_DEQ, &exists,
		error);
	if (set == NULL && exists)
		set = net_ring_set_attach(name, error);
	return set == NULL ? -ENOMEM : create_on_set(vdev, name, set, args, error);
}

/*
 * nodeaction: rings that several ports share, so any of them may use each ring. The port has the rings' name, as
 * upstream has it; when there is a port of that name, the device's.
 */
static int
create_by_action(struct rte_vdev_device *vdev, const struct net_ring_args *args, const struct net_ring_node_action *action,
	char *error)
{
	const char *name = rte_eth_dev_allocated(action->name) == NULL ? action->name : rte_vdev_device_name(vdev);
	struct net_ring_set *set = NULL;
	bool exists = true;

	if (action->create)
		set = net_ring_set_create(action->name, NET_RING_QUEUES, NET_RING_DEFAULT_SIZE, action->node, 0, &exists, error);
	if (set == NULL && exists)
		set = net_ring_set_attach(action->name, error);
	return set == NULL ? -EINVAL : create_on_set(vdev, name, set, args, error);
}

static int
create_on_wire(struct rte_vdev_device *vdev, const struct net_ring_args *args, char *error)
{
	struct rte_eth_dev *dev = allocate(vdev, rte_vdev_device_name(vdev), args, error);
	int failed;

	if (dev == NULL)
		return -ENOMEM;
	failed = net_ring_wire_join(dev, args, error);
	if (failed != 0) {
		dev->data->mac_addrs = NULL;
		rte_eth_dev_release_port(dev);
		return failed;
	}
	dev->data->mtu = MAX_MTU;
	dev->rx_pkt_burst = net_ring_wire_rx;
	dev->tx_pkt_burst = net_ring_wire_tx;
	rte_eth_dev_probing_finish(dev);
	return 0;
}

/* Rings of an application, on their way through rte_vdev_init() to the probe in the same thread. */
static __thread const struct rings *handed_over;

static int
create_on_rings(struct rte_vdev_device *vdev, const struct rings *rings, char *error)
{
	static const struct net_ring_args none;
	struct rte_eth_dev *dev;

	vdev->device.numa_node = rings->node;
	dev = allocate(vdev, rte_vdev_device_name(vdev), &none, error);
	if (dev == NULL)
		return -ENOMEM;
	take_rings(net_ring_port(dev), rings);
	rte_eth_dev_probing_finish(dev);
	return 0;
}

/* One device may have several ports: one for each nodeaction. */
static int
close_ports_of(const struct rte_vdev_device *vdev)
{
	int error = 0;

	for (uint16_t id = rte_eth_find_next_of(0, &vdev->device); id < RTE_MAX_ETHPORTS;
			id = rte_eth_find_next_of(id, &vdev->device)) {
		int failed = rte_eth_dev_stop(id);

		failed = failed != 0 ? failed : rte_eth_dev_close(id);
		error = error == 0 ? failed : error;
		id = (uint16_t)(id + (failed != 0));
	}
	return error;
}

static int
create(struct rte_vdev_device *vdev, const struct net_ring_args *args, char *error)
{
	int failed = 0;

	if (args->wire[0] != '\0')
		return create_on_wire(vdev, args, error);
	if (args->actions == 0)
		return create_loopback(vdev, args, error);
	for (unsigned int i = 0; i < args->actions && failed == 0; i++)
		failed = create_by_action(vdev, args, &args->action[i], error);
	if (failed != 0)
		close_ports_of(vdev);
	return failed;
}

static int
probe(struct rte_vdev_device *vdev)
{
	const struct rings *rings = handed_over;
	struct net_ring_args args;
	char error[NET_RING_ERROR] = "";
	int failed = 0;

	handed_over = NULL;
	if (vdev->device.numa_node == SOCKET_ID_ANY)
		vdev->device.numa_node = (int)rte_socket_id();
	if (rings != NULL) {
		failed = create_on_rings(vdev, rings, error);
	} else {
		failed = net_ring_parse_args(rte_vdev_device_args(vdev), &args, error);
		if (failed == 0)
			failed = create(vdev, &args, error);
	}
	if (failed != 0)
		NET_RING_LOG(ERR, "%s: %s\n", rte_vdev_device_name(vdev), error);
	return failed;
}

static int
take_away(struct rte_vdev_device *vdev)
{
	return close_ports_of(vdev);
}

static struct rte_vdev_driver driver = {
	.driver = { .name = "net_ring", .alias = "eth_ring" },
	.probe = probe,
	.remove = take_away,
};

/* ---- Public ---- */

static int
fail(int error)
{
	rte_errno = error;
	return -1;
}

static bool
all_there(struct rte_ring *const rings[], unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (rings[i] == NULL)
			return false;
	return true;
}

int
rte_eth_from_rings(const char *name, struct rte_ring *const rx_queues[], const unsigned int nb_rx_queues,
	struct rte_ring *const tx_queues[], const unsigned int nb_tx_queues, const unsigned int numa_node)
{
	const struct rings rings = { rx_queues, tx_queues, nb_rx_queues, nb_tx_queues, (int)numa_node };
	char device[RTE_RING_NAMESIZE];
	uint16_t port_id;
	int error;

	if (name == NULL || (rx_queues == NULL && nb_rx_queues > 0) || (tx_queues == NULL && nb_tx_queues > 0) ||
			nb_rx_queues > RTE_PMD_RING_MAX_RX_RINGS || nb_tx_queues > RTE_PMD_RING_MAX_TX_RINGS ||
			!all_there(rx_queues, nb_rx_queues) || !all_there(tx_queues, nb_tx_queues))
		return fail(EINVAL);
	if (snprintf(device, sizeof(device), "net_ring_%s", name) >= (int)sizeof(device))
		return fail(ENAMETOOLONG);
	handed_over = &rings;
	error = rte_vdev_init(device, NULL);
	handed_over = NULL;
	if (error != 0)
		return fail(EINVAL);
	if (rte_eth_dev_get_port_by_name(device, &port_id) != 0)
		return fail(ENODEV);
	return port_id;
}

int
rte_eth_from_ring(struct rte_ring *r)
{
	if (r == NULL)
		return fail(EINVAL);
	return rte_eth_from_rings(r->name, &r, 1, &r, 1,
		r->memzone != NULL ? (unsigned int)r->memzone->socket_id : (unsigned int)SOCKET_ID_ANY);
}

int
wdpdk_register_net_ring(void)
{
	rte_vdev_register(&driver);
	return 0;
}
