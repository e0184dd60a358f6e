/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings of events: rte_ring with elements of 16 bytes. Source-compatible with DPDK 22.11; sizes, flags, errors and the thread
 * rule are those of rte_ring.
 */
#ifndef WDPDK_RTE_EVENT_RING_H
#define WDPDK_RTE_EVENT_RING_H

#include <stdint.h>

#include <rte_common.h>
#include <rte_ring.h>
#include <rte_ring_elem.h>

#include "rte_eventdev.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_TAILQ_EVENT_RING_NAME "RTE_EVENT_RING"

struct rte_event_ring {
	struct rte_ring r;
};

/** Events in the ring. */
static __rte_always_inline unsigned int
rte_event_ring_count(const struct rte_event_ring *r)
{
	return rte_ring_count(&r->r);
}

/** Events it has place for. */
static __rte_always_inline unsigned int
rte_event_ring_free_count(const struct rte_event_ring *r)
{
	return rte_ring_free_count(&r->r);
}

/** Adds up to n events; free_space (may be NULL): places left. How many it added. */
static __rte_always_inline unsigned int
rte_event_ring_enqueue_burst(struct rte_event_ring *r, const struct rte_event *events, unsigned int n, uint16_t *free_space)
{
	unsigned int space, done = rte_ring_enqueue_burst_elem(&r->r, events, sizeof(*events), n, &space);

	if (free_space != NULL)
		*free_space = (uint16_t)space;
	return done;
}

/** Takes up to n events; available (may be NULL): events left. How many it took. */
static __rte_always_inline unsigned int
rte_event_ring_dequeue_burst(struct rte_event_ring *r, struct rte_event *events, unsigned int n, uint16_t *available)
{
	unsigned int left, done = rte_ring_dequeue_burst_elem(&r->r, events, sizeof(*events), n, &left);

	if (available != NULL)
		*available = (uint16_t)left;
	return done;
}

/** In memory of the caller's, of the size that rte_ring_get_memsize_elem() gives for elements of 16 bytes. 0 or -EINVAL. */
int rte_event_ring_init(struct rte_event_ring *r, const char *name, unsigned int count, unsigned int flags);
/** NULL and rte_errno as rte_ring_create(). */
struct rte_event_ring *rte_event_ring_create(const char *name, unsigned int count, int socket_id, unsigned int flags);
/** NULL and ENOENT. */
struct rte_event_ring *rte_event_ring_lookup(const char *name);
/** NULL is nothing. */
void rte_event_ring_free(struct rte_event_ring *r);

static inline unsigned int
rte_event_ring_get_size(const struct rte_event_ring *r)
{
	return rte_ring_get_size(&r->r);
}

static inline unsigned int
rte_event_ring_get_capacity(const struct rte_event_ring *r)
{
	return rte_ring_get_capacity(&r->r);
}

#ifdef __cplusplus
}
#endif

#endif
