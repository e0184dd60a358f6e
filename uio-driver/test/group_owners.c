/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Whose handle it is: one owner, its process alone; many calls at once; calls that are taken back.
 */
#include "contract.h"

static void
the_second_open_is_refused(void)
{
	struct wdpdk_uio_state before = observed(0), after;
	HANDLE owner = open_owner(0), other;

	CHECK_EQ(try_open(0, GENERIC_READ | GENERIC_WRITE, 0, &other), ERROR_SHARING_VIOLATION);
	/* The other device is another owner's. */
	other = open_owner(1);
	close_handle(other);
	after = observed(0);
	CHECK_EQ(after.opens, before.opens + 1);
	CHECK_EQ(after.opens_refused, before.opens_refused + 1);
	CHECK_EQ(after.state, WDPDK_UIO_STATE_OWNED);
	CHECK_EQ(after.owner, GetCurrentProcessId());
	close_handle(owner);
	wait_free(0);
	CHECK_EQ(observed(0).teardowns, before.teardowns + 1);
	close_handle(open_owner(0));
}

static void
share_modes_say_who_opens(void)
{
	static const DWORD wrong[] = {FILE_SHARE_READ, FILE_SHARE_WRITE, FILE_SHARE_DELETE,
		FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE};
	struct wdpdk_uio_state before = observed(0);
	HANDLE handle, observers[8];
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK_EQ(try_open(0, GENERIC_READ | GENERIC_WRITE, wrong[i], &handle), ERROR_INVALID_PARAMETER);
	for (i = 0; i < 8; i++)
		observers[i] = open_observer(0);
	handle = open_owner(0);
	for (i = 0; i < 8; i++)
		close_handle(observers[i]);
	CHECK_EQ(observed(0).teardowns, before.teardowns);
	CHECK_EQ(observed(0).state, WDPDK_UIO_STATE_OWNED);
}

/* In a child: a duplicate of its parent's handle is good for nothing. The exit code counts the calls that were refused as they should. */
static int
child_with_a_foreign_handle(uint64_t argument)
{
	static const DWORD codes[] = {WDPDK_UIO_INFO, WDPDK_UIO_STATUS, WDPDK_UIO_MAP_BAR, WDPDK_UIO_UNMAP_BAR, WDPDK_UIO_DMA_ALLOC,
		WDPDK_UIO_DMA_FREE, WDPDK_UIO_CONFIG_READ, WDPDK_UIO_CONFIG_WRITE, WDPDK_UIO_BUS_MASTER, WDPDK_UIO_RESET, WDPDK_UIO_WAIT_EVENT,
		WDPDK_UIO_REGISTER_PAGES};
	HANDLE handle = (HANDLE)(uintptr_t)argument;
	uint8_t in[64] = {0}, out[512];
	int denied = 0;
	size_t i;

	child_told();
	child_wait();
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		denied += call(handle, codes[i], in, sizeof(in), out, sizeof(out), NULL) == ERROR_ACCESS_DENIED;
	CloseHandle(handle);
	return denied;
}

static void
another_process_is_refused(void)
{
	struct wdpdk_uio_mapping mapping;
	struct wdpdk_uio_info info;
	struct wdpdk_uio_dma *dma;
	HANDLE owner = open_owner(0), there;
	struct wdpdk_uio_state before;
	struct child child;

	CHECK_EQ(map_bar(owner, 0, 4096, &mapping), 0);
	CHECK_EQ(dma_alloc(owner, 1, &dma), 0);
	before = observed(0);
	/* The child is told the number of its handle before there is one: it waits for it. */
	CHECK(DuplicateHandle(GetCurrentProcess(), owner, GetCurrentProcess(), &there, 0, TRUE, DUPLICATE_SAME_ACCESS));
	child_start(&child, "foreign", (uint64_t)(uintptr_t)there);
	child_ready(&child);
	CHECK_EQ(child_end(&child), 12);
	CloseHandle(there);
	/* Its end, and that of its handle, end nothing of ours. */
	CHECK_EQ(get_info(owner, &info), 0);
	CHECK(accessible(mapping.address));
	CHECK_EQ(observed(0).teardowns, before.teardowns);
	CHECK_EQ(observed(0).mappings, 1);
	CHECK_EQ(observed(0).owner_bytes, WDPDK_UIO_CHUNK);
}

struct worker {
	HANDLE handle, thread;
	unsigned int seed, calls, refused;
	DWORD wrong; /* an error that there must not be */
};

