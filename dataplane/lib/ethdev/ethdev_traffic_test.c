/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What rides on bursts: counters, callbacks, transmit buffers, events.
 */
#include "check.h"

#include <errno.h>

#include <rte_eal.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "fake_driver.h"

static struct rte_mempool *pool;
static const struct rte_eth_conf plain;

static uint16_t
started_port(void)
{
	const uint16_t port = fake_port("fake0");

	CHECK_EQ(rte_eth_dev_configure(port, 2, 1, &plain), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 128, 0, NULL, pool), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 1, 128, 0, NULL, pool), 0);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 0, 128, 0, NULL), 0);
	CHECK_EQ(rte_eth_dev_start(port), 0);
	return port;
}

/* ---- Counters ---- */

static void
counters_come_from_the_driver(void)
{
	const uint16_t port = started_port();
	struct rte_eth_stats stats;

	fake.stats = (struct rte_eth_stats){.ipackets = 5, .obytes = 7, .q_ipackets = {2, 3}};
	fake.dev->data->rx_mbuf_alloc_failed = 11;
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.ipackets, 5);
	CHECK_EQ(stats.obytes, 7);
	CHECK_EQ(stats.rx_nombuf, 11);
	CHECK_EQ(rte_eth_stats_reset(port), 0);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.ipackets, 0);
	CHECK_EQ(stats.rx_nombuf, 0);
	fake_remove();
}

/* 8 of the port, 3 for each of 2 receive queues, 2 of a transmit queue, 2 of the driver. */
#define ALL (8 + 2 * 3 + 2 + 2)

static void
extended_counters_have_names(void)
{
	const uint16_t port = started_port();
	struct rte_eth_xstat_name names[ALL + 1];
	struct rte_eth_xstat values[ALL + 1];
	uint64_t id, picked[2], ids[2];

	fake.stats = (struct rte_eth_stats){.ipackets = 5, .rx_nombuf = 6, .q_ipackets = {2, 3}, .q_errors = {0, 4},
		.q_obytes = {9}};
	CHECK_EQ(rte_eth_xstats_get_names(port, NULL, 0), ALL);
	CHECK_EQ(rte_eth_xstats_get_names(port, names, ALL - 1), ALL);
	CHECK_EQ(rte_eth_xstats_get_names(port, names, ALL), ALL);
	CHECK_STR(names[0].name, "rx_good_packets");
	CHECK_STR(names[7].name, "rx_mbuf_allocation_errors");
	CHECK_STR(names[8].name, "rx_q0_packets");
	CHECK_STR(names[13].name, "rx_q1_errors");
	CHECK_STR(names[15].name, "tx_q0_bytes");
	CHECK_STR(names[16].name, "fake_apples");
	CHECK_EQ(rte_eth_xstats_get(port, NULL, 0), ALL);
	CHECK_EQ(rte_eth_xstats_get(port, values, ALL - 1), ALL);
	CHECK_EQ(rte_eth_xstats_get(port, values, ALL), ALL);
	CHECK_EQ(values[0].value, 5);
	CHECK_EQ(values[0].id, 0);
	CHECK_EQ(values[7].value, 6);
	CHECK_EQ(values[11].value, 3);
	CHECK_EQ(values[13].value, 4);
	CHECK_EQ(values[15].value, 9);
	/* The driver delivers in its own order; ids say which is which. */
	CHECK_EQ(values[16].id, 17);
	CHECK_EQ(values[16].value, 1001);
	CHECK_EQ(rte_eth_xstats_get(port, NULL, 3), -EINVAL);

	CHECK_EQ(rte_eth_xstats_get_id_by_name(port, "fake_pears", &id), 0);
	CHECK_EQ(id, 17);
	CHECK_EQ(rte_eth_xstats_get_id_by_name(port, "plums", &id), -EINVAL);
	CHECK_EQ(rte_eth_xstats_get_id_by_name(port, NULL, &id), -ENOMEM);
	ids[0] = 17;
	ids[1] = 0;
	CHECK_EQ(rte_eth_xstats_get_by_id(port, ids, picked, 2), 2);
	CHECK_EQ(picked[0], 1001);
	CHECK_EQ(picked[1], 5);
	CHECK_EQ(rte_eth_xstats_get_names_by_id(port, names, 2, ids), 2);
	CHECK_STR(names[0].name, "fake_pears");
	CHECK_STR(names[1].name, "rx_good_packets");
	ids[1] = ALL;
	CHECK_EQ(rte_eth_xstats_get_by_id(port, ids, picked, 2), -1);
	CHECK_EQ(rte_eth_xstats_get_names_by_id(port, names, 2, ids), -1);
	CHECK_EQ(rte_eth_xstats_get_by_id(port, NULL, NULL, 0), ALL);
	CHECK_EQ(rte_eth_xstats_get_by_id(port, ids, NULL, 1), -EINVAL);

	CHECK_EQ(rte_eth_xstats_reset(port), 0);
	CHECK_EQ(fake.stats.ipackets, 0);
	/* Only a driver that fills its queues' counters gets names for them. */
	fake.dev->data->dev_flags = 0;
	CHECK_EQ(rte_eth_xstats_get_names(port, NULL, 0), 10);
	fake_remove();
}

