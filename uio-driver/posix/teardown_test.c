/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The end of an owner: its order, whoever starts it, what stays when a function cannot be made quiet, and removal. The fake functions
 * judge besides: what they could still write to must not have been freed.
 */
#include "check.h"
#include "stand.h"

static struct stand stand;

/* The owner's open with everything in use: a BAR mapped, memory, bus mastering. */
static struct uio_handle *
busy_owner(unsigned int device, uint64_t *id)
{
	struct uio_handle *handle = NULL;
	uint64_t mapping;

	if (uio_open(stand.device[device], false, &handle) != WDPDK_UIO_OK || stand_map(handle, 0, 0, FAKE_BAR0, &mapping) != WDPDK_UIO_OK ||
	    stand_alloc(handle, 2, id) != WDPDK_UIO_OK || stand_master(handle, 1) != WDPDK_UIO_OK)
		return NULL;
	return handle;
}

static struct wdpdk_uio_state
observed(unsigned int device)
{
	struct wdpdk_uio_state state = { .state = 99 };
	struct uio_handle *observer;

	if (uio_open(stand.device[device], true, &observer) != WDPDK_UIO_OK)
		return state;
	state = stand_status(observer);
	uio_close(observer);
	return state;
}

enum starter { BY_CLEANUP, BY_CLOSE, BY_EXIT, STARTERS };

static void
end_by(enum starter starter, struct uio_handle *handle)
{
	if (starter == BY_CLEANUP)
		uio_cleanup(handle);
	if (starter == BY_EXIT)
		uio_process_exit(stand.driver, stand.process[0]);
	uio_close(handle);
}

static void
the_order_is_the_same_whoever_starts_it(void)
{
	static const enum wdpdk_uio_step right[] = {
		WDPDK_UIO_STEP_BLOCK, WDPDK_UIO_STEP_EVENT, WDPDK_UIO_STEP_MASTER_OFF, WDPDK_UIO_STEP_QUIET, WDPDK_UIO_STEP_RESET,
		WDPDK_UIO_STEP_UNMAP, WDPDK_UIO_STEP_MEMORY_UNMAP, WDPDK_UIO_STEP_FREE,
	};
	static const enum wdpdk_uio_cause causes[] = { WDPDK_UIO_CAUSE_CLEANUP, WDPDK_UIO_CAUSE_CLOSE, WDPDK_UIO_CAUSE_EXIT };
	static const enum fake_op ops[] = {
		FAKE_MASTER_OFF, FAKE_POLL, FAKE_RESET, FAKE_BAR_UNMAP, FAKE_UNMAP, FAKE_FREE,
	};
	struct wdpdk_uio_state state;
	struct uio_handle *handle;
	unsigned int from;
	uint64_t id;
	int at, last;

	stand_up(&stand);
	for (enum starter starter = 0; starter < STARTERS; starter++) {
		posix_become(stand.process[0]);
		handle = busy_owner(0, &id);
		CHECK(handle != NULL);
		from = stand.world.lines;
		/* What comes in another process must undo mappings in the owner's. */
		posix_become(stand.process[1]);
		end_by(starter, handle);
		last = (int)from - 1;
		for (unsigned int i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
			at = fake_find(&stand.world, from, 0, ops[i]);
			CHECK(at > last);
			last = at;
		}
		state = observed(0);
		CHECK_EQ(state.state, WDPDK_UIO_STATE_FREE);
		CHECK_EQ(state.teardowns, starter + 1);
		CHECK_EQ(state.last_cause, causes[starter]);
		CHECK_EQ(state.last_steps, sizeof(right) / sizeof(right[0]));
		for (unsigned int i = 0; i < sizeof(right) / sizeof(right[0]); i++)
			CHECK_EQ(state.last_step[i], right[i]);
		CHECK_EQ(state.flags, 0);
		CHECK_EQ(state.owner, 0);
		CHECK_EQ(state.driver_bytes, 0);
		CHECK_EQ(stand.world.blocks, 0);
		CHECK_EQ(stand.world.mappings, 0);
		CHECK_EQ(stand.world.violations, 0);
	}
	CHECK(stand_down(&stand));
}

