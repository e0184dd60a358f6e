/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For tests: a ring whose indexes start somewhere else than at 0, in whatever mode its sides are.
 */
#ifndef TEST_RING_AT_H
#define TEST_RING_AT_H

#include <rte_ring.h>

/* The ring is empty and nobody uses it. */
static inline void
test_ring_start_at(struct rte_ring *r, uint32_t index)
{
	if (r->prod.sync_type == RTE_RING_SYNC_MT_RTS)
		r->rts_prod.head.val.pos = index;
	else
		r->prod.head = index;
	if (r->cons.sync_type == RTE_RING_SYNC_MT_RTS)
		r->rts_cons.head.val.pos = index;
	else
		r->cons.head = index;
	r->prod.tail = index;
	r->cons.tail = index;
}

#endif
