/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Lookups while one thread changes the table. A route's next hop follows from its prefix and depth, so a reader can tell
 * of any answer whether it is that of some route over the address.
 */
#include <pthread.h>
#include <stdbool.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_lpm.h>
#include <rte_malloc.h>
#include <rte_memory.h>

#include "check.h"

#define READERS 2
#define ROUTES 1500
#define CHANGES 12000
#define GROWN 5000

static const uint8_t depths[] = { 9, 16, 18, 19, 22, 24, 25, 29, 32 };

static struct rte_lpm *lpm;
static struct rte_rcu_qsbr *readers;
static bool done, rcu;
static uint32_t wrong, looked_up;

static uint32_t
random_u32(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32);
}

/* Addresses from a narrow part of 10/8, so that routes nest, and readers meet them; or from all of it. */
#define NARROW 0x00c3c3c3
#define ALL 0x00ffffff

static uint32_t part = NARROW;

static uint32_t
random_ip(uint64_t *state)
{
	return UINT32_C(10) << 24 | (random_u32(state) & part);
}

static uint32_t
cut(uint32_t ip, unsigned int depth)
{
	return ip & UINT32_MAX << (32 - depth);
}

static uint32_t
hop_of(uint32_t ip, unsigned int depth)
{
	/* Of 15 bits, or of 24: both forms in which blocks keep them. */
	return ((cut(ip, depth) ^ depth) * UINT32_C(2654435761)) >> (depth % 2 == 0 ? 17 : 8);
}

static bool
is_answer(uint32_t ip, uint32_t hop)
{
	if (hop == hop_of(ip, 8))
		return true;
	for (unsigned int i = 0; i < RTE_DIM(depths); i++)
		if (hop == hop_of(ip, depths[i]))
			return true;
	return false;
}

static void *
read_routes(void *arg)
{
	unsigned int id = (unsigned int)(uintptr_t)arg;
	uint64_t state = UINT64_C(0x9e3779b97f4a7c15) + id;

	if (rcu) {
		rte_rcu_qsbr_thread_register(readers, id);
		rte_rcu_qsbr_thread_online(readers, id);
	}
	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
		uint32_t ips[8], hops[8];

		for (unsigned int i = 0; i < 8; i++)
			ips[i] = random_ip(&state);
		rte_lpm_lookup_bulk(lpm, ips, hops, 4);
		rte_lpm_lookupx4(lpm, _mm_loadu_si128((const __m128i *)(const void *)&ips[4]), &hops[4], 0);
		for (unsigned int i = 0; i < 8; i++)
			if (!is_answer(ips[i], hops[i] & 0xffffff))
				__atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
		for (unsigned int i = 0; i < 8; i++)
			if (wdpdk_lpm_lookup_short(lpm, &ips[i], &hops[i], 1) && !is_answer(ips[i], hops[i] & WDPDK_LPM_NARROW_VALUE))
				__atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
		__atomic_fetch_add(&looked_up, 8, __ATOMIC_RELAXED);
		if (rcu)
			rte_rcu_qsbr_quiescent(readers, id);
	}
	if (rcu) {
		rte_rcu_qsbr_thread_offline(readers, id);
		rte_rcu_qsbr_thread_unregister(readers, id);
	}
	return NULL;
}

static void
change_routes(void)
{
	static struct {
		uint32_t ip;
		uint8_t depth;
	} routes[ROUTES];
	uint64_t state = UINT64_C(0x2545f4914f6cdd1d);
	unsigned int count = 0;

	for (unsigned int i = 0; i < CHANGES; i++) {
		uint32_t hop;

		if (count < ROUTES && random_u32(&state) % 8 < (i / 2000 % 2 == 0 ? 6u : 2u)) {
			uint32_t ip = random_ip(&state);
			uint8_t depth = depths[random_u32(&state) % RTE_DIM(depths)];

			if (rte_lpm_is_rule_present(lpm, ip, depth, &hop) == 1)
				continue;
			CHECK_EQ(rte_lpm_add(lpm, ip, depth, hop_of(ip, depth)), 0);
			routes[count].ip = ip;
			routes[count++].depth = depth;
		} else if (count > 0) {
			unsigned int which = random_u32(&state) % count;

			CHECK_EQ(rte_lpm_delete(lpm, routes[which].ip, routes[which].depth), 0);
			routes[which] = routes[--count];
		}
	}
	while (count > 0) {
		count--;
		CHECK_EQ(rte_lpm_delete(lpm, routes[count].ip, routes[count].depth), 0);
	}
}

