/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A card is pulled out: its owner is told, loses its registers and keeps its memory until it closes; another card takes the place.
 */
#include "contract.h"

static volatile LONG faults;

/* What a dataplane does with a fault in its registers: the device is gone, reads are zeros from here on, and no crash. */
static LONG CALLBACK
on_fault(EXCEPTION_POINTERS *exception)
{
	const EXCEPTION_RECORD *record = exception->ExceptionRecord;
	void *place = (void *)(record->ExceptionInformation[1] & ~(ULONG_PTR)0xFFFF);

	if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION || VirtualAlloc(place, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == NULL)
		return EXCEPTION_CONTINUE_SEARCH;
	InterlockedIncrement(&faults);
	return EXCEPTION_CONTINUE_EXECUTION;
}

static void
read_until_gone(uint64_t address)
{
	ULONGLONG end = GetTickCount64() + PATIENCE;
	void *handler = AddVectoredExceptionHandler(1, on_fault);

	while (faults == 0 && GetTickCount64() < end) {
		(void)*(volatile uint32_t *)(uintptr_t)address;
		Sleep(1);
	}
	RemoveVectoredExceptionHandler(handler);
}

int
child_of_removal(uint64_t argument)
{
	const struct wdpdk_uio_request request = plain_request();
	struct wdpdk_uio_bus_master_reply master;
	HANDLE handle = open_owner((unsigned int)argument);
	struct wdpdk_uio_mapping mapping, none;
	struct wdpdk_uio_state state;
	struct wdpdk_uio_dma *dma;
	static struct later later;
	uint64_t memory;
	DWORD returned;

	CHECK_EQ(map_bar(handle, 0, 8 << 20, &mapping), 0);
	CHECK_EQ(dma_alloc(handle, 2, &dma), 0);
	memory = dma->address;
	CHECK_EQ(bus_master(handle, true, &master), 0);
	CHECK_EQ(call_later(handle, WDPDK_UIO_WAIT_EVENT, &request, sizeof(request), &later), ERROR_IO_PENDING);
	child_told();
	CHECK_EQ(call_wait(handle, &later, PATIENCE, &returned), 0);
	CHECK_EQ(returned, sizeof(later.reply.event));
	CHECK_EQ(later.reply.event.event, WDPDK_UIO_EVENT_REMOVAL);
	read_until_gone(mapping.address);
	CHECK_EQ(faults, 1);
	/* Its heap is still there: it can end in order. */
	memset((void *)(uintptr_t)memory, 7, 2 * WDPDK_UIO_CHUNK);
	CHECK_EQ(map_bar(handle, 0, 4096, &none), ERROR_DEVICE_REMOVED);
	CHECK_EQ(dma_alloc(handle, 1, &dma), ERROR_DEVICE_REMOVED);
	CHECK_EQ(bus_master(handle, true, &master), ERROR_DEVICE_REMOVED);
	CHECK_EQ(get_status(handle, &state), 0);
	CHECK_EQ(state.state, WDPDK_UIO_STATE_REMOVED);
	CHECK_EQ(call(handle, WDPDK_UIO_WAIT_EVENT, &request, sizeof(request), &later.reply, sizeof(later.reply), NULL), 0);
	CHECK_EQ(later.reply.event.event, WDPDK_UIO_EVENT_REMOVAL);
	child_told();
	child_wait();
	CloseHandle(handle);
	return 0;
}

/* Held by the bus's device that stays: what the one that went had must not be missing from its accounts. */
static void
replace(unsigned int index)
{
	CHECK_EQ(setup_wait(index, false, PATIENCE), 0);
	CHECK_EQ(bus_plug(index, true), 0);
	CHECK_EQ(setup_wait(index, true, PATIENCE), 0);
}

