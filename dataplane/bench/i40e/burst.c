/* SPDX-License-Identifier: BSD-3-Clause
 *
 * i40e's bursts, compiled against our library and against upstream's: full bursts of 64-byte frames on one core, with the device model
 * in the same process. While a burst is timed the model stands still; between samples it takes what was sent and fills the receive
 * ring. So the figure is the driver's own: descriptors, mbufs and doorbells, and no cache line that another core has.
 *
 * Prints "i40e.{rx,tx,io}.PATH.RING <tab> TSC cycles a packet", PATH as the driver reports it: scalar, avx2, avx512.
 */
#include "bed.h"

#define BATCH 256
#define SAMPLES 3000

static struct rte_mbuf *frames[BATCH];
static double values[SAMPLES];
static char path[16];

/* Cycles for receiving a batch; 0 when the ring had less. */
static uint64_t
receive(void)
{
	unsigned int got = 0, n;
	uint64_t begin = rte_rdtsc(), end;

	do {
		n = rte_eth_rx_burst(0, 0, &frames[got], BURST);
		got += n;
	} while (n == BURST && got < BATCH);
	end = rte_rdtsc();
	rte_pktmbuf_free_bulk(frames, got);
	return got == BATCH ? end - begin : 0;
}

static uint64_t
transmit(void)
{
	unsigned int sent = 0, n;
	uint64_t begin, end;

	if (rte_pktmbuf_alloc_bulk(pool, frames, BATCH) != 0)
		return 0;
	for (unsigned int i = 0; i < BATCH; i++)
		frames[i]->pkt_len = frames[i]->data_len = FRAME;
	begin = rte_rdtsc();
	do {
		n = rte_eth_tx_burst(0, 0, &frames[sent], BURST);
		sent += n;
	} while (n == BURST && sent < BATCH);
	end = rte_rdtsc();
	rte_pktmbuf_free_bulk(&frames[sent], BATCH - sent);
	return sent == BATCH ? end - begin : 0;
}

static uint64_t
forward(void)
{
	struct rte_mbuf *burst[BURST];
	unsigned int moved = 0, got, sent;
	uint64_t begin = rte_rdtsc(), end;

	do {
		got = rte_eth_rx_burst(0, 0, burst, BURST);
		sent = rte_eth_tx_burst(0, 0, burst, got);
		moved += sent;
	} while (sent == BURST && moved < BATCH);
	end = rte_rdtsc();
	rte_pktmbuf_free_bulk(&burst[sent], got - sent);
	return moved == BATCH ? end - begin : 0;
}

static void
row(const char *what, unsigned int ring, uint64_t (*batch)(void))
{
	unsigned int good = 0, tried = 0;
	char id[64];

	snprintf(id, sizeof(id), "i40e.%s.%s.%u", what, path, ring);
	if (!bench_wanted(id))
		return;
	/* The first half warms up: every descriptor of the ring has been used some times. */
	for (unsigned int i = 0; i < SAMPLES; i++) {
		let_model_work();
		(void)batch();
	}
	while (good < SAMPLES && tried++ < 2 * SAMPLES) {
		uint64_t cycles;

		let_model_work();
		cycles = batch();
		if (cycles != 0)
			values[good++] = (double)cycles / BATCH;
	}
	if (good < SAMPLES) {
		fprintf(stderr, "%s: only %u of %u batches were full\n", id, good, tried);
		exit(1);
	}
	bench_report(id, values, good);
}

/* "Vector AVX512" -> "avx512"; what is no vector path is "scalar". Both directions must agree: a row has one name. */
static void
name_path(void)
{
	struct rte_eth_burst_mode rx, tx;
	const char *vector;

	if (rte_eth_rx_burst_mode_get(0, 0, &rx) != 0 || rte_eth_tx_burst_mode_get(0, 0, &tx) != 0)
		bench_die("burst mode");
	fprintf(stderr, "rx: %s, tx: %s\n", rx.info, tx.info);
	vector = strstr(rx.info, "AVX");
	snprintf(path, sizeof(path), "%s", vector != NULL ? vector : "scalar");
	for (char *c = path; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	if ((vector == NULL) != (strstr(tx.info, "AVX") == NULL) || (vector != NULL && strstr(tx.info, vector) == NULL))
		bench_die("receive and transmit are on different paths");
}

static void
rows(uint16_t ring)
{
	port_starts(1, ring);
	model_runs(false, NULL);
	name_path();
	row("rx", ring, receive);
	row("tx", ring, transmit);
	row("io", ring, forward);
	model_runs(true, NULL);
	port_stops();
}

int
main(int argc, char **argv)
{
	bed_open(argc, argv, NULL);
	if (rte_eth_dev_count_avail() != 1)
		bench_die("not exactly one port");
	rows(512);
	rows(4096);
	rte_eth_dev_close(0);
	bed_close();
	return 0;
}
