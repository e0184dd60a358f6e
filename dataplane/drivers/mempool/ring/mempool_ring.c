/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings as stores of memory pools: ring_mp_mc (the default), ring_sp_sc, ring_mp_sc, ring_sp_mc; ring_mt_rts and
 * ring_mt_hts, which bear it when the threads of a CPU are more than one.
 */
#include <errno.h>
#include <stdio.h>

#include <rte_errno.h>
#include <rte_mempool.h>
#include <rte_ring.h>
#include <wdpdk_registry.h>

static int
make_ring(struct rte_mempool *mp, uint64_t slots, unsigned int flags)
{
	char name[RTE_RING_NAMESIZE];
	int length = snprintf(name, sizeof(name), RTE_MEMPOOL_MZ_FORMAT, mp->name);

	if (length < 0 || length >= (int)sizeof(name))
		return -ENAMETOOLONG;
	if (slots > RTE_RING_SZ_MASK)
		return -EINVAL;
	mp->pool_data = rte_ring_create(name, (unsigned int)slots, mp->socket_id, flags | RING_F_EXACT_SZ);
	return mp->pool_data == NULL ? -rte_errno : 0;
}

static int
make_mp_mc(struct rte_mempool *mp)
{
	return make_ring(mp, mp->size, 0);
}

static int
make_sp_sc(struct rte_mempool *mp)
{
	return make_ring(mp, mp->size, RING_F_SP_ENQ | RING_F_SC_DEQ);
}

static int
make_mp_sc(struct rte_mempool *mp)
{
	return make_ring(mp, mp->size, RING_F_SC_DEQ);
}

static int
make_sp_mc(struct rte_mempool *mp)
{
	return make_ring(mp, mp->size, RING_F_SP_ENQ);
}

/*
 * A consumer that is held up keeps the slots of those after it, who are done: up to the distance that is allowed between
 * head and tail and one more get, which is of all objects at most. A put must find room all the same.
 */
static int
make_rts(struct rte_mempool *mp)
{
	uint32_t distance = mp->size / 8;
	int error = make_ring(mp, 2 * (uint64_t)mp->size + distance, RING_F_MP_RTS_ENQ | RING_F_MC_RTS_DEQ);

	return error != 0 ? error : rte_ring_set_cons_htd_max((struct rte_ring *)mp->pool_data, distance);
}

static int
make_hts(struct rte_mempool *mp)
{
	return make_ring(mp, mp->size, RING_F_MP_HTS_ENQ | RING_F_MC_HTS_DEQ);
}

static void
free_ring(struct rte_mempool *mp)
{
	rte_ring_free((struct rte_ring *)mp->pool_data);
}

static unsigned int
count_ring(const struct rte_mempool *mp)
{
	return rte_ring_count((const struct rte_ring *)mp->pool_data);
}

static int
put_mp(struct rte_mempool *mp, void * const *objs, unsigned int n)
{
	return rte_ring_mp_enqueue_bulk((struct rte_ring *)mp->pool_data, objs, n, NULL) == n ? 0 : -ENOBUFS;
}

static int
put_sp(struct rte_mempool *mp, void * const *objs, unsigned int n)
{
	return rte_ring_sp_enqueue_bulk((struct rte_ring *)mp->pool_data, objs, n, NULL) == n ? 0 : -ENOBUFS;
}

static int
get_mc(struct rte_mempool *mp, void **objs, unsigned int n)
{
	return rte_ring_mc_dequeue_bulk((struct rte_ring *)mp->pool_data, objs, n, NULL) == n ? 0 : -ENOENT;
}

static int
get_sc(struct rte_mempool *mp, void **objs, unsigned int n)
{
	return rte_ring_sc_dequeue_bulk((struct rte_ring *)mp->pool_data, objs, n, NULL) == n ? 0 : -ENOENT;
}

static int
put_rts(struct rte_mempool *mp, void * const *objs, unsigned int n)
{
	return rte_ring_mp_rts_enqueue_bulk((struct rte_ring *)mp->pool_data, objs, n, NULL) == n ? 0 : -ENOBUFS;
}

static int
get_rts(struct rte_mempool *mp, void **objs, unsigned int n)
{
	return rte_ring_mc_rts_dequeue_bulk((struct rte_ring *)mp->pool_data, objs, n, NULL) == n ? 0 : -ENOENT;
}

static int
put_hts(struct rte_mempool *mp, void * const *objs, unsigned int n)
{
	return rte_ring_mp_hts_enqueue_bulk((struct rte_ring *)mp->pool_data, objs, n, NULL) == n ? 0 : -ENOBUFS;
}

static int
get_hts(struct rte_mempool *mp, void **objs, unsigned int n)
{
	return rte_ring_mc_hts_dequeue_bulk((struct rte_ring *)mp->pool_data, objs, n, NULL) == n ? 0 : -ENOENT;
}

static const struct rte_mempool_ops ring_ops[] = {
	{.name = "ring_mp_mc", .alloc = make_mp_mc, .free = free_ring, .enqueue = put_mp, .dequeue = get_mc,
		.get_count = count_ring},
	{.name = "ring_sp_sc", .alloc = make_sp_sc, .free = free_ring, .enqueue = put_sp, .dequeue = get_sc,
		.get_count = count_ring},
	{.name = "ring_mp_sc", .alloc = make_mp_sc, .free = free_ring, .enqueue = put_mp, .dequeue = get_sc,
		.get_count = count_ring},
	{.name = "ring_sp_mc", .alloc = make_sp_mc, .free = free_ring, .enqueue = put_sp, .dequeue = get_mc,
		.get_count = count_ring},
	{.name = "ring_mt_rts", .alloc = make_rts, .free = free_ring, .enqueue = put_rts, .dequeue = get_rts,
		.get_count = count_ring},
	{.name = "ring_mt_hts", .alloc = make_hts, .free = free_ring, .enqueue = put_hts, .dequeue = get_hts,
		.get_count = count_ring},
};

/* May be called again, by an EAL that is initialised after a clean-up. */
int
wdpdk_register_mempool_ring(void)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(ring_ops); i++) {
		int index = rte_mempool_register_ops(&ring_ops[i]);

		if (index < 0 && index != -EEXIST)
			return index;
	}
	return 0;
}
