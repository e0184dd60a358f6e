/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Spinlocks: plain, recursive, and elided by transactional memory.
 */
#ifndef _RTE_SPINLOCK_H_
#define _RTE_SPINLOCK_H_

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_cpuflags.h>
#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_pause.h>
#include <rte_rtm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	volatile int locked;
} rte_spinlock_t;
#define RTE_SPINLOCK_INITIALIZER { 0 }

static inline void
rte_spinlock_init(rte_spinlock_t *sl)
{
	sl->locked = 0;
}

/** 1 when taken. */
__rte_warn_unused_result
static inline int
rte_spinlock_trylock(rte_spinlock_t *sl)
{
	return __atomic_exchange_n(&sl->locked, 1, __ATOMIC_ACQUIRE) == 0;
}

static inline void
rte_spinlock_lock(rte_spinlock_t *sl)
{
	unsigned int rounds = 0;

	while (!rte_spinlock_trylock(sl))
		while (__atomic_load_n(&sl->locked, __ATOMIC_RELAXED) != 0)
			wdpdk_wait_round(&rounds);
}

static inline void
rte_spinlock_unlock(rte_spinlock_t *sl)
{
	__atomic_store_n(&sl->locked, 0, __ATOMIC_RELEASE);
}

static inline int
rte_spinlock_is_locked(rte_spinlock_t *sl)
{
	return __atomic_load_n(&sl->locked, __ATOMIC_ACQUIRE);
}

/** Can be taken again by the thread that holds it; user is that thread's id or -1. */
typedef struct {
	rte_spinlock_t sl;
	volatile int user;
	volatile int count;
} rte_spinlock_recursive_t;
#define RTE_SPINLOCK_RECURSIVE_INITIALIZER { RTE_SPINLOCK_INITIALIZER, -1, 0 }

static inline void
rte_spinlock_recursive_init(rte_spinlock_recursive_t *slr)
{
	rte_spinlock_init(&slr->sl);
	slr->user = -1;
	slr->count = 0;
}

/** 1 when taken. */
__rte_warn_unused_result
static inline int
rte_spinlock_recursive_trylock(rte_spinlock_recursive_t *slr)
{
	int id = rte_gettid();

	/* Only this thread can have written its own id there. */
	if (__atomic_load_n(&slr->user, __ATOMIC_RELAXED) != id) {
		if (!rte_spinlock_trylock(&slr->sl))
			return 0;
		__atomic_store_n(&slr->user, id, __ATOMIC_RELAXED);
	}
	slr->count = slr->count + 1;
	return 1;
}

static inline void
rte_spinlock_recursive_lock(rte_spinlock_recursive_t *slr)
{
	int id = rte_gettid();

	if (__atomic_load_n(&slr->user, __ATOMIC_RELAXED) != id) {
		rte_spinlock_lock(&slr->sl);
		__atomic_store_n(&slr->user, id, __ATOMIC_RELAXED);
	}
	slr->count = slr->count + 1;
}

static inline void
rte_spinlock_recursive_unlock(rte_spinlock_recursive_t *slr)
{
	slr->count = slr->count - 1;
	if (slr->count == 0) {
		__atomic_store_n(&slr->user, -1, __ATOMIC_RELAXED);
		rte_spinlock_unlock(&slr->sl);
	}
}

/*
 * The _tm forms run what they protect as a transaction of the CPU's, without taking the lock, where there are
 * transactions and this one succeeds; else they take the lock. What is done between them must not depend on the lock
 * being seen held, and device access or system calls only make the transaction fail.
 */

/* 0: not looked yet; 1: no; 2: yes. */
extern uint8_t wdpdk_rtm;
int wdpdk_rtm_detect(void);

/** Whether this CPU has transactional memory that can succeed. */
static inline int
rte_tm_supported(void)
{
	uint8_t known = __atomic_load_n(&wdpdk_rtm, __ATOMIC_RELAXED);

	return known != 0 ? known > 1 : wdpdk_rtm_detect();
}

#define RTE_RTM_MAX_RETRIES 20
#define RTE_XABORT_LOCK_BUSY 0xff

/**
 * Begins a transaction that fails when *lock, 0 now, is written by anybody. 1 when this is in it; 0 when the lock is
 * to be taken.
 */
static inline int
rte_try_tm(volatile int *lock)
{
	unsigned int round, pauses, status;

	if (!rte_tm_supported())
		return 0;
	for (round = 0; round < RTE_RTM_MAX_RETRIES; round++) {
		status = rte_xbegin();
		if (likely(status == RTE_XBEGIN_STARTED)) {
			if (likely(__atomic_load_n(lock, __ATOMIC_RELAXED) == 0))
				return 1;
			rte_xabort(RTE_XABORT_LOCK_BUSY);
		}
		/* Others are at it: back off, longer and longer and not all for the same time. Else only if it may help. */
		if ((status & RTE_XABORT_CONFLICT) != 0 ||
		    ((status & RTE_XABORT_EXPLICIT) != 0 && RTE_XABORT_CODE(status) == RTE_XABORT_LOCK_BUSY)) {
			for (pauses = ((unsigned int)rte_rdtsc() & 7) << RTE_MIN(round, 6u); pauses != 0; pauses--)
				rte_pause();
		} else if ((status & RTE_XABORT_RETRY) == 0) {
			break;
		}
	}
	return 0;
}

static inline void
rte_spinlock_lock_tm(rte_spinlock_t *sl)
{
	if (!rte_try_tm(&sl->locked))
		rte_spinlock_lock(sl);
}

/** 1 when taken or in a transaction. */
__rte_warn_unused_result
static inline int
rte_spinlock_trylock_tm(rte_spinlock_t *sl)
{
	return rte_try_tm(&sl->locked) || rte_spinlock_trylock(sl);
}

/* In a transaction the lock is free: it began so, and would have been undone. */
static inline void
rte_spinlock_unlock_tm(rte_spinlock_t *sl)
{
	if (__atomic_load_n(&sl->locked, __ATOMIC_RELAXED) != 0)
		rte_spinlock_unlock(sl);
	else
		rte_xend();
}

static inline void
rte_spinlock_recursive_lock_tm(rte_spinlock_recursive_t *slr)
{
	if (!rte_try_tm(&slr->sl.locked))
		rte_spinlock_recursive_lock(slr);
}

/** 1 when taken or in a transaction. */
__rte_warn_unused_result
static inline int
rte_spinlock_recursive_trylock_tm(rte_spinlock_recursive_t *slr)
{
	return rte_try_tm(&slr->sl.locked) || rte_spinlock_recursive_trylock(slr);
}

static inline void
rte_spinlock_recursive_unlock_tm(rte_spinlock_recursive_t *slr)
{
	if (__atomic_load_n(&slr->sl.locked, __ATOMIC_RELAXED) != 0)
		rte_spinlock_recursive_unlock(slr);
	else
		rte_xend();
}

#ifdef __cplusplus
}
#endif

#endif
