/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For drivers of virtual devices: a port of a vdev.
 */
#ifndef WDPDK_ETHDEV_VDEV_H
#define WDPDK_ETHDEV_VDEV_H

#include <rte_config.h>
#include <rte_malloc.h>

#include <bus_vdev_driver.h>
#include <ethdev_driver.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Allocates a port named after the device, with private_data_size zeroed bytes of dev_private. NULL on failure. */
static inline struct rte_eth_dev *
rte_eth_vdev_allocate(struct rte_vdev_device *dev, size_t private_data_size)
{
	const char *name = rte_vdev_device_name(dev);
	const int node = dev->device.numa_node;
	struct rte_eth_dev *port = rte_eth_dev_allocate(name);

	if (port == NULL)
		return NULL;
	if (private_data_size > 0) {
		port->data->dev_private = rte_zmalloc_socket(name, private_data_size, RTE_CACHE_LINE_SIZE, node);
		if (port->data->dev_private == NULL) {
			rte_eth_dev_release_port(port);
			return NULL;
		}
	}
	port->device = &dev->device;
	port->intr_handle = NULL;
	port->data->numa_node = node;
	return port;
}

#ifdef __cplusplus
}
#endif

#endif
