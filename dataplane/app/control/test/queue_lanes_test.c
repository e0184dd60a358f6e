/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Queues of several lanes, against the built executable on two lcores: what is opened, counted, reported and refused. What each lane is
 * given is the engine's affair and has its tests there.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "bed.h"
#include "check.h"

static struct bed bed;
static struct peer *peer;
static struct peer_queue queue;
static const char *program;

struct lane { struct shm_ring fill, rx, tx, completion; };

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

/* Both sides' words of a lane of `queue`, where its peer begins. */
static void
attach_lane(uint32_t number_of, struct lane *lane)
{
	struct shm_ring *rings[] = { &lane->fill, &lane->rx, &lane->tx, &lane->completion };

	for (unsigned int type = WDPDK_AREA_FILL; type <= WDPDK_AREA_COMPLETION; type++) {
		const struct shm_area *area = shm_layout_find(&queue.layout, type, number_of);
		bool producer = type == WDPDK_AREA_FILL || type == WDPDK_AREA_TX;
		uint32_t first;

		CHECK(area != NULL);
		memcpy(&first, queue.base + area->offset + (producer ? WDPDK_RING_PRODUCER : WDPDK_RING_CONSUMER), 4);
		shm_ring_attach(rings[type - 1], queue.base, area, producer, first);
	}
}

static void
give_share(struct lane *lane, uint32_t number_of)
{
	const struct shm_area *umem = shm_layout_find(&queue.layout, WDPDK_AREA_UMEM, 0);
	uint32_t share = umem->count / queue.layout.lanes;

	for (uint32_t i = 0; i < share; i++)
		shm_poke32(shm_ring_slot(&lane->fill, lane->fill.own + i), (number_of * share + i) * umem->stride);
	lane->fill.own += share;
	shm_ring_publish(&lane->fill);
}

static const struct value *
reported_queue(void)
{
	const struct value *clients = value_get(peer_call(peer, "stats", NULL), "clients");

	for (uint32_t i = 0; clients != NULL && i < clients->count; i++)
		if (number(clients->items[i], "id") == peer->client)
			return value_get(clients->items[i], "queues")->items[0];
	return NULL;
}

static void
each_lcore_has_its_lane(void)
{
	struct lane lanes[2];
	const struct value *reported, *counters;
	unsigned int came = 0;
	char json[48];

	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer_open_queue(peer, bed.endpoint,
		"{\"kind\":\"rxtx\",\"port\":0,\"slots\":512,\"snaplen\":64,\"fanout\":{\"group\":\"pair\"}}", &queue));
	CHECK_EQ(queue.layout.lanes, 2);
	for (uint32_t i = 0; i < 2; i++) {
		attach_lane(i, &lanes[i]);
		give_share(&lanes[i], i);
	}
	for (uint64_t until = peer_now_ms() + 10000; came < 1000 && peer_now_ms() < until;)
		for (unsigned int i = 0; i < 2; i++) {
			CHECK(shm_ring_refresh_ready(&lanes[i].rx));
			for (; shm_ring_ready(&lanes[i].rx) > 0; came++) {
				struct shm_desc desc = shm_desc_copy(shm_ring_desc(&lanes[i].rx, lanes[i].rx.own++));

				/* Each lane keeps to its own share of the slots. */
				CHECK_EQ(desc.offset / 2048 / 256, i);
				shm_poke32(shm_ring_slot(&lanes[i].fill, lanes[i].fill.own++), desc.offset & ~2047u);
			}
			shm_ring_publish(&lanes[i].rx);
			shm_ring_publish(&lanes[i].fill);
		}
	CHECK(came >= 1000);
	/* Frames go out by either. */
	for (unsigned int i = 0; i < 2; i++) {
		struct shm_desc desc = { .offset = (i * 256 + 255) * 2048, .length = 60 };

		memcpy(shm_ring_desc(&lanes[i].tx, lanes[i].tx.own++), &desc, sizeof(desc));
		shm_ring_publish(&lanes[i].tx);
	}
	for (unsigned int i = 0; i < 2; i++)
		for (uint64_t until = peer_now_ms() + 10000; shm_load(lanes[i].tx.peer_word) != lanes[i].tx.own;) {
			CHECK(peer_now_ms() < until);
			peer_sleep_ms(1);
		}
	reported = reported_queue();
	CHECK_EQ(number(reported, "lanes"), 2);
	CHECK_STR(text(reported, "at"), "rx");
	CHECK_STR(text(reported, "fanout"), "pair");
	snprintf(json, sizeof(json), "{\"queue\":%" PRIu64 "}", queue.id);
	counters = value_get(peer_call(peer, "queue.close", json), "counters");
	CHECK(number(counters, "delivered_packets") >= came && number(counters, "delivered_packets") < UINT64_MAX);
	/* Both looked at what was posted, whether or not the slots were the client's to send at that moment. */
	CHECK_EQ(number(counters, "injected_packets") + number(counters, "tx_rejected"), 2);
	peer_unmap_queue(&queue);
	peer_detach(peer);
}

