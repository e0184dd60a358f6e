/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The port on a real TAP interface, in a network namespace of this test's own. The other side is a packet socket.
 */
#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "../tap_os.h"

#define BURST 32
#define SKIPPED 77
#define TYPE 0x88b5 /* for experiments: nobody else sends it */

static struct rte_mempool *pool;
static int control; /* a socket to ask the kernel by */

/* ---- The kernel's side ---- */

static int
interface_flags(const char *name)
{
	struct ifreq request = {0};

	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	return ioctl(control, SIOCGIFFLAGS, &request) == 0 ? request.ifr_flags : -1;
}

static void
set_interface_flags(const char *name, int flags)
{
	struct ifreq request = {.ifr_flags = (short)flags};

	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	CHECK_EQ(ioctl(control, SIOCSIFFLAGS, &request), 0);
}

/* The kernel reacts to a cable's state within a second or so. */
static bool
becomes_plugged(const char *name, bool plugged)
{
	for (int i = 0; i < 5000; i++, usleep(1000))
		if (((interface_flags(name) & IFF_RUNNING) != 0) == plugged)
			return true;
	return false;
}

static int
interface_mtu(const char *name)
{
	struct ifreq request = {0};

	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	return ioctl(control, SIOCGIFMTU, &request) == 0 ? request.ifr_mtu : -1;
}

/* RTM_DELLINK, or RTM_NEWLINK that moves the interface to a network namespace. */
static void
change_link(uint16_t type, const char *name, int network)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
		struct rtattr attribute;
		int network;
	} message = {.head = {.nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK, .nlmsg_len = sizeof(message)},
		.link = {.ifi_index = (int)if_nametoindex(name)},
		.attribute = {.rta_type = IFLA_NET_NS_FD, .rta_len = RTA_LENGTH(sizeof(int))}, .network = network};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char original[128];
	} answer;
	int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (type == RTM_DELLINK)
		message.head.nlmsg_len = offsetof(typeof(message), attribute);
	CHECK(netlink >= 0);
	CHECK_EQ(send(netlink, &message, message.head.nlmsg_len, 0), message.head.nlmsg_len);
	CHECK(recv(netlink, &answer, sizeof(answer), 0) > 0);
	CHECK_EQ(answer.error.error, 0);
	close(netlink);
}

static int
open_packets(const char *name)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(TYPE), .sll_ifindex = (int)if_nametoindex(name)};
	int packets = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(TYPE));

	CHECK(packets >= 0);
	CHECK_EQ(bind(packets, (struct sockaddr *)&address, sizeof(address)), 0);
	return packets;
}

static void
make_bytes(uint8_t *frame, size_t length, uint8_t seed, const char *to)
{
	for (size_t i = 0; i < length; i++)
		frame[i] = (uint8_t)(seed + i * 7);
	memcpy(frame, to, 6);
	memcpy(frame + 6, "\x02\0\0\0\0\x99\x88\xb5", 8);
}

/* ---- The port's side ---- */

static uint16_t
make_port(const char *arguments)
{
	uint16_t port;

	rte_vdev_uninit("net_tap0");
	CHECK_EQ(rte_vdev_init("net_tap0", arguments), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name("net_tap0", &port), 0);
	return port;
}

static uint16_t
start_port(const char *arguments, uint16_t queues, uint16_t mtu)
{
	const struct rte_eth_conf conf = {.txmode.offloads = RTE_ETH_TX_OFFLOAD_MULTI_SEGS, .rxmode.mtu = mtu};
	const uint16_t port = make_port(arguments);

	CHECK_EQ(rte_eth_dev_configure(port, queues, queues, &conf), 0);
	for (uint16_t i = 0; i < queues; i++) {
		CHECK_EQ(rte_eth_rx_queue_setup(port, i, 0, 0, NULL, pool), 0);
		CHECK_EQ(rte_eth_tx_queue_setup(port, i, 0, 0, NULL), 0);
	}
	CHECK_EQ(rte_eth_dev_start(port), 0);
	return port;
}

static void
remove_port(void)
{
	CHECK_EQ(rte_vdev_uninit("net_tap0"), 0);
	CHECK_EQ(rte_mempool_avail_count(pool), pool->size);
}

