/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the parser sees, and the hash: the vectors are those Microsoft publishes to verify RSS ("Verifying the RSS Hash Calculation").
 */
#include "check.h"

#include <stdlib.h>

#include "bytes.h"
#include "checksum.h"
#include "classify.h"
#include "registers.h"

static const struct packet_rules rules = { .tpid = 0x8100, .outer_tpid = 0x88A8, .udp_tunnels = 1, .udp_tunnel_port = { 4789 } };
static uint8_t bar[XL710_BAR_SIZE];
static struct toeplitz toeplitz;

static const uint8_t published_key[40] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
	0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

static void
set_register(uint32_t offset, uint32_t value)
{
	store32le(bar + offset, value);
}

/* The key, all types enabled, and the usual input sets. */
static void
set_up(void)
{
	static const uint64_t ipv4 = UINT64_C(0x0001801800000000), ipv6 = UINT64_C(0x0007FFF800000000), ports = UINT64_C(0x0000000600000000);

	memset(bar, 0, sizeof(bar));
	for (unsigned int i = 0; i < 10; i++)
		set_register(XR_AT(PFQF_HKEY, i), load32le(published_key + 4 * i));
	set_register(XR_AT(PFQF_HENA, 0), UINT32_MAX);
	set_register(XR_AT(PFQF_HENA, 1), UINT32_MAX);
	set_register(XR_GLQF_CTL, XF_GLQF_CTL_HTOEP);
	for (unsigned int type = 31; type <= 46; type++) {
		uint64_t set = type < 40 ? ipv4 : ipv6;

		if (type == PCTYPE_IPV4_TCP || type == PCTYPE_IPV4_UDP || type == PCTYPE_IPV6_TCP || type == PCTYPE_IPV6_UDP)
			set |= ports;
		set_register(XR_AT2(GLQF_HASH_INSET, 0, type), (uint32_t)set);
		set_register(XR_AT2(GLQF_HASH_INSET, 1, type), (uint32_t)(set >> 32));
	}
	classify_refresh_key(&toeplitz, bar);
}

static uint32_t
ip4(unsigned int a, unsigned int b, unsigned int c, unsigned int d)
{
	return a << 24 | b << 16 | c << 8 | d;
}

static uint32_t
make_ipv4(uint8_t *frame, uint8_t protocol, uint32_t source, uint16_t source_port, uint32_t destination, uint16_t destination_port)
{
	memset(frame, 0, 74);
	store16be(frame + 12, 0x0800);
	frame[14] = 0x45;
	store16be(frame + 16, 40);
	frame[23] = protocol;
	store32be(frame + 26, source);
	store32be(frame + 30, destination);
	store16be(frame + 34, source_port);
	store16be(frame + 36, destination_port);
	return 74;
}

static uint32_t
make_ipv6(uint8_t *frame, uint8_t protocol, const char *source, uint16_t source_port, const char *destination, uint16_t destination_port)
{
	memset(frame, 0, 94);
	store16be(frame + 12, 0x86DD);
	frame[14] = 0x60;
	store16be(frame + 18, 20);
	frame[20] = protocol;
	for (unsigned int i = 0; i < 16; i++) {
		sscanf(source + 2 * i, "%2hhx", frame + 22 + i);
		sscanf(destination + 2 * i, "%2hhx", frame + 38 + i);
	}
	store16be(frame + 54, source_port);
	store16be(frame + 56, destination_port);
	return 94;
}

static uint32_t
hash_of(const uint8_t *frame, uint32_t length)
{
	struct packet packet;
	uint32_t hash = 0;

	packet_parse(&packet, frame, length, &rules);
	CHECK(classify_hash(&toeplitz, bar, &packet, &hash));
	return hash;
}

