/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What services and service lcores share.
 *
 * Counters have one writer, the lcore; a reset only remembers where they stood.
 */
#ifndef EAL_SERVICE_H
#define EAL_SERVICE_H

#include <stdbool.h>

#include <rte_service_component.h>
#include <rte_spinlock.h>

#define SERVICES_MAX 64 /* bits of a mask */

struct service {
	struct rte_service_spec spec;
	rte_spinlock_t turn; /* of a callback that is not MT safe */
	uint32_t app_wants;  /* these three are also read by lcores */
	uint32_t component_wants;
	uint32_t counted;
	bool registered;
	bool mapped_check;
	uint64_t calls_base, cycles_base;
} __rte_cache_aligned;

struct service_lcore {
	uint64_t mapped; /* services it may run */
	uint64_t active; /* services it may be in: cleared when it has seen that one must not run */
	uint32_t is_service;
	uint32_t wanted; /* it is to go on */
	uint32_t looping;
	uint64_t loops, loops_base;
	uint64_t cycles, cycles_base;
	uint64_t service_calls[SERVICES_MAX];
	uint64_t service_cycles[SERVICES_MAX];
} __rte_cache_aligned;

extern struct service eal_services[SERVICES_MAX];
/* The last one is for threads that are no lcores; its counters are added to atomically. */
extern struct service_lcore eal_service_lcores[RTE_MAX_LCORE + 1];

/** The service of that id, or NULL. */
struct service *eal_service_get(uint32_t id);
/** How many lcores it is mapped to. */
unsigned int eal_service_mapped_count(uint32_t id);
/** Calls it if it is to run. 0, -ENOEXEC, -EBUSY. */
int eal_service_call(uint32_t id, struct service_lcore *on, bool take_turns);
bool eal_service_is_lcore(uint32_t lcore);

#endif
