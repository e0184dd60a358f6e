/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Clients that break every rule, against the built executable. Each case ends with an honest client that still receives and the
 * dataplane alive; `hostile-peers` in ARCHITECTURE names the cases.
 */
#include "hostile_bed.h"

/* ---- descriptors and indexes ---- */

static void
bad_descriptors_are_counted_by_cause(void)
{
	static const struct { struct shm_desc desc; unsigned int cause; } cases[] = {
		{ { 64 * 2048, 60, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_OFFSET },
		{ { 0xffffffff, 0xffffffff, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_OFFSET },
		{ { 1 * 2048 + 2000, 60, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_OFFSET },
		{ { 2 * 2048, 0, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_LENGTH },
		{ { 3 * 2048, 13, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_LENGTH },
		{ { 4 * 2048, 2049, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_LENGTH },
		{ { 5 * 2048 + 128, 0xffffff80, 0, 0, 0 }, WDPDK_QUEUE_DROP_BAD_LENGTH },
		{ { 6 * 2048, 60, 0, 0x4000, 0 }, WDPDK_QUEUE_DROP_BAD_FLAGS },
		{ { 7 * 2048, 60, 3, 0, 0 }, WDPDK_QUEUE_DROP_BAD_RESERVED },
		{ { 8 * 2048, 60, 0, 0, 3 }, WDPDK_QUEUE_DROP_BAD_RESERVED },
		{ { 9 * 2048, 1600, 0, 0, 0 }, WDPDK_QUEUE_DROP_TOO_LONG },
	};
	uint64_t expected[WDPDK_QUEUE_DROP_COUNT] = { 0 };
	size_t n = sizeof(cases) / sizeof(cases[0]);
	char json[64];
	struct value *counters;

	open_hostile("{\"kind\":\"tx\",\"port\":1,\"slots\":64}");
	CHECK_EQ(queue.mtu, 1500);
	for (size_t i = 0; i < n; i++) {
		post_tx(cases[i].desc);
		expected[cases[i].cause]++;
	}
	CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_TX_REJECTED, n), n);
	for (unsigned int cause = 0; cause < WDPDK_QUEUE_DROP_COUNT; cause++)
		CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_COUNT + cause, expected[cause]), expected[cause]);
	/* A good one behind them passes. */
	post_tx((struct shm_desc){ .offset = 20 * 2048, .length = 60 });
	CHECK_EQ(counter(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS, 1), 1);
	snprintf(json, sizeof(json), "{\"queue\":%" PRIu64 "}", queue.id);
	counters = peer_call(peer, "queue.close", json);
	CHECK_EQ(number(value_get(counters, "counters"), "tx_rejected"), n);
	CHECK_EQ(number(value_get(counters, "counters"), "too_long"), 1);
	close_hostile();
	others_are_well();
}

static void
one_slot_on_two_rings(void)
{
	open_hostile("{\"kind\":\"rxtx\",\"port\":0,\"slots\":64,\"match\":{\"vlan\":4000}}");
	give_all_slots(&queue);	/* nothing matches: they stay on fill */
	give_all_slots(&queue);	/* all of them twice; what does not fit is never looked at */
	for (uint32_t i = 0; i < 10; i++)
		post_tx((struct shm_desc){ .offset = 2048 * i, .length = 60 });
	/* Fill is only taken when there is something to deliver: ownership is still the client's, so each is sent once. */
	CHECK(counter(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS, 10) + counter(WDPDK_QUEUE_COUNTER_TX_REJECTED, 0) >= 10);
	close_hostile();
	others_are_well();
}

static void
a_slot_posted_twice_is_refused_once(void)
{
	open_hostile("{\"kind\":\"rx\",\"port\":0,\"slots\":64}");
	for (unsigned int i = 0; i < 8; i++) {
		shm_poke32(shm_ring_slot(&queue.fill, queue.fill.own), 3 * 2048);
		queue.fill.own++;
	}
	shm_ring_publish(&queue.fill);
	CHECK(counter(WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS, 1) >= 1);
	CHECK(counter(WDPDK_QUEUE_COUNTER_FILL_REJECTED, 7) >= 1);
	CHECK(counter(WDPDK_QUEUE_COUNTER_COUNT + WDPDK_QUEUE_DROP_NOT_OWNER, 1) >= 1);
	close_hostile();
	others_are_well();
}

static void
jumping_indexes_end_the_queue_with_a_reason(void)
{
	static const struct { unsigned int area; size_t word; uint32_t by; } cases[] = {
		{ WDPDK_AREA_TX, WDPDK_RING_PRODUCER, 65 }, { WDPDK_AREA_TX, WDPDK_RING_PRODUCER, 0x80000000 },
		{ WDPDK_AREA_TX, WDPDK_RING_PRODUCER, 0xffffffff }, { WDPDK_AREA_FILL, WDPDK_RING_PRODUCER, 65 },
		{ WDPDK_AREA_FILL, WDPDK_RING_PRODUCER, 0xffffffff },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct value *told;
		uint32_t *word, reason = 0;

		open_hostile("{\"kind\":\"rxtx\",\"port\":0,\"slots\":64}");
		word = (uint32_t *)(void *)(queue.base + shm_layout_find(&queue.layout, cases[i].area, 0)->offset + cases[i].word);
		shm_store(word, *word + cases[i].by);
		told = peer_notification(peer, "queue.closed", 10000);
		CHECK_EQ(number(told, "queue"), queue.id);
		CHECK_STR(text(told, "reason"), "bad_index");
		CHECK_EQ(shm_segment_state(queue.base, &reason), WDPDK_SEGMENT_STATE_CLOSED);
		CHECK_EQ(reason, WDPDK_CLOSE_BAD_INDEX);
		/* The client may try again. */
		peer_unmap_queue(&queue);
		CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rx\",\"port\":0,\"slots\":64}", &queue));
		close_hostile();
	}
	others_are_well();
}

