/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The table of ports: allocation, names, iteration, owners.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_memory.h>
#include <rte_memzone.h>
#include <rte_spinlock.h>

#include "ethdev_private.h"

int rte_eth_dev_logtype;

struct rte_eth_dev rte_eth_devices[RTE_MAX_ETHPORTS];
static struct rte_eth_dev_data port_data[RTE_MAX_ETHPORTS];

/* Guards the allocation of entries and their owners. A driver changes its own port without it. */
static rte_spinlock_t table_lock = RTE_SPINLOCK_INITIALIZER;
static uint64_t next_owner = RTE_ETH_DEV_NO_OWNER + 1;

static int
exists(const struct rte_eth_dev *dev)
{
	return dev->state != RTE_ETH_DEV_UNUSED;
}

int
rte_eth_dev_is_valid_port(uint16_t port_id)
{
	return port_id < RTE_MAX_ETHPORTS && exists(&rte_eth_devices[port_id]);
}

struct rte_eth_dev *
ethdev_port(uint16_t port_id)
{
	if (!rte_eth_dev_is_valid_port(port_id)) {
		RTE_ETHDEV_LOG(ERR, "Port %u does not exist; there are %u ports\n", port_id, rte_eth_dev_count_total());
		return NULL;
	}
	return &rte_eth_devices[port_id];
}

const char *
ethdev_label(const struct rte_eth_dev *dev)
{
	static __thread char label[RTE_ETH_NAME_MAX_LEN + 16];

	snprintf(label, sizeof(label), "port %u (%s)", dev->data->port_id, dev->data->name);
	return label;
}

int
ethdev_error(const struct rte_eth_dev *dev, int error)
{
	if (error != 0 && rte_eth_dev_is_removed(dev->data->port_id))
		return -EIO;
	return error;
}

int
ethdev_unsound(const struct rte_eth_dev *dev, const char *function)
{
	RTE_ETHDEV_LOG(ERR, "%s: %s cannot do anything with these arguments\n", ethdev_label(dev), function);
	return -EINVAL;
}

int
ethdev_check_rx_queue(const struct rte_eth_dev *dev, uint16_t queue_id)
{
	if (queue_id < dev->data->nb_rx_queues && dev->data->rx_queues != NULL)
		return 0;
	RTE_ETHDEV_LOG(ERR, "%s has no Rx queue %u; %u are configured\n", ethdev_label(dev), queue_id,
		dev->data->nb_rx_queues);
	return -EINVAL;
}

int
ethdev_check_tx_queue(const struct rte_eth_dev *dev, uint16_t queue_id)
{
	if (queue_id < dev->data->nb_tx_queues && dev->data->tx_queues != NULL)
		return 0;
	RTE_ETHDEV_LOG(ERR, "%s has no Tx queue %u; %u are configured\n", ethdev_label(dev), queue_id,
		dev->data->nb_tx_queues);
	return -EINVAL;
}

/* ---- Allocation ---- */

static struct rte_eth_dev *
find_by_name(const char *name)
{
	for (unsigned int i = 0; i < RTE_MAX_ETHPORTS; i++)
		if (port_data[i].name[0] != '\0' && strcmp(port_data[i].name, name) == 0)
			return &rte_eth_devices[i];
	return NULL;
}

