/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_rib.h"

#include <errno.h>

#include <rte_errno.h>

#include "rib_tree.h"

#define DEPTH_MAX 32

static struct lpm_directory directory = { .lock = RTE_SPINLOCK_INITIALIZER };

/* A handle is a pointer to the tree, a node one of its nodes. */
static struct rib_tree *
tree_of(struct rte_rib *rib)
{
	return (struct rib_tree *)rib;
}

static struct rte_rib_node *
public(struct rib_node *node)
{
	return (struct rte_rib_node *)node;
}

static struct rib_address
address_of(uint32_t ip)
{
	return (struct rib_address){ (uint64_t)ip << 32, 0 };
}

static bool
bad(const struct rte_rib *rib, uint8_t depth)
{
	if (rib != NULL && depth <= DEPTH_MAX)
		return false;
	rte_errno = EINVAL;
	return true;
}

struct rte_rib *
rte_rib_create(const char *name, int socket_id, const struct rte_rib_conf *conf)
{
	if (conf == NULL) {
		rte_errno = EINVAL;
		return NULL;
	}
	return (struct rte_rib *)rib_tree_create(&directory, name, socket_id, conf->max_nodes, conf->ext_sz);
}

struct rte_rib *
rte_rib_find_existing(const char *name)
{
	return (struct rte_rib *)lpm_directory_find(&directory, name);
}

void
rte_rib_free(struct rte_rib *rib)
{
	if (rib != NULL)
		rib_tree_free(&directory, tree_of(rib));
}

struct rte_rib_node *
rte_rib_insert(struct rte_rib *rib, uint32_t ip, uint8_t depth)
{
	return bad(rib, depth) ? NULL : public(rib_tree_insert(tree_of(rib), address_of(ip), depth));
}

void
rte_rib_remove(struct rte_rib *rib, uint32_t ip, uint8_t depth)
{
	if (!bad(rib, depth))
		rib_tree_remove(tree_of(rib), address_of(ip), depth);
}

struct rte_rib_node *
rte_rib_lookup(struct rte_rib *rib, uint32_t ip)
{
	return bad(rib, 0) ? NULL : public(rib_tree_lookup(tree_of(rib), address_of(ip), DEPTH_MAX));
}

struct rte_rib_node *
rte_rib_lookup_parent(struct rte_rib_node *ent)
{
	return ent == NULL ? NULL : public(rib_tree_parent((struct rib_node *)ent));
}

struct rte_rib_node *
rte_rib_lookup_exact(struct rte_rib *rib, uint32_t ip, uint8_t depth)
{
	return bad(rib, depth) ? NULL : public(rib_tree_exact(tree_of(rib), address_of(ip), depth));
}

struct rte_rib_node *
rte_rib_get_nxt(struct rte_rib *rib, uint32_t ip, uint8_t depth, struct rte_rib_node *last, int flag)
{
	if (bad(rib, depth))
		return NULL;
	return public(rib_tree_next(tree_of(rib), address_of(ip), depth, (struct rib_node *)last,
		flag == RTE_RIB_GET_NXT_COVER ? RIB_COVER : RIB_ALL));
}

/* 0, or -1 with rte_errno where an argument is missing. */
static int
missing(const void *one, const void *other)
{
	if (one != NULL && other != NULL)
		return 0;
	rte_errno = EINVAL;
	return -1;
}

int
rte_rib_get_ip(const struct rte_rib_node *node, uint32_t *ip)
{
	if (missing(node, ip) != 0)
		return -1;
	*ip = (uint32_t)(((const struct rib_node *)node)->address.high >> 32);
	return 0;
}

int
rte_rib_get_depth(const struct rte_rib_node *node, uint8_t *depth)
{
	if (missing(node, depth) != 0)
		return -1;
	*depth = ((const struct rib_node *)node)->depth;
	return 0;
}

int
rte_rib_get_nh(const struct rte_rib_node *node, uint64_t *nh)
{
	if (missing(node, nh) != 0)
		return -1;
	*nh = ((const struct rib_node *)node)->next_hop;
	return 0;
}

int
rte_rib_set_nh(struct rte_rib_node *node, uint64_t nh)
{
	if (missing(node, node) != 0)
		return -1;
	((struct rib_node *)node)->next_hop = nh;
	return 0;
}

void *
rte_rib_get_ext(struct rte_rib_node *node)
{
	return node == NULL ? NULL : ((struct rib_node *)node)->ext;
}