static void
a_consumer_that_takes_what_was_not_published(void)
{
	struct value *told;
	uint32_t *word;

	open_hostile("{\"kind\":\"rx\",\"port\":0,\"slots\":64}");
	word = (uint32_t *)(void *)(queue.base + shm_layout_find(&queue.layout, WDPDK_AREA_RX, 0)->offset + WDPDK_RING_CONSUMER);
	shm_store(word, *word + 5000);
	give_all_slots(&queue);
	/* The word is read when room seems to be gone: keep the ring turning. */
	for (unsigned int i = 0; i < 1000; i++) {
		if (shm_ring_refresh_ready(&queue.rx))
			queue.rx.own += shm_ring_ready(&queue.rx);
		shm_poke32(shm_ring_slot(&queue.fill, queue.fill.own), i % 64 * 2048);
		queue.fill.own++;
		shm_ring_publish(&queue.fill);
	}
	told = peer_notification(peer, "queue.closed", 10000);
	CHECK_STR(text(told, "reason"), "bad_index");
	close_hostile();
	others_are_well();
}

static void
a_page_of_noise_breaks_nobody_else(void)
{
	uint32_t state = 12345;

	open_hostile("{\"kind\":\"rxtx\",\"port\":0,\"slots\":64,\"metadata\":true}");
	for (unsigned int round = 0; round < 20; round++)
		for (uint64_t at = 0; at < queue.layout.total; at += 4) {
			state = state * 1664525 + 1013904223;
			shm_poke32((uint32_t *)(void *)(queue.base + at), round == 0 ? 0 : state);
		}
	CHECK_STR(text(peer_notification(peer, "queue.closed", 10000), "reason"), "bad_index");
	close_hostile();
	others_are_well();
}

/* ---- the doorbell ---- */

static void
arming_for_ever_without_reading(void)
{
	unsigned int calm, stormy;
	struct link *bell;
	uint64_t until;
	int got, bytes = 0;
	uint8_t read[4096];

	calm = receive_for(&honest_queue, 300);
	peer = peer_attach(bed.endpoint, NULL);
	bell = peer_doorbell(peer, bed.endpoint);
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rx\",\"port\":0,\"slots\":64,\"snaplen\":64}", &queue));
	give_all_slots(&queue);
	stormy = 0;
	until = peer_now_ms() + 300;
	while (peer_now_ms() < until) {
		shm_ring_arm(&queue.rx);
		receive_for(&queue, 0);
		stormy += receive_for(&honest_queue, 0);
	}
	CHECK(counter(WDPDK_QUEUE_COUNTER_WAKEUPS, 1) > 0);
	/* However often it armed: one byte was written, for it was never read. */
	while ((got = link_receive(bell, read, sizeof(read), 200)) > 0) {
		bytes += got;
		if (bytes > 50)
			break;
	}
	printf("    honest client: %u frames calm, %u with the other arming; %" PRIu64 " wake-ups asked for\n", calm, stormy,
		counter(WDPDK_QUEUE_COUNTER_WAKEUPS, 0));
	CHECK(bytes >= 1 && bytes <= 3);
	CHECK(stormy > calm / 3);
	link_close(bell);
	close_hostile();
	others_are_well();
}

