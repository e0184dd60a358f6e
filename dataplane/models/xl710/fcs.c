/* SPDX-License-Identifier: BSD-3-Clause */
#include "fcs.h"

#define POLYNOMIAL 0xEDB88320u

/* What four bits do to the register: 16 words stay in one cache line. */
static uint32_t
of_nibble(uint32_t nibble)
{
	for (int bit = 0; bit < 4; bit++)
		nibble = nibble >> 1 ^ ((nibble & 1) != 0 ? POLYNOMIAL : 0);
	return nibble;
}

uint32_t
fcs_of(const uint8_t *frame, uint32_t length)
{
	uint32_t table[16], crc = 0xFFFFFFFF;

	for (uint32_t i = 0; i < 16; i++)
		table[i] = of_nibble(i);
	for (uint32_t i = 0; i < length; i++) {
		crc ^= frame[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}
