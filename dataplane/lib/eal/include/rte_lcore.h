/* SPDX-License-Identifier: BSD-3-Clause
 *
 * lcores: threads of the EAL, each pinned to a set of CPUs. Ids are 0..RTE_MAX_LCORE - 1.
 */
#ifndef _RTE_LCORE_H_
#define _RTE_LCORE_H_

#include <stdio.h>

#include <rte_compat.h>
#include <rte_config.h>
#include <rte_eal.h>
#include <rte_launch.h>
#include <rte_per_lcore.h>
#include <rte_thread.h>
#include <wdpdk_lcore_id.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LCORE_ID_ANY UINT32_MAX

enum rte_lcore_role_t {
	ROLE_RTE,
	ROLE_OFF,
	ROLE_SERVICE,
	ROLE_NON_EAL,
};

enum rte_lcore_role_t rte_eal_lcore_role(unsigned int lcore_id);
/** 1, 0, or -EINVAL for an id out of range. */
int rte_lcore_has_role(unsigned int lcore_id, enum rte_lcore_role_t role);

/** The calling thread's lcore; LCORE_ID_ANY for threads that are none. */
static inline unsigned int
rte_lcore_id(void)
{
	return wdpdk_lcore_id();
}

unsigned int rte_get_main_lcore(void);
/** lcores that somebody runs on: the workers and the main one, those of services, and registered threads. */
unsigned int rte_lcore_count(void);
/** Position among the enabled lcores (-1: the calling thread's), -1 when not enabled. */
int rte_lcore_index(int lcore_id);
/** NUMA node of the calling thread; (unsigned)SOCKET_ID_ANY when unknown. */
unsigned int rte_socket_id(void);
unsigned int rte_socket_count(void);
/** The idx-th NUMA node's id, or -1 with rte_errno EINVAL. */
int rte_socket_id_by_idx(unsigned int idx);
/** NUMA node of an lcore's first CPU. */
unsigned int rte_lcore_to_socket_id(unsigned int lcore_id);
/** First CPU of an lcore (-1: the calling thread's); -1 when unknown. */
int rte_lcore_to_cpu_id(int lcore_id);
#ifdef RTE_HAS_CPUSET
rte_cpuset_t rte_lcore_cpuset(unsigned int lcore_id);
#endif
/** Nonzero when the role is ROLE_RTE. */
int rte_lcore_is_enabled(unsigned int lcore_id);
/** The next enabled lcore after i (start with -1); RTE_MAX_LCORE at the end unless wrap. */
unsigned int rte_get_next_lcore(unsigned int i, int skip_main, int wrap);

#define RTE_LCORE_FOREACH(i) \
	for (i = rte_get_next_lcore(-1, 0, 0); i < RTE_MAX_LCORE; i = rte_get_next_lcore(i, 0, 0))
#define RTE_LCORE_FOREACH_WORKER(i) \
	for (i = rte_get_next_lcore(-1, 1, 0); i < RTE_MAX_LCORE; i = rte_get_next_lcore(i, 1, 0))

typedef int (*rte_lcore_init_cb)(unsigned int lcore_id, void *arg);
typedef void (*rte_lcore_uninit_cb)(unsigned int lcore_id, void *arg);
/**
 * init is called now for every lcore that is not off and later for each thread that registers, uninit when an lcore's
 * thread unregisters; either may be NULL. When init gives nonzero, uninit is called for those that were accepted and
 * the registration fails: this one, or the thread's. Callbacks run under a lock: they must not register anything.
 * @return a handle; NULL with rte_errno ENOMEM (no memory), EINVAL (name NULL) or ECANCELED (init refused).
 */
void *rte_lcore_callback_register(const char *name, rte_lcore_init_cb init, rte_lcore_uninit_cb uninit, void *arg);
/** Calls uninit for every lcore that is not off and forgets the callbacks. NULL is allowed. */
void rte_lcore_callback_unregister(void *handle);

typedef int (*rte_lcore_iterate_cb)(unsigned int lcore_id, void *arg);
/** Calls cb for every lcore that is not off until it returns nonzero, and returns that. */
int rte_lcore_iterate(rte_lcore_iterate_cb cb, void *arg);
void rte_lcore_dump(FILE *f);

/** Names a thread in debuggers and top. Returns 0 or a negative errno. */
int rte_thread_setname(pthread_t id, const char *name);
/** A thread's name. 0 or a negative errno. */
int rte_thread_getname(pthread_t id, char *name, size_t len);

/**
 * Gives the calling thread an lcore id, with role ROLE_NON_EAL. @return 0, or -1 with rte_errno ENOMEM (none is left, or
 * a callback refused it) or EINVAL (it has one).
 */
int rte_thread_register(void);
/** Gives the id back. The thread must do so before it ends. */
void rte_thread_unregister(void);

/**
 * Starts a thread for control work: it runs on the process's CPUs that no lcore uses, or if there are none on the
 * main lcore's. The caller joins it. @return 0 or a negative errno.
 */
int rte_ctrl_thread_create(pthread_t *thread, const char *name, const pthread_attr_t *attr,
	void *(*start_routine)(void *), void *arg);

#ifdef __cplusplus
}
#endif

#endif
