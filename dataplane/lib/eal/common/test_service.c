/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Services and service lcores.
 */
#include <errno.h>
#include <sched.h>

#include <rte_cycles.h>
#include <rte_service_component.h>
#include <wdpdk_registry.h>

#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

static unsigned int calls, inside, together, go;

static int32_t
count(void *arg)
{
	RTE_SET_USED(arg);
	__atomic_add_fetch(&calls, 1, __ATOMIC_RELEASE);
	sched_yield();
	return 0;
}

/* Stays until let go; says whether two were here. */
static int32_t
stay(void *arg)
{
	RTE_SET_USED(arg);
	if (__atomic_add_fetch(&inside, 1, __ATOMIC_ACQ_REL) > 1)
		__atomic_store_n(&together, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&go, __ATOMIC_ACQUIRE))
		sched_yield();
	__atomic_sub_fetch(&inside, 1, __ATOMIC_ACQ_REL);
	__atomic_add_fetch(&calls, 1, __ATOMIC_RELEASE);
	return 0;
}

static uint32_t
add(const char *name, rte_service_func callback, uint32_t capabilities)
{
	struct rte_service_spec spec = { .callback = callback, .capabilities = capabilities };
	uint32_t id = 99;

	snprintf(spec.name, sizeof(spec.name), "%s", name);
	if (rte_service_component_register(&spec, &id) != 0)
		return 99;
	calls = inside = together = go = 0;
	return id;
}

static void
wait_until(const unsigned int *value, unsigned int wanted)
{
	while (__atomic_load_n(value, __ATOMIC_ACQUIRE) < wanted)
		sched_yield();
}

static void
the_command_line_names_service_lcores(void)
{
	CHECK_EQ(rte_service_lcore_count(), 1);
	CHECK_EQ(rte_eal_lcore_role(1), ROLE_SERVICE);
	CHECK_EQ(rte_lcore_count(), 4); /* upstream's programs take rte_service_lcore_count() off themselves */
	CHECK_EQ(rte_service_lcore_may_be_active(1), 1);
	CHECK_EQ(rte_service_lcore_stop(1), 0);
	CHECK_EQ(rte_eal_wait_lcore(1), 0);
	CHECK_EQ(rte_service_lcore_del(1), 0);
	CHECK_EQ(rte_lcore_count(), 4);
}

