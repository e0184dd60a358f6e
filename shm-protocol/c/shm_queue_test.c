/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a client may and may not post. Every case starts its indexes 64 entries before they wrap.
 */
#include "check.h"
#include "test_segment.h"

#define SLOTS 64u
#define SLOT 2048u
#define MAX_BYTES SHM_FRAME_BYTES

static struct test_segment t;
static struct shm_frame frame;

static void
open_segment(void)
{
	CHECK(test_segment_open(&t, SLOTS, SLOT));
}

static struct shm_desc
good(uint32_t slot)
{
	return (struct shm_desc){ .offset = slot * SLOT + 128, .length = 60 };
}

/* Posts one descriptor and says what became of it. */
static enum shm_tx
post(struct shm_desc desc)
{
	test_post_tx(&t, desc);
	CHECK(shm_tx_refresh(&t.queue));
	return shm_tx_next(&t.queue, &frame, MAX_BYTES);
}

static void
fill_entries_are_checked(void)
{
	open_segment();
	test_post_fill(&t, 0);
	test_post_fill(&t, 3 * SLOT);
	test_post_fill(&t, SLOTS * SLOT);	/* behind the last slot */
	test_post_fill(&t, 0xfffff800);
	test_post_fill(&t, SLOT + 1);		/* not aligned */
	test_post_fill(&t, 3 * SLOT);		/* posted twice */
	CHECK(shm_fill_take(&t.queue, 64));
	CHECK_EQ(shm_free_slots(&t.queue), 2);
	CHECK_EQ(shm_free_peek(&t.queue, 0), 0);
	CHECK_EQ(shm_free_peek(&t.queue, 1), 3 * SLOT);
	CHECK_EQ(test_dropped(&t, WDPDK_QUEUE_DROP_BAD_OFFSET), 3);
	CHECK_EQ(test_dropped(&t, WDPDK_QUEUE_DROP_NOT_OWNER), 1);
	CHECK_EQ(shm_queue_count(&t.queue, WDPDK_QUEUE_COUNTER_FILL_REJECTED), 4);
	CHECK_EQ(shm_load(t.queue.fill.own_word), TEST_FIRST_INDEX + 6);
	test_segment_close(&t);
}

/* Of 10 slots each of three lanes has three; the last is nobody's. */
static void
a_lane_has_its_own_slots_only(void)
{
	for (uint32_t lane = 0; lane < 3; lane++) {
		CHECK(test_lane_open(&t, 10, SLOT, 3, lane));
		for (uint32_t slot = 0; slot < 10; slot++) {
			test_post_fill(&t, slot * SLOT);
			test_post_tx(&t, good(slot));
		}
		CHECK(shm_fill_take(&t.queue, 64));
		CHECK_EQ(shm_free_slots(&t.queue), 3);
		CHECK_EQ(shm_free_peek(&t.queue, 0), lane * 3 * SLOT);
		CHECK_EQ(shm_free_peek(&t.queue, 2), (lane * 3 + 2) * SLOT);
		CHECK_EQ(test_dropped(&t, WDPDK_QUEUE_DROP_BAD_OFFSET), 7);
		CHECK(shm_tx_refresh(&t.queue));
		while (shm_tx_next(&t.queue, &frame, MAX_BYTES) == SHM_TX_REFUSED)
			continue;
		CHECK_EQ(test_dropped(&t, WDPDK_QUEUE_DROP_BAD_OFFSET), 14);
		CHECK_EQ(test_dropped(&t, WDPDK_QUEUE_DROP_NOT_OWNER), 3);	/* on fill */
		/* Received, sent, and completed under the offsets that both sides use: from the first slot of all. */
		shm_rx_put(&t.queue, &(struct shm_desc){ .offset = lane * 3 * SLOT + 128, .length = 60 });
		CHECK_EQ(post(good(lane * 3)), SHM_TX_FRAME);
		CHECK_EQ(frame.part[0].offset, lane * 3 * SLOT + 128);
		CHECK_EQ(post(good(lane * 3)), SHM_TX_REFUSED);
		shm_queue_complete(&t.queue);
		CHECK(shm_ring_refresh_ready(&t.completion));
		CHECK_EQ(shm_ring_ready(&t.completion), 1);
		CHECK_EQ(shm_peek32(shm_ring_slot(&t.completion, t.completion.own)), lane * 3 * SLOT);
		CHECK_EQ(post(good(lane * 3)), SHM_TX_FRAME);
		test_segment_close(&t);
	}
}

