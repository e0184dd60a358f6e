/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Nearly all IPv4 frames: no options, nothing wrong, nothing special. Everything is computed and looked at once, since branches that are
 * taken now and then cost more than the arithmetic. "Not plain" says only that a frame needs to be looked at one check after the
 * other (check_ipv4 in l3fwd.c).
 */
#ifndef PLAIN_IPV4_H
#define PLAIN_IPV4_H

#include <stdbool.h>

#include <smmintrin.h>

#include <rte_branch_prediction.h>
#include <rte_ether.h>
#include <rte_mbuf.h>

#include "frame_bytes.h"

#define IPV4_LEAST_HEADER 20u
/* As loaded from the frame by a little endian machine. */
#define ETHERTYPE_IPV4_LE 0x0008
#define LINK_LOCAL_LE 0xfea9		/* 169.254 */

/* What four frames at a time add up: bytes and the longest, by lane. */
struct frame_sums {
	__m128i bytes, longest;
};

static inline uint64_t
frame_sums_bytes(const struct frame_sums *sums)
{
	__m128i two = _mm_add_epi32(sums->bytes, _mm_srli_si128(sums->bytes, 8));

	return (uint32_t)_mm_cvtsi128_si32(two) + (uint32_t)_mm_extract_epi32(two, 1);
}

static inline uint32_t
frame_sums_longest(const struct frame_sums *sums)
{
	__m128i two = _mm_max_epu32(sums->longest, _mm_srli_si128(sums->longest, 8));

	return RTE_MAX((uint32_t)_mm_cvtsi128_si32(two), (uint32_t)_mm_extract_epi32(two, 1));
}

/* Folds a one's complement sum (carries in the upper half) to 32 and then to 16 bits: adding a number to itself with its halves
 * exchanged leaves the folded sum, end-around carry included, in the upper half. */
static inline bool
sum_is_all_ones(uint64_t sum)
{
	uint32_t folded = (uint32_t)((sum + (sum << 32 | sum >> 32)) >> 32);

	return folded + (folded << 16 | folded >> 16) >= 0xffff0000u;
}

static inline bool
is_plain_ipv4(const struct rte_mbuf *mbuf, const uint8_t *frame)
{
	const uint8_t *ip = frame + RTE_ETHER_HDR_LEN;
	uint64_t first, second, sum;
	uint32_t third, total, unusual;

	if (unlikely(mbuf->data_len < RTE_ETHER_HDR_LEN + IPV4_LEAST_HEADER))
		return false;
	first = load64(ip);
	second = load64(ip + 8);
	third = load32(ip + 16);
	total = __builtin_bswap16((uint16_t)(first >> 16));
	/* 32-bit words one by one: five of them cannot overflow. */
	sum = (first & 0xffffffff) + (first >> 32) + (second & 0xffffffff) + (second >> 32) + third;
	/* The third word starts with the destination's first byte: 1 to 126 and 128 to 223 are plain. */
	unusual = (uint32_t)(load16(frame + 12) ^ ETHERTYPE_IPV4_LE) | ((uint8_t)first ^ 0x45u);
	unusual |= (uint32_t)(total < IPV4_LEAST_HEADER) | (uint32_t)(total + RTE_ETHER_HDR_LEN > mbuf->pkt_len);
	unusual |= (uint32_t)((third & 0xff) - 1 >= 223) | (uint32_t)((third & 0xff) == 127);
	unusual |= (uint32_t)((uint16_t)third == LINK_LOCAL_LE) | (uint32_t)((uint16_t)(second >> 32) == LINK_LOCAL_LE);
	unusual |= (uint32_t)((uint8_t)second <= 1) | (uint32_t)!sum_is_all_ones(sum);
	return unusual == 0;
}

/* The sum of a word's two halves, less 0x10000: halves are made signed, which is all that the instruction knows. */
static inline __m128i
sum_halves(__m128i words)
{
	return _mm_madd_epi16(_mm_xor_si128(words, _mm_set1_epi16((short)0x8000)), _mm_set1_epi16(1));
}

/* The word of TTL, protocol and checksum one hop later. RFC 1624's HC' = ~(~HC + ~m + m') with m' = m - 1 in memory order (the word
 * starts with the TTL) is HC + 1 in one's complement, where the sum 0xffff is written 0x0000. All three change as one 32-bit word; the
 * TTL is at least 2, so nothing is borrowed, and what overflows from the checksum falls off. */
static inline uint32_t
after_ipv4_hop(uint32_t word)
{
	return word + 0x10000u - 1 + ((uint32_t)(word >= 0xfffe0000u) << 16);
}

/*
 * The same for four at once: each vector below holds one 32-bit word of all of them. When all are plain, `to` has their destinations
 * as numbers and `counted` their after_ipv4_hop(). The first 34 bytes are read before it is known how long a frame is: no buffer is so
 * small. The lengths are added to `sums` in any case.
 */
