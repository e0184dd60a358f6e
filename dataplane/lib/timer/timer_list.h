/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The pending timers of one lcore: a skip list ordered by (expire, address). The address makes the order total, so a
 * timer is found in O(log n) however many share its time (all that wait "for ever" do).
 *
 * Everything below but next_expire belongs to who holds the lock.
 */
#ifndef TIMER_LIST_H
#define TIMER_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include <rte_spinlock.h>

#include "rte_timer.h"

/* No timer expires then: the value of an empty list. */
#define TIMER_NEVER UINT64_MAX

struct timer_list {
	uint64_t next_expire; /* of the first timer, TIMER_NEVER when there is none; also read without the lock */
	rte_spinlock_t lock;
	unsigned int depth; /* levels in use */
	struct rte_timer *head[MAX_SKIPLIST_DEPTH];
	struct rte_timer *late; /* run in this pass and due again: pending, but not before the next pass; sl_next[0] */
	uint64_t random;        /* never 0 */
	uint64_t pending, started, stopped, fired;
} __rte_cache_aligned;

void timer_list_init(struct timer_list *list, uint64_t seed);
/** Lets others run when the lock stays taken: its holder may be an lcore of the same CPU. */
void timer_list_lock(struct timer_list *list);
void timer_list_unlock(struct timer_list *list);

/** tim->expire is set and does not change while it is in the list. */
void timer_list_insert(struct timer_list *list, struct rte_timer *tim);
/** Whether it was in the list. */
bool timer_list_remove(struct timer_list *list, struct rte_timer *tim);
/** The first one is taken out. */
void timer_list_pop(struct timer_list *list);
void timer_list_insert_late(struct timer_list *list, struct rte_timer *tim);
void timer_list_merge_late(struct timer_list *list);

#endif