static void
tokens_are_good_once_and_only_for_their_client(void)
{
	struct arena *arena = arena_create(1 << 20);
	struct link *bell, *again;
	struct value *said;
	uint8_t byte;

	peer = peer_attach(bed.endpoint, NULL);
	bell = peer_doorbell(peer, bed.endpoint);
	CHECK_EQ(link_receive(bell, &byte, 1, 50), -1);
	again = peer_doorbell(peer, bed.endpoint);
	said = peer_frame(arena, again, 10000);
	CHECK(said != NULL && value_string_is(said->items[1], "error"));
	CHECK_STR(text(said->items[2], "code"), "WDPDK_E_DENIED");
	CHECK_EQ(link_receive(again, &byte, 1, 10000), 0);
	link_close(again);
	memset(peer->token, 0, 16);
	again = peer_doorbell(peer, bed.endpoint);
	CHECK(peer_frame(arena, again, 10000) != NULL);
	CHECK_EQ(link_receive(again, &byte, 1, 10000), 0);
	link_close(again);
	/* Words on a doorbell end it. */
	link_send(bell, "hello?", 6);
	CHECK_EQ(link_receive(bell, &byte, 1, 10000), 0);
	link_close(bell);
	peer_detach(peer);
	arena_destroy(arena);
}

/* ---- frames ---- */

static struct link *
raw(const void *bytes, size_t length)
{
	struct link *link = link_open(bed.endpoint);

	if (link != NULL)
		link_send(link, bytes, length);
	return link;
}

/* The peer says why and closes. */
static void
expect_refusal(struct link *link, const char *code)
{
	struct arena *arena = arena_create(1 << 20);
	struct value *said = peer_frame(arena, link, 15000);
	uint8_t byte;

	CHECK(said != NULL && said->count >= 3);
	CHECK_STR(text(said->items[2], "code"), code);
	CHECK_EQ(link_receive(link, &byte, 1, 10000), 0);
	link_close(link);
	arena_destroy(arena);
}

static void
malformed_frames_are_refused(void)
{
	static const struct { const char *bytes; size_t length; } values[] = {
		{ "\xc1", 1 },						/* never used by MessagePack */
		{ "\x94\x00\x01\xa5hello\xd4\x01\x02", 10 },		/* an extension type */
		{ "\x94\x00\x01\xa5hello\x81\xa1x\xcb\x7f\xf8\0\0\0\0\0\0", 20 },	/* NaN */
		{ "\x94\x00\x01\xa5hello\x81\x05\x06", 12 },		/* a key that is no string */
		{ "\x94\x00\x01\xa5hello\x82\xa1x\x01\xa1x\x02", 16 },	/* a key twice */
		{ "\x94\x00\x01\xa5hello\x80\x00", 11 },		/* bytes behind the value */
		{ "\x94\x00\x01\xa5hel", 7 },				/* cut off */
		{ "\xdd\xff\xff\xff\xff", 5 },				/* an array of 4 G items */
		{ "\xdb\xff\xff\xff\xff", 5 },				/* a string of 4 GiB */
		{ "\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\xc0", 21 },	/* deep */
		{ "\x80", 1 }, { "\x90", 1 }, { "\xc0", 1 }, { "\x2a", 1 },	/* not a message */
		{ "\x94\x00\x01\xa5hello\x90", 10 },			/* params that are no map */
		{ "\x94\x01\x01\xc0\xc0", 5 },				/* an answer */
		{ "\x93\x00\x01\xa5hello", 9 },				/* too short a request */
		{ "\x94\x00\xff\xa5hello\x80", 10 },			/* a negative id */
		{ "\x94\x00\x01\xa2\xff\xfe\x80", 7 },			/* a method that is no UTF-8 */
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		uint8_t bytes[64];

		shm_frame_header(bytes, values[i].length);
		memcpy(bytes + 4, values[i].bytes, values[i].length);
		expect_refusal(raw(bytes, values[i].length + 4), "WDPDK_E_PROTOCOL");
	}
	expect_refusal(raw("\0\0\0\0", 4), "WDPDK_E_PROTOCOL");
	expect_refusal(raw("\x01\x00\x10\x00", 4), "WDPDK_E_PROTOCOL");	/* one byte over the limit */
	expect_refusal(raw("\xff\xff\xff\xff", 4), "WDPDK_E_PROTOCOL");
	others_are_well();
}

