/* SPDX-License-Identifier: BSD-3-Clause */
#include <initguid.h>

#include "pci_bus.h"

#include <wdmguid.h>

#include "wdpdk_uio.h"

#define CONFIG_SPACE 4096u
#define CONFIG_LEGACY 256u

NTSTATUS
uio_query_interface(PDEVICE_OBJECT lower, const GUID *type, USHORT size, USHORT version, PINTERFACE result)
{
	PIO_STACK_LOCATION stack;
	IO_STATUS_BLOCK ended = { .Status = STATUS_NOT_SUPPORTED };
	KEVENT done;
	NTSTATUS status;
	PIRP irp;

	RtlZeroMemory(result, size);
	KeInitializeEvent(&done, NotificationEvent, FALSE);
	irp = IoBuildSynchronousFsdRequest(IRP_MJ_PNP, lower, NULL, 0, NULL, &done, &ended);
	if (irp == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
	stack = IoGetNextIrpStackLocation(irp);
	stack->MinorFunction = IRP_MN_QUERY_INTERFACE;
	stack->Parameters.QueryInterface.InterfaceType = type;
	stack->Parameters.QueryInterface.Size = size;
	stack->Parameters.QueryInterface.Version = version;
	stack->Parameters.QueryInterface.Interface = result;
	stack->Parameters.QueryInterface.InterfaceSpecificData = NULL;
	status = IoCallDriver(lower, irp);
	if (status == STATUS_PENDING) {
		KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
		status = ended.Status;
	}
	return status;
}

NTSTATUS
uio_pci_bus_open(PDEVICE_OBJECT lower, BUS_INTERFACE_STANDARD *bus)
{
	NTSTATUS status = uio_query_interface(lower, &GUID_BUS_INTERFACE_STANDARD, sizeof(*bus), 1, (PINTERFACE)bus);

	if (NT_SUCCESS(status) && (bus->GetBusData == NULL || bus->SetBusData == NULL)) {
		uio_pci_bus_close(bus);
		status = STATUS_NOT_SUPPORTED;
	}
	return status;
}

void
uio_pci_bus_close(BUS_INTERFACE_STANDARD *bus)
{
	if (bus->InterfaceDereference != NULL)
		bus->InterfaceDereference(bus->Context);
	RtlZeroMemory(bus, sizeof(*bus));
}

int32_t
uio_pci_config_read(BUS_INTERFACE_STANDARD *bus, uint32_t offset, void *data, uint32_t length)
{
	ULONG got;

	if (bus->GetBusData == NULL || offset > CONFIG_SPACE || length > CONFIG_SPACE - offset)
		return WDPDK_UIO_E_IO;
	got = bus->GetBusData(bus->Context, PCI_WHICHSPACE_CONFIG, data, offset, length);
	/* A function that ends before the extended space gives fewer bytes, or none of it. */
	if (got > length || (got < length && offset + got < CONFIG_LEGACY))
		return WDPDK_UIO_E_IO;
	RtlFillMemory((uint8_t *)data + got, length - got, 0xff);
	return WDPDK_UIO_OK;
}

int32_t
uio_pci_config_write(BUS_INTERFACE_STANDARD *bus, uint32_t offset, const void *data, uint32_t length)
{
	if (bus->SetBusData == NULL || offset > CONFIG_SPACE || length > CONFIG_SPACE - offset)
		return WDPDK_UIO_E_IO;
	return bus->SetBusData(bus->Context, PCI_WHICHSPACE_CONFIG, (PVOID)(ULONG_PTR)data, offset, length) == length ? WDPDK_UIO_OK
														       : WDPDK_UIO_E_IO;
}
