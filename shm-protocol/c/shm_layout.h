/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where things lie in a segment: computed and written by the dataplane, read and checked by a client. Pure functions on memory
 * that the caller has mapped. The meaning of every field stands in definition.mjs.
 */
#ifndef SHM_LAYOUT_H
#define SHM_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "wdpdk_protocol.h"

/** Slots of a queue, all lanes together. Each ring can name all slots of its lane at once, so that no honest client finds one full. */
#define SHM_MAX_SLOTS WDPDK_RING_MAX_ENTRIES
/** Words of a QUEUE_COUNTERS area: the counters, then one per drop cause. */
#define SHM_QUEUE_WORDS (WDPDK_QUEUE_COUNTER_COUNT + WDPDK_QUEUE_DROP_COUNT)

struct shm_area {
	uint32_t type, lane;	/* WDPDK_AREA_* */
	uint64_t offset, size;	/* bytes, from the start of the segment */
	uint32_t count, stride;	/* entries and bytes of one; a ring's words come before its entries */
};

struct shm_layout {
	uint64_t total;		/* bytes, a multiple of 4096 */
	uint64_t generation;
	uint64_t features;	/* WDPDK_FEATURE_* */
	uint32_t kind;		/* WDPDK_SEGMENT_KIND_* */
	uint32_t queue_id;
	uint32_t slot_size;	/* bytes; 0 for counters */
	uint32_t lanes;		/* 0 for counters */
	uint32_t area_count;
	struct shm_area areas[WDPDK_SEGMENT_MAX_AREAS];
};

/** Lays out a queue: for each of `lanes` lanes four rings and counters; `slots` slots of `slot_size` bytes, which the lanes share
 * evenly. generation and queue_id are left to the caller. NULL, or a sentence that says which number is out of range. */
const char *shm_layout_queue(struct shm_layout *layout, uint32_t slots, uint32_t slot_size, uint32_t lanes, uint64_t features);

/** Lays out the counters segment for `lcores` blocks (1 to WDPDK_LIMIT_LCORES). */
const char *shm_layout_counters(struct shm_layout *layout, uint32_t lcores);

/** Writes header, offset table and the rings' start index into zeroed memory of layout->total bytes. STATE stays INIT. */
void shm_segment_write(void *base, const struct shm_layout *layout, uint32_t first_index);

/** Makes the segment usable for whoever maps it; everything before it is visible then. */
void shm_segment_live(void *base);

/** Ends the segment in band: the reason (WDPDK_CLOSE_*) first, then the state. */
void shm_segment_close(void *base, uint32_t reason);

/** WDPDK_SEGMENT_STATE_*; with CLOSED, *reason is set. Any thread of either side. */
uint32_t shm_segment_state(const void *base, uint32_t *reason);

/** The client's side: copies the header and checks every number against `mapped` bytes. NULL, or what is wrong. */
const char *shm_segment_read(const void *base, uint64_t mapped, struct shm_layout *layout);

/** The area of a type and lane, or NULL. UMEM and LCORE_COUNTERS are of lane 0. */
const struct shm_area *shm_layout_find(const struct shm_layout *layout, uint32_t type, uint32_t lane);

/** Slots of each lane of a queue; those of lane i begin at slot i * share. */
uint32_t shm_layout_share(const struct shm_layout *layout);

#endif
