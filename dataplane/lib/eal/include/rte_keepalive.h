/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Seeing that lcores are alive: each marks itself now and then, a timer looks whether it did. One that is silent is
 * missing at the first look, dead at the second, and at the third it is gone and the failure callback is called.
 *
 * mark functions: from the lcore itself, at any rate. All others: one thread at a time.
 */
#ifndef _KEEPALIVE_H_
#define _KEEPALIVE_H_

#include <rte_config.h>
#include <rte_memory.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef RTE_KEEPALIVE_MAXCORES
#define RTE_KEEPALIVE_MAXCORES RTE_MAX_LCORE
#endif

enum rte_keepalive_state {
	RTE_KA_STATE_UNUSED = 0,
	RTE_KA_STATE_ALIVE = 1,
	RTE_KA_STATE_MISSING = 4, /* looked at since it was alive */
	RTE_KA_STATE_DEAD = 2,    /* twice */
	RTE_KA_STATE_GONE = 3,    /* three times: it was told */
	RTE_KA_STATE_DOZING = 5,  /* asleep since the last look */
	RTE_KA_STATE_SLEEP = 6    /* asleep */
};

/** An lcore is gone. */
typedef void (*rte_keepalive_failure_callback_t)(void *data, const int id_core);
/** The state the look left an lcore in; last_seen: time stamp of the last look that found it alive. */
typedef void (*rte_keepalive_relay_callback_t)(void *data, const int id_core, enum rte_keepalive_state core_state,
	uint64_t last_seen);

struct rte_keepalive;

/** callback may be NULL. Memory from rte_malloc(); rte_free() frees it. NULL when there is none. */
struct rte_keepalive *rte_keepalive_create(rte_keepalive_failure_callback_t callback, void *data);
/** Looks at all registered lcores; with the arguments of a timer's callback: ptr_data is the keepalive. */
void rte_keepalive_dispatch_pings(void *ptr_timer, void *ptr_data);
/** From now on this lcore is looked at; out of range: nothing happens. */
void rte_keepalive_register_core(struct rte_keepalive *keepcfg, const int id_core);
/** The calling lcore is alive. */
void rte_keepalive_mark_alive(struct rte_keepalive *keepcfg);
/** The calling lcore goes to sleep: it is not missed until it is alive again. */
void rte_keepalive_mark_sleep(struct rte_keepalive *keepcfg);
/** Called for each lcore at each look. */
void rte_keepalive_register_relay_callback(struct rte_keepalive *keepcfg, rte_keepalive_relay_callback_t callback,
	void *data);

#ifdef __cplusplus
}
#endif

#endif
