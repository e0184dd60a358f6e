/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Memory pools, one thread: counts through caches and stores, layout of objects, errors, nothing lost.
 */
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_mempool.h>

#include "check.h"

#define COUNT 1000

static struct rte_mempool *
make(const char *name, unsigned int cache_size, unsigned int flags)
{
	struct rte_mempool *mp = rte_mempool_create(name, COUNT, 100, cache_size, 0, NULL, NULL, NULL, NULL,
		SOCKET_ID_ANY, flags);

	CHECK(mp != NULL);
	CHECK(rte_mempool_full(mp));
	return mp;
}

static int
by_address(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)*(void * const *)a, y = (uintptr_t)*(void * const *)b;

	return x < y ? -1 : x > y;
}

static void
check_distinct(void **objs, unsigned int n, size_t apart)
{
	unsigned int i;

	qsort(objs, n, sizeof(*objs), by_address);
	for (i = 1; i < n; i++)
		CHECK((char *)objs[i] - (char *)objs[i - 1] >= (ptrdiff_t)apart);
}

/* Takes all there is in bulks of `bulk`, then one by one; checks and puts back in bulks of another size. */
static void
drain_and_fill(struct rte_mempool *mp, unsigned int bulk, struct rte_mempool_cache *cache)
{
	static void *objs[COUNT + 512];
	unsigned int n = 0, i;

	while (n + bulk <= COUNT && rte_mempool_generic_get(mp, objs + n, bulk, cache) == 0)
		n += bulk;
	while (n < COUNT && rte_mempool_generic_get(mp, objs + n, 1, cache) == 0)
		n++;
	CHECK_EQ(n, COUNT);
	CHECK(rte_mempool_empty(mp));
	CHECK_EQ(rte_mempool_in_use_count(mp), COUNT);
	CHECK_EQ(rte_mempool_generic_get(mp, objs + n, 1, cache), -ENOENT);
	check_distinct(objs, n, 100);
	for (i = 0; i < n; i++) {
		CHECK(rte_mempool_from_obj(objs[i]) == mp);
		memset(objs[i], 0x5a, 100);
	}
	for (i = 0; i < n; i += RTE_MIN(bulk + 3, n - i))
		rte_mempool_generic_put(mp, objs + i, RTE_MIN(bulk + 3, n - i), cache);
	rte_mempool_audit(mp);
}

static void
every_object_comes_once_and_goes_back(void)
{
	static const unsigned int bulks[] = {1, 2, 7, 32, 64, 200, 600, 1000};
	struct rte_mempool *plain = make("plain", 0, 0), *cached = make("cached", 64, 0);
	struct rte_mempool_cache *own = rte_mempool_cache_create(128, SOCKET_ID_ANY);
	unsigned int i;

	CHECK(own != NULL);
	CHECK(rte_mempool_default_cache(plain, rte_lcore_id()) == NULL);
	CHECK(rte_mempool_default_cache(cached, rte_lcore_id()) != NULL);
	CHECK(rte_mempool_default_cache(cached, RTE_MAX_LCORE) == NULL);
	for (i = 0; i < RTE_DIM(bulks); i++) {
		drain_and_fill(plain, bulks[i], NULL);
		CHECK(rte_mempool_full(plain));
		drain_and_fill(cached, bulks[i], rte_mempool_default_cache(cached, rte_lcore_id()));
		CHECK(rte_mempool_full(cached));
		drain_and_fill(plain, bulks[i], own);
		rte_mempool_cache_flush(own, plain);
		CHECK_EQ(own->len, 0);
		CHECK(rte_mempool_full(plain));
	}
	rte_mempool_cache_flush(NULL, cached);
	CHECK_EQ(rte_mempool_default_cache(cached, rte_lcore_id())->len, 0);
	rte_mempool_cache_free(own);
	rte_mempool_free(plain);
	rte_mempool_free(cached);
}

