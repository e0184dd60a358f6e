/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Sequence counters: one writer at a time (the caller sees to that), and any number of readers that never hold it up.
 * A reader copies the data and then asks whether it has to do so again. It must not follow pointers or divide by what
 * it has read before it knows.
 */
#ifndef _RTE_SEQCOUNT_H_
#define _RTE_SEQCOUNT_H_

#include <stdbool.h>
#include <stdint.h>

#include <rte_atomic.h>
#include <rte_branch_prediction.h>
#include <rte_compat.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	uint32_t sn; /* odd while the data is being written */
} rte_seqcount_t;
#define RTE_SEQCOUNT_INITIALIZER { .sn = 0 }

static inline void
rte_seqcount_init(rte_seqcount_t *seqcount)
{
	seqcount->sn = 0;
}

/** Before the copy. Returns what read_retry wants. */
static inline uint32_t
rte_seqcount_read_begin(const rte_seqcount_t *seqcount)
{
	return __atomic_load_n(&seqcount->sn, __ATOMIC_ACQUIRE);
}

/** After the copy: true when it may be torn and is to be thrown away. */
static inline bool
rte_seqcount_read_retry(const rte_seqcount_t *seqcount, uint32_t begin_sn)
{
	if (unlikely((begin_sn & 1) != 0))
		return true;
	/* The loads of the copy before the load of the number. */
	rte_atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&seqcount->sn, __ATOMIC_RELAXED) != begin_sn;
}

static inline void
rte_seqcount_write_begin(rte_seqcount_t *seqcount)
{
	__atomic_store_n(&seqcount->sn, seqcount->sn + 1, __ATOMIC_RELAXED);
	/* The odd number before the stores to the data. */
	rte_atomic_thread_fence(__ATOMIC_RELEASE);
}

static inline void
rte_seqcount_write_end(rte_seqcount_t *seqcount)
{
	__atomic_store_n(&seqcount->sn, seqcount->sn + 1, __ATOMIC_RELEASE);
}

#ifdef __cplusplus
}
#endif

#endif
