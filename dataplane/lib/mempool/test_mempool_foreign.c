/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A store that somebody else brings: registered by its constructor, with blocks of its own, and one that fails.
 */
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_mempool.h>

#include "check.h"

#define COUNT 64u
#define BLOCK 8u

struct shelf {
	unsigned int count;
	void *objs[COUNT];
};

static unsigned int shelves, puts_left;

static int
make_shelf(struct rte_mempool *mp)
{
	mp->pool_data = calloc(1, sizeof(struct shelf));
	shelves += mp->pool_data != NULL;
	return mp->pool_data == NULL ? -ENOMEM : 0;
}

static void
free_shelf(struct rte_mempool *mp)
{
	free(mp->pool_data);
	shelves--;
}

static int
put_on_shelf(struct rte_mempool *mp, void * const *objs, unsigned int n)
{
	struct shelf *shelf = (struct shelf *)mp->pool_data;

	if (shelf->count + n > COUNT || puts_left < n)
		return -ENOBUFS;
	puts_left -= n;
	memcpy(&shelf->objs[shelf->count], objs, n * sizeof(*objs));
	shelf->count += n;
	return 0;
}

static int
get_from_shelf(struct rte_mempool *mp, void **objs, unsigned int n)
{
	struct shelf *shelf = (struct shelf *)mp->pool_data;

	if (shelf->count < n)
		return -ENOENT;
	shelf->count -= n;
	memcpy(objs, &shelf->objs[shelf->count], n * sizeof(*objs));
	return 0;
}

/* Good for a full shelf only, whose objects lie as they were populated. */
static int
get_blocks(struct rte_mempool *mp, void **first, unsigned int n)
{
	struct shelf *shelf = (struct shelf *)mp->pool_data;
	unsigned int i;

	if (shelf->count < n * BLOCK)
		return -ENOBUFS;
	for (i = 0; i < n; i++) {
		shelf->count -= BLOCK;
		first[i] = shelf->objs[shelf->count];
	}
	return 0;
}

static unsigned int
count_shelf(const struct rte_mempool *mp)
{
	return ((const struct shelf *)mp->pool_data)->count;
}

static int
shelf_info(const struct rte_mempool *mp, struct rte_mempool_info *info)
{
	RTE_SET_USED(mp);
	info->contig_block_size = BLOCK;
	return 0;
}

static const struct rte_mempool_ops shelf_ops = {
	.name = "shelf", .alloc = make_shelf, .free = free_shelf, .enqueue = put_on_shelf, .dequeue = get_from_shelf,
	.get_count = count_shelf, .get_info = shelf_info, .dequeue_contig_blocks = get_blocks,
};
RTE_MEMPOOL_REGISTER_OPS(shelf_ops);

static struct rte_mempool *
empty(void)
{
	struct rte_mempool *mp = rte_mempool_create_empty("foreign", COUNT, 200, 0, 0, SOCKET_ID_ANY, 0);

	CHECK(mp != NULL);
	CHECK_EQ(rte_mempool_set_ops_byname(mp, "nobody's", NULL), -EINVAL);
	CHECK_EQ(rte_mempool_set_ops_byname(mp, "shelf", NULL), 0);
	return mp;
}

static void
objects_and_blocks_come_from_it(void)
{
	struct rte_mempool *mp;
	struct rte_mempool_info info;
	void *firsts[COUNT / BLOCK], *objs[COUNT];
	size_t total;
	unsigned int i;

	puts_left = 1000;
	mp = empty();
	total = mp->header_size + mp->elt_size + mp->trailer_size;
	CHECK_EQ(rte_mempool_populate_default(mp), COUNT);
	CHECK_EQ(rte_mempool_set_ops_byname(mp, "ring_mp_mc", NULL), -EEXIST);
	CHECK_EQ(rte_mempool_ops_get_info(mp, &info), 0);
	CHECK_EQ(info.contig_block_size, BLOCK);
	CHECK_EQ(rte_mempool_get_contig_blocks(mp, firsts, COUNT / BLOCK + 1), -ENOBUFS);
	CHECK_EQ(rte_mempool_get_contig_blocks(mp, firsts, COUNT / BLOCK), 0);
	CHECK(rte_mempool_empty(mp));
	for (i = 0; i < COUNT; i++)
		objs[i] = (char *)firsts[i / BLOCK] + i % BLOCK * total;
	rte_mempool_put_bulk(mp, objs, COUNT);
	CHECK(rte_mempool_full(mp));
	rte_mempool_free(mp);
	CHECK_EQ(shelves, 0);
	mp = rte_mempool_create("ring", 10, 10, 0, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
	CHECK(mp != NULL);
	CHECK_EQ(rte_mempool_get_contig_blocks(mp, firsts, 1), -EOPNOTSUPP);
	rte_mempool_free(mp);
}

static void
freed(struct rte_mempool_memhdr *chunk, void *opaque)
{
	RTE_SET_USED(chunk);
	++*(unsigned int *)opaque;
}

static void
a_store_that_fails_half_way_leaves_the_memory_to_its_owner(void)
{
	struct rte_malloc_socket_stats before, after;
	struct rte_mempool *mp;
	unsigned int calls = 0;
	char *memory;

	CHECK_EQ(rte_malloc_get_socket_stats(0, &before), 0);
	puts_left = COUNT / 2;
	mp = empty();
	CHECK_EQ(rte_mempool_populate_default(mp), -ENOBUFS);
	CHECK_EQ(mp->populated_size, 0);
	CHECK_EQ(rte_mempool_obj_iter(mp, NULL, NULL), 0);
	rte_mempool_free(mp);

	puts_left = COUNT / 2;
	mp = empty();
	memory = (char *)rte_malloc(NULL, COUNT * 400, RTE_CACHE_LINE_SIZE);
	CHECK(memory != NULL);
	CHECK_EQ(rte_mempool_populate_iova(mp, memory, RTE_BAD_IOVA, COUNT * 400, freed, &calls), -ENOBUFS);
	rte_mempool_free(mp);
	CHECK_EQ(calls, 0);
	rte_free(memory);
	CHECK_EQ(shelves, 0);
	CHECK_EQ(rte_malloc_get_socket_stats(0, &after), 0);
	CHECK_EQ(after.heap_allocsz_bytes, before.heap_allocsz_bytes);
}

int
main(void)
{
	char *args[] = {(char *)"test_mempool_foreign", (char *)"--no-huge", (char *)"-m", (char *)"16",
		(char *)"--no-pci", (char *)"-l", (char *)"0", NULL};

	if (rte_eal_init(RTE_DIM(args) - 1, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(objects_and_blocks_come_from_it);
	RUN(a_store_that_fails_half_way_leaves_the_memory_to_its_owner);
	rte_eal_cleanup();
	return check_summary();
}
