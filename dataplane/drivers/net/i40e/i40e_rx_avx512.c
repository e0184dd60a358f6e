/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Receiving sixteen packets at a time with AVX-512: a register has four descriptors, lane j of register k being packet
 * 4k + j. What is worked out for all packets (status, flags) is kept transposed: element k of lane j.
 */
#include "i40e_rx_vector.h"

#define AVX512 __attribute__((target("avx2,bmi,bmi2,avx512f,avx512vl,avx512bw,avx512dq")))
#define WIDTH 16

/* Words of the upper halves: 0 is status, errors and two bits of the packet type, 1 has the rest of it. */
AVX512 static inline __m512i
gather_word(__m512i d0, __m512i d1, __m512i d2, __m512i d3, bool rest)
{
	const __m512i low = _mm512_unpackhi_epi32(d0, d1), high = _mm512_unpackhi_epi32(d2, d3);

	return rest ? _mm512_unpackhi_epi64(low, high) : _mm512_unpacklo_epi64(low, high);
}

/* One bit a packet, in order. */
AVX512 static inline uint32_t
done_bits(__m512i status)
{
	const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);

	return _mm512_test_epi32_mask(_mm512_permutexvar_epi32(order, status), _mm512_set1_epi32(I40E_RX_DD));
}

AVX512 static inline __m512i
flags_of(__m512i status)
{
	const __m512i checksums = _mm512_broadcast_i32x4(_mm_setr_epi8(I40E_CHECKSUM_TABLE));
	const __m512i states = _mm512_broadcast_i32x4(_mm_setr_epi8(I40E_STATUS_TABLE));
	const __m512i seven = _mm512_set1_epi32(7), eight = _mm512_set1_epi32(8);
	const __m512i errors = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(status, I40E_RX_L3L4E_SHIFT), seven),
		_mm512_and_si512(status, eight));
	const __m512i state = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(status, 11), seven),
		_mm512_and_si512(_mm512_slli_epi32(status, 1), eight));
	const __m512i found = _mm512_shuffle_epi8(states, state);
	const __m512i id = _mm512_and_si512(_mm512_slli_epi32(found, I40E_FDIR_ID_SHIFT), _mm512_set1_epi32(0x80 << I40E_FDIR_ID_SHIFT));

	return _mm512_or_si512(_mm512_or_si512(_mm512_slli_epi32(_mm512_shuffle_epi8(checksums, errors), 1), id),
		_mm512_and_si512(found, _mm512_set1_epi32(0x7F)));
}

AVX512 static inline __m512i
type_numbers(__m512i status, __m512i rest)
{
	return _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi32(status, I40E_RX_PTYPE_SHIFT),
		_mm512_slli_epi32(rest, 32 - I40E_RX_PTYPE_SHIFT)), _mm512_set1_epi32(0xFF));
}

/* Types without a tunnel are below 32 and from 64 to 95, so two tables of 32 have them; the others come out wrong here. */
#define BEYOND_TABLES 0xA0

AVX512 static inline __m512i
plain_types(__m512i numbers)
{
	const __m512i first = _mm512_permutex2var_epi32(_mm512_loadu_si512(&i40e_ptypes[0]), numbers, _mm512_loadu_si512(&i40e_ptypes[16]));
	const __m512i second = _mm512_permutex2var_epi32(_mm512_loadu_si512(&i40e_ptypes[64]), numbers, _mm512_loadu_si512(&i40e_ptypes[80]));

	return _mm512_mask_mov_epi32(first, _mm512_test_epi32_mask(numbers, _mm512_set1_epi32(64)), second);
}

/*
 * Four packets: the word to rearm with and the flags, then the packet type and the descriptor's fields, 32 bytes of each mbuf
 * in one store. `k`, a constant: which element of `flags` and `types` is theirs.
 */
#define STORE_FOUR(m, desc, k) \
	store_four((m), _mm512_mask_shuffle_epi32(rearm, 0x4444, flags, (_MM_PERM_ENUM)((k) << 4)), \
		_mm512_mask_shuffle_epi32(fields_of((desc), limit), 0x1111, types, (_MM_PERM_ENUM)(k)))

AVX512 static inline __m512i
fields_of(__m512i whole, __m512i limit)
{
	const __m512i shuffle = _mm512_broadcast_i32x4(_mm_setr_epi8(I40E_FIELDS_SHUFFLE));
	const __m512i known = _mm512_broadcast_i32x4(_mm_setr_epi32(-1, -1, -1, I40E_RX_LENGTH_WORD));
	const __m512i desc = _mm512_and_si512(whole, known);
	const __m512i length = _mm512_mask_srli_epi32(desc, 0x8888, desc, I40E_RX_LENGTH_SHIFT - 32);

	return _mm512_min_epu16(_mm512_shuffle_epi8(length, shuffle), limit);
}

