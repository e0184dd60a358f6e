/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Giving pools their objects: chunks of memory, from the caller or from memzones.
 *
 * An object that a device may reach must be contiguous for it. Where bus addresses are virtual ones, or there are none,
 * any memory will do. Where they are physical, or the user's own memory has addresses of the user's choice, a chunk is a
 * run of pages that are contiguous in both.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_eal_paging.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <rte_malloc.h>
#include <rte_memory.h>
#include <rte_mempool.h>
#include <rte_memzone.h>

#include "mempool_private.h"

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

int
wdpdk_mempool_make_store(struct rte_mempool *mp)
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
	uint32_t before;
	int added = wdpdk_mempool_make_store(mp);

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
	before = mp->populated_size;
	added = rte_mempool_ops_populate(mp, mp->size - before, vaddr + skipped,
		iova == RTE_BAD_IOVA ? RTE_BAD_IOVA : iova + skipped, len - skipped, add_object, NULL);
	if (mp->populated_size == before) {
		rte_free(chunk);
		return added;
	}
	/* A store that failed half-way has objects of the chunk: it stays, but the memory is the caller's to free. */
	if (added < 0)
		chunk->free_cb = NULL;
	*mp->mem_list.stqh_last = chunk;
	mp->mem_list.stqh_last = &chunk->next.stqe_next;
	mp->nb_mem_chunks++;
	if (iova != RTE_BAD_IOVA && !(mp->flags & RTE_MEMPOOL_F_NO_IOVA_CONTIG))
		mp->flags &= ~(unsigned int)RTE_MEMPOOL_F_NON_IO;
	if (mp->populated_size == mp->size)
		wdpdk_mempool_announce(RTE_MEMPOOL_EVENT_READY, mp);
	return added;
}

static rte_iova_t
bus_address(const void *addr)
{
	const struct rte_memseg *page = rte_mem_virt2memseg(addr, NULL);

	if (page != NULL && page->iova != RTE_BAD_IOVA)
		return page->iova + (rte_iova_t)((const char *)addr - (const char *)page->addr);
	return rte_mem_virt2iova(addr);
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
	struct rte_mempool_memhdr **first = NULL;
	size_t done = 0;
	int total = 0;

	if (mp->flags & RTE_MEMPOOL_F_NO_IOVA_CONTIG)
		return rte_mempool_populate_iova(mp, addr, RTE_BAD_IOVA, len, free_cb, opaque);
	if (pg_sz == 0)
		return rte_mempool_populate_iova(mp, addr, bus_address(addr), len, free_cb, opaque);

	while (done < len && mp->populated_size < mp->size) {
		rte_iova_t iova = bus_address(addr + done);
		size_t run = run_length(addr + done, len - done, pg_sz, iova);
		struct rte_mempool_memhdr **link = mp->mem_list.stqh_last;
		int added = rte_mempool_populate_iova(mp, addr + done, iova, run, NULL, NULL);

		if (added < 0)
			return added;
		if (added > 0 && first == NULL)
			first = link;
		total += added;
		done += run;
	}
	if (first == NULL)
		return mp->populated_size >= mp->size ? -ENOSPC : -ENOBUFS;
	/* Not before all has gone well: until then the memory is the caller's. */
	(*first)->free_cb = free_cb;
	(*first)->opaque = opaque;
	return total;
}

/* Of the lists that a pool on a socket may get memory from, the smallest page. */
struct smallest {
	int socket_id;
	bool external;
	size_t page;
};

static int
look_at_page(const struct rte_memseg_list *list, void *opaque)
{
	struct smallest *found = (struct smallest *)opaque;
	bool mine = found->external ? list->socket_id == found->socket_id : !list->external;

	if (mine && (found->page == 0 || list->page_sz < found->page))
		found->page = (size_t)list->page_sz;
	return 0;
}

