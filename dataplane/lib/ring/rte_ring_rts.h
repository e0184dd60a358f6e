/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings in the relaxed tail mode (RING_F_MP_RTS_ENQ, RING_F_MC_RTS_DEQ): a call that is done does not wait for those that
 * claimed before it; the last one publishes for all. For more threads than cores: one that is preempted between claim and
 * publish holds up the other side, but its own side only when head and tail are htd_max apart (by default an eighth of the
 * capacity).
 *
 * The calls are those of rte_ring_elem.h and rte_ring.h, for sides in this mode only. Included by rte_ring_elem.h.
 */
#ifndef _RTE_RING_RTS_H_
#define _RTE_RING_RTS_H_

#include <rte_ring_core.h>
#include <wdpdk_ring_move.h>

#ifdef __cplusplus
extern "C" {
#endif

static __rte_always_inline unsigned int
rte_ring_mp_rts_enqueue_bulk_elem(struct rte_ring *r, const void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *free_space)
{
	return wdpdk_ring_enqueue(r, obj_table, esize, n, RTE_RING_QUEUE_FIXED, RTE_RING_SYNC_MT_RTS, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_rts_dequeue_bulk_elem(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	return wdpdk_ring_dequeue(r, obj_table, esize, n, RTE_RING_QUEUE_FIXED, RTE_RING_SYNC_MT_RTS, available);
}

static __rte_always_inline unsigned int
rte_ring_mp_rts_enqueue_burst_elem(struct rte_ring *r, const void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *free_space)
{
	return wdpdk_ring_enqueue(r, obj_table, esize, n, RTE_RING_QUEUE_VARIABLE, RTE_RING_SYNC_MT_RTS, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_rts_dequeue_burst_elem(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	return wdpdk_ring_dequeue(r, obj_table, esize, n, RTE_RING_QUEUE_VARIABLE, RTE_RING_SYNC_MT_RTS, available);
}

static __rte_always_inline unsigned int
rte_ring_mp_rts_enqueue_bulk(struct rte_ring *r, void * const *obj_table, unsigned int n,
	unsigned int *free_space)
{
	return rte_ring_mp_rts_enqueue_bulk_elem(r, obj_table, sizeof(void *), n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_rts_dequeue_bulk(struct rte_ring *r, void **obj_table, unsigned int n,
	unsigned int *available)
{
	return rte_ring_mc_rts_dequeue_bulk_elem(r, obj_table, sizeof(void *), n, available);
}

static __rte_always_inline unsigned int
rte_ring_mp_rts_enqueue_burst(struct rte_ring *r, void * const *obj_table, unsigned int n,
	unsigned int *free_space)
{
	return rte_ring_mp_rts_enqueue_burst_elem(r, obj_table, sizeof(void *), n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_rts_dequeue_burst(struct rte_ring *r, void **obj_table, unsigned int n,
	unsigned int *available)
{
	return rte_ring_mc_rts_dequeue_burst_elem(r, obj_table, sizeof(void *), n, available);
}
/** How far the producers' head may be from their tail for a further call to start. UINT32_MAX in other modes than RTS. */
static inline uint32_t
rte_ring_get_prod_htd_max(const struct rte_ring *r)
{
	return r->prod.sync_type == RTE_RING_SYNC_MT_RTS ? r->rts_prod.htd_max : UINT32_MAX;
}

/** Sets it, while nobody uses the ring; 0 lets one call in at a time. 0, or -ENOTSUP in other modes than RTS. */
static inline int
rte_ring_set_prod_htd_max(struct rte_ring *r, uint32_t v)
{
	if (r->prod.sync_type != RTE_RING_SYNC_MT_RTS)
		return -ENOTSUP;
	r->rts_prod.htd_max = v;
	return 0;
}

/** How far the consumers' head may be from their tail for a further call to start. UINT32_MAX in other modes than RTS. */
static inline uint32_t
rte_ring_get_cons_htd_max(const struct rte_ring *r)
{
	return r->cons.sync_type == RTE_RING_SYNC_MT_RTS ? r->rts_cons.htd_max : UINT32_MAX;
}

/** Sets it, while nobody uses the ring; 0 lets one call in at a time. 0, or -ENOTSUP in other modes than RTS. */
static inline int
rte_ring_set_cons_htd_max(struct rte_ring *r, uint32_t v)
{
	if (r->cons.sync_type != RTE_RING_SYNC_MT_RTS)
		return -ENOTSUP;
	r->rts_cons.htd_max = v;
	return 0;
}

#ifdef __cplusplus
}
#endif

#endif
