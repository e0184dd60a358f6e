/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Two threads on one queue: every frame arrives once and whole, no sleeper is forgotten, and a client that rewrites its descriptors
 * while they are checked gets nothing past the checks. Meant for TSan and the mutants too.
 */
#include <pthread.h>

#include "check.h"
#include "test_segment.h"

#define SLOTS 256u
#define SLOT 2048u
#define FRAMES 300000u
#define BURST 32u

static struct test_segment t;
static uint32_t bells;		/* doorbell bytes written, as far as this test is concerned */
static uint32_t stop;

static void
pause_a_little(unsigned int *spins)
{
	if (++*spins % 64 == 0)
		sched_yield();
}

/* The dataplane: delivers numbered frames as slots become free, sends back what the client posts. */
static void *
dataplane(void *unused)
{
	uint32_t next = 0, back = 0;
	unsigned int spins = 0;

	(void)unused;
	while (back < FRAMES) {
		uint32_t first = t.queue.rx.own, burst = 0;
		struct shm_frame frame;
		enum shm_tx what;

		if (next < FRAMES && (!shm_fill_take(&t.queue, 2 * BURST) || !shm_ring_refresh_room(&t.queue.rx)))
			return "index";
		while (next < FRAMES && burst < BURST && shm_free_slots(&t.queue) > 0 && shm_ring_room(&t.queue.rx) > 0) {
			struct shm_desc desc = { .offset = shm_free_peek(&t.queue, 0) + 128, .length = 64, .meta = next };

			memcpy(t.queue.umem + desc.offset, &next, sizeof(next));
			shm_rx_put(&t.queue, &desc);
			next++;
			burst++;
		}
		if (t.queue.rx.own != first) {
			shm_ring_publish(&t.queue.rx);
			if (shm_ring_take_armed(&t.queue.rx))
				__atomic_fetch_add(&bells, 1, __ATOMIC_SEQ_CST);
		}
		if (!shm_tx_refresh(&t.queue))
			return "index";
		while ((what = shm_tx_next(&t.queue, &frame, SHM_FRAME_BYTES)) == SHM_TX_FRAME) {
			uint32_t number;

			memcpy(&number, t.queue.umem + frame.part[0].offset, sizeof(number));
			if (number != back++)
				return "order";
		}
		if (what == SHM_TX_REFUSED)
			return "refused";
		shm_ring_publish(&t.queue.tx);
		if (shm_queue_complete(&t.queue))
			__atomic_fetch_add(&bells, 1, __ATOMIC_SEQ_CST);
		if (burst == 0)
			pause_a_little(&spins);
	}
	return NULL;
}

/* The client: echoes each frame from its slot and gives completed slots back to fill. Arms whenever nothing is there and then really
 * waits for its bell: a lost wake-up hangs the test, which its timeout reports. */
static const char *
client(void)
{
	uint32_t got = 0, done = 0;
	unsigned int spins = 0;

	for (uint32_t i = 0; i < SLOTS; i++)
		test_post_fill(&t, i * SLOT);
	while (done < FRAMES) {
		uint32_t before = __atomic_load_n(&bells, __ATOMIC_SEQ_CST);
		bool moved = false;

		if (!shm_ring_refresh_ready(&t.rx) || !shm_ring_refresh_ready(&t.completion))
			return "index";
		while (shm_ring_ready(&t.rx) > 0) {
			struct shm_desc desc = shm_desc_copy(shm_ring_desc(&t.rx, t.rx.own));

			if (desc.meta != got++)
				return "order";
			desc.meta = 0;
			memcpy(shm_ring_desc(&t.tx, t.tx.own), &desc, sizeof(desc));
			t.rx.own++;
			t.tx.own++;
			moved = true;
		}
		while (shm_ring_ready(&t.completion) > 0) {
			shm_poke32(shm_ring_slot(&t.fill, t.fill.own), shm_peek32(shm_ring_slot(&t.completion, t.completion.own)));
			t.completion.own++;
			t.fill.own++;
			done++;
			moved = true;
		}
		if (moved) {
			shm_ring_publish(&t.rx);
			shm_ring_publish(&t.tx);
			shm_ring_publish(&t.completion);
			shm_ring_publish(&t.fill);
			continue;
		}
		shm_ring_arm(&t.rx);
		shm_ring_arm(&t.completion);
#ifndef WDPDK_BUG_no_recheck
		if (!shm_ring_refresh_ready(&t.rx) || !shm_ring_refresh_ready(&t.completion))
			return "index";
		if (shm_ring_ready(&t.rx) > 0 || shm_ring_ready(&t.completion) > 0)
			continue;
#endif
		while (__atomic_load_n(&bells, __ATOMIC_SEQ_CST) == before)
			pause_a_little(&spins);
	}
	return NULL;
}

static void
every_frame_comes_back_once_and_no_sleeper_is_forgotten(void)
{
	pthread_t thread;
	void *wrong = NULL;

	CHECK(test_segment_open(&t, SLOTS, SLOT));
	CHECK_EQ(pthread_create(&thread, NULL, dataplane, NULL), 0);
	CHECK(client() == NULL);
	pthread_join(thread, &wrong);
	CHECK(wrong == NULL);
	for (unsigned int cause = 0; cause < WDPDK_QUEUE_DROP_COUNT; cause++)
		CHECK_EQ(test_dropped(&t, cause), 0);
	CHECK(bells > 0);
	test_segment_close(&t);
}

/* Turns the length of every tx descriptor between good and absurd as fast as it can. */
static void *
rewriter(void *unused)
{
	(void)unused;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		for (uint32_t i = 0; i < t.tx.capacity; i++) {
			uint8_t *at = shm_ring_desc(&t.tx, i);
			struct shm_desc desc = { .offset = i % SLOTS * SLOT + 128, .length = 60 };
			uint64_t low[2];

			memcpy(&low[0], &desc, 8);
			desc.length = 0x70000000;
			memcpy(&low[1], &desc, 8);
			shm_poke64((uint64_t *)(void *)at, low[1]);
			shm_poke64((uint64_t *)(void *)at, low[0]);
		}
	return NULL;
}

static void
descriptors_rewritten_under_the_check_are_used_as_checked(void)
{
	pthread_t thread;
	uint64_t frames = 0, refused = 0;

	CHECK(test_segment_open(&t, SLOTS, SLOT));
	stop = 0;
	CHECK_EQ(pthread_create(&thread, NULL, rewriter, NULL), 0);
	for (uint32_t round = 0; (round < 4000 || frames == 0 || refused == 0) && round < 400000; round++) {
		struct shm_frame frame;
		enum shm_tx what;

		t.tx.own += 64;
		shm_ring_publish(&t.tx);
		CHECK(shm_tx_refresh(&t.queue));
		while ((what = shm_tx_next(&t.queue, &frame, SHM_FRAME_BYTES)) != SHM_TX_NONE) {
			if (what == SHM_TX_REFUSED) {
				refused++;
				continue;
			}
			frames++;
			CHECK(frame.bytes <= SLOT && frame.part[0].length == frame.bytes);
		}
		shm_ring_publish(&t.queue.tx);
		shm_queue_complete(&t.queue);
		CHECK(shm_ring_refresh_ready(&t.completion));
		t.completion.own += shm_ring_ready(&t.completion);
		shm_ring_publish(&t.completion);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	CHECK(frames > 0 && refused > 0);
	test_segment_close(&t);
}

int
main(void)
{
	RUN(every_frame_comes_back_once_and_no_sleeper_is_forgotten);
	RUN(descriptors_rewritten_under_the_check_are_used_as_checked);
	return check_summary();
}
