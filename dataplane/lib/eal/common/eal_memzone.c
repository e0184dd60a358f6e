/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Named pieces of the heap.
 */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_memzone.h>
#include <rte_string_fns.h>

#include "eal_private.h"

/* A slot without a name is free. Addresses of slots are what users hold, so slots never move. */
static struct rte_memzone zones[RTE_MAX_MEMZONE];
static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;

static const struct {
	unsigned int flag;
	uint64_t size;
} page_flags[] = {
	{ RTE_MEMZONE_256KB, RTE_PGSIZE_256K }, { RTE_MEMZONE_2MB, RTE_PGSIZE_2M }, { RTE_MEMZONE_16MB, RTE_PGSIZE_16M },
	{ RTE_MEMZONE_256MB, RTE_PGSIZE_256M }, { RTE_MEMZONE_512MB, RTE_PGSIZE_512M }, { RTE_MEMZONE_1GB, RTE_PGSIZE_1G },
	{ RTE_MEMZONE_4GB, RTE_PGSIZE_4G }, { RTE_MEMZONE_16GB, RTE_PGSIZE_16G },
};

static bool
page_size_suits(uint64_t page_size, unsigned int flags)
{
	bool asked = false;
	unsigned int i;

	if ((flags & RTE_MEMZONE_SIZE_HINT_ONLY) != 0)
		return true;
	for (i = 0; i < RTE_DIM(page_flags); i++)
		if ((flags & page_flags[i].flag) != 0) {
			asked = true;
			if (page_size == page_flags[i].size)
				return true;
		}
	/* Without huge pages the wish cannot be met by anything, so it counts as a hint. */
	return !asked || !eal_memory_has_huge_pages();
}

static struct rte_memzone *
find_zone(const char *name)
{
	unsigned int i;

	for (i = 0; i < RTE_MAX_MEMZONE; i++)
		if (zones[i].addr != NULL && strncmp(zones[i].name, name, RTE_MEMZONE_NAMESIZE) == 0)
			return &zones[i];
	return NULL;
}

static const struct rte_memzone *
reserve_locked(const char *name, size_t len, unsigned int flags, unsigned int align, unsigned int bound)
{
	struct rte_memzone *zone = NULL;
	const struct eal_region *region;
	unsigned int i;
	void *ptr;

	if (find_zone(name) != NULL) {
		rte_errno = EEXIST;
		return NULL;
	}
	for (i = 0; i < RTE_MAX_MEMZONE && zone == NULL; i++)
		if (zones[i].addr == NULL)
			zone = &zones[i];
	if (zone == NULL) {
		RTE_LOG(ERR, EAL, "memzone %s: all %d memzones are in use\n", name, RTE_MAX_MEMZONE);
		rte_errno = ENOSPC;
		return NULL;
	}
	if (len == 0)
		ptr = eal_heap_alloc_largest(align, bound, &len);
	else
		ptr = eal_heap_alloc(len, align, bound);
	if (ptr == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	region = eal_heap_region(ptr);
	if (!page_size_suits(region->page_size, flags)) {
		eal_heap_free(ptr);
		rte_errno = ENOMEM;
		return NULL;
	}
	memset(ptr, 0, len);
	rte_strlcpy(zone->name, name, sizeof(zone->name));
	zone->iova = rte_mem_virt2iova(ptr);
	zone->len = len;
	zone->hugepage_sz = region->page_size;
	zone->socket_id = 0;
	zone->flags = flags;
	zone->addr = ptr;
	return zone;
}

const struct rte_memzone *
rte_memzone_reserve_bounded(const char *name, size_t len, int socket_id, unsigned int flags, unsigned int align,
	unsigned int bound)
{
	const struct rte_memzone *zone;

	if (strlen(name) >= RTE_MEMZONE_NAMESIZE) {
		RTE_LOG(ERR, EAL, "memzone %s: the name is longer than %d characters\n", name, RTE_MEMZONE_NAMESIZE - 1);
		rte_errno = ENAMETOOLONG;
		return NULL;
	}
	if ((align != 0 && !rte_is_power_of_2(align)) || (bound != 0 && (!rte_is_power_of_2(bound) || len > bound)) ||
	    (socket_id != SOCKET_ID_ANY && (socket_id < 0 || socket_id >= RTE_MAX_NUMA_NODES))) {
		rte_errno = EINVAL;
		return NULL;
	}
	pthread_mutex_lock(&zones_lock);
	zone = reserve_locked(name, len, flags, align, bound);
	pthread_mutex_unlock(&zones_lock);
	return zone;
}

const struct rte_memzone *
rte_memzone_reserve_aligned(const char *name, size_t len, int socket_id, unsigned int flags, unsigned int align)
{
	return rte_memzone_reserve_bounded(name, len, socket_id, flags, align, 0);
}

const struct rte_memzone *
rte_memzone_reserve(const char *name, size_t len, int socket_id, unsigned int flags)
{
	return rte_memzone_reserve_bounded(name, len, socket_id, flags, RTE_CACHE_LINE_SIZE, 0);
}

int
rte_memzone_free(const struct rte_memzone *mz)
{
	struct rte_memzone *zone;
	void *ptr = NULL;

	if (mz < zones || mz >= zones + RTE_MAX_MEMZONE)
		return -EINVAL;
	zone = &zones[mz - zones];
	pthread_mutex_lock(&zones_lock);
	if (zone == mz)
		ptr = zone->addr;
	memset(zone, 0, sizeof(*zone));
	pthread_mutex_unlock(&zones_lock);
	if (ptr == NULL)
		return -EINVAL;
	eal_heap_free(ptr);
	return 0;
}

const struct rte_memzone *
rte_memzone_lookup(const char *name)
{
	const struct rte_memzone *zone;

	pthread_mutex_lock(&zones_lock);
	zone = find_zone(name);
	pthread_mutex_unlock(&zones_lock);
	return zone;
}

void
rte_memzone_walk(void (*func)(const struct rte_memzone *mz, void *arg), void *arg)
{
	unsigned int i;

	pthread_mutex_lock(&zones_lock);
	for (i = 0; i < RTE_MAX_MEMZONE; i++)
		if (zones[i].addr != NULL)
			func(&zones[i], arg);
	pthread_mutex_unlock(&zones_lock);
}

static void
dump_zone(const struct rte_memzone *mz, void *arg)
{
	fprintf(arg, "%s: %zu bytes at %p, pages of %llu\n", mz->name, mz->len, mz->addr,
		(unsigned long long)mz->hugepage_sz);
}

void
rte_memzone_dump(FILE *f)
{
	rte_memzone_walk(dump_zone, f);
}

void
eal_memzone_reset(void)
{
	pthread_mutex_lock(&zones_lock);
	memset(zones, 0, sizeof(zones));
	pthread_mutex_unlock(&zones_lock);
}
