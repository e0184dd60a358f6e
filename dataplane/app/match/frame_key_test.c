/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What is taken from a frame, and the hash of its flow.
 */
#include <stdlib.h>

#include "frame_key.h"

#include "check.h"

static uint64_t seed = 1;

static uint32_t
random_below(uint32_t limit)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % limit;
}

static uint32_t hash;	/* of the frame last read */

static struct frame_key
key_with(const uint8_t *frame, uint16_t length, uint64_t ol_flags, uint16_t tci)
{
	struct rte_mbuf mbuf;
	struct frame_key key;
	uint8_t *copy = malloc(length == 0 ? 1 : length);

	memset(&mbuf, 0, sizeof(mbuf));
	memcpy(copy, frame, length);
	mbuf.buf_addr = copy;
	mbuf.data_len = length;
	mbuf.pkt_len = length;
	mbuf.nb_segs = 1;
	mbuf.ol_flags = ol_flags;
	mbuf.vlan_tci = tci;
	frame_key_from_mbuf(&mbuf, &key);
	hash = frame_flow_hash(&mbuf, &key);
	free(copy);
	return key;
}

static struct frame_key
key_of(const uint8_t *frame, uint16_t length)
{
	return key_with(frame, length, 0, 0);
}

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })
#define KEY(...) key_of(BYTES(__VA_ARGS__))
#define MACS 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2
#define MACS_BACK 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1
#define ENDS4 10, 0, 0, 1, 10, 0, 0, 2
#define ENDS4_BACK 10, 0, 0, 2, 10, 0, 0, 1
#define IPV4_OF(fragment_high, fragment_low, proto, ...) \
	0x45, 0, 0, 28, 0, 0, fragment_high, fragment_low, 64, proto, 0, 0, __VA_ARGS__
#define IPV4(fragment_high, fragment_low, proto) IPV4_OF(fragment_high, fragment_low, proto, ENDS4)
#define V6_ADDRESS(last) 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last
#define IPV6(next) 0x60, 0, 0, 0, 0, 16, next, 64, V6_ADDRESS(1), V6_ADDRESS(2)
#define IPV6_BACK(next) 0x60, 0, 0, 0, 0, 16, next, 64, V6_ADDRESS(2), V6_ADDRESS(1)
#define PORTS 0x04, 0x00, 0x00, 0x35, 0, 8, 0, 0
#define PORTS_BACK 0x00, 0x35, 0x04, 0x00, 0, 8, 0, 0

static void
keys_of_frames(void)
{
	struct frame_key key = KEY(MACS, 8, 0, IPV4(0, 0, 17), PORTS);

	CHECK_EQ(key.family, FRAME_IPV4);
	CHECK_EQ(key.vlan, FRAME_KEY_NO_VLAN);
	CHECK_EQ(key.src4, 0x0a000001);
	CHECK_EQ(key.dst4, 0x0a000002);
	CHECK_EQ(key.src_port, 1024);
	CHECK_EQ(key.dst_port, 53);
	key = KEY(MACS, 8, 0, IPV4(0x20, 0, 17), PORTS);	/* first of several fragments */
	CHECK_EQ(key.dst_port, 53);
	key = KEY(MACS, 8, 0, IPV4(0x20, 1, 17), PORTS);
	CHECK_EQ(key.dst_port, FRAME_KEY_NO_PORT);
	CHECK_EQ(key.proto, 17);
	key = KEY(MACS, 8, 0, IPV4(0, 0, 1), PORTS);
	CHECK_EQ(key.dst_port, FRAME_KEY_NO_PORT);
	key = KEY(MACS, 0x81, 0, 0x60, 5, 8, 0, IPV4(0, 0, 6), PORTS);
	CHECK_EQ(key.vlan, 5);
	CHECK_EQ(key.dst_port, 53);
	key = KEY(MACS, 0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 8, 0, IPV4(0, 0, 6), PORTS);
	CHECK_EQ(key.vlan, 7);
	CHECK_EQ(key.family, FRAME_IPV4);
	key = KEY(MACS, 0x86, 0xdd, IPV6(17), PORTS);
	CHECK_EQ(key.family, FRAME_IPV6);
	CHECK(key.src6.high == UINT64_C(0x20010db800000000) && key.src6.low == 1 && key.dst6.low == 2);
	CHECK_EQ(key.dst_port, 53);
	key = KEY(MACS, 0x86, 0xdd, IPV6(0), 58, 0, 5, 2, 0, 0, 0, 0, 143, 0);	/* hop-by-hop, as MLD has it */
	CHECK_EQ(key.proto, 58);
	key = KEY(MACS, 0x86, 0xdd, IPV6(44), 17, 0, 0, 1, 0, 0, 0, 9, PORTS);	/* first fragment */
	CHECK_EQ(key.proto, 17);
	CHECK_EQ(key.dst_port, 53);
	key = KEY(MACS, 0x86, 0xdd, IPV6(44), 17, 0, 0, 8, 0, 0, 0, 9, PORTS);
	CHECK_EQ(key.proto, 17);
	CHECK_EQ(key.dst_port, FRAME_KEY_NO_PORT);
	key = KEY(MACS, 0x86, 0xdd, IPV6(60), 17, 0xff, 0, 0, 0, 0, 0, 0);	/* an extension longer than the frame */
	CHECK_EQ(key.dst_port, FRAME_KEY_NO_PORT);
	key = KEY(MACS, 8, 6, 0, 1);
	CHECK_EQ(key.family, FRAME_NOT_IP);
}

