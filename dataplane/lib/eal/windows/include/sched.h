/* SPDX-License-Identifier: BSD-3-Clause
 *
 * CPU sets with Linux's CPU_* names. Bit n is the machine's logical processor n, counted through its processor groups.
 */
#ifndef _SCHED_H_
#define _SCHED_H_

#include <stdint.h>

#define CPU_SETSIZE 128
#define WDPDK_CPU_WORDS (CPU_SETSIZE / 64)

typedef struct {
	uint64_t word[WDPDK_CPU_WORDS];
} rte_cpuset_t;
typedef rte_cpuset_t cpu_set_t;
#define RTE_HAS_CPUSET

#define CPU_SET(cpu, set) ((void)((set)->word[(cpu) / 64] |= UINT64_C(1) << ((cpu) % 64)))
#define CPU_CLR(cpu, set) ((void)((set)->word[(cpu) / 64] &= ~(UINT64_C(1) << ((cpu) % 64))))
#define CPU_ISSET(cpu, set) (((set)->word[(cpu) / 64] >> ((cpu) % 64) & 1) != 0)

#define WDPDK_CPU_EACH_WORD(statement) do { \
	unsigned int wdpdk_w; \
	for (wdpdk_w = 0; wdpdk_w < WDPDK_CPU_WORDS; wdpdk_w++) \
		statement; \
} while (0)
#define CPU_ZERO(set) WDPDK_CPU_EACH_WORD((set)->word[wdpdk_w] = 0)
#define CPU_FILL(set) WDPDK_CPU_EACH_WORD((set)->word[wdpdk_w] = UINT64_MAX)
#define CPU_NOT(dst, src) WDPDK_CPU_EACH_WORD((dst)->word[wdpdk_w] = ~(src)->word[wdpdk_w])
#define CPU_AND(dst, a, b) WDPDK_CPU_EACH_WORD((dst)->word[wdpdk_w] = (a)->word[wdpdk_w] & (b)->word[wdpdk_w])
#define CPU_OR(dst, a, b) WDPDK_CPU_EACH_WORD((dst)->word[wdpdk_w] = (a)->word[wdpdk_w] | (b)->word[wdpdk_w])
#define CPU_XOR(dst, a, b) WDPDK_CPU_EACH_WORD((dst)->word[wdpdk_w] = (a)->word[wdpdk_w] ^ (b)->word[wdpdk_w])
#define CPU_COUNT(set) wdpdk_cpu_count(set)
#define CPU_EQUAL(a, b) wdpdk_cpu_equal(a, b)

static inline int
wdpdk_cpu_count(const rte_cpuset_t *set)
{
	unsigned int i;
	int n = 0;

	for (i = 0; i < WDPDK_CPU_WORDS; i++)
		n += __builtin_popcountll(set->word[i]);
	return n;
}

static inline int
wdpdk_cpu_equal(const rte_cpuset_t *a, const rte_cpuset_t *b)
{
	unsigned int i;

	for (i = 0; i < WDPDK_CPU_WORDS; i++)
		if (a->word[i] != b->word[i])
			return 0;
	return 1;
}

/* Declared here as windows.h does, which this header must not include. */
#ifdef __cplusplus
extern "C"
#endif
__declspec(dllimport) int __stdcall SwitchToThread(void);

/* Lets another ready thread run; returns 0, as on Linux. */
static inline int
sched_yield(void)
{
	(void)SwitchToThread();
	return 0;
}

#endif
