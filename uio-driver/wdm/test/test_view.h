/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Files, sections of them, and views in the process that calls.
 */
#ifndef WDPDK_UIO_WDM_TEST_VIEW_H
#define WDPDK_UIO_WDM_TEST_VIEW_H

#include <ntifs.h>
#include <stdbool.h>
#include <stdint.h>

#include "test_bus.h"

/* FILE_OPEN, FILE_CREATE or FILE_OPEN_IF; the path is an NT path. For reading, writing and deleting; counted. */
NTSTATUS test_file_open(const WCHAR *path, ULONG disposition, HANDLE *file);
/* Of the whole file, which grows to `length`. Counted. */
NTSTATUS test_section_open(HANDLE file, uint64_t length, HANDLE *section);
/* A file or a section. */
void test_handle_close(HANDLE handle);
NTSTATUS test_file_write(HANDLE file, uint64_t offset, const void *data, ULONG length);
NTSTATUS test_file_read(HANDLE file, uint64_t offset, void *data, ULONG length);
void test_file_delete(HANDLE file);

/* A view in a process; found again when it is unmapped from another process's thread. */
struct test_view {
	HANDLE process;
	void *base;
};

/*
 * Part of a section into the calling process at a multiple of `alignment` (0: anywhere), by a guarded call that raises or fails when
 * that fault of the bus is on. WDPDK_UIO_*.
 */
int32_t test_view_map(
	struct test_bus *bus, HANDLE section, uint64_t offset, uint64_t length, uint64_t alignment, struct test_view *view, uint64_t *address);
void test_view_unmap(struct test_view *view);

#endif