/* Under the table's lock. The log type is made here, before the first port, since the library has no constructor. */
static struct rte_eth_dev *
take_entry(const char *name)
{
	static const pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
	static int log_registered;
	unsigned int i;

	if (!log_registered) {
		int type = rte_log_register_type_and_pick_level("lib.ethdev", RTE_LOG_INFO);

		rte_eth_dev_logtype = type < 0 ? RTE_LOGTYPE_EAL : type;
		log_registered = 1;
	}
	if (find_by_name(name) != NULL) {
		RTE_ETHDEV_LOG(ERR, "There is a port named %s already\n", name);
		return NULL;
	}
	for (i = 0; i < RTE_MAX_ETHPORTS && port_data[i].name[0] != '\0'; i++)
		;
	if (i == RTE_MAX_ETHPORTS) {
		RTE_ETHDEV_LOG(ERR, "No room for port %s: all %u ports are taken\n", name, RTE_MAX_ETHPORTS);
		return NULL;
	}
	memset(&port_data[i], 0, sizeof(port_data[i]));
	snprintf(port_data[i].name, sizeof(port_data[i].name), "%s", name);
	port_data[i].port_id = (uint16_t)i;
	port_data[i].backer_port_id = RTE_MAX_ETHPORTS;
	port_data[i].mtu = RTE_ETHER_MTU;
	port_data[i].flow_ops_mutex = unlocked;
	rte_eth_devices[i].data = &port_data[i];
	return &rte_eth_devices[i];
}

struct rte_eth_dev *
rte_eth_dev_allocate(const char *name)
{
	struct rte_eth_dev *dev;

	if (name == NULL || name[0] == '\0' || strnlen(name, RTE_ETH_NAME_MAX_LEN) == RTE_ETH_NAME_MAX_LEN) {
		RTE_ETHDEV_LOG(ERR, "A port's name has 1 to %d characters\n", RTE_ETH_NAME_MAX_LEN - 1);
		return NULL;
	}
	rte_spinlock_lock(&table_lock);
	dev = take_entry(name);
	rte_spinlock_unlock(&table_lock);
	return dev;
}

struct rte_eth_dev *
rte_eth_dev_allocated(const char *name)
{
	struct rte_eth_dev *dev;

	if (name == NULL)
		return NULL;
	rte_spinlock_lock(&table_lock);
	dev = find_by_name(name);
	rte_spinlock_unlock(&table_lock);
	return dev;
}

struct rte_eth_dev *
rte_eth_dev_get_by_name(const char *name)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocated(name);

	return dev != NULL && exists(dev) ? dev : NULL;
}

struct rte_eth_dev *
rte_eth_dev_attach_secondary(const char *name)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocated(name);

	if (dev == NULL)
		RTE_ETHDEV_LOG(ERR, "There is no port named %s to attach to\n", name != NULL ? name : "(null)");
	return dev;
}

void
rte_eth_dev_probing_finish(struct rte_eth_dev *dev)
{
	if (dev == NULL)
		return;
	/* Visible only after the event, so that a driver above this port can own it before applications see it. */
	rte_eth_dev_callback_process(dev, RTE_ETH_EVENT_NEW, NULL);
	dev->state = RTE_ETH_DEV_ATTACHED;
}

int
rte_eth_dev_release_port(struct rte_eth_dev *dev)
{
	struct rte_eth_dev_data *data;

	if (dev == NULL || dev->data == NULL)
		return -EINVAL;
	data = dev->data;
	if (exists(dev))
		rte_eth_dev_callback_process(dev, RTE_ETH_EVENT_DESTROY, NULL);
	ethdev_fast_path_off(data->port_id);

	rte_spinlock_lock(&table_lock);
	dev->state = RTE_ETH_DEV_UNUSED;
	dev->rx_pkt_burst = NULL;
	dev->tx_pkt_burst = NULL;
	dev->tx_pkt_prepare = NULL;
	dev->rx_queue_count = NULL;
	dev->rx_descriptor_status = NULL;
	dev->tx_descriptor_status = NULL;
	dev->process_private = NULL;
	dev->dev_ops = NULL;
	dev->device = NULL;
	dev->intr_handle = NULL;
	/* Burst callbacks are their adders' to free; the next port of this number starts without. */
	memset(dev->post_rx_burst_cbs, 0, sizeof(dev->post_rx_burst_cbs));
	memset(dev->pre_tx_burst_cbs, 0, sizeof(dev->pre_tx_burst_cbs));
	rte_free(data->rx_queues);
	rte_free(data->tx_queues);
	rte_free(data->mac_addrs);
	rte_free(data->hash_mac_addrs);
	rte_free(data->dev_private);
	memset(data, 0, sizeof(*data));
	dev->data = NULL;
	rte_spinlock_unlock(&table_lock);
	return 0;
}

