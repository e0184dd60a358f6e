/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lcore's side of a queue over plain memory: what an executable with good ports never shows. The test is the doorbell.
 */
#include <rte_eal.h>

#include "check.h"
#include "client_queue_control.h"
#include "doorbell.h"
#include "frame_key.h"
#include "test_segment.h"

#define SLOTS 64u
#define SLOT_BYTES 2048u

static unsigned int rung, attention;
static struct rte_mempool *pool;
static struct test_segment t;
static struct client_queue *queue;

void
doorbell_request(unsigned int client)
{
	CHECK_EQ(client, 5);
	rung++;
}

void
doorbell_attention(void)
{
	attention++;
}

static uint64_t
count(unsigned int word)
{
	return client_queue_count(queue, word);
}

static uint64_t
dropped(unsigned int cause)
{
	return count(WDPDK_QUEUE_COUNTER_COUNT + cause);
}

static void
open_with(uint64_t features, struct client_queue_options options)
{
	rung = attention = 0;
	CHECK(test_segment_open(&t, SLOTS, SLOT_BYTES));
	t.layout.features = features;
	options.base = t.base;
	options.layout = &t.layout;
	options.first_index = TEST_FIRST_INDEX;
	options.doorbell = 5;
	queue = client_queue_create(&options);
	CHECK(queue != NULL);
}

static void
open_queue(uint16_t mtu)
{
	open_with(0, (struct client_queue_options){ .mtu = mtu });
}

static void
close_queue(void)
{
	client_queue_destroy(queue);
	test_segment_close(&t);
	CHECK_EQ(rte_mempool_avail_count(pool), pool->size);
}

static void
close_queue_with(struct rte_mbuf *m)
{
	rte_pktmbuf_free(m);
	close_queue();
}

static void
post(uint32_t slot, uint32_t length, uint16_t flags)
{
	test_post_tx(&t, (struct shm_desc){ .offset = slot * SLOT_BYTES, .length = length, .flags = flags });
}

static void
what_the_port_refuses_is_counted_and_its_slots_come_back(void)
{
	struct rte_mbuf *pkts[8];

	open_queue(1500);
	for (uint32_t i = 0; i < 5; i++)
		post(i, 60 + i, 0);
	CHECK_EQ(client_queue_drain(queue, pool, pkts, 8), 5);
	CHECK(shm_ring_refresh_ready(&t.completion) && shm_ring_ready(&t.completion) == 0);	/* not before they were sent */
	client_queue_drained(queue, 2);
	rte_pktmbuf_free_bulk(pkts, 5);
	CHECK_EQ(count(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS), 2);
	CHECK_EQ(count(WDPDK_QUEUE_COUNTER_INJECTED_BYTES), 60 + 61);
	CHECK_EQ(dropped(WDPDK_QUEUE_DROP_PORT_FULL), 3);
	CHECK(shm_ring_refresh_ready(&t.completion) && shm_ring_ready(&t.completion) == 5);
	close_queue();
}

