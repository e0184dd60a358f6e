/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mbuf.single, mbuf.bulk32: packet buffers allocated and freed, cycles for one and for 32. The pool has a cache and 2 KiB of
 * data room. Beside the rows of the comparison stand the bulk with a run-time count and the bulk freed one by one, as drivers do.
 */
#include "bench.h"

#include <rte_mbuf.h>

#define MBUFS 8191u
#define CACHE 256u
#define BULK 32u

static __rte_noinline void
single(void *state, uint64_t times)
{
	struct rte_mempool *mp = (struct rte_mempool *)state;

	for (uint64_t i = 0; i < times; i++) {
		struct rte_mbuf *m = rte_pktmbuf_alloc(mp);

		if (m == NULL)
			bench_die("rte_pktmbuf_alloc");
		bench_keep(m);
		rte_pktmbuf_free(m);
	}
}

static __rte_always_inline void
bulk(struct rte_mempool *mp, uint64_t times, unsigned int n)
{
	struct rte_mbuf *mbufs[BULK] __rte_cache_aligned;

	for (uint64_t i = 0; i < times; i++) {
		if (rte_pktmbuf_alloc_bulk(mp, mbufs, n) != 0)
			bench_die("rte_pktmbuf_alloc_bulk");
		bench_keep(mbufs);
		rte_pktmbuf_free_bulk(mbufs, n);
	}
}

/* As a driver's Tx that frees what it has sent one by one. */
static __rte_always_inline void
one_by_one(struct rte_mempool *mp, uint64_t times, unsigned int n)
{
	struct rte_mbuf *mbufs[BULK] __rte_cache_aligned;

	for (uint64_t i = 0; i < times; i++) {
		if (rte_pktmbuf_alloc_bulk(mp, mbufs, n) != 0)
			bench_die("rte_pktmbuf_alloc_bulk");
		bench_keep(mbufs);
		for (unsigned int k = 0; k < n; k++)
			rte_pktmbuf_free(mbufs[k]);
	}
}

static __rte_noinline void
bulk_constant(void *state, uint64_t times)
{
	bulk((struct rte_mempool *)state, times, BULK);
}

static __rte_noinline void
bulk_variable(void *state, uint64_t times)
{
	bulk((struct rte_mempool *)state, times, bench_unknown(BULK));
}

static __rte_noinline void
bulk_singly(void *state, uint64_t times)
{
	one_by_one((struct rte_mempool *)state, times, BULK);
}

void
bench_rows(void)
{
	struct rte_mempool *mp = rte_pktmbuf_pool_create("bench", MBUFS, CACHE, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);

	if (mp == NULL)
		bench_die("rte_pktmbuf_pool_create");
	bench_row("mbuf.single", single, mp, 1);
	bench_row("mbuf.bulk32", bulk_constant, mp, 1);
	bench_row("mbuf.bulk32.var", bulk_variable, mp, 1);
	bench_row("mbuf.bulk32.singly", bulk_singly, mp, 1);
	rte_mempool_free(mp);
}
