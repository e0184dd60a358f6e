/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Spinning reader/writer locks. A waiting writer keeps new readers out. Not recursive.
 */
#ifndef _RTE_RWLOCK_H_
#define _RTE_RWLOCK_H_

#include <errno.h>

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_pause.h>
#include <rte_spinlock.h>

#ifdef __cplusplus
extern "C" {
#endif

/* cnt: bit 0 a writer waits, bit 1 a writer holds, the rest counts readers. */
#define RTE_RWLOCK_WAIT 0x1
#define RTE_RWLOCK_WRITE 0x2
#define RTE_RWLOCK_MASK (RTE_RWLOCK_WAIT | RTE_RWLOCK_WRITE)
#define RTE_RWLOCK_READ 0x4

typedef struct {
	int32_t cnt;
} rte_rwlock_t;
#define RTE_RWLOCK_INITIALIZER { 0 }

static inline void
rte_rwlock_init(rte_rwlock_t *rwl)
{
	rwl->cnt = 0;
}

/** 0, or -EBUSY when a writer holds it or waits. */
__rte_warn_unused_result
static inline int
rte_rwlock_read_trylock(rte_rwlock_t *rwl)
{
	int32_t now = __atomic_load_n(&rwl->cnt, __ATOMIC_RELAXED);

	while ((now & RTE_RWLOCK_MASK) == 0)
		if (__atomic_compare_exchange_n(&rwl->cnt, &now, now + RTE_RWLOCK_READ, 1, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return 0;
	return -EBUSY;
}

static inline void
rte_rwlock_read_lock(rte_rwlock_t *rwl)
{
	unsigned int rounds = 0;

	while (rte_rwlock_read_trylock(rwl) != 0)
		wdpdk_wait_round(&rounds);
}

static inline void
rte_rwlock_read_unlock(rte_rwlock_t *rwl)
{
	(void)__atomic_fetch_sub(&rwl->cnt, RTE_RWLOCK_READ, __ATOMIC_RELEASE);
}

/** 0, or -EBUSY when somebody holds it. */
__rte_warn_unused_result
static inline int
rte_rwlock_write_trylock(rte_rwlock_t *rwl)
{
	int32_t now = __atomic_load_n(&rwl->cnt, __ATOMIC_RELAXED);

	/* Whoever gets the lock takes the note of a waiting writer over; writers still waiting write it again. */
	if (now < RTE_RWLOCK_WRITE &&
	    __atomic_compare_exchange_n(&rwl->cnt, &now, RTE_RWLOCK_WRITE, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return 0;
	return -EBUSY;
}

static inline void
rte_rwlock_write_lock(rte_rwlock_t *rwl)
{
	unsigned int rounds = 0;

	while (rte_rwlock_write_trylock(rwl) != 0) {
		if ((__atomic_load_n(&rwl->cnt, __ATOMIC_RELAXED) & RTE_RWLOCK_WAIT) == 0)
			(void)__atomic_fetch_or(&rwl->cnt, RTE_RWLOCK_WAIT, __ATOMIC_RELAXED);
		wdpdk_wait_round(&rounds);
	}
}

static inline void
rte_rwlock_write_unlock(rte_rwlock_t *rwl)
{
	(void)__atomic_fetch_sub(&rwl->cnt, RTE_RWLOCK_WRITE, __ATOMIC_RELEASE);
}

/* The _tm forms are those of rte_spinlock.h: a transaction where one succeeds, else the lock. */

static inline void
rte_rwlock_read_lock_tm(rte_rwlock_t *rwl)
{
	if (!rte_try_tm(&rwl->cnt))
		rte_rwlock_read_lock(rwl);
}

static inline void
rte_rwlock_read_unlock_tm(rte_rwlock_t *rwl)
{
	if (__atomic_load_n(&rwl->cnt, __ATOMIC_RELAXED) != 0)
		rte_rwlock_read_unlock(rwl);
	else
		rte_xend();
}

static inline void
rte_rwlock_write_lock_tm(rte_rwlock_t *rwl)
{
	if (!rte_try_tm(&rwl->cnt))
		rte_rwlock_write_lock(rwl);
}

static inline void
rte_rwlock_write_unlock_tm(rte_rwlock_t *rwl)
{
	if (__atomic_load_n(&rwl->cnt, __ATOMIC_RELAXED) != 0)
		rte_rwlock_write_unlock(rwl);
	else
		rte_xend();
}

#ifdef __cplusplus
}
#endif

#endif
