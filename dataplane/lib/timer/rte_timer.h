/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Timers: functions that an lcore calls when their time has come. Each lcore has a list of pending timers, ordered by
 * time, and runs what is due when it calls rte_timer_manage(). Times are ticks of rte_get_timer_cycles().
 *
 * A timer is the caller's memory. From a reset until it is stopped (or has run, if it runs once) it belongs to the
 * library. Any thread may reset and stop any timer; of two threads that want the same timer at the same moment one
 * is told -1. A timer that is running can only be touched from its own callback, and there everything is allowed:
 * reset, stop, and after a stop freeing it.
 */
#ifndef _RTE_TIMER_H_
#define _RTE_TIMER_H_

#include <stdint.h>
#include <stdio.h>

#include <rte_common.h>
#include <rte_compat.h>
#include <rte_spinlock.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The states of a timer. */
#define RTE_TIMER_STOP 0    /* in no list */
#define RTE_TIMER_PENDING 1 /* in the list of its owner, an lcore */
#define RTE_TIMER_RUNNING 2 /* its callback runs on its owner */
#define RTE_TIMER_CONFIG 3  /* a thread is changing it */

#define RTE_TIMER_NO_OWNER -2

enum rte_timer_type {
	SINGLE,
	PERIODICAL
};

/** Read and changed as one word. */
union rte_timer_status {
	struct {
		uint16_t state;
		int16_t owner; /* an lcore's id, -1 for a thread that is none, or RTE_TIMER_NO_OWNER */
	};
	uint32_t u32;
};

struct rte_timer;
typedef void (*rte_timer_cb_t)(struct rte_timer *, void *);

#define MAX_SKIPLIST_DEPTH 10

/** One timer; all of it is the library's. Zeroed memory is a stopped timer, too. */
struct rte_timer {
	uint64_t expire;
	struct rte_timer *sl_next[MAX_SKIPLIST_DEPTH];
	volatile union rte_timer_status status;
	uint64_t period; /* 0: runs once */
	rte_timer_cb_t f;
	void *arg;
};

#ifdef __cplusplus
#define RTE_TIMER_INITIALIZER { 0, { NULL }, { { RTE_TIMER_STOP, RTE_TIMER_NO_OWNER } }, 0, NULL, NULL }
#else
#define RTE_TIMER_INITIALIZER { .status = { { .state = RTE_TIMER_STOP, .owner = RTE_TIMER_NO_OWNER } } }
#endif

/**
 * Makes the library ready; after rte_eal_init(). @return 0; -EALREADY when it was (nothing happens); -ENOMEM.
 */
int rte_timer_subsystem_init(void);
/** Gives everything back, all instances too. No other call may be under way; pending timers are forgotten. */
void rte_timer_subsystem_finalize(void);

/**
 * An instance is a set of lists of its own, for the rte_timer_alt_* functions; a timer that was reset in one is
 * stopped in that one. @return 0 and its id in *id_ptr (may be NULL); -ENOSPC when 64 exist; -ENOMEM when there is no
 * memory or the library was not made ready.
 */
int rte_timer_data_alloc(uint32_t *id_ptr);
/** Frees an instance, which nobody uses any more. 0; -EINVAL when there is none of that id. */
int rte_timer_data_dealloc(uint32_t id);

/** Makes memory a stopped timer. Not for one that is pending. */
void rte_timer_init(struct rte_timer *tim);

/**
 * Starts a timer, or starts it anew when it is pending: fct(tim, arg) is called on lcore tim_lcore by the first
 * rte_timer_manage() that is at least `ticks` later, and with PERIODICAL again each `ticks` after that (what was
 * missed is made up for, once a manage). tim_lcore LCORE_ID_ANY: another lcore at each call, in turn. Ticks
 * beyond the end of time mean never.
 * @return 0; -1 when it is running (and this is not its callback) or being changed, which changes nothing; -EINVAL
 * for tim or fct NULL, an lcore out of range, an unknown type, or before rte_timer_subsystem_init().
 */
int rte_timer_reset(struct rte_timer *tim, uint64_t ticks, enum rte_timer_type type, unsigned int tim_lcore,
	rte_timer_cb_t fct, void *arg);
/** Again until rte_timer_reset() gives no -1. Never from the callback of another timer that this one waits for. */
void rte_timer_reset_sync(struct rte_timer *tim, uint64_t ticks, enum rte_timer_type type, unsigned int tim_lcore,
	rte_timer_cb_t fct, void *arg);

/**
 * Stops a timer: when this returns 0 its callback does not run and will not, so its memory may be freed.
 * @return 0, also for one that was stopped; -1 and -EINVAL as rte_timer_reset().
 */
int rte_timer_stop(struct rte_timer *tim);
/** Again until rte_timer_stop() gives no -1: waits for a running callback to return. */
void rte_timer_stop_sync(struct rte_timer *tim);

/** 1 when pending, 0 otherwise. */
int rte_timer_pending(struct rte_timer *tim);

/**
 * Ticks until the calling lcore's next timer is due: 0 when one is. -ENOENT when none is pending; -EINVAL when the
 * caller is no lcore or the library not ready.
 */
int64_t rte_timer_next_ticks(void);

/**
 * Runs the calling lcore's timers that are due, earliest first. Costs a load when none is pending, and reading the
 * clock when none is due. @return 0; -EINVAL as rte_timer_next_ticks().
 */
int rte_timer_manage(void);

/** Prints how many timers each lcore started, stopped, ran and has pending. 0, or -EINVAL. */
int rte_timer_dump_stats(FILE *f);

/** rte_timer_reset() in an instance; fct may be NULL, for rte_timer_alt_manage(). -EINVAL also for an unknown id. */
int rte_timer_alt_reset(uint32_t timer_data_id, struct rte_timer *tim, uint64_t ticks, enum rte_timer_type type,
	unsigned int tim_lcore, rte_timer_cb_t fct, void *arg);
int rte_timer_alt_stop(uint32_t timer_data_id, struct rte_timer *tim);

typedef void (*rte_timer_alt_manage_cb_t)(struct rte_timer *tim);
/**
 * Runs what is due in the lists of n_poll_lcores lcores, in the order of their times over all of them, on the calling
 * lcore: f(tim) is called in place of the timers' own functions. poll_lcores NULL: the caller's own list.
 * Periodical timers stay with their lcore. @return 0; -EINVAL for an unknown id or lcore, f NULL, or a caller that
 * is no lcore.
 */
int rte_timer_alt_manage(uint32_t timer_data_id, unsigned int *poll_lcores, int n_poll_lcores,
	rte_timer_alt_manage_cb_t f);

typedef void (*rte_timer_stop_all_cb_t)(struct rte_timer *tim, void *arg);
/**
 * Stops all timers that are pending on the given lcores and calls f(tim, f_arg) (f may be NULL) for each one after it
 * was stopped, so f may free it. @return 0; -EINVAL for an unknown id or lcore.
 */
int rte_timer_stop_all(uint32_t timer_data_id, unsigned int *walk_lcores, int nb_walk_lcores,
	rte_timer_stop_all_cb_t f, void *f_arg);

int rte_timer_alt_dump_stats(uint32_t timer_data_id, FILE *f);

#ifdef __cplusplus
}
#endif

#endif
