/* SPDX-License-Identifier: BSD-3-Clause */
#include "counters.h"

#include <stdlib.h>

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

void
counters_publish(const struct lcore_counters *counters, uint32_t dirty, uint8_t *block)
{
	uint64_t *words = (uint64_t *)(void *)block;
	uint64_t sequence = __atomic_load_n(&words[WDPDK_LCORE_COUNTER_SEQUENCE], __ATOMIC_RELAXED);

	__atomic_store_n(&words[WDPDK_LCORE_COUNTER_SEQUENCE], sequence | 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	store_words(words + 1, counters->words + 1, WDPDK_LCORE_COUNTER_COUNT - 1);
	for (; dirty != 0; dirty &= dirty - 1) {
		unsigned int port = (unsigned int)__builtin_ctz(dirty);

		store_words(port_words(block, port), counters->ports[port], PORT_COUNTERS);
	}
	__atomic_store_n(&words[WDPDK_LCORE_COUNTER_SEQUENCE], (sequence | 1) + 1, __ATOMIC_RELEASE);
}

void
counters_read(const uint8_t *block, struct lcore_counters *out)
{
	const uint64_t *words = (const uint64_t *)(const void *)block;

	for (;;) {
		uint64_t before = __atomic_load_n(&words[WDPDK_LCORE_COUNTER_SEQUENCE], __ATOMIC_ACQUIRE);

		if ((before & 1) == 0) {
			load_words(out->words, words, WDPDK_LCORE_COUNTER_COUNT);
			for (unsigned int port = 0; port < WDPDK_LIMIT_PORTS; port++)
				load_words(out->ports[port], port_words((uint8_t *)(uintptr_t)block, port), PORT_COUNTERS);
			__atomic_thread_fence(__ATOMIC_ACQUIRE);
			if (__atomic_load_n(&words[WDPDK_LCORE_COUNTER_SEQUENCE], __ATOMIC_RELAXED) == before)
				return;
		}
		rte_pause();
	}
}
