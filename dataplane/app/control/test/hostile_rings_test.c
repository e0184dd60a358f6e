/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Clients that misuse their four rings, against the built executable: every index in both directions, runs without an end, rings
 * that are never served, descriptors rewritten while they are read, death at each step of opening a queue.
 */
#include "hostile_bed.h"

#define COUNT WDPDK_QUEUE_COUNTER_COUNT
#define CONTD WDPDK_DESC_FLAG_CONTD

/* Takes what completion holds. Returns how many slots came back. */
static uint32_t
reap(void)
{
	uint32_t n;

	CHECK(shm_ring_refresh_ready(&queue.completion));
	n = shm_ring_ready(&queue.completion);
	queue.completion.own += n;
	shm_ring_publish(&queue.completion);
	return n;
}

static bool
reap_until(uint32_t wanted)
{
	uint64_t until = peer_now_ms() + 10000;
	uint32_t got = 0;

	while ((got += reap()) < wanted && peer_now_ms() < until)
		peer_sleep_ms(1);
	return got == wanted;
}

static void
post_many(uint32_t n, uint16_t flags)
{
	for (uint32_t i = 0; i < n; i++) {
		struct shm_desc desc = { .offset = i * 2048, .length = 20, .flags = flags };

		memcpy(shm_ring_desc(&queue.tx, queue.tx.own++), &desc, sizeof(desc));
	}
	shm_ring_publish(&queue.tx);
}

static void
expect_bad_index(void)
{
	uint32_t reason = 0;

	CHECK_STR(text(peer_notification(peer, "queue.closed", 10000), "reason"), "bad_index");
	CHECK_EQ(shm_segment_state(queue.base, &reason), WDPDK_SEGMENT_STATE_CLOSED);
	CHECK_EQ(reason, WDPDK_CLOSE_BAD_INDEX);
	close_hostile();
	others_are_well();
}

static bool
is_closed(void)
{
	uint32_t reason;

	return shm_segment_state(queue.base, &reason) == WDPDK_SEGMENT_STATE_CLOSED;
}

/* A producer that takes published entries back, although none was consumed yet: the word stays inside the ring's window. */
static void
producers_that_step_back_inside_the_window(void)
{
	uint64_t until = peer_now_ms() + 10000;
	uint32_t *word, first;

	open_hostile("{\"kind\":\"tx\",\"port\":1,\"slots\":64}");
	word = ring_word(WDPDK_AREA_TX, WDPDK_RING_PRODUCER);
	first = *word;
	post_many(40, CONTD);		/* a run without an end is waited for, so nothing is consumed */
	while (!is_closed() && peer_now_ms() < until) {
		shm_store(word, first + 30);
		peer_sleep_ms(1);
		shm_store(word, first + 40);
		peer_sleep_ms(1);
	}
	expect_bad_index();

	open_hostile("{\"kind\":\"rx\",\"port\":0,\"slots\":1024}");
	word = ring_word(WDPDK_AREA_FILL, WDPDK_RING_PRODUCER);
	first = *word;
	/* Looked at some at a time; half the ring, so that rx has room and fill is looked at again. */
	for (uint32_t i = 0; i < 512; i++)
		shm_poke32(shm_ring_slot(&queue.fill, queue.fill.own++), i * 2048);
	shm_ring_publish(&queue.fill);
	while (shm_load(ring_word(WDPDK_AREA_FILL, WDPDK_RING_CONSUMER)) == first && peer_now_ms() < until)
		peer_sleep_ms(0);
	shm_store(word, queue.fill.own - 1);
	expect_bad_index();
}

