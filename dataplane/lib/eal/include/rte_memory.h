/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The memory everything else is allocated from: pages, addresses, events. Any thread, unless a function says otherwise.
 */
#ifndef _RTE_MEMORY_H_
#define _RTE_MEMORY_H_

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <rte_bitops.h>
#include <rte_common.h>
#include <rte_config.h>
#include <rte_fbarray.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_PGSIZE_4K (1ULL << 12)
#define RTE_PGSIZE_64K (1ULL << 16)
#define RTE_PGSIZE_256K (1ULL << 18)
#define RTE_PGSIZE_2M (1ULL << 21)
#define RTE_PGSIZE_16M (1ULL << 24)
#define RTE_PGSIZE_256M (1ULL << 28)
#define RTE_PGSIZE_512M (1ULL << 29)
#define RTE_PGSIZE_1G (1ULL << 30)
#define RTE_PGSIZE_4G (1ULL << 32)
#define RTE_PGSIZE_16G (1ULL << 34)

#define SOCKET_ID_ANY -1

/* Flags of a segment. */
#define RTE_MEMSEG_FLAG_DO_NOT_FREE RTE_BIT32(0) /* taken at start (-m, --socket-mem): stays until the end */
#define RTE_MEMSEG_FLAG_DIRTY RTE_BIT32(1)       /* was not zero when the EAL got it */

/** One page of memory. */
struct rte_memseg {
	rte_iova_t iova; /* RTE_BAD_IOVA: external memory registered without one */
	union {
		void *addr;
		uint64_t addr_64;
	};
	size_t len;           /* the page's size */
	uint64_t hugepage_sz; /* the same */
	int32_t socket_id;
	uint32_t nchannel;
	uint32_t nrank;
	uint32_t flags; /* RTE_MEMSEG_FLAG_* */
} __rte_packed;

/**
 * A range of addresses with pages of one size on one socket. Of the EAL's own ranges only those pages are there that
 * memseg_arr, an array of struct rte_memseg with one element per page, marks as used.
 */
struct rte_memseg_list {
	union {
		void *base_va;
		uint64_t addr_64;
	};
	uint64_t page_sz;
	int socket_id;
	volatile uint32_t version; /* grows with every change of memseg_arr */
	size_t len;                /* bytes of addresses */
	unsigned int external;     /* 1: the user's memory */
	unsigned int heap;         /* 1: rte_malloc_socket() allocates from it */
	struct rte_fbarray memseg_arr;
};

/** Keeps the page of virt in RAM. Returns 0 or a negative errno. */
int rte_mem_lock_page(const void *virt);
/** The physical address; RTE_BAD_IOVA when the system does not tell (Linux tells root only, Windows nobody). */
phys_addr_t rte_mem_virt2phy(const void *virt);
/** The address a device would use: virt itself (IOVA mode VA); RTE_BAD_IOVA for NULL. External memory's own table is
 * not looked at: see rte_mem_virt2memseg(). */
rte_iova_t rte_mem_virt2iova(const void *virt);
/** The reverse; NULL for addresses outside the EAL's memory. Locks memory for reading. */
void *rte_mem_iova2virt(rte_iova_t iova);
/** The page virt lies in; NULL when it is not the EAL's memory. msl: where to look, NULL for everywhere. */
struct rte_memseg *rte_mem_virt2memseg(const void *virt, const struct rte_memseg_list *msl);
struct rte_memseg_list *rte_mem_virt2memseg_list(const void *virt);

/*
 * Walks, external memory included. A function that is called returns 0 to go on, 1 to stop, -1 to stop with an error;
 * the walk returns the last of these (0 when it went to the end). The walk holds memory locked for reading, so the
 * function must neither allocate nor free. The _thread_unsafe twins do not lock: for callers that hold
 * rte_mcfg_mem_read_lock() and for memory event callbacks.
 */
typedef int (*rte_memseg_walk_t)(const struct rte_memseg_list *msl, const struct rte_memseg *ms, void *arg);
/** len: bytes from ms->addr on that follow each other without a gap. */
typedef int (*rte_memseg_contig_walk_t)(const struct rte_memseg_list *msl, const struct rte_memseg *ms, size_t len,
	void *arg);
typedef int (*rte_memseg_list_walk_t)(const struct rte_memseg_list *msl, void *arg);

int rte_memseg_walk(rte_memseg_walk_t func, void *arg);
int rte_memseg_contig_walk(rte_memseg_contig_walk_t func, void *arg);
int rte_memseg_list_walk(rte_memseg_list_walk_t func, void *arg);
int rte_memseg_walk_thread_unsafe(rte_memseg_walk_t func, void *arg);
int rte_memseg_contig_walk_thread_unsafe(rte_memseg_contig_walk_t func, void *arg);
int rte_memseg_list_walk_thread_unsafe(rte_memseg_list_walk_t func, void *arg);

