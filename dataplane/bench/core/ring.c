/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings: a burst in and out again on one core (cycles a pair of calls), and from one core to another (cycles an element).
 * `const`: n is known to the compiler; `var`: it is not.
 */
#include <rte_launch.h>
#include <rte_pause.h>
#include <rte_ring.h>

#include "bench.h"

#define RING_SLOTS 1024
#define TWO_CORES_SLOTS 4096
#define TWO_CORES_ELEMENTS (1u << 18)

static struct rte_ring *ring;
static void *in[32], *out[32];
static unsigned int burst;

/* One body a row; `n` is either a number or `burst` behind the compiler's back. */
#define PAIR_BODY(name, enqueue, dequeue, n_is) \
static void \
name(void *state, uint64_t times) \
{ \
	struct rte_ring *r = state; \
	const unsigned int n = n_is; \
\
	while (times-- > 0) { \
		enqueue(r, in, n, NULL); \
		bench_keep(in); \
		dequeue(r, out, n, NULL); \
		bench_keep(out); \
	} \
}

#define VARIABLE bench_unknown(burst)
PAIR_BODY(spsc_8, rte_ring_sp_enqueue_bulk, rte_ring_sc_dequeue_bulk, 8)
PAIR_BODY(spsc_32, rte_ring_sp_enqueue_bulk, rte_ring_sc_dequeue_bulk, 32)
PAIR_BODY(spsc_var, rte_ring_sp_enqueue_bulk, rte_ring_sc_dequeue_bulk, VARIABLE)
PAIR_BODY(mpmc_8, rte_ring_mp_enqueue_bulk, rte_ring_mc_dequeue_bulk, 8)
PAIR_BODY(mpmc_32, rte_ring_mp_enqueue_bulk, rte_ring_mc_dequeue_bulk, 32)
PAIR_BODY(mpmc_var, rte_ring_mp_enqueue_bulk, rte_ring_mc_dequeue_bulk, VARIABLE)

/* The other core takes out what this one puts in. */
struct two_cores {
	struct rte_ring *ring;
	unsigned int n;
	uint64_t elements;
};

#define PRODUCE_BODY(name, n_is) \
static void \
name(struct two_cores *two) \
{ \
	const unsigned int n = n_is; \
	uint64_t left = two->elements; \
\
	for (; left > 0; left -= n) { \
		while (rte_ring_sp_enqueue_bulk(two->ring, in, n, NULL) == 0) \
			rte_pause(); \
		bench_keep(in); \
	} \
}

#define CONSUME_BODY(name, n_is) \
static int \
name(void *arg) \
{ \
	struct two_cores *two = arg; \
	const unsigned int n = n_is; \
	uint64_t left = two->elements; \
	void *table[32]; \
\
	for (; left > 0; left -= n) { \
		while (rte_ring_sc_dequeue_bulk(two->ring, table, n, NULL) == 0) \
			rte_pause(); \
		bench_keep(table); \
	} \
	return 0; \
}

PRODUCE_BODY(produce_8, 8)
PRODUCE_BODY(produce_32, 32)
PRODUCE_BODY(produce_var, bench_unknown(two->n))
CONSUME_BODY(consume_8, 8)
CONSUME_BODY(consume_32, 32)
CONSUME_BODY(consume_var, bench_unknown(two->n))

static void
two_cores_row(const char *id, unsigned int n, void (*produce)(struct two_cores *), int (*consume)(void *))
{
	struct two_cores two = {ring, n, TWO_CORES_ELEMENTS};
	unsigned int other = bench_other_lcore();
	double values[BENCH_ROUNDS];

	if (!bench_wanted(id))
		return;
	if (other == RTE_MAX_LCORE) {
		fprintf(stderr, "%s needs a second lcore\n", id);
		return;
	}
	for (unsigned int i = 0; i < BENCH_ROUNDS; i++) {
		uint64_t begin;

		if (rte_eal_remote_launch(consume, &two, other) != 0)
			bench_die("rte_eal_remote_launch");
		begin = rte_rdtsc();
		produce(&two);
		rte_eal_wait_lcore(other);
		values[i] = (double)(rte_rdtsc() - begin) / (double)two.elements;
	}
	bench_report(id, values, BENCH_ROUNDS);
}

static struct rte_ring *
make(const char *name, unsigned int slots, unsigned int flags)
{
	struct rte_ring *r = rte_ring_create(name, slots, (int)rte_socket_id(), flags);

	if (r == NULL)
		bench_die("rte_ring_create");
	return r;
}

void
bench_rows(void)
{
	struct rte_ring *single = make("single", RING_SLOTS, RING_F_SP_ENQ | RING_F_SC_DEQ);
	struct rte_ring *multi = make("multi", RING_SLOTS, 0);

	for (unsigned int i = 0; i < RTE_DIM(in); i++)
		in[i] = &in[i];
	bench_row("ring.spsc.8.const", spsc_8, single, 1);
	burst = 8;
	bench_row("ring.spsc.8.var", spsc_var, single, 1);
	bench_row("ring.mpmc.8.const", mpmc_8, multi, 1);
	bench_row("ring.mpmc.8.var", mpmc_var, multi, 1);
	bench_row("ring.spsc.32.const", spsc_32, single, 1);
	burst = 32;
	bench_row("ring.spsc.32.var", spsc_var, single, 1);
	bench_row("ring.mpmc.32.const", mpmc_32, multi, 1);
	bench_row("ring.mpmc.32.var", mpmc_var, multi, 1);
	ring = make("two cores", TWO_CORES_SLOTS, RING_F_SP_ENQ | RING_F_SC_DEQ);
	two_cores_row("ring.spsc.2cores.8.const", 8, produce_8, consume_8);
	two_cores_row("ring.spsc.2cores.8.var", 8, produce_var, consume_var);
	two_cores_row("ring.spsc.2cores.32.const", 32, produce_32, consume_32);
	two_cores_row("ring.spsc.2cores.32.var", 32, produce_var, consume_var);
}
