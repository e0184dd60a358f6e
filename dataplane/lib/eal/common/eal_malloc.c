/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_malloc() and its family over the heap.
 */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>

#include "eal_private.h"

void *
rte_malloc_socket(const char *type, size_t size, unsigned int align, int socket)
{
	void *ptr;

	RTE_SET_USED(type);
	if (size == 0 || (align != 0 && !rte_is_power_of_2(align)) ||
	    (socket != SOCKET_ID_ANY && (socket < 0 || socket >= RTE_MAX_NUMA_NODES))) {
		rte_errno = EINVAL;
		return NULL;
	}
	ptr = eal_heap_alloc(size, align, 0);
	if (ptr == NULL)
		rte_errno = ENOMEM;
	return ptr;
}

void *
rte_zmalloc_socket(const char *type, size_t size, unsigned int align, int socket)
{
	void *ptr = rte_malloc_socket(type, size, align, socket);

	return ptr != NULL ? memset(ptr, 0, size) : NULL;
}

void *
rte_calloc_socket(const char *type, size_t num, size_t size, unsigned int align, int socket)
{
	size_t total;

	if (__builtin_mul_overflow(num, size, &total)) {
		rte_errno = ENOMEM;
		return NULL;
	}
	return rte_zmalloc_socket(type, total, align, socket);
}

void *
rte_realloc_socket(void *ptr, size_t size, unsigned int align, int socket)
{
	size_t old_size;
	void *copy;

	if (ptr == NULL)
		return rte_malloc_socket(NULL, size, align, socket);
	if (size == 0) {
		rte_free(ptr);
		return NULL;
	}
	if ((align != 0 && !rte_is_power_of_2(align)) || eal_heap_check(ptr, &old_size) < 0) {
		rte_errno = EINVAL;
		return NULL;
	}
	if (rte_is_aligned(ptr, align != 0 ? align : 1) && eal_heap_resize(ptr, size) == 0)
		return ptr;
	copy = rte_malloc_socket(NULL, size, align, socket);
	if (copy == NULL)
		return NULL;
	memcpy(copy, ptr, RTE_MIN(old_size, size));
	rte_free(ptr);
	return copy;
}

void *
rte_malloc(const char *type, size_t size, unsigned int align)
{
	return rte_malloc_socket(type, size, align, SOCKET_ID_ANY);
}

void *
rte_zmalloc(const char *type, size_t size, unsigned int align)
{
	return rte_zmalloc_socket(type, size, align, SOCKET_ID_ANY);
}

void *
rte_calloc(const char *type, size_t num, size_t size, unsigned int align)
{
	return rte_calloc_socket(type, num, size, align, SOCKET_ID_ANY);
}

void *
rte_realloc(void *ptr, size_t size, unsigned int align)
{
	return rte_realloc_socket(ptr, size, align, SOCKET_ID_ANY);
}

void
rte_free(void *ptr)
{
	if (ptr != NULL && eal_heap_free(ptr) < 0)
		RTE_LOG(ERR, MALLOC,
			"rte_free(%p): no live allocation starts there (freed twice, or its header was overwritten)\n", ptr);
}

int
rte_malloc_validate(const void *ptr, size_t *size)
{
	size_t usable;

	if (ptr == NULL || eal_heap_check(ptr, &usable) < 0)
		return -1;
	if (size != NULL)
		*size = usable;
	return 0;
}

rte_iova_t
rte_malloc_virt2iova(const void *addr)
{
	return addr != NULL && eal_heap_region(addr) != NULL ? rte_mem_virt2iova(addr) : RTE_BAD_IOVA;
}

void
rte_malloc_dump_stats(FILE *f, const char *type)
{
	struct rte_malloc_socket_stats stats;

	RTE_SET_USED(type);
	if (rte_malloc_get_socket_stats(0, &stats) < 0)
		return;
	fprintf(f, "heap: %zu bytes, %zu allocated in %u pieces, %zu free in %u pieces, largest free %zu\n",
		stats.heap_totalsz_bytes, stats.heap_allocsz_bytes, stats.alloc_count, stats.heap_freesz_bytes,
		stats.free_count, stats.greatest_free_size);
}
