/* SPDX-License-Identifier: BSD-3-Clause */
#include "engine_os.h"

#include <windows.h>

#include <limits.h>
#include <stdlib.h>

#define UNIX_EPOCH_IN_FILETIME 116444736000000000ull	/* 100 ns units from 1601 to 1970 */

struct engine_event { HANDLE semaphore; };

static void (*stop_callback)(const char *reason);
static LONG stops_seen;

uint64_t
engine_os_utc_ns(void)
{
	FILETIME now;

	GetSystemTimePreciseAsFileTime(&now);
	return (((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) - UNIX_EPOCH_IN_FILETIME) * 100;
}

uint64_t
engine_os_pid(void)
{
	return GetCurrentProcessId();
}

void
engine_os_yield(void)
{
	SwitchToThread();
}

struct engine_event *
engine_event_create(void)
{
	struct engine_event *event = calloc(1, sizeof(*event));

	if (event == NULL)
		return NULL;
	event->semaphore = CreateSemaphoreW(NULL, 0, INT_MAX, NULL);
	if (event->semaphore == NULL) {
		free(event);
		return NULL;
	}
	return event;
}

void
engine_event_destroy(struct engine_event *event)
{
	if (event != NULL)
		CloseHandle(event->semaphore);
	free(event);
}

void
engine_event_signal(struct engine_event *event)
{
	ReleaseSemaphore(event->semaphore, 1, NULL);
}

bool
engine_event_wait(struct engine_event *event, int ms)
{
	return WaitForSingleObject(event->semaphore, ms < 0 ? INFINITE : (DWORD)ms) == WAIT_OBJECT_0;
}

static BOOL WINAPI
handle(DWORD kind)
{
	if (InterlockedIncrement(&stops_seen) > 1)
		TerminateProcess(GetCurrentProcess(), 130);
	stop_callback(kind == CTRL_C_EVENT ? "Ctrl-C" : kind == CTRL_BREAK_EVENT ? "Ctrl-Break" :
		kind == CTRL_CLOSE_EVENT ? "console close" : "logoff or shutdown");
	/* After these three the system ends the process as soon as the handler returns: leave that to main. */
	if (kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT)
		Sleep(INFINITE);
	return TRUE;
}

void
engine_os_watch_stop(void (*stop)(const char *reason))
{
	stop_callback = stop;
	SetConsoleCtrlHandler(NULL, FALSE);	/* a parent may have told us to ignore Ctrl-C */
	SetConsoleCtrlHandler(handle, TRUE);
}
