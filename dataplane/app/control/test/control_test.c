/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The built executable from outside: greeting, methods, queues, doorbell, the end. Honest clients; the others are in hostile_test.c.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "bed.h"
#include "check.h"

static const char *program;
static struct bed bed;
static struct peer *peer;
static struct peer_queue queue;

static uint64_t
number(const struct value *map, const char *key)
{
	uint64_t value = UINT64_MAX;

	value_u64(value_get(map, key), &value);
	return value;
}

static const char *
text(const struct value *map, const char *key)
{
	const struct value *value = value_get(map, key);

	return value_is(value, VALUE_STRING) ? value->string : "(none)";
}

static void
give_all_slots(void)
{
	const struct shm_area *umem = shm_layout_find(&queue.layout, WDPDK_AREA_UMEM, 0);

	for (uint32_t i = 0; i < umem->count; i++)
		shm_poke32(shm_ring_slot(&queue.fill, queue.fill.own + i), i * umem->stride);
	queue.fill.own += umem->count;
	shm_ring_publish(&queue.fill);
}

/* Waits until rx has something. */
static bool
rx_ready(struct shm_ring *ring)
{
	uint64_t until = peer_now_ms() + 10000;

	while (shm_ring_ready(ring) == 0) {
		if (!shm_ring_refresh_ready(ring) || peer_now_ms() > until)
			return false;
		if (shm_ring_ready(ring) == 0)
			peer_sleep_ms(1);
	}
	return true;
}

static uint8_t *
umem(void)
{
	return queue.base + shm_layout_find(&queue.layout, WDPDK_AREA_UMEM, 0)->offset;
}

/* ---- greeting ---- */

