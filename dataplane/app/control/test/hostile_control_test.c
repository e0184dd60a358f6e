/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Crowds, floods and great values on the control channel, against the built executable. The honest client's calls are answered
 * within a second all the while.
 */
#include "hostile_bed.h"

static uint8_t bytes[2u << 20];
static size_t used;

static void
put(const void *from, size_t length)
{
	memcpy(bytes + used, from, length);
	used += length;
}

static void
put_u32(uint8_t type, uint32_t number)
{
	uint8_t word[5] = { type, (uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number };

	put(word, sizeof(word));
}

/* [0, 7, "forwarding.set", {config: {routes: [n of {to: "a.b.c.d/32", via: 1}]}}]. The frame's length. */
static size_t
make_routes(uint32_t n, uint32_t distinct)
{
	used = WDPDK_FRAME_HEADER_BYTES;
	put("\x94\x00\x07\xae" "forwarding.set\x81\xa6" "config\x81\xa6routes", 34);
	put_u32(0xdd, n);
	for (uint32_t i = 0; i < n; i++) {
		char cidr[24];
		int length = snprintf(cidr, sizeof(cidr), "10.%u.%u.%u/32", i % distinct >> 16 & 255, i % distinct >> 8 & 255,
			i % distinct & 255);
		uint8_t string = (uint8_t)(0xa0 + length);

		put("\x82\xa2to", 4);
		put(&string, 1);
		put(cidr, (size_t)length);
		put("\xa3via\x01", 5);
	}
	shm_frame_header(bytes, used - WDPDK_FRAME_HEADER_BYTES);
	return used;
}

/* The honest client's call is answered, and soon: on a shared machine, and with a sanitizer at work (SOON_MS of tests.cmake). */
static void
answers_soon(void)
{
	uint64_t start = peer_now_ms();

	CHECK(peer_call(honest, "ports", NULL) != NULL);
	CHECK(peer_now_ms() - start < SOON_MS);
}

static void
a_crowd_of_silent_connections_keeps_nobody_out(void)
{
	struct link *crowd[1000];
	struct peer *late;
	unsigned int opened = 0;

	for (unsigned int i = 0; i < 1000; i++) {
		crowd[i] = link_open(bed.endpoint);
		opened += crowd[i] != NULL;
		if (i % 100 == 99)
			answers_soon();
	}
	CHECK(opened >= 256);
	late = peer_attach(bed.endpoint, NULL);
	CHECK(late != NULL);
	CHECK(peer_open_queue(late, bed.endpoint, "{\"kind\":\"rx\",\"port\":0,\"slots\":64}", &queue));
	peer_unmap_queue(&queue);
	peer_detach(late);
	others_are_well();
	for (unsigned int i = 0; i < 1000; i++)
		if (crowd[i] != NULL)
			link_close(crowd[i]);
	others_are_well();
}

/* All places are taken for as long as the queues of those who left are being detached. */
static void
attach_patiently(void)
{
	uint64_t until = peer_now_ms() + 10000;

	while ((peer = peer_attach(bed.endpoint, NULL)) == NULL && peer_now_ms() < until)
		CHECK_STR(peer_code(), "WDPDK_E_LIMIT");
	CHECK(peer != NULL);
}

static void
a_storm_of_attachments_leaks_nothing(void)
{
	int before = child_handles(bed.child), after = INT32_MAX;

	for (unsigned int i = 0; i < 1000; i++) {
		attach_patiently();
		if (i % 4 == 0)
			peer_request(peer, "queue.open", "{\"kind\":\"rxtx\",\"port\":0,\"slots\":64}");
		peer_detach(peer);
		if (i % 100 == 99)
			answers_soon();
	}
	for (uint64_t until = peer_now_ms() + 10000; peer_now_ms() < until && after > before; peer_sleep_ms(5))
		after = child_handles(bed.child);
	CHECK(after <= before);
	others_are_well();
}

/* What is told of clients that left has a bound: the statistics of everybody else still fit in a frame. */
static void
hostile_history_does_not_crowd_out_statistics(void)
{
	for (unsigned int session = 0; session < 100; session++) {
		uint64_t ids[30];

		attach_patiently();
		for (unsigned int round = 0; round < 2; round++) {
			for (unsigned int i = 0; i < 30; i++)
				peer_request(peer, "queue.open", "{\"kind\":\"rxtx\",\"port\":0,\"slots\":1,\"match\":{\"vlan\":4003}}");
			for (unsigned int i = 0; i < 30; i++) {
				const struct value *answered = peer_answer(peer);

				CHECK(answered != NULL && answered->count == 4);
				ids[i] = number(answered->items[3], "queue");
			}
			for (unsigned int i = 0; i < 30; i++) {
				char json[48];

				snprintf(json, sizeof(json), "{\"queue\":%" PRIu64 "}", ids[i]);
				peer_request(peer, "queue.close", json);
			}
			for (unsigned int i = 0; i < 30; i++)
				CHECK(peer_answer(peer) != NULL);
		}
		peer_detach(peer);
	}
	CHECK(peer_call(honest, "stats", NULL) != NULL);
	answers_soon();
}

static void
great_configurations(void)
{
	static const char restore[] = "{\"config\":{\"ports\":{\"0\":{\"mode\":\"drop\"}}}}";
	const struct value *answered;
	uint64_t generation;

	peer = peer_attach(bed.endpoint, NULL);
	/* As many as a frame holds. */
	CHECK(link_send(peer->link, bytes, make_routes(40000, 40000)));
	answers_soon();
	answered = peer_answer(peer);
	CHECK(answered != NULL && answered->items[2]->type == VALUE_NIL);
	generation = number(answered->items[3], "generation");
	answered = peer_call(peer, "forwarding.get", NULL);
	CHECK_EQ(number(answered, "routes"), 40000);
	CHECK(number(answered, "next") < 40000);
	others_are_well();
	/* The same prefix over and over is refused, with a bounded list of what is wrong, and changes nothing. */
	CHECK(link_send(peer->link, bytes, make_routes(40000, 3)));
	answered = peer_answer(peer);
	CHECK(answered != NULL);
	CHECK_STR(text(answered->items[2], "code"), "WDPDK_E_CONFIG");
	CHECK(value_get(answered->items[2], "issues")->count <= 64);
	CHECK_EQ(number(peer_call(peer, "stats", NULL), "generation"), generation);
	answers_soon();
	/* Who asks for the whole of it without end, and reads the answers, has his turn and no more; if he cannot read as fast as he asks
	 * he is cut off. */
	used = 0;
	for (unsigned int i = 0; i < 600; i++)
		put("\x13\0\0\0\x94\x00\x07\xae" "forwarding.get\x80", 23);
	CHECK(link_send(peer->link, bytes, used));
	for (uint64_t until = peer_now_ms() + 60000, total = 0; total < UINT64_C(600) * 200000 && peer_now_ms() < until;) {
		static uint8_t read[1 << 16];
		uint64_t start = peer_now_ms();
		int got = -1;

		CHECK(peer_call(honest, "ports", NULL) != NULL);
		CHECK(peer_now_ms() - start < SOON_MS / 4);
		while ((got = link_receive(peer->link, read, sizeof(read), 0)) > 0)
			total += (unsigned int)got;
		if (got == 0)
			break;
	}
	peer_detach(peer);
	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer != NULL);
	/* 30,000 questions whose answers are not read. */
	for (unsigned int round = 0; round < 30; round++) {
		used = 0;
		for (unsigned int i = 0; i < 1000; i++)
			put("\x13\0\0\0\x94\x00\x07\xae" "forwarding.get\x80", 23);
		link_send_some(peer->link, bytes, used);
		answers_soon();
	}
	peer_detach(peer);
	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer_call(peer, "forwarding.set", restore) != NULL);
	/* More than a frame holds ends the connection. Whether the reason still gets through to who is busy sending is the system's affair. */
	link_send(peer->link, bytes, make_routes(50000, 50000));
	CHECK(peer_answer(peer) == NULL);
	peer_detach(peer);
	others_are_well();
}

