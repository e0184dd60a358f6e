/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For drivers of virtual devices: the device, the driver, and how a driver makes itself known.
 */
#ifndef WDPDK_BUS_VDEV_DRIVER_H
#define WDPDK_BUS_VDEV_DRIVER_H

#include <stdint.h>

#include <dev_driver.h>
#include <rte_bus_vdev.h>
#include <rte_compat.h>
#include <rte_devargs.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A virtual device; owned by the bus. */
struct rte_vdev_device {
	RTE_TAILQ_ENTRY(rte_vdev_device) next;
	struct rte_device device;
};

#define RTE_DEV_TO_VDEV(ptr) container_of(ptr, struct rte_vdev_device, device)
#define RTE_DEV_TO_VDEV_CONST(ptr) container_of(ptr, const struct rte_vdev_device, device)
#define RTE_ETH_DEV_TO_VDEV(eth_dev) RTE_DEV_TO_VDEV((eth_dev)->device)

/** The device's name, or NULL. */
static inline const char *
rte_vdev_device_name(const struct rte_vdev_device *dev)
{
	return dev != NULL ? dev->device.name : NULL;
}

/** The device's arguments, "" when there are none. */
static inline const char *
rte_vdev_device_args(const struct rte_vdev_device *dev)
{
	return dev != NULL && dev->device.devargs != NULL ? dev->device.devargs->args : "";
}

/** Starts a device: 0 or a negative errno, after which the device does not exist. */
typedef int(rte_vdev_probe_t)(struct rte_vdev_device *dev);
/** Stops it: 0 or a negative errno. */
typedef int(rte_vdev_remove_t)(struct rte_vdev_device *dev);
/** Makes memory known to the device and forgets it again. */
typedef int(rte_vdev_dma_map_t)(struct rte_vdev_device *dev, void *addr, uint64_t iova, size_t len);
typedef int(rte_vdev_dma_unmap_t)(struct rte_vdev_device *dev, void *addr, uint64_t iova, size_t len);

/** A driver; static in its file. Devices are its by a name that begins with driver.name or driver.alias. */
struct rte_vdev_driver {
	RTE_TAILQ_ENTRY(rte_vdev_driver) next;
	struct rte_driver driver;
	rte_vdev_probe_t *probe;
	rte_vdev_remove_t *remove;
	rte_vdev_dma_map_t *dma_map;     /**< May be NULL. */
	rte_vdev_dma_unmap_t *dma_unmap; /**< May be NULL. */
	uint32_t drv_flags;              /**< RTE_VDEV_DRV_*. */
};

#define RTE_VDEV_DRV_NEED_IOVA_AS_VA 0x0001 /**< The device's addresses are the process's. */

/** Makes a driver known; again for the same one changes nothing. Before rte_eal_init() or from its registry. */
void rte_vdev_register(struct rte_vdev_driver *driver);
void rte_vdev_unregister(struct rte_vdev_driver *driver);

/**
 * Registration by a constructor, for drivers outside this project; the project's own have a row in
 * drivers/registry.c.
 */
#define RTE_PMD_REGISTER_VDEV(nm, vdrv) \
static const char *vdrvinit_##nm##_alias; \
RTE_INIT(vdrvinitfn_##vdrv) \
{ \
	(vdrv).driver.name = RTE_STR(nm); \
	(vdrv).driver.alias = vdrvinit_##nm##_alias; \
	rte_vdev_register(&vdrv); \
} \
RTE_PMD_EXPORT_NAME(nm, __COUNTER__)

#define RTE_PMD_REGISTER_ALIAS(nm, alias) static const char *vdrvinit_##nm##_alias = RTE_STR(alias)

#ifdef __cplusplus
}
#endif

#endif
