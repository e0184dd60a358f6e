/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How a thread knows its lcore's number. Not an API; rte_lcore.h is.
 *
 * A thread-local variable is three dependent loads on Windows (more where the compiler emulates it), and every get and put of a
 * pool asks. So the number also stands in a slot of TlsAlloc(), one whose place within the thread's block is known when
 * programs are compiled: one load. rte_eal_init() allocates that very slot or fails. The slot is 0 in a thread that is no
 * lcore, hence the number plus 1. The variable is kept as well, for who names it; only the EAL may set it.
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

/** The last of the slots that lie in the thread's block itself: what is allocated from below does not get there. */
#define WDPDK_LCORE_ID_SLOT 63
/** TlsSlots of the thread's block, which the gs segment is. */
#define WDPDK_LCORE_ID_AT (0x1480 + 8 * WDPDK_LCORE_ID_SLOT)

RTE_DECLARE_PER_LCORE(unsigned int, _lcore_id);

/*
 * To the compiler it is a load from that address, without the segment: so it is made again after whatever may have written to
 * memory, and not more often.
 */
static inline unsigned int
wdpdk_lcore_id(void)
{
	unsigned int next;

	__asm__("movl %%gs:%1, %0" : "=r"(next) : "m"(*(const unsigned int *)WDPDK_LCORE_ID_AT));
	return next - 1;
}

/* Of a table with an entry of `size` bytes a lcore: the calling one's. False, and *entry is nothing, when the thread is none. */
static __rte_always_inline bool
wdpdk_lcore_entry(void *table, size_t size, void **entry)
{
	uintptr_t next;

	/* As 64 bits, and the 1 taken off the table: then neither costs an instruction. */
	__asm__("movl %%gs:%1, %k0" : "=r"(next) : "m"(*(const unsigned int *)WDPDK_LCORE_ID_AT));
	*entry = (void *)((uintptr_t)table - size + next * size);
	return next != 0;
}

/* lcore_id is below RTE_MAX_LCORE, or UINT32_MAX for none. */
static inline void
wdpdk_lcore_id_set(unsigned int lcore_id)
{
	uintptr_t next = lcore_id + 1, at = WDPDK_LCORE_ID_AT;

	RTE_PER_LCORE(_lcore_id) = lcore_id;
	__asm__ volatile("movq %0, %%gs:(%1)" : : "r"(next), "r"(at) : "memory");
}

#ifdef __cplusplus
}
#endif

#endif
