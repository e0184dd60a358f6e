/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The PCI bus, for drivers and applications: registers and configuration space of a device, whatever back end found it
 * (Linux's sysfs, the device model's files).
 *
 * What a poll-mode driver needs of the operating system is this, and none of it differs between systems:
 *  - registers: pci_dev->mem_resource[BAR].addr after the bus has mapped it (RTE_PCI_DRV_NEED_MAPPING), accessed with
 *    rte_read32()/rte_write32() and their relaxed and wc forms (rte_io.h);
 *  - memory the device reads or writes: rte_memzone_reserve_aligned() with RTE_MEMZONE_IOVA_CONTIG, or
 *    rte_eth_dma_zone_reserve() for a queue's ring; the address for the device is memzone->iova, of an mbuf
 *    rte_mbuf_data_iova(). Never the pointer: an IOVA is one only by chance. Contiguous requests above 2 MiB can fail;
 *  - interrupts: pci_dev->intr_handle with rte_intr_callback_register(), rte_intr_enable(), rte_intr_ack() and, per
 *    queue, rte_intr_efd_enable(). A handle without a source (rte_intr_callback_register() gives -EINVAL) is normal: the
 *    driver then asks its device by rte_eal_alarm_set().
 */
#ifndef _RTE_BUS_PCI_H_
#define _RTE_BUS_PCI_H_

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_compat.h>
#include <rte_debug.h>
#include <rte_interrupts.h>
#include <rte_pci.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_pci_device;
struct rte_pci_driver;
struct rte_pci_ioport;
struct rte_devargs;

/**
 * Maps every memory BAR and fills mem_resource[].addr; the bus does it before the probe of a driver with
 * RTE_PCI_DRV_NEED_MAPPING. 0; 1 when no driver of the system's that we could map through holds the device; a
 * negative errno after a message, and then nothing is mapped. A device that is mapped stays as it is: 0.
 */
int rte_pci_map_device(struct rte_pci_device *dev);
/** Undoes it; also of a device that is not mapped. */
void rte_pci_unmap_device(struct rte_pci_device *dev);

/** One paragraph for each device there is. */
void rte_pci_dump(FILE *f);

/** Whether the device has a list of capabilities. */
__rte_experimental
bool rte_pci_has_capability_list(const struct rte_pci_device *dev);
/** Where a capability (RTE_PCI_CAP_ID_*) is in configuration space; 0 when there is none; < 0 when it cannot be read. */
__rte_experimental
off_t rte_pci_find_capability(const struct rte_pci_device *dev, uint8_t cap);
/** The same for extended capabilities (RTE_PCI_EXT_CAP_ID_*). */
__rte_experimental
off_t rte_pci_find_ext_capability(struct rte_pci_device *dev, uint32_t cap);

/** Lets the device read and write memory by itself, or not. 0; -1 when configuration space cannot be read or written. */
__rte_experimental
int rte_pci_set_bus_master(struct rte_pci_device *dev, bool enable);
/** Turns on or off the PASID capability at that offset. 0 or negative. */
__rte_internal
int rte_pci_pasid_set_state(const struct rte_pci_device *dev, off_t offset, bool enable);

/**
 * Configuration space: len bytes at offset. How many were moved, which is less only at its end; negative on an error
 * (no such bytes, no access). Any thread; two writers of one register are theirs to order.
 */
int rte_pci_read_config(const struct rte_pci_device *device, void *buf, size_t len, off_t offset);
int rte_pci_write_config(const struct rte_pci_device *device, const void *buf, size_t len, off_t offset);

/**
 * Access to a BAR by reads and writes. Memory BARs only (the device is mapped for it when it is not yet): ports of the
 * x86 I/O space give -ENOTSUP. 0 or negative.
 */
int rte_pci_ioport_map(struct rte_pci_device *dev, int bar, struct rte_pci_ioport *p);
int rte_pci_ioport_unmap(struct rte_pci_ioport *p);
/** Moves len bytes in accesses of 4, 2 and 1 as they fit; bytes outside the BAR read as all ones, and are not written. */
void rte_pci_ioport_read(struct rte_pci_ioport *p, void *data, size_t len, off_t offset);
void rte_pci_ioport_write(struct rte_pci_ioport *p, const void *data, size_t len, off_t offset);

#ifdef __cplusplus
}
#endif

#endif
