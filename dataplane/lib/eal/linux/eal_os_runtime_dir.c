/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: /var/run for root, $XDG_RUNTIME_DIR for others, or /tmp.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/eal_runtime_dir.h"

static int
make(const char *path)
{
	return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : errno;
}

int
eal_os_runtime_dir(char *path, size_t size, const char *prefix)
{
	const char *base = getuid() == 0 ? "/var/run" : getenv("XDG_RUNTIME_DIR");
	int n, err;

	if (base == NULL || base[0] == '\0')
		base = "/tmp";
	n = snprintf(path, size, "%s/dpdk", base);
	if (n < 0 || (size_t)n >= size)
		return ENAMETOOLONG;
	err = make(path);
	if (err != 0)
		return err;
	n = snprintf(path, size, "%s/dpdk/%s", base, prefix);
	if (n < 0 || (size_t)n >= size)
		return ENAMETOOLONG;
	return make(path);
}