static void
the_first_open_resets_and_the_next_need_not(void)
{
	struct uio_handle *handle;
	unsigned int from = 0;

	stand_up(&stand);
	/* As firmware may leave it. */
	stand.world.device[0].config[4] = 6;
	stand.world.device[0].master = true;
	for (unsigned int i = 0; i < 3; i++) {
		CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
		CHECK_EQ(fake_find(&stand.world, from, 0, FAKE_RESET) >= 0, i == 0);
		CHECK_EQ(stand.world.device[0].master, false);
		uio_close(handle);
		CHECK_EQ(stand.world.device[0].config[4], 2);
		CHECK_EQ(stand.world.device[0].config[0x13], 0xf0);
		from = stand.world.lines;
	}
	CHECK(stand_down(&stand));
}

static void
memory_lives_with_the_last_function(void)
{
	struct uio_handle *first, *second;
	struct wdpdk_uio_state state;
	uint64_t id, other;

	stand_up(&stand);
	first = busy_owner(0, &id);
	second = busy_owner(1, &other);
	CHECK(first != NULL && second != NULL);
	uio_close(first);
	state = observed(0);
	CHECK_EQ(state.last_step[state.last_steps - 1], WDPDK_UIO_STEP_KEPT);
	CHECK_EQ(stand.world.blocks, 2);
	CHECK_EQ(stand_status(second).owner_bytes, 4 * WDPDK_UIO_CHUNK);
	/* Another process may have the first function now; its memory is its own. */
	posix_become(stand.process[1]);
	first = busy_owner(0, &id);
	CHECK(first != NULL);
	CHECK_EQ(stand_status(first).owner_bytes, 2 * WDPDK_UIO_CHUNK);
	uio_close(second);
	CHECK_EQ(stand.world.blocks, 1);
	uio_close(first);
	CHECK_EQ(stand.world.blocks, 0);
	CHECK(stand_down(&stand));
}

static void
a_process_ends_with_all_of_its_functions(void)
{
	struct uio_handle *first, *second;
	uint64_t id;

	stand_up(&stand);
	first = busy_owner(0, &id);
	second = busy_owner(1, &id);
	CHECK(first != NULL && second != NULL);
	uio_process_exit(stand.driver, stand.process[1]);
	CHECK_EQ(stand.world.blocks, 2);
	posix_become(NULL);
	uio_process_exit(stand.driver, stand.process[0]);
	CHECK_EQ(stand.world.blocks, 0);
	CHECK_EQ(stand.world.mappings, 0);
	uio_process_exit(stand.driver, stand.process[0]);
	CHECK_EQ(observed(0).teardowns, 1);
	CHECK_EQ(observed(1).teardowns, 1);
	uio_cleanup(first);
	uio_close(second);
	uio_close(first);
	CHECK_EQ(observed(0).teardowns, 1);
	CHECK(stand_down(&stand));
}

