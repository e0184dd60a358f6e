/* SPDX-License-Identifier: BSD-3-Clause */
#include "acl_region.h"

/* The smallest number from `from` on with these bits; beyond 32 bits when there is none. */
static uint64_t
first_with(uint32_t from, uint32_t known, uint32_t value)
{
	uint32_t differs = (from ^ value) & known, below, free_bits;
	unsigned int bit;

	if (differs == 0)
		return from;
	bit = 31 - (unsigned int)__builtin_clz(differs);
	if ((value >> bit & 1) == 0) {
		/* `from` is too great at this bit: a free bit above it has to become 1. */
		free_bits = ~known & ~from & (bit == 31 ? 0 : UINT32_MAX << (bit + 1));
		if (free_bits == 0)
			return UINT64_MAX;
		bit = (unsigned int)__builtin_ctz(free_bits);
		below = RTE_LEN2MASK(bit + 1, uint32_t);
		return (from & ~below) | 1u << bit | (value & below);
	}
	below = RTE_LEN2MASK(bit + 1, uint32_t);
	return (from & ~below) | (value & below);
}

bool
acl_meets(const struct acl_condition *condition, uint32_t known, uint32_t value)
{
	if (condition->span == 0)
		return ((condition->low ^ value) & condition->mask & known) == 0;
	return first_with(condition->low, known, value) <= (uint64_t)condition->low + condition->span;
}
