/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where pools' memory comes from and goes to: mapped for them, the user's own, too little; and who is told.
 */
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_eal_paging.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_memory.h>
#include <rte_mempool.h>

#include "check.h"

#define COUNT 100u

static struct rte_mempool *
empty(unsigned int flags)
{
	struct rte_mempool *mp = rte_mempool_create_empty("memory", COUNT, 1000, 0, 0, SOCKET_ID_ANY, flags);

	CHECK(mp != NULL);
	CHECK(mp->flags & RTE_MEMPOOL_F_NON_IO);
	return mp;
}

/* What has happened, to be called by events and free callbacks. */
static struct {
	struct rte_mempool *mp;
	unsigned int ready, destroyed, freed;
	void *freed_addr;
} seen;

static void
note_event(enum rte_mempool_event event, struct rte_mempool *mp, void *user_data)
{
	unsigned int *calls = (unsigned int *)user_data;

	(*calls)++;
	seen.mp = mp;
	if (event == RTE_MEMPOOL_EVENT_READY)
		seen.ready++;
	else if (event == RTE_MEMPOOL_EVENT_DESTROY)
		seen.destroyed++;
}

static void
note_free(struct rte_mempool_memhdr *chunk, void *opaque)
{
	seen.freed++;
	seen.freed_addr = chunk->addr;
	CHECK(opaque == &seen);
}

static void
anonymous_memory_is_the_pools_alone(void)
{
	struct rte_malloc_socket_stats before, after;
	struct rte_mempool *mp = empty(0);
	void *objs[COUNT];

	CHECK_EQ(rte_malloc_get_socket_stats(0, &before), 0);
	CHECK_EQ(rte_mempool_populate_anon(mp), COUNT);
	CHECK_EQ(rte_malloc_get_socket_stats(0, &after), 0);
	CHECK(after.heap_allocsz_bytes - before.heap_allocsz_bytes < COUNT * 1000);
	CHECK_EQ(rte_mempool_get_bulk(mp, objs, COUNT), 0);
	memset(objs[0], 0xa5, 1000);
	memset(objs[COUNT - 1], 0xa5, 1000);
	rte_mempool_put_bulk(mp, objs, COUNT);
	rte_errno = 0;
	CHECK_EQ(rte_mempool_populate_anon(mp), 0);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_mempool_populate_default(mp), -EEXIST);
	rte_mempool_free(mp);
}

static void
the_first_chunk_gives_memory_back(void)
{
	struct rte_mempool *mp = empty(0);
	size_t page = rte_mem_page_size(), bytes = 64 * page;
	char *memory = (char *)rte_mem_map(NULL, bytes, RTE_PROT_READ | RTE_PROT_WRITE,
		RTE_MAP_PRIVATE | RTE_MAP_ANONYMOUS, -1, 0);

	CHECK(memory != NULL);
	memset(&seen, 0, sizeof(seen));
	CHECK_EQ(rte_mempool_populate_virt(mp, memory, bytes, page, note_free, &seen), COUNT);
	CHECK_EQ(rte_mempool_populate_virt(mp, memory, bytes, page, note_free, &seen), -ENOSPC);
	CHECK(!(mp->flags & RTE_MEMPOOL_F_NON_IO));
	rte_mempool_free(mp);
	CHECK_EQ(seen.freed, 1);
	CHECK(seen.freed_addr == memory);
	rte_mem_unmap(memory, bytes);
}

static void
check_iova(struct rte_mempool *mp, void *arg, void *obj, unsigned int index)
{
	const char *memory = (const char *)arg;
	size_t page = rte_mem_page_size(), at = (size_t)((char *)obj - memory);

	RTE_SET_USED(mp);
	RTE_SET_USED(index);
	/* Pages of the memory below have addresses in reverse order, so an object on two pages would not be contiguous. */
	CHECK_EQ(at / page, (at + 999) / page);
	CHECK_EQ(rte_mempool_virt2iova(obj), 0x40000000u - at / page * page + at % page);
}

static void
external_memory_has_the_addresses_it_was_given(void)
{
	struct rte_mempool *mp = empty(0);
	size_t page = rte_mem_page_size(), bytes = 64 * page, i;
	rte_iova_t iovas[64];
	char *memory = (char *)rte_mem_map(NULL, bytes, RTE_PROT_READ | RTE_PROT_WRITE,
		RTE_MAP_PRIVATE | RTE_MAP_ANONYMOUS, -1, 0);

	CHECK(memory != NULL);
	for (i = 0; i < 64; i++)
		iovas[i] = 0x40000000u - i * page;
	CHECK_EQ(rte_extmem_register(memory, bytes, iovas, 64, page), 0);
	CHECK_EQ(rte_mempool_populate_virt(mp, memory, bytes, page, NULL, NULL), COUNT);
	CHECK(mp->nb_mem_chunks > 1);
	CHECK_EQ(rte_mempool_obj_iter(mp, check_iova, memory), COUNT);
	rte_mempool_free(mp);
	CHECK_EQ(rte_extmem_unregister(memory, bytes), 0);
	rte_mem_unmap(memory, bytes);
}

