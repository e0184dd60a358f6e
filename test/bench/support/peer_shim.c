/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Preloaded into upstream's unmodified l3fwd for the l3fwd.pcap benchmark.
 *
 * It asks for checksum offloads that upstream's own net_pcap does not have and would stop there: the wrappers of configure and queue
 * set-up take away what the port does not offer. After the port's start a thread answers each line on stdin with
 * "<packets sent> <CPU nanoseconds of the forwarding thread>".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include <rte_ethdev.h>

static pthread_t forwarding_thread;

static void *
answer(void *unused)
{
	clockid_t clock;
	struct timespec cpu;
	struct rte_eth_stats stats;
	int c;

	(void)unused;
	pthread_getcpuclockid(forwarding_thread, &clock);
	while ((c = getchar()) != EOF) {
		if (c != '\n')
			continue;
		rte_eth_stats_get(0, &stats);
		clock_gettime(clock, &cpu);
		printf("\n@ %llu %llu\n", (unsigned long long)stats.opackets,
			(unsigned long long)cpu.tv_sec * 1000000000ULL + (unsigned long long)cpu.tv_nsec);
		fflush(stdout);
	}
	return NULL;
}

int
rte_eth_dev_configure(uint16_t port, uint16_t rx, uint16_t tx, const struct rte_eth_conf *conf)
{
	int (*next)(uint16_t, uint16_t, uint16_t, const struct rte_eth_conf *);
	struct rte_eth_conf offered = *conf;
	struct rte_eth_dev_info info;

	*(void **)&next = dlsym(RTLD_NEXT, "rte_eth_dev_configure");
	rte_eth_dev_info_get(port, &info);
	offered.rxmode.offloads &= info.rx_offload_capa;
	offered.txmode.offloads &= info.tx_offload_capa;
	return next(port, rx, tx, &offered);
}

int
rte_eth_rx_queue_setup(uint16_t port, uint16_t queue, uint16_t descriptors, unsigned int socket,
	const struct rte_eth_rxconf *conf, struct rte_mempool *pool)
{
	int (*next)(uint16_t, uint16_t, uint16_t, unsigned int, const struct rte_eth_rxconf *, struct rte_mempool *);
	struct rte_eth_rxconf offered;
	struct rte_eth_dev_info info;

	*(void **)&next = dlsym(RTLD_NEXT, "rte_eth_rx_queue_setup");
	if (conf == NULL)
		return next(port, queue, descriptors, socket, NULL, pool);
	offered = *conf;
	rte_eth_dev_info_get(port, &info);
	offered.offloads &= info.rx_offload_capa;
	return next(port, queue, descriptors, socket, &offered, pool);
}

int
rte_eth_dev_start(uint16_t port)
{
	int (*next)(uint16_t);
	pthread_t thread;
	int rc;

	*(void **)&next = dlsym(RTLD_NEXT, "rte_eth_dev_start");
	rc = next(port);
	forwarding_thread = pthread_self();	/* the main lcore, which l3fwd polls on with -l 0 */
	if (rc == 0 && pthread_create(&thread, NULL, answer, NULL) != 0)
		rc = -1;
	return rc;
}
