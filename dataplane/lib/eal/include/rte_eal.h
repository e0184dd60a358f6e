/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Start and end of the environment: arguments, memory, lcores, buses.
 */
#ifndef _RTE_EAL_H_
#define _RTE_EAL_H_

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <rte_compat.h>
#include <rte_config.h>
#include <rte_per_lcore.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_MAX_THREAD_NAME_LEN 16

enum rte_proc_type_t {
	RTE_PROC_AUTO = -1,
	RTE_PROC_PRIMARY = 0,
	RTE_PROC_SECONDARY,
	RTE_PROC_INVALID
};

/** Always RTE_PROC_PRIMARY: there are no secondary processes. */
enum rte_proc_type_t rte_eal_process_type(void);

/**
 * Starts the EAL in the calling thread, which becomes the main lcore. Succeeds once a process; a call that failed on
 * its arguments may be repeated. argv is DPDK's: EAL options, then optionally "--" and the program's own; argv[return
 * value] is made to be the program's name.
 * @return the number of arguments consumed; -1 with rte_errno set (EINVAL, EALREADY, ENOMEM, ENODEV ...) after a
 * message.
 */
int rte_eal_init(int argc, char **argv);

/**
 * Joins the worker lcores, cleans up the buses and gives the memory back. From the main lcore only.
 * @return 0; -EBUSY when a worker still runs a function (nothing is freed then); another negative errno from a bus.
 */
int rte_eal_cleanup(void);

typedef void (*rte_usage_hook_t)(const char *prgname);
/** A function called after the EAL's own usage text. Returns the previous one. */
rte_usage_hook_t rte_set_application_usage_hook(rte_usage_hook_t usage_func);

/** Whether memory comes from huge (Windows: large) pages. */
int rte_eal_has_hugepages(void);
/** Whether the PCI bus may be scanned (no --no-pci). */
int rte_eal_has_pci(void);

/** The operating system's id of the calling thread. */
int rte_sys_gettid(void);

RTE_DECLARE_PER_LCORE(int, _thread_id);

/** As rte_sys_gettid(), asked once a thread. */
static inline int
rte_gettid(void)
{
	if (RTE_PER_LCORE(_thread_id) == -1)
		RTE_PER_LCORE(_thread_id) = rte_sys_gettid();
	return RTE_PER_LCORE(_thread_id);
}

enum rte_iova_mode {
	RTE_IOVA_DC = 0,
	RTE_IOVA_PA = (1 << 0),
	RTE_IOVA_VA = (1 << 1)
};

/** What devices are given as addresses: RTE_IOVA_VA. */
enum rte_iova_mode rte_eal_iova_mode(void);

/**
 * A directory for sockets and files of this process, named after --file-prefix; made, for the user alone, by the first
 * call. NULL with rte_errno when it cannot be made. Before rte_eal_init() it is the one of the prefix "rte".
 */
const char *rte_eal_get_runtime_dir(void);

/** The name given with --mbuf-pool-ops-name, or NULL. */
const char *rte_eal_mbuf_user_pool_ops(void);

#ifdef __cplusplus
}
#endif

#endif
