/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Both checks are of polynomials with the bits of each byte the other way round, so one piece of code serves them: what differs is the
 * polynomial, from which tables and folding constants are computed once.
 *
 * Folding: a message is a polynomial over GF(2), and its check is the rest by P. So 16 bytes A in front of more message can be replaced by
 * A * x^n mod P, added to the bytes n bits further on: two carry-less products (a half of A each). What is left, 16 bytes and the tail, is
 * done by table.
 */
#include <immintrin.h>
#include <string.h>

#include <rte_common.h>
#include <rte_cpuflags.h>
#include <rte_spinlock.h>
#include <rte_vect.h>

#include "rte_net_crc.h"

#define SLICES 8u
#define BLOCK 16u

/* A half of a block moved on by `bits`: read as a product of reflected halves, which is one bit off, the factor is x^(bits - 1). */
struct fold {
	uint64_t first;	/* for the half with the higher powers, which is the one at the lower address */
	uint64_t second;
};

struct check {
	uint32_t ones;		/* start and final complement: as many ones as the check is wide */
	struct fold by_block, by_four, by_sixteen;
	uint32_t table[SLICES][256];
};

static struct check checks[RTE_NET_CRC_REQS];

typedef uint32_t (*crc_function)(const struct check *check, const uint8_t *data, uint32_t length, uint32_t crc);

/* ---- Tables ---- */

/* x^n mod P with the highest power in bit 0 of a 64-bit word; `reflected` has P so in its lowest `width` bits, without the leading 1. */
static uint64_t
power(unsigned int n, uint32_t reflected, unsigned int width)
{
	uint32_t rest = UINT32_C(1) << (width - 1);	/* x^0 */

	for (; n > 0; n--)
		rest = rest >> 1 ^ ((rest & 1) != 0 ? reflected : 0);
	return (uint64_t)rest << (64 - width);
}

static struct fold
make_fold(unsigned int bits, uint32_t reflected, unsigned int width)
{
	return (struct fold){power(bits + 64 - 1, reflected, width), power(bits - 1, reflected, width)};
}

static void
prepare(struct check *check, uint32_t reflected, unsigned int width)
{
	check->ones = (uint32_t)((UINT64_C(1) << width) - 1);
	check->by_block = make_fold(128, reflected, width);
	check->by_four = make_fold(4 * 128, reflected, width);
	check->by_sixteen = make_fold(16 * 128, reflected, width);
	for (unsigned int byte = 0; byte < 256; byte++) {
		uint32_t crc = byte;

		for (unsigned int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? reflected : 0);
		check->table[0][byte] = crc;
	}
	for (unsigned int slice = 1; slice < SLICES; slice++)
		for (unsigned int byte = 0; byte < 256; byte++) {
			const uint32_t before = check->table[slice - 1][byte];

			check->table[slice][byte] = before >> 8 ^ check->table[0][before & 0xff];
		}
}

/* ---- By table ---- */

static uint32_t
by_table(const struct check *check, const uint8_t *data, uint32_t length, uint32_t crc)
{
	for (; length >= SLICES; length -= SLICES, data += SLICES) {
		uint64_t word;

		memcpy(&word, data, sizeof(word));
		word ^= crc;
		crc = 0;
		for (unsigned int i = 0; i < SLICES; i++)
			crc ^= check->table[SLICES - 1 - i][word >> (8 * i) & 0xff];
	}
	for (; length > 0; length--, data++)
		crc = crc >> 8 ^ check->table[0][(crc ^ *data) & 0xff];
	return crc;
}

/* ---- By products of 128 bits ---- */

#define PCLMUL __attribute__((target("pclmul,sse4.2")))

PCLMUL static inline __m128i
fold(__m128i block, struct fold by, __m128i next)
{
	const __m128i factors = _mm_set_epi64x((long long)by.second, (long long)by.first);

	return _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(block, factors, 0x00),
		_mm_clmulepi64_si128(block, factors, 0x11)), next);
}

PCLMUL static inline __m128i
load(const uint8_t *data)
{
	return _mm_loadu_si128((const __m128i *)data);
}

/* From one block that stands for all before `data` to the end. */
PCLMUL static inline uint32_t
finish(const struct check *check, __m128i block, const uint8_t *data, uint32_t length)
{
	uint8_t last[BLOCK];

	for (; length >= BLOCK; length -= BLOCK, data += BLOCK)
		block = fold(block, check->by_block, load(data));
	_mm_storeu_si128((__m128i *)last, block);
	return by_table(check, data, length, by_table(check, last, BLOCK, 0));
}

