/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Data at the ends of packets, chains of segments, shared and external buffers. Included by rte_mbuf.h.
 */
#ifndef _RTE_MBUF_CHAIN_H_
#define _RTE_MBUF_CHAIN_H_

#include <rte_mbuf.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The packet's last segment. */
static inline struct rte_mbuf *
rte_pktmbuf_lastseg(struct rte_mbuf *m)
{
	__rte_mbuf_sanity_check(m, 1);
	while (m->next != NULL)
		m = m->next;
	return m;
}

/** Adds v to the refcnt of each segment. */
static inline void
rte_pktmbuf_refcnt_update(struct rte_mbuf *m, int16_t v)
{
	__rte_mbuf_sanity_check(m, 1);
	for (; m != NULL; m = m->next)
		rte_mbuf_refcnt_update(m, v);
}

/** Extends the data by len bytes at its start. The new start, or NULL and no change when the headroom is too small. */
static inline char *
rte_pktmbuf_prepend(struct rte_mbuf *m, uint16_t len)
{
	__rte_mbuf_sanity_check(m, 1);
	if (unlikely(len > m->data_off))
		return NULL;
	m->data_off = (uint16_t)(m->data_off - len);
	m->data_len = (uint16_t)(m->data_len + len);
	m->pkt_len += len;
	return rte_pktmbuf_mtod(m, char *);
}

/** Extends the last segment by len bytes. Their start, or NULL and no change when its tailroom is too small. */
static inline char *
rte_pktmbuf_append(struct rte_mbuf *m, uint16_t len)
{
	struct rte_mbuf *last = rte_pktmbuf_lastseg(m);
	char *tail;

	if (unlikely(len > rte_pktmbuf_tailroom(last)))
		return NULL;
	tail = rte_pktmbuf_mtod_offset(last, char *, last->data_len);
	last->data_len = (uint16_t)(last->data_len + len);
	m->pkt_len += len;
	return tail;
}

/** Takes len bytes off the start. The new start, or NULL and no change when the first segment has fewer. */
static inline char *
rte_pktmbuf_adj(struct rte_mbuf *m, uint16_t len)
{
	__rte_mbuf_sanity_check(m, 1);
	if (unlikely(len > m->data_len))
		return NULL;
	m->data_off = (uint16_t)(m->data_off + len);
	m->data_len = (uint16_t)(m->data_len - len);
	m->pkt_len -= len;
	return rte_pktmbuf_mtod(m, char *);
}

/** Takes len bytes off the end. 0, or -1 and no change when the last segment has fewer. */
static inline int
rte_pktmbuf_trim(struct rte_mbuf *m, uint16_t len)
{
	struct rte_mbuf *last = rte_pktmbuf_lastseg(m);

	if (unlikely(len > last->data_len))
		return -1;
	last->data_len = (uint16_t)(last->data_len - len);
	m->pkt_len -= len;
	return 0;
}

/** Puts packet tail behind packet head, which is then the one to free. 0, or -EOVERFLOW and no change. */
static inline int
rte_pktmbuf_chain(struct rte_mbuf *head, struct rte_mbuf *tail)
{
	if (unlikely((uint32_t)head->nb_segs + tail->nb_segs > RTE_MBUF_MAX_NB_SEGS))
		return -EOVERFLOW;
	rte_pktmbuf_lastseg(head)->next = tail;
	head->nb_segs = (uint16_t)(head->nb_segs + tail->nb_segs);
	head->pkt_len += tail->pkt_len;
	tail->pkt_len = tail->data_len;
	return 0;
}

/* Takes the way over segments. */
const void *__rte_pktmbuf_read(const struct rte_mbuf *m, uint32_t off, uint32_t len, void *buf);

/**
 * len bytes from offset off on: where they lie when that is one segment, otherwise copied to buf. NULL when the packet
 * is too short. A len of UINT32_MAX asks where the byte at off is, whatever follows it.
 */
static inline const void *
rte_pktmbuf_read(const struct rte_mbuf *m, uint32_t off, uint32_t len, void *buf)
{
	if (likely((uint64_t)off + len <= m->data_len))
		return rte_pktmbuf_mtod_offset(m, char *, off);
	return __rte_pktmbuf_read(m, off, len, buf);
}

int __rte_pktmbuf_linearize(struct rte_mbuf *mbuf);

/** Moves all data into the first segment. 0, or -1 and no change when its tailroom is too small. */
static inline int
rte_pktmbuf_linearize(struct rte_mbuf *mbuf)
{
	return rte_pktmbuf_is_contiguous(mbuf) ? 0 : __rte_pktmbuf_linearize(mbuf);
}

