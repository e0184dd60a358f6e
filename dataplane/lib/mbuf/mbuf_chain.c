/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Reading over segments, making one segment of many, clones and copies.
 */
#include <string.h>

#include <rte_mbuf.h>
#include <rte_memcpy.h>

/* The segment that holds byte *off of the packet; *off becomes the offset in it. */
static const struct rte_mbuf *
find_segment(const struct rte_mbuf *m, uint32_t *off)
{
	while (m != NULL && *off >= m->data_len) {
		*off -= m->data_len;
		m = m->next;
	}
	return m;
}

const void *
__rte_pktmbuf_read(const struct rte_mbuf *m, uint32_t off, uint32_t len, void *buf)
{
	char *to = (char *)buf;

	if (len == UINT32_MAX) {
		/* Asks where the data is, not how much there is: nothing would be copied. */
		m = off > m->pkt_len ? NULL : find_segment(m, &off);
		return m == NULL ? NULL : rte_pktmbuf_mtod_offset(m, const char *, off);
	}
	if ((uint64_t)off + len > m->pkt_len)
		return NULL;
	m = find_segment(m, &off);
	if (m == NULL) /* nothing, at the very end */
		return len == 0 ? buf : NULL;
	if (off + len <= m->data_len)
		return rte_pktmbuf_mtod_offset(m, const char *, off);
	while (len != 0 && m != NULL) {
		uint32_t n = RTE_MIN(len, m->data_len - off);

		rte_memcpy(to, rte_pktmbuf_mtod_offset(m, const char *, off), n);
		to += n;
		len -= n;
		off = 0;
		m = m->next;
	}
	return len == 0 ? buf : NULL; /* fewer bytes than pkt_len says */
}

int
__rte_pktmbuf_linearize(struct rte_mbuf *mbuf)
{
	struct rte_mbuf *m, *next;
	char *to;

	if (mbuf->pkt_len - mbuf->data_len > rte_pktmbuf_tailroom(mbuf))
		return -1;
	to = rte_pktmbuf_mtod_offset(mbuf, char *, mbuf->data_len);
	for (m = mbuf->next; m != NULL; m = next) {
		next = m->next;
		rte_memcpy(to, rte_pktmbuf_mtod(m, const char *), m->data_len);
		to += m->data_len;
		rte_pktmbuf_free_seg(m);
	}
	mbuf->data_len = (uint16_t)mbuf->pkt_len;
	mbuf->next = NULL;
	mbuf->nb_segs = 1;
	return 0;
}

struct rte_mbuf *
rte_pktmbuf_clone(struct rte_mbuf *md, struct rte_mempool *mp)
{
	struct rte_mbuf *head = NULL, **link = &head;
	uint32_t length = md->pkt_len;
	uint16_t segments = 0;

	for (; md != NULL; md = md->next) {
		struct rte_mbuf *mi = rte_pktmbuf_alloc(mp);

		if (unlikely(mi == NULL)) {
			rte_pktmbuf_free(head);
			return NULL;
		}
		rte_pktmbuf_attach(mi, md);
		*link = mi;
		link = &mi->next;
		segments++;
	}
	head->nb_segs = segments;
	head->pkt_len = length;
	__rte_mbuf_sanity_check(head, 1);
	return head;
}

struct rte_mbuf *
rte_pktmbuf_copy(const struct rte_mbuf *m, struct rte_mempool *mp, uint32_t offset, uint32_t length)
{
	struct rte_mbuf *head, *last;
	const struct rte_mbuf *from = m;

	if (unlikely(offset >= m->pkt_len))
		return NULL;
	length = RTE_MIN(length, m->pkt_len - offset);
	head = rte_pktmbuf_alloc(mp);
	if (unlikely(head == NULL))
		return NULL;
	wdpdk_pktmbuf_copy_metadata(head, m);
	head->ol_flags |= m->ol_flags & ~(RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL);
	last = head;
	from = find_segment(from, &offset);
	while (length != 0) {
		uint32_t room = rte_pktmbuf_tailroom(last), n;

		if (unlikely(from == NULL)) /* fewer bytes than pkt_len says */
			break;
		if (room == 0) {
			struct rte_mbuf *more = rte_pktmbuf_alloc(mp);

			if (unlikely(more == NULL || more->buf_len == 0 || head->nb_segs == RTE_MBUF_MAX_NB_SEGS)) {
				rte_pktmbuf_free(more);
				break;
			}
			more->data_off = 0; /* headroom is for the first segment */
			last->next = more;
			last = more;
			head->nb_segs++;
			continue;
		}
		n = RTE_MIN(room, from->data_len - offset);
		n = RTE_MIN(n, length);
		rte_memcpy(rte_pktmbuf_mtod_offset(last, char *, last->data_len),
			rte_pktmbuf_mtod_offset(from, const char *, offset), n);
		last->data_len = (uint16_t)(last->data_len + n);
		head->pkt_len += n;
		length -= n;
		offset += n;
		while (from != NULL && offset >= from->data_len) {
			offset -= from->data_len;
			from = from->next;
		}
	}
	if (unlikely(length != 0)) {
		rte_pktmbuf_free(head);
		return NULL;
	}
	__rte_mbuf_sanity_check(head, 1);
	return head;
}
