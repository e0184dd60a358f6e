/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How an instance is found: a run file that only this user can write names a pipe that nobody could have guessed and squatted.
 */
#ifndef APP_ENDPOINT_WINDOWS_H
#define APP_ENDPOINT_WINDOWS_H

#include <windows.h>

#include "os_error.h"

struct endpoint {
	HANDLE mutex;			/* the instance's name is taken while we hold it */
	wchar_t pipe[64];		/* \\.\pipe\wdpdk-<32 hex digits> */
	wchar_t run_file[MAX_PATH];
	SECURITY_ATTRIBUTES attributes;	/* of every instance of the pipe */
};

/* Takes the name, makes the pipe's first instance with `mode` flags and writes the run file. INVALID_HANDLE_VALUE with `error`. */
HANDLE endpoint_open(struct endpoint *endpoint, const char *instance, struct os_error *error);
/* One more instance for one more client. */
HANDLE endpoint_pipe(struct endpoint *endpoint, bool first);
void endpoint_remove_run_file(struct endpoint *endpoint);
void endpoint_close(struct endpoint *endpoint);

#endif