static void
a_pool_on_a_heap_of_the_users_lies_in_it(void)
{
	size_t page = rte_mem_page_size(), bytes = 128 * page, got = 1;
	struct rte_mempool *mp;
	struct rte_mempool_memhdr *chunk;
	char *memory = (char *)rte_mem_map(NULL, bytes, RTE_PROT_READ | RTE_PROT_WRITE,
		RTE_MAP_PRIVATE | RTE_MAP_ANONYMOUS, -1, 0);
	int socket;

	CHECK(memory != NULL);
	CHECK_EQ(rte_malloc_heap_create("own"), 0);
	CHECK_EQ(rte_malloc_heap_memory_add("own", memory, bytes, NULL, 0, page), 0);
	socket = rte_malloc_heap_get_socket("own");
	CHECK(socket >= 0);
	mp = rte_mempool_create("own", COUNT, 1000, 0, 0, NULL, NULL, NULL, NULL, socket, RTE_MEMPOOL_F_NO_IOVA_CONTIG);
	CHECK(mp != NULL);
	for (chunk = mp->mem_list.stqh_first; chunk != NULL; chunk = chunk->next.stqe_next)
		CHECK((char *)chunk->addr >= memory && (char *)chunk->addr + chunk->len <= memory + bytes);
	CHECK_EQ(rte_mempool_get_page_size(mp, &got), 0);
	CHECK_EQ(got, 0);
	mp->flags &= ~(unsigned int)RTE_MEMPOOL_F_NO_IOVA_CONTIG;
	CHECK_EQ(rte_mempool_get_page_size(mp, &got), 0);
	CHECK_EQ(got, page);
	rte_mempool_free(mp);
	CHECK_EQ(rte_malloc_heap_memory_remove("own", memory, bytes), 0);
	CHECK_EQ(rte_malloc_heap_destroy("own"), 0);
	rte_mem_unmap(memory, bytes);
}

static void
sizes_hold_wherever_memory_begins(void)
{
	static const uint32_t pages[] = {0, 12, 13, 16};
	static const unsigned int elements[] = {8, 100, 1900, 3000, 5000};
	unsigned int e, p, begin;

	for (e = 0; e < RTE_DIM(elements); e++) {
		struct rte_mempool *mp = rte_mempool_create_empty("sizes", COUNT, elements[e], 0, 0, SOCKET_ID_ANY, 0);

		CHECK(mp != NULL);
		for (p = 0; p < RTE_DIM(pages); p++) {
			size_t page = pages[p] == 0 ? SIZE_MAX : (size_t)1 << pages[p], least, align;
			size_t total = mp->header_size + mp->elt_size + mp->trailer_size;
			ssize_t bytes = rte_mempool_op_calc_mem_size_default(mp, COUNT, pages[p], &least, &align);

			CHECK(bytes >= (ssize_t)(COUNT * total));
			CHECK_EQ(align, RTE_MEMPOOL_ALIGN);
			CHECK_EQ(least, total);
			if (total > page)
				continue;
			for (begin = 0; begin < 4096; begin += 192) {
				size_t at = begin, n = 0;

				for (;;) {
					if (page != SIZE_MAX && at / page != (at + total - 1) / page)
						at = RTE_ALIGN_CEIL(at, page);
					if (at + total > begin + (size_t)bytes)
						break;
					at += total;
					n++;
				}
				CHECK(n >= COUNT);
			}
		}
		CHECK_EQ(rte_mempool_op_calc_mem_size_helper(mp, COUNT, 12, 4096, &(size_t){0}, &(size_t){0}), -EINVAL);
		rte_mempool_free(mp);
	}
}

static void
a_pool_without_contiguity_is_never_for_devices(void)
{
	struct rte_mempool *mp = empty(RTE_MEMPOOL_F_NO_IOVA_CONTIG);

	CHECK_EQ(rte_mempool_populate_default(mp), COUNT);
	CHECK(mp->flags & RTE_MEMPOOL_F_NON_IO);
	rte_mempool_free(mp);
	mp = empty(0);
	CHECK_EQ(rte_mempool_populate_default(mp), COUNT);
	CHECK(!(mp->flags & RTE_MEMPOOL_F_NON_IO));
	rte_mempool_free(mp);
}

/* A listener that registers another and takes itself off. */
static void
note_and_change(enum rte_mempool_event event, struct rte_mempool *mp, void *user_data)
{
	unsigned int *calls = (unsigned int *)user_data;

	RTE_SET_USED(event);
	RTE_SET_USED(mp);
	calls[0]++;
	CHECK_EQ(rte_mempool_event_callback_register(note_event, &calls[1]), 0);
	CHECK_EQ(rte_mempool_event_callback_unregister(note_and_change, calls), 0);
}

