/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The port without a system below it: arguments, buffers, counters, link, by an interface that does as it is told.
 */
#include "check.h"

#include <errno.h>
#include <stdlib.h>

#include <bus_vdev_driver.h>
#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "tap.h"

#define BURST 32
#define FRAMES 64
#define SMALL_ROOM 1100u

/* ---- The interface: one for all tests ---- */

static struct {
	struct tap_os os;
	int to_receive[FRAMES]; /* lengths or errors, in order */
	unsigned int frames, taken;
	uint8_t sent[FRAMES][2000];
	uint32_t sent_length[FRAMES];
	unsigned int sends, parts;
	int send_error, mtu_error;
	unsigned int queues, last_queue;
	bool up, carrier, closed, promiscuous, all_multicast;
	uint16_t mtu;
	uint8_t address[6];
} fake;

static void
fake_close(struct tap_os *tap)
{
	fake.closed = tap == &fake.os;
}

static int
fake_set_queues(struct tap_os *tap __rte_unused, unsigned int count, char *error __rte_unused)
{
	fake.queues = count;
	return 0;
}

/* Byte i of frame number n is n + i. */
static int
fake_receive(struct tap_os *tap __rte_unused, unsigned int queue, const struct tap_os_part *parts, unsigned int count)
{
	int length = fake.taken < fake.frames ? fake.to_receive[fake.taken] : 0;
	int done = 0;

	fake.last_queue = queue;
	if (fake.taken < fake.frames)
		fake.taken++;
	for (unsigned int i = 0; i < count; i++)
		for (size_t at = 0; at < parts[i].length && done < length; at++, done++)
			((uint8_t *)parts[i].base)[at] = (uint8_t)(fake.taken - 1 + (unsigned int)done);
	return length > done ? -EMSGSIZE : length;
}

static int
fake_send(struct tap_os *tap __rte_unused, unsigned int queue, const struct tap_os_part *parts, unsigned int count)
{
	uint32_t length = 0;

	fake.last_queue = queue;
	fake.parts = count;
	if (fake.send_error != 0)
		return fake.send_error;
	for (unsigned int i = 0; i < count; i++) {
		memcpy(fake.sent[fake.sends] + length, parts[i].base, parts[i].length);
		length += (uint32_t)parts[i].length;
	}
	fake.sent_length[fake.sends++] = length;
	return 0;
}

static bool
fake_is_up(struct tap_os *tap __rte_unused)
{
	return fake.up;
}

static int
fake_bring_up(struct tap_os *tap __rte_unused, char *error __rte_unused)
{
	fake.up = true;
	return 0;
}

static void
fake_set_carrier(struct tap_os *tap __rte_unused, bool on)
{
	fake.carrier = on;
}

static int
fake_get_mtu(struct tap_os *tap __rte_unused, char *error __rte_unused)
{
	return fake.mtu;
}

static int
fake_set_mtu(struct tap_os *tap __rte_unused, uint16_t mtu, char *error)
{
	snprintf(error, TAP_ERROR, "as it was told");
	if (fake.mtu_error == 0)
		fake.mtu = mtu;
	return fake.mtu_error;
}

static int
fake_set_filter(struct tap_os *tap __rte_unused, bool promiscuous, bool all_multicast, const uint8_t address[6])
{
	fake.promiscuous = promiscuous;
	fake.all_multicast = all_multicast;
	memcpy(fake.address, address, sizeof(fake.address));
	return 0;
}

static const struct tap_os_ops fake_ops = {
	.close = fake_close,
	.set_queues = fake_set_queues,
	.receive = fake_receive,
	.send = fake_send,
	.is_up = fake_is_up,
	.bring_up = fake_bring_up,
	.set_carrier = fake_set_carrier,
	.get_mtu = fake_get_mtu,
	.set_mtu = fake_set_mtu,
	.set_filter = fake_set_filter,
};

static int
fake_probe(struct rte_vdev_device *vdev)
{
	struct tap_args args;
	char error[TAP_ERROR];
	int failed = tap_parse_args(rte_vdev_device_args(vdev), &args, error);

	memset(&fake, 0, sizeof(fake));
	fake.os.ops = &fake_ops;
	fake.mtu = 1500;
	fake.carrier = true;
	snprintf(fake.os.name, sizeof(fake.os.name), "fake");
	return failed != 0 ? failed : tap_create(vdev, &args, &fake.os, error);
}

