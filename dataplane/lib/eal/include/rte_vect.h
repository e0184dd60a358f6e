/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Vector types of x86 with element access.
 */
#ifndef _RTE_VECT_H_
#define _RTE_VECT_H_

#include <stdint.h>

#include <immintrin.h>

#include <rte_common.h>
#include <rte_compat.h>
#include <rte_config.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WDPDK_VECTOR(element, bytes) element __attribute__((vector_size(bytes), aligned(bytes)))
typedef WDPDK_VECTOR(uint8_t, 8) rte_v64u8_t;
typedef WDPDK_VECTOR(uint16_t, 8) rte_v64u16_t;
typedef WDPDK_VECTOR(uint32_t, 8) rte_v64u32_t;
typedef WDPDK_VECTOR(int8_t, 8) rte_v64s8_t;
typedef WDPDK_VECTOR(int16_t, 8) rte_v64s16_t;
typedef WDPDK_VECTOR(int32_t, 8) rte_v64s32_t;
typedef WDPDK_VECTOR(uint8_t, 16) rte_v128u8_t;
typedef WDPDK_VECTOR(uint16_t, 16) rte_v128u16_t;
typedef WDPDK_VECTOR(uint32_t, 16) rte_v128u32_t;
typedef WDPDK_VECTOR(uint64_t, 16) rte_v128u64_t;
typedef WDPDK_VECTOR(int8_t, 16) rte_v128s8_t;
typedef WDPDK_VECTOR(int16_t, 16) rte_v128s16_t;
typedef WDPDK_VECTOR(int32_t, 16) rte_v128s32_t;
typedef WDPDK_VECTOR(int64_t, 16) rte_v128s64_t;
typedef WDPDK_VECTOR(uint8_t, 32) rte_v256u8_t;
typedef WDPDK_VECTOR(uint16_t, 32) rte_v256u16_t;
typedef WDPDK_VECTOR(uint32_t, 32) rte_v256u32_t;
typedef WDPDK_VECTOR(uint64_t, 32) rte_v256u64_t;
typedef WDPDK_VECTOR(int8_t, 32) rte_v256s8_t;
typedef WDPDK_VECTOR(int16_t, 32) rte_v256s16_t;
typedef WDPDK_VECTOR(int32_t, 32) rte_v256s32_t;
typedef WDPDK_VECTOR(int64_t, 32) rte_v256s64_t;

typedef __m128i xmm_t;
#define XMM_SIZE (sizeof(xmm_t))
#define XMM_MASK (XMM_SIZE - 1)

typedef union rte_xmm {
	xmm_t x;
	uint8_t u8[XMM_SIZE / sizeof(uint8_t)];
	uint16_t u16[XMM_SIZE / sizeof(uint16_t)];
	uint32_t u32[XMM_SIZE / sizeof(uint32_t)];
	uint64_t u64[XMM_SIZE / sizeof(uint64_t)];
	double pd[XMM_SIZE / sizeof(double)];
} rte_xmm_t;

#ifdef __AVX__
typedef __m256i ymm_t;
#define YMM_SIZE (sizeof(ymm_t))
#define YMM_MASK (YMM_SIZE - 1)

typedef union rte_ymm {
	ymm_t y;
	xmm_t x[YMM_SIZE / sizeof(xmm_t)];
	uint8_t u8[YMM_SIZE / sizeof(uint8_t)];
	uint16_t u16[YMM_SIZE / sizeof(uint16_t)];
	uint32_t u32[YMM_SIZE / sizeof(uint32_t)];
	uint64_t u64[YMM_SIZE / sizeof(uint64_t)];
	double pd[YMM_SIZE / sizeof(double)];
} rte_ymm_t;
#endif

#ifdef __AVX512F__
#define RTE_X86_ZMM_SIZE (sizeof(__m512i))
#define RTE_X86_ZMM_MASK (RTE_X86_ZMM_SIZE - 1)

typedef union __rte_x86_zmm {
	__m512i z;
	ymm_t y[RTE_X86_ZMM_SIZE / sizeof(ymm_t)];
	xmm_t x[RTE_X86_ZMM_SIZE / sizeof(xmm_t)];
	uint8_t u8[RTE_X86_ZMM_SIZE / sizeof(uint8_t)];
	uint16_t u16[RTE_X86_ZMM_SIZE / sizeof(uint16_t)];
	uint32_t u32[RTE_X86_ZMM_SIZE / sizeof(uint32_t)];
	uint64_t u64[RTE_X86_ZMM_SIZE / sizeof(uint64_t)];
	double pd[RTE_X86_ZMM_SIZE / sizeof(double)];
} __rte_aligned(RTE_X86_ZMM_SIZE) __rte_x86_zmm_t;
#endif

enum rte_vect_max_simd {
	RTE_VECT_SIMD_DISABLED = 64,
	RTE_VECT_SIMD_128 = 128,
	RTE_VECT_SIMD_256 = 256,
	RTE_VECT_SIMD_512 = 512,
	RTE_VECT_SIMD_MAX = INT16_MAX + 1,
};
#define RTE_VECT_DEFAULT_SIMD_BITWIDTH RTE_VECT_SIMD_256

/** The widest vectors drivers should use (--force-max-simd-bitwidth). */
uint16_t rte_vect_get_max_simd_bitwidth(void);
/** 0; -EINVAL for a width that is none of the above; -EPERM when the command line fixed it. */
int rte_vect_set_max_simd_bitwidth(uint16_t bitwidth);

#ifdef __cplusplus
}
#endif

#endif
