/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: what mingw-w64's unistd.h lacks. There is no fork(): Windows has nothing like it.
 */
#ifndef WDPDK_POSIX_UNISTD_H
#define WDPDK_POSIX_UNISTD_H

#include_next <unistd.h>

#include <fcntl.h>
#include <io.h>

#define _SC_PAGESIZE 30
#define _SC_PAGE_SIZE _SC_PAGESIZE
#define _SC_NPROCESSORS_CONF 83
#define _SC_NPROCESSORS_ONLN 84
#define _SC_PHYS_PAGES 85

/* -1 with EINVAL for a name that is not among the above. */
long wdpdk_posix_sysconf(int name);

static inline long
sysconf(int name)
{
	return wdpdk_posix_sysconf(name);
}

static inline int
getpagesize(void)
{
	return (int)wdpdk_posix_sysconf(_SC_PAGESIZE);
}

/* Bytes as they are written, as on any other system. */
static inline int
pipe(int fds[2])
{
	return _pipe(fds, 65536, _O_BINARY | _O_NOINHERIT);
}

#endif