static void
nothing_comes_before_hello(void)
{
	struct link *link = link_open(bed.endpoint);

	peer_send_json(link, "[0,1,\"ports\",{}]");
	expect_refusal(link, "WDPDK_E_PROTOCOL");
	link = link_open(bed.endpoint);
	peer_send_json(link, "[2,\"surprise\",{}]");
	expect_refusal(link, "WDPDK_E_PROTOCOL");
	link = link_open(bed.endpoint);
	peer_send_json(link, "[0,1,\"hello\",{\"major\":1,\"minor\":0,\"want\":[\"everything\"]}]");
	expect_refusal(link, "WDPDK_E_ARGUMENT");
}

static void
silence_and_dripping_run_out_of_time(void)
{
	struct link *silent = link_open(bed.endpoint), *dripping = link_open(bed.endpoint);
	uint64_t start = peer_now_ms();
	uint8_t header[4];

	shm_frame_header(header, 1000);
	link_send(dripping, header, 4);
	for (unsigned int i = 0; i < 20; i++) {
		link_send(dripping, "\x94", 1);
		peer_sleep_ms(50);
	}
	expect_refusal(silent, "WDPDK_E_TIMEOUT");
	expect_refusal(dripping, "WDPDK_E_TIMEOUT");
	CHECK(peer_now_ms() - start >= WDPDK_FRAME_HELLO_TIMEOUT_MS - 100);
	CHECK(peer_now_ms() - start < WDPDK_FRAME_HELLO_TIMEOUT_MS + 3000);
	others_are_well();
}

static bool
has_left(uint64_t id)
{
	const struct value *clients = value_get(peer_call(honest, "stats", NULL), "clients");

	for (uint32_t i = 0; clients != NULL && i < clients->count; i++)
		if (number(clients->items[i], "id") == id)
			return value_get(clients->items[i], "left")->boolean;
	return true;
}

static void
a_flood_that_reads_no_answers_is_cut_off(void)
{
	/* One request for statistics, many times: the answers are some kilobytes each. */
	static uint8_t flood[65536];
	static const char stats[] = "\x94\x00\x05\xa5stats\x80";
	size_t length = 0, at = 0;
	uint64_t until = peer_now_ms() + 60000;

	while (length + 32 < sizeof(flood)) {
		shm_frame_header(flood + length, sizeof(stats) - 1);
		memcpy(flood + length + 4, stats, sizeof(stats) - 1);
		length += 4 + sizeof(stats) - 1;
	}
	peer = peer_attach(bed.endpoint, NULL);
	do {
		size_t n = link_send_some(peer->link, flood + at, length - at);

		at = (at + n) % length;
		/* Not taken: it is gone, or the dataplane has its hands full. */
		if (n == 0 && has_left(peer->client))
			break;
	} while (peer_now_ms() < until);
	CHECK(has_left(peer->client));
	others_are_well();
	/* It is gone: what is still in the pipe can be read, then it ends. */
	{
		uint64_t read = 0;
		int got;

		while ((got = link_receive(peer->link, flood, sizeof(flood), 10000)) > 0)
			read += (unsigned int)got;
		CHECK_EQ(got, 0);
		CHECK(read < (64u << 20));
	}
	peer_detach(peer);
	others_are_well();
}

/* ---- numbers ---- */

