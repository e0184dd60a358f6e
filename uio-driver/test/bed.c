/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The bed of the contract test: handles and children that a case cannot leave behind, and how things stand.
 */
#include <stdlib.h>

#include "contract.h"

#define HANDLES 64
#define CHILDREN 8

static HANDLE handles[HANDLES];
static struct child children[CHILDREN];

static void
give_up(const char *what)
{
	printf("    %s\n", what);
	printf("0 passed, 1 failed\n");
	exit(1);
}

void
bed_start(void)
{
	unsigned int i;

	setvbuf(stdout, NULL, _IONBF, 0);
	for (i = 0; i < BOTH_DEVICES; i++) {
		if (setup_wait(i, true, PATIENCE) != 0)
			give_up(setup_said());
	}
	bed_clean();
}

static void
forget(HANDLE handle)
{
	unsigned int i;

	for (i = 0; i < HANDLES; i++)
		if (handles[i] == handle)
			handles[i] = NULL;
}

static void
remember(HANDLE handle)
{
	unsigned int i;

	for (i = 0; i < HANDLES && handles[i] != NULL; i++)
		;
	CHECK(i < HANDLES);
	handles[i] = handle;
}

void
close_handle(HANDLE handle)
{
	forget(handle);
	CloseHandle(handle);
}

void
bed_clean(void)
{
	struct wdpdk_testbus_status status;
	unsigned int i;

	for (i = 0; i < CHILDREN; i++)
		if (children[i].process != NULL)
			child_kill(&children[i]);
	for (i = 0; i < HANDLES; i++)
		if (handles[i] != NULL)
			close_handle(handles[i]);
	for (i = 0; i < WDPDK_TESTBUS_FAULTS; i++)
		bus_fault(WDPDK_TESTBUS_ALL, i, 0);
	for (i = 0; i < BOTH_DEVICES; i++)
		if (bus_status(&status) == 0 && !status.device[i].present && setup_wait(i, false, PATIENCE) == 0 && bus_plug(i, true) == 0)
			setup_wait(i, true, PATIENCE);
}

/* Found once: to look for it takes longer than all else that a life of a handle does. */
static const char *
interface_of(unsigned int index)
{
	static char paths[BOTH_DEVICES][MAX_PATH];

	if (paths[index][0] == 0)
		setup_interface(index, paths[index], sizeof(paths[index]));
	if (paths[index][0] == 0)
		case_fail(__FILE__, __LINE__, "device %u has no interface", index);
	return paths[index];
}