static DWORD
allowed(struct worker *worker, DWORD error)
{
	worker->calls++;
	worker->refused += error != 0;
	/* Others' mappings and bus mastering are in the way, now and then; a handle that is closed under it ends all. */
	if (error != 0 && error != ERROR_BUSY && error != ERROR_NOT_READY)
		worker->wrong = error;
	return error;
}

static DWORD WINAPI
work(void *argument)
{
	struct worker *worker = argument;
	const struct wdpdk_uio_dma_alloc request = dma_request(1);
	struct wdpdk_uio_bus_master_reply master;
	struct wdpdk_uio_config_data config;
	struct wdpdk_uio_mapping mapping;
	struct wdpdk_uio_info info;
	struct wdpdk_uio_id id;
	uint64_t dma[16];
	unsigned int i;

	for (i = 0; i < 40 && worker->wrong == 0; i++) {
		worker->seed = worker->seed * 1103515245 + 12345;
		switch (worker->seed >> 16 & 7) {
		case 0:
			allowed(worker, get_info(worker->handle, &info));
			break;
		case 1:
			allowed(worker, config_read(worker->handle, 0, 256, &config));
			break;
		case 2:
			allowed(worker, bus_master(worker->handle, (worker->seed >> 20 & 1) != 0, &master));
			break;
		case 3:
		case 4:
			if (allowed(worker, call(worker->handle, WDPDK_UIO_DMA_ALLOC, &request, sizeof(request), dma, sizeof(dma), NULL)) != 0)
				break;
			id = id_request(((struct wdpdk_uio_dma *)dma)->id);
			/* Busy while another has bus mastering on: then it stays for the teardown. */
			allowed(worker, call(worker->handle, WDPDK_UIO_DMA_FREE, &id, sizeof(id), NULL, 0, NULL));
			break;
		default:
			if (allowed(worker, map_bar(worker->handle, 0, 65536, &mapping)) != 0)
				break;
			*(volatile uint32_t *)(uintptr_t)(mapping.address + worker->seed % 1024 * 4) = worker->seed;
			id = id_request(mapping.id);
			allowed(worker, call(worker->handle, WDPDK_UIO_UNMAP_BAR, &id, sizeof(id), NULL, 0, NULL));
			break;
		}
	}
	return 0;
}

#define WORKERS 4

static void
start_workers(struct worker *workers, HANDLE handle)
{
	unsigned int i;

	for (i = 0; i < WORKERS; i++) {
		workers[i] = (struct worker){.handle = handle, .seed = i * 7919 + 1};
		workers[i].thread = CreateThread(NULL, 0, work, &workers[i], 0, NULL);
		CHECK(workers[i].thread != NULL);
	}
}

static void
join_workers(struct worker *workers)
{
	unsigned int i;

	for (i = 0; i < WORKERS; i++) {
		CHECK_EQ(WaitForSingleObject(workers[i].thread, PATIENCE), WAIT_OBJECT_0);
		CloseHandle(workers[i].thread);
	}
}

static void
calls_at_once(void)
{
	const struct wdpdk_testbus_status held = bus_now();
	struct wdpdk_uio_state before, after;
	struct worker workers[WORKERS];
	HANDLE handle = open_owner(0);
	uint64_t calls = 0, refused = 0;
	unsigned int i;

	before = observed(0);
	start_workers(workers, handle);
	join_workers(workers);
	after = observed(0);
	for (i = 0; i < WORKERS; i++) {
		CHECK_EQ(workers[i].wrong, 0);
		calls += workers[i].calls;
		refused += workers[i].refused;
	}
	CHECK_EQ(after.calls - before.calls, calls);
	CHECK_EQ(after.refused - before.refused, refused);
	CHECK_EQ(after.mappings, 0);
	close_handle(handle);
	wait_free(0);
	wait_accounts(&held);
}

static void
waiting_and_taking_it_back(void)
{
	const struct wdpdk_uio_request request = plain_request();
	HANDLE handle = open_owner(0);
	struct later first, second;
	struct wdpdk_uio_info info;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		CHECK_EQ(call_later(handle, WDPDK_UIO_WAIT_EVENT, &request, sizeof(request), &first), ERROR_IO_PENDING);
		CHECK_EQ(observed(0).waiting, 1);
		/* It keeps nobody waiting, and it is one. */
		CHECK_EQ(get_info(handle, &info), 0);
		CHECK_EQ(call_later(handle, WDPDK_UIO_WAIT_EVENT, &request, sizeof(request), &second), ERROR_BUSY);
		call_forget(&second);
		CHECK(CancelIoEx(handle, &first.overlapped));
		CHECK_EQ(call_wait(handle, &first, PATIENCE, NULL), ERROR_OPERATION_ABORTED);
		call_forget(&first);
		CHECK_EQ(observed(0).waiting, 0);
	}
}

