/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packets become fragments: for each, a header of its own in front of the next piece of the packet's data, which is pointed at
 * or copied.
 */
#include <errno.h>
#include <string.h>

#include <rte_mbuf.h>
#include <rte_random.h>

#include "rte_ip_frag.h"

/* RFC 791: every host and router passes as much on. */
#define IPV4_MIN_MTU 68u
#define IPV4_HEADER_MAX (sizeof(struct rte_ipv4_hdr) + RTE_IPV4_HDR_OPT_MAX_LEN)
#define UNIT 8u
#define DATAGRAM_MAX 65535u

/* How far the packet's data has been given away. */
struct cursor {
	struct rte_mbuf *seg;
	uint32_t at;
};

/* What is to be done, and the header that the next fragment gets. */
struct job {
	struct cursor data;
	uint32_t left;			/* bytes of data */
	uint32_t most;			/* of a fragment; a multiple of UNIT */
	struct rte_mempool *headers;
	struct rte_mempool *pieces;	/* NULL: data is copied behind the header */
	struct rte_mbuf **out;
	uint16_t room;
};

/* The next part of the data that lies in one segment, `length` bytes at most (0: the packet is shorter than it says); it is passed. */
static struct cursor
next_part(struct cursor *cursor, uint32_t *length)
{
	struct cursor part;

	while (cursor->at >= cursor->seg->data_len) {
		if (unlikely(cursor->seg->next == NULL)) {
			*length = 0;
			return *cursor;
		}
		cursor->at -= cursor->seg->data_len;
		cursor->seg = cursor->seg->next;
	}
	part = *cursor;
	*length = RTE_MIN(*length, cursor->seg->data_len - cursor->at);
	cursor->at += *length;
	return part;
}

static int
point_at(struct rte_mbuf *m, struct cursor *cursor, uint32_t length, struct rte_mempool *pool)
{
	struct rte_mbuf *last = m, *piece;
	struct cursor part;
	uint32_t n;

	for (; length > 0; length -= n) {
		n = length;
		part = next_part(cursor, &n);
		if (unlikely(n == 0))
			return -EINVAL;
		piece = rte_pktmbuf_alloc(pool);
		if (unlikely(piece == NULL))
			return -ENOMEM;
		rte_pktmbuf_attach(piece, part.seg);
		piece->data_off = (uint16_t)(part.seg->data_off + part.at);
		piece->data_len = (uint16_t)n;
		last->next = piece;
		last = piece;
		m->nb_segs++;
		m->pkt_len += n;
	}
	return 0;
}

static int
copy(struct rte_mbuf *m, struct cursor *cursor, uint32_t length)
{
	struct cursor part;
	uint32_t n;
	char *to;

	if (unlikely(length > rte_pktmbuf_tailroom(m)))
		return -EINVAL;
	for (to = rte_pktmbuf_append(m, (uint16_t)length); length > 0; length -= n, to += n) {
		n = length;
		part = next_part(cursor, &n);
		if (unlikely(n == 0))
			return -EINVAL;
		memcpy(to, rte_pktmbuf_mtod_offset(part.seg, char *, part.at), n);
	}
	return 0;
}

/* The next fragment: room for a header of that length, and `length` bytes of data. */
static int
next_fragment(struct job *job, uint32_t header, uint32_t length, struct rte_mbuf **fragment)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(job->headers);
	int error;

	if (unlikely(m == NULL))
		return -ENOMEM;
	error = rte_pktmbuf_append(m, (uint16_t)header) == NULL ? -EINVAL : job->pieces == NULL ? copy(m, &job->data, length) :
		point_at(m, &job->data, length, job->pieces);
	if (unlikely(error != 0)) {
		rte_pktmbuf_free(m);
		return error;
	}
	m->l3_len = header & 0x1ff;
	job->left -= length;
	*fragment = m;
	return 0;
}