/* Up to many routes and back to none, so that the blocks move, and readers with them. */
static void
grow_and_shrink(void)
{
	static struct {
		uint32_t ip;
		uint8_t depth;
	} routes[GROWN];
	uint64_t state = UINT64_C(0x2545f4914f6cdd1d);
	const void *blocks = lpm->blocks;
	static unsigned int moves; /* once it is large it stays so */
	unsigned int count = 0;

	while (count < GROWN) {
		uint32_t ip = random_ip(&state), hop;
		uint8_t depth = depths[random_u32(&state) % RTE_DIM(depths)];

		if (rte_lpm_is_rule_present(lpm, ip, depth, &hop) == 1)
			continue;
		CHECK_EQ(rte_lpm_add(lpm, ip, depth, hop_of(ip, depth)), 0);
		routes[count].ip = ip;
		routes[count++].depth = depth;
		moves += lpm->blocks != blocks;
		blocks = lpm->blocks;
	}
	CHECK(moves >= 2);
	while (count > 0) {
		count--;
		CHECK_EQ(rte_lpm_delete(lpm, routes[count].ip, routes[count].depth), 0);
	}
}

static void
readers_see_routes_only(enum rte_lpm_qsbr_mode mode, void (*change)(void))
{
	struct rte_lpm_config config = { .max_rules = GROWN + 1, .number_tbl8s = mode == RTE_LPM_QSBR_MODE_SYNC ? 256 : 1 << 16 };
	struct rte_lpm_rcu_config attached = { .mode = mode };
	pthread_t threads[READERS];
	uint32_t ip = UINT32_C(10) << 24;

	lpm = rte_lpm_create("shared", SOCKET_ID_ANY, &config);
	CHECK(lpm != NULL);
	readers = rte_zmalloc(NULL, rte_rcu_qsbr_get_memsize(READERS), RTE_CACHE_LINE_SIZE);
	CHECK_EQ(rte_rcu_qsbr_init(readers, READERS), 0);
	attached.v = readers;
	if (rcu)
		CHECK_EQ(rte_lpm_rcu_qsbr_add(lpm, &attached), 0);
	CHECK_EQ(rte_lpm_add(lpm, ip, 8, hop_of(ip, 8)), 0);
	wrong = looked_up = 0;
	done = false;
	for (unsigned int i = 0; i < READERS; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, read_routes, (void *)(uintptr_t)i), 0);
	/* On a busy machine the readers may come late: they have to have been there. */
	do {
		change();
	} while (__atomic_load_n(&looked_up, __ATOMIC_RELAXED) < 1000);
	__atomic_store_n(&done, true, __ATOMIC_RELEASE);
	for (unsigned int i = 0; i < READERS; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(wrong, 0);
	rte_lpm_free(lpm);
	rte_free(readers);
}

static void
readers_that_report_see_routes_only(void)
{
	rcu = true;
	readers_see_routes_only(RTE_LPM_QSBR_MODE_DQ, change_routes);
}

static void
readers_move_with_a_table_that_grows(void)
{
	rcu = true;
	part = ALL;
	readers_see_routes_only(RTE_LPM_QSBR_MODE_DQ, grow_and_shrink);
	part = NARROW;
}

static void
a_writer_may_wait_for_its_readers(void)
{
	rcu = true;
	readers_see_routes_only(RTE_LPM_QSBR_MODE_SYNC, change_routes);
}

