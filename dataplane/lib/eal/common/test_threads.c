/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Threads and lcores beyond launching: attributes, priorities, keys, callbacks of lcores, keepalive.
 */
#include <errno.h>

#include <rte_keepalive.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <wdpdk_registry.h>

#include "eal_private.h"
#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

static uint32_t
look_at_self(void *arg)
{
	rte_cpuset_t set;

	rte_thread_get_affinity(&set);
	*(int *)arg = CPU_COUNT(&set) == 1 && CPU_ISSET(0, &set);
	return 9;
}

static void
a_thread_is_pinned_before_it_runs(void)
{
	rte_thread_attr_t attr;
	rte_thread_t thread;
	uint32_t value = 0;
	rte_cpuset_t set;
	int pinned = 0, i;

	CHECK_EQ(rte_thread_attr_init(&attr), 0);
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	CHECK_EQ(rte_thread_attr_set_affinity(&attr, &set), 0);
	for (i = 0; i < 50; i++) {
		CHECK_EQ(rte_thread_create(&thread, &attr, look_at_self, &pinned), 0);
		CHECK_EQ(rte_thread_join(thread, &value), 0);
		CHECK(pinned && value == 9);
	}
	/* A set without any CPU of the machine: no thread, rather than one that runs elsewhere. */
	CPU_ZERO(&set);
	CPU_SET(CPU_SETSIZE - 1, &set);
	CHECK_EQ(rte_thread_attr_set_affinity(&attr, &set), 0);
	pinned = 7;
	CHECK(rte_thread_create(&thread, &attr, look_at_self, &pinned) > 0);
	CHECK_EQ(pinned, 7);
}

static void
bad_arguments_are_refused(void)
{
	enum rte_thread_priority priority;
	rte_thread_attr_t attr;
	rte_cpuset_t set;
	char name[16];

	CHECK_EQ(rte_thread_attr_init(NULL), EINVAL);
	CHECK_EQ(rte_thread_attr_init(&attr), 0);
	CHECK_EQ(rte_thread_attr_set_priority(NULL, RTE_THREAD_PRIORITY_NORMAL), EINVAL);
	CHECK_EQ(rte_thread_attr_set_affinity(&attr, NULL), EINVAL);
	CHECK_EQ(rte_thread_attr_set_affinity(NULL, &set), EINVAL);
	CHECK_EQ(rte_thread_attr_get_affinity(&attr, NULL), EINVAL);
	CHECK_EQ(rte_thread_set_affinity_by_id(rte_thread_self(), NULL), EINVAL);
	CHECK_EQ(rte_thread_get_affinity_by_id(rte_thread_self(), NULL), EINVAL);
	CHECK_EQ(rte_thread_get_priority(rte_thread_self(), NULL), EINVAL);
	CHECK_EQ(rte_thread_set_priority(rte_thread_self(), (enum rte_thread_priority)9), EINVAL);
	CHECK_EQ(rte_thread_get_priority(rte_thread_self(), &priority), 0);
	CHECK_EQ(priority, RTE_THREAD_PRIORITY_NORMAL);
	CHECK_EQ(rte_thread_set_priority(rte_thread_self(), RTE_THREAD_PRIORITY_NORMAL), 0);
	CHECK_EQ(rte_thread_setname(pthread_self(), NULL), -EINVAL);
	CHECK_EQ(rte_thread_getname(pthread_self(), NULL, 4), -EINVAL);
	CHECK_EQ(rte_thread_getname(pthread_self(), name, 0), -EINVAL);
}

static unsigned int destroyed;

static void
destroy(void *value)
{
	destroyed += *(unsigned int *)value;
}

static uint32_t
use_key(void *arg)
{
	static unsigned int five = 5;
	rte_thread_key key = arg;

	if (rte_thread_value_get(key) != NULL || rte_thread_value_set(key, &five) != 0)
		return 1;
	return rte_thread_value_get(key) == &five ? 0 : 2;
}

static void
each_thread_has_its_value(void)
{
	unsigned int own = 1;
	rte_thread_t thread;
	rte_thread_key key;
	uint32_t value = 9;

	CHECK_EQ(rte_thread_key_create(&key, destroy), 0);
	CHECK(rte_thread_value_get(key) == NULL);
	CHECK_EQ(rte_thread_value_set(key, &own), 0);
	CHECK_EQ(rte_thread_create(&thread, NULL, use_key, key), 0);
	CHECK_EQ(rte_thread_join(thread, &value), 0);
	CHECK_EQ(value, 0);
	CHECK_EQ(destroyed, 5);
	CHECK(rte_thread_value_get(key) == &own);
	CHECK_EQ(rte_thread_value_set(key, NULL), 0);
	CHECK_EQ(rte_thread_key_delete(key), 0);

	CHECK_EQ(rte_thread_key_create(NULL, NULL), -1);
	CHECK_EQ(rte_errno, EINVAL);
	rte_errno = 0;
	CHECK_EQ(rte_thread_key_delete(NULL), -1);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_thread_value_set(NULL, &own), -1);
	rte_errno = 0;
	CHECK(rte_thread_value_get(NULL) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
}

struct guest_list {
	unsigned int room, came, went;
};

static int
welcome(unsigned int lcore_id, void *arg)
{
	struct guest_list *l = arg;

	RTE_SET_USED(lcore_id);
	return ++l->came > l->room ? -1 : 0;
}

static void
see_off(unsigned int lcore_id, void *arg)
{
	RTE_SET_USED(lcore_id);
	((struct guest_list *)arg)->went++;
}