static void
bad_arguments_are_refused(void)
{
	struct rte_service_spec spec = { .name = "x" };
	uint32_t id, list[1];
	uint64_t value;

	CHECK_EQ(rte_service_component_register(NULL, &id), -EINVAL);
	CHECK_EQ(rte_service_component_register(&spec, &id), -EINVAL);
	spec.callback = count;
	spec.name[0] = '\0';
	CHECK_EQ(rte_service_component_register(&spec, &id), -EINVAL);
	memset(spec.name, 'x', sizeof(spec.name));
	CHECK_EQ(rte_service_component_register(&spec, &id), -EINVAL);
	CHECK_EQ(rte_service_component_unregister(0), -EINVAL);
	CHECK_EQ(rte_service_component_runstate_set(64, 1), -EINVAL);
	CHECK_EQ(rte_service_runstate_set(0, 1), -EINVAL);
	CHECK_EQ(rte_service_runstate_get(0), -EINVAL);
	CHECK_EQ(rte_service_may_be_active(1000), -EINVAL);
	CHECK_EQ(rte_service_set_runstate_mapped_check(0, 1), -EINVAL);
	CHECK_EQ(rte_service_set_stats_enable(0, 1), -EINVAL);
	CHECK_EQ(rte_service_probe_capability(0, 1), -EINVAL);
	CHECK_EQ(rte_service_run_iter_on_app_lcore(0, 1), -EINVAL);
	CHECK(rte_service_get_name(0) == NULL);
	CHECK_EQ(rte_service_get_by_name("x", NULL), -EINVAL);
	CHECK_EQ(rte_service_get_by_name(NULL, &id), -EINVAL);
	CHECK_EQ(rte_service_get_by_name("x", &id), -ENODEV);
	CHECK_EQ(rte_service_attr_get(0, RTE_SERVICE_ATTR_CYCLES, &value), -EINVAL);
	CHECK_EQ(rte_service_attr_reset_all(0), -EINVAL);
	CHECK_EQ(rte_service_dump(log_file, 0), -EINVAL);
	CHECK_EQ(rte_service_dump(NULL, UINT32_MAX), -EINVAL);
	CHECK_EQ(rte_service_lcore_add(RTE_MAX_LCORE), -EINVAL);
	CHECK_EQ(rte_service_lcore_add(rte_get_main_lcore()), -EINVAL);
	CHECK_EQ(rte_service_lcore_add(7), -EINVAL);
	CHECK_EQ(rte_service_lcore_del(2), -EINVAL);
	CHECK_EQ(rte_service_lcore_start(2), -EINVAL);
	CHECK_EQ(rte_service_lcore_stop(100000), -EINVAL);
	CHECK_EQ(rte_service_lcore_may_be_active(2), -EINVAL);
	CHECK_EQ(rte_service_lcore_list(NULL, 1), -EINVAL);
	CHECK_EQ(rte_service_lcore_count_services(RTE_MAX_LCORE), -EINVAL);
	CHECK_EQ(rte_service_lcore_count_services(2), -ENOTSUP);
	CHECK_EQ(rte_service_lcore_attr_get(UINT32_MAX, 0, &value), -EINVAL);
	CHECK_EQ(rte_service_lcore_attr_get(2, 0, &value), -ENOTSUP);
	CHECK_EQ(rte_service_lcore_attr_get(2, 0, NULL), -EINVAL);
	CHECK_EQ(rte_service_lcore_attr_reset_all(2), -ENOTSUP);
	CHECK_EQ(rte_service_map_lcore_set(0, 2, 1), -EINVAL);
	CHECK_EQ(rte_service_map_lcore_get(0, 2), -EINVAL);
	CHECK_EQ(rte_service_start_with_defaults(), -ENOTSUP);
	CHECK_EQ(rte_service_init(), -EALREADY);
	CHECK_EQ(rte_service_lcore_add(2), 0);
	CHECK_EQ(rte_service_lcore_add(2), -EALREADY);
	CHECK_EQ(rte_service_lcore_add(9), 0);
	CHECK_EQ(rte_service_lcore_list(list, 1), -ENOMEM);
	CHECK_EQ(rte_service_lcore_attr_get(2, 42, &value), -EINVAL);
	CHECK_EQ(rte_service_lcore_stop(2), -EALREADY);
	CHECK_EQ(rte_service_lcore_reset_all(), 0);
	CHECK_EQ(rte_service_lcore_count(), 0);
}

static void
sixty_four_fit(void)
{
	uint32_t i;

	for (i = 0; i < 64; i++)
		CHECK_EQ(add("many", count, 0), i);
	CHECK_EQ(add("many", count, 0), 99);
	CHECK_EQ(rte_service_get_count(), 64);
	CHECK_EQ(rte_service_component_unregister(5), 0);
	CHECK_EQ(add("again", count, RTE_SERVICE_CAP_MT_SAFE), 5);
	CHECK_EQ(rte_service_get_by_name("again", &i), 0);
	CHECK_EQ(i, 5);
	CHECK_STR(rte_service_get_name(5), "again");
	CHECK_EQ(rte_service_probe_capability(5, RTE_SERVICE_CAP_MT_SAFE), 1);
	CHECK_EQ(rte_service_probe_capability(4, RTE_SERVICE_CAP_MT_SAFE), 0);
	for (i = 0; i < 64; i++)
		CHECK_EQ(rte_service_component_unregister(i), 0);
	CHECK_EQ(rte_service_get_count(), 0);
}

