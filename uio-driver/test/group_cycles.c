/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A thousand lives: nothing stays, in the driver or in the program.
 */
#include "contract.h"

#define CYCLES 1000

static DWORD
own_handles(void)
{
	DWORD count = 0;

	GetProcessHandleCount(GetCurrentProcess(), &count);
	return count;
}

static void
cycle(unsigned int index)
{
	struct wdpdk_uio_bus_master_reply master;
	struct wdpdk_uio_mapping mapping;
	struct wdpdk_uio_dma *dma;
	HANDLE handle = open_owner(index);

	CHECK_EQ(map_bar(handle, 0, 8 << 20, &mapping), 0);
	CHECK_EQ(dma_alloc(handle, 1, &dma), 0);
	*(volatile uint32_t *)(uintptr_t)dma->address = 1;
	CHECK_EQ(bus_master(handle, true, &master), 0);
	close_handle(handle);
	wait_free(index);
	CHECK(!accessible(mapping.address));
}

static void
a_thousand_lives_leave_nothing(void)
{
	struct wdpdk_uio_state before, after;
	struct wdpdk_testbus_status held;
	unsigned int i;
	DWORD handles;

	for (i = 0; i < 10; i++)
		cycle(0);
	wait_free(0);
	before = observed(0);
	held = bus_now();
	handles = own_handles();
	for (i = 0; i < CYCLES; i++)
		cycle(0);
	wait_free(0);
	wait_accounts(&held);
	after = observed(0);
	CHECK_EQ(after.opens - before.opens, CYCLES);
	CHECK_EQ(after.teardowns - before.teardowns, CYCLES);
	CHECK_EQ(after.driver_blocks, 0);
	CHECK_EQ(after.quarantined_bytes, before.quarantined_bytes);
	CHECK(own_handles() <= handles + 4);
}

void
group_cycles(void)
{
	CASE(a_thousand_lives_leave_nothing);
}
