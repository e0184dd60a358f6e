/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Windows: what include/pthread.h declares, over Windows threads, slim locks and condition variables.
 */
#include <errno.h>
#include <process.h>
#include <stdbool.h>
#include <stdlib.h>
#include <windows.h>

#include <pthread.h>

#include <wdpdk_compiler.h>

#include "eal_os_cpus.h"

_Static_assert(sizeof(SRWLOCK) == sizeof(pthread_mutex_t), "a mutex is a slim lock");
_Static_assert(sizeof(CONDITION_VARIABLE) == sizeof(pthread_cond_t), "a condition is a condition variable");

/* A thread made here. Two owners: the thread itself and who joins or detaches it. The last one frees it. */
struct thread {
	HANDLE handle;
	void *(*start)(void *);
	void *arg;
	void *value;
	long owners;
};

static WDPDK_TLS struct thread *self;

/* Other threads (main, foreign ones) are named by their id; a record's address is even. */
#define BY_ID(id) (((pthread_t)(id) << 1) | 1)
#define IS_BY_ID(t) (((t) & 1) != 0)
#define ID_OF(t) ((DWORD)((t) >> 1))

static void
disown(struct thread *t)
{
	if (InterlockedDecrement(&t->owners) == 0) {
		CloseHandle(t->handle);
		free(t);
	}
}

static unsigned int __stdcall
thread_main(void *arg)
{
	struct thread *t = arg;

	self = t;
	t->value = t->start(t->arg);
	disown(t);
	return 0;
}

int
wdpdk_thread_create(pthread_t *thread, void *(*start)(void *), void *arg)
{
	struct thread *t = calloc(1, sizeof(*t));
	uintptr_t handle;

	if (t == NULL)
		return ENOMEM;
	t->start = start;
	t->arg = arg;
	t->owners = 2;
	/* Suspended, so that the record is complete before the thread reads it. */
	handle = _beginthreadex(NULL, 0, thread_main, t, CREATE_SUSPENDED, NULL);
	if (handle == 0) {
		free(t);
		return EAGAIN;
	}
	t->handle = (HANDLE)handle;
	*thread = (pthread_t)t;
	ResumeThread(t->handle);
	return 0;
}

int
wdpdk_thread_join(pthread_t thread, void **value)
{
	struct thread *t = (struct thread *)thread;

	if (thread == 0 || IS_BY_ID(thread))
		return EINVAL;
	if (t == self)
		return EDEADLK;
	if (WaitForSingleObject(t->handle, INFINITE) != WAIT_OBJECT_0)
		return ESRCH;
	if (value != NULL)
		*value = t->value;
	disown(t);
	return 0;
}

int
wdpdk_thread_detach(pthread_t thread)
{
	if (thread == 0 || IS_BY_ID(thread))
		return EINVAL;
	disown((struct thread *)thread);
	return 0;
}

pthread_t
wdpdk_thread_self(void)
{
	return self != NULL ? (pthread_t)self : BY_ID(GetCurrentThreadId());
}

/* A handle to use and whether it must be closed. */
static HANDLE
open_thread(pthread_t thread, DWORD access, bool *close)
{
	*close = false;
	if (thread == 0)
		return NULL;
	if (!IS_BY_ID(thread))
		return ((struct thread *)thread)->handle;
	if (ID_OF(thread) == GetCurrentThreadId())
		return GetCurrentThread();
	*close = true;
	return OpenThread(access, FALSE, ID_OF(thread));
}

int
wdpdk_thread_set_affinity(pthread_t thread, const rte_cpuset_t *set)
{
	const struct eal_cpu_group wanted = eal_cpus_to_group(eal_os_cpus(), set);
	GROUP_AFFINITY affinity = { .Group = wanted.group, .Mask = (KAFFINITY)wanted.mask };
	bool close;
	HANDLE handle;
	int err = 0;

	if (wanted.mask == 0)
		return EINVAL;
	handle = open_thread(thread, THREAD_SET_INFORMATION | THREAD_QUERY_INFORMATION, &close);
	if (handle == NULL)
		return ESRCH;
	if (!SetThreadGroupAffinity(handle, &affinity, NULL))
		err = EINVAL;
	if (close)
		CloseHandle(handle);
	return err;
}