/* A block that a reader may be in is not filled again: a reader that never reports holds all of them back. */
static void
a_silent_reader_keeps_what_it_may_read(void)
{
	struct rte_lpm_config config = { .max_rules = 100, .number_tbl8s = 4 };
	struct rte_lpm_rcu_config attached = { .mode = RTE_LPM_QSBR_MODE_DQ };
	uint32_t ip = UINT32_C(10) << 24, hop;

	lpm = rte_lpm_create("silent", SOCKET_ID_ANY, &config);
	readers = rte_zmalloc(NULL, rte_rcu_qsbr_get_memsize(1), RTE_CACHE_LINE_SIZE);
	CHECK_EQ(rte_rcu_qsbr_init(readers, 1), 0);
	attached.v = readers;
	CHECK_EQ(rte_lpm_rcu_qsbr_add(lpm, &attached), 0);
	CHECK_EQ(rte_lpm_rcu_qsbr_add(lpm, &attached), 1);
	CHECK_EQ(rte_errno, EEXIST);
	CHECK_EQ(rte_lpm_add(lpm, ip, 23, 7), 0);

	rte_rcu_qsbr_thread_register(readers, 0);
	rte_rcu_qsbr_thread_online(readers, 0);
	for (uint32_t i = 0; i < 500; i++) {
		const uint64_t *blocks, *of_64;
		uint64_t as_it_was[2];

		/* What a reader that stands in the block of now would find there two changes later. */
		CHECK_EQ(rte_lpm_add(lpm, ip + (i % 31 << 8), 24, i), 0);
		blocks = lpm->blocks;
		of_64 = blocks + WDPDK_LPM_TOP_UNITS + ((const uint32_t *)blocks)[ip >> 14];
		memcpy(as_it_was, of_64, sizeof(as_it_was));
		CHECK_EQ(rte_lpm_delete(lpm, ip + (i % 31 << 8), 24), 0);
		CHECK_EQ(rte_lpm_add(lpm, ip + ((i + 1) % 31 << 8), 24, i), 0);
		CHECK_EQ(rte_lpm_lookup(lpm, ip + ((i + 1) % 31 << 8), &hop), 0);
		CHECK_EQ(hop, i);
		CHECK_MEM(of_64, as_it_was, sizeof(as_it_was));
		CHECK_EQ(rte_lpm_delete(lpm, ip + ((i + 1) % 31 << 8), 24), 0);
	}
	/* Its four groups come back when it reports. */
	for (uint32_t i = 0; i < 4; i++)
		CHECK_EQ(rte_lpm_add(lpm, ip + (i << 8), 32, i), 0);
	CHECK_EQ(rte_lpm_delete(lpm, ip, 32), 0);
	CHECK_EQ(rte_lpm_add(lpm, ip, 32, 1), -ENOSPC);
	rte_rcu_qsbr_quiescent(readers, 0);
	CHECK_EQ(rte_lpm_add(lpm, ip, 32, 1), 0);
	rte_lpm_free(lpm);
	rte_free(readers);
}

static void
rcu_arguments(void)
{
	struct rte_lpm_config config = { .max_rules = 1 };
	struct rte_lpm_rcu_config bad = { .mode = (enum rte_lpm_qsbr_mode)2 };

	lpm = rte_lpm_create("rcu", SOCKET_ID_ANY, &config);
	rte_errno = 0;
	CHECK_EQ(rte_lpm_rcu_qsbr_add(lpm, NULL), 1);
	CHECK_EQ(rte_errno, EINVAL);
	bad.v = (struct rte_rcu_qsbr *)lpm;
	CHECK_EQ(rte_lpm_rcu_qsbr_add(NULL, &bad), 1);
	CHECK_EQ(rte_lpm_rcu_qsbr_add(lpm, &bad), 1);
	bad = (struct rte_lpm_rcu_config){ .mode = RTE_LPM_QSBR_MODE_DQ };
	CHECK_EQ(rte_lpm_rcu_qsbr_add(lpm, &bad), 1);
	CHECK_EQ(rte_errno, EINVAL);
	rte_lpm_free(lpm);
}

int
main(void)
{
	char *arguments[] = { (char *)"lpm_threads_test", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci", NULL };

	if (rte_eal_init(5, arguments) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(rcu_arguments);
	RUN(a_silent_reader_keeps_what_it_may_read);
	RUN(readers_that_report_see_routes_only);
	RUN(readers_move_with_a_table_that_grows);
	RUN(a_writer_may_wait_for_its_readers);
	rte_eal_cleanup();
	return check_summary();
}
