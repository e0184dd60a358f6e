/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The engine frame by frame: what it sends and what it drops, and why. lcore_send and lcore_drop are the test's own here; what they
 * were given is compared with a frame that was worked out byte by byte (checksums by summing the whole header).
 */
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_mbuf.h>

#include "address_text.h"
#include "lcore.h"

#include "check.h"

struct port ports[WDPDK_LIMIT_PORTS];
struct rte_mempool *ports_pool;

static struct rte_mempool *pool;
static struct snapshot *snapshot;
static struct client_plan *nobody;
static struct lcore lcore;

/* What became of the frames of the last burst, in order. */
static struct { struct rte_mbuf *mbuf; int out; int cause; } fates[64];
static unsigned int fate_count;

unsigned int
lcore_send(struct lcore *of, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n)
{
	CHECK(of == &lcore && in == 0);
	for (unsigned int i = 0; i < n; i++) {
		fates[fate_count].mbuf = pkts[i];
		fates[fate_count].out = out;
		fates[fate_count++].cause = -1;
	}
	return n;
}

/* Called only when what it is told is so. */
unsigned int
lcore_send_sized(struct lcore *of, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n, uint64_t bytes, uint32_t longest)
{
	for (unsigned int i = 0; i < n; i++) {
		CHECK(pkts[i]->pkt_len <= longest);
		bytes -= pkts[i]->pkt_len;
		if (pkts[i]->pkt_len == longest)
			longest = UINT32_MAX;		/* one is that long */
	}
	CHECK_EQ(bytes, 0);
	CHECK_EQ(longest, UINT32_MAX);
	return lcore_send(of, in, out, pkts, n);
}

void
lcore_drop(struct lcore *of, uint16_t in, unsigned int cause, struct rte_mbuf **pkts, unsigned int n)
{
	CHECK(of == &lcore && in == 0);
	for (unsigned int i = 0; i < n; i++) {
		fates[fate_count].mbuf = pkts[i];
		fates[fate_count].out = -1;
		fates[fate_count++].cause = (int)cause;
	}
}

static void
use_routes(const char *const *routes)
{
	struct forwarding_config config = { .ports = { [0] = { .mode = PORT_MODE_L3FWD } } };
	struct snapshot *previous = snapshot;
	char error[192];

	config.routes = calloc(32, sizeof(config.routes[0]));
	for (; *routes != NULL; routes++)
		CHECK_EQ(route_config_from_text(*routes, &config.routes[config.route_count++], error, sizeof(error)), 0);
	snapshot = snapshot_create(&config, nobody, previous);
	CHECK(snapshot != NULL);
	snapshot_free(previous);
	forwarding_config_free(&config);
}

static struct rte_mbuf *
mbuf_of(const uint8_t *frame, uint32_t length)
{
	struct rte_mbuf *head = rte_pktmbuf_alloc(pool), *tail = head;

	CHECK(head != NULL);
	head->data_len = 0;
	for (uint32_t at = 0; at < length;) {
		uint16_t part = (uint16_t)RTE_MIN(length - at, 2048u);

		if (at > 0) {
			tail->next = rte_pktmbuf_alloc(pool);
			tail = tail->next;
			CHECK(tail != NULL);
			head->nb_segs++;
		}
		memcpy(rte_pktmbuf_mtod(tail, uint8_t *), frame + at, part);
		tail->data_len = part;
		at += part;
	}
	head->pkt_len = length;
	return head;
}

static void
forward(struct rte_mbuf **pkts, unsigned int n)
{
	fate_count = 0;
	forward_l3fwd(&lcore, &snapshot->ports[0], pkts, n);
	CHECK_EQ(fate_count, n);
}

/* ---- frames ---- */

static uint8_t frame[66000];

static uint32_t
sum_of(const uint8_t *bytes, unsigned int count)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < count; i += 2)
		sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void
fill_checksum(uint8_t *ip)
{
	uint32_t sum;

	ip[10] = ip[11] = 0;
	sum = ~sum_of(ip, (ip[0] & 15u) * 4);
	ip[10] = (uint8_t)(sum >> 8);
	ip[11] = (uint8_t)sum;
}

