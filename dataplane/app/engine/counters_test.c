/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A block as its writer publishes it and as a reader finds it, also while the writer goes on.
 */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "counters.h"

#include "check.h"

#define ROUNDS 20000u

static struct lcore_counters counters, seen;
static uint8_t *block;

static void
start_anew(void)
{
	memset(&counters, 0, sizeof(counters));
	CHECK(counters_prepare(1));
	block = counters_block(0);
	memset(block, 0, LCORE_BLOCK_BYTES);
}

/* The wire definition's sentence: four buckets to the octave from 8 ns on. */
static void
buckets_follow_the_definition(void)
{
	for (uint64_t ns = 0; ns < 1u << 20; ns++) {
		uint64_t octave = ns < 8 ? 0 : (uint64_t)floor(log2((double)ns)), low = UINT64_C(1) << octave;
		uint64_t expected = ns < 8 ? ns : 8 + (octave - 3) * 4 + (ns - low) * 4 / low;

		CHECK_EQ(latency_bucket(ns), expected < 127 ? expected : 127);
	}
	CHECK_EQ(latency_bucket(UINT64_MAX), 127);
	CHECK_EQ(latency_bucket((UINT64_C(1) << 32) + (UINT64_C(3) << 30)), 127);
	CHECK_EQ(latency_bucket((UINT64_C(1) << 32) + (UINT64_C(3) << 30) - 1), 126);
}

static void
what_is_dirty_is_published(void)
{
	start_anew();
	counters.ports[3][WDPDK_PORT_COUNTER_RX_PACKETS] = 7;
	counters.ports[3][PORT_COUNTER_MIRROR_DROP(1)] = 9;
	counters.ports[4][WDPDK_PORT_COUNTER_RX_PACKETS] = 5;
	counters.words[WDPDK_LCORE_COUNTER_CYCLES] = 11;
	counters_publish(&counters, 1u << 3, block);
	counters_read(block, &seen);
	CHECK_EQ(seen.words[WDPDK_LCORE_COUNTER_CYCLES], 11);
	CHECK_EQ(seen.ports[3][WDPDK_PORT_COUNTER_RX_PACKETS], 7);
	CHECK_EQ(seen.ports[3][PORT_COUNTER_MIRROR_DROP(1)], 9);
	CHECK_EQ(seen.ports[4][WDPDK_PORT_COUNTER_RX_PACKETS], 0);
	counters_publish(&counters, 1u << 4, block);
	counters_read_ports(block, 1u << 4, &seen);
	CHECK_EQ(seen.ports[4][WDPDK_PORT_COUNTER_RX_PACKETS], 5);
	CHECK_EQ(seen.ports[3][WDPDK_PORT_COUNTER_RX_PACKETS], 0);
}

static void
a_sink_publishes_its_histogram(void)
{
	start_anew();
	for (unsigned int port = 0; port < WDPDK_LIMIT_PORTS; port += 31) {
		for (uint64_t ns = 1; ns < UINT64_C(1) << 40; ns *= 3)
			counters_add_latency(&counters, port, ns);
		counters.ports[port][WDPDK_PORT_COUNTER_SINK_LOST] = port + 1;
		counters.sank |= 1u << port;
	}
	counters_publish(&counters, 0, block);
	CHECK_EQ(counters.sank, 0);
	counters_read(block, &seen);
	for (unsigned int port = 0; port < WDPDK_LIMIT_PORTS; port++) {
		uint64_t samples = 0;

		for (unsigned int bucket = 0; bucket < WDPDK_LCORE_BLOCK_LATENCY_BUCKETS; bucket++) {
			CHECK_EQ(seen.latency[port][bucket], counters.latency[port][bucket]);
			samples += seen.latency[port][bucket];
		}
		CHECK_EQ(samples, port % 31 == 0 ? 26 : 0);
		CHECK_EQ(seen.ports[port][WDPDK_PORT_COUNTER_LATENCY_SAMPLES], samples);
		CHECK_EQ(seen.ports[port][WDPDK_PORT_COUNTER_SINK_LOST], port % 31 == 0 ? port + 1 : 0);
	}
	/* Nothing but what changed is stored again. */
	memset(block + WDPDK_LCORE_BLOCK_PORTS + WDPDK_LCORE_BLOCK_LATENCY, 0xff, 8);
	counters_add_latency(&counters, 0, 2);
	counters.sank = 1;
	counters_publish(&counters, 0, block);
	counters_read(block, &seen);
	CHECK_EQ(seen.latency[0][0], UINT64_MAX);
	CHECK_EQ(seen.latency[0][2], counters.latency[0][2]);
}

/* Each publication makes all of these equal: a reader must never see them differ. */
static void *
write_on(void *context)
{
	(void)context;
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		counters.words[WDPDK_LCORE_COUNTER_ITERATIONS] = round;
		for (unsigned int port = 0; port < 2; port++) {
			counters.ports[port][WDPDK_PORT_COUNTER_RX_PACKETS] = round;
			counters.ports[port][WDPDK_PORT_COUNTER_SINK_STAMPED] = round;
			counters.ports[port][PORT_COUNTER_DROP(0)] = round;
			counters_add_latency(&counters, port, 100);
		}
		counters.sank = 3;
		counters_publish(&counters, 3, block);
		for (volatile unsigned int pause = 0; pause < 2000; pause++)
			;
	}
	return NULL;
}

static void
a_reader_sees_whole_sets(void)
{
	pthread_t writer;
	unsigned int sets = 0;

	start_anew();
	CHECK_EQ(pthread_create(&writer, NULL, write_on, NULL), 0);
	do {
		uint64_t round;

		counters_read_ports(block, 3, &seen);
		round = seen.words[WDPDK_LCORE_COUNTER_ITERATIONS];
		for (unsigned int port = 0; port < 2; port++) {
			CHECK_EQ(seen.ports[port][WDPDK_PORT_COUNTER_RX_PACKETS], round);
			CHECK_EQ(seen.ports[port][WDPDK_PORT_COUNTER_SINK_STAMPED], round);
			CHECK_EQ(seen.ports[port][PORT_COUNTER_DROP(0)], round);
			CHECK_EQ(seen.ports[port][WDPDK_PORT_COUNTER_LATENCY_SAMPLES], round);
			CHECK_EQ(seen.latency[port][latency_bucket(100)], round);
		}
		sets++;
	} while (seen.words[WDPDK_LCORE_COUNTER_ITERATIONS] < ROUNDS);
	pthread_join(writer, NULL);
	CHECK(sets > 1);
}

int
main(void)
{
	RUN(buckets_follow_the_definition);
	RUN(what_is_dirty_is_published);
	RUN(a_sink_publishes_its_histogram);
	RUN(a_reader_sees_whole_sets);
	return check_summary();
}
