/* SPDX-License-Identifier: BSD-3-Clause */
#include "test_bus.h"

static struct test_bus *first; /* by index; lock */
static KSPIN_LOCK lock;        /* zero is its initial state */
static volatile LONG64 unsaid[WDPDK_TESTBUS_ACCOUNTS];

void
test_bus_add(struct test_bus *bus)
{
	struct test_bus **at = &first;
	KIRQL irql;

	KeAcquireSpinLock(&lock, &irql);
	while (*at != NULL && (*at)->device.index < bus->device.index)
		at = &(*at)->next;
	bus->next = *at;
	*at = bus;
	KeReleaseSpinLock(&lock, irql);
}

void
test_bus_remove(struct test_bus *bus)
{
	struct test_bus **at = &first;
	KIRQL irql;

	KeAcquireSpinLock(&lock, &irql);
	while (*at != NULL && *at != bus)
		at = &(*at)->next;
	if (*at != NULL)
		*at = bus->next;
	KeReleaseSpinLock(&lock, irql);
	bus->calls.dereference(bus->calls.context);
}

bool
test_bus_fault(struct test_bus *bus, enum wdpdk_testbus_fault fault)
{
	return bus->calls.fault(bus->calls.context, fault) != 0;
}

bool
test_allocation_fails(void)
{
	bool fails;
	KIRQL irql;

	KeAcquireSpinLock(&lock, &irql);
	fails = first != NULL && test_bus_fault(first, WDPDK_TESTBUS_FAULT_ALLOCATION);
	KeReleaseSpinLock(&lock, irql);
	return fails;
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
	bus->calls.log(bus->calls.context, op, (uint32_t)offset, (uint32_t)length, value);
}
