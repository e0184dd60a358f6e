/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "check.h"
#include "shm_frame.h"

struct seen {
	unsigned int frames;
	size_t bytes;
	bool stop;
};

static bool
count(void *context, const uint8_t *value, size_t length)
{
	struct seen *seen = context;

	for (size_t i = 0; i < length; i++)
		if (value[i] != (uint8_t)(length + i))
			return false;
	seen->frames++;
	seen->bytes += length;
	return !seen->stop;
}

static size_t
put_frame(uint8_t *at, size_t length)
{
	shm_frame_header(at, length);
	for (size_t i = 0; i < length; i++)
		at[4 + i] = (uint8_t)(length + i);
	return 4 + length;
}

static void
frames_come_out_however_the_stream_is_cut(void)
{
	static uint8_t stream[4096];
	size_t length = 0;

	length += put_frame(stream + length, 1);
	length += put_frame(stream + length, 1500);
	length += put_frame(stream + length, 3);
	for (size_t piece = 1; piece <= length; piece += piece < 20 ? 1 : 97) {
		struct shm_frame_reader reader = { 0 };
		struct seen seen = { 0 };

		for (size_t at = 0; at < length; at += piece) {
			size_t n = length - at < piece ? length - at : piece;

			CHECK_EQ(shm_frame_push(&reader, stream + at, n, count, &seen), SHM_FRAME_DONE);
		}
		CHECK_EQ(seen.frames, 3);
		CHECK_EQ(seen.bytes, 1504);
		shm_frame_reader_free(&reader);
	}
}

static void
lengths_out_of_range_end_the_stream(void)
{
	static const uint32_t lengths[] = { 0, WDPDK_FRAME_MAX_BYTES + 1, 0xffffffff };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct shm_frame_reader reader = { 0 };
		struct seen seen = { 0 };
		uint8_t header[4];

		shm_frame_header(header, lengths[i]);
		CHECK_EQ(shm_frame_push(&reader, header, 4, count, &seen), SHM_FRAME_TOO_LONG);
		shm_frame_reader_free(&reader);
	}
}

static void
memory_follows_what_came_not_what_was_promised(void)
{
	struct shm_frame_reader reader = { 0 };
	struct seen seen = { 0 };
	uint8_t header[5] = { 0 };

	shm_frame_header(header, WDPDK_FRAME_MAX_BYTES);
	CHECK_EQ(shm_frame_push(&reader, header, 5, count, &seen), SHM_FRAME_DONE);
	CHECK(reader.capacity <= 4096);
	shm_frame_reader_free(&reader);
}

static void
a_refusal_stops_the_reading(void)
{
	struct shm_frame_reader reader = { 0 };
	struct seen seen = { .stop = true };
	uint8_t stream[16];
	size_t length = put_frame(stream, 2);

	length += put_frame(stream + length, 2);
	CHECK_EQ(shm_frame_push(&reader, stream, length, count, &seen), SHM_FRAME_STOPPED);
	CHECK_EQ(seen.frames, 1);
	shm_frame_reader_free(&reader);
}

static void
secrets_compare(void)
{
	uint8_t a[16] = { 1, 2, 3 }, b[16] = { 1, 2, 3 };

	CHECK(shm_secret_equal(a, b, 16));
	b[15] = 1;
	CHECK(!shm_secret_equal(a, b, 16));
}

int
main(void)
{
	RUN(frames_come_out_however_the_stream_is_cut);
	RUN(lengths_out_of_range_end_the_stream);
	RUN(memory_follows_what_came_not_what_was_promised);
	RUN(a_refusal_stops_the_reading);
	RUN(secrets_compare);
	return check_summary();
}