/* Whatever keeps a function from being quiet: its owner's memory is never freed, and nobody gets it before it is. */
static void
what_is_not_quiet_is_quarantined(void)
{
	static const struct {
		uint32_t fault;
		enum wdpdk_uio_step step;
	} cases[] = {
		{ FAKE_STUCK, WDPDK_UIO_STEP_NOT_QUIET },
		{ FAKE_MASTER_STICKS, WDPDK_UIO_STEP_NOT_QUIET },
		{ FAKE_RESET_FAILS, WDPDK_UIO_STEP_RESET_FAILED },
		{ FAKE_READ_FAILS, WDPDK_UIO_STEP_NOT_QUIET },
		{ FAKE_WRITE_FAILS, WDPDK_UIO_STEP_NOT_QUIET },
		{ FAKE_ABSENT, WDPDK_UIO_STEP_NOT_QUIET },
	};

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wdpdk_uio_state state;
		struct uio_handle *handle, *again;
		unsigned int stays = posix_stays();
		bool seen = false;
		uint64_t id;

		stand_up(&stand);
		handle = busy_owner(0, &id);
		CHECK(handle != NULL);
		CHECK_EQ(stand_alloc(handle, 3, &id), WDPDK_UIO_OK);
		fake_set_faults(&stand.world.device[0], cases[i].fault);
		uio_close(handle);
		state = observed(0);
		for (unsigned int step = 0; step < state.last_steps; step++)
			seen = seen || state.last_step[step] == cases[i].step;
		CHECK(seen);
		CHECK_EQ(state.last_step[state.last_steps - 1], WDPDK_UIO_STEP_QUARANTINE);
		CHECK_EQ(state.quarantined_bytes, 5 * WDPDK_UIO_CHUNK);
		CHECK_EQ(state.quarantined_blocks, 2);
		CHECK_EQ(state.driver_bytes, 0);
		CHECK_EQ(state.flags & WDPDK_UIO_FLAG_NEEDS_RESET, WDPDK_UIO_FLAG_NEEDS_RESET);
		CHECK_EQ(stand.world.quarantined, 2);
		CHECK_EQ(stand.world.mappings, 0);
		CHECK(posix_stays() > stays);
		/* The next owner has to wait until it can be made quiet (its reset has unstuck one); the memory stays where it is. */
		if (cases[i].fault != FAKE_MASTER_STICKS) {
			CHECK_EQ(uio_open(stand.device[0], false, &again), WDPDK_UIO_E_NOT_READY);
			CHECK_EQ(observed(0).opens_refused, 1);
		}
		fake_set_faults(&stand.world.device[0], 0);
		CHECK_EQ(uio_open(stand.device[0], false, &again), WDPDK_UIO_OK);
		/* Also of a function that lost its configuration before it went silent. */
		CHECK_EQ(stand.world.device[0].config[0x13], 0xf0);
		CHECK_EQ(stand.world.device[0].config[4], 2);
		CHECK_EQ(stand_status(again).owner_bytes, 0);
		CHECK_EQ(stand_status(again).quarantined_blocks, 2);
		CHECK_EQ(stand_master(again, 1), WDPDK_UIO_OK);
		uio_close(again);
		CHECK_EQ(stand.world.violations, 0);
		CHECK(stand_down(&stand));
		/* The hardware that has it is never given back; the other is. */
		CHECK_EQ(stand.world.released, 1);
	}
}

/* One of two functions is stuck: the memory of both is one. */
static void
one_stuck_function_taints_its_owner(void)
{
	struct uio_handle *first, *second;
	uint64_t id, other;

	stand_up(&stand);
	first = busy_owner(0, &id);
	second = busy_owner(1, &other);
	CHECK(first != NULL && second != NULL);
	fake_set_faults(&stand.world.device[0], FAKE_STUCK);
	uio_close(first);
	fake_set_faults(&stand.world.device[0], 0);
	CHECK_EQ(stand_master(second, 0), WDPDK_UIO_OK);
	CHECK_EQ(stand_id(second, WDPDK_UIO_DMA_FREE, other), WDPDK_UIO_E_BUSY);
	CHECK_EQ(stand_plain(second, WDPDK_UIO_RESET, NULL, 0), WDPDK_UIO_OK);
	CHECK_EQ(stand_id(second, WDPDK_UIO_DMA_FREE, other), WDPDK_UIO_E_BUSY);
	uio_close(second);
	CHECK_EQ(observed(1).quarantined_blocks, 2);
	CHECK(stand_down(&stand));
}

