/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the numbers of one flow's frames tell: which never came, came late, came twice. Numbers are u32 and wrap.
 */
#ifndef APP_SEQUENCE_H
#define APP_SEQUENCE_H

#include <stdint.h>

#include "wdpdk_protocol.h"

/* How many numbers behind the highest are remembered one by one. */
#define SEQUENCE_WINDOW 128u

struct sequence {
	uint32_t highest;
	uint32_t span;		/* how far back numbers were expected, at most the window: earlier ones were never counted as lost */
	uint64_t seen[2];	/* bit i of the 128: highest - i has come */
};

/* Counts into the sink_* words of a port's counters. */

/* The first frame that comes. Those from number `first` on were to come before it. */
static inline void
sequence_open(struct sequence *sequence, uint32_t first, uint32_t number, uint64_t *counters)
{
	counters[WDPDK_PORT_COUNTER_SINK_LOST] += number - first;
	*sequence = (struct sequence){
		.highest = number, .span = number - first < SEQUENCE_WINDOW ? number - first : SEQUENCE_WINDOW, .seen = { 1, 0 },
	};
}

static inline void
sequence_shift(struct sequence *sequence, uint32_t by)
{
	if (by < 64) {
		sequence->seen[1] = sequence->seen[1] << by | (by > 0 ? sequence->seen[0] >> (64 - by) : 0);
		sequence->seen[0] <<= by;
	} else {
		sequence->seen[1] = by < SEQUENCE_WINDOW ? sequence->seen[0] << (by - 64) : 0;
		sequence->seen[0] = 0;
	}
}

/* A further frame. One that is later than the window counts as reordered and stays lost: whether it came before is not known. */
static inline void
sequence_take(struct sequence *sequence, uint32_t number, uint64_t *counters)
{
	uint32_t ahead = number - sequence->highest, age = sequence->highest - number;
	uint64_t bit = UINT64_C(1) << (age % 64);

	if (ahead - 1 < UINT32_C(0x7fffffff)) {
		counters[WDPDK_PORT_COUNTER_SINK_LOST] += ahead - 1;
		sequence_shift(sequence, ahead);
		sequence->seen[0] |= 1;
		sequence->highest = number;
		sequence->span = ahead < SEQUENCE_WINDOW - sequence->span ? sequence->span + ahead : SEQUENCE_WINDOW;
		return;
	}
	if (age >= SEQUENCE_WINDOW) {
		counters[WDPDK_PORT_COUNTER_SINK_REORDERED]++;
		return;
	}
	if (sequence->seen[age / 64] & bit) {
		counters[WDPDK_PORT_COUNTER_SINK_DUPLICATES]++;
		return;
	}
	sequence->seen[age / 64] |= bit;
	counters[WDPDK_PORT_COUNTER_SINK_REORDERED]++;
	if (age <= sequence->span)
		counters[WDPDK_PORT_COUNTER_SINK_LOST]--;
}

#endif