/**
 * The file behind a page, and where in it the page is. The descriptor stays the EAL's: do nothing with it but map it.
 * @return the descriptor; -1 with rte_errno EINVAL (ms or offset is NULL, or ms is no page's), ENOENT (the page is not
 * in use) or ENOTSUP (plain pages, external memory and Windows have no file).
 */
int rte_memseg_get_fd(const struct rte_memseg *ms);
int rte_memseg_get_fd_thread_unsafe(const struct rte_memseg *ms);
int rte_memseg_get_fd_offset(const struct rte_memseg *ms, size_t *offset);
int rte_memseg_get_fd_offset_thread_unsafe(const struct rte_memseg *ms, size_t *offset);

/**
 * Makes the user's memory known, so that lookups and walks see it; it is not allocated from. va_addr and len are
 * multiples of page_sz. iova_addrs: one address per page, n_pages of them, or NULL for none (RTE_BAD_IOVA).
 * @return 0; -1 with rte_errno EINVAL, EEXIST (known already, or overlaps what is), ENOSPC (RTE_MAX_MEMSEG_LISTS),
 * ENOMEM.
 */
int rte_extmem_register(void *va_addr, size_t len, rte_iova_t iova_addrs[], unsigned int n_pages, size_t page_sz);
/** va_addr and len as registered. 0; -1 with EINVAL or ENOENT. */
int rte_extmem_unregister(void *va_addr, size_t len);
/**
 * For processes other than the one that registered it. Here: -1 with EINVAL, ENOENT (unknown memory, or detach of what
 * was never attached) or EEXIST (attach of what this process registered itself).
 */
int rte_extmem_attach(void *va_addr, size_t len);
int rte_extmem_detach(void *va_addr, size_t len);

/** Prints every piece of memory the EAL holds. */
void rte_dump_physmem_layout(FILE *f);
/** Bytes of memory the EAL holds, external memory not counted. */
uint64_t rte_eal_get_physmem_size(void);
/** Memory channels and ranks as given with -n and -r; 0 when not given. */
unsigned int rte_memory_get_nchannel(void);
unsigned int rte_memory_get_nrank(void);

/**
 * Whether every page's IOVA fits in maskbits (at most 63) bits: 0, and memory that does not is refused from now on; 1
 * when a page does not fit; -1 for a width out of range.
 */
int rte_mem_check_dma_mask(uint8_t maskbits);
int rte_mem_check_dma_mask_thread_unsafe(uint8_t maskbits);
/** Refuses memory above that from now on, without a look at what is there. */
void rte_mem_set_dma_mask(uint8_t maskbits);
/** 0: devices are given virtual addresses. */
int rte_eal_using_phys_addrs(void);

enum rte_mem_event {
	RTE_MEM_EVENT_ALLOC = 0,
	RTE_MEM_EVENT_FREE,
};
#define RTE_MEM_EVENT_CALLBACK_NAME_LEN 64
typedef void (*rte_mem_event_callback_t)(enum rte_mem_event event_type, const void *addr, size_t len, void *arg);
/**
 * Calls clb after the EAL took [addr, + len) from the system or the user, and before it gives it back. It is called
 * with memory locked for writing: only _thread_unsafe functions, no allocation.
 * @return 0; -1 with rte_errno EINVAL, ENAMETOOLONG, EEXIST (name and arg are registered), ENOMEM.
 */
int rte_mem_event_callback_register(const char *name, rte_mem_event_callback_t clb, void *arg);
/** 0; -1 with EINVAL, ENAMETOOLONG, ENOENT. */
int rte_mem_event_callback_unregister(const char *name, void *arg);

#define RTE_MEM_ALLOC_VALIDATOR_NAME_LEN 64
/** 0 permits, -1 forbids that a socket's memory grows to new_len bytes, which is more than cur_limit. */
typedef int (*rte_mem_alloc_validator_t)(int socket_id, size_t cur_limit, size_t new_len);
/**
 * Asks clb before memory of a socket grows beyond limit bytes. Called with memory locked for writing.
 * @return 0; -1 with rte_errno EINVAL, ENAMETOOLONG, EEXIST (name and socket are registered), ENOMEM.
 */
int rte_mem_alloc_validator_register(const char *name, rte_mem_alloc_validator_t clb, int socket_id, size_t limit);
/** 0; -1 with EINVAL, ENAMETOOLONG, ENOENT. */
int rte_mem_alloc_validator_unregister(const char *name, int socket_id);

#ifdef __cplusplus
}
#endif

#endif