static int
fake_remove(struct rte_vdev_device *vdev)
{
	uint16_t port;

	if (rte_eth_dev_get_port_by_name(rte_vdev_device_name(vdev), &port) != 0)
		return 0;
	rte_eth_dev_stop(port);
	return rte_eth_dev_close(port);
}

static struct rte_vdev_driver fake_driver = {
	.driver = {.name = "fake_tap"}, .probe = fake_probe, .remove = fake_remove,
};

/* ---- Tests ---- */

static struct rte_mempool *pool, *small, *starved;

static uint16_t
make_port(const char *arguments)
{
	uint16_t port;

	rte_vdev_uninit("fake_tap0");
	CHECK_EQ(rte_vdev_init("fake_tap0", arguments), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name("fake_tap0", &port), 0);
	return port;
}

static uint16_t
start_port(const char *arguments, uint16_t rx, uint16_t tx, struct rte_mempool *buffers)
{
	const struct rte_eth_conf conf = {.txmode.offloads = RTE_ETH_TX_OFFLOAD_MULTI_SEGS};
	const uint16_t port = make_port(arguments);

	CHECK_EQ(rte_eth_dev_configure(port, rx, tx, &conf), 0);
	for (uint16_t i = 0; i < rx; i++)
		CHECK_EQ(rte_eth_rx_queue_setup(port, i, 0, 0, NULL, buffers), 0);
	for (uint16_t i = 0; i < tx; i++)
		CHECK_EQ(rte_eth_tx_queue_setup(port, i, 0, 0, NULL), 0);
	CHECK_EQ(rte_eth_dev_start(port), 0);
	return port;
}

static void
remove_port(void)
{
	CHECK_EQ(rte_vdev_uninit("fake_tap0"), 0);
	CHECK(fake.closed);
	CHECK_EQ(rte_mempool_avail_count(pool), pool->size);
	CHECK_EQ(rte_mempool_avail_count(small), small->size);
	CHECK_EQ(rte_mempool_avail_count(starved), starved->size);
}

static void
offer(int length)
{
	fake.to_receive[fake.frames++] = length;
}

static struct rte_eth_stats
stats_of(uint16_t port)
{
	struct rte_eth_stats stats;

	memset(&stats, 0xee, sizeof(stats));
	rte_eth_stats_get(port, &stats);
	return stats;
}

static void
frames_arrive_in_fresh_buffers(void)
{
	const uint16_t port = start_port("", 1, 1, pool);
	struct rte_mbuf *mbufs[BURST];
	struct rte_eth_stats stats;

	offer(14);
	offer(60);
	offer(1522); /* 1,500 bytes behind an Ethernet header and two VLAN tags */
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), 3);
	for (unsigned int i = 0; i < 3; i++) {
		CHECK_EQ(mbufs[i]->pkt_len, fake.to_receive[i]);
		CHECK_EQ(mbufs[i]->data_len, fake.to_receive[i]);
		CHECK_EQ(mbufs[i]->nb_segs, 1);
		CHECK_EQ(mbufs[i]->port, port);
		CHECK_EQ(mbufs[i]->ol_flags, 0);
		CHECK_EQ(mbufs[i]->data_off, RTE_PKTMBUF_HEADROOM);
		CHECK(mbufs[i]->next == NULL);
		rte_mbuf_sanity_check(mbufs[i], 1);
		CHECK_EQ(*rte_pktmbuf_mtod_offset(mbufs[i], uint8_t *, 13), i + 13);
	}
	rte_pktmbuf_free_bulk(mbufs, 3);
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), 0);
	stats = stats_of(port);
	CHECK_EQ(stats.ipackets, 3);
	CHECK_EQ(stats.ibytes, 14 + 60 + 1522);
	CHECK_EQ(stats.q_ipackets[0], 3);
	CHECK_EQ(stats.ierrors + stats.rx_nombuf, 0);
	CHECK_EQ(rte_eth_stats_reset(port), 0);
	CHECK_EQ(stats_of(port).ipackets + stats_of(port).ibytes, 0);
	remove_port();
}

static void
a_burst_takes_no_more_than_it_is_asked_for(void)
{
	const uint16_t port = start_port("", 1, 1, pool);
	struct rte_mbuf *mbufs[BURST];

	for (int i = 0; i < 40; i++)
		offer(60);
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), BURST);
	CHECK_EQ(fake.taken, BURST);
	rte_pktmbuf_free_bulk(mbufs, BURST);
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), 40 - BURST);
	rte_pktmbuf_free_bulk(mbufs, 40 - BURST);
	remove_port();
}