static void
an_armed_client_is_rung_once(void)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
	struct client_wakes wakes = { 0 };
	uint8_t verdict;

	open_queue(1500);
	CHECK(rte_pktmbuf_append(m, 60) != NULL);
	for (uint32_t i = 0; i < 5; i++)
		test_post_fill(&t, i * SLOT_BYTES);
	shm_ring_arm(&t.rx);
	for (unsigned int i = 0; i < 3; i++) {
		CHECK_EQ(client_queue_deliver(queue, &m, NULL, 1, &(struct delivery_info){ 0 }, &verdict), 1);
		CHECK_EQ(rung, 1);
		client_wakes_add(&wakes, queue);
		client_wakes_add(&wakes, queue);
		CHECK_EQ(wakes.count, 1);
		client_wakes_ring(&wakes);
		CHECK_EQ(wakes.count, 0);
		CHECK_EQ(rung, 1);
		CHECK_EQ(shm_peek32(t.rx.armed), 0);
	}
	CHECK_EQ(count(WDPDK_QUEUE_COUNTER_WAKEUPS), 1);
	CHECK_EQ(t.queue.mirror[WDPDK_QUEUE_COUNTER_WAKEUPS], 1);
	/* Who arms just when the frame is delivered may be seen by the later look only: one for several deliveries. */
	for (unsigned int i = 0; i < 2; i++) {
		CHECK_EQ(client_queue_deliver(queue, &m, NULL, 1, &(struct delivery_info){ 0 }, &verdict), 1);
		client_wakes_add(&wakes, queue);
	}
	shm_ring_arm(&t.rx);
	CHECK_EQ(rung, 1);
	client_wakes_ring(&wakes);
	CHECK_EQ(rung, 2);
	CHECK_EQ(count(WDPDK_QUEUE_COUNTER_WAKEUPS), 2);
	/* Nothing delivered, nobody woken. */
	shm_ring_arm(&t.rx);
	CHECK_EQ(client_queue_deliver(queue, &m, NULL, 1, &(struct delivery_info){ 0 }, &verdict), 0);
	CHECK_EQ(verdict, DELIVERY_NO_SLOT);
	client_wakes_ring(&wakes);
	CHECK_EQ(rung, 2);
	rte_pktmbuf_free(m);
	close_queue();
}

static void
an_empty_pool_leaves_frames_posted(void)
{
	struct rte_mbuf *taken[512], *pkts[8];
	unsigned int n = 0;

	open_queue(9000);
	post(0, 2000, WDPDK_DESC_FLAG_CONTD);
	post(1, 2000, WDPDK_DESC_FLAG_CONTD);
	post(2, 2000, 0);
	post(3, 60, 0);
	while (n < 512 && (taken[n] = rte_pktmbuf_alloc(pool)) != NULL)
		n++;
	/* With none, with one and with two buffers the chain of three is not to be had; nothing of it may be lost. */
	for (unsigned int given = 0; given < 3; given++) {
		CHECK_EQ(client_queue_drain(queue, pool, pkts, 8), 0);
		CHECK_EQ(rte_mempool_avail_count(pool), given);
		rte_pktmbuf_free(taken[--n]);
	}
	rte_pktmbuf_free(taken[--n]);
	CHECK_EQ(client_queue_drain(queue, pool, pkts, 1), 1);
	CHECK_EQ(pkts[0]->pkt_len, 6000);
	CHECK_EQ(pkts[0]->nb_segs, 3);
	client_queue_drained(queue, 1);
	rte_pktmbuf_free(pkts[0]);
	CHECK_EQ(client_queue_drain(queue, pool, pkts, 8), 1);
	CHECK_EQ(pkts[0]->pkt_len, 60);
	client_queue_drained(queue, 1);
	rte_pktmbuf_free(pkts[0]);
	rte_pktmbuf_free_bulk(taken, n);
	CHECK_EQ(count(WDPDK_QUEUE_COUNTER_INJECTED_PACKETS), 2);
	CHECK_EQ(count(WDPDK_QUEUE_COUNTER_TX_REJECTED), 0);
	close_queue();
}

static void
only_tags_lengthen_a_frame(void)
{
	static const struct { uint32_t length; uint16_t first, second; unsigned int sent; } cases[] = {
		{ 1514, 0x0800, 0x0800, 1 }, { 1515, 0x0800, 0x0800, 0 }, { 1518, 0x8100, 0x0800, 1 }, { 1519, 0x8100, 0x0800, 0 },
		{ 1522, 0x88a8, 0x8100, 1 }, { 1522, 0x8100, 0x0800, 0 }, { 1523, 0x88a8, 0x8100, 0 },
	};
	struct rte_mbuf *pkts[8];

	open_queue(1500);
	for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t *frame = t.queue.umem + (size_t)i * SLOT_BYTES;

		frame[12] = (uint8_t)(cases[i].first >> 8);
		frame[13] = (uint8_t)cases[i].first;
		frame[16] = (uint8_t)(cases[i].second >> 8);
		frame[17] = (uint8_t)cases[i].second;
		post(i, cases[i].length, 0);
		CHECK_EQ(client_queue_drain(queue, pool, pkts, 8), cases[i].sent);
		if (cases[i].sent > 0) {
			client_queue_drained(queue, 1);
			rte_pktmbuf_free(pkts[0]);
		}
	}
	CHECK_EQ(dropped(WDPDK_QUEUE_DROP_TOO_LONG), 4);
	CHECK(shm_ring_refresh_ready(&t.completion) && shm_ring_ready(&t.completion) == 7);
	close_queue();
}

