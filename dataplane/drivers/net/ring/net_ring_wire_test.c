/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Wires: two ports back to back.
 */
#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#define BURST 32u

static struct rte_mempool *pool, *clones;

static uint16_t
make_port(const char *name, const char *arguments)
{
	uint16_t port;

	CHECK_EQ(rte_vdev_init(name, arguments), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name(name, &port), 0);
	return port;
}

static void
configure(uint16_t port, uint16_t rx, uint16_t tx)
{
	const struct rte_eth_conf conf = {.txmode.offloads = RTE_ETH_TX_OFFLOAD_MULTI_SEGS};

	CHECK_EQ(rte_eth_dev_configure(port, rx, tx, &conf), 0);
	for (uint16_t i = 0; i < rx; i++)
		CHECK_EQ(rte_eth_rx_queue_setup(port, i, 0, 0, NULL, pool), 0);
	for (uint16_t i = 0; i < tx; i++)
		CHECK_EQ(rte_eth_tx_queue_setup(port, i, 0, 0, NULL), 0);
}

static void
start_port(uint16_t port, uint16_t rx, uint16_t tx)
{
	configure(port, rx, tx);
	CHECK_EQ(rte_eth_dev_start(port), 0);
}

static void
remove_both(void)
{
	CHECK_EQ(rte_vdev_uninit("net_ring0"), 0);
	CHECK_EQ(rte_vdev_uninit("net_ring1"), 0);
	CHECK_EQ(rte_mempool_avail_count(pool), pool->size);
	CHECK_EQ(rte_mempool_avail_count(clones), clones->size);
}

static void
take(struct rte_mbuf **mbufs, unsigned int count)
{
	CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, mbufs, count), 0);
	for (unsigned int i = 0; i < count; i++)
		memcpy(rte_pktmbuf_append(mbufs[i], 60 + (uint16_t)i), &i, sizeof(i));
}

static unsigned int
is_link_up(uint16_t port)
{
	struct rte_eth_link link;

	CHECK_EQ(rte_eth_link_get_nowait(port, &link), 0);
	return link.link_status;
}

static void
frames_cross_both_ways(void)
{
	const uint16_t port[2] = {make_port("net_ring0", "wire=w"), make_port("net_ring1", "wire=w")};
	struct rte_mbuf *sent[BURST], *got[BURST];
	struct rte_eth_stats stats;
	uint64_t bytes = 0;

	start_port(port[0], 1, 1);
	start_port(port[1], 1, 1);
	for (int from = 0; from < 2; from++) {
		take(sent, BURST);
		CHECK_EQ(rte_eth_tx_burst(port[from], 0, sent, BURST), BURST);
		CHECK_EQ(rte_eth_rx_burst(port[from], 0, got, BURST), 0);
		CHECK_EQ(rte_eth_rx_burst(port[!from], 0, got, BURST), BURST);
		CHECK_MEM(got, sent, sizeof(sent));
		for (unsigned int i = 0; i < BURST; i++) {
			CHECK_EQ(got[i]->port, port[!from]);
			CHECK_EQ(got[i]->pkt_len, 60 + i);
			CHECK_MEM(rte_pktmbuf_mtod(got[i], void *), &i, sizeof(i));
			bytes += from == 0 ? got[i]->pkt_len : 0;
		}
		rte_pktmbuf_free_bulk(got, BURST);
	}
	for (int i = 0; i < 2; i++) {
		CHECK_EQ(rte_eth_stats_get(port[i], &stats), 0);
		CHECK_EQ(stats.ipackets, BURST);
		CHECK_EQ(stats.opackets, BURST);
		CHECK_EQ(stats.ibytes, bytes);
		CHECK_EQ(stats.obytes, bytes);
	}
	remove_both();
}

static void
what_the_sender_knew_does_not_arrive(void)
{
	const uint16_t from = make_port("net_ring0", "wire=w"), to = make_port("net_ring1", "wire=w");
	struct rte_mbuf *mbuf;

	start_port(from, 1, 1);
	start_port(to, 1, 1);
	take(&mbuf, 1);
	mbuf->ol_flags = RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_RSS_HASH;
	mbuf->packet_type = RTE_PTYPE_L3_IPV4;
	mbuf->vlan_tci = 7;
	CHECK_EQ(rte_eth_tx_burst(from, 0, &mbuf, 1), 1);
	CHECK_EQ(rte_eth_rx_burst(to, 0, &mbuf, 1), 1);
	CHECK_EQ(mbuf->ol_flags, 0);
	CHECK_EQ(mbuf->packet_type, 0);
	CHECK_EQ(mbuf->vlan_tci, 0);
	rte_pktmbuf_free(mbuf);
	remove_both();
}