/* A tree of as many nodes as a frame can name, and maps as wide as they may be. */
static void
great_values(void)
{
	peer = peer_attach(bed.endpoint, NULL);
	used = WDPDK_FRAME_HEADER_BYTES;
	put("\x94\x00\x07\xa5hello\x81\xa1" "x", 12);
	put_u32(0xdd, 1000000);
	memset(bytes + used, 0xc0, 1000000);
	used += 1000000;
	shm_frame_header(bytes, used - WDPDK_FRAME_HEADER_BYTES);
	for (unsigned int i = 0; i < 4; i++) {
		CHECK(link_send(peer->link, bytes, used));
		answers_soon();
	}
	for (unsigned int i = 0; i < 4; i++)
		CHECK(peer_answer(peer) != NULL);
	used = WDPDK_FRAME_HEADER_BYTES;
	put("\x94\x00\x07\xa5hello\x81\xa1" "x", 12);
	put_u32(0xdd, 800);
	for (unsigned int map = 0; map < 800; map++) {
		put("\xde\x01\x00", 3);
		for (unsigned int i = 0; i < 256; i++) {
			char key[8];

			snprintf(key, sizeof(key), "\xa3%c%c%c", 'a' + i % 16, 'a' + i / 16, 'a');
			put(key, 4);
			put("\xc0", 1);
		}
	}
	CHECK(used < WDPDK_FRAME_MAX_BYTES + 4);
	shm_frame_header(bytes, used - WDPDK_FRAME_HEADER_BYTES);
	CHECK(link_send(peer->link, bytes, used));
	answers_soon();
	CHECK(peer_answer(peer) != NULL);
	peer_detach(peer);
	others_are_well();
}

