/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Threads on every operating system. Functions return 0 or a positive errno unless they say otherwise.
 */
#ifndef _RTE_THREAD_H_
#define _RTE_THREAD_H_

#include <stdint.h>

#include <rte_compat.h>
#include <rte_os.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	uintptr_t opaque_id;
} rte_thread_t;

typedef uint32_t (*rte_thread_func)(void *arg);

enum rte_thread_priority {
	RTE_THREAD_PRIORITY_NORMAL = 0,
	RTE_THREAD_PRIORITY_REALTIME_CRITICAL = 1,
};

typedef struct {
	enum rte_thread_priority priority;
#ifdef RTE_HAS_CPUSET
	rte_cpuset_t cpuset;
#endif
} rte_thread_attr_t;

/**
 * attr may be NULL; an empty cpuset inherits. The new thread is pinned and has its priority before it calls the
 * function; when either cannot be, there is no thread. Priorities other than normal: ENOTSUP on Linux.
 */
int rte_thread_create(rte_thread_t *thread_id, const rte_thread_attr_t *thread_attr, rte_thread_func thread_func,
	void *arg);
/** Waits for the end of a thread made by rte_thread_create() and frees it; its value in *value_ptr unless NULL. */
int rte_thread_join(rte_thread_t thread_id, uint32_t *value_ptr);
/** The thread frees itself at its end. */
int rte_thread_detach(rte_thread_t thread_id);
rte_thread_t rte_thread_self(void);
int rte_thread_equal(rte_thread_t t1, rte_thread_t t2);

/** EINVAL for priority NULL; ENOTSUP for a scheduling class that is none of ours. */
int rte_thread_get_priority(rte_thread_t thread_id, enum rte_thread_priority *priority);
/** Realtime is ENOTSUP on Linux: a thread that polls would take its CPU from the kernel. */
int rte_thread_set_priority(rte_thread_t thread_id, enum rte_thread_priority priority);

int rte_thread_attr_init(rte_thread_attr_t *attr);
int rte_thread_attr_set_priority(rte_thread_attr_t *thread_attr, enum rte_thread_priority priority);

#ifdef RTE_HAS_CPUSET
int rte_thread_attr_set_affinity(rte_thread_attr_t *thread_attr, rte_cpuset_t *cpuset);
int rte_thread_attr_get_affinity(rte_thread_attr_t *thread_attr, rte_cpuset_t *cpuset);
int rte_thread_set_affinity_by_id(rte_thread_t thread_id, const rte_cpuset_t *cpuset);
int rte_thread_get_affinity_by_id(rte_thread_t thread_id, rte_cpuset_t *cpuset);
/** The calling thread's. Returns 0 or -1. */
int rte_thread_set_affinity(rte_cpuset_t *cpusetp);
void rte_thread_get_affinity(rte_cpuset_t *cpusetp);
#endif

/** Names a value that each thread has one of, NULL at first. */
typedef struct eal_tls_key *rte_thread_key;

/*
 * These give 0, or -1 with rte_errno: EINVAL (no key), ENOMEM, ENOEXEC (the system refused).
 */
/** destructor (may be NULL) is called with a thread's value, unless that is NULL, when the thread ends. */
int rte_thread_key_create(rte_thread_key *key, void (*destructor)(void *));
/** No destructor is called. The key must not be used any more. */
int rte_thread_key_delete(rte_thread_key key);
/** The calling thread's value. */
int rte_thread_value_set(rte_thread_key key, const void *value);
/** NULL with rte_errno EINVAL when there is no key; otherwise the value, which may be NULL. */
void *rte_thread_value_get(rte_thread_key key);

#ifdef __cplusplus
}
#endif

#endif
