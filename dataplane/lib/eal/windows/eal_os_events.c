/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: the event thread waits for event objects, 63 and one that ends the wait.
 */
#include <errno.h>
#include <windows.h>

#include <pthread.h>

#include <rte_common.h>

#include "../common/eal_events.h"
#include "../common/eal_interrupts_private.h"

#define SOURCES_MAX (MAXIMUM_WAIT_OBJECTS - 1)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static HANDLE wake;
static HANDLE sources[SOURCES_MAX];
static unsigned int used;

int
eal_os_events_open(void)
{
	used = 0;
	wake = CreateEventA(NULL, FALSE, FALSE, NULL);
	return wake != NULL ? 0 : -ENOMEM;
}

void
eal_os_events_close(void)
{
	CloseHandle(wake);
	wake = NULL;
}

void
eal_os_events_wake(void)
{
	SetEvent(wake);
}

int
eal_os_events_add(eal_event_source source)
{
	int ret = 0;

	/* A handle that cannot be waited for would fail every wait. */
	if (WaitForSingleObject((HANDLE)source, 0) == WAIT_FAILED)
		return -EINVAL;
	pthread_mutex_lock(&lock);
	if (used == SOURCES_MAX)
		ret = -ENOSPC;
	else
		sources[used++] = (HANDLE)source;
	pthread_mutex_unlock(&lock);
	eal_os_events_wake();
	return ret;
}

void
eal_os_events_remove(eal_event_source source)
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < used; i++)
		if (sources[i] == (HANDLE)source) {
			sources[i] = sources[--used];
			break;
		}
	pthread_mutex_unlock(&lock);
	eal_os_events_wake();
}

unsigned int
eal_os_events_wait(uint64_t ns, eal_event_source *ready, unsigned int max)
{
	HANDLE all[MAXIMUM_WAIT_OBJECTS];
	DWORD ms = INFINITE, got;
	unsigned int i, n = 0, n_ready;

	if (ns != UINT64_MAX)
		ms = (DWORD)RTE_MIN((ns + 999999) / 1000000, (uint64_t)INFINITE - 1);
	all[n++] = wake;
	pthread_mutex_lock(&lock);
	for (i = 0; i < used; i++)
		all[n++] = sources[i];
	pthread_mutex_unlock(&lock);
	got = WaitForMultipleObjects(n, all, FALSE, ms);
	if (got == WAIT_FAILED)
		Sleep(1); /* a handle was closed before it was unregistered */
	if (got >= WAIT_OBJECT_0 + n)
		return 0;
	/* The first only is reported: ask the ones behind it, or they would starve. The wake is number 0. */
	for (i = got - WAIT_OBJECT_0, n_ready = 0; i < n && n_ready < max; i++)
		if (i > 0 && (i == got - WAIT_OBJECT_0 || WaitForSingleObject(all[i], 0) == WAIT_OBJECT_0))
			ready[n_ready++] = (eal_event_source)all[i];
	return n_ready;
}

int
eal_os_events_consume(eal_event_source source, unsigned int len)
{
	/* One that resets itself did so in the wait; the other kind is reset before the callbacks look. */
	if (len != 0)
		ResetEvent((HANDLE)source);
	return 1;
}

int
eal_os_uio_switch(int fd, int32_t on)
{
	RTE_SET_USED(fd);
	RTE_SET_USED(on);
	return -ENOTSUP;
}

int
eal_os_vfio_switch(const struct rte_intr_handle *handle, bool on)
{
	RTE_SET_USED(handle);
	RTE_SET_USED(on);
	return -ENOTSUP;
}

int
eal_os_vfio_unmask(const struct rte_intr_handle *handle)
{
	RTE_SET_USED(handle);
	return -ENOTSUP;
}

int
eal_os_intx_switch(int config_fd, bool on)
{
	RTE_SET_USED(config_fd);
	RTE_SET_USED(on);
	return -ENOTSUP;
}

bool
eal_intr_has_source(const struct rte_intr_handle *handle)
{
	return handle != NULL && eal_intr_source(handle) != 0 && eal_intr_source(handle) != -1;
}

eal_event_source
eal_intr_source(const struct rte_intr_handle *handle)
{
	return (eal_event_source)rte_intr_instance_windows_handle_get((struct rte_intr_handle *)(uintptr_t)handle);
}
