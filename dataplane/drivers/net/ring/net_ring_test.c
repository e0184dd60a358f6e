/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Loopbacks, shared rings (nodeaction) and rte_eth_from_rings(): what upstream's guide and header promise.
 */
#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "rte_eth_ring.h"

#define BURST 32

static struct rte_mempool *pool;

static void
start_port(uint16_t port, uint16_t queues)
{
	const struct rte_eth_conf conf = {.txmode.offloads = RTE_ETH_TX_OFFLOAD_MULTI_SEGS};

	CHECK_EQ(rte_eth_dev_configure(port, queues, queues, &conf), 0);
	for (uint16_t i = 0; i < queues; i++) {
		CHECK_EQ(rte_eth_rx_queue_setup(port, i, 0, 0, NULL, pool), 0);
		CHECK_EQ(rte_eth_tx_queue_setup(port, i, 0, 0, NULL), 0);
	}
	CHECK_EQ(rte_eth_dev_start(port), 0);
}

static uint16_t
make_port(const char *name, const char *arguments, const char *port_name)
{
	uint16_t port;

	rte_vdev_uninit(name);
	CHECK_EQ(rte_vdev_init(name, arguments), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name(port_name, &port), 0);
	return port;
}

static void
take(struct rte_mbuf **mbufs, unsigned int count)
{
	CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, mbufs, count), 0);
	for (unsigned int i = 0; i < count; i++) {
		memcpy(rte_pktmbuf_append(mbufs[i], 64), &i, sizeof(i));
		mbufs[i]->ol_flags = 0;
	}
}

static void
passes(uint16_t from, uint16_t out, uint16_t to, uint16_t in)
{
	struct rte_mbuf *sent[BURST], *got[BURST + 1];

	take(sent, BURST);
	CHECK_EQ(rte_eth_tx_burst(from, out, sent, BURST), BURST);
	CHECK_EQ(rte_eth_rx_burst(to, in, got, BURST + 1), BURST);
	CHECK_MEM(got, sent, sizeof(sent));
	CHECK_EQ(rte_eth_rx_burst(to, in, got + BURST, 1), 0);
	rte_pktmbuf_free_bulk(got, BURST);
}

static unsigned int
is_link_up(uint16_t port)
{
	struct rte_eth_link link;

	CHECK_EQ(rte_eth_link_get_nowait(port, &link), 0);
	return link.link_status;
}

static void
a_port_without_arguments_is_a_loopback(void)
{
	const uint16_t port = make_port("net_ring0", "", "net_ring0");
	struct rte_eth_dev_info info;
	struct rte_eth_stats stats;

	CHECK_EQ(rte_eth_dev_info_get(port, &info), 0);
	CHECK_STR(info.driver_name, "net_ring");
	CHECK_EQ(info.max_rx_queues, 16);
	CHECK_EQ(info.max_tx_queues, 16);
	CHECK_EQ(is_link_up(port), 0);
	start_port(port, 2);
	CHECK_EQ(is_link_up(port), 1);
	for (uint16_t queue = 0; queue < 2; queue++)
		passes(port, queue, port, queue);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.ipackets, 2 * BURST);
	CHECK_EQ(stats.opackets, 2 * BURST);
	CHECK_EQ(stats.q_ipackets[1], BURST);
	CHECK_EQ(stats.ibytes + stats.obytes + stats.ierrors + stats.oerrors + stats.rx_nombuf, 0);
	CHECK_EQ(rte_eth_stats_reset(port), 0);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.ipackets + stats.opackets + stats.q_ipackets[0] + stats.q_opackets[1], 0);
	CHECK_EQ(rte_eth_dev_set_link_down(port), 0);
	CHECK_EQ(is_link_up(port), 0);
	CHECK_EQ(rte_eth_dev_set_link_up(port), 0);
	CHECK_EQ(is_link_up(port), 1);
	CHECK_EQ(rte_vdev_uninit("net_ring0"), 0);
}

