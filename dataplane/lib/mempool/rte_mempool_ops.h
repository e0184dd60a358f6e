/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stores behind memory pools. Included by rte_mempool.h, which is what users include.
 */
#ifndef _RTE_MEMPOOL_OPS_H_
#define _RTE_MEMPOOL_OPS_H_

#ifndef _RTE_MEMPOOL_H_
#error "include rte_mempool.h"
#endif

/** Room for a store's name with its final NUL. */
#define RTE_MEMPOOL_OPS_NAMESIZE 32

/* The functions of a store. All return 0 or a negative errno unless said otherwise; bulks move n objects or none. */
typedef int (*rte_mempool_alloc_t)(struct rte_mempool *mp);
typedef void (*rte_mempool_free_t)(struct rte_mempool *mp);
typedef int (*rte_mempool_enqueue_t)(struct rte_mempool *mp, void * const *obj_table, unsigned int n);
typedef int (*rte_mempool_dequeue_t)(struct rte_mempool *mp, void **obj_table, unsigned int n);
typedef int (*rte_mempool_dequeue_contig_blocks_t)(struct rte_mempool *mp, void **first_obj_table, unsigned int n);
typedef unsigned (*rte_mempool_get_count)(const struct rte_mempool *mp);
/** Bytes for obj_num objects; *min_chunk_size is the least a chunk may have, *align its alignment. */
typedef ssize_t (*rte_mempool_calc_mem_size_t)(const struct rte_mempool *mp, uint32_t obj_num, uint32_t pg_shift,
	size_t *min_chunk_size, size_t *align);
/** Called by a store for each object it lays out. */
typedef void (rte_mempool_populate_obj_cb_t)(struct rte_mempool *mp, void *opaque, void *vaddr, rte_iova_t iova);
/** Lays at most max_objs objects into a chunk and takes them in; their number. */
typedef int (*rte_mempool_populate_t)(struct rte_mempool *mp, unsigned int max_objs, void *vaddr, rte_iova_t iova,
	size_t len, rte_mempool_populate_obj_cb_t *obj_cb, void *obj_cb_arg);
typedef int (*rte_mempool_get_info_t)(const struct rte_mempool *mp, struct rte_mempool_info *info);

/** A store. alloc, enqueue, dequeue and get_count are required. */
struct rte_mempool_ops {
	char name[RTE_MEMPOOL_OPS_NAMESIZE];
	rte_mempool_alloc_t alloc;
	rte_mempool_free_t free;
	rte_mempool_enqueue_t enqueue;
	rte_mempool_dequeue_t dequeue;
	rte_mempool_get_count get_count;
	rte_mempool_calc_mem_size_t calc_mem_size;
	rte_mempool_populate_t populate;
	rte_mempool_get_info_t get_info;
	rte_mempool_dequeue_contig_blocks_t dequeue_contig_blocks;
} __rte_cache_aligned;

#define RTE_MEMPOOL_MAX_OPS_IDX 16

/** All stores. Entries are only ever added, so an index stays good. */
struct rte_mempool_ops_table {
	rte_spinlock_t sl;
	uint32_t num_ops;
	struct rte_mempool_ops ops[RTE_MEMPOOL_MAX_OPS_IDX];
} __rte_cache_aligned;

extern struct rte_mempool_ops_table rte_mempool_ops_table;

/**
 * Adds a copy of a store. Its index, -EINVAL (a required function is missing), -EEXIST (name too long or taken),
 * -ENOSPC.
 */
int rte_mempool_register_ops(const struct rte_mempool_ops *ops);

/** Registers a store when the program starts: for code outside this library. */
#define RTE_MEMPOOL_REGISTER_OPS(ops) \
	RTE_INIT(mp_hdlr_init_##ops) \
	{ \
		rte_mempool_register_ops(&ops); \
	}

/** Chooses the store of a pool that has no objects yet. 0, -EINVAL (no such store), -EEXIST (it has objects). */
int rte_mempool_set_ops_byname(struct rte_mempool *mp, const char *name, void *pool_config);

/* calc_mem_size and populate for stores that need nothing special; a NULL entry means the *_default ones. */
ssize_t rte_mempool_op_calc_mem_size_helper(const struct rte_mempool *mp, uint32_t obj_num, uint32_t pg_shift,
	size_t chunk_reserve, size_t *min_chunk_size, size_t *align);
ssize_t rte_mempool_op_calc_mem_size_default(const struct rte_mempool *mp, uint32_t obj_num, uint32_t pg_shift,
	size_t *min_chunk_size, size_t *align);
/** Align each object to a multiple of its total size, counted from address 0. */
#define RTE_MEMPOOL_POPULATE_F_ALIGN_OBJ 0x0001
int rte_mempool_op_populate_helper(struct rte_mempool *mp, unsigned int flags, unsigned int max_objs, void *vaddr,
	rte_iova_t iova, size_t len, rte_mempool_populate_obj_cb_t *obj_cb, void *obj_cb_arg);
int rte_mempool_op_populate_default(struct rte_mempool *mp, unsigned int max_objs, void *vaddr, rte_iova_t iova,
	size_t len, rte_mempool_populate_obj_cb_t *obj_cb, void *obj_cb_arg);

/* A pool's store, called through these. */
int rte_mempool_ops_alloc(struct rte_mempool *mp);
void rte_mempool_ops_free(struct rte_mempool *mp);
unsigned rte_mempool_ops_get_count(const struct rte_mempool *mp);
ssize_t rte_mempool_ops_calc_mem_size(const struct rte_mempool *mp, uint32_t obj_num, uint32_t pg_shift,
	size_t *min_chunk_size, size_t *align);
int rte_mempool_ops_populate(struct rte_mempool *mp, unsigned int max_objs, void *vaddr, rte_iova_t iova, size_t len,
	rte_mempool_populate_obj_cb_t *obj_cb, void *obj_cb_arg);
/** -ENOTSUP when the store says nothing about itself. */
int rte_mempool_ops_get_info(const struct rte_mempool *mp, struct rte_mempool_info *info);

/** The store of an index. Panics outside the table: the pool is broken then. */
static inline struct rte_mempool_ops *
rte_mempool_get_ops(int ops_index)
{
	RTE_VERIFY(ops_index >= 0 && ops_index < RTE_MEMPOOL_MAX_OPS_IDX);
	return &rte_mempool_ops_table.ops[ops_index];
}

static inline int
rte_mempool_ops_dequeue_bulk(struct rte_mempool *mp, void **obj_table, unsigned int n)
{
	return rte_mempool_get_ops(mp->ops_index)->dequeue(mp, obj_table, n);
}

static inline int
rte_mempool_ops_enqueue_bulk(struct rte_mempool *mp, void * const *obj_table, unsigned int n)
{
	return rte_mempool_get_ops(mp->ops_index)->enqueue(mp, obj_table, n);
}

static inline int
rte_mempool_ops_dequeue_contig_blocks(struct rte_mempool *mp, void **first_obj_table, unsigned int n)
{
	struct rte_mempool_ops *ops = rte_mempool_get_ops(mp->ops_index);

	return ops->dequeue_contig_blocks == NULL ? -EOPNOTSUPP : ops->dequeue_contig_blocks(mp, first_obj_table, n);
}

#endif
