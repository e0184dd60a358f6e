/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Memory pools: making and ending them, the rare halves of get and put, counting, finding, printing.
 *
 * As with rings there is no list beside the memzone table: the pool <name> lives in the memzone MP_<name>.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_log.h>
#include <rte_malloc.h>
#include <rte_mempool.h>
#include <rte_memzone.h>

#include "mempool_private.h"

/* DPDK 22.11's layout on x86-64. */
_Static_assert(RTE_MEMPOOL_NAMESIZE == 26, "rte_mempool: name");
_Static_assert(offsetof(struct rte_mempool, pool_data) == 32, "rte_mempool: pool_data");
_Static_assert(offsetof(struct rte_mempool, pool_config) == 40, "rte_mempool: pool_config");
_Static_assert(offsetof(struct rte_mempool, mz) == 48, "rte_mempool: mz");
_Static_assert(offsetof(struct rte_mempool, flags) == 56, "rte_mempool: flags");
_Static_assert(offsetof(struct rte_mempool, size) == 64, "rte_mempool: size");
_Static_assert(offsetof(struct rte_mempool, cache_size) == 68, "rte_mempool: cache_size");
_Static_assert(offsetof(struct rte_mempool, elt_size) == 72, "rte_mempool: elt_size");
_Static_assert(offsetof(struct rte_mempool, trailer_size) == 80, "rte_mempool: trailer_size");
_Static_assert(offsetof(struct rte_mempool, ops_index) == 88, "rte_mempool: ops_index");
_Static_assert(offsetof(struct rte_mempool, local_cache) == 96, "rte_mempool: local_cache");
_Static_assert(offsetof(struct rte_mempool, populated_size) == 104, "rte_mempool: populated_size");
_Static_assert(offsetof(struct rte_mempool, elt_list) == 112, "rte_mempool: elt_list");
_Static_assert(offsetof(struct rte_mempool, nb_mem_chunks) == 128, "rte_mempool: nb_mem_chunks");
_Static_assert(offsetof(struct rte_mempool, mem_list) == 136, "rte_mempool: mem_list");
_Static_assert(sizeof(struct rte_mempool) == 192, "rte_mempool");
_Static_assert(offsetof(struct rte_mempool_cache, len) == 8, "rte_mempool_cache: len");
_Static_assert(offsetof(struct rte_mempool_cache, objs) == 64, "rte_mempool_cache: objs");
_Static_assert(sizeof(struct rte_mempool_cache) == 8256, "rte_mempool_cache");
_Static_assert(offsetof(struct rte_mempool_objhdr, mp) == 8, "rte_mempool_objhdr: mp");
_Static_assert(offsetof(struct rte_mempool_objhdr, iova) == 16, "rte_mempool_objhdr: iova");
_Static_assert(sizeof(struct rte_mempool_objhdr) == 24, "rte_mempool_objhdr");
_Static_assert(sizeof(struct rte_mempool_memhdr) == 56, "rte_mempool_memhdr");

static uint32_t
flush_threshold(uint32_t cache_size)
{
	return cache_size + cache_size / 2;
}

static void
init_cache(struct rte_mempool_cache *cache, uint32_t size)
{
	/* A refill puts up to size + RTE_MEMPOOL_CACHE_MAX_SIZE objects into objs. */
	_Static_assert(RTE_DIM(cache->objs) >= 2 * RTE_MEMPOOL_CACHE_MAX_SIZE, "a refill overruns the cache");
	cache->size = size;
	cache->flushthresh = flush_threshold(size);
	cache->len = 0;
}

