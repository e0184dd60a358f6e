/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Calls on rings in two steps: start claims, finish publishes as much of it as the caller wants and gives the rest back.
 * Not an API; rte_ring_peek.h and rte_ring_peek_zc.h are.
 *
 * Only modes with one claim at a time can give back: ST and HTS. Both have a head that is not the tail between start
 * and finish, and both publish by setting the two at once.
 */
#ifndef WDPDK_RING_SPLIT_H
#define WDPDK_RING_SPLIT_H

#include <rte_ring_core.h>
#include <wdpdk_ring_move.h>

#ifdef __cplusplus
extern "C" {
#endif

static __rte_always_inline int
wdpdk_ring_can_split(const struct wdpdk_ring_single *own)
{
	return own->index.sync_type == RTE_RING_SYNC_ST || own->index.sync_type == RTE_RING_SYNC_MT_HTS;
}

/* As the claims of wdpdk_ring_move.h; in the other modes nothing is claimed, of no room. */
static __rte_always_inline uint32_t
wdpdk_ring_start(struct wdpdk_ring_single *own, const struct wdpdk_ring_single *other, uint32_t base, uint32_t n,
	enum rte_ring_queue_behavior behavior, uint32_t *head, unsigned int *left)
{
	uint32_t room = 0, taken = 0;

	if (own->index.sync_type == RTE_RING_SYNC_ST) {
		taken = wdpdk_ring_claim_single(own, other, base, n, behavior, head, &room, left != NULL);
		__atomic_store_n(&own->index.head, *head + taken, __ATOMIC_RELAXED);
	} else if (own->index.sync_type == RTE_RING_SYNC_MT_HTS) {
		taken = wdpdk_ring_claim(own, other, base, n, behavior, RTE_RING_SYNC_MT_HTS, head, &room, 1);
	}
	if (left != NULL)
		*left = room - taken;
	return taken;
}

/* What of n can be published, from index *tail on: all, or nothing when n is more than was claimed. */
static __rte_always_inline uint32_t
wdpdk_ring_claimed(const struct wdpdk_ring_single *own, uint32_t n, uint32_t *tail)
{
	uint32_t head = __atomic_load_n(&own->index.head, __ATOMIC_RELAXED);

	*tail = __atomic_load_n(&own->index.tail, __ATOMIC_RELAXED);
	return wdpdk_ring_can_split(own) && n <= head - *tail ? n : 0;
}

/*
 * Publishes n elements from index `tail` on and gives back what else was claimed. Without a claim nothing is written:
 * in HTS another thread may be about to claim.
 */
static __rte_always_inline void
wdpdk_ring_finish(struct wdpdk_ring_single *own, uint32_t tail, uint32_t n)
{
	if (unlikely(__atomic_load_n(&own->index.head, __ATOMIC_RELAXED) == tail))
		return;
	if (own->index.sync_type == RTE_RING_SYNC_ST)
		wdpdk_ring_publish(own, tail, tail + n, RTE_RING_SYNC_ST);
	else if (own->index.sync_type == RTE_RING_SYNC_MT_HTS)
		wdpdk_ring_publish(own, tail, tail + n, RTE_RING_SYNC_MT_HTS);
}

#ifdef __cplusplus
}
#endif

#endif
