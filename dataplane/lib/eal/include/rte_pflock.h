/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Phase-fair reader/writer locks (Brandenburg and Anderson, "Spin-Based Reader-Writer Synchronization for
 * Multiprocessor Real-Time Systems", 2010, PF-T): while both wait, phases of readers and of one writer alternate. A
 * reader waits for one writer at most; a writer for one phase of readers before each writer ahead of it.
 *
 * Up to 4095 readers and 65535 writers at a time. Not recursive.
 */
#ifndef _RTE_PFLOCK_H_
#define _RTE_PFLOCK_H_

#include <stdint.h>

#include <rte_common.h>
#include <rte_compat.h>
#include <rte_pause.h>

#ifdef __cplusplus
extern "C" {
#endif

/* rd counts readers from bit 4 up; rd.in also says whether a writer is there, and in which of two phases. */
struct rte_pflock {
	struct {
		uint16_t in;
		uint16_t out;
	} rd, wr;
};
typedef struct rte_pflock rte_pflock_t;

#define RTE_PFLOCK_WBITS 0x3 /* the writer's bits of rd.in */
#define RTE_PFLOCK_PRES 0x2
#define RTE_PFLOCK_PHID 0x1
#define RTE_PFLOCK_LSB 0xFFF0 /* the readers' */
#define RTE_PFLOCK_RINC 0x10
#define RTE_PFLOCK_INITIALIZER { { 0, 0 }, { 0, 0 } }

static inline void
rte_pflock_init(struct rte_pflock *pf)
{
	pf->rd.in = 0;
	pf->rd.out = 0;
	pf->wr.in = 0;
	pf->wr.out = 0;
}

static inline void
rte_pflock_read_lock(rte_pflock_t *pf)
{
	uint16_t writer = __atomic_fetch_add(&pf->rd.in, RTE_PFLOCK_RINC, __ATOMIC_ACQUIRE) & RTE_PFLOCK_WBITS;

	/* The phase bit makes the next writer look different: this reader goes before it. */
	if (writer != 0)
		RTE_WAIT_UNTIL_MASKED(&pf->rd.in, RTE_PFLOCK_WBITS, !=, writer, __ATOMIC_ACQUIRE);
}

static inline void
rte_pflock_read_unlock(rte_pflock_t *pf)
{
	(void)__atomic_fetch_add(&pf->rd.out, RTE_PFLOCK_RINC, __ATOMIC_RELEASE);
}

static inline void
rte_pflock_write_lock(rte_pflock_t *pf)
{
	uint16_t ticket, readers;

	ticket = __atomic_fetch_add(&pf->wr.in, 1, __ATOMIC_RELAXED);
	rte_wait_until_equal_16(&pf->wr.out, ticket, __ATOMIC_ACQUIRE);
	/* Readers wait from here on. Those who came before are waited for. */
	readers = __atomic_fetch_add(&pf->rd.in, RTE_PFLOCK_PRES | (ticket & RTE_PFLOCK_PHID), __ATOMIC_RELAXED);
	rte_wait_until_equal_16(&pf->rd.out, readers, __ATOMIC_ACQUIRE);
}

static inline void
rte_pflock_write_unlock(rte_pflock_t *pf)
{
	/* Waiting readers first, then the next writer. */
	(void)__atomic_fetch_and(&pf->rd.in, RTE_PFLOCK_LSB, __ATOMIC_RELEASE);
	(void)__atomic_fetch_add(&pf->wr.out, 1, __ATOMIC_RELEASE);
}

#ifdef __cplusplus
}
#endif

#endif
