/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What public headers need of Linux: CPU sets and the queue macros.
 */
#ifndef _RTE_OS_H_
#define _RTE_OS_H_

#include <sched.h>
#include <sys/queue.h>

#define RTE_TAILQ_HEAD(name, type) TAILQ_HEAD(name, type)
#define RTE_TAILQ_ENTRY(type) TAILQ_ENTRY(type)
#define RTE_TAILQ_FOREACH(var, head, field) TAILQ_FOREACH(var, head, field)
#define RTE_TAILQ_FIRST(head) TAILQ_FIRST(head)
#define RTE_TAILQ_NEXT(elem, field) TAILQ_NEXT(elem, field)
#define RTE_STAILQ_HEAD(name, type) STAILQ_HEAD(name, type)
#define RTE_STAILQ_ENTRY(type) STAILQ_ENTRY(type)

/* CPU sets exist when the program was compiled with _GNU_SOURCE. */
#ifdef CPU_SETSIZE
typedef cpu_set_t rte_cpuset_t;
#define RTE_HAS_CPUSET
#define RTE_CPU_AND(dst, src1, src2) CPU_AND(dst, src1, src2)
#define RTE_CPU_OR(dst, src1, src2) CPU_OR(dst, src1, src2)
#define RTE_CPU_FILL(set) do { \
	unsigned int wdpdk_cpu; \
	CPU_ZERO(set); \
	for (wdpdk_cpu = 0; wdpdk_cpu < CPU_SETSIZE; wdpdk_cpu++) \
		CPU_SET(wdpdk_cpu, set); \
} while (0)
#define RTE_CPU_NOT(dst, src) do { \
	cpu_set_t wdpdk_all_cpus; \
	RTE_CPU_FILL(&wdpdk_all_cpus); \
	CPU_XOR(dst, &wdpdk_all_cpus, src); \
} while (0)
#endif

#endif