/* The kernel has frames of its own to send (router solicitations): only those of TYPE count. */
static struct rte_mbuf *
receive_one(uint16_t port, uint16_t queues, uint16_t type)
{
	for (int tries = 0; tries < 2000; tries++) {
		for (uint16_t queue = 0; queue < queues; queue++) {
			struct rte_mbuf *mbuf;

			if (rte_eth_rx_burst(port, queue, &mbuf, 1) == 0)
				continue;
			if (rte_pktmbuf_mtod(mbuf, uint8_t *)[12] == type >> 8 && rte_pktmbuf_mtod(mbuf, uint8_t *)[13] == (type & 0xff))
				return mbuf;
			rte_pktmbuf_free(mbuf);
		}
		if (tries > 100)
			usleep(500);
	}
	return NULL;
}

static unsigned int
is_link_up(uint16_t port)
{
	struct rte_eth_link link;

	CHECK_EQ(rte_eth_link_get_nowait(port, &link), 0);
	return link.link_status;
}

static void
to_kernel(uint16_t port, int packets, uint16_t length, uint16_t segments)
{
	uint8_t frame[10000], got[10000];
	struct rte_mbuf *head = NULL;
	struct pollfd readable = {.fd = packets, .events = POLLIN};

	make_bytes(frame, length, (uint8_t)length, "\xff\xff\xff\xff\xff\xff");
	for (uint16_t i = 0, done = 0; i < segments; i++) {
		uint16_t part = i + 1 == segments ? (uint16_t)(length - done) : (uint16_t)(length / segments);
		struct rte_mbuf *mbuf = rte_pktmbuf_alloc(pool);

		memcpy(rte_pktmbuf_append(mbuf, part), frame + done, part);
		done = (uint16_t)(done + part);
		if (head == NULL)
			head = mbuf;
		else
			CHECK_EQ(rte_pktmbuf_chain(head, mbuf), 0);
	}
	CHECK_EQ(rte_eth_tx_burst(port, 0, &head, 1), 1);
	CHECK_EQ(poll(&readable, 1, 2000), 1);
	CHECK_EQ(recv(packets, got, sizeof(got), 0), length);
	CHECK_MEM(got, frame, length);
}

static void
from_kernel(uint16_t port, int packets, uint16_t length)
{
	uint8_t frame[10000], flat[10000];
	struct rte_mbuf *mbuf;
	const uint8_t *got;

	make_bytes(frame, length, (uint8_t)(length + 1), "\x02\0\0\0\0\x01");
	CHECK_EQ(send(packets, frame, length, 0), length);
	mbuf = receive_one(port, 1, TYPE);
	CHECK(mbuf != NULL);
	CHECK_EQ(mbuf->pkt_len, length);
	got = rte_pktmbuf_read(mbuf, 0, length, flat);
	CHECK_MEM(got, frame, length);
	rte_pktmbuf_free(mbuf);
}

/* ---- Tests ---- */

static void
frames_pass_both_ways(void)
{
	static const uint16_t lengths[] = {60, 61, 1000, 1514};
	const uint16_t port = start_port("iface=live0", 1, 0);
	const int packets = open_packets("live0");

	for (size_t i = 0; i < RTE_DIM(lengths); i++) {
		to_kernel(port, packets, lengths[i], 1);
		to_kernel(port, packets, lengths[i], 3);
		from_kernel(port, packets, lengths[i]);
	}
	close(packets);
	remove_port();
	CHECK_EQ(interface_flags("live0"), -1);
}

static void
long_frames_pass_as_chains(void)
{
	const uint16_t port = start_port("iface=live0", 1, 9000);
	const int packets = open_packets("live0");
	uint16_t mtu;

	CHECK_EQ(interface_mtu("live0"), 9000);
	to_kernel(port, packets, 9014, 5);
	from_kernel(port, packets, 9014);
	from_kernel(port, packets, 2048);
	from_kernel(port, packets, 2049);
	CHECK_EQ(rte_eth_dev_set_mtu(port, 1400), 0);
	CHECK_EQ(interface_mtu("live0"), 1400);
	CHECK_EQ(rte_eth_dev_get_mtu(port, &mtu), 0);
	CHECK_EQ(mtu, 1400);
	from_kernel(port, packets, 1414);
	close(packets);
	remove_port();
}

/* An lcore that sends back what it receives, until it is told to end. */
static uint16_t echo_port;
static int echo_ends;

static void *
echo(void *unused)
{
	while (!__atomic_load_n(&echo_ends, __ATOMIC_RELAXED)) {
		struct rte_mbuf *mbufs[BURST];
		uint16_t received = rte_eth_rx_burst(echo_port, 0, mbufs, BURST);
		uint16_t sent = rte_eth_tx_burst(echo_port, 0, mbufs, received);

		rte_pktmbuf_free_bulk(mbufs + sent, received - sent);
		if (received == 0)
			sched_yield();
	}
	return unused;
}