static void
the_link_is_up_while_both_ends_are(void)
{
	const uint16_t a = make_port("net_ring0", "wire=w");
	uint16_t b;
	struct rte_mbuf *mbufs[4];

	start_port(a, 1, 1);
	CHECK_EQ(is_link_up(a), 0);
	take(mbufs, 4);
	CHECK_EQ(rte_eth_tx_burst(a, 0, mbufs, 4), 0);
	b = make_port("net_ring1", "wire=w");
	configure(b, 1, 1);
	CHECK_EQ(is_link_up(a) + is_link_up(b), 0);
	CHECK_EQ(rte_eth_dev_start(b), 0);
	CHECK_EQ(is_link_up(a) + is_link_up(b), 2);
	CHECK_EQ(rte_eth_dev_set_link_down(b), 0);
	CHECK_EQ(is_link_up(a) + is_link_up(b), 0);
	CHECK_EQ(rte_eth_tx_burst(a, 0, mbufs, 4), 0);
	CHECK_EQ(rte_eth_dev_set_link_up(b), 0);
	CHECK_EQ(is_link_up(a) + is_link_up(b), 2);
	CHECK_EQ(rte_eth_tx_burst(a, 0, mbufs, 2), 2);
	CHECK_EQ(rte_eth_rx_queue_count(b, 0), 2);
	/* What is on its way stays on its way while the receiver is stopped. */
	CHECK_EQ(rte_eth_dev_stop(b), 0);
	CHECK_EQ(is_link_up(a) + is_link_up(b), 0);
	CHECK_EQ(rte_eth_tx_burst(a, 0, mbufs + 2, 2), 0);
	CHECK_EQ(rte_eth_dev_start(b), 0);
	CHECK_EQ(rte_eth_tx_burst(a, 0, mbufs + 2, 2), 2);
	CHECK_EQ(rte_eth_rx_burst(b, 0, mbufs, 4), 4);
	/* An end that goes leaves the other unplugged, until somebody takes its place. */
	CHECK_EQ(rte_eth_tx_burst(a, 0, mbufs, 4), 4);
	CHECK_EQ(rte_vdev_uninit("net_ring1"), 0);
	CHECK_EQ(is_link_up(a), 0);
	b = make_port("net_ring1", "wire=w");
	start_port(b, 1, 1);
	CHECK_EQ(is_link_up(a) + is_link_up(b), 2);
	CHECK_EQ(rte_eth_rx_burst(b, 0, mbufs, 4), 4);
	/* What is in the rings at the end goes back to its pool. */
	CHECK_EQ(rte_eth_tx_burst(a, 0, mbufs, 2), 2);
	CHECK_EQ(rte_eth_tx_burst(b, 0, mbufs + 2, 2), 2);
	remove_both();
}

static void
a_wire_has_two_ends_of_one_kind(void)
{
	uint16_t port;

	make_port("net_ring0", "wire=w,queues=2");
	CHECK_EQ(rte_vdev_init("net_ring1", "wire=w,queues=3"), -EINVAL);
	CHECK_EQ(rte_vdev_init("net_ring1", "wire=w,size=64"), -EINVAL);
	make_port("net_ring1", "wire=w,queues=2");
	CHECK_EQ(rte_vdev_init("net_ring2", "wire=w"), -EINVAL);
	CHECK(rte_eth_dev_get_port_by_name("net_ring2", &port) != 0);
	make_port("net_ring2", "wire=another");
	CHECK_EQ(rte_vdev_uninit("net_ring2"), 0);
	remove_both();
}

static void
no_queue_sends_where_nobody_receives(void)
{
	const uint16_t many = make_port("net_ring0", "wire=w,queues=4"), one = make_port("net_ring1", "wire=w");
	struct rte_mbuf *mbufs[5];
	struct rte_eth_stats stats;

	start_port(many, 4, 4);
	start_port(one, 1, 3);
	take(mbufs, 4);
	for (uint16_t i = 0; i < 4; i++)
		CHECK_EQ(rte_eth_tx_burst(many, i, &mbufs[i], 1), 1);
	CHECK_EQ(rte_eth_rx_burst(one, 0, mbufs, 5), 4);
	CHECK_EQ(rte_eth_stats_get(many, &stats), 0);
	CHECK_EQ(stats.q_opackets[3], 1);
	/* The other way there are enough: queue by queue. */
	for (uint16_t i = 0; i < 3; i++) {
		CHECK_EQ(rte_eth_tx_burst(one, i, &mbufs[i], 1), 1);
		CHECK_EQ(rte_eth_rx_burst(many, i, &mbufs[i], 5 - i), 1);
	}
	/* A receiver that comes back with other queues is found by all senders. */
	CHECK_EQ(rte_eth_dev_stop(one), 0);
	start_port(one, 2, 1);
	for (uint16_t i = 0; i < 4; i++)
		CHECK_EQ(rte_eth_tx_burst(many, i, &mbufs[i], 1), 1);
	CHECK_EQ(rte_eth_rx_burst(one, 1, mbufs, 5), 2);
	CHECK_EQ(rte_eth_rx_burst(one, 0, mbufs + 2, 3), 2);
	rte_pktmbuf_free_bulk(mbufs, 4);
	remove_both();
}