static void
fill_budget_bounds_the_work(void)
{
	open_segment();
	for (uint32_t i = 0; i < SLOTS; i++)
		test_post_fill(&t, 1);
	CHECK(shm_fill_take(&t.queue, 10));
	CHECK_EQ(shm_queue_count(&t.queue, WDPDK_QUEUE_COUNTER_FILL_REJECTED), 10);
	test_segment_close(&t);
}

static void
a_slot_belongs_to_one_side(void)
{
	struct shm_desc desc;

	open_segment();
	test_post_fill(&t, 5 * SLOT);
	CHECK(shm_fill_take(&t.queue, 64));
	CHECK_EQ(post(good(5)), SHM_TX_REFUSED);	/* on fill now */
	CHECK_EQ(test_dropped(&t, WDPDK_QUEUE_DROP_NOT_OWNER), 1);
	desc = good(5);
	shm_rx_put(&t.queue, &desc);
	shm_ring_publish(&t.queue.rx);
	CHECK_EQ(post(good(5)), SHM_TX_FRAME);		/* received: may be sent on from the same slot */
	CHECK_EQ(post(good(5)), SHM_TX_REFUSED);	/* posted twice */
	test_post_fill(&t, 5 * SLOT);			/* on both rings */
	CHECK(shm_fill_take(&t.queue, 64));
	CHECK_EQ(shm_free_slots(&t.queue), 0);
	CHECK_EQ(test_dropped(&t, WDPDK_QUEUE_DROP_NOT_OWNER), 3);
	shm_queue_complete(&t.queue);
	CHECK(shm_ring_refresh_ready(&t.completion));
	CHECK_EQ(shm_ring_ready(&t.completion), 1);
	CHECK_EQ(shm_peek32(shm_ring_slot(&t.completion, t.completion.own)), 5 * SLOT);
	CHECK_EQ(post(good(5)), SHM_TX_FRAME);
	test_segment_close(&t);
}

