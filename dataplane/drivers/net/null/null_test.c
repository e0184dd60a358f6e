/* SPDX-License-Identifier: BSD-3-Clause */
#include "check.h"

#include <errno.h>
#include <stdlib.h>

#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#define BURST 32

static struct rte_mempool *pool, *other_pool, *tiny_pool;

static uint16_t
make_port(const char *arguments)
{
	uint16_t port;

	rte_vdev_uninit("net_null0");
	CHECK_EQ(rte_vdev_init("net_null0", arguments), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name("net_null0", &port), 0);
	return port;
}

static uint16_t
start_port(const char *arguments)
{
	const struct rte_eth_conf conf = {.txmode.offloads = RTE_ETH_TX_OFFLOAD_MULTI_SEGS};
	const uint16_t port = make_port(arguments);

	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &conf), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 0, 0, NULL, pool), 0);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 0, 0, 0, NULL), 0);
	CHECK_EQ(rte_eth_dev_start(port), 0);
	return port;
}

static void
remove_port(uint16_t port)
{
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK_EQ(rte_vdev_uninit("net_null0"), 0);
	CHECK_EQ(rte_mempool_avail_count(pool), pool->size);
}

static void
frames_come_and_go(void)
{
	const uint16_t port = start_port("");
	struct rte_mbuf *mbufs[BURST];
	struct rte_eth_stats stats;
	struct rte_eth_link link;

	CHECK_EQ(rte_eth_link_get_nowait(port, &link), 0);
	CHECK_EQ(link.link_status, RTE_ETH_LINK_UP);
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), BURST);
	for (int i = 0; i < BURST; i++) {
		CHECK_EQ(mbufs[i]->pkt_len, 64);
		CHECK_EQ(mbufs[i]->data_len, 64);
		CHECK_EQ(mbufs[i]->port, port);
		CHECK_EQ(mbufs[i]->data_off, RTE_PKTMBUF_HEADROOM);
		CHECK_EQ(mbufs[i]->nb_segs, 1);
		CHECK_EQ(mbufs[i]->ol_flags, 0);
		CHECK_EQ(mbufs[i]->packet_type, 0);
		CHECK(mbufs[i]->next == NULL);
		rte_mbuf_sanity_check(mbufs[i], 1);
	}
	CHECK_EQ(rte_eth_tx_burst(port, 0, mbufs, BURST), BURST);
	CHECK_EQ(rte_mempool_avail_count(pool), pool->size);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.ipackets, BURST);
	CHECK_EQ(stats.ibytes, BURST * 64);
	CHECK_EQ(stats.opackets, BURST);
	CHECK_EQ(stats.obytes, BURST * 64);
	CHECK_EQ(stats.q_opackets[0], BURST);
	CHECK_EQ(rte_eth_stats_reset(port), 0);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.ipackets + stats.opackets + stats.ibytes + stats.obytes, 0);
	remove_port(port);
}

static void
a_used_mbuf_comes_back_fresh(void)
{
	const uint16_t port = start_port("size=100");
	struct rte_mbuf *mbufs[BURST];

	/* Every field a forwarder may have changed. */
	for (unsigned int round = 0; round < pool->size / BURST + 2; round++) {
		CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), BURST);
		for (int i = 0; i < BURST; i++) {
			CHECK_EQ(mbufs[i]->pkt_len, 100);
			CHECK_EQ(mbufs[i]->data_off, RTE_PKTMBUF_HEADROOM);
			CHECK_EQ(mbufs[i]->ol_flags, 0);
			CHECK_EQ(mbufs[i]->vlan_tci, 0);
			CHECK_EQ(mbufs[i]->hash.rss, 0);
			CHECK_EQ(mbufs[i]->port, port);
			rte_pktmbuf_adj(mbufs[i], 14);
			mbufs[i]->ol_flags = RTE_MBUF_F_TX_VLAN;
			mbufs[i]->vlan_tci = 77;
			mbufs[i]->hash.rss = 78;
			mbufs[i]->packet_type = 79;
			mbufs[i]->port = 80;
		}
		CHECK_EQ(rte_eth_tx_burst(port, 0, mbufs, BURST), BURST);
	}
	remove_port(port);
}

