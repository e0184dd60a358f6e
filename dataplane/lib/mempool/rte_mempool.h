/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Memory pools: a fixed number of objects of one size, got and put in bulks.
 *
 * Objects wait in a common store (by default a ring; struct rte_mempool_ops lets others provide it) and in front of it
 * in one cache per lcore, or in caches of the user's own. get and put on a cache touch nothing shared.
 *
 * Thread rule: get and put with the default cache or with none are for any thread (unless created with SP_PUT or
 * SC_GET); a cache is for one thread at a time. Creation, population and freeing are for one thread while nobody else
 * uses the pool. Layouts are DPDK 22.11's on x86-64, asserted in rte_mempool.c. The debug and statistics variants do
 * not exist.
 */
#ifndef _RTE_MEMPOOL_H_
#define _RTE_MEMPOOL_H_

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <rte_config.h>
#include <rte_common.h>
#include <rte_branch_prediction.h>
#include <rte_debug.h>
#include <rte_lcore.h>
#include <rte_memcpy.h>
#include <rte_ring.h>
#include <rte_spinlock.h>
#include <wdpdk_mempool_move.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_mempool;
struct rte_mempool_memhdr;

/** A stack of objects in front of the common store. Put fills it up to flushthresh, get refills it to size. */
struct rte_mempool_cache {
	uint32_t size;        /**< objects left after a refill */
	uint32_t flushthresh; /**< a put that would exceed it empties the cache first */
	uint32_t len;         /**< objects in it */
	void *objs[RTE_MEMPOOL_CACHE_MAX_SIZE * 2] __rte_cache_aligned;
} __rte_cache_aligned;

/** How an object and its surroundings measure, in bytes. */
struct rte_mempool_objsz {
	uint32_t elt_size;
	uint32_t header_size;
	uint32_t trailer_size;
	uint32_t total_size;
};

#define RTE_MEMPOOL_MZ_PREFIX "MP_"
#define RTE_MEMPOOL_MZ_FORMAT RTE_MEMPOOL_MZ_PREFIX "%s"
/** Room for a pool's name with its final NUL. */
#define RTE_MEMPOOL_NAMESIZE (RTE_RING_NAMESIZE - sizeof(RTE_MEMPOOL_MZ_PREFIX) + 1)

#ifndef RTE_MEMPOOL_ALIGN
#define RTE_MEMPOOL_ALIGN RTE_CACHE_LINE_SIZE
#endif
#define RTE_MEMPOOL_ALIGN_MASK (RTE_MEMPOOL_ALIGN - 1)

/** Stands before each object. */
struct rte_mempool_objhdr {
	RTE_STAILQ_ENTRY(rte_mempool_objhdr) next;
	struct rte_mempool *mp;
	rte_iova_t iova; /**< the object's bus address, or RTE_BAD_IOVA */
};

RTE_STAILQ_HEAD(rte_mempool_objhdr_list, rte_mempool_objhdr);
RTE_STAILQ_HEAD(rte_mempool_memhdr_list, rte_mempool_memhdr);

/** Called when the pool is freed, to give a chunk's memory back. */
typedef void (rte_mempool_memchunk_free_cb_t)(struct rte_mempool_memhdr *memhdr, void *opaque);

/** A chunk of memory that holds objects; contiguous for devices unless iova is RTE_BAD_IOVA. */
struct rte_mempool_memhdr {
	RTE_STAILQ_ENTRY(rte_mempool_memhdr) next;
	struct rte_mempool *mp;
	void *addr;
	rte_iova_t iova;
	size_t len;
	rte_mempool_memchunk_free_cb_t *free_cb;
	void *opaque;
};

/** What a store says about itself. */
struct rte_mempool_info {
	unsigned int contig_block_size; /**< objects in a contiguous block; 0: no blocks */
} __rte_cache_aligned;