static void
tx_descriptors_are_checked(void)
{
	static const struct { struct shm_desc desc; unsigned int cause; bool taken; } cases[] = {
		{ { SLOTS * SLOT, 60, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_OFFSET, false },
		{ { 0xffffffff, 60, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_OFFSET, false },
		{ { 0, 0, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_LENGTH, true },
		{ { 0, 13, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_LENGTH, true },
		{ { 0, SLOT + 1, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_LENGTH, true },
		{ { 0, 0xffffffff, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_LENGTH, true },
		{ { 1, SLOT, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_OFFSET, true },
		{ { SLOT - 1, 60, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_OFFSET, true },
		{ { 128, 0xffffff80, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_LENGTH, true },	/* the sum wraps to 0 */
		{ { 0, 60, 0, WDPDK_DESC_FLAG_TRUNCATED, 0 }, WDPDK_QUEUE_DROP_BAD_FLAGS, true },
		{ { 0, 60, 0, 0x8000, 0 }, WDPDK_QUEUE_DROP_BAD_FLAGS, true },
		{ { 0, 60, 1, 0, 0 }, WDPDK_QUEUE_DROP_BAD_RESERVED, true },
		{ { 0, 60, 0, 0, 1 }, WDPDK_QUEUE_DROP_BAD_RESERVED, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_segment();
		CHECK_EQ(post(cases[i].desc), SHM_TX_REFUSED);
		CHECK_EQ(test_dropped(&t, cases[i].cause), 1);
		CHECK_EQ(shm_queue_count(&t.queue, WDPDK_QUEUE_COUNTER_TX_REJECTED), 1);
		CHECK_EQ(t.queue.done_count, cases[i].taken ? 1 : 0);
		CHECK_EQ(post(good(1)), SHM_TX_FRAME);	/* the next good one passes */
		CHECK_EQ(frame.part[0].offset, SLOT + 128);
		test_segment_close(&t);
	}
	open_segment();
	test_post_tx(&t, good(0));
	CHECK(shm_tx_refresh(&t.queue));
	CHECK_EQ(shm_tx_next(&t.queue, &frame, 59), SHM_TX_REFUSED);
	CHECK_EQ(test_dropped(&t, WDPDK_QUEUE_DROP_TOO_LONG), 1);
	test_segment_close(&t);
}

static void
runs_are_taken_whole(void)
{
	struct shm_desc part = good(0);

	open_segment();
	part.flags = WDPDK_DESC_FLAG_CONTD;
	CHECK_EQ(post(part), SHM_TX_NONE);		/* its end is not posted yet */
	CHECK_EQ(t.queue.tx.own, TEST_FIRST_INDEX);
	part = good(1);
	part.length = 2;
	CHECK_EQ(post(part), SHM_TX_FRAME);
	CHECK_EQ(frame.parts, 2);
	CHECK_EQ(frame.bytes, 62);
	CHECK_EQ(t.queue.done_count, 2);
	/* One bad part spoils the frame, and only that frame. */
	part = good(2);
	part.flags = WDPDK_DESC_FLAG_CONTD;
	test_post_tx(&t, part);
	part = good(2);
	CHECK_EQ(post(part), SHM_TX_REFUSED);
	CHECK_EQ(test_dropped(&t, WDPDK_QUEUE_DROP_NOT_OWNER), 1);
	CHECK_EQ(post(good(3)), SHM_TX_FRAME);
	test_segment_close(&t);
}

static void
endless_runs_are_cut(void)
{
	open_segment();
	for (uint32_t i = 0; i < SLOTS; i++) {
		struct shm_desc part = good(i);

		part.flags = WDPDK_DESC_FLAG_CONTD;
		test_post_tx(&t, part);
	}
	CHECK(shm_tx_refresh(&t.queue));
	CHECK_EQ(shm_tx_next(&t.queue, &frame, MAX_BYTES), SHM_TX_REFUSED);
	CHECK_EQ(test_dropped(&t, WDPDK_QUEUE_DROP_TOO_LONG), 1);
	CHECK_EQ(t.queue.done_count, 64);
	shm_ring_publish(&t.queue.tx);
	shm_queue_complete(&t.queue);
	CHECK(shm_ring_refresh_ready(&t.completion));
	CHECK_EQ(shm_ring_ready(&t.completion), 64);
	t.completion.own += 64;
	shm_ring_publish(&t.completion);
	/* The end of the run belongs to it; what comes behind it is a new frame. */
	CHECK_EQ(post(good(0)), SHM_TX_REFUSED);
	CHECK_EQ(test_dropped(&t, WDPDK_QUEUE_DROP_TOO_LONG), 1);
	CHECK_EQ(post(good(1)), SHM_TX_FRAME);
	test_segment_close(&t);
}

static void
tx_waits_for_room_on_completion(void)
{
	open_segment();
	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < SLOTS; i++)
			test_post_tx(&t, good(i));
		CHECK(shm_tx_refresh(&t.queue));
		if (round == 0) {
			for (uint32_t i = 0; i < SLOTS; i++)
				CHECK_EQ(shm_tx_next(&t.queue, &frame, MAX_BYTES), SHM_TX_FRAME);
			shm_ring_publish(&t.queue.tx);
			shm_queue_complete(&t.queue);
			continue;
		}
		/* Nothing was read from completion: nothing is taken from tx. */
		CHECK_EQ(shm_tx_next(&t.queue, &frame, MAX_BYTES), SHM_TX_NONE);
		CHECK_EQ(shm_ring_ready(&t.queue.tx), SLOTS);
		break;
	}
	t.completion.own += 10;
	shm_ring_publish(&t.completion);
	CHECK(shm_tx_refresh(&t.queue));
	for (uint32_t i = 0; i < 10; i++)
		CHECK_EQ(shm_tx_next(&t.queue, &frame, MAX_BYTES), SHM_TX_FRAME);
	CHECK_EQ(shm_tx_next(&t.queue, &frame, MAX_BYTES), SHM_TX_NONE);
	test_segment_close(&t);
}

static void
a_frame_can_be_put_back(void)
{
	uint32_t own, done;

	open_segment();
	test_post_tx(&t, good(7));
	CHECK(shm_tx_refresh(&t.queue));
	own = t.queue.tx.own;
	done = t.queue.done_count;
	CHECK_EQ(shm_tx_next(&t.queue, &frame, MAX_BYTES), SHM_TX_FRAME);
	shm_tx_return(&t.queue, own, done);
	CHECK_EQ(shm_tx_next(&t.queue, &frame, MAX_BYTES), SHM_TX_FRAME);
	CHECK_EQ(frame.part[0].offset, 7 * SLOT + 128);
	CHECK_EQ(t.queue.done_count, 1);
	test_segment_close(&t);
}

static void
jumping_indexes_break_the_queue(void)
{
	/* Each is written into one of the client's words; `ahead` is counted from the start. */
	static const struct { unsigned int ring; uint32_t ahead; bool breaks; } cases[] = {
		{ WDPDK_AREA_TX, 64, false }, { WDPDK_AREA_TX, 65, true }, { WDPDK_AREA_TX, 0xffffffff, true },
		{ WDPDK_AREA_TX, 0x80000000, true }, { WDPDK_AREA_FILL, 64, false }, { WDPDK_AREA_FILL, 65, true },
		{ WDPDK_AREA_FILL, 0xffffffff, true }, { WDPDK_AREA_RX, 1, true }, { WDPDK_AREA_RX, 0xffffffff, true },
		{ WDPDK_AREA_COMPLETION, 1, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct shm_ring *ring = cases[i].ring == WDPDK_AREA_TX ? &t.queue.tx : cases[i].ring == WDPDK_AREA_FILL ?
			&t.queue.fill : cases[i].ring == WDPDK_AREA_RX ? &t.queue.rx : &t.queue.completion;
		bool good_index;

		open_segment();
		shm_store(ring->peer_word, TEST_FIRST_INDEX + cases[i].ahead);
		if (cases[i].ring == WDPDK_AREA_TX || cases[i].ring == WDPDK_AREA_FILL)
			good_index = shm_ring_refresh_ready(ring);
		else
			good_index = shm_ring_refresh_room(ring);
		CHECK_EQ(good_index, !cases[i].breaks);
		CHECK(cases[i].breaks ? ring->peer == TEST_FIRST_INDEX : true);	/* not followed */
		if (cases[i].ring == WDPDK_AREA_TX) {
			CHECK_EQ(shm_tx_refresh(&t.queue), !cases[i].breaks);
			CHECK_EQ(t.queue.broken, cases[i].breaks);
		}
		test_segment_close(&t);
	}
}

static void
indexes_going_back_inside_the_window_break_the_queue(void)
{
	open_segment();
	for (uint32_t i = 0; i < 10; i++)
		test_post_tx(&t, good(i));
	CHECK(shm_tx_refresh(&t.queue));
	CHECK_EQ(shm_tx_next(&t.queue, &frame, MAX_BYTES), SHM_TX_FRAME);
	shm_store(t.queue.tx.peer_word, TEST_FIRST_INDEX + 5);	/* was 10, one taken */
	CHECK(!shm_tx_refresh(&t.queue));
	CHECK(t.queue.broken);
	test_segment_close(&t);
}

static void
counters_are_mirrored(void)
{
	open_segment();
	post((struct shm_desc){ 0, 60, 9, 0, 0 });
	CHECK(t.queue.dirty);
	shm_queue_mirror(&t.queue);
	CHECK_EQ(t.queue.mirror[WDPDK_QUEUE_COUNTER_TX_REJECTED], 1);
	CHECK_EQ(t.queue.mirror[WDPDK_QUEUE_COUNTER_COUNT + WDPDK_QUEUE_DROP_BAD_RESERVED], 1);
	/* The client can write there; nobody believes it. */
	t.queue.mirror[WDPDK_QUEUE_COUNTER_TX_REJECTED] = 77;
	post((struct shm_desc){ SLOT, 60, 9, 0, 0 });
	CHECK_EQ(shm_queue_count(&t.queue, WDPDK_QUEUE_COUNTER_TX_REJECTED), 2);
	test_segment_close(&t);
}

int
main(void)
{
	RUN(fill_entries_are_checked);
	RUN(a_lane_has_its_own_slots_only);
	RUN(fill_budget_bounds_the_work);
	RUN(a_slot_belongs_to_one_side);
	RUN(tx_descriptors_are_checked);
	RUN(runs_are_taken_whole);
	RUN(endless_runs_are_cut);
	RUN(tx_waits_for_room_on_completion);
	RUN(a_frame_can_be_put_back);
	RUN(jumping_indexes_break_the_queue);
	RUN(indexes_going_back_inside_the_window_break_the_queue);
	RUN(counters_are_mirrored);
	return check_summary();
}
