/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Threads other than workers: rte_thread_* and control threads.
 */
#include <errno.h>
#include <stdlib.h>

#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_thread.h>

#include "eal_private.h"
#include "eal_thread_private.h"

/*
 * What a new thread does first, before the function it is for. It is on the stack of who starts the thread, and is
 * gone as soon as `done` is set: he waits for that, to say whether the thread could be made as it was wanted.
 */
struct start {
	rte_cpuset_t cpus; /* empty: inherit */
	enum rte_thread_priority priority;
	rte_thread_func func;
	void *(*posix_func)(void *);
	void *arg;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool done;
	int err;
};

static void *
thread_main(void *arg)
{
	struct start *wanted = arg;
	void *(*posix_func)(void *) = wanted->posix_func;
	rte_thread_func func = wanted->func;
	void *func_arg = wanted->arg;
	int err = 0;

	if (CPU_COUNT(&wanted->cpus) != 0)
		err = rte_thread_set_affinity_by_id(rte_thread_self(), &wanted->cpus);
	if (err == 0 && wanted->priority != RTE_THREAD_PRIORITY_NORMAL)
		err = rte_thread_set_priority(rte_thread_self(), wanted->priority);
	pthread_mutex_lock(&wanted->lock);
	wanted->err = err;
	wanted->done = true;
	pthread_cond_signal(&wanted->changed);
	pthread_mutex_unlock(&wanted->lock);
	if (err != 0)
		return NULL;
	return posix_func != NULL ? posix_func(func_arg) : (void *)(uintptr_t)func(func_arg);
}

static int
start_thread(pthread_t *thread, const pthread_attr_t *attr, struct start *wanted)
{
	int err;

	pthread_mutex_init(&wanted->lock, NULL);
	pthread_cond_init(&wanted->changed, NULL);
	err = pthread_create(thread, attr, thread_main, wanted);
	if (err == 0) {
		pthread_mutex_lock(&wanted->lock);
		while (!wanted->done)
			pthread_cond_wait(&wanted->changed, &wanted->lock);
		err = wanted->err;
		pthread_mutex_unlock(&wanted->lock);
		if (err != 0)
			pthread_join(*thread, NULL);
	}
	pthread_cond_destroy(&wanted->changed);
	pthread_mutex_destroy(&wanted->lock);
	return err;
}

int
rte_thread_create(rte_thread_t *thread_id, const rte_thread_attr_t *attr, rte_thread_func func, void *arg)
{
	struct start wanted = { .func = func, .arg = arg };
	pthread_t thread;
	int err;

	if (thread_id == NULL || func == NULL)
		return EINVAL;
	CPU_ZERO(&wanted.cpus);
	if (attr != NULL) {
		wanted.cpus = attr->cpuset;
		wanted.priority = attr->priority;
		err = eal_os_priority_check(attr->priority);
		if (err != 0)
			return err;
	}
	err = start_thread(&thread, NULL, &wanted);
	if (err == 0)
		thread_id->opaque_id = (uintptr_t)thread;
	return err;
}

int
rte_thread_join(rte_thread_t thread_id, uint32_t *value_ptr)
{
	void *value;
	int err = pthread_join((pthread_t)thread_id.opaque_id, &value);

	if (err == 0 && value_ptr != NULL)
		*value_ptr = (uint32_t)(uintptr_t)value;
	return err;
}

int
rte_thread_detach(rte_thread_t thread_id)
{
	return pthread_detach((pthread_t)thread_id.opaque_id);
}

rte_thread_t
rte_thread_self(void)
{
	rte_thread_t self = { .opaque_id = (uintptr_t)pthread_self() };

	return self;
}

int
rte_thread_equal(rte_thread_t t1, rte_thread_t t2)
{
	return pthread_equal((pthread_t)t1.opaque_id, (pthread_t)t2.opaque_id);
}

int
rte_thread_attr_init(rte_thread_attr_t *attr)
{
	if (attr == NULL)
		return EINVAL;
	CPU_ZERO(&attr->cpuset);
	attr->priority = RTE_THREAD_PRIORITY_NORMAL;
	return 0;
}

int
rte_thread_attr_set_priority(rte_thread_attr_t *attr, enum rte_thread_priority priority)
{
	if (attr == NULL)
		return EINVAL;
	attr->priority = priority;
	return 0;
}