/* Every prefix of every frame above is read without leaving it (the address sanitizer sees it), and any bytes. */
static void
keys_of_rubbish(void)
{
	static const uint8_t frame[] = { MACS, 0x88, 0xa8, 0, 7, 0x86, 0xdd, IPV6(0), 44, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, PORTS };
	uint8_t rubbish[80];

	for (uint16_t length = 0; length <= sizeof(frame); length++)
		key_of(frame, length);
	for (int i = 0; i < 20000; i++) {
		memcpy(rubbish, frame, sizeof(rubbish));
		for (int change = 0; change < 4; change++)
			rubbish[12 + random_below(60)] = (uint8_t)random_below(256);
		key_of(rubbish, (uint16_t)random_below(sizeof(rubbish)));
	}
}

#define TYPE(...) KEY(__VA_ARGS__).packet_type

static void
packet_types(void)
{
	CHECK_EQ(TYPE(MACS, 8, 0, IPV4(0, 0, 17), PORTS), RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_UDP);
	CHECK_EQ(TYPE(MACS, 8, 0, IPV4(0x40, 0, 6), PORTS), RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_TCP);
	CHECK_EQ(TYPE(MACS, 8, 0, IPV4(0, 0, 132)), RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_SCTP);
	CHECK_EQ(TYPE(MACS, 8, 0, IPV4(0, 0, 1)), RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_ICMP);
	CHECK_EQ(TYPE(MACS, 8, 0, IPV4(0, 0, 2)), RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_IGMP);
	CHECK_EQ(TYPE(MACS, 8, 0, IPV4(0, 0, 50)), RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_NONFRAG);
	CHECK_EQ(TYPE(MACS, 8, 0, IPV4(0x20, 0, 17), PORTS), RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_FRAG);
	CHECK_EQ(TYPE(MACS, 8, 0, IPV4(0, 7, 17), PORTS), RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_FRAG);
	CHECK_EQ(TYPE(MACS, 8, 0, 0x46, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, ENDS4, 1, 1, 1, 1, PORTS),
		RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4_EXT | RTE_PTYPE_L4_UDP);
	CHECK_EQ(TYPE(MACS, 0x81, 0, 0x60, 5, 8, 0, IPV4(0, 0, 6), PORTS),
		RTE_PTYPE_L2_ETHER_VLAN | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_TCP);
	CHECK_EQ(TYPE(MACS, 0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 8, 0, IPV4(0, 0, 6), PORTS),
		RTE_PTYPE_L2_ETHER_QINQ | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_TCP);
	CHECK_EQ(TYPE(MACS, 0x86, 0xdd, IPV6(17), PORTS), RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6 | RTE_PTYPE_L4_UDP);
	CHECK_EQ(TYPE(MACS, 0x86, 0xdd, IPV6(0), 58, 0, 5, 2, 0, 0, 0, 0, 143, 0),
		RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6_EXT | RTE_PTYPE_L4_ICMP);
	CHECK_EQ(TYPE(MACS, 0x86, 0xdd, IPV6(44), 17, 0, 0, 1, 0, 0, 0, 9, PORTS),
		RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6_EXT | RTE_PTYPE_L4_FRAG);
	CHECK_EQ(TYPE(MACS, 0x86, 0xdd, IPV6(44), 17, 0, 0, 0, 0, 0, 0, 9, PORTS),	/* the only fragment of its datagram */
		RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6_EXT | RTE_PTYPE_L4_UDP);
	CHECK_EQ(TYPE(MACS, 0x86, 0xdd, IPV6(60), 17, 0xff, 0, 0, 0, 0, 0, 0), RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6_EXT);
	CHECK_EQ(TYPE(MACS, 8, 6, 0, 1), RTE_PTYPE_L2_ETHER_ARP);
	CHECK_EQ(TYPE(MACS, 0x81, 0, 0, 5, 8, 6, 0, 1), RTE_PTYPE_L2_ETHER_ARP);
	CHECK_EQ(TYPE(MACS, 0x88, 0xcc), RTE_PTYPE_L2_ETHER_LLDP);
	CHECK_EQ(TYPE(MACS, 0x88, 0xb5), RTE_PTYPE_L2_ETHER);
	CHECK_EQ(TYPE(MACS, 8, 0, 0x45, 0, 0), RTE_PTYPE_L2_ETHER);
	CHECK_EQ(TYPE(2, 0, 0), 0);
}

