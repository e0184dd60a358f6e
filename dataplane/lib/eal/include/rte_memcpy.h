/* SPDX-License-Identifier: BSD-3-Clause
 *
 * An inline copy for packets: no call into the C library, whose memcpy is slow on Windows. Areas must not overlap.
 */
#ifndef _RTE_MEMCPY_H_
#define _RTE_MEMCPY_H_

#include <stdint.h>
#include <string.h>

#include <emmintrin.h>

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_config.h>
#include <rte_vect.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Exactly 16 bytes, at any addresses. */
static __rte_always_inline void
rte_mov16(uint8_t *dst, const uint8_t *src)
{
	_mm_storeu_si128((__m128i *)(void *)dst, _mm_loadu_si128((const __m128i *)(const void *)src));
}

static __rte_always_inline void
rte_mov32(uint8_t *dst, const uint8_t *src)
{
#ifdef __AVX__
	_mm256_storeu_si256((__m256i *)(void *)dst, _mm256_loadu_si256((const __m256i *)(const void *)src));
#else
	__m128i a = _mm_loadu_si128((const __m128i *)(const void *)src);
	__m128i b = _mm_loadu_si128((const __m128i *)(const void *)(src + 16));

	_mm_storeu_si128((__m128i *)(void *)dst, a);
	_mm_storeu_si128((__m128i *)(void *)(dst + 16), b);
#endif
}

static __rte_always_inline void
rte_mov64(uint8_t *dst, const uint8_t *src)
{
	rte_mov32(dst, src);
	rte_mov32(dst + 32, src + 32);
}

static __rte_always_inline void
rte_mov128(uint8_t *dst, const uint8_t *src)
{
	rte_mov64(dst, src);
	rte_mov64(dst + 64, src + 64);
}

static __rte_always_inline void
rte_mov256(uint8_t *dst, const uint8_t *src)
{
	rte_mov128(dst, src);
	rte_mov128(dst + 128, src + 128);
}

/* Up to 16 bytes: two moves of the largest size that fits, from both ends, overlapping in the middle. */
static __rte_always_inline void
wdpdk_copy_upto16(uint8_t *dst, const uint8_t *src, size_t n)
{
	if (n >= 8) {
		uint64_t head, tail;

		__builtin_memcpy(&head, src, 8);
		__builtin_memcpy(&tail, src + n - 8, 8);
		__builtin_memcpy(dst, &head, 8);
		__builtin_memcpy(dst + n - 8, &tail, 8);
	} else if (n >= 4) {
		uint32_t head, tail;

		__builtin_memcpy(&head, src, 4);
		__builtin_memcpy(&tail, src + n - 4, 4);
		__builtin_memcpy(dst, &head, 4);
		__builtin_memcpy(dst + n - 4, &tail, 4);
	} else if (n != 0) {
		uint8_t head = src[0], middle = src[n / 2], tail = src[n - 1];

		dst[0] = head;
		dst[n / 2] = middle;
		dst[n - 1] = tail;
	}
}

static __rte_always_inline void *
wdpdk_copy(void *to, const void *from, size_t n)
{
	uint8_t *dst = (uint8_t *)to;
	const uint8_t *src = (const uint8_t *)from;

	if (n <= 16) {
		wdpdk_copy_upto16(dst, src, n);
		return to;
	}
	if (n <= 32) {
		__m128i head = _mm_loadu_si128((const __m128i *)(const void *)src);
		__m128i tail = _mm_loadu_si128((const __m128i *)(const void *)(src + n - 16));

		_mm_storeu_si128((__m128i *)(void *)dst, head);
		_mm_storeu_si128((__m128i *)(void *)(dst + n - 16), tail);
		return to;
	}
	/* Whole lines, then the last 64 bytes again from the end: no loop over single bytes. */
	if (n >= 64) {
		const uint8_t *src_end = src + n - 64;
		uint8_t *dst_end = dst + n - 64;

		while (src < src_end) {
			rte_mov64(dst, src);
			src += 64;
			dst += 64;
		}
		rte_mov64(dst_end, src_end);
		return to;
	}
	rte_mov32(dst, src);
	rte_mov32(dst + n - 32, src + n - 32);
	return to;
}

/** Copies n bytes and returns dst. A constant n becomes plain moves. */
static __rte_always_inline void *
rte_memcpy(void *dst, const void *src, size_t n)
{
	if (__builtin_constant_p(n) && n <= 128)
		return __builtin_memcpy(dst, src, n);
	return wdpdk_copy(dst, src, n);
}

#ifdef __cplusplus
}
#endif

#endif
