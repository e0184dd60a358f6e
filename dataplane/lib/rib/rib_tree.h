/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The tree of both families: prefixes of up to 128 bits (an IPv4 address is the first 32), where a node stands only for a route
 * or for the place where two ways part. So each node that is no route has two children, and each leaf is a route.
 */
#ifndef WDPDK_RIB_TREE_H
#define WDPDK_RIB_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lpm_directory.h"

struct rib_address {
	uint64_t high, low;
};

struct rib_node {
	struct rib_node *child[2], *parent;
	struct rib_address address; /* no bit beyond depth */
	uint64_t next_hop;
	uint8_t depth;
	bool is_route;
	uint64_t ext[];
};

struct rib_slab;

struct rib_tree {
	struct lpm_entry entry;
	struct rib_node *root;
	struct rib_node *free_nodes; /* by child[0] */
	struct rib_slab *slabs;
	size_t node_size;
	uint32_t nodes, max_nodes; /* in use, and at most */
	int socket;
};

enum rib_walk { RIB_ALL, RIB_COVER };

/* As rte_rib_create() and the rest have them, rte_errno included; depths and pointers have been checked. */
struct rib_tree *rib_tree_create(struct lpm_directory *directory, const char *name, int socket, int max_nodes, size_t ext_size);
void rib_tree_free(struct lpm_directory *directory, struct rib_tree *tree);
struct rib_node *rib_tree_insert(struct rib_tree *tree, struct rib_address address, unsigned int depth);
void rib_tree_remove(struct rib_tree *tree, struct rib_address address, unsigned int depth);
struct rib_node *rib_tree_lookup(const struct rib_tree *tree, struct rib_address address, unsigned int width);
struct rib_node *rib_tree_exact(const struct rib_tree *tree, struct rib_address address, unsigned int depth);
struct rib_node *rib_tree_next(const struct rib_tree *tree, struct rib_address address, unsigned int depth,
	struct rib_node *last, enum rib_walk walk);
struct rib_node *rib_tree_parent(const struct rib_node *node);

#endif
