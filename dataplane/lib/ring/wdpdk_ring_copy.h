/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Copying elements between tables and a ring's slots. Not an API; rte_ring.h and rte_ring_elem.h are.
 */
#ifndef WDPDK_RING_COPY_H
#define WDPDK_RING_COPY_H

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
 * A store to a line that the other core has read waits for that core to give it up, and with it all stores after it.
 * Asked for in time, lines come while there is other work. In assembly, since compilers make it a prefetch for reading
 * where the instruction set does not promise this one: processors of before 2014 take it for a nop.
 */
#define WDPDK_RING_PREFETCH_TO_WRITE(address) asm volatile("prefetchw %0" : : "m" (*(const char *)(address)))

/* How many bytes ahead of a single producer its slots are asked for: about one line's way between cores. */
#define WDPDK_RING_AHEAD 2048u

/*
 * Asks for the slots of a later call for n; only when they are known to be free (`room`), since others are being read, and
 * where it is no division.
 */
static __rte_always_inline void
wdpdk_ring_ask_ahead(struct rte_ring *r, uint32_t index, unsigned int esize, unsigned int n, uint32_t room)
{
	uint32_t ahead = __builtin_constant_p(esize) ? WDPDK_RING_AHEAD / esize : UINT32_MAX;
	size_t bytes = (size_t)n * esize, at;

	if (room < ahead || room - ahead < n)
		return;
	/* Over the end of the slots it asks for lines behind them, which need not exist: a prefetch never faults. */
	index = (index + ahead) & r->mask;
	for (at = 0; at < bytes; at += RTE_CACHE_LINE_SIZE)
		WDPDK_RING_PREFETCH_TO_WRITE((char *)(r + 1) + (size_t)index * esize + at);
}

/* Any n from any index on, over the end of the slots if need be. Out of line: what they do is rare. */
void wdpdk_ring_put_around(struct rte_ring *r, uint32_t index, const void *table, unsigned int esize, unsigned int n);
void wdpdk_ring_get_around(const struct rte_ring *r, uint32_t index, void *table, unsigned int esize, unsigned int n);

/*
 * `wished` elements was the call's n, `n` is what it got. Where n is a constant a burst that gets less takes the long
 * way, so that the straight one is a few moves without a loop.
 */
static __rte_always_inline int
wdpdk_ring_is_straight(const struct rte_ring *r, uint32_t index, unsigned int n, unsigned int wished)
{
	return likely((index & r->mask) + (n - 1) <= r->mask) && (!__builtin_constant_p(wished) || likely(n == wished));
}

static __rte_always_inline void
wdpdk_ring_put(struct rte_ring *r, uint32_t index, const void *table, unsigned int esize, unsigned int n,
	unsigned int wished)
{
	if (wdpdk_ring_is_straight(r, index, n, wished))
		wdpdk_ring_copy((char *)(r + 1) + (size_t)(index & r->mask) * esize, table,
			(size_t)(__builtin_constant_p(wished) ? wished : n) * esize);
	else
		wdpdk_ring_put_around(r, index, table, esize, n);
}

static __rte_always_inline void
wdpdk_ring_get(const struct rte_ring *r, uint32_t index, void *table, unsigned int esize, unsigned int n,
	unsigned int wished)
{
	if (wdpdk_ring_is_straight(r, index, n, wished))
		wdpdk_ring_copy(table, (const char *)(r + 1) + (size_t)(index & r->mask) * esize,
			(size_t)(__builtin_constant_p(wished) ? wished : n) * esize);
	else
		wdpdk_ring_get_around(r, index, table, esize, n);
}

#ifdef __cplusplus
}
#endif

#endif
