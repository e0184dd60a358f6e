/* SPDX-License-Identifier: BSD-3-Clause */
#include "packet.h"

#include "bytes.h"

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_ARP = 0x0806,
	ETHERTYPE_BRIDGE = 0x6558, /* Ethernet in GRE */
	ETHERTYPE_IPV6 = 0x86DD,
	ETHERTYPE_LLDP = 0x88CC,
	ETHERTYPE_TIMESYNC = 0x88F7,
	ETHERTYPE_NSH = 0x894F,
};

enum {
	PTYPE_L2 = 1,
	PTYPE_TIMESYNC = 2,
	PTYPE_LLDP = 6,
	PTYPE_ARP = 11,
	PTYPE_IPV4 = 22,
	PTYPE_IPV4_TUNNELS = 29, /* IP in IP; the tunnels of an outer IPv6 stand PTYPE_TUNNELS_V6 higher */
	PTYPE_TUNNELS_V6 = 66,
	PTYPE_GROUP = 7,         /* fragment, other, UDP, -, TCP, SCTP, ICMP */
	PTYPE_IPV6 = 88,
	PTYPE_NSH = 154,
};

/* RFC 8200's headers between IPv6's own and the payload; a chain longer than this is the sender's joke. */
#define EXTENSIONS_MAX 8

static bool
is_extension(uint8_t protocol)
{
	return protocol == 0 || protocol == 43 || protocol == 60 || protocol == 135 || protocol == 51;
}

/* Bytes the L4 header must have for its ports and checksum to be used. */
static unsigned
l4_minimum(uint8_t protocol)
{
	switch (protocol) {
	case PROTOCOL_TCP:
		return 20;
	case PROTOCOL_UDP:
		return 8;
	case PROTOCOL_SCTP:
		return 12;
	default:
		return 0;
	}
}

static void
finish_ip(struct packet_ip *ip, uint32_t payload, uint32_t end, uint32_t length)
{
	ip->truncated = end > length;
	if (ip->truncated)
		end = length;
	if (end < payload)
		end = payload;
	ip->payload = (uint16_t)payload;
	ip->end = (uint16_t)end;
	/* The parser goes by the bytes that are there: programming packets of flow director say what length they like. */
	ip->l4_whole = !ip->fragment && payload + l4_minimum(ip->protocol) <= length;
}

static bool
parse_ipv4(struct packet_ip *ip, const uint8_t *frame, uint32_t offset, uint32_t length)
{
	const uint8_t *header = frame + offset;
	uint32_t header_length;

	if (length - offset < 20 || header[0] >> 4 != 4)
		return false;
	header_length = (header[0] & 15u) * 4;
	if (header_length < 20 || header_length > length - offset)
		return false;
	ip->version = 4;
	ip->offset = (uint16_t)offset;
	ip->protocol = header[9];
	ip->fragment = (load16be(header + 6) & 0x3FFF) != 0;
	ip->extensions = false;
	finish_ip(ip, offset + header_length, offset + load16be(header + 2), length);
	return true;
}

static bool
parse_ipv6(struct packet_ip *ip, const uint8_t *frame, uint32_t offset, uint32_t length)
{
	const uint8_t *header = frame + offset;
	uint32_t at = offset + 40, end;
	int left = EXTENSIONS_MAX;

	if (length - offset < 40 || header[0] >> 4 != 6)
		return false;
	ip->version = 6;
	ip->offset = (uint16_t)offset;
	ip->protocol = header[6];
	ip->fragment = false;
	ip->extensions = false;
	end = at + load16be(header + 4);
	for (; left > 0 && length - at >= 8; left--) {
		const uint8_t *extension = frame + at;

		if (ip->protocol == 44) {
			ip->extensions = true;
			ip->fragment = (load16be(extension + 2) & 0xFFF9) != 0;
			ip->protocol = extension[0];
			at += 8;
			if (ip->fragment)
				break;
		} else if (is_extension(ip->protocol)) {
			uint32_t size = ip->protocol == 51 ? (extension[1] + 2u) * 4 : (extension[1] + 1u) * 8;

			if (size > length - at)
				break;
			ip->extensions = true;
			ip->protocol = extension[0];
			at += size;
		} else {
			break;
		}
	}
	finish_ip(ip, at, end, length);
	return true;
}

