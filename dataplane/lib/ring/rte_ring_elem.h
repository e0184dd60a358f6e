/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings of elements of any size that is a multiple of 4 bytes.
 *
 * `esize` must be the same in every call on a ring, from rte_ring_create_elem() on. Tables hold n elements of esize
 * bytes, aligned to 4, and stay the caller's; elements are copied. bulk moves n or nothing, burst moves up to n; both
 * return the number moved. *free_space / *available is what is left afterwards; give NULL where it does not matter: the
 * single-threaded calls then need not look at the other side each time. Single-element calls return 0, or -ENOBUFS
 * (enqueue) / -ENOENT (dequeue).
 *
 * mp/mc: any number of threads. sp/sc: one thread at a time on that side. Without a prefix: as the ring's flags say.
 * sp, mp (and sc, mc) may be mixed on a ring as long as no sp (sc) call runs beside others of its side; neither may be
 * used on a side in an RTS or HTS mode.
 * mp/mc calls spin while an earlier caller is between claim and publish: not for threads that preempt one another.
 */
#ifndef _RTE_RING_ELEM_H_
#define _RTE_RING_ELEM_H_

#include <sys/types.h>

#include <rte_ring_core.h>
#include <wdpdk_ring_move.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes a ring of `count` (power of two) elements takes, or -EINVAL. */
ssize_t rte_ring_get_memsize_elem(unsigned int esize, unsigned int count);

/** rte_ring_create() for elements of esize bytes. */
struct rte_ring *rte_ring_create_elem(const char *name, unsigned int esize, unsigned int count, int socket_id,
	unsigned int flags);

static __rte_always_inline unsigned int
rte_ring_mp_enqueue_bulk_elem(struct rte_ring *r, const void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *free_space)
{
	return wdpdk_ring_enqueue(r, obj_table, esize, n, RTE_RING_QUEUE_FIXED, RTE_RING_SYNC_MT, free_space);
}

static __rte_always_inline unsigned int
rte_ring_sp_enqueue_bulk_elem(struct rte_ring *r, const void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *free_space)
{
	return wdpdk_ring_enqueue(r, obj_table, esize, n, RTE_RING_QUEUE_FIXED, RTE_RING_SYNC_ST, free_space);
}

static __rte_always_inline unsigned int
rte_ring_enqueue_bulk_elem(struct rte_ring *r, const void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *free_space)
{
	return wdpdk_ring_enqueue_by_mode(r, obj_table, esize, n, RTE_RING_QUEUE_FIXED, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_dequeue_bulk_elem(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	return wdpdk_ring_dequeue(r, obj_table, esize, n, RTE_RING_QUEUE_FIXED, RTE_RING_SYNC_MT, available);
}

static __rte_always_inline unsigned int
rte_ring_sc_dequeue_bulk_elem(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	return wdpdk_ring_dequeue(r, obj_table, esize, n, RTE_RING_QUEUE_FIXED, RTE_RING_SYNC_ST, available);
}

static __rte_always_inline unsigned int
rte_ring_dequeue_bulk_elem(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	return wdpdk_ring_dequeue_by_mode(r, obj_table, esize, n, RTE_RING_QUEUE_FIXED, available);
}

static __rte_always_inline unsigned int
rte_ring_mp_enqueue_burst_elem(struct rte_ring *r, const void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *free_space)
{
	return wdpdk_ring_enqueue(r, obj_table, esize, n, RTE_RING_QUEUE_VARIABLE, RTE_RING_SYNC_MT, free_space);
}

static __rte_always_inline unsigned int
rte_ring_sp_enqueue_burst_elem(struct rte_ring *r, const void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *free_space)
{
	return wdpdk_ring_enqueue(r, obj_table, esize, n, RTE_RING_QUEUE_VARIABLE, RTE_RING_SYNC_ST, free_space);
}

static __rte_always_inline unsigned int
rte_ring_enqueue_burst_elem(struct rte_ring *r, const void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *free_space)
{
	return wdpdk_ring_enqueue_by_mode(r, obj_table, esize, n, RTE_RING_QUEUE_VARIABLE, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_dequeue_burst_elem(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	return wdpdk_ring_dequeue(r, obj_table, esize, n, RTE_RING_QUEUE_VARIABLE, RTE_RING_SYNC_MT, available);
}

static __rte_always_inline unsigned int
rte_ring_sc_dequeue_burst_elem(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	return wdpdk_ring_dequeue(r, obj_table, esize, n, RTE_RING_QUEUE_VARIABLE, RTE_RING_SYNC_ST, available);
}

static __rte_always_inline unsigned int
rte_ring_dequeue_burst_elem(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	return wdpdk_ring_dequeue_by_mode(r, obj_table, esize, n, RTE_RING_QUEUE_VARIABLE, available);
}

static __rte_always_inline int
rte_ring_mp_enqueue_elem(struct rte_ring *r, void *obj, unsigned int esize)
{
	return rte_ring_mp_enqueue_bulk_elem(r, obj, esize, 1, NULL) ? 0 : -ENOBUFS;
}

static __rte_always_inline int
rte_ring_sp_enqueue_elem(struct rte_ring *r, void *obj, unsigned int esize)
{
	return rte_ring_sp_enqueue_bulk_elem(r, obj, esize, 1, NULL) ? 0 : -ENOBUFS;
}

static __rte_always_inline int
rte_ring_enqueue_elem(struct rte_ring *r, void *obj, unsigned int esize)
{
	return rte_ring_enqueue_bulk_elem(r, obj, esize, 1, NULL) ? 0 : -ENOBUFS;
}

static __rte_always_inline int
rte_ring_mc_dequeue_elem(struct rte_ring *r, void *obj, unsigned int esize)
{
	return rte_ring_mc_dequeue_bulk_elem(r, obj, esize, 1, NULL) ? 0 : -ENOENT;
}

static __rte_always_inline int
rte_ring_sc_dequeue_elem(struct rte_ring *r, void *obj, unsigned int esize)
{
	return rte_ring_sc_dequeue_bulk_elem(r, obj, esize, 1, NULL) ? 0 : -ENOENT;
}

static __rte_always_inline int
rte_ring_dequeue_elem(struct rte_ring *r, void *obj, unsigned int esize)
{
	return rte_ring_dequeue_bulk_elem(r, obj, esize, 1, NULL) ? 0 : -ENOENT;
}

#ifdef __cplusplus
}
#endif

#include <rte_ring_hts.h>
#include <rte_ring_rts.h>
#include <rte_ring_peek.h>
#include <rte_ring_peek_zc.h>

#endif
