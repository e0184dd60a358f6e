/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: devices that vfio-pci holds. One container for the process has all groups, and the IOMMU's table with them: EAL's
 * memory is in it from the first group on, and what comes and goes later, too. Without an IOMMU (the kernel's no-IOMMU mode) there is
 * no table and devices are given physical addresses.
 */
#ifndef PCI_VFIO_H
#define PCI_VFIO_H

#include "pci_linux.h"

/* ---- pci_vfio_container.c: functions give 0 or a negative errno after a message ---- */

/** Puts the device's group into the container, for one more device. */
int pci_vfio_join(struct pci_device *dev);
/** For one less; the container ends with the last group. */
void pci_vfio_leave(struct pci_device *dev);
/** The descriptor of a device whose group has joined. */
int pci_vfio_device_fd(const struct pci_device *dev);
/** Whether the device's group has no IOMMU; false when that is not known. */
bool pci_vfio_is_physical(const struct pci_device *dev);
/** Memory of the user's, len bytes at addr under iova, for all devices of the container. */
int pci_vfio_dma_map(struct pci_device *dev, void *addr, uint64_t iova, size_t len);
int pci_vfio_dma_unmap(struct pci_device *dev, void *addr, uint64_t iova, size_t len);

/* ---- pci_vfio.c ---- */

int pci_vfio_map(struct pci_device *dev);
void pci_vfio_unmap(struct pci_device *dev);

#endif