/* ---- Burst callbacks ---- */

static char order[16];

static uint16_t
note_and_drop_one(uint16_t port, uint16_t queue, struct rte_mbuf *packets[], uint16_t count, uint16_t room, void *letter)
{
	(void)port, (void)queue, (void)packets, (void)room;
	strcat(order, letter);
	return count > 0 ? count - 1 : 0;
}

static uint16_t
note_and_keep_two(uint16_t port, uint16_t queue, struct rte_mbuf *packets[], uint16_t count, void *letter)
{
	(void)port, (void)queue, (void)packets;
	strcat(order, letter);
	return RTE_MIN(count, 2);
}

static void
callbacks_see_bursts_in_order(void)
{
	const uint16_t port = started_port();
	const struct rte_eth_rxtx_callback *a, *b, *c, *t;
	struct rte_mbuf *packets[8] = {NULL};

	order[0] = '\0';
	a = rte_eth_add_rx_callback(port, 0, note_and_drop_one, "a");
	b = rte_eth_add_rx_callback(port, 0, note_and_drop_one, "b");
	c = rte_eth_add_first_rx_callback(port, 0, note_and_drop_one, "c");
	t = rte_eth_add_tx_callback(port, 0, note_and_keep_two, "t");
	CHECK(a != NULL && b != NULL && c != NULL && t != NULL);
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, 8), 1);
	CHECK_STR(order, "cab");
	CHECK_EQ(rte_eth_rx_burst(port, 1, packets, 8), 4);
	CHECK_STR(order, "cab");
	CHECK_EQ(rte_eth_tx_burst(port, 0, packets, 5), 2);
	CHECK_EQ(fake.sent, 2);
	CHECK_STR(order, "cabt");

	CHECK_EQ(rte_eth_remove_rx_callback(port, 0, a), 0);
	CHECK_EQ(rte_eth_remove_rx_callback(port, 0, a), -EINVAL);
	CHECK_EQ(rte_eth_remove_rx_callback(port, 1, b), -EINVAL);
	order[0] = '\0';
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, 8), 2);
	CHECK_STR(order, "cb");
	CHECK_EQ(rte_eth_remove_rx_callback(port, 0, c), 0);
	CHECK_EQ(rte_eth_remove_rx_callback(port, 0, b), 0);
	CHECK_EQ(rte_eth_remove_tx_callback(port, 0, t), 0);
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, 8), 4);
	CHECK_EQ(rte_eth_tx_burst(port, 0, packets, 5), 5);
	rte_free((void *)(uintptr_t)a);
	rte_free((void *)(uintptr_t)b);
	rte_free((void *)(uintptr_t)c);
	rte_free((void *)(uintptr_t)t);

	CHECK(rte_eth_add_rx_callback(port, 2, note_and_drop_one, "x") == NULL);
	CHECK(rte_eth_add_rx_callback(port, 0, NULL, "x") == NULL);
	CHECK(rte_eth_add_tx_callback(port, 1, note_and_keep_two, "x") == NULL);
	CHECK(rte_eth_add_tx_callback(9, 0, note_and_keep_two, "x") == NULL);
	CHECK_EQ(rte_eth_remove_rx_callback(port, 0, NULL), -EINVAL);
	fake_remove();
}

