/* SPDX-License-Identifier: BSD-3-Clause */
#include "capture_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture_reader.h"

#define NANOSECOND_MAGIC 0xa1b23c4du
#define LINK_TYPE_ETHERNET 1u

_Static_assert(CAPTURE_BUFFER >= CAPTURE_RECORD_HEADER + CAPTURE_MAX_FRAME, "a record fits into an empty buffer");

static void
put_u32(uint8_t *to, uint32_t value)
{
	memcpy(to, &value, sizeof(value));
}

int
capture_writer_open(struct capture_writer *writer, FILE *file)
{
	static const uint16_t version[2] = { 2, 4 };

	memset(writer, 0, sizeof(*writer));
	writer->file = file;
	writer->buffer = malloc(CAPTURE_BUFFER);
	if (writer->buffer == NULL) {
		fclose(file);
		return -ENOMEM;
	}
	setvbuf(file, NULL, _IONBF, 0);
	put_u32(writer->buffer, NANOSECOND_MAGIC);
	memcpy(writer->buffer + 4, version, sizeof(version));
	memset(writer->buffer + 8, 0, 8); /* times are UTC, of no stated accuracy */
	put_u32(writer->buffer + 16, CAPTURE_MAX_FRAME);
	put_u32(writer->buffer + 20, LINK_TYPE_ETHERNET);
	writer->used = CAPTURE_FILE_HEADER;
	return 0;
}

int
capture_writer_flush(struct capture_writer *writer)
{
	if (writer->error == 0 && writer->used > 0) {
		errno = 0;
		if (fwrite(writer->buffer, 1, writer->used, writer->file) != writer->used) {
			/* How many of the waiting frames reached the disk whole cannot be told: all of them count as lost. */
			writer->error = errno == 0 ? EIO : errno;
			writer->lost_frames += writer->waiting_frames;
		}
		writer->used = 0;
		writer->waiting_frames = 0;
	}
	return -writer->error;
}

uint8_t *
capture_writer_frame(struct capture_writer *writer, uint64_t timestamp, uint32_t length)
{
	size_t size = CAPTURE_RECORD_HEADER + (size_t)length;
	uint8_t *record;

	if (writer->used + size > CAPTURE_BUFFER)
		capture_writer_flush(writer);
	if (writer->error != 0)
		return NULL;
	record = writer->buffer + writer->used;
	put_u32(record, (uint32_t)(timestamp / 1000000000));
	put_u32(record + 4, (uint32_t)(timestamp % 1000000000));
	put_u32(record + 8, length);
	put_u32(record + 12, length);
	writer->used += size;
	writer->waiting_frames++;
	return record + CAPTURE_RECORD_HEADER;
}

int
capture_writer_close(struct capture_writer *writer)
{
	capture_writer_flush(writer);
	errno = 0;
	if (fclose(writer->file) != 0 && writer->error == 0)
		writer->error = errno == 0 ? EIO : errno;
	free(writer->buffer);
	writer->file = NULL;
	writer->buffer = NULL;
	return -writer->error;
}
