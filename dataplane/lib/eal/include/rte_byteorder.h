/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Byte order. The CPU is little endian.
 */
#ifndef _RTE_BYTEORDER_H_
#define _RTE_BYTEORDER_H_

#include <stdint.h>

#include <rte_common.h>
#include <rte_config.h>

#define RTE_BIG_ENDIAN 1
#define RTE_LITTLE_ENDIAN 2
#define RTE_BYTE_ORDER RTE_LITTLE_ENDIAN

typedef uint16_t rte_be16_t;
typedef uint32_t rte_be32_t;
typedef uint64_t rte_be64_t;
typedef uint16_t rte_le16_t;
typedef uint32_t rte_le32_t;
typedef uint64_t rte_le64_t;

/* Usable in static initialisers. */
#define RTE_STATIC_BSWAP16(v) ((uint16_t)((((uint16_t)(v) & UINT16_C(0xff)) << 8) | ((uint16_t)(v) >> 8)))
#define RTE_STATIC_BSWAP32(v) \
	((uint32_t)RTE_STATIC_BSWAP16((v) & UINT32_C(0xffff)) << 16 | (uint32_t)RTE_STATIC_BSWAP16((uint32_t)(v) >> 16))
#define RTE_STATIC_BSWAP64(v) \
	((uint64_t)RTE_STATIC_BSWAP32((v) & UINT64_C(0xffffffff)) << 32 | (uint64_t)RTE_STATIC_BSWAP32((uint64_t)(v) >> 32))

/* A number as it lies in memory in the given order. */
#define RTE_BE16(v) ((rte_be16_t)RTE_STATIC_BSWAP16(v))
#define RTE_BE32(v) ((rte_be32_t)RTE_STATIC_BSWAP32(v))
#define RTE_BE64(v) ((rte_be64_t)RTE_STATIC_BSWAP64(v))
#define RTE_LE16(v) ((rte_le16_t)(v))
#define RTE_LE32(v) ((rte_le32_t)(v))
#define RTE_LE64(v) ((rte_le64_t)(v))

#define rte_bswap16(x) __builtin_bswap16(x)
#define rte_bswap32(x) __builtin_bswap32(x)
#define rte_bswap64(x) __builtin_bswap64(x)

static inline uint16_t
rte_constant_bswap16(uint16_t x)
{
	return RTE_STATIC_BSWAP16(x);
}

static inline uint32_t
rte_constant_bswap32(uint32_t x)
{
	return RTE_STATIC_BSWAP32(x);
}

static inline uint64_t
rte_constant_bswap64(uint64_t x)
{
	return RTE_STATIC_BSWAP64(x);
}

#define rte_cpu_to_le_16(x) (x)
#define rte_cpu_to_le_32(x) (x)
#define rte_cpu_to_le_64(x) (x)
#define rte_cpu_to_be_16(x) rte_bswap16(x)
#define rte_cpu_to_be_32(x) rte_bswap32(x)
#define rte_cpu_to_be_64(x) rte_bswap64(x)
#define rte_le_to_cpu_16(x) (x)
#define rte_le_to_cpu_32(x) (x)
#define rte_le_to_cpu_64(x) (x)
#define rte_be_to_cpu_16(x) rte_bswap16(x)
#define rte_be_to_cpu_32(x) rte_bswap32(x)
#define rte_be_to_cpu_64(x) rte_bswap64(x)

#endif
