/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Waiting at low power for a write to memory or for a time: UMONITOR/UMWAIT and TPAUSE (Intel SDM volume 2), on CPUs
 * that have WAITPKG. Ask rte_cpu_get_intrinsics_support() first. tsc_timestamp is a value of the TSC; the operating
 * system may end the wait sooner.
 */
#ifndef _RTE_POWER_INTRINSIC_H_
#define _RTE_POWER_INTRINSIC_H_

#include <inttypes.h>

#include <rte_common.h>
#include <rte_compat.h>
#include <rte_spinlock.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_POWER_MONITOR_OPAQUE_SZ 4

/** Looks at the value once the address is being watched: 0 to go to sleep, anything else not to. */
typedef int (*rte_power_monitor_clb_t)(const uint64_t val, const uint64_t opaque[RTE_POWER_MONITOR_OPAQUE_SZ]);

struct rte_power_monitor_cond {
	volatile void *addr;
	uint8_t size; /* bytes at addr: 1, 2, 4 or 8 */
	rte_power_monitor_clb_t fn;
	uint64_t opaque[RTE_POWER_MONITOR_OPAQUE_SZ]; /* for fn */
};

/**
 * Sleeps until the line of pmc->addr is written, the time has come, or something else wakes the CPU; lcores only.
 * @return 0; -ENOTSUP when the CPU cannot; -EINVAL for another thread, NULL, a size that is none or no fn.
 */
int rte_power_monitor(const struct rte_power_monitor_cond *pmc, const uint64_t tsc_timestamp);

/**
 * Wakes an lcore that sleeps in one of the two monitor functions; nothing when it does not.
 * @return 0; -ENOTSUP when the CPU cannot; -EINVAL when there is no such lcore.
 */
int rte_power_monitor_wakeup(const unsigned int lcore_id);

/** Sleeps until the time has come. 0; -ENOTSUP when the CPU cannot. */
int rte_power_pause(const uint64_t tsc_timestamp);

/**
 * As rte_power_monitor(), for any of num addresses; needs transactional memory as well.
 * @return as there; -EINVAL also when num is 0.
 */
int rte_power_monitor_multi(const struct rte_power_monitor_cond pmc[], const uint32_t num,
	const uint64_t tsc_timestamp);

#ifdef __cplusplus
}
#endif

#endif
