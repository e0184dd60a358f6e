/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Forwarding information base for IPv6. Everything is as in rte_fib.h; addresses are 16 bytes in network order, depths 0..128.
 *
 * Threads: one at a time changes a FIB; others may look up while nobody does.
 */
#ifndef RTE_FIB6_H
#define RTE_FIB6_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_fib6;
struct rte_rib6;

#define RTE_FIB6_IPV6_ADDR_SIZE 16
#define RTE_FIB6_MAXDEPTH 128

enum rte_fib6_type {
	RTE_FIB6_DUMMY, /* lookups ask the RIB */
	RTE_FIB6_TRIE   /* lookups ask a trie (that of rte_lpm6.h), whose size follows the routes */
};

/* The signatures of functions behind the calls below. */
typedef int (*rte_fib6_modify_fn_t)(struct rte_fib6 *fib, const uint8_t ip[RTE_FIB6_IPV6_ADDR_SIZE], uint8_t depth,
	uint64_t next_hop, int op);
typedef void (*rte_fib6_lookup_fn_t)(void *fib, uint8_t ips[][RTE_FIB6_IPV6_ADDR_SIZE], uint64_t *next_hops,
	const unsigned int n);

enum rte_fib6_op {
	RTE_FIB6_ADD,
	RTE_FIB6_DEL
};

/* How great next hops may be: one bit less than that many bytes have. */
enum rte_fib_trie_nh_sz {
	RTE_FIB6_TRIE_2B = 1,
	RTE_FIB6_TRIE_4B,
	RTE_FIB6_TRIE_8B
};

enum rte_fib6_lookup_type {
	RTE_FIB6_LOOKUP_DEFAULT,
	RTE_FIB6_LOOKUP_TRIE_SCALAR,
	RTE_FIB6_LOOKUP_TRIE_VECTOR_AVX512 /* not available */
};

struct rte_fib6_conf {
	enum rte_fib6_type type;
	uint64_t default_nh; /* where there is no route */
	int max_routes;      /* at least 1; the RIB has twice as many nodes at most */
	unsigned int rib_ext_sz;
	union {
		struct {
			enum rte_fib_trie_nh_sz nh_sz;
			uint32_t num_tbl8; /* most groups of 256 beyond the first 24 bits: 1 to the greatest next hop */
		} trie;
	};
};

/* As rte_fib_create(). */
struct rte_fib6 *rte_fib6_create(const char *name, int socket_id, struct rte_fib6_conf *conf);

/* The FIB of that name, or NULL with rte_errno ENOENT (EINVAL without a name). */
struct rte_fib6 *rte_fib6_find_existing(const char *name);

/* Releases the FIB with its RIB; NULL is allowed. No lookup may be under way. */
void rte_fib6_free(struct rte_fib6 *fib);

/* As rte_fib_add(); no ip is -EINVAL, too. */
int rte_fib6_add(struct rte_fib6 *fib, const uint8_t ip[RTE_FIB6_IPV6_ADDR_SIZE], uint8_t depth, uint64_t next_hop);

/* As rte_fib_delete(); no ip is -EINVAL, too. */
int rte_fib6_delete(struct rte_fib6 *fib, const uint8_t ip[RTE_FIB6_IPV6_ADDR_SIZE], uint8_t depth);

/* Writes the next hops of n addresses. 0, or -EINVAL (a NULL argument, n below 0). */
int rte_fib6_lookup_bulk(struct rte_fib6 *fib, uint8_t ips[][RTE_FIB6_IPV6_ADDR_SIZE], uint64_t *next_hops, int n);

/* What lookups read; opaque. NULL without a fib. */
void *rte_fib6_get_dp(struct rte_fib6 *fib);

/* The RIB, to look at; routes that were changed there would not be found here. NULL without a fib. */
struct rte_rib6 *rte_fib6_get_rib(struct rte_fib6 *fib);

/* Chooses the way of looking up. 0, or -EINVAL (no fib, one of type RTE_FIB6_DUMMY, a way that is not available). */
int rte_fib6_select_lookup(struct rte_fib6 *fib, enum rte_fib6_lookup_type type);

#ifdef __cplusplus
}
#endif

#endif
