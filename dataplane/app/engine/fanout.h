/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A fan-out group and which of its members has which bucket. Kept by the builder from plan to plan: who joins or leaves moves only the
 * buckets that it must. The same order of joining and leaving always ends in the same table.
 */
#ifndef APP_FANOUT_H
#define APP_FANOUT_H

#include "builder.h"

#define FANOUT_MOST_BUCKETS 512u

struct attached_queue;

struct fanout_group {
	uint16_t buckets;
	uint16_t member_count;
	struct attached_queue *members[WDPDK_LIMIT_QUEUES];	/* in the order of joining */
	uint16_t owners[FANOUT_MOST_BUCKETS];			/* a bucket's member, as its place among them */
};

/* The member gets its share, rounded down, bucket by bucket from whoever has most (the earliest among equals gives his last). */
void fanout_join(struct fanout_group *group, struct attached_queue *member);
/* Its buckets go one by one to whoever has fewest (the earliest among equals). The last member leaves none behind. */
void fanout_leave(struct fanout_group *group, const struct attached_queue *member);

#endif
