/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "shm_frame.h"

#define HEADER WDPDK_FRAME_HEADER_BYTES

static size_t
value_length(const uint8_t *header)
{
	return (size_t)header[0] | (size_t)header[1] << 8 | (size_t)header[2] << 16 | (size_t)header[3] << 24;
}

static bool
reserve(struct shm_frame_reader *reader, size_t wanted)
{
	size_t capacity = reader->capacity == 0 ? 1024 : reader->capacity;
	uint8_t *grown;

	if (wanted <= reader->capacity)
		return true;
	while (capacity < wanted)
		capacity *= 2;
	grown = realloc(reader->bytes, capacity);
	if (grown == NULL)
		return false;
	reader->bytes = grown;
	reader->capacity = capacity;
	return true;
}

/* How many bytes of the frame at hand are still missing; 0 when the header itself is whole and the frame complete. */
static bool
wanted_bytes(const struct shm_frame_reader *reader, size_t *wanted)
{
	size_t length;

	if (reader->used < HEADER) {
		*wanted = HEADER - reader->used;
		return true;
	}
	length = value_length(reader->bytes);
	if (length == 0 || length > WDPDK_FRAME_MAX_BYTES)
		return false;
	*wanted = HEADER + length - reader->used;
	return true;
}

enum shm_frame_result
shm_frame_push(struct shm_frame_reader *reader, const uint8_t *bytes, size_t length, shm_frame_use use, void *context)
{
	while (true) {
		size_t wanted, taken;

		if (!wanted_bytes(reader, &wanted))
			return SHM_FRAME_TOO_LONG;
		if (wanted == 0) {
			bool go_on = use(context, reader->bytes + HEADER, reader->used - HEADER);

			reader->used = 0;
			if (!go_on)
				return SHM_FRAME_STOPPED;
			continue;
		}
		if (length == 0)
			return SHM_FRAME_DONE;
		taken = wanted < length ? wanted : length;
		if (!reserve(reader, reader->used + taken))
			return SHM_FRAME_NO_MEMORY;
		memcpy(reader->bytes + reader->used, bytes, taken);
		reader->used += taken;
		bytes += taken;
		length -= taken;
	}
}

void
shm_frame_reader_free(struct shm_frame_reader *reader)
{
	free(reader->bytes);
	memset(reader, 0, sizeof(*reader));
}

void
shm_frame_header(uint8_t header[WDPDK_FRAME_HEADER_BYTES], size_t length)
{
	for (unsigned int i = 0; i < HEADER; i++)
		header[i] = (uint8_t)(length >> (8 * i));
}

bool
shm_secret_equal(const uint8_t *a, const uint8_t *b, size_t length)
{
	uint8_t difference = 0;

	for (size_t i = 0; i < length; i++)
		difference |= a[i] ^ b[i];
	return difference == 0;
}
