/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The port as an application sees it: capture files made here, through ethdev into mbufs and back into files.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include <rte_bus_vdev.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

#include "capture_image.h"
#include "capture_os.h"
#include "capture_reader.h"
#include "capture_writer.h"
#include "check.h"

#define INPUT "net_pcap_test-in.pcap"
#define OUTPUT "net_pcap_test-out,1.pcap" /* as devargs write it: net_pcap_test-out%2C1.pcap */
#define BURST 32

static struct rte_mempool *pool, *tiny_pool;

static uint8_t
frame_byte(unsigned int frame, uint32_t at)
{
	return (uint8_t)(frame * 7 + at * 13 + (at >> 8));
}

/* `count` frames, the i-th of lengths[i % kinds] bytes, a microsecond apart. */
static void
make_capture(const char *path, unsigned int count, const uint32_t *lengths, unsigned int kinds)
{
	struct capture_writer writer;

	CHECK_EQ(capture_writer_open(&writer, capture_os_open(path, 'w')), 0);
	for (unsigned int i = 0; i < count; i++) {
		uint8_t *to = capture_writer_frame(&writer, 1700000000000000007 + i * 1000, lengths[i % kinds]);

		for (uint32_t at = 0; at < lengths[i % kinds]; at++)
			to[at] = frame_byte(i, at);
	}
	CHECK_EQ(capture_writer_close(&writer), 0);
}

static bool
is_frame(const struct rte_mbuf *packet, unsigned int frame, uint32_t length)
{
	uint32_t at = 0;

	if (packet->pkt_len != length)
		return false;
	for (; packet != NULL; packet = packet->next)
		for (uint16_t i = 0; i < packet->data_len; i++, at++)
			if (*rte_pktmbuf_mtod_offset(packet, const uint8_t *, i) != frame_byte(frame, at))
				return false;
	return at == length;
}

static uint16_t
open_port_with(const char *arguments, uint16_t queues, struct rte_mempool *rx_pool, uint64_t offloads)
{
	struct rte_eth_conf conf = { .rxmode = { .offloads = offloads, .mtu = 65535 } };
	uint16_t port;

	CHECK_EQ(rte_vdev_init("net_pcap7", arguments), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name("net_pcap7", &port), 0);
	CHECK_EQ(rte_eth_dev_configure(port, queues, queues, &conf), 0);
	for (uint16_t i = 0; i < queues; i++) {
		CHECK_EQ(rte_eth_rx_queue_setup(port, i, 128, SOCKET_ID_ANY, NULL, rx_pool), 0);
		CHECK_EQ(rte_eth_tx_queue_setup(port, i, 128, SOCKET_ID_ANY, NULL), 0);
	}
	CHECK_EQ(rte_eth_dev_start(port), 0);
	return port;
}

static uint16_t
open_port(const char *arguments)
{
	return open_port_with(arguments, 1, pool, 0);
}

static void
close_port(uint16_t port)
{
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK_EQ(rte_eth_dev_close(port), 0);
	CHECK_EQ(rte_vdev_uninit("net_pcap7"), 0);
	CHECK_EQ(rte_mempool_in_use_count(pool), 0);
	CHECK_EQ(rte_mempool_in_use_count(tiny_pool), 0);
}

static uint64_t
xstat(uint16_t port, const char *name)
{
	uint64_t id, value;

	CHECK_EQ(rte_eth_xstats_get_id_by_name(port, name, &id), 0);
	CHECK_EQ(rte_eth_xstats_get_by_id(port, &id, &value, 1), 1);
	return value;
}

