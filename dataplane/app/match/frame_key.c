/* SPDX-License-Identifier: BSD-3-Clause */
#include "frame_key.h"

#include <string.h>

#include <rte_ether.h>

#define PROTO_HOP_BY_HOP 0
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_ROUTING 43
#define PROTO_FRAGMENT 44
#define PROTO_AUTHENTICATION 51
#define PROTO_DESTINATION 60
#define PROTO_SCTP 132
#define MOST_EXTENSIONS 16	/* more than any sane frame has; bounds the work a hostile one can ask for */

static uint16_t
load16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t
load32(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return __builtin_bswap32(word);
}

static uint64_t
load64(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return __builtin_bswap64(word);
}

static void
read_ports(const uint8_t *p, const uint8_t *end, struct frame_key *key)
{
	if (key->proto != PROTO_UDP && key->proto != PROTO_TCP && key->proto != PROTO_SCTP)
		return;
	if (end - p < 4)
		return;
	key->src_port = load16(p);
	key->dst_port = load16(p + 2);
}

static void
read_ipv4(const uint8_t *p, const uint8_t *end, struct frame_key *key)
{
	unsigned int header_bytes;

	if (end - p < 20 || p[0] >> 4 != 4)
		return;
	header_bytes = (p[0] & 0x0fu) * 4;
	if (header_bytes < 20 || header_bytes > (size_t)(end - p))
		return;
	key->family = FRAME_IPV4;
	key->proto = p[9];
	key->src4 = load32(p + 12);
	key->dst4 = load32(p + 16);
	if ((load16(p + 6) & 0x1fff) == 0)
		read_ports(p + header_bytes, end, key);
}

static void
read_ipv6(const uint8_t *p, const uint8_t *end, struct frame_key *key)
{
	bool first_fragment = true;

	if (end - p < 40 || p[0] >> 4 != 6)
		return;
	key->family = FRAME_IPV6;
	key->proto = p[6];
	key->src6 = (struct address128){ load64(p + 8), load64(p + 16) };
	key->dst6 = (struct address128){ load64(p + 24), load64(p + 32) };
	p += 40;
	for (unsigned int i = 0; i < MOST_EXTENSIONS && first_fragment; i++) {
		size_t bytes;

		if (key->proto != PROTO_HOP_BY_HOP && key->proto != PROTO_ROUTING && key->proto != PROTO_DESTINATION &&
			key->proto != PROTO_FRAGMENT && key->proto != PROTO_AUTHENTICATION)
			break;
		if (end - p < 8)
			return;
		bytes = key->proto == PROTO_FRAGMENT ? 8 : key->proto == PROTO_AUTHENTICATION ? (p[1] + 2u) * 4 : (p[1] + 1u) * 8;
		if (key->proto == PROTO_FRAGMENT)
			first_fragment = (load16(p + 2) & 0xfff8) == 0;
		if (bytes > (size_t)(end - p))
			return;
		key->proto = p[0];
		p += bytes;
	}
	if (first_fragment)
		read_ports(p, end, key);
}

void
frame_key_from_mbuf(const struct rte_mbuf *mbuf, struct frame_key *key)
{
	const uint8_t *p = rte_pktmbuf_mtod(mbuf, const uint8_t *), *end = p + mbuf->data_len;
	uint16_t type;

	*key = (struct frame_key){
		.vlan = FRAME_KEY_NO_VLAN, .src_port = FRAME_KEY_NO_PORT, .dst_port = FRAME_KEY_NO_PORT,
	};
	if (mbuf->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED)
		key->vlan = mbuf->vlan_tci & 0x0fff;
	if (end - p < RTE_ETHER_HDR_LEN)
		return;
	type = load16(p + 12);
	p += RTE_ETHER_HDR_LEN;
	while ((type == RTE_ETHER_TYPE_VLAN || type == RTE_ETHER_TYPE_QINQ) && end - p >= 4) {
		if (key->vlan == FRAME_KEY_NO_VLAN)
			key->vlan = load16(p) & 0x0fff;
		type = load16(p + 2);
		p += 4;
	}
	if (type == RTE_ETHER_TYPE_IPV4)
		read_ipv4(p, end, key);
	else if (type == RTE_ETHER_TYPE_IPV6)
		read_ipv6(p, end, key);
}