static void
sending_frees_every_kind_of_mbuf(void)
{
	const uint16_t port = start_port("");
	struct rte_mbuf *mbufs[6], *held, *clone_of;
	const unsigned int other_before = rte_mempool_avail_count(other_pool);
	struct rte_eth_stats stats;

	mbufs[0] = rte_pktmbuf_alloc(pool);
	mbufs[1] = rte_pktmbuf_alloc(other_pool);
	/* A chain over both pools. */
	mbufs[2] = rte_pktmbuf_alloc(pool);
	CHECK_EQ(rte_pktmbuf_chain(mbufs[2], rte_pktmbuf_alloc(other_pool)), 0);
	/* One that somebody else holds too. */
	held = mbufs[3] = rte_pktmbuf_alloc(pool);
	rte_mbuf_refcnt_update(held, 1);
	/* One that is only a view of another. */
	clone_of = rte_pktmbuf_alloc(other_pool);
	mbufs[4] = rte_pktmbuf_clone(clone_of, pool);
	mbufs[5] = rte_pktmbuf_alloc(pool);
	rte_pktmbuf_append(mbufs[5], 33);
	CHECK_EQ(rte_eth_tx_burst(port, 0, mbufs, 6), 6);
	CHECK_EQ(rte_mbuf_refcnt_read(held), 1);
	CHECK_EQ(rte_mempool_avail_count(pool), pool->size - 1);
	CHECK_EQ(rte_mempool_avail_count(other_pool), other_before - 1);
	rte_pktmbuf_free(held);
	rte_pktmbuf_free(clone_of);
	CHECK_EQ(rte_mempool_avail_count(other_pool), other_before);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.opackets, 6);
	CHECK_EQ(stats.obytes, 33);
	remove_port(port);
}

static void
an_empty_pool_is_counted(void)
{
	const uint16_t port = start_port("");
	struct rte_mbuf **all = calloc(pool->size, sizeof(*all)), *mbufs[BURST];
	struct rte_eth_stats stats;

	CHECK(all != NULL);
	CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, all, pool->size - 1), 0);
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), 0);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.ipackets, 0);
	CHECK_EQ(stats.rx_nombuf, BURST);
	rte_pktmbuf_free_bulk(all, pool->size - 1);
	free(all);
	remove_port(port);
}

static void
copying_copies(void)
{
	const uint16_t port = start_port("size=200,copy=1");
	struct rte_mbuf *mbufs[4];
	const char zeros[200] = {0};

	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, 4), 4);
	for (int i = 0; i < 4; i++) {
		CHECK_MEM(rte_pktmbuf_mtod(mbufs[i], char *), zeros, 200);
		memset(rte_pktmbuf_mtod(mbufs[i], char *), 0xa5, 200);
	}
	CHECK_EQ(rte_eth_tx_burst(port, 0, mbufs, 4), 4);
	/* What was sent does not come back. */
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, 4), 4);
	CHECK_MEM(rte_pktmbuf_mtod(mbufs[0], char *), zeros, 200);
	CHECK_EQ(rte_eth_tx_burst(port, 0, mbufs, 4), 4);
	remove_port(port);
}

static void
no_rx_only_sends(void)
{
	const uint16_t port = start_port("no-rx=1");
	struct rte_mbuf *mbufs[2];

	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, 2), 0);
	CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, mbufs, 2), 0);
	CHECK_EQ(rte_eth_tx_burst(port, 0, mbufs, 2), 2);
	remove_port(port);
}

static void
bad_arguments_are_refused(void)
{
	static const char *const bad[] = {"size=13", "size=65536", "size=", "size", "size=64x", "size=-1", "copy=x", "no-rx=2",
		"no-rx=1,copy=1", "speed=1", "size=99999999999999999999"};

	rte_vdev_uninit("net_null0");
	for (unsigned int i = 0; i < RTE_DIM(bad); i++)
		CHECK_EQ(rte_vdev_init("net_null0", bad[i]), -EINVAL);
	CHECK_EQ(rte_eth_dev_count_avail(), 0);
}

static void
frames_must_fit_the_buffers(void)
{
	const struct rte_eth_conf conf = {.rxmode.mtu = 0}, cksum = {.rxmode.offloads = RTE_ETH_RX_OFFLOAD_IPV4_CKSUM};
	const uint16_t port = make_port("size=1000");

	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &cksum), -EINVAL);
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &conf), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 0, 0, NULL, tiny_pool), -EINVAL);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 0, 0, NULL, pool), 0);
	CHECK_EQ(rte_vdev_uninit("net_null0"), 0);
}

