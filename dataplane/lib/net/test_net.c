/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Headers: addresses, tags, checksums against bytes known from outside (RFC 1071, captured packets), packet types.
 */
#include <stdlib.h>

#include <rte_arp.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ether.h>
#include <rte_icmp.h>
#include <rte_net.h>

#include "check.h"

static struct rte_mempool *pool;

static struct rte_mbuf *
packet(const void *bytes, uint32_t length, uint32_t segment)
{
	struct rte_mbuf *m = NULL;
	const char *from = bytes;

	while (length != 0 || m == NULL) {
		uint16_t n = (uint16_t)RTE_MIN(length, segment);
		struct rte_mbuf *part = rte_pktmbuf_alloc(pool);

		CHECK(part != NULL);
		memcpy(rte_pktmbuf_append(part, n), from, n);
		if (m == NULL)
			m = part;
		else
			CHECK_EQ(rte_pktmbuf_chain(m, part), 0);
		from += n;
		length -= n;
	}
	return m;
}

static void
addresses_are_told_apart(void)
{
	struct rte_ether_addr zero = {{0}}, all = {{255, 255, 255, 255, 255, 255}}, multi = {{1, 0, 0x5e, 0, 0, 1}};
	struct rte_ether_addr local = {{2, 0, 0, 0, 0, 7}}, universal = {{0, 0x1b, 0x21, 1, 2, 3}}, copy;
	unsigned int i;

	CHECK(rte_is_zero_ether_addr(&zero) && !rte_is_zero_ether_addr(&local));
	CHECK(rte_is_broadcast_ether_addr(&all) && !rte_is_broadcast_ether_addr(&multi));
	CHECK(rte_is_multicast_ether_addr(&multi) && rte_is_multicast_ether_addr(&all));
	CHECK(!rte_is_multicast_ether_addr(&local));
	CHECK(rte_is_unicast_ether_addr(&local) && !rte_is_unicast_ether_addr(&multi));
	CHECK(rte_is_local_admin_ether_addr(&local) && rte_is_universal_ether_addr(&universal));
	CHECK(rte_is_valid_assigned_ether_addr(&universal) && !rte_is_valid_assigned_ether_addr(&zero));
	CHECK(!rte_is_valid_assigned_ether_addr(&multi));
	rte_ether_addr_copy(&universal, &copy);
	CHECK(rte_is_same_ether_addr(&universal, &copy));
	for (i = 0; i < 6; i++) {
		copy = universal;
		copy.addr_bytes[i] ^= 0x80;
		CHECK(!rte_is_same_ether_addr(&universal, &copy));
	}
	for (i = 0; i < 100; i++) {
		struct rte_ether_addr before = copy;

		rte_eth_random_addr(copy.addr_bytes);
		CHECK(rte_is_valid_assigned_ether_addr(&copy) && rte_is_local_admin_ether_addr(&copy));
		CHECK(!rte_is_same_ether_addr(&copy, &before));
	}
}

static void
addresses_are_read_and_printed(void)
{
	static const struct {
		const char *text;
		const char *printed; /* NULL: refused */
	} cases[] = {
		{"00:1b:21:0A:ff:03", "00:1B:21:0A:FF:03"},
		{"1:2:3:4:5:f", "01:02:03:04:05:0F"},
		{"0011:2233:aAbB", "00:11:22:33:AA:BB"},
		{"00:1b:21:0a:ff", NULL}, {"00:1b:21:0a:ff:03:04", NULL}, {"00:1b:21:0a:ff:003", NULL}, {"", NULL},
		{"00:1b:21:0a:ff:0g", NULL}, {"00:1b::0a:ff:03", NULL}, {"00:1b:21:0a:ff:03 ", NULL}, {":1:2:3:4:5:6", NULL},
		{"0011:2233:4455:6677", NULL}, {"011:2233:4455", NULL}, {"00-1b-21-0a-ff-03", NULL}, {"+1:2:3:4:5:6", NULL},
	};
	char text[RTE_ETHER_ADDR_FMT_SIZE];
	struct rte_ether_addr addr;
	unsigned int i;

	for (i = 0; i < RTE_DIM(cases); i++) {
		memset(&addr, 0xee, sizeof(addr));
		rte_errno = 0;
		if (cases[i].printed == NULL) {
			CHECK_EQ(rte_ether_unformat_addr(cases[i].text, &addr), -1);
			CHECK_EQ(rte_errno, EINVAL);
			CHECK_EQ(addr.addr_bytes[0], 0xee);
			continue;
		}
		CHECK_EQ(rte_ether_unformat_addr(cases[i].text, &addr), 0);
		rte_ether_format_addr(text, sizeof(text), &addr);
		CHECK_STR(text, cases[i].printed);
	}
	rte_ether_format_addr(text, 6, &addr);
	CHECK_EQ(strlen(text), 5);
}