static void
consumers_that_step_back_or_ahead(void)
{
	static const struct { unsigned int area; uint32_t by; } cases[] = {
		{ WDPDK_AREA_COMPLETION, 1 }, { WDPDK_AREA_COMPLETION, 0xffffffff }, { WDPDK_AREA_COMPLETION, 64 },
		{ WDPDK_AREA_RX, 0xffffffff }, { WDPDK_AREA_RX, 65 }, { WDPDK_AREA_RX, 0x80000000 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t *word;

		open_hostile("{\"kind\":\"rxtx\",\"port\":0,\"slots\":64}");
		word = ring_word(cases[i].area, WDPDK_RING_CONSUMER);
		shm_store(word, *word + cases[i].by);
		if (cases[i].area == WDPDK_AREA_COMPLETION)
			post_many(1, 0);	/* looked at when there is something to send */
		else
			give_all_slots(&queue);	/* looked at when rx is full */
		expect_bad_index();
	}
}

static void
runs_without_end(void)
{
	uint64_t rejected;

	open_hostile("{\"kind\":\"tx\",\"port\":1,\"slots\":256}");
	/* One more than a frame may have, and its end. */
	post_many(SHM_FRAME_PARTS + 1, CONTD);
	post_many(1, 0);
	CHECK_EQ(counter(COUNT + WDPDK_QUEUE_DROP_TOO_LONG, 1), 1);
	CHECK(reap_until(SHM_FRAME_PARTS + 1));	/* the last is the first slot once more: it was not the client's by then */
	/* The whole ring, over and over. */
	for (unsigned int round = 0; round < 8; round++) {
		post_many(256, CONTD);
		CHECK(reap_until(256));
	}
	rejected = counter(WDPDK_QUEUE_COUNTER_TX_REJECTED, 2);
	CHECK(rejected >= 2);
	CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS, 0), 0);
	/* An end, and the next frame is sent. */
	post_many(1, 0);
	CHECK(reap_until(1));
	post_many(1, 0);
	CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS, 1), 1);
	/* A frame of as many parts as there may be. */
	CHECK(reap_until(1));
	post_many(SHM_FRAME_PARTS - 1, CONTD);
	memcpy(shm_ring_desc(&queue.tx, queue.tx.own++), &(struct shm_desc){ .offset = 200 * 2048, .length = 20 },
		sizeof(struct shm_desc));
	shm_ring_publish(&queue.tx);
	CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS, 2), 2);
	CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_INJECTED_BYTES, 20 + 20 * SHM_FRAME_PARTS), 20 + 20 * SHM_FRAME_PARTS);
	close_hostile();
	others_are_well();
}

static void
completion_that_is_never_read(void)
{
	open_hostile("{\"kind\":\"tx\",\"port\":1,\"slots\":64}");
	post_many(64, 0);
	CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS, 64), 64);
	post_many(64, 0);
	others_are_well();
	CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS, 64), 64);	/* no room to hand slots back: nothing is taken */
	CHECK(reap_until(128));
	CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS, 128), 128);
	close_hostile();
	others_are_well();
}

static void
rings_that_are_never_served(void)
{
	uint64_t delivered;

	open_hostile("{\"kind\":\"rx\",\"port\":0,\"slots\":64}");
	others_are_well();						/* fill never given: nothing is for it yet */
	CHECK_EQ(counter(COUNT + WDPDK_QUEUE_DROP_NO_SLOT, 0), 0);
	give_slots(&queue, 1);						/* and never again */
	CHECK(counter(COUNT + WDPDK_QUEUE_DROP_NO_SLOT, 1000) >= 1000);
	CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS, 1), 1);
	others_are_well();
	give_all_slots(&queue);						/* given once, rx never drained */
	CHECK(counter(COUNT + WDPDK_QUEUE_DROP_RX_FULL, 1000) >= 1000);
	delivered = counter(WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS, 1);
	CHECK(delivered >= 1 && delivered <= 64);
	others_are_well();
	CHECK(receive_for(&queue, 50) > 64);				/* and it works again when served */
	close_hostile();
}

static void
descriptors_and_frames_that_change_while_read(void)
{
	static const uint16_t flags[] = { 0, CONTD, 0x8000, 0 };
	uint64_t until, packets, bytes;
	uint32_t state = 1;

	open_hostile("{\"kind\":\"rxtx\",\"port\":0,\"slots\":64,\"match\":{\"vlan\":4002}}");
	until = peer_now_ms() + 1000;
	while (peer_now_ms() < until) {
		CHECK(shm_ring_refresh_room(&queue.tx));
		post_many(shm_ring_room(&queue.tx), 0);
		for (unsigned int i = 0; i < 64; i++) {
			uint32_t *desc = (uint32_t *)(void *)shm_ring_desc(&queue.tx, state >> 8);

			state = state * 1664525 + 1013904223;
			shm_poke32(&desc[0], state >> 3 & 1 ? (state >> 20) * 32 : 0xfffffff0);
			shm_poke32(&desc[1], state >> 4 & 1 ? state >> 22 : 0xffffffff - (state >> 24));
			shm_poke32(&desc[2], (uint32_t)flags[state >> 5 & 3] << 16);
			shm_poke32((uint32_t *)(void *)(queue.base + shm_layout_find(&queue.layout, WDPDK_AREA_UMEM, 0)->offset +
				(state >> 15 & 0x1fffc)), state >> 6 & 1 ? 0x00810081 : state);
		}
		reap();
	}
	packets = counter(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS, 1);
	bytes = counter(WDPDK_QUEUE_COUNTER_INJECTED_BYTES, 1);
	CHECK(packets > 0);
	CHECK(bytes >= packets * 14 && bytes <= packets * 1522);
	CHECK(counter(WDPDK_QUEUE_COUNTER_TX_REJECTED, 1) > 0);
	CHECK_STR(text(peer_notification(peer, "queue.closed", 10), "reason"), "(none)");
	CHECK(!is_closed());
	close_hostile();
	others_are_well();
}