static void
each_ring_store_works(void)
{
	static const struct {
		unsigned int flags;
		const char *ops;
	} kinds[] = {
		{0, "ring_mp_mc"},
		{RTE_MEMPOOL_F_SP_PUT | RTE_MEMPOOL_F_SC_GET, "ring_sp_sc"},
		{RTE_MEMPOOL_F_SC_GET, "ring_mp_sc"},
		{RTE_MEMPOOL_F_SP_PUT, "ring_sp_mc"},
	};
	unsigned int i;

	for (i = 0; i < RTE_DIM(kinds); i++) {
		struct rte_mempool *mp = make("kind", 32, kinds[i].flags);
		struct rte_mempool_info info;
		void *block;

		CHECK_STR(rte_mempool_get_ops(mp->ops_index)->name, kinds[i].ops);
		drain_and_fill(mp, 16, rte_mempool_default_cache(mp, rte_lcore_id()));
		CHECK_EQ(rte_mempool_ops_get_info(mp, &info), -ENOTSUP);
		CHECK_EQ(rte_mempool_get_contig_blocks(mp, &block, 1), -EOPNOTSUPP);
		CHECK_EQ(rte_mempool_set_ops_byname(mp, "ring_mp_mc", NULL), -EEXIST);
		rte_mempool_free(mp);
	}
}

static void
cache_keeps_its_thresholds(void)
{
	struct rte_mempool *mp = make("thresholds", 40, 0);
	struct rte_mempool_cache *cache = rte_mempool_default_cache(mp, rte_lcore_id());
	void *objs[200];

	CHECK_EQ(cache->flushthresh, 60);
	CHECK_EQ(rte_mempool_get_bulk(mp, objs, 8), 0);
	CHECK_EQ(cache->len, 40);
	CHECK_EQ(rte_mempool_get_bulk(mp, objs + 8, 32), 0);
	CHECK_EQ(cache->len, 8);
	CHECK_EQ(rte_mempool_get_bulk(mp, objs + 40, 20), 0); /* 8 from the cache, the rest and a refill from the store */
	CHECK_EQ(cache->len, 40);
	rte_mempool_put_bulk(mp, objs, 20);
	CHECK_EQ(cache->len, 60);
	rte_mempool_put_bulk(mp, objs + 20, 5); /* over the threshold: the old go, the new stay */
	CHECK_EQ(cache->len, 5);
	rte_mempool_put(mp, objs[25]);
	CHECK_EQ(cache->len, 6);
	rte_mempool_put_bulk(mp, objs + 26, 34);
	CHECK_EQ(cache->len, 40);
	CHECK(rte_mempool_full(mp));
	CHECK_EQ(rte_mempool_get_bulk(mp, objs, 0), 0);
	rte_mempool_put_bulk(mp, objs, 0);
	CHECK(rte_mempool_full(mp));
	rte_mempool_free(mp);
}

/* A store that has less than a refill, or fails half way, must not cost objects. */
static void
a_get_that_fails_changes_nothing(void)
{
	struct rte_mempool *mp = make("scarce", 64, 0);
	struct rte_mempool_cache *cache = rte_mempool_default_cache(mp, rte_lcore_id());
	static void *objs[COUNT], *kept[COUNT];
	unsigned int len;

	CHECK_EQ(rte_mempool_generic_get(mp, objs, 900, NULL), 0);
	CHECK_EQ(rte_mempool_get_bulk(mp, objs + 900, 30), 0);
	len = cache->len;
	CHECK_EQ(len, 64);
	memcpy(kept, cache->objs, len * sizeof(void *));
	CHECK_EQ(rte_mempool_avail_count(mp), 70);
	CHECK_EQ(rte_mempool_get_bulk(mp, objs + 930, 71), -ENOENT);
	CHECK_EQ(cache->len, len);
	CHECK_MEM(cache->objs, kept, len * sizeof(void *));
	CHECK_EQ(rte_mempool_get_bulk(mp, objs + 930, 70), 0);
	CHECK(rte_mempool_empty(mp));
	check_distinct(objs, COUNT, 100);
	rte_mempool_generic_put(mp, objs, COUNT, NULL);
	CHECK(rte_mempool_full(mp));
	rte_mempool_free(mp);
}

static void
mark(struct rte_mempool *mp, void *arg)
{
	*(uint64_t *)rte_mempool_get_priv(mp) = (uintptr_t)arg;
}

static void
number(struct rte_mempool *mp, void *arg, void *obj, unsigned int index)
{
	CHECK((uintptr_t)arg == 77);
	CHECK(rte_mempool_from_obj(obj) == mp);
	*(unsigned int *)obj = index;
}

static void
add_up(struct rte_mempool *mp, void *arg, void *obj, unsigned int index)
{
	RTE_SET_USED(mp);
	CHECK_EQ(*(unsigned int *)obj, index);
	*(uint64_t *)arg += index;
}