static void
a_full_wire_keeps_order_and_leaves_the_rest(void)
{
	const uint16_t from = make_port("net_ring0", "wire=w,size=32"), to = make_port("net_ring1", "wire=w");
	struct rte_mbuf *sent[2 * BURST], *got[BURST];
	struct rte_eth_stats stats;
	uint64_t bytes = 0;

	start_port(from, 1, 1);
	start_port(to, 1, 1);
	take(sent, 2 * BURST);
	CHECK_EQ(rte_eth_tx_burst(from, 0, sent, BURST), BURST - 1);
	CHECK_EQ(rte_eth_tx_burst(from, 0, sent + BURST - 1, BURST + 1), 0);
	for (unsigned int i = 0; i < BURST - 1; i++)
		bytes += 60 + i;
	CHECK_EQ(rte_eth_stats_get(from, &stats), 0);
	CHECK_EQ(stats.opackets, BURST - 1);
	CHECK_EQ(stats.obytes, bytes);
	CHECK_EQ(rte_eth_rx_burst(to, 0, got, 8), 8);
	CHECK_MEM(got, sent, 8 * sizeof(got[0]));
	rte_pktmbuf_free_bulk(got, 8);
	CHECK_EQ(rte_eth_tx_burst(from, 0, sent + BURST - 1, BURST + 1), 8);
	CHECK_EQ(rte_eth_rx_burst(to, 0, got, BURST), BURST - 1);
	CHECK_MEM(got, sent + 8, (BURST - 1) * sizeof(got[0]));
	rte_pktmbuf_free_bulk(got, BURST - 1);
	rte_pktmbuf_free_bulk(sent + BURST + 7, BURST - 7);
	remove_both();
}

static void
chains_pass_and_shared_buffers_are_copied(void)
{
	const uint16_t from = make_port("net_ring0", "wire=w,size=4"), to = make_port("net_ring1", "wire=w");
	struct rte_mbuf *mbufs[3], *got[5], *original, *chain[2];

	start_port(from, 1, 1);
	start_port(to, 1, 1);
	/* A chain; a clone of what somebody keeps; a buffer held twice; in that order. */
	take(chain, 2);
	CHECK_EQ(rte_pktmbuf_chain(chain[0], chain[1]), 0);
	take(&original, 1);
	mbufs[0] = chain[0];
	mbufs[1] = rte_pktmbuf_clone(original, clones);
	CHECK(mbufs[1] != NULL);
	mbufs[2] = original;
	rte_mbuf_refcnt_update(original, 1);
	CHECK_EQ(rte_eth_tx_burst(from, 0, mbufs, 3), 3);
	CHECK_EQ(rte_eth_rx_burst(to, 0, got, 5), 3);
	CHECK(got[0] == chain[0] && got[0]->next == chain[1]);
	CHECK_EQ(got[0]->nb_segs, 2);
	for (int i = 1; i < 3; i++) {
		CHECK(got[i] != original && got[i] != mbufs[1]);
		CHECK_EQ(rte_mbuf_refcnt_read(got[i]), 1);
		CHECK(RTE_MBUF_DIRECT(got[i]));
		CHECK_EQ(got[i]->pkt_len, 60);
		*rte_pktmbuf_mtod(got[i], uint8_t *) = 0xff;
	}
	CHECK_EQ(rte_mbuf_refcnt_read(original), 1);
	CHECK_EQ(*rte_pktmbuf_mtod(original, uint8_t *), 0);
	/* Without room a shared buffer stays the sender's as any other. */
	take(mbufs, 3);
	CHECK_EQ(rte_eth_tx_burst(from, 0, mbufs, 3), 3);
	rte_mbuf_refcnt_update(original, 1);
	CHECK_EQ(rte_eth_tx_burst(from, 0, &original, 1), 0);
	CHECK_EQ(rte_mbuf_refcnt_read(original), 2);
	rte_mbuf_refcnt_update(original, -1);
	rte_pktmbuf_free(original);
	rte_pktmbuf_free_bulk(got, 3);
	remove_both();
}

/* ---- Threads ---- */

#define FRAMES 50000
#define SENDERS 3