/* The client goes at each step of opening and first using a queue. */
static void
die_at(unsigned int step)
{
	static const char open[] = "{\"kind\":\"rxtx\",\"port\":0,\"slots\":64,\"metadata\":true}";
	struct link *bell = NULL;
	struct value *answered;

	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer != NULL);
	if (step == 0) {
		peer_request(peer, "queue.open", open);
	} else if (step == 1) {
		CHECK(peer_call(peer, "queue.open", open) != NULL);
	} else if (step == 2) {
		size_t size;

		answered = peer_call(peer, "queue.open", open);
		queue.base = peer_map(bed.endpoint, answered, true, &size);
		CHECK(queue.base != NULL);
		unmap(queue.base, size);
	} else {
		CHECK(peer_open_queue(peer, bed.endpoint, open, &queue));
		if (step >= 4)
			bell = peer_doorbell(peer, bed.endpoint);
		if (step >= 5)
			give_all_slots(&queue);
		if (step >= 6)
			shm_ring_arm(&queue.rx);
		if (step >= 7)
			post_many(10, step == 7 ? CONTD : 0);
		if (step == 9)
			peer_request(peer, "queue.close", "{\"queue\":1}");
		peer_unmap_queue(&queue);
	}
	peer_detach(peer);
	if (bell != NULL)
		link_close(bell);
}

static void
death_at_each_step_of_opening(void)
{
	uint64_t until, segments = 0;
	int before = child_handles(bed.child), after = INT32_MAX;

	for (unsigned int round = 0; round < 5; round++)
		for (unsigned int step = 0; step < 10; step++)
			die_at(step);
	for (until = peer_now_ms() + 1000; peer_now_ms() < until && (segments != 1 || after > before); peer_sleep_ms(5)) {
		segments = number(value_get(peer_call(honest, "stats", NULL), "memory"), "segments");
		after = child_handles(bed.child);
	}
	CHECK_EQ(segments, 1);
	CHECK(after <= before);
	others_are_well();
}

/* What the queue lets pass must not fail at the port for the same length: there it would count as a port that is full. */
static void
the_longest_frames_with_tags_leave(void)
{
	static const uint8_t tags[] = { 0x88, 0xa8, 0, 1, 0x81, 0x00, 0, 2, 0x08, 0x00 };
	uint8_t *umem;

	open_hostile("{\"kind\":\"tx\",\"port\":1,\"slots\":64}");
	umem = queue.base + shm_layout_find(&queue.layout, WDPDK_AREA_UMEM, 0)->offset;
	CHECK_EQ(queue.mtu, 1500);
	for (unsigned int i = 0; i < 3; i++) {
		struct shm_desc desc = { .offset = i * 2048, .length = queue.mtu + 14 + 4 * i };

		memset(umem + desc.offset, 2, desc.length);
		memcpy(umem + desc.offset + 12, tags + 8 - 4 * i, 2 + 4 * i);
		post_tx(desc);
	}
	CHECK(reap_until(3));
	CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS, 3), 3);
	CHECK_EQ(counter(COUNT + WDPDK_QUEUE_DROP_PORT_FULL, 0), 0);
	close_hostile();
	others_are_well();
}

static void
cases(void)
{
	RUN(producers_that_step_back_inside_the_window);
	RUN(consumers_that_step_back_or_ahead);
	RUN(runs_without_end);
	RUN(completion_that_is_never_read);
	RUN(rings_that_are_never_served);
	RUN(descriptors_and_frames_that_change_while_read);
	RUN(the_longest_frames_with_tags_leave);
	RUN(death_at_each_step_of_opening);
}

int
main(int argc, char **argv)
{
	return hostile_run(argc, argv, "hostile-rings", cases);
}
