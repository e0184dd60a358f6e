/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Words of a frame at any address: as they lie there (load), and as the wire means them (load_be).
 */
#ifndef WDPDK_FRAME_BYTES_H
#define WDPDK_FRAME_BYTES_H

#include <stdint.h>
#include <string.h>

static inline uint16_t
load16(const uint8_t *p)
{
	uint16_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static inline uint32_t
load32(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static inline uint64_t
load64(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static inline uint16_t
load_be16(const uint8_t *p)
{
	return __builtin_bswap16(load16(p));
}

static inline uint32_t
load_be32(const uint8_t *p)
{
	return __builtin_bswap32(load32(p));
}

static inline uint64_t
load_be64(const uint8_t *p)
{
	return __builtin_bswap64(load64(p));
}

#endif