static void
what_does_not_fit_stays_the_senders(void)
{
	const uint16_t port = make_port("net_ring0", "size=16,queues=1", "net_ring0");
	struct rte_mbuf *sent[BURST], *got[BURST];

	start_port(port, 1);
	take(sent, BURST);
	CHECK_EQ(rte_eth_tx_burst(port, 0, sent, BURST), 15);
	CHECK_EQ(rte_eth_tx_burst(port, 0, sent + 15, BURST - 15), 0);
	rte_pktmbuf_free_bulk(sent + 15, BURST - 15);
	CHECK_EQ(rte_eth_rx_burst(port, 0, got, 10), 10);
	CHECK_MEM(got, sent, 10 * sizeof(got[0]));
	rte_pktmbuf_free_bulk(got, 10);
	/* Five are left in the ring: closing the port frees them. */
	CHECK_EQ(rte_vdev_uninit("net_ring0"), 0);
	CHECK_EQ(rte_mempool_avail_count(pool), pool->size);
}

static void
arguments_choose_queues_and_address(void)
{
	const uint16_t port = make_port("net_ring0", "queues=3,mac=02:00:00:00:00:07", "net_ring0");
	const uint16_t other = make_port("net_ring1", "", "net_ring1");
	const struct rte_ether_addr expected = {{0x02, 0, 0, 0, 0, 7}};
	const struct rte_ether_addr own = {{0x02, 'r', 'i', 'n', 'g', (uint8_t)other}};
	struct rte_ether_addr mac;
	struct rte_eth_dev_info info;

	CHECK_EQ(rte_eth_dev_info_get(port, &info), 0);
	CHECK_EQ(info.max_rx_queues, 3);
	CHECK_EQ(info.max_tx_queues, 3);
	CHECK_EQ(rte_eth_macaddr_get(port, &mac), 0);
	CHECK_MEM(&mac, &expected, sizeof(mac));
	CHECK_EQ(rte_eth_macaddr_get(other, &mac), 0);
	CHECK_MEM(&mac, &own, sizeof(mac));
	CHECK_EQ(rte_vdev_uninit("net_ring0"), 0);
	CHECK_EQ(rte_vdev_uninit("net_ring1"), 0);
}

static void
nodeaction_shares_rings(void)
{
	const uint16_t creator = make_port("net_ring0", "nodeaction=shared:0:CREATE", "shared");
	const uint16_t attached = make_port("net_ring1", "nodeaction=shared:0:ATTACH", "net_ring1");
	struct rte_eth_stats stats;

	CHECK(rte_ring_lookup("ETH_RXTX0_shared") != NULL);
	CHECK(rte_ring_lookup("ETH_RXTX15_shared") != NULL);
	start_port(creator, 1);
	start_port(attached, 1);
	passes(creator, 0, attached, 0);
	passes(attached, 0, creator, 0);
	passes(attached, 0, attached, 0);
	CHECK_EQ(rte_eth_stats_get(attached, &stats), 0);
	CHECK_EQ(stats.opackets, 2 * BURST);
	CHECK_EQ(stats.ipackets, 2 * BURST);
	/* The rings live while one of their ports does. */
	CHECK_EQ(rte_vdev_uninit("net_ring0"), 0);
	passes(attached, 0, attached, 0);
	CHECK_EQ(rte_vdev_uninit("net_ring1"), 0);
	CHECK(rte_ring_lookup("ETH_RXTX0_shared") == NULL);
}

static void
one_device_may_have_several_ports(void)
{
	uint16_t second;
	const uint16_t first = make_port("net_ring0", "nodeaction=R0:0:CREATE,nodeaction=R1:0:CREATE", "R0");

	CHECK_EQ(rte_eth_dev_get_port_by_name("R1", &second), 0);
	start_port(first, 1);
	start_port(second, 1);
	passes(first, 0, first, 0);
	passes(second, 0, second, 0);
	CHECK_EQ(rte_vdev_uninit("net_ring0"), 0);
	CHECK(rte_eth_dev_get_port_by_name("R0", &second) != 0);
	CHECK(rte_eth_dev_get_port_by_name("R1", &second) != 0);
	CHECK(rte_ring_lookup("ETH_RXTX0_R1") == NULL);
}

