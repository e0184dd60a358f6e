/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The control device: what a test sees of the bus and does to it.
 */
#include "bus.h"

static UNICODE_STRING device_name = RTL_CONSTANT_STRING(L"\\Device\\wdpdkbus");
static UNICODE_STRING link_name = RTL_CONSTANT_STRING(L"\\DosDevices\\wdpdkbus");

NTSTATUS
control_create(void)
{
	struct extension *extension;
	NTSTATUS status;

	status = IoCreateDevice(bus.driver, sizeof(*extension), &device_name, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE,
		&bus.control);
	if (!NT_SUCCESS(status))
		return status;
	extension = bus.control->DeviceExtension;
	extension->kind = KIND_CONTROL;
	status = IoCreateSymbolicLink(&link_name, &device_name);
	if (!NT_SUCCESS(status))
		IoDeleteDevice(bus.control);
	else
		bus.control->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
	return status;
}

void
control_delete(void)
{
	IoDeleteSymbolicLink(&link_name);
	IoDeleteDevice(bus.control);
}

static void
get_status(struct wdpdk_testbus_status *status)
{
	uint32_t i, j;
	KIRQL irql;

	RtlZeroMemory(status, sizeof(*status));
	bus_children_lock();
	KeAcquireSpinLock(&bus.lock, &irql);
	status->version = WDPDK_TESTBUS_VERSION;
	status->references = (uint32_t)bus.references;
	status->sequence = bus.sequence;
	for (i = 0; i < WDPDK_TESTBUS_ACCOUNTS; i++)
		status->account[i] = bus.account[i];
	for (i = 0; i < WDPDK_TESTBUS_DEVICES; i++) {
		const struct slot *slot = &bus.slot[i];

		status->device[i].present = slot->function != NULL && slot->function->present;
		status->device[i].plugs = slot->plugs;
		for (j = 0; j < WDPDK_TESTBUS_FAULTS; j++) {
			status->device[i].fault[j] = slot->fault[j];
			status->device[i].fired[j] = slot->fired[j];
		}
		if (slot->function != NULL)
			RtlCopyMemory(status->device[i].config, slot->function->config, WDPDK_TESTBUS_CONFIG);
	}
	KeReleaseSpinLock(&bus.lock, irql);
	bus_children_unlock();
}

static NTSTATUS
set_fault(const struct wdpdk_testbus_set_fault *request)
{
	uint32_t i;
	KIRQL irql;

	if (request->fault >= WDPDK_TESTBUS_FAULTS || (request->device >= WDPDK_TESTBUS_DEVICES && request->device != WDPDK_TESTBUS_ALL))
		return STATUS_INVALID_PARAMETER;
	KeAcquireSpinLock(&bus.lock, &irql);
	for (i = 0; i < WDPDK_TESTBUS_DEVICES; i++)
		if (request->device == i || request->device == WDPDK_TESTBUS_ALL)
			bus.slot[i].fault[request->fault] = request->value;
	KeReleaseSpinLock(&bus.lock, irql);
	return STATUS_SUCCESS;
}

static NTSTATUS
plug(uint32_t slot)
{
	NTSTATUS status = STATUS_SUCCESS;

	if (bus.device == NULL)
		return STATUS_DEVICE_NOT_READY;
	if (bus.slot[slot].function != NULL)
		return STATUS_DEVICE_ALREADY_ATTACHED;
	status = pdo_create(slot);
	return status;
}

static NTSTATUS
unplug(uint32_t slot)
{
	struct function *function = bus.slot[slot].function;
	KIRQL irql;

	if (function == NULL)
		return STATUS_NO_SUCH_DEVICE;
	KeAcquireSpinLock(&bus.lock, &irql);
	function->present = FALSE;
	log_line_locked(WDPDK_TESTBUS_OP_UNPLUG, slot, 0, 0, 0);
	KeReleaseSpinLock(&bus.lock, irql);
	/* From here on its device object alone holds it, until that is removed. */
	bus.slot[slot].function = NULL;
	return STATUS_SUCCESS;
}

static NTSTATUS
change(uint32_t slot, NTSTATUS (*how)(uint32_t slot))
{
	DEVICE_OBJECT *physical = NULL;
	NTSTATUS status;

	if (slot >= WDPDK_TESTBUS_DEVICES)
		return STATUS_INVALID_PARAMETER;
	bus_children_lock();
	status = how(slot);
	if (NT_SUCCESS(status) && bus.device != NULL) {
		physical = ((struct extension *)bus.device->DeviceExtension)->physical;
		ObReferenceObject(physical);
	}
	bus_children_unlock();
	if (physical != NULL) {
		IoInvalidateDeviceRelations(physical, BusRelations);
		ObDereferenceObject(physical);
	}
	return status;
}

NTSTATUS
control_ioctl(IRP *irp)
{
	const IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
	const ULONG in = stack->Parameters.DeviceIoControl.InputBufferLength, out = stack->Parameters.DeviceIoControl.OutputBufferLength;
	void *buffer = irp->AssociatedIrp.SystemBuffer;
	struct wdpdk_testbus_log *log = buffer;
	struct wdpdk_testbus_set_fault fault;

	switch (stack->Parameters.DeviceIoControl.IoControlCode) {
	case WDPDK_TESTBUS_IOCTL_STATUS:
		if (out != sizeof(struct wdpdk_testbus_status))
			break;
		get_status(buffer);
		return bus_complete(irp, STATUS_SUCCESS, out);
	case WDPDK_TESTBUS_IOCTL_LOG:
		if (in != sizeof(uint64_t) || out < sizeof(*log))
			break;
		log_read(*(const uint64_t *)buffer, log, out);
		return bus_complete(irp, STATUS_SUCCESS, sizeof(*log) + log->lines * sizeof(log->line[0]));
	case WDPDK_TESTBUS_IOCTL_FAULT:
		if (in != sizeof(fault))
			break;
		RtlCopyMemory(&fault, buffer, sizeof(fault));
		return bus_complete(irp, set_fault(&fault), 0);
	case WDPDK_TESTBUS_IOCTL_PLUG:
	case WDPDK_TESTBUS_IOCTL_UNPLUG:
		if (in != sizeof(uint32_t))
			break;
		return bus_complete(irp, change(*(const uint32_t *)buffer,
			stack->Parameters.DeviceIoControl.IoControlCode == WDPDK_TESTBUS_IOCTL_PLUG ? plug : unplug), 0);
	default:
		return bus_complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
	}
	return bus_complete(irp, STATUS_INVALID_PARAMETER, 0);
}