static void
a_running_port_can_be_changed(void)
{
	const uint16_t port = start_port("iface=live0", 1, 0);
	const int packets = open_packets("live0");
	struct pollfd readable = {.fd = packets, .events = POLLIN};
	struct rte_eth_stats stats;
	uint8_t frame[9014], got[9014];
	pthread_t thread;

	echo_port = port;
	CHECK_EQ(pthread_create(&thread, NULL, echo, NULL), 0);
	for (uint16_t i = 0; i < 50; i++) {
		const uint16_t mtu = i % 2 == 0 ? 9000 : 1400;

		CHECK_EQ(rte_eth_dev_set_mtu(port, mtu), 0);
		CHECK_EQ(is_link_up(port), 1);
		CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
		make_bytes(frame, mtu + 14u, (uint8_t)i, "\x02\0\0\0\0\x01");
		CHECK_EQ(send(packets, frame, mtu + 14u, 0), mtu + 14);
		CHECK_EQ(poll(&readable, 1, 2000), 1);
		CHECK_EQ(recv(packets, got, sizeof(got), 0), mtu + 14);
		CHECK_MEM(got, frame, mtu + 14u);
	}
	__atomic_store_n(&echo_ends, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	close(packets);
	remove_port();
}

static void
the_link_follows_the_interface(void)
{
	const uint16_t port = start_port("iface=live0", 1, 0);
	int here = open("/proc/thread-self/ns/net", O_RDONLY), there;
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(pool);

	rte_pktmbuf_append(mbuf, 60);
	CHECK_EQ(interface_flags("live0") & IFF_UP, IFF_UP);
	CHECK_EQ(is_link_up(port), 1);
	set_interface_flags("live0", interface_flags("live0") & ~IFF_UP);
	CHECK_EQ(is_link_up(port), 0);
	CHECK_EQ(rte_eth_tx_burst(port, 0, &mbuf, 1), 0);
	set_interface_flags("live0", interface_flags("live0") | IFF_UP);
	CHECK_EQ(is_link_up(port), 1);
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK_EQ(interface_flags("live0") & IFF_UP, IFF_UP);
	CHECK(becomes_plugged("live0", false));
	/* Into a namespace of its own, stopped and down: starting brings it up there. */
	CHECK(here >= 0);
	CHECK_EQ(unshare(CLONE_NEWNET), 0);
	there = open("/proc/thread-self/ns/net", O_RDONLY);
	CHECK_EQ(setns(here, CLONE_NEWNET), 0);
	change_link(RTM_NEWLINK, "live0", there);
	CHECK_EQ(interface_flags("live0"), -1);
	CHECK_EQ(rte_eth_dev_start(port), 0);
	CHECK_EQ(is_link_up(port), 1);
	CHECK_EQ(rte_eth_dev_set_mtu(port, 1300), 0);
	/* Deleted, the port has a link no more and does no harm. */
	CHECK_EQ(setns(there, CLONE_NEWNET), 0);
	change_link(RTM_DELLINK, "live0", 0);
	CHECK_EQ(setns(here, CLONE_NEWNET), 0);
	CHECK_EQ(is_link_up(port), 0);
	CHECK_EQ(rte_eth_tx_burst(port, 0, &mbuf, 1), 0);
	rte_pktmbuf_free(mbuf);
	CHECK_EQ(rte_eth_rx_burst(port, 0, &mbuf, 1), 0);
	CHECK_EQ(rte_eth_dev_set_mtu(port, 1400), -ENODEV);
	close(here);
	close(there);
	remove_port();
}

static void
the_kernel_fills_in_checksums(void)
{
	const uint16_t port = start_port("iface=live0", 1, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = inet_addr("10.9.8.255")};
	struct ifreq request = {0};
	const struct rte_ipv4_hdr *ip;
	struct rte_mbuf *mbuf;
	int on = 1, udp = socket(AF_INET, SOCK_DGRAM, 0);

	snprintf(request.ifr_name, IFNAMSIZ, "live0");
	memcpy(&request.ifr_addr, &(struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = inet_addr("10.9.8.1")},
		sizeof(struct sockaddr_in));
	CHECK_EQ(ioctl(control, SIOCSIFADDR, &request), 0);
	((struct sockaddr_in *)&request.ifr_netmask)->sin_addr.s_addr = inet_addr("255.255.255.0");
	CHECK_EQ(ioctl(control, SIOCSIFNETMASK, &request), 0);
	((struct sockaddr_in *)&request.ifr_broadaddr)->sin_addr.s_addr = inet_addr("10.9.8.255");
	CHECK_EQ(ioctl(control, SIOCSIFBRDADDR, &request), 0);
	CHECK_EQ(setsockopt(udp, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)), 0);
	CHECK_EQ(sendto(udp, "an odd payload", 13, 0, (struct sockaddr *)&address, sizeof(address)), 13);
	mbuf = receive_one(port, 1, RTE_ETHER_TYPE_IPV4);
	CHECK(mbuf != NULL);
	ip = rte_pktmbuf_mtod_offset(mbuf, const struct rte_ipv4_hdr *, sizeof(struct rte_ether_hdr));
	CHECK_EQ(ip->next_proto_id, IPPROTO_UDP);
	CHECK_EQ(rte_raw_cksum(ip, sizeof(*ip)), 0xffff);
	CHECK_EQ(rte_ipv4_udptcp_cksum_verify(ip, ip + 1), 0);
	rte_pktmbuf_free(mbuf);
	close(udp);
	remove_port();
}

