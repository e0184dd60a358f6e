/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Writes a classic pcap file: this machine's byte order, nanosecond times, Ethernet. Output is collected in memory and
 * goes to the file a megabyte at a time, when asked, and at the end. One thread a writer.
 */
#ifndef WDPDK_CAPTURE_WRITER_H
#define WDPDK_CAPTURE_WRITER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CAPTURE_FILE_HEADER 24
#define CAPTURE_RECORD_HEADER 16
#define CAPTURE_BUFFER (1u << 20)

struct capture_writer {
	FILE *file;
	uint8_t *buffer;        /* CAPTURE_BUFFER bytes, `used` of them waiting for the file */
	size_t used;
	uint64_t waiting_frames; /* frames any byte of which is in the buffer */
	uint64_t lost_frames;   /* accepted, then lost to a failed write */
	int error;              /* errno of the first failed write; final */
};

/* Takes over the file (also when it fails) and queues the file header. 0, -ENOMEM. */
int capture_writer_open(struct capture_writer *writer, FILE *file);
/*
 * Room for one record: fills its header and returns where its `length` bytes (at most CAPTURE_MAX_FRAME) must be copied
 * before the next call; NULL when the file has failed.
 */
uint8_t *capture_writer_frame(struct capture_writer *writer, uint64_t timestamp, uint32_t length);
/*
 * Everything queued is in the file. 0, or the negative errno of the first failed write: what was queued is in
 * lost_frames.
 */
int capture_writer_flush(struct capture_writer *writer);
/* Flushes, closes, frees. As flush. */
int capture_writer_close(struct capture_writer *writer);

#endif
