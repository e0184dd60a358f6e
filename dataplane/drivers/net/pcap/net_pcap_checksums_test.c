/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Checksum verdicts of net_pcap, frame by frame, for each offload.
 */
#include <check.h>

#include <stdio.h>

#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_ether.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_tcp.h>
#include <rte_udp.h>

#define FILE_NAME "net_pcap_checksums_test.pcap"
#define IP_GOOD RTE_MBUF_F_RX_IP_CKSUM_GOOD
#define IP_BAD RTE_MBUF_F_RX_IP_CKSUM_BAD
#define L4_GOOD RTE_MBUF_F_RX_L4_CKSUM_GOOD
#define L4_BAD RTE_MBUF_F_RX_L4_CKSUM_BAD
#define VERDICT (RTE_MBUF_F_RX_IP_CKSUM_MASK | RTE_MBUF_F_RX_L4_CKSUM_MASK)
#define PAYLOAD 11

/* What is done to a right frame before it is written. */
enum damage { RIGHT, WRONG_IP, WRONG_L4, NO_L4_SUM, FRAGMENT, CUT, SHORT_HEADER, LONG_TOTAL };

static const struct kind {
	uint8_t version, protocol, tags;
	enum damage damage;
	uint64_t verdict; /* with all offloads */
} kinds[] = {
	{ 4, IPPROTO_UDP, 0, RIGHT, IP_GOOD | L4_GOOD },
	{ 4, IPPROTO_UDP, 1, RIGHT, IP_GOOD | L4_GOOD },
	{ 4, IPPROTO_TCP, 2, RIGHT, IP_GOOD | L4_GOOD },
	{ 4, IPPROTO_UDP, 0, WRONG_IP, IP_BAD | L4_GOOD },
	{ 4, IPPROTO_UDP, 0, WRONG_L4, IP_GOOD | L4_BAD },
	{ 4, IPPROTO_TCP, 0, WRONG_L4, IP_GOOD | L4_BAD },
	{ 4, IPPROTO_UDP, 0, NO_L4_SUM, IP_GOOD },
	{ 4, IPPROTO_UDP, 0, FRAGMENT, IP_GOOD },
	{ 4, IPPROTO_UDP, 0, CUT, IP_GOOD },
	{ 4, IPPROTO_UDP, 0, SHORT_HEADER, 0 },
	{ 4, IPPROTO_UDP, 0, LONG_TOTAL, IP_GOOD },
	{ 4, IPPROTO_ICMP, 0, RIGHT, IP_GOOD },
	{ 6, IPPROTO_UDP, 0, RIGHT, L4_GOOD },
	{ 6, IPPROTO_TCP, 1, RIGHT, L4_GOOD },
	{ 6, IPPROTO_UDP, 0, WRONG_L4, L4_BAD },
	{ 6, IPPROTO_UDP, 0, CUT, 0 },
	{ 0, 0, 0, RIGHT, 0 },
	{ 0, 0, 2, CUT, 0 },
};

static struct rte_mempool *pool;
static uint64_t verdicts[RTE_DIM(kinds)]; /* of the capture's frames, with all offloads */

/* Ends with the L4 payload. Returns the length. */
static uint32_t
make_l4(uint8_t *at, const struct kind *kind, const void *ip)
{
	const uint32_t header = kind->protocol == IPPROTO_TCP ? sizeof(struct rte_tcp_hdr) : sizeof(struct rte_udp_hdr);
	struct rte_tcp_hdr *tcp = (struct rte_tcp_hdr *)at;
	struct rte_udp_hdr *udp = (struct rte_udp_hdr *)at;
	rte_be16_t sum;

	memset(at, 0, header);
	memset(at + header, 0x5a, PAYLOAD);
	if (kind->protocol == IPPROTO_ICMP)
		return header + PAYLOAD;
	udp->src_port = RTE_BE16(1000);
	udp->dst_port = RTE_BE16(2000);
	if (kind->protocol == IPPROTO_TCP)
		tcp->data_off = 5 << 4;
	else
		udp->dgram_len = rte_cpu_to_be_16((uint16_t)(header + PAYLOAD));
	if (kind->damage == NO_L4_SUM)
		return header + PAYLOAD;
	sum = kind->version == 4 ? rte_ipv4_udptcp_cksum(ip, at) : rte_ipv6_udptcp_cksum(ip, at);
	if (kind->damage == WRONG_L4)
		sum ^= RTE_BE16(0x0101);
	if (kind->protocol == IPPROTO_TCP)
		tcp->cksum = sum;
	else
		udp->dgram_cksum = sum;
	return header + PAYLOAD;
}

