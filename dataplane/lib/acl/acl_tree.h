/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One tree of some rules.
 */
#ifndef WDPDK_ACL_TREE_H
#define WDPDK_ACL_TREE_H

#include "acl_store.h"

struct acl_tree_made {
	uint32_t root;
	/* What a packet costs in it, about, in groups of rules: a rule's own packets on average, the way to the leaf included. */
	double cost;
};

/* n > 0 rules, ranks ascending; `spread` limits how often a rule stands in leaves, 0: one leaf. False without memory. */
bool acl_tree_make(struct acl_store *store, const struct acl_rules *rules, const uint32_t *ranks, uint32_t n, double spread,
	struct acl_tree_made *made);

#endif
