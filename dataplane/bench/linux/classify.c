/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What finding the rules of a frame costs, by how many there are: bench_classify
 *
 * Frames of 1,024 flows whose keys are taken already. Rules by destination, by port, by both; with one term a rule, and with 64.
 * Prints cycles (TSC) a lookup, the median of many rounds; one rule comes first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "classifier.h"

#define FRAMES 1024u
#define ROUNDS 501u

enum by { BY_DST, BY_PORT, BY_BOTH };

static int
ascending(const void *a, const void *b)
{
	uint64_t left, right;

	memcpy(&left, a, sizeof(left));
	memcpy(&right, b, sizeof(right));
	return (left > right) - (left < right);
}

static void
add_term(struct match *match, enum by by, unsigned int number)
{
	unsigned int count = match->term_count == 0 ? 0 : match->ends[match->term_count - 1];

	if (by != BY_PORT)
		match->conditions[count++] = (struct match_condition){ .field = MATCH_DST, .depth = 32,
			.address = { 10, 1, (uint8_t)(number >> 8), (uint8_t)number } };
	if (by != BY_DST)
		match->conditions[count++] = (struct match_condition){ .field = MATCH_DST_PORT, .low = (uint16_t)number,
			.high = (uint16_t)number };
	match->ends[match->term_count++] = (uint16_t)count;
}

static double
cycles(unsigned int rules, unsigned int terms, enum by by)
{
	static struct match matches[WDPDK_LIMIT_QUEUES];
	static struct frame_key keys[FRAMES];
	static uint64_t times[ROUNDS];
	const struct match *list[WDPDK_LIMIT_QUEUES];
	struct classifier *classifier;
	uint64_t found = 0;

	for (unsigned int i = 0; i < rules; i++) {
		memset(&matches[i], 0, sizeof(matches[i]));
		for (unsigned int k = 0; k < terms; k++)
			add_term(&matches[i], by, i * terms + k);
		list[i] = &matches[i];
	}
	for (unsigned int i = 0; i < FRAMES; i++) {
		uint32_t flow = (i * 2654435761u >> 8) % (rules * terms);

		keys[i] = (struct frame_key){ .family = FRAME_IPV4, .proto = 17, .vlan = FRAME_KEY_NO_VLAN, .src4 = 0x0a000001,
			.dst4 = 0x0a010000 + flow, .src_port = 5000, .dst_port = flow };
	}
	classifier = classifier_compile(list, rules);
	if (classifier == NULL) {
		fprintf(stderr, "no classifier for %u rules of %u terms\n", rules, terms);
		exit(1);
	}
	for (unsigned int round = 0; round < ROUNDS; round++) {
		uint64_t began = rte_rdtsc_precise(), sum = 0;

		for (unsigned int i = 0; i < FRAMES; i++) {
			struct rule_set set;

			classifier_lookup(classifier, &keys[i], &set);
			sum += set.words[0];
		}
		times[round] = rte_rdtsc_precise() - began;
		found += sum;
	}
	classifier_free(classifier);
	/* So that nothing of the work can be left out. */
	if (found == 0 && rules > 1) {
		fprintf(stderr, "no frame met any rule\n");
		exit(1);
	}
	qsort(times, ROUNDS, sizeof(times[0]), ascending);
	return (double)times[ROUNDS / 2] / FRAMES;
}

int
main(void)
{
	static const char *const names[] = { "destination", "port", "destination and port" };
	static const struct { unsigned int rules, terms; } cases[] = {
		{ 1, 1 }, { 16, 1 }, { 64, 1 }, { 256, 1 }, { 1, 64 }, { 16, 64 }, { 64, 64 },
	};

	for (enum by by = BY_DST; by <= BY_BOTH; by++)
		for (size_t i = 0; i < RTE_DIM(cases); i++)
			printf("by %s: %u rules of %u terms: %.1f cycles\n", names[by], cases[i].rules, cases[i].terms,
				cycles(cases[i].rules, cases[i].terms, by));
	return 0;
}
