/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How elements get into and out of a ring: claim, copy, publish, in each of the four modes. Not an API; rte_ring.h and
 * rte_ring_elem.h are.
 *
 * Ordering (one scheme for all modes, by orderings on the atomics alone, so that ThreadSanitizer sees it):
 *  - publish stores tail with release; the other side loads it with acquire before it touches slots. So a consumer sees
 *    the elements, and a producer overwrites a slot only after it was read.
 *  - with several producers (consumers) whoever publishes for others has loaded what they left with acquire, so that one
 *    release carries the work of all before it.
 *  - head is loaded (acquire) before the other side's tail: a tail older than the head would make the room wrap below
 *    0. Heads move by acquire-release exchange so that a head never comes with an older tail than its mover saw.
 */
#ifndef WDPDK_RING_MOVE_H
#define WDPDK_RING_MOVE_H

#include <rte_ring_core.h>
#include <wdpdk_ring_copy.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Head and tail as one word: ST and HTS publish both at once, RTS its tail and counter. */
typedef uint64_t wdpdk_ring_word __attribute__((may_alias));

static __rte_always_inline volatile wdpdk_ring_word *
wdpdk_ring_both(struct wdpdk_ring_single *side)
{
	return (volatile wdpdk_ring_word *)(volatile void *)&side->index;
}

/* Where a side has published up to, in any mode. */
static __rte_always_inline uint32_t
wdpdk_ring_tail(const struct wdpdk_ring_single *side)
{
	uint32_t tail = __atomic_load_n(&side->index.tail, __ATOMIC_ACQUIRE);

#ifdef WDPDK_TSAN
	/* It knows an order by the address of the atomic: modes that publish the whole word are met there. */
	if (side->index.sync_type != RTE_RING_SYNC_MT)
		(void)__atomic_load_n((const volatile wdpdk_ring_word *)(const volatile void *)&side->index,
			__ATOMIC_ACQUIRE);
#endif
	return tail;
}

/* What a call for n gets when there is room for `room`. */
static __rte_always_inline uint32_t
wdpdk_ring_take(uint32_t n, uint32_t room, enum rte_ring_queue_behavior behavior)
{
	if (likely(n <= room))
		return n;
	return behavior == RTE_RING_QUEUE_FIXED ? 0 : room;
}

/*
 * The claims: up to n elements on the side `own`, whose counterpart is `other`. `base` is the ring's capacity for
 * producers and 0 for consumers. They return how many were claimed, from index *head on; *room is what there was.
 *
 * ST: what is remembered does when it is enough and nobody wants to know the true room. The head is moved by the
 * publication.
 */
static __rte_always_inline uint32_t
wdpdk_ring_claim_single(struct wdpdk_ring_single *own, const struct wdpdk_ring_single *other, uint32_t base, uint32_t n,
	enum rte_ring_queue_behavior behavior, uint32_t *head, uint32_t *room, int room_wanted)
{
	uint32_t at = __atomic_load_n(&own->index.head, __ATOMIC_RELAXED);

	*head = at;
	if (!room_wanted && likely(own->at == at) && likely(own->limit - at >= n)) {
		*room = n;
		return n;
	}
	own->limit = base + wdpdk_ring_tail(other);
	own->at = at;
	*room = own->limit - at;
	return wdpdk_ring_take(n, *room, behavior);
}

static __rte_always_inline uint32_t
wdpdk_ring_claim_multi(struct wdpdk_ring_single *own, const struct wdpdk_ring_single *other, uint32_t base, uint32_t n,
	enum rte_ring_queue_behavior behavior, uint32_t *head, uint32_t *room)
{
	uint32_t seen = __atomic_load_n(&own->index.head, __ATOMIC_ACQUIRE), at, take;

	/* Two variables: the slots' addresses must not wait for what the exchange returns. */
	do {
		at = seen;
		*room = base + wdpdk_ring_tail(other) - at;
		take = wdpdk_ring_take(n, *room, behavior);
		if (unlikely(take == 0))
			break;
	} while (unlikely(!__atomic_compare_exchange_n(&own->index.head, &seen, at + take, 0, __ATOMIC_ACQ_REL,
		__ATOMIC_ACQUIRE)));
	*head = at;
	return take;
}

/* RTS: a head far from the tail is left alone, so that a publication is never far away from what it publishes. */
static __rte_always_inline uint32_t
wdpdk_ring_claim_rts(struct rte_ring_rts_headtail *own, const struct wdpdk_ring_single *other, uint32_t base, uint32_t n,
	enum rte_ring_queue_behavior behavior, uint32_t *head, uint32_t *room)
{
	const uint32_t distance = own->htd_max;
	union __rte_ring_rts_poscnt at, next;
	uint32_t take;

