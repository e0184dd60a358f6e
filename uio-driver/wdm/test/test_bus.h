/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The test bus behind the test hardware: faults, the order log, and the account of what the driver holds.
 */
#ifndef WDPDK_UIO_WDM_TEST_BUS_H
#define WDPDK_UIO_WDM_TEST_BUS_H

#include <ntifs.h>
#include <stdbool.h>
#include <stdint.h>

#include "wdpdk_testbus.h"

/* One function's connection. */
struct test_bus {
	struct test_bus *next;
	bool attached;
	struct wdpdk_testbus_interface calls;
	struct wdpdk_testbus_device device;
};

/*
 * Asks the device below for the interface and fills in `device`; one that was attached stays so. After test_bus_detach() the bus is not
 * called any more, since it may be unloaded: faults are off, lines of the log are lost.
 */
NTSTATUS test_bus_attach(struct test_bus *bus, PDEVICE_OBJECT lower);
void test_bus_detach(struct test_bus *bus);

/* That function's own fault. */
bool test_bus_fault(struct test_bus *bus, enum wdpdk_testbus_fault fault);
/* The driver's next allocation, of whatever: true when it has to fail. Asked of the attached function with the lowest index. */
bool test_allocation_fails(void);
/* Kept while no bus is there. */
void test_account(enum wdpdk_testbus_account account, int64_t change);
void test_log(struct test_bus *bus, enum wdpdk_testbus_op op, uint64_t offset, uint64_t length, uint64_t value);

#endif
