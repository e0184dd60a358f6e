/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Reads Ethernet frames from a capture held in memory: classic pcap (either byte order, micro- or nanoseconds) and
 * pcapng (either byte order, each section its own). Nothing of the input is trusted; nothing beyond it is touched.
 *
 *     struct capture_reader reader;
 *     int got = capture_reader_open(&reader, bytes, size);
 *     while (got == 0 && (got = capture_reader_next(&reader, &frame)) == 1) ...     (0: the end, negative: reader.error)
 *     capture_reader_close(&reader);
 *
 * Formats: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. One thread a reader.
 */
#ifndef WDPDK_CAPTURE_READER_H
#define WDPDK_CAPTURE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No capture tool writes longer frames; a longer length is a broken file. */
#define CAPTURE_MAX_FRAME 262144

struct capture_frame {
	const uint8_t *data;  /* inside the capture's bytes */
	uint32_t length;      /* bytes present */
	uint32_t wire_length; /* bytes the frame had on the wire, more than length when the capture cut it */
	uint64_t timestamp;   /* ns since 1970 UTC; 0 where the format keeps none (simple packet blocks) */
};

struct capture_interface {
	uint16_t link_type;
	uint32_t snap_length; /* 0: unlimited */
	uint8_t resolution;   /* if_tsresol as stored: power of ten, or of two with the top bit */
	int64_t offset;       /* if_tsoffset, seconds */
};

struct capture_reader {
	const uint8_t *bytes;
	size_t size, offset; /* offset of the next record or block */
	bool is_pcapng, swapped, nanoseconds;
	struct capture_interface *interfaces; /* of the present pcapng section */
	uint32_t interface_count, interface_room;
	char error[256]; /* after a negative result: where, what is wrong, what to do */
};

/* 0 when the file's header is good, else -EINVAL, or -ENOTSUP for a format or link type that is not read here. */
int capture_reader_open(struct capture_reader *reader, const void *bytes, size_t size);
/* 1 and a frame, 0 after the last, -EINVAL, -ENOTSUP or -ENOMEM; an error is final. */
int capture_reader_next(struct capture_reader *reader, struct capture_frame *frame);
/* Frees what open and next allocated; also after errors. */
void capture_reader_close(struct capture_reader *reader);

#endif
