/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: below the user's directory for temporary files.
 */
#include <errno.h>
#include <stdio.h>
#include <windows.h>

#include "../common/eal_runtime_dir.h"

static int
make(const char *path)
{
	return CreateDirectoryA(path, NULL) || GetLastError() == ERROR_ALREADY_EXISTS ? 0 : EACCES;
}

int
eal_os_runtime_dir(char *path, size_t size, const char *prefix)
{
	char base[MAX_PATH + 1];
	DWORD len = GetTempPathA(sizeof(base), base);
	int n, err;

	if (len == 0 || len >= sizeof(base))
		return ENOENT;
	/* It ends with a backslash. */
	n = snprintf(path, size, "%sdpdk", base);
	if (n < 0 || (size_t)n >= size)
		return ENAMETOOLONG;
	err = make(path);
	if (err != 0)
		return err;
	n = snprintf(path, size, "%sdpdk\\%s", base, prefix);
	if (n < 0 || (size_t)n >= size)
		return ENAMETOOLONG;
	return make(path);
}
