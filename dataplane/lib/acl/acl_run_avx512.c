/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Compiled for AVX512VL; called only where it is. Registers of 256 bits hold a group, and comparing makes its bits at once.
 */
#include <immintrin.h>

#include "acl_private.h"

#define ACL_CLASSIFY acl_classify_avx512

static inline uint32_t
acl_compare(const struct acl_group *group, const uint32_t *key)
{
	const __m256i *check = (const __m256i *)(const void *)((const uint8_t *)group + group->checks);
	__mmask8 hits = group->valid;

	for (uint32_t l = 0; l < group->lanes; l++, check += 3) {
		__m256i value = _mm256_set1_epi32((int)key[group->lane[l]]);
		__m256i from = _mm256_sub_epi32(_mm256_and_si256(value, _mm256_loadu_si256(check)), _mm256_loadu_si256(check + 1));

		hits = _mm256_mask_cmple_epu32_mask(hits, from, _mm256_loadu_si256(check + 2));
	}
	return hits;
}

#include "acl_run.h"
