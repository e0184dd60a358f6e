/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a port of i40e costs before the first frame, ours and upstream's: memory of EAL's heap (rings, tables beside them, queue contexts,
 * admin queue, the port itself; the pool of buffers is not part of it), and the time from probing to a link. The device model
 * answers at once, on a processor of its own.
 *
 * Prints "memory.RING.QUEUES <tab> bytes" and "start.RING.QUEUES <tab> microseconds".
 */
#define POOL 24575
#include "bed.h"

#include <rte_dev.h>
#include <rte_malloc.h>

static size_t
heap_taken(void)
{
	size_t taken = 0;

	for (unsigned int i = 0; i < RTE_MAX_NUMA_NODES; i++) {
		struct rte_malloc_socket_stats stats;

		if (rte_malloc_get_socket_stats((int)i, &stats) == 0)
			taken += stats.heap_allocsz_bytes;
	}
	return taken;
}

int
main(int argc, char **argv)
{
	const char *wanted = getenv("BENCH_MODEL_CPU"), *card = getenv("BENCH_CARD"), *port = getenv("BENCH_PORT");
	int cpu = wanted != NULL ? atoi(wanted) : 0;
	unsigned int ring, queues;
	uint64_t begin, end;
	size_t before;

	bed_open(argc, argv, &cpu);
	if (card == NULL || rte_eth_dev_count_avail() != 0 || port == NULL || sscanf(port, "%u.%u", &ring, &queues) != 2) {
		fprintf(stderr, "BENCH_CARD names a card that EAL was not told of, BENCH_PORT is DESCRIPTORS.QUEUES\n");
		return 64;
	}
	before = heap_taken();
	begin = rte_rdtsc();
	if (rte_dev_probe(card) != 0)
		bench_die("the card cannot be probed");
	port_starts((uint16_t)queues, (uint16_t)ring);
	end = rte_rdtsc();
	printf("memory.%s\t%zu\n", port, heap_taken() - before);
	printf("start.%s\t%.0f\n", port, (double)(end - begin) * 1e6 / (double)rte_get_tsc_hz());
	port_stops();
	rte_eth_dev_close(0);
	bed_close();
	return 0;
}