/* A frame of `payload` bytes behind an IPv4 header; returns its length. */
static uint32_t
ipv4_frame(const char *source, const char *destination, uint8_t ttl, uint32_t payload)
{
	static const uint8_t head[] = { 2, 0, 0, 0, 9, 1, 2, 0, 0, 0, 9, 2, 8, 0, 0x45, 0x10, 0, 0, 0x12, 0x34, 0x40, 0, 0, 17 };
	struct route_config address;
	char text[64], error[192];

	memcpy(frame, head, sizeof(head));
	for (uint32_t i = 0; i < payload; i++)
		frame[34 + i] = (uint8_t)(i * 7);
	frame[16] = (uint8_t)((payload + 20) >> 8);
	frame[17] = (uint8_t)(payload + 20);
	frame[22] = ttl;
	for (int i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), "%s/32", i == 0 ? source : destination);
		CHECK_EQ(cidr_from_text(text, &address, error, sizeof(error)), 0);
		memcpy(frame + 26 + i * 4, address.address, 4);
	}
	fill_checksum(frame + 14);
	return 34 + payload;
}

static uint32_t
ipv6_frame(const char *source, const char *destination, uint8_t hops, uint32_t payload)
{
	static const uint8_t head[] = { 2, 0, 0, 0, 9, 1, 2, 0, 0, 0, 9, 2, 0x86, 0xdd, 0x60, 1, 2, 3, 0, 0, 17, 0 };
	struct route_config address;
	char text[64], error[192];

	memcpy(frame, head, sizeof(head));
	for (uint32_t i = 0; i < payload; i++)
		frame[54 + i] = (uint8_t)(i * 5);
	frame[18] = (uint8_t)(payload >> 8);
	frame[19] = (uint8_t)payload;
	frame[21] = hops;
	for (int i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), "%s/128", i == 0 ? source : destination);
		CHECK_EQ(cidr_from_text(text, &address, error, sizeof(error)), 0);
		memcpy(frame + 22 + i * 16, address.address, 16);
	}
	return 54 + payload;
}

static int
cause_of(uint32_t length)
{
	struct rte_mbuf *mbuf = mbuf_of(frame, length);
	int cause;

	forward(&mbuf, 1);
	cause = fates[0].cause;
	rte_pktmbuf_free(mbuf);
	return cause;
}

/* Forwards `frame`, which must leave by `out` with only what l3fwd changes changed. */
static void
check_forwarded(uint32_t length, uint16_t out)
{
	static uint8_t expected[66000], got[66000];
	struct rte_mbuf *mbuf = mbuf_of(frame, length);

	memcpy(expected, frame, length);
	memcpy(expected, "\x02\0\0\0\0", 5);
	expected[5] = (uint8_t)out;
	memcpy(expected + 6, &ports[out].mac, 6);
	if (frame[12] == 8) {
		expected[22]--;
		fill_checksum(expected + 14);
	} else {
		expected[21]--;
	}
	forward(&mbuf, 1);
	CHECK_EQ(fates[0].cause, -1);
	CHECK_EQ(fates[0].out, out);
	CHECK_EQ(mbuf->pkt_len, length);
	CHECK(rte_pktmbuf_read(mbuf, 0, length, got) != NULL);
	memcpy(got, rte_pktmbuf_read(mbuf, 0, length, got), length);
	for (uint32_t i = 0; i < length; i++) {
		if (got[i] != expected[i]) {
			printf("    byte %u\n", i);
			CHECK_EQ(got[i], expected[i]);
		}
	}
	rte_pktmbuf_free(mbuf);
}

static const char *const usual_routes[] = {
	"0.0.0.0/0=1", "::/0=1", "10.2.0.0/16=2", "10.2.3.0/24=3", "10.2.3.4/32=4", "2001:db8:2::/48=2", "fd00::/8=5", NULL,
};

/* ---- cases ---- */

static void
longest_prefix_wins(void)
{
	use_routes(usual_routes);
	check_forwarded(ipv4_frame("192.0.2.1", "10.1.1.1", 64, 26), 1);
	check_forwarded(ipv4_frame("192.0.2.1", "10.2.1.1", 64, 26), 2);
	check_forwarded(ipv4_frame("192.0.2.1", "10.2.3.1", 64, 26), 3);
	check_forwarded(ipv4_frame("192.0.2.1", "10.2.3.4", 64, 26), 4);
	check_forwarded(ipv4_frame("192.0.2.1", "223.255.255.255", 64, 26), 1);
	check_forwarded(ipv6_frame("2001:db8::1", "2001:db8:2::1", 64, 26), 2);
	check_forwarded(ipv6_frame("2001:db8::1", "2001:db8:3::1", 64, 26), 1);
	check_forwarded(ipv6_frame("fd00::1", "fd77::1", 64, 26), 5);
	check_forwarded(ipv6_frame("fd00::1", "8000::1", 64, 26), 1);
}

