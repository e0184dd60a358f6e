/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The values that conditions leave of a field, exactly: sorted lists of ranges. Numbers of every field are 128 bit here, so that one
 * piece of code serves all; the upper half of the short ones is zero.
 */
#ifndef APP_MATCH_VALUES_H
#define APP_MATCH_VALUES_H

#include "frame_key.h"
#include "match.h"

/* Frames of one kind have the same fields, whose values go with each other freely. */
enum frame_kind { KIND_NOT_IP, KIND_IPV4, KIND_IPV4_PORTS, KIND_IPV6, KIND_IPV6_PORTS, FRAME_KINDS };

struct value_range { struct address128 low, high; };

/* Disjoint, ascending. Starts with at most three ranges, and each condition of the two terms that meet adds one at most. */
#define MATCH_VALUE_RANGES (2 * MATCH_CONDITIONS + 3)
struct value_ranges { uint32_t count; struct value_range list[MATCH_VALUE_RANGES]; };

static inline bool
address128_less(struct address128 a, struct address128 b)
{
	return a.high < b.high || (a.high == b.high && a.low < b.low);
}

static inline struct value_range
value_range32(uint32_t low, uint32_t high)
{
	return (struct value_range){ .low = { 0, low }, .high = { 0, high } };
}

/* What a condition, its negation aside, takes of frames of a family. False: nothing, they have no such value. */
bool condition_range(const struct match_condition *condition, enum frame_family family, struct value_range *range);

/* Keeps of `ranges` what the conditions on `field` take. */
void ranges_keep(struct value_ranges *ranges, const struct match_condition *conditions, unsigned int count, enum match_field field,
	enum frame_family family);

/* Some frame meets all of both lists, each of at most MATCH_CONDITIONS. */
bool conditions_meet(const struct match_condition *a, unsigned int a_count, const struct match_condition *b, unsigned int b_count);

/* Of two conditions on one field, their negations aside: every value that `a` takes, `b` takes too; no value is taken by both. */
bool condition_within(const struct match_condition *a, const struct match_condition *b);
bool condition_apart(const struct match_condition *a, const struct match_condition *b);

#endif