PCLMUL static uint32_t
by_product(const struct check *check, const uint8_t *data, uint32_t length, uint32_t crc)
{
	__m128i a, b, c, d;

	if (length < 2 * BLOCK)
		return by_table(check, data, length, crc);
	a = _mm_xor_si128(load(data), _mm_cvtsi32_si128((int)crc));
	if (length < 8 * BLOCK)
		return finish(check, a, data + BLOCK, length - BLOCK);
	b = load(data + BLOCK);
	c = load(data + 2 * BLOCK);
	d = load(data + 3 * BLOCK);
	for (data += 4 * BLOCK, length -= 4 * BLOCK; length >= 4 * BLOCK; data += 4 * BLOCK, length -= 4 * BLOCK) {
		a = fold(a, check->by_four, load(data));
		b = fold(b, check->by_four, load(data + BLOCK));
		c = fold(c, check->by_four, load(data + 2 * BLOCK));
		d = fold(d, check->by_four, load(data + 3 * BLOCK));
	}
	b = fold(a, check->by_block, b);
	c = fold(b, check->by_block, c);
	return finish(check, fold(c, check->by_block, d), data, length);
}

/* ---- By products of 512 bits ---- */

#define VPCLMUL __attribute__((target("avx512f,avx512vl,vpclmulqdq,pclmul,sse4.2")))
#define WIDE (4 * BLOCK)

VPCLMUL static inline __m512i
fold_wide(__m512i blocks, __m512i factors, __m512i next)
{
	return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(blocks, factors, 0x00),
		_mm512_clmulepi64_epi128(blocks, factors, 0x11), next, 0x96);
}

VPCLMUL static inline __m512i
factors_of(struct fold by)
{
	return _mm512_broadcast_i32x4(_mm_set_epi64x((long long)by.second, (long long)by.first));
}

VPCLMUL static uint32_t
by_wide_product(const struct check *check, const uint8_t *data, uint32_t length, uint32_t crc)
{
	__m512i a, b, c, d, factors;
	__m128i block;

	if (length < 8 * WIDE)
		return by_product(check, data, length, crc);
	factors = factors_of(check->by_sixteen);
	a = _mm512_xor_si512(_mm512_loadu_si512(data), _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)crc)));
	b = _mm512_loadu_si512(data + WIDE);
	c = _mm512_loadu_si512(data + 2 * WIDE);
	d = _mm512_loadu_si512(data + 3 * WIDE);
	for (data += 4 * WIDE, length -= 4 * WIDE; length >= 4 * WIDE; data += 4 * WIDE, length -= 4 * WIDE) {
		a = fold_wide(a, factors, _mm512_loadu_si512(data));
		b = fold_wide(b, factors, _mm512_loadu_si512(data + WIDE));
		c = fold_wide(c, factors, _mm512_loadu_si512(data + 2 * WIDE));
		d = fold_wide(d, factors, _mm512_loadu_si512(data + 3 * WIDE));
	}
	factors = factors_of(check->by_four);
	d = fold_wide(fold_wide(fold_wide(a, factors, b), factors, c), factors, d);
	block = _mm512_castsi512_si128(d);
	block = fold(block, check->by_block, _mm512_extracti32x4_epi32(d, 1));
	block = fold(block, check->by_block, _mm512_extracti32x4_epi32(d, 2));
	block = fold(block, check->by_block, _mm512_extracti32x4_epi32(d, 3));
	return finish(check, block, data, length);
}

/* ---- Choice ---- */

static rte_spinlock_t lock = RTE_SPINLOCK_INITIALIZER;
static crc_function chosen; /* NULL until the tables are there */

static crc_function
best(enum rte_net_crc_alg alg)
{
	if (alg == RTE_NET_CRC_SCALAR || rte_cpu_get_flag_enabled(RTE_CPUFLAG_PCLMULQDQ) <= 0)
		return by_table;
	/* Wider words than the user allows slow the core down for what comes after. */
	if (alg == RTE_NET_CRC_AVX512 && rte_vect_get_max_simd_bitwidth() >= RTE_VECT_SIMD_512 &&
			rte_cpu_get_flag_enabled(RTE_CPUFLAG_VPCLMULQDQ) > 0 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512F) > 0 &&
			rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512VL) > 0)
		return by_wide_product;
	return by_product;
}

void
rte_net_crc_set_alg(enum rte_net_crc_alg alg)
{
	rte_spinlock_lock(&lock);
	if (checks[RTE_NET_CRC32_ETH].ones == 0) {
		prepare(&checks[RTE_NET_CRC16_CCITT], 0x8408, 16);
		prepare(&checks[RTE_NET_CRC32_ETH], 0xedb88320, 32);
	}
	__atomic_store_n(&chosen, best(alg), __ATOMIC_RELEASE);
	rte_spinlock_unlock(&lock);
}

uint32_t
rte_net_crc_calc(const void *data, uint32_t data_len, enum rte_net_crc_type type)
{
	crc_function function = __atomic_load_n(&chosen, __ATOMIC_ACQUIRE);
	const struct check *check;

	if ((unsigned int)type >= RTE_NET_CRC_REQS)
		return 0;
	if (unlikely(function == NULL)) {
		rte_net_crc_set_alg(RTE_NET_CRC_AVX512);
		function = __atomic_load_n(&chosen, __ATOMIC_ACQUIRE);
	}
	check = &checks[type];
	return ~function(check, data, data_len, check->ones) & check->ones;
}
