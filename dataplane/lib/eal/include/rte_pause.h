/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Spinning.
 */
#ifndef _RTE_PAUSE_H_
#define _RTE_PAUSE_H_

#include <stdint.h>

#include <emmintrin.h>

#include <rte_atomic.h>
#include <rte_common.h>

/** Tells the CPU that this is a spin loop. */
static inline void
rte_pause(void)
{
	_mm_pause();
}

/* Spin until *addr is expected; memorder is __ATOMIC_ACQUIRE or __ATOMIC_RELAXED. */
#define WDPDK_WAIT_UNTIL_EQUAL(bits) \
static __rte_always_inline void \
rte_wait_until_equal_ ## bits(volatile uint ## bits ## _t *addr, uint ## bits ## _t expected, int memorder) \
{ \
	while (__atomic_load_n(addr, memorder) != expected) \
		rte_pause(); \
}

WDPDK_WAIT_UNTIL_EQUAL(16)
WDPDK_WAIT_UNTIL_EQUAL(32)
WDPDK_WAIT_UNTIL_EQUAL(64)

/* Spins until "(*addr & mask) cond expected" holds, cond being an operator. */
#define RTE_WAIT_UNTIL_MASKED(addr, mask, cond, expected, memorder) do { \
	typeof(*(addr)) wdpdk_expected = (expected); \
	while (!((__atomic_load_n((addr), (memorder)) & (mask)) cond wdpdk_expected)) \
		rte_pause(); \
} while (0)

#endif