static void
published_ipv4_vectors(void)
{
	static const struct { uint8_t to[4]; uint16_t to_port; uint8_t from[4]; uint16_t from_port; uint32_t ip, ports; } vectors[] = {
		{ { 161, 142, 100, 80 }, 1766, { 66, 9, 149, 187 }, 2794, 0x323e8fc2, 0x51ccc178 },
		{ { 65, 69, 140, 83 }, 4739, { 199, 92, 111, 2 }, 14230, 0xd718262a, 0xc626b0ea },
		{ { 12, 22, 207, 184 }, 38024, { 24, 19, 198, 95 }, 12898, 0xd2d0a5de, 0x5c2b394a },
		{ { 209, 142, 163, 6 }, 2217, { 38, 27, 205, 30 }, 48228, 0x82989176, 0xafc7327f },
		{ { 202, 188, 127, 2 }, 1303, { 153, 39, 163, 191 }, 44251, 0x5d1809c5, 0x10e828a2 },
	};
	uint8_t frame[128];

	set_up();
	for (unsigned int i = 0; i < 5; i++) {
		uint32_t to = load32be(vectors[i].to), from = load32be(vectors[i].from);

		CHECK_EQ(hash_of(frame, make_ipv4(frame, 6, from, vectors[i].from_port, to, vectors[i].to_port)), vectors[i].ports);
		CHECK_EQ(hash_of(frame, make_ipv4(frame, 17, from, vectors[i].from_port, to, vectors[i].to_port)), vectors[i].ports);
		CHECK_EQ(hash_of(frame, make_ipv4(frame, 1, from, 0, to, 0)), vectors[i].ip);
	}
}

static void
published_ipv6_vectors(void)
{
	static const struct { const char *to; uint16_t to_port; const char *from; uint16_t from_port; uint32_t ip, ports; } vectors[] = {
		{ "3ffe2501020000030000000000000001", 1766, "3ffe250102001fff0000000000000007", 2794, 0x2cc18cd5, 0x40207d3d },
		{ "ff020000000000000000000000000001", 4739, "3ffe050100080000026097fffe40efab", 14230, 0x0f0c461c, 0xdde51bbf },
		{ "fe800000000000000200f8fffe2167cf", 38024, "3ffe1900454500030200f8fffe2167cf", 44251, 0x4b61e985, 0x02d1feef },
	};
	uint8_t frame[128];

	set_up();
	for (unsigned int i = 0; i < 3; i++) {
		CHECK_EQ(hash_of(frame, make_ipv6(frame, 59, vectors[i].from, 0, vectors[i].to, 0)), vectors[i].ip);
		CHECK_EQ(hash_of(frame, make_ipv6(frame, 6, vectors[i].from, vectors[i].from_port, vectors[i].to, vectors[i].to_port)),
			vectors[i].ports);
	}
}

static void
both_directions_of_a_symmetric_hash_agree(void)
{
	uint8_t frame[128];
	uint32_t there, back, one = ip4(10, 0, 0, 1), two = ip4(10, 9, 8, 7);

	set_up();
	there = hash_of(frame, make_ipv4(frame, 17, one, 5000, two, 53));
	back = hash_of(frame, make_ipv4(frame, 17, two, 53, one, 5000));
	CHECK(there != back);
	set_register(XR_PRTQF_CTL_0, 1);
	CHECK_EQ(hash_of(frame, make_ipv4(frame, 17, two, 53, one, 5000)), back); /* the type is not symmetric yet */
	set_register(XR_AT(GLQF_HSYM, PCTYPE_IPV4_UDP), 1);
	there = hash_of(frame, make_ipv4(frame, 17, one, 5000, two, 53));
	CHECK_EQ(hash_of(frame, make_ipv4(frame, 17, two, 53, one, 5000)), there);
	CHECK(hash_of(frame, make_ipv4(frame, 17, two, 54, one, 5000)) != there);
}

static void
simple_xor_masks_and_disabled_types(void)
{
	uint8_t frame[128];
	struct packet packet;
	uint32_t hash;

	set_up();
	set_register(XR_GLQF_CTL, 0);
	CHECK_EQ(hash_of(frame, make_ipv4(frame, 17, 0x01020304, 0x1111, 0x10203040, 0x2222)), 0x01020304 ^ 0x10203040 ^ 0x11112222);
	/* The low byte of the source port (word 29) out of the set. */
	set_register(XR_AT2(GLQF_HASH_MSK, 0, PCTYPE_IPV4_UDP), 29u << 16 | 0x00FF);
	CHECK_EQ(hash_of(frame, make_ipv4(frame, 17, 0, 0x1234, 0, 0)), 0x12000000);
	set_register(XR_AT(PFQF_HENA, 0), ~(1u << PCTYPE_IPV4_UDP));
	packet_parse(&packet, frame, make_ipv4(frame, 17, 0, 0, 0, 0), &rules);
	CHECK(!classify_hash(&toeplitz, bar, &packet, &hash));
}

static struct packet
parsed(const uint8_t *frame, uint32_t length)
{
	struct packet packet;

	packet_parse(&packet, frame, length, &rules);
	return packet;
}

