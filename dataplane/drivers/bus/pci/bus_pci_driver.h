/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For drivers of PCI devices: the device, the driver, and how a driver makes itself known. Layouts as in DPDK 22.11.
 */
#ifndef BUS_PCI_DRIVER_H
#define BUS_PCI_DRIVER_H

#include <stdint.h>

#include <dev_driver.h>
#include <rte_bus_pci.h>
#include <rte_compat.h>
#include <rte_devargs.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where Linux lists its devices: the environment's SYSFS_PCI_DEVICES, or /sys/bus/pci/devices. */
__rte_internal
const char *rte_pci_get_sysfs_path(void);

/** Whom the operating system gave the device to. */
enum rte_pci_kernel_driver {
	RTE_PCI_KDRV_UNKNOWN = 0, /**< Somebody we cannot map through; and the model's devices. */
	RTE_PCI_KDRV_IGB_UIO,
	RTE_PCI_KDRV_VFIO,
	RTE_PCI_KDRV_UIO_GENERIC,
	RTE_PCI_KDRV_NIC_UIO,
	RTE_PCI_KDRV_NONE, /**< Nobody. */
	RTE_PCI_KDRV_NET_UIO,
};

/** A device; owned by the bus, from its scan to its unplugging. */
struct rte_pci_device {
	RTE_TAILQ_ENTRY(rte_pci_device) next;
	struct rte_device device; /**< Its name is the one the user gave, or the address. */
	struct rte_pci_addr addr;
	struct rte_pci_id id;
	struct rte_mem_resource mem_resource[PCI_MAX_RESOURCE]; /**< BARs: len 0 = none; addr NULL = not mapped. */
	struct rte_intr_handle *intr_handle;
	struct rte_pci_driver *driver; /**< NULL unless a probe succeeded or is under way. */
	uint16_t max_vfs;
	enum rte_pci_kernel_driver kdrv;
	char name[PCI_PRI_STR_SIZE + 1]; /**< The address. */
	char *bus_info;
	struct rte_intr_handle *vfio_req_intr_handle;
};

#define RTE_DEV_TO_PCI(ptr) container_of(ptr, struct rte_pci_device, device)
#define RTE_DEV_TO_PCI_CONST(ptr) container_of(ptr, const struct rte_pci_device, device)
#define RTE_ETH_DEV_TO_PCI(eth_dev) RTE_DEV_TO_PCI((eth_dev)->device)

/** A row of id_table: this device of that vendor, whatever its class and board. */
#ifdef __cplusplus
#define RTE_PCI_DEVICE(vend, dev) RTE_CLASS_ANY_ID, (vend), (dev), RTE_PCI_ANY_ID, RTE_PCI_ANY_ID
#else
#define RTE_PCI_DEVICE(vend, dev) \
	.class_id = RTE_CLASS_ANY_ID, .vendor_id = (vend), .device_id = (dev), .subsystem_vendor_id = RTE_PCI_ANY_ID, \
	.subsystem_device_id = RTE_PCI_ANY_ID
#endif

/** Starts a device: 0; positive: not this driver's after all, others may look; or a negative errno. */
typedef int(rte_pci_probe_t)(struct rte_pci_driver *, struct rte_pci_device *);
/** Stops it: 0 or a negative errno, and then it stays. */
typedef int(rte_pci_remove_t)(struct rte_pci_device *);
/** Makes memory known to the device, or forgets it. 0, or negative with rte_errno. */
typedef int(pci_dma_map_t)(struct rte_pci_device *dev, void *addr, uint64_t iova, size_t len);
typedef int(pci_dma_unmap_t)(struct rte_pci_device *dev, void *addr, uint64_t iova, size_t len);

/** A driver; static in its file. */
struct rte_pci_driver {
	RTE_TAILQ_ENTRY(rte_pci_driver) next;
	struct rte_driver driver;
	rte_pci_probe_t *probe;
	rte_pci_remove_t *remove;
	pci_dma_map_t *dma_map;     /**< NULL: the bus maps where the back end can. */
	pci_dma_unmap_t *dma_unmap;
	const struct rte_pci_id *id_table; /**< Ends with vendor_id 0. */
	uint32_t drv_flags;                /**< RTE_PCI_DRV_*. */
};

#define RTE_PCI_DRV_NEED_MAPPING 0x0001     /**< BARs are mapped before the probe, and unmapped after it failed. */
#define RTE_PCI_DRV_WC_ACTIVATE 0x0002      /**< Write-combining mappings, where the system has them. */
#define RTE_PCI_DRV_PROBE_AGAIN 0x0004      /**< A probed device may be probed again. */
#define RTE_PCI_DRV_INTR_LSC 0x0008         /**< It can interrupt when its link changes... */
#define RTE_PCI_DRV_INTR_RMV 0x0010         /**< ...or when it is taken out. */
#define RTE_PCI_DRV_KEEP_MAPPED_RES 0x0020  /**< A probe that gave > 0, and a remove, leave the BARs mapped. */
#define RTE_PCI_DRV_NEED_IOVA_AS_VA 0x0040  /**< The device's addresses are the process's. */

/** Makes a driver known; again for the same one changes nothing. Before rte_eal_init() or from its registry. */
__rte_internal
void rte_pci_register(struct rte_pci_driver *driver);
__rte_internal
void rte_pci_unregister(struct rte_pci_driver *driver);

/**
 * Registration by a constructor, for drivers outside this project; the project's own have a row in
 * drivers/registry.c.
 */
#define RTE_PMD_REGISTER_PCI(nm, pci_drv) \
RTE_INIT(pciinitfn_##nm) \
{ \
	(pci_drv).driver.name = RTE_STR(nm); \
	rte_pci_register(&pci_drv); \
} \
RTE_PMD_EXPORT_NAME(nm, __COUNTER__)

/** See rte_pci_ioport_map(). */
struct rte_pci_ioport {
	struct rte_pci_device *dev;
	uint64_t base; /* the BAR's address in this process */
	uint64_t len;
};

#ifdef __cplusplus
}
#endif

#endif
