/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Routing information base for IPv4: a tree of prefixes that can be walked, each with a next hop and room for what its user
 * keeps about it. It is for who decides about routes; for packets there are rte_fib.h and rte_lpm.h.
 *
 * Addresses are uint32_t in host byte order, depths 0..32. Bits of an address beyond its depth do not count.
 * Nodes are the RIB's and valid until their route is removed.
 *
 * Threads: one at a time changes a RIB; others may look things up and walk only while nobody does.
 */
#ifndef RTE_RIB_H
#define RTE_RIB_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How rte_rib_get_nxt() walks. */
enum {
	RTE_RIB_GET_NXT_ALL,  /* every route, by address, those inside of a route before it */
	RTE_RIB_GET_NXT_COVER /* by address, without those inside of a route that is returned */
};

struct rte_rib;
struct rte_rib_node;

struct rte_rib_conf {
	size_t ext_sz; /* bytes of its user's in each node, 8-byte aligned, zero at first */
	/* Most nodes, at least 1: one a route and one where two ways part. Memory follows the nodes present, not this number. */
	int max_nodes;
};

/* The mask of a depth of 0..32. */
static inline uint32_t
rte_rib_depth_to_mask(uint8_t depth)
{
	return (uint32_t)(UINT64_MAX << (32 - depth));
}

/*
 * Makes an empty RIB on the memory of socket_id (SOCKET_ID_ANY: any), its creator's until rte_rib_free().
 * NULL with rte_errno: EINVAL (no name, one of 32 or more bytes, socket below -1, no conf, no nodes), EEXIST (one of this name
 * exists), ENOMEM.
 */
struct rte_rib *rte_rib_create(const char *name, int socket_id, const struct rte_rib_conf *conf);

/* The RIB of that name, or NULL with rte_errno ENOENT (EINVAL without a name). */
struct rte_rib *rte_rib_find_existing(const char *name);

/* Releases the RIB and its nodes; NULL is allowed. */
void rte_rib_free(struct rte_rib *rib);

/*
 * Adds the route ip/depth; its next hop is 0. NULL with rte_errno: EINVAL (no rib, depth above 32), EEXIST (there is one),
 * ENOMEM (max_nodes, or no memory).
 */
struct rte_rib_node *rte_rib_insert(struct rte_rib *rib, uint32_t ip, uint8_t depth);

/* Removes the route ip/depth; nothing happens where there is none. */
void rte_rib_remove(struct rte_rib *rib, uint32_t ip, uint8_t depth);

/* The longest route that holds ip, or NULL (rte_errno EINVAL without a rib). */
struct rte_rib_node *rte_rib_lookup(struct rte_rib *rib, uint32_t ip);

/* The longest route around ent's, or NULL. */
struct rte_rib_node *rte_rib_lookup_parent(struct rte_rib_node *ent);

/* The route ip/depth itself, or NULL (rte_errno EINVAL: no rib, depth above 32). */
struct rte_rib_node *rte_rib_lookup_exact(struct rte_rib *rib, uint32_t ip, uint8_t depth);

/*
 * Walks the routes inside of ip/depth, which are longer than it. `last` is what the call before returned, NULL at first; it must
 * still be a route. NULL at the end (rte_errno EINVAL: no rib, depth above 32).
 */
struct rte_rib_node *rte_rib_get_nxt(struct rte_rib *rib, uint32_t ip, uint8_t depth, struct rte_rib_node *last, int flag);

/* What a node says. 0, or -1 with rte_errno EINVAL (a NULL argument). */
int rte_rib_get_ip(const struct rte_rib_node *node, uint32_t *ip);
int rte_rib_get_depth(const struct rte_rib_node *node, uint8_t *depth);
int rte_rib_get_nh(const struct rte_rib_node *node, uint64_t *nh);
int rte_rib_set_nh(struct rte_rib_node *node, uint64_t nh);

/* The node's ext_sz bytes; NULL without a node. */
void *rte_rib_get_ext(struct rte_rib_node *node);

#ifdef __cplusplus
}
#endif

#endif
