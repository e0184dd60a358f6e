/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Everything at once: the ways an owner can end, requests of many threads over two functions, cancels. ThreadSanitizer and the fake
 * functions judge; the checks are what must hold whoever came first.
 */
#include "check.h"
#include "stand.h"

#define ROUNDS 60u

static struct stand stand;

/* Threads that start together. */
struct runner {
	pthread_t thread;
	pthread_barrier_t *start;
	struct uio_process *process;
	void (*run)(void *context);
	void *context;
};

static void *
runner_main(void *argument)
{
	struct runner *runner = argument;

	posix_become(runner->process);
	pthread_barrier_wait(runner->start);
	runner->run(runner->context);
	return NULL;
}

static void
run_together(struct runner *runners, unsigned int count)
{
	pthread_barrier_t start;

	pthread_barrier_init(&start, NULL, count);
	for (unsigned int i = 0; i < count; i++) {
		runners[i].start = &start;
		if (pthread_create(&runners[i].thread, NULL, runner_main, &runners[i]) != 0)
			abort();
	}
	for (unsigned int i = 0; i < count; i++)
		pthread_join(runners[i].thread, NULL);
	pthread_barrier_destroy(&start);
}

/* One open with all that can end it. CLOSE is the last of a handle, as an I/O manager promises: it comes after the threads. */
struct life {
	struct uio_handle *handle;
	struct posix_request waiting;
	uint8_t buffer[24];
};

static void
wait_for_event(struct life *life)
{
	struct wdpdk_uio_request in = { { 16, 1 }, 0 };
	uint32_t returned;

	memset(&life->waiting, 0, sizeof(life->waiting));
	memcpy(life->buffer, &in, sizeof(in));
	if (posix_ioctl(life->handle, WDPDK_UIO_WAIT_EVENT, life->buffer, 16, 24, &returned, &life->waiting) != WDPDK_UIO_PENDING)
		abort();
}

static void
do_cleanup(void *context)
{
	uio_cleanup(((struct life *)context)->handle);
}

static void
do_exit(void *context)
{
	(void)context;
	uio_process_exit(stand.driver, stand.process[0]);
}

static void
do_surprise(void *context)
{
	(void)context;
	uio_device_surprise(stand.device[0]);
}

static void
do_cancel(void *context)
{
	posix_cancel(&((struct life *)context)->waiting);
}

/* What a thread of the owner had begun: it succeeds, or is told why not. */
static void
do_requests(void *context)
{
	struct life *life = context;
	uint64_t id;
	int32_t result;

	for (unsigned int i = 0; i < 4; i++) {
		result = stand_alloc(life->handle, 1, &id);
		if (result == WDPDK_UIO_OK)
			result = stand_master(life->handle, 1);
		if (result == WDPDK_UIO_OK)
			result = stand_map(life->handle, 0, 0, 4096, &id);
		if (result != WDPDK_UIO_OK && result != WDPDK_UIO_E_CLOSED && result != WDPDK_UIO_E_REMOVED)
			abort();
		stand_status(life->handle);
	}
}

static void
an_owner_ends_in_every_way_at_once(void)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct life life;
		struct runner runners[6] = {
			{ .process = NULL, .run = do_exit, .context = &life },
			{ .process = stand.process[1], .run = do_cleanup, .context = &life },
			{ .run = do_cancel, .context = &life },
			{ .run = do_requests, .context = &life },
			{ .run = do_requests, .context = &life },
			{ .run = do_surprise, .context = &life },
		};
		bool pull = round % 3 == 0;

		stand_up(&stand);
		runners[3].process = runners[4].process = stand.process[0];
		CHECK_EQ(uio_open(stand.device[0], false, &life.handle), WDPDK_UIO_OK);
		wait_for_event(&life);
		run_together(runners, pull ? 6 : 5);
		CHECK_EQ(life.waiting.completions, 1);
		CHECK(life.waiting.status == WDPDK_UIO_OK || life.waiting.status == WDPDK_UIO_E_CANCELLED);
		CHECK_EQ(stand.world.blocks, 0);
		CHECK_EQ(stand.world.mappings, 0);
		CHECK_EQ(stand_status(life.handle).teardowns, 1);
		CHECK_EQ(stand_status(life.handle).waiting, 0);
		uio_close(life.handle);
		CHECK(stand_down(&stand));
	}
}