static uint16_t sender_port, receiver_port, sender_queues;

static void *
send_numbered(void *queue)
{
	const uint16_t id = (uint16_t)(uintptr_t)queue;
	unsigned int sequence = 0;

	while (sequence < FRAMES) {
		struct rte_mbuf *mbufs[BURST];
		uint16_t wanted = (uint16_t)RTE_MIN(BURST, FRAMES - sequence), sent = 0;

		if (rte_pktmbuf_alloc_bulk(pool, mbufs, wanted) != 0) {
			sched_yield();
			continue;
		}
		for (uint16_t i = 0; i < wanted; i++, sequence++) {
			uint32_t *words = (uint32_t *)rte_pktmbuf_append(mbufs[i], 60);

			words[0] = id;
			words[1] = sequence;
		}
		while (sent < wanted) {
			const uint16_t now = rte_eth_tx_burst(sender_port, id, mbufs + sent, wanted - sent);

			sent = (uint16_t)(sent + now);
			if (now == 0)
				sched_yield();
		}
	}
	return NULL;
}

/* Every frame of each sender arrives once and in order. */
static void *
receive_numbered(void *unused)
{
	unsigned int next[SENDERS] = {0}, total = 0;

	while (total < sender_queues * FRAMES) {
		struct rte_mbuf *mbufs[BURST];
		const uint16_t count = rte_eth_rx_burst(receiver_port, 0, mbufs, BURST);

		for (uint16_t i = 0; i < count; i++) {
			const uint32_t *words = rte_pktmbuf_mtod(mbufs[i], const uint32_t *);

			if (words[0] >= SENDERS || words[1] != next[words[0]]++)
				return "a frame is out of order";
		}
		rte_pktmbuf_free_bulk(mbufs, count);
		total += count;
		if (count == 0)
			sched_yield();
	}
	return unused;
}

static void
run_threads(const char *arguments, uint16_t senders)
{
	pthread_t thread[SENDERS + 1];
	void *complaint = NULL;
	struct rte_eth_stats stats;

	sender_port = make_port("net_ring0", arguments);
	receiver_port = make_port("net_ring1", "wire=w");
	sender_queues = senders;
	start_port(sender_port, 1, senders);
	start_port(receiver_port, 1, 1);
	CHECK_EQ(pthread_create(&thread[SENDERS], NULL, receive_numbered, NULL), 0);
	for (uintptr_t i = 0; i < senders; i++)
		CHECK_EQ(pthread_create(&thread[i], NULL, send_numbered, (void *)i), 0);
	/* The link goes down and up under traffic: nothing is lost, senders wait. */
	for (int i = 0; i < 50; i++) {
		CHECK_EQ(rte_eth_dev_set_link_down(receiver_port), 0);
		CHECK_EQ(rte_eth_stats_get(sender_port, &stats), 0);
		CHECK_EQ(rte_eth_dev_set_link_up(receiver_port), 0);
		sched_yield();
	}
	for (unsigned int i = 0; i < senders; i++)
		pthread_join(thread[i], NULL);
	pthread_join(thread[SENDERS], &complaint);
	CHECK_STR(complaint == NULL ? "in order" : complaint, "in order");
	CHECK_EQ(rte_eth_stats_get(receiver_port, &stats), 0);
	CHECK_EQ(stats.ipackets, senders * FRAMES);
	CHECK_EQ(stats.ibytes, (uint64_t)senders * FRAMES * 60);
	remove_both();
}

static void
one_sender_and_one_receiver(void)
{
	run_threads("wire=w,size=128", 1);
}

static void
several_senders_and_one_receiver(void)
{
	run_threads("wire=w,size=128,queues=3", SENDERS);
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "net_ring_wire_test", "--no-huge", "--no-pci", "-m", "64", NULL};

	if (rte_eal_init(5, arguments) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("frames", 1023, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	clones = rte_pktmbuf_pool_create("clones", 15, 0, 0, 0, SOCKET_ID_ANY);
	if (pool == NULL || clones == NULL)
		return 1;
	RUN(frames_cross_both_ways);
	RUN(what_the_sender_knew_does_not_arrive);
	RUN(the_link_is_up_while_both_ends_are);
	RUN(a_wire_has_two_ends_of_one_kind);
	RUN(no_queue_sends_where_nobody_receives);
	RUN(a_full_wire_keeps_order_and_leaves_the_rest);
	RUN(chains_pass_and_shared_buffers_are_copied);
	RUN(one_sender_and_one_receiver);
	RUN(several_senders_and_one_receiver);
	rte_mempool_free(pool);
	rte_mempool_free(clones);
	rte_eal_cleanup();
	return check_summary();
}
