/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The heap in EAL memory (huge pages when there are any). Any thread; takes a lock, so not on the packet path.
 * Allocation gives NULL with rte_errno ENOMEM when memory is out and EINVAL for an align that is no power of two.
 */
#ifndef _RTE_MALLOC_H_
#define _RTE_MALLOC_H_

#include <stddef.h>
#include <stdio.h>

#include <rte_memory.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_malloc_socket_stats {
	size_t heap_totalsz_bytes; /* taken from the system */
	size_t heap_freesz_bytes;
	size_t greatest_free_size;
	unsigned int free_count;
	unsigned int alloc_count;
	size_t heap_allocsz_bytes; /* with the heap's own headers */
};

/* type is a name for debugging and may be NULL. align is a power of two; 0 is a cache line, which is also the least. */
void *rte_malloc(const char *type, size_t size, unsigned int align) __rte_alloc_size(2);
/** Zeroed. */
void *rte_zmalloc(const char *type, size_t size, unsigned int align) __rte_alloc_size(2);
/** num * size, zeroed; NULL when the product overflows. */
void *rte_calloc(const char *type, size_t num, size_t size, unsigned int align) __rte_alloc_size(2, 3);
/** ptr NULL allocates, size 0 frees. On failure the old piece stays. */
void *rte_realloc(void *ptr, size_t size, unsigned int align) __rte_alloc_size(2);

/* The same for a NUMA node: a wish, since there is one heap. */
void *rte_realloc_socket(void *ptr, size_t size, unsigned int align, int socket) __rte_alloc_size(2);
void *rte_malloc_socket(const char *type, size_t size, unsigned int align, int socket) __rte_alloc_size(2);
void *rte_zmalloc_socket(const char *type, size_t size, unsigned int align, int socket) __rte_alloc_size(2);
void *rte_calloc_socket(const char *type, size_t num, size_t size, unsigned int align, int socket)
	__rte_alloc_size(2, 3);

/** NULL is allowed. A pointer that is no live allocation is refused with an error message. */
void rte_free(void *ptr);

/** 0 and the usable size when ptr is a live allocation whose borders are intact; -1 otherwise. */
int rte_malloc_validate(const void *ptr, size_t *size);
/** 0; -1 for a socket without a heap. */
int rte_malloc_get_socket_stats(int socket, struct rte_malloc_socket_stats *socket_stats);
void rte_malloc_dump_stats(FILE *f, const char *type);
/** Address for devices of memory inside an allocation; RTE_BAD_IOVA when it is not the heap's. */
rte_iova_t rte_malloc_virt2iova(const void *addr);

#ifdef __cplusplus
}
#endif

#endif
