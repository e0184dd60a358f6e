/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the files of EAL memory share, from the bottom up: the system's pages (eal_os_*) or a source's (eal_iova.c), areas
 * of addresses and the pages in them (eal_area.c), who may have more (eal_memory.c), heaps made of runs of pages
 * (eal_heap.c).
 *
 * One lock, eal_heap_lock(), is over heaps and over which areas exist. Whoever changes areas or their pages holds it
 * and, inside it, the public memory lock (rte_mcfg_mem_write_lock()), for which walks hold the reading side.
 */
#ifndef EAL_MEMORY_PRIVATE_H
#define EAL_MEMORY_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_memory.h>
#include <wdpdk_memory_source.h>

/* Named heaps' and registered memory's sockets begin here, above any node. */
#define EAL_EXTERNAL_SOCKET_FIRST 256

/* ---- the system ---- */

struct eal_os_area {
	char *base;
	size_t len;
	size_t page_size;
	bool huge;
	void *mapping; /* as the system gave it, before alignment */
	size_t mapping_len;
	int fd; /* -1: none */
};

/** The huge page's size; 0 when there are none, and then *remedy says what the user can do about it. */
size_t eal_os_huge_page_size(const char **remedy);
/** Bytes of huge pages that are free now; 0 when the system does not tell. */
size_t eal_os_huge_free(void);
/** Whether a huge area has to be taken whole when it is opened (commit and release are then no-ops). */
bool eal_os_huge_in_one(void);
/**
 * Reserves addresses: len bytes, a multiple of page_size, at a multiple of align. at: where to try first (0: anywhere).
 * node: of the memory, for areas taken whole; -1 for any. 0 or a positive errno.
 */
int eal_os_area_open(struct eal_os_area *area, size_t len, size_t page_size, bool huge, size_t align, uintptr_t at,
	int node);
void eal_os_area_close(struct eal_os_area *area);
/** Makes [offset, + len) usable and zero. node: of the memory, or -1. 0 or a positive errno, nothing changed. */
int eal_os_area_commit(struct eal_os_area *area, size_t offset, size_t len, int node);
/** Gives the pages back; the addresses stay reserved. */
void eal_os_area_release(struct eal_os_area *area, size_t offset, size_t len);
size_t eal_os_page_size(void);
/** The machine's NUMA nodes below RTE_MAX_NUMA_NODES, as bits; node 0 when it has none. */
uint64_t eal_os_nodes(void);
/** 0 or a positive errno. */
int eal_os_lock_page(const void *page, size_t len);
phys_addr_t eal_os_virt2phy(const void *virt);
struct eal_options;
/** Chooses huge pages by their physical addresses as the memory source. 0, or a positive errno and *why. */
int eal_os_physical_open(const struct eal_options *options, const char **why);

/* ---- the source ---- */

/** Decides between the system's memory and a source, after the buses were scanned. 0 or a positive errno. */
int eal_iova_choose(const struct eal_options *options);
void eal_memory_source_close(void);

/** Whether an element is in use, for callers that keep others from changing it. No checks. */
bool eal_fbarray_bit(const struct rte_fbarray *arr, size_t index);

/* ---- areas ---- */

struct eal_heap;

/* A range of addresses, with the public description of it. */
struct eal_area {
	struct rte_memseg_list msl; /* base_va NULL: the slot is free */
	struct eal_os_area os;      /* not of external memory or a source's, but for its fd */
	const struct wdpdk_memory_source *source; /* NULL: the system's or external */
	rte_iova_t *iova;           /* of the source's chunks */
	struct eal_heap *heap;      /* NULL: nothing is allocated from it */
	bool fixed_size;            /* complete since it was opened */
	char *kept;                 /* pages at and above were taken at start and stay */
};

/** An area of len bytes without pages. NULL with rte_errno. */
struct eal_area *eal_area_open(size_t len, size_t page_size, bool huge, uintptr_t at, int socket);
/** An area of len bytes that a source gives whole. NULL with rte_errno. */
struct eal_area *eal_area_take(const struct wdpdk_memory_source *source, size_t len, int socket);
/** An area of the user's memory, whose pages are all there. NULL with rte_errno. */
struct eal_area *eal_area_external(void *base, size_t len, size_t page_size, const rte_iova_t *iova, int socket);
/** The external area of exactly this memory, or NULL. */
struct eal_area *eal_area_external_find(const void *base, size_t len);
void eal_area_close(struct eal_area *area);
void eal_area_close_all(void);
/**
 * Takes len bytes of pages in a row from the system, below those there are. keep: they stay. The address, or NULL.
 */