	at.raw = __atomic_load_n(&own->head.raw, __ATOMIC_ACQUIRE);
	do {
		while (unlikely(at.val.pos - __atomic_load_n(&own->tail.val.pos, __ATOMIC_ACQUIRE) > distance)) {
			rte_pause();
			at.raw = __atomic_load_n(&own->head.raw, __ATOMIC_ACQUIRE);
		}
		*room = base + wdpdk_ring_tail(other) - at.val.pos;
		take = wdpdk_ring_take(n, *room, behavior);
		if (unlikely(take == 0))
			break;
		next.val.pos = at.val.pos + take;
		next.val.cnt = at.val.cnt + 1;
	} while (unlikely(!__atomic_compare_exchange_n(&own->head.raw, &at.raw, next.raw, 0, __ATOMIC_ACQ_REL,
		__ATOMIC_ACQUIRE)));
	*head = at.val.pos;
	return take;
}

/* HTS: the head moves only when it is at the tail, so there is one claim at a time. */
static __rte_always_inline uint32_t
wdpdk_ring_claim_hts(struct rte_ring_hts_headtail *own, const struct wdpdk_ring_single *other, uint32_t base, uint32_t n,
	enum rte_ring_queue_behavior behavior, uint32_t *head, uint32_t *room)
{
	union __rte_ring_hts_pos at, next;
	uint32_t take;

	at.raw = __atomic_load_n(&own->ht.raw, __ATOMIC_ACQUIRE);
	do {
		while (unlikely(at.pos.head != at.pos.tail)) {
			rte_pause();
			at.raw = __atomic_load_n(&own->ht.raw, __ATOMIC_ACQUIRE);
		}
		*room = base + wdpdk_ring_tail(other) - at.pos.head;
		take = wdpdk_ring_take(n, *room, behavior);
		if (unlikely(take == 0))
			break;
		next.pos.head = at.pos.head + take;
		next.pos.tail = at.pos.tail;
	} while (unlikely(!__atomic_compare_exchange_n(&own->ht.raw, &at.raw, next.raw, 0, __ATOMIC_ACQ_REL,
		__ATOMIC_ACQUIRE)));
	*head = at.pos.head;
	return take;
}

/* `mode` is a constant wherever speed matters. */
static __rte_always_inline uint32_t
wdpdk_ring_claim(struct wdpdk_ring_single *own, const struct wdpdk_ring_single *other, uint32_t base, uint32_t n,
	enum rte_ring_queue_behavior behavior, enum rte_ring_sync_type mode, uint32_t *head, uint32_t *room,
	int room_wanted)
{
	switch (mode) {
	case RTE_RING_SYNC_ST:
		return wdpdk_ring_claim_single(own, other, base, n, behavior, head, room, room_wanted);
	case RTE_RING_SYNC_MT_RTS:
		return wdpdk_ring_claim_rts((struct rte_ring_rts_headtail *)(void *)own, other, base, n, behavior, head, room);
	case RTE_RING_SYNC_MT_HTS:
		return wdpdk_ring_claim_hts((struct rte_ring_hts_headtail *)(void *)own, other, base, n, behavior, head, room);
	case RTE_RING_SYNC_MT:
	default:
		return wdpdk_ring_claim_multi(own, other, base, n, behavior, head, room);
	}
}

/* ST and HTS: head and tail are `to`, at once. */
static __rte_always_inline void
wdpdk_ring_publish_both(struct wdpdk_ring_single *own, uint32_t to)
{
	__atomic_store_n(wdpdk_ring_both(own), (uint64_t)to << 32 | to, __ATOMIC_RELEASE);
}

/* RTS: counts this call as done; the one that makes the tail's count the head's brings the tail to the head. */
static __rte_always_inline void
wdpdk_ring_publish_rts(struct rte_ring_rts_headtail *own)
{
	union __rte_ring_rts_poscnt tail, head, next;

	tail.raw = __atomic_load_n(&own->tail.raw, __ATOMIC_ACQUIRE);
	do {
		/* After the tail: its count can be the head's only if there is no call between the two. */
		head.raw = __atomic_load_n(&own->head.raw, __ATOMIC_ACQUIRE);
		next.raw = tail.raw;
		next.val.cnt++;
		if (next.val.cnt == head.val.cnt)
			next.val.pos = head.val.pos;
	} while (unlikely(!__atomic_compare_exchange_n(&own->tail.raw, &tail.raw, next.raw, 0, __ATOMIC_ACQ_REL,
		__ATOMIC_ACQUIRE)));
}