AVX512 static inline void
store_four(struct rte_mbuf **m, __m512i first, __m512i fields)
{
	const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
	const __m512i two = _mm512_permutex2var_epi64(first, low, fields), more = _mm512_permutex2var_epi64(first, high, fields);

	_mm256_storeu_si256((__m256i *)&m[0]->rearm_data, _mm512_castsi512_si256(two));
	_mm256_storeu_si256((__m256i *)&m[1]->rearm_data, _mm512_extracti64x4_epi64(two, 1));
	_mm256_storeu_si256((__m256i *)&m[2]->rearm_data, _mm512_castsi512_si256(more));
	_mm256_storeu_si256((__m256i *)&m[3]->rearm_data, _mm512_extracti64x4_epi64(more, 1));
}

/* What only some packets need: the number of the rule that matched, the types of tunnels. */
AVX512 static __rte_noinline void
store_rest(struct rte_mbuf **m, const struct i40e_rx_desc *ring, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		m[i]->packet_type = i40e_rx_packet_type(&ring[i]);
		if (m[i]->ol_flags & RTE_MBUF_F_RX_FDIR_ID)
			m[i]->hash.fdir.hi = (uint32_t)(ring[i].low >> 32);
	}
}

AVX512 uint16_t
i40e_rx_avx512(void *queue, struct rte_mbuf **pkts, uint16_t n)
{
	struct i40e_rxq *q = queue;
	const __m512i rearm = _mm512_broadcast_i32x4(_mm_set_epi64x(0, (long long)q->rearm));
	/* No length beyond the buffer, whatever the device says. */
	const short room = (short)q->room;
	const __m512i limit = _mm512_broadcast_i32x4(_mm_setr_epi16(-1, -1, room, -1, room, -1, -1, -1));
	uint16_t at = q->next, done = 0;

	n = i40e_rx_available(q, n);
	/* An empty poll touches one line of what the device is about to write. */
	if ((i40e_rx_load(&q->ring[at].high) & I40E_RX_DD) == 0)
		n = 0;
	while (done < n) {
		const struct i40e_rx_desc *ring = &q->ring[at];
		struct rte_mbuf **m = &q->sw[at];
		__m512i d0, d1, d2, d3, status, flags, numbers, types;
		uint32_t ready;

		if (unlikely(n - done < WIDTH || q->count - at < WIDTH)) {
			const uint16_t want = RTE_MIN((uint16_t)(n - done), (uint16_t)(q->count - at));
			const uint16_t few = i40e_rx_few(q, at, &pkts[done], RTE_MIN(want, (uint16_t)WIDTH));

			done = (uint16_t)(done + few);
			at = (uint16_t)(at + few == q->count ? 0 : at + few);
			if (few == 0 || few < RTE_MIN(want, (uint16_t)WIDTH))
				break;
			continue;
		}
		d0 = _mm512_loadu_si512(&ring[0]);
		d1 = _mm512_loadu_si512(&ring[4]);
		d2 = _mm512_loadu_si512(&ring[8]);
		d3 = _mm512_loadu_si512(&ring[12]);
		status = gather_word(d0, d1, d2, d3, false);
		ready = (uint32_t)__builtin_ctz(~done_bits(status));
		if (ready == 0)
			break;
		rte_compiler_barrier();
		flags = flags_of(status);
		_mm512_storeu_si512(&pkts[done], _mm512_loadu_si512(&m[0]));
		_mm512_storeu_si512(&pkts[done + 8], _mm512_loadu_si512(&m[8]));
		numbers = type_numbers(status, gather_word(d0, d1, d2, d3, true));
		types = plain_types(numbers);
		STORE_FOUR(&m[0], d0, 0);
		STORE_FOUR(&m[4], d1, 1);
		STORE_FOUR(&m[8], d2, 2);
		STORE_FOUR(&m[12], d3, 3);
		if (unlikely((_mm512_test_epi32_mask(flags, _mm512_set1_epi32((int)RTE_MBUF_F_RX_FDIR_ID)) |
				_mm512_test_epi32_mask(numbers, _mm512_set1_epi32(BEYOND_TABLES))) != 0))
			store_rest(m, ring, ready);
		/* By a prediction, not by `ready`: the next round's loads do not wait for this one's. */
		if (ready < WIDTH) {
			done = (uint16_t)(done + ready);
			break;
		}
		done = (uint16_t)(done + WIDTH);
		at = (uint16_t)(at + WIDTH == q->count ? 0 : at + WIDTH);
	}
	i40e_rx_advance(q, done);
	i40e_rx_refill(q);
	return done;
}