static void
a_new_port_has_no_callbacks_of_an_old_one(void)
{
	uint16_t port = started_port();
	const struct rte_eth_rxtx_callback *left = rte_eth_add_rx_callback(port, 0, note_and_drop_one, "z");
	struct rte_mbuf *packets[8];

	CHECK(left != NULL);
	fake_remove();
	order[0] = '\0';
	port = started_port();
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, 8), 4);
	CHECK_STR(order, "");
	rte_free((void *)(uintptr_t)left);
	fake_remove();
}

/* ---- Transmit buffers ---- */

static uint16_t unsent_count;
static struct rte_mbuf *unsent_first;

static void
take_unsent(struct rte_mbuf **unsent, uint16_t count, void *userdata)
{
	unsent_first = unsent[0];
	unsent_count += count;
	*(int *)userdata += 1;
}

static void
buffers_send_full_bursts(void)
{
	union {
		struct rte_eth_dev_tx_buffer buffer;
		char room[RTE_ETH_TX_BUFFER_SIZE(4)];
	} b;
	const uint16_t port = started_port();
	int calls = 0;

	CHECK_EQ(rte_eth_tx_buffer_init(NULL, 4), -EINVAL);
	CHECK_EQ(rte_eth_tx_buffer_init(&b.buffer, 4), 0);
	CHECK_EQ(rte_eth_tx_buffer_set_err_callback(&b.buffer, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_eth_tx_buffer_set_err_callback(&b.buffer, take_unsent, &calls), 0);
	for (uintptr_t i = 1; i < 4; i++)
		CHECK_EQ(rte_eth_tx_buffer(port, 0, &b.buffer, (struct rte_mbuf *)i), 0);
	CHECK_EQ(fake.sent, 0);
	CHECK_EQ(rte_eth_tx_buffer(port, 0, &b.buffer, (struct rte_mbuf *)4), 4);
	CHECK_EQ(fake.sent, 4);
	CHECK_EQ(rte_eth_tx_buffer_flush(port, 0, &b.buffer), 0);
	fake.tx_room = 1;
	for (uintptr_t i = 1; i < 4; i++)
		CHECK_EQ(rte_eth_tx_buffer(port, 0, &b.buffer, (struct rte_mbuf *)i), 0);
	CHECK_EQ(rte_eth_tx_buffer_flush(port, 0, &b.buffer), 1);
	CHECK_EQ(b.buffer.length, 0);
	CHECK_EQ(calls, 1);
	CHECK_EQ(unsent_count, 2);
	CHECK_EQ((uintptr_t)unsent_first, 2);
	fake_remove();
}

static void
unsent_packets_go_back_to_their_pool(void)
{
	union {
		struct rte_eth_dev_tx_buffer buffer;
		char room[RTE_ETH_TX_BUFFER_SIZE(4)];
	} b;
	const uint16_t port = started_port();
	const unsigned int free_before = rte_mempool_avail_count(pool);
	uint64_t dropped = 0;

	fake.tx_room = 0;
	CHECK_EQ(rte_eth_tx_buffer_init(&b.buffer, 4), 0);
	rte_eth_tx_buffer(port, 0, &b.buffer, rte_pktmbuf_alloc(pool));
	CHECK_EQ(rte_mempool_avail_count(pool), free_before - 1);
	CHECK_EQ(rte_eth_tx_buffer_flush(port, 0, &b.buffer), 0);
	CHECK_EQ(rte_mempool_avail_count(pool), free_before);
	CHECK_EQ(rte_eth_tx_buffer_set_err_callback(&b.buffer, rte_eth_tx_buffer_count_callback, &dropped), 0);
	for (int i = 0; i < 3; i++)
		rte_eth_tx_buffer(port, 0, &b.buffer, rte_pktmbuf_alloc(pool));
	CHECK_EQ(rte_eth_tx_buffer_flush(port, 0, &b.buffer), 0);
	CHECK_EQ(dropped, 3);
	CHECK_EQ(rte_mempool_avail_count(pool), free_before);
	fake_remove();
}

/* ---- Events ---- */

static int
count_event(uint16_t port, enum rte_eth_event_type event, void *argument, void *result)
{
	int *counts = argument;

	(void)result;
	counts[event]++;
	counts[RTE_ETH_EVENT_MAX] = port;
	return 42;
}

static int
forget_itself(uint16_t port, enum rte_eth_event_type event, void *argument, void *result)
{
	(void)result;
	*(int *)argument = rte_eth_dev_callback_unregister(port, event, forget_itself, argument);
	return 0;
}

static void
events_reach_who_asked(void)
{
	int counts[RTE_ETH_EVENT_MAX + 1] = {0}, own = 1;
	uint16_t port;

	CHECK_EQ(rte_eth_dev_callback_register(RTE_ETH_ALL, RTE_ETH_EVENT_NEW, count_event, counts), 0);
	CHECK_EQ(rte_eth_dev_callback_register(RTE_ETH_ALL, RTE_ETH_EVENT_DESTROY, count_event, counts), 0);
	CHECK_EQ(rte_eth_dev_callback_register(3, RTE_ETH_EVENT_INTR_LSC, count_event, counts), -EINVAL);
	port = fake_port("fake0");
	CHECK_EQ(counts[RTE_ETH_EVENT_NEW], 1);
	CHECK_EQ(rte_eth_dev_callback_register(port, RTE_ETH_EVENT_INTR_LSC, NULL, counts), -EINVAL);
	CHECK_EQ(rte_eth_dev_callback_register(port, RTE_ETH_EVENT_INTR_LSC, count_event, counts), 0);
	CHECK_EQ(rte_eth_dev_callback_register(port, RTE_ETH_EVENT_INTR_LSC, count_event, counts), 0);
	CHECK_EQ(rte_eth_dev_callback_process(fake.dev, RTE_ETH_EVENT_INTR_LSC, NULL), 42);
	CHECK_EQ(counts[RTE_ETH_EVENT_INTR_LSC], 1);
	CHECK_EQ(counts[RTE_ETH_EVENT_MAX], port);
	CHECK_EQ(rte_eth_dev_callback_unregister(port, RTE_ETH_EVENT_INTR_LSC, count_event, (void *)-1), 0);
	CHECK_EQ(rte_eth_dev_callback_process(fake.dev, RTE_ETH_EVENT_INTR_LSC, NULL), 0);
	CHECK_EQ(counts[RTE_ETH_EVENT_INTR_LSC], 1);

	/* A callback cannot free itself while it runs. */
	CHECK_EQ(rte_eth_dev_callback_register(port, RTE_ETH_EVENT_INTR_RMV, forget_itself, &own), 0);
	CHECK_EQ(rte_eth_dev_callback_process(fake.dev, RTE_ETH_EVENT_INTR_RMV, NULL), 0);
	CHECK_EQ(own, -EAGAIN);
	CHECK_EQ(rte_eth_dev_callback_unregister(port, RTE_ETH_EVENT_INTR_RMV, forget_itself, &own), 0);
	fake_remove();
	CHECK_EQ(counts[RTE_ETH_EVENT_DESTROY], 1);
	CHECK_EQ(rte_eth_dev_callback_unregister(RTE_ETH_ALL, RTE_ETH_EVENT_NEW, count_event, counts), 0);
	CHECK_EQ(rte_eth_dev_callback_unregister(RTE_ETH_ALL, RTE_ETH_EVENT_DESTROY, count_event, counts), 0);
	fake_port("fake0");
	CHECK_EQ(counts[RTE_ETH_EVENT_NEW], 1);
	fake_remove();
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "ethdev_traffic_test", "--no-huge", "--no-pci", "-m", "64", NULL};

	if (rte_eal_init(5, arguments) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("pool", 63, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
	if (pool == NULL)
		return 1;
	RUN(counters_come_from_the_driver);
	RUN(extended_counters_have_names);
	RUN(callbacks_see_bursts_in_order);
	RUN(a_new_port_has_no_callbacks_of_an_old_one);
	RUN(buffers_send_full_bursts);
	RUN(unsent_packets_go_back_to_their_pool);
	RUN(events_reach_who_asked);
	rte_mempool_free(pool);
	rte_eal_cleanup();
	return check_summary();
}