static void
a_default_route_leaves_more_specific_halves_alone(void)
{
	static const char *const routes[] = { "128.0.0.0/1=2", "0.0.0.0/0=1", "8000::/1=3", "::/0=4", NULL };

	use_routes(routes);
	check_forwarded(ipv4_frame("192.0.2.1", "10.0.0.1", 64, 26), 1);
	check_forwarded(ipv4_frame("192.0.2.1", "200.0.0.1", 64, 26), 2);
	check_forwarded(ipv6_frame("fd00::1", "fd77::1", 64, 26), 3);
	check_forwarded(ipv6_frame("fd00::1", "2001::1", 64, 26), 4);
}

static void
ipv4_causes(void)
{
	uint32_t length;

	use_routes(usual_routes);
	CHECK_EQ(cause_of(ipv4_frame("192.0.2.1", "10.0.0.1", 1, 26)), WDPDK_DROP_TTL_EXCEEDED);
	CHECK_EQ(cause_of(ipv4_frame("192.0.2.1", "10.0.0.1", 0, 26)), WDPDK_DROP_TTL_EXCEEDED);
	CHECK_EQ(cause_of(ipv4_frame("192.0.2.1", "224.0.0.1", 64, 26)), WDPDK_DROP_BAD_DESTINATION);
	CHECK_EQ(cause_of(ipv4_frame("192.0.2.1", "240.0.0.1", 64, 26)), WDPDK_DROP_BAD_DESTINATION);
	CHECK_EQ(cause_of(ipv4_frame("192.0.2.1", "255.255.255.255", 64, 26)), WDPDK_DROP_BAD_DESTINATION);
	CHECK_EQ(cause_of(ipv4_frame("192.0.2.1", "127.0.0.1", 64, 26)), WDPDK_DROP_BAD_DESTINATION);
	CHECK_EQ(cause_of(ipv4_frame("192.0.2.1", "0.1.2.3", 64, 26)), WDPDK_DROP_BAD_DESTINATION);
	CHECK_EQ(cause_of(ipv4_frame("192.0.2.1", "224.0.0.22", 1, 26)), WDPDK_DROP_BAD_DESTINATION);
	CHECK_EQ(cause_of(ipv4_frame("192.0.2.1", "169.254.0.1", 64, 26)), WDPDK_DROP_LINK_LOCAL);
	CHECK_EQ(cause_of(ipv4_frame("169.254.9.9", "10.0.0.1", 64, 26)), WDPDK_DROP_LINK_LOCAL);
	check_forwarded(ipv4_frame("169.253.255.255", "169.255.0.1", 64, 26), 1);

	length = ipv4_frame("192.0.2.1", "10.0.0.1", 64, 26);
	frame[24] ^= 1;
	CHECK_EQ(cause_of(length), WDPDK_DROP_BAD_CHECKSUM);
	length = ipv4_frame("192.0.2.1", "10.0.0.1", 64, 26);
	frame[20] ^= 0x80;
	CHECK_EQ(cause_of(length), WDPDK_DROP_BAD_CHECKSUM);
}

/* `header`: the version and length byte; a right checksum throughout, so that nothing else is wrong. */
static int
malformed_with(uint8_t header, uint32_t total, uint32_t length)
{
	ipv4_frame("192.0.2.1", "10.0.0.1", 64, 60);
	frame[14] = header;
	frame[16] = (uint8_t)(total >> 8);
	frame[17] = (uint8_t)total;
	if ((header & 15) >= 5)
		fill_checksum(frame + 14);
	return cause_of(length);
}