static void
hello_tells_who_is_who(void)
{
	struct value *answer;

	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer != NULL);
	peer_detach(peer);
	peer = calloc(1, sizeof(*peer));
	peer->arena = arena_create(1 << 20);
	peer->link = link_open(bed.endpoint);
	answer = peer_call(peer, "hello", "{\"major\":1,\"minor\":7,\"version\":\"9.9\",\"name\":\"ids\",\"pid\":1}");
	CHECK(answer != NULL);
	CHECK_EQ(number(answer, "major"), 1);
	CHECK_EQ(number(answer, "minor"), WDPDK_VERSION_MINOR);	/* the lower of the two */
	CHECK_STR(text(answer, "version"), WDPDK_VERSION);
	CHECK_STR(text(answer, "instance"), "control-test");
	CHECK_EQ(number(answer, "client"), 2);
	CHECK_EQ(value_get(answer, "granted")->count, 2);
	CHECK_EQ(number(value_get(answer, "limits"), "frameBytes"), WDPDK_FRAME_MAX_BYTES);
	CHECK_EQ(value_get(answer, "token")->count, 16);
	/* Capabilities that were not asked for are not there. */
	CHECK(peer_call(peer, "forwarding.set", "{\"config\":{\"ports\":{}}}") == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_DENIED");
	CHECK(peer_call(peer, "queue.open", "{\"kind\":\"tx\",\"port\":1}") == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_DENIED");
	CHECK(peer_call(peer, "queue.open", "{\"kind\":\"rx\",\"port\":0,\"action\":\"redirect\"}") == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_DENIED");
	peer_detach(peer);
}

static void
other_versions_are_named_with_the_way_out(void)
{
	static const struct { const char *hello, *side; } cases[] = {
		{ "[0,1,\"hello\",{\"major\":2,\"minor\":0,\"version\":\"2.0.0\"}]", "Update wdpdk-dataplane" },
		{ "[0,1,\"hello\",{\"major\":0,\"minor\":9,\"version\":\"0.0.9\"}]", "Update the client" },
		{ "[0,1,\"hello\",{}]", "Use a client" },
		{ "[0,1,\"hello\",{\"major\":\"one\",\"minor\":0}]", "Use a client" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena *arena = arena_create(1 << 20);
		struct link *link = link_open(bed.endpoint);
		struct value *answer;
		uint8_t byte;

		peer_send_json(link, cases[i].hello);
		answer = peer_frame(arena, link, 10000);
		CHECK(answer != NULL && answer->count == 4);
		CHECK_STR(text(answer->items[2], "code"), "WDPDK_E_VERSION");
		CHECK(strstr(text(answer->items[2], "message"), "speaks 1.1") != NULL);
		CHECK(strstr(text(answer->items[2], "remedy"), cases[i].side) != NULL);
		CHECK_EQ(link_receive(link, &byte, 1, 10000), 0);
		link_close(link);
		arena_destroy(arena);
	}
}

/* ---- observing ---- */

static void
ports_and_stats_are_told(void)
{
	struct value *answer, *ports;

	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer != NULL);
	answer = peer_call(peer, "ports", NULL);
	ports = (struct value *)(uintptr_t)value_get(answer, "ports");
	CHECK(ports != NULL && ports->count == 2);
	CHECK_EQ(number(ports->items[0], "id"), 0);
	CHECK_STR(text(ports->items[0], "name"), "net_pcap0");
	CHECK_EQ(number(ports->items[0], "mtu"), 65535);
	answer = peer_call(peer, "stats", NULL);
	CHECK(value_is(value_get(answer, "clients"), VALUE_ARRAY));
	CHECK(value_is(value_get(answer, "ports"), VALUE_ARRAY));
	CHECK(peer_call(peer, "ports", "{\"verbose\":true}") == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_ARGUMENT");
	CHECK(peer_call(peer, "teleport", NULL) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_METHOD");
	peer_detach(peer);
}

static void
counters_can_be_read_and_not_written(void)
{
	struct shm_layout layout;
	struct value *answer;
	const uint64_t *block;
	uint64_t until = peer_now_ms() + 10000;
	size_t size;
	void *base;

	peer = peer_attach(bed.endpoint, NULL);
	answer = peer_call(peer, "counters", NULL);
	base = peer_map(bed.endpoint, answer, false, &size);
	CHECK(base != NULL);
	CHECK(shm_segment_read(base, size, &layout) == NULL);
	CHECK_EQ(layout.kind, WDPDK_SEGMENT_KIND_COUNTERS);
	block = (const uint64_t *)(const void *)((const uint8_t *)base +
		shm_layout_find(&layout, WDPDK_AREA_LCORE_COUNTERS, 0)->offset);
	while (shm_peek64(&block[WDPDK_LCORE_BLOCK_PORTS / 8 + WDPDK_PORT_COUNTER_RX_PACKETS]) == 0 && peer_now_ms() < until)
		peer_sleep_ms(1);
	CHECK(shm_peek64(&block[WDPDK_LCORE_BLOCK_PORTS / 8 + WDPDK_PORT_COUNTER_RX_PACKETS]) > 0);
	unmap(base, size);
	if (peer_segments_by_ticket) {
		struct link *link;
		struct value *again = peer_call(peer, "counters", NULL);

		CHECK(peer_map(bed.endpoint, again, true, &size) == NULL);	/* writable: refused by the seal */
		/* A ticket is good once. */
		CHECK(peer_map(bed.endpoint, again, false, &size) == NULL);
		link = link_open(bed.endpoint);
		link_close(link);
	}
	peer_detach(peer);
}

/* ---- receiving ---- */

/* The next whole frame on rx, compared with the capture; which of its frames it is, or -1. Slots go back to fill at once. */
static int
next_frame(bool *truncated, uint32_t *bytes)
{
	static uint8_t frame[131072];
	uint32_t length = 0;
	struct shm_desc desc;

	do {
		if (!rx_ready(&queue.rx))
			return -1;
		desc = shm_desc_copy(shm_ring_desc(&queue.rx, queue.rx.own));
		memcpy(frame + length, umem() + desc.offset, desc.length);
		length += desc.length;
		*truncated = (desc.flags & WDPDK_DESC_FLAG_TRUNCATED) != 0;
		queue.rx.own++;
		shm_ring_publish(&queue.rx);
		shm_poke32(shm_ring_slot(&queue.fill, queue.fill.own), desc.offset & ~(queue.layout.slot_size - 1));
		queue.fill.own++;
		shm_ring_publish(&queue.fill);
	} while ((desc.flags & WDPDK_DESC_FLAG_CONTD) != 0);
	*bytes = length;
	for (uint32_t i = 0; i < BED_FRAMES; i++) {
		uint32_t at = 14;

		if (!*truncated && length != bed_lengths[i])
			continue;
		while (at < length && frame[at] == bed_byte(i, at))
			at++;
		if (at == length)
			return (int)i;
	}
	return -1;
}

static void
frames_of_all_lengths_arrive_whole(void)
{
	unsigned int seen = 0;
	bool truncated;
	uint32_t bytes;

	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rx\",\"port\":0,\"slots\":256}", &queue));
	CHECK_EQ(queue.mtu, 65535);
	give_all_slots();
	for (uint64_t until = peer_now_ms() + 20000; seen != (1u << BED_FRAMES) - 1 && peer_now_ms() < until;) {
		int which = next_frame(&truncated, &bytes);

		CHECK(which >= 0 && !truncated);
		seen |= 1u << which;
	}
	CHECK_EQ(seen, (1u << BED_FRAMES) - 1);
	peer_unmap_queue(&queue);
	peer_detach(peer);
}

static void
metadata_and_snaplen(void)
{
	unsigned int seen = 0;

	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rx\",\"port\":\"any\",\"slots\":64,\"snaplen\":40,\"metadata\":true}",
		&queue));
	give_all_slots();
	for (unsigned int i = 0; i < 60; i++) {
		uint32_t wire, length = 0;
		uint64_t stamp;
		struct shm_desc desc;

		CHECK(rx_ready(&queue.rx));
		desc = shm_desc_copy(shm_ring_desc(&queue.rx, queue.rx.own++));
		CHECK_EQ(desc.length, 40);
		CHECK_EQ(desc.flags, WDPDK_DESC_FLAG_TRUNCATED);
		CHECK_EQ(desc.port, 0);
		memcpy(&wire, umem() + desc.offset - WDPDK_META_BYTES + WDPDK_META_OFF_WIRE_LENGTH, 4);
		memcpy(&stamp, umem() + desc.offset - WDPDK_META_BYTES + WDPDK_META_OFF_TIMESTAMP_NS, 8);
		for (uint32_t which = 0; which < BED_FRAMES; which++)
			if (wire == bed_lengths[which]) {
				length = wire;
				seen |= 1u << which;
				CHECK_EQ(stamp, UINT64_C(1000000000) * (1000000000u + which));
			}
		CHECK(length > 0);
	}
	CHECK_EQ(seen, (1u << BED_FRAMES) - 1);
	peer_unmap_queue(&queue);
	peer_detach(peer);
}

