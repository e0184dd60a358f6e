/* SPDX-License-Identifier: BSD-3-Clause */
#include <smmintrin.h>

#include "acl_private.h"

#define ACL_CLASSIFY acl_classify_sse

/* Four rules at once; SSE4.1's unsigned minimum says "not above". */
static inline __m128i
acl_half(const uint32_t *mask, const uint32_t *low, const uint32_t *span, __m128i value)
{
	__m128i most = _mm_load_si128((const __m128i *)(const void *)span);
	__m128i from = _mm_sub_epi32(_mm_and_si128(value, _mm_load_si128((const __m128i *)(const void *)mask)),
		_mm_load_si128((const __m128i *)(const void *)low));

	return _mm_cmpeq_epi32(_mm_min_epu32(from, most), from);
}

static inline uint32_t
acl_compare(const struct acl_group *group, const uint32_t *key)
{
	const struct acl_checks *checks = (const struct acl_checks *)((const uint8_t *)group + group->checks);
	__m128i first = _mm_set1_epi32(-1), second = first;

	for (uint32_t l = 0; l < group->lanes; l++, checks++) {
		__m128i value = _mm_set1_epi32((int)key[group->lane[l]]);

		first = _mm_and_si128(first, acl_half(checks->mask, checks->low, checks->span, value));
		second = _mm_and_si128(second, acl_half(checks->mask + 4, checks->low + 4, checks->span + 4, value));
	}
	return ((uint32_t)_mm_movemask_ps(_mm_castsi128_ps(first)) |
		(uint32_t)_mm_movemask_ps(_mm_castsi128_ps(second)) << 4) & group->valid;
}

#include "acl_run.h"
