/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Single bits. The functions are not atomic; "relaxed" only says that they order nothing.
 */
#ifndef _RTE_BITOPS_H_
#define _RTE_BITOPS_H_

#include <stdint.h>

#include <rte_compat.h>
#include <rte_debug.h>

#define RTE_BIT64(nr) (UINT64_C(1) << (nr))
#define RTE_BIT32(nr) (UINT32_C(1) << (nr))

#define WDPDK_BIT_FUNCTIONS(bits) \
static inline uint ## bits ## _t \
rte_bit_relaxed_get ## bits(unsigned int nr, volatile uint ## bits ## _t *addr) \
{ \
	return *addr & RTE_BIT ## bits(nr); \
} \
static inline void \
rte_bit_relaxed_set ## bits(unsigned int nr, volatile uint ## bits ## _t *addr) \
{ \
	*addr = *addr | RTE_BIT ## bits(nr); \
} \
static inline void \
rte_bit_relaxed_clear ## bits(unsigned int nr, volatile uint ## bits ## _t *addr) \
{ \
	*addr = *addr & ~RTE_BIT ## bits(nr); \
} \
static inline uint ## bits ## _t \
rte_bit_relaxed_test_and_set ## bits(unsigned int nr, volatile uint ## bits ## _t *addr) \
{ \
	uint ## bits ## _t old = *addr; \
	*addr = old | RTE_BIT ## bits(nr); \
	return old & RTE_BIT ## bits(nr); \
} \
static inline uint ## bits ## _t \
rte_bit_relaxed_test_and_clear ## bits(unsigned int nr, volatile uint ## bits ## _t *addr) \
{ \
	uint ## bits ## _t old = *addr; \
	*addr = old & ~RTE_BIT ## bits(nr); \
	return old & RTE_BIT ## bits(nr); \
}

WDPDK_BIT_FUNCTIONS(32)
WDPDK_BIT_FUNCTIONS(64)

#endif
