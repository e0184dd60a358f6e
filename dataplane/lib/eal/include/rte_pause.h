/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Spinning. Whoever is waited for may be on the same CPU without having it: those that wait here give the CPU away
 * now and then, about once in 20 us, so that several lcores can share one.
 */
#ifndef _RTE_PAUSE_H_
#define _RTE_PAUSE_H_

#include <stdint.h>

#include <emmintrin.h>
#include <sched.h>

#include <rte_atomic.h>
#include <rte_branch_prediction.h>
#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Tells the CPU that this is a spin loop. */
static inline void
rte_pause(void)
{
	_mm_pause();
}

/* A round of a loop that waits for another thread. *rounds starts with 0. */
static inline void
wdpdk_wait_round(unsigned int *rounds)
{
	rte_pause();
	if (unlikely(++*rounds % 512 == 0))
		(void)sched_yield();
}

/* Wait until *addr is expected; memorder is __ATOMIC_ACQUIRE or __ATOMIC_RELAXED. */
#define WDPDK_WAIT_UNTIL_EQUAL(bits) \
static __rte_always_inline void \
rte_wait_until_equal_ ## bits(volatile uint ## bits ## _t *addr, uint ## bits ## _t expected, int memorder) \
{ \
	unsigned int rounds = 0; \
	while (__atomic_load_n(addr, memorder) != expected) \
		wdpdk_wait_round(&rounds); \
}

WDPDK_WAIT_UNTIL_EQUAL(16)
WDPDK_WAIT_UNTIL_EQUAL(32)
WDPDK_WAIT_UNTIL_EQUAL(64)

/* Waits until "(*addr & mask) cond expected" holds, cond being an operator. */
#define RTE_WAIT_UNTIL_MASKED(addr, mask, cond, expected, memorder) do { \
	typeof(*(addr)) wdpdk_expected = (expected); \
	unsigned int wdpdk_rounds = 0; \
	RTE_BUILD_BUG_ON((memorder) != __ATOMIC_ACQUIRE && (memorder) != __ATOMIC_RELAXED); \
	while (!((__atomic_load_n((addr), (memorder)) & (mask)) cond wdpdk_expected)) \
		wdpdk_wait_round(&wdpdk_rounds); \
} while (0)

#ifdef __cplusplus
}
#endif

#endif