static int
give_up(const struct job *job, int made, int error)
{
	rte_pktmbuf_free_bulk(job->out, (unsigned int)made);
	return error;
}

/* The options that stand in every fragment, behind the fixed header in `to`; the length of that header. */
static uint32_t
lasting_header(const struct rte_ipv4_hdr *hdr, uint32_t header, uint8_t *to)
{
	const uint8_t *from = (const uint8_t *)hdr;
	uint32_t at = sizeof(*hdr), end = sizeof(*hdr), length;

	memcpy(to, from, sizeof(*hdr));
	for (; at < header && from[at] != RTE_IPV4_HDR_OPT_EOL; at += length) {
		length = 1;
		if (from[at] == RTE_IPV4_HDR_OPT_NOP)
			continue;
		if (at + 1 == header || from[at + 1] < 2 || from[at + 1] > header - at)
			break;
		length = from[at + 1];
		if (RTE_IPV4_HDR_OPT_COPIED(from[at])) {
			memcpy(to + end, from + at, length);
			end += length;
		}
	}
	while (end % RTE_IPV4_IHL_MULTIPLIER != 0)
		to[end++] = RTE_IPV4_HDR_OPT_EOL;
	((struct rte_ipv4_hdr *)to)->ihl = end / RTE_IPV4_IHL_MULTIPLIER & RTE_IPV4_HDR_IHL_MASK;
	return end;
}

static int32_t
fragment_ipv4(const struct rte_mbuf *packet, struct job *job, uint32_t mtu)
{
	uint8_t header_of[2][IPV4_HEADER_MAX];
	const struct rte_ipv4_hdr *in;
	uint32_t header, lengths[2], offset, data;
	uint16_t word;
	int made = 0;

	if (packet == NULL || job->out == NULL || job->room == 0 || job->headers == NULL || mtu < IPV4_MIN_MTU ||
			packet->data_len < sizeof(*in))
		return -EINVAL;
	in = rte_pktmbuf_mtod(packet, const struct rte_ipv4_hdr *);
	header = rte_ipv4_hdr_len(in);
	if (header < sizeof(*in) || header > packet->data_len)
		return -EINVAL;
	word = rte_be_to_cpu_16(in->fragment_offset);
	if (word & RTE_IPV4_HDR_DF_FLAG)
		return -ENOTSUP;
	offset = (word & RTE_IPV4_HDR_OFFSET_MASK) * UNIT;
	job->most = RTE_ALIGN_FLOOR(mtu - header, UNIT);
	job->left = packet->pkt_len - header;
	job->data.at = header;
	if (job->left > (uint64_t)job->most * job->room || offset + job->left > DATAGRAM_MAX)
		return -EINVAL;
	memcpy(header_of[0], in, header);
	lengths[0] = header;
	/* Which options stand in the first fragment only is a matter of the datagram's first. */
	if (offset == 0) {
		lengths[1] = lasting_header(in, header, header_of[1]);
	} else {
		memcpy(header_of[1], in, header);
		lengths[1] = header;
	}
	do {
		uint32_t length = lengths[made != 0];
		struct rte_ipv4_hdr *hdr;
		struct rte_mbuf *m;
		bool more;
		int error;

		data = RTE_MIN(job->left, job->most);
		error = next_fragment(job, length, data, &m);
		if (unlikely(error != 0))
			return give_up(job, made, error);
		more = job->left > 0 || (word & RTE_IPV4_HDR_MF_FLAG) != 0;
		hdr = rte_pktmbuf_mtod(m, struct rte_ipv4_hdr *);
		memcpy(hdr, header_of[made != 0], length);
		hdr->total_length = rte_cpu_to_be_16((uint16_t)m->pkt_len);
		hdr->fragment_offset = rte_cpu_to_be_16((uint16_t)((word & ~(RTE_IPV4_HDR_MF_FLAG | RTE_IPV4_HDR_OFFSET_MASK)) |
			(more ? RTE_IPV4_HDR_MF_FLAG : 0) | offset / UNIT));
		hdr->hdr_checksum = 0;
		offset += data;
		job->out[made++] = m;
	} while (job->left > 0);
	return made;
}

