/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One frame to send: its descriptors, and what they ask for.
 */
#ifndef XL710_TX_FRAME_H
#define XL710_TX_FRAME_H

#include <stddef.h>

#include "data.h"

/* Descriptor types. */
#define TX_TYPE_MASK 0xFull
#define TX_TYPE_DATA 0u
#define TX_TYPE_CONTEXT 1u
#define TX_TYPE_PROGRAM 8u
#define TX_TYPE_DONE 0xFull

/* Commands of a data descriptor, in place. */
#define TX_EOP (1ull << 4)
#define TX_RS (1ull << 5)
#define TX_TAG1 (1ull << 7)
#define TX_DUMMY (1ull << 8)
#define TX_IP (3ull << 9)
#define TX_IPV4_CHECKSUM (3ull << 9)
#define TX_L4 (3ull << 12)
#define TX_OFFLOADS (TX_TAG1 | TX_DUMMY | TX_IP | TX_L4)

/* Of a context descriptor. */
#define TX_CONTEXT_TSO (1ull << 4)
#define TX_CONTEXT_TAG2 (1ull << 6)

struct tx_frame {
	const struct tx_descriptor *context; /* or NULL */
	const struct tx_descriptor *program;
	uint32_t length;        /* of all its buffers */
	uint16_t count;         /* data descriptors */
	uint16_t used;          /* with those in front of them */
	const struct tx_descriptor *first; /* its data descriptors, one after the other, valid if count */
	const uint8_t *const *bytes;       /* and their buffers */
};

/* Where headers are, in bytes from the frame's start, all inside it. */
struct tx_headers {
	uint32_t outer_ip, outer_length; /* length 0: no tunnel */
	uint32_t tunnel;                 /* header between outer and inner IP, with the inner MAC header */
	uint32_t ip, ip_length;
	uint32_t l4, l4_length;
	uint8_t outer_kind;              /* 0 none, 1 IPv6, 2 IPv4, 3 IPv4 with checksum */
	uint8_t ip_kind;                 /* the same */
	uint8_t protocol;                /* IP protocol number of the checksum to insert, 0 none */
	bool udp_tunnel, keep_id;
};

static inline uint32_t
tx_size(const struct tx_descriptor *descriptor)
{
	return (uint32_t)(descriptor->command >> 34 & 0x3FFF);
}

static inline bool
tx_is_large(const struct tx_frame *frame)
{
	return frame->context != NULL && (frame->context->command & TX_CONTEXT_TSO) != 0;
}

/* Each: 1 when done with the frame (sent or dropped), 0 when there is no room for it now, or minus an event. */
int tx_send_plain(struct xl710_port *port, struct tx_queue *queue, const uint8_t *bytes, uint32_t length);
int tx_send_frame(struct xl710_port *port, struct tx_queue *queue, const struct tx_frame *frame);
/* tso.c: a large send, cut into segments. */
int tx_send_large(struct xl710_port *port, struct tx_queue *queue, const struct tx_frame *frame);

/* What the descriptors say of headers; false when that is not inside `length` bytes. */
bool tx_headers(const struct tx_frame *frame, uint32_t length, struct tx_headers *headers);
/* Completes the checksums of a frame that is whole. */
void tx_checksums(uint8_t *frame, uint32_t length, const struct tx_headers *headers);
/* The L4 checksum over a seed the driver left in its field; `added` is what the seed does not have yet. */
void tx_l4_checksum(uint8_t *message, uint32_t length, uint8_t protocol, uint64_t added);
/* Writes the tags that descriptors and VSI ask for in front of the frame's type: moves its addresses down, says by how much (0, 4 or 8).
 * The room in front of the frame is the caller's. */
uint32_t tx_tags(struct xl710_port *port, const struct tx_queue *queue, const struct tx_frame *frame, uint8_t *bytes, uint32_t length);

/* Where to put a frame of up to `length` bytes for the wire, with 8 bytes more in front; NULL: no room. */
uint8_t *tx_reserve(struct xl710_port *port, uint32_t length);
/* A frame stands in `room` (tx_reserve's), `skip` bytes behind its start: to the wire, to other VSIs, or nowhere. */
void tx_finish(struct xl710_port *port, struct tx_queue *queue, uint8_t *room, uint32_t skip, uint32_t length);

#define TX_HEADROOM 8u

#endif