static void
a_capture_is_delivered_once_and_then_over(void)
{
	static const uint32_t lengths[] = { 60, 64, 65, 1514, 0, 1 };
	struct rte_mbuf *packets[BURST];
	struct rte_eth_stats stats;
	struct rte_eth_link link;
	uint64_t bytes = 0;
	unsigned int seen = 0;
	uint16_t port, mtu, got;

	make_capture(INPUT, 100, lengths, RTE_DIM(lengths));
	port = open_port("rx_pcap=" INPUT);
	CHECK_EQ(rte_eth_link_get_nowait(port, &link), 0);
	CHECK_EQ(link.link_status, RTE_ETH_LINK_UP);
	CHECK_EQ(link.link_speed, RTE_ETH_SPEED_NUM_10G);
	CHECK_EQ(rte_eth_dev_get_mtu(port, &mtu), 0);
	CHECK_EQ(mtu, 65535);
	CHECK_EQ(xstat(port, "rx_end_of_capture"), 0);
	while ((got = rte_eth_rx_burst(port, 0, packets, BURST)) > 0) {
		for (uint16_t i = 0; i < got; i++, seen++) {
			uint32_t length = lengths[seen % RTE_DIM(lengths)];

			CHECK(is_frame(packets[i], seen, length));
			CHECK_EQ(packets[i]->port, port);
			CHECK_EQ(packets[i]->nb_segs, 1);
			CHECK_EQ(packets[i]->data_off, RTE_PKTMBUF_HEADROOM);
			CHECK_EQ(packets[i]->ol_flags, 0);
			CHECK_EQ(rte_mbuf_refcnt_read(packets[i]), 1);
			bytes += length;
		}
		CHECK_EQ(xstat(port, "rx_end_of_capture"), seen == 100);
		rte_pktmbuf_free_bulk(packets, got);
	}
	CHECK_EQ(seen, 100);
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, BURST), 0);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.ipackets, 100);
	CHECK_EQ(stats.ibytes, bytes);
	CHECK_EQ(stats.q_ipackets[0], 100);
	CHECK_EQ(stats.rx_nombuf, 0);
	CHECK_EQ(xstat(port, "rx_capture_frames"), 100);
	CHECK_EQ(xstat(port, "rx_capture_loops"), 1);
	CHECK_EQ(rte_eth_stats_reset(port), 0);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.ipackets, 0);
	CHECK_EQ(stats.ibytes, 0);
	close_port(port);
}

static void
stopping_keeps_the_place(void)
{
	static const uint32_t length = 64;
	struct rte_mbuf *packets[BURST];
	uint16_t port;

	make_capture(INPUT, 5, &length, 1);
	port = open_port("rx_pcap=" INPUT);
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, 3), 3);
	rte_pktmbuf_free_bulk(packets, 3);
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK_EQ(rte_eth_dev_start(port), 0);
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, BURST), 2);
	CHECK(is_frame(packets[0], 3, 64));
	rte_pktmbuf_free_bulk(packets, 2);
	close_port(port);
}

/* Each receive is a copy of its own: what is done to one frame shows in no other, nor in the next loop. */
static void
infinite_rx_is_fresh(void)
{
	static const uint32_t lengths[] = { 64, 200 };
	struct rte_mbuf *packets[BURST];
	uint16_t port;
	unsigned int seen = 0;

	make_capture(INPUT, 7, lengths, 2);
	port = open_port("rx_pcap=" INPUT ",infinite_rx=1");
	for (unsigned int round = 0; round < 50; round++) {
		CHECK_EQ(rte_eth_rx_burst(port, 0, packets, BURST), BURST);
		for (unsigned int i = 0; i < BURST; i++, seen++) {
			CHECK(is_frame(packets[i], seen % 7, lengths[seen % 7 % 2]));
			memset(rte_pktmbuf_mtod(packets[i], void *), 0xff, packets[i]->data_len);
			/* As much of the mbuf as an application may have changed. */
			packets[i]->ol_flags = UINT64_MAX & ~(RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL);
			packets[i]->vlan_tci = 5;
			packets[i]->hash.rss = 5;
			packets[i]->packet_type = 5;
			rte_pktmbuf_adj(packets[i], 14);
		}
		CHECK_EQ(packets[0]->ol_flags & RTE_MBUF_F_RX_VLAN, RTE_MBUF_F_RX_VLAN);
		rte_pktmbuf_free_bulk(packets, BURST);
		CHECK_EQ(rte_eth_rx_burst(port, 0, packets, 1), 1);
		CHECK_EQ(packets[0]->ol_flags, 0);
		CHECK_EQ(packets[0]->vlan_tci, 0);
		CHECK_EQ(packets[0]->hash.rss, 0);
		CHECK_EQ(packets[0]->packet_type, 0);
		CHECK_EQ(packets[0]->data_off, RTE_PKTMBUF_HEADROOM);
		CHECK(is_frame(packets[0], seen % 7, lengths[seen % 7 % 2]));
		rte_pktmbuf_free(packets[0]);
		seen++;
	}
	CHECK_EQ(xstat(port, "rx_capture_loops"), seen / 7);
	CHECK_EQ(xstat(port, "rx_end_of_capture"), 0);
	close_port(port);
}