uint32_t
rte_mempool_calc_obj_size(uint32_t elt_size, uint32_t flags, struct rte_mempool_objsz *sz)
{
	uint64_t header = sizeof(struct rte_mempool_objhdr), elt = RTE_ALIGN_CEIL((uint64_t)elt_size, 8), total;

	if (!(flags & RTE_MEMPOOL_F_NO_CACHE_ALIGN))
		header = RTE_ALIGN_CEIL(header, RTE_MEMPOOL_ALIGN);
	total = header + elt;
	if (!(flags & RTE_MEMPOOL_F_NO_CACHE_ALIGN)) {
		total = RTE_ALIGN_CEIL(total, RTE_MEMPOOL_ALIGN);
		/* An odd number of lines visits all memory channels and all sets of a cache (both powers of two) in turn. */
		if (!(flags & RTE_MEMPOOL_F_NO_SPREAD) && total / RTE_MEMPOOL_ALIGN % 2 == 0)
			total += RTE_MEMPOOL_ALIGN;
	}
	if (total > UINT32_MAX)
		return 0;
	if (sz != NULL) {
		sz->header_size = (uint32_t)header;
		sz->elt_size = (uint32_t)elt;
		sz->trailer_size = (uint32_t)(total - header - elt);
		sz->total_size = (uint32_t)total;
	}
	return (uint32_t)total;
}

struct rte_mempool_cache *
rte_mempool_cache_create(uint32_t size, int socket_id)
{
	struct rte_mempool_cache *cache;

	if (size == 0 || size > RTE_MEMPOOL_CACHE_MAX_SIZE) {
		rte_errno = EINVAL;
		return NULL;
	}
	cache = (struct rte_mempool_cache *)rte_zmalloc_socket("MEMPOOL_CACHE", sizeof(*cache), RTE_CACHE_LINE_SIZE,
		socket_id);
	if (cache == NULL)
		rte_errno = ENOMEM;
	else
		init_cache(cache, size);
	return cache;
}

void
rte_mempool_cache_free(struct rte_mempool_cache *cache)
{
	rte_free(cache);
}

static const char *
ring_ops_for(unsigned int flags)
{
	if (flags & RTE_MEMPOOL_F_SP_PUT)
		return flags & RTE_MEMPOOL_F_SC_GET ? "ring_sp_sc" : "ring_sp_mc";
	return flags & RTE_MEMPOOL_F_SC_GET ? "ring_mp_sc" : "ring_mp_mc";
}

struct rte_mempool *
rte_mempool_create_empty(const char *name, unsigned int n, unsigned int elt_size, unsigned int cache_size,
	unsigned int private_data_size, int socket_id, unsigned int flags)
{
	char zone_name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;
	struct rte_mempool *mp;
	struct rte_mempool_objsz sizes;
	size_t private_bytes = RTE_ALIGN_CEIL((size_t)private_data_size, RTE_MEMPOOL_ALIGN), bytes;
	unsigned int lcore;

	if (name == NULL || n == 0 || cache_size > RTE_MEMPOOL_CACHE_MAX_SIZE || flush_threshold(cache_size) > n ||
		(flags & ~(unsigned int)RTE_MEMPOOL_VALID_USER_FLAGS) || private_bytes > UINT32_MAX ||
		rte_mempool_calc_obj_size(elt_size, flags, &sizes) == 0) {
		RTE_LOG(ERR, MEMPOOL, "pool %s: %u objects of %u bytes, cache %u, flags 0x%x are refused\n",
			name == NULL ? "without a name" : name, n, elt_size,
			cache_size, flags);
		rte_errno = EINVAL;
		return NULL;
	}
	if (strlen(name) >= RTE_MEMPOOL_NAMESIZE) {
		rte_errno = ENAMETOOLONG;
		return NULL;
	}
	if (flags & RTE_MEMPOOL_F_NO_CACHE_ALIGN)
		flags |= RTE_MEMPOOL_F_NO_SPREAD;
	bytes = RTE_MEMPOOL_HEADER_SIZE(mp, cache_size) + private_bytes;
	snprintf(zone_name, sizeof(zone_name), RTE_MEMPOOL_MZ_FORMAT, name);
	zone = rte_memzone_reserve_aligned(zone_name, bytes, socket_id, 0, RTE_MEMPOOL_ALIGN);
	if (zone == NULL) {
		RTE_LOG(ERR, MEMPOOL, "pool %s: cannot reserve %zu bytes: %s\n", name, bytes, rte_strerror(rte_errno));
		return NULL;
	}
	mp = (struct rte_mempool *)zone->addr;
	memset(mp, 0, bytes);
	memcpy(mp->name, name, strlen(name) + 1);
	/* Objects cannot be used for input and output until a chunk with bus addresses comes. */
	mp->flags = flags | RTE_MEMPOOL_F_NON_IO;
	mp->socket_id = socket_id;
	mp->size = n;
	mp->cache_size = cache_size;
	mp->elt_size = sizes.elt_size;
	mp->header_size = sizes.header_size;
	mp->trailer_size = sizes.trailer_size;
	mp->private_data_size = (unsigned int)private_bytes;
	mp->elt_list.stqh_last = &mp->elt_list.stqh_first;
	mp->mem_list.stqh_last = &mp->mem_list.stqh_first;
	mp->ops_index = -1;
	(void)rte_mempool_set_ops_byname(mp, ring_ops_for(flags), NULL);
	if (cache_size != 0) {
		mp->local_cache = (struct rte_mempool_cache *)(mp + 1);
		for (lcore = 0; lcore < RTE_MAX_LCORE; lcore++)
			init_cache(&mp->local_cache[lcore], cache_size);
	}
	/* Last: a lookup takes the pool for ready when it names its zone. */
	__atomic_store_n(&mp->mz, zone, __ATOMIC_RELEASE);
	return mp;
}

