/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The tracker of numbers and the pace of a generator, against what a naive record of everything says.
 */
#include <stdlib.h>

#include "pace.h"
#include "sequence.h"

#include "check.h"

#define NUMBERS 4096u

static uint64_t counters[WDPDK_PORT_COUNTER_COUNT];
static uint64_t random_state;

static uint32_t
random_below(uint32_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(random_state >> 33) % n;
}

static void
expect(uint64_t lost, uint64_t reordered, uint64_t duplicates)
{
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_LOST], lost);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_REORDERED], reordered);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_DUPLICATES], duplicates);
}

static void
take_all(const uint32_t *numbers, unsigned int count, uint32_t first)
{
	struct sequence sequence;

	memset(counters, 0, sizeof(counters));
	sequence_open(&sequence, first, numbers[0], counters);
	for (unsigned int i = 1; i < count; i++)
		sequence_take(&sequence, numbers[i], counters);
}

#define TAKE(first, ...) take_all((const uint32_t[]){ __VA_ARGS__ }, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, first)

static void
what_single_cases_count(void)
{
	TAKE(0, 0, 1, 2, 3);
	expect(0, 0, 0);
	TAKE(0, 3);
	expect(3, 0, 0);
	TAKE(7, 7, 9);
	expect(1, 0, 0);
	TAKE(0, 0, 2, 1, 3);		/* a late one takes itself off */
	expect(0, 1, 0);
	TAKE(0, 0, 1, 1, 0, 2);
	expect(0, 0, 2);
	TAKE(0, 0, 2, 1, 1, 1);
	expect(0, 1, 2);
	TAKE(5, 5, 4, 4, 6);		/* before what was expected: late, never lost */
	expect(0, 1, 1);
	TAKE(0, 0, 127, 0, 1);		/* at the window's edge */
	expect(125, 1, 1);
	TAKE(0, 0, 128, 0);		/* beyond it nobody knows whether it came before */
	expect(127, 1, 0);
	TAKE(0, 0, 300, 299, 173, 172);
	expect(297, 3, 0);
	TAKE(UINT32_MAX - 1, UINT32_MAX - 1, UINT32_MAX, 0, 2, 1, UINT32_MAX);
	expect(0, 1, 1);
}

/* What the counters are defined to say, from a record of all that came. */
static void
oracle(const uint32_t *numbers, unsigned int count, uint32_t first, uint64_t *lost, uint64_t *reordered, uint64_t *duplicates)
{
	static uint32_t times[2 * NUMBERS];
	uint32_t highest = numbers[0];

	memset(times, 0, sizeof(times));
	*lost = *reordered = *duplicates = 0;
	for (unsigned int i = 0; i < count; i++) {
		uint32_t number = numbers[i];

		if (number > highest || i == 0) {
			highest = number;
			times[number] = 1;
		} else if (highest - number >= SEQUENCE_WINDOW) {
			++*reordered;
		} else if (times[number]++ > 0) {
			++*duplicates;
		} else {
			++*reordered;
		}
	}
	for (uint32_t number = first; number <= highest; number++)
		*lost += times[number] == 0;
}

/* Drops, doubles and displaces frames of a series at random. */
static unsigned int
disturb(uint32_t *numbers, unsigned int room, uint32_t first, unsigned int displacement)
{
	unsigned int count = 0, drop = random_below(20), twice = random_below(20);

	for (uint32_t number = first; number < NUMBERS && count + 2 < room; number++) {
		if (random_below(100) < drop)
			continue;
		if (random_below(400) == 0)
			number += random_below(300);	/* a gap */
		numbers[count++] = number;
		if (random_below(100) < twice)
			numbers[count++] = number;
	}
	for (unsigned int i = 1; displacement > 0 && i < count; i++) {
		unsigned int with = i > displacement ? i - random_below(displacement) : random_below(i);
		uint32_t held = numbers[i];

		if (random_below(10) == 0) {
			numbers[i] = numbers[with];
			numbers[with] = held;
		}
	}
	return count;
}

