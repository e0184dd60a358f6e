/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The capture reader against files put together here byte by byte from the formats' texts, and the writer against its
 * own golden bytes. No EAL.
 */
#include <errno.h>
#include <stdlib.h>

#include "capture_os.h"
#include "capture_reader.h"
#include "capture_writer.h"
#include "check.h"

/* A file being built; big-endian or little-endian words as asked. */
static uint8_t file[1 << 20];
static size_t file_size;
static bool big;

static void
put8(unsigned int value)
{
	file[file_size++] = (uint8_t)value;
}

static void
put16(unsigned int value)
{
	put8(big ? value >> 8 : value);
	put8(big ? value : value >> 8);
}

static void
put32(uint32_t value)
{
	put16(big ? value >> 16 : value);
	put16(big ? value : value >> 16);
}

static void
put_bytes(unsigned int first, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		put8(first + i);
}

static void
pcap_header(uint32_t magic, uint32_t link_type)
{
	put32(magic);
	put16(2);
	put16(4);
	put32(0);
	put32(0);
	put32(65535);
	put32(link_type);
}

static void
pcap_record(uint32_t seconds, uint32_t fraction, uint32_t captured, uint32_t wire)
{
	put32(seconds);
	put32(fraction);
	put32(captured);
	put32(wire);
}

/* A pcapng block: body length in bytes, padded by the caller to a multiple of four. */
static void
block_start(uint32_t type, uint32_t body)
{
	put32(type);
	put32(body + 12);
}

static void
section_block(void)
{
	block_start(0x0a0d0d0a, 16);
	put32(0x1a2b3c4d);
	put16(1);
	put16(0);
	put32(0xffffffff);
	put32(0xffffffff);
	put32(28);
}

static void
interface_block(unsigned int link_type, uint32_t snap)
{
	block_start(1, 8);
	put16(link_type);
	put16(0);
	put32(snap);
	put32(20);
}

static void
enhanced_block(uint32_t interface, uint64_t ticks, uint32_t captured, uint32_t wire, unsigned int first)
{
	uint32_t padding = (4 - captured % 4) % 4;

	block_start(6, 20 + captured + padding);
	put32(interface);
	put32((uint32_t)(ticks >> 32));
	put32((uint32_t)ticks);
	put32(captured);
	put32(wire);
	put_bytes(first, captured);
	for (uint32_t i = 0; i < padding; i++)
		put8(0xee);
	put32(32 + captured + padding);
}

static struct capture_reader reader;
static struct capture_frame frame;

/* Opens a copy of exactly the file's size, so that a sanitizer sees a byte read too far. */
static int
open_copy(void)
{
	static uint8_t *copy;

	free(copy);
	copy = malloc(file_size == 0 ? 1 : file_size);
	memcpy(copy, file, file_size);
	capture_reader_close(&reader);
	return capture_reader_open(&reader, copy, file_size);
}

static void
fresh(bool big_endian)
{
	file_size = 0;
	big = big_endian;
}

static bool
counts_up_from(unsigned int byte)
{
	for (uint32_t at = 0; at < frame.length; at++)
		if (frame.data[at] != (uint8_t)(byte + at))
			return false;
	return true;
}

#define CHECK_FRAME(byte, size, on_wire, time) do { \
	CHECK_EQ(capture_reader_next(&reader, &frame), 1); \
	CHECK_EQ(frame.length, size); \
	CHECK_EQ(frame.wire_length, on_wire); \
	CHECK_EQ(frame.timestamp, time); \
	CHECK(counts_up_from(byte)); \
} while (0)

#define CHECK_ERROR(result, code, text) do { \
	CHECK_EQ(result, code); \
	if (strstr(reader.error, text) == NULL) \
		printf("    error is \"%s\"\n", reader.error); \
	CHECK(strstr(reader.error, text) != NULL); \
} while (0)

static void
classic_pcap_in_four_kinds(void)
{
	for (unsigned int kind = 0; kind < 4; kind++) {
		bool nano = (kind & 1) != 0;

		fresh(kind >= 2);
		pcap_header(nano ? 0xa1b23c4d : 0xa1b2c3d4, 1);
		pcap_record(1700000000, 123456, 5, 5);
		put_bytes(10, 5);
		pcap_record(1700000001, nano ? 999999999 : 999999, 0, 0);
		pcap_record(0xffffffff, 7, 60, 1514);
		put_bytes(200, 60);
		CHECK_EQ(open_copy(), 0);
		CHECK_FRAME(10, 5, 5, 1700000000000000000u + (nano ? 123456 : 123456000));
		CHECK_FRAME(0, 0, 0, 1700000001000000000u + (nano ? 999999999 : 999999000));
		CHECK_FRAME(200, 60, 1514, 4294967295000000000u + (nano ? 7 : 7000));
		CHECK_EQ(capture_reader_next(&reader, &frame), 0);
		CHECK_EQ(capture_reader_next(&reader, &frame), 0);
	}
}