static void
several_queues_share_the_frames(void)
{
	const uint16_t port = start_port("iface=live0,queues=4", 3, 0);
	const int packets = open_packets("live0");
	struct rte_eth_stats stats;
	uint8_t frame[60];

	for (uint8_t i = 0; i < 100; i++) {
		struct rte_mbuf *mbuf;

		make_bytes(frame, sizeof(frame), i, "\x02\0\0\0\0\x01");
		CHECK_EQ(send(packets, frame, sizeof(frame), 0), (int)sizeof(frame));
		mbuf = receive_one(port, 3, TYPE);
		CHECK(mbuf != NULL);
		CHECK_MEM(rte_pktmbuf_mtod(mbuf, void *), frame, sizeof(frame));
		/* Back by any queue. */
		CHECK_EQ(rte_eth_tx_burst(port, i % 3, &mbuf, 1), 1);
	}
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.q_opackets[0], 34);
	CHECK_EQ(stats.q_opackets[1], 33);
	CHECK_EQ(stats.q_opackets[2], 33);
	/* Nobody else gets a queue of it. */
	CHECK_EQ(rte_vdev_init("net_tap1", "iface=live0,queues=4"), -EBUSY);
	close(packets);
	remove_port();
}

static void
without_promiscuous_mode_strangers_frames_stay_away(void)
{
	const uint16_t port = start_port("iface=live0,mac=02:00:00:00:00:01", 1, 0);
	const int packets = open_packets("live0");
	static const char *const to[] = {"\x02\0\0\0\0\x02", "\x01\0\x5e\0\0\1", "\x02\0\0\0\0\x01"};
	struct rte_mbuf *mbuf;
	uint8_t frame[60];

	CHECK_EQ(rte_eth_allmulticast_disable(port), 0);
	CHECK_EQ(rte_eth_promiscuous_disable(port), 0);
	for (size_t i = 0; i < RTE_DIM(to); i++) {
		make_bytes(frame, sizeof(frame), 1, to[i]);
		CHECK_EQ(send(packets, frame, sizeof(frame), 0), (int)sizeof(frame));
	}
	/* In order: what comes first is what passed. */
	mbuf = receive_one(port, 1, TYPE);
	CHECK(mbuf != NULL);
	CHECK_MEM(rte_pktmbuf_mtod(mbuf, void *), to[2], 6);
	rte_pktmbuf_free(mbuf);
	CHECK_EQ(rte_eth_promiscuous_enable(port), 0);
	for (size_t i = 0; i < RTE_DIM(to); i++) {
		make_bytes(frame, sizeof(frame), 1, to[i]);
		CHECK_EQ(send(packets, frame, sizeof(frame), 0), (int)sizeof(frame));
		mbuf = receive_one(port, 1, TYPE);
		CHECK(mbuf != NULL);
		CHECK_MEM(rte_pktmbuf_mtod(mbuf, void *), to[i], 6);
		rte_pktmbuf_free(mbuf);
	}
	close(packets);
	remove_port();
}

