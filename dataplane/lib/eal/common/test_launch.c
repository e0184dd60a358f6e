/* SPDX-License-Identifier: BSD-3-Clause
 *
 * lcores: who they are, launching on them, other threads, and the end.
 */
#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_launch.h>
#include <rte_pause.h>
#include <wdpdk_registry.h>

#include "eal_private.h"
#include "eal_thread_private.h"
#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

static int go;
static unsigned int ran_on[RTE_MAX_LCORE];

static void
arguments_are_handed_back(void)
{
	CHECK_STR(eal_argv[6], "test");
	CHECK_STR(eal_argv[7], "-x");
	rte_errno = 0;
	CHECK_EQ(eal_start("test"), -1);
	CHECK_EQ(rte_errno, EALREADY);
	CHECK(log_has("called before"));
}

static void
lcores_are_the_ones_asked_for(void)
{
	unsigned int i, seen = 0;

	CHECK_EQ(rte_lcore_count(), 3);
	CHECK_EQ(rte_get_main_lcore(), 4);
	CHECK_EQ(rte_lcore_id(), 4);
	CHECK_EQ(rte_lcore_index(-1), 1);
	CHECK_EQ(rte_lcore_index(2), 0);
	CHECK_EQ(rte_lcore_index(9), 2);
	CHECK_EQ(rte_lcore_index(3), -1);
	CHECK_EQ(rte_lcore_to_cpu_id(9), 0);
	CHECK(!rte_lcore_is_enabled(0) && rte_lcore_is_enabled(9) && !rte_lcore_is_enabled(RTE_MAX_LCORE));
	RTE_LCORE_FOREACH(i)
		seen = seen * 16 + i;
	CHECK_EQ(seen, 0x249);
	seen = 0;
	RTE_LCORE_FOREACH_WORKER(i)
		seen = seen * 16 + i;
	CHECK_EQ(seen, 0x29);
	CHECK_EQ(rte_get_next_lcore(9, 0, 1), 2);
	CHECK_EQ(rte_get_next_lcore(9, 0, 0), RTE_MAX_LCORE);
	CHECK_EQ(rte_lcore_has_role(9, ROLE_RTE), 1);
	CHECK_EQ(rte_lcore_has_role(3, ROLE_RTE), 0);
	CHECK_EQ(rte_lcore_has_role(RTE_MAX_LCORE, ROLE_RTE), -EINVAL);
	CHECK(rte_socket_count() >= 1);
	CHECK_EQ(rte_socket_id(), rte_lcore_to_socket_id(4));
	CHECK_EQ(rte_socket_id_by_idx(RTE_MAX_NUMA_NODES), -1);
}

static int
note_lcore(void *arg)
{
	rte_cpuset_t set;

	rte_thread_get_affinity(&set);
	ran_on[rte_lcore_id()] = 1;
	if (!CPU_ISSET(0, &set) || CPU_COUNT(&set) != 1 || rte_gettid() == 0)
		return -77;
	return (int)rte_lcore_id() + *(int *)arg;
}

static void
functions_run_on_their_lcore(void)
{
	int add = 100;

	memset(ran_on, 0, sizeof(ran_on));
	CHECK_EQ(rte_eal_remote_launch(note_lcore, &add, 9), 0);
	CHECK_EQ(rte_eal_wait_lcore(9), 109);
	CHECK(ran_on[9] && !ran_on[2]);
	/* The value is given once. */
	CHECK_EQ(rte_eal_wait_lcore(9), 0);
	CHECK_EQ(rte_eal_mp_remote_launch(note_lcore, &add, CALL_MAIN), 0);
	CHECK_EQ(rte_eal_wait_lcore(2), 102);
	rte_eal_mp_wait_lcore();
	CHECK(ran_on[2] && ran_on[4] && ran_on[9]);
	CHECK_EQ(rte_eal_remote_launch(note_lcore, &add, 4), -EINVAL);
	CHECK_EQ(rte_eal_remote_launch(note_lcore, &add, 3), -EINVAL);
	CHECK_EQ(rte_eal_remote_launch(note_lcore, &add, RTE_MAX_LCORE + 2), -EINVAL);
	CHECK_EQ(rte_eal_remote_launch(NULL, &add, 2), -EINVAL);
}

static int
wait_for_go(void *arg)
{
	(void)arg;
	while (!__atomic_load_n(&go, __ATOMIC_ACQUIRE))
		rte_delay_us_sleep(1000);
	return 7;
}

static void
a_running_lcore_is_busy(void)
{
	int add = 0;

	__atomic_store_n(&go, 0, __ATOMIC_RELEASE);
	CHECK_EQ(rte_eal_get_lcore_state(2), WAIT);
	CHECK_EQ(rte_eal_remote_launch(wait_for_go, NULL, 2), 0);
	CHECK_EQ(rte_eal_get_lcore_state(2), RUNNING);
	CHECK_EQ(rte_eal_remote_launch(note_lcore, &add, 2), -EBUSY);
	CHECK_EQ(rte_eal_mp_remote_launch(note_lcore, &add, CALL_MAIN), -EBUSY);
	CHECK_EQ(rte_eal_get_lcore_state(9), WAIT);
	/* The end must not pull memory from under it. */
	CHECK_EQ(rte_eal_cleanup(), -EBUSY);
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	CHECK_EQ(rte_eal_wait_lcore(2), 7);
	CHECK_EQ(rte_eal_get_lcore_state(2), WAIT);
}

