/* SPDX-License-Identifier: BSD-3-Clause */
#include "counters.h"

#include <stdlib.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_pause.h>

#include "report.h"

static uint8_t *blocks;
static unsigned int block_count;

void
report_use_counters(void *area, unsigned int lcores)
{
	blocks = area;
	block_count = lcores;
}

bool
counters_prepare(unsigned int lcores)
{
	if (blocks == NULL) {
		blocks = calloc(lcores, LCORE_BLOCK_BYTES);
		block_count = lcores;
	}
	return blocks != NULL && block_count >= lcores;
}

uint8_t *
counters_block(unsigned int lcore)
{
	return blocks + (size_t)lcore * LCORE_BLOCK_BYTES;
}

unsigned int
counters_lcores(void)
{
	return block_count;
}

/* A sequence lock. Words are stored and loaded one by one, relaxed: a reader that met a writer sees another sequence and repeats. */
static void
store_words(uint64_t *to, const uint64_t *from, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		__atomic_store_n(&to[i], from[i], __ATOMIC_RELAXED);
}

static void
load_words(uint64_t *to, const uint64_t *from, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		to[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
}

static uint64_t *
port_words(uint8_t *block, unsigned int port)
{
	return (uint64_t *)(void *)(block + WDPDK_LCORE_BLOCK_PORTS + port * WDPDK_LCORE_BLOCK_PORT_STRIDE);
}

static uint64_t *
latency_words(uint8_t *block, unsigned int port)
{
	return port_words(block, port) + WDPDK_LCORE_BLOCK_LATENCY / 8;
}

static void
store_latency(struct lcore_counters *counters, unsigned int port, uint8_t *block)
{
	uint64_t *to = latency_words(block, port);

	for (unsigned int word = 0; word < LATENCY_MARKS; word++) {
		for (uint64_t marks = counters->marks[port][word]; marks != 0; marks &= marks - 1) {
			unsigned int bucket = word * 64 + (unsigned int)__builtin_ctzll(marks);

			__atomic_store_n(&to[bucket], counters->latency[port][bucket], __ATOMIC_RELAXED);
		}
		counters->marks[port][word] = 0;
	}
}

void
counters_publish(struct lcore_counters *counters, uint32_t dirty, uint8_t *block)
{
	uint64_t *words = (uint64_t *)(void *)block;
	uint64_t sequence = __atomic_load_n(&words[WDPDK_LCORE_COUNTER_SEQUENCE], __ATOMIC_RELAXED);

	__atomic_store_n(&words[WDPDK_LCORE_COUNTER_SEQUENCE], sequence | 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	store_words(words + 1, counters->words + 1, WDPDK_LCORE_COUNTER_COUNT - 1);
	for (; dirty != 0; dirty &= dirty - 1) {
		unsigned int port = (unsigned int)__builtin_ctz(dirty);
		uint64_t *to = port_words(block, port);

		store_words(to, counters->ports[port], PORT_COUNTERS_SINK_FIRST);
		store_words(to + PORT_COUNTERS_SINK_END, counters->ports[port] + PORT_COUNTERS_SINK_END,
			PORT_COUNTERS - PORT_COUNTERS_SINK_END);
	}
	for (; unlikely(counters->sank != 0); counters->sank &= counters->sank - 1) {
		unsigned int port = (unsigned int)__builtin_ctz(counters->sank);

		store_words(port_words(block, port) + PORT_COUNTERS_SINK_FIRST, counters->ports[port] + PORT_COUNTERS_SINK_FIRST,
			PORT_COUNTERS_SINK_END - PORT_COUNTERS_SINK_FIRST);
		store_latency(counters, port, block);
	}
	__atomic_store_n(&words[WDPDK_LCORE_COUNTER_SEQUENCE], (sequence | 1) + 1, __ATOMIC_RELEASE);
}

static void
load_port(uint8_t *block, unsigned int port, struct lcore_counters *out)
{
	const uint64_t *from = port_words(block, port);

	load_words(out->ports[port], from, PORT_COUNTERS);
	if (out->ports[port][WDPDK_PORT_COUNTER_LATENCY_SAMPLES] != 0)
		load_words(out->latency[port], latency_words(block, port), WDPDK_LCORE_BLOCK_LATENCY_BUCKETS);
}

void
counters_read_ports(const uint8_t *block, uint32_t ports, struct lcore_counters *out)
{
	const uint64_t *words = (const uint64_t *)(const void *)block;

	memset(out, 0, sizeof(*out));
	for (;;) {
		uint64_t before = __atomic_load_n(&words[WDPDK_LCORE_COUNTER_SEQUENCE], __ATOMIC_ACQUIRE);

		if ((before & 1) == 0) {
			load_words(out->words, words, WDPDK_LCORE_COUNTER_COUNT);
			for (uint32_t left = ports; left != 0; left &= left - 1)
				load_port((uint8_t *)(uintptr_t)block, (unsigned int)__builtin_ctz(left), out);
			__atomic_thread_fence(__ATOMIC_ACQUIRE);
			if (__atomic_load_n(&words[WDPDK_LCORE_COUNTER_SEQUENCE], __ATOMIC_RELAXED) == before)
				return;
		}
		rte_pause();
	}
}
