/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Mapping and locking pages, the same on every system. For the EAL, libraries and drivers.
 */
#ifndef RTE_EAL_PAGING_H
#define RTE_EAL_PAGING_H

#include <stddef.h>
#include <stdint.h>

#include <rte_compat.h>

#ifdef __cplusplus
extern "C" {
#endif

enum rte_mem_prot {
	RTE_PROT_READ = 1 << 0,
	RTE_PROT_WRITE = 1 << 1,
	RTE_PROT_EXECUTE = 1 << 2,
};

enum rte_map_flags {
	RTE_MAP_SHARED = 1 << 0,        /* writes reach the file */
	RTE_MAP_ANONYMOUS = 1 << 1,     /* zeroed memory; fd is ignored */
	RTE_MAP_PRIVATE = 1 << 2,       /* writes stay in this process */
	RTE_MAP_FORCE_ADDRESS = 1 << 3, /* at requested_addr or not at all; what was mapped there may be replaced */
};

/**
 * Maps size bytes of fd from offset on, or of zeroed memory. requested_addr: a wish (NULL: none), or with
 * FORCE_ADDRESS a demand. prot, flags: of the enums above; exactly one of SHARED and PRIVATE.
 * @return the address; NULL with rte_errno (EINVAL for flags that contradict each other or a size of 0, else the
 * system's).
 */
void *rte_mem_map(void *requested_addr, size_t size, int prot, int flags, int fd, uint64_t offset);
/** Takes a mapping of rte_mem_map() away, whole. 0, or -1 with rte_errno. */
int rte_mem_unmap(void *virt, size_t size);
/** Bytes of a page; always known. */
size_t rte_mem_page_size(void);
/** Keeps every page that virt .. virt + size touches in RAM. 0, or -1 with rte_errno. */
int rte_mem_lock(const void *virt, size_t size);

#ifdef __cplusplus
}
#endif

#endif
