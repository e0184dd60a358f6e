/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Files of an installation: INFs and drivers in one folder under the names that the INFs give them.
 */
#include <stdio.h>
#include <string.h>

#include "uio_setup.h"

void
nt_path(const char *path, char *to, size_t size)
{
	char whole[MAX_PATH];
	DWORD length = GetFullPathNameA(path, sizeof(whole), whole, NULL);

	if (length == 0 || length >= sizeof(whole))
		snprintf(whole, sizeof(whole), "%s", path);
	snprintf(to, size, "\\??\\%s", whole);
}

static DWORD
own_folder(char *folder, size_t size)
{
	DWORD length = GetModuleFileNameA(NULL, folder, (DWORD)size);
	char *end = strrchr(folder, '\\');

	if (length == 0 || length >= size || end == NULL)
		return setup_fail(GetLastError(), "the folder of this program is not known", "");
	*end = 0;
	return 0;
}

static DWORD
copy(const char *from_folder, const char *from, const char *to_folder, const char *to)
{
	char source[MAX_PATH * 2], target[MAX_PATH * 2];

	snprintf(source, sizeof(source), "%s\\%s", from_folder, from);
	snprintf(target, sizeof(target), "%s\\%s", to_folder, to);
	if (!CopyFileA(source, target, FALSE))
		return setup_fail(GetLastError(), "cannot copy", source);
	return 0;
}

/* Without its catalogue, which a test build has not. */
static DWORD
copy_inf(const char *from_folder, const char *name, const char *to_folder)
{
	char path[MAX_PATH * 2], line[1024];
	FILE *from, *to;

	snprintf(path, sizeof(path), "%s\\%s", from_folder, name);
	from = fopen(path, "rb");
	if (from == NULL)
		return setup_fail(ERROR_FILE_NOT_FOUND, "cannot read", path);
	snprintf(path, sizeof(path), "%s\\%s", to_folder, name);
	to = fopen(path, "wb");
	if (to == NULL) {
		fclose(from);
		return setup_fail(ERROR_CANNOT_MAKE, "cannot write", path);
	}
	while (fgets(line, sizeof(line), from) != NULL)
		if (strncmp(line, "CatalogFile", 11) != 0)
			fputs(line, to);
	fclose(from);
	if (fclose(to) != 0)
		return setup_fail(ERROR_WRITE_FAULT, "cannot write", path);
	return 0;
}

DWORD
stage_files(const struct setup_options *options, char *stage, size_t size)
{
	char own[MAX_PATH], temporary[MAX_PATH];
	const char *folder = options->folder;
	DWORD error = 0;

	if (folder == NULL) {
		error = own_folder(own, sizeof(own));
		folder = own;
	}
	if (error != 0)
		return error;
	GetTempPathA(sizeof(temporary), temporary);
	snprintf(stage, size, "%swdpdk-uio-%lu", temporary, GetCurrentProcessId());
	if (!CreateDirectoryA(stage, NULL) && GetLastError() != ERROR_ALREADY_EXISTS)
		return setup_fail(GetLastError(), "cannot make the folder", stage);
	error = copy_inf(folder, "wdpdkbus.inf", stage);
	if (error == 0)
		error = copy(folder, "wdpdkbus.sys", stage, "wdpdkbus.sys");
	if (error == 0 && !options->bus_only)
		error = copy_inf(folder, "wdpdkuio.inf", stage);
	if (error == 0 && !options->bus_only)
		error = copy(folder, options->driver != NULL ? options->driver : "wdpdkuio-test.sys", stage, "wdpdkuio.sys");
	return error;
}

void
stage_remove(const char *stage)
{
	static const char *const names[] = {"wdpdkbus.inf", "wdpdkbus.sys", "wdpdkuio.inf", "wdpdkuio.sys"};
	char path[MAX_PATH * 2];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s\\%s", stage, names[i]);
		DeleteFileA(path);
	}
	RemoveDirectoryA(stage);
}
