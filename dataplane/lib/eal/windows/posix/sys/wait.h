/* SPDX-License-Identifier: BSD-3-Clause
 *
 * POSIX profile: waiting for a child that _spawnv(_P_NOWAIT, ...) started; its return value stands for the process id. There is no
 * fork(), no waiting for just any child, and a process is never stopped nor ended by a signal.
 */
#ifndef _SYS_WAIT_H
#define _SYS_WAIT_H

#include <errno.h>
#include <stdint.h>
#include <process.h>

#define WIFEXITED(status) ((void)(status), 1)
#define WEXITSTATUS(status) (status)
#define WIFSIGNALED(status) ((void)(status), 0)

static inline intptr_t
waitpid(intptr_t child, int *status, int options)
{
	if (options != 0 || child <= 0) {
		errno = EINVAL;
		return -1;
	}
	return _cwait(status, child, 0 /* ignored by Windows */);
}

#endif
