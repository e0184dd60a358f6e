/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Interrupts: callbacks, taking them away at every moment, the handle's fields. Tests wait for what happens.
 */
#include <errno.h>
#include <sched.h>

#include <rte_cycles.h>
#include <rte_lcore.h>
#include <wdpdk_registry.h>

#include "test_interrupts.h"
#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

static unsigned int calls, others, farewells, go, inside;
static int result;

static void
wait_until(const unsigned int *value, unsigned int wanted)
{
	while (__atomic_load_n(value, __ATOMIC_ACQUIRE) < wanted)
		rte_delay_us_sleep(100);
}

static void
note(void *arg)
{
	RTE_SET_USED(arg);
	__atomic_add_fetch(&calls, rte_thread_is_intr() ? 1 : 1000, __ATOMIC_RELEASE);
}

static void
note_other(void *arg)
{
	RTE_SET_USED(arg);
	__atomic_add_fetch(&others, 1, __ATOMIC_RELEASE);
}

static void
bad_arguments_are_refused(void)
{
	struct rte_intr_handle *none = rte_intr_instance_alloc(RTE_INTR_INSTANCE_F_PRIVATE);
	struct rte_intr_handle *h = test_source_make(0);

	CHECK(none != NULL && h != NULL);
	rte_intr_fd_set(none, -1);
	CHECK_EQ(rte_intr_callback_register(NULL, note, NULL), -EINVAL);
	CHECK_EQ(rte_intr_callback_register(none, note, NULL), -EINVAL);
	CHECK_EQ(rte_intr_callback_register(h, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_intr_callback_unregister(NULL, note, NULL), -EINVAL);
	CHECK_EQ(rte_intr_callback_unregister(none, note, NULL), -EINVAL);
	CHECK_EQ(rte_intr_callback_unregister(h, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_intr_callback_unregister(h, note, NULL), -ENOENT);
	CHECK_EQ(rte_intr_callback_unregister_pending(NULL, note, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_intr_callback_unregister_pending(h, note, NULL, NULL), -ENOENT);
	CHECK_EQ(rte_intr_callback_unregister_sync(NULL, note, NULL), -EINVAL);
	CHECK_EQ(rte_intr_callback_unregister_sync(h, note, NULL), -ENOENT);
	CHECK_EQ(rte_intr_enable(NULL), -1);
	CHECK_EQ(rte_intr_disable(none), -1);
	CHECK_EQ(rte_intr_ack(NULL), -1);
	CHECK_EQ(rte_intr_enable(h), -1);
	CHECK_EQ(rte_intr_ack(h), -1);
	rte_intr_type_set(none, RTE_INTR_HANDLE_VDEV);
	CHECK_EQ(rte_intr_enable(none), 0);
	rte_intr_instance_free(none);
	test_source_free(h);
}

static void
callbacks_are_called(void)
{
	struct rte_intr_handle *h = test_source_make(0);
	unsigned int i;

	calls = others = 0;
	CHECK_EQ(rte_intr_callback_register(h, note, h), 0);
	CHECK_EQ(rte_intr_callback_register(h, note_other, h), 0);
	for (i = 1; i <= 20; i++) {
		test_source_fire(h);
		wait_until(&calls, i);
		wait_until(&others, i);
	}
	CHECK_EQ(calls, 20);
	/* The callbacks may have returned without their thread having got on. */
	while ((result = rte_intr_callback_unregister(h, note, (void *)1)) == -EAGAIN)
		sched_yield();
	CHECK_EQ(result, 0);
	CHECK_EQ(rte_intr_callback_unregister(h, note, h), 1);
	test_source_fire(h);
	wait_until(&others, 21);
	CHECK_EQ(rte_intr_callback_unregister_sync(h, note_other, (void *)-1), 1);
	CHECK_EQ(calls, 20);
	CHECK_EQ(rte_intr_callback_unregister(h, note_other, h), -ENOENT);
	test_source_free(h);
}

static void
say_farewell(struct rte_intr_handle *handle, void *arg)
{
	if (handle == arg)
		__atomic_add_fetch(&farewells, 1, __ATOMIC_RELEASE);
}

static void
leave_from_inside(void *arg)
{
	struct rte_intr_handle *h = arg;

	calls++;
	result = rte_intr_callback_unregister(h, leave_from_inside, arg) == -EAGAIN &&
		rte_intr_callback_unregister_sync(h, leave_from_inside, arg) == -EDEADLK &&
		rte_intr_callback_unregister_pending(h, leave_from_inside, arg, say_farewell) == 1 &&
		rte_intr_callback_unregister_pending(h, leave_from_inside, arg, say_farewell) == 0;
}

static void
a_callback_leaves_from_inside(void)
{
	struct rte_intr_handle *h = test_source_make(0);

	calls = farewells = 0;
	CHECK_EQ(rte_intr_callback_register(h, leave_from_inside, h), 0);
	CHECK_EQ(rte_intr_callback_unregister_pending(h, leave_from_inside, h, NULL), -EAGAIN);
	test_source_fire(h);
	wait_until(&farewells, 1);
	CHECK_EQ(result, 1);
	CHECK_EQ(calls, 1);
	/* With its last callback the source is forgotten. */
	CHECK_EQ(rte_intr_callback_unregister_sync(h, leave_from_inside, h), -ENOENT);
	test_source_free(h);
}

static void
linger(void *arg)
{
	RTE_SET_USED(arg);
	__atomic_store_n(&inside, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&go, __ATOMIC_ACQUIRE))
		sched_yield();
	rte_delay_us_sleep(2000);
	__atomic_store_n(&inside, 2, __ATOMIC_RELEASE);
}

static uint32_t
let_go(void *arg)
{
	RTE_SET_USED(arg);
	rte_delay_us_sleep(2000);
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	return 0;
}

static void
unregistering_waits_for_what_runs(void)
{
	struct rte_intr_handle *h = test_source_make(0);
	rte_thread_t thread;

	go = inside = others = 0;
	CHECK_EQ(rte_intr_callback_register(h, linger, NULL), 0);
	CHECK_EQ(rte_intr_callback_register(h, note_other, NULL), 0);
	test_source_fire(h);
	wait_until(&inside, 1);
	CHECK_EQ(rte_intr_callback_unregister(h, linger, NULL), -EAGAIN);
	CHECK_EQ(rte_intr_callback_unregister(h, note_other, NULL), -EAGAIN);
	CHECK_EQ(rte_thread_create(&thread, NULL, let_go, NULL), 0);
	CHECK_EQ(rte_intr_callback_unregister_sync(h, linger, (void *)-1), 1);
	CHECK_EQ(__atomic_load_n(&inside, __ATOMIC_ACQUIRE), 2);
	CHECK_EQ(rte_thread_join(thread, NULL), 0);
	wait_until(&others, 1);
	CHECK_EQ(rte_intr_callback_unregister_sync(h, note_other, NULL), 1);
	test_source_free(h);
}

/* It fires until somebody takes it: the interrupt thread has no pause. */
static void
a_source_that_never_rests_can_be_left(void)
{
	struct rte_intr_handle *h = test_source_make(1);
	unsigned int i, seen;

	for (i = 0; i < 50; i++) {
		calls = 0;
		CHECK_EQ(rte_intr_callback_register(h, note, h), 0);
		if (i == 0)
			test_source_fire(h);
		wait_until(&calls, 3);
		CHECK_EQ(rte_intr_callback_unregister_sync(h, note, h), 1);
		seen = __atomic_load_n(&calls, __ATOMIC_ACQUIRE);
		sched_yield();
		CHECK_EQ(__atomic_load_n(&calls, __ATOMIC_ACQUIRE), seen);
	}
	test_source_take(h);
	test_source_free(h);
}

/* Threads that come and go while the source fires. */
static struct rte_intr_handle *busy;

static uint32_t
come_and_go(void *arg)
{
	unsigned int i;

	for (i = 0; i < 200; i++) {
		if (rte_intr_callback_register(busy, note_other, arg) != 0)
			return 1;
		if (rte_intr_callback_unregister_sync(busy, note_other, arg) != 1)
			return 2;
	}
	return 0;
}

static void
threads_come_and_go(void)
{
	rte_thread_t thread[3];
	uint32_t value;
	unsigned int i;

	busy = test_source_make(1);
	CHECK_EQ(rte_intr_callback_register(busy, note, NULL), 0);
	test_source_fire(busy);
	for (i = 0; i < 3; i++)
		CHECK_EQ(rte_thread_create(&thread[i], NULL, come_and_go, &thread[i]), 0);
	for (i = 0; i < 3; i++) {
		CHECK_EQ(rte_thread_join(thread[i], &value), 0);
		CHECK_EQ(value, 0);
	}
	CHECK_EQ(rte_intr_callback_unregister_sync(busy, note, NULL), 1);
	test_source_free(busy);
}

static void
handles_hold_their_fields(void)
{
	struct rte_intr_handle *h, *copy;
	struct rte_epoll_event event = { .fd = 77 };

	CHECK(rte_intr_instance_alloc(2) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	h = rte_intr_instance_alloc(RTE_INTR_INSTANCE_F_SHARED);
	CHECK(h != NULL);
	CHECK_EQ(rte_intr_fd_set(h, 5), 0);
	CHECK_EQ(rte_intr_dev_fd_set(h, 6), 0);
	CHECK_EQ(rte_intr_type_set(h, RTE_INTR_HANDLE_VFIO_MSIX), 0);
	CHECK_EQ(rte_intr_instance_windows_handle_set(h, h), 0);
	CHECK_EQ(rte_intr_nb_intr_get(h), RTE_MAX_RXTX_INTR_VEC_ID);
	CHECK_EQ(rte_intr_max_intr_set(h, 4), 0);
	CHECK_EQ(rte_intr_nb_efd_set(h, 3), 0);
	CHECK_EQ(rte_intr_nb_efd_set(h, RTE_MAX_RXTX_INTR_VEC_ID + 1), -ERANGE);
	CHECK_EQ(rte_intr_efd_counter_size_set(h, 8), 0);
	CHECK_EQ(rte_intr_efd_counter_size_set(h, 17), -ERANGE);
	CHECK_EQ(rte_intr_efds_index_set(h, 2, 55), 0);
	CHECK_EQ(rte_intr_efds_index_set(h, -1, 55), -ERANGE);
	CHECK_EQ(rte_intr_efds_index_set(h, RTE_MAX_RXTX_INTR_VEC_ID, 55), -ERANGE);
	CHECK_EQ(rte_intr_elist_index_set(h, 1, event), 0);
	CHECK_EQ(rte_intr_vec_list_alloc(h, "v", RTE_MAX_RXTX_INTR_VEC_ID + 1), -ERANGE);
	CHECK_EQ(rte_intr_vec_list_index_set(h, 0, 9), -ERANGE);
	CHECK_EQ(rte_intr_vec_list_alloc(h, "v", 2), 0);
	CHECK_EQ(rte_intr_vec_list_index_set(h, 1, 9), 0);
	CHECK_EQ(rte_intr_vec_list_index_get(h, 1), 9);
	CHECK_EQ(rte_intr_vec_list_index_get(h, 2), -ERANGE);
	CHECK_EQ(rte_intr_event_list_update(h, 16), 0);
	CHECK_EQ(rte_intr_event_list_update(h, 0), -EINVAL);
	copy = rte_intr_instance_dup(h);
	rte_intr_instance_free(h);
	CHECK(copy != NULL);
	CHECK_EQ(rte_intr_fd_get(copy), 5);
	CHECK_EQ(rte_intr_dev_fd_get(copy), 6);
	CHECK_EQ(rte_intr_type_get(copy), RTE_INTR_HANDLE_VFIO_MSIX);
	CHECK(rte_intr_instance_windows_handle_get(copy) == h);
	CHECK_EQ(rte_intr_nb_intr_get(copy), 16);
	CHECK_EQ(rte_intr_max_intr_get(copy), 4);
	CHECK_EQ(rte_intr_nb_efd_get(copy), 3);
	CHECK_EQ(rte_intr_efd_counter_size_get(copy), 8);
	CHECK_EQ(rte_intr_efds_index_get(copy, 2), 55);
	CHECK_EQ(rte_intr_elist_index_get(copy, 1)->fd, 77);
	CHECK(rte_intr_elist_index_get(copy, 16) == NULL);
	CHECK(rte_intr_dp_is_en(copy) && rte_intr_allow_others(copy) && rte_intr_cap_multiple(copy));
	rte_intr_instance_free(copy);
	rte_intr_instance_free(NULL);

	rte_errno = 0;
	CHECK_EQ(rte_intr_fd_set(NULL, 1), -EINVAL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_intr_fd_get(NULL), -1);
	CHECK_EQ(rte_intr_type_get(NULL), RTE_INTR_HANDLE_UNKNOWN);
	CHECK(rte_intr_instance_dup(NULL) == NULL);
	CHECK_EQ(rte_intr_efds_index_get(NULL, 0), -EINVAL);
}

int
main(void)
{
	log_capture("test_eal_interrupts.log");
	if (eal_start("test --no-huge --lcores 0 -m 8") < 0) {
		printf("rte_eal_init: %s\n", log_taken());
		return 1;
	}
	RUN(bad_arguments_are_refused);
	RUN(callbacks_are_called);
	RUN(a_callback_leaves_from_inside);
	RUN(unregistering_waits_for_what_runs);
	RUN(a_source_that_never_rests_can_be_left);
	RUN(threads_come_and_go);
	RUN(handles_hold_their_fields);
	rte_eal_cleanup();
	return check_summary();
}
