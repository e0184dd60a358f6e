/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Device registers. The plain forms order themselves against other accesses to devices and memory, as
 * rte_io_rmb()/rte_io_wmb() do: a read before what follows it, a write after what goes before. The relaxed ones are
 * single accesses only. Threads may use one register at the same time, as far as the device allows it.
 */
#ifndef _RTE_IO_H_
#define _RTE_IO_H_

#include <stdint.h>

#include <rte_atomic.h>
#include <rte_common.h>
#include <rte_compat.h>
#include <rte_cpuflags.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WDPDK_IO_ACCESS(bits) \
static __rte_always_inline uint ## bits ## _t \
rte_read ## bits ## _relaxed(const volatile void *addr) \
{ \
	return __atomic_load_n((const volatile uint ## bits ## _t *)addr, __ATOMIC_RELAXED); \
} \
static __rte_always_inline void \
rte_write ## bits ## _relaxed(uint ## bits ## _t value, volatile void *addr) \
{ \
	__atomic_store_n((volatile uint ## bits ## _t *)addr, value, __ATOMIC_RELAXED); \
} \
static __rte_always_inline uint ## bits ## _t \
rte_read ## bits(const volatile void *addr) \
{ \
	uint ## bits ## _t value = rte_read ## bits ## _relaxed(addr); \
	rte_io_rmb(); \
	return value; \
} \
static __rte_always_inline void \
rte_write ## bits(uint ## bits ## _t value, volatile void *addr) \
{ \
	rte_io_wmb(); \
	rte_write ## bits ## _relaxed(value, addr); \
}

WDPDK_IO_ACCESS(8)
WDPDK_IO_ACCESS(16)
WDPDK_IO_ACCESS(32)
WDPDK_IO_ACCESS(64)

/* 0: not looked yet; 1: no; 2: yes. */
extern uint8_t wdpdk_movdiri;
int wdpdk_movdiri_detect(void);

/**
 * A write that leaves at once as one transfer also where the mapping combines writes, if the CPU has MOVDIRI; else a
 * plain one.
 */
static __rte_always_inline void
rte_write32_wc_relaxed(uint32_t value, volatile void *addr)
{
	uint8_t known = __atomic_load_n(&wdpdk_movdiri, __ATOMIC_RELAXED);

	/* movdiri %eax, (%rdx) */
	if (known != 0 ? known > 1 : wdpdk_movdiri_detect())
		asm volatile(".byte 0x0f, 0x38, 0xf9, 0x02" : : "a" (value), "d" (addr) : "memory");
	else
		rte_write32_relaxed(value, addr);
}

/** As above, after all earlier writes. */
static __rte_always_inline void
rte_write32_wc(uint32_t value, volatile void *addr)
{
	rte_wmb();
	rte_write32_wc_relaxed(value, addr);
}

#ifdef __cplusplus
}
#endif

#endif
