/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A section whose access list is its protection: this user may read and write a queue's, and only read the counters'. Its name is
 * random and told to one client.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "os_segment.h"
#include "security_windows.h"

#define PAGE 4096
#define TOUCHED (64u << 20)
/* SECTION_QUERY | SECTION_MAP_READ, and with SECTION_MAP_WRITE */
#define READ_RIGHTS L"0x5"
#define WRITE_RIGHTS L"0x7"

static HANDLE
open_file(struct os_segment *segment, const wchar_t *directory, const wchar_t *name, struct os_error *error)
{
	wchar_t path[256];
	HANDLE file;

	if (_snwprintf(path, 255, L"%ls\\%ls", directory, name) < 0)
		path[255] = L'\0';
	path[255] = L'\0';
	if (WideCharToMultiByte(CP_UTF8, 0, path, -1, segment->file, sizeof(segment->file), NULL, NULL) == 0)
		segment->file[0] = '\0';
	file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
		CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
	if (file == INVALID_HANDLE_VALUE) {
		windows_error_set(error, segment->file, "Name a directory that you may write in WDPDK_SHM_DIR", "CreateFile",
			GetLastError());
		segment->file[0] = '\0';
	}
	return file;
}

int
os_segment_create(struct os_segment *segment, size_t size, bool observed, struct os_error *error)
{
	wchar_t directory[200], name[40], section[64] = L"";
	DWORD length = GetEnvironmentVariableW(L"WDPDK_SHM_DIR", directory, 200);
	SECURITY_ATTRIBUTES attributes;
	HANDLE file = INVALID_HANDLE_VALUE;
	const char *what = "shared memory";

	memset(segment, 0, sizeof(*segment));
	if (!security_random_name(name) || !security_for_user(observed ? READ_RIGHTS : WRITE_RIGHTS, &attributes)) {
		windows_error_set(error, what, "Free memory, or log on again", "access list", GetLastError());
		return -1;
	}
	if (length > 0 && length < 200) {
		file = open_file(segment, directory, name, error);
		if (file == INVALID_HANDLE_VALUE) {
			security_free(&attributes);
			return -1;
		}
	} else {
		swprintf(section, 64, L"Local\\%ls", name);
		snprintf(segment->name, sizeof(segment->name), "%ls", section);
	}
	segment->size = size;
	segment->handle = (intptr_t)CreateFileMappingW(file, &attributes, PAGE_READWRITE, (DWORD)((uint64_t)size >> 32),
		(DWORD)size, section[0] == L'\0' ? NULL : section);
	if (segment->handle == 0)
		windows_error_set(error, what, "Free memory, or ask for fewer or smaller slots", "CreateFileMapping", GetLastError());
	security_free(&attributes);
	if (file != INVALID_HANDLE_VALUE)
		CloseHandle(file);
	if (segment->handle != 0) {
		segment->base = MapViewOfFile((HANDLE)segment->handle, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, size);
		if (segment->base == NULL)
			windows_error_set(error, what, "Free memory, or ask for fewer or smaller slots", "MapViewOfFile", GetLastError());
	}
	if (segment->base == NULL) {
		os_segment_destroy(segment);
		return -1;
	}
	/* Rings and the first slots are there before an lcore touches them; all of a great segment would hold up other clients. */
	for (size_t at = 0; at < size && at < TOUCHED; at += PAGE)
		((volatile uint8_t *)segment->base)[at] = 0;
	return 0;
}

void
os_segment_destroy(struct os_segment *segment)
{
	if (segment->base != NULL)
		UnmapViewOfFile(segment->base);
	if (segment->handle != 0)
		CloseHandle((HANDLE)segment->handle);
	if (segment->file[0] != '\0') {
		wchar_t path[256];

		if (MultiByteToWideChar(CP_UTF8, 0, segment->file, -1, path, 256) > 0)
			DeleteFileW(path);
	}
	memset(segment, 0, sizeof(*segment));
}
