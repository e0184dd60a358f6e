/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Spinlocks that serve their waiters in the order of their coming: one draws a ticket and waits until it is called.
 * At most 65535 threads may wait at a time.
 */
#ifndef _RTE_TICKETLOCK_H_
#define _RTE_TICKETLOCK_H_

#include <stdint.h>

#include <rte_common.h>
#include <rte_lcore.h>
#include <rte_pause.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Free when both halves are equal. current is written by the holder alone. */
typedef union {
	uint32_t tickets;
	struct {
		uint16_t current; /* the ticket being served */
		uint16_t next;    /* the next one to be drawn */
	} s;
} rte_ticketlock_t;
#define RTE_TICKETLOCK_INITIALIZER { 0 }

static inline void
rte_ticketlock_init(rte_ticketlock_t *tl)
{
	__atomic_store_n(&tl->tickets, 0, __ATOMIC_RELAXED);
}

static inline void
rte_ticketlock_lock(rte_ticketlock_t *tl)
{
	uint16_t mine = __atomic_fetch_add(&tl->s.next, 1, __ATOMIC_RELAXED);

	rte_wait_until_equal_16(&tl->s.current, mine, __ATOMIC_ACQUIRE);
}

static inline void
rte_ticketlock_unlock(rte_ticketlock_t *tl)
{
	uint16_t served = __atomic_load_n(&tl->s.current, __ATOMIC_RELAXED);

	__atomic_store_n(&tl->s.current, (uint16_t)(served + 1), __ATOMIC_RELEASE);
}

/** 1 when taken; 0 when somebody holds it or waits. */
static inline int
rte_ticketlock_trylock(rte_ticketlock_t *tl)
{
	rte_ticketlock_t seen, taken;

	seen.tickets = __atomic_load_n(&tl->tickets, __ATOMIC_RELAXED);
	if (seen.s.current != seen.s.next)
		return 0;
	taken = seen;
	taken.s.next = (uint16_t)(taken.s.next + 1);
	return __atomic_compare_exchange_n(&tl->tickets, &seen.tickets, taken.tickets, 0, __ATOMIC_ACQUIRE,
		__ATOMIC_RELAXED);
}

/** 1 when somebody holds it. */
static inline int
rte_ticketlock_is_locked(rte_ticketlock_t *tl)
{
	rte_ticketlock_t seen;

	seen.tickets = __atomic_load_n(&tl->tickets, __ATOMIC_ACQUIRE);
	return seen.s.current != seen.s.next;
}

/* Can be taken again by the thread that holds it; user is that thread's id. */
#define TICKET_LOCK_INVALID_ID -1

typedef struct {
	rte_ticketlock_t tl;
	int user;
	unsigned int count;
} rte_ticketlock_recursive_t;
#define RTE_TICKETLOCK_RECURSIVE_INITIALIZER { RTE_TICKETLOCK_INITIALIZER, TICKET_LOCK_INVALID_ID, 0 }

static inline void
rte_ticketlock_recursive_init(rte_ticketlock_recursive_t *tlr)
{
	rte_ticketlock_init(&tlr->tl);
	__atomic_store_n(&tlr->user, TICKET_LOCK_INVALID_ID, __ATOMIC_RELAXED);
	tlr->count = 0;
}

/** 1 when taken. */
static inline int
rte_ticketlock_recursive_trylock(rte_ticketlock_recursive_t *tlr)
{
	int id = rte_gettid();

	/* Only this thread can have written its own id there. */
	if (__atomic_load_n(&tlr->user, __ATOMIC_RELAXED) != id) {
		if (!rte_ticketlock_trylock(&tlr->tl))
			return 0;
		__atomic_store_n(&tlr->user, id, __ATOMIC_RELAXED);
	}
	tlr->count++;
	return 1;
}

static inline void
rte_ticketlock_recursive_lock(rte_ticketlock_recursive_t *tlr)
{
	int id = rte_gettid();

	if (__atomic_load_n(&tlr->user, __ATOMIC_RELAXED) != id) {
		rte_ticketlock_lock(&tlr->tl);
		__atomic_store_n(&tlr->user, id, __ATOMIC_RELAXED);
	}
	tlr->count++;
}

static inline void
rte_ticketlock_recursive_unlock(rte_ticketlock_recursive_t *tlr)
{
	if (--tlr->count == 0) {
		__atomic_store_n(&tlr->user, TICKET_LOCK_INVALID_ID, __ATOMIC_RELAXED);
		rte_ticketlock_unlock(&tlr->tl);
	}
}

#ifdef __cplusplus
}
#endif

#endif