static void
ipv4_malformed(void)
{
	use_routes(usual_routes);
	CHECK_EQ(malformed_with(0x45, 80, 94), -1);
	CHECK_EQ(malformed_with(0x55, 80, 94), WDPDK_DROP_MALFORMED);
	CHECK_EQ(malformed_with(0x44, 80, 94), WDPDK_DROP_MALFORMED);
	CHECK_EQ(malformed_with(0x40, 80, 94), WDPDK_DROP_MALFORMED);
	CHECK_EQ(malformed_with(0x4f, 80, 94), -1);		/* options, all of them */
	CHECK_EQ(malformed_with(0x4f, 59, 94), WDPDK_DROP_MALFORMED);
	CHECK_EQ(malformed_with(0x4f, 60, 73), WDPDK_DROP_MALFORMED);
	CHECK_EQ(malformed_with(0x4f, 60, 74), -1);
	CHECK_EQ(malformed_with(0x45, 81, 94), WDPDK_DROP_MALFORMED);
	CHECK_EQ(malformed_with(0x45, 0, 94), WDPDK_DROP_MALFORMED);	/* as captures of very large segments have it */
	CHECK_EQ(malformed_with(0x45, 19, 94), WDPDK_DROP_MALFORMED);
	CHECK_EQ(malformed_with(0x45, 20, 94), -1);		/* padding behind the packet */
	CHECK_EQ(malformed_with(0x45, 20, 34), -1);
	CHECK_EQ(malformed_with(0x45, 20, 33), WDPDK_DROP_MALFORMED);
	CHECK_EQ(malformed_with(0x45, 20, 14), WDPDK_DROP_MALFORMED);
	CHECK_EQ(malformed_with(0x45, 20, 13), WDPDK_DROP_MALFORMED);
	CHECK_EQ(malformed_with(0x45, 20, 0), WDPDK_DROP_MALFORMED);
}

static void
options_count_in_the_checksum(void)
{
	uint32_t length;

	use_routes(usual_routes);
	length = ipv4_frame("192.0.2.1", "10.0.0.1", 64, 40);
	frame[14] = 0x47;
	fill_checksum(frame + 14);
	check_forwarded(length, 1);
	length = ipv4_frame("192.0.2.1", "10.0.0.1", 64, 40);
	frame[14] = 0x47;
	fill_checksum(frame + 14);
	frame[34 + 5] ^= 1;
	CHECK_EQ(cause_of(length), WDPDK_DROP_BAD_CHECKSUM);
}

static void
ipv6_causes(void)
{
	uint32_t length;

	use_routes(usual_routes);
	CHECK_EQ(cause_of(ipv6_frame("fd00::1", "fd00::2", 1, 26)), WDPDK_DROP_TTL_EXCEEDED);
	CHECK_EQ(cause_of(ipv6_frame("fd00::1", "fd00::2", 0, 26)), WDPDK_DROP_TTL_EXCEEDED);
	CHECK_EQ(cause_of(ipv6_frame("fe80::1", "ff02::1", 1, 26)), WDPDK_DROP_BAD_DESTINATION);
	CHECK_EQ(cause_of(ipv6_frame("fd00::1", "::", 64, 26)), WDPDK_DROP_BAD_DESTINATION);
	CHECK_EQ(cause_of(ipv6_frame("fd00::1", "::1", 64, 26)), WDPDK_DROP_BAD_DESTINATION);
	check_forwarded(ipv6_frame("fd00::1", "::2", 64, 26), 1);
	CHECK_EQ(cause_of(ipv6_frame("fe80::1", "fd00::1", 64, 26)), WDPDK_DROP_LINK_LOCAL);
	CHECK_EQ(cause_of(ipv6_frame("fd00::1", "febf::1", 64, 26)), WDPDK_DROP_LINK_LOCAL);
	check_forwarded(ipv6_frame("fec0::1", "fd00::1", 64, 26), 5);
	check_forwarded(ipv6_frame("fd00::1", "fd00::2", 2, 0), 5);
	length = ipv6_frame("fd00::1", "fd00::2", 64, 26);
	frame[14] = 0x40;
	CHECK_EQ(cause_of(length), WDPDK_DROP_MALFORMED);
	ipv6_frame("fd00::1", "fd00::2", 64, 26);
	CHECK_EQ(cause_of(79), WDPDK_DROP_MALFORMED);
	CHECK_EQ(cause_of(53), WDPDK_DROP_MALFORMED);
	check_forwarded(90, 5);		/* padding */
}