static void
random_series_agree_with_the_oracle(void)
{
	static uint32_t numbers[2 * NUMBERS], shifted[2 * NUMBERS];
	static const unsigned int displacements[] = { 0, 1, 5, 60, 120, 500 };

	for (unsigned int round = 0; round < 600; round++) {
		uint32_t first = random_below(2) * 1000, offset = round % 3 == 0 ? UINT32_MAX - NUMBERS / 2 : 0;
		unsigned int count = disturb(numbers, 2 * NUMBERS, first, displacements[round % 6]);
		uint64_t lost, reordered, duplicates;

		/* Joined late when the first one that came is where the series begins. */
		if (round % 2 == 0)
			first = numbers[0];
		if (numbers[0] < first)
			continue;
		oracle(numbers, count, first, &lost, &reordered, &duplicates);
		for (unsigned int i = 0; i < count; i++)
			shifted[i] = numbers[i] + offset;
		take_all(shifted, count, first + offset);
		expect(lost, reordered, duplicates);
		/* Every frame that came is one of these. */
		CHECK(count >= reordered + duplicates);
	}
}

/* ---- pace, by a clock that the test turns ---- */

static void
a_rate_is_kept_without_drift(void)
{
	static const uint64_t rates[] = { 1, 3, 999, 1000000, 14880952, 148809523 }, clocks[] = { 1000000000, 2595118000, 4999999999 };

	for (unsigned int clock = 0; clock < 3; clock++) {
		for (unsigned int i = 0; i < 6; i++) {
			uint64_t hz = clocks[clock], now = hz * 100, start = now, end = start + hz * 20, sent = 0;
			uint64_t step = rates[i] > 10000 ? hz / 100000 : hz / 1009;	/* the lcore comes by now and then */
			struct pace pace;
			double expected;

			pace_start(&pace, rates[i], hz, now);
			for (; now < end && sent < 3000000; now += step) {
				for (pace_forgive(&pace, now); pace_is_due(&pace, now); sent++)
					pace_spend(&pace, 1);
			}
			expected = (double)(now - step - start) / (double)hz * (double)rates[i] + 1;
			CHECK((double)sent > expected * 0.999 - 1.001 && (double)sent < expected * 1.001 + 0.001);
		}
	}
}

static void
bits_count_by_length(void)
{
	const uint64_t hz = 2600000000, rate = UINT64_C(100000000000);
	uint64_t now = hz, bits = 0;
	struct pace pace;

	pace_start(&pace, rate, hz, now);
	for (uint64_t end = now + hz / 10; now < end; now += 2000) {
		while (pace_is_due(&pace, now)) {
			uint32_t frame = (64 + random_below(1500) + 20) * 8;

			pace_spend(&pace, frame);
			bits += frame;
		}
	}
	CHECK(bits > rate / 10 / 1000 * 999 && bits < rate / 10 / 1000 * 1001);
}

static void
what_was_missed_is_sent_and_a_long_stop_forgiven(void)
{
	const uint64_t hz = 1000000000;
	uint64_t sent = 0;
	struct pace pace;

	pace_start(&pace, 1000, hz, hz);
	for (; pace_is_due(&pace, hz + hz / 10); sent++)
		pace_spend(&pace, 1);
	CHECK_EQ(sent, 101);
	pace_give_back(&pace, 1);
	CHECK(pace_is_due(&pace, hz + hz / 10));
	pace_forgive(&pace, hz * 61);
	for (sent = 0; pace_is_due(&pace, hz * 61); sent++)
		pace_spend(&pace, 1);
	CHECK_EQ(sent, PACE_BACKLOG_MS + 1);
}

int
main(void)
{
	RUN(what_single_cases_count);
	RUN(random_series_agree_with_the_oracle);
	RUN(a_rate_is_kept_without_drift);
	RUN(bits_count_by_length);
	RUN(what_was_missed_is_sent_and_a_long_stop_forgiven);
	return check_summary();
}
