/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Small services of the system: threads, time, randomness, processes.
 */
#ifndef APP_OS_SYSTEM_H
#define APP_OS_SYSTEM_H

#include <stddef.h>
#include <stdint.h>

#include "os_error.h"

/* Fills with unpredictable bytes. 0 or -1. */
int os_random(void *bytes, size_t length);
uint32_t os_pid(void);
/* Nanoseconds since some fixed moment. */
uint64_t os_monotonic_ns(void);

/* One thread, joined once. NULL: it could not be made. */
struct os_thread;
struct os_thread *os_thread_start(const char *name, void *(*run)(void *), void *argument);
void os_thread_join(struct os_thread *thread);

/* A sleeping place for one thread. post is for any thread, remembers one call and is cheap when nobody sleeps. */
struct os_sleeper;
struct os_sleeper *os_sleeper_create(void);
void os_sleeper_destroy(struct os_sleeper *sleeper);
void os_sleeper_post(struct os_sleeper *sleeper);
/* Returns after a post, or after about timeout_us (UINT64_MAX: only after a post). */
void os_sleeper_wait(struct os_sleeper *sleeper, uint64_t timeout_us);

/* A process, told apart from a later one of the same number. NULL: it cannot be watched (the channel remains the authority). */
struct os_process;
struct os_process *os_process_watch(uint32_t pid);
/* False only when it has certainly ended. */
bool os_process_alive(struct os_process *process);
void os_process_unwatch(struct os_process *process);

#endif