static void
transactions_that_take_their_time(void)
{
	struct wdpdk_uio_bus_master request = { STAND_HEAD(wdpdk_uio_bus_master), 0, 0, 0 };
	struct wdpdk_uio_bus_master_reply reply;
	struct uio_handle *handle;
	uint64_t id;

	stand_up(&stand);
	handle = busy_owner(0, &id);
	CHECK(handle != NULL);
	fake_set_faults(&stand.world.device[0], FAKE_STUCK);
	CHECK_EQ(stand_call(handle, WDPDK_UIO_BUS_MASTER, &request, sizeof(request), &reply, sizeof(reply)), WDPDK_UIO_OK);
	CHECK_EQ(reply.enabled, 0);
	CHECK_EQ(reply.pending, 1);
	CHECK_EQ(stand_status(handle).flags, WDPDK_UIO_FLAG_UNQUIET);
	CHECK_EQ(stand_id(handle, WDPDK_UIO_DMA_FREE, id), WDPDK_UIO_E_BUSY);
	CHECK_EQ(stand_plain(handle, WDPDK_UIO_RESET, NULL, 0), WDPDK_UIO_E_IO);
	CHECK_EQ(stand_master(handle, 1), WDPDK_UIO_E_NOT_READY);
	fake_set_faults(&stand.world.device[0], 0);
	CHECK_EQ(stand_call(handle, WDPDK_UIO_BUS_MASTER, &request, sizeof(request), &reply, sizeof(reply)), WDPDK_UIO_OK);
	CHECK_EQ(reply.pending, 0);
	CHECK_EQ(stand_plain(handle, WDPDK_UIO_RESET, NULL, 0), WDPDK_UIO_OK);
	CHECK_EQ(stand_id(handle, WDPDK_UIO_DMA_FREE, id), WDPDK_UIO_OK);
	CHECK_EQ(stand_master(handle, 1), WDPDK_UIO_OK);
	fake_set_faults(&stand.world.device[0], FAKE_MASTER_STICKS);
	CHECK_EQ(stand_call(handle, WDPDK_UIO_BUS_MASTER, &request, sizeof(request), &reply, sizeof(reply)), WDPDK_UIO_E_IO);
	CHECK_EQ(stand_status(handle).flags & WDPDK_UIO_FLAG_BUS_MASTER, WDPDK_UIO_FLAG_BUS_MASTER);
	fake_set_faults(&stand.world.device[0], 0);
	uio_close(handle);
	CHECK_EQ(observed(0).quarantined_blocks, 0);
	CHECK(stand_down(&stand));
}

static void
pulled_out(void)
{
	struct wdpdk_uio_request in = { { 16, 1 }, 0 };
	struct posix_request waiting = { .handle = NULL };
	struct wdpdk_uio_event event;
	struct wdpdk_uio_info info;
	struct uio_handle *handle, *another = NULL;
	uint8_t buffer[24];
	uint32_t returned;
	uint64_t id, other;

	stand_up(&stand);
	handle = busy_owner(0, &id);
	CHECK(handle != NULL);
	memcpy(buffer, &in, sizeof(in));
	CHECK_EQ(posix_ioctl(handle, WDPDK_UIO_WAIT_EVENT, buffer, 16, 24, &returned, &waiting), WDPDK_UIO_PENDING);
	fake_set_faults(&stand.world.device[0], FAKE_ABSENT);
	uio_device_surprise(stand.device[0]);
	CHECK_EQ(waiting.done, 1);
	memcpy(&event, waiting.reply, sizeof(event));
	CHECK_EQ(event.event, WDPDK_UIO_EVENT_REMOVAL);
	/* Its registers are gone, its heap is not. */
	CHECK(fake_find(&stand.world, 0, 0, FAKE_BAR_UNMAP) >= 0);
	CHECK_EQ(stand.world.mappings, 1);
	CHECK_EQ(stand.world.blocks, 1);
	CHECK_EQ(stand_plain(handle, WDPDK_UIO_INFO, &info, sizeof(info)), WDPDK_UIO_OK);
	CHECK_EQ(stand_status(handle).state, WDPDK_UIO_STATE_REMOVED);
	CHECK_EQ(stand_status(handle).mappings, 0);
	CHECK_EQ(stand_plain(handle, WDPDK_UIO_WAIT_EVENT, &event, sizeof(event)), WDPDK_UIO_OK);
	CHECK_EQ(event.event, WDPDK_UIO_EVENT_REMOVAL);
	CHECK_EQ(stand_map(handle, 0, 0, 4096, &other), WDPDK_UIO_E_REMOVED);
	CHECK_EQ(stand_alloc(handle, 1, &other), WDPDK_UIO_E_REMOVED);
	CHECK_EQ(stand_id(handle, WDPDK_UIO_DMA_FREE, id), WDPDK_UIO_E_REMOVED);
	CHECK_EQ(stand_master(handle, 0), WDPDK_UIO_E_REMOVED);
	CHECK_EQ(stand_plain(handle, WDPDK_UIO_RESET, NULL, 0), WDPDK_UIO_E_REMOVED);
	CHECK_EQ(uio_open(stand.device[0], false, &another), WDPDK_UIO_E_REMOVED);
	CHECK_EQ(uio_open(stand.device[0], true, &another), WDPDK_UIO_E_REMOVED);
	uio_device_remove(stand.device[0]);
	stand.device[0] = NULL;
	CHECK_EQ(stand.world.blocks, 1);
	CHECK_EQ(stand.world.released, 0);
	CHECK_EQ(stand_status(handle).last_cause, WDPDK_UIO_CAUSE_REMOVAL);
	uio_cleanup(handle);
	CHECK_EQ(stand.world.blocks, 0);
	CHECK_EQ(stand_status(handle).last_step[5], WDPDK_UIO_STEP_FREE);
	uio_close(handle);
	CHECK_EQ(stand.world.released, 1);
	CHECK(stand_down(&stand));
}

