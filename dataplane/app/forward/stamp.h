/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a pktgen writes into each frame so that a sink knows it again: the first 18 bytes of the UDP payload, and a pattern in the rest.
 * Numbers are little endian.
 *
 *   0  u32  magic
 *   4  u16  run       another one each time that a generator starts
 *   6  u16  flow
 *   8  u32  sequence  of the flow; from 0 on, modulo 2^32
 *  12  u48  time      ns UTC when the frame was made, modulo 2^48 (78 hours)
 *
 * The pattern is made of blocks of 16 bytes: a word of 64 bits that depends on run, flow, sequence and the block's number, then its
 * complement. So each block adds nothing to a checksum in one's complement, whichever frame it is of, and the checksum
 * of a long frame costs no more than that of a short one. The bytes behind the last whole block are the first of STAMP_TAIL.
 */
#ifndef APP_STAMP_H
#define APP_STAMP_H

#include <stdint.h>
#include <string.h>

#define STAMP_BYTES 18u
#define STAMP_MAGIC UINT32_C(0x9d5057a3)
#define STAMP_TIME_MASK ((UINT64_C(1) << 48) - 1)
#define STAMP_BLOCK 16u
#define STAMP_STEP UINT64_C(0x9e3779b97f4a7c15)
#define STAMP_TAIL { 0x77, 0x64, 0x70, 0x64, 0x6b, 0x3a, 0x74, 0x61, 0x69, 0x6c, 0x5a, 0xa5, 0x0f, 0xf0, 0x33 }

struct stamp {
	uint16_t run, flow;
	uint32_t sequence;
	uint64_t time;
};

/* The first block's first word; each further block's is STAMP_STEP more. */
static inline uint64_t
stamp_pattern(uint16_t run, uint16_t flow, uint32_t sequence)
{
	uint64_t word = ((uint64_t)sequence << 32 | (uint64_t)flow << 16 | run) * UINT64_C(0xff51afd7ed558ccd);

	return word ^ word >> 32;
}

/* False: these bytes are no stamp. */
static inline bool
stamp_read(const uint8_t *from, struct stamp *stamp)
{
	uint32_t magic, low;
	uint16_t high;

	memcpy(&magic, from, 4);
	if (magic != STAMP_MAGIC)
		return false;
	memcpy(&stamp->run, from + 4, 2);
	memcpy(&stamp->flow, from + 6, 2);
	memcpy(&stamp->sequence, from + 8, 4);
	memcpy(&low, from + 12, 4);
	memcpy(&high, from + 16, 2);
	stamp->time = low | (uint64_t)high << 32;
	return true;
}

#endif
