/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Defer queues: a circle of {token, element}, oldest first. Tokens are taken under the lock, so they ascend along the
 * circle and the first unripe element ends a reclamation. The lock is free while free_fn runs.
 */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_spinlock.h>

#include "rte_rcu_qsbr.h"

struct slot {
	uint64_t token;
	uint32_t element[];
};

struct rte_rcu_qsbr_dq {
	rte_spinlock_t lock;
	bool locking;
	uint32_t first, count, capacity; /* slots: capacity + 1, a power of two */
	size_t slot_size;
	struct rte_rcu_qsbr_dq_parameters params;
	uint8_t *slots;
};

static int
refuse(int error)
{
	rte_errno = error;
	return 1;
}

static struct slot *
slot_at(struct rte_rcu_qsbr_dq *dq, uint32_t index)
{
	return (struct slot *)(void *)(dq->slots + (index & dq->capacity) * dq->slot_size);
}

static void
lock(struct rte_rcu_qsbr_dq *dq)
{
	if (dq->locking)
		rte_spinlock_lock(&dq->lock);
}

static void
unlock(struct rte_rcu_qsbr_dq *dq)
{
	if (dq->locking)
		rte_spinlock_unlock(&dq->lock);
}

struct rte_rcu_qsbr_dq *
rte_rcu_qsbr_dq_create(const struct rte_rcu_qsbr_dq_parameters *params)
{
	struct rte_rcu_qsbr_dq *dq;
	uint32_t slots;

	if (params == NULL || params->name == NULL || params->free_fn == NULL || params->v == NULL || params->size == 0 ||
	    params->size > RTE_RING_SZ_MASK || params->esize == 0 || params->esize % 4 != 0 ||
	    (params->trigger_reclaim_limit <= params->size && params->max_reclaim_size == 0)) {
		rte_errno = EINVAL;
		return NULL;
	}
	slots = rte_align32pow2(params->size + 1);
	dq = rte_zmalloc("rcu defer queue", sizeof(*dq), RTE_CACHE_LINE_SIZE);
	if (dq != NULL) {
		dq->slot_size = RTE_ALIGN_CEIL(sizeof(struct slot) + params->esize, sizeof(uint64_t));
		dq->slots = rte_malloc("rcu defer queue", dq->slot_size * slots, RTE_CACHE_LINE_SIZE);
	}
	if (dq == NULL || dq->slots == NULL) {
		rte_free(dq);
		rte_errno = ENOMEM;
		return NULL;
	}
	rte_spinlock_init(&dq->lock);
	dq->locking = (params->flags & RTE_RCU_QSBR_DQ_MT_UNSAFE) == 0;
	dq->capacity = slots - 1;
	dq->params = *params;
	dq->params.name = NULL; /* the caller's memory */
	return dq;
}

/* Takes the oldest element out if it is ripe. */
static bool
take(struct rte_rcu_qsbr_dq *dq, uint32_t *element)
{
	bool ripe;

	lock(dq);
	ripe = dq->count > 0 && rte_rcu_qsbr_check(dq->params.v, slot_at(dq, dq->first)->token, false) != 0;
	if (ripe) {
		memcpy(element, slot_at(dq, dq->first)->element, dq->params.esize);
		dq->first++;
		dq->count--;
	}
	unlock(dq);
	return ripe;
}

static unsigned int
reclaim(struct rte_rcu_qsbr_dq *dq, unsigned int n)
{
	uint32_t small[64], *element = small;
	unsigned int freed = 0;

	if (dq->params.esize > sizeof(small)) {
		element = rte_malloc("rcu element", dq->params.esize, 0);
		if (element == NULL)
			return 0;
	}
	while (freed < n && take(dq, element)) {
		dq->params.free_fn(dq->params.p, element, 1);
		freed++;
	}
	if (element != small)
		rte_free(element);
	return freed;
}

int
rte_rcu_qsbr_dq_enqueue(struct rte_rcu_qsbr_dq *dq, void *e)
{
	uint32_t count;
	bool room;

	if (dq == NULL || e == NULL)
		return refuse(EINVAL);
	lock(dq);
	count = dq->count;
	unlock(dq);
	if (count > dq->params.trigger_reclaim_limit)
		reclaim(dq, dq->params.max_reclaim_size);

	lock(dq);
	room = dq->count < dq->capacity;
	if (room) {
		struct slot *slot = slot_at(dq, dq->first + dq->count++);

		slot->token = rte_rcu_qsbr_start(dq->params.v);
		memcpy(slot->element, e, dq->params.esize);
	}
	unlock(dq);
	return room ? 0 : refuse(ENOSPC);
}

int
rte_rcu_qsbr_dq_reclaim(struct rte_rcu_qsbr_dq *dq, unsigned int n, unsigned int *freed, unsigned int *pending,
	unsigned int *available)
{
	unsigned int count, done;

	if (dq == NULL || n == 0)
		return refuse(EINVAL);
	done = reclaim(dq, n);
	lock(dq);
	count = dq->count;
	unlock(dq);
	if (freed != NULL)
		*freed = done;
	if (pending != NULL)
		*pending = count;
	if (available != NULL)
		*available = dq->capacity - count;
	return 0;
}

int
rte_rcu_qsbr_dq_delete(struct rte_rcu_qsbr_dq *dq)
{
	if (dq == NULL)
		return 0;
	reclaim(dq, UINT32_MAX);
	if (dq->count > 0)
		return refuse(EAGAIN);
	rte_free(dq->slots);
	rte_free(dq);
	return 0;
}
