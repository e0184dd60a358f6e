/* SPDX-License-Identifier: BSD-3-Clause */
#include "checksum.h"

#include <nmmintrin.h>

#include "bytes.h"

/* Words are summed in the machine's order: one's complement does not mind, and the result is in the order it is stored in. */
uint64_t
checksum_sum(const uint8_t *bytes, size_t length, uint64_t sum)
{
	uint64_t even = 0, odd = 0;

	/* 32 bits at a time: 2^32 of them fit. */
	for (; length >= 16; bytes += 16, length -= 16) {
		uint64_t pair[2];

		memcpy(pair, bytes, 16);
		even += (pair[0] & 0xFFFFFFFF) + (pair[1] & 0xFFFFFFFF);
		odd += (pair[0] >> 32) + (pair[1] >> 32);
	}
	if (length > 0) {
		uint64_t pair[2] = { 0, 0 };

		memcpy(pair, bytes, length);
		even += (pair[0] & 0xFFFFFFFF) + (pair[1] & 0xFFFFFFFF);
		odd += (pair[0] >> 32) + (pair[1] >> 32);
	}
	return sum + even + odd;
}

uint32_t
checksum_crc32c(const uint8_t *bytes, size_t length, uint32_t crc)
{
	uint64_t value = crc;

	for (; length >= 8; bytes += 8, length -= 8) {
		uint64_t eight;

		memcpy(&eight, bytes, 8);
		value = _mm_crc32_u64(value, eight);
	}
	for (; length > 0; bytes++, length--)
		value = _mm_crc32_u8((uint32_t)value, *bytes);
	return (uint32_t)value;
}

uint64_t
checksum_pseudo(const uint8_t *ip, unsigned version, uint8_t protocol, uint32_t l4_length)
{
	uint64_t sum = (uint64_t)protocol << 8;
	uint8_t length[4];

	store32be(length, l4_length);
	sum = checksum_sum(length, 4, sum);
	return version == 4 ? checksum_sum(ip + 12, 8, sum) : checksum_sum(ip + 8, 32, sum);
}

void
checksum_insert_ipv4(uint8_t *header, unsigned header_length)
{
	uint16_t sum;

	memset(header + 10, 0, 2);
	sum = (uint16_t)~checksum_fold(checksum_sum(header, header_length, 0));
	memcpy(header + 10, &sum, 2);
}

/* SCTP's checksum counts as zero in its own sum. */
static uint32_t
sctp_checksum(const uint8_t *message, uint32_t length)
{
	static const uint8_t zero[4];
	uint32_t crc = checksum_crc32c(message, 8, 0xFFFFFFFF);

	crc = checksum_crc32c(zero, 4, crc);
	return ~checksum_crc32c(message + 12, length - 12, crc);
}

bool
checksum_insert_l4(uint8_t *message, uint32_t length, uint8_t protocol, uint64_t pseudo)
{
	unsigned at = protocol == PROTOCOL_TCP ? 16 : 6;
	uint16_t sum;

	if (protocol == PROTOCOL_SCTP) {
		if (length < 12)
			return false;
		store32le(message + 8, sctp_checksum(message, length));
		return true;
	}
	if ((protocol != PROTOCOL_TCP || length < 20) && (protocol != PROTOCOL_UDP || length < 8))
		return false;
	memset(message + at, 0, 2);
	sum = (uint16_t)~checksum_fold(checksum_sum(message, length, pseudo));
	if (sum == 0 && protocol == PROTOCOL_UDP)
		sum = 0xFFFF; /* zero says "none" there */
	memcpy(message + at, &sum, 2);
	return true;
}

static bool
ipv4_header_good(const struct packet *packet, const struct packet_ip *ip)
{
	return checksum_fold(checksum_sum(packet->data + ip->offset, (packet->data[ip->offset] & 15u) * 4, 0)) == 0xFFFF;
}

static bool
l4_good(const struct packet *packet, const struct packet_ip *ip)
{
	const uint8_t *message = packet->data + ip->payload;
	uint32_t length = (uint32_t)ip->end - ip->payload;
	uint64_t sum;

	switch (ip->protocol) {
	case PROTOCOL_SCTP:
		return length >= 12 && load32le(message + 8) == sctp_checksum(message, length);
	case PROTOCOL_UDP:
		if (length < 8)
			return false;
		if ((message[6] | message[7]) == 0)
			return true; /* none was made */
		if (load16be(message + 4) >= 8 && load16be(message + 4) < length)
			length = load16be(message + 4);
		break;
	case PROTOCOL_TCP:
		if (length < 20)
			return false;
		break;
	default:
		return true;
	}
	sum = checksum_pseudo(packet->data + ip->offset, ip->version, ip->protocol, length);
	return checksum_fold(checksum_sum(message, length, sum)) == 0xFFFF;
}

unsigned
checksum_verdict(const struct packet *packet)
{
	const struct packet_ip *ip = packet_last_ip(packet);
	unsigned verdict = CHECKSUM_EXAMINED;

	if (ip->version == 0)
		return 0;
	if (ip->version == 4 && !ipv4_header_good(packet, ip))
		verdict |= CHECKSUM_IP_BAD;
	if (ip != &packet->ip && packet->ip.version == 4 && !ipv4_header_good(packet, &packet->ip))
		verdict |= CHECKSUM_OUTER_BAD;
	if (ip->l4_whole && !ip->truncated && !l4_good(packet, ip))
		verdict |= CHECKSUM_L4_BAD;
	return verdict;
}
