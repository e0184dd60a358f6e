/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The skip list against a model: a flat table of what must be in it.
 */
#include <check.h>

#include "timer_list.h"

#define TIMERS 300
#define STEPS 60000

static struct timer_list list;
static struct rte_timer timer[TIMERS];
static bool listed[TIMERS];

static uint64_t
draw(void)
{
	static uint64_t x = 88172645463325252;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

static unsigned int
first_of_model(void)
{
	unsigned int i, first = TIMERS;

	/* The table is in order of address. */
	for (i = 0; i < TIMERS; i++)
		if (listed[i] && (first == TIMERS || timer[i].expire < timer[first].expire))
			first = i;
	return first;
}

/* Every level is sorted, a subset of the one below, and the lowest is the model. */
static void
check_links(void)
{
	unsigned int level, i, model = 0, n = 0;
	const struct rte_timer *t, *below;

	for (i = 0; i < TIMERS; i++)
		model += listed[i];
	for (level = 0; level < MAX_SKIPLIST_DEPTH; level++) {
		CHECK((list.head[level] != NULL) == (level < list.depth));
		below = level > 0 ? list.head[level - 1] : NULL;
		for (t = list.head[level]; t != NULL; t = t->sl_next[level]) {
			CHECK(listed[t - timer]);
			n += level == 0;
			if (t->sl_next[level] != NULL) {
				CHECK(t->expire <= t->sl_next[level]->expire);
				CHECK(t->expire < t->sl_next[level]->expire || t < t->sl_next[level]);
			}
			for (; level > 0 && below != t; below = below->sl_next[level - 1])
				CHECK(below != NULL);
		}
	}
	CHECK_EQ(n, model);
	CHECK_EQ(list.pending, model);
	i = first_of_model();
	CHECK(list.next_expire == (i < TIMERS ? timer[i].expire : TIMER_NEVER));
}

/* range: how many different times there are. */
static void
walk_at_random(uint64_t range)
{
	unsigned int step, i;

	timer_list_init(&list, 1);
	memset(listed, 0, sizeof(listed));
	for (step = 0; step < STEPS; step++) {
		i = (unsigned int)(draw() % TIMERS);
		if (draw() % 8 == 0 && list.head[0] != NULL) {
			i = first_of_model();
			CHECK(list.head[0] == &timer[i]);
			timer_list_pop(&list);
			listed[i] = false;
		} else if (listed[i]) {
			CHECK(timer_list_remove(&list, &timer[i]));
			listed[i] = false;
		} else {
			CHECK(!timer_list_remove(&list, &timer[i]));
			timer[i].expire = draw() % range;
			timer_list_insert(&list, &timer[i]);
			listed[i] = true;
		}
		if (step % 97 == 0)
			check_links();
	}
	while ((i = first_of_model()) < TIMERS) {
		CHECK(timer_list_remove(&list, &timer[i]));
		listed[i] = false;
	}
	check_links();
	CHECK_EQ(list.depth, 0);
}

static void
list_is_its_model(void)
{
	walk_at_random(UINT64_MAX);
	walk_at_random(50);
}

static void
equal_times_are_told_apart(void)
{
	walk_at_random(1);
}

static void
late_ones_wait_for_the_merge(void)
{
	timer_list_init(&list, 7);
	timer[0].expire = 5;
	timer[1].expire = 3;
	timer[2].expire = 4;
	timer_list_insert(&list, &timer[0]);
	timer_list_insert_late(&list, &timer[1]);
	timer_list_insert_late(&list, &timer[2]);
	CHECK_EQ(list.next_expire, 5);
	CHECK_EQ(list.pending, 3);
	CHECK(timer_list_remove(&list, &timer[2]));
	CHECK(!timer_list_remove(&list, &timer[2]));
	timer_list_merge_late(&list);
	CHECK_EQ(list.next_expire, 3);
	CHECK(list.head[0] == &timer[1] && timer[1].sl_next[0] == &timer[0] && timer[0].sl_next[0] == NULL);
	CHECK_EQ(list.pending, 2);
}

static void
levels_are_as_rare_as_they_should(void)
{
	static struct rte_timer many[4096];
	unsigned int level, n, i;
	const struct rte_timer *t;

	timer_list_init(&list, 3);
	for (i = 0; i < RTE_DIM(many); i++) {
		many[i].expire = draw();
		timer_list_insert(&list, &many[i]);
	}
	/* A quarter on each level above the last; generously bounded, from a fixed seed. */
	for (level = 1; level < 5; level++) {
		for (n = 0, t = list.head[level]; t != NULL; t = t->sl_next[level])
			n++;
		CHECK(n > (4096u >> (2 * level)) / 2 && n < (4096u >> (2 * level)) * 2);
	}
}

int
main(void)
{
	RUN(list_is_its_model);
	RUN(equal_times_are_told_apart);
	RUN(late_ones_wait_for_the_merge);
	RUN(levels_are_as_rare_as_they_should);
	return check_summary();
}
