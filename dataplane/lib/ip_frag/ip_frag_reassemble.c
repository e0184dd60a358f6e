/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fragments become packets. A datagram's pieces are kept by offset and never overlap, so that it is whole when it has as many
 * bytes as its last piece says, and only then are they chained.
 */
#include <string.h>

#include "ip_frag_table.h"

#define FAMILY_IPV4 4u
#define FAMILY_IPV6 6u
#define DATAGRAM_MAX 65535u
#define IPV6_HEADERS (sizeof(struct rte_ipv6_hdr) + sizeof(struct rte_ipv6_fragment_ext))

enum verdict { TAKEN, KNOWN, WRONG };

/* Where a fragment lies in its datagram. */
struct place {
	uint32_t offset, length;
	bool more;
};

static enum verdict
insert(struct ip_frag_datagram *datagram, struct rte_mbuf *mb, const struct place *place)
{
	struct ip_frag_piece *piece = datagram->piece;
	uint32_t end = place->offset + place->length, n = datagram->pieces, at = n;

	while (at > 0 && piece[at - 1].offset >= place->offset)
		at--;
	if (at < n && piece[at].offset == place->offset && piece[at].length == place->length && (end == datagram->size) == !place->more)
		return KNOWN;
	if ((at > 0 && piece[at - 1].offset + piece[at - 1].length > place->offset) || (at < n && end > piece[at].offset))
		return WRONG;
	if (n == IP_FRAG_MOST || end > DATAGRAM_MAX || (datagram->size != 0 && end > datagram->size))
		return WRONG;
	if (!place->more) {
		if (datagram->size != 0 || at < n)
			return WRONG;
		datagram->size = end;
	}
	memmove(&piece[at + 1], &piece[at], (n - at) * sizeof(*piece));
	piece[at] = (struct ip_frag_piece){ .offset = place->offset, .length = place->length, .mb = mb };
	datagram->pieces++;
	datagram->have += place->length;
	return TAKEN;
}

/* Its pieces as one chain, the first one's headers in front; NULL: more segments than a packet may have. */
static struct rte_mbuf *
chain(struct ip_frag_datagram *datagram)
{
	struct rte_mbuf *head = datagram->piece[0].mb, *m;
	uint32_t segments = 0, i;

	for (i = 0; i < datagram->pieces; i++)
		segments += datagram->piece[i].mb->nb_segs;
	if (segments > RTE_MBUF_MAX_NB_SEGS)
		return NULL;
	for (i = 1; i < datagram->pieces; i++) {
		m = datagram->piece[i].mb;
		rte_pktmbuf_adj(m, (uint16_t)(m->l2_len + m->l3_len));
		rte_pktmbuf_chain(head, m);
	}
	datagram->pieces = 0;
	return head;
}

/* The whole datagram's packet, *size bytes behind the headers, or NULL. */
static struct rte_mbuf *
take(struct rte_ip_frag_tbl *tbl, struct rte_ip_frag_death_row *dr, struct rte_mbuf *mb, const struct ip_frag_key *key,
	const struct place *place, uint64_t tms, uint32_t *size)
{
	struct ip_frag_datagram *datagram = ip_frag_find(tbl, dr, key, tms);
	enum verdict verdict = datagram == NULL ? KNOWN : insert(datagram, mb, place);
	struct rte_mbuf *packet = NULL;

	if (verdict != TAKEN)
		ip_frag_bury(dr, mb);
	if (verdict == TAKEN && datagram->have == datagram->size) {
		*size = datagram->size;
		packet = chain(datagram);
		verdict = packet == NULL ? WRONG : TAKEN;
		tbl->counts.whole += packet != NULL;
	}
	tbl->counts.given_up += verdict == WRONG;
	if (verdict == WRONG || packet != NULL)
		ip_frag_remove(tbl, dr, datagram);
	return packet;
}

/* Whether the packet has what its headers say, and no more; the padding of short frames is cut off. */
static bool
fits(struct rte_mbuf *mb, const struct place *place)
{
	uint32_t headers = (uint32_t)mb->l2_len + mb->l3_len, wanted = headers + place->length;

	if (place->length == 0 || mb->data_len < headers || mb->pkt_len < wanted)
		return false;
	if (place->more && place->length % RTE_IPV4_HDR_OFFSET_UNITS != 0)
		return false;
	return mb->pkt_len == wanted ||
		(mb->pkt_len - wanted <= UINT16_MAX && rte_pktmbuf_trim(mb, (uint16_t)(mb->pkt_len - wanted)) == 0);
}