/* Hands [from, to) to the other side. */
static __rte_always_inline void
wdpdk_ring_publish(struct wdpdk_ring_single *own, uint32_t from, uint32_t to, enum rte_ring_sync_type mode)
{
	switch (mode) {
	case RTE_RING_SYNC_ST:
		own->at = to;
		wdpdk_ring_publish_both(own, to);
		break;
	case RTE_RING_SYNC_MT_RTS:
		wdpdk_ring_publish_rts((struct rte_ring_rts_headtail *)(void *)own);
		break;
	case RTE_RING_SYNC_MT_HTS:
		wdpdk_ring_publish_both(own, to);
		break;
	case RTE_RING_SYNC_MT:
	default:
		while (unlikely(__atomic_load_n(&own->index.tail, __ATOMIC_ACQUIRE) != from))
			rte_pause();
		__atomic_store_n(&own->index.tail, to, __ATOMIC_RELEASE);
		break;
	}
}

static __rte_always_inline unsigned int
wdpdk_ring_enqueue(struct rte_ring *r, const void *table, unsigned int esize, unsigned int n,
	enum rte_ring_queue_behavior behavior, enum rte_ring_sync_type mode, unsigned int *free_space)
{
	uint32_t head, room, taken;

	taken = wdpdk_ring_claim(&r->wdpdk_prod, &r->wdpdk_cons, r->capacity, n, behavior, mode, &head, &room,
		free_space != NULL);
	if (likely(taken != 0)) {
		if (mode == RTE_RING_SYNC_ST) {
			WDPDK_RING_PREFETCH_TO_WRITE(&r->wdpdk_prod);
			wdpdk_ring_ask_ahead(r, head, esize, n, r->wdpdk_prod.limit - head);
		}
		wdpdk_ring_put(r, head, table, esize, taken, n);
		wdpdk_ring_publish(&r->wdpdk_prod, head, head + taken, mode);
	}
	if (free_space != NULL)
		*free_space = room - taken;
	return taken;
}

static __rte_always_inline unsigned int
wdpdk_ring_dequeue(struct rte_ring *r, void *table, unsigned int esize, unsigned int n,
	enum rte_ring_queue_behavior behavior, enum rte_ring_sync_type mode, unsigned int *available)
{
	uint32_t head, room, taken;

	taken = wdpdk_ring_claim(&r->wdpdk_cons, &r->wdpdk_prod, 0, n, behavior, mode, &head, &room, available != NULL);
	if (likely(taken != 0)) {
		if (mode == RTE_RING_SYNC_ST)
			WDPDK_RING_PREFETCH_TO_WRITE(&r->wdpdk_cons);
		wdpdk_ring_get(r, head, table, esize, taken, n);
		wdpdk_ring_publish(&r->wdpdk_cons, head, head + taken, mode);
	}
	if (available != NULL)
		*available = room - taken;
	return taken;
}

/* In the mode the ring was made with; the constant in each branch makes it a call of that mode. */
static __rte_always_inline unsigned int
wdpdk_ring_enqueue_by_mode(struct rte_ring *r, const void *table, unsigned int esize, unsigned int n,
	enum rte_ring_queue_behavior behavior, unsigned int *free_space)
{
	switch (r->prod.sync_type) {
	case RTE_RING_SYNC_ST:
		return wdpdk_ring_enqueue(r, table, esize, n, behavior, RTE_RING_SYNC_ST, free_space);
	case RTE_RING_SYNC_MT_RTS:
		return wdpdk_ring_enqueue(r, table, esize, n, behavior, RTE_RING_SYNC_MT_RTS, free_space);
	case RTE_RING_SYNC_MT_HTS:
		return wdpdk_ring_enqueue(r, table, esize, n, behavior, RTE_RING_SYNC_MT_HTS, free_space);
	case RTE_RING_SYNC_MT:
	default:
		return wdpdk_ring_enqueue(r, table, esize, n, behavior, RTE_RING_SYNC_MT, free_space);
	}
}

static __rte_always_inline unsigned int
wdpdk_ring_dequeue_by_mode(struct rte_ring *r, void *table, unsigned int esize, unsigned int n,
	enum rte_ring_queue_behavior behavior, unsigned int *available)
{
	switch (r->cons.sync_type) {
	case RTE_RING_SYNC_ST:
		return wdpdk_ring_dequeue(r, table, esize, n, behavior, RTE_RING_SYNC_ST, available);
	case RTE_RING_SYNC_MT_RTS:
		return wdpdk_ring_dequeue(r, table, esize, n, behavior, RTE_RING_SYNC_MT_RTS, available);
	case RTE_RING_SYNC_MT_HTS:
		return wdpdk_ring_dequeue(r, table, esize, n, behavior, RTE_RING_SYNC_MT_HTS, available);
	case RTE_RING_SYNC_MT:
	default:
		return wdpdk_ring_dequeue(r, table, esize, n, behavior, RTE_RING_SYNC_MT, available);
	}
}

#ifdef __cplusplus
}
#endif

#endif