static void
pcapng_in_both_byte_orders(void)
{
	for (unsigned int kind = 0; kind < 2; kind++) {
		fresh(kind == 1);
		section_block();
		interface_block(1, 262144);
		block_start(5, 12); /* interface statistics: passed over */
		put_bytes(0, 12);
		put32(24);
		enhanced_block(0, 1700000000123456, 7, 9, 40);
		block_start(0x00000bad, 0); /* a type nobody knows */
		put32(12);
		enhanced_block(0, 5, 4, 4, 80);
		CHECK_EQ(open_copy(), 0);
		CHECK_FRAME(40, 7, 9, 1700000000123456000u);
		CHECK_FRAME(80, 4, 4, 5000);
		CHECK_EQ(capture_reader_next(&reader, &frame), 0);
	}
}

/* An interface with if_tsresol and if_tsoffset behind an unrelated option. */
static void
interface_with_options(unsigned int resolution, uint32_t offset_high, uint32_t offset_low)
{
	block_start(1, 8 + 8 + 8 + 12 + 4);
	put16(1);
	put16(0);
	put32(0);
	put16(2); /* if_name "abc" */
	put16(3);
	put8('a');
	put8('b');
	put8('c');
	put8(0);
	put16(9);
	put16(1);
	put8(resolution);
	put8(0);
	put16(0);
	put16(14);
	put16(8);
	put32(big ? offset_high : offset_low);
	put32(big ? offset_low : offset_high);
	put16(0);
	put16(0);
	put32(52);
}

static void
pcapng_resolutions_and_offsets(void)
{
	for (unsigned int kind = 0; kind < 2; kind++) {
		fresh(kind == 1);
		section_block();
		interface_with_options(9, 0, 0);
		interface_with_options(3, 0, 100);
		interface_with_options(12, 0, 0);
		interface_with_options(0x80 | 10, 0, 0);
		interface_with_options(6, 0xffffffff, 0xffffffff); /* one second back */
		interface_with_options(255, 0, 0);
		interface_with_options(0, 0, 0);
		enhanced_block(0, 1700000000000000001, 4, 4, 1);
		enhanced_block(1, 1500, 4, 4, 1);
		enhanced_block(2, 7001999, 4, 4, 1);
		enhanced_block(3, 1024 + 512, 4, 4, 1);
		enhanced_block(4, 3000000, 4, 4, 1);
		enhanced_block(5, UINT64_MAX, 4, 4, 1);
		enhanced_block(6, 12, 4, 4, 1);
		CHECK_EQ(open_copy(), 0);
		CHECK_FRAME(1, 4, 4, 1700000000000000001);
		CHECK_FRAME(1, 4, 4, 101500000000);
		CHECK_FRAME(1, 4, 4, 7001);
		CHECK_FRAME(1, 4, 4, 1500000000);
		CHECK_FRAME(1, 4, 4, 2000000000);
		CHECK_FRAME(1, 4, 4, 0);
		CHECK_FRAME(1, 4, 4, 12000000000);
		CHECK_EQ(capture_reader_next(&reader, &frame), 0);
	}
}

static void
pcapng_simple_and_obsolete_packets(void)
{
	fresh(false);
	section_block();
	interface_block(1, 6);
	block_start(3, 4 + 8); /* simple: 10 bytes on the wire, 6 by the snap length */
	put32(10);
	put_bytes(30, 8);
	put32(24);
	block_start(2, 20 + 4); /* obsolete packet block: 16-bit interface and drop count */
	put16(0);
	put16(3);
	put32(0);
	put32(9);
	put32(3);
	put32(3);
	put_bytes(50, 4);
	put32(36);
	CHECK_EQ(open_copy(), 0);
	CHECK_FRAME(30, 6, 10, 0);
	CHECK_FRAME(50, 3, 3, 9000);
	CHECK_EQ(capture_reader_next(&reader, &frame), 0);
}

static void
pcapng_sections_each_have_their_own(void)
{
	fresh(false);
	section_block();
	interface_block(1, 0);
	enhanced_block(0, 1, 4, 4, 1);
	big = true;
	section_block();
	enhanced_block(0, 1, 4, 4, 1);
	CHECK_EQ(open_copy(), 0);
	CHECK_FRAME(1, 4, 4, 1000);
	CHECK_ERROR(capture_reader_next(&reader, &frame), -EINVAL, "interface 0, the section describes 0");
}