static uint32_t
make_ipv4(uint8_t *at, const struct kind *kind)
{
	const uint32_t l4 = kind->protocol == IPPROTO_TCP ? sizeof(struct rte_tcp_hdr) : sizeof(struct rte_udp_hdr);
	struct rte_ipv4_hdr *ip = (struct rte_ipv4_hdr *)at;

	memset(ip, 0, sizeof(*ip));
	ip->version_ihl = RTE_IPV4_VHL_DEF;
	ip->total_length = rte_cpu_to_be_16((uint16_t)(sizeof(*ip) + l4 + PAYLOAD));
	ip->next_proto_id = kind->protocol;
	ip->src_addr = RTE_BE32(0x0a000001);
	ip->dst_addr = RTE_BE32(0x0a000002);
	make_l4(at + sizeof(*ip), kind, ip);
	if (kind->damage == FRAGMENT)
		ip->fragment_offset = RTE_BE16(RTE_IPV4_HDR_MF_FLAG);
	if (kind->damage == SHORT_HEADER)
		ip->version_ihl = 0x44;
	if (kind->damage == LONG_TOTAL)
		ip->total_length = RTE_BE16(1400);
	ip->hdr_checksum = rte_ipv4_cksum(ip);
	if (kind->damage == WRONG_IP)
		ip->hdr_checksum ^= RTE_BE16(0x0100);
	return sizeof(*ip) + l4 + PAYLOAD;
}

static uint32_t
make_ipv6(uint8_t *at, const struct kind *kind)
{
	const uint32_t l4 = kind->protocol == IPPROTO_TCP ? sizeof(struct rte_tcp_hdr) : sizeof(struct rte_udp_hdr);
	struct rte_ipv6_hdr *ip = (struct rte_ipv6_hdr *)at;

	memset(ip, 0, sizeof(*ip));
	ip->vtc_flow = RTE_BE32(0x60000000);
	ip->payload_len = rte_cpu_to_be_16((uint16_t)(l4 + PAYLOAD));
	ip->proto = kind->protocol;
	ip->src_addr[15] = 1;
	ip->dst_addr[15] = 2;
	return (uint32_t)sizeof(*ip) + make_l4(at + sizeof(*ip), kind, ip);
}

static uint32_t
make_frame(uint8_t *frame, const struct kind *kind)
{
	uint32_t at = 2 * RTE_ETHER_ADDR_LEN, tag;
	uint16_t type = kind->version == 4 ? RTE_ETHER_TYPE_IPV4 : kind->version == 6 ? RTE_ETHER_TYPE_IPV6 : RTE_ETHER_TYPE_ARP;

	memset(frame, 2, at);
	for (tag = 0; tag < kind->tags; tag++, at += RTE_VLAN_HLEN)
		memcpy(frame + at, tag + 1 < kind->tags ? "\x88\xa8\0\x01" : "\x81\0\0\x02", RTE_VLAN_HLEN);
	frame[at++] = (uint8_t)(type >> 8);
	frame[at++] = (uint8_t)type;
	if (kind->version == 4)
		at += make_ipv4(frame + at, kind);
	else if (kind->version == 6)
		at += make_ipv6(frame + at, kind);
	return kind->damage == CUT ? at - 3 : at;
}

