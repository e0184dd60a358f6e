/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Giving pools their objects: chunks of memory, from the caller or from memzones.
 *
 * An object that a device may reach must be contiguous for it. Where bus addresses are virtual ones, or there are none,
 * any memory will do. Where they are physical, a chunk is a run of pages that are contiguous in both.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <rte_malloc.h>
#include <rte_memory.h>
#include <rte_mempool.h>
#include <rte_memzone.h>

#include "mempool_private.h"

#define PLAIN_PAGE 4096u
#define SMALLEST_HUGE_PAGE (2u << 20)

static void
add_object(struct rte_mempool *mp, void *opaque, void *obj, rte_iova_t iova)
{
	struct rte_mempool_objhdr *header = rte_mempool_get_header(obj);

	RTE_SET_USED(opaque);
	header->next.stqe_next = NULL;
	header->mp = mp;
	header->iova = iova;
	*mp->elt_list.stqh_last = header;
	mp->elt_list.stqh_last = &header->next.stqe_next;
	mp->populated_size++;
}

static int
make_store(struct rte_mempool *mp)
{
	int error;

	if (mp->flags & RTE_MEMPOOL_F_POOL_CREATED)
		return 0;
	if (mp->ops_index < 0) {
		RTE_LOG(ERR, MEMPOOL, "pool %s: no store is registered; is rte_eal_init() done?\n", mp->name);
		return -EINVAL;
	}
	error = rte_mempool_ops_alloc(mp);
	if (error == 0)
		mp->flags |= RTE_MEMPOOL_F_POOL_CREATED;
	return error;
}

int
rte_mempool_populate_iova(struct rte_mempool *mp, char *vaddr, rte_iova_t iova, size_t len,
	rte_mempool_memchunk_free_cb_t *free_cb, void *opaque)
{
	size_t align = mp->flags & RTE_MEMPOOL_F_NO_CACHE_ALIGN ? 8 : RTE_MEMPOOL_ALIGN;
	size_t skipped = (size_t)(RTE_PTR_ALIGN_CEIL(vaddr, align) - vaddr);
	struct rte_mempool_memhdr *chunk;
	int added = make_store(mp);

	if (added != 0)
		return added;
	if (mp->populated_size >= mp->size)
		return -ENOSPC;
	if (skipped >= len)
		return 0;
	chunk = (struct rte_mempool_memhdr *)rte_zmalloc("MEMPOOL_MEMHDR", sizeof(*chunk), 0);
	if (chunk == NULL)
		return -ENOMEM;
	chunk->mp = mp;
	chunk->addr = vaddr;
	chunk->iova = iova;
	chunk->len = len;
	chunk->free_cb = free_cb;
	chunk->opaque = opaque;
	added = rte_mempool_ops_populate(mp, mp->size - mp->populated_size, vaddr + skipped,
		iova == RTE_BAD_IOVA ? RTE_BAD_IOVA : iova + skipped, len - skipped, add_object, NULL);
	if (added <= 0) {
		rte_free(chunk);
		return added;
	}
	*mp->mem_list.stqh_last = chunk;
	mp->mem_list.stqh_last = &chunk->next.stqe_next;
	mp->nb_mem_chunks++;
	if (iova != RTE_BAD_IOVA)
		mp->flags &= ~(unsigned int)RTE_MEMPOOL_F_NON_IO;
	return added;
}

static rte_iova_t
bus_address(const void *addr)
{
	return rte_eal_iova_mode() == RTE_IOVA_VA ? (rte_iova_t)(uintptr_t)addr : rte_mem_virt2iova(addr);
}

/* Length of the run of pages from addr on that are contiguous for devices, or that have no bus address at all. */
static size_t
run_length(const char *addr, size_t len, size_t page, rte_iova_t first)
{
	size_t run = page - (uintptr_t)addr % page;

	while (run < len && bus_address(addr + run) == (first == RTE_BAD_IOVA ? RTE_BAD_IOVA : first + run))
		run += page;
	return RTE_MIN(run, len);
}

int
rte_mempool_populate_virt(struct rte_mempool *mp, char *addr, size_t len, size_t pg_sz,
	rte_mempool_memchunk_free_cb_t *free_cb, void *opaque)
{
	size_t done = 0;
	int total = 0;

	if (mp->flags & RTE_MEMPOOL_F_NO_IOVA_CONTIG)
		return rte_mempool_populate_iova(mp, addr, RTE_BAD_IOVA, len, free_cb, opaque);
	if (pg_sz == 0 || rte_eal_iova_mode() == RTE_IOVA_VA)
		return rte_mempool_populate_iova(mp, addr, bus_address(addr), len, free_cb, opaque);

	while (done < len && mp->populated_size < mp->size) {
		rte_iova_t iova = bus_address(addr + done);
		size_t run = run_length(addr + done, len - done, pg_sz, iova);
		int added = rte_mempool_populate_iova(mp, addr + done, iova, run, NULL, NULL);

		if (added < 0) /* chunks so far stay the pool's; without free_cb they are still the caller's to give back */
			return added;
		total += added;
		done += run;
	}
	if (total == 0)
		return mp->populated_size >= mp->size ? -ENOSPC : -ENOBUFS;
	RTE_VERIFY(mp->nb_mem_chunks != 0);
	{
		struct rte_mempool_memhdr *last = mp->mem_list.stqh_first;

		while (last->next.stqe_next != NULL)
			last = last->next.stqe_next;
		last->free_cb = free_cb;
		last->opaque = opaque;
	}
	return total;
}

