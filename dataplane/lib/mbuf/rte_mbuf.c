/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Freeing in bulk, giving up borrowed buffers, consistency, printing.
 */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include <rte_hexdump.h>
#include <rte_mbuf.h>

/* DPDK 22.11's layout on x86-64. */
#define AT(field, offset) _Static_assert(offsetof(struct rte_mbuf, field) == (offset), "rte_mbuf: " #field)
AT(buf_addr, 0);
AT(buf_iova, 8);
AT(rearm_data, 16);
AT(data_off, 16);
AT(refcnt, 18);
AT(nb_segs, 20);
AT(port, 22);
AT(ol_flags, 24);
AT(rx_descriptor_fields1, 32);
AT(packet_type, 32);
AT(pkt_len, 36);
AT(data_len, 40);
AT(vlan_tci, 42);
AT(hash, 44);
AT(hash.fdir.hi, 48);
AT(hash.sched.color, 49);
AT(hash.txadapter.txq, 50);
AT(vlan_tci_outer, 52);
AT(buf_len, 54);
AT(pool, 56);
AT(next, 64);
AT(tx_offload, 72);
AT(shinfo, 80);
AT(priv_size, 88);
AT(timesync, 90);
AT(dynfield1, 92);
_Static_assert(sizeof(struct rte_mbuf) == 128, "rte_mbuf");
_Static_assert(sizeof(struct rte_mbuf_sched) == 8, "rte_mbuf_sched");
_Static_assert(sizeof(struct rte_mbuf_ext_shared_info) == 24, "rte_mbuf_ext_shared_info");
_Static_assert(sizeof(struct rte_pktmbuf_pool_private) == 8, "rte_pktmbuf_pool_private");

static void
drop_direct(struct rte_mbuf *direct)
{
	if (rte_mbuf_refcnt_update(direct, -1) != 0)
		return;
	/* Its holder freed it before: it is complete but for what a pool expects. */
	direct->next = NULL;
	direct->nb_segs = 1;
	rte_mbuf_refcnt_set(direct, 1);
	rte_mbuf_raw_free(direct);
}

void
rte_pktmbuf_detach(struct rte_mbuf *m)
{
	struct rte_mempool *mp = m->pool;
	size_t ahead = sizeof(*m) + rte_pktmbuf_priv_size(mp);
	rte_iova_t iova;

	if (RTE_MBUF_HAS_EXTBUF(m)) {
		if (RTE_MBUF_HAS_PINNED_EXTBUF(m))
			return;
		if (rte_mbuf_ext_refcnt_update(m->shinfo, -1) == 0)
			m->shinfo->free_cb(m->buf_addr, m->shinfo->fcb_opaque);
	} else if (RTE_MBUF_CLONED(m)) {
		drop_direct(rte_mbuf_from_indirect(m));
	}
	iova = rte_mempool_virt2iova(m);
	m->priv_size = rte_pktmbuf_priv_size(mp);
	m->buf_addr = (char *)m + ahead;
	rte_mbuf_iova_set(m, iova == RTE_BAD_IOVA ? RTE_BAD_IOVA : iova + ahead);
	m->buf_len = rte_pktmbuf_data_room_size(mp);
	rte_pktmbuf_reset_headroom(m);
	m->data_len = 0;
	m->ol_flags = 0;
}

int
wdpdk_pktmbuf_release_buffer(struct rte_mbuf *m)
{
	rte_pktmbuf_detach(m);
	if (!RTE_MBUF_HAS_EXTBUF(m))
		return 0;
	/*
	 * Pinned: the mbuf may go back only when nobody else uses its buffer; the last one to detach brings it back then.
	 */
	m->ol_flags = RTE_MBUF_F_EXTERNAL;
	if (rte_mbuf_ext_refcnt_read(m->shinfo) != 1 && rte_mbuf_ext_refcnt_update(m->shinfo, -1) != 0)
		return -1;
	rte_mbuf_ext_refcnt_set(m->shinfo, 1);
	return 0;
}

/* refcnt and nb_segs within the rearm word, both 1. */
#define REFCNT_AND_SEGS 0x0000ffffffff0000ULL
#define ONE_AND_ONE 0x0000000100010000ULL

/* True when the mbuf can go to its pool as it is. */
static inline int
is_plain(const struct rte_mbuf *m)
{
	uint64_t rearm = __atomic_load_n((const uint64_t *)m->rearm_data, __ATOMIC_ACQUIRE);

	return likely((rearm & REFCNT_AND_SEGS) == ONE_AND_ONE) && likely(RTE_MBUF_DIRECT(m)) && likely(m->next == NULL);
}