static bool
parse_ip(struct packet_ip *ip, uint16_t ethertype, const uint8_t *frame, uint32_t offset, uint32_t length)
{
	if (ethertype == ETHERTYPE_IPV4)
		return parse_ipv4(ip, frame, offset, length);
	return ethertype == ETHERTYPE_IPV6 && parse_ipv6(ip, frame, offset, length);
}

/* Where in its group of seven a header stands. */
static unsigned
group_place(const struct packet_ip *ip)
{
	if (ip->fragment)
		return 0;
	if (!ip->l4_whole)
		return 1;
	switch (ip->protocol) {
	case PROTOCOL_UDP:
		return 2;
	case PROTOCOL_TCP:
		return 4;
	case PROTOCOL_SCTP:
		return 5;
	case PROTOCOL_ICMP:
		return ip->version == 4 ? 6 : 1;
	case PROTOCOL_ICMPV6:
		return ip->version == 6 ? 6 : 1;
	default:
		return 1;
	}
}

static uint8_t
classifier_type(const struct packet_ip *ip)
{
	static const uint8_t types[2][PTYPE_GROUP] = {
		{ PCTYPE_IPV4_FRAGMENT, PCTYPE_IPV4_OTHER, PCTYPE_IPV4_UDP, PCTYPE_IPV4_OTHER, PCTYPE_IPV4_TCP, PCTYPE_IPV4_SCTP,
			PCTYPE_IPV4_OTHER },
		{ PCTYPE_IPV6_FRAGMENT, PCTYPE_IPV6_OTHER, PCTYPE_IPV6_UDP, PCTYPE_IPV6_OTHER, PCTYPE_IPV6_TCP, PCTYPE_IPV6_SCTP,
			PCTYPE_IPV6_OTHER },
	};

	return types[ip->version == 6][group_place(ip)];
}

/* The inner frame of a tunnel that carries Ethernet. */
static void
parse_inner_ethernet(struct packet *packet, uint32_t offset, const struct packet_rules *rules)
{
	uint32_t at = offset + 14;
	uint16_t ethertype;

	if (packet->length - offset < 14)
		return;
	packet->inner_mac = true;
	packet->inner_l2 = (uint16_t)offset;
	ethertype = load16be(packet->data + offset + 12);
	if (ethertype == rules->tpid && packet->length - at >= 4) {
		packet->inner_tagged = true;
		packet->inner_tag = load16be(packet->data + at);
		ethertype = load16be(packet->data + at + 2);
		at += 4;
	}
	packet->last_ethertype = ethertype;
	parse_ip(&packet->inner, ethertype, packet->data, at, packet->length);
}

static void
parse_gre(struct packet *packet, const struct packet_rules *rules)
{
	const uint8_t *header = packet->data + packet->ip.payload;
	uint32_t at = packet->ip.payload + 4u, flags;
	uint16_t carried;

	if (at > packet->ip.end)
		return;
	flags = load16be(header);
	if ((flags & 7) != 0) /* version 1 is PPTP's */
		return;
	packet->tunnel = TUNNEL_GRE;
	packet->tunnel_header = packet->ip.payload;
	at += ((flags & 0x8000) != 0 ? 4 : 0) + ((flags & 0x2000) != 0 ? 4 : 0) + ((flags & 0x1000) != 0 ? 4 : 0);
	carried = load16be(header + 2);
	if (at > packet->ip.end)
		return;
	if (carried == ETHERTYPE_BRIDGE) {
		parse_inner_ethernet(packet, at, rules);
	} else {
		packet->last_ethertype = carried;
		parse_ip(&packet->inner, carried, packet->data, at, packet->length);
	}
}

