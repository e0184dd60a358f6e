/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Packet buffers: getting and giving them, their references, their data. Chains are in rte_mbuf_chain.h, included here.
 *
 * Thread rule: an mbuf is its holder's. Only refcnt is shared, between holders of references; data of an mbuf whose
 * refcnt is above 1 is read-only. Pools are for any thread.
 */
#ifndef _RTE_MBUF_H_
#define _RTE_MBUF_H_

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <rte_config.h>
#include <rte_common.h>
#include <rte_branch_prediction.h>
#include <rte_byteorder.h>
#include <rte_debug.h>
#include <rte_mbuf_core.h>
#include <rte_mbuf_ptype.h>
#include <rte_mempool.h>
#include <rte_memory.h>
#include <rte_prefetch.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The name of one RTE_MBUF_F_RX_* or _TX_* flag, or NULL. */
const char *rte_get_rx_ol_flag_name(uint64_t mask);
const char *rte_get_tx_ol_flag_name(uint64_t mask);
/* The names of all flags in mask, each followed by a space. 0, or -1 when buflen is too small. */
int rte_get_rx_ol_flag_list(uint64_t mask, char *buf, size_t buflen);
int rte_get_tx_ol_flag_list(uint64_t mask, char *buf, size_t buflen);

/** At the start of a packet pool's private data. */
struct rte_pktmbuf_pool_private {
	uint16_t mbuf_data_room_size; /**< bytes of each buffer, headroom included */
	uint16_t mbuf_priv_size;      /**< bytes between mbuf and buffer */
	uint32_t flags;               /**< RTE_PKTMBUF_POOL_F_* */
};

/** The mbufs of the pool have external buffers that they keep when they are freed. */
#define RTE_PKTMBUF_POOL_F_PINNED_EXT_BUF (1 << 0)

static inline uint32_t
rte_pktmbuf_priv_flags(struct rte_mempool *mp)
{
	return ((struct rte_pktmbuf_pool_private *)rte_mempool_get_priv(mp))->flags;
}

/** Not zero when the mbuf's external buffer stays with it for good. */
#define RTE_MBUF_HAS_PINNED_EXTBUF(mb) (rte_pktmbuf_priv_flags((mb)->pool) & RTE_PKTMBUF_POOL_F_PINNED_EXT_BUF)

static inline uint16_t
rte_pktmbuf_data_room_size(struct rte_mempool *mp)
{
	return ((struct rte_pktmbuf_pool_private *)rte_mempool_get_priv(mp))->mbuf_data_room_size;
}

static inline uint16_t
rte_pktmbuf_priv_size(struct rte_mempool *mp)
{
	return ((struct rte_pktmbuf_pool_private *)rte_mempool_get_priv(mp))->mbuf_priv_size;
}

/** Brings the first (receiving) cache line closer. */
static inline void
rte_mbuf_prefetch_part1(struct rte_mbuf *m)
{
	rte_prefetch0(&m->cacheline0);
}

/** Brings the second (transmitting) cache line closer. */
static inline void
rte_mbuf_prefetch_part2(struct rte_mbuf *m)
{
	rte_prefetch0(&m->cacheline1);
}

#define RTE_MBUF_PREFETCH_TO_FREE(m) do { \
	if ((m) != NULL) \
		rte_prefetch0(m); \
} while (0)

/** Bus address of the buffer. */
static inline rte_iova_t
rte_mbuf_iova_get(const struct rte_mbuf *m)
{
	return m->buf_iova;
}

static inline void
rte_mbuf_iova_set(struct rte_mbuf *m, rte_iova_t iova)
{
	m->buf_iova = iova;
}

/** Bus address of the data. */
static inline rte_iova_t
rte_mbuf_data_iova(const struct rte_mbuf *mb)
{
	return rte_mbuf_iova_get(mb) + mb->data_off;
}

/** Bus address of the data in an mbuf as fresh from its pool. */
static inline rte_iova_t
rte_mbuf_data_iova_default(const struct rte_mbuf *mb)
{
	return rte_mbuf_iova_get(mb) + RTE_PKTMBUF_HEADROOM;
}

/** The mbuf that an indirect one's data is in; a direct one itself. */
static inline struct rte_mbuf *
rte_mbuf_from_indirect(struct rte_mbuf *mi)
{
	return (struct rte_mbuf *)RTE_PTR_SUB(mi->buf_addr, sizeof(*mi) + mi->priv_size);
}

/** The mbuf's own buffer, wherever its data is now. mp is its pool. */
static inline char *
rte_mbuf_buf_addr(struct rte_mbuf *mb, struct rte_mempool *mp)
{
	return (char *)mb + sizeof(*mb) + rte_pktmbuf_priv_size(mp);
}

