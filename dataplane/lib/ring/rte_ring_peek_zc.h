/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_ring_peek.h without copies: start gives the addresses of the claimed slots, where the caller writes (enqueue) or
 * reads (dequeue) elements of esize bytes until finish. The slots are the ring's: they are not to be touched after finish.
 * Modes, threads and numbers as in rte_ring_peek.h. Included by rte_ring_elem.h.
 */
#ifndef _RTE_RING_PEEK_ZC_H_
#define _RTE_RING_PEEK_ZC_H_

#include <rte_ring_core.h>
#include <wdpdk_ring_split.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The claimed slots, in one or two pieces. */
struct rte_ring_zc_data {
	void *ptr1;      /**< the first n1 slots; NULL when nothing was claimed */
	void *ptr2;      /**< the others, where the claim goes over the end of the ring; NULL otherwise */
	unsigned int n1; /**< slots at ptr1 */
} __rte_cache_aligned;

static __rte_always_inline void
wdpdk_ring_locate(struct rte_ring *r, uint32_t index, unsigned int esize, unsigned int n, struct rte_ring_zc_data *zcd)
{
	uint32_t at = index & r->mask, straight = r->size - at;

	zcd->ptr1 = n == 0 ? NULL : (char *)(r + 1) + (size_t)at * esize;
	zcd->ptr2 = n > straight ? (char *)(r + 1) : NULL;
	zcd->n1 = n > straight ? straight : n;
}

static __rte_always_inline unsigned int
rte_ring_enqueue_zc_bulk_elem_start(struct rte_ring *r, unsigned int esize, unsigned int n,
	struct rte_ring_zc_data *zcd, unsigned int *free_space)
{
	uint32_t head = 0;

	n = wdpdk_ring_start(&r->wdpdk_prod, &r->wdpdk_cons, r->capacity, n, RTE_RING_QUEUE_FIXED, &head, free_space);
	wdpdk_ring_locate(r, head, esize, n, zcd);
	return n;
}

static __rte_always_inline unsigned int
rte_ring_enqueue_zc_bulk_start(struct rte_ring *r, unsigned int n, struct rte_ring_zc_data *zcd, unsigned int *free_space)
{
	return rte_ring_enqueue_zc_bulk_elem_start(r, sizeof(void *), n, zcd, free_space);
}

static __rte_always_inline unsigned int
rte_ring_enqueue_zc_burst_elem_start(struct rte_ring *r, unsigned int esize, unsigned int n,
	struct rte_ring_zc_data *zcd, unsigned int *free_space)
{
	uint32_t head = 0;

	n = wdpdk_ring_start(&r->wdpdk_prod, &r->wdpdk_cons, r->capacity, n, RTE_RING_QUEUE_VARIABLE, &head, free_space);
	wdpdk_ring_locate(r, head, esize, n, zcd);
	return n;
}

static __rte_always_inline unsigned int
rte_ring_enqueue_zc_burst_start(struct rte_ring *r, unsigned int n, struct rte_ring_zc_data *zcd, unsigned int *free_space)
{
	return rte_ring_enqueue_zc_burst_elem_start(r, sizeof(void *), n, zcd, free_space);
}

static __rte_always_inline void
rte_ring_enqueue_zc_elem_finish(struct rte_ring *r, unsigned int n)
{
	uint32_t tail;

	n = wdpdk_ring_claimed(&r->wdpdk_prod, n, &tail);
	wdpdk_ring_finish(&r->wdpdk_prod, tail, n);
}

static __rte_always_inline void
rte_ring_enqueue_zc_finish(struct rte_ring *r, unsigned int n)
{
	rte_ring_enqueue_zc_elem_finish(r, n);
}

static __rte_always_inline unsigned int
rte_ring_dequeue_zc_bulk_elem_start(struct rte_ring *r, unsigned int esize, unsigned int n,
	struct rte_ring_zc_data *zcd, unsigned int *available)
{
	uint32_t head = 0;

	n = wdpdk_ring_start(&r->wdpdk_cons, &r->wdpdk_prod, 0, n, RTE_RING_QUEUE_FIXED, &head, available);
	wdpdk_ring_locate(r, head, esize, n, zcd);
	return n;
}

static __rte_always_inline unsigned int
rte_ring_dequeue_zc_bulk_start(struct rte_ring *r, unsigned int n, struct rte_ring_zc_data *zcd, unsigned int *available)
{
	return rte_ring_dequeue_zc_bulk_elem_start(r, sizeof(void *), n, zcd, available);
}

static __rte_always_inline unsigned int
rte_ring_dequeue_zc_burst_elem_start(struct rte_ring *r, unsigned int esize, unsigned int n,
	struct rte_ring_zc_data *zcd, unsigned int *available)
{
	uint32_t head = 0;

	n = wdpdk_ring_start(&r->wdpdk_cons, &r->wdpdk_prod, 0, n, RTE_RING_QUEUE_VARIABLE, &head, available);
	wdpdk_ring_locate(r, head, esize, n, zcd);
	return n;
}

static __rte_always_inline unsigned int
rte_ring_dequeue_zc_burst_start(struct rte_ring *r, unsigned int n, struct rte_ring_zc_data *zcd, unsigned int *available)
{
	return rte_ring_dequeue_zc_burst_elem_start(r, sizeof(void *), n, zcd, available);
}

static __rte_always_inline void
rte_ring_dequeue_zc_elem_finish(struct rte_ring *r, unsigned int n)
{
	uint32_t tail;

	n = wdpdk_ring_claimed(&r->wdpdk_cons, n, &tail);
	wdpdk_ring_finish(&r->wdpdk_cons, tail, n);
}

static __rte_always_inline void
rte_ring_dequeue_zc_finish(struct rte_ring *r, unsigned int n)
{
	rte_ring_dequeue_zc_elem_finish(r, n);
}

#ifdef __cplusplus
}
#endif

#endif