static void
tags_come_and_go(void)
{
	static const uint8_t frame[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x81, 0, 0x60, 0x64, 8, 0, 0x45, 0x99};
	static const uint8_t bare[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0, 0x45, 0x99};
	struct rte_mbuf *m = packet(frame, sizeof(frame), 64), *clone;

	CHECK_EQ(rte_vlan_strip(m), 0);
	CHECK_EQ(m->pkt_len, sizeof(bare));
	CHECK_MEM(rte_pktmbuf_mtod(m, char *), bare, sizeof(bare));
	CHECK_EQ(m->vlan_tci, 0x6064);
	CHECK_EQ(RTE_VLAN_TCI_ID(m->vlan_tci), 100);
	CHECK_EQ(RTE_VLAN_TCI_PRI(m->vlan_tci), 3);
	CHECK_EQ(RTE_VLAN_TCI_MAKE(100, 3, 0), 0x6064);
	CHECK_EQ(m->ol_flags, RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED);
	CHECK_EQ(rte_vlan_strip(m), -1);
	m->l2_len = 14;
	clone = rte_pktmbuf_clone(m, pool);
	CHECK_EQ(rte_vlan_insert(&m), -EINVAL);
	CHECK_EQ(rte_vlan_insert(&clone), -EINVAL);
	rte_pktmbuf_free(clone);
	CHECK_EQ(rte_vlan_insert(&m), 0);
	CHECK_EQ(m->l2_len, 18);
	CHECK_EQ(m->ol_flags, RTE_MBUF_F_RX_VLAN);
	CHECK_EQ(m->pkt_len, sizeof(frame));
	CHECK_MEM(rte_pktmbuf_mtod(m, char *), frame, sizeof(frame));
	CHECK(rte_pktmbuf_prepend(m, rte_pktmbuf_headroom(m)) != NULL);
	CHECK_EQ(rte_vlan_insert(&m), -ENOSPC);
	rte_pktmbuf_free(m);
	m = packet(frame, 15, 64); /* ends inside the tag */
	CHECK_EQ(rte_vlan_strip(m), -1);
	rte_pktmbuf_free(m);
}

/* The sum as RFC 1071 defines it, word by word in network order. */
static uint16_t
plain_sum(const uint8_t *bytes, size_t n)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static void
sums_match_the_definition(void)
{
	static const uint8_t rfc[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}; /* RFC 1071, section 3 */
	static uint8_t bytes[70000];
	uint32_t seed = 1;
	size_t i, n;

	CHECK_EQ(rte_be_to_cpu_16(rte_raw_cksum(rfc, sizeof(rfc))), 0xddf2);
	CHECK_EQ(rte_raw_cksum(bytes, sizeof(bytes)), 0);
	for (i = 0; i < sizeof(bytes); i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(seed >> 24);
	}
	for (n = 0; n < 300; n++) {
		for (i = 0; i < 4; i++)
			CHECK_EQ(rte_be_to_cpu_16(rte_raw_cksum(bytes + i, n)), plain_sum(bytes + i, n));
	}
	CHECK_EQ(rte_be_to_cpu_16(rte_raw_cksum(bytes, 65535)), plain_sum(bytes, 65535));
	memset(bytes, 0xff, sizeof(bytes));
	CHECK_EQ(rte_raw_cksum(bytes, 65534), 0xffff);
	CHECK_EQ(__rte_raw_cksum_reduce(__rte_raw_cksum(bytes, 2, 0xffffffffu)), 0xffff);
}