static void
where_headers_are(void)
{
	struct frame_key key = KEY(MACS, 8, 0, IPV4(0, 0, 17), PORTS);

	CHECK_EQ(key.l3_offset, 14);
	CHECK_EQ(key.l4_offset, 34);
	key = KEY(MACS, 0x81, 0, 0x60, 5, 8, 0, IPV4(0, 0, 6), PORTS);
	CHECK_EQ(key.l3_offset, 18);
	CHECK_EQ(key.l4_offset, 38);
	CHECK_EQ(key.vlan_tci, 0x6005);
	key = KEY(MACS, 8, 0, IPV4(0, 7, 17), PORTS);
	CHECK_EQ(key.l3_offset, 14);
	CHECK_EQ(key.l4_offset, 0);
	key = KEY(MACS, 0x86, 0xdd, IPV6(0), 58, 0, 5, 2, 0, 0, 0, 0, 143, 0);
	CHECK_EQ(key.l4_offset, 14 + 40 + 8);
	key = KEY(MACS, 0x86, 0xdd, IPV6(60), 17, 0xff, 0, 0, 0, 0, 0, 0);
	CHECK_EQ(key.l3_offset, 14);
	CHECK_EQ(key.l4_offset, 0);
	key = KEY(MACS, 8, 6, 0, 1);
	CHECK_EQ(key.l3_offset, 0);
}

static void
the_outermost_tag_is_the_one_the_device_took_off(void)
{
	struct frame_key key = key_with(BYTES(MACS, 0x81, 0, 0, 8, 8, 0, IPV4(0, 0, 6), PORTS),
		RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED, 0xa007);

	CHECK_EQ(key.vlan, 7);
	CHECK_EQ(key.vlan_tci, 0xa007);
	CHECK_EQ(key.family, FRAME_IPV4);
}

/* A frame of nothing but tags asks for no more work than a few of them. */
static void
tags_without_end_are_not_followed(void)
{
	uint8_t frame[1500];

	memset(frame, 2, 12);
	for (unsigned int at = 12; at < sizeof(frame); at += 4) {
		frame[at] = 0x81;
		frame[at + 1] = frame[at + 2] = frame[at + 3] = 0;
	}
	CHECK_EQ(key_of(frame, sizeof(frame)).packet_type, RTE_PTYPE_L2_ETHER_QINQ);
	frame[12 + 4 * 9] = 8;		/* IPv4 behind more tags than are followed */
	frame[14 + 4 * 9] = 0x45;
	CHECK_EQ(key_of(frame, sizeof(frame)).family, FRAME_NOT_IP);
}

/* ---- hashes ---- */

#define HASH(...) ((void)KEY(__VA_ARGS__), hash)