static void
unusable_files_are_named_and_explained(void)
{
	fresh(false);
	CHECK_ERROR(open_copy(), -EINVAL, "empty");
	put_bytes('a', 3);
	CHECK_ERROR(open_copy(), -EINVAL, "61 62 63");
	put_bytes('d', 60);
	CHECK_ERROR(open_copy(), -EINVAL, "neither pcap nor pcapng");
	fresh(false);
	put32(0x00088b1f);
	CHECK_ERROR(open_copy(), -ENOTSUP, "gunzip");
	fresh(false);
	pcap_header(0xa1b2c3d4, 113);
	CHECK_ERROR(open_copy(), -ENOTSUP, "link type 113 (Linux cooked)");
	file[20] = 1;
	file[4] = 3;
	CHECK_ERROR(open_copy(), -ENOTSUP, "version 3.4");
	fresh(false);
	section_block();
	interface_block(276, 0);
	CHECK_EQ(open_copy(), 0);
	CHECK_EQ(capture_reader_next(&reader, &frame), 0); /* an interface without frames harms nobody */
	enhanced_block(0, 1, 4, 4, 1);
	CHECK_EQ(open_copy(), 0);
	CHECK_ERROR(capture_reader_next(&reader, &frame), -ENOTSUP, "at offset 48: link type 276");
	fresh(false);
	section_block();
	file[12] = 2;
	CHECK_ERROR(open_copy(), -ENOTSUP, "pcapng version 2.0");
	file[8] = 0;
	CHECK_ERROR(open_copy(), -EINVAL, "byte order mark");
}

static void
limits_of_a_record(void)
{
	fresh(false);
	pcap_header(0xa1b2c3d4, 1);
	pcap_record(1, 2, CAPTURE_MAX_FRAME, CAPTURE_MAX_FRAME);
	put_bytes(0, CAPTURE_MAX_FRAME);
	pcap_record(1, 2, CAPTURE_MAX_FRAME + 1, CAPTURE_MAX_FRAME + 1);
	put_bytes(0, CAPTURE_MAX_FRAME + 1);
	CHECK_EQ(open_copy(), 0);
	CHECK_FRAME(0, CAPTURE_MAX_FRAME, CAPTURE_MAX_FRAME, 1000002000);
	CHECK_ERROR(capture_reader_next(&reader, &frame), -EINVAL, "a frame of 262145 bytes, the limit is 262144");
	CHECK(strstr(reader.error, "at offset 262184") != NULL);
	CHECK_EQ(capture_reader_next(&reader, &frame), 0);
}

/* Whatever the length to which a file is cut: whole frames, then the end or an error, never a frame too many. */
static void
cut_at_every_byte(void)
{
	static const size_t ends[] = { 24, 45, 121 }; /* header, after frame 1, after frame 2 */
	size_t whole;

	fresh(false);
	pcap_header(0xa1b23c4d, 1);
	pcap_record(1, 2, 5, 5);
	put_bytes(0, 5);
	pcap_record(3, 4, 60, 60);
	put_bytes(0, 60);
	whole = file_size;
	CHECK_EQ(whole, ends[2]);
	for (file_size = 1; file_size <= whole; file_size++) {
		int frames = 0, got = open_copy();

		if (file_size < ends[0]) {
			CHECK_EQ(got, -EINVAL);
			continue;
		}
		while ((got = capture_reader_next(&reader, &frame)) == 1)
			frames++;
		CHECK_EQ(frames, file_size >= ends[2] ? 2 : file_size >= ends[1] ? 1 : 0);
		if (file_size == ends[0] || file_size == ends[1] || file_size == ends[2])
			CHECK_EQ(got, 0);
		else
			CHECK_ERROR(got, -EINVAL, "cut");
	}

	fresh(true);
	section_block();
	interface_block(1, 0);
	enhanced_block(0, 1, 61, 61, 0);
	whole = file_size;
	for (file_size = 1; file_size < whole; file_size++) {
		int got = open_copy();

		if (file_size < 28) {
			CHECK_EQ(got, -EINVAL);
			continue;
		}
		got = capture_reader_next(&reader, &frame);
		CHECK_EQ(got, file_size == 28 || file_size == 48 ? 0 : -EINVAL);
	}
}

static void
damaged_blocks(void)
{
	static const struct {
		size_t at;
		uint32_t value;
		const char *text;
	} damages[] = {
		{ 52, 30, "which no block can have" }, { 52, 8, "which no block can have" }, { 52, 1000, "a block is cut" },
		{ 52, 32, "two lengths differ" }, { 56, 1, "interface 1, the section describes 1" }, { 68, 9, "8 of 9 bytes" },
		{ 68, 0x80000000, "the limit is" }, { 28, 6, "too short for its contents" }, { 80, 0, NULL },
	};

	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		fresh(false);
		section_block();
		interface_block(1, 0);
		enhanced_block(0, 1, 8, 8, 0);
		memcpy(&file[damages[i].at], &damages[i].value, 4);
		CHECK_EQ(open_copy(), 0);
		if (damages[i].text == NULL)
			CHECK_EQ(capture_reader_next(&reader, &frame), 1);
		else
			CHECK_ERROR(capture_reader_next(&reader, &frame), -EINVAL, damages[i].text);
	}
}

