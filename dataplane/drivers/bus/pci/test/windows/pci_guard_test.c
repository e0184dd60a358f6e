/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: a BAR that vanishes under its readers. The test takes the pages away, as the driver does.
 */
#include <errno.h>
#include <windows.h>

#include <rte_common.h>
#include <rte_io.h>

#include "../../windows/pci_guard.h"

#include "check.h"

#define SIZE ((size_t)1 << 20)
#define READERS 4

static char *
make_bar(void)
{
	char *bar = VirtualAlloc(NULL, SIZE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

	CHECK(bar != NULL);
	memset(bar, 0, SIZE);
	return bar;
}

static void
reads_are_all_ones_and_writes_go_nowhere(void)
{
	char *bar = make_bar();
	bool gone = false;

	CHECK_EQ(pci_guard(bar, SIZE, &gone), 0);
	CHECK_EQ(rte_read32(bar + 4096), 0);
	CHECK(!gone);
	VirtualFree(bar, 0, MEM_RELEASE);
	rte_write32(1, bar + SIZE - 4);
	CHECK(gone);
	CHECK_EQ(rte_read32(bar + 4096), UINT32_MAX);
	CHECK_EQ(rte_read8(bar + 77), UINT8_MAX);
	CHECK_EQ(pci_guard(bar, 0, NULL), 0);
	/* What stood in for it is gone with it. */
	CHECK(VirtualAlloc(bar, SIZE, MEM_RESERVE, PAGE_NOACCESS) == bar);
	VirtualFree(bar, 0, MEM_RELEASE);
}

struct reader {
	char *bar;
	bool stop;
	unsigned int others; /* values that are neither of the two */
};

static DWORD WINAPI
read_on(void *arg)
{
	struct reader *reader = arg;
	uint32_t value;

	while (!__atomic_load_n(&reader->stop, __ATOMIC_RELAXED)) {
		value = rte_read32(reader->bar + 64);
		if (value != 0 && value != UINT32_MAX)
			__atomic_fetch_add(&reader->others, 1, __ATOMIC_RELAXED);
	}
	return 0;
}

/* Several threads find it gone at one time. */
static void
many_readers_survive(void)
{
	struct reader reader = {.bar = make_bar()};
	HANDLE threads[READERS];
	bool gone = false;
	unsigned int i;

	CHECK_EQ(pci_guard(reader.bar, SIZE, &gone), 0);
	for (i = 0; i < READERS; i++)
		threads[i] = CreateThread(NULL, 0, read_on, &reader, 0, NULL);
	Sleep(5);
	VirtualFree(reader.bar, 0, MEM_RELEASE);
	for (i = 0; i < 10000 && !__atomic_load_n(&gone, __ATOMIC_ACQUIRE); i++)
		Sleep(1);
	__atomic_store_n(&reader.stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < READERS; i++) {
		CHECK_EQ(WaitForSingleObject(threads[i], INFINITE), WAIT_OBJECT_0);
		CloseHandle(threads[i]);
	}
	CHECK(gone);
	CHECK_EQ(reader.others, 0);
	CHECK_EQ(pci_guard(reader.bar, 0, NULL), 0);
}

static LONG WINAPI
seen(EXCEPTION_POINTERS *exception)
{
	ExitProcess(exception->ExceptionRecord->ExceptionCode == EXCEPTION_ACCESS_VIOLATION ? 77 : 78);
}

/* Run by others(): a fault anywhere else is the program's. */
static int
fault_elsewhere(void)
{
	char *bar = VirtualAlloc(NULL, SIZE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
	bool gone = false;

	SetUnhandledExceptionFilter(seen);
	SetErrorMode(SEM_NOGPFAULTERRORBOX | SEM_FAILCRITICALERRORS);
	if (bar == NULL || pci_guard(bar, SIZE / 2, &gone) != 0)
		return 1;
	VirtualFree(bar, 0, MEM_RELEASE);
	return (int)rte_read32(bar + SIZE / 2);
}

static void
others(void)
{
	STARTUPINFOA start = {.cb = sizeof(start)};
	PROCESS_INFORMATION process;
	char line[MAX_PATH + 16];
	DWORD code = 0, length;

	length = GetModuleFileNameA(NULL, line + 1, MAX_PATH);
	CHECK(length > 0 && length < MAX_PATH);
	line[0] = '"';
	memcpy(line + 1 + length, "\" fault", 8);
	CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &process));
	CHECK_EQ(WaitForSingleObject(process.hProcess, INFINITE), WAIT_OBJECT_0);
	CHECK(GetExitCodeProcess(process.hProcess, &code));
	CloseHandle(process.hProcess);
	CloseHandle(process.hThread);
	CHECK_EQ(code, 77);
}

static void
there_is_room_for_so_many(void)
{
	static char bars[65][16];
	bool gone = false;
	unsigned int i;

	for (i = 0; i < 64; i++)
		CHECK_EQ(pci_guard(bars[i], sizeof(bars[i]), &gone), 0);
	CHECK_EQ(pci_guard(bars[64], sizeof(bars[64]), &gone), -ENOSPC);
	for (i = 0; i < 64; i++)
		CHECK_EQ(pci_guard(bars[i], 0, NULL), 0);
	CHECK(!gone);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "fault") == 0)
		return fault_elsewhere();
	RUN(reads_are_all_ones_and_writes_go_nowhere);
	RUN(many_readers_survive);
	RUN(others);
	RUN(there_is_room_for_so_many);
	return check_summary();
}
