/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The frame of a benchmark that is compiled twice, against our headers and library and against upstream's. A source includes
 * this file once and defines bench_rows(); test/bench/core.mjs builds it in every variant, runs the peers in turn and compares.
 *
 * A program with a main() of its own defines BENCH_OWN_MAIN first.
 *
 *     program [EAL options] -- [PREFIX...]    prints "ROW <tab> TSC cycles a unit" for each row whose id begins with a PREFIX (all without)
 *
 * A row's figure is the median of its rounds; a round is long enough that reading the TSC costs nothing. What lives on another
 * core (a two-core row) the row starts and ends itself; bench_other_lcore() names a second lcore or says that there is none.
 */
#ifndef WDPDK_BENCH_CORE_H
#define WDPDK_BENCH_CORE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>

#define BENCH_ROUNDS 31

/* Where in a cache line loops happen to begin is worth a fifth of a short one: who compares systems builds with several of these. */
#ifdef BENCH_SHIFT
#define BENCH_TEXT(number) #number
#define BENCH_SKIP(bytes) ".text\n.skip " BENCH_TEXT(bytes) ", 0x90\n"
__asm__(BENCH_SKIP(BENCH_SHIFT));
#endif

/* Does the work `times` over. What is constant in its inner calls is part of the row: write one body for each. */
typedef void (*bench_body)(void *state, uint64_t times);

void bench_rows(void);

static char **bench_prefixes;

/* A value the compiler has to make and may not think about. */
#define bench_keep(value) __asm__ volatile("" : : "r"(value) : "memory")
/* A number the compiler cannot know: for run-time n. */
static inline unsigned int
bench_unknown(unsigned int n)
{
	__asm__ volatile("" : "+r"(n));
	return n;
}

static inline unsigned int
bench_other_lcore(void)
{
	return rte_get_next_lcore(rte_get_main_lcore(), 1, 0);
}

static inline bool
bench_wanted(const char *id)
{
	if (bench_prefixes == NULL || *bench_prefixes == NULL)
		return true;
	for (char **one = bench_prefixes; *one != NULL; one++)
		if (strncmp(id, *one, strlen(*one)) == 0)
			return true;
	return false;
}

static inline int
bench_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Prints what something else has timed: `values` are cycles a unit, one a round. */
static inline void
bench_report(const char *id, double *values, unsigned int count)
{
	qsort(values, count, sizeof(values[0]), bench_compare);
	printf("%s\t%.3f\n", id, values[count / 2]);
	fflush(stdout);
}

/* Times `body`: `units` is what one time of it is worth (an element, a packet, an address, a burst). */
static inline void
bench_row(const char *id, bench_body body, void *state, uint64_t units)
{
	const uint64_t round = rte_get_tsc_hz() / 1000;
	double values[BENCH_ROUNDS];
	uint64_t times = 1;

	if (!bench_wanted(id))
		return;
	for (;;) {
		uint64_t begin = rte_rdtsc();

		body(state, times);
		if (rte_rdtsc() - begin >= round)
			break;
		times *= 2;
	}
	for (unsigned int i = 0; i < BENCH_ROUNDS; i++) {
		uint64_t begin = rte_rdtsc();

		body(state, times);
		values[i] = (double)(rte_rdtsc() - begin) / ((double)times * (double)units);
	}
	bench_report(id, values, BENCH_ROUNDS);
}

static inline void
bench_die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, rte_strerror(rte_errno));
	exit(1);
}

#ifndef BENCH_OWN_MAIN
int
main(int argc, char **argv)
{
	int used = rte_eal_init(argc, argv);

	if (used < 0)
		bench_die("rte_eal_init");
	bench_prefixes = argv + used + 1; /* argv[used] is the program again */
	bench_rows();
	rte_eal_cleanup();
	return 0;
}
#endif

#endif
