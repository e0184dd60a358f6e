/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What one configuration changes in another.
 */
#ifndef APP_FORWARDING_DIFF_H
#define APP_FORWARDING_DIFF_H

#include "forwarding_config.h"

/* Adds at most `most` changes to the array `changes`, each a map {path, from, to}: ports in the order of their ids, then routes by
 * prefix. A port that gets another mode is one change at ports.<id> between two modes; one that keeps its mode is a change for each
 * field, at ports.<id>.<field>. A route is one change at routes["<prefix>"] between two {via, nextHopMac}, nil where it is not there;
 * the order of routes is no difference. *truncated: changes that found no room. n log n in the routes. 0 or -ENOMEM. */
int forwarding_config_diff(struct arena *arena, const struct forwarding_config *from, const struct forwarding_config *to,
	uint32_t ports, unsigned int most, struct value *changes, uint64_t *truncated);

#endif
