/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings: bounded, lock-free first-in first-out queues of pointers (of other elements: rte_ring_elem.h).
 *
 * Thread rule: create, free, reset and init are for one thread while nobody uses the ring. The rest as rte_ring_elem.h
 * says. Pointers in a ring belong to the ring's users; freeing a ring frees no objects.
 */
#ifndef _RTE_RING_H_
#define _RTE_RING_H_

#include <rte_ring_core.h>
#include <rte_ring_elem.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes a ring of `count` pointers takes; count is a power of two of at most RTE_RING_SZ_MASK. -EINVAL otherwise. */
ssize_t rte_ring_get_memsize(unsigned int count);

/**
 * Makes an empty ring in the caller's memory (rte_ring_get_memsize() bytes, aligned to a cache line).
 * flags: RING_F_*, at most one mode a side; none is several threads (MT). 0, -EINVAL (count, unknown flag, two modes on
 * one side, NULL), -ENAMETOOLONG. The ring cannot be looked up by name.
 */
int rte_ring_init(struct rte_ring *r, const char *name, unsigned int count, unsigned int flags);

/**
 * Makes a ring in a memzone on `socket_id` (SOCKET_ID_ANY: anywhere). count: a power of two, of which count - 1 can be
 * used, or with RING_F_EXACT_SZ the usable count itself. flags as rte_ring_init(). NULL with rte_errno EINVAL,
 * ENAMETOOLONG, EEXIST, ENOSPC (no memzone left) or ENOMEM.
 */
struct rte_ring *rte_ring_create(const char *name, unsigned int count, int socket_id, unsigned int flags);

/**
 * Ends a ring made by rte_ring_create(). NULL is allowed; a ring in the caller's memory is left alone with a log line.
 */
void rte_ring_free(struct rte_ring *r);

/** The ring of that name, or NULL with rte_errno ENOENT. */
struct rte_ring *rte_ring_lookup(const char *name);

/** Empties the ring by setting its indexes back. */
void rte_ring_reset(struct rte_ring *r);

/** Prints flags, sizes and indexes. */
void rte_ring_dump(FILE *f, const struct rte_ring *r);

/** rte_ring_dump() for each ring made by rte_ring_create(). */
void rte_ring_list_dump(FILE *f);