static void
a_sleeper_is_woken(void)
{
	struct link *bell;
	uint8_t byte;

	peer = peer_attach(bed.endpoint, NULL);
	bell = peer_doorbell(peer, bed.endpoint);
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rx\",\"port\":0,\"slots\":64,\"snaplen\":64}", &queue));
	for (unsigned int round = 0; round < 20; round++) {
		CHECK_EQ(link_receive(bell, &byte, 1, 0), -1);
		/* Nothing can come, for it has no slot: arm, then give one. */
		shm_ring_arm(&queue.rx);
		CHECK(shm_ring_refresh_ready(&queue.rx));
		CHECK_EQ(shm_ring_ready(&queue.rx), 0);
		shm_poke32(shm_ring_slot(&queue.fill, queue.fill.own), 0);
		queue.fill.own++;
		shm_ring_publish(&queue.fill);
		CHECK_EQ(link_receive(bell, &byte, 1, 10000), 1);
		CHECK_EQ(byte, 1);
		CHECK(rx_ready(&queue.rx));
		queue.rx.own++;
		shm_ring_publish(&queue.rx);
	}
	link_close(bell);
	peer_unmap_queue(&queue);
	peer_detach(peer);
}

/* ---- sending ---- */

static void
frames_go_out_and_slots_come_back(void)
{
	struct value *answer, *counters;

	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"tx\",\"port\":1,\"slots\":64}", &queue));
	for (uint32_t i = 0; i < 200; i++) {
		uint32_t slot = i % 64;
		struct shm_desc desc = { .offset = slot * 2048 + 128, .length = 60 + i };

		for (uint32_t at = 0; at < desc.length; at++)
			umem()[desc.offset + at] = bed_byte(0, at);
		if (i >= 64) {
			/* Slots come back in order: nothing refuses them. */
			CHECK(rx_ready(&queue.completion));
			CHECK_EQ(shm_peek32(shm_ring_slot(&queue.completion, queue.completion.own)), slot * 2048);
			queue.completion.own++;
			shm_ring_publish(&queue.completion);
		}
		memcpy(shm_ring_desc(&queue.tx, queue.tx.own), &desc, sizeof(desc));
		queue.tx.own++;
		shm_ring_publish(&queue.tx);
	}
	for (uint32_t i = 0; i < 64; i++) {
		CHECK(rx_ready(&queue.completion));
		queue.completion.own++;
	}
	{
		char json[64];

		snprintf(json, sizeof(json), "{\"queue\":%" PRIu64 "}", queue.id);
		answer = peer_call(peer, "queue.close", json);
		counters = (struct value *)(uintptr_t)value_get(answer, "counters");
		CHECK(counters != NULL);
		CHECK_EQ(number(counters, "injected_packets"), 200);
		CHECK_EQ(number(counters, "injected_bytes"), 200 * 60 + 199 * 100);
		CHECK_EQ(number(counters, "tx_rejected"), 0);
		CHECK(peer_call(peer, "queue.close", json) == NULL);
		CHECK_STR(peer_code(), "WDPDK_E_NOT_FOUND");
	}
	{
		uint32_t reason;

		CHECK_EQ(shm_segment_state(queue.base, &reason), WDPDK_SEGMENT_STATE_CLOSED);
		CHECK_EQ(reason, WDPDK_CLOSE_CLIENT);
	}
	peer_unmap_queue(&queue);
	peer_detach(peer);
}

