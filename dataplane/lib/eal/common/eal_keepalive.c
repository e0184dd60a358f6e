/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Keepalive: a state word an lcore.
 */
#include <rte_cycles.h>
#include <rte_keepalive.h>
#include <rte_lcore.h>
#include <rte_malloc.h>

#include "eal_private.h"

struct rte_keepalive {
	struct {
		/* Written by the lcore (alive, dozing) and by the look. */
		uint32_t state;
	} __rte_cache_aligned core[RTE_KEEPALIVE_MAXCORES];
	bool registered[RTE_KEEPALIVE_MAXCORES];
	uint64_t last_alive[RTE_KEEPALIVE_MAXCORES];
	rte_keepalive_failure_callback_t failure;
	void *failure_data;
	rte_keepalive_relay_callback_t relay;
	void *relay_data;
};

struct rte_keepalive *
rte_keepalive_create(rte_keepalive_failure_callback_t callback, void *data)
{
	struct rte_keepalive *k = rte_zmalloc("keepalive", sizeof(*k), RTE_CACHE_LINE_SIZE);

	if (k != NULL) {
		k->failure = callback;
		k->failure_data = data;
	}
	return k;
}

void
rte_keepalive_register_relay_callback(struct rte_keepalive *keepcfg, rte_keepalive_relay_callback_t callback, void *data)
{
	keepcfg->relay = callback;
	keepcfg->relay_data = data;
}

void
rte_keepalive_register_core(struct rte_keepalive *keepcfg, const int id_core)
{
	if (id_core < 0 || id_core >= RTE_KEEPALIVE_MAXCORES)
		return;
	keepcfg->last_alive[id_core] = rte_rdtsc();
	keepcfg->registered[id_core] = true;
	__atomic_store_n(&keepcfg->core[id_core].state, RTE_KA_STATE_ALIVE, __ATOMIC_RELAXED);
}

static void
mark(struct rte_keepalive *k, enum rte_keepalive_state state)
{
	unsigned int id = rte_lcore_id();

	if (id < RTE_KEEPALIVE_MAXCORES)
		__atomic_store_n(&k->core[id].state, state, __ATOMIC_RELAXED);
}

void
rte_keepalive_mark_alive(struct rte_keepalive *keepcfg)
{
	mark(keepcfg, RTE_KA_STATE_ALIVE);
}

void
rte_keepalive_mark_sleep(struct rte_keepalive *keepcfg)
{
	mark(keepcfg, RTE_KA_STATE_DOZING);
}

/* What a look makes of a state: alive has to be said again before the next one. */
static uint32_t
next_state(uint32_t state)
{
	switch (state) {
	case RTE_KA_STATE_ALIVE:
		return RTE_KA_STATE_MISSING;
	case RTE_KA_STATE_MISSING:
		return RTE_KA_STATE_DEAD;
	case RTE_KA_STATE_DEAD:
		return RTE_KA_STATE_GONE;
	case RTE_KA_STATE_DOZING:
		return RTE_KA_STATE_SLEEP;
	default:
		return state;
	}
}

void
rte_keepalive_dispatch_pings(void *ptr_timer, void *ptr_data)
{
	struct rte_keepalive *k = ptr_data;
	uint32_t state, next;
	int id;

	RTE_SET_USED(ptr_timer);
	for (id = 0; id < RTE_KEEPALIVE_MAXCORES; id++) {
		if (!k->registered[id])
			continue;
		state = __atomic_load_n(&k->core[id].state, __ATOMIC_RELAXED);
		next = next_state(state);
		/* The lcore may speak up at this moment: then that stands. */
		if (!__atomic_compare_exchange_n(&k->core[id].state, &state, next, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			next = state;
		if (next == RTE_KA_STATE_MISSING || next == RTE_KA_STATE_ALIVE || (next == RTE_KA_STATE_SLEEP && state != next))
			k->last_alive[id] = rte_rdtsc();
		if (next == RTE_KA_STATE_GONE && state != next && k->failure != NULL)
			k->failure(k->failure_data, id);
		if (k->relay != NULL)
			k->relay(k->relay_data, id, (enum rte_keepalive_state)next, k->last_alive[id]);
	}
}