static void
long_frames_are_chains(void)
{
	const uint16_t port = start_port("", 1, 1, small);
	static const uint16_t lengths[] = {SMALL_ROOM - 1, SMALL_ROOM, SMALL_ROOM + 1, 2 * SMALL_ROOM, 2 * SMALL_ROOM + 1, 9000};
	struct rte_mbuf *mbufs[BURST];
	uint8_t flat[9100];

	CHECK_EQ(rte_eth_dev_set_mtu(port, 9000), 0);
	CHECK_EQ(fake.mtu, 9000);
	for (unsigned int i = 0; i < RTE_DIM(lengths); i++)
		offer(lengths[i]);
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), RTE_DIM(lengths));
	for (unsigned int i = 0; i < RTE_DIM(lengths); i++) {
		const uint8_t *bytes = rte_pktmbuf_read(mbufs[i], 0, lengths[i], flat);

		CHECK_EQ(mbufs[i]->pkt_len, lengths[i]);
		CHECK_EQ(mbufs[i]->nb_segs, (lengths[i] + SMALL_ROOM - 1) / SMALL_ROOM);
		rte_mbuf_sanity_check(mbufs[i], 1);
		CHECK(bytes != NULL);
		for (uint32_t at = 0; at < lengths[i]; at++)
			CHECK_EQ(bytes[at], (uint8_t)(i + at));
	}
	rte_pktmbuf_free_bulk(mbufs, RTE_DIM(lengths));
	remove_port();
}

static void
frames_beyond_the_mtu_are_dropped_and_counted(void)
{
	const uint16_t port = start_port("", 1, 1, pool);
	struct rte_mbuf *mbufs[BURST];
	struct rte_eth_stats stats;

	offer(1523);	  /* one byte too long */
	offer(60);
	offer(30000);	  /* fills all there is */
	offer(-EMSGSIZE);
	offer(61);
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), 2);
	CHECK_EQ(mbufs[0]->pkt_len, 60);
	CHECK_EQ(mbufs[1]->pkt_len, 61);
	rte_pktmbuf_free_bulk(mbufs, 2);
	stats = stats_of(port);
	CHECK_EQ(stats.ipackets, 2);
	CHECK_EQ(stats.ierrors, 3);
	remove_port();
}

static void
errors_end_a_burst(void)
{
	const uint16_t port = start_port("", 1, 1, pool);
	struct rte_mbuf *mbufs[BURST];

	offer(60);
	offer(-EIO);
	offer(60);
	offer(-ENODEV);
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), 1);
	CHECK_EQ(stats_of(port).ierrors, 1);
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs + 1, BURST - 1), 1);
	/* An interface that is gone is no error of a frame. */
	CHECK_EQ(stats_of(port).ierrors, 1);
	rte_pktmbuf_free_bulk(mbufs, 2);
	remove_port();
}

static void
without_buffers_nothing_is_taken(void)
{
	const uint16_t port = start_port("", 1, 1, starved);
	struct rte_mbuf *mbufs[BURST];

	for (int i = 0; i < 10; i++)
		offer(60);
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), 7);
	CHECK_EQ(fake.taken, 7);
	CHECK_EQ(stats_of(port).rx_nombuf, 1);
	rte_pktmbuf_free_bulk(mbufs, 7);
	CHECK_EQ(rte_eth_rx_burst(port, 0, mbufs, BURST), 3);
	rte_pktmbuf_free_bulk(mbufs, 3);
	remove_port();
}

static void
make_frame(struct rte_mbuf **frame, uint16_t length, uint16_t segments)
{
	struct rte_mbuf *head = NULL;

	for (uint16_t done = 0, i = 0; i < segments; i++) {
		uint16_t part = i + 1 == segments ? (uint16_t)(length - done) : (uint16_t)(length / segments);
		struct rte_mbuf *mbuf = rte_pktmbuf_alloc(pool);

		CHECK(mbuf != NULL);
		for (uint16_t at = 0; at < part; at++, done++)
			*(uint8_t *)rte_pktmbuf_append(mbuf, 1) = (uint8_t)done;
		if (head == NULL)
			head = mbuf;
		else
			CHECK_EQ(rte_pktmbuf_chain(head, mbuf), 0);
	}
	*frame = head;
}

