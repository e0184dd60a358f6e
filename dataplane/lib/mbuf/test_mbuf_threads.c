/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Clones of the same packets freed by several threads: data stays readable to the last, every mbuf comes back once.
 */
#include <pthread.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

#include "check.h"

#define WORKERS 3
#define PACKETS 4000u

static struct rte_mempool *packets, *clones;
static struct rte_ring *rings[WORKERS];
static uint32_t broken, released;

static void
release(void *addr, void *opaque)
{
	RTE_SET_USED(addr);
	RTE_SET_USED(opaque);
	__atomic_add_fetch(&released, 1, __ATOMIC_RELAXED);
}

static void *
read_and_free(void *arg)
{
	struct rte_ring *ring = rings[(uintptr_t)arg];
	uint32_t expected = 0;

	while (expected < PACKETS) {
		struct rte_mbuf *burst[8];
		unsigned int n = rte_ring_dequeue_burst(ring, (void **)burst, RTE_DIM(burst), NULL), i;

		for (i = 0; i < n; i++, expected++) {
			uint32_t copy;
			const uint32_t *number = rte_pktmbuf_read(burst[i], 100, 4, &copy);

			if (number == NULL || *number != expected)
				__atomic_add_fetch(&broken, 1, __ATOMIC_RELAXED);
		}
		if (n == 0)
			rte_delay_us_sleep(1);
		else if (expected & 1)
			rte_pktmbuf_free_bulk(burst, n);
		else
			for (i = 0; i < n; i++)
				rte_pktmbuf_free(burst[i]);
	}
	return NULL;
}

/* A packet of two segments whose number crosses from one to the other; every third one is an external buffer. */
static struct rte_mbuf *
make_packet(uint32_t number)
{
	static char buffers[64][256];
	static struct rte_mbuf_ext_shared_info infos[64];
	struct rte_mbuf *m = rte_pktmbuf_alloc(packets), *tail = rte_pktmbuf_alloc(packets);

	if (m == NULL || tail == NULL) {
		rte_pktmbuf_free(m);
		rte_pktmbuf_free(tail);
		return NULL;
	}
	memset(rte_pktmbuf_append(m, 102), 0, 102);
	if (number % 3 == 0 && number / 3 < RTE_DIM(infos)) {
		struct rte_mbuf_ext_shared_info *info = &infos[number / 3];

		info->free_cb = release;
		info->fcb_opaque = NULL;
		rte_mbuf_ext_refcnt_set(info, 1);
		rte_pktmbuf_attach_extbuf(tail, buffers[number / 3], RTE_BAD_IOVA, sizeof(buffers[0]), info);
	}
	memcpy(rte_pktmbuf_mtod_offset(m, char *, 100), &number, 2);
	memcpy(rte_pktmbuf_append(tail, 50), (const char *)&number + 2, 2);
	if (rte_pktmbuf_chain(m, tail) != 0)
		__atomic_add_fetch(&broken, 1, __ATOMIC_RELAXED);
	return m;
}

static void
clones_end_in_any_thread(void)
{
	pthread_t threads[WORKERS];
	uint32_t i, w;

	for (w = 0; w < WORKERS; w++) {
		char name[16];

		snprintf(name, sizeof(name), "to %u", w);
		rings[w] = rte_ring_create(name, 64, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
		CHECK(rings[w] != NULL);
		CHECK_EQ(pthread_create(&threads[w], NULL, read_and_free, (void *)(uintptr_t)w), 0);
	}
	for (i = 0; i < PACKETS; i++) {
		struct rte_mbuf *m;

		while ((m = make_packet(i)) == NULL)
			rte_delay_us_sleep(1);
		for (w = 0; w < WORKERS; w++) {
			struct rte_mbuf *copy;

			while ((copy = rte_pktmbuf_clone(m, clones)) == NULL)
				rte_delay_us_sleep(1);
			while (rte_ring_enqueue(rings[w], copy) != 0)
				rte_delay_us_sleep(1);
		}
		rte_pktmbuf_free(m);
	}
	for (w = 0; w < WORKERS; w++) {
		pthread_join(threads[w], NULL);
		rte_ring_free(rings[w]);
	}
	CHECK_EQ(broken, 0);
	CHECK_EQ(released, 64);
	CHECK(rte_mempool_full(packets));
	CHECK(rte_mempool_full(clones));
}

/* Further EAL arguments may follow on the command line. */
int
main(int argc, char **argv)
{
	char *args[16] = {(char *)"test_mbuf_threads", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci",
		(char *)"-l", (char *)"0"};
	int n = 7, i;

	for (i = 1; i < argc && n < 15; i++)
		args[n++] = argv[i];
	if (rte_eal_init(n, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	packets = rte_pktmbuf_pool_create("packets", 600, 32, 0, 512, SOCKET_ID_ANY);
	clones = rte_pktmbuf_pool_create("clones", 1000, 32, 0, 0, SOCKET_ID_ANY);
	if (packets == NULL || clones == NULL) {
		printf("rte_pktmbuf_pool_create: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(clones_end_in_any_thread);
	rte_eal_cleanup();
	return check_summary();
}