int
rte_thread_attr_set_affinity(rte_thread_attr_t *attr, rte_cpuset_t *cpuset)
{
	if (attr == NULL || cpuset == NULL)
		return EINVAL;
	attr->cpuset = *cpuset;
	return 0;
}

int
rte_thread_attr_get_affinity(rte_thread_attr_t *attr, rte_cpuset_t *cpuset)
{
	if (attr == NULL || cpuset == NULL)
		return EINVAL;
	*cpuset = attr->cpuset;
	return 0;
}

int
rte_thread_set_affinity_by_id(rte_thread_t thread_id, const rte_cpuset_t *cpuset)
{
	return cpuset == NULL ? EINVAL : pthread_setaffinity_np((pthread_t)thread_id.opaque_id, sizeof(*cpuset), cpuset);
}

int
rte_thread_get_affinity_by_id(rte_thread_t thread_id, rte_cpuset_t *cpuset)
{
	return cpuset == NULL ? EINVAL : pthread_getaffinity_np((pthread_t)thread_id.opaque_id, sizeof(*cpuset), cpuset);
}

int
rte_thread_set_affinity(rte_cpuset_t *cpuset)
{
	return rte_thread_set_affinity_by_id(rte_thread_self(), cpuset) == 0 ? 0 : -1;
}

void
rte_thread_get_affinity(rte_cpuset_t *cpuset)
{
	CPU_ZERO(cpuset);
	rte_thread_get_affinity_by_id(rte_thread_self(), cpuset);
}

int
rte_thread_setname(pthread_t id, const char *name)
{
	return name == NULL ? -EINVAL : -eal_os_thread_set_name(id, name);
}

int
rte_thread_getname(pthread_t id, char *name, size_t len)
{
	return name == NULL || len == 0 ? -EINVAL : -eal_os_thread_get_name(id, name, len);
}

int
rte_thread_get_priority(rte_thread_t thread_id, enum rte_thread_priority *priority)
{
	return priority == NULL ? EINVAL : eal_os_priority_get((pthread_t)thread_id.opaque_id, priority);
}

int
rte_thread_set_priority(rte_thread_t thread_id, enum rte_thread_priority priority)
{
	int err = eal_os_priority_check(priority);

	return err != 0 ? err : eal_os_priority_set((pthread_t)thread_id.opaque_id, priority);
}

int
rte_ctrl_thread_create(pthread_t *thread, const char *name, const pthread_attr_t *attr, void *(*start_routine)(void *),
	void *arg)
{
	struct start wanted = { .cpus = eal_control_cpus, .posix_func = start_routine, .arg = arg };
	int err;

	if (thread == NULL || start_routine == NULL)
		return -EINVAL;
	err = start_thread(thread, attr, &wanted);
	if (err == 0 && name != NULL && eal_os_thread_set_name(*thread, name) != 0)
		RTE_LOG(DEBUG, EAL, "cannot name a control thread '%s'\n", name);
	return -err;
}

struct eal_tls_key {
	pthread_key_t key;
};

static int
fail(int err)
{
	rte_errno = err;
	return -1;
}

int
rte_thread_key_create(rte_thread_key *key, void (*destructor)(void *))
{
	struct eal_tls_key *made;

	if (key == NULL)
		return fail(EINVAL);
	made = malloc(sizeof(*made));
	if (made == NULL)
		return fail(ENOMEM);
	if (pthread_key_create(&made->key, destructor) != 0) {
		free(made);
		return fail(ENOEXEC);
	}
	*key = made;
	return 0;
}

int
rte_thread_key_delete(rte_thread_key key)
{
	if (key == NULL)
		return fail(EINVAL);
	if (pthread_key_delete(key->key) != 0)
		return fail(ENOEXEC);
	free(key);
	return 0;
}

int
rte_thread_value_set(rte_thread_key key, const void *value)
{
	if (key == NULL)
		return fail(EINVAL);
	return pthread_setspecific(key->key, value) == 0 ? 0 : fail(ENOEXEC);
}

void *
rte_thread_value_get(rte_thread_key key)
{
	if (key == NULL) {
		rte_errno = EINVAL;
		return NULL;
	}
	return pthread_getspecific(key->key);
}
