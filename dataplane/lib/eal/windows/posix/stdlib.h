/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: what mingw-w64's stdlib.h lacks.
 */
#ifndef WDPDK_POSIX_STDLIB_H
#define WDPDK_POSIX_STDLIB_H

#include_next <stdlib.h>

/* -1 with errno. An empty value is no value on Windows: it takes the name away. */
int wdpdk_posix_setenv(const char *name, const char *value, int overwrite);
/* The generator of POSIX's drand48(): the next 48 bits of the one sequence that the process has. Any thread. */
unsigned long long wdpdk_posix_rand48(void);
void wdpdk_posix_srand48(long seed);

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

static inline void
srand48(long seed)
{
	wdpdk_posix_srand48(seed);
}

/* 0 to 2^31 - 1. */
static inline long
lrand48(void)
{
	return (long)(wdpdk_posix_rand48() >> 17);
}

/* -2^31 to 2^31 - 1. */
static inline long
mrand48(void)
{
	return (int)(wdpdk_posix_rand48() >> 16);
}

/* From 0 to below 1. */
static inline double
drand48(void)
{
	return (double)wdpdk_posix_rand48() / (double)(1ULL << 48);
}

static inline void
srandom(unsigned int seed)
{
	wdpdk_posix_srand48((long)seed);
}

/* 0 to 2^31 - 1; another sequence than that of glibc. */
static inline long
random(void)
{
	return lrand48();
}

#endif