static void
sent_frames_leave_whole(void)
{
	const uint16_t port = start_port("", 1, 1, pool);
	struct rte_mbuf *mbufs[3];

	make_frame(&mbufs[0], 60, 1);
	make_frame(&mbufs[1], 1500, 3);
	make_frame(&mbufs[2], 900, TAP_SEGMENTS);
	CHECK_EQ(rte_eth_tx_burst(port, 0, mbufs, 3), 3);
	CHECK_EQ(fake.sends, 3);
	CHECK_EQ(fake.parts, TAP_SEGMENTS);
	CHECK_EQ(fake.sent_length[0], 60);
	CHECK_EQ(fake.sent_length[1], 1500);
	CHECK_EQ(fake.sent_length[2], 900);
	for (unsigned int at = 0; at < 1500; at++)
		CHECK_EQ(fake.sent[1][at], (uint8_t)at);
	CHECK_EQ(stats_of(port).opackets, 3);
	CHECK_EQ(stats_of(port).obytes, 60 + 1500 + 900);
	CHECK_EQ(stats_of(port).oerrors, 0);
	remove_port();
}

static void
what_cannot_go_now_stays_the_callers_and_what_never_can_is_lost(void)
{
	const uint16_t port = start_port("", 1, 1, pool);
	struct rte_mbuf *mbufs[2], *chain;

	make_frame(&mbufs[0], 60, 1);
	make_frame(&mbufs[1], 60, 1);
	fake.send_error = -EAGAIN;
	CHECK_EQ(rte_eth_tx_burst(port, 0, mbufs, 2), 0);
	fake.send_error = -ENODEV;
	CHECK_EQ(rte_eth_tx_burst(port, 0, mbufs, 2), 0);
	CHECK_EQ(stats_of(port).opackets + stats_of(port).oerrors, 0);
	fake.send_error = -EINVAL;
	CHECK_EQ(rte_eth_tx_burst(port, 0, mbufs, 2), 2);
	CHECK_EQ(stats_of(port).oerrors, 2);
	CHECK_EQ(stats_of(port).opackets, 0);
	fake.send_error = 0;
	make_frame(&chain, 900, TAP_SEGMENTS + 1);
	CHECK_EQ(rte_eth_tx_burst(port, 0, &chain, 1), 1);
	CHECK_EQ(stats_of(port).oerrors, 3);
	CHECK_EQ(fake.sends, 0);
	remove_port();
}

static void
there_are_as_many_queues_as_are_received_by(void)
{
	uint16_t port = start_port("queues=3", 2, 5, pool);
	struct rte_eth_dev_info info;
	struct rte_mbuf *mbuf;

	CHECK_EQ(rte_eth_dev_info_get(port, &info), 0);
	CHECK_EQ(info.max_rx_queues, 3);
	CHECK_EQ(info.max_tx_queues, TAP_QUEUES);
	CHECK_EQ(fake.queues, 2);
	for (uint16_t i = 0; i < 5; i++) {
		make_frame(&mbuf, 60, 1);
		CHECK_EQ(rte_eth_tx_burst(port, i, &mbuf, 1), 1);
		CHECK_EQ(fake.last_queue, i % 2);
		CHECK_EQ(stats_of(port).q_opackets[i], 1);
	}
	CHECK_EQ(rte_eth_rx_burst(port, 1, &mbuf, 1), 0);
	CHECK_EQ(fake.last_queue, 1);
	remove_port();
}

static unsigned int
is_link_up(uint16_t port)
{
	struct rte_eth_link link;

	CHECK_EQ(rte_eth_link_get_nowait(port, &link), 0);
	return link.link_status;
}

static void
the_link_tells_the_truth(void)
{
	uint16_t port = make_port("");

	fake.up = true;
	CHECK(!fake.carrier);
	CHECK_EQ(is_link_up(port), 0);
	port = start_port("", 1, 1, pool);
	CHECK(fake.up);
	CHECK(fake.carrier);
	CHECK_EQ(is_link_up(port), 1);
	fake.up = false;
	CHECK_EQ(is_link_up(port), 0);
	fake.up = true;
	CHECK_EQ(is_link_up(port), 1);
	CHECK_EQ(rte_eth_dev_set_link_down(port), 0);
	CHECK(!fake.carrier);
	CHECK_EQ(is_link_up(port), 0);
	CHECK_EQ(rte_eth_dev_set_link_up(port), 0);
	CHECK_EQ(is_link_up(port), 1);
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK(!fake.carrier);
	CHECK_EQ(is_link_up(port), 0);
	remove_port();
}