int
rte_mempool_get_page_size(struct rte_mempool *mp, size_t *pg_sz)
{
	if ((mp->flags & RTE_MEMPOOL_F_NO_IOVA_CONTIG) || rte_eal_iova_mode() == RTE_IOVA_VA)
		*pg_sz = 0;
	else
		*pg_sz = rte_eal_has_hugepages() ? SMALLEST_HUGE_PAGE : PLAIN_PAGE;
	return 0;
}

static void
free_zone(struct rte_mempool_memhdr *chunk, void *opaque)
{
	RTE_SET_USED(chunk);
	rte_memzone_free((const struct rte_memzone *)opaque);
}

/* One memzone for `wanted` objects, or for as many as the largest piece of free memory holds. */
static const struct rte_memzone *
reserve_for(struct rte_mempool *mp, unsigned int number, uint32_t wanted, size_t page, bool contiguous)
{
	uint32_t shift = page == 0 || contiguous ? 0 : (uint32_t)__builtin_ctzll(page);
	char name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;
	int length = snprintf(name, sizeof(name), "MO_%s_%u", mp->name, number);

	if (length < 0 || length >= (int)sizeof(name)) {
		rte_errno = ENAMETOOLONG;
		return NULL;
	}
	for (;;) {
		size_t least, align;
		ssize_t bytes = rte_mempool_ops_calc_mem_size(mp, wanted, shift, &least, &align);

		if (bytes < 0) {
			rte_errno = (int)-bytes;
			return NULL;
		}
		zone = rte_memzone_reserve_aligned(name, (size_t)bytes, mp->socket_id,
			contiguous ? RTE_MEMZONE_IOVA_CONTIG : 0, (unsigned int)align);
		/* Pieces may help where memory is scattered; contiguous memory is asked for whole or not at all. */
		if (zone != NULL || rte_errno != ENOMEM || contiguous || wanted <= 1)
			return zone;
		wanted /= 2;
	}
}

int
rte_mempool_populate_default(struct rte_mempool *mp)
{
	unsigned int number = 0;
	size_t page;
	int added = make_store(mp);

	if (added != 0)
		return added;
	if (mp->nb_mem_chunks != 0)
		return -EEXIST;
	rte_mempool_get_page_size(mp, &page);
	while (mp->populated_size < mp->size) {
		uint32_t missing = mp->size - mp->populated_size;
		const struct rte_memzone *zone = NULL;
		bool contiguous = page != 0;

		if (contiguous)
			zone = reserve_for(mp, number, missing, page, true);
		if (zone == NULL) {
			contiguous = false;
			zone = reserve_for(mp, number, missing, page, false);
		}
		if (zone == NULL) {
			added = -rte_errno;
			break;
		}
		if (contiguous)
			added = rte_mempool_populate_iova(mp, (char *)zone->addr, zone->iova, zone->len, free_zone,
				(void *)(uintptr_t)zone);
		else
			added = rte_mempool_populate_virt(mp, (char *)zone->addr, zone->len, page, free_zone,
				(void *)(uintptr_t)zone);
		if (added <= 0) {
			/* Chunks without free_cb may lie in this zone; the list forgets them before the zone goes. */
			wdpdk_mempool_free_chunks(mp);
			rte_memzone_free(zone);
			return added == 0 ? -ENOBUFS : added;
		}
		number++;
	}
	if (mp->populated_size < mp->size) {
		RTE_LOG(ERR, MEMPOOL, "pool %s: memory for %u of %u objects of %u bytes\n", mp->name, mp->populated_size,
			mp->size, mp->header_size + mp->elt_size + mp->trailer_size);
		wdpdk_mempool_free_chunks(mp);
		return added;
	}
	return (int)mp->size;
}

void
wdpdk_mempool_free_chunks(struct rte_mempool *mp)
{
	struct rte_mempool_memhdr *chunk, *next;

	/* The store must not hand out objects that are gone. */
	if (mp->flags & RTE_MEMPOOL_F_POOL_CREATED) {
		rte_mempool_ops_free(mp);
		mp->flags &= ~(unsigned int)RTE_MEMPOOL_F_POOL_CREATED;
		mp->flags |= RTE_MEMPOOL_F_NON_IO;
	}
	mp->elt_list.stqh_first = NULL;
	mp->elt_list.stqh_last = &mp->elt_list.stqh_first;
	mp->populated_size = 0;
	for (chunk = mp->mem_list.stqh_first; chunk != NULL; chunk = next) {
		next = chunk->next.stqe_next;
		if (chunk->free_cb != NULL)
			chunk->free_cb(chunk, chunk->opaque);
		rte_free(chunk);
	}
	mp->mem_list.stqh_first = NULL;
	mp->mem_list.stqh_last = &mp->mem_list.stqh_first;
	mp->nb_mem_chunks = 0;
}