static void
a_broken_queue_is_left_alone(void)
{
	struct rte_mbuf *pkts[8];

	open_queue(1500);
	t.tx.own += SLOTS + 1;
	shm_ring_publish(&t.tx);
	CHECK_EQ(client_queue_drain(queue, pool, pkts, 8), 0);
	CHECK_EQ(attention, 1);
	CHECK(client_queue_broken(queue));
	t.tx.own -= SLOTS;
	shm_ring_publish(&t.tx);
	CHECK_EQ(client_queue_drain(queue, pool, pkts, 8), 0);
	close_queue();
}

/* UDP from 10.0.0.1:1024 to 10.0.0.2:53 in VLAN 5, its IPv4 checksum right, its UDP checksum wrong. */
static const uint8_t udp_frame[] = {
	2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0, 0x60, 5, 8, 0, 0x45, 0, 0, 36, 0, 0, 0, 0, 64, 17, 0x66, 0xc7,
	10, 0, 0, 1, 10, 0, 0, 2, 4, 0, 0, 53, 0, 16, 1, 2, 'p', 'a', 'y', 'l', 'o', 'a', 'd', '!',
};

struct metadata {
	uint64_t timestamp_ns;
	uint32_t wire_length, hash;
	uint16_t vlan_tci, packet_type;
	uint32_t checksums;
	uint64_t reserved;
};

/* Delivers one frame and returns its metadata; the descriptor goes to *desc. */
static struct metadata
deliver_one(struct rte_mbuf *m, struct shm_desc *desc)
{
	struct frame_key key;
	const struct frame_key *keys = &key;
	struct metadata metadata;
	uint8_t verdict;

	for (uint32_t i = 0; i < 8; i++)
		test_post_fill(&t, i * SLOT_BYTES);
	frame_key_from_mbuf(m, &key);
	CHECK_EQ(client_queue_deliver(queue, &m, &keys, 1, &(struct delivery_info){ .port = 3, .meta = 9, .now_ns = 1234 }, &verdict), 1);
	CHECK(shm_ring_refresh_ready(&t.rx) && shm_ring_ready(&t.rx) > 0);
	*desc = shm_desc_copy(shm_ring_desc(&t.rx, t.rx.own));
	memcpy(&metadata, t.queue.umem + desc->offset - sizeof(metadata), sizeof(metadata));
	return metadata;
}

static struct rte_mbuf *
udp_mbuf(void)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

	memcpy(rte_pktmbuf_append(m, sizeof(udp_frame)), udp_frame, sizeof(udp_frame));
	return m;
}

static void
metadata_tells_what_the_device_did_not(void)
{
	struct rte_mbuf *m = udp_mbuf();
	struct frame_key key;
	struct metadata metadata;
	struct shm_desc desc;

	open_with(WDPDK_FEATURE_METADATA, (struct client_queue_options){ .mtu = 1500 });
	metadata = deliver_one(m, &desc);
	frame_key_from_mbuf(m, &key);
	CHECK(desc.port == 3 && desc.meta == 9 && desc.flags == 0 && desc.length == sizeof(udp_frame));
	CHECK_EQ(metadata.timestamp_ns, 1234);
	CHECK_EQ(metadata.wire_length, sizeof(udp_frame));
	CHECK_EQ(metadata.hash, frame_flow_hash(m, &key));
	CHECK(metadata.hash != 0);
	CHECK_EQ(metadata.vlan_tci, 0x6005);
	CHECK_EQ(metadata.packet_type, RTE_PTYPE_L2_ETHER_VLAN | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_UDP);
	CHECK_EQ(metadata.checksums, 0);	/* nobody has asked for them */
	CHECK_EQ(metadata.reserved, 0);
	close_queue_with(m);
}

