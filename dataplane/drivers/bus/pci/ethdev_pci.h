/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For drivers of PCI network cards: a port of a PCI device.
 */
#ifndef _RTE_ETHDEV_PCI_H_
#define _RTE_ETHDEV_PCI_H_

#include <errno.h>

#include <rte_config.h>
#include <rte_malloc.h>
#include <rte_pci.h>

#include <bus_pci_driver.h>
#include <ethdev_driver.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a port takes over from its device: interrupts, node, and whether link and removal can interrupt. */
static inline void
rte_eth_copy_pci_info(struct rte_eth_dev *eth_dev, struct rte_pci_device *pci_dev)
{
	if (eth_dev == NULL || pci_dev == NULL) {
		RTE_ETHDEV_LOG(ERR, "no port or no PCI device: nothing to copy\n");
		return;
	}
	eth_dev->intr_handle = pci_dev->intr_handle;
	eth_dev->data->numa_node = pci_dev->device.numa_node;
	eth_dev->data->dev_flags = 0;
	if ((pci_dev->driver->drv_flags & RTE_PCI_DRV_INTR_LSC) != 0)
		eth_dev->data->dev_flags |= RTE_ETH_DEV_INTR_LSC;
	if ((pci_dev->driver->drv_flags & RTE_PCI_DRV_INTR_RMV) != 0)
		eth_dev->data->dev_flags |= RTE_ETH_DEV_INTR_RMV;
}

/** For rte_eth_dev_create() of further ports of a device. */
static inline int
eth_dev_pci_specific_init(struct rte_eth_dev *eth_dev, void *bus_device)
{
	if (bus_device == NULL)
		return -ENODEV;
	rte_eth_copy_pci_info(eth_dev, (struct rte_pci_device *)bus_device);
	return 0;
}

/**
 * Allocates a port named after the device, with private_data_size zeroed bytes of dev_private, on the device's node if
 * there is memory, else anywhere. NULL on failure.
 */
static inline struct rte_eth_dev *
rte_eth_dev_pci_allocate(struct rte_pci_device *dev, size_t private_data_size)
{
	struct rte_eth_dev *port = dev != NULL ? rte_eth_dev_allocate(dev->device.name) : NULL;

	if (port == NULL)
		return NULL;
	if (private_data_size > 0) {
		void *mem = rte_zmalloc_socket(dev->device.name, private_data_size, RTE_CACHE_LINE_SIZE, dev->device.numa_node);

		if (mem == NULL) {
			mem = rte_zmalloc(dev->device.name, private_data_size, RTE_CACHE_LINE_SIZE);
			if (mem != NULL)
				RTE_ETHDEV_LOG(WARNING, "%s: its private data is not on its own node %d, where there is no memory left\n",
					dev->device.name, dev->device.numa_node);
		}
		if (mem == NULL) {
			rte_eth_dev_release_port(port);
			return NULL;
		}
		port->data->dev_private = mem;
	}
	port->device = &dev->device;
	rte_eth_copy_pci_info(port, dev);
	return port;
}

typedef int (*eth_dev_pci_callback_t)(struct rte_eth_dev *eth_dev);

/** A driver's whole probe: allocates the port, runs dev_init, announces it; or releases it when that gives not 0. */
static inline int
rte_eth_dev_pci_generic_probe(struct rte_pci_device *pci_dev, size_t private_data_size, eth_dev_pci_callback_t dev_init)
{
	struct rte_eth_dev *port;
	int ret;

	if (dev_init == NULL)
		return -EINVAL;
	port = rte_eth_dev_pci_allocate(pci_dev, private_data_size);
	if (port == NULL)
		return -ENOMEM;
	ret = dev_init(port);
	if (ret == 0)
		rte_eth_dev_probing_finish(port);
	else
		rte_eth_dev_release_port(port);
	return ret;
}

/** A driver's whole remove: dev_uninit (may be NULL), then the port goes, unless that gave not 0. 0 without a port. */
static inline int
rte_eth_dev_pci_generic_remove(struct rte_pci_device *pci_dev, eth_dev_pci_callback_t dev_uninit)
{
	struct rte_eth_dev *port = rte_eth_dev_allocated(pci_dev->device.name);
	int ret = 0;

	if (port == NULL)
		return 0;
	if (dev_uninit != NULL)
		ret = dev_uninit(port);
	if (ret == 0)
		rte_eth_dev_release_port(port);
	return ret;
}

#ifdef __cplusplus
}
#endif

#endif
