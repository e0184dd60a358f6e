/* SPDX-License-Identifier: BSD-3-Clause */
#include "fanout.h"

#include <string.h>

static void
count_buckets(const struct fanout_group *group, uint16_t *counts)
{
	memset(counts, 0, group->member_count * sizeof(counts[0]));
	for (unsigned int bucket = 0; bucket < group->buckets; bucket++)
		counts[group->owners[bucket]]++;
}

void
fanout_join(struct fanout_group *group, struct attached_queue *member)
{
	uint16_t counts[WDPDK_LIMIT_QUEUES], newest = group->member_count;
	unsigned int share = group->buckets / (newest + 1u);

	group->members[newest] = member;
	if (newest == 0)
		memset(group->owners, 0, sizeof(group->owners));
	count_buckets(group, counts);
	group->member_count++;
	for (; newest > 0 && share > 0; share--) {
		unsigned int richest = 0, bucket = group->buckets - 1u;

		for (unsigned int i = 1; i < newest; i++)
			if (counts[i] > counts[richest])
				richest = i;
		while (group->owners[bucket] != richest)
			bucket--;
		group->owners[bucket] = newest;
		counts[richest]--;
	}
}

void
fanout_leave(struct fanout_group *group, const struct attached_queue *member)
{
	uint16_t counts[WDPDK_LIMIT_QUEUES];
	unsigned int gone = 0;

	while (group->members[gone] != member)
		gone++;
	count_buckets(group, counts);
	for (unsigned int bucket = 0; group->member_count > 1 && bucket < group->buckets; bucket++) {
		unsigned int poorest = gone == 0 ? 1 : 0;

		if (group->owners[bucket] != gone)
			continue;
		for (unsigned int i = poorest + 1; i < group->member_count; i++)
			if (i != gone && counts[i] < counts[poorest])
				poorest = i;
		group->owners[bucket] = (uint16_t)poorest;
		counts[poorest]++;
	}
	group->member_count--;
	memmove(&group->members[gone], &group->members[gone + 1], (group->member_count - gone) * sizeof(group->members[0]));
	for (unsigned int bucket = 0; bucket < group->buckets; bucket++)
		if (group->owners[bucket] > gone)
			group->owners[bucket]--;
}