static void
metadata_takes_the_devices_word(void)
{
	struct rte_mbuf *m = udp_mbuf();
	struct metadata metadata;
	struct shm_desc desc;

	open_with(WDPDK_FEATURE_METADATA, (struct client_queue_options){ .mtu = 1500, .checksums = true });
	m->ol_flags = RTE_MBUF_F_RX_RSS_HASH | RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED | RTE_MBUF_F_RX_L4_CKSUM_GOOD;
	m->hash.rss = 0xabcdef01;
	m->vlan_tci = 0x7007;
	m->packet_type = RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6 | RTE_PTYPE_TUNNEL_VXLAN;
	metadata = deliver_one(m, &desc);
	CHECK_EQ(metadata.wire_length, sizeof(udp_frame) + 4);
	CHECK_EQ(metadata.hash, 0xabcdef01);
	CHECK_EQ(metadata.vlan_tci, 0x7007);
	CHECK_EQ(metadata.packet_type, RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6);
	CHECK_EQ(metadata.checksums, 1 | 1 << 2);	/* IPv4 by ourselves, UDP by the device */
	close_queue_with(m);
}

static void
checksums_are_computed_when_asked_for(void)
{
	struct rte_mbuf *m = udp_mbuf();
	struct shm_desc desc;

	open_with(WDPDK_FEATURE_METADATA, (struct client_queue_options){ .mtu = 1500, .checksums = true });
	CHECK_EQ(deliver_one(m, &desc).checksums, 1 | 2 << 2);
	close_queue_with(m);
}