int
rte_eth_dev_create(struct rte_device *device, const char *name, size_t priv_data_size,
	ethdev_bus_specific_init bus_specific_init, void *bus_init_params, ethdev_init_t ethdev_init, void *init_params)
{
	struct rte_eth_dev *dev;
	int error = 0;

	if (ethdev_init == NULL || device == NULL)
		return -EINVAL;
	dev = rte_eth_dev_allocate(name);
	if (dev == NULL)
		return -ENODEV;
	dev->device = device;
	dev->data->numa_node = device->numa_node;
	if (priv_data_size > 0) {
		dev->data->dev_private = rte_zmalloc_socket(name, priv_data_size, RTE_CACHE_LINE_SIZE, device->numa_node);
		if (dev->data->dev_private == NULL)
			dev->data->dev_private = rte_zmalloc(name, priv_data_size, RTE_CACHE_LINE_SIZE);
		if (dev->data->dev_private == NULL)
			error = -ENOMEM;
	}
	if (error == 0 && bus_specific_init != NULL)
		error = bus_specific_init(dev, bus_init_params);
	if (error == 0)
		error = ethdev_init(dev, init_params);
	if (error != 0) {
		RTE_ETHDEV_LOG(ERR, "%s could not be initialised: error %d\n", ethdev_label(dev), error);
		rte_eth_dev_release_port(dev);
		return error;
	}
	rte_eth_dev_probing_finish(dev);
	return 0;
}

int
rte_eth_dev_destroy(struct rte_eth_dev *dev, ethdev_uninit_t ethdev_uninit)
{
	int error;

	if (dev == NULL || dev->data == NULL)
		return -ENODEV;
	if (ethdev_uninit == NULL)
		return -EINVAL;
	error = ethdev_uninit(dev);
	return error != 0 ? error : rte_eth_dev_release_port(dev);
}

/* ---- Names and iteration ---- */

int
rte_eth_dev_get_name_by_port(uint16_t port_id, char *name)
{
	const struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (name == NULL)
		return -EINVAL;
	memcpy(name, dev->data->name, strlen(dev->data->name) + 1);
	return 0;
}

int
rte_eth_dev_get_port_by_name(const char *name, uint16_t *port_id)
{
	const struct rte_eth_dev *dev;

	if (name == NULL || port_id == NULL)
		return -EINVAL;
	dev = rte_eth_dev_get_by_name(name);
	if (dev == NULL)
		return -ENODEV;
	*port_id = dev->data->port_id;
	return 0;
}

int
rte_eth_dev_socket_id(uint16_t port_id)
{
	if (!rte_eth_dev_is_valid_port(port_id)) {
		rte_errno = EINVAL;
		return -1;
	}
	if (rte_eth_devices[port_id].data->numa_node == SOCKET_ID_ANY)
		rte_errno = 0;
	return rte_eth_devices[port_id].data->numa_node;
}

uint16_t
rte_eth_find_next(uint16_t port_id)
{
	while (port_id < RTE_MAX_ETHPORTS && !exists(&rte_eth_devices[port_id]))
		port_id++;
	return port_id < RTE_MAX_ETHPORTS ? port_id : RTE_MAX_ETHPORTS;
}

uint64_t
rte_eth_find_next_owned_by(uint16_t port_id, const uint64_t owner_id)
{
	port_id = rte_eth_find_next(port_id);
	while (port_id < RTE_MAX_ETHPORTS && rte_eth_devices[port_id].data->owner.id != owner_id)
		port_id = rte_eth_find_next(port_id + 1);
	return port_id;
}

uint16_t
rte_eth_find_next_of(uint16_t port_id, const struct rte_device *parent)
{
	port_id = rte_eth_find_next(port_id);
	while (port_id < RTE_MAX_ETHPORTS && rte_eth_devices[port_id].device != parent)
		port_id = rte_eth_find_next(port_id + 1);
	return port_id;
}

