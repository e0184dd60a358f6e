/* SPDX-License-Identifier: BSD-3-Clause */
#include "../capture_os.h"

#include <errno.h>
#include <stdlib.h>
#include <windows.h>

#define EPOCH_1970 UINT64_C(116444736000000000) /* in FILETIME's 100 ns since 1601 */

static wchar_t *
wide_path(const char *path)
{
	int size = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, NULL, 0);
	wchar_t *wide = size == 0 ? NULL : malloc((size_t)size * sizeof(*wide));

	if (wide == NULL)
		errno = size == 0 ? EINVAL : ENOMEM;
	else
		MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, size);
	return wide;
}

FILE *
capture_os_open(const char *path, char mode)
{
	wchar_t *wide = wide_path(path);
	FILE *file;

	if (wide == NULL)
		return NULL;
	/* N: child processes do not inherit the handle. */
	file = _wfopen(wide, mode == 'w' ? L"wbN" : L"rbN");
	free(wide);
	return file;
}

static bool
identity_of(const char *path, BY_HANDLE_FILE_INFORMATION *identity)
{
	wchar_t *wide = wide_path(path);
	HANDLE file;
	bool known;

	if (wide == NULL)
		return false;
	file = CreateFileW(wide, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
		FILE_ATTRIBUTE_NORMAL, NULL);
	free(wide);
	if (file == INVALID_HANDLE_VALUE)
		return false;
	known = GetFileType(file) == FILE_TYPE_DISK && GetFileInformationByHandle(file, identity);
	CloseHandle(file);
	return known;
}

bool
capture_os_same_file(const char *path, const char *other)
{
	BY_HANDLE_FILE_INFORMATION a, b;

	return identity_of(path, &a) && identity_of(other, &b) && a.dwVolumeSerialNumber == b.dwVolumeSerialNumber &&
		a.nFileIndexHigh == b.nFileIndexHigh && a.nFileIndexLow == b.nFileIndexLow;
}

uint64_t
capture_os_now(void)
{
	FILETIME now;

	GetSystemTimePreciseAsFileTime(&now);
	return (((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) - EPOCH_1970) * 100;
}
