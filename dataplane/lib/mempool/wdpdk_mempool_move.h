/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Copying pointers between a user's table and a cache. Not an API; rte_mempool.h is.
 *
 * What get writes, put soon reads, and the other way round. So every piece is read as it was written, for the processor to
 * forward it from its store buffer: a copy in reverse, as a stack would want, could not have that. Eight pointers go
 * through registers, whose forwarding takes next to no time; more go in wide moves, of which fewer are stores.
 */
#ifndef WDPDK_MEMPOOL_MOVE_H
#define WDPDK_MEMPOOL_MOVE_H

#include <stdint.h>

#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* As wide as one move is where the caller is compiled for AVX, and where not; 64 bytes are forwarded more slowly. */
#ifdef __AVX__
typedef uint64_t wdpdk_mempool_piece __attribute__((vector_size(32), aligned(8), may_alias));
#else
typedef uint64_t wdpdk_mempool_piece __attribute__((vector_size(16), aligned(8), may_alias));
#endif
#define WDPDK_MEMPOOL_PIECE (sizeof(wdpdk_mempool_piece) / sizeof(void *))

/* Four pieces. */
static __rte_always_inline void
wdpdk_mempool_move_pieces(void **to, void * const *from)
{
	wdpdk_mempool_piece a = *(const wdpdk_mempool_piece *)from;
	wdpdk_mempool_piece b = *(const wdpdk_mempool_piece *)(from + WDPDK_MEMPOOL_PIECE);
	wdpdk_mempool_piece c = *(const wdpdk_mempool_piece *)(from + 2 * WDPDK_MEMPOOL_PIECE);
	wdpdk_mempool_piece d = *(const wdpdk_mempool_piece *)(from + 3 * WDPDK_MEMPOOL_PIECE);

	*(wdpdk_mempool_piece *)to = a;
	*(wdpdk_mempool_piece *)(to + WDPDK_MEMPOOL_PIECE) = b;
	*(wdpdk_mempool_piece *)(to + 2 * WDPDK_MEMPOOL_PIECE) = c;
	*(wdpdk_mempool_piece *)(to + 3 * WDPDK_MEMPOOL_PIECE) = d;
}

/* Four pointers, which the compiler must not make one wide move of: to it each one depends on the store before. */
static __rte_always_inline void
wdpdk_mempool_move4(void **to, void * const *from)
{
	void *a = from[0], *b = from[1], *c = from[2], *d = from[3];

	to[0] = a;
	__asm__("" : "+r"(b) : "m"(to[0]));
	to[1] = b;
	__asm__("" : "+r"(c) : "m"(to[1]));
	to[2] = c;
	__asm__("" : "+r"(d) : "m"(to[2]));
	to[3] = d;
}

static __rte_always_inline void
wdpdk_mempool_move(void **to, void * const *from, unsigned int n)
{
	if (n == 1) {
		*to = *from;
		return;
	}
	for (; n >= 16; n -= 16, to += 16, from += 16) {
		wdpdk_mempool_move_pieces(to, from);
		if (WDPDK_MEMPOOL_PIECE == 2)
			wdpdk_mempool_move_pieces(to + 8, from + 8);
	}
	if (n & 8) {
		wdpdk_mempool_move4(to, from);
		wdpdk_mempool_move4(to + 4, from + 4);
		to += 8;
		from += 8;
	}
	if (n & 4) {
		wdpdk_mempool_move4(to, from);
		to += 4;
		from += 4;
	}
	if (n & 2) {
		void *a = from[0], *b = from[1];

		to[0] = a;
		__asm__("" : "+r"(b) : "m"(to[0]));
		to[1] = b;
		to += 2;
		from += 2;
	}
	if (n & 1)
		*to = *from;
}

#ifdef __cplusplus
}
#endif

#endif