int32_t
rte_ipv4_fragment_packet(struct rte_mbuf *pkt_in, struct rte_mbuf **pkts_out, uint16_t nb_pkts_out, uint16_t mtu_size,
	struct rte_mempool *pool_direct, struct rte_mempool *pool_indirect)
{
	struct job job = {
		.data.seg = pkt_in, .headers = pool_direct, .pieces = pool_indirect, .out = pkts_out, .room = nb_pkts_out,
	};

	return pool_indirect == NULL ? -EINVAL : fragment_ipv4(pkt_in, &job, mtu_size);
}

int32_t
rte_ipv4_fragment_copy_nonseg_packet(struct rte_mbuf *pkt_in, struct rte_mbuf **pkts_out, uint16_t nb_pkts_out, uint16_t mtu_size,
	struct rte_mempool *pool_direct)
{
	struct job job = { .data.seg = pkt_in, .headers = pool_direct, .out = pkts_out, .room = nb_pkts_out };

	return fragment_ipv4(pkt_in, &job, mtu_size);
}

int32_t
rte_ipv6_fragment_packet(struct rte_mbuf *pkt_in, struct rte_mbuf **pkts_out, uint16_t nb_pkts_out, uint16_t mtu_size,
	struct rte_mempool *pool_direct, struct rte_mempool *pool_indirect)
{
	const uint32_t headers = sizeof(struct rte_ipv6_hdr) + sizeof(struct rte_ipv6_fragment_ext);
	struct job job = {
		.data.seg = pkt_in, .headers = pool_direct, .pieces = pool_indirect, .out = pkts_out, .room = nb_pkts_out,
	};
	struct rte_ipv6_fragment_ext *ext;
	const struct rte_ipv6_hdr *in;
	struct rte_ipv6_hdr *hdr;
	uint32_t offset = 0, data, id;
	struct rte_mbuf *m;
	int made = 0, error;

	if (pkt_in == NULL || pkts_out == NULL || nb_pkts_out == 0 || pool_direct == NULL || pool_indirect == NULL ||
			mtu_size < RTE_IPV6_MIN_MTU || pkt_in->data_len < sizeof(*in))
		return -EINVAL;
	in = rte_pktmbuf_mtod(pkt_in, const struct rte_ipv6_hdr *);
	job.most = RTE_ALIGN_FLOOR(mtu_size - headers, UNIT);
	job.left = pkt_in->pkt_len - (uint32_t)sizeof(*in);
	job.data.at = sizeof(*in);
	if (job.left > (uint64_t)job.most * nb_pkts_out || job.left > DATAGRAM_MAX)
		return -EINVAL;
	/* Nobody should be able to tell the next datagram's id (RFC 7739). */
	id = (uint32_t)rte_rand();
	do {
		data = RTE_MIN(job.left, job.most);
		error = next_fragment(&job, headers, data, &m);
		if (unlikely(error != 0))
			return give_up(&job, made, error);
		hdr = rte_pktmbuf_mtod(m, struct rte_ipv6_hdr *);
		*hdr = *in;
		hdr->payload_len = rte_cpu_to_be_16((uint16_t)(m->pkt_len - sizeof(*hdr)));
		hdr->proto = IPPROTO_FRAGMENT;
		ext = (struct rte_ipv6_fragment_ext *)(hdr + 1);
		ext->next_header = in->proto;
		ext->reserved = 0;
		ext->frag_data = rte_cpu_to_be_16((uint16_t)RTE_IPV6_SET_FRAG_DATA(offset, job.left > 0));
		ext->id = id;
		offset += data;
		pkts_out[made++] = m;
	} while (job.left > 0);
	return made;
}
