/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Looking at elements before they are taken, making room before they are put: each call in two steps.
 *
 * start claims up to n (burst) or exactly n (bulk) and returns how many; dequeue starts copy them out as well. If it
 * returned more than 0, finish must follow from the same thread: it publishes the first n of the claim, 0 for none, and
 * gives the rest back; elements of a dequeue that was given back are there for the next one. An n larger than the claim
 * counts as 0. *free_space / *available (may be NULL) is what is left beside the claim.
 *
 * For sides in the modes ST and MT_HTS. In the others start returns 0 and finish does nothing. Between start and finish
 * the side is locked for others: the rest of rte_ring_elem.h applies. Included by rte_ring_elem.h.
 */
#ifndef _RTE_RING_PEEK_H_
#define _RTE_RING_PEEK_H_

#include <rte_ring_core.h>
#include <wdpdk_ring_split.h>

#ifdef __cplusplus
extern "C" {
#endif

static __rte_always_inline unsigned int
rte_ring_enqueue_bulk_elem_start(struct rte_ring *r, unsigned int n, unsigned int *free_space)
{
	uint32_t head;

	return wdpdk_ring_start(&r->wdpdk_prod, &r->wdpdk_cons, r->capacity, n, RTE_RING_QUEUE_FIXED, &head, free_space);
}

static __rte_always_inline unsigned int
rte_ring_enqueue_bulk_start(struct rte_ring *r, unsigned int n, unsigned int *free_space)
{
	return rte_ring_enqueue_bulk_elem_start(r, n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_dequeue_bulk_elem_start(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	uint32_t head;
	unsigned int taken = wdpdk_ring_start(&r->wdpdk_cons, &r->wdpdk_prod, 0, n, RTE_RING_QUEUE_FIXED, &head, available);

	if (likely(taken != 0))
		wdpdk_ring_get(r, head, obj_table, esize, taken, n);
	return taken;
}

static __rte_always_inline unsigned int
rte_ring_dequeue_bulk_start(struct rte_ring *r, void **obj_table, unsigned int n, unsigned int *available)
{
	return rte_ring_dequeue_bulk_elem_start(r, obj_table, sizeof(void *), n, available);
}

static __rte_always_inline unsigned int
rte_ring_enqueue_burst_elem_start(struct rte_ring *r, unsigned int n, unsigned int *free_space)
{
	uint32_t head;

	return wdpdk_ring_start(&r->wdpdk_prod, &r->wdpdk_cons, r->capacity, n, RTE_RING_QUEUE_VARIABLE, &head, free_space);
}

static __rte_always_inline unsigned int
rte_ring_enqueue_burst_start(struct rte_ring *r, unsigned int n, unsigned int *free_space)
{
	return rte_ring_enqueue_burst_elem_start(r, n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_dequeue_burst_elem_start(struct rte_ring *r, void *obj_table, unsigned int esize, unsigned int n,
	unsigned int *available)
{
	uint32_t head;
	unsigned int taken = wdpdk_ring_start(&r->wdpdk_cons, &r->wdpdk_prod, 0, n, RTE_RING_QUEUE_VARIABLE, &head, available);

	if (likely(taken != 0))
		wdpdk_ring_get(r, head, obj_table, esize, taken, n);
	return taken;
}

static __rte_always_inline unsigned int
rte_ring_dequeue_burst_start(struct rte_ring *r, void **obj_table, unsigned int n, unsigned int *available)
{
	return rte_ring_dequeue_burst_elem_start(r, obj_table, sizeof(void *), n, available);
}

/** obj_table: the first n elements of the claim. */
static __rte_always_inline void
rte_ring_enqueue_elem_finish(struct rte_ring *r, const void *obj_table, unsigned int esize, unsigned int n)
{
	uint32_t tail;

	n = wdpdk_ring_claimed(&r->wdpdk_prod, n, &tail);
	if (n != 0)
		wdpdk_ring_put(r, tail, obj_table, esize, n, n);
	wdpdk_ring_finish(&r->wdpdk_prod, tail, n);
}

static __rte_always_inline void
rte_ring_enqueue_finish(struct rte_ring *r, void * const *obj_table, unsigned int n)
{
	rte_ring_enqueue_elem_finish(r, obj_table, sizeof(void *), n);
}

static __rte_always_inline void
rte_ring_dequeue_elem_finish(struct rte_ring *r, unsigned int n)
{
	uint32_t tail;

	n = wdpdk_ring_claimed(&r->wdpdk_cons, n, &tail);
	wdpdk_ring_finish(&r->wdpdk_cons, tail, n);
}

static __rte_always_inline void
rte_ring_dequeue_finish(struct rte_ring *r, unsigned int n)
{
	rte_ring_dequeue_elem_finish(r, n);
}

#ifdef __cplusplus
}
#endif

#endif
