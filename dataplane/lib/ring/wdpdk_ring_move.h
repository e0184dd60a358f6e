/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How elements get into and out of a ring: claim, copy, publish. Not an API; rte_ring.h and rte_ring_elem.h are.
 *
 * Ordering (one scheme for all four modes, and visible to ThreadSanitizer):
 *  - publish stores tail with release; the other side loads it with acquire before it touches slots. So a consumer sees
 *    the elements, and a producer overwrites a slot only after it was read.
 *  - with several producers (consumers) the wait for one's turn loads tail with acquire, so that one release carries
 *    the work of all before it.
 *  - head is loaded (acquire) before the other side's tail: a tail older than the head would make the room wrap below
 *    0. Heads move by acquire-release exchange so that a head never comes with an older tail than its mover saw.
 */
#ifndef WDPDK_RING_MOVE_H
#define WDPDK_RING_MOVE_H

#include <stddef.h>
#include <stdint.h>

#include <rte_ring_core.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Slots and tables are only known to be 4-byte aligned. */
typedef uint32_t wdpdk_ring_16bytes __attribute__((vector_size(16), aligned(4), may_alias));
typedef uint64_t wdpdk_ring_8bytes __attribute__((aligned(4), may_alias));
typedef uint32_t wdpdk_ring_4bytes __attribute__((may_alias));

/* bytes is a multiple of 4. A call to memcpy would cost more than most bursts. */
static __rte_always_inline void
wdpdk_ring_copy(void *to, const void *from, size_t bytes)
{
	char *d = (char *)to;
	const char *s = (const char *)from;

	for (; bytes >= 64; bytes -= 64, d += 64, s += 64) {
		wdpdk_ring_16bytes a = *(const wdpdk_ring_16bytes *)s;
		wdpdk_ring_16bytes b = *(const wdpdk_ring_16bytes *)(s + 16);
		wdpdk_ring_16bytes c = *(const wdpdk_ring_16bytes *)(s + 32);
		wdpdk_ring_16bytes e = *(const wdpdk_ring_16bytes *)(s + 48);

		*(wdpdk_ring_16bytes *)d = a;
		*(wdpdk_ring_16bytes *)(d + 16) = b;
		*(wdpdk_ring_16bytes *)(d + 32) = c;
		*(wdpdk_ring_16bytes *)(d + 48) = e;
	}
	if (bytes & 32) {
		wdpdk_ring_16bytes a = *(const wdpdk_ring_16bytes *)s;
		wdpdk_ring_16bytes b = *(const wdpdk_ring_16bytes *)(s + 16);

		*(wdpdk_ring_16bytes *)d = a;
		*(wdpdk_ring_16bytes *)(d + 16) = b;
		d += 32;
		s += 32;
	}
	if (bytes & 16) {
		*(wdpdk_ring_16bytes *)d = *(const wdpdk_ring_16bytes *)s;
		d += 16;
		s += 16;
	}
	if (bytes & 8) {
		*(wdpdk_ring_8bytes *)d = *(const wdpdk_ring_8bytes *)s;
		d += 8;
		s += 8;
	}
	if (bytes & 4)
		*(wdpdk_ring_4bytes *)d = *(const wdpdk_ring_4bytes *)s;
}

/*
 * Claims up to n elements on the side `own`, whose counterpart is `other`. `base` is the ring's capacity for producers
 * and 0 for consumers. Returns how many were claimed, from index *head on; *room is what there was to claim.
 */
static __rte_always_inline uint32_t
wdpdk_ring_claim(struct rte_ring_headtail *own, const struct rte_ring_headtail *other, uint32_t base, int single,
	uint32_t n, enum rte_ring_queue_behavior behavior, uint32_t *head, uint32_t *room)
{
	uint32_t at = __atomic_load_n(&own->head, single ? __ATOMIC_RELAXED : __ATOMIC_ACQUIRE);
	uint32_t take;

	do {
		*room = base + __atomic_load_n(&other->tail, __ATOMIC_ACQUIRE) - at;
		take = n;
		if (unlikely(n > *room))
			take = behavior == RTE_RING_QUEUE_FIXED ? 0 : *room;
		if (unlikely(take == 0))
			return 0;
		if (single) {
			__atomic_store_n(&own->head, at + take, __ATOMIC_RELAXED);
			break;
		}
	} while (unlikely(!__atomic_compare_exchange_n(&own->head, &at, at + take, 0, __ATOMIC_ACQ_REL,
		__ATOMIC_ACQUIRE)));
	*head = at;
	return take;
}

/* Hands [from, to) to the other side, after those who claimed before. */
static __rte_always_inline void
wdpdk_ring_publish(struct rte_ring_headtail *own, uint32_t from, uint32_t to, int single)
{
	if (!single) {
		while (unlikely(__atomic_load_n(&own->tail, __ATOMIC_ACQUIRE) != from))
			rte_pause();
	}
	__atomic_store_n(&own->tail, to, __ATOMIC_RELEASE);
}

static __rte_always_inline unsigned int
wdpdk_ring_enqueue(struct rte_ring *r, const void *table, unsigned int esize, unsigned int n,
	enum rte_ring_queue_behavior behavior, int single, unsigned int *free_space)
{
	char *slots = (char *)(r + 1);
	uint32_t head = 0, room;

	n = wdpdk_ring_claim(&r->prod, &r->cons, r->capacity, single, n, behavior, &head, &room);
	if (likely(n != 0)) {
		uint32_t at = head & r->mask, straight = r->size - at;

		if (likely(n <= straight)) {
			wdpdk_ring_copy(slots + (size_t)at * esize, table, (size_t)n * esize);
		} else {
			wdpdk_ring_copy(slots + (size_t)at * esize, table, (size_t)straight * esize);
			wdpdk_ring_copy(slots, (const char *)table + (size_t)straight * esize, (size_t)(n - straight) * esize);
		}
		wdpdk_ring_publish(&r->prod, head, head + n, single);
	}
	if (free_space != NULL)
		*free_space = room - n;
	return n;
}

static __rte_always_inline unsigned int
wdpdk_ring_dequeue(struct rte_ring *r, void *table, unsigned int esize, unsigned int n,
	enum rte_ring_queue_behavior behavior, int single, unsigned int *available)
{
	const char *slots = (const char *)(r + 1);
	uint32_t head = 0, room;

	n = wdpdk_ring_claim(&r->cons, &r->prod, 0, single, n, behavior, &head, &room);
	if (likely(n != 0)) {
		uint32_t at = head & r->mask, straight = r->size - at;

		if (likely(n <= straight)) {
			wdpdk_ring_copy(table, slots + (size_t)at * esize, (size_t)n * esize);
		} else {
			wdpdk_ring_copy(table, slots + (size_t)at * esize, (size_t)straight * esize);
			wdpdk_ring_copy((char *)table + (size_t)straight * esize, slots, (size_t)(n - straight) * esize);
		}
		wdpdk_ring_publish(&r->cons, head, head + n, single);
	}
	if (available != NULL)
		*available = room - n;
	return n;
}

#ifdef __cplusplus
}
#endif

#endif
