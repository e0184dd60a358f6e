/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Longest-prefix match for IPv6, DPDK 22.11's API: a trie of 16 bits, then 8 bits a step. An empty table costs 256 KiB.
 *
 * Addresses are 16 bytes in network order, depths 1..128, next hops 24 bit. Threads: as rte_lpm.h says.
 */
#ifndef RTE_LPM6_H
#define RTE_LPM6_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_LPM6_MAX_DEPTH 128
#define RTE_LPM6_IPV6_ADDR_SIZE 16
/* Longest table name, its terminating zero included. */
#define RTE_LPM6_NAMESIZE 32

struct rte_lpm6;

struct rte_lpm6_config {
	/* Most rules the table may hold, at least 1. Memory follows the rules present, not this number. */
	uint32_t max_rules;
	/*
	 * Most 256-entry groups below the first 24 bits; a lone route of depth d > 24 needs (d - 17) / 8 of them. At most
	 * 2^21.
	 */
	uint32_t number_tbl8s;
	int flags; /* unused */
};

/*
 * Makes an empty table on the memory of socket_id (SOCKET_ID_ANY: any). The caller owns it until rte_lpm6_free().
 * NULL with rte_errno: EINVAL (no name, name of 32 or more bytes, socket below -1, no config, max_rules 0, too many
 * tbl8s), EEXIST (a table of this name exists), ENOMEM.
 */
struct rte_lpm6 *rte_lpm6_create(const char *name, int socket_id, const struct rte_lpm6_config *config);

/* The table of that name, or NULL with rte_errno ENOENT (EINVAL without a name). */
struct rte_lpm6 *rte_lpm6_find_existing(const char *name);

/* Releases the table; NULL is allowed. */
void rte_lpm6_free(struct rte_lpm6 *lpm);

/*
 * Adds the route ip/depth or gives an existing one a new next hop. Bits of ip beyond depth are ignored.
 * 0, or -EINVAL (no table or address, depth not 1..128, next_hop over 24 bits), -ENOSPC (max_rules or number_tbl8s
 * reached), -ENOMEM; after an error the table is as it was.
 */
int rte_lpm6_add(struct rte_lpm6 *lpm, const uint8_t *ip, uint8_t depth, uint32_t next_hop);

/* 1 and the next hop when exactly ip/depth is a route, 0 when not, -EINVAL (a NULL argument, depth not 1..128). */
int rte_lpm6_is_rule_present(struct rte_lpm6 *lpm, const uint8_t *ip, uint8_t depth, uint32_t *next_hop);

/*
 * Removes the route ip/depth; its addresses fall back to the longest shorter prefix that covers them.
 * 0, or -EINVAL (a NULL argument, depth not 1..128), -ENOENT (no such route).
 */
int rte_lpm6_delete(struct rte_lpm6 *lpm, const uint8_t *ip, uint8_t depth);

/*
 * Removes n routes; those that are not there are passed over. 0, or -EINVAL (a NULL argument, a depth not 1..128; none
 * removed).
 */
int rte_lpm6_delete_bulk_func(struct rte_lpm6 *lpm, uint8_t ips[][RTE_LPM6_IPV6_ADDR_SIZE], uint8_t *depths,
	unsigned int n);

/* Removes all routes. */
void rte_lpm6_delete_all(struct rte_lpm6 *lpm);

/* 0 and the next hop of the longest prefix that holds ip, -ENOENT without one, -EINVAL for a NULL argument. */
int rte_lpm6_lookup(const struct rte_lpm6 *lpm, const uint8_t *ip, uint32_t *next_hop);

/* Looks up n addresses: next_hops[i] is the next hop, or -1 without a route. 0, or -EINVAL for a NULL argument. */
int rte_lpm6_lookup_bulk_func(const struct rte_lpm6 *lpm, uint8_t ips[][RTE_LPM6_IPV6_ADDR_SIZE], int32_t *next_hops,
	unsigned int n);

#ifdef __cplusplus
}
#endif

#endif
