/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Multipliers and shifts for rte_reciprocal.h. With l = ceil(log2(d)) the multiplier is
 * floor(2^N * (2^l - d) / d) + 1, which has N bits since 2^l < 2 * d.
 */
#include <rte_reciprocal.h>

struct rte_reciprocal
rte_reciprocal_value(uint32_t d)
{
	struct rte_reciprocal r = { 0, 0, 0 };
	uint32_t l;

	if (d == 0)
		return r;
	l = rte_log2_u32(d);
	r.m = (uint32_t)(((((uint64_t)1 << l) - d) << 32) / d + 1);
	r.sh1 = l > 0;
	r.sh2 = (uint8_t)(l > 0 ? l - 1 : 0);
	return r;
}

struct rte_reciprocal_u64
rte_reciprocal_value_u64(uint64_t d)
{
	struct rte_reciprocal_u64 r = { 0, 0, 0 };
	__extension__ unsigned __int128 scaled;
	uint32_t l;

	if (d == 0)
		return r;
	l = rte_log2_u64(d);
	/* 2^64 is 0 here, and 0 - d is right. */
	scaled = (l < 64 ? (uint64_t)1 << l : 0) - d;
	r.m = (uint64_t)((scaled << 64) / d + 1);
	r.sh1 = l > 0;
	r.sh2 = (uint8_t)(l > 0 ? l - 1 : 0);
	return r;
}