static __rte_always_inline unsigned int
rte_ring_mp_enqueue_bulk(struct rte_ring *r, void * const *obj_table, unsigned int n, unsigned int *free_space)
{
	return rte_ring_mp_enqueue_bulk_elem(r, obj_table, sizeof(void *), n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_sp_enqueue_bulk(struct rte_ring *r, void * const *obj_table, unsigned int n, unsigned int *free_space)
{
	return rte_ring_sp_enqueue_bulk_elem(r, obj_table, sizeof(void *), n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_enqueue_bulk(struct rte_ring *r, void * const *obj_table, unsigned int n, unsigned int *free_space)
{
	return rte_ring_enqueue_bulk_elem(r, obj_table, sizeof(void *), n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_dequeue_bulk(struct rte_ring *r, void **obj_table, unsigned int n, unsigned int *available)
{
	return rte_ring_mc_dequeue_bulk_elem(r, obj_table, sizeof(void *), n, available);
}

static __rte_always_inline unsigned int
rte_ring_sc_dequeue_bulk(struct rte_ring *r, void **obj_table, unsigned int n, unsigned int *available)
{
	return rte_ring_sc_dequeue_bulk_elem(r, obj_table, sizeof(void *), n, available);
}

static __rte_always_inline unsigned int
rte_ring_dequeue_bulk(struct rte_ring *r, void **obj_table, unsigned int n, unsigned int *available)
{
	return rte_ring_dequeue_bulk_elem(r, obj_table, sizeof(void *), n, available);
}

static __rte_always_inline unsigned int
rte_ring_mp_enqueue_burst(struct rte_ring *r, void * const *obj_table, unsigned int n, unsigned int *free_space)
{
	return rte_ring_mp_enqueue_burst_elem(r, obj_table, sizeof(void *), n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_sp_enqueue_burst(struct rte_ring *r, void * const *obj_table, unsigned int n, unsigned int *free_space)
{
	return rte_ring_sp_enqueue_burst_elem(r, obj_table, sizeof(void *), n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_enqueue_burst(struct rte_ring *r, void * const *obj_table, unsigned int n, unsigned int *free_space)
{
	return rte_ring_enqueue_burst_elem(r, obj_table, sizeof(void *), n, free_space);
}

static __rte_always_inline unsigned int
rte_ring_mc_dequeue_burst(struct rte_ring *r, void **obj_table, unsigned int n, unsigned int *available)
{
	return rte_ring_mc_dequeue_burst_elem(r, obj_table, sizeof(void *), n, available);
}

static __rte_always_inline unsigned int
rte_ring_sc_dequeue_burst(struct rte_ring *r, void **obj_table, unsigned int n, unsigned int *available)
{
	return rte_ring_sc_dequeue_burst_elem(r, obj_table, sizeof(void *), n, available);
}

static __rte_always_inline unsigned int
rte_ring_dequeue_burst(struct rte_ring *r, void **obj_table, unsigned int n, unsigned int *available)
{
	return rte_ring_dequeue_burst_elem(r, obj_table, sizeof(void *), n, available);
}

static __rte_always_inline int
rte_ring_mp_enqueue(struct rte_ring *r, void *obj)
{
	return rte_ring_mp_enqueue_elem(r, &obj, sizeof(void *));
}

static __rte_always_inline int
rte_ring_sp_enqueue(struct rte_ring *r, void *obj)
{
	return rte_ring_sp_enqueue_elem(r, &obj, sizeof(void *));
}

static __rte_always_inline int
rte_ring_enqueue(struct rte_ring *r, void *obj)
{
	return rte_ring_enqueue_elem(r, &obj, sizeof(void *));
}

static __rte_always_inline int
rte_ring_mc_dequeue(struct rte_ring *r, void **obj_p)
{
	return rte_ring_mc_dequeue_elem(r, obj_p, sizeof(void *));
}

static __rte_always_inline int
rte_ring_sc_dequeue(struct rte_ring *r, void **obj_p)
{
	return rte_ring_sc_dequeue_elem(r, obj_p, sizeof(void *));
}

static __rte_always_inline int
rte_ring_dequeue(struct rte_ring *r, void **obj_p)
{
	return rte_ring_dequeue_elem(r, obj_p, sizeof(void *));
}

/** Elements in the ring. While others work on it the number is a moment's, but never above the capacity. */
static inline unsigned int
rte_ring_count(const struct rte_ring *r)
{
	uint32_t consumed = wdpdk_ring_tail(&r->wdpdk_cons);
	uint32_t count = (wdpdk_ring_tail(&r->wdpdk_prod) - consumed) & r->mask;

	return count > r->capacity ? r->capacity : count;
}

/** Free slots, as rte_ring_count(). */
static inline unsigned int
rte_ring_free_count(const struct rte_ring *r)
{
	return r->capacity - rte_ring_count(r);
}

static inline int
rte_ring_full(const struct rte_ring *r)
{
	return rte_ring_free_count(r) == 0;
}

static inline int
rte_ring_empty(const struct rte_ring *r)
{
	return wdpdk_ring_tail(&r->wdpdk_cons) == wdpdk_ring_tail(&r->wdpdk_prod);
}

/** Slots, usable or not. */
static inline unsigned int
rte_ring_get_size(const struct rte_ring *r)
{
	return r->size;
}

/** Elements the ring can hold. */
static inline unsigned int
rte_ring_get_capacity(const struct rte_ring *r)
{
	return r->capacity;
}

static inline enum rte_ring_sync_type
rte_ring_get_prod_sync_type(const struct rte_ring *r)
{
	return r->prod.sync_type;
}

static inline int
rte_ring_is_prod_single(const struct rte_ring *r)
{
	return r->prod.sync_type == RTE_RING_SYNC_ST;
}

static inline enum rte_ring_sync_type
rte_ring_get_cons_sync_type(const struct rte_ring *r)
{
	return r->cons.sync_type;
}

static inline int
rte_ring_is_cons_single(const struct rte_ring *r)
{
	return r->cons.sync_type == RTE_RING_SYNC_ST;
}

#ifdef __cplusplus
}
#endif

#endif
