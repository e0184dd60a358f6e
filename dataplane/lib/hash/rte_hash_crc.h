/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Hashes by CRC-32C (Castagnoli), DPDK 22.11's API: the processor's instruction (SSE4.2), or tables where a program asks
 * for them. All give the same values: no final inversion, any start value.
 */
#ifndef RTE_HASH_CRC_H
#define RTE_HASH_CRC_H

#include <stdint.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_common.h>

#ifdef __SSE4_2__
#include <nmmintrin.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define CRC32_SW (1U << 0)
#define CRC32_SSE42 (1U << 1)
#define CRC32_x64 (1U << 2)
#define CRC32_SSE42_x64 (CRC32_x64 | CRC32_SSE42)
#define CRC32_ARM64 (1U << 3)

/*
 * Selects how the process computes from now on; the values stay the same. What the processor does not have (CRC32_ARM64)
 * becomes what it has. At start: CRC32_SSE42_x64. Not to be called while other threads hash.
 */
void rte_hash_crc_set_alg(uint8_t alg);

/* Internal: what was selected, and the tables' way for the bytes of a number, the lowest first. */
extern uint8_t wdpdk_crc_alg;
uint32_t wdpdk_crc_by_tables(uint64_t data, unsigned int bytes, uint32_t init_val);

/* The hash of 1, 2, 4 or 8 bytes: those of data in memory order. */
static inline uint32_t
rte_hash_crc_1byte(uint8_t data, uint32_t init_val)
{
#ifdef __SSE4_2__
	if (likely(wdpdk_crc_alg & CRC32_SSE42))
		return _mm_crc32_u8(init_val, data);
#endif
	return wdpdk_crc_by_tables(data, 1, init_val);
}

static inline uint32_t
rte_hash_crc_2byte(uint16_t data, uint32_t init_val)
{
#ifdef __SSE4_2__
	if (likely(wdpdk_crc_alg & CRC32_SSE42))
		return _mm_crc32_u16(init_val, data);
#endif
	return wdpdk_crc_by_tables(data, 2, init_val);
}

static inline uint32_t
rte_hash_crc_4byte(uint32_t data, uint32_t init_val)
{
#ifdef __SSE4_2__
	if (likely(wdpdk_crc_alg & CRC32_SSE42))
		return _mm_crc32_u32(init_val, data);
#endif
	return wdpdk_crc_by_tables(data, 4, init_val);
}

static inline uint32_t
rte_hash_crc_8byte(uint64_t data, uint32_t init_val)
{
#ifdef __SSE4_2__
	if (likely(wdpdk_crc_alg == CRC32_SSE42_x64))
		return (uint32_t)_mm_crc32_u64(init_val, data);
	if (wdpdk_crc_alg & CRC32_SSE42)
		return _mm_crc32_u32(_mm_crc32_u32(init_val, (uint32_t)data), (uint32_t)(data >> 32));
#endif
	return wdpdk_crc_by_tables(data, 8, init_val);
}

/* The hash of data_len bytes of any alignment. */
static inline uint32_t
rte_hash_crc(const void *data, uint32_t data_len, uint32_t init_val)
{
	const uint8_t *bytes = (const uint8_t *)data;
	uint64_t eight;
	uint32_t four;
	uint16_t two;

	for (; data_len >= 8; data_len -= 8, bytes += 8) {
		memcpy(&eight, bytes, 8);
		init_val = rte_hash_crc_8byte(eight, init_val);
	}
	if (data_len & 4) {
		memcpy(&four, bytes, 4);
		init_val = rte_hash_crc_4byte(four, init_val);
		bytes += 4;
	}
	if (data_len & 2) {
		memcpy(&two, bytes, 2);
		init_val = rte_hash_crc_2byte(two, init_val);
		bytes += 2;
	}
	if (data_len & 1)
		init_val = rte_hash_crc_1byte(*bytes, init_val);
	return init_val;
}

#ifdef __cplusplus
}
#endif

#endif
