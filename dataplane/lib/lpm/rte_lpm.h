/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Longest-prefix match for IPv4, DPDK 22.11's API over a table of our own: a 16-8-8 trie whose 256-entry groups come
 * from a pool that grows with the routes. An empty table costs 256 KiB; a prefix of up to 16 bits is found with one
 * load, of up to 24 bits with two dependent loads, longer ones with three.
 *
 * Addresses are uint32_t in host byte order, depths 1..32, next hops 24 bit.
 *
 * Threads: add, delete, delete_all and free need exclusive access to the table. Lookups may run on any number of
 * threads as long as nothing changes the table meanwhile (the pool may move when it grows): build a table, publish it,
 * replace it.
 */
#ifndef RTE_LPM_H
#define RTE_LPM_H

#include <errno.h>
#include <stdint.h>

#include <rte_branch_prediction.h>
#include <rte_byteorder.h>
#include <rte_common.h>
#include <rte_vect.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longest table name, its terminating zero included. */
#define RTE_LPM_NAMESIZE 32
#define RTE_LPM_MAX_DEPTH 32
#define RTE_LPM_MAX_TBL8_NUM_GROUPS (1 << 24)
/* Set in each word of a bulk lookup's result that found a route; the low 24 bits are then its next hop. */
#define RTE_LPM_LOOKUP_SUCCESS 0x01000000
/* Keeps the next hops of two 32-bit results side by side. */
#define RTE_LPM_MASKX4_RES UINT64_C(0x00ffffff00ffffff)

struct rte_lpm_config {
	/* Most rules the table may hold, at least 1. Memory follows the rules present, not this number. */
	uint32_t max_rules;
	/* Most 256-entry groups for prefixes longer than 24 bits, one a /24 that has any. */
	uint32_t number_tbl8s;
	int flags; /* unused */
};

/*
 * Internal: bits of a trie word. A word without LPM_GROUP is a leaf; without RTE_LPM_LOOKUP_SUCCESS it says "no
 * route".
 */
#define WDPDK_LPM_VALUE 0x00ffffffu
#define WDPDK_LPM_GROUP 0x02000000u
#define WDPDK_LPM_RESULT (WDPDK_LPM_VALUE | RTE_LPM_LOOKUP_SUCCESS)

/* Internal: what lookups read. Private bookkeeping follows it in memory. */
struct rte_lpm {
	const uint32_t *groups; /* 256 words each, indexed by a word's low 24 bits */
	uint32_t top[1 << 16] __rte_cache_aligned;
};

/*
 * Makes an empty table on the memory of socket_id (SOCKET_ID_ANY: any). The caller owns it until rte_lpm_free().
 * NULL with rte_errno: EINVAL (no name, name of 32 or more bytes, socket below -1, no config, max_rules 0, too many
 * tbl8s), EEXIST (a table of this name exists), ENOMEM.
 */
struct rte_lpm *rte_lpm_create(const char *name, int socket_id, const struct rte_lpm_config *config);

/* The table of that name, or NULL with rte_errno ENOENT (EINVAL without a name). */
struct rte_lpm *rte_lpm_find_existing(const char *name);

/* Releases the table; NULL is allowed. */
void rte_lpm_free(struct rte_lpm *lpm);

/*
 * Adds the route ip/depth or gives an existing one a new next hop. Bits of ip beyond depth are ignored.
 * 0, or -EINVAL (no table, depth not 1..32, next_hop over 24 bits), -ENOSPC (max_rules or number_tbl8s reached),
 * -ENOMEM; after an error the table is as it was.
 */
int rte_lpm_add(struct rte_lpm *lpm, uint32_t ip, uint8_t depth, uint32_t next_hop);

/* 1 and the next hop when exactly ip/depth is a route, 0 when not, -EINVAL (no table, no next_hop, depth not 1..32). */
int rte_lpm_is_rule_present(struct rte_lpm *lpm, uint32_t ip, uint8_t depth, uint32_t *next_hop);

/*
 * Removes the route ip/depth; its addresses fall back to the longest shorter prefix that covers them.
 * 0, or -EINVAL (no table, depth not 1..32, no such route).
 */
int rte_lpm_delete(struct rte_lpm *lpm, uint32_t ip, uint8_t depth);

/* Removes all routes. */
void rte_lpm_delete_all(struct rte_lpm *lpm);

/* Internal: the leaf word for an address. */
static inline uint32_t
wdpdk_lpm_find(const struct rte_lpm *lpm, uint32_t ip)
{
	uint32_t word = lpm->top[ip >> 16];

	if (word & WDPDK_LPM_GROUP) {
		word = lpm->groups[(size_t)(word & WDPDK_LPM_VALUE) * 256 + ((ip >> 8) & 0xff)];
		if (unlikely(word & WDPDK_LPM_GROUP))
			word = lpm->groups[(size_t)(word & WDPDK_LPM_VALUE) * 256 + (ip & 0xff)];
	}
	return word;
}

/* 0 and the next hop of the longest prefix that holds ip, or -ENOENT. Pointers must be valid. */
static inline int
rte_lpm_lookup(const struct rte_lpm *lpm, uint32_t ip, uint32_t *next_hop)
{
	uint32_t word = wdpdk_lpm_find(lpm, ip);

	*next_hop = word & WDPDK_LPM_VALUE;
	return word & RTE_LPM_LOOKUP_SUCCESS ? 0 : -ENOENT;
}

/* Looks up n addresses; next_hops[i] has RTE_LPM_LOOKUP_SUCCESS set when ips[i] has a route. Always 0. */
static inline int
rte_lpm_lookup_bulk_func(const struct rte_lpm *lpm, const uint32_t *ips, uint32_t *next_hops, const unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		next_hops[i] = wdpdk_lpm_find(lpm, ips[i]) & WDPDK_LPM_RESULT;
	return 0;
}

#define rte_lpm_lookup_bulk(lpm, ips, next_hops, n) rte_lpm_lookup_bulk_func(lpm, ips, next_hops, n)

/* Looks up four addresses at once; hop[i] is the next hop, or defv where there is no route. */
static inline void
rte_lpm_lookupx4(const struct rte_lpm *lpm, xmm_t ip, uint32_t hop[4], uint32_t defv)
{
	rte_xmm_t ips;

	ips.x = ip;
	for (unsigned int i = 0; i < 4; i++) {
		uint32_t word = wdpdk_lpm_find(lpm, ips.u32[i]);

		hop[i] = word & RTE_LPM_LOOKUP_SUCCESS ? word & WDPDK_LPM_VALUE : defv;
	}
}

#ifdef __cplusplus
}
#endif

#endif