static void
measure(struct rte_mempool *mp, void *arg, struct rte_mempool_memhdr *chunk, unsigned int index)
{
	RTE_SET_USED(index);
	CHECK(chunk->mp == mp);
	*(size_t *)arg += chunk->len;
}

static void
constructors_and_iterators_see_each_object(void)
{
	struct rte_mempool *mp;
	uint64_t sum = 0;
	size_t bytes = 0;

	mp = rte_mempool_create("built", COUNT, 100, 16, sizeof(uint64_t), mark, (void *)66, number, (void *)77,
		SOCKET_ID_ANY, 0);
	CHECK(mp != NULL);
	CHECK_EQ(*(uint64_t *)rte_mempool_get_priv(mp), 66);
	CHECK_EQ(mp->private_data_size, 64);
	CHECK_EQ(rte_mempool_obj_iter(mp, add_up, &sum), COUNT);
	CHECK_EQ(sum, COUNT * (COUNT - 1) / 2);
	CHECK_EQ(rte_mempool_mem_iter(mp, measure, &bytes), mp->nb_mem_chunks);
	CHECK(bytes >= (size_t)COUNT * rte_mempool_calc_obj_size(100, 0, NULL));
	CHECK_EQ(rte_mempool_populate_default(mp), -EEXIST);
	rte_mempool_free(mp);
}

static void
objects_have_an_odd_number_of_lines(void)
{
	struct rte_mempool_objsz sz;
	uint32_t elt;

	for (elt = 1; elt < 5000; elt += 13) {
		CHECK_EQ(rte_mempool_calc_obj_size(elt, 0, &sz) % 128, 64);
		CHECK_EQ(sz.header_size, 64);
		CHECK(sz.elt_size >= elt && sz.elt_size < elt + 8);
		CHECK_EQ(sz.total_size, sz.header_size + sz.elt_size + sz.trailer_size);
		CHECK(rte_mempool_calc_obj_size(elt, RTE_MEMPOOL_F_NO_SPREAD, &sz) - 64 - elt < 64);
		CHECK_EQ(rte_mempool_calc_obj_size(elt, RTE_MEMPOOL_F_NO_CACHE_ALIGN, &sz), 24 + RTE_ALIGN_CEIL(elt, 8u));
	}
	CHECK_EQ(rte_mempool_calc_obj_size(128 + 2176, 0, NULL), 2368); /* a usual mbuf: nothing is lost */
	CHECK_EQ(rte_mempool_calc_obj_size(UINT32_MAX, 0, &sz), 0);
}

static unsigned int chunks_freed;

static void
count_chunk(struct rte_mempool_memhdr *chunk, void *arg)
{
	CHECK(arg == &chunks_freed);
	CHECK(chunk->addr != NULL);
	chunks_freed++;
}

static void
remember_sets(struct rte_mempool *mp, void *arg, void *obj, unsigned int index)
{
	RTE_SET_USED(mp);
	RTE_SET_USED(index);
	((unsigned int *)arg)[(uintptr_t)obj / 64 % 64]++;
}

/* One mbuf-sized object to a page: without colour all their first lines would share one set of 64. */
static void
objects_on_single_pages_use_many_cache_sets(void)
{
	struct rte_mempool *mp = rte_mempool_create_empty("pages", 280, 128 + 2176, 0, 0, SOCKET_ID_ANY, 0);
	char *memory = rte_malloc(NULL, 280 * 4096, 4096);
	unsigned int sets[64] = {0}, used = 0, i;
	rte_iova_t iova = 0x10000000;

	CHECK(mp != NULL && memory != NULL);
	CHECK(mp->flags & RTE_MEMPOOL_F_NON_IO);
	for (i = 0; i < 280; i++)
		CHECK_EQ(rte_mempool_populate_iova(mp, memory + i * 4096, iova + i * 8192, 4096, count_chunk,
			&chunks_freed), 1);
	CHECK(!(mp->flags & RTE_MEMPOOL_F_NON_IO));
	CHECK_EQ(rte_mempool_populate_iova(mp, memory, 0, 4096, NULL, NULL), -ENOSPC);
	CHECK_EQ(rte_mempool_obj_iter(mp, remember_sets, sets), 280);
	for (i = 0; i < 64; i++) {
		used += sets[i] != 0;
		CHECK(sets[i] <= 10);
	}
	CHECK_EQ(used, 28); /* (4096 - 2368) / 64 + 1 */
	for (i = 0; i < 280; i++) {
		void *obj;

		CHECK_EQ(rte_mempool_get(mp, &obj), 0);
		CHECK_EQ(rte_mempool_virt2iova(obj), iova + (uintptr_t)((char *)obj - memory) / 4096 * 8192 +
			((char *)obj - memory) % 4096);
	}
	chunks_freed = 0;
	rte_mempool_free(mp);
	CHECK_EQ(chunks_freed, 280);
	rte_free(memory);
}

