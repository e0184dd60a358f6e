/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Forwarding information base for IPv4: a RIB (rte_rib.h) and beside it what packets are looked up in. Every address has a next
 * hop: that of the longest route that holds it, or the default one.
 *
 * Addresses are uint32_t in host byte order, depths 0..32.
 *
 * Threads: one at a time changes a FIB. With type RTE_FIB_DIR24_8 any number may look up meanwhile, under the condition of
 * rte_lpm.h without RCU: a lookup that lasts longer than 64 changes may find another route's next hop.
 */
#ifndef RTE_FIB_H
#define RTE_FIB_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_fib;
struct rte_rib;

#define RTE_FIB_MAXDEPTH 32

enum rte_fib_type {
	RTE_FIB_DUMMY,  /* lookups ask the RIB */
	RTE_FIB_DIR24_8 /* lookups ask a compressed table (that of rte_lpm.h), whose size follows the routes */
};

/* The signatures of functions behind the calls below. */
typedef int (*rte_fib_modify_fn_t)(struct rte_fib *fib, uint32_t ip, uint8_t depth, uint64_t next_hop, int op);
typedef void (*rte_fib_lookup_fn_t)(void *fib, const uint32_t *ips, uint64_t *next_hops, const unsigned int n);

enum rte_fib_op {
	RTE_FIB_ADD,
	RTE_FIB_DEL
};

/* How great next hops may be: one bit less than that many bytes have. */
enum rte_fib_dir24_8_nh_sz {
	RTE_FIB_DIR24_8_1B,
	RTE_FIB_DIR24_8_2B,
	RTE_FIB_DIR24_8_4B,
	RTE_FIB_DIR24_8_8B
};

/* One way of looking up goes by all the names that scalar ones have. */
enum rte_fib_lookup_type {
	RTE_FIB_LOOKUP_DEFAULT,
	RTE_FIB_LOOKUP_DIR24_8_SCALAR_MACRO,
	RTE_FIB_LOOKUP_DIR24_8_SCALAR_INLINE,
	RTE_FIB_LOOKUP_DIR24_8_SCALAR_UNI,
	RTE_FIB_LOOKUP_DIR24_8_VECTOR_AVX512 /* not available */
};

struct rte_fib_conf {
	enum rte_fib_type type;
	uint64_t default_nh; /* where there is no route */
	int max_routes;      /* at least 1; the RIB has twice as many nodes at most */
	unsigned int rib_ext_sz;
	union {
		struct {
			enum rte_fib_dir24_8_nh_sz nh_sz;
			uint32_t num_tbl8; /* most /24s that hold longer routes: 1 to the greatest next hop */
		} dir24_8;
	};
};

/*
 * Makes an empty FIB on the memory of socket_id (SOCKET_ID_ANY: any), its creator's until rte_fib_free(). Its RIB is of the same
 * name. NULL with rte_errno: EINVAL (no name, one of 32 or more bytes, no conf, a number out of range), EEXIST (a FIB or RIB of
 * this name exists), ENOMEM.
 */
struct rte_fib *rte_fib_create(const char *name, int socket_id, struct rte_fib_conf *conf);

/* The FIB of that name, or NULL with rte_errno ENOENT (EINVAL without a name). */
struct rte_fib *rte_fib_find_existing(const char *name);

/* Releases the FIB with its RIB; NULL is allowed. No lookup may be under way. */
void rte_fib_free(struct rte_fib *fib);

/*
 * Adds the route ip/depth or gives an existing one a new next hop. 0, or -EINVAL (no fib, depth above 32, next hop too great),
 * -ENOSPC (num_tbl8, or more great next hops than routes), -ENOMEM (max_routes, or no memory); after an error nothing changed.
 */
int rte_fib_add(struct rte_fib *fib, uint32_t ip, uint8_t depth, uint64_t next_hop);

/* Removes the route ip/depth. 0, or -EINVAL (no fib, depth above 32), -ENOENT (no such route), -ENOMEM (nothing changed). */
int rte_fib_delete(struct rte_fib *fib, uint32_t ip, uint8_t depth);

/* Writes the next hops of n addresses. 0, or -EINVAL (a NULL argument, n below 0). */
int rte_fib_lookup_bulk(struct rte_fib *fib, uint32_t *ips, uint64_t *next_hops, int n);

/* What lookups read; opaque. NULL without a fib. */
void *rte_fib_get_dp(struct rte_fib *fib);

/* The RIB, to look at; routes that were changed there would not be found here. NULL without a fib. */
struct rte_rib *rte_fib_get_rib(struct rte_fib *fib);

/* Chooses the way of looking up. 0, or -EINVAL (no fib, one of type RTE_FIB_DUMMY, a way that is not available). */
int rte_fib_select_lookup(struct rte_fib *fib, enum rte_fib_lookup_type type);

#ifdef __cplusplus
}
#endif

#endif