static void
sums_cross_segments(void)
{
	static uint8_t bytes[2000];
	uint32_t segment, off, len;
	uint16_t sum;

	for (off = 0; off < sizeof(bytes); off++)
		bytes[off] = (uint8_t)(off * 31 + off / 256);
	for (segment = 9; segment < 300; segment += 58) {
		struct rte_mbuf *m = packet(bytes, sizeof(bytes), segment);

		for (off = 0; off < 700; off += 33) {
			for (len = 0; off + len <= sizeof(bytes); len += 101) {
				CHECK_EQ(rte_raw_cksum_mbuf(m, off, len, &sum), 0);
				CHECK_EQ(rte_be_to_cpu_16(sum), plain_sum(bytes + off, len));
			}
		}
		CHECK_EQ(rte_raw_cksum_mbuf(m, 0, sizeof(bytes) + 1, &sum), -1);
		CHECK_EQ(rte_raw_cksum_mbuf(m, UINT32_MAX, 2, &sum), -1);
		rte_pktmbuf_free(m);
	}
}

/* An IPv4 header of a captured packet: 45000073 00004000 4011 b861 c0a80001 c0a800c7. */
static void
header_checksum_of_a_known_packet(void)
{
	static const uint8_t bytes[] = {0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8, 0, 1,
		0xc0, 0xa8, 0, 0xc7};
	struct rte_ipv4_hdr ip;

	memcpy(&ip, bytes, sizeof(ip));
	CHECK_EQ(rte_ipv4_hdr_len(&ip), 20);
	CHECK_EQ(rte_ipv4_cksum(&ip), 0);
	ip.hdr_checksum = 0;
	CHECK_EQ(rte_be_to_cpu_16(rte_ipv4_cksum(&ip)), 0xb861);
	CHECK_EQ(rte_be_to_cpu_32(ip.dst_addr), RTE_IPV4(192, 168, 0, 199));
}

/* UDP over IPv4 and IPv6 with checksums computed by hand from the words. */
static const uint8_t udp4[] = {
	0x45, 0, 0, 31, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	0x04, 0xd2, 0x16, 0x2e, 0, 11, 0, 0, 'a', 'b', 'c'};
static const uint8_t udp6[] = {
	0x60, 0, 0, 0, 0, 10, 17, 64,
	0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	0x04, 0xd2, 0x16, 0x2e, 0, 10, 0, 0, 'h', 'i'};

