/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linked with --wrap=rte_eth_dev_start into upstream's unmodified l2fwd, on both systems: from the start of its port on a control
 * thread says "@start" and "@counted <packets sent since>", SECONDS apart. It ends the program then.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>

#define SECONDS 1

int __real_rte_eth_dev_start(uint16_t port);
int __wrap_rte_eth_dev_start(uint16_t port);

static unsigned long long
sent(void)
{
	struct rte_eth_stats stats;

	return rte_eth_stats_get(0, &stats) == 0 ? stats.opackets : 0;
}

static void *
count(void *unused)
{
	unsigned long long before;

	while (sent() < 1000000)
		rte_delay_us_sleep(1000);
	before = sent();
	printf("\n@start\n");
	fflush(stdout);
	rte_delay_us_sleep(SECONDS * 1000000);
	printf("\n@counted %llu\n", sent() - before);
	fflush(stdout);
	rte_delay_us_sleep(50000); /* for who reads the CPU time */
	_Exit(0);
	return unused;
}

int
__wrap_rte_eth_dev_start(uint16_t port)
{
	int rc = __real_rte_eth_dev_start(port);
	pthread_t thread;

	if (rc == 0 && pthread_create(&thread, NULL, count, NULL) != 0)
		rc = -1;
	return rc;
}
