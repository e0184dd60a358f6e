/* SPDX-License-Identifier: BSD-3-Clause */
#include "../capture_os.h"

#include <sys/stat.h>
#include <time.h>

FILE *
capture_os_open(const char *path, char mode)
{
	return fopen(path, mode == 'w' ? "wbe" : "rbe");
}

bool
capture_os_same_file(const char *path, const char *other)
{
	struct stat a, b;

	/* Devices may be shared by any number of queues: /dev/null, a pipe. */
	return stat(path, &a) == 0 && stat(other, &b) == 0 && S_ISREG(a.st_mode) && a.st_dev == b.st_dev &&
		a.st_ino == b.st_ino;
}

uint64_t
capture_os_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
