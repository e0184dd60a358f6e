/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <rte_ether.h>
#include <rte_net.h>

/* Devices and drivers share these with the wire. */
_Static_assert(sizeof(struct rte_ether_hdr) == 14, "rte_ether_hdr");
_Static_assert(sizeof(struct rte_vlan_hdr) == 4, "rte_vlan_hdr");
_Static_assert(sizeof(struct rte_ipv4_hdr) == 20, "rte_ipv4_hdr");
_Static_assert(sizeof(struct rte_ipv6_hdr) == 40, "rte_ipv6_hdr");
_Static_assert(sizeof(struct rte_ipv6_fragment_ext) == 8, "rte_ipv6_fragment_ext");
_Static_assert(sizeof(struct rte_udp_hdr) == 8, "rte_udp_hdr");
_Static_assert(sizeof(struct rte_tcp_hdr) == 20, "rte_tcp_hdr");

#define EXTENSIONS_MAX 5
#define SCTP_HEADER 12

int
rte_net_skip_ip6_ext(uint16_t proto, const struct rte_mbuf *m, uint32_t *off, int *frag)
{
	unsigned int i;

	*frag = 0;
	for (i = 0; i < EXTENSIONS_MAX; i++) {
		uint8_t copy[8];
		const uint8_t *ext;

		switch (proto) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
			ext = (const uint8_t *)rte_pktmbuf_read(m, *off, 2, copy);
			if (ext == NULL)
				return -1;
			*off += ((uint32_t)ext[1] + 1) * 8;
			proto = ext[0];
			break;
		case IPPROTO_FRAGMENT:
			ext = (const uint8_t *)rte_pktmbuf_read(m, *off, sizeof(struct rte_ipv6_fragment_ext), copy);
			if (ext == NULL)
				return -1;
			*off += sizeof(struct rte_ipv6_fragment_ext);
			*frag = 1;
			return ext[0];
		case IPPROTO_NONE:
			return 0;
		default:
			return proto;
		}
	}
	return -1;
}

static uint32_t
l4_ptype(const struct rte_mbuf *m, uint32_t off, int proto, struct rte_net_hdr_lens *lens)
{
	struct rte_tcp_hdr copy;
	const struct rte_tcp_hdr *tcp;

	switch (proto) {
	case IPPROTO_UDP:
		lens->l4_len = sizeof(struct rte_udp_hdr);
		return RTE_PTYPE_L4_UDP;
	case IPPROTO_TCP:
		tcp = (const struct rte_tcp_hdr *)rte_pktmbuf_read(m, off, sizeof(copy), &copy);
		lens->l4_len = tcp == NULL ? 0 : (uint8_t)((tcp->data_off & 0xf0) >> 2);
		return tcp == NULL ? 0 : RTE_PTYPE_L4_TCP;
	case IPPROTO_SCTP:
		lens->l4_len = SCTP_HEADER;
		return RTE_PTYPE_L4_SCTP;
	default:
		return 0;
	}
}

/* L3 of a packet: its type, the protocol it carries in *proto (-1: unknown), whether it is a fragment in *frag. */
static uint32_t
ipv4_ptype(const struct rte_mbuf *m, uint32_t off, struct rte_net_hdr_lens *lens, int *proto, int *frag)
{
	struct rte_ipv4_hdr copy;
	const struct rte_ipv4_hdr *ip = (const struct rte_ipv4_hdr *)rte_pktmbuf_read(m, off, sizeof(copy), &copy);

	if (ip == NULL)
		return 0;
	lens->l3_len = rte_ipv4_hdr_len(ip);
	*frag = (ip->fragment_offset & RTE_BE16(RTE_IPV4_HDR_OFFSET_MASK | RTE_IPV4_HDR_MF_FLAG)) != 0;
	*proto = ip->next_proto_id;
	if (ip->version_ihl == 0x45)
		return RTE_PTYPE_L3_IPV4;
	if (ip->version_ihl > 0x45 && ip->version_ihl <= 0x4f)
		return RTE_PTYPE_L3_IPV4_EXT;
	*proto = -1;
	return 0;
}

static uint32_t
ipv6_ptype(const struct rte_mbuf *m, uint32_t off, struct rte_net_hdr_lens *lens, int *proto, int *frag)
{
	struct rte_ipv6_hdr copy;
	const struct rte_ipv6_hdr *ip = (const struct rte_ipv6_hdr *)rte_pktmbuf_read(m, off, sizeof(copy), &copy);
	uint32_t end = off + sizeof(*ip), l3_end = end;

	if (ip == NULL)
		return 0;
	*proto = rte_net_skip_ip6_ext(ip->proto, m, &l3_end, frag);
	/* The walk cannot leave the packet by more than one header of 2 KiB, so the sum fits. */
	lens->l3_len = (uint16_t)(l3_end - off);
	return l3_end == end ? RTE_PTYPE_L3_IPV6 : RTE_PTYPE_L3_IPV6_EXT;
}

uint32_t
rte_net_get_ptype(const struct rte_mbuf *m, struct rte_net_hdr_lens *hdr_lens, uint32_t layers)
{
	struct rte_net_hdr_lens unwanted, *lens = hdr_lens == NULL ? &unwanted : hdr_lens;
	struct rte_ether_hdr ether_copy;
	struct rte_vlan_hdr vlan_copy;
	const struct rte_ether_hdr *ether;
	uint32_t type = RTE_PTYPE_L2_ETHER, off = sizeof(*ether), l3, l4;
	uint16_t next;
	unsigned int tags;
	int proto = -1, frag = 0;

	memset(lens, 0, sizeof(*lens));
	ether = (const struct rte_ether_hdr *)rte_pktmbuf_read(m, 0, sizeof(*ether), &ether_copy);
	if (ether == NULL || (layers & RTE_PTYPE_L2_MASK) == 0)
		return 0;
	next = ether->ether_type;
	for (tags = 0; tags < 2; tags++) {
		const struct rte_vlan_hdr *vlan;

		if (next != RTE_BE16(RTE_ETHER_TYPE_VLAN) && next != RTE_BE16(RTE_ETHER_TYPE_QINQ))
			break;
		vlan = (const struct rte_vlan_hdr *)rte_pktmbuf_read(m, off, sizeof(*vlan), &vlan_copy);
		if (vlan == NULL)
			return type;
		if (tags == 0)
			type = next == RTE_BE16(RTE_ETHER_TYPE_QINQ) ? RTE_PTYPE_L2_ETHER_QINQ : RTE_PTYPE_L2_ETHER_VLAN;
		else
			type = RTE_PTYPE_L2_ETHER_QINQ;
		off += sizeof(*vlan);
		next = vlan->eth_proto;
	}
	lens->l2_len = (uint8_t)off;
	if ((layers & RTE_PTYPE_L3_MASK) == 0)
		return type;

	if (next == RTE_BE16(RTE_ETHER_TYPE_IPV4))
		l3 = ipv4_ptype(m, off, lens, &proto, &frag);
	else if (next == RTE_BE16(RTE_ETHER_TYPE_IPV6))
		l3 = ipv6_ptype(m, off, lens, &proto, &frag);
	else
		return type;
	type |= l3;
	if (l3 == 0 || proto < 0 || (layers & RTE_PTYPE_L4_MASK) == 0)
		return type;
	if (frag)
		return type | RTE_PTYPE_L4_FRAG;
	l4 = l4_ptype(m, off + lens->l3_len, proto, lens);
	return type | l4;
}