static void
small_or_odd_chunks_are_taken_as_they_are(void)
{
	struct rte_mempool *mp = rte_mempool_create_empty("odd", 10, 100, 0, 0, SOCKET_ID_ANY, 0);
	uint32_t total = rte_mempool_calc_obj_size(100, 0, NULL);
	char *memory = rte_malloc(NULL, 8192, 64);
	void *obj;

	CHECK(mp != NULL && memory != NULL);
	CHECK_EQ(rte_mempool_avail_count(mp), 0);
	CHECK_EQ(rte_mempool_populate_iova(mp, memory + 1, RTE_BAD_IOVA, total, NULL, NULL), 0);
	CHECK_EQ(rte_mempool_populate_iova(mp, memory + 1, RTE_BAD_IOVA, 10, NULL, NULL), 0);
	CHECK_EQ(rte_mempool_populate_iova(mp, memory + 1, RTE_BAD_IOVA, total + 63, NULL, NULL), 1);
	CHECK_EQ(rte_mempool_get(mp, &obj), 0);
	CHECK_EQ((uintptr_t)obj % 64, 0);
	CHECK(rte_mempool_virt2iova(obj) == RTE_BAD_IOVA);
	CHECK(mp->flags & RTE_MEMPOOL_F_NON_IO);
	CHECK_EQ(rte_mempool_populate_virt(mp, memory + 1024, 8192 - 1024, 4096, NULL, NULL), 9);
	CHECK_EQ(mp->populated_size, 10);
	CHECK_EQ(rte_mempool_populate_virt(mp, memory, 4096, 4096, NULL, NULL), -ENOSPC);
	rte_mempool_free(mp);
	rte_free(memory);
}

