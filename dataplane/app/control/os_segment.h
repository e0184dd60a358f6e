/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Shared memory for one segment: nameless memory on Linux, a named section on Windows, or a file in the directory that the
 * environment variable WDPDK_SHM_DIR names (tests that mix the systems).
 */
#ifndef APP_OS_SEGMENT_H
#define APP_OS_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "os_error.h"

struct os_segment {
	void *base;
	size_t size;
	intptr_t handle;	/* descriptor or section; the file behind it lives as long */
	char name[64];		/* the section to open; empty on Linux */
	char file[256];		/* the file back end's path; empty without it */
};

/* Makes and maps `size` zeroed bytes whose memory is reserved, so that touching them cannot fail later. With `observed`, peers can
 * only read. 0 or -1 with `error` filled. */
int os_segment_create(struct os_segment *segment, size_t size, bool observed, struct os_error *error);
/* Unmaps and lets go; peers keep what they have mapped. Harmless on a zeroed one. */
void os_segment_destroy(struct os_segment *segment);

#endif
