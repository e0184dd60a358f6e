/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Pools whose memory is mapped for them alone, beside the EAL's.
 */
#include <rte_eal_paging.h>
#include <rte_errno.h>
#include <rte_mempool.h>

#include "mempool_private.h"

/* Bytes that rte_mempool_populate_anon() maps: the same whenever it is asked. */
static ssize_t
anon_size(struct rte_mempool *mp, size_t *page)
{
	size_t least, align;

	if (rte_mempool_get_page_size(mp, page) != 0)
		return -EINVAL;
	/* What is mapped here has plain pages, whatever the EAL has. */
	if (*page != 0)
		*page = rte_mem_page_size();
	return rte_mempool_ops_calc_mem_size(mp, mp->size, *page == 0 ? 0 : (uint32_t)__builtin_ctzll(*page), &least,
		&align);
}

static void
unmap_anon(struct rte_mempool_memhdr *chunk, void *addr)
{
	size_t page;

	rte_mem_unmap(addr, (size_t)anon_size(chunk->mp, &page));
}

int
rte_mempool_populate_anon(struct rte_mempool *mp)
{
	ssize_t bytes = 0;
	size_t page;
	char *addr;
	int added = mp->nb_mem_chunks != 0 ? -EINVAL : wdpdk_mempool_make_store(mp);

	if (added == 0) {
		bytes = anon_size(mp, &page);
		added = bytes < 0 ? (int)bytes : 0;
	}
	if (added != 0) {
		rte_errno = -added;
		return 0;
	}
	addr = (char *)rte_mem_map(NULL, (size_t)bytes, RTE_PROT_READ | RTE_PROT_WRITE, RTE_MAP_PRIVATE | RTE_MAP_ANONYMOUS,
		-1, 0);
	if (addr == NULL)
		return 0;
	if (rte_mem_lock(addr, (size_t)bytes) != 0) {
		added = -rte_errno;
	} else {
		added = rte_mempool_populate_virt(mp, addr, (size_t)bytes, page, unmap_anon, addr);
		if (added > 0)
			return added;
		wdpdk_mempool_free_chunks(mp);
	}
	rte_mem_unmap(addr, (size_t)bytes);
	rte_errno = added == 0 ? ENOBUFS : -added;
	return 0;
}
