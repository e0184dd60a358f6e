/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the programs of this folder share: the device model in the same process, on a thread while the driver needs answers. Each is
 * compiled against our library and against upstream's.
 *
 *     program EAL-OPTIONS... -- BAR-FILE [PREFIX...]
 */
#ifndef WDPDK_BENCH_I40E_BED_H
#define WDPDK_BENCH_I40E_BED_H

#define _GNU_SOURCE /* affinity */
#define BENCH_OWN_MAIN
#include "../core/bench.h"

#include <ctype.h>
#include <pthread.h>
#include <sched.h>

#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "model.h"

#define BURST 32
#define FRAME 60 /* without FCS */
#ifndef POOL
#define POOL 16383
#endif

static struct xl710_model *model;
static pthread_t server;
static bool serving;
static struct rte_mempool *pool;

static void *
serve(void *cpu)
{
	if (cpu != NULL) {
		cpu_set_t one;

		CPU_ZERO(&one);
		CPU_SET(*(int *)cpu, &one);
		pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
	}
	while (__atomic_load_n(&serving, __ATOMIC_ACQUIRE))
		if (xl710_model_step(model) == 0)
			sched_yield();
	return NULL;
}

/* The driver waits for answers while it starts and stops: then the model has a thread of its own, on `cpu` (NULL: where this one is). */
static void
model_runs(bool on, int *cpu)
{
	__atomic_store_n(&serving, on, __ATOMIC_RELEASE);
	if (on ? pthread_create(&server, NULL, serve, cpu) != 0 : pthread_join(server, NULL) != 0) {
		fprintf(stderr, "the model's thread cannot be %s\n", on ? "started" : "ended");
		exit(1);
	}
}

/* Until there is nothing more to do: a turn may look at a part only. */
static inline void
let_model_work(void)
{
	unsigned int idle = 0;

	for (unsigned int i = 0; i < 256 && idle < 8; i++)
		idle = xl710_model_step(model) > 0 ? 0 : idle + 1;
}

/* The model, whose cable leads to a generator, then EAL while the model answers; it goes on answering. */
static inline void
bed_open(int argc, char **argv, int *cpu)
{
	struct xl710_options options = {
		.dma = { "/dev/hugepages" },
		.dma_physical = { true },
		.dma_count = 1,
		.wire = { "generator:size=64,flows=16" },
		.wire_count = 1,
	};
	int own = 1;

	while (own < argc && strcmp(argv[own], "--") != 0)
		own++;
	if (own + 1 >= argc) {
		fprintf(stderr, "usage: %s EAL-OPTIONS -- BAR-FILE [PREFIX...]\n", argv[0]);
		exit(64);
	}
	options.bar = argv[own + 1];
	bench_prefixes = &argv[own + 2];
	model = xl710_model_open(&options);
	if (model == NULL)
		exit(1);
	model_runs(true, cpu);
	if (rte_eal_init(argc, argv) < 0)
		bench_die("rte_eal_init");
	pool = rte_pktmbuf_pool_create("frames", POOL, 256, 0, RTE_MBUF_DEFAULT_BUF_SIZE, (int)rte_socket_id());
	if (pool == NULL)
		bench_die("rte_pktmbuf_pool_create");
}

/* The model answers until EAL has gone. */
static inline void
bed_close(void)
{
	rte_eal_cleanup();
	model_runs(false, NULL);
	xl710_model_close(model);
}

/* Port 0 with so many queue pairs, started, its link up. */
static inline void
port_starts(uint16_t queues, uint16_t ring)
{
	const struct rte_eth_conf conf = { .rxmode.mq_mode = queues > 1 ? RTE_ETH_MQ_RX_RSS : RTE_ETH_MQ_RX_NONE };
	struct rte_eth_link link = { 0 };

	if (rte_eth_dev_configure(0, queues, queues, &conf) != 0)
		bench_die("port 0 cannot be configured");
	for (uint16_t i = 0; i < queues; i++)
		if (rte_eth_rx_queue_setup(0, i, ring, 0, NULL, pool) != 0 || rte_eth_tx_queue_setup(0, i, ring, 0, NULL) != 0)
			bench_die("port 0's queues cannot be set up");
	if (rte_eth_dev_start(0) != 0)
		bench_die("port 0 does not start");
	if (rte_eth_link_get(0, &link) != 0 || link.link_status != RTE_ETH_LINK_UP)
		bench_die("port 0 has no link");
}

static inline void
port_stops(void)
{
	if (rte_eth_dev_stop(0) != 0)
		bench_die("port 0 does not stop");
}

#endif