/** Copies what drivers and users note in the dynamic fields. */
static inline void
rte_mbuf_dynfield_copy(struct rte_mbuf *mdst, const struct rte_mbuf *msrc)
{
	__builtin_memcpy(mdst->dynfield1, msrc->dynfield1, sizeof(mdst->dynfield1));
}

/* What is known about a packet goes with its copies and clones. */
static inline void
wdpdk_pktmbuf_copy_metadata(struct rte_mbuf *to, const struct rte_mbuf *from)
{
	to->port = from->port;
	to->packet_type = from->packet_type;
	to->vlan_tci = from->vlan_tci;
	to->vlan_tci_outer = from->vlan_tci_outer;
	to->hash = from->hash;
	to->tx_offload = from->tx_offload;
	rte_mbuf_dynfield_copy(to, from);
}

/**
 * Makes mi (direct, sole reference, its buffer empty) share the data of segment m. Counts a reference to m's direct
 * mbuf, or to its external buffer.
 */
static inline void
rte_pktmbuf_attach(struct rte_mbuf *mi, struct rte_mbuf *m)
{
	RTE_ASSERT(RTE_MBUF_DIRECT(mi) && rte_mbuf_refcnt_read(mi) == 1);
	if (RTE_MBUF_HAS_EXTBUF(m)) {
		rte_mbuf_ext_refcnt_update(m->shinfo, 1);
		mi->shinfo = m->shinfo;
		mi->ol_flags = m->ol_flags;
	} else {
		rte_mbuf_refcnt_update(rte_mbuf_from_indirect(m), 1);
		mi->priv_size = m->priv_size;
		mi->ol_flags = m->ol_flags | RTE_MBUF_F_INDIRECT;
	}
	wdpdk_pktmbuf_copy_metadata(mi, m);
	mi->buf_addr = m->buf_addr;
	rte_mbuf_iova_set(mi, rte_mbuf_iova_get(m));
	mi->buf_len = m->buf_len;
	mi->data_off = m->data_off;
	mi->data_len = m->data_len;
	mi->pkt_len = m->data_len;
	mi->nb_segs = 1;
	mi->next = NULL;
	__rte_mbuf_sanity_check(mi, 1);
}

/**
 * Sets up shared info at the end of an external buffer, with one reference. *buf_len becomes what is left of the
 * buffer. NULL when there is no room.
 */
static inline struct rte_mbuf_ext_shared_info *
rte_pktmbuf_ext_shinfo_init_helper(void *buf_addr, uint16_t *buf_len, rte_mbuf_extbuf_free_callback_t free_cb,
	void *fcb_opaque)
{
	struct rte_mbuf_ext_shared_info *shinfo;
	uintptr_t start = (uintptr_t)buf_addr, at;

	if (*buf_len < sizeof(*shinfo))
		return NULL;
	at = (start + *buf_len - sizeof(*shinfo)) & ~(uintptr_t)(sizeof(void *) - 1);
	if (at <= start)
		return NULL;
	shinfo = (struct rte_mbuf_ext_shared_info *)at;
	shinfo->free_cb = free_cb;
	shinfo->fcb_opaque = fcb_opaque;
	rte_mbuf_ext_refcnt_set(shinfo, 1);
	*buf_len = (uint16_t)(at - start);
	return shinfo;
}

/**
 * Gives mbuf m (direct, sole reference) an external buffer. No data and no headroom: set data_off, data_len and
 * pkt_len. shinfo (refcnt 1, free_cb) lives at least as long as the buffer; free_cb comes when the last user detaches.
 */
static inline void
rte_pktmbuf_attach_extbuf(struct rte_mbuf *m, void *buf_addr, rte_iova_t buf_iova, uint16_t buf_len,
	struct rte_mbuf_ext_shared_info *shinfo)
{
	RTE_ASSERT(RTE_MBUF_DIRECT(m) && rte_mbuf_refcnt_read(m) == 1);
	RTE_ASSERT(shinfo->free_cb != NULL);
	m->buf_addr = buf_addr;
	rte_mbuf_iova_set(m, buf_iova);
	m->buf_len = buf_len;
	m->data_off = 0;
	m->data_len = 0;
	m->ol_flags |= RTE_MBUF_F_EXTERNAL;
	m->shinfo = shinfo;
}

/** A packet of mbufs from mp that shares the data of md. NULL, and nothing taken, when mp runs out. */
struct rte_mbuf *rte_pktmbuf_clone(struct rte_mbuf *md, struct rte_mempool *mp);

/**
 * A copy of the bytes [offset, offset + length) of m in mbufs from mp; length beyond the packet means to its end. NULL
 * when offset is not inside the packet or mp runs out. The private areas are not copied.
 */
struct rte_mbuf *rte_pktmbuf_copy(const struct rte_mbuf *m, struct rte_mempool *mp, uint32_t offset, uint32_t length);

#ifdef __cplusplus
}
#endif

#endif
