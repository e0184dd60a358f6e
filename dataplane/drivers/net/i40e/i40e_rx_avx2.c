/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Receiving eight packets at a time with AVX2: a register has two descriptors, lane j of register k being packet 2k + j.
 * What is worked out for all packets (status, flags) is kept transposed: element k of lane j.
 */
#include "i40e_rx_vector.h"

#define AVX2 __attribute__((target("avx2,bmi,bmi2")))
#define WIDTH 8

AVX2 static inline __m256i
gather_status(__m256i d0, __m256i d1, __m256i d2, __m256i d3)
{
	return _mm256_unpacklo_epi64(_mm256_unpackhi_epi32(d0, d1), _mm256_unpackhi_epi32(d2, d3));
}

/* One bit a packet, in order. */
AVX2 static inline uint32_t
done_bits(__m256i status)
{
	const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);

	return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_permutevar8x32_epi32(status, order), 31)));
}

AVX2 static inline __m256i
flags_of(__m256i status)
{
	const __m256i checksums = _mm256_broadcastsi128_si256(_mm_setr_epi8(I40E_CHECKSUM_TABLE));
	const __m256i states = _mm256_broadcastsi128_si256(_mm_setr_epi8(I40E_STATUS_TABLE));
	const __m256i seven = _mm256_set1_epi32(7), eight = _mm256_set1_epi32(8);
	const __m256i errors = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi32(status, I40E_RX_L3L4E_SHIFT), seven),
		_mm256_and_si256(status, eight));
	const __m256i state = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi32(status, 11), seven),
		_mm256_and_si256(_mm256_slli_epi32(status, 1), eight));
	const __m256i found = _mm256_shuffle_epi8(states, state);
	const __m256i id = _mm256_and_si256(_mm256_slli_epi32(found, I40E_FDIR_ID_SHIFT), _mm256_set1_epi32(0x80 << I40E_FDIR_ID_SHIFT));

	return _mm256_or_si256(_mm256_or_si256(_mm256_slli_epi32(_mm256_shuffle_epi8(checksums, errors), 1), id),
		_mm256_and_si256(found, _mm256_set1_epi32(0x7F)));
}

/* Two packets: the word to rearm with and the flags, then the descriptor's fields, 32 bytes of each mbuf in one store. */
AVX2 static inline void
store_two(struct rte_mbuf **m, const struct i40e_rx_desc *ring, __m256i whole, __m256i rearm, __m256i flags, __m256i limit)
{
	const __m256i known = _mm256_broadcastsi128_si256(_mm_setr_epi32(-1, -1, -1, I40E_RX_LENGTH_WORD));
	const __m256i shuffle = _mm256_broadcastsi128_si256(_mm_setr_epi8(I40E_FIELDS_SHUFFLE));
	const __m256i desc = _mm256_and_si256(whole, known);
	const __m256i length = _mm256_blend_epi32(desc, _mm256_srli_epi32(desc, I40E_RX_LENGTH_SHIFT - 32), 0x88);
	const __m256i fields = _mm256_min_epu16(_mm256_shuffle_epi8(length, shuffle), limit);
	const __m256i first = _mm256_blend_epi32(rearm, flags, 0x44);
	struct rte_mbuf *low = m[0], *high = m[1];

	_mm256_storeu_si256((__m256i *)&low->rearm_data, _mm256_inserti128_si256(first, _mm256_castsi256_si128(fields), 1));
	_mm256_storeu_si256((__m256i *)&high->rearm_data, _mm256_permute2x128_si256(first, fields, 0x31));
	low->packet_type = i40e_rx_packet_type(&ring[0]);
	high->packet_type = i40e_rx_packet_type(&ring[1]);
}

AVX2 static __rte_noinline void
store_ids(struct rte_mbuf **m, const struct i40e_rx_desc *ring, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (m[i]->ol_flags & RTE_MBUF_F_RX_FDIR_ID)
			m[i]->hash.fdir.hi = (uint32_t)(ring[i].low >> 32);
}

AVX2 uint16_t
i40e_rx_avx2(void *queue, struct rte_mbuf **pkts, uint16_t n)
{
	struct i40e_rxq *q = queue;
	const __m256i rearm = _mm256_broadcastsi128_si256(_mm_set_epi64x(0, (long long)q->rearm));
	/* No length beyond the buffer, whatever the device says. */
	const short room = (short)q->room;
	const __m256i limit = _mm256_broadcastsi128_si256(_mm_setr_epi16(-1, -1, room, -1, room, -1, -1, -1));
	uint16_t at = q->next, done = 0;

	n = i40e_rx_available(q, n);
	/* An empty poll touches one line of what the device is about to write. */
	if ((i40e_rx_load(&q->ring[at].high) & I40E_RX_DD) == 0)
		n = 0;
	while (done < n) {
		const struct i40e_rx_desc *ring = &q->ring[at];
		struct rte_mbuf **m = &q->sw[at];
		__m256i d0, d1, d2, d3, status, flags;
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
		d0 = _mm256_loadu_si256((const __m256i *)&ring[0]);
		d1 = _mm256_loadu_si256((const __m256i *)&ring[2]);
		d2 = _mm256_loadu_si256((const __m256i *)&ring[4]);
		d3 = _mm256_loadu_si256((const __m256i *)&ring[6]);
		status = gather_status(d0, d1, d2, d3);
		ready = (uint32_t)__builtin_ctz(~done_bits(status));
		if (ready == 0)
			break;
		rte_compiler_barrier();
		flags = flags_of(status);
		_mm256_storeu_si256((__m256i *)&pkts[done], _mm256_loadu_si256((const __m256i *)&m[0]));
		_mm256_storeu_si256((__m256i *)&pkts[done + 4], _mm256_loadu_si256((const __m256i *)&m[4]));
		store_two(&m[0], &ring[0], d0, rearm, _mm256_slli_si256(flags, 8), limit);
		store_two(&m[2], &ring[2], d1, rearm, _mm256_slli_si256(flags, 4), limit);
		store_two(&m[4], &ring[4], d2, rearm, flags, limit);
		store_two(&m[6], &ring[6], d3, rearm, _mm256_srli_si256(flags, 4), limit);
		if (unlikely(!_mm256_testz_si256(flags, _mm256_set1_epi32((int)RTE_MBUF_F_RX_FDIR_ID))))
			store_ids(m, ring, ready);
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