static __rte_always_inline bool
are_plain_ipv4(struct rte_mbuf *const *pkts, uint32_t *to, uint32_t *counted, struct frame_sums *sums)
{
	const __m128i as_number = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
	const __m128i total_of = _mm_set_epi8(-1, -1, 12, 13, -1, -1, 8, 9, -1, -1, 4, 5, -1, -1, 0, 1);
	const __m128i low_byte = _mm_set1_epi32(0xff);
	__m128i head[4], rest[4], about[4], a, b, c, d, kind, size, identity, hops, source, destination, length, first_length;
	__m128i total, sum, link_local, octet, carry, good, bad;

	for (unsigned int i = 0; i < 4; i++) {
		const uint8_t *frame = rte_pktmbuf_mtod(pkts[i], const uint8_t *);

		head[i] = _mm_loadu_si128((const __m128i *)(frame + 12));	/* type, version, TOS; total length, identity */
		rest[i] = _mm_loadu_si128((const __m128i *)(frame + 18));	/* from the identity to the destination */
		about[i] = _mm_loadu_si128((const __m128i *)&pkts[i]->rx_descriptor_fields1);
	}
	a = _mm_unpacklo_epi32(head[0], head[1]);
	b = _mm_unpacklo_epi32(head[2], head[3]);
	kind = _mm_unpacklo_epi64(a, b);
	size = _mm_unpackhi_epi64(a, b);
	a = _mm_unpacklo_epi32(rest[0], rest[1]);
	b = _mm_unpacklo_epi32(rest[2], rest[3]);
	c = _mm_unpackhi_epi32(rest[0], rest[1]);
	d = _mm_unpackhi_epi32(rest[2], rest[3]);
	identity = _mm_unpacklo_epi64(a, b);
	hops = _mm_unpackhi_epi64(a, b);
	source = _mm_unpacklo_epi64(c, d);
	destination = _mm_unpackhi_epi64(c, d);
	length = _mm_unpackhi_epi64(_mm_unpacklo_epi32(about[0], about[1]), _mm_unpacklo_epi32(about[2], about[3]));
	first_length = _mm_unpacklo_epi64(_mm_unpackhi_epi32(about[0], about[1]), _mm_unpackhi_epi32(about[2], about[3]));

	sums->bytes = _mm_add_epi32(sums->bytes, length);
	sums->longest = _mm_max_epu32(sums->longest, length);
	_mm_storeu_si128((__m128i *)to, _mm_shuffle_epi8(destination, as_number));
	/* Where the word is 0xfffe0000 or more the comparison is -1, and 0x10000 has to be added. */
	carry = _mm_slli_epi32(_mm_cmpeq_epi32(_mm_max_epu32(hops, _mm_set1_epi32((int)0xfffe0000u)), hops), 16);
	_mm_storeu_si128((__m128i *)counted, _mm_sub_epi32(_mm_add_epi32(hops, _mm_set1_epi32(0xffff)), carry));

	/* The header's halves: those of four words, the upper one of `kind` and the lower one of `size`. */
	sum = sum_halves(_mm_blend_epi16(kind, size, 0x55));
	sum = _mm_add_epi32(_mm_add_epi32(sum, sum_halves(identity)), sum_halves(hops));
	sum = _mm_add_epi32(_mm_add_epi32(sum, sum_halves(source)), sum_halves(destination));
	/* Folded once it is 0xffff, or it never will be; five times 0x10000 are missing from its upper half. */
	sum = _mm_add_epi32(_mm_and_si128(sum, _mm_set1_epi32(0xffff)), _mm_srai_epi32(sum, 16));
	good = _mm_cmpeq_epi32(sum, _mm_set1_epi32(0xffff - 5));

	total = _mm_shuffle_epi8(size, total_of);
	good = _mm_and_si128(good, _mm_cmpgt_epi32(total, _mm_set1_epi32(IPV4_LEAST_HEADER - 1)));
	good = _mm_and_si128(good, _mm_cmpeq_epi32(_mm_and_si128(kind, _mm_set1_epi32(0xffffff)),
		_mm_set1_epi32(0x450000 | ETHERTYPE_IPV4_LE)));
	good = _mm_and_si128(good, _mm_cmpgt_epi32(_mm_and_si128(hops, low_byte), _mm_set1_epi32(1)));
	good = _mm_and_si128(good, _mm_cmpgt_epi32(_mm_and_si128(first_length, _mm_set1_epi32(0xffff)),
		_mm_set1_epi32(RTE_ETHER_HDR_LEN + IPV4_LEAST_HEADER - 1)));

	bad = _mm_cmpgt_epi32(_mm_add_epi32(total, _mm_set1_epi32(RTE_ETHER_HDR_LEN)), length);
	octet = _mm_and_si128(destination, low_byte);
	bad = _mm_or_si128(bad, _mm_cmpeq_epi32(octet, _mm_setzero_si128()));
	bad = _mm_or_si128(bad, _mm_cmpeq_epi32(octet, _mm_set1_epi32(127)));
	bad = _mm_or_si128(bad, _mm_cmpgt_epi32(octet, _mm_set1_epi32(223)));
	link_local = _mm_blend_epi16(destination, _mm_slli_epi32(source, 16), 0xaa);
	bad = _mm_or_si128(bad, _mm_cmpeq_epi16(link_local, _mm_set1_epi16((short)LINK_LOCAL_LE)));
	return _mm_movemask_epi8(_mm_andnot_si128(bad, good)) == 0xffff;
}

#endif