static void
both_directions_hash_alike(void)
{
	CHECK_EQ(HASH(MACS, 8, 0, IPV4(0, 0, 17), PORTS), HASH(MACS_BACK, 8, 0, IPV4_OF(0, 0, 17, ENDS4_BACK), PORTS_BACK));
	CHECK(HASH(MACS, 8, 0, IPV4(0, 0, 17), PORTS) != HASH(MACS_BACK, 8, 0, IPV4_OF(0, 0, 17, ENDS4_BACK), PORTS));
	CHECK(HASH(MACS, 8, 0, IPV4(0, 0, 17), PORTS) != HASH(MACS, 8, 0, IPV4(0, 0, 6), PORTS));
	CHECK_EQ(HASH(MACS, 0x86, 0xdd, IPV6(17), PORTS), HASH(MACS_BACK, 0x86, 0xdd, IPV6_BACK(17), PORTS_BACK));
	CHECK(HASH(MACS, 0x86, 0xdd, IPV6(17), PORTS) != HASH(MACS_BACK, 0x86, 0xdd, IPV6_BACK(17), PORTS));
	CHECK_EQ(HASH(MACS, 8, 6, 0, 1), HASH(MACS_BACK, 8, 6, 0, 2));
	CHECK(HASH(MACS, 8, 6, 0, 1) != HASH(2, 0, 0, 0, 0, 3, 2, 0, 0, 0, 0, 2, 8, 6, 0, 1));
	/* The way in does not matter. */
	CHECK_EQ(HASH(MACS, 8, 0, IPV4(0, 0, 17), PORTS), HASH(MACS, 0x81, 0, 0, 5, 8, 0, IPV4(0, 0, 17), PORTS));
}

static void
fragments_of_a_datagram_hash_alike(void)
{
	uint32_t first = HASH(MACS, 8, 0, IPV4(0x20, 0, 17), PORTS);

	CHECK_EQ(HASH(MACS, 8, 0, IPV4(0x20, 9, 17), 1, 2, 3, 4, 5, 6, 7, 8), first);
	CHECK_EQ(HASH(MACS, 8, 0, IPV4(0, 18, 17), 8, 7), first);
	CHECK_EQ(HASH(MACS_BACK, 8, 0, IPV4_OF(0, 18, 17, ENDS4_BACK), 8, 7), first);
	first = HASH(MACS, 0x86, 0xdd, IPV6(44), 60, 0, 0, 1, 0, 0, 0, 9, 17, 0, 1, 4, 0, 0, 0, 0, PORTS);
	CHECK_EQ(HASH(MACS, 0x86, 0xdd, IPV6(44), 60, 0, 0, 9, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8), first);
	CHECK_EQ(HASH(MACS, 0x86, 0xdd, IPV6(44), 60, 0, 0, 16, 0, 0, 0, 9, 1, 2), first);
	/* A datagram whose only fragment has the header is of the flow that has none. */
	CHECK_EQ(HASH(MACS, 0x86, 0xdd, IPV6(44), 17, 0, 0, 0, 0, 0, 0, 9, PORTS), HASH(MACS, 0x86, 0xdd, IPV6(17), PORTS));
}

#define FLOWS 65536u

/* Chi-square over some numbers of buckets, taken from the hash's low end, its high end, and as a remainder; six deviations from what
 * is expected of chance is far out. */
static void
check_spread(struct frame_key (*flow)(uint32_t), const char *what)
{
	static const uint32_t buckets[] = { 2, 3, 7, 32, 128, 512, 1000 };
	static uint32_t hashes[FLOWS];
	struct rte_mbuf mbuf = { .data_len = 0 };

	for (uint32_t i = 0; i < FLOWS; i++) {
		struct frame_key key = flow(i);

		hashes[i] = frame_flow_hash(&mbuf, &key);
	}
	for (size_t b = 0; b < RTE_DIM(buckets); b++)
		for (unsigned int shift = 0; shift <= 22; shift += 11) {
			uint32_t counts[1000] = { 0 }, n = buckets[b], below = UINT32_MAX >> shift;
			double expected = (double)FLOWS / n, chi = 0, far;

			/* Of few values the remainder by 1000 is uneven by itself. */
			if ((n & (n - 1)) != 0 && below / n < 64)
				continue;
			for (uint32_t i = 0; i < FLOWS; i++)
				counts[(hashes[i] >> shift) % n]++;
			for (uint32_t i = 0; i < n; i++)
				chi += (counts[i] - expected) * (counts[i] - expected) / expected;
			far = chi - (n - 1);
			if (far * far > 36.0 * 2 * (n - 1) && far > 0) {
				printf("    %s: %u buckets of bits from %u: chi-square %.0f\n", what, n, shift, chi);
				CHECK(!"spread");
			}
		}
}

