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

#endif
