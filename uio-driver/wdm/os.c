/* SPDX-License-Identifier: BSD-3-Clause
 *
 * core/os.h for the Windows kernel, but for requests (requests.c) and memory (pool.c).
 */
#include <stdarg.h>

#include "shell.h"

void
uio_mutex_init(struct uio_mutex *mutex)
{
	KeInitializeEvent(&mutex->event, SynchronizationEvent, TRUE);
}

void
uio_mutex_destroy(struct uio_mutex *mutex)
{
	(void)mutex;
}

void
uio_mutex_lock(struct uio_mutex *mutex)
{
	KeEnterCriticalRegion();
	KeWaitForSingleObject(&mutex->event, Executive, KernelMode, FALSE, NULL);
}

void
uio_mutex_unlock(struct uio_mutex *mutex)
{
	KeSetEvent(&mutex->event, IO_NO_INCREMENT, FALSE);
	KeLeaveCriticalRegion();
}

void
uio_spin_init(struct uio_spin *spin)
{
	KeInitializeSpinLock(&spin->lock);
}

void
uio_spin_destroy(struct uio_spin *spin)
{
	(void)spin;
}

uint8_t
uio_spin_lock(struct uio_spin *spin)
{
	KIRQL level;

	KeAcquireSpinLock(&spin->lock, &level);
	return level;
}

void
uio_spin_unlock(struct uio_spin *spin, uint8_t level)
{
	KeReleaseSpinLock(&spin->lock, level);
}

void
uio_event_init(struct uio_event *event)
{
	KeInitializeEvent(&event->event, NotificationEvent, FALSE);
}

void
uio_event_destroy(struct uio_event *event)
{
	(void)event;
}

void
uio_event_set(struct uio_event *event)
{
	KeSetEvent(&event->event, IO_NO_INCREMENT, FALSE);
}

void
uio_event_clear(struct uio_event *event)
{
	KeClearEvent(&event->event);
}

/* Relative, in units of 100 ns. */
static LARGE_INTEGER
interval(uint32_t milliseconds)
{
	return (LARGE_INTEGER){ .QuadPart = -10000 * (LONGLONG)milliseconds };
}

bool
uio_event_wait(struct uio_event *event, uint32_t milliseconds)
{
	LARGE_INTEGER time = interval(milliseconds);

	return KeWaitForSingleObject(&event->event, Executive, KernelMode, FALSE, &time) == STATUS_SUCCESS;
}

void
uio_os_sleep(uint32_t milliseconds)
{
	LARGE_INTEGER time = interval(milliseconds);

	KeDelayExecutionThread(KernelMode, FALSE, &time);
}

uint64_t
uio_os_microseconds(void)
{
	LARGE_INTEGER frequency, now = KeQueryPerformanceCounter(&frequency);
	uint64_t rate = (uint64_t)frequency.QuadPart, ticks = (uint64_t)now.QuadPart;

	/* In two parts: ticks * 1000000 overflows after some weeks at a rate of GHz. */
	return ticks / rate * 1000000 + ticks % rate * 1000000 / rate;
}

struct uio_process *
uio_os_process(void)
{
	return (struct uio_process *)PsGetCurrentProcess();
}

void
uio_os_process_reference(struct uio_process *process)
{
	ObReferenceObject(process);
}

void
uio_os_process_release(struct uio_process *process)
{
	ObDereferenceObject(process);
}

uint64_t
uio_os_process_id(struct uio_process *process)
{
	return (uint64_t)(ULONG_PTR)PsGetProcessId((PEPROCESS)process);
}

void
uio_os_attach(struct uio_process *process, struct uio_attach *attach)
{
	KeStackAttachProcess((PKPROCESS)process, &attach->state);
}

void
uio_os_detach(struct uio_attach *attach)
{
	KeUnstackDetachProcess(&attach->state);
}

void
uio_os_stay(void)
{
	/* Without an unload routine the I/O manager keeps a driver until the system goes down. */
	uio_shell_object->DriverUnload = NULL;
}

void
uio_os_log(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vDbgPrintExWithPrefix("wdpdkuio: ", DPFLTR_IHVNETWORK_ID, DPFLTR_INFO_LEVEL, format, arguments);
	va_end(arguments);
}
