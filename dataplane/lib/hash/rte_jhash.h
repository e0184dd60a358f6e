/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bob Jenkins' lookup3 (public domain, 2006), with DPDK 22.11's names and start values. Fast on short keys, not for
 * adversaries. Keys are read as little-endian words and never beyond their end.
 */
#ifndef RTE_JHASH_H
#define RTE_JHASH_H

#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What lookup3 starts from. */
#define RTE_JHASH_GOLDEN_RATIO 0xdeadbeef

/* Internal: lookup3's state and its two rounds. */
struct wdpdk_jhash {
	uint32_t a, b, c;
};

static inline uint32_t
wdpdk_jhash_rotate(uint32_t x, unsigned int bits)
{
	return x << bits | x >> (32 - bits);
}

static inline void
wdpdk_jhash_mix(struct wdpdk_jhash *s)
{
	uint32_t a = s->a, b = s->b, c = s->c;

	a = (a - c) ^ wdpdk_jhash_rotate(c, 4), c += b;
	b = (b - a) ^ wdpdk_jhash_rotate(a, 6), a += c;
	c = (c - b) ^ wdpdk_jhash_rotate(b, 8), b += a;
	a = (a - c) ^ wdpdk_jhash_rotate(c, 16), c += b;
	b = (b - a) ^ wdpdk_jhash_rotate(a, 19), a += c;
	c = (c - b) ^ wdpdk_jhash_rotate(b, 4), b += a;
	s->a = a, s->b = b, s->c = c;
}

static inline void
wdpdk_jhash_final(struct wdpdk_jhash *s)
{
	uint32_t a = s->a, b = s->b, c = s->c;

	c = (c ^ b) - wdpdk_jhash_rotate(b, 14);
	a = (a ^ c) - wdpdk_jhash_rotate(c, 11);
	b = (b ^ a) - wdpdk_jhash_rotate(a, 25);
	c = (c ^ b) - wdpdk_jhash_rotate(b, 16);
	a = (a ^ c) - wdpdk_jhash_rotate(c, 4);
	b = (b ^ a) - wdpdk_jhash_rotate(a, 14);
	c = (c ^ b) - wdpdk_jhash_rotate(b, 24);
	s->b = b, s->c = c;
}

static inline void
wdpdk_jhash_add(struct wdpdk_jhash *s, const uint8_t *key, uint32_t length)
{
	uint32_t words[3] = { 0, 0, 0 };

	memcpy(words, key, length);
	s->a += words[0];
	s->b += words[1];
	s->c += words[2];
}

/* Two hashes of a key of length bytes: *pc and *pb are start values and results, *pc the better mixed. */
static inline void
rte_jhash_2hashes(const void *key, uint32_t length, uint32_t *pc, uint32_t *pb)
{
	const uint8_t *bytes = (const uint8_t *)key;
	uint32_t start = RTE_JHASH_GOLDEN_RATIO + length + *pc;
	struct wdpdk_jhash s = { start, start, start + *pb };

	for (; length > 12; length -= 12, bytes += 12) {
		wdpdk_jhash_add(&s, bytes, 12);
		wdpdk_jhash_mix(&s);
	}
	if (length > 0) {
		if (length == 12)
			wdpdk_jhash_add(&s, bytes, 12);
		else
			wdpdk_jhash_add(&s, bytes, length);
		wdpdk_jhash_final(&s);
	}
	*pc = s.c;
	*pb = s.b;
}

/* The same of length words. */
static inline void
rte_jhash_32b_2hashes(const uint32_t *k, uint32_t length, uint32_t *pc, uint32_t *pb)
{
	uint32_t start = RTE_JHASH_GOLDEN_RATIO + (length << 2) + *pc;
	struct wdpdk_jhash s = { start, start, start + *pb };

	for (; length > 3; length -= 3, k += 3) {
		s.a += k[0];
		s.b += k[1];
		s.c += k[2];
		wdpdk_jhash_mix(&s);
	}
	if (length > 0) {
		s.a += k[0];
		s.b += length > 1 ? k[1] : 0;
		s.c += length > 2 ? k[2] : 0;
		wdpdk_jhash_final(&s);
	}
	*pc = s.c;
	*pb = s.b;
}

/* The hash of length bytes; any initval. */
static inline uint32_t
rte_jhash(const void *key, uint32_t length, uint32_t initval)
{
	uint32_t other = 0;

	rte_jhash_2hashes(key, length, &initval, &other);
	return initval;
}

/* The hash of length words: as of the bytes they are in memory. */
static inline uint32_t
rte_jhash_32b(const uint32_t *k, uint32_t length, uint32_t initval)
{
	uint32_t other = 0;

	rte_jhash_32b_2hashes(k, length, &initval, &other);
	return initval;
}

/* As rte_jhash_32b() of three words, two or one. */
static inline uint32_t
rte_jhash_3words(uint32_t a, uint32_t b, uint32_t c, uint32_t initval)
{
	uint32_t start = RTE_JHASH_GOLDEN_RATIO + 12 + initval;
	struct wdpdk_jhash s = { start + a, start + b, start + c };

	wdpdk_jhash_final(&s);
	return s.c;
}

static inline uint32_t
rte_jhash_2words(uint32_t a, uint32_t b, uint32_t initval)
{
	return rte_jhash_3words(a - 4, b - 4, (uint32_t)-4, initval);
}

static inline uint32_t
rte_jhash_1word(uint32_t a, uint32_t initval)
{
	return rte_jhash_3words(a - 8, (uint32_t)-8, (uint32_t)-8, initval);
}

#ifdef __cplusplus
}
#endif

#endif
