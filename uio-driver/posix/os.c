/* SPDX-License-Identifier: BSD-3-Clause
 *
 * core/os.h in user mode.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "posix.h"

struct uio_process {
	uint64_t id;
	long references;             /* atomic */
};

static unsigned int fail_in;         /* atomic */
static long allocations, processes;  /* atomic */
static unsigned int stays;           /* atomic */
static bool virtual_time;
static uint64_t virtual_now;
static _Thread_local struct uio_process *current;

void
posix_fail_allocation(unsigned int n)
{
	__atomic_store_n(&fail_in, n, __ATOMIC_SEQ_CST);
}

long
posix_allocations(void)
{
	return __atomic_load_n(&allocations, __ATOMIC_SEQ_CST);
}

long
posix_processes(void)
{
	return __atomic_load_n(&processes, __ATOMIC_SEQ_CST);
}

unsigned int
posix_stays(void)
{
	return __atomic_load_n(&stays, __ATOMIC_SEQ_CST);
}

void
posix_virtual_time(bool on)
{
	virtual_time = on;
}

/* One of the allocations from now on, counted down; true: this one fails. */
static bool
must_fail(void)
{
	unsigned int left = __atomic_load_n(&fail_in, __ATOMIC_SEQ_CST);

	while (left != 0 && !__atomic_compare_exchange_n(&fail_in, &left, left - 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	return left == 1;
}

void *
uio_os_alloc(size_t size)
{
	void *memory = must_fail() ? NULL : calloc(1, size);

	if (memory != NULL)
		__atomic_fetch_add(&allocations, 1, __ATOMIC_SEQ_CST);
	return memory;
}

void
uio_os_free(void *memory)
{
	if (memory == NULL)
		abort();
	__atomic_fetch_sub(&allocations, 1, __ATOMIC_SEQ_CST);
	free(memory);
}

void
uio_mutex_init(struct uio_mutex *mutex)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&mutex->mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

void
uio_mutex_destroy(struct uio_mutex *mutex)
{
	if (pthread_mutex_destroy(&mutex->mutex) != 0)
		abort();
}

void
uio_mutex_lock(struct uio_mutex *mutex)
{
	if (pthread_mutex_lock(&mutex->mutex) != 0)
		abort();
}

void
uio_mutex_unlock(struct uio_mutex *mutex)
{
	if (pthread_mutex_unlock(&mutex->mutex) != 0)
		abort();
}

void
uio_spin_init(struct uio_spin *spin)
{
	pthread_mutex_init(&spin->mutex, NULL);
}

void
uio_spin_destroy(struct uio_spin *spin)
{
	pthread_mutex_destroy(&spin->mutex);
}

uint8_t
uio_spin_lock(struct uio_spin *spin)
{
	pthread_mutex_lock(&spin->mutex);
	return 1;
}

void
uio_spin_unlock(struct uio_spin *spin, uint8_t level)
{
	if (level != 1)
		abort();
	pthread_mutex_unlock(&spin->mutex);
}

void
uio_event_init(struct uio_event *event)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&event->mutex, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&event->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	event->set = false;
}

void
uio_event_destroy(struct uio_event *event)
{
	pthread_cond_destroy(&event->changed);
	pthread_mutex_destroy(&event->mutex);
}

static void
set_event(struct uio_event *event, bool set)
{
	pthread_mutex_lock(&event->mutex);
	event->set = set;
	pthread_cond_broadcast(&event->changed);
	pthread_mutex_unlock(&event->mutex);
}

void
uio_event_set(struct uio_event *event)
{
	set_event(event, true);
}

void
uio_event_clear(struct uio_event *event)
{
	set_event(event, false);
}

bool
uio_event_wait(struct uio_event *event, uint32_t milliseconds)
{
	struct timespec end;
	bool set;

	if (virtual_time) {
		virtual_now += event->set ? 0 : milliseconds * 1000ull;
		return event->set;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += (long)(milliseconds % 1000) * 1000000;
	end.tv_sec += milliseconds / 1000 + end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	pthread_mutex_lock(&event->mutex);
	while (!event->set && pthread_cond_timedwait(&event->changed, &event->mutex, &end) != ETIMEDOUT)
		;
	set = event->set;
	pthread_mutex_unlock(&event->mutex);
	return set;
}

uint64_t
uio_os_microseconds(void)
{
	struct timespec now;

	if (virtual_time)
		return virtual_now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void
uio_os_sleep(uint32_t milliseconds)
{
	struct timespec time = { milliseconds / 1000, (long)(milliseconds % 1000) * 1000000 };

	if (virtual_time)
		virtual_now += milliseconds * 1000ull;
	else
		nanosleep(&time, NULL);
}

struct uio_process *
posix_process(uint64_t id)
{
	struct uio_process *process = calloc(1, sizeof(*process));

	if (process == NULL)
		abort();
	process->id = id;
	process->references = 1;
	__atomic_fetch_add(&processes, 1, __ATOMIC_SEQ_CST);
	return process;
}

void
posix_become(struct uio_process *process)
{
	current = process;
}

struct uio_process *
uio_os_process(void)
{
	return current;
}

void
uio_os_process_reference(struct uio_process *process)
{
	__atomic_fetch_add(&process->references, 1, __ATOMIC_SEQ_CST);
}

void
uio_os_process_release(struct uio_process *process)
{
	if (__atomic_sub_fetch(&process->references, 1, __ATOMIC_SEQ_CST) != 0)
		return;
	__atomic_fetch_sub(&processes, 1, __ATOMIC_SEQ_CST);
	free(process);
}

uint64_t
uio_os_process_id(struct uio_process *process)
{
	return process->id;
}

void
uio_os_attach(struct uio_process *process, struct uio_attach *attach)
{
	attach->before = current;
	current = process;
}

void
uio_os_detach(struct uio_attach *attach)
{
	current = attach->before;
}

void
uio_os_stay(void)
{
	__atomic_fetch_add(&stays, 1, __ATOMIC_SEQ_CST);
}

void
uio_os_log(const char *format, ...)
{
	(void)format;
}

/* ---- requests that wait ---- */

static void
finish(struct posix_request *request, int32_t status, const void *reply, uint32_t length)
{
	request->status = status;
	request->length = length;
	if (length > sizeof(request->reply))
		abort();
	if (length != 0)
		memcpy(request->reply, reply, length);
	__atomic_fetch_add(&request->completions, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&request->done, 1, __ATOMIC_SEQ_CST);
}

/* Whoever disarms has the request to himself: IoSetCancelRoutine(irp, NULL). */
static bool
disarm(struct posix_request *request)
{
	return __atomic_exchange_n(&request->armed, 0, __ATOMIC_SEQ_CST) == 1;
}

int32_t
uio_os_pend(void *pending)
{
	struct posix_request *request = pending;

	__atomic_store_n(&request->armed, 1, __ATOMIC_SEQ_CST);
	/* A cancel that came before found nothing to disarm. */
	if (__atomic_load_n(&request->cancelled, __ATOMIC_SEQ_CST) && disarm(request))
		return WDPDK_UIO_E_CANCELLED;
	return WDPDK_UIO_OK;
}

bool
uio_os_claim(void *pending)
{
	return disarm(pending);
}

void
uio_os_complete(void *pending, int32_t status, const void *reply, uint32_t length)
{
	finish(pending, status, reply, length);
}

void
posix_cancel(struct posix_request *request)
{
	__atomic_store_n(&request->cancelled, 1, __ATOMIC_SEQ_CST);
	if (!disarm(request))
		return;
	uio_cancel(request->handle, request);
	finish(request, WDPDK_UIO_E_CANCELLED, NULL, 0);
}

int32_t
posix_ioctl(struct uio_handle *handle, uint32_t code, void *buffer, uint32_t in, uint32_t out, uint32_t *returned,
	struct posix_request *request)
{
	int32_t status;

	request->handle = handle;
	status = uio_ioctl(handle, code, buffer, in, out, returned, request);
	if (status != WDPDK_UIO_PENDING)
		finish(request, status, buffer, *returned < sizeof(request->reply) ? *returned : 0);
	return status;
}

bool
posix_wait(struct posix_request *request, uint32_t milliseconds)
{
	struct timespec pause = { 0, 100000 };
	uint64_t start = uio_os_microseconds();

	while (!__atomic_load_n(&request->done, __ATOMIC_SEQ_CST)) {
		if (uio_os_microseconds() - start > milliseconds * 1000ull)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}