static void
both_sides_must_want_it(void)
{
	uint32_t id = add("both", count, 0);

	CHECK_EQ(rte_service_run_iter_on_app_lcore(id, 1), -ENOEXEC);
	CHECK_EQ(rte_service_runstate_set(id, 1), 0);
	CHECK_EQ(rte_service_run_iter_on_app_lcore(id, 1), -ENOEXEC);
	CHECK_EQ(rte_service_component_runstate_set(id, 1), 0);
	CHECK_EQ(rte_service_runstate_get(id), 0);
	CHECK_EQ(rte_service_set_runstate_mapped_check(id, 0), 0);
	CHECK_EQ(rte_service_runstate_get(id), 1);
	CHECK_EQ(rte_service_run_iter_on_app_lcore(id, 1), 0);
	CHECK_EQ(calls, 1);
	CHECK_EQ(rte_service_may_be_active(id), 0);
	CHECK_EQ(rte_service_runstate_set(id, 0), 0);
	CHECK_EQ(rte_service_run_iter_on_app_lcore(id, 0), -ENOEXEC);
	CHECK_EQ(calls, 1);
	CHECK_EQ(rte_service_component_unregister(id), 0);
}

static void
a_service_lcore_runs_it_until_it_is_stopped(void)
{
	uint32_t id = add("loop", count, 0), seen, list[2];
	uint64_t value;

	CHECK_EQ(rte_service_lcore_add(2), 0);
	CHECK_EQ(rte_eal_lcore_role(2), ROLE_SERVICE);
	CHECK_EQ(rte_lcore_count(), 4);
	CHECK_EQ(rte_service_lcore_list(list, 2), 1);
	CHECK_EQ(list[0], 2);
	CHECK_EQ(rte_service_map_lcore_set(id, 2, 1), 0);
	CHECK_EQ(rte_service_map_lcore_get(id, 2), 1);
	CHECK_EQ(rte_service_lcore_count_services(2), 1);
	CHECK_EQ(rte_service_set_stats_enable(id, 1), 0);
	rte_service_runstate_set(id, 1);
	rte_service_component_runstate_set(id, 1);
	CHECK_EQ(rte_service_lcore_may_be_active(2), 0);
	CHECK_EQ(rte_service_lcore_start(2), 0);
	CHECK_EQ(rte_service_lcore_may_be_active(2), 1);
	CHECK_EQ(rte_service_lcore_start(2), -EALREADY);
	CHECK_EQ(rte_service_lcore_del(2), -EBUSY);
	wait_until(&calls, 20);
	CHECK_EQ(rte_service_may_be_active(id), 1);
	CHECK_EQ(rte_service_lcore_stop(2), -EBUSY);
	CHECK_EQ(rte_service_runstate_set(id, 0), 0);
	while (rte_service_may_be_active(id))
		sched_yield();
	/* Not called any more, though its lcore goes on. */
	seen = __atomic_load_n(&calls, __ATOMIC_ACQUIRE);
	CHECK_EQ(rte_service_lcore_attr_get(2, RTE_SERVICE_LCORE_ATTR_LOOPS, &value), 0);
	for (list[0] = 0; list[0] < 50; list[0]++)
		rte_delay_us_sleep(100);
	CHECK_EQ(__atomic_load_n(&calls, __ATOMIC_ACQUIRE), seen);
	CHECK_EQ(rte_service_attr_get(id, RTE_SERVICE_ATTR_CALL_COUNT, &value), 0);
	CHECK_EQ(value, seen);
	CHECK_EQ(rte_service_attr_get(id, RTE_SERVICE_ATTR_CYCLES, &value), 0);
	CHECK(value > 0);
	CHECK_EQ(rte_service_attr_get(id, 2, &value), -EINVAL);
	CHECK_EQ(rte_service_attr_get(id, 0, NULL), -EINVAL);
	CHECK_EQ(rte_service_attr_reset_all(id), 0);
	CHECK_EQ(rte_service_attr_get(id, RTE_SERVICE_ATTR_CALL_COUNT, &value), 0);
	CHECK_EQ(value, 0);
	CHECK_EQ(rte_service_lcore_stop(2), 0);
	CHECK_EQ(rte_eal_wait_lcore(2), 0);
	CHECK_EQ(rte_service_lcore_may_be_active(2), 0);
	CHECK_EQ(rte_service_lcore_attr_get(2, RTE_SERVICE_LCORE_ATTR_CYCLES, &value), 0);
	CHECK(value > 0);
	CHECK_EQ(rte_service_lcore_attr_reset_all(2), 0);
	CHECK_EQ(rte_service_lcore_attr_get(2, RTE_SERVICE_LCORE_ATTR_LOOPS, &value), 0);
	CHECK_EQ(value, 0);
	CHECK_EQ(rte_service_dump(log_file, UINT32_MAX), 0);
	CHECK(log_has("service 0 'loop': stopped, 1 lcores"));
	CHECK_EQ(rte_service_lcore_del(2), 0);
	CHECK_EQ(rte_eal_lcore_role(2), ROLE_RTE);
	CHECK_EQ(rte_service_component_unregister(id), 0);
}