static void
written_bytes_are_the_formats(void)
{
	static const uint8_t golden[] = {
		0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
		0x00, 0xf1, 0x53, 0x65, 0x15, 0xcd, 0x5b, 0x07, 3, 0, 0, 0, 3, 0, 0, 0, 7, 8, 9,
		0x01, 0xf1, 0x53, 0x65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	};
	struct capture_writer writer;
	uint8_t back[sizeof(golden) + 1];
	FILE *in;

	CHECK_EQ(capture_writer_open(&writer, capture_os_open("capture_test-\xc3\xa9.pcap", 'w')), 0);
	memcpy(capture_writer_frame(&writer, 1700000000123456789, 3), "\7\10\11", 3);
	CHECK(capture_writer_frame(&writer, 1700000001000000000, 0) != NULL);
	CHECK_EQ(capture_writer_close(&writer), 0);
	in = capture_os_open("capture_test-\xc3\xa9.pcap", 'r');
	CHECK(in != NULL);
	CHECK_EQ(fread(back, 1, sizeof(back), in), sizeof(golden));
	fclose(in);
	CHECK_MEM(back, golden, sizeof(golden));
	CHECK(capture_os_same_file("capture_test-\xc3\xa9.pcap", "./capture_test-\xc3\xa9.pcap"));
	CHECK(!capture_os_same_file("capture_test-\xc3\xa9.pcap", "absent"));
}

/* More than one buffer of the longest frames comes back as it went. */
static void
long_frames_return(void)
{
	struct capture_writer writer;
	uint8_t *bytes = malloc(8 << 20);
	FILE *in;
	size_t size;

	CHECK_EQ(capture_writer_open(&writer, capture_os_open("capture_test-long.pcap", 'w')), 0);
	for (unsigned int i = 0; i < 25; i++)
		memset(capture_writer_frame(&writer, i, CAPTURE_MAX_FRAME - i), (int)i, CAPTURE_MAX_FRAME - i);
	CHECK_EQ(capture_writer_close(&writer), 0);
	in = capture_os_open("capture_test-long.pcap", 'r');
	size = fread(bytes, 1, 8 << 20, in);
	fclose(in);
	capture_reader_close(&reader);
	CHECK_EQ(capture_reader_open(&reader, bytes, size), 0);
	for (unsigned int i = 0; i < 25; i++) {
		CHECK_EQ(capture_reader_next(&reader, &frame), 1);
		CHECK_EQ(frame.length, CAPTURE_MAX_FRAME - i);
		CHECK_EQ(frame.timestamp, i);
		for (uint32_t at = 0; at < frame.length; at += 4099)
			CHECK_EQ(frame.data[at], i);
	}
	CHECK_EQ(capture_reader_next(&reader, &frame), 0);
	free(bytes);
	remove("capture_test-long.pcap");
}

/* A stream that refuses writes stands for a full disk: the loss is told once, and stays told. */
static void
failed_writes_are_final(void)
{
	struct capture_writer writer;

	CHECK_EQ(capture_writer_open(&writer, capture_os_open("capture_test-\xc3\xa9.pcap", 'r')), 0);
	CHECK(capture_writer_frame(&writer, 1, 60) != NULL);
	CHECK(capture_writer_frame(&writer, 2, 60) != NULL);
	CHECK(capture_writer_flush(&writer) < 0);
	CHECK_EQ(writer.lost_frames, 2);
	CHECK(capture_writer_frame(&writer, 3, 60) == NULL);
	CHECK_EQ(writer.lost_frames, 2);
	CHECK(capture_writer_close(&writer) < 0);
}

int
main(void)
{
	RUN(classic_pcap_in_four_kinds);
	RUN(pcapng_in_both_byte_orders);
	RUN(pcapng_resolutions_and_offsets);
	RUN(pcapng_simple_and_obsolete_packets);
	RUN(pcapng_sections_each_have_their_own);
	RUN(unusable_files_are_named_and_explained);
	RUN(limits_of_a_record);
	RUN(cut_at_every_byte);
	RUN(damaged_blocks);
	RUN(written_bytes_are_the_formats);
	RUN(long_frames_return);
	RUN(failed_writes_are_final);
	capture_reader_close(&reader);
	return check_summary();
}
