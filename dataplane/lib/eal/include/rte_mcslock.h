/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Mellor-Crummey and Scott's queue lock: waiters stand in a list, each spins on its own node, and the lock goes to
 * them in the order of their coming. The lock itself is a pointer to the last node, NULL when free.
 *
 * A node belongs to one thread from lock (or a successful trylock) to unlock, and must stay where it is meanwhile.
 */
#ifndef _RTE_MCSLOCK_H_
#define _RTE_MCSLOCK_H_

#include <stddef.h>
#include <stdint.h>

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_lcore.h>
#include <rte_pause.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rte_mcslock {
	struct rte_mcslock *next; /* who gets the lock after this one */
	int locked;               /* 1 while this one waits */
} rte_mcslock_t;

static inline void
rte_mcslock_lock(rte_mcslock_t **msl, rte_mcslock_t *me)
{
	rte_mcslock_t *before;

	__atomic_store_n(&me->locked, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&me->next, NULL, __ATOMIC_RELAXED);
	/* Release: the next to come writes me->next, after the NULL. Acquire: what the last holder did. */
	before = __atomic_exchange_n(msl, me, __ATOMIC_ACQ_REL);
	if (likely(before == NULL))
		return;
	/* Release: the holder clears me->locked, after the 1. */
	__atomic_store_n(&before->next, me, __ATOMIC_RELEASE);
	rte_wait_until_equal_32((volatile uint32_t *)&me->locked, 0, __ATOMIC_ACQUIRE);
}

static inline void
rte_mcslock_unlock(rte_mcslock_t **msl, rte_mcslock_t *me)
{
	rte_mcslock_t *after = __atomic_load_n(&me->next, __ATOMIC_ACQUIRE), *last = me;
	unsigned int rounds = 0;

	if (after == NULL) {
		if (likely(__atomic_compare_exchange_n(msl, &last, NULL, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED)))
			return;
		/* Somebody stands behind and is about to say so. */
		while ((after = __atomic_load_n(&me->next, __ATOMIC_ACQUIRE)) == NULL)
			wdpdk_wait_round(&rounds);
	}
	__atomic_store_n(&after->locked, 0, __ATOMIC_RELEASE);
}

/** 1 when taken; 0 when somebody holds it. */
static inline int
rte_mcslock_trylock(rte_mcslock_t **msl, rte_mcslock_t *me)
{
	rte_mcslock_t *nobody = NULL;

	__atomic_store_n(&me->next, NULL, __ATOMIC_RELAXED);
	return __atomic_compare_exchange_n(msl, &nobody, me, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/** 1 when the lock, whose value is passed, was held as it was read. */
static inline int
rte_mcslock_is_locked(rte_mcslock_t *msl)
{
	return msl != NULL;
}

#ifdef __cplusplus
}
#endif

#endif
