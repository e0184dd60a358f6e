/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a route that comes, goes or gets another next hop changes in the lookup structure.
 */
#ifndef WDPDK_LPM_CHANGE_H
#define WDPDK_LPM_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lpm_blocks.h"
#include "lpm_runs.h"

/*
 * The answer for those addresses of ip/depth (ip cut to it) that
 *   no longer route holds (the route is there now), or
 *   removing: that ip/depth itself answers (what is left of them is `answer`, of a shorter route or 0).
 */
struct lpm_change {
	uint32_t ip;
	unsigned int depth;
	uint32_t answer;
	bool removing;
};

/* 0, or -ENOMEM and nothing has changed. */
int lpm_change_apply(struct lpm_blocks *blocks, const struct lpm_change *change);

/* Whether the /24 of ip has a block of its own. */
bool lpm_change_has_group(const struct lpm_blocks *blocks, uint32_t ip);

/* Takes everything out. */
void lpm_change_clear(struct lpm_blocks *blocks);

#endif
