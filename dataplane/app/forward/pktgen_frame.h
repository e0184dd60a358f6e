/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The frames of a generator: Ethernet, IPv4 or IPv6, UDP, stamp, pattern. What all frames of a size agree in is prepared, checksums
 * included; the rest is put in as whole words.
 */
#ifndef APP_PKTGEN_FRAME_H
#define APP_PKTGEN_FRAME_H

#include <rte_ether.h>

#include "forwarding_config.h"
#include "stamp.h"

#define PKTGEN_FCS 4u
/* Preamble, start of frame and the gap, which count towards bits on the wire. */
#define PKTGEN_WIRE_EXTRA 20u
/* Headers and stamp; the shortest frames have nothing else. */
#define PKTGEN_IPV4_LEAST 60u
#define PKTGEN_IPV6_LEAST 80u
#define PKTGEN_LONGEST (9018u - PKTGEN_FCS)
#define PKTGEN_IMIX 12u

struct frame_template {
	uint16_t length;	/* bytes in the mbuf: without FCS */
	uint16_t blocks, tail;	/* of the pattern: whole blocks, then bytes of a part of one */
	uint32_t ip_sum;	/* of the IPv4 header, its varying words taken as zero; not folded */
	uint32_t udp_sum;	/* of pseudo header, UDP header and payload, in the same way */
	uint64_t words[PKTGEN_IPV6_LEAST / 8];	/* the frame up to the stamp's end, varying words zero */
};

/* What differs from frame to frame. 16-bit words are as they lie in the frame. */
struct frame_marks {
	uint16_t src, dst;	/* the last 16 bits of the addresses */
	uint16_t src_port;
	uint16_t id;		/* IPv4 identification */
	struct stamp stamp;
	uint32_t time_sum;	/* of stamp.time's three words */
};

/* How long a frame of `size` bytes on the wire is in memory. */
uint16_t frame_length(bool ipv6, uint16_t size);
/* Which size, 0 to 2, the IMIX has at a place: 7 of 64, 4 of 594, 1 of 1518 bytes. */
extern const uint8_t frame_imix[PKTGEN_IMIX];
extern const uint16_t frame_imix_sizes[3];

/* Prepares frames of `length` bytes. */
void frame_prepare(struct frame_template *frame, const struct pktgen_config *config, const struct rte_ether_addr *source,
	uint16_t length, uint16_t run);

static inline uint32_t
frame_time_sum(uint64_t time)
{
	return (uint32_t)((time & 0xffff) + (time >> 16 & 0xffff) + (time >> 32 & 0xffff));
}

/* The checksum of a sum in one's complement, as it lies in the frame. */
static inline uint16_t
frame_checksum(uint32_t sum)
{
	/* A number plus itself with its halves exchanged leaves the folded sum, end-around carry included, in the upper half. */
	return (uint16_t)~((sum + (sum << 16 | sum >> 16)) >> 16);
}

static inline uint16_t
frame_udp_checksum(const struct frame_template *frame, const struct frame_marks *marks)
{
	uint32_t sum = frame->udp_sum + marks->src + marks->dst + marks->src_port + marks->stamp.flow + marks->time_sum +
		(marks->stamp.sequence & 0xffff) + (marks->stamp.sequence >> 16);
	uint16_t checksum = frame_checksum(sum);

	return checksum == 0 ? 0xffff : checksum;	/* zero says that there is none */
}

static inline void
frame_store(uint8_t *to, unsigned int word, uint64_t value)
{
	memcpy(to + word * 8, &value, sizeof(value));
}

/* Each writes headers and stamp: whole words, the last one short. */
static __rte_always_inline void
frame_write_ipv4(uint8_t *to, const struct frame_template *frame, const struct frame_marks *marks)
{
	const struct stamp *stamp = &marks->stamp;
	uint16_t ip_checksum = frame_checksum(frame->ip_sum + marks->src + marks->dst + marks->id);
	uint32_t last = (uint32_t)(stamp->time >> 16);

	frame_store(to, 0, frame->words[0]);
	frame_store(to, 1, frame->words[1]);
	frame_store(to, 2, frame->words[2] | (uint64_t)marks->id << 16);
	frame_store(to, 3, frame->words[3] | ip_checksum | (uint64_t)marks->src << 32);
	frame_store(to, 4, frame->words[4] | marks->dst | (uint64_t)marks->src_port << 16);
	frame_store(to, 5, frame->words[5] | frame_udp_checksum(frame, marks));
	frame_store(to, 6, stamp->flow | (uint64_t)stamp->sequence << 16 | stamp->time << 48);
	memcpy(to + 56, &last, sizeof(last));
}

static __rte_always_inline void
frame_write_ipv6(uint8_t *to, const struct frame_template *frame, const struct frame_marks *marks)
{
	const struct stamp *stamp = &marks->stamp;

	frame_store(to, 0, frame->words[0]);
	frame_store(to, 1, frame->words[1]);
	frame_store(to, 2, frame->words[2]);
	frame_store(to, 3, frame->words[3]);
	frame_store(to, 4, frame->words[4] | (uint64_t)marks->src << 32);
	frame_store(to, 5, frame->words[5]);
	frame_store(to, 6, frame->words[6] | (uint64_t)marks->dst << 32 | (uint64_t)marks->src_port << 48);
	frame_store(to, 7, frame->words[7] | (uint64_t)frame_udp_checksum(frame, marks) << 32);
	frame_store(to, 8, frame->words[8] | (uint64_t)stamp->flow << 32 | (uint64_t)stamp->sequence << 48);
	frame_store(to, 9, stamp->sequence >> 16 | stamp->time << 16);
}

/* Writes the pattern: `to` is where the stamp ends. */
void frame_write_pattern(uint8_t *to, const struct frame_template *frame, const struct stamp *stamp);
/* Whether `bytes` bytes behind a stamp are the pattern that belongs to it. */
bool frame_has_pattern(const uint8_t *from, uint32_t bytes, const struct stamp *stamp);

#endif
