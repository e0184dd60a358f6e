/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Compiled for AVX2; called only where it is.
 */
#include <immintrin.h>

#include "acl_private.h"

#define ACL_CLASSIFY acl_classify_avx2

static inline uint32_t
acl_compare(const struct acl_group *group, const uint32_t *key)
{
	const __m256i *check = (const __m256i *)(const void *)((const uint8_t *)group + group->checks);
	__m256i hits = _mm256_set1_epi32(-1);

	for (uint32_t l = 0; l < group->lanes; l++, check += 3) {
		__m256i value = _mm256_set1_epi32((int)key[group->lane[l]]);
		__m256i from = _mm256_sub_epi32(_mm256_and_si256(value, _mm256_loadu_si256(check)), _mm256_loadu_si256(check + 1));

		hits = _mm256_and_si256(hits, _mm256_cmpeq_epi32(_mm256_min_epu32(from, _mm256_loadu_si256(check + 2)), from));
	}
	return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(hits)) & group->valid;
}

#include "acl_run.h"
