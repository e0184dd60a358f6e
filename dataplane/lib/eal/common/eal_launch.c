/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Worker threads: one an lcore, pinned, asleep until a function is launched on it.
 */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "eal_private.h"

static rte_cpuset_t cpus_before; /* of the main thread, for after rte_eal_cleanup() */

static void *
worker_main(void *arg)
{
	struct eal_lcore *lcore = arg;
	lcore_function_t *function;
	int result;

	eal_thread_become((unsigned int)(lcore - eal_lcores));
	pthread_mutex_lock(&lcore->lock);
	for (;;) {
		while (!lcore->quit && lcore->function == NULL)
			pthread_cond_wait(&lcore->changed, &lcore->lock);
		if (lcore->function == NULL)
			break;
		function = lcore->function;
		pthread_mutex_unlock(&lcore->lock);
		result = function(lcore->arg);
		pthread_mutex_lock(&lcore->lock);
		lcore->function = NULL;
		lcore->result = result;
		/* Release: who reads WAIT without the lock sees what the function wrote. */
		__atomic_store_n(&lcore->state, WAIT, __ATOMIC_RELEASE);
		pthread_cond_broadcast(&lcore->changed);
	}
	pthread_mutex_unlock(&lcore->lock);
	return NULL;
}

static bool
is_worker(unsigned int lcore_id)
{
	return lcore_id < RTE_MAX_LCORE && eal_lcores[lcore_id].started;
}

int
rte_eal_remote_launch(lcore_function_t *f, void *arg, unsigned int worker_id)
{
	struct eal_lcore *lcore = &eal_lcores[worker_id % RTE_MAX_LCORE];
	int ret = -EBUSY;

	if (f == NULL || !is_worker(worker_id))
		return -EINVAL;
	pthread_mutex_lock(&lcore->lock);
	if (lcore->state == WAIT) {
		lcore->function = f;
		lcore->arg = arg;
		__atomic_store_n(&lcore->state, RUNNING, __ATOMIC_RELEASE);
		pthread_cond_broadcast(&lcore->changed);
		ret = 0;
	}
	pthread_mutex_unlock(&lcore->lock);
	return ret;
}

int
rte_eal_mp_remote_launch(lcore_function_t *f, void *arg, enum rte_rmt_call_main_t call_main)
{
	unsigned int i;

	RTE_LCORE_FOREACH_WORKER(i)
		if (rte_eal_get_lcore_state(i) != WAIT)
			return -EBUSY;
	RTE_LCORE_FOREACH_WORKER(i)
		rte_eal_remote_launch(f, arg, i);
	if (call_main == CALL_MAIN) {
		eal_lcores[eal_main_lcore].result = f(arg);
		__atomic_store_n(&eal_lcores[eal_main_lcore].state, WAIT, __ATOMIC_RELEASE);
	}
	return 0;
}

enum rte_lcore_state_t
rte_eal_get_lcore_state(unsigned int worker_id)
{
	return worker_id < RTE_MAX_LCORE ? __atomic_load_n(&eal_lcores[worker_id].state, __ATOMIC_ACQUIRE) : WAIT;
}

int
rte_eal_wait_lcore(unsigned int worker_id)
{
	struct eal_lcore *lcore = &eal_lcores[worker_id % RTE_MAX_LCORE];
	int result;

	if (!is_worker(worker_id))
		return 0;
	pthread_mutex_lock(&lcore->lock);
	while (lcore->state != WAIT)
		pthread_cond_wait(&lcore->changed, &lcore->lock);
	result = lcore->result;
	lcore->result = 0;
	pthread_mutex_unlock(&lcore->lock);
	return result;
}

void
rte_eal_mp_wait_lcore(void)
{
	unsigned int i;

	RTE_LCORE_FOREACH_WORKER(i)
		rte_eal_wait_lcore(i);
}

static int
start_worker(unsigned int id)
{
	struct eal_lcore *lcore = &eal_lcores[id];
	char name[RTE_MAX_THREAD_NAME_LEN];
	int err;

	lcore->quit = false;
	lcore->function = NULL;
	err = pthread_create(&lcore->thread, NULL, worker_main, lcore);
	if (err != 0) {
		RTE_LOG(ERR, EAL, "lcore %u: cannot start its thread: %s\n", id, rte_strerror(err));
		return err;
	}
	lcore->started = true;
	snprintf(name, sizeof(name), "rte-worker-%u", id);
	eal_os_thread_set_name(lcore->thread, name);
	err = pthread_setaffinity_np(lcore->thread, sizeof(lcore->cpus), &lcore->cpus);
	if (err != 0)
		RTE_LOG(ERR, EAL, "lcore %u: cannot bind its thread to its CPUs: %s\n", id, rte_strerror(err));
	return err;
}

int
eal_lcores_start(const struct eal_options *options, const rte_cpuset_t *available)
{
	unsigned int i, cpu;
	int err, index = 0;

	eal_control_cpus = *available;
	eal_main_lcore = options->main_lcore;
	for (i = 0; i < RTE_MAX_LCORE; i++) {
		if (!options->lcore_enabled[i])
			continue;
		eal_lcores[i].cpus = options->lcore_cpus[i];
		eal_lcores[i].index = index++;
		for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
			if (CPU_ISSET(cpu, &eal_lcores[i].cpus))
				CPU_CLR(cpu, &eal_control_cpus);
		eal_lcores[i].socket = eal_os_cpu_socket((unsigned int)rte_lcore_to_cpu_id((int)i));
		__atomic_store_n(&eal_lcores[i].role, ROLE_RTE, __ATOMIC_RELEASE);
	}
	if (CPU_COUNT(&eal_control_cpus) == 0)
		eal_control_cpus = eal_lcores[eal_main_lcore].cpus;

	rte_thread_get_affinity(&cpus_before);
	eal_thread_become(eal_main_lcore);
	err = pthread_setaffinity_np(pthread_self(), sizeof(rte_cpuset_t), &eal_lcores[eal_main_lcore].cpus);
	if (err != 0)
		RTE_LOG(ERR, EAL, "lcore %u: cannot bind the main thread to its CPUs: %s\n", eal_main_lcore, rte_strerror(err));
	RTE_LCORE_FOREACH_WORKER(i)
		if (err == 0)
			err = start_worker(i);
	if (err != 0)
		eal_lcores_stop();
	return err;
}

int
eal_lcores_stop(void)
{
	unsigned int i;

	for (i = 0; i < RTE_MAX_LCORE; i++)
		if (eal_lcores[i].started && rte_eal_get_lcore_state(i) != WAIT)
			return -EBUSY;
	for (i = 0; i < RTE_MAX_LCORE; i++) {
		struct eal_lcore *lcore = &eal_lcores[i];

		if (lcore->started) {
			pthread_mutex_lock(&lcore->lock);
			lcore->quit = true;
			pthread_cond_broadcast(&lcore->changed);
			pthread_mutex_unlock(&lcore->lock);
			pthread_join(lcore->thread, NULL);
			lcore->started = false;
		}
		if (lcore->role == ROLE_RTE || lcore->role == ROLE_SERVICE) {
			__atomic_store_n(&lcore->role, ROLE_OFF, __ATOMIC_RELEASE);
			lcore->index = -1;
			lcore->result = 0;
		}
	}
	wdpdk_lcore_id_set(LCORE_ID_ANY);
	rte_thread_set_affinity(&cpus_before);
	return 0;
}