char *eal_area_commit(struct eal_area *area, size_t len, bool keep);
/** Gives pages back; the caller has told whom it concerns. */
void eal_area_release(struct eal_area *area, char *base, size_t len);
/** The area whose addresses hold ptr, or NULL. Without a lock. */
struct eal_area *eal_area_of(const void *ptr);
/** Whether the area has a page there. With the heaps locked. */
bool eal_area_has(const struct eal_area *area, const void *ptr);
/**
 * The highest address in [ptr + 1, ptr + len) at which IOVAs do not go on from the byte before; ptr itself when it has
 * none; NULL when [ptr, + len) has one IOVA range.
 */
const void *eal_area_break(const struct eal_area *area, const void *ptr, size_t len);
struct eal_area *eal_area_next(struct eal_area *after);

/* ---- events ---- */

void eal_mem_event(enum rte_mem_event event, const void *addr, size_t len);
/** Whether the validators let a socket's memory grow to new_len bytes. */
bool eal_mem_growth_allowed(int socket, size_t new_len);
void eal_mem_event_reset(void);

/* ---- growth ---- */

/** What a caller wants of pages: RTE_MEMZONE_ size flags, 0 for any. */
bool eal_memory_page_suits(size_t page_size, unsigned int flags);
/**
 * Pages for at least len bytes in a row, of a heap's node. keep: they stay until the end. The area and the run, or NULL.
 * The caller holds both locks.
 */
struct eal_area *eal_memory_grow(struct eal_heap *heap, size_t len, unsigned int flags, bool keep, char **base,
	size_t *got);
bool eal_memory_is_open(void);
/** Whether more memory could have len bytes with one IOVA range. */
bool eal_memory_can_be_contiguous(size_t len);
/** Whether free memory goes back to the system before the end, and only as it was taken. */
bool eal_memory_returns(void);
bool eal_memory_matches(void);

/* ---- heaps ---- */

#define EAL_HEAP_CLASSES 320 /* see class_of() */

/* In front of every piece. */
struct eal_element {
	uint64_t mark;
	size_t size;               /* with this header; 0: the last of its run */
	size_t user_size;          /* as asked for; 0 when free */
	struct eal_element *below; /* neighbour at the lower address, or NULL */
	struct eal_element *next;  /* in the free list */
	struct eal_element **link; /* the pointer that points here */
	struct eal_area *area;
	uint64_t clean;
} __rte_aligned(RTE_CACHE_LINE_SIZE);
_Static_assert(sizeof(struct eal_element) == RTE_CACHE_LINE_SIZE, "a header is one cache line");

struct eal_heap {
	int socket; /* -1: the slot is free */
	char name[32];
	struct eal_element *lists[EAL_HEAP_CLASSES];
	uint64_t filled[EAL_HEAP_CLASSES / 64]; /* lists that are not empty */
	size_t total_bytes, free_bytes;
	unsigned int busy_count, free_count;
};

struct eal_request {
	size_t size;
	size_t align;       /* a power of two, or 0 */
	size_t bound;       /* not to be crossed; 0: none */
	unsigned int flags; /* RTE_MEMZONE_ size flags and IOVA_CONTIG */
	int socket;
	bool zero;
};

void eal_heap_lock(void);
void eal_heap_unlock(void);
/* With the lock held: */
struct eal_heap *eal_heap_of_socket(int socket);
struct eal_heap *eal_heap_named(const char *name);
/** NULL when the table is full. */
struct eal_heap *eal_heap_make(const char *name, int socket);
/** Adds the run to the heap. */
void eal_heap_add_run(struct eal_heap *heap, struct eal_area *area, char *base, size_t len);
/** Takes a run out again, whole. 0, or EBUSY when something in it is allocated. */
int eal_heap_remove_run(struct eal_heap *heap, char *base, size_t len);
struct eal_heap *eal_heap_next(struct eal_heap *after);
/** Calls func for each element of a heap, in the order of addresses within each run. */
void eal_heap_each(struct eal_heap *heap, void (*func)(struct eal_element *e, void *arg), void *arg);
/* Without the lock: */
void *eal_heap_alloc(const struct eal_request *request);
/** The largest free piece there is at that alignment; its size to *size. */
void *eal_heap_alloc_largest(const struct eal_request *request, size_t *size);
/** 0; -1 when ptr is no live allocation. */
int eal_heap_free(void *ptr);
/** Makes an allocation smaller or, when there is room behind it, larger, in place. 0 or -1. */
int eal_heap_resize(void *ptr, size_t size);
/** 0, the usable size and the heap's socket; -1 when ptr is no live allocation or a border was overwritten. */
int eal_heap_check(const void *ptr, size_t *size, int *socket);
/** Takes len bytes for a node now, which stay. 0 or a positive errno. */
int eal_heap_reserve(int socket, size_t len);
void eal_heap_reset(void);

#endif