struct rte_mbuf *
rte_ipv4_frag_reassemble_packet(struct rte_ip_frag_tbl *tbl, struct rte_ip_frag_death_row *dr, struct rte_mbuf *mb, uint64_t tms,
	struct rte_ipv4_hdr *ip_hdr)
{
	uint16_t word = rte_be_to_cpu_16(ip_hdr->fragment_offset), total = rte_be_to_cpu_16(ip_hdr->total_length);
	struct place place = {
		.offset = (word & RTE_IPV4_HDR_OFFSET_MASK) * (uint32_t)RTE_IPV4_HDR_OFFSET_UNITS,
		.length = total > mb->l3_len ? total - (uint32_t)mb->l3_len : 0,
		.more = (word & RTE_IPV4_HDR_MF_FLAG) != 0,
	};
	struct ip_frag_key key = {
		.addresses = { (uint64_t)ip_hdr->src_addr << 32 | ip_hdr->dst_addr },
		.id = ip_frag_id(FAMILY_IPV4, ip_hdr->next_proto_id, ip_hdr->packet_id),
	};
	struct rte_mbuf *packet;
	uint32_t size;

	if (!fits(mb, &place)) {
		ip_frag_bury(dr, mb);
		return NULL;
	}
	packet = take(tbl, dr, mb, &key, &place, tms, &size);
	if (packet == NULL)
		return NULL;
	if (size + packet->l3_len > DATAGRAM_MAX) {
		tbl->counts.whole--;
		tbl->counts.given_up++;
		ip_frag_bury(dr, packet);
		return NULL;
	}
	ip_hdr = rte_pktmbuf_mtod_offset(packet, struct rte_ipv4_hdr *, packet->l2_len);
	ip_hdr->total_length = rte_cpu_to_be_16((uint16_t)(size + packet->l3_len));
	ip_hdr->fragment_offset &= rte_cpu_to_be_16(RTE_IPV4_HDR_DF_FLAG);
	ip_hdr->hdr_checksum = 0;
	return packet;
}

struct rte_mbuf *
rte_ipv6_frag_reassemble_packet(struct rte_ip_frag_tbl *tbl, struct rte_ip_frag_death_row *dr, struct rte_mbuf *mb, uint64_t tms,
	struct rte_ipv6_hdr *ip_hdr, struct rte_ipv6_fragment_ext *frag_hdr)
{
	uint16_t word = rte_be_to_cpu_16(frag_hdr->frag_data), payload = rte_be_to_cpu_16(ip_hdr->payload_len);
	struct place place = {
		.offset = word & (uint32_t)RTE_IPV6_EHDR_FO_MASK,
		.length = payload > sizeof(*frag_hdr) ? payload - (uint32_t)sizeof(*frag_hdr) : 0,
		.more = (word & RTE_IPV6_EHDR_MF_MASK) != 0,
	};
	struct ip_frag_key key = { .id = ip_frag_id(FAMILY_IPV6, 0, frag_hdr->id) };
	struct rte_mbuf *packet;
	uint32_t size, kept;
	char *start;

	memcpy(&key.addresses[0], ip_hdr->src_addr, sizeof(ip_hdr->src_addr));
	memcpy(&key.addresses[2], ip_hdr->dst_addr, sizeof(ip_hdr->dst_addr));
	if (mb->l3_len != IPV6_HEADERS || (void *)frag_hdr != (void *)(ip_hdr + 1) || !fits(mb, &place)) {
		ip_frag_bury(dr, mb);
		return NULL;
	}
	packet = take(tbl, dr, mb, &key, &place, tms, &size);
	if (packet == NULL)
		return NULL;
	ip_hdr = rte_pktmbuf_mtod_offset(packet, struct rte_ipv6_hdr *, packet->l2_len);
	frag_hdr = (struct rte_ipv6_fragment_ext *)(ip_hdr + 1);
	ip_hdr->payload_len = rte_cpu_to_be_16((uint16_t)size);
	ip_hdr->proto = frag_hdr->next_header;
	/* What is in front moves over the fragment header. */
	start = rte_pktmbuf_mtod(packet, char *);
	kept = packet->l2_len + (uint32_t)sizeof(*ip_hdr);
	memmove(start + sizeof(*frag_hdr), start, kept);
	rte_pktmbuf_adj(packet, sizeof(*frag_hdr));
	packet->l3_len = sizeof(*ip_hdr);
	return packet;
}