static void
other_types(void)
{
	uint32_t length = ipv4_frame("192.0.2.1", "10.0.0.1", 64, 26);

	use_routes(usual_routes);
	frame[12] = 8, frame[13] = 6;
	CHECK_EQ(cause_of(length), WDPDK_DROP_ARP);
	frame[12] = 0x81, frame[13] = 0;
	CHECK_EQ(cause_of(length), WDPDK_DROP_ETHERTYPE);
	frame[12] = 0, frame[13] = 46;
	CHECK_EQ(cause_of(length), WDPDK_DROP_ETHERTYPE);
}

static void
no_route(void)
{
	static const char *const only_ipv4[] = { "10.0.0.0/8=1", NULL }, *const none[] = { NULL };

	use_routes(only_ipv4);
	CHECK_EQ(cause_of(ipv4_frame("192.0.2.1", "11.0.0.1", 64, 26)), WDPDK_DROP_NO_ROUTE);
	CHECK_EQ(cause_of(ipv6_frame("fd00::1", "fd00::2", 64, 26)), WDPDK_DROP_NO_ROUTE);
	check_forwarded(ipv4_frame("192.0.2.1", "10.0.0.1", 64, 26), 1);
	use_routes(none);
	CHECK_EQ(cause_of(ipv4_frame("192.0.2.1", "10.0.0.1", 64, 26)), WDPDK_DROP_NO_ROUTE);
}

/* Over all header sums: with every value of the identification field the checksum takes every value it can, 0x0000 included. */
static void
checksums_at_every_value(void)
{
	bool saw_zero = false;

	use_routes(usual_routes);
	for (uint32_t id = 0; id < 65536; id += 1) {
		uint32_t length = ipv4_frame("192.0.2.1", "10.0.0.1", (uint8_t)(2 + id % 254), 0);
		struct rte_mbuf *mbuf;
		const uint8_t *ip;

		frame[18] = (uint8_t)(id >> 8);
		frame[19] = (uint8_t)id;
		fill_checksum(frame + 14);
		mbuf = mbuf_of(frame, length);
		forward(&mbuf, 1);
		CHECK_EQ(fates[0].cause, -1);
		ip = rte_pktmbuf_mtod(mbuf, const uint8_t *) + 14;
		saw_zero = saw_zero || (ip[10] == 0 && ip[11] == 0);
		CHECK_EQ(sum_of(ip, 20), 0xffff);
		frame[22]--;
		fill_checksum(frame + 14);
		CHECK_MEM(ip, frame + 14, 20);
		rte_pktmbuf_free(mbuf);
	}
	CHECK(saw_zero);
}

/* 0xffff and 0x0000 are the same number of one's complement: both are right where one is, and both lead to a right sum. */
static void
an_all_ones_checksum_is_taken(void)
{
	use_routes(usual_routes);
	for (uint32_t id = 0; id < 65536; id++) {
		uint32_t length = ipv4_frame("192.0.2.1", "10.0.0.1", 64, 0);
		struct rte_mbuf *mbuf;

		frame[18] = (uint8_t)(id >> 8);
		frame[19] = (uint8_t)id;
		fill_checksum(frame + 14);
		if (frame[24] != 0 || frame[25] != 0)
			continue;
		frame[24] = frame[25] = 0xff;
		mbuf = mbuf_of(frame, length);
		forward(&mbuf, 1);
		CHECK_EQ(fates[0].cause, -1);
		CHECK_EQ(sum_of(rte_pktmbuf_mtod(mbuf, const uint8_t *) + 14, 20), 0xffff);
		rte_pktmbuf_free(mbuf);
		return;
	}
	CHECK(false);
}

static void
the_longest_frames_pass_whole(void)
{
	use_routes(usual_routes);
	check_forwarded(ipv4_frame("192.0.2.1", "10.0.0.1", 64, 65535 - 20), 1);
	check_forwarded(ipv6_frame("fd00::1", "fd00::2", 64, 65495), 5);
}

