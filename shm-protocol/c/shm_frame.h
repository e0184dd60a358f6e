/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Control frames cut out of a byte stream: u32 length, then one value of that many bytes. Grows with what arrives, not with what a
 * length word promises, and never beyond one frame. Also the comparison of secrets.
 */
#ifndef SHM_FRAME_H
#define SHM_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wdpdk_protocol.h"

struct shm_frame_reader {
	uint8_t *bytes;
	size_t used, capacity;
};

enum shm_frame_result {
	SHM_FRAME_DONE,		/* all bytes are taken; what is left of them waits for more */
	SHM_FRAME_TOO_LONG,	/* a length of zero or above WDPDK_FRAME_MAX_BYTES: the stream has no way back into step */
	SHM_FRAME_NO_MEMORY,
	SHM_FRAME_STOPPED,	/* `use` returned false */
};

/** Called with the value's bytes, which are private and valid until it returns. False ends the reading. */
typedef bool (*shm_frame_use)(void *context, const uint8_t *value, size_t length);

enum shm_frame_result shm_frame_push(struct shm_frame_reader *reader, const uint8_t *bytes, size_t length, shm_frame_use use,
	void *context);
void shm_frame_reader_free(struct shm_frame_reader *reader);

/** Writes the header of a frame whose value has `length` bytes. */
void shm_frame_header(uint8_t header[WDPDK_FRAME_HEADER_BYTES], size_t length);

/** Compares tokens in a time that does not depend on where they differ. */
bool shm_secret_equal(const uint8_t *a, const uint8_t *b, size_t length);

#endif