/* What was sent is in the file, in order, whole, with times between start and end of the test. */
static void
check_output(const char *path, unsigned int count, const uint32_t *lengths, unsigned int kinds, uint64_t start)
{
	struct capture_reader reader;
	struct capture_frame frame;
	FILE *in = capture_os_open(path, 'r');
	size_t room = 64 << 20, size;
	uint8_t *bytes = malloc(room);
	uint64_t last = start;

	CHECK(in != NULL);
	size = fread(bytes, 1, room, in);
	fclose(in);
	CHECK_EQ(capture_reader_open(&reader, bytes, size), 0);
	CHECK(reader.nanoseconds);
	for (unsigned int i = 0; i < count; i++) {
		CHECK_EQ(capture_reader_next(&reader, &frame), 1);
		CHECK_EQ(frame.length, lengths[i % kinds]);
		CHECK_EQ(frame.wire_length, frame.length);
		CHECK(frame.timestamp >= last && frame.timestamp <= capture_os_now());
		last = frame.timestamp;
		for (uint32_t at = 0; at < frame.length; at++)
			if (frame.data[at] != frame_byte(i, at))
				CHECK_EQ(frame.data[at], frame_byte(i, at));
	}
	CHECK_EQ(capture_reader_next(&reader, &frame), 0);
	capture_reader_close(&reader);
	free(bytes);
}

/* Receives everything and sends it back out; returns the frames moved. */
static unsigned int
forward_all(uint16_t port, uint16_t queue)
{
	struct rte_mbuf *packets[BURST];
	unsigned int moved = 0;
	uint16_t got;

	while ((got = rte_eth_rx_burst(port, queue, packets, BURST)) > 0) {
		CHECK_EQ(rte_eth_tx_burst(port, queue, packets, got), got);
		moved += got;
	}
	return moved;
}

static void
offload_frames_pass_as_chains(void)
{
	static const uint32_t lengths[] = { 65549, 60, 1920, 1921, 9000, 262144, 0 };
	struct rte_mempool *pools[] = { pool, tiny_pool };
	struct rte_eth_stats stats;
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < 42; i++)
		bytes += lengths[i % RTE_DIM(lengths)];
	make_capture(INPUT, 42, lengths, RTE_DIM(lengths));
	for (unsigned int kind = 0; kind < 2; kind++) {
		uint64_t start = capture_os_now();
		uint16_t port = open_port_with("rx_pcap=" INPUT ",tx_pcap=net_pcap_test-out%2C1.pcap", 1, pools[kind], 0);
		struct rte_mbuf *first;

		CHECK_EQ(rte_eth_rx_burst(port, 0, &first, 1), 1);
		CHECK(is_frame(first, 0, 65549));
		CHECK_EQ(first->nb_segs, (65549 + (kind == 0 ? 2047 : 63)) / (kind == 0 ? 2048 : 64));
		CHECK_EQ(rte_mbuf_check(first, 1, &(const char *){ NULL }), 0);
		CHECK_EQ(rte_eth_tx_burst(port, 0, &first, 1), 1);
		/* The tiny pool cannot hold a whole burst: as many frames come as it has mbufs for, none is lost. */
		CHECK_EQ(1 + forward_all(port, 0), 42);
		CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
		CHECK_EQ(stats.ipackets, 42);
		CHECK_EQ(stats.opackets, 42);
		CHECK_EQ(stats.ibytes, bytes);
		CHECK_EQ(stats.obytes, bytes);
		CHECK_EQ(stats.oerrors, 0);
		if (kind == 1)
			CHECK(stats.rx_nombuf > 0);
		close_port(port);
		check_output(OUTPUT, 42, lengths, RTE_DIM(lengths), start);
	}
}

