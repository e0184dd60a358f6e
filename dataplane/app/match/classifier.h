/* SPDX-License-Identifier: BSD-3-Clause
 *
 * All matches of one port compiled into one structure: per field a sorted list of intervals, each with the set of rules that
 * accept it; a frame's rules are the intersection of one set per field. The cost of a frame grows with the logarithm of the
 * number of distinct values, not with the number of rules. Immutable after compiling; any number of lcores may look up.
 */
#ifndef APP_CLASSIFIER_H
#define APP_CLASSIFIER_H

#include "frame_key.h"
#include "match.h"

#define CLASSIFIER_WORDS (WDPDK_LIMIT_QUEUES / 64)

/* Rule i is bit i % 64 of word i / 64. */
struct rule_set { uint64_t words[CLASSIFIER_WORDS]; };

struct classifier;

/* Rule i is matches[i]. At most WDPDK_LIMIT_QUEUES rules. NULL: no memory. */
struct classifier *classifier_compile(const struct match *const *matches, unsigned int count);
void classifier_free(struct classifier *classifier);
void classifier_lookup(const struct classifier *classifier, const struct frame_key *key, struct rule_set *out);

/* True when some frame could match both. */
bool match_overlaps(const struct match *a, const struct match *b);

#endif
