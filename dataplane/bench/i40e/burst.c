/* SPDX-License-Identifier: BSD-3-Clause
 *
 * i40e's bursts, compiled against our library and against upstream's: full bursts of 64-byte frames on one core, with the device model
 * in the same process. While a burst is timed the model stands still; between samples it takes what was sent and fills the receive
 * ring. So the figure is the driver's own: descriptors, mbufs and doorbells, and no cache line that another core has.
 *
 *     burst [EAL options, one -a among them] -- BAR-FILE [PREFIX...]
 *
 * prints "i40e.{rx,tx,io}.PATH.RING <tab> TSC cycles a packet", PATH as the driver reports it: scalar, avx2, avx512.
 */
#define BENCH_OWN_MAIN
#include "../core/bench.h"

#include <ctype.h>
#include <pthread.h>
#include <sched.h>

#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "model.h"

#define BURST 32
#define BATCH 256
#define SAMPLES 3000
#define FRAME 60 /* without FCS */

static struct xl710_model *model;
static pthread_t server;
static bool serving;
static struct rte_mempool *pool;
static struct rte_mbuf *frames[BATCH];
static double values[SAMPLES];
static char path[16];

static void *
serve(void *unused)
{
	(void)unused;
	while (__atomic_load_n(&serving, __ATOMIC_ACQUIRE))
		if (xl710_model_step(model) == 0)
			sched_yield();
	return NULL;
}

/* The driver waits for answers while it starts and stops: then the model has a thread of its own. */
static void
model_runs(bool on)
{
	__atomic_store_n(&serving, on, __ATOMIC_RELEASE);
	if (on ? pthread_create(&server, NULL, serve, NULL) != 0 : pthread_join(server, NULL) != 0) {
		fprintf(stderr, "the model's thread cannot be %s\n", on ? "started" : "ended");
		exit(1);
	}
}

/* Until there is nothing more to do: a turn may look at a part only. */
static void
let_model_work(void)
{
	unsigned int idle = 0;

	for (unsigned int i = 0; i < 256 && idle < 8; i++)
		idle = xl710_model_step(model) > 0 ? 0 : idle + 1;
}

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
rows(unsigned int ring)
{
	const struct rte_eth_conf conf = { 0 };
	struct rte_eth_link link;

	model_runs(true);
	if (rte_eth_dev_configure(0, 1, 1, &conf) != 0 || rte_eth_rx_queue_setup(0, 0, ring, 0, NULL, pool) != 0 ||
		rte_eth_tx_queue_setup(0, 0, ring, 0, NULL) != 0 || rte_eth_dev_start(0) != 0)
		bench_die("port 0 does not start");
	if (rte_eth_link_get(0, &link) != 0 || link.link_status != RTE_ETH_LINK_UP)
		bench_die("port 0 has no link");
	model_runs(false);
	name_path();
	row("rx", ring, receive);
	row("tx", ring, transmit);
	row("io", ring, forward);
	model_runs(true);
	if (rte_eth_dev_stop(0) != 0)
		bench_die("port 0 does not stop");
	model_runs(false);
}

int
main(int argc, char **argv)
{
	struct xl710_options options = {
		.dma = { "/dev/hugepages" },
		.dma_physical = { true },
		.dma_count = 1,
		.wire = { "generator:size=64,flows=16" },
		.wire_count = 1,
		.faults = { .stalled_tx = -1, .stalled_rx = -1 },
	};
	int own = 1;

	while (own < argc && strcmp(argv[own], "--") != 0)
		own++;
	if (own + 1 >= argc) {
		fprintf(stderr, "usage: %s EAL-OPTIONS -- BAR-FILE [PREFIX...]\n", argv[0]);
		return 64;
	}
	options.bar = argv[own + 1];
	bench_prefixes = &argv[own + 2];
	model = xl710_model_open(&options);
	if (model == NULL)
		return 1;
	model_runs(true);
	if (rte_eal_init(argc, argv) < 0)
		bench_die("rte_eal_init");
	if (rte_eth_dev_count_avail() != 1)
		bench_die("not exactly one port");
	model_runs(false);
	pool = rte_pktmbuf_pool_create("frames", 16383, 256, 0, RTE_MBUF_DEFAULT_BUF_SIZE, (int)rte_socket_id());
	if (pool == NULL)
		bench_die("rte_pktmbuf_pool_create");
	rows(512);
	rows(4096);
	model_runs(true);
	rte_eth_dev_close(0);
	rte_eal_cleanup();
	model_runs(false);
	xl710_model_close(model);
	return 0;
}