static void
types_of_plain_packets(void)
{
	static const struct { uint8_t protocol, type4, class4, type6, class6; } cases[] = {
		{ 17, 24, 31, 90, 41 }, { 6, 26, 33, 92, 43 }, { 132, 27, 34, 93, 44 }, { 99, 23, 35, 89, 45 },
	};
	uint8_t frame[128];
	struct packet packet;
	static const char zero[] = "00000000000000000000000000000000";

	for (unsigned int i = 0; i < 4; i++) {
		packet = parsed(frame, make_ipv4(frame, cases[i].protocol, 1, 2, 3, 4));
		CHECK_EQ(packet.ptype, cases[i].type4);
		CHECK_EQ(packet.pctype, cases[i].class4);
		packet = parsed(frame, make_ipv6(frame, cases[i].protocol, zero, 2, zero, 4));
		CHECK_EQ(packet.ptype, cases[i].type6);
		CHECK_EQ(packet.pctype, cases[i].class6);
	}
	CHECK_EQ(parsed(frame, make_ipv4(frame, 1, 1, 2, 3, 4)).ptype, 28);
	CHECK_EQ(parsed(frame, make_ipv6(frame, 58, zero, 2, zero, 4)).ptype, 94);
	make_ipv4(frame, 17, 1, 2, 3, 4);
	store16be(frame + 20, 0x2000);
	packet = parsed(frame, 74);
	CHECK_EQ(packet.ptype, 22);
	CHECK_EQ(packet.pctype, PCTYPE_IPV4_FRAGMENT);
	memset(frame, 0, sizeof(frame));
	store16be(frame + 12, 0x0806);
	CHECK_EQ(parsed(frame, 60).ptype, 11);
	store16be(frame + 12, 0x88CC);
	CHECK_EQ(parsed(frame, 60).ptype, 6);
	store16be(frame + 12, 0x88F7);
	CHECK_EQ(parsed(frame, 60).ptype, 2);
	store16be(frame + 12, 0x9999);
	packet = parsed(frame, 60);
	CHECK_EQ(packet.ptype, 1);
	CHECK_EQ(packet.pctype, PCTYPE_L2_PAYLOAD);
	CHECK_EQ(packet_field(&packet, 49), 0x9999);
}

static void
tags_change_no_type(void)
{
	uint8_t frame[128], tagged[128];
	struct packet packet;
	uint32_t length = make_ipv4(frame, 17, 1, 0x1234, 3, 4);

	memcpy(tagged, frame, 12);
	store16be(tagged + 12, 0x8100);
	store16be(tagged + 14, 0xA123);
	memcpy(tagged + 16, frame + 12, length - 12);
	packet = parsed(tagged, length + 4);
	CHECK_EQ(packet.ptype, 24);
	CHECK_EQ(packet.tags, 1);
	CHECK_EQ(packet_field(&packet, 8), 0xA123);
	CHECK_EQ(packet_field(&packet, 29), 0x1234);
	store16be(tagged + 12, 0x88A8);
	packet = parsed(tagged, length + 4);
	CHECK(packet.outer_tagged);
	CHECK_EQ(packet_field(&packet, 37), 0xA123);
}

static void
tunnels(void)
{
	uint8_t frame[256] = { 0 }, inner[128];
	uint32_t inner_length = make_ipv4(inner, 6, 1, 0x1111, 2, 0x2222);
	struct packet packet;

	/* VXLAN: a whole frame behind UDP and eight bytes. */
	make_ipv4(frame, 17, ip4(1, 1, 1, 1), 5, ip4(2, 2, 2, 2), 4789);
	store16be(frame + 16, (uint16_t)(36 + inner_length));
	store32be(frame + 42 + 4, 0x00ABCD00);
	memcpy(frame + 50, inner, inner_length);
	packet = parsed(frame, 50 + inner_length);
	CHECK_EQ(packet.ptype, 63); /* IPv4, tunnel, MAC, IPv4 TCP */
	CHECK_EQ(packet.pctype, PCTYPE_IPV4_TCP);
	CHECK_EQ(packet_field(&packet, 29), 0x1111);
	CHECK_EQ(packet_field(&packet, 44), 0x00AB);
	CHECK_EQ(packet_field(&packet, 45), 0xCD00);
	/* IP in IP, and in IPv6. */
	make_ipv4(frame, 4, 1, 0, 2, 0);
	store16be(frame + 16, (uint16_t)(20 + inner_length - 14));
	memcpy(frame + 34, inner + 14, inner_length - 14);
	CHECK_EQ(parsed(frame, 34 + inner_length - 14).ptype, 33);
	make_ipv6(frame, 4, "00000000000000000000000000000000", 0, "00000000000000000000000000000000", 0);
	memcpy(frame + 54, inner + 14, inner_length - 14);
	CHECK_EQ(parsed(frame, 54 + inner_length - 14).ptype, 99);
	/* GRE with a key, and one that carries what nobody knows. */
	make_ipv4(frame, 47, 1, 0, 2, 0);
	store16be(frame + 16, (uint16_t)(28 + inner_length - 14));
	store32be(frame + 34, 0x20000800);
	store32be(frame + 38, 0x01020304);
	memcpy(frame + 42, inner + 14, inner_length - 14);
	packet = parsed(frame, 42 + inner_length - 14);
	CHECK_EQ(packet.ptype, 48);
	CHECK_EQ(packet_field(&packet, 45), 0x0304);
	store32be(frame + 34, 0x20001234);
	CHECK_EQ(parsed(frame, 100).ptype, 43);
}

