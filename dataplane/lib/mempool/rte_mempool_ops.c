/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The table of stores, calls through it, and the layout of objects that most stores share.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <rte_mempool.h>

_Static_assert(sizeof(struct rte_mempool_ops) == 128, "rte_mempool_ops");
_Static_assert(offsetof(struct rte_mempool_ops, alloc) == 32, "rte_mempool_ops: alloc");
_Static_assert(offsetof(struct rte_mempool_ops, dequeue_contig_blocks) == 96, "rte_mempool_ops: blocks");
_Static_assert(offsetof(struct rte_mempool_ops_table, ops) == 64, "rte_mempool_ops_table: ops");

struct rte_mempool_ops_table rte_mempool_ops_table = {.sl = RTE_SPINLOCK_INITIALIZER};

static int
find_ops(const char *name)
{
	uint32_t i, n = __atomic_load_n(&rte_mempool_ops_table.num_ops, __ATOMIC_ACQUIRE);

	for (i = 0; i < n; i++) {
		if (strcmp(name, rte_mempool_ops_table.ops[i].name) == 0)
			return (int)i;
	}
	return -EINVAL;
}

int
rte_mempool_register_ops(const struct rte_mempool_ops *ops)
{
	int index;

	if (ops == NULL || ops->alloc == NULL || ops->enqueue == NULL || ops->dequeue == NULL || ops->get_count == NULL)
		return -EINVAL;
	if (memchr(ops->name, '\0', sizeof(ops->name)) == NULL)
		return -EEXIST;
	rte_spinlock_lock(&rte_mempool_ops_table.sl);
	if (find_ops(ops->name) >= 0) {
		index = -EEXIST;
	} else if (rte_mempool_ops_table.num_ops >= RTE_MEMPOOL_MAX_OPS_IDX) {
		index = -ENOSPC;
	} else {
		index = (int)rte_mempool_ops_table.num_ops;
		rte_mempool_ops_table.ops[index] = *ops;
		__atomic_store_n(&rte_mempool_ops_table.num_ops, (uint32_t)index + 1, __ATOMIC_RELEASE);
	}
	rte_spinlock_unlock(&rte_mempool_ops_table.sl);
	return index;
}

int
rte_mempool_set_ops_byname(struct rte_mempool *mp, const char *name, void *pool_config)
{
	int index;

	if (mp->flags & RTE_MEMPOOL_F_POOL_CREATED)
		return -EEXIST;
	index = name == NULL ? -EINVAL : find_ops(name);
	if (index < 0)
		return index;
	mp->ops_index = index;
	mp->pool_config = pool_config;
	return 0;
}

int
rte_mempool_ops_alloc(struct rte_mempool *mp)
{
	return rte_mempool_get_ops(mp->ops_index)->alloc(mp);
}

void
rte_mempool_ops_free(struct rte_mempool *mp)
{
	struct rte_mempool_ops *ops = rte_mempool_get_ops(mp->ops_index);

	if (ops->free != NULL)
		ops->free(mp);
}

unsigned int
rte_mempool_ops_get_count(const struct rte_mempool *mp)
{
	return rte_mempool_get_ops(mp->ops_index)->get_count(mp);
}

ssize_t
rte_mempool_ops_calc_mem_size(const struct rte_mempool *mp, uint32_t obj_num, uint32_t pg_shift,
	size_t *min_chunk_size, size_t *align)
{
	rte_mempool_calc_mem_size_t calc = rte_mempool_get_ops(mp->ops_index)->calc_mem_size;

	if (calc == NULL)
		calc = rte_mempool_op_calc_mem_size_default;
	return calc(mp, obj_num, pg_shift, min_chunk_size, align);
}

int
rte_mempool_ops_populate(struct rte_mempool *mp, unsigned int max_objs, void *vaddr, rte_iova_t iova, size_t len,
	rte_mempool_populate_obj_cb_t *obj_cb, void *obj_cb_arg)
{
	rte_mempool_populate_t populate = rte_mempool_get_ops(mp->ops_index)->populate;

	if (populate == NULL)
		populate = rte_mempool_op_populate_default;
	return populate(mp, max_objs, vaddr, iova, len, obj_cb, obj_cb_arg);
}

