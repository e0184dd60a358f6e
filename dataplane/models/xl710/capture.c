/* SPDX-License-Identifier: BSD-3-Clause */
#include "capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#define FILE_MAX (1u << 30)
#define MAGIC_MICROSECONDS 0xA1B2C3D4u
#define MAGIC_NANOSECONDS 0xA1B23C4Du
#define BLOCK_SECTION 0x0A0D0D0Au
#define BLOCK_ENHANCED 6u
#define BLOCK_SIMPLE 3u
#define SECTION_ORDER 0x1A2B3C4Du
#define LINK_ETHERNET 1u

static uint32_t
word(const struct capture *capture, size_t offset)
{
	uint32_t value = load32le(capture->bytes + offset);

	return capture->swapped ? __builtin_bswap32(value) : value;
}

static int
read_all(struct capture *capture, const char *path)
{
	FILE *file = fopen(path, "rb");
	long length;

	if (file == NULL)
		return -errno;
	if (fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0 || (unsigned long)length > FILE_MAX ||
	    fseek(file, 0, SEEK_SET) != 0) {
		fclose(file);
		return -EINVAL;
	}
	capture->length = (size_t)length;
	capture->bytes = malloc(capture->length + 1);
	if (capture->bytes == NULL || fread(capture->bytes, 1, capture->length, file) != capture->length) {
		fclose(file);
		capture_close(capture);
		return -EIO;
	}
	fclose(file);
	return 0;
}

int
capture_open(struct capture *capture, const char *path)
{
	uint32_t magic;
	int error;

	memset(capture, 0, sizeof(*capture));
	error = read_all(capture, path);
	if (error != 0)
		return error;
	if (capture->length >= 24) {
		magic = load32le(capture->bytes);
		if (magic == BLOCK_SECTION) {
			capture->blocks = true;
			capture->swapped = load32le(capture->bytes + 8) != SECTION_ORDER;
			return 0;
		}
		capture->swapped = magic == __builtin_bswap32(MAGIC_MICROSECONDS) || magic == __builtin_bswap32(MAGIC_NANOSECONDS);
		magic = word(capture, 0);
		if ((magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS) && (word(capture, 20) & 0xFFFF) == LINK_ETHERNET) {
			capture->offset = 24;
			return 0;
		}
	}
	capture_close(capture);
	return -EINVAL;
}

void
capture_close(struct capture *capture)
{
	free(capture->bytes);
	capture->bytes = NULL;
	capture->length = 0;
}

void
capture_rewind(struct capture *capture)
{
	capture->offset = capture->blocks ? 0 : 24;
}

/* One block of pcapng: true when it holds a frame. */
static bool
next_block(struct capture *capture, const uint8_t **frame, uint32_t *length, bool *end)
{
	size_t left = capture->length - capture->offset, at = capture->offset, header;
	uint32_t type, size;

	*end = true;
	if (left < 12)
		return false;
	type = word(capture, at);
	if (type == BLOCK_SECTION)
		capture->swapped = load32le(capture->bytes + at + 8) != SECTION_ORDER;
	size = word(capture, at + 4);
	if (size < 12 || size % 4 != 0 || size > left)
		return false;
	*end = false;
	capture->offset += size;
	header = type == BLOCK_ENHANCED ? 28 : 12;
	if ((type != BLOCK_ENHANCED && type != BLOCK_SIMPLE) || size < header + 4)
		return false;
	*length = type == BLOCK_ENHANCED ? word(capture, at + 20) : word(capture, at + 8);
	if (type == BLOCK_SIMPLE && *length > size - header - 4)
		*length = size - (uint32_t)header - 4;
	*frame = capture->bytes + at + header;
	return *length <= size - header - 4 && *length <= CAPTURE_FRAME_MAX;
}

bool
capture_next(struct capture *capture, const uint8_t **frame, uint32_t *length)
{
	bool end = false;

	while (capture->blocks && !end)
		if (next_block(capture, frame, length, &end))
			return true;
	while (!capture->blocks && capture->length - capture->offset >= 16) {
		*length = word(capture, capture->offset + 8);
		if (*length > capture->length - capture->offset - 16)
			return false;
		*frame = capture->bytes + capture->offset + 16;
		capture->offset += 16 + (size_t)*length;
		if (*length <= CAPTURE_FRAME_MAX)
			return true;
	}
	return false;
}

FILE *
capture_create(const char *path)
{
	static const uint32_t header[6] = { MAGIC_NANOSECONDS, 2 | 4u << 16, 0, 0, 262144, LINK_ETHERNET };
	FILE *file = fopen(path, "wb");

	if (file != NULL && fwrite(header, sizeof(header), 1, file) != 1) {
		fclose(file);
		return NULL;
	}
	return file;
}

void
capture_write(FILE *file, const uint8_t *frame, uint32_t length, uint64_t time_us)
{
	uint32_t header[4] = { (uint32_t)(time_us / 1000000), (uint32_t)(time_us % 1000000 * 1000), length, length };

	fwrite(header, sizeof(header), 1, file);
	fwrite(frame, length, 1, file);
}
