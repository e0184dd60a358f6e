/* SPDX-License-Identifier: BSD-3-Clause */
#include "frame_checksums.h"

#include <rte_byteorder.h>
#include <rte_cksum.h>

#include "frame_bytes.h"

#define PROTO_ICMP 1
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_ROUTING 43
#define PROTO_AUTHENTICATION 51
#define PROTO_FRAGMENT 44
#define PROTO_ICMPV6 58
#define IPV6_HEADER 40u
#define UDP_HEADER 8u
#define UDP_CHECKSUM 6u
#define TCP_HEADER 20u
#define ICMP_HEADER 4u
#define SUM_OF_GOOD 0xffffu	/* over data and checksum together (RFC 1071) */

uint32_t
frame_checksums_of_device(uint64_t ol_flags)
{
	uint64_t ip = ol_flags & RTE_MBUF_F_RX_IP_CKSUM_MASK, l4 = ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK;
	uint32_t verdicts = 0;

	if (ip != RTE_MBUF_F_RX_IP_CKSUM_UNKNOWN)
		verdicts |= (ip == RTE_MBUF_F_RX_IP_CKSUM_BAD ? CHECKSUM_BAD : CHECKSUM_GOOD) << CHECKSUM_IP_SHIFT;
	if (l4 != RTE_MBUF_F_RX_L4_CKSUM_UNKNOWN)
		verdicts |= (l4 == RTE_MBUF_F_RX_L4_CKSUM_BAD ? CHECKSUM_BAD : CHECKSUM_GOOD) << CHECKSUM_L4_SHIFT;
	return verdicts;
}

/* Every extension header lies before layer 4, which the key has found in the first segment. */
static bool
has_stations_left(const uint8_t *ip, const uint8_t *l4)
{
	uint8_t next = ip[6];

	for (const uint8_t *p = ip + IPV6_HEADER; l4 - p >= 8;) {
		uint8_t header = next;

		if (header == PROTO_ROUTING && p[3] != 0)
			return true;
		next = p[0];
		p += header == PROTO_FRAGMENT ? 8u : header == PROTO_AUTHENTICATION ? (p[1] + 2u) * 4 : (p[1] + 1u) * 8;
	}
	return false;
}

/* Bytes of layer 4 by the IP header; 0 when that cannot be. */
static uint32_t
l4_bytes(const struct frame_key *key, const uint8_t *ip)
{
	bool ipv4 = key->family == FRAME_IPV4;
	uint32_t whole = ipv4 ? load_be16(ip + 2) : load_be16(ip + 4) + IPV6_HEADER, headers = (uint32_t)key->l4_offset - key->l3_offset;

	return whole > headers ? whole - headers : 0;
}

/* How many of `bytes` the checksum covers. 0: there is none, or the lengths contradict each other; *missing when that is wrong. */
static uint32_t
covered_bytes(const struct frame_key *key, const uint8_t *l4, uint32_t in_segment, uint32_t bytes, bool *missing)
{
	uint32_t length;

	switch (key->proto) {
	case PROTO_UDP:
		if (bytes < UDP_HEADER || in_segment < UDP_HEADER)
			return 0;
		length = load_be16(l4 + 4);
		if (length < UDP_HEADER || length > bytes)
			return 0;
		if (load_be16(l4 + UDP_CHECKSUM) == 0) {
			*missing = key->family == FRAME_IPV6;
			return 0;
		}
		return length;
	case PROTO_TCP:
		return bytes < TCP_HEADER ? 0 : bytes;
	case PROTO_ICMP:
		return key->family == FRAME_IPV4 && bytes >= ICMP_HEADER ? bytes : 0;
	case PROTO_ICMPV6:
		return key->family == FRAME_IPV6 && bytes >= ICMP_HEADER ? bytes : 0;
	default:
		return 0;
	}
}

static uint32_t
pseudo_header_sum(const struct frame_key *key, const uint8_t *ip, uint32_t bytes)
{
	uint32_t addresses = key->family == FRAME_IPV4 ? rte_raw_cksum(ip + 12, 8) : rte_raw_cksum(ip + 8, 32);

	if (key->proto == PROTO_ICMP)
		return 0;
	return addresses + rte_cpu_to_be_16(key->proto) + rte_cpu_to_be_16((uint16_t)bytes);
}

static enum checksum_verdict
check_l4(const struct rte_mbuf *mbuf, const struct frame_key *key, const uint8_t *frame, const uint8_t *ip)
{
	const uint8_t *l4 = frame + key->l4_offset;
	uint32_t bytes = l4_bytes(key, ip), sum;
	bool missing = false;
	uint16_t data;

	if ((key->packet_type & RTE_PTYPE_L4_MASK) == RTE_PTYPE_L4_FRAG || key->l4_offset == 0 ||
			bytes > mbuf->pkt_len - key->l4_offset)
		return CHECKSUM_UNKNOWN;
	if (key->family == FRAME_IPV6 && has_stations_left(ip, l4))
		return CHECKSUM_UNKNOWN;
	bytes = covered_bytes(key, l4, mbuf->data_len - key->l4_offset, bytes, &missing);
	if (bytes == 0)
		return missing ? CHECKSUM_BAD : CHECKSUM_UNKNOWN;
	if (rte_raw_cksum_mbuf(mbuf, key->l4_offset, bytes, &data) != 0)
		return CHECKSUM_UNKNOWN;
	sum = data + pseudo_header_sum(key, ip, bytes);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == SUM_OF_GOOD ? CHECKSUM_GOOD : CHECKSUM_BAD;
}

uint32_t
frame_checksums(const struct rte_mbuf *mbuf, const struct frame_key *key)
{
	const uint8_t *frame = rte_pktmbuf_mtod(mbuf, const uint8_t *), *ip = frame + key->l3_offset;
	uint32_t verdicts = frame_checksums_of_device(mbuf->ol_flags);

	if (key->family == FRAME_NOT_IP)
		return verdicts;
	if ((verdicts >> CHECKSUM_IP_SHIFT & 3) == CHECKSUM_UNKNOWN && key->family == FRAME_IPV4)
		verdicts |= (rte_raw_cksum(ip, (ip[0] & 0x0fu) * 4) == SUM_OF_GOOD ? CHECKSUM_GOOD : CHECKSUM_BAD) << CHECKSUM_IP_SHIFT;
	if ((verdicts >> CHECKSUM_L4_SHIFT & 3) == CHECKSUM_UNKNOWN)
		verdicts |= (uint32_t)check_l4(mbuf, key, frame, ip) << CHECKSUM_L4_SHIFT;
	return verdicts;
}