struct rte_mempool {
	char name[RTE_MEMPOOL_NAMESIZE];
	RTE_STD_C11
	union {
		void *pool_data;  /**< the store's own, as pointer ... */
		uint64_t pool_id; /**< ... or number */
	};
	void *pool_config;            /**< from rte_mempool_set_ops_byname() */
	const struct rte_memzone *mz; /**< where this structure lives */
	unsigned int flags;
	int socket_id;
	uint32_t size;                /**< objects at most */
	uint32_t cache_size;          /**< of each lcore's cache; 0: none */
	uint32_t elt_size;
	uint32_t header_size;
	uint32_t trailer_size;
	unsigned private_data_size;
	int32_t ops_index;            /**< in rte_mempool_ops_table; -1: none yet */
	struct rte_mempool_cache *local_cache; /**< RTE_MAX_LCORE of them, or NULL */
	uint32_t populated_size;      /**< objects so far */
	struct rte_mempool_objhdr_list elt_list;
	uint32_t nb_mem_chunks;
	struct rte_mempool_memhdr_list mem_list;
} __rte_cache_aligned;

#define RTE_MEMPOOL_F_NO_SPREAD 0x0001      /**< do not pad objects to spread them over channels and cache sets */
#define RTE_MEMPOOL_F_NO_CACHE_ALIGN 0x0002 /**< do not align objects to cache lines; implies NO_SPREAD */
#define RTE_MEMPOOL_F_SP_PUT 0x0004         /**< one thread at a time reaches the store with put */
#define RTE_MEMPOOL_F_SC_GET 0x0008         /**< one thread at a time reaches the store with get */
#define RTE_MEMPOOL_F_POOL_CREATED 0x0010   /**< internal: the store exists */
#define RTE_MEMPOOL_F_NO_IOVA_CONTIG 0x0020 /**< objects need not be contiguous for devices */
#define RTE_MEMPOOL_F_NON_IO 0x0040         /**< internal: no object has a bus address */
#define MEMPOOL_F_NO_SPREAD RTE_MEMPOOL_F_NO_SPREAD
#define MEMPOOL_F_NO_CACHE_ALIGN RTE_MEMPOOL_F_NO_CACHE_ALIGN
#define MEMPOOL_F_SP_PUT RTE_MEMPOOL_F_SP_PUT
#define MEMPOOL_F_SC_GET RTE_MEMPOOL_F_SC_GET
#define MEMPOOL_F_NO_IOVA_CONTIG RTE_MEMPOOL_F_NO_IOVA_CONTIG

#define RTE_MEMPOOL_VALID_USER_FLAGS (RTE_MEMPOOL_F_NO_SPREAD | RTE_MEMPOOL_F_NO_CACHE_ALIGN | RTE_MEMPOOL_F_SP_PUT | \
	RTE_MEMPOOL_F_SC_GET | RTE_MEMPOOL_F_NO_IOVA_CONTIG)

/** Bytes before the private data: the structure and, when there are any, its caches. */
#define RTE_MEMPOOL_HEADER_SIZE(mp, cs) \
	(sizeof(*(mp)) + (((cs) == 0) ? 0 : (sizeof(struct rte_mempool_cache) * RTE_MAX_LCORE)))

/** The header before an object. */
static inline struct rte_mempool_objhdr *
rte_mempool_get_header(void *obj)
{
	return (struct rte_mempool_objhdr *)RTE_PTR_SUB(obj, sizeof(struct rte_mempool_objhdr));
}

/** The pool an object is of. */
static inline struct rte_mempool *
rte_mempool_from_obj(void *obj)
{
	return rte_mempool_get_header(obj)->mp;
}

#include <rte_mempool_ops.h>

/** Called for each object by rte_mempool_create() and rte_mempool_obj_iter(); obj_idx counts from 0. */
typedef void (rte_mempool_obj_cb_t)(struct rte_mempool *mp, void *opaque, void *obj, unsigned obj_idx);
typedef rte_mempool_obj_cb_t rte_mempool_obj_ctor_t;

/** Called for each chunk by rte_mempool_mem_iter(). */
typedef void (rte_mempool_mem_cb_t)(struct rte_mempool *mp, void *opaque, struct rte_mempool_memhdr *memhdr,
	unsigned mem_idx);

/** Called once by rte_mempool_create(), before there are objects. */
typedef void (rte_mempool_ctor_t)(struct rte_mempool *mp, void *opaque);

/**
 * Makes a pool of n objects of elt_size bytes. cache_size: objects in each lcore's cache, at most
 * RTE_MEMPOOL_CACHE_MAX_SIZE and n / 1.5. mp_init and obj_init may be NULL. flags: RTE_MEMPOOL_VALID_USER_FLAGS.
 * NULL with rte_errno EINVAL, ENAMETOOLONG, EEXIST, ENOSPC (no memzone left) or ENOMEM.
 */