static void
bad_arguments_are_refused(void)
{
	static const char *const bad[] = {"queues=0", "queues=17", "queues=x", "size=3", "size=0", "size=131072", "size=1",
		"mac=x", "mac=01:00:00:00:00:01", "wire=", "wire", "nodeaction=x", "nodeaction=x:0:MAKE", "nodeaction=:0:CREATE",
		"nodeaction=x:y:CREATE", "nodeaction=x:0:ATTACH", "nodeaction=x:0:CREATE,queues=2", "internal=0x1", "unknown=1",
		"nodeaction=made:0:CREATE,nodeaction=absent:0:ATTACH",
		"wire=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	const uint16_t before = rte_eth_dev_count_total();

	for (size_t i = 0; i < RTE_DIM(bad); i++) {
		CHECK(rte_vdev_init("net_ring0", bad[i]) < 0);
		CHECK_EQ(rte_eth_dev_count_total(), before);
	}
	CHECK(rte_ring_lookup("ETH_RXTX0_made") == NULL);
}

static void
rings_of_an_application_become_ports(void)
{
	struct rte_ring *ring[2] = {rte_ring_create("R0", 256, 0, RING_F_SP_ENQ | RING_F_SC_DEQ),
		rte_ring_create("R1", 256, 0, RING_F_SP_ENQ | RING_F_SC_DEQ)};
	int a, b;
	uint16_t port;
	struct rte_mbuf *left[BURST];

	CHECK(ring[0] != NULL && ring[1] != NULL);
	/* Upstream's guide: what port 0 sends is read back from port 1 and the other way round. */
	a = rte_eth_from_rings("net_ring0", &ring[0], 1, &ring[1], 1, 0);
	b = rte_eth_from_rings("net_ring1", &ring[1], 1, &ring[0], 1, 0);
	CHECK(a >= 0 && b >= 0 && a != b);
	CHECK_EQ(rte_eth_dev_get_port_by_name("net_ring_net_ring0", &port), 0);
	CHECK_EQ(port, a);
	start_port((uint16_t)a, 1);
	start_port((uint16_t)b, 1);
	passes((uint16_t)a, 0, (uint16_t)b, 0);
	passes((uint16_t)b, 0, (uint16_t)a, 0);
	CHECK_EQ(rte_eth_from_rings("net_ring0", &ring[0], 1, &ring[1], 1, 0), -1);
	/* The rings are the application's, with what is in them. */
	take(left, 2);
	CHECK_EQ(rte_eth_tx_burst((uint16_t)a, 0, left, 2), 2);
	CHECK_EQ(rte_vdev_uninit("net_ring_net_ring0"), 0);
	CHECK_EQ(rte_vdev_uninit("net_ring_net_ring1"), 0);
	CHECK_EQ(rte_ring_count(ring[1]), 2);
	CHECK_EQ(rte_ring_dequeue_burst(ring[1], (void **)left, BURST, NULL), 2);
	rte_pktmbuf_free_bulk(left, 2);
	/* And all traffic of a port looped back to it, by two queues. */
	a = rte_eth_from_rings("both", ring, 2, ring, 2, 0);
	CHECK(a >= 0);
	start_port((uint16_t)a, 2);
	passes((uint16_t)a, 1, (uint16_t)a, 1);
	CHECK_EQ(rte_vdev_uninit("net_ring_both"), 0);
	a = rte_eth_from_ring(ring[0]);
	CHECK(a >= 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name("net_ring_R0", &port), 0);
	start_port((uint16_t)a, 1);
	passes((uint16_t)a, 0, (uint16_t)a, 0);
	CHECK_EQ(rte_vdev_uninit("net_ring_R0"), 0);
	rte_ring_free(ring[0]);
	rte_ring_free(ring[1]);
}

static void
rings_that_are_not_there_are_refused(void)
{
	struct rte_ring *none = NULL, *many[RTE_PMD_RING_MAX_RX_RINGS + 1];
	struct rte_ring *ring = rte_ring_create("R", 16, 0, 0);

	for (size_t i = 0; i < RTE_DIM(many); i++)
		many[i] = ring;
	CHECK_EQ(rte_eth_from_rings("x", NULL, 1, &ring, 1, 0), -1);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_eth_from_rings("x", &ring, 1, NULL, 1, 0), -1);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_eth_from_rings("x", &none, 1, &ring, 1, 0), -1);
	CHECK_EQ(rte_eth_from_rings("x", many, RTE_DIM(many), &ring, 1, 0), -1);
	CHECK_EQ(rte_eth_from_rings("x", &ring, 1, many, RTE_DIM(many), 0), -1);
	CHECK_EQ(rte_eth_from_rings(NULL, &ring, 1, &ring, 1, 0), -1);
	CHECK_EQ(rte_eth_from_ring(NULL), -1);
	CHECK_EQ(rte_eth_from_rings("a name that is longer than rings have", &ring, 1, &ring, 1, 0), -1);
	CHECK_EQ(rte_errno, ENAMETOOLONG);
	/* What was refused leaves nothing for the next. */
	CHECK_EQ(rte_vdev_init("net_ring0", ""), 0);
	CHECK_EQ(rte_vdev_uninit("net_ring0"), 0);
	rte_ring_free(ring);
}