static inline char *
rte_mbuf_to_baddr(struct rte_mbuf *md)
{
	return rte_mbuf_buf_addr(md, md->pool);
}

/** Where fresh data starts in the mbuf's own buffer. */
static inline char *
rte_mbuf_data_addr_default(struct rte_mbuf *mb)
{
	return rte_mbuf_to_baddr(mb) + RTE_PKTMBUF_HEADROOM;
}

/** The private area, priv_size bytes. */
static inline void *
rte_mbuf_to_priv(struct rte_mbuf *m)
{
	return RTE_PTR_ADD(m, sizeof(struct rte_mbuf));
}

/* References. Acquire on reading: who sees the last reference also sees what the others did. */
static inline uint16_t
rte_mbuf_refcnt_read(const struct rte_mbuf *m)
{
	return __atomic_load_n(&m->refcnt, __ATOMIC_ACQUIRE);
}

static inline void
rte_mbuf_refcnt_set(struct rte_mbuf *m, uint16_t new_value)
{
	__atomic_store_n(&m->refcnt, new_value, __ATOMIC_RELAXED);
}

/** Adds value and returns the result. A sole holder needs no locked instruction: nobody else can add. */
static inline uint16_t
rte_mbuf_refcnt_update(struct rte_mbuf *m, int16_t value)
{
	if (likely(rte_mbuf_refcnt_read(m) == 1)) {
		uint16_t result = (uint16_t)(1 + value);

		rte_mbuf_refcnt_set(m, result);
		return result;
	}
	return __atomic_add_fetch(&m->refcnt, (uint16_t)value, __ATOMIC_ACQ_REL);
}

static inline uint16_t
rte_mbuf_ext_refcnt_read(const struct rte_mbuf_ext_shared_info *shinfo)
{
	return __atomic_load_n(&shinfo->refcnt, __ATOMIC_ACQUIRE);
}

static inline void
rte_mbuf_ext_refcnt_set(struct rte_mbuf_ext_shared_info *shinfo, uint16_t new_value)
{
	__atomic_store_n(&shinfo->refcnt, new_value, __ATOMIC_RELAXED);
}

static inline uint16_t
rte_mbuf_ext_refcnt_update(struct rte_mbuf_ext_shared_info *shinfo, int16_t value)
{
	if (likely(rte_mbuf_ext_refcnt_read(shinfo) == 1)) {
		uint16_t result = (uint16_t)(1 + value);

		rte_mbuf_ext_refcnt_set(shinfo, result);
		return result;
	}
	return __atomic_add_fetch(&shinfo->refcnt, (uint16_t)value, __ATOMIC_ACQ_REL);
}

/** Panics when the mbuf contradicts itself. is_header: it is a packet's first segment. */
void rte_mbuf_sanity_check(const struct rte_mbuf *m, int is_header);

/** 0, or -1 with *reason set to a constant string. */
int rte_mbuf_check(const struct rte_mbuf *m, int is_header, const char **reason);

/* Debug builds look at each mbuf that passes. */
#ifdef RTE_LIBRTE_MBUF_DEBUG
#define __rte_mbuf_sanity_check(m, is_h) rte_mbuf_sanity_check(m, is_h)
#else
#define __rte_mbuf_sanity_check(m, is_h) do { } while (0)
#endif

static __rte_always_inline void
__rte_mbuf_raw_sanity_check(__rte_unused const struct rte_mbuf *m)
{
	RTE_ASSERT(rte_mbuf_refcnt_read(m) == 1);
	RTE_ASSERT(m->next == NULL);
	RTE_ASSERT(m->nb_segs == 1);
	__rte_mbuf_sanity_check(m, 0);
}

#define MBUF_RAW_ALLOC_CHECK(m) __rte_mbuf_raw_sanity_check(m)

/** mempool object constructor: an mbuf with its own buffer. The pool's private data must be set. */
void rte_pktmbuf_init(struct rte_mempool *mp, void *opaque_arg, void *m, unsigned i);

/** mempool constructor. opaque_arg: a struct rte_pktmbuf_pool_private, or NULL for one data room as large as fits. */
void rte_pktmbuf_pool_init(struct rte_mempool *mp, void *opaque_arg);

/**
 * A pool of n mbufs whose buffers have data_room_size bytes (RTE_PKTMBUF_HEADROOM included; at most 65535) after
 * priv_size bytes (a multiple of RTE_MBUF_PRIV_ALIGN) of the user's. cache_size and errors as rte_mempool_create().
 */
struct rte_mempool *rte_pktmbuf_pool_create(const char *name, unsigned n, unsigned cache_size, uint16_t priv_size,
	uint16_t data_room_size, int socket_id);