struct rte_mempool *rte_mempool_create(const char *name, unsigned n, unsigned elt_size, unsigned cache_size,
	unsigned private_data_size, rte_mempool_ctor_t *mp_init, void *mp_init_arg, rte_mempool_obj_cb_t *obj_init,
	void *obj_init_arg, int socket_id, unsigned flags);

/**
 * The first half of rte_mempool_create(): a pool that has no objects until one of the populate functions gives it some.
 */
struct rte_mempool *rte_mempool_create_empty(const char *name, unsigned n, unsigned elt_size, unsigned cache_size,
	unsigned private_data_size, int socket_id, unsigned flags);

/** Announces RTE_MEMPOOL_EVENT_DESTROY, ends the pool, gives its memory back, objects in use included. NULL is allowed. */
void rte_mempool_free(struct rte_mempool *mp);

/**
 * Lays objects into [vaddr, vaddr + len), which is contiguous for devices from bus address iova on (RTE_BAD_IOVA:
 * none). The memory stays the caller's until free_cb. Number of objects added; 0: no room for one; -ENOSPC: the pool
 * has all its objects; -ENOMEM; or the store's error.
 */
int rte_mempool_populate_iova(struct rte_mempool *mp, char *vaddr, rte_iova_t iova, size_t len,
	rte_mempool_memchunk_free_cb_t *free_cb, void *opaque);

/**
 * As rte_mempool_populate_iova() for memory of pages of pg_sz bytes whose bus addresses are looked up; each contiguous
 * run becomes a chunk. free_cb is called once, for the first one. -ENOBUFS when no run has room for an object. After an
 * error objects of earlier runs stay in the pool: free the pool before the memory.
 */
int rte_mempool_populate_virt(struct rte_mempool *mp, char *addr, size_t len, size_t pg_sz,
	rte_mempool_memchunk_free_cb_t *free_cb, void *opaque);

/** Gives the pool all its objects, in memzones. Their number, -EEXIST when it has some already, or another errno. */
int rte_mempool_populate_default(struct rte_mempool *mp);

/** The same in memory mapped and locked for it. Their number, or 0 with rte_errno (EINVAL: it has some already). */
int rte_mempool_populate_anon(struct rte_mempool *mp);

/** Calls obj_cb for each object, got or not. Returns the number of objects. */
uint32_t rte_mempool_obj_iter(struct rte_mempool *mp, rte_mempool_obj_cb_t *obj_cb, void *obj_cb_arg);

/** Calls mem_cb for each chunk. Returns the number of chunks. */
uint32_t rte_mempool_mem_iter(struct rte_mempool *mp, rte_mempool_mem_cb_t *mem_cb, void *mem_cb_arg);

/** Prints sizes and counts. */
void rte_mempool_dump(FILE *f, struct rte_mempool *mp);

/** rte_mempool_dump() for each pool. */
void rte_mempool_list_dump(FILE *f);

/** The pool of that name, or NULL with rte_errno ENOENT. */
struct rte_mempool *rte_mempool_lookup(const char *name);

/** Calls func for each pool there was when the walk began. */
void rte_mempool_walk(void (*func)(struct rte_mempool *mp, void *arg), void *arg);

/** Panics when the pool's own words or its caches contradict one another. */
void rte_mempool_audit(struct rte_mempool *mp);

/** Objects in the store and in the lcores' caches (not in users' own): exact when nobody gets or puts. */
unsigned int rte_mempool_avail_count(const struct rte_mempool *mp);

/** The rest: objects with users and in users' own caches. */
unsigned int rte_mempool_in_use_count(const struct rte_mempool *mp);

/** Sizes of an object of elt_size bytes under flags; *sz may be NULL. The total, or 0 when it does not fit 32 bits. */
uint32_t rte_mempool_calc_obj_size(uint32_t elt_size, uint32_t flags, struct rte_mempool_objsz *sz);

/**
 * Page size objects must not cross to be contiguous for devices; *pg_sz 0: pages do not matter. 0, or -EINVAL when the
 * pool is for a socket that does not exist.
 */
int rte_mempool_get_page_size(struct rte_mempool *mp, size_t *pg_sz);

