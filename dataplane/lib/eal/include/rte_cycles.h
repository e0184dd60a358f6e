/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Time from the CPU's time stamp counter (TSC), and delays.
 */
#ifndef _RTE_CYCLES_H_
#define _RTE_CYCLES_H_

#include <stdint.h>

#include <rte_atomic.h>
#include <rte_debug.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MS_PER_S 1000
#define US_PER_S 1000000
#define NS_PER_S 1000000000

enum timer_source {
	EAL_TIMER_TSC = 0,
	EAL_TIMER_HPET
};
extern enum timer_source eal_timer_source;

/** Cycles a second, measured once against the system's clock (the first call takes some 20 ms). */
uint64_t rte_get_tsc_hz(void);

static inline uint64_t
rte_rdtsc(void)
{
	return __builtin_ia32_rdtsc();
}

/** After all earlier loads and stores. */
static inline uint64_t
rte_rdtsc_precise(void)
{
	rte_mb();
	return rte_rdtsc();
}

static inline uint64_t
rte_get_tsc_cycles(void)
{
	return rte_rdtsc();
}

/* The timer is the TSC. */
static inline uint64_t
rte_get_timer_cycles(void)
{
	return rte_get_tsc_cycles();
}

static inline uint64_t
rte_get_timer_hz(void)
{
	return rte_get_tsc_hz();
}

/** Waits at least us microseconds; spins unless another function was registered. */
extern void (*rte_delay_us)(unsigned int us);

static inline void
rte_delay_ms(unsigned int ms)
{
	rte_delay_us(ms * 1000);
}

/** Spins. */
void rte_delay_us_block(unsigned int us);
/** Gives the CPU away. */
void rte_delay_us_sleep(unsigned int us);
/** Makes userfunc what rte_delay_us calls; NULL is rte_delay_us_block. */
void rte_delay_us_callback_register(void (*userfunc)(unsigned int us));

#ifdef __cplusplus
}
#endif

#endif