static void
what_leaves_may_come_by_any_lcore(void)
{
	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rx\",\"port\":1,\"at\":\"tx\",\"slots\":64}", &queue));
	CHECK_EQ(queue.layout.lanes, 2);
	CHECK_STR(text(reported_queue(), "at"), "tx");
	peer_unmap_queue(&queue);
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"tx\",\"port\":1,\"slots\":1}", &queue));
	CHECK_EQ(queue.layout.lanes, 1);
	peer_unmap_queue(&queue);
	peer_detach(peer);
}

static void
lanes_without_slots_are_refused(void)
{
	struct value *message;

	peer = peer_attach(bed.endpoint, NULL);
	peer_request(peer, "queue.open", "{\"kind\":\"rx\",\"port\":\"any\",\"slots\":31}");
	message = peer_answer(peer);
	CHECK(message != NULL);
	CHECK_STR(text(message->items[2], "code"), "WDPDK_E_ARGUMENT");
	CHECK_STR(text(message->items[2], "remedy"), "Ask for 32 slots or more");
	CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rx\",\"port\":\"any\",\"slots\":32}", &queue));
	CHECK_EQ(queue.layout.lanes, 2);
	peer_unmap_queue(&queue);
	peer_detach(peer);
}

static void
a_lane_that_breaks_ends_the_queue(void)
{
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t reason = 0;
		struct lane lane;

		peer = peer_attach(bed.endpoint, NULL);
		CHECK(peer_open_queue(peer, bed.endpoint, "{\"kind\":\"rxtx\",\"port\":0,\"slots\":128}", &queue));
		attach_lane(i, &lane);
		lane.tx.own += 5000;
		shm_ring_publish(&lane.tx);
		CHECK_STR(text(peer_notification(peer, "queue.closed", 10000), "reason"), "bad_index");
		CHECK_EQ(shm_segment_state(queue.base, &reason), WDPDK_SEGMENT_STATE_CLOSED);
		CHECK_EQ(reason, WDPDK_CLOSE_BAD_INDEX);
		peer_unmap_queue(&queue);
		peer_detach(peer);
	}
}

static void
members_of_a_group_agree(void)
{
	struct peer_queue first, other;

	peer = peer_attach(bed.endpoint, NULL);
	CHECK(peer_open_queue(peer, bed.endpoint,
		"{\"kind\":\"rx\",\"port\":0,\"slots\":64,\"action\":\"redirect\",\"fanout\":{\"group\":\"ids\"}}", &first));
	CHECK(peer_open_queue(peer, bed.endpoint,
		"{\"kind\":\"rx\",\"port\":0,\"slots\":64,\"action\":\"redirect\",\"fanout\":{\"group\":\"ids\"}}", &other));
	peer_unmap_queue(&other);
	CHECK(!peer_open_queue(peer, bed.endpoint,
		"{\"kind\":\"rx\",\"port\":0,\"slots\":64,\"fanout\":{\"group\":\"ids\"}}", &other));
	CHECK_STR(peer_code(), "WDPDK_E_CONFLICT");
	CHECK(!peer_open_queue(peer, bed.endpoint,
		"{\"kind\":\"rx\",\"port\":0,\"slots\":64,\"action\":\"redirect\",\"fanout\":{\"group\":\"ids\",\"buckets\":512}}", &other));
	CHECK_STR(peer_code(), "WDPDK_E_CONFLICT");
	peer_unmap_queue(&first);
	peer_detach(peer);
}

static void
it_ends_well(void)
{
	CHECK_EQ(bed_stop(&bed), 0);
}

int
main(int argc, char **argv)
{
	const char *options[] = { "--rxq", "2", NULL };

	if (argc != 2) {
		fprintf(stderr, "usage: queue_lanes_test EXECUTABLE\n");
		return 2;
	}
	program = argv[1];
	peer_directory();
	if (!bed_start_with(&bed, program, "lanes-test", NULL, "0,1", options)) {
		printf("FAIL the dataplane did not start; see %s\n", bed.errors);
		return 1;
	}
	RUN(each_lcore_has_its_lane);
	RUN(what_leaves_may_come_by_any_lcore);
	RUN(lanes_without_slots_are_refused);
	RUN(a_lane_that_breaks_ends_the_queue);
	RUN(members_of_a_group_agree);
	RUN(it_ends_well);
	return check_summary();
}