uint16_t
rte_eth_find_next_sibling(uint16_t port_id, uint16_t ref_port_id)
{
	if (!rte_eth_dev_is_valid_port(ref_port_id))
		return RTE_MAX_ETHPORTS;
	return rte_eth_find_next_of(port_id, rte_eth_devices[ref_port_id].device);
}

uint16_t
rte_eth_dev_count_avail(void)
{
	uint16_t count = 0, port_id;

	RTE_ETH_FOREACH_DEV(port_id)
		count++;
	return count;
}

uint16_t
rte_eth_dev_count_total(void)
{
	uint16_t count = 0;

	for (uint16_t i = 0; i < RTE_MAX_ETHPORTS; i++)
		count += exists(&rte_eth_devices[i]) ? 1 : 0;
	return count;
}

/* ---- Owners ---- */

static int
was_given_out(uint64_t owner_id)
{
	return owner_id != RTE_ETH_DEV_NO_OWNER && owner_id < next_owner;
}

int
rte_eth_dev_owner_new(uint64_t *owner_id)
{
	if (owner_id == NULL)
		return -EINVAL;
	rte_spinlock_lock(&table_lock);
	*owner_id = next_owner++;
	rte_spinlock_unlock(&table_lock);
	return 0;
}

static int
change_owner(uint16_t port_id, uint64_t from, const struct rte_eth_dev_owner *to)
{
	struct rte_eth_dev *dev;
	int error = 0;

	/* Ports still being probed can be owned too: a driver above may claim what it creates. */
	if (port_id >= RTE_MAX_ETHPORTS || rte_eth_devices[port_id].data == NULL)
		return -ENODEV;
	if (to == NULL)
		return -EINVAL;
	dev = &rte_eth_devices[port_id];
	rte_spinlock_lock(&table_lock);
	if (!was_given_out(to->id) && !was_given_out(from)) {
		error = -EINVAL;
	} else if (dev->data->owner.id != from) {
		RTE_ETHDEV_LOG(ERR, "%s belongs to %s\n", ethdev_label(dev),
			dev->data->owner.id == RTE_ETH_DEV_NO_OWNER ? "nobody" : dev->data->owner.name);
		error = -EPERM;
	} else {
		dev->data->owner = *to;
		dev->data->owner.name[RTE_ETH_MAX_OWNER_NAME_LEN - 1] = '\0';
	}
	rte_spinlock_unlock(&table_lock);
	return error;
}

int
rte_eth_dev_owner_set(const uint16_t port_id, const struct rte_eth_dev_owner *owner)
{
	return change_owner(port_id, RTE_ETH_DEV_NO_OWNER, owner);
}

int
rte_eth_dev_owner_unset(const uint16_t port_id, const uint64_t owner_id)
{
	const struct rte_eth_dev_owner nobody = {.id = RTE_ETH_DEV_NO_OWNER};

	return change_owner(port_id, owner_id, &nobody);
}

int
rte_eth_dev_owner_delete(const uint64_t owner_id)
{
	int error = 0;

	rte_spinlock_lock(&table_lock);
	if (!was_given_out(owner_id))
		error = -EINVAL;
	for (unsigned int i = 0; error == 0 && i < RTE_MAX_ETHPORTS; i++)
		if (port_data[i].owner.id == owner_id)
			memset(&port_data[i].owner, 0, sizeof(port_data[i].owner));
	rte_spinlock_unlock(&table_lock);
	return error;
}

int
rte_eth_dev_owner_get(const uint16_t port_id, struct rte_eth_dev_owner *owner)
{
	if (port_id >= RTE_MAX_ETHPORTS || rte_eth_devices[port_id].data == NULL)
		return -ENODEV;
	if (owner == NULL)
		return -EINVAL;
	rte_spinlock_lock(&table_lock);
	*owner = rte_eth_devices[port_id].data->owner;
	rte_spinlock_unlock(&table_lock);
	return 0;
}
