/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Routing information base for IPv6. Everything is as in rte_rib.h; addresses are 16 bytes in network order, depths 0..128.
 */
#ifndef RTE_RIB6_H
#define RTE_RIB6_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <rte_common.h>
#include <rte_memcpy.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_RIB6_IPV6_ADDR_SIZE 16

/* How rte_rib6_get_nxt() walks. */
enum {
	RTE_RIB6_GET_NXT_ALL,  /* every route, by address, those inside of a route before it */
	RTE_RIB6_GET_NXT_COVER /* by address, without those inside of a route that is returned */
};

struct rte_rib6;
struct rte_rib6_node;

struct rte_rib6_conf {
	size_t ext_sz; /* bytes of its user's in each node, 8-byte aligned, zero at first */
	int max_nodes; /* most nodes, at least 1 */
};

/* Nothing happens when one is NULL. */
static inline void
rte_rib6_copy_addr(uint8_t *dst, const uint8_t *src)
{
	if (dst != NULL && src != NULL)
		memcpy(dst, src, RTE_RIB6_IPV6_ADDR_SIZE);
}

/* 1 for equal addresses, 0 otherwise and when one is NULL. */
static inline int
rte_rib6_is_equal(const uint8_t *ip1, const uint8_t *ip2)
{
	return ip1 != NULL && ip2 != NULL && memcmp(ip1, ip2, RTE_RIB6_IPV6_ADDR_SIZE) == 0;
}

/* Byte 0..15 of a depth's mask; greater depths are as 128. */
static inline uint8_t
get_msk_part(uint8_t depth, int byte)
{
	int bits = RTE_MIN((int)depth, 128) - (byte & 15) * 8;

	return bits <= 0 ? 0 : bits >= 8 ? UINT8_MAX : (uint8_t)(0xff00 >> bits);
}

/* As rte_rib_create(). */
struct rte_rib6 *rte_rib6_create(const char *name, int socket_id, const struct rte_rib6_conf *conf);

/* The RIB of that name, or NULL with rte_errno ENOENT (EINVAL without a name). */
struct rte_rib6 *rte_rib6_find_existing(const char *name);

/* Releases the RIB and its nodes; NULL is allowed. */
void rte_rib6_free(struct rte_rib6 *rib);

/* As rte_rib_insert(); no ip is EINVAL, too. */
struct rte_rib6_node *rte_rib6_insert(struct rte_rib6 *rib, const uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE], uint8_t depth);

/* Removes the route ip/depth; nothing happens where there is none. */
void rte_rib6_remove(struct rte_rib6 *rib, const uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE], uint8_t depth);

/* The longest route that holds ip, or NULL (rte_errno EINVAL: no rib, no ip). */
struct rte_rib6_node *rte_rib6_lookup(struct rte_rib6 *rib, const uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE]);

/* The longest route around ent's, or NULL. */
struct rte_rib6_node *rte_rib6_lookup_parent(struct rte_rib6_node *ent);

/* The route ip/depth itself, or NULL (rte_errno EINVAL: no rib, no ip, depth above 128). */
struct rte_rib6_node *rte_rib6_lookup_exact(struct rte_rib6 *rib, const uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE], uint8_t depth);

/* As rte_rib_get_nxt(). */
struct rte_rib6_node *rte_rib6_get_nxt(struct rte_rib6 *rib, const uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE], uint8_t depth,
	struct rte_rib6_node *last, int flag);

/* What a node says. 0, or -1 with rte_errno EINVAL (a NULL argument). */
int rte_rib6_get_ip(const struct rte_rib6_node *node, uint8_t ip[RTE_RIB6_IPV6_ADDR_SIZE]);
int rte_rib6_get_depth(const struct rte_rib6_node *node, uint8_t *depth);
int rte_rib6_get_nh(const struct rte_rib6_node *node, uint64_t *nh);
int rte_rib6_set_nh(struct rte_rib6_node *node, uint64_t nh);

/* The node's ext_sz bytes; NULL without a node. */
void *rte_rib6_get_ext(struct rte_rib6_node *node);

#ifdef __cplusplus
}
#endif

#endif
