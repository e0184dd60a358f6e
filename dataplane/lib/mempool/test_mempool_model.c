/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every store against a model: random gets, puts and flushes through an lcore's cache, caches of the user's own and none.
 * After each step every object is in exactly one place, and a get fails only when there is too little.
 */
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mempool.h>

#include "check.h"

#define COUNT 900u
#define STEPS 6000u
#define MOST 700u

static const uint32_t cache_sizes[] = {1, 32, RTE_MEMPOOL_CACHE_MAX_SIZE};

struct model {
	struct rte_mempool *mp;
	struct rte_mempool_cache *caches[RTE_DIM(cache_sizes) + 2]; /* the users' own, the lcore's, none */
	void *held[COUNT];
	uint32_t count;
	bool is_held[COUNT];
};

static uint32_t seed;

static uint32_t
below(uint32_t limit)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)(seed >> 8) * limit) >> 24);
}

static void
number(struct rte_mempool *mp, void *arg, void *obj, unsigned int index)
{
	RTE_SET_USED(mp);
	RTE_SET_USED(arg);
	*(uint32_t *)obj = index;
}

static void
check_sum(const struct model *m)
{
	uint32_t cached = 0, i;

	for (i = 0; i < RTE_DIM(cache_sizes); i++) {
		CHECK(m->caches[i]->len <= m->caches[i]->flushthresh);
		cached += m->caches[i]->len;
	}
	CHECK_EQ(rte_mempool_avail_count(m->mp) + cached + m->count, COUNT);
	CHECK_EQ(rte_mempool_in_use_count(m->mp), cached + m->count);
	CHECK_EQ(rte_mempool_full(m->mp), cached + m->count == 0);
}

static void
get(struct model *m, struct rte_mempool_cache *cache, uint32_t n)
{
	void *objs[MOST + 1];
	uint32_t there = rte_mempool_ops_get_count(m->mp) + (cache == NULL ? 0 : cache->len), i;
	int result;

	objs[n] = m;
	result = rte_mempool_generic_get(m->mp, objs, n, cache);
	CHECK_EQ(result == 0, n <= there);
	CHECK(objs[n] == m);
	if (result != 0) {
		CHECK(result == -ENOENT || result == -ENOBUFS);
		return;
	}
	for (i = 0; i < n; i++) {
		uint32_t index = *(uint32_t *)objs[i];

		CHECK(index < COUNT && !m->is_held[index]);
		CHECK(rte_mempool_from_obj(objs[i]) == m->mp);
		m->is_held[index] = true;
		m->held[m->count++] = objs[i];
	}
}

static void
put(struct model *m, struct rte_mempool_cache *cache, uint32_t n)
{
	void *objs[MOST];
	uint32_t i;

	n = RTE_MIN(n, m->count);
	for (i = 0; i < n; i++) {
		uint32_t at = below(m->count);

		objs[i] = m->held[at];
		m->held[at] = m->held[--m->count];
		m->is_held[*(uint32_t *)objs[i]] = false;
	}
	rte_mempool_generic_put(m->mp, objs, n, cache);
}

static void
run(const char *ops, uint32_t cache_size)
{
	struct model m = {0};
	uint32_t step, i;

	m.mp = rte_mempool_create_empty("model", COUNT, 60, cache_size, 0, SOCKET_ID_ANY, 0);
	CHECK(m.mp != NULL);
	CHECK_EQ(rte_mempool_set_ops_byname(m.mp, ops, NULL), 0);
	CHECK_EQ(rte_mempool_populate_default(m.mp), COUNT);
	CHECK_EQ(rte_mempool_obj_iter(m.mp, number, NULL), COUNT);
	for (i = 0; i < RTE_DIM(cache_sizes); i++) {
		m.caches[i] = rte_mempool_cache_create(cache_sizes[i], SOCKET_ID_ANY);
		CHECK(m.caches[i] != NULL);
	}
	m.caches[i] = rte_mempool_default_cache(m.mp, rte_lcore_id());
	for (step = 0; step < STEPS; step++) {
		struct rte_mempool_cache *cache = m.caches[below(RTE_DIM(m.caches))];
		uint32_t n = below(8) == 0 ? below(MOST) : below(40);

		switch (below(8)) {
		case 0:
			rte_mempool_cache_flush(cache, m.mp);
			CHECK(cache == NULL || cache->len == 0);
			break;
		case 1: case 2: case 3: case 4:
			get(&m, cache, n);
			break;
		default:
			put(&m, cache, n);
			break;
		}
		check_sum(&m);
	}
	rte_mempool_audit(m.mp);
	while (m.count != 0)
		put(&m, NULL, MOST);
	for (i = 0; i < RTE_DIM(cache_sizes); i++) {
		rte_mempool_cache_flush(m.caches[i], m.mp);
		rte_mempool_cache_free(m.caches[i]);
	}
	CHECK(rte_mempool_full(m.mp));
	rte_mempool_cache_flush(NULL, m.mp);
	CHECK_EQ(rte_mempool_ops_get_count(m.mp), COUNT);
	rte_mempool_free(m.mp);
}

static void
every_store_keeps_to_the_model(void)
{
	static const char * const ops[] = {"ring_mp_mc", "ring_sp_sc", "ring_mp_sc", "ring_sp_mc", "ring_mt_rts",
		"ring_mt_hts", "stack", "lf_stack"};
	uint32_t i;

	for (i = 0; i < RTE_DIM(ops); i++) {
		seed = i + 1;
		run(ops[i], 0);
		run(ops[i], 64);
	}
}

int
main(void)
{
	char *args[] = {(char *)"test_mempool_model", (char *)"--no-huge", (char *)"-m", (char *)"64",
		(char *)"--no-pci", (char *)"-l", (char *)"0", NULL};

	if (rte_eal_init(RTE_DIM(args) - 1, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(every_store_keeps_to_the_model);
	rte_eal_cleanup();
	return check_summary();
}
