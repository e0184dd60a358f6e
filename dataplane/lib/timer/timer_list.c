/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The skip list of pending timers. One level more is four times rarer, so 10 levels are good for a million timers.
 */
#include <sched.h>
#include <string.h>

#include <rte_pause.h>

#include "timer_list.h"

#define SPINS_BEFORE_YIELD 128

void
timer_list_init(struct timer_list *list, uint64_t seed)
{
	memset(list, 0, sizeof(*list));
	rte_spinlock_init(&list->lock);
	list->next_expire = TIMER_NEVER;
	list->random = seed | 1;
}

void
timer_list_lock(struct timer_list *list)
{
	unsigned int spins = 0;

	while (!rte_spinlock_trylock(&list->lock)) {
		rte_pause();
		if (++spins % SPINS_BEFORE_YIELD == 0)
			sched_yield();
	}
}

void
timer_list_unlock(struct timer_list *list)
{
	rte_spinlock_unlock(&list->lock);
}

static bool
is_before(const struct rte_timer *a, const struct rte_timer *b)
{
	return a->expire < b->expire || (a->expire == b->expire && (uintptr_t)a < (uintptr_t)b);
}

/* The pointers, level by level, that lead past all timers before tim. */
static void
find(struct timer_list *list, const struct rte_timer *tim, struct rte_timer **links[MAX_SKIPLIST_DEPTH])
{
	struct rte_timer **at = list->head, *next;
	unsigned int level = list->depth;

	while (level-- > 0) {
		while ((next = at[level]) != NULL && is_before(next, tim))
			at = next->sl_next;
		links[level] = &at[level];
	}
}

static unsigned int
draw_height(struct timer_list *list)
{
	/* xorshift64 (Marsaglia); two zero bits a level. */
	list->random ^= list->random << 13;
	list->random ^= list->random >> 7;
	list->random ^= list->random << 17;
	return 1 + (unsigned int)__builtin_ctzll(list->random | UINT64_C(1) << (2 * (MAX_SKIPLIST_DEPTH - 1))) / 2;
}

static void
note_first(struct timer_list *list)
{
	__atomic_store_n(&list->next_expire, list->head[0] != NULL ? list->head[0]->expire : TIMER_NEVER,
		__ATOMIC_RELAXED);
}

void
timer_list_insert(struct timer_list *list, struct rte_timer *tim)
{
	struct rte_timer **links[MAX_SKIPLIST_DEPTH];
	unsigned int height = draw_height(list), level;

	find(list, tim, links);
	/* One level more at a time, or a short list would be tall. */
	if (height > list->depth) {
		height = list->depth + 1;
		links[list->depth] = &list->head[list->depth];
		list->depth = height;
	}
	for (level = 0; level < height; level++) {
		tim->sl_next[level] = *links[level];
		*links[level] = tim;
	}
	list->pending++;
	if (list->head[0] == tim)
		note_first(list);
}

static void
forget_empty_levels(struct timer_list *list)
{
	while (list->depth > 0 && list->head[list->depth - 1] == NULL)
		list->depth--;
	list->pending--;
	note_first(list);
}

static bool
remove_late(struct timer_list *list, struct rte_timer *tim)
{
	struct rte_timer **link = &list->late;

	while (*link != NULL && *link != tim)
		link = &(*link)->sl_next[0];
	if (*link == NULL)
		return false;
	*link = tim->sl_next[0];
	list->pending--;
	return true;
}

bool
timer_list_remove(struct timer_list *list, struct rte_timer *tim)
{
	struct rte_timer **links[MAX_SKIPLIST_DEPTH];
	unsigned int level;

	find(list, tim, links);
	if (list->depth == 0 || *links[0] != tim)
		return remove_late(list, tim);
	for (level = 0; level < list->depth && *links[level] == tim; level++)
		*links[level] = tim->sl_next[level];
	forget_empty_levels(list);
	return true;
}

void
timer_list_pop(struct timer_list *list)
{
	struct rte_timer *tim = list->head[0];
	unsigned int level;

	for (level = 0; level < list->depth && list->head[level] == tim; level++)
		list->head[level] = tim->sl_next[level];
	forget_empty_levels(list);
}

void
timer_list_insert_late(struct timer_list *list, struct rte_timer *tim)
{
	tim->sl_next[0] = list->late;
	list->late = tim;
	list->pending++;
}

void
timer_list_merge_late(struct timer_list *list)
{
	struct rte_timer *tim;

	while ((tim = list->late) != NULL) {
		list->late = tim->sl_next[0];
		list->pending--;
		timer_list_insert(list, tim);
	}
}
