/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Running functions on worker lcores. All of it from the main lcore only.
 */
#ifndef _RTE_LAUNCH_H_
#define _RTE_LAUNCH_H_

#ifdef __cplusplus
extern "C" {
#endif

enum rte_lcore_state_t {
	WAIT,
	RUNNING,
};

typedef int (lcore_function_t)(void *);

/** Runs f(arg) on a waiting worker. Returns 0; -EBUSY when it is not waiting; -EINVAL when it is no worker. */
int rte_eal_remote_launch(lcore_function_t *f, void *arg, unsigned int worker_id);

enum rte_rmt_call_main_t {
	SKIP_MAIN = 0,
	CALL_MAIN,
};

/**
 * Runs f(arg) on every worker, then with CALL_MAIN also here. Returns 0, or -EBUSY when one is not waiting (none is
 * started).
 */
int rte_eal_mp_remote_launch(lcore_function_t *f, void *arg, enum rte_rmt_call_main_t call_main);

/** WAIT when the worker's function has returned (and its writes are visible) or none was launched. */
enum rte_lcore_state_t rte_eal_get_lcore_state(unsigned int worker_id);

/** Waits until the worker's function returns; gives its value (0 when none was launched). */
int rte_eal_wait_lcore(unsigned int worker_id);
void rte_eal_mp_wait_lcore(void);

#ifdef __cplusplus
}
#endif

#endif
