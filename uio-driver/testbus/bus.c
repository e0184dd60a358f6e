/* SPDX-License-Identifier: BSD-3-Clause
 *
 * wdpdkbus.sys: a PCI bus that is not there, with two XL710 on it, for tests. Entry, dispatch and unloading.
 */
#include "bus.h"

struct bus bus;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD unload;
static DRIVER_ADD_DEVICE add_device;
static DRIVER_DISPATCH dispatch_open, dispatch_ioctl, dispatch_pnp, dispatch_power, dispatch_system;

NTSTATUS
bus_complete(IRP *irp, NTSTATUS status, ULONG_PTR information)
{
	irp->IoStatus.Status = status;
	irp->IoStatus.Information = information;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	return status;
}

/* An event, since Wine's KMUTEX lets two in, or nobody, when more than one thread waits for it. No thread may be ended within. */
void
bus_children_lock(void)
{
	KeEnterCriticalRegion();
	KeWaitForSingleObject(&bus.children, Executive, KernelMode, FALSE, NULL);
}

void
bus_children_unlock(void)
{
	KeSetEvent(&bus.children, IO_NO_INCREMENT, FALSE);
	KeLeaveCriticalRegion();
}

static struct extension *
of(DEVICE_OBJECT *device)
{
	return device->DeviceExtension;
}

/* Below the bus is the root, below a function nothing. */
static NTSTATUS
pass_down(DEVICE_OBJECT *device, IRP *irp)
{
	if (of(device)->kind != KIND_BUS)
		return bus_complete(irp, irp->IoStatus.Status, irp->IoStatus.Information);
	IoSkipCurrentIrpStackLocation(irp);
	return IoCallDriver(of(device)->lower, irp);
}

static NTSTATUS NTAPI
dispatch_open(DEVICE_OBJECT *device, IRP *irp)
{
	return bus_complete(irp, of(device)->kind == KIND_CONTROL ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST, 0);
}

static NTSTATUS NTAPI
dispatch_ioctl(DEVICE_OBJECT *device, IRP *irp)
{
	if (of(device)->kind != KIND_CONTROL)
		return bus_complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
	return control_ioctl(irp);
}

static NTSTATUS NTAPI
dispatch_pnp(DEVICE_OBJECT *device, IRP *irp)
{
	switch (of(device)->kind) {
	case KIND_BUS:
		return fdo_pnp(device, irp);
	case KIND_FUNCTION:
		return pdo_pnp(device, irp);
	default:
		return bus_complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
	}
}

static NTSTATUS NTAPI
dispatch_power(DEVICE_OBJECT *device, IRP *irp)
{
	const IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);

	PoStartNextPowerIrp(irp);
	if (of(device)->kind == KIND_BUS) {
		IoSkipCurrentIrpStackLocation(irp);
		return PoCallDriver(of(device)->lower, irp);
	}
	if (stack->MinorFunction == IRP_MN_SET_POWER || stack->MinorFunction == IRP_MN_QUERY_POWER)
		irp->IoStatus.Status = STATUS_SUCCESS;
	return bus_complete(irp, irp->IoStatus.Status, 0);
}

static NTSTATUS NTAPI
dispatch_system(DEVICE_OBJECT *device, IRP *irp)
{
	return pass_down(device, irp);
}

static NTSTATUS NTAPI
add_device(DRIVER_OBJECT *driver, DEVICE_OBJECT *physical)
{
	struct extension *extension;
	DEVICE_OBJECT *device;
	NTSTATUS status;

	status = IoCreateDevice(driver, sizeof(struct extension), NULL, FILE_DEVICE_BUS_EXTENDER, FILE_DEVICE_SECURE_OPEN, FALSE, &device);
	if (!NT_SUCCESS(status))
		return status;
	extension = of(device);
	extension->kind = KIND_BUS;
	extension->physical = physical;
	extension->lower = IoAttachDeviceToDeviceStack(device, physical);
	if (extension->lower == NULL) {
		IoDeleteDevice(device);
		return STATUS_NO_SUCH_DEVICE;
	}
	device->Flags |= DO_POWER_PAGABLE;
	device->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
	return STATUS_SUCCESS;
}

static void NTAPI
unload(DRIVER_OBJECT *driver)
{
	(void)driver;
	control_delete();
	ExFreePoolWithTag(bus.log, BUS_TAG);
	ExFreePoolWithTag(bus.registry.Buffer, BUS_TAG);
}

static NTSTATUS
keep_registry(const UNICODE_STRING *path)
{
	bus.registry.Buffer = ExAllocatePoolWithTag(PagedPool, path->Length + sizeof(WCHAR), BUS_TAG);
	if (bus.registry.Buffer == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	RtlCopyMemory(bus.registry.Buffer, path->Buffer, path->Length);
	bus.registry.Buffer[path->Length / sizeof(WCHAR)] = 0;
	bus.registry.Length = path->Length;
	bus.registry.MaximumLength = (USHORT)(path->Length + sizeof(WCHAR));
	return STATUS_SUCCESS;
}

NTSTATUS NTAPI
DriverEntry(DRIVER_OBJECT *driver, UNICODE_STRING *registry)
{
	NTSTATUS status;

	bus.driver = driver;
	KeInitializeEvent(&bus.children, SynchronizationEvent, TRUE);
	KeInitializeSpinLock(&bus.lock);
	status = keep_registry(registry);
	if (!NT_SUCCESS(status))
		return status;
	bus.log = ExAllocatePoolWithTag(NonPagedPool, LOG_LINES * sizeof(*bus.log), BUS_TAG);
	status = bus.log == NULL ? STATUS_INSUFFICIENT_RESOURCES : control_create();
	if (!NT_SUCCESS(status)) {
		if (bus.log != NULL)
			ExFreePoolWithTag(bus.log, BUS_TAG);
		ExFreePoolWithTag(bus.registry.Buffer, BUS_TAG);
		return status;
	}
	driver->DriverUnload = unload;
	driver->DriverExtension->AddDevice = add_device;
	driver->MajorFunction[IRP_MJ_CREATE] = dispatch_open;
	driver->MajorFunction[IRP_MJ_CLOSE] = dispatch_open;
	driver->MajorFunction[IRP_MJ_CLEANUP] = dispatch_open;
	driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = dispatch_ioctl;
	driver->MajorFunction[IRP_MJ_PNP] = dispatch_pnp;
	driver->MajorFunction[IRP_MJ_POWER] = dispatch_power;
	driver->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = dispatch_system;
	return STATUS_SUCCESS;
}
