/* SPDX-License-Identifier: BSD-3-Clause */
#include "capture_pcapng.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

/* Block types, and the size of the fixed part of their bodies. */
#define SECTION 0x0a0d0d0au
#define SECTION_BODY 16
#define INTERFACE 1u
#define INTERFACE_BODY 8
#define OBSOLETE_PACKET 2u
#define SIMPLE_PACKET 3u
#define SIMPLE_BODY 4
#define ENHANCED_PACKET 6u
#define PACKET_BODY 20 /* of both packet blocks with a time */

#define BLOCK_FRAME 12 /* type and length before the body, length again after it */
#define BYTE_ORDER_MAGIC 0x1a2b3c4du

#define OPTION_END 0
#define OPTION_RESOLUTION 9
#define OPTION_OFFSET 14
#define DEFAULT_RESOLUTION 6 /* microseconds */
#define BASE_TWO 0x80

#define NANOSECONDS 1000000000u
#define DAMAGED "the file is damaged: copy it again, or keep the frames before it with 'editcap FILE WHOLE.pcapng'"

struct block {
	size_t start, body, body_size;
	uint32_t type;
};

static int
short_body(struct capture_reader *reader, const struct block *block)
{
	return capture_fail(reader, -EINVAL,
		"at offset %zu: a block of type %" PRIu32 " is too short for its contents; " DAMAGED,
		block->start, block->type);
}

/* A section starts: it brings its own byte order and forgets the interfaces of the one before. */
static int
start_section(struct capture_reader *reader, size_t offset)
{
	uint16_t major;

	if (reader->size - offset < BLOCK_FRAME + SECTION_BODY)
		return capture_fail(reader, -EINVAL,
			"at offset %zu: the section header is cut, %zu of %d bytes are there; " DAMAGED,
			offset, reader->size - offset, BLOCK_FRAME + SECTION_BODY);
	reader->swapped = false;
	if (capture_u32(reader, offset + 8) != BYTE_ORDER_MAGIC) {
		reader->swapped = true;
		if (capture_u32(reader, offset + 8) != BYTE_ORDER_MAGIC)
			return capture_fail(reader, -EINVAL,
				"at offset %zu: the section's byte order mark is 0x%08" PRIx32 "; " DAMAGED,
				offset + 8, __builtin_bswap32(capture_u32(reader, offset + 8)));
	}
	major = capture_u16(reader, offset + 12);
	if (major != 1)
		return capture_fail(reader, -ENOTSUP, "at offset %zu: pcapng version %u.%u, this program reads 1.x; "
			"convert it with 'editcap -F pcap FILE NEW.pcap'", offset + 12, major, capture_u16(reader, offset + 14));
	reader->interface_count = 0;
	return 0;
}

static int
next_block(struct capture_reader *reader, struct block *block)
{
	size_t offset = reader->offset, left = reader->size - offset;
	uint32_t length;

	if (left == 0)
		return 0;
	if (left < BLOCK_FRAME)
		return capture_fail(reader, -EINVAL,
			"at offset %zu: a block header is cut, %zu of %d bytes are there; " DAMAGED,
			offset, left, BLOCK_FRAME);
	if (capture_u32(reader, offset) == SECTION) { /* reads the same in both byte orders */
		int error = start_section(reader, offset);

		if (error != 0)
			return error;
	}
	length = capture_u32(reader, offset + 4);
	if (length < BLOCK_FRAME || length % 4 != 0)
		return capture_fail(reader, -EINVAL,
			"at offset %zu: a block of %" PRIu32 " bytes, which no block can have; " DAMAGED,
			offset, length);
	if (length > left)
		return capture_fail(reader, -EINVAL,
			"at offset %zu: a block is cut, %zu of %" PRIu32 " bytes are there; " DAMAGED,
			offset, left, length);
	if (capture_u32(reader, offset + length - 4) != length)
		return capture_fail(reader, -EINVAL,
			"at offset %zu: a block's two lengths differ (%" PRIu32 " and %" PRIu32 "); " DAMAGED,
			offset, length, capture_u32(reader, offset + length - 4));
	*block = (struct block){ .start = offset, .body = offset + 8, .body_size = length - BLOCK_FRAME,
		.type = capture_u32(reader, offset) };
	reader->offset = offset + length;
	return 1;
}

