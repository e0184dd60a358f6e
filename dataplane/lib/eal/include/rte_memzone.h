/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Named pieces of memory, never moved. Any thread.
 */
#ifndef _RTE_MEMZONE_H_
#define _RTE_MEMZONE_H_

#include <stdio.h>

#include <rte_common.h>
#include <rte_memory.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Wanted page sizes, as alternatives. When there are huge pages, but none of these sizes, it fails with ENOMEM unless
 * SIZE_HINT_ONLY is given too.
 */
#define RTE_MEMZONE_2MB 0x00000001
#define RTE_MEMZONE_1GB 0x00000002
#define RTE_MEMZONE_16MB 0x00000100
#define RTE_MEMZONE_16GB 0x00000200
#define RTE_MEMZONE_256KB 0x00010000
#define RTE_MEMZONE_256MB 0x00020000
#define RTE_MEMZONE_512MB 0x00040000
#define RTE_MEMZONE_4GB 0x00080000
#define RTE_MEMZONE_SIZE_HINT_ONLY 0x00000004
#define RTE_MEMZONE_IOVA_CONTIG 0x00100000

#define RTE_MEMZONE_NAMESIZE 32

struct rte_memzone {
	char name[RTE_MEMZONE_NAMESIZE];
	rte_iova_t iova;
	union {
		void *addr;
		uint64_t addr_64;
	};
	size_t len;
	uint64_t hugepage_sz; /* size of the pages below it */
	int32_t socket_id;
	uint32_t flags;
} __rte_packed;

/**
 * Reserves len bytes, rounded up to cache lines (0: the largest free piece), zeroed, at a cache line.
 * @return the zone, owned by the EAL until rte_memzone_free(); NULL with rte_errno EEXIST (name taken), EINVAL (name,
 * len, flags or socket), ENAMETOOLONG, ENOMEM, ENOSPC (no room for more zones).
 */
const struct rte_memzone *rte_memzone_reserve(const char *name, size_t len, int socket_id, unsigned int flags);
/** At a multiple of align, a power of two. */
const struct rte_memzone *rte_memzone_reserve_aligned(const char *name, size_t len, int socket_id, unsigned int flags,
	unsigned int align);
/** In addition not across a multiple of bound, a power of two (0: no bound). len 0 with a bound: bound bytes. */
const struct rte_memzone *rte_memzone_reserve_bounded(const char *name, size_t len, int socket_id, unsigned int flags,
	unsigned int align, unsigned int bound);
/** Returns 0; -EINVAL when mz is no zone. */
int rte_memzone_free(const struct rte_memzone *mz);
/** NULL when there is none of that name. */
const struct rte_memzone *rte_memzone_lookup(const char *name);
void rte_memzone_dump(FILE *f);
/** Calls func for every zone, in the order of their slots. func must not reserve or free. */
void rte_memzone_walk(void (*func)(const struct rte_memzone *mz, void *arg), void *arg);

#ifdef __cplusplus
}
#endif

#endif