static struct frame_key
flow4(uint32_t src, uint32_t dst, uint32_t src_port, uint32_t dst_port)
{
	return (struct frame_key){ .family = FRAME_IPV4, .proto = 17, .packet_type = RTE_PTYPE_L4_UDP, .src4 = src, .dst4 = dst,
		.src_port = src_port, .dst_port = dst_port };
}

static struct frame_key
next_client(uint32_t i)
{
	return flow4(0x0a000000 + i, 0xc0a80001, 40000, 443);
}

static struct frame_key
next_port(uint32_t i)
{
	return flow4(0x0a000001, 0xc0a80001, i, 443);
}

/* What a generator does that counts both addresses on: low bits of the ends go together. */
static struct frame_key
next_pair(uint32_t i)
{
	return flow4(0x0a000000 + i, 0x0b000000 + i, 1024 + i % 50000, 1024 + i % 50000);
}

static struct frame_key
mesh(uint32_t i)
{
	return flow4(0x0a000000 + i / 256, 0x0a000100 + i % 256, 5000, 5000);
}

static struct frame_key
next_client6(uint32_t i)
{
	return (struct frame_key){ .family = FRAME_IPV6, .proto = 6, .packet_type = RTE_PTYPE_L4_TCP,
		.src6 = { UINT64_C(0x20010db800000000), 0x100 + i }, .dst6 = { UINT64_C(0x20010db800000000), 1 },
		.src_port = 40000, .dst_port = 443 };
}

static struct frame_key
next_network6(uint32_t i)
{
	return (struct frame_key){ .family = FRAME_IPV6, .proto = 6, .packet_type = RTE_PTYPE_L4_TCP,
		.src6 = { UINT64_C(0x20010db800000000) + ((uint64_t)i << 16), 1 }, .dst6 = { UINT64_C(0x20010db800000000), 1 },
		.src_port = 443, .dst_port = 443 };
}

/* Between two hosts of a network, both of which count on. */
static struct frame_key
fragments(uint32_t i)
{
	struct frame_key key = flow4(0x0a000000 + i % 256, 0x0a000100 + i / 256, 0, 0);

	key.packet_type = RTE_PTYPE_L4_FRAG;
	return key;
}

static void
flows_spread_over_buckets(void)
{
	check_spread(next_client, "clients");
	check_spread(next_port, "ports");
	check_spread(next_pair, "pairs");
	check_spread(mesh, "mesh");
	check_spread(next_client6, "IPv6 clients");
	check_spread(next_network6, "IPv6 networks");
	check_spread(fragments, "fragments");
}

/* A flow from a host and port to itself: nothing cancels out. */
static void
flows_to_oneself_spread(void)
{
	uint32_t first = HASH(MACS, 8, 0, IPV4_OF(0, 0, 17, 127, 0, 0, 1, 127, 0, 0, 1), 0, 53, 0, 53, 0, 8, 0, 0);

	CHECK(HASH(MACS, 8, 0, IPV4_OF(0, 0, 17, 127, 0, 0, 2, 127, 0, 0, 2), 0, 53, 0, 53, 0, 8, 0, 0) != first);
	CHECK(HASH(MACS, 8, 0, IPV4_OF(0, 0, 17, 127, 0, 0, 1, 127, 0, 0, 1), 0, 54, 0, 54, 0, 8, 0, 0) != first);
	CHECK(HASH(MACS, 8, 0, IPV4_OF(0, 0, 6, 127, 0, 0, 1, 127, 0, 0, 1), 0, 53, 0, 53, 0, 8, 0, 0) != first);
}

int
main(void)
{
	RUN(keys_of_frames);
	RUN(keys_of_rubbish);
	RUN(packet_types);
	RUN(where_headers_are);
	RUN(the_outermost_tag_is_the_one_the_device_took_off);
	RUN(tags_without_end_are_not_followed);
	RUN(both_directions_hash_alike);
	RUN(fragments_of_a_datagram_hash_alike);
	RUN(flows_spread_over_buckets);
	RUN(flows_to_oneself_spread);
	return check_summary();
}
