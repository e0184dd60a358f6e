/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Capture files as a wire reads and writes them: pcap in either byte order, with microseconds or nanoseconds, and pcapng's packet blocks.
 * A file is untrusted: a frame that sticks out of it ends it.
 */
#ifndef XL710_CAPTURE_H
#define XL710_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CAPTURE_FRAME_MAX 16384u

struct capture {
	uint8_t *bytes;   /* the whole file */
	size_t length;
	size_t offset;    /* of the next record */
	bool swapped, blocks;
};

/* 0, or a negative errno: -EINVAL is a file that is no Ethernet capture, or too large to hold. */
int capture_open(struct capture *capture, const char *path);
void capture_close(struct capture *capture);
/* The next frame, which points into the file: false at the end. Frames longer than CAPTURE_FRAME_MAX are left out. */
bool capture_next(struct capture *capture, const uint8_t **frame, uint32_t *length);
void capture_rewind(struct capture *capture);

/* A pcap file with nanoseconds, or NULL. Close it with fclose. */
FILE *capture_create(const char *path);
void capture_write(FILE *file, const uint8_t *frame, uint32_t length, uint64_t time_us);

#endif