int
rte_mempool_ops_get_info(const struct rte_mempool *mp, struct rte_mempool_info *info)
{
	struct rte_mempool_ops *ops = rte_mempool_get_ops(mp->ops_index);

	return ops->get_info == NULL ? -ENOTSUP : ops->get_info(mp, info);
}

ssize_t
rte_mempool_op_calc_mem_size_helper(const struct rte_mempool *mp, uint32_t obj_num, uint32_t pg_shift,
	size_t chunk_reserve, size_t *min_chunk_size, size_t *align)
{
	size_t total = (size_t)mp->header_size + mp->elt_size + mp->trailer_size, page = (size_t)1 << pg_shift;
	size_t per_page, in_last, bytes;

	if (pg_shift == 0) {
		bytes = total * obj_num + chunk_reserve;
	} else if (chunk_reserve >= page) {
		return -EINVAL;
	} else if (page - chunk_reserve < total) {
		/* Each object has whole pages of its own, which had better be contiguous. */
		bytes = RTE_ALIGN_CEIL(total + chunk_reserve, page) * obj_num;
	} else if (obj_num == 0) {
		bytes = 0;
	} else {
		per_page = (page - chunk_reserve) / total;
		in_last = (obj_num - 1) % per_page + 1;
		/* Memory that does not begin at a page may lose up to all but one byte of an object at its first boundary. */
		bytes = (obj_num - in_last) / per_page * page + in_last * total + chunk_reserve + total - 1;
	}
	*min_chunk_size = total + chunk_reserve;
	*align = RTE_MEMPOOL_ALIGN;
	return (ssize_t)bytes;
}

ssize_t
rte_mempool_op_calc_mem_size_default(const struct rte_mempool *mp, uint32_t obj_num, uint32_t pg_shift,
	size_t *min_chunk_size, size_t *align)
{
	return rte_mempool_op_calc_mem_size_helper(mp, obj_num, pg_shift, 0, min_chunk_size, align);
}

/*
 * Where the first object of a chunk goes. Chunks of a page or a few all begin at the same place of a page; were their
 * first objects there too, their headers would fight for the same few sets of the L1 cache. So each chunk begins a
 * different number of lines later, out of what would be left over at its end anyway.
 */
static size_t
chunk_colour(const struct rte_mempool *mp, size_t len, size_t total)
{
	size_t lines = len % total / RTE_CACHE_LINE_SIZE + 1;

	if (len < total || len > 65536 || (mp->flags & (RTE_MEMPOOL_F_NO_SPREAD | RTE_MEMPOOL_F_NO_CACHE_ALIGN)))
		return 0;
	return mp->nb_mem_chunks % lines * RTE_CACHE_LINE_SIZE;
}

int
rte_mempool_op_populate_helper(struct rte_mempool *mp, unsigned int flags, unsigned int max_objs, void *vaddr,
	rte_iova_t iova, size_t len, rte_mempool_populate_obj_cb_t *obj_cb, void *obj_cb_arg)
{
	size_t total = (size_t)mp->header_size + mp->elt_size + mp->trailer_size;
	size_t offset = flags & RTE_MEMPOOL_POPULATE_F_ALIGN_OBJ ?
		(total - ((uintptr_t)vaddr + mp->header_size) % total) % total : chunk_colour(mp, len, total);
	unsigned int i;

	for (i = 0; i < max_objs && offset + total <= len; i++, offset += total) {
		void *obj = (char *)vaddr + offset + mp->header_size;
		int error;

		obj_cb(mp, obj_cb_arg, obj, iova == RTE_BAD_IOVA ? RTE_BAD_IOVA : iova + offset + mp->header_size);
		error = rte_mempool_ops_enqueue_bulk(mp, &obj, 1);
		if (error < 0)
			return error;
	}
	return (int)i;
}

int
rte_mempool_op_populate_default(struct rte_mempool *mp, unsigned int max_objs, void *vaddr, rte_iova_t iova,
	size_t len, rte_mempool_populate_obj_cb_t *obj_cb, void *obj_cb_arg)
{
	return rte_mempool_op_populate_helper(mp, 0, max_objs, vaddr, iova, len, obj_cb, obj_cb_arg);
}
