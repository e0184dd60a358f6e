/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Power, as little as the owner of a stack's policy must do: each system power IRP gets the device power IRP that belongs to it, device
 * power IRPs pass. A card that somebody has open loses its registers in a sleep, which stops its DMA; its owner sees it and resets it.
 * More waits for the contract's WDPDK_UIO_POWER.
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

/* The device power IRP is done: the system power IRP that asked for it ends with its status. */
static VOID NTAPI
device_power_done(PDEVICE_OBJECT device, UCHAR minor, POWER_STATE state, PVOID context, PIO_STATUS_BLOCK result)
{
	PIRP irp = context;
	struct uio_extension *extension = IoGetCurrentIrpStackLocation(irp)->DeviceObject->DeviceExtension;

	(void)device;
	(void)minor;
	(void)state;
	irp->IoStatus.Status = result->Status;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	IoReleaseRemoveLock(&extension->remove_lock, irp);
}

/* The bus is done with the system power IRP: ask for the device power IRP of the same kind. */
static NTSTATUS NTAPI
system_power_passed(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
	struct uio_extension *extension = context;
	POWER_STATE state;
	NTSTATUS status = irp->IoStatus.Status;

	(void)device;
	if (NT_SUCCESS(status)) {
		state.DeviceState = extension->device_power[stack->Parameters.Power.State.SystemState];
		status = PoRequestPowerIrp(extension->pdo, stack->MinorFunction, state, device_power_done, irp, NULL);
		if (status == STATUS_PENDING)
			return STATUS_MORE_PROCESSING_REQUIRED;
		irp->IoStatus.Status = status;
	}
	IoReleaseRemoveLock(&extension->remove_lock, irp);
	return STATUS_CONTINUE_COMPLETION;
}

static NTSTATUS
system_power(struct uio_extension *extension, PIRP irp)
{
	IoMarkIrpPending(irp);
	IoCopyCurrentIrpStackLocationToNext(irp);
	IoSetCompletionRoutine(irp, system_power_passed, extension, TRUE, TRUE, TRUE);
	IoCallDriver(extension->lower, irp);
	return STATUS_PENDING;
}

NTSTATUS NTAPI
uio_dispatch_power(PDEVICE_OBJECT device, PIRP irp)
{
	struct uio_extension *extension = device->DeviceExtension;
	PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
	NTSTATUS status = IoAcquireRemoveLock(&extension->remove_lock, irp);
	BOOLEAN query = stack->MinorFunction == IRP_MN_QUERY_POWER;

	if (!NT_SUCCESS(status))
		return uio_complete(irp, status);
	if (!query && stack->MinorFunction != IRP_MN_SET_POWER)
		return pass(extension, irp);
	if (stack->Parameters.Power.Type == DevicePowerState) {
		if (!query)
			PoSetPowerState(extension->self, DevicePowerState, stack->Parameters.Power.State);
		return pass(extension, irp);
	}
	if ((ULONG)stack->Parameters.Power.State.SystemState >= PowerSystemMaximum)
		return pass(extension, irp);
	return system_power(extension, irp);
}