static void
write_capture(void)
{
	const uint32_t header[6] = { 0xa1b23c4d, 4u << 16 | 2, 0, 0, 65535, 1 };
	uint8_t frame[256];
	FILE *file = fopen(FILE_NAME, "wb");
	unsigned int i;

	CHECK(file != NULL);
	CHECK_EQ(fwrite(header, sizeof(header), 1, file), 1);
	for (i = 0; i < RTE_DIM(kinds); i++) {
		const uint32_t length = make_frame(frame, &kinds[i]), record[4] = { 0, i, length, length };

		CHECK_EQ(fwrite(record, sizeof(record), 1, file), 1);
		CHECK_EQ(fwrite(frame, length, 1, file), 1);
		verdicts[i] = kinds[i].verdict;
	}
	fclose(file);
}

static uint16_t
open_port(const char *arguments, uint64_t offloads)
{
	struct rte_eth_conf conf = { .rxmode = { .offloads = offloads } };
	uint16_t port;

	CHECK_EQ(rte_vdev_init("net_pcap0", arguments), 0);
	CHECK_EQ(rte_eth_dev_get_port_by_name("net_pcap0", &port), 0);
	conf.txmode.offloads = RTE_ETH_TX_OFFLOAD_IPV4_CKSUM | RTE_ETH_TX_OFFLOAD_UDP_CKSUM | RTE_ETH_TX_OFFLOAD_TCP_CKSUM;
	CHECK_EQ(rte_eth_dev_configure(port, 1, 1, &conf), 0);
	CHECK_EQ(rte_eth_rx_queue_setup(port, 0, 64, SOCKET_ID_ANY, NULL, pool), 0);
	CHECK_EQ(rte_eth_tx_queue_setup(port, 0, 64, SOCKET_ID_ANY, NULL), 0);
	CHECK_EQ(rte_eth_dev_start(port), 0);
	return port;
}

static void
close_port(uint16_t port)
{
	CHECK_EQ(rte_eth_dev_stop(port), 0);
	CHECK_EQ(rte_vdev_uninit("net_pcap0"), 0);
	CHECK_EQ(rte_mempool_in_use_count(pool), 0);
}

/* The frame as an application sends it that leaves checksums to the port: garbage and the pseudo header's sum in their places. */
static struct rte_mbuf *
unsummed(const struct kind *kind)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool), *tail = rte_pktmbuf_alloc(pool);
	uint32_t l3 = kind->version == 4 ? sizeof(struct rte_ipv4_hdr) : sizeof(struct rte_ipv6_hdr), length;
	const uint32_t cut = 20;
	uint16_t sum;
	uint8_t *frame, *ip, *l4;

	CHECK(m != NULL && tail != NULL);
	frame = rte_pktmbuf_mtod(m, uint8_t *);
	length = make_frame(frame, kind);
	m->data_len = (uint16_t)length;
	m->pkt_len = length;
	m->l2_len = (uint64_t)(RTE_ETHER_HDR_LEN + kind->tags * RTE_VLAN_HLEN) & 0x7f;
	m->l3_len = l3 & 0x1ff;
	ip = frame + m->l2_len;
	l4 = ip + l3;
	m->ol_flags = kind->version == 4 ? RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM : RTE_MBUF_F_TX_IPV6;
	m->ol_flags |= kind->protocol == IPPROTO_TCP ? RTE_MBUF_F_TX_TCP_CKSUM : RTE_MBUF_F_TX_UDP_CKSUM;
	sum = kind->version == 4 ? rte_ipv4_phdr_cksum((void *)ip, 0) : rte_ipv6_phdr_cksum((void *)ip, 0);
	if (kind->version == 4)
		((struct rte_ipv4_hdr *)ip)->hdr_checksum = 0x1234;
	if (kind->protocol == IPPROTO_TCP)
		((struct rte_tcp_hdr *)l4)->cksum = sum;
	else
		((struct rte_udp_hdr *)l4)->dgram_cksum = sum;
	/* Its end is in another segment. */
	memcpy(rte_pktmbuf_append(tail, cut), frame + length - cut, cut);
	CHECK_EQ(rte_pktmbuf_trim(m, cut), 0);
	CHECK_EQ(rte_pktmbuf_chain(m, tail), 0);
	return m;
}

