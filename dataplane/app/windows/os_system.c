/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include <bcrypt.h>

#include "os_system.h"

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 2
#endif

int
os_random(void *bytes, size_t length)
{
	return BCryptGenRandom(NULL, bytes, (ULONG)length, BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0 ? 0 : -1;
}

uint32_t
os_pid(void)
{
	return GetCurrentProcessId();
}

uint64_t
os_monotonic_ns(void)
{
	static LARGE_INTEGER frequency;
	LARGE_INTEGER now;

	if (frequency.QuadPart == 0)
		QueryPerformanceFrequency(&frequency);
	QueryPerformanceCounter(&now);
	return (uint64_t)(now.QuadPart / frequency.QuadPart) * UINT64_C(1000000000) +
		(uint64_t)(now.QuadPart % frequency.QuadPart) * UINT64_C(1000000000) / (uint64_t)frequency.QuadPart;
}

struct os_thread {
	HANDLE handle;
	void *(*run)(void *);
	void *argument;
};

static DWORD WINAPI
thread_main(void *context)
{
	struct os_thread *thread = context;

	thread->run(thread->argument);
	return 0;
}

struct os_thread *
os_thread_start(const char *name, void *(*run)(void *), void *argument)
{
	struct os_thread *thread = calloc(1, sizeof(*thread));

	(void)name;
	if (thread == NULL)
		return NULL;
	thread->run = run;
	thread->argument = argument;
	thread->handle = CreateThread(NULL, 0, thread_main, thread, 0, NULL);
	if (thread->handle == NULL) {
		free(thread);
		return NULL;
	}
	return thread;
}

void
os_thread_join(struct os_thread *thread)
{
	if (thread == NULL)
		return;
	WaitForSingleObject(thread->handle, INFINITE);
	CloseHandle(thread->handle);
	free(thread);
}

struct os_sleeper {
	HANDLE event;
	HANDLE timer;	/* waits below a millisecond; NULL where the system has none */
};

struct os_sleeper *
os_sleeper_create(void)
{
	struct os_sleeper *sleeper = calloc(1, sizeof(*sleeper));

	if (sleeper == NULL)
		return NULL;
	sleeper->event = CreateEventW(NULL, FALSE, FALSE, NULL);
	sleeper->timer = CreateWaitableTimerExW(NULL, NULL, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, TIMER_ALL_ACCESS);
	if (sleeper->event == NULL) {
		free(sleeper);
		return NULL;
	}
	return sleeper;
}

void
os_sleeper_destroy(struct os_sleeper *sleeper)
{
	if (sleeper == NULL)
		return;
	CloseHandle(sleeper->event);
	if (sleeper->timer != NULL)
		CloseHandle(sleeper->timer);
	free(sleeper);
}

void
os_sleeper_post(struct os_sleeper *sleeper)
{
	SetEvent(sleeper->event);
}

void
os_sleeper_wait(struct os_sleeper *sleeper, uint64_t timeout_us)
{
	LARGE_INTEGER due;
	HANDLE both[2] = { sleeper->event, sleeper->timer };

	if (timeout_us == UINT64_MAX) {
		WaitForSingleObject(sleeper->event, INFINITE);
		return;
	}
	due.QuadPart = -(LONGLONG)(timeout_us * 10);
	if (sleeper->timer != NULL && SetWaitableTimer(sleeper->timer, &due, 0, NULL, NULL, FALSE))
		WaitForMultipleObjects(2, both, FALSE, INFINITE);
	else
		WaitForSingleObject(sleeper->event, (DWORD)(timeout_us / 1000 + 1));
}

struct os_process {
	HANDLE handle;
};

struct os_process *
os_process_watch(uint32_t pid)
{
	struct os_process *process = calloc(1, sizeof(*process));

	if (process == NULL)
		return NULL;
	process->handle = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid);
	if (process->handle == NULL) {
		free(process);
		return NULL;
	}
	return process;
}

bool
os_process_alive(struct os_process *process)
{
	return WaitForSingleObject(process->handle, 0) != WAIT_OBJECT_0;
}

void
os_process_unwatch(struct os_process *process)
{
	if (process == NULL)
		return;
	CloseHandle(process->handle);
	free(process);
}