struct rte_mempool *
rte_mempool_create(const char *name, unsigned int n, unsigned int elt_size, unsigned int cache_size,
	unsigned int private_data_size, rte_mempool_ctor_t *mp_init, void *mp_init_arg, rte_mempool_obj_cb_t *obj_init,
	void *obj_init_arg, int socket_id, unsigned int flags)
{
	struct rte_mempool *mp;
	int added;

	mp = rte_mempool_create_empty(name, n, elt_size, cache_size, private_data_size, socket_id, flags);
	if (mp == NULL)
		return NULL;
	if (mp_init != NULL)
		mp_init(mp, mp_init_arg);
	added = rte_mempool_populate_default(mp);
	if (added < 0) {
		rte_mempool_free(mp);
		rte_errno = -added;
		return NULL;
	}
	if (obj_init != NULL)
		rte_mempool_obj_iter(mp, obj_init, obj_init_arg);
	return mp;
}

void
rte_mempool_free(struct rte_mempool *mp)
{
	const struct rte_memzone *zone;

	if (mp == NULL)
		return;
	zone = mp->mz;
	wdpdk_mempool_announce(RTE_MEMPOOL_EVENT_DESTROY, mp);
	__atomic_store_n(&mp->mz, NULL, __ATOMIC_RELEASE);
	wdpdk_mempool_free_chunks(mp);
	rte_memzone_free(zone);
}

uint32_t
rte_mempool_obj_iter(struct rte_mempool *mp, rte_mempool_obj_cb_t *obj_cb, void *obj_cb_arg)
{
	struct rte_mempool_objhdr *header;
	uint32_t n = 0;

	for (header = mp->elt_list.stqh_first; header != NULL; header = header->next.stqe_next)
		obj_cb(mp, obj_cb_arg, header + 1, n++);
	return n;
}

uint32_t
rte_mempool_mem_iter(struct rte_mempool *mp, rte_mempool_mem_cb_t *mem_cb, void *mem_cb_arg)
{
	struct rte_mempool_memhdr *chunk;
	uint32_t n = 0;

	for (chunk = mp->mem_list.stqh_first; chunk != NULL; chunk = chunk->next.stqe_next)
		mem_cb(mp, mem_cb_arg, chunk, n++);
	return n;
}

