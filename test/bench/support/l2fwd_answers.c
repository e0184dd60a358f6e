/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linked with --wrap=rte_eth_dev_start into upstream's unmodified l2fwd, with our library and with upstream's alike. From the start of
 * its port on a thread answers each line on stdin with "<packets sent> <CPU nanoseconds of the forwarding thread>".
 */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include <rte_ethdev.h>

int __real_rte_eth_dev_start(uint16_t port);
int __wrap_rte_eth_dev_start(uint16_t port);

static pthread_t forwarding_thread;

static void *
answer(void *unused)
{
	struct rte_eth_stats stats;
	struct timespec cpu;
	clockid_t clock;
	int c;

	pthread_getcpuclockid(forwarding_thread, &clock);
	while ((c = getchar()) != EOF) {
		if (c != '\n')
			continue;
		clock_gettime(clock, &cpu);
		rte_eth_stats_get(0, &stats);
		printf("\n@ %llu %llu\n", (unsigned long long)stats.opackets,
			(unsigned long long)cpu.tv_sec * 1000000000ULL + (unsigned long long)cpu.tv_nsec);
		fflush(stdout);
	}
	return unused;
}

int
__wrap_rte_eth_dev_start(uint16_t port)
{
	int rc = __real_rte_eth_dev_start(port);
	pthread_t thread;

	forwarding_thread = pthread_self();	/* the main lcore, which l2fwd polls on with one lcore */
	if (rc == 0 && pthread_create(&thread, NULL, answer, NULL) != 0)
		rc = -1;
	return rc;
}
