/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where a build puts nodes and groups. What is taken back by a mark may be written again.
 */
#ifndef WDPDK_ACL_STORE_H
#define WDPDK_ACL_STORE_H

#include "acl_region.h"

struct acl_store {
	struct acl_node *nodes;
	uint32_t *leaves;
	uint32_t num_nodes, room_nodes;
	uint8_t *groups;
	size_t used, room;
	/* Leaves by their bytes: 1 + their place, in ACL_GROUP_ALIGN bytes. Open addressing, at most half full. */
	uint32_t *known;
	uint32_t num_known, room_known;
};

/* Makes room for `count` nodes in a row and says where the first is; false without memory. */
bool acl_store_nodes(struct acl_store *store, uint32_t count, uint32_t *first);
/* The leaf of n rules, ranks ascending, in a region: its place, the same for leaves that are the same. */
bool acl_store_leaf(struct acl_store *store, const struct acl_rules *rules, const struct acl_region *region,
	const uint32_t *ranks, uint32_t n, uint32_t *place);
void acl_store_release(struct acl_store *store);

#endif
