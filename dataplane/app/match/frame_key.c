/* SPDX-License-Identifier: BSD-3-Clause */
#include "frame_key.h"

#include <rte_ether.h>

#include "frame_bytes.h"

#define PROTO_HOP_BY_HOP 0
#define PROTO_ICMP 1
#define PROTO_IGMP 2
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_ROUTING 43
#define PROTO_FRAGMENT 44
#define PROTO_AUTHENTICATION 51
#define PROTO_ICMPV6 58
#define PROTO_DESTINATION 60
#define PROTO_SCTP 132
#define FRAGMENT_OFFSET 0x1fff	/* of IPv4 */
#define MORE_FRAGMENTS 0x2000
/* More than any sane frame has; they bound the work a hostile one can ask for. */
#define MOST_EXTENSIONS 16
#define MOST_TAGS 8
#define TAG_BYTES 4

_Static_assert(sizeof(struct frame_key) == 64, "a burst's keys are a line each");

/* Where the reader stands. `frame` and `end` bound everything that is read. */
struct cursor { const uint8_t *frame, *at, *end; };

static uint16_t
l4_type(uint8_t proto)
{
	switch (proto) {
	case PROTO_TCP:
		return RTE_PTYPE_L4_TCP;
	case PROTO_UDP:
		return RTE_PTYPE_L4_UDP;
	case PROTO_SCTP:
		return RTE_PTYPE_L4_SCTP;
	case PROTO_ICMP:
	case PROTO_ICMPV6:
		return RTE_PTYPE_L4_ICMP;
	case PROTO_IGMP:
		return RTE_PTYPE_L4_IGMP;
	default:
		return RTE_PTYPE_L4_NONFRAG;
	}
}

/* At the layer-4 header of an unfragmented datagram or of a first fragment. */
static void
read_l4(const struct cursor *cursor, struct frame_key *key)
{
	const uint8_t *p = cursor->at;

	key->l4_offset = (uint16_t)(p - cursor->frame);
	if (key->proto != PROTO_UDP && key->proto != PROTO_TCP && key->proto != PROTO_SCTP)
		return;
	if (cursor->end - p < 4)
		return;
	key->src_port = load_be16(p);
	key->dst_port = load_be16(p + 2);
}

static void
read_ipv4(struct cursor *cursor, struct frame_key *key)
{
	const uint8_t *p = cursor->at;
	unsigned int header_bytes, fragment;

	if (cursor->end - p < 20 || p[0] >> 4 != 4)
		return;
	header_bytes = (p[0] & 0x0fu) * 4;
	if (header_bytes < 20 || header_bytes > (size_t)(cursor->end - p))
		return;
	key->family = FRAME_IPV4;
	key->l3_offset = (uint16_t)(p - cursor->frame);
	key->proto = p[9];
	key->src4 = load_be32(p + 12);
	key->dst4 = load_be32(p + 16);
	fragment = load_be16(p + 6);
	key->packet_type |= header_bytes == 20 ? RTE_PTYPE_L3_IPV4 : RTE_PTYPE_L3_IPV4_EXT;
	key->packet_type |= (fragment & (FRAGMENT_OFFSET | MORE_FRAGMENTS)) != 0 ? RTE_PTYPE_L4_FRAG : l4_type(key->proto);
	cursor->at = p + header_bytes;
	if ((fragment & FRAGMENT_OFFSET) == 0)
		read_l4(cursor, key);
}

