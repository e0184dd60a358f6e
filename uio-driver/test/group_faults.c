/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Hardware and memory that fail: a card that does not get quiet, mapping that raises, each allocation of the driver in turn.
 */
#include "contract.h"

static void
mapping_raises(void)
{
	const struct wdpdk_testbus_status held = bus_now();
	struct wdpdk_uio_mapping mapping;
	HANDLE handle = open_owner(0);
	struct wdpdk_uio_dma *dma;
	DWORD error;

	CHECK_EQ(bus_fault(0, WDPDK_TESTBUS_FAULT_MAP_RAISES, 1), 0);
	error = map_bar(handle, 0, 4096, &mapping);
	CHECK(error == ERROR_NO_SYSTEM_RESOURCES || error == ERROR_IO_DEVICE);
	CHECK_EQ(bus_now().device[0].fired[WDPDK_TESTBUS_FAULT_MAP_RAISES], held.device[0].fired[WDPDK_TESTBUS_FAULT_MAP_RAISES] + 1);
	CHECK_EQ(map_bar(handle, 0, 4096, &mapping), 0);
	CHECK_EQ(bus_fault(0, WDPDK_TESTBUS_FAULT_MAP_RAISES, 1), 0);
	error = dma_alloc(handle, 1, &dma);
	CHECK(error == ERROR_NO_SYSTEM_RESOURCES || error == ERROR_IO_DEVICE);
	CHECK_EQ(observed(0).owner_bytes, 0);
	CHECK_EQ(dma_alloc(handle, 1, &dma), 0);
	CHECK_EQ(bus_fault(0, WDPDK_TESTBUS_FAULT_MAP_FAILS, 1), 0);
	error = dma_alloc(handle, 1, &dma);
	CHECK(error == ERROR_NO_SYSTEM_RESOURCES || error == ERROR_IO_DEVICE);
	CHECK_EQ(observed(0).owner_bytes, WDPDK_UIO_CHUNK);
	close_handle(handle);
	wait_free(0);
	wait_accounts(&held);
}

/* All that a program does, on one device. The first failure; the steps that had an effect are undone by the end of the handle. */
static DWORD
whole_life(const struct wdpdk_testbus_status *held)
{
	const struct wdpdk_uio_request request = plain_request();
	struct wdpdk_uio_bus_master_reply master;
	struct wdpdk_uio_mapping mapping;
	struct wdpdk_uio_config_data config;
	struct wdpdk_uio_info info;
	struct wdpdk_uio_dma *dma;
	struct later later;
	HANDLE handle;
	DWORD error = try_open(0, GENERIC_READ | GENERIC_WRITE, 0, &handle);

	if (error != 0) {
		wait_accounts(held);
		return error;
	}
	error = get_info(handle, &info);
	if (error == 0)
		error = config_read(handle, 0, 256, &config);
	if (error == 0)
		error = map_bar(handle, 0, 8 << 20, &mapping);
	if (error == 0)
		error = dma_alloc(handle, 2, &dma);
	if (error == 0)
		error = dma_alloc(handle, 1, &dma);
	if (error == 0)
		error = dma_free(handle, dma->id);
	if (error == 0)
		error = bus_master(handle, true, &master);
	if (error == 0) {
		error = call_later(handle, WDPDK_UIO_WAIT_EVENT, &request, sizeof(request), &later);
		if (error == ERROR_IO_PENDING) {
			CancelIoEx(handle, &later.overlapped);
			error = call_wait(handle, &later, PATIENCE, NULL) == ERROR_OPERATION_ABORTED ? 0 : ERROR_GEN_FAILURE;
		}
		call_forget(&later);
	}
	close_handle(handle);
	/* By the bus's accounts, not by an observer: its open takes memory of the driver, too. */
	wait_accounts(held);
	return error;
}

static void
each_allocation_fails_in_turn(void)
{
	const struct wdpdk_testbus_status held = bus_now();
	const uint32_t fired = held.device[0].fired[WDPDK_TESTBUS_FAULT_ALLOCATION];
	uint32_t n;
	DWORD error;

	CHECK_EQ(whole_life(&held), 0);
	for (n = 1; n < 1000; n++) {
		CHECK_EQ(bus_fault(0, WDPDK_TESTBUS_FAULT_ALLOCATION, n), 0);
		error = whole_life(&held);
		if (bus_now().device[0].fired[WDPDK_TESTBUS_FAULT_ALLOCATION] != fired + n)
			break;
		if (error != ERROR_NO_SYSTEM_RESOURCES)
			case_fail(__FILE__, __LINE__, "allocation %u failed: error %lu, expected %ld", n, error, ERROR_NO_SYSTEM_RESOURCES);
	}
	CHECK_EQ(bus_fault(0, WDPDK_TESTBUS_FAULT_ALLOCATION, 0), 0);
	CHECK_EQ(error, 0);
	/* Handle, owner, block, section, view ...: fewer would mean that the fault does not reach them. */
	printf("     %u allocations failed, each alone\n", n - 1);
	CHECK(n > 5);
	CHECK_EQ(whole_life(&held), 0);
}

