/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Numbers in frames (big endian) and in what device and driver share (little endian), at any address.
 */
#ifndef XL710_BYTES_H
#define XL710_BYTES_H

#include <stdint.h>
#include <string.h>

static inline uint16_t
load16be(const uint8_t *from)
{
	uint16_t value;

	memcpy(&value, from, sizeof(value));
	return __builtin_bswap16(value);
}

static inline uint32_t
load32be(const uint8_t *from)
{
	uint32_t value;

	memcpy(&value, from, sizeof(value));
	return __builtin_bswap32(value);
}

static inline void
store16be(uint8_t *to, uint16_t value)
{
	value = __builtin_bswap16(value);
	memcpy(to, &value, sizeof(value));
}

static inline void
store32be(uint8_t *to, uint32_t value)
{
	value = __builtin_bswap32(value);
	memcpy(to, &value, sizeof(value));
}

static inline uint32_t
load32le(const uint8_t *from)
{
	uint32_t value;

	memcpy(&value, from, sizeof(value));
	return value;
}

static inline void
store32le(uint8_t *to, uint32_t value)
{
	memcpy(to, &value, sizeof(value));
}

#endif
