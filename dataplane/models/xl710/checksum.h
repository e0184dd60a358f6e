/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Checksums as the card verifies and inserts them: IPv4's, TCP's, UDP's (RFC 1071), SCTP's CRC32c (RFC 4960).
 */
#ifndef XL710_CHECKSUM_H
#define XL710_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet.h"

/* A verdict, in the bits of the receive descriptor's L3L4E field and its L3L4P status. */
enum {
	CHECKSUM_IP_BAD = 1,    /* of the innermost IPv4 header */
	CHECKSUM_L4_BAD = 2,
	CHECKSUM_OUTER_BAD = 4, /* of the outer IPv4 header of a tunnel */
	CHECKSUM_EXAMINED = 8,  /* an IP header was there to look at */
};

unsigned checksum_verdict(const struct packet *packet);

/* The one's complement sum of bytes from an even offset on, not folded; sums add up. */
uint64_t checksum_sum(const uint8_t *bytes, size_t length, uint64_t sum);

/* Folds a sum to the 16 bits whose complement goes into a header (in the order of the wire). */
static inline uint16_t
checksum_fold(uint64_t sum)
{
	sum = (sum & 0xFFFFFFFF) + (sum >> 32);
	sum = (sum & 0xFFFFFFFF) + (sum >> 32);
	sum = (sum & 0xFFFF) + (sum >> 16);
	sum = (sum & 0xFFFF) + (sum >> 16);
	return (uint16_t)sum;
}

/* Writes the checksum of the IPv4 header of `header_length` bytes (20..60). */
void checksum_insert_ipv4(uint8_t *header, unsigned header_length);

/* The pseudo header of the IP header at `ip` (version 4 or 6, whole), for `protocol` and `l4_length` bytes. */
uint64_t checksum_pseudo(const uint8_t *ip, unsigned version, uint8_t protocol, uint32_t l4_length);

uint32_t checksum_crc32c(const uint8_t *bytes, size_t length, uint32_t crc);

/* Writes the checksum of the TCP, UDP or SCTP message of `length` bytes; `pseudo` is checksum_pseudo's, SCTP has none. False, and
 * nothing written, when the message is shorter than its header or of another protocol. */
bool checksum_insert_l4(uint8_t *message, uint32_t length, uint8_t protocol, uint64_t pseudo);

#endif
