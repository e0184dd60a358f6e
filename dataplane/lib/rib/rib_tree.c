/* SPDX-License-Identifier: BSD-3-Clause */
#include "rib_tree.h"

#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_malloc.h>

#define FIRST_SLAB 32
#define LAST_SLAB 4096

/* Nodes that were allocated together. */
struct rib_slab {
	struct rib_slab *next;
	uint32_t count;
	uint64_t nodes[];
};

static struct rib_address
cut(struct rib_address address, unsigned int depth)
{
	if (depth <= 64)
		return (struct rib_address){ depth == 0 ? 0 : address.high & UINT64_MAX << (64 - depth), 0 };
	return (struct rib_address){ address.high, address.low & UINT64_MAX << (128 - depth) };
}

static unsigned int
common_bits(struct rib_address a, struct rib_address b)
{
	if (a.high != b.high)
		return (unsigned int)__builtin_clzll(a.high ^ b.high);
	return a.low == b.low ? 128 : 64 + (unsigned int)__builtin_clzll(a.low ^ b.low);
}

static bool
holds(const struct rib_node *node, struct rib_address address)
{
	return common_bits(node->address, address) >= node->depth;
}

static unsigned int
bit_at(struct rib_address address, unsigned int depth)
{
	return (depth < 64 ? address.high >> (63 - depth) : address.low >> (127 - depth)) & 1;
}

/* ---- nodes ---- */

static bool
add_slab(struct rib_tree *tree)
{
	uint32_t count = tree->slabs == NULL ? FIRST_SLAB : RTE_MIN(tree->slabs->count * 2, (uint32_t)LAST_SLAB);
	struct rib_slab *slab;

	count = RTE_MIN(count, tree->max_nodes - tree->nodes);
	slab = rte_malloc_socket("rib nodes", sizeof(*slab) + count * tree->node_size, RTE_CACHE_LINE_SIZE, tree->socket);
	if (slab == NULL)
		return false;
	slab->count = count;
	slab->next = tree->slabs;
	tree->slabs = slab;
	for (uint32_t i = count; i > 0; i--) {
		struct rib_node *node = (struct rib_node *)(void *)((char *)slab->nodes + (i - 1) * tree->node_size);

		node->child[0] = tree->free_nodes;
		tree->free_nodes = node;
	}
	return true;
}

static struct rib_node *
take_node(struct rib_tree *tree, struct rib_address address, unsigned int depth, bool is_route)
{
	struct rib_node *node;

	if (tree->nodes == tree->max_nodes || (tree->free_nodes == NULL && !add_slab(tree))) {
		rte_errno = ENOMEM;
		return NULL;
	}
	node = tree->free_nodes;
	tree->free_nodes = node->child[0];
	tree->nodes++;
	memset(node, 0, tree->node_size);
	node->address = address;
	node->depth = (uint8_t)depth;
	node->is_route = is_route;
	return node;
}

static void
give_node(struct rib_tree *tree, struct rib_node *node)
{
	node->child[0] = tree->free_nodes;
	tree->free_nodes = node;
	tree->nodes--;
}