/* The kinds of frames as a port sends them that fills checksums in, where there is something to be filled in. */
static void
send_capture(void)
{
	uint16_t port = open_port("tx_pcap=" FILE_NAME, 0);
	struct rte_mbuf *m;

	for (unsigned int i = 0; i < RTE_DIM(kinds); i++) {
		const struct kind *kind = &kinds[i];
		bool sums = kind->damage <= WRONG_L4 && (kind->protocol == IPPROTO_UDP || kind->protocol == IPPROTO_TCP);

		if (sums) {
			m = unsummed(kind);
		} else {
			m = rte_pktmbuf_alloc(pool);
			CHECK(m != NULL);
			m->data_len = (uint16_t)make_frame(rte_pktmbuf_mtod(m, uint8_t *), kind);
			m->pkt_len = m->data_len;
			/* Lengths that cannot be: nothing is written there. */
			m->ol_flags = RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_UDP_CKSUM;
			m->l2_len = i % 2 ? 127 : 14;
			m->l3_len = i % 2 ? 20 : 500;
		}
		verdicts[i] = sums ? (kind->version == 4 ? IP_GOOD : 0) | L4_GOOD : kind->verdict;
		CHECK_EQ(rte_eth_tx_burst(port, 0, &m, 1), 1);
	}
	close_port(port);
}

/* The frames come twice and a half, in bursts that do not divide them. */
static void
expect(const char *arguments, uint64_t offloads, uint64_t known)
{
	const unsigned int wanted = RTE_DIM(kinds) * 5 / 2;
	struct rte_mbuf *packets[7];
	unsigned int seen = 0, tries;
	uint16_t port, n, i;

	port = open_port(arguments, offloads);
	for (tries = 0; seen < wanted && tries < 100000000; tries++) {
		n = rte_eth_rx_burst(port, 0, packets, RTE_DIM(packets));
		for (i = 0; i < n; i++, seen++)
			CHECK_EQ(packets[i]->ol_flags & VERDICT, verdicts[seen % RTE_DIM(kinds)] & known);
		rte_pktmbuf_free_bulk(packets, n);
	}
	CHECK(seen >= wanted);
	close_port(port);
}

#define LOOP "rx_pcap=" FILE_NAME ",infinite_rx=1"

static void
each_offload_judges_its_part(void)
{
	write_capture();
	expect(LOOP, RTE_ETH_RX_OFFLOAD_CHECKSUM, VERDICT);
	expect(LOOP, RTE_ETH_RX_OFFLOAD_IPV4_CKSUM, RTE_MBUF_F_RX_IP_CKSUM_MASK);
	expect(LOOP, 0, 0);
	remove(FILE_NAME);
}

static void
verdicts_go_with_times_and_pace(void)
{
	write_capture();
	expect(LOOP, RTE_ETH_RX_OFFLOAD_CHECKSUM | RTE_ETH_RX_OFFLOAD_TIMESTAMP, VERDICT);
	expect(LOOP ",rx_pps=200000", RTE_ETH_RX_OFFLOAD_CHECKSUM, VERDICT);
	remove(FILE_NAME);
}

static void
what_is_sent_gets_its_checksums(void)
{
	send_capture();
	expect(LOOP, RTE_ETH_RX_OFFLOAD_CHECKSUM, VERDICT);
	remove(FILE_NAME);
}

int
main(void)
{
	char words[][16] = { "checksums", "--no-huge", "-m", "64", "--no-pci", "--in-memory", "-l", "0" };
	char *argv[RTE_DIM(words) + 1] = { NULL };
	unsigned int i;

	for (i = 0; i < RTE_DIM(words); i++)
		argv[i] = words[i];
	if (rte_eal_init(RTE_DIM(words), argv) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("checksums", 255, 32, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
	if (pool == NULL)
		return 1;
	RUN(each_offload_judges_its_part);
	RUN(verdicts_go_with_times_and_pace);
	RUN(what_is_sent_gets_its_checksums);
	return check_summary();
}