static void
l4_checksums_over_both_ips(void)
{
	uint8_t bytes[64];
	struct rte_ipv4_hdr *ip4 = (struct rte_ipv4_hdr *)bytes;
	struct rte_ipv6_hdr *ip6 = (struct rte_ipv6_hdr *)bytes;
	struct rte_udp_hdr *udp;
	struct rte_mbuf *m;
	uint32_t segment;

	/* 0a00+0001+0a00+0002 + 0011+000b + 04d2+162e+000b + 6162+6300 = f38c; complement 0c73 */
	memcpy(bytes, udp4, sizeof(udp4));
	udp = (struct rte_udp_hdr *)(bytes + 20);
	CHECK_EQ(rte_be_to_cpu_16(rte_ipv4_phdr_cksum(ip4, 0)), 0x1400 + 3 + 0x11 + 0xb);
	CHECK_EQ(rte_be_to_cpu_16(rte_ipv4_phdr_cksum(ip4, RTE_MBUF_F_TX_TCP_SEG)), 0x1400 + 3 + 0x11);
	udp->dgram_cksum = rte_ipv4_udptcp_cksum(ip4, udp);
	CHECK_EQ(rte_be_to_cpu_16(udp->dgram_cksum), 0x0c73);
	CHECK_EQ(rte_ipv4_udptcp_cksum_verify(ip4, udp), 0);
	for (segment = 1; segment < 40; segment++) {
		m = packet(bytes, sizeof(udp4), segment);
		CHECK_EQ(rte_ipv4_udptcp_cksum_mbuf_verify(m, ip4, 20), 0);
		CHECK_EQ(rte_ipv4_udptcp_cksum_mbuf_verify(m, ip4, 21), -1);
		rte_pktmbuf_free(m);
	}
	bytes[30] ^= 1;
	CHECK_EQ(rte_ipv4_udptcp_cksum_verify(ip4, udp), -1);
	bytes[30] ^= 1;
	ip4->total_length = RTE_BE16(19);
	CHECK_EQ(rte_ipv4_udptcp_cksum_verify(ip4, udp), -1);
	/* A sum that comes out as 0 is sent as ffff by UDP, as 0 by TCP. */
	memcpy(bytes, udp4, sizeof(udp4));
	bytes[28] = 0x6d;
	bytes[29] = 0xd5;
	CHECK_EQ(rte_ipv4_udptcp_cksum(ip4, udp), 0xffff);
	ip4->next_proto_id = IPPROTO_TCP;
	bytes[29] += 17 - 6;
	CHECK_EQ(rte_ipv4_udptcp_cksum(ip4, udp), 0);

	/* 2*(2001+0db8) + 1+2 + 000a+0011 + 04d2+162e+000a + 6869 = 5b72+1e+1b0a+6869 = df03; complement 20fc */
	memcpy(bytes, udp6, sizeof(udp6));
	udp = (struct rte_udp_hdr *)(bytes + 40);
	udp->dgram_cksum = rte_ipv6_udptcp_cksum(ip6, udp);
	CHECK_EQ(rte_be_to_cpu_16(udp->dgram_cksum), 0x20fc);
	CHECK_EQ(rte_ipv6_udptcp_cksum_verify(ip6, udp), 0);
	m = packet(bytes, sizeof(udp6), 7);
	CHECK_EQ(rte_ipv6_udptcp_cksum_mbuf_verify(m, ip6, 40), 0);
	udp->dgram_cksum = 0;
	rte_pktmbuf_free(m);
	m = packet(bytes, sizeof(udp6), 45);
	CHECK_EQ(rte_be_to_cpu_16(rte_ipv6_udptcp_cksum_mbuf(m, ip6, 40)), 0x20fc);
	rte_pktmbuf_free(m);
}

#define ALL_LAYERS (RTE_PTYPE_L2_MASK | RTE_PTYPE_L3_MASK | RTE_PTYPE_L4_MASK)

static size_t
frame_of(uint8_t *to, unsigned int tags, uint16_t type, const void *l3, size_t l3_len)
{
	size_t n = 12;

	memset(to, 2, 12);
	for (; tags != 0; tags--, n += 4)
		memcpy(to + n, tags == 2 ? "\x88\xa8\0\x05" : "\x81\0\0\x06", 4);
	to[n++] = (uint8_t)(type >> 8);
	to[n++] = (uint8_t)type;
	memcpy(to + n, l3, l3_len);
	return n + l3_len;
}

