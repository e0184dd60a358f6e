/* SPDX-License-Identifier: BSD-3-Clause
 *
 * i40e's queues over two processors: the device model runs freely on one, the driver on another, frames of 64 bytes. What comes out is
 * the slower of the two, so the model's own ceiling stands beside it: frames a second of its own time when it is stepped on the
 * driver's processor, where it has every cache line for itself.
 *
 * Prints "{rx,tx,io} <tab> frames a second" and "ceiling.{rx,tx,io} <tab> frames a second".
 */
#include "bed.h"

#define RING 512
#define SLICE_US 50000
#define SLICES 15
#define TURNS 2000

static uint64_t
receive(void)
{
	struct rte_mbuf *burst[BURST];
	const unsigned int got = rte_eth_rx_burst(0, 0, burst, BURST);

	rte_pktmbuf_free_bulk(burst, got);
	return got;
}

static uint64_t
transmit(void)
{
	static struct rte_mbuf *burst[BURST];
	static unsigned int waiting;
	unsigned int sent;

	if (waiting == 0) {
		if (rte_pktmbuf_alloc_bulk(pool, burst, BURST) != 0)
			return 0;
		waiting = BURST;
		for (unsigned int i = 0; i < BURST; i++)
			burst[i]->pkt_len = burst[i]->data_len = FRAME;
	}
	sent = rte_eth_tx_burst(0, 0, burst + BURST - waiting, (uint16_t)waiting);
	waiting -= sent;
	return sent;
}

static uint64_t
forward(void)
{
	struct rte_mbuf *burst[BURST];
	const uint16_t got = rte_eth_rx_burst(0, 0, burst, BURST), sent = rte_eth_tx_burst(0, 0, burst, got);

	rte_pktmbuf_free_bulk(&burst[sent], got - sent);
	return sent;
}

/* Frames a second while both run: the median of slices, the first being none. */
static double
streams(uint64_t (*work)(void))
{
	const uint64_t hz = rte_get_tsc_hz();
	double rates[SLICES];

	for (int slice = -1; slice < SLICES; slice++) {
		const uint64_t begin = rte_rdtsc(), end = begin + hz / 1000000 * SLICE_US;
		uint64_t frames = 0, now;

		do {
			for (int i = 0; i < 64; i++)
				frames += work();
			now = rte_rdtsc();
		} while (now < end);
		if (slice >= 0)
			rates[slice] = (double)frames * (double)hz / (double)(now - begin);
	}
	qsort(rates, SLICES, sizeof(rates[0]), bench_compare);
	return rates[SLICES / 2];
}

/* Frames a second of the model's time: it fills or empties the ring, then the driver does, which is not timed. */
static double
ceiling(uint64_t (*work)(void))
{
	uint64_t cycles = 0, frames = 0, moved;

	for (int turn = 0; turn < TURNS; turn++) {
		uint64_t begin = rte_rdtsc();
		bool busy = false;

		while (xl710_model_step(model) > 0)
			busy = true;
		if (turn >= TURNS / 4 && busy)
			cycles += rte_rdtsc() - begin;
		while ((moved = work()) > 0)
			frames += turn >= TURNS / 4 ? moved : 0;
	}
	return cycles == 0 ? 0 : (double)frames * (double)rte_get_tsc_hz() / (double)cycles;
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		uint64_t (*work)(void);
	} kinds[] = { { "rx", receive }, { "tx", transmit }, { "io", forward } };
	const char *wanted = getenv("BENCH_MODEL_CPU");
	int cpu = wanted != NULL ? atoi(wanted) : 0;

	bed_open(argc, argv, &cpu);
	if (rte_eth_dev_count_avail() != 1)
		bench_die("not exactly one port");
	for (unsigned int i = 0; i < RTE_DIM(kinds); i++) {
		/* Each from fresh rings. */
		port_starts(1, RING);
		printf("%s\t%.0f\n", kinds[i].name, streams(kinds[i].work));
		model_runs(false, NULL);
		printf("ceiling.%s\t%.0f\n", kinds[i].name, ceiling(kinds[i].work));
		fflush(stdout);
		model_runs(true, &cpu);
		port_stops();
	}
	rte_eth_dev_close(0);
	bed_close();
	return 0;
}
