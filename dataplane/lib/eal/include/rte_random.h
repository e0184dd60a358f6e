/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Pseudo-random numbers, fast and not for secrets. Each lcore has its own sequence; other threads share one under a
 * lock.
 */
#ifndef _RTE_RANDOM_H_
#define _RTE_RANDOM_H_

#include <stdint.h>

#include <rte_compat.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Makes all sequences repeatable. Not while others draw numbers. */
void rte_srand(uint64_t seedval);
/** 64 uniform bits. */
uint64_t rte_rand(void);
/** Uniform in 0..upper_bound - 1; 0 when upper_bound is 0. */
uint64_t rte_rand_max(uint64_t upper_bound);
/** Uniform in [0, 1). */
double rte_drand(void);

#ifdef __cplusplus
}
#endif

#endif
