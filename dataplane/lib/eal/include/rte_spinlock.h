/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Spinlocks, plain and recursive. The _tm forms are the plain ones: transactional memory is not used.
 */
#ifndef _RTE_SPINLOCK_H_
#define _RTE_SPINLOCK_H_

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_cpuflags.h>
#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_pause.h>

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
	while (!rte_spinlock_trylock(sl))
		while (__atomic_load_n(&sl->locked, __ATOMIC_RELAXED) != 0)
			rte_pause();
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

static inline int
rte_tm_supported(void)
{
	return 0;
}

#define rte_spinlock_lock_tm(sl) rte_spinlock_lock(sl)
#define rte_spinlock_trylock_tm(sl) rte_spinlock_trylock(sl)
#define rte_spinlock_unlock_tm(sl) rte_spinlock_unlock(sl)
#define rte_spinlock_recursive_lock_tm(slr) rte_spinlock_recursive_lock(slr)
#define rte_spinlock_recursive_trylock_tm(slr) rte_spinlock_recursive_trylock(slr)
#define rte_spinlock_recursive_unlock_tm(slr) rte_spinlock_recursive_unlock(slr)

#endif
