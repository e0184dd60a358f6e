/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_rib6.h"

#include <errno.h>

#include <rte_byteorder.h>
#include <rte_errno.h>

#include "rib_tree.h"

#define DEPTH_MAX 128

static struct lpm_directory directory = { .lock = RTE_SPINLOCK_INITIALIZER };

static struct rib_tree *
tree_of(struct rte_rib6 *rib)
{
	return (struct rib_tree *)rib;
}

static struct rte_rib6_node *
public(struct rib_node *node)
{
	return (struct rte_rib6_node *)node;
}

static struct rib_address
address_of(const uint8_t *ip)
{
	uint64_t halves[2];

	memcpy(halves, ip, sizeof(halves));
	return (struct rib_address){ rte_be_to_cpu_64(halves[0]), rte_be_to_cpu_64(halves[1]) };
}

static bool
bad(const struct rte_rib6 *rib, const uint8_t *ip, uint8_t depth)
{
	if (rib != NULL && ip != NULL && depth <= DEPTH_MAX)
		return false;
	rte_errno = EINVAL;
	return true;
}

struct rte_rib6 *
rte_rib6_create(const char *name, int socket_id, const struct rte_rib6_conf *conf)
{
	if (conf == NULL) {
		rte_errno = EINVAL;
		return NULL;
	}
	return (struct rte_rib6 *)rib_tree_create(&directory, name, socket_id, conf->max_nodes, conf->ext_sz);
}

struct rte_rib6 *
rte_rib6_find_existing(const char *name)
{
	return (struct rte_rib6 *)lpm_directory_find(&directory, name);
}

void
rte_rib6_free(struct rte_rib6 *rib)
{
	if (rib != NULL)
		rib_tree_free(&directory, tree_of(rib));
}

struct rte_rib6_node *
rte_rib6_insert(struct rte_rib6 *rib, const uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE], uint8_t depth)
{
	return bad(rib, ip, depth) ? NULL : public(rib_tree_insert(tree_of(rib), address_of(ip), depth));
}

void
rte_rib6_remove(struct rte_rib6 *rib, const uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE], uint8_t depth)
{
	if (!bad(rib, ip, depth))
		rib_tree_remove(tree_of(rib), address_of(ip), depth);
}

struct rte_rib6_node *
rte_rib6_lookup(struct rte_rib6 *rib, const uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE])
{
	return bad(rib, ip, 0) ? NULL : public(rib_tree_lookup(tree_of(rib), address_of(ip), DEPTH_MAX));
}

struct rte_rib6_node *
rte_rib6_lookup_parent(struct rte_rib6_node *ent)
{
	return ent == NULL ? NULL : public(rib_tree_parent((struct rib_node *)ent));
}

struct rte_rib6_node *
rte_rib6_lookup_exact(struct rte_rib6 *rib, const uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE], uint8_t depth)
{
	return bad(rib, ip, depth) ? NULL : public(rib_tree_exact(tree_of(rib), address_of(ip), depth));
}

struct rte_rib6_node *
rte_rib6_get_nxt(struct rte_rib6 *rib, const uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE], uint8_t depth,
	struct rte_rib6_node *last, int flag)
{
	if (bad(rib, ip, depth))
		return NULL;
	return public(rib_tree_next(tree_of(rib), address_of(ip), depth, (struct rib_node *)last,
		flag == RTE_RIB6_GET_NXT_COVER ? RIB_COVER : RIB_ALL));
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
rte_rib6_get_ip(const struct rte_rib6_node *node, uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE])
{
	const struct rib_address *address;
	uint64_t halves[2];

	if (missing(node, ip) != 0)
		return -1;
	address = &((const struct rib_node *)node)->address;
	halves[0] = rte_cpu_to_be_64(address->high);
	halves[1] = rte_cpu_to_be_64(address->low);
	memcpy(ip, halves, sizeof(halves));
	return 0;
}

int
rte_rib6_get_depth(const struct rte_rib6_node *node, uint8_t *depth)
{
	if (missing(node, depth) != 0)
		return -1;
	*depth = ((const struct rib_node *)node)->depth;
	return 0;
}

int
rte_rib6_get_nh(const struct rte_rib6_node *node, uint64_t *nh)
{
	if (missing(node, nh) != 0)
		return -1;
	*nh = ((const struct rib_node *)node)->next_hop;
	return 0;
}

int
rte_rib6_set_nh(struct rte_rib6_node *node, uint64_t nh)
{
	if (missing(node, node) != 0)
		return -1;
	((struct rib_node *)node)->next_hop = nh;
	return 0;
}

void *
rte_rib6_get_ext(struct rte_rib6_node *node)
{
	return node == NULL ? NULL : ((struct rib_node *)node)->ext;
}