static void
a_received_slot_is_sent_on(void)
{
	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rxtx\",\"port\":0,\"slots\":64,\"snaplen\":100}", &queue));
	give_all_slots();
	for (unsigned int i = 0; i < 500; i++) {
		struct shm_desc desc;

		CHECK(rx_ready(&queue.rx));
		desc = shm_desc_copy(shm_ring_desc(&queue.rx, queue.rx.own++));
		shm_ring_publish(&queue.rx);
		desc.flags = 0;
		desc.port = 0;
		desc.meta = 0;
		memcpy(shm_ring_desc(&queue.tx, queue.tx.own), &desc, sizeof(desc));
		queue.tx.own++;
		shm_ring_publish(&queue.tx);
		CHECK(rx_ready(&queue.completion));
		shm_poke32(shm_ring_slot(&queue.fill, queue.fill.own),
			shm_peek32(shm_ring_slot(&queue.completion, queue.completion.own)));
		queue.completion.own++;
		shm_ring_publish(&queue.completion);
		queue.fill.own++;
		shm_ring_publish(&queue.fill);
	}
	peer_unmap_queue(&queue);
	peer_detach(peer);
}

static void
wrong_parameters_are_named(void)
{
	static const struct { const char *json, *code, *object; } cases[] = {
		{ "{\"port\":0}", "WDPDK_E_ARGUMENT", "kind" },
		{ "{\"kind\":\"rx\"}", "WDPDK_E_ARGUMENT", "port" },
		{ "{\"kind\":\"rx\",\"port\":7}", "WDPDK_E_NOT_FOUND", "port 7" },
		{ "{\"kind\":\"rx\",\"port\":-1}", "WDPDK_E_ARGUMENT", "port" },
		{ "{\"kind\":\"tx\",\"port\":\"any\"}", "WDPDK_E_ARGUMENT", "port" },
		{ "{\"kind\":\"tx\",\"port\":1,\"match\":{}}", "WDPDK_E_ARGUMENT", "match" },
		{ "{\"kind\":\"rx\",\"port\":0,\"slots\":0}", "WDPDK_E_ARGUMENT", "slots" },
		{ "{\"kind\":\"rx\",\"port\":0,\"slots\":65537}", "WDPDK_E_ARGUMENT", "slots" },
		{ "{\"kind\":\"rx\",\"port\":0,\"slotSize\":3000}", "WDPDK_E_ARGUMENT", "slotSize" },
		{ "{\"kind\":\"rx\",\"port\":0,\"slots\":65536,\"slotSize\":32768}", "WDPDK_E_ARGUMENT", "slots" },
		{ "{\"kind\":\"rx\",\"port\":0,\"snaplen\":-1}", "WDPDK_E_ARGUMENT", "snaplen" },
		{ "{\"kind\":\"rx\",\"port\":0,\"action\":\"steal\"}", "WDPDK_E_ARGUMENT", "action" },
		{ "{\"kind\":\"rx\",\"port\":0,\"metadata\":1}", "WDPDK_E_ARGUMENT", "metadata" },
		{ "{\"kind\":\"rx\",\"port\":0,\"match\":{\"vlan\":9999}}", "WDPDK_E_ARGUMENT", "match" },
		{ "{\"kind\":\"rx\",\"port\":0,\"colour\":\"red\"}", "WDPDK_E_ARGUMENT", "colour" },
		{ "{\"kind\":\"rx\",\"port\":0,\"at\":\"both\"}", "WDPDK_E_ARGUMENT", "at" },
		{ "{\"kind\":\"rx\",\"port\":0,\"at\":1}", "WDPDK_E_ARGUMENT", "at" },
		{ "{\"kind\":\"tx\",\"port\":1,\"at\":\"tx\"}", "WDPDK_E_ARGUMENT", "at" },
		{ "{\"kind\":\"tx\",\"port\":1,\"fanout\":{\"group\":\"g\"}}", "WDPDK_E_ARGUMENT", "fanout" },
		{ "{\"kind\":\"rx\",\"port\":0,\"checksums\":true,\"metadata\":false}", "WDPDK_E_ARGUMENT", "checksums" },
		{ "{\"kind\":\"rx\",\"port\":0,\"checksums\":\"all\"}", "WDPDK_E_ARGUMENT", "checksums" },
		{ "{\"kind\":\"rx\",\"port\":0,\"priority\":1.5}", "WDPDK_E_ARGUMENT", "priority" },
		{ "{\"kind\":\"rx\",\"port\":0,\"priority\":2147483648}", "WDPDK_E_ARGUMENT", "priority" },
		{ "{\"kind\":\"rx\",\"port\":0,\"priority\":-2147483649}", "WDPDK_E_ARGUMENT", "priority" },
		{ "{\"kind\":\"rx\",\"port\":0,\"priority\":18446744073709551615}", "WDPDK_E_ARGUMENT", "priority" },
		{ "{\"kind\":\"rx\",\"port\":0,\"fanout\":\"g\"}", "WDPDK_E_ARGUMENT", "fanout" },
		{ "{\"kind\":\"rx\",\"port\":0,\"fanout\":{}}", "WDPDK_E_ARGUMENT", "fanout.group" },
		{ "{\"kind\":\"rx\",\"port\":0,\"fanout\":{\"group\":\"\"}}", "WDPDK_E_ARGUMENT", "fanout.group" },
		{ "{\"kind\":\"rx\",\"port\":0,\"fanout\":{\"group\":\"a\\u0000b\"}}", "WDPDK_E_ARGUMENT", "fanout.group" },
		{ "{\"kind\":\"rx\",\"port\":0,\"fanout\":{\"group\":\"0123456789012345678901234567890123456789012345678901234567890123\"}}",
			"WDPDK_E_ARGUMENT", "fanout.group" },
		{ "{\"kind\":\"rx\",\"port\":0,\"fanout\":{\"group\":\"g\",\"by\":\"luck\"}}", "WDPDK_E_ARGUMENT", "by" },
		{ "{\"kind\":\"rx\",\"port\":0,\"fanout\":{\"group\":\"g\",\"buckets\":256}}", "WDPDK_E_ARGUMENT", "fanout.buckets" },
		{ "{\"kind\":\"rx\",\"port\":0,\"fanout\":{\"group\":\"g\",\"buckets\":0}}", "WDPDK_E_ARGUMENT", "buckets" },
		{ "{\"kind\":\"rx\",\"port\":0,\"fanout\":{\"group\":\"g\",\"weight\":3}}", "WDPDK_E_ARGUMENT", "weight" },
	};

	peer = peer_attach(bed.endpoint, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct value *message;

		peer_request(peer, "queue.open", cases[i].json);
		message = peer_answer(peer);
		CHECK(message != NULL);
		CHECK_STR(text(message->items[2], "code"), cases[i].code);
		CHECK_STR(text(message->items[2], "object"), cases[i].object);
		CHECK(strlen(text(message->items[2], "remedy")) > 5);
	}
	peer_detach(peer);
}