static void
more_clients_than_allowed(void)
{
	struct peer *crowd[WDPDK_LIMIT_CLIENTS] = { NULL };
	unsigned int n = 0;

	while (n < WDPDK_LIMIT_CLIENTS && (crowd[n] = peer_attach(bed.endpoint, NULL)) != NULL)
		n++;
	CHECK_EQ(n, WDPDK_LIMIT_CLIENTS - 1);	/* the honest one is there already */
	CHECK_STR(peer_code(), "WDPDK_E_LIMIT");
	while (n > 0)
		peer_detach(crowd[--n]);
	/* Places come back. */
	for (uint64_t until = peer_now_ms() + 5000; n == 0 && peer_now_ms() < until;) {
		peer = peer_attach(bed.endpoint, NULL);
		if (peer != NULL) {
			peer_detach(peer);
			n = 1;
		}
	}
	CHECK_EQ(n, 1);
	others_are_well();
}

static void
more_queues_and_memory_than_allowed(void)
{
	unsigned int n = 0;

	peer = peer_attach(bed.endpoint, NULL);
	while (n <= WDPDK_LIMIT_QUEUES_PER_CLIENT && peer_call(peer, "queue.open",
			"{\"kind\":\"rx\",\"port\":0,\"slots\":1,\"match\":{\"vlan\":4001}}") != NULL)
		n++;
	CHECK_EQ(n, WDPDK_LIMIT_QUEUES_PER_CLIENT);
	CHECK_STR(peer_code(), "WDPDK_E_LIMIT");
	peer_detach(peer);
	peer = peer_attach(bed.endpoint, NULL);
	peer_call(peer, "queue.open", "{\"kind\":\"rx\",\"port\":0,\"slots\":32768,\"slotSize\":16384,\"match\":{\"vlan\":4001}}");
	CHECK_STR(peer_code(), "");
	CHECK(peer_call(peer, "queue.open", "{\"kind\":\"rx\",\"port\":0,\"slots\":32768,\"slotSize\":16384,\"match\":{\"vlan\":4001}}")
		== NULL);
	CHECK_STR(peer_code(), "WDPDK_E_LIMIT");
	peer_detach(peer);
	others_are_well();
}

/* A client that vanishes with slots out and frames waiting is gone from the report within a second, and nobody else notices. */
static void
a_vanished_client_is_reclaimed_within_a_second(void)
{
	uint64_t id, start;
	bool gone = false;

	open_hostile("{\"kind\":\"rxtx\",\"port\":0,\"slots\":64}");
	give_all_slots(&queue);
	CHECK(counter(WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS, 1) > 0);
	id = peer->client;
	start = peer_now_ms();
	link_close(peer->link);
	peer->link = NULL;
	while (!gone && peer_now_ms() - start < 5000) {
		const struct value *clients = value_get(peer_call(honest, "stats", NULL), "clients");

		CHECK(clients != NULL);
		for (uint32_t i = 0; i < clients->count; i++)
			if (number(clients->items[i], "id") == id) {
				const struct value *queues = value_get(clients->items[i], "queues");
				const struct value *left = value_get(clients->items[i], "left");
				const struct value *open = value_get(queues->items[0], "open");

				gone = left->boolean && !open->boolean;
			}
	}
	CHECK(gone);
	CHECK(peer_now_ms() - start < 1000);
	{
		uint32_t reason;

		CHECK_EQ(shm_segment_state(queue.base, &reason), WDPDK_SEGMENT_STATE_CLOSED);
		CHECK_EQ(reason, WDPDK_CLOSE_CLIENT_GONE);
	}
	peer_unmap_queue(&queue);
	arena_destroy(peer->arena);
	free(peer);
	others_are_well();
}

static void
cases(void)
{
	RUN(bad_descriptors_are_counted_by_cause);
	RUN(one_slot_on_two_rings);
	RUN(a_slot_posted_twice_is_refused_once);
	RUN(jumping_indexes_end_the_queue_with_a_reason);
	RUN(a_consumer_that_takes_what_was_not_published);
	RUN(a_page_of_noise_breaks_nobody_else);
	RUN(arming_for_ever_without_reading);
	RUN(tokens_are_good_once_and_only_for_their_client);
	RUN(malformed_frames_are_refused);
	RUN(nothing_comes_before_hello);
	RUN(silence_and_dripping_run_out_of_time);
	RUN(a_flood_that_reads_no_answers_is_cut_off);
	RUN(more_clients_than_allowed);
	RUN(more_queues_and_memory_than_allowed);
	RUN(a_vanished_client_is_reclaimed_within_a_second);
}

int
main(int argc, char **argv)
{
	return hostile_run(argc, argv, "hostile-test", cases);
}
