/* SPDX-License-Identifier: BSD-3-Clause */
#include "capture_image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_malloc.h>

#include "capture_os.h"
#include "capture_reader.h"

#define FIRST_READ (1u << 20)
#define EAL_MEMORY_LIMIT (16u << 20)

static const char *
open_remedy(int error)
{
	switch (error) {
	case ENOENT:
		return "check the name";
	case EACCES:
		return "make it readable for this user";
	case EISDIR:
		return "name a file, not a folder";
	default:
		return "check that it is a readable file";
	}
}

static int
read_file(const char *path, uint8_t **bytes, size_t *size, char *error, size_t error_size)
{
	FILE *file = capture_os_open(path, 'r');
	size_t room = FIRST_READ, got;
	uint8_t *buffer = NULL, *grown;
	int failed;

	*size = 0;
	if (file == NULL) {
		failed = errno == 0 ? EIO : errno;
		snprintf(error, error_size,
			"capture '%s': cannot open it: %s; %s", path, strerror(failed), open_remedy(failed));
		return -failed;
	}
	do {
		grown = realloc(buffer, room);
		if (grown == NULL) {
			snprintf(error, error_size,
				"capture '%s': no memory for its first %zu bytes; use a smaller capture", path, room);
			free(buffer);
			fclose(file);
			return -ENOMEM;
		}
		buffer = grown;
		errno = 0;
		got = fread(buffer + *size, 1, room - *size, file);
		*size += got;
		room *= 2;
	} while (got > 0);
	failed = ferror(file) == 0 ? 0 : errno == 0 ? EIO : errno;
	fclose(file);
	if (failed != 0) {
		snprintf(error, error_size, "capture '%s': cannot read it at offset %zu: %s; %s", path, *size, strerror(failed),
			open_remedy(failed));
		free(buffer);
		return -failed;
	}
	*bytes = buffer;
	return 0;
}

static size_t
lines_of(uint32_t length)
{
	/* Also an empty frame has a line: receiving copies the first line without asking. */
	return length == 0 ? 1 : ((size_t)length + CAPTURE_LINE - 1) / CAPTURE_LINE;
}

/* The first pass checks and measures, the second fills. */
static int
measure(struct capture_reader *reader, struct capture_image *image, size_t *lines)
{
	struct capture_frame frame;
	uint64_t frames = 0;
	int got;

	*lines = 0;
	while ((got = capture_reader_next(reader, &frame)) == 1) {
		frames++;
		*lines += lines_of(frame.length);
		if (frame.length > image->longest)
			image->longest = frame.length;
		image->cut += frame.wire_length > frame.length;
	}
	if (got == 0 && (frames > UINT32_MAX || *lines > UINT32_MAX)) {
		snprintf(reader->error, sizeof(reader->error),
			"it holds more than 2^32 frames or 256 GiB; split it with 'editcap -c'");
		got = -EFBIG;
	}
	image->frames = (uint32_t)frames;
	return got;
}

static void
fill(struct capture_reader *reader, struct capture_image *image)
{
	struct capture_frame frame;
	size_t line = 0;

	for (uint32_t i = 0; i < image->frames && capture_reader_next(reader, &frame) == 1; i++) {
		uint8_t *to = image->lines + line * CAPTURE_LINE;
		size_t padded = lines_of(frame.length) * CAPTURE_LINE;

		memcpy(to, frame.data, frame.length);
		memset(to + frame.length, 0, padded - frame.length);
		image->fields[i] = (struct capture_fields){ .length = frame.length, .data_length = (uint16_t)frame.length };
		image->timestamps[i] = frame.timestamp;
		image->first_line[i] = (uint32_t)line;
		line += lines_of(frame.length);
	}
}

static int
allocate(struct capture_image *image, size_t lines)
{
	size_t frames = image->frames;
	size_t size = lines * CAPTURE_LINE + frames * (sizeof(*image->fields) + sizeof(*image->timestamps) +
		sizeof(*image->first_line)) + CAPTURE_LINE;

	/*
	 * A small image, which a loop may read without end, goes to the EAL's large pages, sparing the copy its TLB misses.
	 * A large one is read once in order; it must not eat the memory that mempools need.
	 */
	if (size <= EAL_MEMORY_LIMIT)
		image->eal_memory = rte_malloc("capture", size, CAPTURE_LINE);
	if (image->eal_memory == NULL)
		image->plain_memory = malloc(size);
	if (image->eal_memory == NULL && image->plain_memory == NULL)
		return -ENOMEM;
	image->lines = image->eal_memory != NULL ? image->eal_memory : RTE_PTR_ALIGN(image->plain_memory, CAPTURE_LINE);
	image->fields = (struct capture_fields *)(image->lines + lines * CAPTURE_LINE);
	image->timestamps = (uint64_t *)(image->fields + frames);
	image->first_line = (uint32_t *)(image->timestamps + frames);
	return 0;
}

int
capture_image_load(struct capture_image *image, const char *path, char *error, size_t error_size)
{
	struct capture_reader reader;
	uint8_t *bytes = NULL;
	size_t size, lines = 0;
	int failed;

	memset(image, 0, sizeof(*image));
	failed = read_file(path, &bytes, &size, error, error_size);
	if (failed != 0)
		return failed;
	failed = capture_reader_open(&reader, bytes, size);
	if (failed == 0)
		failed = measure(&reader, image, &lines);
	if (failed != 0)
		snprintf(error, error_size, "capture '%s': %s", path, reader.error);
	capture_reader_close(&reader);
	if (failed == 0) {
		failed = allocate(image, lines);
		if (failed != 0)
			snprintf(error, error_size,
				"capture '%s': no memory for %zu bytes of frames; use a smaller capture", path, lines * CAPTURE_LINE);
	}
	if (failed == 0) {
		/* The bytes have not changed, so this pass goes as the first one went. */
		capture_reader_open(&reader, bytes, size);
		fill(&reader, image);
		capture_reader_close(&reader);
	}
	free(bytes);
	return failed;
}

void
capture_image_free(struct capture_image *image)
{
	rte_free(image->eal_memory);
	free(image->plain_memory);
	memset(image, 0, sizeof(*image));
}