struct rib_tree *
rib_tree_create(struct lpm_directory *directory, const char *name, int socket, int max_nodes, size_t ext_size)
{
	struct rib_tree *tree;

	if (!lpm_directory_name_fits(name) || socket < -1 || max_nodes <= 0 || ext_size > UINT32_MAX) {
		rte_errno = EINVAL;
		return NULL;
	}
	tree = rte_zmalloc_socket("rib", sizeof(*tree), RTE_CACHE_LINE_SIZE, socket);
	if (tree == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	tree->socket = socket;
	tree->max_nodes = (uint32_t)max_nodes;
	tree->node_size = sizeof(struct rib_node) + RTE_ALIGN_CEIL(ext_size, sizeof(uint64_t));
	if (!lpm_directory_insert(directory, &tree->entry, name)) {
		rte_free(tree);
		rte_errno = EEXIST;
		return NULL;
	}
	return tree;
}

void
rib_tree_free(struct lpm_directory *directory, struct rib_tree *tree)
{
	struct rib_slab *slab, *next;

	lpm_directory_remove(directory, &tree->entry);
	for (slab = tree->slabs; slab != NULL; slab = next) {
		next = slab->next;
		rte_free(slab);
	}
	rte_free(tree);
}

/* ---- changes ---- */

static struct rib_node **
link_to(struct rib_tree *tree, struct rib_node *node)
{
	struct rib_node *parent = node->parent;

	return parent == NULL ? &tree->root : &parent->child[parent->child[1] == node];
}

static void
adopt(struct rib_node *parent, struct rib_node *child)
{
	parent->child[bit_at(child->address, parent->depth)] = child;
	child->parent = parent;
}

struct rib_node *
rib_tree_insert(struct rib_tree *tree, struct rib_address address, unsigned int depth)
{
	struct rib_node **link = &tree->root, *above = NULL, *node, *below, *fork;
	unsigned int common;

	address = cut(address, depth);
	while (*link != NULL && (*link)->depth < depth && holds(*link, address)) {
		above = *link;
		link = &above->child[bit_at(address, above->depth)];
	}
	below = *link;
	common = depth;
	if (below != NULL) {
		common = RTE_MIN(common, (unsigned int)below->depth);
		common = RTE_MIN(common, common_bits(address, below->address));
	}
	if (below != NULL && below->depth == depth && common == depth) {
		if (below->is_route) {
			rte_errno = EEXIST;
			return NULL;
		}
		/* Two ways parted here already. What it had as a route once is not this one's. */
		below->is_route = true;
		below->next_hop = 0;
		memset(below->ext, 0, tree->node_size - sizeof(*below));
		return below;
	}
	node = take_node(tree, address, depth, true);
	if (node == NULL)
		return NULL;
	if (below == NULL || common == depth) {
		if (below != NULL)
			adopt(node, below);
		node->parent = above;
		*link = node;
		return node;
	}
	fork = take_node(tree, cut(address, common), common, false);
	if (fork == NULL) {
		give_node(tree, node);
		return NULL;
	}
	adopt(fork, node);
	adopt(fork, below);
	fork->parent = above;
	*link = fork;
	return node;
}

void
rib_tree_remove(struct rib_tree *tree, struct rib_address address, unsigned int depth)
{
	struct rib_node *node = rib_tree_exact(tree, address, depth);

	if (node == NULL)
		return;
	node->is_route = false;
	/* It leaves unless ways part at it; then its parent may be left with one way. */
	while (node != NULL && !node->is_route && (node->child[0] == NULL || node->child[1] == NULL)) {
		struct rib_node *parent = node->parent, *child = node->child[node->child[0] == NULL];

		*link_to(tree, node) = child;
		if (child != NULL)
			child->parent = parent;
		give_node(tree, node);
		node = parent;
	}
}

/* ---- questions ---- */

struct rib_node *
rib_tree_lookup(const struct rib_tree *tree, struct rib_address address, unsigned int width)
{
	struct rib_node *best = NULL;

	for (struct rib_node *node = tree->root; node != NULL && holds(node, address);
	     node = node->child[bit_at(address, node->depth)]) {
		if (node->is_route)
			best = node;
		if (node->depth == width)
			break;
	}
	return best;
}

struct rib_node *
rib_tree_exact(const struct rib_tree *tree, struct rib_address address, unsigned int depth)
{
	struct rib_node *node = tree->root;

	address = cut(address, depth);
	while (node != NULL && node->depth < depth && holds(node, address))
		node = node->child[bit_at(address, node->depth)];
	return node != NULL && node->is_route && node->depth == depth && holds(node, address) ? node : NULL;
}

struct rib_node *
rib_tree_parent(const struct rib_node *node)
{
	struct rib_node *parent = node->parent;

	while (parent != NULL && !parent->is_route)
		parent = parent->parent;
	return parent;
}

static bool
inside(const struct rib_node *node, struct rib_address address, unsigned int depth)
{
	return node->depth > depth && common_bits(node->address, address) >= depth;
}

/* The first in order from a node inside on: a leaf where all are walked, a route that has no other around it otherwise. */
static struct rib_node *
first_of(struct rib_node *node, enum rib_walk walk)
{
	while (walk == RIB_COVER ? !node->is_route : node->child[0] != NULL || node->child[1] != NULL)
		node = node->child[node->child[0] == NULL];
	return node;
}

struct rib_node *
rib_tree_next(const struct rib_tree *tree, struct rib_address address, unsigned int depth, struct rib_node *last,
	enum rib_walk walk)
{
	struct rib_node *node = last;

	if (last == NULL) {
		node = tree->root;
		while (node != NULL && node->depth <= depth && holds(node, address)) {
			/* Both of its ways are inside when the prefix ends here. */
			if (node->depth == depth) {
				if (node->child[0] == NULL && node->child[1] == NULL)
					return NULL;
				return first_of(node->child[node->child[0] == NULL], walk);
			}
			node = node->child[bit_at(address, node->depth)];
		}
		return node != NULL && inside(node, address, depth) ? first_of(node, walk) : NULL;
	}
	for (;;) {
		struct rib_node *parent = node->parent;

		if (parent == NULL)
			return NULL;
		/* The other way of the prefix's own node is inside, though the node is not. */
		if (node == parent->child[0] && parent->child[1] != NULL && inside(parent->child[1], address, depth))
			return first_of(parent->child[1], walk);
		if (!inside(parent, address, depth))
			return NULL;
		if (parent->is_route)
			return parent;
		node = parent;
	}
}
