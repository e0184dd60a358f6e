/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Buckets of a fan-out group: balanced, moved no more than needed, and always the same way.
 */
#include "fanout.h"

#include <stdlib.h>

#include "check.h"

#define MEMBERS 40u

static struct attached_queue *
member(unsigned int i)
{
	return (struct attached_queue *)(uintptr_t)(64 + i * 64);
}

static struct attached_queue *
owner(const struct fanout_group *group, unsigned int bucket)
{
	return group->members[group->owners[bucket]];
}

static unsigned int
count_of(const struct fanout_group *group, const struct attached_queue *who)
{
	unsigned int count = 0;

	for (unsigned int bucket = 0; bucket < group->buckets; bucket++)
		count += owner(group, bucket) == who;
	return count;
}

/* Each member has its share, or one more. */
static void
check_balance(const struct fanout_group *group)
{
	unsigned int share = group->buckets / group->member_count;

	for (unsigned int i = 0; i < group->member_count; i++) {
		unsigned int count = count_of(group, group->members[i]);

		CHECK(count == share || count == share + 1);
	}
}

static void
check_join(struct fanout_group *group, struct attached_queue *who)
{
	struct fanout_group before = *group;
	unsigned int moved = 0;

	fanout_join(group, who);
	check_balance(group);
	for (unsigned int bucket = 0; before.member_count > 0 && bucket < group->buckets; bucket++) {
		if (owner(group, bucket) == owner(&before, bucket))
			continue;
		CHECK(owner(group, bucket) == who);
		moved++;
	}
	CHECK_EQ(moved, before.member_count == 0 ? 0 : group->buckets / group->member_count);
}

static void
check_leave(struct fanout_group *group, struct attached_queue *who)
{
	struct fanout_group before = *group;

	fanout_leave(group, who);
	CHECK_EQ(group->member_count, before.member_count - 1);
	if (group->member_count == 0)
		return;
	check_balance(group);
	for (unsigned int bucket = 0; bucket < group->buckets; bucket++)
		CHECK(owner(group, bucket) == owner(&before, bucket) || owner(&before, bucket) == who);
	CHECK_EQ(count_of(group, who), 0);
}

static void
only_the_affected_buckets_move(void)
{
	for (uint16_t buckets = 128; buckets <= 512; buckets *= 4) {
		struct fanout_group group = { .buckets = buckets };

		for (unsigned int i = 0; i < MEMBERS; i++)
			check_join(&group, member(i));
		for (unsigned int i = 0; i < MEMBERS; i += 3)
			check_leave(&group, member(i));
		for (unsigned int i = 0; i < MEMBERS; i += 3)
			check_join(&group, member(i));
		for (unsigned int i = MEMBERS; i-- > 0; )
			check_leave(&group, member(i));
		CHECK_EQ(group.member_count, 0);
	}
}

static void
any_order_of_coming_and_going(void)
{
	struct fanout_group group = { .buckets = 128 };
	bool in[MEMBERS] = { false };

	srand(3);
	for (unsigned int step = 0; step < 5000; step++) {
		unsigned int i = (unsigned int)rand() % MEMBERS;

		if (in[i])
			check_leave(&group, member(i));
		else
			check_join(&group, member(i));
		in[i] = !in[i];
	}
}

/* Those for whom there is no bucket get none, until others leave. */
static void
more_members_than_buckets(void)
{
	static struct fanout_group group = { .buckets = 128 };

	for (unsigned int i = 0; i < WDPDK_LIMIT_QUEUES; i++)
		fanout_join(&group, member(i));
	for (unsigned int i = 0; i < WDPDK_LIMIT_QUEUES; i++)
		CHECK(count_of(&group, member(i)) <= 1);
	for (unsigned int i = 0; i < WDPDK_LIMIT_QUEUES - 1; i++) {
		fanout_leave(&group, member(i));
		check_balance(&group);
	}
	CHECK_EQ(count_of(&group, member(WDPDK_LIMIT_QUEUES - 1)), 128);
}

static void
the_same_order_ends_the_same_way(void)
{
	struct fanout_group one = { .buckets = 512 }, two = { .buckets = 512 };

	memset(two.owners, 0xff, sizeof(two.owners));
	for (unsigned int i = 0; i < 9; i++) {
		fanout_join(&one, member(i));
		fanout_join(&two, member(i));
	}
	fanout_leave(&one, member(4));
	fanout_leave(&two, member(4));
	CHECK_MEM(one.owners, two.owners, sizeof(one.owners));
}

int
main(void)
{
	RUN(only_the_affected_buckets_move);
	RUN(any_order_of_coming_and_going);
	RUN(more_members_than_buckets);
	RUN(the_same_order_ends_the_same_way);
	return check_summary();
}