/** A cache of the user's own, of 1 to RTE_MEMPOOL_CACHE_MAX_SIZE objects. NULL with rte_errno EINVAL or ENOMEM. */
struct rte_mempool_cache *rte_mempool_cache_create(uint32_t size, int socket_id);

/** Frees a user's cache; flush it first. NULL is allowed. */
void rte_mempool_cache_free(struct rte_mempool_cache *cache);

/** What happens to pools. */
enum rte_mempool_event {
	RTE_MEMPOOL_EVENT_READY,   /**< it has got the last of its objects */
	RTE_MEMPOOL_EVENT_DESTROY, /**< it is about to be freed */
};

/** Called on the thread that populates or frees mp. It may create and free pools, register and unregister. */
typedef void (rte_mempool_event_callback)(enum rte_mempool_event event, struct rte_mempool *mp, void *user_data);

/**
 * Has func called for every pool's events from the next one on. Any thread. 0, or what rte_errno says, negative: -EINVAL
 * (func NULL), -EEXIST (there already with this user_data), -ENOMEM.
 */
int rte_mempool_event_callback_register(rte_mempool_event_callback *func, void *user_data);

/** Ends that; a call under way on another thread is not waited for. 0, or -ENOENT, as rte_errno says. */
int rte_mempool_event_callback_unregister(rte_mempool_event_callback *func, void *user_data);

/* Checks and counters of upstream's debugging builds, which drivers name. There is no such build here. */
#define RTE_MEMPOOL_CHECK_COOKIES(mp, obj_table_const, n, free) do { } while (0)
#define RTE_MEMPOOL_CONTIG_BLOCKS_CHECK_COOKIES(mp, first_obj_table_const, n, free) do { } while (0)
#define RTE_MEMPOOL_STAT_ADD(mp, name, n) do { } while (0)
#define RTE_MEMPOOL_CACHE_STAT_ADD(cache, name, n) do { } while (0)

/** The rare halves of get and put: refill, overflow, no cache. */
int wdpdk_mempool_get_common(struct rte_mempool *mp, void **obj_table, unsigned int n, struct rte_mempool_cache *cache);
void wdpdk_mempool_put_common(struct rte_mempool *mp, void * const *obj_table, unsigned int n,
	struct rte_mempool_cache *cache);
/** The same with the lcore's cache, whatever it has. */
int wdpdk_mempool_get_rest(struct rte_mempool *mp, void **obj_table, unsigned int n);
void wdpdk_mempool_put_rest(struct rte_mempool *mp, void * const *obj_table, unsigned int n);

/** The cache of an lcore, or NULL when the pool has none or the thread is no lcore. */
static __rte_always_inline struct rte_mempool_cache *
rte_mempool_default_cache(struct rte_mempool *mp, unsigned lcore_id)
{
	if (unlikely(mp->cache_size == 0 || lcore_id >= RTE_MAX_LCORE))
		return NULL;
	return &mp->local_cache[lcore_id];
}

/* Whether the calling lcore has a cache of the pool, and which: where local_cache points then, without asking it. */
static __rte_always_inline bool
wdpdk_mempool_own_cache(struct rte_mempool *mp, struct rte_mempool_cache **cache)
{
	void *place;
	bool is_lcore = wdpdk_lcore_entry(mp + 1, sizeof(struct rte_mempool_cache), &place);

	*cache = (struct rte_mempool_cache *)place;
	return likely(is_lcore) && likely(mp->cache_size != 0);
}

/* All n into the cache, or false. len <= flushthresh always, so the difference cannot wrap. Others may read len: stores are atomic. */
static __rte_always_inline bool
wdpdk_mempool_cache_put(struct rte_mempool_cache *cache, void * const *obj_table, unsigned int n)
{
	uint32_t len = cache->len;

	if (unlikely(n > cache->flushthresh - len))
		return false;
	wdpdk_mempool_move(&cache->objs[len], obj_table, n);
	__atomic_store_n(&cache->len, len + n, __ATOMIC_RELAXED);
	return true;
}

/* All n out of the cache, or false. */
static __rte_always_inline bool
wdpdk_mempool_cache_get(struct rte_mempool_cache *cache, void **obj_table, unsigned int n)
{
	uint32_t len = cache->len - n;

	if (unlikely(n > cache->len))
		return false;
	wdpdk_mempool_move(obj_table, &cache->objs[len], n);
	__atomic_store_n(&cache->len, len, __ATOMIC_RELAXED);
	return true;
}