/* Frees the segments of one packet, through `cache` for those of `pool`. */
static void
free_chain(struct rte_mbuf *m, struct rte_mempool *pool, struct rte_mempool_cache *cache)
{
	void *segments[64];
	unsigned int n = 0;

	while (m != NULL) {
		struct rte_mbuf *next = m->next, *segment = rte_pktmbuf_prefree_seg(m);

		if (segment != NULL && segment->pool == pool) {
			segments[n++] = segment;
			if (n == RTE_DIM(segments)) {
				rte_mempool_generic_put(pool, segments, n, cache);
				n = 0;
			}
		} else if (segment != NULL) {
			rte_mbuf_raw_free(segment);
		}
		m = next;
	}
	if (n != 0)
		rte_mempool_generic_put(pool, segments, n, cache);
}

void
rte_pktmbuf_free_bulk(struct rte_mbuf **mbufs, unsigned int count)
{
	unsigned int lcore = rte_lcore_id(), start = 0;

	/* Runs of plain mbufs of one pool go back straight from the caller's table. */
	while (start < count) {
		struct rte_mbuf *first = mbufs[start];
		struct rte_mempool_cache *cache;
		struct rte_mempool *pool;
		unsigned int end = start;

		if (unlikely(first == NULL)) {
			start++;
			continue;
		}
		pool = first->pool;
		cache = rte_mempool_default_cache(pool, lcore);
		while (end < count && likely(mbufs[end] != NULL) && likely(mbufs[end]->pool == pool) &&
			is_plain(mbufs[end])) {
			__rte_mbuf_raw_sanity_check(mbufs[end]);
			end++;
		}
		if (likely(end != start)) {
			rte_mempool_generic_put(pool, (void **)mbufs + start, end - start, cache);
			start = end;
		} else {
			free_chain(first, pool, cache);
			start++;
		}
	}
}

int
rte_mbuf_check(const struct rte_mbuf *m, int is_header, const char **reason)
{
	uint32_t segments = 0, bytes = 0;
	uint16_t references;

	if (m == NULL)
		*reason = "mbuf is NULL";
	else if (m->pool == NULL)
		*reason = "bad mbuf pool";
	else if (rte_mbuf_iova_get(m) == 0)
		*reason = "bad IO addr";
	else if (m->buf_addr == NULL)
		*reason = "bad virt addr";
	else if ((references = rte_mbuf_refcnt_read(m)) == 0 || references == UINT16_MAX)
		*reason = "bad ref cnt";
	else if (m->data_off > m->buf_len)
		*reason = "data offset too big in mbuf segment";
	else if ((uint32_t)m->data_off + m->data_len > m->buf_len)
		*reason = "data length too big in mbuf segment";
	else if (is_header && m->data_len > m->pkt_len)
		*reason = "bad data_len";
	else if (is_header && m->nb_segs == 0)
		*reason = "bad nb_segs";
	else if (!is_header)
		return 0;
	else {
		uint32_t expected = m->nb_segs, length = m->pkt_len;

		/* The bound ends the walk over a ring of segments. */
		for (; m != NULL && segments <= expected; m = m->next) {
			if (m->data_off > m->buf_len || (uint32_t)m->data_off + m->data_len > m->buf_len) {
				*reason = "data length too big in mbuf segment";
				return -1;
			}
			bytes += m->data_len;
			segments++;
		}
		if (segments != expected)
			*reason = "bad nb_segs";
		else if (bytes != length)
			*reason = "bad pkt_len";
		else
			return 0;
	}
	return -1;
}

void
rte_mbuf_sanity_check(const struct rte_mbuf *m, int is_header)
{
	const char *reason;

	if (rte_mbuf_check(m, is_header, &reason) != 0)
		rte_panic("mbuf %p: %s\n", (const void *)m, reason);
}

void
rte_pktmbuf_dump(FILE *f, const struct rte_mbuf *m, unsigned int dump_len)
{
	unsigned int segments = m->nb_segs;

	fprintf(f, "dump mbuf at %p, iova=%#" PRIx64 ", buf_len=%u\n", (const void *)m, rte_mbuf_iova_get(m), m->buf_len);
	fprintf(f, "  pkt_len=%u, ol_flags=%#" PRIx64 ", nb_segs=%u, port=%u, ptype=%#" PRIx32 "\n", m->pkt_len,
		m->ol_flags, m->nb_segs, m->port, m->packet_type);
	for (; m != NULL && segments != 0; m = m->next, segments--) {
		unsigned int shown = RTE_MIN(dump_len, m->data_len);

		fprintf(f, "  segment at %p, data=%p, len=%u, off=%u, refcnt=%u\n", (const void *)m,
			rte_pktmbuf_mtod(m, const void *), m->data_len, m->data_off, rte_mbuf_refcnt_read(m));
		if (shown != 0)
			rte_hexdump(f, NULL, rte_pktmbuf_mtod(m, const void *), shown);
		dump_len -= shown;
	}
}
