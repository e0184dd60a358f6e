/* SPDX-License-Identifier: BSD-3-Clause
 *
 * All frames of one capture file, laid out for receiving: each starts on a cache line and is padded with zeros to whole
 * lines, so that a copy needs no tail; what an mbuf says of a frame lies ready as one 16-byte word. Read-only once
 * made.
 */
#ifndef WDPDK_CAPTURE_IMAGE_H
#define WDPDK_CAPTURE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#define CAPTURE_LINE 64

/* struct rte_mbuf from packet_type to hash.rss, for a frame in one segment. */
struct capture_fields {
	uint32_t packet_type, length;
	uint16_t data_length, vlan_tci;
	uint32_t rss;
} __attribute__((aligned(16)));

struct capture_image {
	uint32_t frames;
	uint32_t longest;      /* bytes of the longest frame */
	uint32_t cut;          /* frames that the capture holds only in part */
	struct capture_fields *fields;
	uint32_t *first_line;  /* of each frame, in lines of `lines` */
	uint64_t *timestamps;  /* ns since 1970 UTC */
	uint8_t *lines;
	void *eal_memory, *plain_memory; /* the one that is not NULL holds all of the above */
};

/*
 * Reads and checks the whole file: nothing of a file with an error anywhere is used. 0, or a negative errno and in
 * `error` (at least 512 bytes) what is wrong with which file, where, and what to do.
 */
int capture_image_load(struct capture_image *image, const char *path, char *error, size_t error_size);
void capture_image_free(struct capture_image *image);

static inline const uint8_t *
capture_image_frame(const struct capture_image *image, uint32_t frame)
{
	return image->lines + (size_t)image->first_line[frame] * CAPTURE_LINE;
}

#endif
