/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bursts without a device: the test writes what a device would. A pool, the paths this processor has, and the end of main().
 */
#ifndef I40E_BURST_BED_H
#define I40E_BURST_BED_H

#include <errno.h>
#include <stdlib.h>

#include <check.h>
#include <rte_cpuflags.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_random.h>

#include "i40e_port.h"

#define RING 128

static struct rte_mempool *pool;

static inline bool
have(enum i40e_path path)
{
	if (path == I40E_PATH_AVX512)
		return rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512F) == 1 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512BW) == 1 &&
			rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512DQ) == 1 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512VL) == 1;
	return path != I40E_PATH_AVX2 || rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX2) == 1;
}

static inline bool
bed_opens(const char *program)
{
	char *arguments[] = {(char *)(uintptr_t)program, "--no-huge", "--no-pci", "-m", "64", NULL};

	if (rte_eal_init(5, arguments) < 0)
		return false;
	pool = rte_pktmbuf_pool_create("pool", 1023, 64, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	return pool != NULL;
}

static inline int
bed_closes(void)
{
	rte_mempool_free(pool);
	rte_eal_cleanup();
	return check_summary();
}

#endif