static void
several_files_are_several_queues(void)
{
	static const uint32_t one = 100, two = 200;
	uint64_t start = capture_os_now();
	struct rte_eth_dev_info info;
	struct rte_eth_stats stats;
	uint16_t port;

	make_capture(INPUT, 33, &one, 1);
	make_capture("net_pcap_test-in2.pcap", 44, &two, 1);
	port = open_port_with("rx_pcap=" INPUT ",tx_pcap=net_pcap_test-out%2C1.pcap,rx_pcap=net_pcap_test-in2.pcap,"
		"tx_pcap=net_pcap_test-out2.pcap", 2, pool, 0);
	CHECK_EQ(rte_eth_dev_info_get(port, &info), 0);
	CHECK_EQ(info.max_rx_queues, 2);
	CHECK_EQ(info.max_tx_queues, 2);
	CHECK_EQ(forward_all(port, 1), 44);
	CHECK_EQ(xstat(port, "rx_end_of_capture"), 0);
	CHECK_EQ(forward_all(port, 0), 33);
	CHECK_EQ(xstat(port, "rx_end_of_capture"), 1);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.q_ipackets[0], 33);
	CHECK_EQ(stats.q_ipackets[1], 44);
	CHECK_EQ(stats.q_obytes[0], 3300);
	CHECK_EQ(stats.q_obytes[1], 8800);
	close_port(port);
	check_output(OUTPUT, 33, &one, 1, start);
	check_output("net_pcap_test-out2.pcap", 44, &two, 1, start);
}

static long
file_size(const char *path)
{
	FILE *file = fopen(path, "rb");
	long size = -1;

	if (file != NULL && fseek(file, 0, SEEK_END) == 0)
		size = ftell(file);
	if (file != NULL)
		fclose(file);
	return size;
}

/* As programs do that are killed: their ports are never stopped. */
static void
frames_reach_the_file_without_a_stop(void)
{
	static const uint32_t length = 100;
	uint16_t port;

	make_capture(INPUT, 32, &length, 1);
	port = open_port("rx_pcap=" INPUT ",tx_pcap=net_pcap_test-out%2C1.pcap");
	CHECK_EQ(forward_all(port, 0), 32);
	for (int i = 0; i < 1000 && file_size(OUTPUT) < 24 + 32 * (16 + 100); i++)
		rte_delay_us_sleep(10000);
	CHECK_EQ(file_size(OUTPUT), 24 + 32 * (16 + 100));
	close_port(port);
	CHECK_EQ(file_size(OUTPUT), 24 + 32 * (16 + 100));
}

static void
receive_times_are_the_captures(void)
{
	static const uint32_t length = 64;
	struct rte_mbuf *packets[BURST];
	int offset;
	uint64_t flag;
	uint16_t port;

	make_capture(INPUT, 40, &length, 1);
	port = open_port_with("rx_pcap=" INPUT, 1, pool, RTE_ETH_RX_OFFLOAD_TIMESTAMP);
	CHECK_EQ(rte_mbuf_dyn_rx_timestamp_register(&offset, &flag), 0);
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, BURST), BURST);
	for (unsigned int i = 0; i < BURST; i++) {
		CHECK_EQ(packets[i]->ol_flags, flag);
		CHECK_EQ(*RTE_MBUF_DYNFIELD(packets[i], offset, rte_mbuf_timestamp_t *), 1700000000000000007 + i * 1000);
	}
	rte_pktmbuf_free_bulk(packets, BURST);
	close_port(port);
}

static void
without_tx_pcap_frames_are_counted_and_gone(void)
{
	static const uint32_t lengths[] = { 64, 4000 };
	struct rte_eth_stats stats;
	struct rte_mbuf *packets[2];
	uint16_t port;

	make_capture(INPUT, 64, lengths, 2);
	port = open_port("rx_pcap=" INPUT);
	CHECK_EQ(rte_eth_rx_burst(port, 0, packets, 2), 2);
	rte_mbuf_refcnt_update(packets[0], 1); /* someone else holds it: it must outlive the transmit */
	CHECK_EQ(rte_eth_tx_burst(port, 0, packets, 2), 2);
	CHECK_EQ(rte_mbuf_refcnt_read(packets[0]), 1);
	CHECK(is_frame(packets[0], 0, 64));
	rte_pktmbuf_free(packets[0]);
	CHECK_EQ(forward_all(port, 0), 62);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.opackets, 64);
	CHECK_EQ(stats.obytes, 32 * 4064);
	CHECK_EQ(stats.oerrors, 0);
	close_port(port);
}