static void
redirects_conflict_by_name(void)
{
	struct peer_queue first, second;

	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rx\",\"port\":0,\"slots\":64,\"action\":\"redirect\"}", &first));
	CHECK(!peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rx\",\"port\":0,\"slots\":64,\"action\":\"redirect\"}", &second));
	CHECK_STR(peer_code(), "WDPDK_E_CONFLICT");
	CHECK(peer_open_queue(peer, bed.endpoint,
		"{\"kind\":\"rx\",\"port\":0,\"slots\":64,\"action\":\"redirect\",\"priority\":1}", &second));
	peer_unmap_queue(&first);
	peer_unmap_queue(&second);
	peer_detach(peer);
}

/* ---- forwarding ---- */

static void
forwarding_changes_by_generation(void)
{
	struct value *answer, *told;
	struct peer *watcher = peer_attach(bed.endpoint, NULL);
	uint64_t generation;
	char json[256];

	peer = peer_attach(bed.endpoint, "{\"major\":1,\"minor\":0,\"name\":\"author\",\"want\":[\"observe\",\"configure\"]}");
	answer = peer_call(peer, "forwarding.get", NULL);
	generation = number(answer, "generation");
	CHECK(generation >= 1 && generation < UINT64_MAX);
	CHECK(value_is(value_get(answer, "config"), VALUE_MAP));
	snprintf(json, sizeof(json), "{\"config\":{\"ports\":{\"0\":{\"mode\":\"io\",\"to\":1}}},\"ifGeneration\":%" PRIu64 "}",
		generation);
	answer = peer_call(peer, "forwarding.set", json);
	CHECK_EQ(number(answer, "generation"), generation + 1);
	told = peer_notification(watcher, "config", 10000);
	CHECK_EQ(number(told, "generation"), generation + 1);
	CHECK_STR(text(told, "by"), "author");
	CHECK(peer_call(peer, "forwarding.set", json) == NULL);
	CHECK_STR(peer_code(), "WDPDK_E_CONFLICT");
	CHECK(peer_call(peer, "forwarding.set", "{\"config\":{\"ports\":{\"0\":{\"mode\":\"io\",\"to\":9},\"5\":{\"mode\":\"drop\"}}}}")
		== NULL);
	CHECK_STR(peer_code(), "WDPDK_E_CONFIG");
	CHECK(peer_call(peer, "forwarding.set", "{\"config\":{\"ports\":{\"0\":{\"mode\":\"drop\"}}}}") != NULL);
	answer = peer_call(peer, "forwarding.get", NULL);
	CHECK_EQ(number(answer, "generation"), generation + 2);
	peer_detach(peer);
	peer_detach(watcher);
}

