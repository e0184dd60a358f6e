/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Who wants to hear of pools that have become ready or are about to go.
 *
 * Callbacks run without the lock, so they may create, free, register and unregister. An event is for those who were
 * registered when it began: registrations are numbered and listed in that order, and the walk goes by number, never by
 * a pointer that a callback may have freed.
 */
#include <errno.h>
#include <stdlib.h>

#include <rte_errno.h>
#include <rte_log.h>
#include <rte_mempool.h>
#include <rte_spinlock.h>

#include "mempool_private.h"

struct listener {
	struct listener *next;
	uint64_t number;
	rte_mempool_event_callback *func;
	void *user_data;
};

static rte_spinlock_t lock = RTE_SPINLOCK_INITIALIZER;
static struct listener *listeners;
static uint64_t last_number;

void
wdpdk_mempool_announce(enum rte_mempool_event event, struct rte_mempool *mp)
{
	uint64_t done = 0, end;

	rte_spinlock_lock(&lock);
	end = last_number;
	for (;;) {
		const struct listener *one = listeners;
		struct listener call;

		while (one != NULL && one->number <= done)
			one = one->next;
		if (one == NULL || one->number > end)
			break;
		call = *one;
		rte_spinlock_unlock(&lock);
		call.func(event, mp, call.user_data);
		done = call.number;
		rte_spinlock_lock(&lock);
	}
	rte_spinlock_unlock(&lock);
}

/* The link that holds the listener, or the last one. Lock held. */
static struct listener **
find_link(rte_mempool_event_callback *func, void *user_data)
{
	struct listener **link = &listeners;

	while (*link != NULL && ((*link)->func != func || (*link)->user_data != user_data))
		link = &(*link)->next;
	return link;
}

int
rte_mempool_event_callback_register(rte_mempool_event_callback *func, void *user_data)
{
	struct listener *one, **link;

	if (func == NULL) {
		rte_errno = EINVAL;
		return -EINVAL;
	}
	one = (struct listener *)malloc(sizeof(*one));
	if (one == NULL) {
		rte_errno = ENOMEM;
		return -ENOMEM;
	}
	one->next = NULL;
	one->func = func;
	one->user_data = user_data;
	rte_spinlock_lock(&lock);
	link = find_link(func, user_data);
	if (*link != NULL) {
		rte_spinlock_unlock(&lock);
		free(one);
		rte_errno = EEXIST;
		return -EEXIST;
	}
	one->number = ++last_number;
	*link = one;
	rte_spinlock_unlock(&lock);
	return 0;
}

int
rte_mempool_event_callback_unregister(rte_mempool_event_callback *func, void *user_data)
{
	struct listener *one, **link;

	rte_spinlock_lock(&lock);
	link = find_link(func, user_data);
	one = *link;
	if (one != NULL)
		*link = one->next;
	rte_spinlock_unlock(&lock);
	if (one == NULL) {
		rte_errno = ENOENT;
		return -ENOENT;
	}
	free(one);
	return 0;
}
