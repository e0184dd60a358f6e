/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Threads other than workers: rte_thread_* and control threads.
 */
#include <errno.h>
#include <stdlib.h>

#include <rte_lcore.h>
#include <rte_thread.h>

#include "eal_private.h"

/* What a new thread does first, before the function it is for. Freed by the new thread. */
struct start {
	rte_cpuset_t cpus; /* empty: inherit */
	rte_thread_func func;
	void *(*posix_func)(void *);
	void *arg;
};

static void *
thread_main(void *arg)
{
	struct start start = *(struct start *)arg;

	free(arg);
	if (CPU_COUNT(&start.cpus) != 0)
		rte_thread_set_affinity(&start.cpus);
	if (start.posix_func != NULL)
		return start.posix_func(start.arg);
	return (void *)(uintptr_t)start.func(start.arg);
}

static int
start_thread(pthread_t *thread, const pthread_attr_t *attr, const struct start *wanted)
{
	struct start *start = malloc(sizeof(*start));
	int err;

	if (start == NULL)
		return ENOMEM;
	*start = *wanted;
	err = pthread_create(thread, attr, thread_main, start);
	if (err != 0)
		free(start);
	return err;
}

int
rte_thread_create(rte_thread_t *thread_id, const rte_thread_attr_t *attr, rte_thread_func func, void *arg)
{
	struct start start = { .func = func, .arg = arg };
	pthread_t thread;
	int err;

	if (thread_id == NULL || func == NULL)
		return EINVAL;
	CPU_ZERO(&start.cpus);
	if (attr != NULL) {
		if (attr->priority != RTE_THREAD_PRIORITY_NORMAL)
			return ENOTSUP;
		start.cpus = attr->cpuset;
	}
	err = start_thread(&thread, NULL, &start);
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
rte_ctrl_thread_create(pthread_t *thread, const char *name, const pthread_attr_t *attr, void *(*start_routine)(void *),
	void *arg)
{
	struct start start = { .cpus = eal_control_cpus, .posix_func = start_routine, .arg = arg };
	int err;

	if (thread == NULL || start_routine == NULL)
		return -EINVAL;
	err = start_thread(thread, attr, &start);
	if (err == 0 && name != NULL)
		eal_os_thread_set_name(*thread, name);
	return -err;
}
