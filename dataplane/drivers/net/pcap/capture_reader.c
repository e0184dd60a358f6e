/* SPDX-License-Identifier: BSD-3-Clause */
#include "capture_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture_pcapng.h"

#define LINK_TYPE_ETHERNET 1
#define PCAP_HEADER 24
#define PCAP_RECORD 16
#define PCAPNG_SECTION 0x0a0d0d0au

#define RECAPTURE "copy the file again, or keep the frames before it with 'editcap FILE WHOLE.pcapng'"

int
capture_fail(struct capture_reader *reader, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reader->error, sizeof(reader->error), format, arguments);
	va_end(arguments);
	reader->offset = reader->size; /* an error is final */
	return error;
}

uint16_t
capture_u16(const struct capture_reader *reader, size_t offset)
{
	uint16_t value;

	memcpy(&value, reader->bytes + offset, sizeof(value));
	return reader->swapped ? __builtin_bswap16(value) : value;
}

uint32_t
capture_u32(const struct capture_reader *reader, size_t offset)
{
	uint32_t value;

	memcpy(&value, reader->bytes + offset, sizeof(value));
	return reader->swapped ? __builtin_bswap32(value) : value;
}

int
capture_check_link_type(struct capture_reader *reader, size_t offset, uint16_t link_type)
{
	static const struct {
		uint16_t type;
		const char *name;
	} known[] = {
		{ 0, "BSD loopback" }, { 9, "PPP" }, { 12, "raw IP" }, { 101, "raw IP" }, { 105, "802.11" }, { 113, "Linux cooked" },
		{ 127, "802.11 radiotap" }, { 228, "raw IPv4" }, { 229, "raw IPv6" }, { 276, "Linux cooked v2" },
	};
	const char *name = "see tcpdump.org/linktypes.html";

	if (link_type == LINK_TYPE_ETHERNET)
		return 0;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].type == link_type)
			name = known[i].name;
	return capture_fail(reader, -ENOTSUP,
		"at offset %zu: link type %u (%s), this port carries Ethernet frames (link type 1); "
		"capture on an Ethernet interface, not on 'any'", offset, link_type, name);
}

static int
open_pcap(struct capture_reader *reader)
{
	uint16_t major;

	if (reader->size < PCAP_HEADER)
		return capture_fail(reader, -EINVAL,
			"at offset 0: the file header is cut, %zu of %d bytes are there; copy the file again",
			reader->size, PCAP_HEADER);
	major = capture_u16(reader, 4);
	if (major != 2)
		return capture_fail(reader, -ENOTSUP, "at offset 4: pcap version %u.%u, this program reads 2.4; "
			"convert it with 'editcap -F pcapng FILE NEW.pcapng'", major, capture_u16(reader, 6));
	reader->offset = PCAP_HEADER;
	/* The upper half of the link type word tells of frame check sequences. */
	return capture_check_link_type(reader, 20, (uint16_t)capture_u32(reader, 20));
}

static int
unknown_format(struct capture_reader *reader)
{
	const uint8_t *start = reader->bytes;
	char shown[3 * 4 + 1] = "";

	if (reader->size >= 2 && start[0] == 0x1f && start[1] == 0x8b)
		return capture_fail(reader, -ENOTSUP,
			"at offset 0: the file is compressed with gzip; unpack it first ('gunzip FILE')");
	if (reader->size >= 4 && memcmp(start, "\x28\xb5\x2f\xfd", 4) == 0)
		return capture_fail(reader, -ENOTSUP,
			"at offset 0: the file is compressed with zstd; unpack it first ('unzstd FILE')");
	for (size_t i = 0; i < 4 && i < reader->size; i++)
		snprintf(shown + 3 * i, 4, "%02x ", start[i]);
	return capture_fail(reader, -EINVAL,
		"at offset 0: neither pcap nor pcapng, it starts with %s; give a capture of tcpdump or "
		"Wireshark, or convert it with 'editcap -F pcapng FILE NEW.pcapng'", shown);
}

int
capture_reader_open(struct capture_reader *reader, const void *bytes, size_t size)
{
	uint32_t magic = 0;

	memset(reader, 0, sizeof(*reader));
	reader->bytes = bytes;
	reader->size = size;
	if (size == 0)
		return capture_fail(reader, -EINVAL,
			"at offset 0: the file is empty; capture into it first, e.g. 'tcpdump -i eth0 -w FILE'");
	if (size >= sizeof(magic))
		memcpy(&magic, bytes, sizeof(magic));
	switch (magic) {
	case 0xa1b2c3d4:
		return open_pcap(reader);
	case 0xa1b23c4d:
		reader->nanoseconds = true;
		return open_pcap(reader);
	case 0xd4c3b2a1:
		reader->swapped = true;
		return open_pcap(reader);
	case 0x4d3cb2a1:
		reader->swapped = true;
		reader->nanoseconds = true;
		return open_pcap(reader);
	case PCAPNG_SECTION:
		reader->is_pcapng = true;
		return capture_pcapng_open(reader);
	default:
		return unknown_format(reader);
	}
}

int
capture_check_frame(struct capture_reader *reader, size_t offset, uint32_t length, size_t available)
{
	bool cut = length > available;

	if (length > CAPTURE_MAX_FRAME)
		return capture_fail(reader, -EINVAL,
			"at offset %zu: a frame of %" PRIu32 " bytes, the limit is %d: the file is damaged; "
			RECAPTURE, offset, length, CAPTURE_MAX_FRAME);
	if (cut)
		return capture_fail(reader, -EINVAL,
			"at offset %zu: a frame is cut, %zu of %" PRIu32 " bytes are there; " RECAPTURE,
			offset, available, length);
	return 0;
}

static int
next_pcap(struct capture_reader *reader, struct capture_frame *frame)
{
	size_t offset = reader->offset, left = reader->size - offset;
	uint64_t seconds, fraction;
	int error;

	if (left == 0)
		return 0;
	if (left < PCAP_RECORD)
		return capture_fail(reader, -EINVAL,
			"at offset %zu: a record header is cut, %zu of %d bytes are there; " RECAPTURE,
			offset, left, PCAP_RECORD);
	seconds = capture_u32(reader, offset);
	fraction = capture_u32(reader, offset + 4);
	frame->length = capture_u32(reader, offset + 8);
	frame->wire_length = capture_u32(reader, offset + 12);
	error = capture_check_frame(reader, offset, frame->length, left - PCAP_RECORD);
	if (error != 0)
		return error;
	frame->timestamp = seconds * 1000000000 + fraction * (reader->nanoseconds ? 1 : 1000);
	frame->data = reader->bytes + offset + PCAP_RECORD;
	reader->offset = offset + PCAP_RECORD + frame->length;
	return 1;
}

int
capture_reader_next(struct capture_reader *reader, struct capture_frame *frame)
{
	return reader->is_pcapng ? capture_pcapng_next(reader, frame) : next_pcap(reader, frame);
}

void
capture_reader_close(struct capture_reader *reader)
{
	free(reader->interfaces);
	reader->interfaces = NULL;
}
