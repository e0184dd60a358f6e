/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Next hops of up to 63 bits as the 24 bits that a table's answers have: small ones as they are, great ones as numbers of a
 * list without doubles.
 *
 * Lookups may read while one thread changes. A number that is given back is given out again last, after all that were never used.
 */
#ifndef WDPDK_FIB_HOPS_H
#define WDPDK_FIB_HOPS_H

#include <stdint.h>

#include <rte_branch_prediction.h>

#define FIB_LISTED 0x800000u
#define FIB_CODE (FIB_LISTED - 1)
/* A table's answer's code. */
#define FIB_ANSWER (FIB_LISTED | FIB_CODE)

struct fib_hop;

struct fib_hops {
	uint64_t *values; /* by number; NULL until there is a great one */
	struct fib_hop *hops;
	uint32_t *heads; /* of chains by value: 1 + number */
	uint32_t capacity, mask, fresh;
	uint32_t first_free, last_free; /* 1 + number; 0: none */
	int socket;
};

/* An empty list for at most `capacity` great ones. Takes no memory. */
void fib_hops_init(struct fib_hops *hops, uint32_t capacity, int socket);
void fib_hops_release(struct fib_hops *hops);

/* 0 and the code that stands for the next hop until fib_hops_drop(), once for each of these calls; -ENOMEM, -ENOSPC. */
int fib_hops_keep(struct fib_hops *hops, uint64_t next_hop, uint32_t *code);
void fib_hops_drop(struct fib_hops *hops, uint64_t next_hop);

static inline uint64_t
fib_hops_value(const struct fib_hops *hops, uint32_t code)
{
	if (likely((code & FIB_LISTED) == 0))
		return code;
	/* The code was published behind the list and what stands in it. */
	return __atomic_load_n(&hops->values[code & FIB_CODE], __ATOMIC_RELAXED);
}

#endif
