/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The IRPs of file objects. A handle of the core is in FsContext from CREATE to CLOSE and belongs to nobody else. It holds the remove lock
 * as long: REMOVE_DEVICE waits for the last CLOSE. Windows sends it after that anyway; Wine does not, and would forget the handles.
 *
 * Wine hands out a handle even when CREATE failed. FsContext2 then keeps the reason, and each request on the handle ends with it.
 */
#include <stdbool.h>

#include "shell.h"

NTSTATUS
uio_complete(PIRP irp, NTSTATUS status)
{
	irp->IoStatus.Status = status;
	irp->IoStatus.Information = 0;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	return status;
}

/*
 * Who shares nothing wants to own the function; who shares reading and writing observes. The share mode says it, not the desired access:
 * a handle for reading and writing is what most programs open without a thought.
 */
static NTSTATUS
open_handle(struct uio_extension *extension, PIO_STACK_LOCATION stack)
{
	USHORT share = stack->Parameters.Create.ShareAccess;
	bool observer = share == (FILE_SHARE_READ | FILE_SHARE_WRITE);
	struct uio_handle *handle;
	NTSTATUS status;

	if (stack->FileObject->FileName.Length != 0)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	if (share != 0 && !observer)
		return WDPDK_UIO_E_PARAMETER;
	status = uio_open(extension->device, observer, &handle);
	if (NT_SUCCESS(status))
		stack->FileObject->FsContext = handle;
	return status;
}

NTSTATUS NTAPI
uio_dispatch_create(PDEVICE_OBJECT device, PIRP irp)
{
	struct uio_extension *extension = device->DeviceExtension;
	PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
	NTSTATUS status = WDPDK_UIO_E_REMOVED;

	if (stack->FileObject == NULL)
		return uio_complete(irp, STATUS_INVALID_PARAMETER);
	if (NT_SUCCESS(IoAcquireRemoveLock(&extension->remove_lock, stack->FileObject))) {
		status = open_handle(extension, stack);
		if (!NT_SUCCESS(status))
			IoReleaseRemoveLock(&extension->remove_lock, stack->FileObject);
	}
	if (!NT_SUCCESS(status))
		stack->FileObject->FsContext2 = (PVOID)(LONG_PTR)status;
	return uio_complete(irp, status);
}

NTSTATUS NTAPI
uio_dispatch_cleanup(PDEVICE_OBJECT device, PIRP irp)
{
	PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;

	(void)device;
	if (file != NULL && file->FsContext != NULL)
		uio_cleanup(file->FsContext);
	return uio_complete(irp, STATUS_SUCCESS);
}

NTSTATUS NTAPI
uio_dispatch_close(PDEVICE_OBJECT device, PIRP irp)
{
	struct uio_extension *extension = device->DeviceExtension;
	PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;

	if (file != NULL && file->FsContext != NULL) {
		uio_close(file->FsContext);
		file->FsContext = NULL;
		IoReleaseRemoveLock(&extension->remove_lock, file);
	}
	return uio_complete(irp, STATUS_SUCCESS);
}

NTSTATUS NTAPI
uio_dispatch_control(PDEVICE_OBJECT device, PIRP irp)
{
	PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
	ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
	ULONG in = stack->Parameters.DeviceIoControl.InputBufferLength;
	ULONG out = stack->Parameters.DeviceIoControl.OutputBufferLength;
	void *buffer = irp->AssociatedIrp.SystemBuffer;
	uint32_t returned = 0;
	NTSTATUS status;
	BOOLEAN pending;

	(void)device;
	if (stack->FileObject == NULL)
		return uio_complete(irp, STATUS_INVALID_DEVICE_REQUEST);
	if (stack->FileObject->FsContext == NULL) {
		status = (NTSTATUS)(LONG_PTR)stack->FileObject->FsContext2;
		return uio_complete(irp, NT_SUCCESS(status) ? STATUS_INVALID_DEVICE_REQUEST : status);
	}
	/* The contract is buffered. With another method the pointers are the caller's: no code of ours, and none of his memory is looked at. */
	if ((code & 3u) != METHOD_BUFFERED)
		in = out = 0;
	if (in == 0 && out == 0)
		buffer = NULL;
	status = uio_ioctl(stack->FileObject->FsContext, code, buffer, in, out, &returned, irp);
	if (status == WDPDK_UIO_PENDING)
		return STATUS_PENDING;
	/* uio_os_pend() has marked it, and then it was cancelled: who calls must be told what the mark says. */
	pending = (stack->Control & SL_PENDING_RETURNED) != 0;
	irp->IoStatus.Status = status;
	irp->IoStatus.Information = NT_SUCCESS(status) ? returned : 0;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	return pending ? STATUS_PENDING : status;
}

static VOID NTAPI
cancel(PDEVICE_OBJECT device, PIRP irp)
{
	/* The handle stays: CLOSE does not come before the last IRP of its file object is completed. */
	struct uio_handle *handle = IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext;

	(void)device;
	IoReleaseCancelSpinLock(irp->CancelIrql);
	uio_cancel(handle, irp);
	uio_complete(irp, WDPDK_UIO_E_CANCELLED);
}

int32_t
uio_os_pend(void *request)
{
	PIRP irp = request;

	/* The core's lock is held: a routine that is called from here on waits for it, so the IRP stays until this is done. */
	IoMarkIrpPending(irp);
	IoSetCancelRoutine(irp, cancel);
	if (irp->Cancel && IoSetCancelRoutine(irp, NULL) != NULL)
		return WDPDK_UIO_E_CANCELLED;
	return WDPDK_UIO_OK;
}

bool
uio_os_claim(void *request)
{
	return IoSetCancelRoutine((PIRP)request, NULL) != NULL;
}

void
uio_os_complete(void *request, int32_t status, const void *reply, uint32_t length)
{
	PIRP irp = request;

	if (length != 0)
		RtlCopyMemory(irp->AssociatedIrp.SystemBuffer, reply, length);
	irp->IoStatus.Status = status;
	irp->IoStatus.Information = length;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
}
