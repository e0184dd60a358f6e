/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: the processor time that a process or thread has had. Windows has no limits of this kind, so there are none here.
 */
#ifndef _SYS_RESOURCE_H
#define _SYS_RESOURCE_H

#include <sys/time.h>

#define RUSAGE_SELF 0
#define RUSAGE_THREAD 1

struct rusage {
	struct timeval ru_utime;
	struct timeval ru_stime;
};

/* -1 with EINVAL for anything but the two above. */
int wdpdk_posix_getrusage(int who, struct rusage *usage);

static inline int
getrusage(int who, struct rusage *usage)
{
	return wdpdk_posix_getrusage(who, usage);
}

#endif