static void
queues_count_apart(void)
{
	const struct rte_eth_conf conf = {.rxmode.mtu = 0};
	const uint16_t port = make_port("");
	struct rte_mbuf *mbufs[8];
	struct rte_eth_rxq_info info;
	struct rte_eth_stats stats;

	CHECK_EQ(rte_eth_dev_configure(port, 3, 2, &conf), 0);
	for (uint16_t q = 0; q < 3; q++)
		CHECK_EQ(rte_eth_rx_queue_setup(port, q, 100, 0, NULL, pool), 0);
	for (uint16_t q = 0; q < 2; q++)
		CHECK_EQ(rte_eth_tx_queue_setup(port, q, 100, 0, NULL), 0);
	CHECK_EQ(rte_eth_dev_start(port), 0);
	CHECK_EQ(rte_eth_rx_queue_info_get(port, 2, &info), 0);
	CHECK_EQ(info.nb_desc, 100);
	CHECK(info.mp == pool);
	CHECK_EQ(info.queue_state, RTE_ETH_QUEUE_STATE_STARTED);
	CHECK_EQ(rte_eth_rx_burst(port, 2, mbufs, 8), 8);
	CHECK_EQ(rte_eth_tx_burst(port, 1, mbufs, 5), 5);
	CHECK_EQ(rte_eth_tx_burst(port, 0, mbufs + 5, 3), 3);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.q_ipackets[2], 8);
	CHECK_EQ(stats.q_ipackets[0], 0);
	CHECK_EQ(stats.q_opackets[1], 5);
	CHECK_EQ(stats.q_opackets[0], 3);
	CHECK_EQ(stats.opackets, 8);
	remove_port(port);
}

static void
a_closed_port_can_be_made_again(void)
{
	uint16_t port = start_port("");

	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK_EQ(rte_eth_dev_close(port), 0);
	CHECK_EQ(rte_vdev_uninit("net_null0"), 0);
	port = start_port("");
	/* Removed while started: stopped on the way. */
	CHECK_EQ(rte_vdev_uninit("net_null0"), 0);
	CHECK_EQ(rte_eth_dev_is_valid_port(port), 0);
}

static int link_changes;

static int
on_link(uint16_t port, enum rte_eth_event_type event, void *argument, void *result)
{
	struct rte_eth_link link;

	(void)result;
	if (event == RTE_ETH_EVENT_INTR_LSC && rte_eth_link_get_nowait(port, &link) == 0 && link.link_status == *(int *)argument)
		link_changes++;
	return 0;
}

static void
who_asked_hears_of_links(void)
{
	const struct rte_eth_conf conf = {.intr_conf = {.lsc = 1}};
	int expected = RTE_ETH_LINK_UP;
	uint16_t port;

	CHECK_EQ(rte_vdev_init("net_null0", ""), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name("net_null0", &port), 0);
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &conf), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 0, 0, NULL, pool), 0);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 0, 0, 0, NULL), 0);
	CHECK_EQ(rte_eth_dev_callback_register(port, RTE_ETH_EVENT_INTR_LSC, on_link, &expected), 0);
	CHECK_EQ(rte_eth_dev_start(port), 0);
	CHECK_EQ(link_changes, 1);
	expected = RTE_ETH_LINK_DOWN;
	CHECK_EQ(rte_eth_dev_set_link_down(port), 0);
	CHECK_EQ(rte_eth_dev_set_link_down(port), 0);
	CHECK_EQ(link_changes, 2);
	expected = RTE_ETH_LINK_UP;
	CHECK_EQ(rte_eth_dev_set_link_up(port), 0);
	CHECK_EQ(link_changes, 3);
	expected = RTE_ETH_LINK_DOWN;
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK_EQ(link_changes, 4);
	CHECK_EQ(rte_eth_dev_callback_unregister(port, RTE_ETH_EVENT_INTR_LSC, on_link, &expected), 0);
	CHECK_EQ(rte_vdev_uninit("net_null0"), 0);
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "null_test", "--no-huge", "--no-pci", "-m", "64", NULL};

	if (rte_eal_init(5, arguments) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("pool", 255, 32, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
	other_pool = rte_pktmbuf_pool_create("other", 31, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
	tiny_pool = rte_pktmbuf_pool_create("tiny", 31, 0, 0, RTE_PKTMBUF_HEADROOM + 999, 0);
	if (pool == NULL || other_pool == NULL || tiny_pool == NULL)
		return 1;
	RUN(frames_come_and_go);
	RUN(a_used_mbuf_comes_back_fresh);
	RUN(sending_frees_every_kind_of_mbuf);
	RUN(an_empty_pool_is_counted);
	RUN(copying_copies);
	RUN(no_rx_only_sends);
	RUN(bad_arguments_are_refused);
	RUN(frames_must_fit_the_buffers);
	RUN(queues_count_apart);
	RUN(who_asked_hears_of_links);
	RUN(a_closed_port_can_be_made_again);
	rte_mempool_free(pool);
	rte_mempool_free(other_pool);
	rte_mempool_free(tiny_pool);
	rte_eal_cleanup();
	return check_summary();
}
