/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Two threads on one queue: every frame arrives once and whole, no sleeper is forgotten, and a client that rewrites its descriptors
 * while they are checked gets nothing past the checks. Meant for TSan and the mutants too.
 */
#include <pthread.h>
#include <time.h>

#include "check.h"
#include "test_segment.h"

#define SLOTS 256u
#define SLOT 2048u
#define FRAMES 200000u
#define BURST 32u
#define FORGOTTEN_S 10

static struct test_segment t;
static uint32_t bells;		/* doorbells owed, as far as this test is concerned */
static uint32_t stop;
static uint32_t slots;		/* with few of them a wake-up that is lost is not made up for by the next frame */

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
	while (back < FRAMES && !__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
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

	for (uint32_t i = 0; i < slots; i++)
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
		if (!shm_ring_refresh_ready(&t.rx) || !shm_ring_refresh_ready(&t.completion))
			return "index";
		if (shm_ring_ready(&t.rx) > 0 || shm_ring_ready(&t.completion) > 0)
			continue;
		for (time_t until = time(NULL) + FORGOTTEN_S; __atomic_load_n(&bells, __ATOMIC_SEQ_CST) == before;) {
			pause_a_little(&spins);
			if (time(NULL) > until)
				return "forgotten";
		}
	}
	return NULL;
}

static void
echo_with(uint32_t with_slots)
{
	pthread_t thread;
	void *wrong = NULL;
	const char *client_wrong;

	slots = with_slots;
	bells = stop = 0;
	CHECK(test_segment_open(&t, SLOTS, SLOT));
	CHECK_EQ(pthread_create(&thread, NULL, dataplane, NULL), 0);
	client_wrong = client();
	if (client_wrong != NULL)
		__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, &wrong);
	CHECK_STR(client_wrong == NULL ? "fine" : client_wrong, "fine");
	CHECK_STR(wrong == NULL ? "fine" : wrong, "fine");
	for (unsigned int cause = 0; cause < WDPDK_QUEUE_DROP_COUNT; cause++)
		CHECK_EQ(test_dropped(&t, cause), 0);
	CHECK(bells > 0);
	test_segment_close(&t);
}

static void
every_frame_comes_back_once(void)
{
	echo_with(SLOTS);
}

static void
no_sleeper_is_forgotten(void)
{
	echo_with(1);
	echo_with(3);
}

/* ---- publish and arm at the same moment ---- */

#define MEETINGS 300000u

static uint32_t meeting, met;

static void *
publisher(void *unused)
{
	(void)unused;
	for (uint32_t i = 1; i <= MEETINGS; i++) {
		unsigned int spins = 0;

		/* Looking at the word keeps it in this CPU's cache, where it can be read while the publish is still on its way. */
		while (__atomic_load_n(&meeting, __ATOMIC_ACQUIRE) != i || shm_peek32(t.queue.rx.armed) > 1)
			if (++spins % 4096 == 0)
				sched_yield();
		t.queue.rx.own++;
		shm_ring_publish(&t.queue.rx);
		__atomic_store_n(&bells, shm_ring_take_armed(&t.queue.rx), __ATOMIC_RELAXED);
		__atomic_store_n(&met, i, __ATOMIC_RELEASE);
	}
	return NULL;
}

/* However the two meet: the client sees the frame, or the dataplane sees that it sleeps. */
static void
publish_and_arm_never_miss_each_other(void)
{
	uint32_t missed = 0;
	pthread_t thread;

	CHECK(test_segment_open(&t, SLOTS, SLOT));
	meeting = met = 0;
	CHECK_EQ(pthread_create(&thread, NULL, publisher, NULL), 0);
	for (uint32_t i = 1; i <= MEETINGS; i++) {
		unsigned int spins = 0;
		bool seen;

		__atomic_store_n(&meeting, i, __ATOMIC_RELEASE);
		for (volatile uint32_t wait = 0; wait < i % 128; wait++)
			continue;
		shm_ring_arm(&t.rx);
		seen = shm_ring_refresh_ready(&t.rx) && shm_ring_ready(&t.rx) > 0;
		while (__atomic_load_n(&met, __ATOMIC_ACQUIRE) != i)
			if (++spins % 4096 == 0)
				sched_yield();
		if (!seen && __atomic_load_n(&bells, __ATOMIC_RELAXED) == 0)
			missed++;
		if (!shm_ring_refresh_ready(&t.rx))
			missed++;
		t.rx.own = t.rx.peer;
		shm_ring_publish(&t.rx);
		shm_poke32(t.rx.armed, 0);
		t.queue.rx.peer = t.rx.own;
	}
	pthread_join(thread, NULL);
	CHECK_EQ(missed, 0);
	test_segment_close(&t);
}

/* ---- a descriptor that changes while it is checked ---- */

/* Turns the length of one descriptor between good and absurd. */
static void *
rewriter(void *context)
{
	struct shm_desc good = { .offset = 128, .length = 60 }, absurd = { .offset = 128, .length = 0x70000000 };
	uint64_t low[2];

	memcpy(&low[0], &good, 8);
	memcpy(&low[1], &absurd, 8);
	for (uint32_t i = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); i++) {
		shm_poke64(context, low[i % 2]);
		for (volatile uint32_t wait = 0; wait < i / 2 % 16; wait++)
			continue;
	}
	return NULL;
}

static void
a_descriptor_rewritten_under_the_check_is_used_as_checked(void)
{
	uint64_t frames = 0, refused = 0, wrong = 0;
	struct shm_frame frame;
	uint32_t first;
	pthread_t thread;

	CHECK(test_segment_open(&t, SLOTS, SLOT));
	stop = 0;
	first = t.queue.tx.own;
	CHECK_EQ(pthread_create(&thread, NULL, rewriter, shm_ring_desc(&t.tx, first)), 0);
	for (uint32_t round = 0; round < 3000000 || ((frames == 0 || refused == 0) && round < 300000000); round++) {
		t.queue.tx.own = first;
		t.queue.tx.peer = first + 1;
		if (shm_tx_next(&t.queue, &frame, SHM_FRAME_BYTES) == SHM_TX_FRAME) {
			frames++;
			wrong += frame.bytes > SLOT || frame.part[0].length != frame.bytes;
		} else {
			refused++;
		}
		shm_tx_return(&t.queue, first, 0);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	CHECK(frames > 0 && refused > 0);
	CHECK_EQ(wrong, 0);
	test_segment_close(&t);
}

int
main(void)
{
	RUN(every_frame_comes_back_once);
	RUN(no_sleeper_is_forgotten);
	RUN(publish_and_arm_never_miss_each_other);
	RUN(a_descriptor_rewritten_under_the_check_is_used_as_checked);
	return check_summary();
}