static void
refuses_what_cannot_be(void)
{
	char name[RTE_MEMPOOL_NAMESIZE + 1];
	struct rte_mempool *mp;

#define REFUSED(error, ...) do { \
	rte_errno = 0; \
	CHECK(rte_mempool_create(__VA_ARGS__) == NULL); \
	CHECK_EQ(rte_errno, error); \
} while (0)
	REFUSED(EINVAL, NULL, 10, 100, 0, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
	CHECK(rte_mempool_lookup(NULL) == NULL);
	REFUSED(EINVAL, "bad", 0, 100, 0, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
	REFUSED(EINVAL, "bad", 1000, 100, RTE_MEMPOOL_CACHE_MAX_SIZE + 1, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
	REFUSED(EINVAL, "bad", 100, 100, 68, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
	REFUSED(EINVAL, "bad", 100, UINT32_MAX - 10, 0, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
	REFUSED(EINVAL, "bad", 100, 100, 0, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0x8000);
	REFUSED(EINVAL, "bad", 100, 100, 0, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, RTE_MEMPOOL_F_POOL_CREATED);
	REFUSED(ENOMEM, "bad", 1000000, 4000, 0, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
	CHECK(rte_mempool_lookup("bad") == NULL);
	CHECK_EQ(rte_errno, ENOENT);
	memset(name, 'n', sizeof(name));
	name[RTE_MEMPOOL_NAMESIZE] = '\0';
	REFUSED(ENAMETOOLONG, name, 100, 100, 0, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
	name[RTE_MEMPOOL_NAMESIZE - 1] = '\0';
	mp = make(name, 0, 0);
	CHECK(rte_mempool_lookup(name) == mp);
	REFUSED(EEXIST, name, 100, 100, 0, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
	CHECK(rte_mempool_lookup(name) == mp);
	rte_mempool_free(mp);
	CHECK(rte_mempool_lookup(name) == NULL);
	rte_mempool_free(NULL);

	CHECK(rte_mempool_cache_create(0, SOCKET_ID_ANY) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_mempool_cache_create(RTE_MEMPOOL_CACHE_MAX_SIZE + 1, SOCKET_ID_ANY) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	rte_mempool_cache_free(NULL);
}

static void
stores_are_registered_once(void)
{
	struct rte_mempool_ops ops = *rte_mempool_get_ops(0);
	struct rte_mempool *mp = rte_mempool_create_empty("stores", 10, 100, 0, 0, SOCKET_ID_ANY, 0);
	int index;

	CHECK(mp != NULL);
	CHECK_EQ(rte_mempool_register_ops(&ops), -EEXIST);
	CHECK_EQ(rte_mempool_register_ops(NULL), -EINVAL);
	CHECK_EQ(rte_mempool_set_ops_byname(mp, NULL, NULL), -EINVAL);
	CHECK_EQ(rte_mempool_set_ops_byname(mp, "no such store", NULL), -EINVAL);
	memset(ops.name, 'x', sizeof(ops.name));
	CHECK_EQ(rte_mempool_register_ops(&ops), -EEXIST);
	strcpy(ops.name, "of a test");
	ops.dequeue = NULL;
	CHECK_EQ(rte_mempool_register_ops(&ops), -EINVAL);
	ops.dequeue = rte_mempool_get_ops(0)->dequeue;
	index = rte_mempool_register_ops(&ops);
	CHECK(index > 0);
	CHECK_EQ(rte_mempool_set_ops_byname(mp, "of a test", &ops), 0);
	CHECK(mp->pool_config == &ops);
	CHECK_EQ(rte_mempool_populate_default(mp), 10);
	CHECK_EQ(mp->ops_index, index);
	CHECK(rte_mempool_full(mp));
	rte_mempool_free(mp);
	for (;;) {
		snprintf(ops.name, sizeof(ops.name), "filler %d", ++index);
		if (rte_mempool_register_ops(&ops) < 0)
			break;
	}
	CHECK_EQ(index, RTE_MEMPOOL_MAX_OPS_IDX);
	CHECK_EQ(rte_mempool_register_ops(&ops), -ENOSPC);
}

static void
creating_and_freeing_leaks_nothing(void)
{
	unsigned int i;

	/* 40 times 4 MiB is more than the test's whole memory. */
	for (i = 0; i < 40; i++) {
		struct rte_mempool *mp = rte_mempool_create("again", 2000, 2000, 256, 0, NULL, NULL, NULL, NULL,
			SOCKET_ID_ANY, 0);

		CHECK(mp != NULL);
		rte_mempool_free(mp);
		CHECK(rte_mempool_create("too big", 1 << 20, 2000, 256, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0) == NULL);
		CHECK_EQ(rte_errno, ENOMEM);
	}
}

static void
count_pools(struct rte_mempool *mp, void *arg)
{
	CHECK(strncmp(mp->name, "walk", 4) == 0);
	++*(unsigned int *)arg;
}

static void
walk_and_dump_find_pools(void)
{
	struct rte_mempool *a = make("walk_0", 16, 0), *b = make("walk", 0, 0);
	FILE *f = tmpfile();
	char text[4096] = "";
	unsigned int n = 0;

	CHECK(f != NULL);
	rte_mempool_walk(count_pools, &n);
	CHECK_EQ(n, 2);
	rte_mempool_list_dump(f);
	rewind(f);
	CHECK(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	CHECK(strstr(text, "<walk_0>") != NULL && strstr(text, "<walk>") != NULL);
	CHECK(strstr(text, "available=1000 in_use=0") != NULL);
	rte_mempool_free(a);
	rte_mempool_free(b);
}

/* Further EAL arguments may follow on the command line. */
int
main(int argc, char **argv)
{
	char *args[16] = {(char *)"test_mempool", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci",
		(char *)"-l", (char *)"0"};
	int n = 7, i;

	for (i = 1; i < argc && n < 15; i++)
		args[n++] = argv[i];
	if (rte_eal_init(n, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(every_object_comes_once_and_goes_back);
	RUN(each_ring_store_works);
	RUN(cache_keeps_its_thresholds);
	RUN(a_get_that_fails_changes_nothing);
	RUN(constructors_and_iterators_see_each_object);
	RUN(objects_have_an_odd_number_of_lines);
	RUN(objects_on_single_pages_use_many_cache_sets);
	RUN(small_or_odd_chunks_are_taken_as_they_are);
	RUN(refuses_what_cannot_be);
	RUN(creating_and_freeing_leaks_nothing);
	RUN(walk_and_dump_find_pools);
	RUN(stores_are_registered_once);
	rte_eal_cleanup();
	return check_summary();
}
