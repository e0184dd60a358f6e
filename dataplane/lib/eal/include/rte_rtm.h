/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Intel's restricted transactional memory (SDM volume 1, chapter 16), for CPUs that have it: see rte_tm_supported().
 * Elsewhere the first three are invalid instructions.
 */
#ifndef _RTE_RTM_H_
#define _RTE_RTM_H_

#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What rte_xbegin() returns: that it began; else why the transaction was undone, as a set of bits. */
#define RTE_XBEGIN_STARTED (~0u)
#define RTE_XABORT_EXPLICIT (1 << 0)
#define RTE_XABORT_RETRY (1 << 1)
#define RTE_XABORT_CONFLICT (1 << 2)
#define RTE_XABORT_CAPACITY (1 << 3)
#define RTE_XABORT_DEBUG (1 << 4)
#define RTE_XABORT_NESTED (1 << 5)
#define RTE_XABORT_CODE(x) (((x) >> 24) & 0xff)

static __rte_always_inline unsigned int
rte_xbegin(void)
{
	unsigned int status = RTE_XBEGIN_STARTED;

	/* An abort goes on at the label, with its reason in eax. */
	asm volatile("xbegin 1f\n1:" : "+a" (status) : : "memory");
	return status;
}

static __rte_always_inline void
rte_xend(void)
{
	asm volatile("xend" : : : "memory");
}

/* Undoes the transaction; status, a constant of 8 bits, becomes the code. */
#define rte_xabort(status) asm volatile("xabort %0" : : "i" (status) : "memory")

/** Whether this is in a transaction. */
static __rte_always_inline int
rte_xtest(void)
{
	unsigned char in;

	asm volatile("xtest\n\tsetnz %0" : "=r" (in) : : "cc", "memory");
	return in;
}

#ifdef __cplusplus
}
#endif

#endif