static void
cut_packets_stay_inside(void)
{
	uint8_t whole[256] = { 0 };

	make_ipv4(whole, 17, 1, 1, 2, 4789);
	store16be(whole + 16, 120);
	make_ipv4(whole + 50, 6, 1, 1, 2, 2);
	for (uint32_t length = 14; length <= 140; length++) {
		uint8_t *frame = malloc(length);
		struct packet packet;

		CHECK(frame != NULL);
		memcpy(frame, whole, length);
		packet_parse(&packet, frame, length, &rules);
		for (unsigned int word = 0; word < PACKET_FIELD_WORDS; word++)
			packet_field(&packet, word);
		for (unsigned int layer = 2; layer <= 4; layer++)
			CHECK(packet_layer_payload(&packet, layer) <= length);
		checksum_verdict(&packet);
		free(frame);
	}
}

static void
verdicts(void)
{
	uint8_t frame[128];
	uint32_t length = make_ipv4(frame, 17, ip4(10, 0, 0, 1), 1, ip4(10, 0, 0, 2), 2);
	struct packet packet;

	store16be(frame + 38, 20);
	checksum_insert_ipv4(frame + 14, 20);
	packet = parsed(frame, length);
	CHECK_EQ(checksum_verdict(&packet), CHECKSUM_EXAMINED); /* UDP without a checksum */
	CHECK(checksum_insert_l4(frame + 34, 20, 17, checksum_pseudo(frame + 14, 4, 17, 20)));
	CHECK_EQ(checksum_verdict(&packet), CHECKSUM_EXAMINED);
	frame[45] ^= 1;
	CHECK_EQ(checksum_verdict(&packet), CHECKSUM_EXAMINED | CHECKSUM_L4_BAD);
	frame[22] ^= 1;
	CHECK_EQ(checksum_verdict(&packet), CHECKSUM_EXAMINED | CHECKSUM_L4_BAD | CHECKSUM_IP_BAD);
	/* SCTP: CRC32c of "123456789" is the known check value. */
	CHECK_EQ((uint32_t)~checksum_crc32c((const uint8_t *)"123456789", 9, 0xFFFFFFFF), 0xE3069283);
	length = make_ipv4(frame, 132, 1, 1, 2, 2);
	checksum_insert_ipv4(frame + 14, 20);
	checksum_insert_l4(frame + 34, 20, 132, 0);
	packet = parsed(frame, length);
	CHECK_EQ(checksum_verdict(&packet), CHECKSUM_EXAMINED);
	frame[50] ^= 1;
	CHECK_EQ(checksum_verdict(&packet), CHECKSUM_EXAMINED | CHECKSUM_L4_BAD);
	store16be(frame + 12, 0x1234);
	packet = parsed(frame, length);
	CHECK_EQ(checksum_verdict(&packet), 0);
}

int
main(void)
{
	RUN(published_ipv4_vectors);
	RUN(published_ipv6_vectors);
	RUN(both_directions_of_a_symmetric_hash_agree);
	RUN(simple_xor_masks_and_disabled_types);
	RUN(types_of_plain_packets);
	RUN(tags_change_no_type);
	RUN(tunnels);
	RUN(cut_packets_stay_inside);
	RUN(verdicts);
	return check_summary();
}