static void
a_port_that_only_sends(void)
{
	static const uint32_t length = 77;
	uint64_t start = capture_os_now();
	struct rte_mbuf *packet;
	uint16_t port = open_port("tx_pcap=net_pcap_test-out%2C1.pcap");

	CHECK_EQ(rte_eth_rx_burst(port, 0, &packet, 1), 0);
	CHECK_EQ(xstat(port, "rx_end_of_capture"), 1);
	packet = rte_pktmbuf_alloc(pool);
	rte_pktmbuf_append(packet, 77);
	for (uint32_t at = 0; at < 77; at++)
		rte_pktmbuf_mtod(packet, uint8_t *)[at] = frame_byte(0, at);
	CHECK_EQ(rte_eth_tx_burst(port, 0, &packet, 1), 1);
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	check_output(OUTPUT, 1, &length, 1, start); /* on disk as soon as the port has stopped */
	CHECK_EQ(rte_eth_dev_start(port), 0);
	close_port(port);
}

static void
an_empty_capture_ends_at_once(void)
{
	struct rte_mbuf *packet;
	uint16_t port;

	make_capture(INPUT, 0, &(const uint32_t){ 0 }, 1);
	port = open_port("rx_pcap=" INPUT ",infinite_rx=1");
	CHECK_EQ(rte_eth_rx_burst(port, 0, &packet, 1), 0);
	CHECK_EQ(xstat(port, "rx_end_of_capture"), 1);
	close_port(port);
}

static void
bad_arguments_are_refused(void)
{
	static const char *const refused[] = {
		"", "infinite_rx=1", "rx_pcap=", "rx_pcap=absent.pcap", "rx_pcap=" INPUT ",infinite_rx=2", "rx_pcap=" INPUT ",iface=eth0",
		"rx_pcap=" INPUT ",speed=9", "rx_pcap=a%00b", "tx_pcap=no/such/folder/x.pcap", "rx_pcap=" INPUT ",tx_pcap=./" INPUT,
		"tx_pcap=net_pcap_test-out2.pcap,tx_pcap=net_pcap_test-out2.pcap", "rx_pcap=.",
	};
	static const uint32_t length = 64;
	uint16_t port;

	make_capture(INPUT, 9, &length, 1);
	for (unsigned int i = 0; i < RTE_DIM(refused); i++) {
		if (rte_vdev_init("net_pcap7", refused[i]) >= 0)
			printf("    taken: \"%s\"\n", refused[i]);
		CHECK(rte_eth_dev_get_port_by_name("net_pcap7", &port) != 0);
	}
	/* Above all, the capture named as output by mistake is still whole. */
	port = open_port("rx_pcap=" INPUT);
	CHECK_EQ(forward_all(port, 0), 9);
	close_port(port);
}

/* Loading names the file and what is wrong with it; the text is what the probe logs. */
static void
a_bad_capture_is_named(void)
{
	static const uint32_t length = 64;
	struct capture_image image;
	char error[512];
	FILE *out;

	CHECK_EQ(capture_image_load(&image, "absent.pcap", error, sizeof(error)), -ENOENT);
	CHECK(strstr(error, "'absent.pcap': cannot open it") != NULL && strstr(error, "check the name") != NULL);
	make_capture(INPUT, 3, &length, 1);
	out = fopen(INPUT, "ab");
	fwrite("cut", 1, 3, out);
	fclose(out);
	CHECK_EQ(capture_image_load(&image, INPUT, error, sizeof(error)), -EINVAL);
	CHECK(strstr(error, "'" INPUT "': at offset 264: a record header is cut, 3 of 16 bytes are there") != NULL);
	capture_image_free(&image);
}

struct reader_job {
	uint16_t port;
	bool stop, fell;
	unsigned int reads;
	uint64_t end_id;
};