static int
count_up(void *arg)
{
	(*(unsigned int *)arg)++;
	return 0;
}

static void
a_thousand_launches_lose_none(void)
{
	unsigned int i, n[2] = { 0, 0 };

	for (i = 0; i < 1000; i++) {
		CHECK_EQ(rte_eal_remote_launch(count_up, &n[0], 2), 0);
		CHECK_EQ(rte_eal_remote_launch(count_up, &n[1], 9), 0);
		CHECK_EQ(rte_eal_wait_lcore(2), 0);
		CHECK_EQ(rte_eal_wait_lcore(9), 0);
	}
	CHECK_EQ(n[0], 1000);
	CHECK_EQ(n[1], 1000);
}

static void *
control_thread(void *arg)
{
	*(unsigned int *)arg = rte_lcore_id();
	if (rte_thread_register() == 0) {
		unsigned int id = rte_lcore_id();

		if (rte_eal_lcore_role(id) == ROLE_NON_EAL && !rte_lcore_is_enabled(id))
			*(unsigned int *)arg = id;
		/* Once is enough. */
		if (rte_thread_register() != -1 || rte_errno != EINVAL)
			*(unsigned int *)arg = 99;
		rte_thread_unregister();
		if (rte_lcore_id() != LCORE_ID_ANY || rte_eal_lcore_role(id) != ROLE_OFF)
			*(unsigned int *)arg = 98;
	}
	return arg;
}

static void
control_threads_can_register(void)
{
	unsigned int id = 50;
	pthread_t thread;
	void *value = NULL;

	CHECK_EQ(rte_ctrl_thread_create(&thread, "control", NULL, control_thread, &id), 0);
	CHECK_EQ(pthread_join(thread, &value), 0);
	CHECK(value == &id);
	CHECK_EQ(id, 0);
	CHECK_EQ(rte_lcore_count(), 3);
	CHECK_EQ(rte_ctrl_thread_create(NULL, "control", NULL, control_thread, &id), -EINVAL);
}

static uint32_t
answer(void *arg)
{
	rte_thread_t *self = arg;

	*self = rte_thread_self();
	return 42;
}

static void
threads_start_and_join(void)
{
	rte_thread_t thread, seen = { 0 };
	rte_thread_attr_t attr;
	uint32_t value = 0;
	rte_cpuset_t set;
	int err;

	CHECK_EQ(rte_thread_attr_init(&attr), 0);
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	CHECK_EQ(rte_thread_attr_set_affinity(&attr, &set), 0);
	CHECK_EQ(rte_thread_create(&thread, &attr, answer, &seen), 0);
	CHECK_EQ(rte_thread_join(thread, &value), 0);
	CHECK_EQ(value, 42);
	CHECK(rte_thread_equal(thread, seen));
	CHECK(!rte_thread_equal(thread, rte_thread_self()));
	CHECK_EQ(rte_thread_attr_set_priority(&attr, RTE_THREAD_PRIORITY_REALTIME_CRITICAL), 0);
	/* Where threads may have that priority there is a thread. */
	err = eal_os_priority_check(RTE_THREAD_PRIORITY_REALTIME_CRITICAL);
	CHECK_EQ(rte_thread_create(&thread, &attr, answer, &seen), err);
	if (err == 0)
		CHECK_EQ(rte_thread_join(thread, NULL), 0);
	CHECK_EQ(rte_thread_create(NULL, NULL, answer, &seen), EINVAL);
}

static void
cleanup_ends_the_workers(void)
{
	CHECK_EQ(rte_eal_cleanup(), 0);
	CHECK_EQ(rte_lcore_count(), 0);
	CHECK_EQ(rte_lcore_id(), LCORE_ID_ANY);
	CHECK_EQ(rte_eal_cleanup(), 0);
}

int
main(void)
{
	int ret;

	log_capture("test_eal_launch.log");
	ret = eal_start("test --no-huge --lcores (2,4,9)@0 --main-lcore=4 -m8 -- -x");
	if (ret != 6) {
		printf("rte_eal_init gave %d: %s\n", ret, log_taken());
		return 1;
	}
	RUN(arguments_are_handed_back);
	RUN(lcores_are_the_ones_asked_for);
	RUN(functions_run_on_their_lcore);
	RUN(a_running_lcore_is_busy);
	RUN(a_thousand_launches_lose_none);
	RUN(control_threads_can_register);
	RUN(threads_start_and_join);
	RUN(cleanup_ends_the_workers);
	return check_summary();
}