static void
names_that_cannot_be_had_are_refused(void)
{
	const uint16_t port = make_port("iface=live0");
	char error[TAP_ERROR] = "";
	struct tap_os_settings settings = {.name = "live0", .queues = 1};
	struct tap_os *tap = NULL;

	RTE_SET_USED(port);
	CHECK_EQ(tap_os_open(&tap, &settings, error), -EBUSY);
	CHECK(strstr(error, "'live0' is in use") != NULL);
	snprintf(settings.name, sizeof(settings.name), "lo");
	CHECK_EQ(tap_os_open(&tap, &settings, error), -EINVAL);
	CHECK(strstr(error, "'lo'") != NULL && strstr(error, "no TAP") != NULL);
	snprintf(settings.name, sizeof(settings.name), "sixteen-letters-");
	CHECK_EQ(tap_os_open(&tap, &settings, error), -EINVAL);
	CHECK(strstr(error, "1 to 15 bytes") != NULL);
	snprintf(settings.name, sizeof(settings.name), "a/b");
	CHECK_EQ(tap_os_open(&tap, &settings, error), -EINVAL);
	snprintf(settings.name, sizeof(settings.name), "a%%s");
	CHECK_EQ(tap_os_open(&tap, &settings, error), -EINVAL);
	snprintf(settings.name, sizeof(settings.name), "%%d%%d");
	CHECK_EQ(tap_os_open(&tap, &settings, error), -EINVAL);
	CHECK(tap == NULL);
	remove_port();
	/* Unless named, the first free number. */
	make_port("");
	CHECK(interface_flags("dtap0") >= 0);
	CHECK_EQ(rte_vdev_init("net_tap1", ""), 0);
	CHECK(interface_flags("dtap1") >= 0);
	CHECK_EQ(rte_vdev_uninit("net_tap1"), 0);
	remove_port();
}

static void
without_the_right_it_says_which(void)
{
	struct tap_os_settings settings = {.name = "live0", .queues = 1};
	struct tap_os *tap = NULL;
	char error[TAP_ERROR] = "";
	int result;

	/* In a namespace of an ordinary user there is nobody else to become. */
	if (getuid() != 0 || seteuid(65534) != 0)
		return;
	result = tap_os_open(&tap, &settings, error);
	CHECK_EQ(seteuid(0), 0);
	/* Where the device is closed to others, that is said instead. */
	CHECK(result == -EPERM || result == -EACCES);
	CHECK(strstr(error, result == -EPERM ? "CAP_NET_ADMIN" : "/dev/net/tun") != NULL);
	CHECK_EQ(interface_flags("live0"), -1);
}

static void
a_persistent_interface_stays_and_is_taken_again(void)
{
	uint16_t port;
	int packets;

	make_port("iface=live0,persist");
	remove_port();
	CHECK(interface_flags("live0") >= 0);
	port = start_port("iface=live0", 1, 0);
	packets = open_packets("live0");
	to_kernel(port, packets, 100, 1);
	from_kernel(port, packets, 100);
	close(packets);
	remove_port();
	CHECK(interface_flags("live0") >= 0);
	/* Its kind is fixed. */
	CHECK_EQ(rte_vdev_init("net_tap0", "iface=live0,queues=2"), -EINVAL);
	change_link(RTM_DELLINK, "live0", 0);
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "tap_linux_test", "--no-huge", "--no-pci", "-m", "64", NULL};

	/* Root makes one; others may where the system lets them make user namespaces. */
	if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
		printf("skipped: may not make a network namespace: %s\n", strerror(errno));
		return SKIPPED;
	}
	if (access("/dev/net/tun", R_OK | W_OK) != 0) {
		printf("skipped: /dev/net/tun: %s\n", strerror(errno));
		return SKIPPED;
	}
	control = socket(AF_INET, SOCK_DGRAM, 0);
	if (rte_eal_init(5, arguments) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("frames", 255, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	if (pool == NULL)
		return 1;
	RUN(frames_pass_both_ways);
	RUN(long_frames_pass_as_chains);
	RUN(a_running_port_can_be_changed);
	RUN(the_link_follows_the_interface);
	RUN(the_kernel_fills_in_checksums);
	RUN(several_queues_share_the_frames);
	RUN(without_promiscuous_mode_strangers_frames_stay_away);
	RUN(names_that_cannot_be_had_are_refused);
	RUN(without_the_right_it_says_which);
	RUN(a_persistent_interface_stays_and_is_taken_again);
	rte_mempool_free(pool);
	rte_eal_cleanup();
	return check_summary();
}
