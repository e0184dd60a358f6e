/* SPDX-License-Identifier: BSD-3-Clause
 *
 * DriverEntry, AddDevice, DriverUnload.
 */
#include <initguid.h>

#include "shell.h"

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD unload;

DEFINE_GUID(interface_class, WDPDK_UIO_INTERFACE_DATA1, WDPDK_UIO_INTERFACE_DATA2, WDPDK_UIO_INTERFACE_DATA3, 0x8e, 0x52, 0x1d, 0x7a,
	0x40, 0xc9, 0xb6, 0xf3);

struct uio_driver *uio_shell_driver;
PDRIVER_OBJECT uio_shell_object;

/*
 * The only notice of an owner's end when another process holds a duplicate of its handle. It comes in the ending process, before its
 * address space goes. (It never comes under Wine; there CLOSE does it all.)
 */
static VOID NTAPI
process_changed(PEPROCESS process, HANDLE id, PPS_CREATE_NOTIFY_INFO created)
{
	(void)id;
	if (created == NULL)
		uio_process_exit(uio_shell_driver, (struct uio_process *)process);
}

static VOID NTAPI
unload(PDRIVER_OBJECT object)
{
	(void)object;
	PsSetCreateProcessNotifyRoutineEx(process_changed, TRUE);
	if (!uio_driver_end(uio_shell_driver)) {
		uio_os_log("unloaded with devices, owners or memory left\n");
		NT_ASSERT(FALSE);
	}
}

NTSTATUS NTAPI
uio_add_device(PDRIVER_OBJECT object, PDEVICE_OBJECT pdo)
{
	struct uio_extension *extension;
	PDEVICE_OBJECT device;
	NTSTATUS status;

	/* Not exclusive for the I/O manager: observers come beside an owner. Secure open: no names below the device. */
	status = IoCreateDevice(object, sizeof(*extension), NULL, WDPDK_UIO_DEVICE_TYPE, FILE_DEVICE_SECURE_OPEN, FALSE, &device);
	if (!NT_SUCCESS(status))
		return status;
	extension = device->DeviceExtension;
	extension->self = device;
	extension->pdo = pdo;
	IoInitializeRemoveLock(&extension->remove_lock, UIO_TAG, 0, 0);
	extension->lower = IoAttachDeviceToDeviceStack(device, pdo);
	if (extension->lower == NULL) {
		status = STATUS_NO_SUCH_DEVICE;
		goto delete;
	}
	status = uio_hardware_create(pdo, extension->lower, &extension->hardware);
	if (!NT_SUCCESS(status))
		goto detach;
	status = IoRegisterDeviceInterface(pdo, &interface_class, NULL, &extension->link);
	if (!NT_SUCCESS(status))
		goto release;
	status = uio_device_create(uio_shell_driver, &uio_hardware_ops, extension->hardware, &extension->device);
	if (!NT_SUCCESS(status))
		goto forget;
	device->Flags |= extension->lower->Flags & DO_POWER_PAGABLE;
	device->Flags &= ~DO_DEVICE_INITIALIZING;
	return STATUS_SUCCESS;
forget:
	RtlFreeUnicodeString(&extension->link);
release:
	uio_hardware_stop(extension->hardware);
	uio_hardware_ops.release(extension->hardware);
detach:
	IoDetachDevice(extension->lower);
delete:
	IoDeleteDevice(device);
	return status;
}

NTSTATUS NTAPI
DriverEntry(PDRIVER_OBJECT object, PUNICODE_STRING registry_path)
{
	struct uio_settings settings;
	NTSTATUS status;

	uio_shell_object = object;
	uio_shell_settings(registry_path, &settings);
	uio_shell_driver = uio_driver_init(&settings);
	if (uio_shell_driver == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	status = PsSetCreateProcessNotifyRoutineEx(process_changed, FALSE);
	if (!NT_SUCCESS(status)) {
		/* Without it a duplicated handle would keep mappings into a process that has no address space any more. */
		uio_os_log("no notice of processes' ends (0x%x): is the image signed, with its integrity flag?\n", (unsigned int)status);
		uio_driver_end(uio_shell_driver);
		return status;
	}
	object->DriverUnload = unload;
	object->DriverExtension->AddDevice = uio_add_device;
	object->MajorFunction[IRP_MJ_CREATE] = uio_dispatch_create;
	object->MajorFunction[IRP_MJ_CLEANUP] = uio_dispatch_cleanup;
	object->MajorFunction[IRP_MJ_CLOSE] = uio_dispatch_close;
	object->MajorFunction[IRP_MJ_DEVICE_CONTROL] = uio_dispatch_control;
	object->MajorFunction[IRP_MJ_PNP] = uio_dispatch_pnp;
	object->MajorFunction[IRP_MJ_POWER] = uio_dispatch_power;
	object->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = uio_dispatch_below;
	return STATUS_SUCCESS;
}