/* ---- lives ---- */

static void
attaching_and_leaving_leaks_nothing(void)
{
	int before, after = 0;

	peer = peer_attach(bed.endpoint, NULL);
	before = child_handles(bed.child);
	for (unsigned int i = 0; i < 200; i++) {
		struct peer *guest = peer_attach(bed.endpoint, NULL);
		struct link *bell = peer_doorbell(guest, bed.endpoint);
		struct peer_queue theirs;

		CHECK(peer_open_queue(guest, bed.endpoint, "{\"kind\":\"rxtx\",\"port\":0,\"slots\":64}", &theirs));
		peer_unmap_queue(&theirs);
		link_close(bell);
		peer_detach(guest);
	}
	for (uint64_t until = peer_now_ms() + 1000; peer_now_ms() < until && after != before; peer_sleep_ms(5))
		after = child_handles(bed.child);
	CHECK_EQ(after, before);
	peer_detach(peer);
}

static void
the_report_keeps_clients_that_left(void)
{
	struct value *answer;
	const struct value *clients;
	unsigned int left = 0, present = 0;
	uint64_t injected = 0;

	peer = peer_attach(bed.endpoint, NULL);
	answer = peer_call(peer, "stats", NULL);
	clients = value_get(answer, "clients");
	CHECK(clients != NULL);
	for (uint32_t i = 0; i < clients->count; i++) {
		const struct value *gone = value_get(clients->items[i], "left");

		CHECK(value_is(gone, VALUE_BOOL));
		*(gone->boolean ? &left : &present) += 1;
		injected += number(value_get(clients->items[i], "injected"), "packets");
	}
	CHECK_EQ(present, 1);
	CHECK(left > 200);
	CHECK(injected >= 700);
	peer_detach(peer);
}