static void
parse_udp_tunnel(struct packet *packet, const struct packet_rules *rules)
{
	const uint8_t *udp = packet->data + packet->ip.payload;
	uint16_t port = load16be(udp + 2);
	uint32_t at = packet->ip.payload + 16u;

	for (unsigned i = 0; i < rules->udp_tunnels; i++) {
		if (rules->udp_tunnel_port[i] != port || port == 0)
			continue;
		if (at > packet->ip.end)
			return;
		packet->tunnel = TUNNEL_UDP;
		packet->tunnel_header = (uint16_t)(at - 8);
		if (rules->udp_tunnel_gpe[i] && udp[8 + 3] == 1)
			parse_ip(&packet->inner, ETHERTYPE_IPV4, packet->data, at, packet->length);
		else if (rules->udp_tunnel_gpe[i] && udp[8 + 3] == 2)
			parse_ip(&packet->inner, ETHERTYPE_IPV6, packet->data, at, packet->length);
		else
			parse_inner_ethernet(packet, at, rules);
		return;
	}
}

static void
parse_tunnel(struct packet *packet, const struct packet_rules *rules)
{
	const struct packet_ip *ip = &packet->ip;

	if (ip->fragment)
		return;
	if (ip->protocol == PROTOCOL_UDP) {
		if (rules->udp_tunnels != 0 && ip->l4_whole)
			parse_udp_tunnel(packet, rules);
	} else if (ip->protocol == PROTOCOL_GRE) {
		parse_gre(packet, rules);
	} else if (ip->protocol == PROTOCOL_IPV4) {
		if (parse_ipv4(&packet->inner, packet->data, ip->payload, packet->length))
			packet->tunnel = TUNNEL_IP_IN_IP;
	} else if (ip->protocol == PROTOCOL_IPV6) {
		if (parse_ipv6(&packet->inner, packet->data, ip->payload, packet->length))
			packet->tunnel = TUNNEL_IP_IN_IP;
	}
}

static uint8_t
tunnel_type(const struct packet *packet)
{
	unsigned type = PTYPE_IPV4_TUNNELS + (packet->ip.version == 6 ? PTYPE_TUNNELS_V6 : 0);
	bool inner_ip = packet->inner.version != 0;

	if (packet->tunnel != TUNNEL_IP_IN_IP) {
		/* Three blocks of fifteen: no inner MAC, a MAC, a MAC with a tag. */
		type += 2 * PTYPE_GROUP;
		if (packet->inner_mac)
			type += 2 * PTYPE_GROUP + 1;
		if (packet->inner_tagged)
			type += 2 * PTYPE_GROUP + 1;
		if (inner_ip)
			type++;
	}
	if (inner_ip)
		type += (packet->inner.version == 6 ? PTYPE_GROUP : 0) + group_place(&packet->inner);
	return (uint8_t)type;
}

static uint8_t
l2_type(uint16_t ethertype)
{
	switch (ethertype) {
	case ETHERTYPE_ARP:
		return PTYPE_ARP;
	case ETHERTYPE_LLDP:
		return PTYPE_LLDP;
	case ETHERTYPE_TIMESYNC:
		return PTYPE_TIMESYNC;
	case ETHERTYPE_NSH:
		return PTYPE_NSH;
	default:
		return PTYPE_L2;
	}
}

static void
parse_tags(struct packet *packet, const struct packet_rules *rules)
{
	uint32_t at = 14;
	uint16_t ethertype = load16be(packet->data + 12);

	if (rules->outer_tpid != 0 && ethertype == rules->outer_tpid && packet->length >= at + 4) {
		packet->outer_tagged = true;
		packet->outer_tag = load16be(packet->data + at);
		ethertype = load16be(packet->data + at + 2);
		packet->tags++;
		at += 4;
	}
	if (ethertype == rules->tpid && packet->length >= at + 4) {
		packet->tag = load16be(packet->data + at);
		ethertype = load16be(packet->data + at + 2);
		packet->tags++;
		at += 4;
	}
	packet->ethertype = ethertype;
	packet->last_ethertype = ethertype;
	packet->l2_payload = (uint16_t)at;
}