static void *
read_statistics(void *argument)
{
	struct reader_job *job = argument;
	struct rte_eth_stats stats, last = { .ipackets = 0 };

	while (!__atomic_load_n(&job->stop, __ATOMIC_ACQUIRE)) {
		uint64_t ended = 1;

		if (rte_eth_stats_get(job->port, &stats) != 0 || stats.ipackets < last.ipackets || stats.ibytes < last.ibytes ||
				stats.opackets < last.opackets)
			job->fell = true;
		if (rte_eth_xstats_get_by_id(job->port, &job->end_id, &ended, 1) != 1 || ended != 0)
			job->fell = true;
		last = stats;
		__atomic_store_n(&job->reads, job->reads + 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

/* An observer on another thread sees counters that only grow, while the polling thread goes on. */
static void
statistics_are_read_while_frames_flow(void)
{
	static const uint32_t length = 64;
	struct reader_job job = { .stop = false };
	struct rte_mbuf *packets[BURST];
	struct rte_eth_stats stats;
	uint64_t moved = 0;
	pthread_t thread;

	make_capture(INPUT, 33, &length, 1);
	job.port = open_port("rx_pcap=" INPUT ",infinite_rx=1");
	CHECK_EQ(rte_eth_xstats_get_id_by_name(job.port, "rx_end_of_capture", &job.end_id), 0);
	CHECK_EQ(rte_ctrl_thread_create(&thread, "observer", NULL, read_statistics, &job), 0);
	while (moved < 20000 || __atomic_load_n(&job.reads, __ATOMIC_ACQUIRE) < 100) {
		CHECK_EQ(rte_eth_rx_burst(job.port, 0, packets, BURST), BURST);
		CHECK_EQ(rte_eth_tx_burst(job.port, 0, packets, BURST), BURST);
		moved += BURST;
	}
	__atomic_store_n(&job.stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	CHECK(!job.fell);
	CHECK_EQ(rte_eth_stats_get(job.port, &stats), 0);
	CHECK_EQ(stats.ipackets, moved);
	CHECK_EQ(stats.obytes, moved * 64);
	close_port(job.port);
}

/* /dev/full, where there is one, stands for a full disk. */
static void
a_full_disk_is_counted(void)
{
	static const uint32_t length = 1000;
	struct rte_eth_stats stats;
	FILE *full = capture_os_open("/dev/full", 'w');
	uint16_t port;

	if (full == NULL) {
		printf("     no /dev/full here: capture_test covers failing writes\n");
		return;
	}
	fclose(full);
	make_capture(INPUT, 3000, &length, 1);
	port = open_port("rx_pcap=" INPUT ",tx_pcap=/dev/full");
	CHECK_EQ(forward_all(port, 0), 3000);
	CHECK_EQ(rte_eth_stats_get(port, &stats), 0);
	CHECK_EQ(stats.opackets, 0);
	CHECK_EQ(stats.obytes, 0);
	CHECK_EQ(stats.oerrors, 3000);
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK(rte_eth_dev_close(port) != 0);
	rte_vdev_uninit("net_pcap7");
	CHECK_EQ(rte_mempool_in_use_count(pool), 0);
}

int
main(void)
{
	char *arguments[] = { (char *)"net_pcap_test", (char *)"--no-huge", (char *)"-m", (char *)"256", (char *)"--no-pci", NULL };

	if (rte_eal_init(5, arguments) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	pool = rte_pktmbuf_pool_create("large", 8191, 64, 0, 2048 + RTE_PKTMBUF_HEADROOM, SOCKET_ID_ANY);
	tiny_pool = rte_pktmbuf_pool_create("tiny", 5000, 0, 0, 64 + RTE_PKTMBUF_HEADROOM, SOCKET_ID_ANY);
	if (pool == NULL || tiny_pool == NULL) {
		printf("pools: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(a_capture_is_delivered_once_and_then_over);
	RUN(stopping_keeps_the_place);
	RUN(infinite_rx_is_fresh);
	RUN(offload_frames_pass_as_chains);
	RUN(several_files_are_several_queues);
	RUN(frames_reach_the_file_without_a_stop);
	RUN(receive_times_are_the_captures);
	RUN(without_tx_pcap_frames_are_counted_and_gone);
	RUN(a_port_that_only_sends);
	RUN(an_empty_capture_ends_at_once);
	RUN(bad_arguments_are_refused);
	RUN(a_bad_capture_is_named);
	RUN(a_full_disk_is_counted);
	RUN(statistics_are_read_while_frames_flow);
	remove(INPUT);
	remove("net_pcap_test-in2.pcap");
	remove("net_pcap_test-out2.pcap");
	remove(OUTPUT);
	return check_summary();
}