static void
read_ipv6(struct cursor *cursor, struct frame_key *key)
{
	const uint8_t *p = cursor->at;
	bool first_fragment = true, fragment = false, extended = false;

	if (cursor->end - p < 40 || p[0] >> 4 != 6)
		return;
	key->family = FRAME_IPV6;
	key->l3_offset = (uint16_t)(p - cursor->frame);
	key->proto = p[6];
	key->src6 = (struct address128){ load_be64(p + 8), load_be64(p + 16) };
	key->dst6 = (struct address128){ load_be64(p + 24), load_be64(p + 32) };
	p += 40;
	for (unsigned int i = 0; i < MOST_EXTENSIONS && first_fragment; i++) {
		size_t bytes;

		if (key->proto != PROTO_HOP_BY_HOP && key->proto != PROTO_ROUTING && key->proto != PROTO_DESTINATION &&
				key->proto != PROTO_FRAGMENT && key->proto != PROTO_AUTHENTICATION)
			break;
		extended = true;
		bytes = cursor->end - p < 8 ? SIZE_MAX : key->proto == PROTO_FRAGMENT ? 8 :
			key->proto == PROTO_AUTHENTICATION ? (p[1] + 2u) * 4 : (p[1] + 1u) * 8;
		if (bytes > (size_t)(cursor->end - p)) {
			key->packet_type |= RTE_PTYPE_L3_IPV6_EXT | (fragment ? RTE_PTYPE_L4_FRAG : 0);
			return;
		}
		if (key->proto == PROTO_FRAGMENT) {
			/* With neither offset nor more to come it is all of the datagram, as if without this header. */
			first_fragment = (load_be16(p + 2) & 0xfff8) == 0;
			fragment |= !first_fragment || (p[3] & 1) != 0;
		}
		key->proto = p[0];
		p += bytes;
	}
	key->packet_type |= extended ? RTE_PTYPE_L3_IPV6_EXT : RTE_PTYPE_L3_IPV6;
	key->packet_type |= fragment ? RTE_PTYPE_L4_FRAG : l4_type(key->proto);
	cursor->at = p;
	if (first_fragment)
		read_l4(cursor, key);
}

/* Over the tags to what is inside them, whose type is returned. */
static uint16_t
read_tags(struct cursor *cursor, uint16_t type, struct frame_key *key)
{
	unsigned int tags = 0;

	for (; (type == RTE_ETHER_TYPE_VLAN || type == RTE_ETHER_TYPE_QINQ) && tags < MOST_TAGS; tags++) {
		if (cursor->end - cursor->at < TAG_BYTES)
			break;
		if (key->vlan == FRAME_KEY_NO_VLAN) {
			key->vlan_tci = load_be16(cursor->at);
			key->vlan = key->vlan_tci & 0x0fff;
		}
		type = load_be16(cursor->at + 2);
		cursor->at += TAG_BYTES;
	}
	if (tags > 0)
		key->packet_type = tags == 1 ? RTE_PTYPE_L2_ETHER_VLAN : RTE_PTYPE_L2_ETHER_QINQ;
	return type;
}

void
frame_key_from_mbuf(const struct rte_mbuf *mbuf, struct frame_key *key)
{
	const uint8_t *frame = rte_pktmbuf_mtod(mbuf, const uint8_t *);
	struct cursor cursor = { .frame = frame, .at = frame + RTE_ETHER_HDR_LEN, .end = frame + mbuf->data_len };
	uint16_t type;

	*key = (struct frame_key){
		.vlan = FRAME_KEY_NO_VLAN, .src_port = FRAME_KEY_NO_PORT, .dst_port = FRAME_KEY_NO_PORT,
	};
	if (mbuf->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED) {
		key->vlan_tci = mbuf->vlan_tci;
		key->vlan = mbuf->vlan_tci & 0x0fff;
	}
	if (mbuf->data_len < RTE_ETHER_HDR_LEN)
		return;
	key->packet_type = RTE_PTYPE_L2_ETHER;
	type = read_tags(&cursor, load_be16(frame + 12), key);
	switch (type) {
	case RTE_ETHER_TYPE_IPV4:
		read_ipv4(&cursor, key);
		break;
	case RTE_ETHER_TYPE_IPV6:
		read_ipv6(&cursor, key);
		break;
	case RTE_ETHER_TYPE_ARP:
		key->packet_type = RTE_PTYPE_L2_ETHER_ARP;
		break;
	case RTE_ETHER_TYPE_1588:
		key->packet_type = RTE_PTYPE_L2_ETHER_TIMESYNC;
		break;
	case RTE_ETHER_TYPE_LLDP:
		key->packet_type = RTE_PTYPE_L2_ETHER_LLDP;
		break;
	}
}
