/* SPDX-License-Identifier: BSD-3-Clause
 *
 * By which bits a node cuts.
 */
#ifndef WDPDK_ACL_CUT_H
#define WDPDK_ACL_CUT_H

#include "acl_region.h"

#define ACL_CUT_BITS 8

struct acl_cut {
	uint32_t lane;
	unsigned int shift, bits;
	double growth; /* how many children a rule stands in, on average */
};

/*
 * Chooses for n rules in a region. `room` is how many rules the children may have together. False when no cut is worth it.
 */
bool acl_cut_choose(const struct acl_rules *rules, const struct acl_region *region, const uint32_t *ranks, uint32_t n,
	double room, struct acl_cut *cut);

#endif