/** The same with the store of that name; NULL: rte_mbuf_best_mempool_ops(). */
struct rte_mempool *rte_pktmbuf_pool_create_by_ops(const char *name, unsigned int n, unsigned int cache_size,
	uint16_t priv_size, uint16_t data_room_size, int socket_id, const char *ops_name);

/** Memory for buffers of mbufs; the caller's, as long as the pool lives. */
struct rte_pktmbuf_extmem {
	void *buf_ptr;       /**< where it begins ... */
	rte_iova_t buf_iova; /**< ... for devices, contiguous; or RTE_BAD_IOVA */
	size_t buf_len;      /**< bytes; a rest that holds no whole element stays unused */
	uint16_t elt_size;   /**< bytes for each mbuf, at least data_room_size */
};

/**
 * As rte_pktmbuf_pool_create(), but the mbufs' buffers lie in ext_mem, ext_num pieces, and stay with their mbufs: freed
 * or detached, an mbuf keeps its buffer. NULL with rte_errno also EINVAL (a piece has no memory, or elements that are too
 * small) and ENOMEM (fewer than n elements).
 */
struct rte_mempool *rte_pktmbuf_pool_create_extbuf(const char *name, unsigned int n, unsigned int cache_size,
	uint16_t priv_size, uint16_t data_room_size, int socket_id, const struct rte_pktmbuf_extmem *ext_mem,
	unsigned int ext_num);

/** Sets data_off as in a fresh mbuf: the headroom, or all of a buffer that is smaller. */
static inline void
rte_pktmbuf_reset_headroom(struct rte_mbuf *m)
{
	m->data_off = RTE_MIN((uint16_t)RTE_PKTMBUF_HEADROOM, m->buf_len);
}

/** Makes a one-segment mbuf an empty packet. refcnt, buffer and pool stay. */
static inline void
rte_pktmbuf_reset(struct rte_mbuf *m)
{
	rte_pktmbuf_reset_headroom(m);
	m->nb_segs = 1;
	m->port = RTE_MBUF_PORT_INVALID;
	m->ol_flags &= RTE_MBUF_F_EXTERNAL;
	m->packet_type = 0;
	m->pkt_len = 0;
	m->data_len = 0;
	m->vlan_tci = 0;
	m->vlan_tci_outer = 0;
	m->next = NULL;
	m->tx_offload = 0;
	__rte_mbuf_sanity_check(m, 1);
}

/*
 * The same for an mbuf fresh from a pool, whose refcnt, nb_segs and next are known: four stores. rearm and ol_flags are
 * the words that go to bytes 16 to 31.
 */
static __rte_always_inline void
wdpdk_pktmbuf_fresh(struct rte_mbuf *m, uint64_t rearm, uint64_t ol_flags)
{
	uint64_t words[2] = {rearm, ol_flags};

	__builtin_memcpy(RTE_PTR_ADD(m, 16), words, 16);
	__builtin_memset(RTE_PTR_ADD(m, 32), 0, 16); /* packet_type, pkt_len, data_len, vlan_tci, half of hash */
	m->vlan_tci_outer = 0;
	m->tx_offload = 0;
	__rte_mbuf_sanity_check(m, 1);
}

/* data_off, refcnt 1, nb_segs 1, port invalid. */
static __rte_always_inline uint64_t
wdpdk_pktmbuf_rearm(uint16_t buf_len)
{
	return RTE_MIN((uint16_t)RTE_PKTMBUF_HEADROOM, buf_len) | (1ULL << 16) | (1ULL << 32) |
		((uint64_t)RTE_MBUF_PORT_INVALID << 48);
}

/**
 * An mbuf straight from its pool, or NULL. Set are buf_addr, buf_iova, buf_len, refcnt 1, nb_segs 1, next, pool,
 * priv_size; the rest holds what its last user left.
 */
static inline struct rte_mbuf *
rte_mbuf_raw_alloc(struct rte_mempool *mp)
{
	void *m;

	if (unlikely(rte_mempool_get(mp, &m) < 0))
		return NULL;
	__rte_mbuf_raw_sanity_check((struct rte_mbuf *)m);
	return (struct rte_mbuf *)m;
}

/** Puts an mbuf as rte_pktmbuf_prefree_seg() left it into its pool. */
static __rte_always_inline void
rte_mbuf_raw_free(struct rte_mbuf *m)
{
	RTE_ASSERT(!RTE_MBUF_CLONED(m) && (!RTE_MBUF_HAS_EXTBUF(m) || RTE_MBUF_HAS_PINNED_EXTBUF(m)));
	__rte_mbuf_raw_sanity_check(m);
	rte_mempool_put(m->pool, m);
}

