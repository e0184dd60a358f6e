/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Named pieces of the heap.
 */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_memzone.h>
#include <rte_string_fns.h>

#include "eal_memory_private.h"
#include "eal_private.h"

/* A slot without a name is free. Addresses of slots are what users hold, so slots never move. */
static struct rte_memzone zones[RTE_MAX_MEMZONE];
static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;

/* Of each slot's name, so that looking one up reads few names. */
static uint32_t hashes[RTE_MAX_MEMZONE];
static unsigned int slot_limit; /* slots at and above it were never used */

#define KNOWN_FLAGS (RTE_MEMZONE_256KB | RTE_MEMZONE_2MB | RTE_MEMZONE_16MB | RTE_MEMZONE_256MB | RTE_MEMZONE_512MB | \
	RTE_MEMZONE_1GB | RTE_MEMZONE_4GB | RTE_MEMZONE_16GB | RTE_MEMZONE_SIZE_HINT_ONLY | RTE_MEMZONE_IOVA_CONTIG)

static uint32_t
hash_of(const char *name)
{
	uint32_t hash = 2166136261u;

	while (*name != '\0')
		hash = (hash ^ (unsigned char)*name++) * 16777619u;
	return hash;
}

static struct rte_memzone *
find_zone(const char *name)
{
	uint32_t hash = hash_of(name);
	unsigned int i;

	for (i = 0; i < slot_limit; i++)
		if (hashes[i] == hash && zones[i].addr != NULL && strcmp(zones[i].name, name) == 0)
			return &zones[i];
	return NULL;
}

static struct rte_memzone *
free_slot(void)
{
	unsigned int i;

	for (i = 0; i < slot_limit; i++)
		if (zones[i].addr == NULL)
			return &zones[i];
	return slot_limit < RTE_MAX_MEMZONE ? &zones[slot_limit++] : NULL;
}

static void *
allocate(size_t *len, const struct eal_request *like)
{
	struct eal_request request = *like;
	void *ptr;

	request.size = *len;
	/* A hint is followed where it can be, and then forgotten. */
	request.flags &= ~(unsigned int)RTE_MEMZONE_SIZE_HINT_ONLY;
	ptr = *len == 0 ? eal_heap_alloc_largest(&request, len) : eal_heap_alloc(&request);
	if (ptr == NULL && (like->flags & RTE_MEMZONE_SIZE_HINT_ONLY) != 0) {
		request.flags = like->flags & RTE_MEMZONE_IOVA_CONTIG;
		ptr = *len == 0 ? eal_heap_alloc_largest(&request, len) : eal_heap_alloc(&request);
	}
	return ptr;
}

static const struct rte_memzone *
reserve_locked(const char *name, size_t len, const struct eal_request *request)
{
	const struct rte_memseg_list *msl;
	struct rte_memzone *zone;
	void *ptr;

	if (find_zone(name) != NULL) {
		rte_errno = EEXIST;
		return NULL;
	}
	zone = free_slot();
	if (zone == NULL) {
		RTE_LOG(ERR, EAL, "memzone %s: all %d memzones are in use\n", name, RTE_MAX_MEMZONE);
		rte_errno = ENOSPC;
		return NULL;
	}
	ptr = allocate(&len, request);
	if (ptr == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	msl = rte_mem_virt2memseg_list(ptr);
	rte_strlcpy(zone->name, name, sizeof(zone->name));
	zone->iova = rte_malloc_virt2iova(ptr);
	zone->len = len;
	zone->hugepage_sz = msl->page_sz;
	zone->socket_id = msl->socket_id;
	zone->flags = 0;
	zone->addr = ptr;
	hashes[zone - zones] = hash_of(name);
	return zone;
}

const struct rte_memzone *
rte_memzone_reserve_bounded(const char *name, size_t len, int socket_id, unsigned int flags, unsigned int align,
	unsigned int bound)
{
	struct eal_request request = {
		.align = RTE_MAX(align, (unsigned int)RTE_CACHE_LINE_SIZE),
		.bound = bound,
		.flags = flags,
		.socket = socket_id,
		.zero = true,
	};
	const struct rte_memzone *zone;

	if (name == NULL) {
		rte_errno = EINVAL;
		return NULL;
	}
	if (strlen(name) >= RTE_MEMZONE_NAMESIZE) {
		RTE_LOG(ERR, EAL, "memzone %s: the name is longer than %d characters\n", name, RTE_MEMZONE_NAMESIZE - 1);
		rte_errno = ENAMETOOLONG;
		return NULL;
	}
	if ((align != 0 && !rte_is_power_of_2(align)) || (bound != 0 && !rte_is_power_of_2(bound)) ||
	    len > SIZE_MAX - RTE_CACHE_LINE_MASK || (flags & ~(unsigned int)KNOWN_FLAGS) != 0 ||
	    (socket_id < 0 && socket_id != SOCKET_ID_ANY)) {
		rte_errno = EINVAL;
		return NULL;
	}
	len = RTE_CACHE_LINE_ROUNDUP(len);
	if (bound != 0 && RTE_MAX(len, (size_t)RTE_CACHE_LINE_SIZE) > bound) {
		rte_errno = EINVAL;
		return NULL;
	}
	if (len == 0)
		len = bound;
	pthread_mutex_lock(&zones_lock);
	zone = reserve_locked(name, len, &request);
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
	if (ptr != NULL)
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

	if (name == NULL)
		return NULL;
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
	for (i = 0; i < slot_limit; i++)
		if (zones[i].addr != NULL)
			func(&zones[i], arg);
	pthread_mutex_unlock(&zones_lock);
}

static void
dump_zone(const struct rte_memzone *mz, void *arg)
{
	fprintf(arg, "%s: %zu bytes at %p, IOVA 0x%llx, pages of %llu, socket %d\n", mz->name, mz->len, mz->addr,
		(unsigned long long)mz->iova, (unsigned long long)mz->hugepage_sz, mz->socket_id);
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
	slot_limit = 0;
	pthread_mutex_unlock(&zones_lock);
}
