/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Verdicts on checksums: right, wrong in any bit, cut, split over buffers anywhere, and with lengths that lie.
 */
#include <stdlib.h>

#include "frame_checksums.h"

#include "check.h"

#define IP_GOOD (CHECKSUM_GOOD << CHECKSUM_IP_SHIFT)
#define IP_BAD (CHECKSUM_BAD << CHECKSUM_IP_SHIFT)
#define L4_GOOD (CHECKSUM_GOOD << CHECKSUM_L4_SHIFT)
#define L4_BAD (CHECKSUM_BAD << CHECKSUM_L4_SHIFT)
#define MOST 256u
#define L3 14u

static uint8_t frame[MOST];
static uint32_t frame_bytes;

static uint64_t seed = 1;

static uint32_t
random_below(uint32_t limit)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % limit;
}

static void
put16(uint32_t at, uint32_t number)
{
	frame[at] = (uint8_t)(number >> 8);
	frame[at + 1] = (uint8_t)number;
}

/* By RFC 1071, byte by byte. */
static uint32_t
sum_of(uint32_t at, uint32_t bytes)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < bytes; i++)
		sum += (uint32_t)frame[at + i] << (i % 2 == 0 ? 8 : 0);
	return sum;
}

static uint32_t
complement(uint32_t sum)
{
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* A frame of `bytes` of layer 4 behind `extension` bytes of IPv6 extension headers, which the caller has written; everything right. */
static void
seal(bool ipv6, uint8_t proto, uint32_t extension, uint32_t bytes)
{
	uint32_t l4 = L3 + (ipv6 ? 40 + extension : 20), pseudo, at = 0;

	frame_bytes = l4 + bytes;
	put16(12, ipv6 ? 0x86dd : 0x0800);
	frame[L3] = ipv6 ? 0x60 : 0x45;
	if (ipv6) {
		put16(L3 + 4, extension + bytes);
		if (extension == 0)
			frame[L3 + 6] = proto;
	} else {
		put16(L3 + 2, 20 + bytes);
		frame[L3 + 8] = 64;
		frame[L3 + 9] = proto;
		put16(L3 + 10, 0);
		put16(L3 + 10, complement(sum_of(L3, 20)));
	}
	pseudo = ipv6 ? sum_of(L3 + 8, 32) : sum_of(L3 + 12, 8);
	if (proto == 17) {
		put16(l4 + 4, bytes);
		at = l4 + 6;
	} else if (proto == 6) {
		at = l4 + 16;
	} else {
		at = l4 + 2;
	}
	put16(at, 0);
	put16(at, complement(sum_of(l4, bytes) + (proto == 1 ? 0 : pseudo + proto + bytes)));
}

static void
make(bool ipv6, uint8_t proto, uint32_t bytes)
{
	for (uint32_t i = 0; i < MOST; i++)
		frame[i] = (uint8_t)random_below(256);
	if (!ipv6)
		put16(L3 + 6, 0);	/* not a fragment */
	seal(ipv6, proto, 0, bytes);
}

/* The first `whole` bytes of the frame, in two buffers when split is not 0. */
static uint32_t
verdicts_split(uint32_t whole, uint32_t split, uint64_t ol_flags)
{
	struct rte_mbuf first, second;
	struct frame_key key;
	uint8_t *a = malloc(whole + 1), *b = malloc(whole + 1);
	uint32_t verdicts;

	memset(&first, 0, sizeof(first));
	memset(&second, 0, sizeof(second));
	first.buf_addr = a;
	first.pkt_len = whole;
	first.nb_segs = split == 0 ? 1 : 2;
	first.ol_flags = ol_flags;
	first.data_len = (uint16_t)(split == 0 ? whole : split);
	memcpy(a, frame, first.data_len);
	/* What lies behind is the sanitizer's to watch. */
	a = realloc(a, first.data_len + (first.data_len == 0));
	first.buf_addr = a;
	if (split != 0) {
		first.next = &second;
		second.buf_addr = b;
		second.nb_segs = 1;
		second.data_len = (uint16_t)(whole - split);
		memcpy(b, frame + split, second.data_len);
	}
	frame_key_from_mbuf(&first, &key);
	verdicts = frame_checksums(&first, &key);
	free(a);
	free(b);
	return verdicts;
}

static uint32_t
verdicts(void)
{
	return verdicts_split(frame_bytes, 0, 0);
}

static const struct { bool ipv6; uint8_t proto; uint32_t bytes; } kinds[] = {
	{ false, 17, 8 }, { false, 17, 41 }, { false, 6, 20 }, { false, 6, 63 }, { false, 1, 8 }, { false, 1, 37 },
	{ true, 17, 8 }, { true, 17, 52 }, { true, 6, 20 }, { true, 6, 33 }, { true, 58, 8 }, { true, 58, 29 },
};

static void
right_ones_are_good(void)
{
	for (unsigned int round = 0; round < 50; round++)
		for (size_t i = 0; i < RTE_DIM(kinds); i++) {
			make(kinds[i].ipv6, kinds[i].proto, kinds[i].bytes);
			CHECK_EQ(verdicts(), (kinds[i].ipv6 ? 0 : IP_GOOD) | L4_GOOD);
			/* Padding is nobody's. */
			CHECK_EQ(verdicts_split(frame_bytes + 7, 0, 0), (kinds[i].ipv6 ? 0 : IP_GOOD) | L4_GOOD);
		}
}

static void
a_bit_that_fell_over_is_seen(void)
{
	for (size_t i = 0; i < RTE_DIM(kinds); i++) {
		uint32_t l4 = L3 + (kinds[i].ipv6 ? 40 : 20);

		make(kinds[i].ipv6, kinds[i].proto, kinds[i].bytes);
		/* A UDP length or checksum that changes may stand for something else. */
		for (uint32_t at = l4; at < frame_bytes; at++)
			for (unsigned int bit = 0; bit < 8; bit++) {
				if (kinds[i].proto == 17 && at >= l4 + 4 && at < l4 + 8)
					continue;
				frame[at] ^= (uint8_t)(1 << bit);
				CHECK_EQ(verdicts(), (kinds[i].ipv6 ? 0 : IP_GOOD) | L4_BAD);
				frame[at] ^= (uint8_t)(1 << bit);
			}
		/* Addresses are in both sums, but not in that of ICMP over IPv4. */
		frame[L3 + (kinds[i].ipv6 ? 8 : 12)] ^= 1;
		CHECK_EQ(verdicts(), kinds[i].ipv6 ? L4_BAD : IP_BAD | (kinds[i].proto == 1 ? L4_GOOD : L4_BAD));
	}
}

static void
frames_split_anywhere_are_summed_whole(void)
{
	for (size_t i = 0; i < RTE_DIM(kinds); i++) {
		/* The key reads one buffer: headers have to be in the first. */
		uint32_t l4 = L3 + (kinds[i].ipv6 ? 40 : 20), least = l4 + (kinds[i].proto == 17 ? 8 : 4);

		make(kinds[i].ipv6, kinds[i].proto, kinds[i].bytes);
		for (uint32_t split = 1; split < frame_bytes; split++) {
			uint32_t seen = verdicts_split(frame_bytes, split, 0);

			if (split >= least)
				CHECK_EQ(seen, (kinds[i].ipv6 ? 0 : IP_GOOD) | L4_GOOD);
			CHECK((seen & (IP_BAD | L4_BAD)) == 0);
		}
	}
}

static void
cut_frames_are_unknown(void)
{
	for (size_t i = 0; i < RTE_DIM(kinds); i++) {
		make(kinds[i].ipv6, kinds[i].proto, kinds[i].bytes);
		for (uint32_t whole = 0; whole < frame_bytes; whole++)
			CHECK_EQ(verdicts_split(whole, 0, 0), kinds[i].ipv6 || whole < L3 + 20 ? 0 : IP_GOOD);
	}
}

static void
fragments_are_unknown(void)
{
	static const uint16_t fragments[] = { 0x2000, 0x2001, 0x0005 };

	for (size_t i = 0; i < RTE_DIM(fragments); i++) {
		make(false, 17, 40);
		put16(L3 + 6, fragments[i]);
		put16(L3 + 10, 0);
		put16(L3 + 10, complement(sum_of(L3, 20)));
		CHECK_EQ(verdicts(), IP_GOOD);
	}
}

static void
udp_without_a_checksum(void)
{
	make(false, 17, 40);
	put16(L3 + 20 + 6, 0);
	CHECK_EQ(verdicts(), IP_GOOD);
	make(true, 17, 40);
	put16(L3 + 40 + 6, 0);
	CHECK_EQ(verdicts(), L4_BAD);
}

static void
other_protocols_are_unknown(void)
{
	make(false, 132, 40);
	CHECK_EQ(verdicts(), IP_GOOD);
	make(false, 58, 40);	/* ICMPv6 where it does not belong */
	CHECK_EQ(verdicts(), IP_GOOD);
	make(true, 1, 40);
	CHECK_EQ(verdicts(), 0);
	put16(12, 0x0806);
	CHECK_EQ(verdicts(), 0);
}

static void
extensions_are_stepped_over(void)
{
	static const uint8_t hop_by_hop[8] = { 43, 0, 1, 4 }, routing[8] = { 17, 0, 0, 0 };

	make(true, 17, 40);
	frame[L3 + 6] = 0;
	memcpy(frame + L3 + 40, hop_by_hop, 8);
	memcpy(frame + L3 + 48, routing, 8);
	seal(true, 17, 16, 40);
	CHECK_EQ(verdicts(), L4_GOOD);
	frame[L3 + 48 + 3] = 1;		/* one station to pass: the sum is over the last one's address */
	CHECK_EQ(verdicts(), 0);
}

static void
what_the_device_says_stands(void)
{
	make(false, 17, 40);
	CHECK_EQ(verdicts_split(frame_bytes, 0, RTE_MBUF_F_RX_IP_CKSUM_BAD | RTE_MBUF_F_RX_L4_CKSUM_BAD), IP_BAD | L4_BAD);
	CHECK_EQ(verdicts_split(frame_bytes, 0, RTE_MBUF_F_RX_IP_CKSUM_BAD), IP_BAD | L4_GOOD);
	frame[frame_bytes - 1] ^= 1;
	CHECK_EQ(verdicts_split(frame_bytes, 0, RTE_MBUF_F_RX_L4_CKSUM_GOOD), IP_GOOD | L4_GOOD);
	CHECK_EQ(verdicts_split(frame_bytes, 0, RTE_MBUF_F_RX_L4_CKSUM_NONE), IP_GOOD | L4_GOOD);
	CHECK_EQ(frame_checksums_of_device(0), 0);
	CHECK_EQ(frame_checksums_of_device(RTE_MBUF_F_RX_IP_CKSUM_GOOD | RTE_MBUF_F_RX_L4_CKSUM_BAD), IP_GOOD | L4_BAD);
}

/* Every length that a header can claim, and rubbish: never read beyond the frame, which the address sanitizer sees. */
static void
lengths_that_lie(void)
{
	make(false, 17, 40);
	for (uint32_t length = 0; length <= 0xffff; length += length < 128 ? 1 : 97) {
		put16(L3 + 2, length);
		verdicts();
		put16(L3 + 2, 60);
		put16(L3 + 24, length);
		CHECK((verdicts() & L4_GOOD) == 0 || length == 40);
		put16(L3 + 24, 40);
	}
	make(true, 17, 40);
	for (uint32_t length = 0; length <= 0xffff; length += length < 128 ? 1 : 97) {
		put16(L3 + 4, length);
		CHECK((verdicts() & L4_BAD) == 0);	/* the UDP length is right, and the rest padding or cut */
	}
	for (unsigned int round = 0; round < 20000; round++) {
		make(round % 2, (uint8_t[]){ 17, 6, 1, 58, 0, 43, 44, 60, 51 }[random_below(9)], 8 + random_below(60));
		for (unsigned int change = 0; change < 4; change++)
			frame[12 + random_below(60)] = (uint8_t)random_below(256);
		verdicts_split(random_below(frame_bytes + 1), 0, 0);
		verdicts_split(frame_bytes, 1 + random_below(frame_bytes - 1), 0);
	}
}

int
main(void)
{
	RUN(right_ones_are_good);
	RUN(a_bit_that_fell_over_is_seen);
	RUN(frames_split_anywhere_are_summed_whole);
	RUN(cut_frames_are_unknown);
	RUN(fragments_are_unknown);
	RUN(udp_without_a_checksum);
	RUN(other_protocols_are_unknown);
	RUN(extensions_are_stepped_over);
	RUN(what_the_device_says_stands);
	RUN(lengths_that_lie);
	return check_summary();
}