int
wdpdk_thread_get_affinity(pthread_t thread, rte_cpuset_t *set)
{
	GROUP_AFFINITY affinity = { 0 };
	bool close;
	HANDLE handle = open_thread(thread, THREAD_QUERY_INFORMATION, &close);
	int err = 0;

	CPU_ZERO(set);
	if (handle == NULL)
		return ESRCH;
	if (GetThreadGroupAffinity(handle, &affinity))
		eal_cpus_from_group(eal_os_cpus(), &(struct eal_cpu_group){ .group = affinity.Group, .mask = affinity.Mask }, set);
	else
		err = EINVAL;
	if (close)
		CloseHandle(handle);
	return err;
}

int
wdpdk_thread_set_name(pthread_t thread, const char *name)
{
	typedef HRESULT (WINAPI *set_description)(HANDLE thread, PCWSTR description);
	/* Windows 10 1607 and later; not in every import library. */
	set_description set =
		(set_description)(void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "SetThreadDescription");
	WCHAR wide[64];
	bool close;
	HANDLE handle;
	HRESULT result;

	if (set == NULL)
		return ENOTSUP;
	if (MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, 64) == 0)
		return EINVAL;
	handle = open_thread(thread, THREAD_SET_LIMITED_INFORMATION, &close);
	if (handle == NULL)
		return ESRCH;
	result = set(handle, wide);
	if (close)
		CloseHandle(handle);
	return SUCCEEDED(result) ? 0 : EINVAL;
}

int
wdpdk_mutex_lock(pthread_mutex_t *mutex)
{
	AcquireSRWLockExclusive((SRWLOCK *)mutex);
	return 0;
}

int
wdpdk_mutex_trylock(pthread_mutex_t *mutex)
{
	return TryAcquireSRWLockExclusive((SRWLOCK *)mutex) ? 0 : EBUSY;
}

int
wdpdk_mutex_unlock(pthread_mutex_t *mutex)
{
	ReleaseSRWLockExclusive((SRWLOCK *)mutex);
	return 0;
}

int
wdpdk_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	return SleepConditionVariableSRW((CONDITION_VARIABLE *)cond, (SRWLOCK *)mutex, INFINITE, 0) ? 0 : EINVAL;
}

int
wdpdk_cond_signal(pthread_cond_t *cond)
{
	WakeConditionVariable((CONDITION_VARIABLE *)cond);
	return 0;
}

int
wdpdk_cond_broadcast(pthread_cond_t *cond)
{
	WakeAllConditionVariable((CONDITION_VARIABLE *)cond);
	return 0;
}

unsigned long
wdpdk_thread_id(pthread_t thread)
{
	if (thread == 0)
		return 0;
	return IS_BY_ID(thread) ? ID_OF(thread) : GetThreadId(((struct thread *)thread)->handle);
}

/* Fiber-local storage is thread-local where there are no fibers, and knows destructors. */
int
wdpdk_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	DWORD index = FlsAlloc((PFLS_CALLBACK_FUNCTION)(void *)destructor);

	if (index == FLS_OUT_OF_INDEXES)
		return EAGAIN;
	*key = index;
	return 0;
}

int
wdpdk_key_delete(pthread_key_t key)
{
	return FlsFree(key) ? 0 : EINVAL;
}

int
wdpdk_setspecific(pthread_key_t key, const void *value)
{
	return FlsSetValue(key, (void *)(uintptr_t)value) ? 0 : EINVAL;
}

void *
wdpdk_getspecific(pthread_key_t key)
{
	return FlsGetValue(key);
}