static void
read_options(const struct capture_reader *reader, const struct block *block, struct capture_interface *interface)
{
	size_t offset = block->body + INTERFACE_BODY, end = block->body + block->body_size;

	while (end - offset >= 4) {
		uint16_t code = capture_u16(reader, offset), length = capture_u16(reader, offset + 2);
		size_t padded = ((size_t)length + 3) & ~(size_t)3;

		offset += 4;
		if (code == OPTION_END || padded > end - offset)
			return;
		if (code == OPTION_RESOLUTION && length == 1) {
			interface->resolution = reader->bytes[offset];
		} else if (code == OPTION_OFFSET && length == 8) {
			uint64_t first = capture_u32(reader, offset), second = capture_u32(reader, offset + 4);

			/* A 64-bit number in the section's byte order; ours is little-endian. */
			interface->offset = (int64_t)(reader->swapped ? first << 32 | second : second << 32 | first);
		}
		offset += padded;
	}
}

static int
add_interface(struct capture_reader *reader, const struct block *block)
{
	struct capture_interface *interface;

	if (block->body_size < INTERFACE_BODY)
		return short_body(reader, block);
	if (reader->interface_count == reader->interface_room) {
		uint32_t room = reader->interface_room == 0 ? 4 : reader->interface_room * 2;
		struct capture_interface *grown = realloc(reader->interfaces, room * sizeof(*grown));

		if (grown == NULL)
			return capture_fail(reader, -ENOMEM, "at offset %zu: no memory for interface %" PRIu32 "; free some memory",
				block->start, reader->interface_count);
		reader->interfaces = grown;
		reader->interface_room = room;
	}
	interface = &reader->interfaces[reader->interface_count++];
	*interface = (struct capture_interface){
		.link_type = capture_u16(reader, block->body),
		.snap_length = capture_u32(reader, block->body + 4),
		.resolution = DEFAULT_RESOLUTION,
	};
	read_options(reader, block, interface);
	return 0;
}

/* Hostile resolutions and offsets give wrong times, never undefined arithmetic: all of it is unsigned. */
static uint64_t
nanoseconds_of(const struct capture_interface *interface, uint64_t ticks)
{
	uint64_t offset = (uint64_t)interface->offset * NANOSECONDS;
	unsigned int power = interface->resolution & ~BASE_TWO;

	if (interface->resolution & BASE_TWO)
		return (uint64_t)((unsigned __int128)ticks * NANOSECONDS >> power) + offset;
	for (; power < 9; power++)
		ticks *= 10;
	for (; power > 9 && ticks > 0; power--)
		ticks /= 10;
	return ticks + offset;
}

static int
read_packet(struct capture_reader *reader, const struct block *block, struct capture_frame *frame)
{
	uint32_t id;
	size_t head = block->type == SIMPLE_PACKET ? SIMPLE_BODY : PACKET_BODY;
	const struct capture_interface *interface;
	int error;

	if (block->body_size < head)
		return short_body(reader, block);
	id = block->type == ENHANCED_PACKET ? capture_u32(reader, block->body) :
		block->type == OBSOLETE_PACKET ? capture_u16(reader, block->body) : 0;
	if (id >= reader->interface_count)
		return capture_fail(reader, -EINVAL,
			"at offset %zu: a frame of interface %" PRIu32 ", the section describes %" PRIu32
			"; " DAMAGED, block->start, id, reader->interface_count);
	interface = &reader->interfaces[id];
	error = capture_check_link_type(reader, block->start, interface->link_type);
	if (error != 0)
		return error;
	if (block->type == SIMPLE_PACKET) {
		frame->wire_length = capture_u32(reader, block->body);
		frame->length = frame->wire_length;
		if (interface->snap_length != 0 && frame->length > interface->snap_length)
			frame->length = interface->snap_length;
		frame->timestamp = 0;
	} else {
		frame->length = capture_u32(reader, block->body + 12);
		frame->wire_length = capture_u32(reader, block->body + 16);
		frame->timestamp = nanoseconds_of(interface,
			(uint64_t)capture_u32(reader, block->body + 4) << 32 | capture_u32(reader, block->body + 8));
	}
	frame->data = reader->bytes + block->body + head;
	error = capture_check_frame(reader, block->start, frame->length, block->body_size - head);
	return error == 0 ? 1 : error;
}

int
capture_pcapng_open(struct capture_reader *reader)
{
	return start_section(reader, 0);
}

int
capture_pcapng_next(struct capture_reader *reader, struct capture_frame *frame)
{
	struct block block = { 0 };
	int got;

	while ((got = next_block(reader, &block)) == 1) {
		switch (block.type) {
		case INTERFACE:
			got = add_interface(reader, &block);
			if (got != 0)
				return got;
			break;
		case ENHANCED_PACKET:
		case OBSOLETE_PACKET:
		case SIMPLE_PACKET:
			return read_packet(reader, &block, frame);
		default: /* names, statistics, comments, the section header itself */
			break;
		}
	}
	return got;
}
