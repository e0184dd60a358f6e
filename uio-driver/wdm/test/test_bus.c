/* SPDX-License-Identifier: BSD-3-Clause */
#include "test_bus.h"

#include "pci_bus.h"

static struct test_bus *first; /* those attached, by index; lock, which is held over each call of the bus */
static KSPIN_LOCK lock;        /* zero is its initial state */
static volatile LONG64 unsaid[WDPDK_TESTBUS_ACCOUNTS];

static void
enlist(struct test_bus *bus)
{
	struct test_bus **at = &first;
	KIRQL irql;

	KeAcquireSpinLock(&lock, &irql);
	while (*at != NULL && (*at)->device.index < bus->device.index)
		at = &(*at)->next;
	bus->next = *at;
	*at = bus;
	bus->attached = true;
	KeReleaseSpinLock(&lock, irql);
}

NTSTATUS
test_bus_attach(struct test_bus *bus, PDEVICE_OBJECT lower)
{
	static const GUID type = WDPDK_TESTBUS_INTERFACE_GUID;
	bool attached = bus->attached;
	NTSTATUS status;

	if (!attached) {
		status = uio_query_interface(lower, &type, sizeof(bus->calls), WDPDK_TESTBUS_VERSION, (PINTERFACE)&bus->calls);
		if (!NT_SUCCESS(status))
			return status;
	}
	bus->device.size = sizeof(bus->device);
	bus->device.version = WDPDK_TESTBUS_VERSION;
	bus->calls.describe(bus->calls.context, &bus->device);
	if (!attached)
		enlist(bus);
	return STATUS_SUCCESS;
}

void
test_bus_detach(struct test_bus *bus)
{
	struct test_bus **at = &first;
	KIRQL irql;

	KeAcquireSpinLock(&lock, &irql);
	if (bus->attached) {
		while (*at != bus)
			at = &(*at)->next;
		*at = bus->next;
		bus->attached = false;
		bus->calls.dereference(bus->calls.context);
	}
	KeReleaseSpinLock(&lock, irql);
}

static bool
asked(struct test_bus *bus, enum wdpdk_testbus_fault fault)
{
	return bus != NULL && bus->attached && bus->calls.fault(bus->calls.context, fault) != 0;
}

bool
test_bus_fault(struct test_bus *bus, enum wdpdk_testbus_fault fault)
{
	bool fires;
	KIRQL irql;

	KeAcquireSpinLock(&lock, &irql);
	fires = asked(bus, fault);
	KeReleaseSpinLock(&lock, irql);
	return fires;
}

bool
test_allocation_fails(void)
{
	bool fires;
	KIRQL irql;

	KeAcquireSpinLock(&lock, &irql);
	fires = asked(first, WDPDK_TESTBUS_FAULT_ALLOCATION);
	KeReleaseSpinLock(&lock, irql);
	return fires;
}

void
test_account(enum wdpdk_testbus_account account, int64_t change)
{
	LONG64 all;
	KIRQL irql;

	InterlockedExchangeAdd64(&unsaid[account], change);
	KeAcquireSpinLock(&lock, &irql);
	if (first != NULL) {
		all = InterlockedExchange64(&unsaid[account], 0);
		if (all != 0)
			first->calls.account(first->calls.context, account, all);
	}
	KeReleaseSpinLock(&lock, irql);
}

void
test_log(struct test_bus *bus, enum wdpdk_testbus_op op, uint64_t offset, uint64_t length, uint64_t value)
{
	KIRQL irql;

	KeAcquireSpinLock(&lock, &irql);
	if (bus->attached)
		bus->calls.log(bus->calls.context, op, (uint32_t)offset, (uint32_t)length, value);
	KeReleaseSpinLock(&lock, irql);
}