static void
tickets_open_once(void)
{
	struct value *answered;
	size_t size;
	void *base, *again;

	if (!peer_segments_by_ticket) {
		printf("    segments go by name here; their descriptors (DACL) hold strangers off\n");
		return;
	}
	peer = peer_attach(bed.endpoint, NULL);
	answered = peer_call(peer, "queue.open", "{\"kind\":\"rx\",\"port\":0,\"slots\":64}");
	base = peer_map(bed.endpoint, answered, true, &size);
	again = peer_map(bed.endpoint, answered, true, &size);
	CHECK(base != NULL && again == NULL);
	unmap(base, size);
	answered = peer_call(peer, "counters", NULL);
	CHECK(peer_map(bed.endpoint, answered, true, &size) == NULL);	/* observers do not write */
	answered = peer_call(peer, "queue.open", "{\"kind\":\"rx\",\"port\":0,\"slots\":64}");
	peer_call(peer, "queue.close", "{\"queue\":1}");
	CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");			/* another client's */
	link_close(peer->link);
	peer->link = link_open(bed.endpoint);
	/* Its client is gone, and with it the ticket. */
	while (number(value_get(peer_call(honest, "stats", NULL), "memory"), "segments") != 1)
		peer_sleep_ms(1);
	CHECK(peer_map(bed.endpoint, answered, true, &size) == NULL);
	peer_detach(peer);
	others_are_well();
}

/* Requests behind the frame that makes a connection a doorbell are nobody's: their answers would have no place to go, and a queue that
 * they open would outlive its client. */
static void
nothing_is_asked_on_a_doorbell(void)
{
	static const uint8_t open[] = "\x94\x00\x07\xaaqueue.open\x83\xa4kind\xa2rx\xa4port\x00\xa5slots\x40";
	struct arena *arena = arena_create(1 << 20);
	struct value *told;
	struct link *link;

	peer = peer_attach(bed.endpoint, NULL);
	link = link_open(bed.endpoint);
	used = WDPDK_FRAME_HEADER_BYTES;
	put("\x93\x02\xa8" "doorbell\x81\xa5token\xc4\x10", 20);
	put(peer->token, 16);
	shm_frame_header(bytes, used - WDPDK_FRAME_HEADER_BYTES);
	shm_frame_header(bytes + used, sizeof(open) - 1);
	used += WDPDK_FRAME_HEADER_BYTES;
	put(open, sizeof(open) - 1);
	CHECK(link_send(link, bytes, used));
	told = peer_frame(arena, link, 10000);
	CHECK(told != NULL && told->count == 3 && value_string_is(told->items[1], "error"));
	CHECK(peer_frame(arena, link, 10000) == NULL);	/* closed */
	CHECK_EQ(number(value_get(peer_call(honest, "stats", NULL), "memory"), "segments"), 1);
	/* It is still a client. */
	CHECK(peer_call(peer, "ports", NULL) != NULL);
	link_close(link);
	peer_detach(peer);
	arena_destroy(arena);
	others_are_well();
}

static void
cases(void)
{
	RUN(a_crowd_of_silent_connections_keeps_nobody_out);
	RUN(a_storm_of_attachments_leaks_nothing);
	RUN(hostile_history_does_not_crowd_out_statistics);
	RUN(great_configurations);
	RUN(great_values);
	RUN(tickets_open_once);
	RUN(nothing_is_asked_on_a_doorbell);
}

int
main(int argc, char **argv)
{
	return hostile_run(argc, argv, "hostile-control", cases);
}