DWORD
try_open(unsigned int index, DWORD access, DWORD share, HANDLE *handle)
{
	struct wdpdk_uio_state state;
	DWORD error;

	*handle = CreateFileA(interface_of(index), access, share, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
	if (*handle == INVALID_HANDLE_VALUE)
		return GetLastError();
	/* Wine does not wait for what the driver says to an open: its answer is that to the first request. */
	error = get_status(*handle, &state);
	if (error != 0)
		CloseHandle(*handle);
	else
		remember(*handle);
	return error;
}

HANDLE
open_owner(unsigned int index)
{
	ULONGLONG end = GetTickCount64() + PATIENCE;
	HANDLE handle;
	DWORD error;

	/* The end of the last owner may be under way. */
	while ((error = try_open(index, GENERIC_READ | GENERIC_WRITE, 0, &handle)) == ERROR_SHARING_VIOLATION && GetTickCount64() < end)
		Sleep(5);
	CHECK_EQ(error, 0);
	return handle;
}

HANDLE
open_observer(unsigned int index)
{
	HANDLE handle;

	CHECK_EQ(try_open(index, 0, FILE_SHARE_READ | FILE_SHARE_WRITE, &handle), 0);
	return handle;
}

struct wdpdk_uio_state
observed(unsigned int index)
{
	HANDLE handle = open_observer(index);
	struct wdpdk_uio_state state;
	DWORD error = get_status(handle, &state);

	close_handle(handle);
	CHECK_EQ(error, 0);
	return state;
}

void
wait_free(unsigned int index)
{
	ULONGLONG end = GetTickCount64() + PATIENCE;

	while (observed(index).state == WDPDK_UIO_STATE_OWNED) {
		CHECK(GetTickCount64() < end);
		Sleep(2);
	}
}

bool
accessible(uint64_t address)
{
	MEMORY_BASIC_INFORMATION information;

	return VirtualQuery((const void *)(uintptr_t)address, &information, sizeof(information)) != 0 && information.State == MEM_COMMIT;
}

struct wdpdk_testbus_status
bus_now(void)
{
	struct wdpdk_testbus_status status;

	CHECK_EQ(bus_status(&status), 0);
	return status;
}

void
wait_accounts(const struct wdpdk_testbus_status *then)
{
	static const char *const names[WDPDK_TESTBUS_ACCOUNTS] = {
		"pool blocks", "pool bytes", "sections", "views", "processes", "DMA bytes", "requests", "-"};
	ULONGLONG end = GetTickCount64() + PATIENCE;
	struct wdpdk_testbus_status now;
	unsigned int i;

	for (;;) {
		now = bus_now();
		if (memcmp(now.account, then->account, sizeof(now.account)) == 0)
			return;
		if (GetTickCount64() >= end)
			break;
		Sleep(5);
	}
	for (i = 0; i < WDPDK_TESTBUS_ACCOUNTS; i++)
		if (now.account[i] != then->account[i])
			printf("    %s: %lld, before %lld\n", names[i], (long long)now.account[i], (long long)then->account[i]);
	case_fail(__FILE__, __LINE__, "the driver holds more or less than before");
}

const struct wdpdk_testbus_line *
log_after(uint64_t sequence, size_t *lines)
{
	static struct wdpdk_testbus_line line[LOG_ROOM];
	uint64_t lost;

	*lines = LOG_ROOM;
	CHECK_EQ(bus_log(sequence, line, lines, &lost), 0);
	CHECK_EQ(lost, 0);
	return line;
}

size_t
log_find(const struct wdpdk_testbus_line *line, size_t lines, size_t from, uint32_t op, uint32_t device)
{
	while (from < lines && (line[from].op != op || (device != WDPDK_TESTBUS_ALL && line[from].device != device)))
		from++;
	return from < lines ? from : lines;
}

void
log_print(const struct wdpdk_testbus_line *line, size_t lines)
{
	size_t i;

	for (i = 0; i < lines; i++)
		printf("    %llu device %u %s offset %u length %u value 0x%llx\n", (unsigned long long)line[i].sequence, line[i].device,
			bus_op_name(line[i].op), line[i].offset, line[i].length, (unsigned long long)line[i].value);
}

static HANDLE
shared_event(void)
{
	SECURITY_ATTRIBUTES inherit = {.nLength = sizeof(inherit), .bInheritHandle = TRUE};
	HANDLE event = CreateEventA(&inherit, TRUE, FALSE, NULL);

	CHECK(event != NULL);
	return event;
}

void
child_start(struct child *child, const char *what, uint64_t argument)
{
	char program[MAX_PATH], command[MAX_PATH + 128], value[32];
	STARTUPINFOA start = {.cb = sizeof(start)};
	PROCESS_INFORMATION process;
	unsigned int i;

	for (i = 0; i < CHILDREN && children[i].process != NULL; i++)
		;
	CHECK(i < CHILDREN);
	child->told = shared_event();
	child->tell = shared_event();
	GetModuleFileNameA(NULL, program, sizeof(program));
	snprintf(command, sizeof(command), "\"%s\" --child %s %llu", program, what, (unsigned long long)argument);
	snprintf(value, sizeof(value), "%llu", (unsigned long long)(uintptr_t)child->told);
	SetEnvironmentVariableA("UIO_CONTRACT_TOLD", value);
	snprintf(value, sizeof(value), "%llu", (unsigned long long)(uintptr_t)child->tell);
	SetEnvironmentVariableA("UIO_CONTRACT_TELL", value);
	CHECK(CreateProcessA(program, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process));
	CloseHandle(process.hThread);
	child->process = process.hProcess;
	children[i] = *child;
}

static void
child_forget(const struct child *child)
{
	unsigned int i;

	for (i = 0; i < CHILDREN; i++) {
		if (children[i].process == child->process && child->process != NULL) {
			CloseHandle(children[i].told);
			CloseHandle(children[i].tell);
			CloseHandle(children[i].process);
			memset(&children[i], 0, sizeof(children[i]));
			return;
		}
	}
}

void
child_ready(const struct child *child)
{
	HANDLE either[2] = {child->told, child->process};

	CHECK_EQ(WaitForMultipleObjects(2, either, FALSE, PATIENCE), WAIT_OBJECT_0);
	ResetEvent(child->told);
}

DWORD
child_end(const struct child *child)
{
	DWORD code = 0;

	SetEvent(child->tell);
	CHECK_EQ(WaitForSingleObject(child->process, PATIENCE), WAIT_OBJECT_0);
	GetExitCodeProcess(child->process, &code);
	child_forget(child);
	return code;
}

void
child_kill(const struct child *child)
{
	const struct child copy = *child;

	TerminateProcess(copy.process, 9);
	WaitForSingleObject(copy.process, PATIENCE);
	child_forget(&copy);
}

static HANDLE
from_environment(const char *name)
{
	char value[32];

	if (GetEnvironmentVariableA(name, value, sizeof(value)) == 0)
		return NULL;
	return (HANDLE)(uintptr_t)strtoull(value, NULL, 10);
}

void
child_told(void)
{
	SetEvent(from_environment("UIO_CONTRACT_TOLD"));
}

void
child_wait(void)
{
	WaitForSingleObject(from_environment("UIO_CONTRACT_TELL"), INFINITE);
}
