/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The memory everything else is allocated from: pages, addresses, NUMA wildcard.
 */
#ifndef _RTE_MEMORY_H_
#define _RTE_MEMORY_H_

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <rte_bitops.h>
#include <rte_common.h>
#include <rte_config.h>

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

/** Keeps the page of virt in RAM. Returns 0 or a negative errno. */
int rte_mem_lock_page(const void *virt);
/** The address a device would use: virt itself (IOVA mode VA); RTE_BAD_IOVA for NULL. */
rte_iova_t rte_mem_virt2iova(const void *virt);
/** The reverse; NULL for addresses outside the EAL's memory. */
void *rte_mem_iova2virt(rte_iova_t iova);
/** Prints every piece of memory the EAL holds. */
void rte_dump_physmem_layout(FILE *f);
/** Bytes of memory the EAL holds. */
uint64_t rte_eal_get_physmem_size(void);
/** Memory channels and ranks as given with -n and -r; 0 when not given. */
unsigned int rte_memory_get_nchannel(void);
unsigned int rte_memory_get_nrank(void);
/** 0: devices are given virtual addresses. */
int rte_eal_using_phys_addrs(void);

#ifdef __cplusplus
}
#endif

#endif