/** An empty packet of one segment, or NULL when the pool has none left. */
static inline struct rte_mbuf *
rte_pktmbuf_alloc(struct rte_mempool *mp)
{
	struct rte_mbuf *m = rte_mbuf_raw_alloc(mp);

	if (likely(m != NULL))
		wdpdk_pktmbuf_fresh(m, wdpdk_pktmbuf_rearm(m->buf_len), m->ol_flags & RTE_MBUF_F_EXTERNAL);
	return m;
}

/** count empty packets: 0, or -ENOENT and none. */
static inline int
rte_pktmbuf_alloc_bulk(struct rte_mempool *pool, struct rte_mbuf **mbufs, unsigned count)
{
	int error = rte_mempool_get_bulk(pool, (void **)mbufs, count);
	uint64_t rearm;
	unsigned int i;

	if (unlikely(error != 0))
		return error;
	if (unlikely(rte_pktmbuf_priv_flags(pool) & RTE_PKTMBUF_POOL_F_PINNED_EXT_BUF)) {
		for (i = 0; i < count; i++)
			rte_pktmbuf_reset(mbufs[i]);
		return 0;
	}
	rearm = wdpdk_pktmbuf_rearm(rte_pktmbuf_data_room_size(pool));
	for (i = 0; i < count; i++) {
		__rte_mbuf_raw_sanity_check(mbufs[i]);
		wdpdk_pktmbuf_fresh(mbufs[i], rearm, 0);
	}
	return 0;
}

/**
 * Gives up a borrowed buffer (of another mbuf, or external); afterwards the mbuf has its own, empty. Pinned ones stay.
 */
void rte_pktmbuf_detach(struct rte_mbuf *m);
#define rte_pktmbuf_detach_extbuf(m) rte_pktmbuf_detach(m)

/* The rare half of rte_pktmbuf_prefree_seg(): 0, or -1 when a pinned buffer is still used through others. */
int wdpdk_pktmbuf_release_buffer(struct rte_mbuf *m);

/**
 * Drops the caller's reference to a segment. When it was the last: the mbuf, unlinked and with its own buffer, ready
 * for rte_mbuf_raw_free(). NULL otherwise.
 */
static __rte_always_inline struct rte_mbuf *
rte_pktmbuf_prefree_seg(struct rte_mbuf *m)
{
	__rte_mbuf_sanity_check(m, 0);
	if (unlikely(rte_mbuf_refcnt_read(m) != 1)) {
		if (rte_mbuf_refcnt_update(m, -1) != 0)
			return NULL;
		rte_mbuf_refcnt_set(m, 1);
	}
	if (unlikely(!RTE_MBUF_DIRECT(m)) && wdpdk_pktmbuf_release_buffer(m) != 0)
		return NULL;
	/* Look before writing: most are as they should be, and a line that was not written need not go back. */
	if (m->next != NULL)
		m->next = NULL;
	if (m->nb_segs != 1)
		m->nb_segs = 1;
	return m;
}

/** Frees one segment, not those after it. */
static __rte_always_inline void
rte_pktmbuf_free_seg(struct rte_mbuf *m)
{
	m = rte_pktmbuf_prefree_seg(m);
	if (likely(m != NULL))
		rte_mbuf_raw_free(m);
}

/** Frees a packet with all its segments. NULL is allowed. */
static inline void
rte_pktmbuf_free(struct rte_mbuf *m)
{
	while (m != NULL) {
		struct rte_mbuf *next = m->next;

		rte_pktmbuf_free_seg(m);
		m = next;
	}
}

/** Frees count packets; NULLs among them are allowed. */
void rte_pktmbuf_free_bulk(struct rte_mbuf **mbufs, unsigned int count);

/** Bytes before the data. */
static inline uint16_t
rte_pktmbuf_headroom(const struct rte_mbuf *m)
{
	__rte_mbuf_sanity_check(m, 0);
	return m->data_off;
}

/** Bytes after the data of this segment. */
static inline uint16_t
rte_pktmbuf_tailroom(const struct rte_mbuf *m)
{
	__rte_mbuf_sanity_check(m, 0);
	return (uint16_t)(m->buf_len - m->data_off - m->data_len);
}

/** Packet and segment length, to read and to assign. */
#define rte_pktmbuf_pkt_len(m) ((m)->pkt_len)
#define rte_pktmbuf_data_len(m) ((m)->data_len)

/** True when the packet is one segment. */
static inline int
rte_pktmbuf_is_contiguous(const struct rte_mbuf *m)
{
	__rte_mbuf_sanity_check(m, 1);
	return m->nb_segs == 1;
}

/** Prints the mbuf, its segments, and the first dump_len bytes of data. */
void rte_pktmbuf_dump(FILE *f, const struct rte_mbuf *m, unsigned dump_len);

#ifdef __cplusplus
}
#endif

#include <rte_mbuf_chain.h>
#include <rte_mbuf_offload.h>

#endif