static void
listeners_hear_of_pools(void)
{
	unsigned int calls[3] = {0, 0, 0};
	struct rte_mempool *mp;

	memset(&seen, 0, sizeof(seen));
	CHECK_EQ(rte_mempool_event_callback_register(NULL, NULL), -EINVAL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_mempool_event_callback_unregister(note_event, &calls[2]), -ENOENT);
	CHECK_EQ(rte_errno, ENOENT);
	CHECK_EQ(rte_mempool_event_callback_register(note_and_change, calls), 0);
	CHECK_EQ(rte_mempool_event_callback_register(note_event, &calls[2]), 0);
	CHECK_EQ(rte_mempool_event_callback_register(note_event, &calls[2]), -EEXIST);
	mp = empty(0);
	CHECK_EQ(seen.ready, 0);
	CHECK_EQ(rte_mempool_populate_default(mp), COUNT);
	CHECK(seen.mp == mp);
	CHECK_EQ(seen.ready, 1);
	CHECK_EQ(calls[0], 1);
	CHECK_EQ(calls[1], 0); /* registered by the event, so not for it */
	CHECK_EQ(calls[2], 1);
	rte_mempool_free(mp);
	CHECK_EQ(seen.destroyed, 2);
	CHECK_EQ(calls[0], 1);
	CHECK_EQ(calls[1], 1);
	CHECK_EQ(calls[2], 2);
	CHECK_EQ(rte_mempool_event_callback_unregister(note_event, &calls[1]), 0);
	CHECK_EQ(rte_mempool_event_callback_unregister(note_event, &calls[2]), 0);
	CHECK_EQ(rte_mempool_event_callback_unregister(note_event, &calls[2]), -ENOENT);
}

/* Takes all memory but one piece of `left` bytes. The blocks are chained through their first word. */
static void *
take_all_but(size_t left)
{
	void *spare = left == 0 ? NULL : rte_malloc(NULL, left, 0), *chain = NULL;
	size_t bytes;

	CHECK(left == 0 || spare != NULL);
	for (bytes = 32 << 20; bytes >= 64; ) {
		void **block = (void **)rte_malloc(NULL, bytes, 0);

		if (block == NULL) {
			bytes /= 2;
			continue;
		}
		*block = chain;
		chain = block;
	}
	rte_free(spare);
	return chain;
}

static void
give_all_back(void *chain)
{
	while (chain != NULL) {
		void *next = *(void **)chain;

		rte_free(chain);
		chain = next;
	}
}

static void
too_little_memory_is_an_error_and_no_leak(void)
{
	struct rte_malloc_socket_stats before, after;
	static const char * const ops[] = {"ring_mp_mc", "stack", "lf_stack"};
	unsigned int made = 0, failed = 0, i;
	size_t left;

	for (i = 0; i < RTE_DIM(ops); i++) {
		for (left = 0; left < 24000; left += left < 4000 ? 128 : 1400) {
			void *rest = take_all_but(left);
			struct rte_mempool *mp;
			int added;

			CHECK_EQ(rte_malloc_get_socket_stats(0, &before), 0);
			mp = rte_mempool_create_empty("little", 40, 200, 0, 0, SOCKET_ID_ANY, 0);
			if (mp == NULL) {
				CHECK_EQ(rte_errno, ENOMEM);
				failed++;
			} else {
				CHECK_EQ(rte_mempool_set_ops_byname(mp, ops[i], NULL), 0);
				added = rte_mempool_populate_default(mp);
				CHECK(added == 40 || added == -ENOMEM);
				added == 40 ? made++ : failed++;
				CHECK_EQ(rte_mempool_avail_count(mp), added == 40 ? 40 : 0);
				rte_mempool_free(mp);
			}
			CHECK_EQ(rte_malloc_get_socket_stats(0, &after), 0);
			CHECK_EQ(after.heap_allocsz_bytes, before.heap_allocsz_bytes);
			CHECK_EQ(after.alloc_count, before.alloc_count);
			give_all_back(rest);
		}
	}
	CHECK(made > 3 && failed > 10);
	CHECK(rte_mempool_lookup("little") == NULL);
}

int
main(void)
{
	char *args[] = {(char *)"test_mempool_memory", (char *)"--no-huge", (char *)"-m", (char *)"16",
		(char *)"--no-pci", (char *)"-l", (char *)"0", NULL};

	if (rte_eal_init(RTE_DIM(args) - 1, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(anonymous_memory_is_the_pools_alone);
	RUN(the_first_chunk_gives_memory_back);
	RUN(external_memory_has_the_addresses_it_was_given);
	RUN(a_pool_on_a_heap_of_the_users_lies_in_it);
	RUN(sizes_hold_wherever_memory_begins);
	RUN(a_pool_without_contiguity_is_never_for_devices);
	RUN(listeners_hear_of_pools);
	RUN(too_little_memory_is_an_error_and_no_leak);
	rte_eal_cleanup();
	return check_summary();
}