/* Another opens as soon as the first has ended, and neither sees the other's. */
static void
do_open_until(void *context)
{
	struct uio_handle *handle;
	int32_t result;
	uint64_t id;

	(void)context;
	while ((result = uio_open(stand.device[0], false, &handle)) == WDPDK_UIO_E_SHARING)
		uio_os_sleep(0);
	if (result != WDPDK_UIO_OK || stand_status(handle).owner_bytes != 0 || stand_status(handle).mappings != 0)
		abort();
	if (stand_alloc(handle, 1, &id) != WDPDK_UIO_OK || stand_master(handle, 1) != WDPDK_UIO_OK)
		abort();
	uio_cleanup(handle);
	uio_close(handle);
}

static void
the_next_owner_waits_at_the_door(void)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct life life;
		struct runner runners[3] = {
			{ .run = do_exit, .context = &life },
			{ .run = do_cleanup, .context = &life },
			{ .run = do_open_until, .context = &life },
		};
		uint64_t id;

		stand_up(&stand);
		runners[2].process = stand.process[1];
		CHECK_EQ(uio_open(stand.device[0], false, &life.handle), WDPDK_UIO_OK);
		CHECK_EQ(stand_alloc(life.handle, 2, &id), WDPDK_UIO_OK);
		CHECK_EQ(stand_master(life.handle, 1), WDPDK_UIO_OK);
		run_together(runners, 3);
		CHECK_EQ(stand_status(life.handle).teardowns, 2);
		uio_close(life.handle);
		CHECK(stand_down(&stand));
	}
}

/* Two functions of one owner, used from many threads: allocation beside freeing, mastering beside resets. */
struct user {
	struct uio_handle *handle[2];
	unsigned int seed;
};

static void
do_use(void *context)
{
	struct user *user = context;
	uint64_t id, mapping;

	for (unsigned int i = 0; i < 40; i++) {
		struct uio_handle *mine = user->handle[(i + user->seed) % 2], *other = user->handle[(i + user->seed + 1) % 2];

		if (stand_alloc(mine, 1 + i % 3, &id) == WDPDK_UIO_OK) {
			stand_master(other, 1);
			if (stand_id(other, WDPDK_UIO_DMA_FREE, id) == WDPDK_UIO_E_BUSY && i % 2 == 0) {
				stand_master(mine, 0);
				stand_plain(other, WDPDK_UIO_RESET, NULL, 0);
				stand_id(mine, WDPDK_UIO_DMA_FREE, id);
			}
		}
		if (i % 4 == user->seed && stand_map(mine, 0, 0, 4096, &mapping) == WDPDK_UIO_OK &&
		    stand_id(mine, WDPDK_UIO_UNMAP_BAR, mapping) != WDPDK_UIO_OK)
			abort();
		if (i % 8 == 7)
			stand_plain(mine, WDPDK_UIO_RESET, NULL, 0);
	}
}

static void
do_watch(void *context)
{
	struct uio_handle *observer;

	(void)context;
	for (unsigned int i = 0; i < 40; i++) {
		if (uio_open(stand.device[i % 2], true, &observer) != WDPDK_UIO_OK)
			abort();
		if (stand_status(observer).driver_bytes > 2 * STAND_QUOTA || uio_device_query_remove(stand.device[i % 2]) != WDPDK_UIO_E_BUSY)
			abort();
		uio_close(observer);
	}
}

static void
many_threads_over_two_functions(void)
{
	for (unsigned int round = 0; round < ROUNDS / 6; round++) {
		struct user users[3];
		struct runner runners[4];

		stand_up(&stand);
		CHECK_EQ(uio_open(stand.device[0], false, &users[0].handle[0]), WDPDK_UIO_OK);
		CHECK_EQ(uio_open(stand.device[1], false, &users[0].handle[1]), WDPDK_UIO_OK);
		for (unsigned int i = 0; i < 3; i++) {
			users[i] = users[0];
			users[i].seed = i;
			runners[i] = (struct runner){ .process = stand.process[0], .run = do_use, .context = &users[i] };
		}
		runners[3] = (struct runner){ .process = stand.process[1], .run = do_watch };
		run_together(runners, 4);
		CHECK_EQ(stand_status(users[0].handle[0]).owner_bytes, stand_status(users[0].handle[1]).driver_bytes);
		uio_close(users[0].handle[0]);
		CHECK(stand.world.blocks != 0);
		uio_close(users[0].handle[1]);
		CHECK(stand_down(&stand));
	}
}

/* The last two functions of an owner end at the same time: one of the two frees. */
static void
do_cleanup_first(void *context)
{
	uio_cleanup(((struct user *)context)->handle[0]);
}

static void
do_cleanup_second(void *context)
{
	uio_cleanup(((struct user *)context)->handle[1]);
}

