/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How a thread knows its lcore's number. Not an API; rte_lcore.h is. Here: a thread-local variable, which is one load.
 */
#ifndef WDPDK_LCORE_ID_H
#define WDPDK_LCORE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_config.h>
#include <rte_per_lcore.h>

#ifdef __cplusplus
extern "C" {
#endif

RTE_DECLARE_PER_LCORE(unsigned int, _lcore_id);

static inline unsigned int
wdpdk_lcore_id(void)
{
	return RTE_PER_LCORE(_lcore_id);
}

/* Of a table with an entry of `size` bytes a lcore: the calling one's. False, and *entry is nothing, when the thread is none. */
static __rte_always_inline bool
wdpdk_lcore_entry(void *table, size_t size, void **entry)
{
	size_t index = RTE_PER_LCORE(_lcore_id);

	*entry = (void *)((uintptr_t)table + index * size);
	return index < RTE_MAX_LCORE;
}

static inline void
wdpdk_lcore_id_set(unsigned int lcore_id)
{
	RTE_PER_LCORE(_lcore_id) = lcore_id;
}

#ifdef __cplusplus
}
#endif

#endif