/* A function that stays busy: its owner's memory is kept for ever, and said to be. Another reset makes the function usable again. */
static void
a_stuck_function_keeps_its_memory(void)
{
	struct wdpdk_uio_state before = observed(0), after;
	const struct wdpdk_testbus_status held = bus_now();
	struct wdpdk_uio_bus_master_reply master;
	const struct wdpdk_testbus_line *line;
	HANDLE handle = open_owner(0), refused;
	struct wdpdk_uio_dma *dma;
	uint64_t mark;
	size_t lines;

	CHECK_EQ(dma_alloc(handle, 2, &dma), 0);
	CHECK_EQ(bus_master(handle, true, &master), 0);
	CHECK_EQ(bus_fault(0, WDPDK_TESTBUS_FAULT_PENDING, UINT32_MAX), 0);
	CHECK_EQ(bus_master(handle, false, &master), 0);
	CHECK_EQ(master.pending, 1);
	CHECK_EQ(dma_free(handle, dma->id), ERROR_BUSY);
	mark = bus_now().sequence;
	close_handle(handle);
	wait_free(0);
	after = observed(0);
	CHECK_EQ(after.quarantined_bytes, before.quarantined_bytes + 2 * WDPDK_UIO_CHUNK);
	CHECK_EQ(after.quarantined_blocks, before.quarantined_blocks + 1);
	CHECK(after.flags & WDPDK_UIO_FLAG_NEEDS_RESET);
	CHECK_EQ(after.last_step[after.last_steps - 1], WDPDK_UIO_STEP_QUARANTINE);
	line = log_after(mark, &lines);
	CHECK_EQ(log_find(line, lines, 0, WDPDK_TESTBUS_OP_DMA_FREE, WDPDK_TESTBUS_ALL), lines);
	CHECK_EQ(bus_now().account[WDPDK_TESTBUS_DMA_BYTES], held.account[WDPDK_TESTBUS_DMA_BYTES] + 2 * WDPDK_UIO_CHUNK);
	/* As long as it is stuck nobody gets it. */
	CHECK_EQ(try_open(0, GENERIC_READ | GENERIC_WRITE, 0, &refused), ERROR_NOT_READY);
	CHECK_EQ(bus_fault(0, WDPDK_TESTBUS_FAULT_PENDING, 0), 0);
	handle = open_owner(0);
	CHECK_EQ(dma_alloc(handle, 1, &dma), 0);
	close_handle(handle);
	wait_free(0);
	CHECK_EQ(observed(0).quarantined_bytes, after.quarantined_bytes);
	CHECK_EQ(observed(0).flags, 0);
	CHECK_EQ(bus_now().account[WDPDK_TESTBUS_VIEWS], held.account[WDPDK_TESTBUS_VIEWS]);
}

static void
a_function_that_is_lost_in_its_reset(void)
{
	struct wdpdk_uio_state before = observed(1), after;
	struct wdpdk_uio_bus_master_reply master;
	HANDLE handle = open_owner(1), refused;
	struct wdpdk_uio_dma *dma;

	CHECK_EQ(dma_alloc(handle, 1, &dma), 0);
	CHECK_EQ(bus_master(handle, true, &master), 0);
	CHECK_EQ(bus_fault(1, WDPDK_TESTBUS_FAULT_RESET, 1), 0);
	close_handle(handle);
	wait_free(1);
	after = observed(1);
	CHECK_EQ(after.quarantined_bytes, before.quarantined_bytes + WDPDK_UIO_CHUNK);
	CHECK_EQ(try_open(1, GENERIC_READ | GENERIC_WRITE, 0, &refused), ERROR_NOT_READY);
	/* A card that hangs is pulled out, and another takes its place. */
	CHECK_EQ(bus_plug(1, false), 0);
	CHECK_EQ(setup_wait(1, false, PATIENCE), 0);
	CHECK_EQ(bus_plug(1, true), 0);
	CHECK_EQ(setup_wait(1, true, PATIENCE), 0);
	close_handle(open_owner(1));
}

void
group_faults(void)
{
	CASE(mapping_raises);
	CASE(each_allocation_fails_in_turn);
	CASE(a_stuck_function_keeps_its_memory);
	CASE(a_function_that_is_lost_in_its_reset);
}
