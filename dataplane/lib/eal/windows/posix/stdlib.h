/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: what mingw-w64's stdlib.h lacks.
 */
#ifndef WDPDK_POSIX_STDLIB_H
#define WDPDK_POSIX_STDLIB_H

#include_next <stdlib.h>

/* -1 with errno. An empty value is no value on Windows: it takes the name away. */
int wdpdk_posix_setenv(const char *name, const char *value, int overwrite);

static inline int
setenv(const char *name, const char *value, int overwrite)
{
	return wdpdk_posix_setenv(name, value, overwrite);
}

static inline int
unsetenv(const char *name)
{
	return wdpdk_posix_setenv(name, "", 1);
}

#endif