/* A burst in which everything happens: each frame has its own fate, and frames of one port keep their order. */
static void
bursts_mix_fates(void)
{
	struct rte_mbuf *pkts[LCORE_BURST], *given[LCORE_BURST];
	unsigned int last_of_port[8] = { 0 }, seen = 0;

	use_routes(usual_routes);
	for (unsigned int i = 0; i < LCORE_BURST; i++) {
		static const char *const addresses[] = { "10.2.3.4", "10.2.3.5", "10.2.4.1", "8.8.8.8" };
		uint32_t length = i % 5 == 4 ? ipv6_frame("fd00::1", "fd00::2", i % 10 == 9 ? 1 : 64, 20) :
			ipv4_frame("192.0.2.1", addresses[i % 4], i % 7 == 6 ? 1 : 64, 20);

		pkts[i] = given[i] = mbuf_of(frame, length);
	}
	forward(pkts, LCORE_BURST);
	for (unsigned int f = 0; f < fate_count; f++) {
		static const int outs[] = { 4, 3, 2, 1 };
		unsigned int i = 0;
		bool dropped;

		while (given[i] != fates[f].mbuf)
			i++;
		CHECK((seen >> i & 1) == 0);
		seen |= 1u << i;
		dropped = i % 5 == 4 ? i % 10 == 9 : i % 7 == 6;
		CHECK_EQ(fates[f].cause, dropped ? (int)WDPDK_DROP_TTL_EXCEEDED : -1);
		CHECK_EQ(fates[f].out, dropped ? -1 : i % 5 == 4 ? 5 : outs[i % 4]);
		if (!dropped) {
			CHECK(last_of_port[fates[f].out] <= i);
			last_of_port[fates[f].out] = i;
		}
		rte_pktmbuf_free(given[i]);
	}
	CHECK_EQ(seen, UINT32_MAX);
}

/* Frames are judged four at a time where they are plain: what a frame is beside may not matter, nor where it stands. */
static void
frames_are_judged_alike_in_any_place(void)
{
	enum { MOST = 9 };
	unsigned int forwarded = 0;
	uint32_t random = 1;

	use_routes(usual_routes);
	for (unsigned int round = 0; round < 30000; round++) {
		struct rte_mbuf *alone[MOST], *together[MOST];
		int cause[MOST], out[MOST];
		unsigned int n;

		random = random * 1664525 + 1013904223;
		n = 1 + (random >> 16) % MOST;
		for (unsigned int i = 0; i < n; i++) {
			uint32_t length = ipv4_frame("192.0.2.1", (random >> i & 3) == 0 ? "10.2.3.4" : "10.2.1.1", 64, 26);

			random = random * 1664525 + 1013904223;
			/* Most are as they should be; of the rest one byte of the head, with and without a right checksum, or the length. */
			if ((random >> 8) % 8 == 0)
				frame[12 + (random >> 12) % 22] = (uint8_t)(random >> 24);
			if ((random >> 8) % 16 == 0)
				fill_checksum(frame + 14);
			if ((random >> 8) % 64 == 1)
				length = (random >> 14) % 60;
			alone[i] = mbuf_of(frame, length);
			together[i] = mbuf_of(frame, length);
			forward(&alone[i], 1);
			cause[i] = fates[0].cause;
			out[i] = fates[0].out;
		}
		struct rte_mbuf *given[MOST];

		memcpy(given, together, sizeof(given));
		forward(given, n);
		for (unsigned int i = 0; i < n; i++) {
			unsigned int f = 0;

			while (fates[f].mbuf != together[i])
				f++;
			CHECK_EQ(fates[f].cause, cause[i]);
			CHECK_EQ(fates[f].out, out[i]);
			if (cause[i] < 0)
				CHECK_MEM(rte_pktmbuf_mtod(together[i], void *), rte_pktmbuf_mtod(alone[i], void *), alone[i]->data_len);
			forwarded += cause[i] < 0;
			rte_pktmbuf_free(alone[i]);
			rte_pktmbuf_free(together[i]);
		}
	}
	CHECK(forwarded > 30000);
}

