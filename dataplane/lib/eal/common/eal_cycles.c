/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The time stamp counter's rate, and delays.
 */
#include <rte_cycles.h>
#include <rte_pause.h>

#include "eal_private.h"

#define CALIBRATION_US 20000

enum timer_source eal_timer_source = EAL_TIMER_TSC;
void (*rte_delay_us)(unsigned int us) = rte_delay_us_block;

/* One moment on both clocks: of several tries the one where reading the system's clock took least. */
static void
sample(uint64_t *tsc, uint64_t *ns)
{
	uint64_t best = UINT64_MAX;
	int i;

	for (i = 0; i < 16; i++) {
		uint64_t before = rte_rdtsc_precise(), now = eal_os_clock_ns(), after = rte_rdtsc_precise();

		if (after - before < best) {
			best = after - before;
			*tsc = before + (after - before) / 2;
			*ns = now;
		}
	}
}

static uint64_t
measure(void)
{
	uint64_t tsc0 = 0, ns0 = 0, tsc1 = 0, ns1 = 0, hz, step;

	sample(&tsc0, &ns0);
	eal_os_sleep_us(CALIBRATION_US);
	sample(&tsc1, &ns1);
	hz = (uint64_t)((double)(tsc1 - tsc0) * NS_PER_S / (double)(ns1 - ns0));
	/* Real rates are multiples of a bus clock; the measurement is good to some 10 ppm, so round to that. */
	step = 10000;
	return (hz + step / 2) / step * step;
}

uint64_t
rte_get_tsc_hz(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static uint64_t rate;
	uint64_t hz = __atomic_load_n(&rate, __ATOMIC_RELAXED);

	if (hz == 0) {
		pthread_mutex_lock(&lock);
		hz = rate;
		if (hz == 0) {
			hz = measure();
			__atomic_store_n(&rate, hz, __ATOMIC_RELAXED);
		}
		pthread_mutex_unlock(&lock);
	}
	return hz;
}

void
rte_delay_us_block(unsigned int us)
{
	uint64_t start = rte_get_timer_cycles(), ticks = (uint64_t)((double)us * (double)rte_get_timer_hz() / US_PER_S);

	while (rte_get_timer_cycles() - start < ticks)
		rte_pause();
}

void
rte_delay_us_sleep(unsigned int us)
{
	eal_os_sleep_us(us);
}

void
rte_delay_us_callback_register(void (*userfunc)(unsigned int us))
{
	rte_delay_us = userfunc != NULL ? userfunc : rte_delay_us_block;
}