static void
a_taken_name_is_refused(void)
{
	const char *arguments[] = { "-l", "0", "--no-huge", "-m", "64", "--no-pci", "--vdev", "net_null0", "--", "--instance",
		"control-test", "--json-ready", NULL };
	struct bed second = { 0 };
	char line[256];

	snprintf(second.errors, sizeof(second.errors), "%s/errors-second.txt", peer_directory());
	second.child = child_start(program, arguments, second.errors);
	CHECK(!child_line(second.child, line, sizeof(line), 30000));
	CHECK_EQ(child_end(second.child, 20000), 1);
	CHECK(bed_said(&second, "control-test: an instance of this name is running"));
	CHECK(bed_said(&second, "--instance"));
}

static void
the_end_is_said_and_seen(void)
{
	uint32_t reason = 0;
	uint8_t byte;

	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rx\",\"port\":0,\"slots\":64}", &queue));
	child_close_stdin(bed.child);
	CHECK_STR(text(peer_notification(peer, "goodbye", 10000), "reason"), "shutdown");
	CHECK_STR(text(peer_notification(peer, "queue.closed", 10000), "reason"), "shutdown");
	CHECK_EQ(link_receive(peer->link, &byte, 1, 10000), 0);
	CHECK_EQ(bed_stop(&bed), 0);
	CHECK_EQ(shm_segment_state(queue.base, &reason), WDPDK_SEGMENT_STATE_CLOSED);
	CHECK_EQ(reason, WDPDK_CLOSE_SHUTDOWN);
	peer_unmap_queue(&queue);
	peer_detach(peer);
}

static void
a_killed_instance_leaves_its_name_free(void)
{
	CHECK(bed_start(&bed, program, "control-test", true));
	child_kill(bed.child);
	child_end(bed.child, 10000);
	CHECK(bed_start(&bed, program, "control-test", true));
	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer != NULL);
	peer_detach(peer);
	CHECK_EQ(bed_stop(&bed), 0);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: control_test EXECUTABLE\n");
		return 2;
	}
	program = argv[1];
	peer_directory();
	if (!bed_start(&bed, program, "control-test", true)) {
		printf("FAIL the dataplane did not start; see %s\n", bed.errors);
		return 1;
	}
	RUN(hello_tells_who_is_who);
	RUN(other_versions_are_named_with_the_way_out);
	RUN(ports_and_stats_are_told);
	RUN(counters_can_be_read_and_not_written);
	RUN(frames_of_all_lengths_arrive_whole);
	RUN(metadata_and_snaplen);
	RUN(a_sleeper_is_woken);
	RUN(frames_go_out_and_slots_come_back);
	RUN(a_received_slot_is_sent_on);
	RUN(wrong_parameters_are_named);
	RUN(redirects_conflict_by_name);
	RUN(forwarding_changes_by_generation);
	RUN(attaching_and_leaving_leaks_nothing);
	RUN(the_report_keeps_clients_that_left);
	RUN(a_taken_name_is_refused);
	RUN(the_end_is_said_and_seen);
	RUN(a_killed_instance_leaves_its_name_free);
	return check_summary();
}
