/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings in the head/tail mode (RING_F_MP_HTS_ENQ, RING_F_MC_HTS_DEQ): a call starts when no other is between claim and
 * publish on its side. For more threads than cores, and for rte_ring_peek.h.
 *
 * The calls are those of rte_ring_elem.h and rte_ring.h, for sides in this mode only. Included by rte_ring_elem.h.
 */
#ifndef _RTE_RING_HTS_H_
#define _RTE_RING_HTS_H_

#include <rte_ring_core.h>
#include <wdpdk_ring_move.h>

#ifdef __cplusplus
extern "C" {
#endif

static __rte_always_inline unsigned int
rte_ring_mp_hts_enqueue_bulk_elem(struct rte_ring *r, const void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *free_space)
{
	return wdpdk_ring_enqueue(r, obj_table, esize, n, RTE_RING_QUEUE_FIXED, RTE_RING_SYNC_MT_HTS, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_hts_dequeue_bulk_elem(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	return wdpdk_ring_dequeue(r, obj_table, esize, n, RTE_RING_QUEUE_FIXED, RTE_RING_SYNC_MT_HTS, available);
}

static __rte_always_inline unsigned int
rte_ring_mp_hts_enqueue_burst_elem(struct rte_ring *r, const void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *free_space)
{
	return wdpdk_ring_enqueue(r, obj_table, esize, n, RTE_RING_QUEUE_VARIABLE, RTE_RING_SYNC_MT_HTS, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_hts_dequeue_burst_elem(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	return wdpdk_ring_dequeue(r, obj_table, esize, n, RTE_RING_QUEUE_VARIABLE, RTE_RING_SYNC_MT_HTS, available);
}

static __rte_always_inline unsigned int
rte_ring_mp_hts_enqueue_bulk(struct rte_ring *r, void * const *obj_table, unsigned int n,
	unsigned int *free_space)
{
	return rte_ring_mp_hts_enqueue_bulk_elem(r, obj_table, sizeof(void *), n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_hts_dequeue_bulk(struct rte_ring *r, void **obj_table, unsigned int n,
	unsigned int *available)
{
	return rte_ring_mc_hts_dequeue_bulk_elem(r, obj_table, sizeof(void *), n, available);
}

static __rte_always_inline unsigned int
rte_ring_mp_hts_enqueue_burst(struct rte_ring *r, void * const *obj_table, unsigned int n,
	unsigned int *free_space)
{
	return rte_ring_mp_hts_enqueue_burst_elem(r, obj_table, sizeof(void *), n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_hts_dequeue_burst(struct rte_ring *r, void **obj_table, unsigned int n,
	unsigned int *available)
{
	return rte_ring_mc_hts_dequeue_burst_elem(r, obj_table, sizeof(void *), n, available);
}
#ifdef __cplusplus
}
#endif

#endif
