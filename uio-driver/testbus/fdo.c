/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The bus's own device: started and removed by the root, asked for what is on it.
 */
#include "bus.h"

static NTSTATUS NTAPI
wake(DEVICE_OBJECT *device, IRP *irp, void *event)
{
	(void)device;
	(void)irp;
	KeSetEvent(event, IO_NO_INCREMENT, FALSE);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS
forward_and_wait(DEVICE_OBJECT *lower, IRP *irp)
{
	KEVENT done;
	NTSTATUS status;

	KeInitializeEvent(&done, NotificationEvent, FALSE);
	IoCopyCurrentIrpStackLocationToNext(irp);
	IoSetCompletionRoutine(irp, wake, &done, TRUE, TRUE, TRUE);
	status = IoCallDriver(lower, irp);
	if (status == STATUS_PENDING) {
		KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
		status = irp->IoStatus.Status;
	}
	return status;
}

static NTSTATUS
start(DEVICE_OBJECT *device, IRP *irp)
{
	const struct extension *extension = device->DeviceExtension;
	NTSTATUS status = forward_and_wait(extension->lower, irp);
	uint32_t slot;

	/* Wine's root device knows no START. */
	if (!NT_SUCCESS(status) && status != STATUS_NOT_SUPPORTED)
		return bus_complete(irp, status, 0);
	status = STATUS_SUCCESS;
	bus_children_lock();
	bus.device = device;
	for (slot = 0; slot < WDPDK_TESTBUS_DEVICES && NT_SUCCESS(status); slot++)
		if (bus.slot[slot].function == NULL)
			status = pdo_create(slot);
	bus_children_unlock();
	if (NT_SUCCESS(status))
		IoInvalidateDeviceRelations(extension->physical, BusRelations);
	return bus_complete(irp, status, 0);
}

static NTSTATUS
bus_relations(IRP *irp)
{
	DEVICE_RELATIONS *relations;
	uint32_t slot;

	relations = ExAllocatePoolWithTag(PagedPool, sizeof(*relations) + WDPDK_TESTBUS_DEVICES * sizeof(DEVICE_OBJECT *), BUS_TAG);
	if (relations == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	relations->Count = 0;
	bus_children_lock();
	for (slot = 0; slot < WDPDK_TESTBUS_DEVICES; slot++) {
		struct function *function = bus.slot[slot].function;

		if (function != NULL && function->present && function->device != NULL) {
			ObReferenceObject(function->device);
			relations->Objects[relations->Count++] = function->device;
		}
	}
	bus_children_unlock();
	irp->IoStatus.Information = (ULONG_PTR)relations;
	return STATUS_SUCCESS;
}

static NTSTATUS
remove(DEVICE_OBJECT *device, IRP *irp)
{
	const struct extension *extension = device->DeviceExtension;
	DEVICE_OBJECT *lower = extension->lower;
	uint32_t slot;
	NTSTATUS status;

	bus_children_lock();
	bus.device = NULL;
	for (slot = 0; slot < WDPDK_TESTBUS_DEVICES; slot++) {
		struct function *function = bus.slot[slot].function;

		/* Their own removal came before this one: what is left of them is their device object. */
		if (function != NULL && function->device != NULL) {
			IoDeleteDevice(function->device);
			function->device = NULL;
			function_release(function);
		}
		bus.slot[slot].function = NULL;
	}
	bus_children_unlock();
	irp->IoStatus.Status = STATUS_SUCCESS;
	IoSkipCurrentIrpStackLocation(irp);
	status = IoCallDriver(lower, irp);
	IoDetachDevice(lower);
	IoDeleteDevice(device);
	return status;
}

NTSTATUS
fdo_pnp(DEVICE_OBJECT *device, IRP *irp)
{
	const struct extension *extension = device->DeviceExtension;
	const IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
	NTSTATUS status;

	switch (stack->MinorFunction) {
	case IRP_MN_START_DEVICE:
		return start(device, irp);
	case IRP_MN_REMOVE_DEVICE:
		return remove(device, irp);
	case IRP_MN_QUERY_DEVICE_RELATIONS:
		if (stack->Parameters.QueryDeviceRelations.Type != BusRelations)
			break;
		status = bus_relations(irp);
		if (!NT_SUCCESS(status))
			return bus_complete(irp, status, 0);
		irp->IoStatus.Status = status;
		break;
	case IRP_MN_QUERY_STOP_DEVICE:
	case IRP_MN_CANCEL_STOP_DEVICE:
	case IRP_MN_STOP_DEVICE:
	case IRP_MN_QUERY_REMOVE_DEVICE:
	case IRP_MN_CANCEL_REMOVE_DEVICE:
	case IRP_MN_SURPRISE_REMOVAL:
		irp->IoStatus.Status = STATUS_SUCCESS;
		break;
	default:
		break;
	}
	IoSkipCurrentIrpStackLocation(irp);
	return IoCallDriver(extension->lower, irp);
}