int
wdpdk_mempool_get_common(struct rte_mempool *mp, void **obj_table, unsigned int n, struct rte_mempool_cache *cache)
{
	uint32_t have, missing;
	int error;

	if (cache == NULL)
		return rte_mempool_ops_dequeue_bulk(mp, obj_table, n);
	have = RTE_MIN(cache->len, n);
	missing = n - have;
	if (missing == 0) /* n is 0, or the caller did not take the short way */
		return rte_mempool_generic_get(mp, obj_table, n, cache);

	/* Hot objects first; they stay in the cache as well until the rest is certain. */
	memcpy(obj_table, cache->objs, have * sizeof(void *));
	if (missing <= RTE_MEMPOOL_CACHE_MAX_SIZE) {
		error = rte_mempool_ops_dequeue_bulk(mp, cache->objs, cache->size + missing);
		if (error >= 0) {
			memcpy(obj_table + have, &cache->objs[cache->size], missing * sizeof(void *));
			__atomic_store_n(&cache->len, cache->size, __ATOMIC_RELAXED);
			return 0;
		}
		/* A store that failed may have written; what was cached is in obj_table. */
		memcpy(cache->objs, obj_table, have * sizeof(void *));
	}
	/* Too little for a refill, or too much for the cache: just what is missing. */
	error = rte_mempool_ops_dequeue_bulk(mp, obj_table + have, missing);
	if (error < 0)
		return error;
	__atomic_store_n(&cache->len, 0, __ATOMIC_RELAXED);
	return 0;
}

void
wdpdk_mempool_put_common(struct rte_mempool *mp, void * const *obj_table, unsigned int n,
	struct rte_mempool_cache *cache)
{
	int error;

	if (cache != NULL && n <= cache->flushthresh) {
		/* What has been longest in the cache goes; what just came is hot and stays. */
		error = rte_mempool_ops_enqueue_bulk(mp, cache->objs, cache->len);
		memcpy(cache->objs, obj_table, n * sizeof(void *));
		__atomic_store_n(&cache->len, n, __ATOMIC_RELAXED);
	} else {
		error = rte_mempool_ops_enqueue_bulk(mp, obj_table, n);
	}
	/* The store has room for every object, so one was put twice or into the wrong pool. */
	if (unlikely(error < 0))
		RTE_LOG(CRIT, MEMPOOL, "pool %s: objects put that it has not given\n", mp->name);
}

int
wdpdk_mempool_get_rest(struct rte_mempool *mp, void **obj_table, unsigned int n)
{
	return wdpdk_mempool_get_common(mp, obj_table, n, rte_mempool_default_cache(mp, rte_lcore_id()));
}

void
wdpdk_mempool_put_rest(struct rte_mempool *mp, void * const *obj_table, unsigned int n)
{
	wdpdk_mempool_put_common(mp, obj_table, n, rte_mempool_default_cache(mp, rte_lcore_id()));
}

unsigned int
rte_mempool_avail_count(const struct rte_mempool *mp)
{
	unsigned int count, lcore;

	if (!(mp->flags & RTE_MEMPOOL_F_POOL_CREATED))
		return 0;
	count = rte_mempool_ops_get_count(mp);
	for (lcore = 0; mp->cache_size != 0 && lcore < RTE_MAX_LCORE; lcore++)
		count += __atomic_load_n(&mp->local_cache[lcore].len, __ATOMIC_RELAXED);
	/* Objects on their way between store and cache may be counted twice. */
	return RTE_MIN(count, mp->size);
}

unsigned int
rte_mempool_in_use_count(const struct rte_mempool *mp)
{
	return mp->size - rte_mempool_avail_count(mp);
}

void
rte_mempool_audit(struct rte_mempool *mp)
{
	struct rte_mempool_objhdr *header;
	uint32_t n = 0, lcore;

	for (lcore = 0; mp->cache_size != 0 && lcore < RTE_MAX_LCORE; lcore++) {
		const struct rte_mempool_cache *cache = &mp->local_cache[lcore];

		if (cache->size != mp->cache_size || __atomic_load_n(&cache->len, __ATOMIC_RELAXED) > cache->flushthresh)
			rte_panic("pool %s: the cache of lcore %u is broken\n", mp->name, lcore);
	}
	for (header = mp->elt_list.stqh_first; header != NULL; header = header->next.stqe_next) {
		if (header->mp != mp || ++n > mp->populated_size)
			rte_panic("pool %s: the header of an object is broken\n", mp->name);
	}
	if (n != mp->populated_size || n > mp->size)
		rte_panic("pool %s: %u objects listed, %u populated, %u allowed\n", mp->name, n, mp->populated_size, mp->size);
}

