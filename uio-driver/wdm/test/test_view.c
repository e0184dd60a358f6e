/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Under Wine an attached thread still maps into its own process: a handle of the owner says where to.
 */
#include "test_view.h"

#include "guard.h"
#include "wdpdk_uio.h"

/* The kernel exports it; the ddk's headers do not say so. */
NTSYSAPI VOID NTAPI RtlRaiseException(PEXCEPTION_RECORD record);

#define GRANULARITY 0x10000u
#define TRIES 16

NTSTATUS
test_file_open(const WCHAR *path, ULONG disposition, HANDLE *file)
{
	OBJECT_ATTRIBUTES attributes;
	UNICODE_STRING name;
	IO_STATUS_BLOCK result;
	NTSTATUS status;

	if (test_allocation_fails())
		return STATUS_INSUFFICIENT_RESOURCES;
	RtlInitUnicodeString(&name, path);
	InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
	status = ZwCreateFile(file, GENERIC_READ | GENERIC_WRITE | DELETE | SYNCHRONIZE, &attributes, &result, NULL, FILE_ATTRIBUTE_NORMAL,
		FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, disposition,
		FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, NULL, 0);
	if (NT_SUCCESS(status))
		test_account(WDPDK_TESTBUS_SECTIONS, 1);
	return status;
}

NTSTATUS
test_section_open(HANDLE file, uint64_t length, HANDLE *section)
{
	LARGE_INTEGER size = { .QuadPart = (LONGLONG)length };
	OBJECT_ATTRIBUTES attributes;
	NTSTATUS status;

	if (test_allocation_fails())
		return STATUS_INSUFFICIENT_RESOURCES;
	InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
	status = ZwCreateSection(section, SECTION_ALL_ACCESS, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, file);
	if (NT_SUCCESS(status))
		test_account(WDPDK_TESTBUS_SECTIONS, 1);
	return status;
}

void
test_handle_close(HANDLE handle)
{
	if (handle == NULL)
		return;
	ZwClose(handle);
	test_account(WDPDK_TESTBUS_SECTIONS, -1);
}

NTSTATUS
test_file_write(HANDLE file, uint64_t offset, const void *data, ULONG length)
{
	LARGE_INTEGER at = { .QuadPart = (LONGLONG)offset };
	IO_STATUS_BLOCK result;
	NTSTATUS status = ZwWriteFile(file, NULL, NULL, NULL, &result, (PVOID)(ULONG_PTR)data, length, &at, NULL);

	return NT_SUCCESS(status) && result.Information != length ? STATUS_DISK_FULL : status;
}

NTSTATUS
test_file_read(HANDLE file, uint64_t offset, void *data, ULONG length)
{
	LARGE_INTEGER at = { .QuadPart = (LONGLONG)offset };
	IO_STATUS_BLOCK result;
	NTSTATUS status = ZwReadFile(file, NULL, NULL, NULL, &result, data, length, &at, NULL);

	return NT_SUCCESS(status) && result.Information != length ? STATUS_END_OF_FILE : status;
}

void
test_file_delete(HANDLE file)
{
	FILE_DISPOSITION_INFORMATION disposition = { .DeleteFile = TRUE };
	IO_STATUS_BLOCK result;

	ZwSetInformationFile(file, &result, &disposition, sizeof(disposition), FileDispositionInformation);
}

struct map_call {
	HANDLE section, process;
	PVOID base;
	SIZE_T length;
	LARGE_INTEGER offset;
	bool raise;
};

/* Stands for MmMapLockedPagesSpecifyCache, which raises when it cannot. */
static NTSTATUS
map(void *argument)
{
	struct map_call *call = argument;
	EXCEPTION_RECORD record = { .ExceptionCode = STATUS_INSUFFICIENT_RESOURCES };

	if (call->raise)
		RtlRaiseException(&record);
	return ZwMapViewOfSection(call->section, call->process, &call->base, 0, 0, &call->offset, &call->length, ViewShare, 0,
		PAGE_READWRITE);
}

/* A hole of that size and alignment in the process; it may be gone when it is used. */
static NTSTATUS
find_hole(HANDLE process, uint64_t length, uint64_t alignment, PVOID *base)
{
	PVOID room = NULL;
	SIZE_T size = length + alignment;
	NTSTATUS status = ZwAllocateVirtualMemory(process, &room, 0, &size, MEM_RESERVE, PAGE_NOACCESS);

	if (!NT_SUCCESS(status))
		return status;
	*base = (PVOID)(((ULONG_PTR)room + alignment - 1) / alignment * alignment);
	size = 0;
	return ZwFreeVirtualMemory(process, &room, &size, MEM_RELEASE);
}

static NTSTATUS
map_aligned(struct map_call *call, uint64_t length, uint64_t alignment)
{
	NTSTATUS status = STATUS_SUCCESS;

	for (int i = 0; i < TRIES; i++) {
		call->base = NULL;
		if (alignment != 0)
			status = find_hole(call->process, length, alignment, &call->base);
		call->length = length;
		if (NT_SUCCESS(status))
			status = uio_guarded(map, call);
		if (status != STATUS_CONFLICTING_ADDRESSES)
			break;
	}
	return status;
}

static int32_t
map_into(struct test_bus *bus, struct map_call *call, uint64_t length, uint64_t alignment, struct test_view *view)
{
	NTSTATUS status;

	if (test_bus_fault(bus, WDPDK_TESTBUS_FAULT_MAP_FAILS))
		return WDPDK_UIO_E_IO;
	if (test_allocation_fails())
		return WDPDK_UIO_E_NO_MEMORY;
	call->raise = test_bus_fault(bus, WDPDK_TESTBUS_FAULT_MAP_RAISES);
	status = ObOpenObjectByPointer(PsGetCurrentProcess(), OBJ_KERNEL_HANDLE, NULL, PROCESS_ALL_ACCESS, NULL, KernelMode, &call->process);
	if (!NT_SUCCESS(status))
		return WDPDK_UIO_E_NO_MEMORY;
	status = map_aligned(call, length, alignment);
	if (!NT_SUCCESS(status)) {
		ZwClose(call->process);
		return status == STATUS_INSUFFICIENT_RESOURCES || status == STATUS_NO_MEMORY ? WDPDK_UIO_E_NO_MEMORY : WDPDK_UIO_E_IO;
	}
	*view = (struct test_view){ .process = call->process, .base = call->base };
	test_account(WDPDK_TESTBUS_VIEWS, 1);
	test_account(WDPDK_TESTBUS_PROCESSES, 1);
	return WDPDK_UIO_OK;
}

int32_t
test_view_map(
	struct test_bus *bus, HANDLE section, uint64_t offset, uint64_t length, uint64_t alignment, struct test_view *view, uint64_t *address)
{
	/* Views begin at multiples of 64 KiB: pages before `offset` are seen, too. */
	uint64_t before = offset % GRANULARITY;
	struct map_call call = { .section = section, .offset.QuadPart = (LONGLONG)(offset - before) };
	int32_t status = map_into(bus, &call, length + before, alignment, view);

	if (status == WDPDK_UIO_OK)
		*address = (uint64_t)(ULONG_PTR)view->base + before;
	return status;
}

void
test_view_unmap(struct test_view *view)
{
	/* It fails when the process is on its end: then the view is gone, too. */
	ZwUnmapViewOfSection(view->process, view->base);
	ZwClose(view->process);
	test_account(WDPDK_TESTBUS_VIEWS, -1);
	test_account(WDPDK_TESTBUS_PROCESSES, -1);
	*view = (struct test_view){ 0 };
}