/* Every check of four at a time, in each of the four places: a frame that fails it keeps the whole group from being taken for plain. */
static void
each_check_sees_each_place(void)
{
	static const struct { uint8_t at, value; bool sum; int cause; } wrongs[] = {
		{ 12, 0x86, false, WDPDK_DROP_ETHERTYPE }, { 13, 1, false, WDPDK_DROP_ETHERTYPE },
		{ 14, 0x46, false, WDPDK_DROP_BAD_CHECKSUM }, { 14, 0x44, false, WDPDK_DROP_MALFORMED },
		{ 17, 19, true, WDPDK_DROP_MALFORMED }, { 17, 47, true, WDPDK_DROP_MALFORMED }, { 16, 1, true, WDPDK_DROP_MALFORMED },
		{ 22, 1, true, WDPDK_DROP_TTL_EXCEEDED }, { 22, 0, true, WDPDK_DROP_TTL_EXCEEDED },
		{ 15, 1, false, WDPDK_DROP_BAD_CHECKSUM }, { 18, 1, false, WDPDK_DROP_BAD_CHECKSUM }, { 23, 1, false, WDPDK_DROP_BAD_CHECKSUM },
		{ 26, 1, false, WDPDK_DROP_BAD_CHECKSUM }, { 33, 77, false, WDPDK_DROP_BAD_CHECKSUM }, { 30, 0, true, WDPDK_DROP_BAD_DESTINATION },
		{ 30, 127, true, WDPDK_DROP_BAD_DESTINATION }, { 30, 224, true, WDPDK_DROP_BAD_DESTINATION },
		{ 30, 255, true, WDPDK_DROP_BAD_DESTINATION },
	};

	use_routes(usual_routes);
	for (unsigned int w = 0; w < RTE_DIM(wrongs); w++) {
		for (unsigned int place = 0; place < 4; place++) {
			struct rte_mbuf *pkts[4], *given[4];

			for (unsigned int i = 0; i < 4; i++) {
				uint32_t length = ipv4_frame("192.0.2.1", "10.1.1.1", 64, 26);

				if (i == place) {
					frame[wrongs[w].at] = wrongs[w].value;
					if (wrongs[w].sum)
						fill_checksum(frame + 14);
				}
				pkts[i] = given[i] = mbuf_of(frame, length);
			}
			forward(given, 4);
			for (unsigned int f = 0; f < 4; f++)
				CHECK_EQ(fates[f].cause, fates[f].mbuf == pkts[place] ? wrongs[w].cause : -1);
			rte_pktmbuf_free_bulk(pkts, 4);
		}
	}
}

/* Changing MACs or the out port of a whole group of routes makes no new table; changing what leads where does. */
static void
tables_are_shared(void)
{
	static const char *const a[] = { "10.0.0.0/8=1", "11.0.0.0/8=1", "::/0=2", NULL };
	static const char *const moved[] = { "10.0.0.0/8=3", "11.0.0.0/8=3", "::/0=2", NULL };
	static const char *const split[] = { "10.0.0.0/8=3", "11.0.0.0/8=4", "::/0=2", NULL };
	struct route_table *table;

	use_routes(a);
	table = snapshot->routes;
	use_routes(moved);
	CHECK(snapshot->routes == table);
	check_forwarded(ipv4_frame("192.0.2.1", "11.0.0.1", 64, 26), 3);
	use_routes(split);
	CHECK(snapshot->routes->references == 1);
	check_forwarded(ipv4_frame("192.0.2.1", "10.0.0.1", 64, 26), 3);
	check_forwarded(ipv4_frame("192.0.2.1", "11.0.0.1", 64, 26), 4);
}

int
main(void)
{
	char *eal[] = { "test", "-l", "0", "--no-huge", "-m", "64", "--no-pci", NULL };

	if (rte_eal_init(7, eal) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("frames", 511, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	for (uint16_t id = 0; id < 8; id++) {
		ports[id].exists = true;
		ports[id].mac = (struct rte_ether_addr){ .addr_bytes = { 0x02, 0xaa, 0, 0, 0, (uint8_t)id } };
	}
	nobody = client_plan_create(NULL, 0);
	if (pool == NULL || nobody == NULL)
		return 1;
	nobody->references++;
	RUN(longest_prefix_wins);
	RUN(a_default_route_leaves_more_specific_halves_alone);
	RUN(ipv4_causes);
	RUN(ipv4_malformed);
	RUN(options_count_in_the_checksum);
	RUN(ipv6_causes);
	RUN(other_types);
	RUN(no_route);
	RUN(checksums_at_every_value);
	RUN(an_all_ones_checksum_is_taken);
	RUN(the_longest_frames_pass_whole);
	RUN(frames_are_judged_alike_in_any_place);
	RUN(each_check_sees_each_place);
	RUN(bursts_mix_fates);
	RUN(tables_are_shared);
	snapshot_free(snapshot);
	client_plan_release(nobody);
	return check_summary();
}
