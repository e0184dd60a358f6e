/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Plug and play. Each IRP ends before its dispatch routine returns: nothing is left pending.
 */
#include "shell.h"

static NTSTATUS
pass(struct uio_extension *extension, PIRP irp)
{
	NTSTATUS status;

	IoSkipCurrentIrpStackLocation(irp);
	status = IoCallDriver(extension->lower, irp);
	IoReleaseRemoveLock(&extension->remove_lock, irp);
	return status;
}

static NTSTATUS NTAPI
passed(PDEVICE_OBJECT device, PIRP irp, PVOID done)
{
	(void)device;
	(void)irp;
	KeSetEvent(done, IO_NO_INCREMENT, FALSE);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

/* The bus has done its part, and the IRP is still ours. */
static NTSTATUS
pass_and_wait(struct uio_extension *extension, PIRP irp)
{
	KEVENT done;

	KeInitializeEvent(&done, NotificationEvent, FALSE);
	IoCopyCurrentIrpStackLocationToNext(irp);
	IoSetCompletionRoutine(irp, passed, &done, TRUE, TRUE, TRUE);
	if (IoCallDriver(extension->lower, irp) == STATUS_PENDING)
		KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
	return irp->IoStatus.Status;
}

static NTSTATUS
finish(struct uio_extension *extension, PIRP irp, NTSTATUS status)
{
	irp->IoStatus.Status = status;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	IoReleaseRemoveLock(&extension->remove_lock, irp);
	return status;
}

NTSTATUS
uio_query_capabilities(struct uio_extension *extension)
{
	DEVICE_CAPABILITIES capabilities = { .Size = sizeof(capabilities), .Version = 1, .Address = MAXULONG, .UINumber = MAXULONG };
	IO_STATUS_BLOCK result = { .Status = STATUS_NOT_SUPPORTED };
	PIO_STACK_LOCATION stack;
	NTSTATUS status;
	KEVENT done;
	PIRP irp;

	KeInitializeEvent(&done, NotificationEvent, FALSE);
	irp = IoBuildSynchronousFsdRequest(IRP_MJ_PNP, extension->lower, NULL, 0, NULL, &done, &result);
	if (irp == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
	stack = IoGetNextIrpStackLocation(irp);
	stack->MinorFunction = IRP_MN_QUERY_CAPABILITIES;
	stack->Parameters.DeviceCapabilities.Capabilities = &capabilities;
	status = IoCallDriver(extension->lower, irp);
	if (status == STATUS_PENDING) {
		KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
		status = result.Status;
	}
	if (NT_SUCCESS(status))
		RtlCopyMemory(extension->device_power, capabilities.DeviceState, sizeof(extension->device_power));
	return status;
}

static NTSTATUS
start(struct uio_extension *extension, PIRP irp)
{
	PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
	struct uio_hw_info info;
	NTSTATUS status = pass_and_wait(extension, irp);

	if (!NT_SUCCESS(status))
		return status;
	/* Without an answer every sleep is D3. */
	for (int i = 0; i < PowerSystemMaximum; i++)
		extension->device_power[i] = i == PowerSystemWorking ? PowerDeviceD0 : PowerDeviceD3;
	uio_query_capabilities(extension);
	status = uio_hardware_start(extension->hardware, stack->Parameters.StartDevice.AllocatedResources,
		stack->Parameters.StartDevice.AllocatedResourcesTranslated, &info);
	if (NT_SUCCESS(status))
		status = uio_device_start(extension->device, &info);
	if (NT_SUCCESS(status))
		status = IoSetDeviceInterfaceState(&extension->link, TRUE);
	if (NT_SUCCESS(status)) {
		extension->started = TRUE;
	} else {
		uio_os_log("start failed: 0x%x\n", (unsigned int)status);
		uio_device_stop(extension->device);
		uio_hardware_stop(extension->hardware);
	}
	return status;
}

static void
hide(struct uio_extension *extension)
{
	if (extension->started) {
		IoSetDeviceInterfaceState(&extension->link, FALSE);
		/* Wine leaves the link and refuses the next start for it. Windows has taken it away: that there is none does no harm. */
		IoDeleteSymbolicLink(&extension->link);
	}
	extension->started = FALSE;
}

static NTSTATUS
end(struct uio_extension *extension, PIRP irp)
{
	NTSTATUS status;

	hide(extension);
	/* After this no handle is open, and none will be: the core's device can go. */
	IoReleaseRemoveLockAndWait(&extension->remove_lock, irp);
	uio_device_stop(extension->device);
	uio_hardware_stop(extension->hardware);
	/* The hardware may be released in it. */
	uio_device_remove(extension->device);
	irp->IoStatus.Status = STATUS_SUCCESS;
	IoSkipCurrentIrpStackLocation(irp);
	status = IoCallDriver(extension->lower, irp);
	IoDetachDevice(extension->lower);
	RtlFreeUnicodeString(&extension->link);
	IoDeleteDevice(extension->self);
	return status;
}

NTSTATUS NTAPI
uio_dispatch_pnp(PDEVICE_OBJECT device, PIRP irp)
{
	struct uio_extension *extension = device->DeviceExtension;
	NTSTATUS status = IoAcquireRemoveLock(&extension->remove_lock, irp);

	if (!NT_SUCCESS(status))
		return uio_complete(irp, status);
	switch (IoGetCurrentIrpStackLocation(irp)->MinorFunction) {
	case IRP_MN_START_DEVICE:
		return finish(extension, irp, start(extension, irp));
	case IRP_MN_QUERY_STOP_DEVICE:
	case IRP_MN_QUERY_REMOVE_DEVICE:
		if (!NT_SUCCESS(uio_device_query_remove(extension->device)))
			return finish(extension, irp, STATUS_DEVICE_BUSY);
		irp->IoStatus.Status = STATUS_SUCCESS;
		return pass(extension, irp);
	case IRP_MN_CANCEL_STOP_DEVICE:
	case IRP_MN_CANCEL_REMOVE_DEVICE:
		/* The bus first, so that who opens finds it working. */
		irp->IoStatus.Status = STATUS_SUCCESS;
		status = pass_and_wait(extension, irp);
		uio_device_cancel_remove(extension->device);
		return finish(extension, irp, status);
	case IRP_MN_STOP_DEVICE:
		uio_device_stop(extension->device);
		uio_hardware_stop(extension->hardware);
		irp->IoStatus.Status = STATUS_SUCCESS;
		return pass(extension, irp);
	case IRP_MN_SURPRISE_REMOVAL:
		hide(extension);
		uio_device_surprise(extension->device);
		irp->IoStatus.Status = STATUS_SUCCESS;
		return pass(extension, irp);
	case IRP_MN_REMOVE_DEVICE:
		return end(extension, irp);
	default:
		return pass(extension, irp);
	}
}

NTSTATUS NTAPI
uio_dispatch_below(PDEVICE_OBJECT device, PIRP irp)
{
	struct uio_extension *extension = device->DeviceExtension;
	NTSTATUS status = IoAcquireRemoveLock(&extension->remove_lock, irp);

	return NT_SUCCESS(status) ? pass(extension, irp) : uio_complete(irp, status);
}