/* ---- Several threads on one queue: a ring that allows it makes a port that does ---- */

#define FRAMES 20000

static uint16_t shared_port;
static unsigned int received;

static void *
send_frames(void *unused)
{
	for (unsigned int i = 0; i < FRAMES; i++) {
		struct rte_mbuf *mbuf;

		while ((mbuf = rte_pktmbuf_alloc(pool)) == NULL)
			sched_yield();
		while (rte_eth_tx_burst(shared_port, 0, &mbuf, 1) == 0)
			sched_yield();
	}
	return unused;
}

static void *
receive_frames(void *unused)
{
	struct rte_mbuf *mbufs[BURST];

	while (__atomic_load_n(&received, __ATOMIC_RELAXED) < 2 * FRAMES) {
		const uint16_t count = rte_eth_rx_burst(shared_port, 0, mbufs, BURST);

		rte_pktmbuf_free_bulk(mbufs, count);
		__atomic_fetch_add(&received, count, __ATOMIC_RELAXED);
		if (count == 0)
			sched_yield();
	}
	return unused;
}

static void
threads_share_a_queue_of_a_shared_ring(void)
{
	struct rte_eth_stats stats;
	pthread_t thread[4];

	shared_port = make_port("net_ring0", "nodeaction=threads:0:CREATE", "threads");
	start_port(shared_port, 1);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(pthread_create(&thread[i], NULL, i < 2 ? send_frames : receive_frames, NULL), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	CHECK_EQ(received, 2 * FRAMES);
	CHECK_EQ(rte_eth_stats_get(shared_port, &stats), 0);
	CHECK_EQ(stats.ipackets, 2 * FRAMES);
	CHECK_EQ(stats.opackets, 2 * FRAMES);
	CHECK_EQ(rte_vdev_uninit("net_ring0"), 0);
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "net_ring_test", "--no-huge", "--no-pci", "-m", "64", NULL};

	if (rte_eal_init(5, arguments) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("frames", 511, 32, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	if (pool == NULL)
		return 1;
	RUN(a_port_without_arguments_is_a_loopback);
	RUN(what_does_not_fit_stays_the_senders);
	RUN(arguments_choose_queues_and_address);
	RUN(nodeaction_shares_rings);
	RUN(one_device_may_have_several_ports);
	RUN(bad_arguments_are_refused);
	RUN(rings_of_an_application_become_ports);
	RUN(rings_that_are_not_there_are_refused);
	RUN(threads_share_a_queue_of_a_shared_ring);
	rte_mempool_free(pool);
	rte_eal_cleanup();
	return check_summary();
}
