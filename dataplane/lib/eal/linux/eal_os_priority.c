/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: priorities and names of threads.
 */
#include <errno.h>
#include <sched.h>

#include "../common/eal_thread_private.h"

int
eal_os_priority_check(enum rte_thread_priority priority)
{
	switch (priority) {
	case RTE_THREAD_PRIORITY_NORMAL:
		return 0;
	case RTE_THREAD_PRIORITY_REALTIME_CRITICAL:
		return ENOTSUP;
	}
	return EINVAL;
}

int
eal_os_priority_set(pthread_t thread, enum rte_thread_priority priority)
{
	struct sched_param none = { 0 };
	int err = eal_os_priority_check(priority);

	return err != 0 ? err : pthread_setschedparam(thread, SCHED_OTHER, &none);
}

int
eal_os_priority_get(pthread_t thread, enum rte_thread_priority *priority)
{
	struct sched_param param;
	int policy, err = pthread_getschedparam(thread, &policy, &param);

	if (err != 0)
		return err;
	if (policy != SCHED_OTHER && policy != SCHED_RR && policy != SCHED_FIFO)
		return ENOTSUP;
	*priority = policy == SCHED_OTHER ? RTE_THREAD_PRIORITY_NORMAL : RTE_THREAD_PRIORITY_REALTIME_CRITICAL;
	return 0;
}

int
eal_os_thread_get_name(pthread_t thread, char *name, size_t len)
{
	return pthread_getname_np(thread, name, len);
}
