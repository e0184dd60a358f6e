/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The operating system's part of threads. Functions give 0 or a positive errno.
 */
#ifndef EAL_THREAD_PRIVATE_H
#define EAL_THREAD_PRIVATE_H

#include <pthread.h>
#include <stddef.h>

#include <rte_thread.h>

/** EINVAL for what is no priority, ENOTSUP for one that threads cannot have here. */
int eal_os_priority_check(enum rte_thread_priority priority);
int eal_os_priority_set(pthread_t thread, enum rte_thread_priority priority);
int eal_os_priority_get(pthread_t thread, enum rte_thread_priority *priority);
int eal_os_thread_get_name(pthread_t thread, char *name, size_t len);

#endif
