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
	size_t greatest_free_size; /* with its header, MALLOC_ELEM_OVERHEAD bytes */
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

/*
 * The same from the heap of a socket: a NUMA node (as good as any other while there are no huge pages) or a named heap,
 * see below. SOCKET_ID_ANY: the caller's node, then the others.
 */
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

/** Prints every piece of every heap. */
void rte_malloc_dump_heaps(FILE *f);

/*
 * Named heaps: memory of the user's own, which rte_malloc_socket() and memzones use under a socket number that exists
 * for that heap only. Names have 1 .. RTE_HEAP_NAME_MAX_LEN - 1 characters. Every function returns -1 with rte_errno
 * EINVAL for bad arguments and ENOENT for an unknown heap; EPERM for the heap of a NUMA node ("socket_0").
 */
#define RTE_HEAP_NAME_MAX_LEN 32

/** An empty heap. 0; -1 with EEXIST, or ENOSPC (RTE_MAX_HEAPS). */
int rte_malloc_heap_create(const char *heap_name);
/** 0; -1 with EBUSY while it has memory. */
int rte_malloc_heap_destroy(const char *heap_name);
/** The heap's socket number. */
int rte_malloc_heap_get_socket(const char *name);
/** 1: a named heap's socket; 0: a node's, or SOCKET_ID_ANY; -1: nobody's. */
int rte_malloc_heap_socket_is_external(int socket_id);
/**
 * Adds memory, which is zeroed and the heap's until it is removed. Arguments and errors as of rte_extmem_register().
 */
int rte_malloc_heap_memory_add(const char *heap_name, void *va_addr, size_t len, rte_iova_t iova_addrs[],
	unsigned int n_pages, size_t page_sz);
/** va_addr and len as added. 0; -1 with ENOENT (not this heap's), EBUSY (something is allocated in it). */
int rte_malloc_heap_memory_remove(const char *heap_name, void *va_addr, size_t len);
/** For processes other than the one that added it; here as rte_extmem_attach() and rte_extmem_detach(). */
int rte_malloc_heap_memory_attach(const char *heap_name, void *va_addr, size_t len);
int rte_malloc_heap_memory_detach(const char *heap_name, void *va_addr, size_t len);

#ifdef __cplusplus
}
#endif

#endif
