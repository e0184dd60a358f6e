/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Toeplitz hash of RSS, a byte of input at a time: a table holds, for each place and each byte, what that byte contributes.
 */
#ifndef XL710_TOEPLITZ_H
#define XL710_TOEPLITZ_H

#include <stdint.h>

#define TOEPLITZ_KEY_SIZE 52
#define TOEPLITZ_INPUT_MAX (TOEPLITZ_KEY_SIZE - 4)

struct toeplitz {
	uint8_t key[TOEPLITZ_KEY_SIZE];
	uint32_t part[TOEPLITZ_INPUT_MAX][256];
};

/* About 10 us. */
void toeplitz_set_key(struct toeplitz *toeplitz, const uint8_t key[TOEPLITZ_KEY_SIZE]);

/* What `byte` at place `at` (below TOEPLITZ_INPUT_MAX) contributes; a hash is all of them, exclusive-or'ed. */
static inline uint32_t
toeplitz_part(const struct toeplitz *toeplitz, unsigned at, uint8_t byte)
{
	return toeplitz->part[at][byte];
}

/* Input beyond the key's reach does not count. */
static inline uint32_t
toeplitz_hash(const struct toeplitz *toeplitz, const uint8_t *input, unsigned length)
{
	uint32_t hash = 0;

	for (unsigned i = 0; i < length && i < TOEPLITZ_INPUT_MAX; i++)
		hash ^= toeplitz->part[i][input[i]];
	return hash;
}

#endif