static uint32_t
join_and_leave(void *arg)
{
	RTE_SET_USED(arg);
	if (rte_thread_register() != 0)
		return 100 + (uint32_t)rte_errno;
	rte_thread_unregister();
	return rte_lcore_id() == LCORE_ID_ANY ? 0 : 1;
}

static uint32_t
run(rte_thread_func func)
{
	uint32_t value = 99;
	rte_thread_t thread;

	CHECK_EQ(rte_thread_create(&thread, NULL, func, NULL), 0);
	CHECK_EQ(rte_thread_join(thread, &value), 0);
	return value;
}

static void
lcores_are_announced(void)
{
	struct guest_list small = { .room = 2 }, four = { .room = 4 }, all = { .room = 99 };
	void *handle, *limit;

	CHECK(rte_lcore_callback_register(NULL, welcome, see_off, &all) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	/* The third of three is refused: two have to leave again. */
	CHECK(rte_lcore_callback_register("small", welcome, see_off, &small) == NULL);
	CHECK_EQ(rte_errno, ECANCELED);
	CHECK_EQ(small.came, 3);
	CHECK_EQ(small.went, 2);

	handle = rte_lcore_callback_register("all", welcome, see_off, &all);
	limit = rte_lcore_callback_register("four", welcome, see_off, &four);
	CHECK(handle != NULL && limit != NULL);
	CHECK_EQ(all.came, 3);
	CHECK_EQ(run(join_and_leave), 0);
	CHECK_EQ(all.came, 4);
	CHECK_EQ(all.went, 1);
	/* A fifth for the second: the first has welcomed it and must see it off. */
	CHECK_EQ(run(join_and_leave), 100 + ENOMEM);
	CHECK_EQ(all.came, 5);
	CHECK_EQ(all.went, 2);
	CHECK_EQ(four.went, 1);
	rte_lcore_callback_unregister(limit);
	CHECK_EQ(four.went, 4);
	CHECK_EQ(run(join_and_leave), 0);
	rte_lcore_callback_unregister(handle);
	CHECK_EQ(all.went, 3 + 3);
	rte_lcore_callback_unregister(NULL);
	/* Without functions it is allowed, too. */
	handle = rte_lcore_callback_register("none", NULL, NULL, NULL);
	CHECK(handle != NULL);
	CHECK_EQ(run(join_and_leave), 0);
	rte_lcore_callback_unregister(handle);
}

static int
count_lcores(unsigned int lcore_id, void *arg)
{
	RTE_SET_USED(lcore_id);
	return ++*(int *)arg == 2 ? -5 : 0;
}

static void
iteration_ends_where_it_is_told(void)
{
	int n = 0;

	CHECK_EQ(rte_lcore_iterate(count_lcores, &n), -5);
	CHECK_EQ(n, 2);
	rte_lcore_dump(log_file);
	CHECK(log_has("lcore 9, socket 0, role RTE, cpuset 0"));
}

static int gone = -1;
static enum rte_keepalive_state relayed;

static void
note_gone(void *data, const int id)
{
	RTE_SET_USED(data);
	gone = id;
}

static void
note_state(void *data, const int id, enum rte_keepalive_state state, uint64_t last_seen)
{
	RTE_SET_USED(id);
	relayed = last_seen != 0 ? state : RTE_KA_STATE_UNUSED;
	++*(int *)data;
}

static void
silence_is_noticed(void)
{
	struct rte_keepalive *k = rte_keepalive_create(note_gone, NULL);
	int looks = 0;

	CHECK(k != NULL);
	rte_keepalive_register_relay_callback(k, note_state, &looks);
	rte_keepalive_register_core(k, -1);
	rte_keepalive_register_core(k, RTE_KEEPALIVE_MAXCORES);
	rte_keepalive_dispatch_pings(NULL, k);
	CHECK_EQ(looks, 0);
	rte_keepalive_register_core(k, (int)rte_lcore_id());
	rte_keepalive_dispatch_pings(NULL, k);
	CHECK_EQ(relayed, RTE_KA_STATE_MISSING);
	rte_keepalive_mark_alive(k);
	rte_keepalive_dispatch_pings(NULL, k);
	CHECK_EQ(relayed, RTE_KA_STATE_MISSING);
	rte_keepalive_mark_sleep(k);
	rte_keepalive_dispatch_pings(NULL, k);
	rte_keepalive_dispatch_pings(NULL, k);
	CHECK_EQ(relayed, RTE_KA_STATE_SLEEP);
	CHECK_EQ(gone, -1);
	rte_keepalive_mark_alive(k);
	rte_keepalive_dispatch_pings(NULL, k);
	rte_keepalive_dispatch_pings(NULL, k);
	CHECK_EQ(relayed, RTE_KA_STATE_DEAD);
	CHECK_EQ(gone, -1);
	rte_keepalive_dispatch_pings(NULL, k);
	CHECK_EQ(relayed, RTE_KA_STATE_GONE);
	CHECK_EQ(gone, rte_lcore_id());
	gone = -1;
	rte_keepalive_dispatch_pings(NULL, k);
	CHECK_EQ(gone, -1);
	CHECK_EQ(looks, 8);
	rte_free(k);
}

int
main(void)
{
	log_capture("test_eal_threads.log");
	if (eal_start("test --no-huge --lcores (2,4,9)@0 --main-lcore=4 -m 8") < 0) {
		printf("rte_eal_init: %s\n", log_taken());
		return 1;
	}
	RUN(a_thread_is_pinned_before_it_runs);
	RUN(bad_arguments_are_refused);
	RUN(each_thread_has_its_value);
	RUN(lcores_are_announced);
	RUN(iteration_ends_where_it_is_told);
	RUN(silence_is_noticed);
	rte_eal_cleanup();
	return check_summary();
}
