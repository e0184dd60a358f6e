/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which heaps there are: one for each node, and the user's named ones. Their lock, statistics and dumps.
 */
#include <errno.h>
#include <string.h>

#include <rte_eal_memconfig.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_string_fns.h>

#include "eal_memory_private.h"
#include "eal_private.h"

_Static_assert(RTE_MAX_NUMA_NODES <= EAL_EXTERNAL_SOCKET_FIRST, "named heaps' sockets are no nodes");

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* A slot without a name is free. */
static struct eal_heap heaps[RTE_MAX_HEAPS];
static int next_socket = EAL_EXTERNAL_SOCKET_FIRST;

void
eal_heap_lock(void)
{
	pthread_mutex_lock(&lock);
}

void
eal_heap_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

struct eal_heap *
eal_heap_next(struct eal_heap *after)
{
	struct eal_heap *heap = after == NULL ? heaps : after + 1;

	for (; heap < heaps + RTE_MAX_HEAPS; heap++)
		if (heap->name[0] != '\0')
			return heap;
	return NULL;
}

struct eal_heap *
eal_heap_of_socket(int socket)
{
	struct eal_heap *heap;

	for (heap = eal_heap_next(NULL); heap != NULL; heap = eal_heap_next(heap))
		if (heap->socket == socket)
			return heap;
	return NULL;
}

struct eal_heap *
eal_heap_named(const char *name)
{
	struct eal_heap *heap;

	for (heap = eal_heap_next(NULL); heap != NULL; heap = eal_heap_next(heap))
		if (strcmp(heap->name, name) == 0)
			return heap;
	return NULL;
}

struct eal_heap *
eal_heap_make(const char *name, int socket)
{
	struct eal_heap *heap = heaps;

	while (heap < heaps + RTE_MAX_HEAPS && heap->name[0] != '\0')
		heap++;
	if (heap == heaps + RTE_MAX_HEAPS)
		return NULL;
	memset(heap, 0, sizeof(*heap));
	rte_strlcpy(heap->name, name, sizeof(heap->name));
	heap->socket = socket;
	return heap;
}

void
eal_heap_reset(void)
{
	eal_heap_lock();
	memset(heaps, 0, sizeof(heaps));
	eal_heap_unlock();
}

static int
fail(int err)
{
	rte_errno = err;
	return -1;
}

static bool
valid_name(const char *name)
{
	return name != NULL && name[0] != '\0' && strnlen(name, RTE_HEAP_NAME_MAX_LEN) < RTE_HEAP_NAME_MAX_LEN;
}

int
rte_malloc_heap_create(const char *heap_name)
{
	int err = 0;

	if (!valid_name(heap_name))
		return fail(EINVAL);
	eal_heap_lock();
	if (eal_heap_named(heap_name) != NULL)
		err = EEXIST;
	else if (next_socket == INT32_MAX || eal_heap_make(heap_name, next_socket) == NULL)
		err = ENOSPC;
	else
		next_socket++;
	eal_heap_unlock();
	return err == 0 ? 0 : fail(err);
}

/* The user's heap of that name, with *err why there is none. */
static struct eal_heap *
find_external(const char *name, int *err)
{
	struct eal_heap *heap = eal_heap_named(name);

	*err = heap == NULL ? ENOENT : heap->socket < EAL_EXTERNAL_SOCKET_FIRST ? EPERM : 0;
	return *err == 0 ? heap : NULL;
}

int
rte_malloc_heap_destroy(const char *heap_name)
{
	struct eal_heap *heap;
	int err;

	if (!valid_name(heap_name))
		return fail(EINVAL);
	eal_heap_lock();
	heap = find_external(heap_name, &err);
	if (heap != NULL && heap->total_bytes != 0)
		err = EBUSY;
	if (err == 0)
		heap->name[0] = '\0';
	eal_heap_unlock();
	return err == 0 ? 0 : fail(err);
}

int
rte_malloc_heap_get_socket(const char *name)
{
	struct eal_heap *heap;
	int socket;

	if (!valid_name(name))
		return fail(EINVAL);
	eal_heap_lock();
	heap = eal_heap_named(name);
	socket = heap != NULL ? heap->socket : -1;
	eal_heap_unlock();
	return socket >= 0 ? socket : fail(ENOENT);
}