static void
check_type(const uint8_t *bytes, size_t n, uint32_t type, unsigned int l2, unsigned int l3, unsigned int l4)
{
	static const uint32_t segments[] = {2000, 64, 13, 1};
	struct rte_net_hdr_lens lens;
	unsigned int i;
	uint32_t cut;

	for (i = 0; i < RTE_DIM(segments); i++) {
		struct rte_mbuf *m = packet(bytes, (uint32_t)n, segments[i]);

		CHECK_EQ(rte_net_get_ptype(m, &lens, ALL_LAYERS), type);
		CHECK_EQ(lens.l2_len, l2);
		CHECK_EQ(lens.l3_len, l3);
		CHECK_EQ(lens.l4_len, l4);
		CHECK_EQ(rte_net_get_ptype(m, NULL, RTE_PTYPE_L2_MASK), type & RTE_PTYPE_L2_MASK);
		CHECK_EQ(rte_net_get_ptype(m, NULL, RTE_PTYPE_L2_MASK | RTE_PTYPE_L3_MASK),
			type & (RTE_PTYPE_L2_MASK | RTE_PTYPE_L3_MASK));
		CHECK_EQ(rte_net_get_ptype(m, NULL, 0), 0);
		rte_pktmbuf_free(m);
	}
	for (cut = 0; cut < n; cut++) { /* whatever is missing, nothing beyond the end is read */
		uint8_t *exact = malloc(cut + 1);
		struct rte_mbuf *m;

		CHECK(exact != NULL);
		memcpy(exact, bytes, cut);
		m = packet(exact, cut, 9);
		(void)rte_net_get_ptype(m, &lens, ALL_LAYERS);
		rte_pktmbuf_free(m);
		free(exact);
	}
}

static void
packets_are_typed(void)
{
	static const uint8_t tcp4[] = {0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
		0, 80, 0, 81, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 2, 0, 0, 0, 0, 0, 0};
	uint8_t bytes[256], ip[128];
	size_t n;

	n = frame_of(bytes, 0, RTE_ETHER_TYPE_IPV4, udp4, sizeof(udp4));
	check_type(bytes, n, RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_UDP, 14, 20, 8);
	n = frame_of(bytes, 1, RTE_ETHER_TYPE_IPV4, tcp4, sizeof(tcp4));
	check_type(bytes, n, RTE_PTYPE_L2_ETHER_VLAN | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_TCP, 18, 20, 20);
	n = frame_of(bytes, 2, RTE_ETHER_TYPE_IPV6, udp6, sizeof(udp6));
	check_type(bytes, n, RTE_PTYPE_L2_ETHER_QINQ | RTE_PTYPE_L3_IPV6 | RTE_PTYPE_L4_UDP, 22, 40, 8);
	n = frame_of(bytes, 0, RTE_ETHER_TYPE_ARP, tcp4, 28);
	check_type(bytes, n, RTE_PTYPE_L2_ETHER, 14, 0, 0);

	memcpy(ip, tcp4, sizeof(tcp4)); /* options */
	ip[0] = 0x46;
	memset(ip + 20, 1, 4);
	memcpy(ip + 24, tcp4 + 20, 20);
	n = frame_of(bytes, 0, RTE_ETHER_TYPE_IPV4, ip, 44);
	check_type(bytes, n, RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4_EXT | RTE_PTYPE_L4_TCP, 14, 24, 20);
	ip[0] = 0x44;
	n = frame_of(bytes, 0, RTE_ETHER_TYPE_IPV4, ip, 44);
	check_type(bytes, n, RTE_PTYPE_L2_ETHER, 14, 16, 0);
	memcpy(ip, tcp4, sizeof(tcp4)); /* a first and a later fragment, ICMP, SCTP */
	ip[6] = 0x20;
	n = frame_of(bytes, 0, RTE_ETHER_TYPE_IPV4, ip, 40);
	check_type(bytes, n, RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_FRAG, 14, 20, 0);
	ip[6] = 0;
	ip[7] = 1;
	n = frame_of(bytes, 0, RTE_ETHER_TYPE_IPV4, ip, 40);
	check_type(bytes, n, RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_FRAG, 14, 20, 0);
	ip[6] = 0x40;
	ip[7] = 0;
	ip[9] = 1;
	n = frame_of(bytes, 0, RTE_ETHER_TYPE_IPV4, ip, 40);
	check_type(bytes, n, RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4, 14, 20, 0);
	ip[9] = 132;
	n = frame_of(bytes, 0, RTE_ETHER_TYPE_IPV4, ip, 40);
	check_type(bytes, n, RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_SCTP, 14, 20, 12);

	memcpy(ip, udp6, 40); /* hop-by-hop of 16 bytes, then a fragment header, then UDP */
	ip[6] = 0;
	memset(ip + 40, 0, 24);
	ip[40] = 44;
	ip[41] = 1;
	ip[56] = 17;
	memcpy(ip + 64, udp6 + 40, 10);
	n = frame_of(bytes, 0, RTE_ETHER_TYPE_IPV6, ip, 74);
	check_type(bytes, n, RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6_EXT | RTE_PTYPE_L4_FRAG, 14, 64, 0);
	ip[40] = 17;
	memcpy(ip + 56, udp6 + 40, 10);
	n = frame_of(bytes, 0, RTE_ETHER_TYPE_IPV6, ip, 66);
	check_type(bytes, n, RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6_EXT | RTE_PTYPE_L4_UDP, 14, 56, 8);
	memset(ip + 40, 0, 64); /* more extension headers than anybody has */
	n = frame_of(bytes, 0, RTE_ETHER_TYPE_IPV6, ip, 100);
	check_type(bytes, n, RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6_EXT, 14, 80, 0);
	CHECK(rte_mempool_full(pool));
}