/** Puts a cache's objects (NULL: this lcore's) into the common store. */
static __rte_always_inline void
rte_mempool_cache_flush(struct rte_mempool_cache *cache, struct rte_mempool *mp)
{
	if (cache == NULL)
		cache = rte_mempool_default_cache(mp, rte_lcore_id());
	if (cache == NULL || cache->len == 0)
		return;
	rte_mempool_ops_enqueue_bulk(mp, cache->objs, cache->len);
	__atomic_store_n(&cache->len, 0, __ATOMIC_RELAXED);
}

/** Puts n objects through a cache, or past it when cache is NULL. */
static __rte_always_inline void
rte_mempool_generic_put(struct rte_mempool *mp, void * const *obj_table, unsigned int n,
	struct rte_mempool_cache *cache)
{
	if (likely(cache != NULL) && likely(wdpdk_mempool_cache_put(cache, obj_table, n)))
		return;
	wdpdk_mempool_put_common(mp, obj_table, n, cache);
}

/** Puts n objects through the lcore's cache. */
static __rte_always_inline void
rte_mempool_put_bulk(struct rte_mempool *mp, void * const *obj_table, unsigned int n)
{
	struct rte_mempool_cache *cache;

	if (likely(wdpdk_mempool_own_cache(mp, &cache)) && likely(wdpdk_mempool_cache_put(cache, obj_table, n)))
		return;
	wdpdk_mempool_put_rest(mp, obj_table, n);
}

/** Puts one object. */
static __rte_always_inline void
rte_mempool_put(struct rte_mempool *mp, void *obj)
{
	rte_mempool_put_bulk(mp, &obj, 1);
}

/** Gets n objects or none: 0 or a negative errno (-ENOENT from rings). The last n put to the cache come first. */
static __rte_always_inline int
rte_mempool_generic_get(struct rte_mempool *mp, void **obj_table, unsigned int n, struct rte_mempool_cache *cache)
{
	if (likely(cache != NULL) && likely(wdpdk_mempool_cache_get(cache, obj_table, n)))
		return 0;
	return wdpdk_mempool_get_common(mp, obj_table, n, cache);
}

/** Gets n objects or none through the lcore's cache. */
static __rte_always_inline int
rte_mempool_get_bulk(struct rte_mempool *mp, void **obj_table, unsigned int n)
{
	struct rte_mempool_cache *cache;

	if (likely(wdpdk_mempool_own_cache(mp, &cache)) && likely(wdpdk_mempool_cache_get(cache, obj_table, n)))
		return 0;
	return wdpdk_mempool_get_rest(mp, obj_table, n);
}

/** Gets one object: 0 or a negative errno. */
static __rte_always_inline int
rte_mempool_get(struct rte_mempool *mp, void **obj_p)
{
	return rte_mempool_get_bulk(mp, obj_p, 1);
}

/** Gets n contiguous blocks or none: 0, -ENOBUFS, or -EOPNOTSUPP when the store has no blocks. */
static __rte_always_inline int
rte_mempool_get_contig_blocks(struct rte_mempool *mp, void **first_obj_table, unsigned int n)
{
	return rte_mempool_ops_dequeue_contig_blocks(mp, first_obj_table, n);
}

/** 1 when all objects are back. */
static inline int
rte_mempool_full(const struct rte_mempool *mp)
{
	return rte_mempool_avail_count(mp) == mp->size;
}

/** 1 when no object is left. */
static inline int
rte_mempool_empty(const struct rte_mempool *mp)
{
	return rte_mempool_avail_count(mp) == 0;
}

/** The bus address of an object, or RTE_BAD_IOVA. */
static inline rte_iova_t
rte_mempool_virt2iova(const void *elt)
{
	return ((const struct rte_mempool_objhdr *)RTE_PTR_SUB(elt, sizeof(struct rte_mempool_objhdr)))->iova;
}

/** The pool's private data, private_data_size bytes. */
static inline void *
rte_mempool_get_priv(struct rte_mempool *mp)
{
	return (char *)mp + RTE_MEMPOOL_HEADER_SIZE(mp, mp->cache_size);
}

#ifdef __cplusplus
}
#endif

#endif
