/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the POSIX profile's unistd.h, stdlib.h and sys/resource.h promise.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <windows.h>

long
wdpdk_posix_sysconf(int name)
{
	MEMORYSTATUSEX memory = {.dwLength = sizeof(memory)};
	SYSTEM_INFO system;

	GetSystemInfo(&system);
	switch (name) {
	case _SC_PAGESIZE:
		return (long)system.dwPageSize;
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
		return (long)GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
	case _SC_PHYS_PAGES:
		if (GlobalMemoryStatusEx(&memory))
			return (long)(memory.ullTotalPhys / system.dwPageSize);
		break;
	default:
		break;
	}
	errno = EINVAL;
	return -1;
}

int
wdpdk_posix_setenv(const char *name, const char *value, int overwrite)
{
	if (name == NULL || name[0] == '\0' || strchr(name, '=') != NULL) {
		errno = EINVAL;
		return -1;
	}
	if (!overwrite && getenv(name) != NULL)
		return 0;
	errno = _putenv_s(name, value);
	return errno == 0 ? 0 : -1;
}

/* POSIX gives multiplier, increment, the seed's lower half and what an unseeded process starts from is its own affair. */
static unsigned long long rand48_state = 0x330e;

unsigned long long
wdpdk_posix_rand48(void)
{
	const unsigned long long mask = (1ULL << 48) - 1;
	unsigned long long next, state = __atomic_load_n(&rand48_state, __ATOMIC_RELAXED);

	do
		next = (state * 0x5deece66dULL + 0xb) & mask;
	while (!__atomic_compare_exchange_n(&rand48_state, &state, next, 1, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return next;
}

void
wdpdk_posix_srand48(long seed)
{
	__atomic_store_n(&rand48_state, (unsigned long long)(uint32_t)seed << 16 | 0x330e, __ATOMIC_RELAXED);
}

static struct timeval
duration(const FILETIME *units_of_100_ns)
{
	const uint64_t units = (uint64_t)units_of_100_ns->dwHighDateTime << 32 | units_of_100_ns->dwLowDateTime;

	return (struct timeval){.tv_sec = (long)(units / 10000000), .tv_usec = (long)(units % 10000000 / 10)};
}

int
wdpdk_posix_getrusage(int who, struct rusage *usage)
{
	FILETIME created, exited, kernel, user;
	BOOL found;

	if (who == RUSAGE_SELF)
		found = GetProcessTimes(GetCurrentProcess(), &created, &exited, &kernel, &user);
	else if (who == RUSAGE_THREAD)
		found = GetThreadTimes(GetCurrentThread(), &created, &exited, &kernel, &user);
	else
		found = FALSE;
	if (!found) {
		errno = EINVAL;
		return -1;
	}
	usage->ru_utime = duration(&user);
	usage->ru_stime = duration(&kernel);
	return 0;
}