int
rte_malloc_heap_socket_is_external(int socket_id)
{
	struct eal_heap *heap;

	if (socket_id == SOCKET_ID_ANY)
		return 0;
	eal_heap_lock();
	heap = eal_heap_of_socket(socket_id);
	eal_heap_unlock();
	return heap == NULL ? -1 : socket_id >= EAL_EXTERNAL_SOCKET_FIRST;
}

/* ---- memory of the user's ---- */

static bool
valid_memory(const void *va_addr, size_t len, const rte_iova_t *iova, unsigned int n_pages, size_t page_sz)
{
	return va_addr != NULL && len != 0 && page_sz != 0 && rte_is_power_of_2(page_sz) && len % page_sz == 0 &&
		rte_is_aligned((void *)(uintptr_t)va_addr, page_sz) && len / page_sz <= INT32_MAX &&
		(iova == NULL || len / page_sz == n_pages);
}

int
rte_malloc_heap_memory_add(const char *heap_name, void *va_addr, size_t len, rte_iova_t iova_addrs[],
	unsigned int n_pages, size_t page_sz)
{
	struct eal_area *area;
	struct eal_heap *heap;
	int err;

	if (!valid_name(heap_name) || !valid_memory(va_addr, len, iova_addrs, n_pages, page_sz) ||
	    page_sz < 2 * RTE_CACHE_LINE_SIZE)
		return fail(EINVAL);
	eal_heap_lock();
	heap = find_external(heap_name, &err);
	if (heap != NULL) {
		rte_mcfg_mem_write_lock();
		area = eal_area_external(va_addr, len, page_sz, iova_addrs, heap->socket);
		if (area == NULL) {
			err = rte_errno;
		} else {
			area->msl.heap = 1;
			memset(va_addr, 0, len);
			eal_heap_add_run(heap, area, va_addr, len);
			eal_mem_event(RTE_MEM_EVENT_ALLOC, va_addr, len);
		}
		rte_mcfg_mem_write_unlock();
	}
	eal_heap_unlock();
	return err == 0 ? 0 : fail(err);
}

/* With the heaps locked: the area of exactly this memory of this heap, with *err why there is none. */
static struct eal_area *
find_memory(const char *heap_name, const void *va_addr, size_t len, int *err)
{
	struct eal_heap *heap = find_external(heap_name, err);
	struct eal_area *area = heap != NULL ? eal_area_external_find(va_addr, len) : NULL;

	if (heap != NULL && (area == NULL || area->heap != heap)) {
		*err = ENOENT;
		area = NULL;
	}
	return area;
}

int
rte_malloc_heap_memory_remove(const char *heap_name, void *va_addr, size_t len)
{
	struct eal_area *area;
	int err;

	if (!valid_name(heap_name) || va_addr == NULL || len == 0)
		return fail(EINVAL);
	eal_heap_lock();
	area = find_memory(heap_name, va_addr, len, &err);
	if (area != NULL) {
		rte_mcfg_mem_write_lock();
		err = eal_heap_remove_run(area->heap, va_addr, len);
		if (err == 0) {
			eal_mem_event(RTE_MEM_EVENT_FREE, va_addr, len);
			eal_area_close(area);
		}
		rte_mcfg_mem_write_unlock();
	}
	eal_heap_unlock();
	return err == 0 ? 0 : fail(err);
}

int
rte_malloc_heap_memory_attach(const char *heap_name, void *va_addr, size_t len)
{
	int err;

	if (!valid_name(heap_name) || va_addr == NULL || len == 0)
		return fail(EINVAL);
	eal_heap_lock();
	if (find_memory(heap_name, va_addr, len, &err) != NULL)
		err = EEXIST;
	eal_heap_unlock();
	return fail(err);
}

int
rte_malloc_heap_memory_detach(const char *heap_name, void *va_addr, size_t len)
{
	int err;

	if (!valid_name(heap_name) || va_addr == NULL || len == 0)
		return fail(EINVAL);
	eal_heap_lock();
	if (find_memory(heap_name, va_addr, len, &err) != NULL)
		err = ENOENT; /* nothing was attached here */
	eal_heap_unlock();
	return fail(err);
}

int
rte_extmem_register(void *va_addr, size_t len, rte_iova_t iova_addrs[], unsigned int n_pages, size_t page_sz)
{
	int err = 0;

	if (!valid_memory(va_addr, len, iova_addrs, n_pages, page_sz))
		return fail(EINVAL);
	eal_heap_lock();
	rte_mcfg_mem_write_lock();
	if (next_socket == INT32_MAX)
		err = ENOSPC;
	else if (eal_area_external(va_addr, len, page_sz, iova_addrs, next_socket) == NULL)
		err = rte_errno;
	else
		next_socket++;
	rte_mcfg_mem_write_unlock();
	eal_heap_unlock();
	return err == 0 ? 0 : fail(err);
}

