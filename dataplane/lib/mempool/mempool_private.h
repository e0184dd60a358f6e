/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Between the files of this folder.
 */
#ifndef WDPDK_MEMPOOL_PRIVATE_H
#define WDPDK_MEMPOOL_PRIVATE_H

#include <rte_mempool.h>

/*
 * Ends the store, forgets all objects and gives the memory of all chunks back: the pool is empty as after create_empty.
 */
void wdpdk_mempool_free_chunks(struct rte_mempool *mp);

/* Makes the store of a pool that has none yet. 0 or a negative errno. */
int wdpdk_mempool_make_store(struct rte_mempool *mp);

/* Calls everybody who has registered for events. */
void wdpdk_mempool_announce(enum rte_mempool_event event, struct rte_mempool *mp);

#endif
