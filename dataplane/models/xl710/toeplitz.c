/* SPDX-License-Identifier: BSD-3-Clause */
#include "toeplitz.h"

#include "bytes.h"

void
toeplitz_set_key(struct toeplitz *toeplitz, const uint8_t key[TOEPLITZ_KEY_SIZE])
{
	memmove(toeplitz->key, key, TOEPLITZ_KEY_SIZE);
	for (unsigned at = 0; at < TOEPLITZ_INPUT_MAX; at++) {
		uint64_t window = (uint64_t)load32be(toeplitz->key + at) << 8 | toeplitz->key[at + 4];
		uint32_t *part = toeplitz->part[at];

		/* The most significant bit of a byte comes first and sees the key from its place on. */
		part[0] = 0;
		for (unsigned byte = 1; byte < 256; byte++) {
			unsigned lowest = (unsigned)__builtin_ctz(byte);

			part[byte] = part[byte & (byte - 1)] ^ (uint32_t)(window >> (1 + lowest));
		}
	}
}
