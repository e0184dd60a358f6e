/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mempool.cache: n objects got and put through an lcore's cache of 256, cycles for the pair. The same objects go round,
 * so this is what the cache itself costs.
 */
#include "bench.h"

#include <rte_mempool.h>

#define OBJECTS 4095u
#define CACHE 256u
#define MOST 64u

static __rte_always_inline void
get_and_put(struct rte_mempool *mp, uint64_t times, unsigned int n)
{
	void *objects[MOST] __rte_cache_aligned; /* where the stack happens to be is no part of the row */

	for (uint64_t i = 0; i < times; i++) {
		if (rte_mempool_get_bulk(mp, objects, n) != 0)
			bench_die("rte_mempool_get_bulk");
		bench_keep(objects);
		rte_mempool_put_bulk(mp, objects, n);
	}
}

#define CONSTANT(n) \
	static __rte_noinline void \
	constant_##n(void *state, uint64_t times) \
	{ \
		get_and_put((struct rte_mempool *)state, times, n); \
	} \
	static __rte_noinline void \
	variable_##n(void *state, uint64_t times) \
	{ \
		get_and_put((struct rte_mempool *)state, times, bench_unknown(n)); \
	}

CONSTANT(1)
CONSTANT(8)
CONSTANT(32)
CONSTANT(64)

void
bench_rows(void)
{
	struct rte_mempool *mp = rte_mempool_create("bench", OBJECTS, 64, CACHE, 0, NULL, NULL, NULL, NULL,
		SOCKET_ID_ANY, 0);

	if (mp == NULL)
		bench_die("rte_mempool_create");
	bench_row("mempool.cache.1.const", constant_1, mp, 1);
	bench_row("mempool.cache.1.var", variable_1, mp, 1);
	bench_row("mempool.cache.8.const", constant_8, mp, 1);
	bench_row("mempool.cache.8.var", variable_8, mp, 1);
	bench_row("mempool.cache.32.const", constant_32, mp, 1);
	bench_row("mempool.cache.32.var", variable_32, mp, 1);
	bench_row("mempool.cache.64.const", constant_64, mp, 1);
	bench_row("mempool.cache.64.var", variable_64, mp, 1);
	rte_mempool_free(mp);
}