static void
mtu_address_and_filter_reach_the_system(void)
{
	const struct rte_eth_conf conf = {.rxmode.mtu = 4000};
	const uint8_t given[6] = {0x02, 0, 0, 0, 0, 0x11};
	struct rte_ether_addr other = {{0x02, 0, 0, 0, 0, 0x22}}, mac;
	const uint16_t port = make_port("mac=02:00:00:00:00:11");
	uint16_t mtu;

	CHECK_EQ(rte_eth_dev_get_mtu(port, &mtu), 0);
	CHECK_EQ(mtu, 1500);
	CHECK_EQ(rte_eth_macaddr_get(port, &mac), 0);
	CHECK_MEM(&mac, given, sizeof(given));
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &conf), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 0, 0, NULL, pool), 0);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 0, 0, 0, NULL), 0);
	fake.mtu_error = -EPERM;
	CHECK_EQ(rte_eth_dev_start(port), -EPERM);
	fake.mtu_error = 0;
	CHECK_EQ(rte_eth_dev_start(port), 0);
	CHECK_EQ(fake.mtu, 4000);
	CHECK(fake.promiscuous);
	CHECK_EQ(rte_eth_allmulticast_disable(port), 0);
	CHECK_EQ(rte_eth_promiscuous_disable(port), 0);
	CHECK(!fake.promiscuous);
	CHECK(!fake.all_multicast);
	CHECK_MEM(fake.address, given, sizeof(given));
	CHECK_EQ(rte_eth_allmulticast_enable(port), 0);
	CHECK(fake.all_multicast);
	CHECK_EQ(rte_eth_dev_default_mac_addr_set(port, &other), 0);
	CHECK_MEM(fake.address, &other, sizeof(other));
	CHECK(!fake.promiscuous);
	CHECK_EQ(rte_eth_promiscuous_enable(port), 0);
	CHECK(fake.promiscuous);
	fake.mtu_error = -EINVAL;
	CHECK_EQ(rte_eth_dev_set_mtu(port, 2000), -EINVAL);
	CHECK_EQ(rte_eth_dev_set_mtu(port, 65522), -EINVAL);
	CHECK_EQ(rte_eth_dev_get_mtu(port, &mtu), 0);
	CHECK_EQ(mtu, 4000);
	remove_port();
}

static void
arguments_are_read_and_refused(void)
{
	static const char *const bad[] = {"iface=", "iface", "queues=0", "queues=17", "queues=2x", "mac=1", "mac=01:00:00:00:00:01",
		"persist=2", "remote=eth0", "x",
		"iface=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	struct tap_args args;
	char error[TAP_ERROR];

	CHECK_EQ(tap_parse_args("", &args, error), 0);
	CHECK_STR(args.os.name, "dtap%d");
	CHECK_EQ(args.os.queues, 1);
	CHECK(!args.os.persist && !args.has_mac);
	CHECK_EQ(tap_parse_args("iface=wan,queues=4,mac=02:00:00:00:00:01,persist", &args, error), 0);
	CHECK_STR(args.os.name, "wan");
	CHECK_EQ(args.os.queues, 4);
	CHECK(args.os.persist && args.has_mac);
	CHECK_EQ(tap_parse_args("persist=0", &args, error), 0);
	CHECK(!args.os.persist);
	for (size_t i = 0; i < RTE_DIM(bad); i++) {
		error[0] = '\0';
		CHECK_EQ(tap_parse_args(bad[i], &args, error), -EINVAL);
		CHECK(error[0] != '\0');
	}
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "tap_test", "--no-huge", "--no-pci", "-m", "64", NULL};

	rte_vdev_register(&fake_driver);
	if (rte_eal_init(5, arguments) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("frames", 255, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	small = rte_pktmbuf_pool_create("small", 63, 0, 0, RTE_PKTMBUF_HEADROOM + SMALL_ROOM, SOCKET_ID_ANY);
	starved = rte_pktmbuf_pool_create("starved", 7, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	if (pool == NULL || small == NULL || starved == NULL)
		return 1;
	RUN(frames_arrive_in_fresh_buffers);
	RUN(a_burst_takes_no_more_than_it_is_asked_for);
	RUN(long_frames_are_chains);
	RUN(frames_beyond_the_mtu_are_dropped_and_counted);
	RUN(errors_end_a_burst);
	RUN(without_buffers_nothing_is_taken);
	RUN(sent_frames_leave_whole);
	RUN(what_cannot_go_now_stays_the_callers_and_what_never_can_is_lost);
	RUN(there_are_as_many_queues_as_are_received_by);
	RUN(the_link_tells_the_truth);
	RUN(mtu_address_and_filter_reach_the_system);
	RUN(arguments_are_read_and_refused);
	rte_mempool_free(pool);
	rte_mempool_free(small);
	rte_mempool_free(starved);
	rte_eal_cleanup();
	return check_summary();
}