/* PnP says gone, and the function is still there: it is made quiet as ever. And the memory of a removed one is freed by its sibling. */
static void
removed_but_still_there(void)
{
	struct uio_handle *first, *second;
	unsigned int from;
	uint64_t id, other;

	stand_up(&stand);
	first = busy_owner(0, &id);
	second = busy_owner(1, &other);
	CHECK(first != NULL && second != NULL);
	from = stand.world.lines;
	uio_device_surprise(stand.device[0]);
	CHECK(fake_find(&stand.world, from, 0, FAKE_MASTER_OFF) >= 0);
	CHECK(fake_find(&stand.world, from, 0, FAKE_RESET) > fake_find(&stand.world, from, 0, FAKE_MASTER_OFF));
	uio_device_remove(stand.device[0]);
	stand.device[0] = NULL;
	CHECK_EQ(stand_master(second, 0), WDPDK_UIO_OK);
	CHECK_EQ(stand_id(second, WDPDK_UIO_DMA_FREE, id), WDPDK_UIO_OK);
	uio_process_exit(stand.driver, stand.process[0]);
	CHECK_EQ(stand.world.blocks, 0);
	uio_close(first);
	CHECK_EQ(stand.world.released, 1);
	uio_close(second);
	CHECK(stand_down(&stand));
}

/* It hung, and then PnP said that it is gone: its ones may be those of before. */
static void
removed_after_it_hung(void)
{
	struct uio_handle *handle;
	uint64_t id;

	stand_up(&stand);
	handle = busy_owner(0, &id);
	CHECK(handle != NULL);
	fake_set_faults(&stand.world.device[0], FAKE_MASTER_STICKS | FAKE_RESET_FAILS);
	CHECK_EQ(stand_plain(handle, WDPDK_UIO_RESET, NULL, 0), WDPDK_UIO_E_IO);
	uio_device_surprise(stand.device[0]);
	uio_close(handle);
	CHECK_EQ(stand.world.quarantined, 1);
	CHECK(stand_down(&stand));
}

/* Gone, says PnP; whether that is so cannot be asked. */
static void
removed_and_not_to_be_asked(void)
{
	struct uio_handle *handle;
	uint64_t id;

	stand_up(&stand);
	handle = busy_owner(0, &id);
	CHECK(handle != NULL);
	fake_set_faults(&stand.world.device[0], FAKE_READ_FAILS);
	uio_device_surprise(stand.device[0]);
	uio_close(handle);
	CHECK_EQ(stand.world.quarantined, 1);
	CHECK(stand_down(&stand));
}

static void
removal_is_refused_while_a_handle_is_open(void)
{
	struct uio_handle *owner, *observer, *late;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], true, &observer), WDPDK_UIO_OK);
	CHECK_EQ(uio_device_query_remove(stand.device[0]), WDPDK_UIO_E_BUSY);
	CHECK_EQ(uio_open(stand.device[0], false, &owner), WDPDK_UIO_OK);
	uio_close(observer);
	CHECK_EQ(uio_device_query_remove(stand.device[0]), WDPDK_UIO_E_BUSY);
	uio_cleanup(owner);
	CHECK_EQ(uio_device_query_remove(stand.device[0]), WDPDK_UIO_E_BUSY);
	uio_close(owner);
	CHECK_EQ(uio_device_query_remove(stand.device[0]), WDPDK_UIO_OK);
	CHECK_EQ(uio_open(stand.device[0], false, &late), WDPDK_UIO_E_NOT_READY);
	CHECK_EQ(uio_open(stand.device[0], true, &late), WDPDK_UIO_E_NOT_READY);
	uio_device_cancel_remove(stand.device[0]);
	CHECK_EQ(uio_open(stand.device[0], false, &owner), WDPDK_UIO_OK);
	uio_close(owner);
	CHECK_EQ(uio_device_query_remove(stand.device[0]), WDPDK_UIO_OK);
	uio_device_stop(stand.device[0]);
	CHECK_EQ(uio_open(stand.device[0], false, &late), WDPDK_UIO_E_NOT_READY);
	CHECK_EQ(stand_start(&stand, 0), WDPDK_UIO_OK);
	CHECK_EQ(uio_open(stand.device[0], false, &owner), WDPDK_UIO_OK);
	uio_close(owner);
	CHECK(stand_down(&stand));
}