static int
run_once(void *arg)
{
	return rte_service_run_iter_on_app_lcore(*(uint32_t *)arg, 1);
}

static void
unsafe_services_take_turns(void)
{
	uint32_t id = add("alone", stay, 0);

	rte_service_runstate_set(id, 1);
	rte_service_component_runstate_set(id, 1);
	CHECK_EQ(rte_eal_remote_launch(run_once, &id, 9), 0);
	wait_until(&inside, 1);
	CHECK_EQ(rte_service_may_be_active(id), 1);
	CHECK_EQ(rte_service_run_iter_on_app_lcore(id, 1), -EBUSY);
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	CHECK_EQ(rte_eal_wait_lcore(9), 0);
	CHECK_EQ(together, 0);
	CHECK_EQ(rte_service_component_unregister(id), 0);
}

static void
safe_services_run_together(void)
{
	uint32_t id = add("together", stay, RTE_SERVICE_CAP_MT_SAFE);

	rte_service_component_runstate_set(id, 1);
	CHECK_EQ(rte_service_lcore_add(2), 0);
	CHECK_EQ(rte_service_lcore_add(9), 0);
	CHECK_EQ(rte_service_start_with_defaults(), 0);
	CHECK_EQ(rte_service_map_lcore_set(id, 2, 1), 0);
	CHECK_EQ(rte_service_map_lcore_set(id, 9, 1), 0);
	wait_until(&inside, 2);
	CHECK_EQ(__atomic_load_n(&together, __ATOMIC_ACQUIRE), 1);
	/* Not the only lcore any more: it may go. */
	CHECK_EQ(rte_service_lcore_stop(9), 0);
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	CHECK_EQ(rte_eal_wait_lcore(9), 0);
	/* The rest is for rte_eal_cleanup(): a service lcore that runs does not keep it. */
}

int
main(void)
{
	int ret;

	log_capture("test_eal_service.log");
	if (eal_start("test --no-huge --lcores (1,2,4,9)@0 --main-lcore=4 -S 1 -m 8") < 0) {
		printf("rte_eal_init: %s\n", log_taken());
		return 1;
	}
	RUN(the_command_line_names_service_lcores);
	RUN(bad_arguments_are_refused);
	RUN(sixty_four_fit);
	RUN(both_sides_must_want_it);
	RUN(a_service_lcore_runs_it_until_it_is_stopped);
	RUN(unsafe_services_take_turns);
	RUN(safe_services_run_together);
	ret = rte_eal_cleanup();
	if (ret != 0)
		printf("FAIL rte_eal_cleanup gave %d\n", ret);
	return ret != 0 || check_summary();
}