static void
pulled_out_of_an_owner_that_closes(void)
{
	const struct wdpdk_testbus_status held = bus_now();
	struct wdpdk_uio_info info;
	struct child child;
	HANDLE handle;

	child_start(&child, "removal", 1);
	child_ready(&child);
	CHECK_EQ(bus_plug(1, false), 0);
	child_ready(&child);
	CHECK(bus_now().account[WDPDK_TESTBUS_DMA_BYTES] >= held.account[WDPDK_TESTBUS_DMA_BYTES] + 2 * (int64_t)WDPDK_UIO_CHUNK);
	CHECK_EQ(child_end(&child), 0);
	replace(1);
	wait_accounts(&held);
	handle = open_owner(1);
	CHECK_EQ(get_info(handle, &info), 0);
	CHECK_EQ(info.vendor, 0x8086);
}

static void
pulled_out_of_an_owner_that_is_killed(void)
{
	const struct wdpdk_testbus_status held = bus_now();
	const struct wdpdk_uio_state before = observed(0);
	struct child child;

	child_start(&child, "removal", 1);
	child_ready(&child);
	CHECK_EQ(bus_plug(1, false), 0);
	child_kill(&child);
	replace(1);
	/* Whose end comes before the removal is told finds a function that answers nothing: it may still write, so its memory stays. */
	if (observed(0).quarantined_bytes == before.quarantined_bytes)
		wait_accounts(&held);
	else
		CHECK_EQ(observed(0).quarantined_bytes, before.quarantined_bytes + 2 * WDPDK_UIO_CHUNK);
	CHECK_EQ(bus_now().account[WDPDK_TESTBUS_VIEWS], held.account[WDPDK_TESTBUS_VIEWS]);
	CHECK_EQ(bus_now().account[WDPDK_TESTBUS_PROCESSES], held.account[WDPDK_TESTBUS_PROCESSES]);
	close_handle(open_owner(1));
}

static void
pulled_out_of_nobody(void)
{
	const struct wdpdk_testbus_status held = bus_now();
	ULONGLONG end = GetTickCount64() + PATIENCE;
	struct wdpdk_uio_state state;
	HANDLE observer = open_observer(1);

	CHECK_EQ(bus_plug(1, false), 0);
	CHECK_EQ(setup_wait(1, false, PATIENCE), 0);
	do {
		CHECK_EQ(get_status(observer, &state), 0);
		CHECK(GetTickCount64() < end);
	} while (state.state != WDPDK_UIO_STATE_REMOVED);
	close_handle(observer);
	replace(1);
	wait_accounts(&held);
	CHECK_EQ(observed(0).state, WDPDK_UIO_STATE_FREE);
}

/* Memory taken through the card that goes serves the one that stays. */
static void
pulled_out_beside_another(void)
{
	const struct wdpdk_testbus_status held = bus_now();
	struct wdpdk_uio_bus_master_reply master;
	HANDLE stays = open_owner(0), goes = open_owner(1);
	struct wdpdk_uio_state state;
	struct wdpdk_uio_dma *dma;
	uint64_t memory;

	CHECK_EQ(dma_alloc(goes, 1, &dma), 0);
	memory = dma->address;
	CHECK_EQ(bus_master(stays, true, &master), 0);
	CHECK_EQ(bus_master(goes, true, &master), 0);
	CHECK_EQ(bus_plug(1, false), 0);
	CHECK_EQ(setup_wait(1, false, PATIENCE), 0);
	close_handle(goes);
	CHECK(accessible(memory));
	*(volatile uint32_t *)(uintptr_t)memory = 1;
	CHECK_EQ(get_status(stays, &state), 0);
	CHECK_EQ(state.state, WDPDK_UIO_STATE_OWNED);
	close_handle(stays);
	wait_free(0);
	replace(1);
	wait_accounts(&held);
	CHECK(!accessible(memory));
}

void
group_removal(void)
{
	CASE(pulled_out_of_nobody);
	CASE(pulled_out_of_an_owner_that_closes);
	CASE(pulled_out_of_an_owner_that_is_killed);
	CASE(pulled_out_beside_another);
}