int
rte_mempool_get_page_size(struct rte_mempool *mp, size_t *pg_sz)
{
	int external = rte_malloc_heap_socket_is_external(mp->socket_id);
	struct smallest found = {.socket_id = mp->socket_id, .external = external == 1};

	if (external < 0)
		return -EINVAL;
	*pg_sz = 0;
	if ((mp->flags & RTE_MEMPOOL_F_NO_IOVA_CONTIG) || (rte_eal_iova_mode() == RTE_IOVA_VA && !found.external))
		return 0;
	rte_memseg_list_walk(look_at_page, &found);
	*pg_sz = found.page == 0 ? rte_mem_page_size() : found.page;
	return 0;
}

static void
free_zone(struct rte_mempool_memhdr *chunk, void *opaque)
{
	RTE_SET_USED(chunk);
	rte_memzone_free((const struct rte_memzone *)opaque);
}

/*
 * One memzone for `wanted` objects, or for as many as the largest piece of free memory holds. When pages matter it is
 * contiguous for devices if it can be; *contiguous says what it is.
 */
static const struct rte_memzone *
reserve_for(struct rte_mempool *mp, unsigned int number, uint32_t wanted, size_t page, bool *contiguous)
{
	uint32_t shift = page == 0 ? 0 : (uint32_t)__builtin_ctzll(page);
	char name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;
	size_t least, align;
	ssize_t bytes = rte_mempool_ops_calc_mem_size(mp, wanted, shift, &least, &align);
	int length = snprintf(name, sizeof(name), "MO_%s_%u", mp->name, number);
	/* Some stores want all in one piece. */
	bool whole = bytes >= 0 && least == (size_t)bytes && wanted > 1;

	if (length < 0 || length >= (int)sizeof(name)) {
		rte_errno = ENAMETOOLONG;
		return NULL;
	}
	if (page != 0 && bytes >= 0) {
		bytes = rte_mempool_ops_calc_mem_size(mp, wanted, 0, &least, &align);
		if (bytes >= 0) {
			zone = rte_memzone_reserve_aligned(name, (size_t)bytes, mp->socket_id, RTE_MEMZONE_IOVA_CONTIG,
				(unsigned int)align);
			*contiguous = true;
			if (zone != NULL || whole)
				return zone;
		}
	}
	*contiguous = false;
	for (; wanted != 0; wanted /= 2) {
		bytes = rte_mempool_ops_calc_mem_size(mp, wanted, shift, &least, &align);
		if (bytes < 0) {
			rte_errno = (int)-bytes;
			return NULL;
		}
		zone = rte_memzone_reserve_aligned(name, (size_t)bytes, mp->socket_id, 0, (unsigned int)align);
		if (zone != NULL || rte_errno != ENOMEM || whole)
			return zone;
	}
	return NULL;
}

int
rte_mempool_populate_default(struct rte_mempool *mp)
{
	unsigned int number = 0;
	size_t page;
	int added = wdpdk_mempool_make_store(mp);

	if (added != 0)
		return added;
	if (mp->nb_mem_chunks != 0)
		return -EEXIST;
	added = rte_mempool_get_page_size(mp, &page);
	if (added != 0)
		return added;
	while (mp->populated_size < mp->size) {
		bool contiguous;
		const struct rte_memzone *zone = reserve_for(mp, number++, mp->size - mp->populated_size, page, &contiguous);
		rte_iova_t iova;

		if (zone == NULL) {
			added = -rte_errno;
			RTE_LOG(ERR, MEMPOOL, "pool %s: memory for %u of %u objects of %u bytes\n", mp->name,
				mp->populated_size, mp->size, mp->header_size + mp->elt_size + mp->trailer_size);
			wdpdk_mempool_free_chunks(mp);
			return added;
		}
		iova = mp->flags & RTE_MEMPOOL_F_NO_IOVA_CONTIG ? RTE_BAD_IOVA : zone->iova;
		if (page == 0 || contiguous)
			added = rte_mempool_populate_iova(mp, (char *)zone->addr, iova, zone->len, free_zone,
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
