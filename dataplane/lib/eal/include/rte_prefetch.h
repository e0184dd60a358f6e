/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Prefetches of one cache line. Any address is allowed.
 */
#ifndef _RTE_PREFETCH_H_
#define _RTE_PREFETCH_H_

#include <rte_common.h>
#include <rte_compat.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Into every level of cache. */
static inline void
rte_prefetch0(const volatile void *p)
{
	__builtin_prefetch((const void *)(uintptr_t)p, 0, 3);
}

/** Into the second level and beyond. */
static inline void
rte_prefetch1(const volatile void *p)
{
	__builtin_prefetch((const void *)(uintptr_t)p, 0, 2);
}

/** Into the third level. */
static inline void
rte_prefetch2(const volatile void *p)
{
	__builtin_prefetch((const void *)(uintptr_t)p, 0, 1);
}

/** For data used once. */
static inline void
rte_prefetch_non_temporal(const volatile void *p)
{
	__builtin_prefetch((const void *)(uintptr_t)p, 0, 0);
}

/** As rte_prefetch0(), to be written. */
static inline void
rte_prefetch0_write(const void *p)
{
	__builtin_prefetch(p, 1, 3);
}

/** As rte_prefetch1(), to be written. */
static inline void
rte_prefetch1_write(const void *p)
{
	__builtin_prefetch(p, 1, 2);
}

/** As rte_prefetch2(), to be written. */
static inline void
rte_prefetch2_write(const void *p)
{
	__builtin_prefetch(p, 1, 1);
}

/** Out to a cache that others share, where the CPU can do that; a hint that does nothing elsewhere. */
static inline void
rte_cldemote(const volatile void *p)
{
	/* CLDEMOTE [rdi], which older assemblers do not know and older CPUs take for a NOP. */
	asm volatile(".byte 0x0f, 0x1c, 0x07" : : "D" (p));
}

#ifdef __cplusplus
}
#endif

#endif
