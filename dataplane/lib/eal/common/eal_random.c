/* SPDX-License-Identifier: BSD-3-Clause
 *
 * xoshiro256** (Blackman and Vigna), one sequence an lcore, seeded through splitmix64.
 */
#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_random.h>

#include "eal_private.h"

struct sequence {
	uint64_t s[4];
} __rte_cache_aligned;

/* The last one is for threads that are no lcores, under the lock. */
static struct sequence sequences[RTE_MAX_LCORE + 1];
static pthread_mutex_t shared_lock = PTHREAD_MUTEX_INITIALIZER;

static uint64_t
splitmix64(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t
rotate_left(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

void
rte_srand(uint64_t seedval)
{
	unsigned int i, j;

	pthread_mutex_lock(&shared_lock);
	for (i = 0; i < RTE_DIM(sequences); i++)
		for (j = 0; j < RTE_DIM(sequences[i].s); j++)
			sequences[i].s[j] = splitmix64(&seedval);
	pthread_mutex_unlock(&shared_lock);
}

void
eal_random_init(void)
{
	uint64_t seed;

	if (eal_os_entropy(&seed, sizeof(seed)) < 0)
		seed = rte_rdtsc() ^ eal_os_clock_ns();
	rte_srand(seed);
}

static uint64_t
next(struct sequence *q)
{
	uint64_t result = rotate_left(q->s[1] * 5, 7) * 9, t = q->s[1] << 17;

	q->s[2] ^= q->s[0];
	q->s[3] ^= q->s[1];
	q->s[1] ^= q->s[2];
	q->s[0] ^= q->s[3];
	q->s[2] ^= t;
	q->s[3] = rotate_left(q->s[3], 45);
	return result;
}

uint64_t
rte_rand(void)
{
	unsigned int id = rte_lcore_id();
	uint64_t value;

	if (id < RTE_MAX_LCORE)
		return next(&sequences[id]);
	pthread_mutex_lock(&shared_lock);
	value = next(&sequences[RTE_MAX_LCORE]);
	pthread_mutex_unlock(&shared_lock);
	return value;
}

uint64_t
rte_rand_max(uint64_t upper_bound)
{
	uint64_t value, mask;

	if (upper_bound < 2)
		return 0;
	/* Draws under the next power of two until one is in range: no bias, two draws at most on average. */
	mask = UINT64_MAX >> __builtin_clzll(upper_bound - 1);
	do {
		value = rte_rand() & mask;
	} while (value >= upper_bound);
	return value;
}

double
rte_drand(void)
{
	return (double)(rte_rand() >> 11) * 0x1.0p-53;
}
