/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the card's parser finds in a frame: headers, packet type, classifier type, and the field vector that RSS and flow director
 * select from. Frames are untrusted: every offset a struct packet holds lies inside the frame, with the bytes its reader needs.
 */
#ifndef XL710_PACKET_H
#define XL710_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#define PACKET_FIELD_WORDS 64
#define PACKET_UDP_TUNNELS 16

/* Classifier types (PCTYPE). */
enum {
	PCTYPE_IPV4_UDP = 31,
	PCTYPE_IPV4_TCP = 33,
	PCTYPE_IPV4_SCTP = 34,
	PCTYPE_IPV4_OTHER = 35,
	PCTYPE_IPV4_FRAGMENT = 36,
	PCTYPE_IPV6_UDP = 41,
	PCTYPE_IPV6_TCP = 43,
	PCTYPE_IPV6_SCTP = 44,
	PCTYPE_IPV6_OTHER = 45,
	PCTYPE_IPV6_FRAGMENT = 46,
	PCTYPE_L2_PAYLOAD = 63,
	PCTYPES = 64,
};

/* IP protocol numbers the card looks into. */
enum {
	PROTOCOL_ICMP = 1,
	PROTOCOL_IPV4 = 4,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_IPV6 = 41,
	PROTOCOL_GRE = 47,
	PROTOCOL_ICMPV6 = 58,
	PROTOCOL_SCTP = 132,
};

enum packet_tunnel_kind { TUNNEL_NONE, TUNNEL_IP_IN_IP, TUNNEL_GRE, TUNNEL_UDP };

/* One IP header and what follows it. */
struct packet_ip {
	uint8_t version;        /* 4 or 6; 0: there is no such header */
	uint8_t protocol;       /* of what stands at `payload` */
	bool fragment;          /* a part of a datagram: nothing behind it is looked at */
	bool extensions;        /* IPv6 extension headers were passed */
	bool l4_whole;          /* the frame has the L4 header that `protocol` announces in full (`end` may come before) */
	bool truncated;         /* the header says more bytes than the frame has */
	uint16_t offset;        /* of the header in the frame */
	uint16_t payload;       /* offset behind the header and its extensions */
	uint16_t end;           /* offset behind the datagram; at most the frame's length */
};

/* What of a frame depends on the device's configuration. */
struct packet_rules {
	uint16_t tpid;          /* ethertype of the ordinary VLAN tag; 0x8100 after reset */
	uint16_t outer_tpid;    /* of the outer tag where there are two; 0: not looked for */
	uint8_t udp_tunnels;    /* entries of udp_tunnel_port */
	uint16_t udp_tunnel_port[PACKET_UDP_TUNNELS];
	bool udp_tunnel_gpe[PACKET_UDP_TUNNELS]; /* the tunnel's header names what it carries */
};

struct packet {
	const uint8_t *data;
	uint16_t length;        /* without FCS */
	uint8_t ptype;
	uint8_t pctype;
	uint8_t tags;           /* VLAN tags found: 0, 1 (ordinary) or 2 (outer and ordinary) */
	bool outer_tagged;      /* the first of them is of the outer kind */
	uint16_t outer_tag;
	uint16_t tag;           /* the ordinary one */
	uint16_t ethertype;     /* behind the tags */
	uint16_t l2_payload;    /* offset behind the ethertype */
	uint8_t tunnel;         /* enum packet_tunnel_kind */
	bool inner_mac;
	bool inner_tagged;
	uint16_t tunnel_header; /* offset of GRE's or the UDP tunnel's header */
	uint16_t inner_l2;      /* offset of the inner MAC header */
	uint16_t inner_tag;
	uint16_t last_ethertype;
	struct packet_ip ip;    /* the outer or only one */
	struct packet_ip inner;
};

/* Takes a frame of 14..65535 bytes apart. `packet` points into `frame`. */
void packet_parse(struct packet *packet, const uint8_t *frame, uint32_t length, const struct packet_rules *rules);

/* The header RSS and flow director look at: the innermost. */
static inline const struct packet_ip *
packet_last_ip(const struct packet *packet)
{
	return packet->inner.version != 0 ? &packet->inner : &packet->ip;
}

/* Word 0..63 of the field vector; what the frame does not have is 0. Flexible words (50..57) depend on more
 * than the frame: classify.h. */
uint16_t packet_field(const struct packet *packet, unsigned word);

/* Offset of the payload of layer 2, 3 or 4 (flexible fields begin there), or `length` when there is none. */
uint16_t packet_layer_payload(const struct packet *packet, unsigned layer);

#endif
