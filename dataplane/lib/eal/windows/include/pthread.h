/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The part of pthreads that DPDK's API and programs name, over Windows threads. Shadows the toolchain's winpthreads
 * header so that nothing links against that library. Does not include windows.h. Return values are errno numbers, as
 * in POSIX.
 */
#ifndef _PTHREAD_H_
#define _PTHREAD_H_

#include <stddef.h>
#include <stdint.h>
#include <sched.h>

/*
 * Opaque: a thread's record (freed by join or detach); for threads this shim did not create, made from the thread's
 * id.
 */
typedef uintptr_t pthread_t;
/* Attributes are accepted as NULL only. */
typedef void *pthread_attr_t;
typedef void *pthread_mutexattr_t;
/* A slim reader/writer lock, held exclusively: not recursive. */
typedef struct {
	void *lock;
} pthread_mutex_t;
#define PTHREAD_MUTEX_INITIALIZER { NULL }
/* A condition variable, for use with such a mutex. */
typedef void *pthread_condattr_t;
typedef struct {
	void *condition;
} pthread_cond_t;
#define PTHREAD_COND_INITIALIZER { NULL }

int wdpdk_thread_create(pthread_t *thread, void *(*start)(void *), void *arg);
int wdpdk_thread_join(pthread_t thread, void **value);
int wdpdk_thread_detach(pthread_t thread);
pthread_t wdpdk_thread_self(void);
int wdpdk_thread_set_affinity(pthread_t thread, const rte_cpuset_t *set);
int wdpdk_thread_get_affinity(pthread_t thread, rte_cpuset_t *set);
int wdpdk_thread_set_name(pthread_t thread, const char *name);
int wdpdk_mutex_lock(pthread_mutex_t *mutex);
int wdpdk_mutex_trylock(pthread_mutex_t *mutex);
int wdpdk_mutex_unlock(pthread_mutex_t *mutex);
int wdpdk_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex);
int wdpdk_cond_signal(pthread_cond_t *cond);
int wdpdk_cond_broadcast(pthread_cond_t *cond);
/* A value of each thread; the destructor is called at a thread's end and, unlike POSIX's, at the key's. */
typedef unsigned long pthread_key_t;
int wdpdk_key_create(pthread_key_t *key, void (*destructor)(void *));
int wdpdk_key_delete(pthread_key_t key);
int wdpdk_setspecific(pthread_key_t key, const void *value);
void *wdpdk_getspecific(pthread_key_t key);
/* The system's number of a thread, 0 when there is none. */
unsigned long wdpdk_thread_id(pthread_t thread);

static inline int
pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
	return attr != NULL ? 129 /* ENOTSUP */ : wdpdk_thread_create(thread, start, arg);
}

static inline int
pthread_join(pthread_t thread, void **value)
{
	return wdpdk_thread_join(thread, value);
}

static inline int
pthread_detach(pthread_t thread)
{
	return wdpdk_thread_detach(thread);
}

static inline pthread_t
pthread_self(void)
{
	return wdpdk_thread_self();
}

static inline int
pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

static inline int
pthread_setaffinity_np(pthread_t thread, size_t size, const rte_cpuset_t *set)
{
	return size < sizeof(*set) ? 22 /* EINVAL */ : wdpdk_thread_set_affinity(thread, set);
}

static inline int
pthread_getaffinity_np(pthread_t thread, size_t size, rte_cpuset_t *set)
{
	return size < sizeof(*set) ? 22 /* EINVAL */ : wdpdk_thread_get_affinity(thread, set);
}

static inline int
pthread_setname_np(pthread_t thread, const char *name)
{
	return wdpdk_thread_set_name(thread, name);
}

static inline int
pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr)
{
	mutex->lock = NULL;
	return attr != NULL ? 129 /* ENOTSUP */ : 0;
}

static inline int
pthread_mutex_lock(pthread_mutex_t *mutex)
{
	return wdpdk_mutex_lock(mutex);
}

static inline int
pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	return wdpdk_mutex_trylock(mutex);
}

static inline int
pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	return wdpdk_mutex_unlock(mutex);
}

static inline int
pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	(void)mutex;
	return 0;
}

static inline int
pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr)
{
	cond->condition = NULL;
	return attr != NULL ? 129 /* ENOTSUP */ : 0;
}

static inline int
pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	return wdpdk_cond_wait(cond, mutex);
}

static inline int
pthread_cond_signal(pthread_cond_t *cond)
{
	return wdpdk_cond_signal(cond);
}

static inline int
pthread_cond_broadcast(pthread_cond_t *cond)
{
	return wdpdk_cond_broadcast(cond);
}

static inline int
pthread_cond_destroy(pthread_cond_t *cond)
{
	(void)cond;
	return 0;
}

static inline int
pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	return wdpdk_key_create(key, destructor);
}

static inline int
pthread_key_delete(pthread_key_t key)
{
	return wdpdk_key_delete(key);
}

static inline int
pthread_setspecific(pthread_key_t key, const void *value)
{
	return wdpdk_setspecific(key, value);
}

static inline void *
pthread_getspecific(pthread_key_t key)
{
	return wdpdk_getspecific(key);
}

#endif
