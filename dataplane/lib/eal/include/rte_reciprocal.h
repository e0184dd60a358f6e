/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Division by a number that is known beforehand and not by the compiler, as a multiplication and two shifts (Granlund
 * and Montgomery, "Division by Invariant Integers using Multiplication", 1994, figure 4.1). Exact for every dividend.
 */
#ifndef _RTE_RECIPROCAL_H_
#define _RTE_RECIPROCAL_H_

#include <stdint.h>

#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_reciprocal {
	uint32_t m;
	uint8_t sh1, sh2;
};

struct rte_reciprocal_u64 {
	uint64_t m;
	uint8_t sh1, sh2;
};

/** The upper half of a product. */
static __rte_always_inline uint64_t
mullhi_u64(uint64_t x, uint64_t y)
{
	__extension__ unsigned __int128 product = x;

	product *= y;
	return (uint64_t)(product >> 64);
}

/** a divided by what R was made from. */
static inline uint32_t
rte_reciprocal_divide(uint32_t a, struct rte_reciprocal R)
{
	uint32_t high = (uint32_t)((uint64_t)a * R.m >> 32);

	/* (a + high) / 2 with the bit that does not fit. */
	return (((a - high) >> R.sh1) + high) >> R.sh2;
}

/** a divided by what *R was made from. */
static __rte_always_inline uint64_t
rte_reciprocal_divide_u64(uint64_t a, const struct rte_reciprocal_u64 *R)
{
	uint64_t high = mullhi_u64(a, R->m);

	return (((a - high) >> R->sh1) + high) >> R->sh2;
}

/** d is not 0. Dividing by what comes of 0 is dividing by 1. */
struct rte_reciprocal rte_reciprocal_value(uint32_t d);
/** d is not 0. Dividing by what comes of 0 is dividing by 1. */
struct rte_reciprocal_u64 rte_reciprocal_value_u64(uint64_t d);

#ifdef __cplusplus
}
#endif

#endif