static HANDLE waiter_handle;
static struct later waiter_later;

static DWORD WINAPI
wait_and_end(void *argument)
{
	const struct wdpdk_uio_request request = plain_request();

	(void)argument;
	call_later(waiter_handle, WDPDK_UIO_WAIT_EVENT, &request, sizeof(request), &waiter_later);
	return 0;
}

static void
a_wait_whose_thread_ends(void)
{
	const struct wdpdk_uio_request request = plain_request();
	ULONGLONG end = GetTickCount64() + PATIENCE;
	struct later again;
	HANDLE thread;

	waiter_handle = open_owner(0);
	thread = CreateThread(NULL, 0, wait_and_end, NULL, 0, NULL);
	CHECK(thread != NULL);
	CHECK_EQ(WaitForSingleObject(thread, PATIENCE), WAIT_OBJECT_0);
	CloseHandle(thread);
	/* Windows cancels what an ended thread had under way; Wine does not get to say so to the program, but to the driver. */
	while (observed(0).waiting != 0) {
		CHECK(GetTickCount64() < end);
		Sleep(2);
	}
	CHECK_EQ(call_later(waiter_handle, WDPDK_UIO_WAIT_EVENT, &request, sizeof(request), &again), ERROR_IO_PENDING);
	CHECK(CancelIoEx(waiter_handle, &again.overlapped));
	CHECK_EQ(call_wait(waiter_handle, &again, PATIENCE, NULL), ERROR_OPERATION_ABORTED);
	call_forget(&again);
}

/* Cancelled at the same time as the handle's end answers it: once, one way or the other. */
static void
a_wait_that_ends_in_two_ways(void)
{
	const struct wdpdk_testbus_status held = bus_now();
	const struct wdpdk_uio_request request = plain_request();
	struct later later;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		HANDLE handle = open_owner(0);
		DWORD error;

		CHECK_EQ(call_later(handle, WDPDK_UIO_WAIT_EVENT, &request, sizeof(request), &later), ERROR_IO_PENDING);
		CancelIoEx(handle, i % 2 == 0 ? NULL : &later.overlapped);
		close_handle(handle);
		CHECK_EQ(WaitForSingleObject(later.overlapped.hEvent, PATIENCE), WAIT_OBJECT_0);
		error = (DWORD)later.overlapped.Internal;
		CHECK(error == (DWORD)WDPDK_UIO_E_CANCELLED || error == 0);
		call_forget(&later);
	}
	wait_free(0);
	wait_accounts(&held);
}

static int
child_that_owns(uint64_t argument)
{
	HANDLE handle = open_owner((unsigned int)argument);

	child_told();
	child_wait();
	CloseHandle(handle);
	return 0;
}

int
child_main(const char *what, uint64_t argument)
{
	if (setjmp(case_end) != 0) {
		fflush(stdout);
		return 99;
	}
	if (strcmp(what, "foreign") == 0)
		return child_with_a_foreign_handle(argument);
	if (strcmp(what, "owner") == 0)
		return child_that_owns(argument);
	if (strcmp(what, "ends") == 0)
		return child_of_ends(argument);
	if (strcmp(what, "removal") == 0)
		return child_of_removal(argument);
	return 98;
}

static void
an_owner_elsewhere(void)
{
	struct child child;
	HANDLE handle;

	child_start(&child, "owner", 0);
	child_ready(&child);
	CHECK_EQ(try_open(0, GENERIC_READ | GENERIC_WRITE, 0, &handle), ERROR_SHARING_VIOLATION);
	CHECK(observed(0).owner != GetCurrentProcessId() && observed(0).owner != 0);
	CHECK_EQ(child_end(&child), 0);
	close_handle(open_owner(0));
}

void
group_owners(void)
{
	CASE(the_second_open_is_refused);
	CASE(share_modes_say_who_opens);
	CASE(an_owner_elsewhere);
	CASE(another_process_is_refused);
	CASE(calls_at_once);
	CASE(waiting_and_taking_it_back);
	CASE(a_wait_whose_thread_ends);
	CASE(a_wait_that_ends_in_two_ways);
}
