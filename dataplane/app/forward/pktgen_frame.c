/* SPDX-License-Identifier: BSD-3-Clause */
#include "pktgen_frame.h"

#include <rte_byteorder.h>
#include <rte_vect.h>

#define IPV4_HEADER 20u
#define IPV6_HEADER 40u
#define UDP_HEADER 8u
#define HOPS 64u
#define PROTOCOL_UDP 17u

/* Interleaved, so that each stretch of twelve frames has all and long ones do not come together. */
const uint8_t frame_imix[PKTGEN_IMIX] = { 0, 1, 0, 0, 1, 0, 2, 0, 1, 0, 1, 0 };
const uint16_t frame_imix_sizes[3] = { 64, 594, 1518 };
static const uint8_t tail_bytes[STAMP_BLOCK - 1] = STAMP_TAIL;

uint16_t
frame_length(bool ipv6, uint16_t size)
{
	uint16_t length = (uint16_t)(size - PKTGEN_FCS), least = ipv6 ? PKTGEN_IPV6_LEAST : PKTGEN_IPV4_LEAST;

	return RTE_MAX(length, least);
}

/* Sums 16-bit words as they lie in memory; a last odd byte is the low half of one. */
static uint32_t
sum_words(const uint8_t *bytes, uint32_t count)
{
	uint32_t sum = 0;

	for (uint32_t at = 0; at + 1 < count; at += 2)
		sum += bytes[at] | (uint32_t)bytes[at + 1] << 8;
	return count % 2 == 0 ? sum : sum + bytes[count - 1];
}

static void
put16(uint8_t *to, uint16_t value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

/* The network's bits of an address; the last 16 stay clear for the flow's. */
static void
put_network(uint8_t *to, const uint8_t *address, unsigned int bytes, unsigned int depth)
{
	for (unsigned int i = 0; i < bytes - 2; i++) {
		unsigned int bits = depth > i * 8 ? RTE_MIN(depth - i * 8, 8u) : 0;

		to[i] = address[i] & (uint8_t)(0xff00 >> bits);
	}
}

static void
put_ipv4(uint8_t *ip, const struct pktgen_config *config, uint16_t bytes)
{
	ip[0] = 0x45;
	put16(ip + 2, bytes);
	put16(ip + 6, 0x4000);		/* do not fragment */
	ip[8] = HOPS;
	ip[9] = PROTOCOL_UDP;
	put_network(ip + 12, config->src, 4, config->src_depth);
	put_network(ip + 16, config->dst, 4, config->dst_depth);
}

static void
put_ipv6(uint8_t *ip, const struct pktgen_config *config, uint16_t bytes)
{
	ip[0] = 0x60;
	put16(ip + 4, (uint16_t)(bytes - IPV6_HEADER));
	ip[6] = PROTOCOL_UDP;
	ip[7] = HOPS;
	put_network(ip + 8, config->src, 16, config->src_depth);
	put_network(ip + 24, config->dst, 16, config->dst_depth);
}

void
frame_prepare(struct frame_template *frame, const struct pktgen_config *config, const struct rte_ether_addr *source,
	uint16_t length, uint16_t run)
{
	uint32_t header = config->ipv6 ? IPV6_HEADER : IPV4_HEADER, magic = STAMP_MAGIC;
	uint32_t pattern = length - (config->ipv6 ? PKTGEN_IPV6_LEAST : PKTGEN_IPV4_LEAST);
	uint16_t udp_bytes = (uint16_t)(length - RTE_ETHER_HDR_LEN - header);
	uint8_t bytes[PKTGEN_IPV6_LEAST] = { 0 }, *ip = bytes + RTE_ETHER_HDR_LEN, *udp = ip + header, pseudo[4] = { 0 };

	memset(frame, 0, sizeof(*frame));
	frame->length = length;
	frame->blocks = (uint16_t)(pattern / STAMP_BLOCK);
	frame->tail = (uint16_t)(pattern % STAMP_BLOCK);
	memcpy(bytes, &config->dst_mac, RTE_ETHER_ADDR_LEN);
	memcpy(bytes + RTE_ETHER_ADDR_LEN, source, RTE_ETHER_ADDR_LEN);
	put16(bytes + 12, config->ipv6 ? RTE_ETHER_TYPE_IPV6 : RTE_ETHER_TYPE_IPV4);
	if (config->ipv6)
		put_ipv6(ip, config, (uint16_t)(length - RTE_ETHER_HDR_LEN));
	else
		put_ipv4(ip, config, (uint16_t)(length - RTE_ETHER_HDR_LEN));
	put16(udp + 2, config->dst_port);
	put16(udp + 4, udp_bytes);
	memcpy(udp + UDP_HEADER, &magic, sizeof(magic));
	memcpy(udp + UDP_HEADER + 4, &run, sizeof(run));

	frame->ip_sum = config->ipv6 ? 0 : sum_words(ip, header);
	pseudo[1] = PROTOCOL_UDP;
	put16(pseudo + 2, udp_bytes);
	frame->udp_sum = sum_words(pseudo, sizeof(pseudo)) + sum_words(udp, UDP_HEADER + STAMP_BYTES) +
		(config->ipv6 ? sum_words(ip + 8, 32) : sum_words(ip + 12, 8)) + sum_words(tail_bytes, frame->tail);
	memcpy(frame->words, bytes, sizeof(bytes));
}

/* ---- the pattern ---- */

void
frame_write_pattern(uint8_t *to, const struct frame_template *frame, const struct stamp *stamp)
{
	uint64_t word = stamp_pattern(stamp->run, stamp->flow, stamp->sequence);
	/* The complement of word + step is the complement of word, less the step. */
	__m128i block = _mm_set_epi64x((int64_t)~word, (int64_t)word);
	const __m128i step = _mm_set_epi64x(-(int64_t)STAMP_STEP, (int64_t)STAMP_STEP);

	for (uint32_t i = 0; i < frame->blocks; i++, to += STAMP_BLOCK) {
		_mm_storeu_si128((__m128i *)(void *)to, block);
		block = _mm_add_epi64(block, step);
	}
	memcpy(to, tail_bytes, frame->tail);
}

bool
frame_has_pattern(const uint8_t *from, uint32_t bytes, const struct stamp *stamp)
{
	uint64_t word = stamp_pattern(stamp->run, stamp->flow, stamp->sequence);
	__m128i block = _mm_set_epi64x((int64_t)~word, (int64_t)word), differ = _mm_setzero_si128();
	const __m128i step = _mm_set_epi64x(-(int64_t)STAMP_STEP, (int64_t)STAMP_STEP);

	for (; bytes >= STAMP_BLOCK; bytes -= STAMP_BLOCK, from += STAMP_BLOCK) {
		differ = _mm_or_si128(differ, _mm_xor_si128(block, _mm_loadu_si128((const __m128i *)(const void *)from)));
		block = _mm_add_epi64(block, step);
	}
	return _mm_movemask_epi8(_mm_cmpeq_epi8(differ, _mm_setzero_si128())) == 0xffff && memcmp(from, tail_bytes, bytes) == 0;
}
