/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The two interfaces of a function: the kernel's standard one to a PCI bus, and the tests'.
 */
#include "bus.h"

static const GUID standard = {0x496b8280, 0x6f25, 0x11d0, {0xbe, 0xaf, 0x08, 0x00, 0x2b, 0xe2, 0x09, 0x2f}};
static const GUID testbus = WDPDK_TESTBUS_INTERFACE_GUID;

static void NTAPI
reference(void *context)
{
	InterlockedIncrement(&bus.references);
	function_reference(context);
}

static void NTAPI
dereference(void *context)
{
	InterlockedDecrement(&bus.references);
	function_release(context);
}

static BOOLEAN NTAPI
translate(void *context, PHYSICAL_ADDRESS address, ULONG length, ULONG *space, PHYSICAL_ADDRESS *translated)
{
	(void)context;
	(void)length;
	(void)space;
	*translated = address;
	return TRUE;
}

static struct _DMA_ADAPTER *NTAPI
no_adapter(void *context, struct _DEVICE_DESCRIPTION *description, ULONG *registers)
{
	(void)context;
	(void)description;
	*registers = 0;
	return NULL;
}

static ULONG NTAPI
get_data(void *context, ULONG space, void *buffer, ULONG offset, ULONG length)
{
	return space == PCI_WHICHSPACE_CONFIG ? config_read(context, buffer, offset, length) : 0;
}

static ULONG NTAPI
set_data(void *context, ULONG space, void *buffer, ULONG offset, ULONG length)
{
	return space == PCI_WHICHSPACE_CONFIG ? config_write(context, buffer, offset, length) : 0;
}

static void
describe(void *context, struct wdpdk_testbus_device *device)
{
	const struct function *function = context;

	parameters_describe(function->slot, device);
}

static uint64_t
log_of(void *context, uint32_t op, uint32_t offset, uint32_t length, uint64_t value)
{
	const struct function *function = context;

	return log_line(op, function->slot, offset, length, value);
}

static uint32_t
fault_of(void *context, uint32_t fault)
{
	const struct function *function = context;
	uint32_t fires = 0;
	KIRQL irql;

	if (fault >= WDPDK_TESTBUS_FAULTS)
		return 0;
	KeAcquireSpinLock(&bus.lock, &irql);
	fires = fault_fires_locked(function->slot, fault);
	KeReleaseSpinLock(&bus.lock, irql);
	return fires;
}

static void
account(void *context, uint32_t which, int64_t change)
{
	KIRQL irql;

	(void)context;
	if (which >= WDPDK_TESTBUS_ACCOUNTS)
		return;
	KeAcquireSpinLock(&bus.lock, &irql);
	bus.account[which] += change;
	KeReleaseSpinLock(&bus.lock, irql);
}

static BOOLEAN
is(const GUID *asked, const GUID *known)
{
	return RtlCompareMemory(asked, known, sizeof(*known)) == sizeof(*known);
}

NTSTATUS
interface_query(struct function *function, IRP *irp)
{
	const IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
	const GUID *type = stack->Parameters.QueryInterface.InterfaceType;
	const USHORT version = stack->Parameters.QueryInterface.Version, size = stack->Parameters.QueryInterface.Size;
	void *to = stack->Parameters.QueryInterface.Interface;

	if (is(type, &standard)) {
		if (version != 1 || size < sizeof(BUS_INTERFACE_STANDARD))
			return STATUS_INVALID_PARAMETER;
		*(BUS_INTERFACE_STANDARD *)to = (BUS_INTERFACE_STANDARD){
			.Size = sizeof(BUS_INTERFACE_STANDARD),
			.Version = 1,
			.Context = function,
			.InterfaceReference = reference,
			.InterfaceDereference = dereference,
			.TranslateBusAddress = translate,
			.GetDmaAdapter = no_adapter,
			.SetBusData = set_data,
			.GetBusData = get_data,
		};
	} else if (is(type, &testbus)) {
		if (version != WDPDK_TESTBUS_VERSION || size < sizeof(struct wdpdk_testbus_interface))
			return STATUS_INVALID_PARAMETER;
		*(struct wdpdk_testbus_interface *)to = (struct wdpdk_testbus_interface){
			.size = sizeof(struct wdpdk_testbus_interface),
			.version = WDPDK_TESTBUS_VERSION,
			.context = function,
			.reference = reference,
			.dereference = dereference,
			.describe = describe,
			.log = log_of,
			.fault = fault_of,
			.account = account,
		};
	} else {
		return irp->IoStatus.Status;
	}
	reference(function);
	return STATUS_SUCCESS;
}