static void
extension_headers_have_their_lengths(void)
{
	static const uint8_t header[] = {17, 2};
	size_t length = 0;

	CHECK_EQ(rte_ipv6_get_next_ext(header, IPPROTO_HOPOPTS, &length), 17);
	CHECK_EQ(length, 24);
	CHECK_EQ(rte_ipv6_get_next_ext(header, IPPROTO_AH, &length), 17);
	CHECK_EQ(length, 16);
	CHECK_EQ(rte_ipv6_get_next_ext(header, IPPROTO_FRAGMENT, &length), 17);
	CHECK_EQ(length, 8);
	CHECK_EQ(rte_ipv6_get_next_ext(header, IPPROTO_UDP, &length), -EINVAL);
}

static void
rarp_packet_is_whole(void)
{
	struct rte_ether_addr mac = {{2, 3, 4, 5, 6, 7}};
	struct rte_mbuf *m = rte_net_make_rarp_packet(pool, &mac);
	static const uint8_t start[] = {255, 255, 255, 255, 255, 255, 2, 3, 4, 5, 6, 7, 0x80, 0x35, 0, 1, 8, 0, 6, 4, 0, 3,
		2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0};

	CHECK(m != NULL);
	CHECK_EQ(m->pkt_len, 60);
	CHECK_MEM(rte_pktmbuf_mtod(m, char *), start, sizeof(start));
	rte_pktmbuf_free(m);
}

/* Further EAL arguments may follow on the command line. */
int
main(int argc, char **argv)
{
	char *args[16] = {(char *)"test_net", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci",
		(char *)"-l", (char *)"0"};
	int n = 7, i;

	for (i = 1; i < argc && n < 15; i++)
		args[n++] = argv[i];
	if (rte_eal_init(n, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	pool = rte_pktmbuf_pool_create("packets", 511, 32, 0, 2200, SOCKET_ID_ANY);
	if (pool == NULL) {
		printf("rte_pktmbuf_pool_create: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(addresses_are_told_apart);
	RUN(addresses_are_read_and_printed);
	RUN(tags_come_and_go);
	RUN(sums_match_the_definition);
	RUN(sums_cross_segments);
	RUN(header_checksum_of_a_known_packet);
	RUN(l4_checksums_over_both_ips);
	RUN(packets_are_typed);
	RUN(extension_headers_have_their_lengths);
	RUN(rarp_packet_is_whole);
	rte_eal_cleanup();
	return check_summary();
}