void
rte_mempool_dump(FILE *f, struct rte_mempool *mp)
{
	unsigned int cached = 0, lcore;

	fprintf(f, "mempool <%s>@%p\n", mp->name, (void *)mp);
	fprintf(f, "  flags=%x\n", mp->flags);
	fprintf(f, "  socket_id=%d\n", mp->socket_id);
	fprintf(f, "  size=%u populated=%u chunks=%u\n", mp->size, mp->populated_size, mp->nb_mem_chunks);
	fprintf(f, "  header_size=%u elt_size=%u trailer_size=%u\n", mp->header_size, mp->elt_size, mp->trailer_size);
	fprintf(f, "  private_data_size=%u\n", mp->private_data_size);
	fprintf(f, "  ops=%s\n", mp->ops_index < 0 ? "none" : rte_mempool_get_ops(mp->ops_index)->name);
	fprintf(f, "  cache_size=%u\n", mp->cache_size);
	for (lcore = 0; mp->cache_size != 0 && lcore < RTE_MAX_LCORE; lcore++) {
		unsigned int len = __atomic_load_n(&mp->local_cache[lcore].len, __ATOMIC_RELAXED);

		if (len != 0)
			fprintf(f, "  cache_count[%u]=%u\n", lcore, len);
		cached += len;
	}
	fprintf(f, "  total_cache_count=%u\n", cached);
	fprintf(f, "  available=%u in_use=%u\n", rte_mempool_avail_count(mp), rte_mempool_in_use_count(mp));
}

struct rte_mempool *
rte_mempool_lookup(const char *name)
{
	char zone_name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;
	struct rte_mempool *mp;

	if (name != NULL && strlen(name) < RTE_MEMPOOL_NAMESIZE) {
		snprintf(zone_name, sizeof(zone_name), RTE_MEMPOOL_MZ_FORMAT, name);
		zone = rte_memzone_lookup(zone_name);
		mp = zone == NULL ? NULL : (struct rte_mempool *)zone->addr;
		if (mp != NULL && __atomic_load_n(&mp->mz, __ATOMIC_ACQUIRE) == zone)
			return mp;
	}
	rte_errno = ENOENT;
	return NULL;
}

struct pool_list {
	unsigned int n;
	struct rte_mempool *pools[RTE_MAX_MEMZONE];
};

static void
list_if_pool(const struct rte_memzone *zone, void *arg)
{
	struct pool_list *list = (struct pool_list *)arg;
	struct rte_mempool *mp = (struct rte_mempool *)zone->addr;

	if (strncmp(zone->name, RTE_MEMPOOL_MZ_PREFIX, sizeof(RTE_MEMPOOL_MZ_PREFIX) - 1) == 0 &&
		zone->len >= sizeof(*mp) && __atomic_load_n(&mp->mz, __ATOMIC_ACQUIRE) == zone &&
		list->n < RTE_DIM(list->pools))
		list->pools[list->n++] = mp;
}

void
rte_mempool_walk(void (*func)(struct rte_mempool *mp, void *arg), void *arg)
{
	/* The memzone walk holds a lock that func may need. */
	struct pool_list *list = (struct pool_list *)malloc(sizeof(*list));
	unsigned int i;

	if (list == NULL)
		return;
	list->n = 0;
	rte_memzone_walk(list_if_pool, list);
	for (i = 0; i < list->n; i++)
		func(list->pools[i], arg);
	free(list);
}

static void
dump_pool(struct rte_mempool *mp, void *file)
{
	rte_mempool_dump((FILE *)file, mp);
}

void
rte_mempool_list_dump(FILE *f)
{
	rte_mempool_walk(dump_pool, f);
}