/* What was registered, not what belongs to a heap. */
static struct eal_area *
find_registered(const void *va_addr, size_t len)
{
	struct eal_area *area = eal_area_external_find(va_addr, len);

	return area != NULL && area->heap == NULL ? area : NULL;
}

int
rte_extmem_unregister(void *va_addr, size_t len)
{
	struct eal_area *area;

	if (va_addr == NULL || len == 0)
		return fail(EINVAL);
	eal_heap_lock();
	rte_mcfg_mem_write_lock();
	area = find_registered(va_addr, len);
	if (area != NULL)
		eal_area_close(area);
	rte_mcfg_mem_write_unlock();
	eal_heap_unlock();
	return area != NULL ? 0 : fail(ENOENT);
}

int
rte_extmem_attach(void *va_addr, size_t len)
{
	bool known;

	if (va_addr == NULL || len == 0)
		return fail(EINVAL);
	eal_heap_lock();
	known = find_registered(va_addr, len) != NULL;
	eal_heap_unlock();
	return fail(known ? EEXIST : ENOENT);
}

int
rte_extmem_detach(void *va_addr, size_t len)
{
	return fail(va_addr == NULL || len == 0 ? EINVAL : ENOENT);
}

/* ---- what is in them ---- */

static void
heap_stats(struct eal_heap *heap, struct rte_malloc_socket_stats *stats)
{
	unsigned int class = EAL_HEAP_CLASSES;
	struct eal_element *e;

	memset(stats, 0, sizeof(*stats));
	/* The largest are in the last list that is not empty. */
	while (class > 0 && heap->lists[class - 1] == NULL)
		class--;
	if (class > 0)
		for (e = heap->lists[class - 1]; e != NULL; e = e->next)
			stats->greatest_free_size = RTE_MAX(stats->greatest_free_size, e->size);
	stats->heap_totalsz_bytes = heap->total_bytes;
	stats->heap_freesz_bytes = heap->free_bytes;
	stats->heap_allocsz_bytes = heap->total_bytes - heap->free_bytes;
	stats->free_count = heap->free_count;
	stats->alloc_count = heap->busy_count;
}

int
rte_malloc_get_socket_stats(int socket, struct rte_malloc_socket_stats *socket_stats)
{
	struct eal_heap *heap;

	if (socket < 0 || socket_stats == NULL)
		return -1;
	eal_heap_lock();
	heap = eal_heap_of_socket(socket);
	if (heap != NULL)
		heap_stats(heap, socket_stats);
	eal_heap_unlock();
	return heap != NULL ? 0 : -1;
}

void
rte_malloc_dump_stats(FILE *f, const char *type)
{
	struct rte_malloc_socket_stats stats;
	struct eal_heap *heap;

	RTE_SET_USED(type);
	eal_heap_lock();
	for (heap = eal_heap_next(NULL); heap != NULL; heap = eal_heap_next(heap)) {
		heap_stats(heap, &stats);
		fprintf(f, "heap %s, socket %d: %zu bytes, %zu allocated in %u pieces, %zu free in %u pieces, largest free %zu\n",
			heap->name, heap->socket, stats.heap_totalsz_bytes, stats.heap_allocsz_bytes, stats.alloc_count,
			stats.heap_freesz_bytes, stats.free_count, stats.greatest_free_size);
	}
	eal_heap_unlock();
}

static void
dump_element(struct eal_element *e, void *arg)
{
	if (e->user_size != 0)
		fprintf(arg, "  %p: %zu bytes, allocated: %zu\n", (void *)e, e->size, e->user_size);
	else if (e->size != 0)
		fprintf(arg, "  %p: %zu bytes, free%s\n", (void *)e, e->size, e->clean ? ", zero" : "");
}

void
rte_malloc_dump_heaps(FILE *f)
{
	struct eal_heap *heap;

	eal_heap_lock();
	for (heap = eal_heap_next(NULL); heap != NULL; heap = eal_heap_next(heap)) {
		fprintf(f, "heap %s, socket %d\n", heap->name, heap->socket);
		eal_heap_each(heap, dump_element, f);
	}
	eal_heap_unlock();
}
