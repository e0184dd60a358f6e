/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Sleeping by WAITPKG instructions (Intel SDM volume 2: UMONITOR, UMWAIT, TPAUSE), and what the CPU has of them.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <cpuid.h>

#include <rte_cpuflags.h>
#include <rte_lcore.h>
#include <rte_power_intrinsics.h>

/*
 * What each lcore watches. A waker holds the lock while it writes to the address, so the address is good: its owner
 * cannot leave meanwhile. Taking the lock also ends a transaction that has read it.
 */
static struct sleeper {
	rte_spinlock_t lock;
	volatile void *addr; /* NULL: awake */
} __rte_cache_aligned sleepers[RTE_MAX_LCORE];

uint8_t wdpdk_rtm;

int
wdpdk_rtm_detect(void)
{
	unsigned int eax, ebx, ecx, edx;
	/* Leaf 7: RTM is EBX bit 11; EDX bit 11 says that every transaction fails at once. */
	bool usable = __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx >> 11 & 1) != 0 && (edx >> 11 & 1) == 0;

	__atomic_store_n(&wdpdk_rtm, usable ? 2 : 1, __ATOMIC_RELAXED);
	return usable;
}

void
rte_cpu_get_intrinsics_support(struct rte_cpu_intrinsics *intrinsics)
{
	bool wait = rte_cpu_get_flag_enabled(RTE_CPUFLAG_WAITPKG) == 1;

	memset(intrinsics, 0, sizeof(*intrinsics));
	intrinsics->power_monitor = wait;
	intrinsics->power_pause = wait;
	intrinsics->power_monitor_multi = wait && rte_tm_supported();
}

/* CPUID costs a trip to the hypervisor: asked once. */
static struct rte_cpu_intrinsics
support(void)
{
	static uint8_t known; /* bit 3: known; below: the answers */
	struct rte_cpu_intrinsics can;
	uint8_t bits = __atomic_load_n(&known, __ATOMIC_RELAXED);

	if (bits == 0) {
		rte_cpu_get_intrinsics_support(&can);
		bits = (uint8_t)(8 | can.power_monitor | can.power_pause << 1 | can.power_monitor_multi << 2);
		__atomic_store_n(&known, bits, __ATOMIC_RELAXED);
	}
	can.power_monitor = bits & 1;
	can.power_pause = bits >> 1 & 1;
	can.power_monitor_multi = bits >> 2 & 1;
	return can;
}

/* The instructions by their bytes: not every assembler knows them. All sleep in C0.2, rdi being 0. */
static void
umonitor(volatile void *addr)
{
	asm volatile(".byte 0xf3, 0x0f, 0xae, 0xf7" : : "D" (addr) : "memory");
}

static void
umwait(uint64_t until)
{
	asm volatile(".byte 0xf2, 0x0f, 0xae, 0xf7" : : "D" (0), "a" ((uint32_t)until), "d" ((uint32_t)(until >> 32))
		: "memory", "cc");
}

static void
tpause(uint64_t until)
{
	asm volatile(".byte 0x66, 0x0f, 0xae, 0xf7" : : "D" (0), "a" ((uint32_t)until), "d" ((uint32_t)(until >> 32))
		: "memory", "cc");
}

static bool
condition_valid(const struct rte_power_monitor_cond *pmc)
{
	return pmc->addr != NULL && pmc->fn != NULL && pmc->size <= 8 && rte_is_power_of_2(pmc->size);
}

static bool
may_sleep(const struct rte_power_monitor_cond *pmc)
{
	uint64_t value;

	switch (pmc->size) {
	case 1:
		value = *(volatile uint8_t *)pmc->addr;
		break;
	case 2:
		value = *(volatile uint16_t *)pmc->addr;
		break;
	case 4:
		value = *(volatile uint32_t *)pmc->addr;
		break;
	default:
		value = *(volatile uint64_t *)pmc->addr;
	}
	return pmc->fn(value, pmc->opaque) == 0;
}

static void
watch(struct sleeper *me, volatile void *addr)
{
	rte_spinlock_lock(&me->lock);
	me->addr = addr;
	/* Under the lock: a wake-up from now on writes to a line that is being watched. */
	if (addr != NULL)
		umonitor(addr);
	rte_spinlock_unlock(&me->lock);
}

int
rte_power_monitor(const struct rte_power_monitor_cond *pmc, const uint64_t tsc_timestamp)
{
	unsigned int lcore = rte_lcore_id();

	if (!support().power_monitor)
		return -ENOTSUP;
	if (lcore >= RTE_MAX_LCORE || pmc == NULL || !condition_valid(pmc))
		return -EINVAL;
	watch(&sleepers[lcore], pmc->addr);
	if (may_sleep(pmc))
		umwait(tsc_timestamp);
	watch(&sleepers[lcore], NULL);
	return 0;
}

int
rte_power_monitor_wakeup(const unsigned int lcore_id)
{
	struct sleeper *other;

	if (!support().power_monitor)
		return -ENOTSUP;
	if (lcore_id >= RTE_MAX_LCORE)
		return -EINVAL;
	other = &sleepers[lcore_id];
	rte_spinlock_lock(&other->lock);
	/* A write that changes nothing, whatever else is written there meanwhile. */
	if (other->addr != NULL)
		(void)__atomic_fetch_or((volatile uint8_t *)other->addr, 0, __ATOMIC_RELAXED);
	rte_spinlock_unlock(&other->lock);
	return 0;
}

int
rte_power_pause(const uint64_t tsc_timestamp)
{
	if (!support().power_pause)
		return -ENOTSUP;
	tpause(tsc_timestamp);
	return 0;
}

int
rte_power_monitor_multi(const struct rte_power_monitor_cond pmc[], const uint32_t num, const uint64_t tsc_timestamp)
{
	unsigned int lcore = rte_lcore_id();
	bool sleep = true;
	uint32_t i;

	if (!support().power_monitor_multi)
		return -ENOTSUP;
	if (lcore >= RTE_MAX_LCORE || pmc == NULL || num == 0)
		return -EINVAL;
	for (i = 0; i < num; i++)
		if (!condition_valid(&pmc[i]))
			return -EINVAL;
	/* A write to what the transaction has read undoes it, which ends the pause. Nested, it could only undo the caller's. */
	if (rte_xtest() || rte_xbegin() != RTE_XBEGIN_STARTED)
		return 0;
	(void)rte_spinlock_is_locked(&sleepers[lcore].lock);
	for (i = 0; i < num && sleep; i++)
		sleep = may_sleep(&pmc[i]);
	if (sleep)
		tpause(tsc_timestamp);
	rte_xend();
	return 0;
}