void
packet_parse(struct packet *packet, const uint8_t *frame, uint32_t length, const struct packet_rules *rules)
{
	memset(packet, 0, sizeof(*packet));
	packet->data = frame;
	packet->length = (uint16_t)length;
	parse_tags(packet, rules);
	if (!parse_ip(&packet->ip, packet->ethertype, frame, packet->l2_payload, length)) {
		packet->ptype = l2_type(packet->ethertype);
		packet->pctype = PCTYPE_L2_PAYLOAD;
		return;
	}
	parse_tunnel(packet, rules);
	if (packet->tunnel != TUNNEL_NONE)
		packet->ptype = tunnel_type(packet);
	else
		packet->ptype = (uint8_t)((packet->ip.version == 6 ? PTYPE_IPV6 : PTYPE_IPV4) + group_place(&packet->ip));
	packet->pctype = classifier_type(packet_last_ip(packet));
}

static uint16_t
ip_field(const struct packet *packet, const struct packet_ip *ip, unsigned word)
{
	const uint8_t *header = packet->data + ip->offset;

	/* The header stands from word 9 on; of IPv4 the destination is moved to where IPv6's ends. */
	if (ip->version == 6)
		return word <= 28 ? load16be(header + 2 * (word - 9)) : 0;
	if (word <= 16)
		return load16be(header + 2 * (word - 9));
	return word == 27 || word == 28 ? load16be(header + 16 + 2 * (word - 27)) : 0;
}

uint16_t
packet_field(const struct packet *packet, unsigned word)
{
	const struct packet_ip *ip = packet_last_ip(packet);

	if (word < 6)
		return load16be(packet->data + 2 * word);
	if (word >= 9 && word <= 28)
		return ip->version != 0 ? ip_field(packet, ip, word) : 0;
	if (word >= 29 && word <= 32) {
		if (ip->version == 0 || !ip->l4_whole || l4_minimum(ip->protocol) == 0)
			return 0;
		return load16be(packet->data + ip->payload + 2 * (word - 29));
	}
	switch (word) {
	case 7:
		return packet->inner_tag;
	case 8:
		return packet->tag;
	case 37:
		return packet->outer_tag;
	case 39:
	case 40:
	case 41:
		return packet->inner_mac ? load16be(packet->data + packet->inner_l2 + 2 * (word - 39)) : 0;
	case 42:
	case 43:
		return packet->tunnel == TUNNEL_UDP ? load16be(packet->data + packet->ip.payload + 2 * (word - 42)) : 0;
	case 44:
	case 45:
		/* A VNI stands in the second half of its header. GRE's key is behind the first four bytes. */
		if (packet->tunnel == TUNNEL_UDP)
			return load16be(packet->data + packet->tunnel_header + 4 + 2 * (word - 44));
		if (packet->tunnel == TUNNEL_GRE && (packet->data[packet->tunnel_header] & 0xA0) == 0x20 &&
		    packet->tunnel_header + 8u <= packet->ip.end)
			return load16be(packet->data + packet->tunnel_header + 4 + 2 * (word - 44));
		return 0;
	case 49:
		return packet->last_ethertype;
	default:
		return 0;
	}
}

uint16_t
packet_layer_payload(const struct packet *packet, unsigned layer)
{
	const struct packet_ip *ip = packet_last_ip(packet);
	unsigned tcp_length;

	if (layer == 2)
		return packet->l2_payload;
	if (ip->version == 0)
		return packet->length;
	if (layer == 3)
		return ip->payload;
	if (!ip->l4_whole)
		return packet->length;
	switch (ip->protocol) {
	case PROTOCOL_TCP:
		tcp_length = (packet->data[ip->payload + 12] >> 4) * 4u;
		return tcp_length >= 20 && ip->payload + tcp_length <= ip->end ? (uint16_t)(ip->payload + tcp_length) : packet->length;
	case PROTOCOL_UDP:
	case PROTOCOL_SCTP:
		return (uint16_t)(ip->payload + l4_minimum(ip->protocol));
	default:
		return ip->payload;
	}
}
