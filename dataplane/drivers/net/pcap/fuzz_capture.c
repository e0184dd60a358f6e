/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Any bytes as a capture: the reader must end, stay inside, and hand out only whole frames.
 */
#include <stdlib.h>
#include <string.h>

#include "capture_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct capture_reader reader;
	struct capture_frame frame;
	int got = capture_reader_open(&reader, bytes, size);
	size_t offset = 0;

	while (got == 0 && (got = capture_reader_next(&reader, &frame)) == 1) {
		/* The copy lets the sanitizer see a frame that sticks out. */
		uint8_t *copy = malloc((size_t)frame.length + 1);

		if (copy == NULL || frame.length > CAPTURE_MAX_FRAME || reader.offset <= offset)
			abort();
		memcpy(copy, frame.data, frame.length);
		free(copy);
		offset = reader.offset;
		got = 0;
	}
	if (got > 0 || (got < 0 && reader.error[0] == '\0'))
		abort();
	capture_reader_close(&reader);
	return 0;
}
