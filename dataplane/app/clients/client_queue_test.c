/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lcore's side of a queue over plain memory: what an executable with good ports never shows. The test is the doorbell.
 */
#include <rte_eal.h>

#include "check.h"
#include "client_queue_control.h"
#include "doorbell.h"
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
open_queue(uint16_t mtu)
{
	rung = attention = 0;
	CHECK(test_segment_open(&t, SLOTS, SLOT_BYTES));
	queue = client_queue_create(&(struct client_queue_options){ .base = t.base, .layout = &t.layout,
		.first_index = TEST_FIRST_INDEX, .mtu = mtu, .doorbell = 5 });
	CHECK(queue != NULL);
}

static void
close_queue(void)
{
	client_queue_destroy(queue);
	test_segment_close(&t);
	CHECK_EQ(rte_mempool_avail_count(pool), pool->size);
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
	uint8_t verdict;

	open_queue(1500);
	CHECK(rte_pktmbuf_append(m, 60) != NULL);
	for (uint32_t i = 0; i < 4; i++)
		test_post_fill(&t, i * SLOT_BYTES);
	shm_ring_arm(&t.rx);
	for (unsigned int i = 0; i < 3; i++) {
		CHECK_EQ(client_queue_deliver(queue, &m, NULL, 1, &(struct delivery_info){ 0 }, &verdict), 1);
		CHECK_EQ(rung, 1);
		CHECK_EQ(shm_peek32(t.rx.armed), 0);
	}
	CHECK_EQ(count(WDPDK_QUEUE_COUNTER_WAKEUPS), 1);
	shm_ring_arm(&t.rx);
	CHECK_EQ(client_queue_deliver(queue, &m, NULL, 1, &(struct delivery_info){ 0 }, &verdict), 1);
	CHECK_EQ(rung, 2);
	/* Nothing delivered, nobody woken. */
	shm_ring_arm(&t.rx);
	CHECK_EQ(client_queue_deliver(queue, &m, NULL, 1, &(struct delivery_info){ 0 }, &verdict), 0);
	CHECK_EQ(verdict, DELIVERY_NO_SLOT);
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
	return check_summary();
}
