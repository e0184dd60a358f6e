/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings of events are rings: they are in its list, found by its names, freed as it frees.
 */
#include "rte_event_ring.h"

_Static_assert(sizeof(struct rte_event) == 16, "an event is one SSE register");
_Static_assert(sizeof(struct rte_event_ring) == sizeof(struct rte_ring), "an event ring is a ring");

int
rte_event_ring_init(struct rte_event_ring *r, const char *name, unsigned int count, unsigned int flags)
{
	return rte_ring_init(&r->r, name, count, flags);
}

struct rte_event_ring *
rte_event_ring_create(const char *name, unsigned int count, int socket_id, unsigned int flags)
{
	return (struct rte_event_ring *)rte_ring_create_elem(name, sizeof(struct rte_event), count, socket_id, flags);
}

struct rte_event_ring *
rte_event_ring_lookup(const char *name)
{
	return (struct rte_event_ring *)rte_ring_lookup(name);
}

void
rte_event_ring_free(struct rte_event_ring *r)
{
	rte_ring_free((struct rte_ring *)r);
}