static void
two_functions_end_at_once(void)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct user user;
		struct runner runners[3] = {
			{ .run = do_cleanup_first, .context = &user },
			{ .run = do_cleanup_second, .context = &user },
			{ .run = do_exit },
		};
		uint64_t id;

		stand_up(&stand);
		for (unsigned int i = 0; i < 2; i++) {
			CHECK_EQ(uio_open(stand.device[i], false, &user.handle[i]), WDPDK_UIO_OK);
			CHECK_EQ(stand_alloc(user.handle[i], 2, &id), WDPDK_UIO_OK);
			CHECK_EQ(stand_master(user.handle[i], 1), WDPDK_UIO_OK);
		}
		run_together(runners, 2 + round % 2);
		CHECK_EQ(stand.world.blocks, 0);
		uio_close(user.handle[0]);
		uio_close(user.handle[1]);
		CHECK(stand_down(&stand));
	}
}

/* Ids are easily guessed: a block may be freed through the other function before its own request has been answered. */
#define GUESSES 1000u

static void
do_guess(void *context)
{
	struct user *user = context;

	for (uint64_t id = 1; id <= GUESSES;)
		if (stand_id(user->handle[1], WDPDK_UIO_DMA_FREE, id) == WDPDK_UIO_OK)
			id++;
}

static void
do_alloc(void *context)
{
	struct user *user = context;
	uint64_t id = 0, before = 0;

	while (before < GUESSES)
		if (stand_alloc(user->handle[0], 8, &id) == WDPDK_UIO_OK && id != ++before)
			abort();
}

static void
memory_freed_as_soon_as_it_is_there(void)
{
	struct user user = { .seed = 0 };
	struct runner runners[2] = { { .run = do_guess, .context = &user }, { .run = do_alloc, .context = &user } };

	stand_up(&stand);
	runners[0].process = runners[1].process = stand.process[0];
	CHECK_EQ(uio_open(stand.device[0], false, &user.handle[0]), WDPDK_UIO_OK);
	CHECK_EQ(uio_open(stand.device[1], false, &user.handle[1]), WDPDK_UIO_OK);
	run_together(runners, 2);
	CHECK_EQ(stand_status(user.handle[0]).owner_bytes, 0);
	uio_close(user.handle[0]);
	uio_close(user.handle[1]);
	CHECK(stand_down(&stand));
}

static void
do_wait_events(void *context)
{
	struct life *life = context;
	struct wdpdk_uio_request in = { { 16, 1 }, 0 };
	uint32_t returned;
	int32_t result;

	for (unsigned int i = 0; i < 200; i++) {
		memset(&life->waiting, 0, sizeof(life->waiting));
		memcpy(life->buffer, &in, sizeof(in));
		result = posix_ioctl(life->handle, WDPDK_UIO_WAIT_EVENT, life->buffer, 16, 24, &returned, &life->waiting);
		if (result == WDPDK_UIO_E_CLOSED)
			return;
		if (result != WDPDK_UIO_E_BUSY && result != WDPDK_UIO_PENDING)
			abort();
		if (i % 3 == 0)
			uio_os_sleep(0);
		posix_cancel(&life->waiting);
		if (!posix_wait(&life->waiting, 60000) || life->waiting.completions != 1)
			abort();
	}
}

static void
do_cleanup_later(void *context)
{
	uio_os_sleep(1);
	do_cleanup(context);
}

static void
cancels_beside_answers(void)
{
	for (unsigned int round = 0; round < ROUNDS / 2; round++) {
		struct life lives[2];
		struct runner runners[3] = {
			{ .run = do_wait_events, .context = &lives[0] },
			{ .run = do_wait_events, .context = &lives[1] },
			{ .run = do_cleanup_later, .context = &lives[0] },
		};

		stand_up(&stand);
		runners[0].process = runners[1].process = stand.process[0];
		CHECK_EQ(uio_open(stand.device[0], false, &lives[0].handle), WDPDK_UIO_OK);
		lives[1].handle = lives[0].handle;
		run_together(runners, 3);
		CHECK_EQ(stand_status(lives[0].handle).waiting, 0);
		uio_close(lives[0].handle);
		CHECK(stand_down(&stand));
	}
}

int
main(void)
{
	RUN(an_owner_ends_in_every_way_at_once);
	RUN(the_next_owner_waits_at_the_door);
	RUN(many_threads_over_two_functions);
	RUN(two_functions_end_at_once);
	RUN(memory_freed_as_soon_as_it_is_there);
	RUN(cancels_beside_answers);
	return check_summary();
}