/* What can never be made quiet for certain is not started; and what configuration space says is not believed. */
static void
functions_that_are_not_driven(void)
{
	struct uio_handle *handle;
	uint8_t *config;

	stand_up(&stand);
	config = stand.world.device[1].config;
	uio_device_stop(stand.device[1]);
	config[FAKE_PCIE + 7] &= 0xef;
	CHECK_EQ(stand_start(&stand, 1), WDPDK_UIO_E_NOT_SUPPORTED);
	config[FAKE_PCIE + 7] |= 0x10;
	config[FAKE_MSIX + 1] = FAKE_MSIX;
	CHECK_EQ(stand_start(&stand, 1), WDPDK_UIO_E_NOT_SUPPORTED);
	config[FAKE_MSIX + 1] = 0xfc;
	config[0xfc] = 0x10;
	CHECK_EQ(stand_start(&stand, 1), WDPDK_UIO_E_NOT_SUPPORTED);
	config[FAKE_MSIX + 1] = 0x10;
	CHECK_EQ(stand_start(&stand, 1), WDPDK_UIO_E_NOT_SUPPORTED);
	config[FAKE_MSIX + 1] = FAKE_PCIE;
	/* A table in a BAR that there is not, pending bits beyond the end. */
	config[FAKE_MSIX + 4] = 7;
	config[FAKE_MSIX + 9] = 0xf0;
	CHECK_EQ(stand_start(&stand, 1), WDPDK_UIO_OK);
	config[6] = 0;
	CHECK_EQ(stand_start(&stand, 1), WDPDK_UIO_E_NOT_SUPPORTED);
	CHECK_EQ(uio_open(stand.device[1], false, &handle), WDPDK_UIO_E_NOT_READY);
	fake_set_faults(&stand.world.device[1], FAKE_ABSENT);
	CHECK_EQ(stand_start(&stand, 1), WDPDK_UIO_E_IO);
	fake_set_faults(&stand.world.device[1], FAKE_READ_FAILS);
	CHECK_EQ(stand_start(&stand, 1), WDPDK_UIO_E_IO);
	CHECK(stand_down(&stand));
}

/* A start that failed knows no holes: nobody maps by what it left. */
static void
a_start_that_fails_under_an_owner(void)
{
	struct uio_handle *handle;
	uint64_t id;

	stand_up(&stand);
	CHECK_EQ(uio_open(stand.device[0], false, &handle), WDPDK_UIO_OK);
	CHECK_EQ(stand_map(handle, 3, 0, 4096, &id), WDPDK_UIO_E_DENIED);
	fake_set_faults(&stand.world.device[0], FAKE_READ_FAILS);
	CHECK_EQ(stand_start(&stand, 0), WDPDK_UIO_E_IO);
	CHECK_EQ(stand_map(handle, 3, 0, 4096, &id), WDPDK_UIO_E_REMOVED);
	fake_set_faults(&stand.world.device[0], 0);
	uio_close(handle);
	CHECK(stand_down(&stand));
}

int
main(void)
{
	posix_virtual_time(true);
	RUN(the_order_is_the_same_whoever_starts_it);
	RUN(the_first_open_resets_and_the_next_need_not);
	RUN(memory_lives_with_the_last_function);
	RUN(a_process_ends_with_all_of_its_functions);
	RUN(what_is_not_quiet_is_quarantined);
	RUN(one_stuck_function_taints_its_owner);
	RUN(transactions_that_take_their_time);
	RUN(pulled_out);
	RUN(removed_but_still_there);
	RUN(removed_after_it_hung);
	RUN(removed_and_not_to_be_asked);
	RUN(removal_is_refused_while_a_handle_is_open);
	RUN(functions_that_are_not_driven);
	RUN(a_start_that_fails_under_an_owner);
	return check_summary();
}
