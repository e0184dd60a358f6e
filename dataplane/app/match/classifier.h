/* SPDX-License-Identifier: BSD-3-Clause
 *
 * All matches of one port compiled into one structure: per field a sorted list of intervals, each with the set of terms that accept it;
 * a frame's terms are the intersection of one set per field. Intervals are found through a table over the span they lie in, so that
 * the cost of a frame hardly grows with the number of rules: by one word of a set for each 64 terms, and by the intervals that
 * share one entry of the table. Immutable after compiling; any number of lcores may look up.
 */
#ifndef APP_CLASSIFIER_H
#define APP_CLASSIFIER_H

#include "frame_key.h"
#include "match.h"

#define CLASSIFIER_WORDS (WDPDK_LIMIT_QUEUES / 64)
/* What all sets of a classifier may take; only thousands of terms that all differ come near. */
#define CLASSIFIER_MOST_BYTES (64u << 20)

/* Rule i is bit i % 64 of word i / 64. */
struct rule_set { uint64_t words[CLASSIFIER_WORDS]; };

struct classifier;

/* Rule i is matches[i]. At most WDPDK_LIMIT_QUEUES rules. NULL: no memory, or more than CLASSIFIER_MOST_BYTES. */
struct classifier *classifier_compile(const struct match *const *matches, unsigned int count);
void classifier_free(struct classifier *classifier);
/* Sets the words of `out` that the rules need. */
void classifier_lookup(const struct classifier *classifier, const struct frame_key *key, struct rule_set *out);

/* True when some frame could match both. Exact, negations and all. */
bool match_overlaps(const struct match *a, const struct match *b);

#endif
