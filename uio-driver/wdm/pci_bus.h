/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a function asks of the driver of its bus: interfaces, and by one of them configuration space.
 */
#ifndef WDPDK_UIO_WDM_PCI_BUS_H
#define WDPDK_UIO_WDM_PCI_BUS_H

#include <ntifs.h>
#include <stdint.h>

/* IRP_MN_QUERY_INTERFACE: what comes back is referenced once. */
NTSTATUS uio_query_interface(PDEVICE_OBJECT lower, const GUID *type, USHORT size, USHORT version, PINTERFACE result);

/* BUS_INTERFACE_STANDARD; give it back with uio_pci_bus_close(), also when it was never got. */
NTSTATUS uio_pci_bus_open(PDEVICE_OBJECT lower, BUS_INTERFACE_STANDARD *bus);
void uio_pci_bus_close(BUS_INTERFACE_STANDARD *bus);

/* core/hw.h's operations. */
int32_t uio_pci_config_read(BUS_INTERFACE_STANDARD *bus, uint32_t offset, void *data, uint32_t length);
int32_t uio_pci_config_write(BUS_INTERFACE_STANDARD *bus, uint32_t offset, const void *data, uint32_t length);

#endif
