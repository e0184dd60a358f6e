/* SPDX-License-Identifier: BSD-3-Clause */
#include "utc_clock.h"

#include <rte_cycles.h>

#include "engine_os.h"

#define SECOND_NS UINT64_C(1000000000)
#define TRIES 4

void
utc_clock_look(struct utc_clock *clock, uint64_t tsc)
{
	uint64_t hz = rte_get_tsc_hz(), best = UINT64_MAX;

	/* The reading that took least is the one whose moment is known best; 20 us are as good as it needs to be. */
	for (unsigned int i = 0; i < TRIES && best > hz / 50000; i++) {
		uint64_t before = rte_rdtsc(), ns = engine_os_utc_ns(), took = rte_rdtsc() - before;

		if (took >= best)
			continue;
		best = took;
		clock->tsc = before + took / 2;
		clock->ns = ns;
	}
	clock->scale = (SECOND_NS << 32) / hz;
	clock->next = tsc + hz / 1000;
	if (clock->last >= clock->ns + SECOND_NS)
		clock->last = 0;
}