/* A frame over several slots, out of several buffers, whole and cut: bytes, flags and the metadata of the first piece. */
static void
long_frames_are_cut_to_snaplen(void)
{
	static const uint32_t snaplens[] = { 0, 5000, 1920, 1921, 64, 1 };
	uint8_t bytes[5000];

	for (uint32_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	for (size_t i = 0; i < RTE_DIM(snaplens); i++) {
		uint32_t wanted = snaplens[i] == 0 ? sizeof(bytes) : snaplens[i], seen = 0;
		struct rte_mbuf *m = rte_pktmbuf_alloc(pool), *last = m;
		struct metadata metadata;
		struct shm_desc desc;

		for (uint32_t at = 0; at < sizeof(bytes); at += 1000) {
			if (at > 0) {
				last = rte_pktmbuf_alloc(pool);
				CHECK_EQ(rte_pktmbuf_chain(m, last), 0);
				m->pkt_len += 1000;
			} else {
				m->pkt_len = 1000;
			}
			last->data_len = 1000;
			memcpy(rte_pktmbuf_mtod(last, uint8_t *), bytes + at, 1000);
		}
		open_with(WDPDK_FEATURE_METADATA, (struct client_queue_options){ .mtu = 9000, .snaplen = snaplens[i] });
		metadata = deliver_one(m, &desc);
		CHECK_EQ(metadata.wire_length, sizeof(bytes));
		for (;;) {
			CHECK_EQ(desc.flags & WDPDK_DESC_FLAG_TRUNCATED, wanted < sizeof(bytes) ? WDPDK_DESC_FLAG_TRUNCATED : 0);
			CHECK(seen + desc.length <= wanted);
			CHECK_MEM(t.queue.umem + desc.offset, bytes + seen, desc.length);
			seen += desc.length;
			CHECK_EQ((desc.flags & WDPDK_DESC_FLAG_CONTD) != 0, seen < wanted);
			if (seen == wanted)
				break;
			desc = shm_desc_copy(shm_ring_desc(&t.rx, ++t.rx.own));
		}
		CHECK_EQ(count(WDPDK_QUEUE_COUNTER_DELIVERED_BYTES), wanted);
		close_queue_with(m);
	}
}

/* With three slots, or three entries on rx, a frame of four pieces is not begun, and the short one behind it has its place. */
static void
a_long_frame_is_delivered_whole_or_not_at_all(void)
{
	struct rte_mbuf *pkts[2] = { rte_pktmbuf_alloc(pool), rte_pktmbuf_alloc(pool) }, *last = pkts[0];
	uint8_t verdicts[2];

	open_queue(9000);
	for (uint32_t i = 0; i < 3; i++)
		test_post_fill(&t, i * SLOT_BYTES);
	for (uint32_t i = 0; i < 4; i++) {
		last->data_len = 1600;
		pkts[0]->pkt_len += 1600;
		if (i < 3) {
			last->next = rte_pktmbuf_alloc(pool);
			last = last->next;
			pkts[0]->nb_segs++;
		}
	}
	CHECK(rte_pktmbuf_append(pkts[1], 60) != NULL);
	CHECK_EQ(client_queue_deliver(queue, pkts, NULL, 2, &(struct delivery_info){ 0 }, verdicts), 1);
	CHECK_EQ(verdicts[0], DELIVERY_NO_SLOT);
	CHECK_EQ(verdicts[1], DELIVERED);
	CHECK(shm_ring_refresh_ready(&t.rx) && shm_ring_ready(&t.rx) == 1);
	CHECK_EQ(dropped(WDPDK_QUEUE_DROP_NO_SLOT), 1);
	rte_pktmbuf_free(pkts[1]);
	close_queue_with(pkts[0]);
}

/* Rubbish on fill is counted and stepped over, wherever it stands between good slots. */
static void
bad_slots_are_stepped_over(void)
{
	static const uint32_t posted[] = { 0, 1, 3 * SLOT_BYTES, SLOTS * SLOT_BYTES, 0xfffff800, 4 * SLOT_BYTES, SLOT_BYTES + 64 };
	static const uint32_t used[] = { 0, 3 * SLOT_BYTES, 4 * SLOT_BYTES };
	struct rte_mbuf *pkts[4];
	uint8_t verdicts[4];

	open_queue(1500);
	for (size_t i = 0; i < RTE_DIM(pkts); i++) {
		pkts[i] = rte_pktmbuf_alloc(pool);
		memset(rte_pktmbuf_append(pkts[i], 60), (int)i, 60);
	}
	for (size_t i = 0; i < RTE_DIM(posted); i++)
		test_post_fill(&t, posted[i]);
	CHECK_EQ(client_queue_deliver(queue, pkts, NULL, 4, &(struct delivery_info){ 0 }, verdicts), 3);
	CHECK(shm_ring_refresh_ready(&t.rx) && shm_ring_ready(&t.rx) == 3);
	for (uint32_t i = 0; i < 3; i++) {
		struct shm_desc desc = shm_desc_copy(shm_ring_desc(&t.rx, t.rx.own + i));

		CHECK_EQ(verdicts[i], DELIVERED);
		CHECK_EQ(desc.offset, used[i] + WDPDK_UMEM_HEADROOM);
		CHECK_EQ(t.queue.umem[desc.offset], i);
	}
	CHECK_EQ(verdicts[3], DELIVERY_NO_SLOT);
	CHECK_EQ(dropped(WDPDK_QUEUE_DROP_BAD_OFFSET), 4);
	CHECK_EQ(count(WDPDK_QUEUE_COUNTER_FILL_REJECTED), 4);
	CHECK_EQ(dropped(WDPDK_QUEUE_DROP_NO_SLOT), 1);
	CHECK_EQ(shm_load(t.queue.fill.own_word), TEST_FIRST_INDEX + RTE_DIM(posted));	/* all of it was looked at */
	rte_pktmbuf_free_bulk(pkts, RTE_DIM(pkts));
	close_queue();
}

/* A slot whose frame is on its way out does not take another one in. */
static void
a_slot_on_its_way_out_is_not_filled(void)
{
	struct rte_mbuf *pkts[8], *m = rte_pktmbuf_alloc(pool);
	uint8_t verdict;

	open_queue(1500);
	CHECK(rte_pktmbuf_append(m, 60) != NULL);
	post(2, 60, 0);
	CHECK_EQ(client_queue_drain(queue, pool, pkts, 8), 1);
	test_post_fill(&t, 2 * SLOT_BYTES);
	CHECK_EQ(client_queue_deliver(queue, &m, NULL, 1, &(struct delivery_info){ 0 }, &verdict), 0);
	CHECK_EQ(verdict, DELIVERY_NO_SLOT);
	CHECK_EQ(dropped(WDPDK_QUEUE_DROP_NOT_OWNER), 1);
	client_queue_drained(queue, 1);
	rte_pktmbuf_free(pkts[0]);
	test_post_fill(&t, 2 * SLOT_BYTES);
	CHECK_EQ(client_queue_deliver(queue, &m, NULL, 1, &(struct delivery_info){ 0 }, &verdict), 1);
	close_queue_with(m);
}

/* More frames than are dealt with in one go, more than there are slots, over the wrap of both rings. */
static void
long_bursts_are_delivered_in_order(void)
{
	struct rte_mbuf *pkts[SLOTS + 8];
	uint8_t verdicts[SLOTS + 8];

	open_queue(1500);
	for (uint32_t i = 0; i < RTE_DIM(pkts); i++) {
		pkts[i] = rte_pktmbuf_alloc(pool);
		memset(rte_pktmbuf_append(pkts[i], 60), (int)i, 60);
	}
	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < SLOTS; i++)
			test_post_fill(&t, i * SLOT_BYTES);
		CHECK_EQ(client_queue_deliver(queue, pkts, NULL, RTE_DIM(pkts), &(struct delivery_info){ 0 }, verdicts), SLOTS);
		CHECK(shm_ring_refresh_ready(&t.rx) && shm_ring_ready(&t.rx) == SLOTS);
		for (uint32_t i = 0; i < RTE_DIM(pkts); i++)
			CHECK_EQ(verdicts[i] == DELIVERED, i < SLOTS);
		for (uint32_t i = 0; i < SLOTS; i++)
			CHECK_EQ(t.queue.umem[shm_desc_copy(shm_ring_desc(&t.rx, t.rx.own + i)).offset], i);
		t.rx.own += SLOTS;
		shm_ring_publish(&t.rx);
	}
	CHECK_EQ(count(WDPDK_QUEUE_COUNTER_DELIVERED_PACKETS), 3 * SLOTS);
	rte_pktmbuf_free_bulk(pkts, RTE_DIM(pkts));
	close_queue();
}

int
main(void)
{
	char *eal[] = { "test", "-l", "0", "--no-huge", "-m", "64", "--no-pci", NULL };

	if (rte_eal_init(7, eal) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("client queue", 255, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	if (pool == NULL)
		return 1;
	RUN(what_the_port_refuses_is_counted_and_its_slots_come_back);
	RUN(an_armed_client_is_rung_once);
	RUN(an_empty_pool_leaves_frames_posted);
	RUN(only_tags_lengthen_a_frame);
	RUN(a_broken_queue_is_left_alone);
	RUN(metadata_tells_what_the_device_did_not);
	RUN(metadata_takes_the_devices_word);
	RUN(checksums_are_computed_when_asked_for);
	RUN(long_frames_are_cut_to_snaplen);
	RUN(a_long_frame_is_delivered_whole_or_not_at_all);
	RUN(bad_slots_are_stepped_over);
	RUN(a_slot_on_its_way_out_is_not_filled);
	RUN(long_bursts_are_delivered_in_order);
	return check_summary();
}
