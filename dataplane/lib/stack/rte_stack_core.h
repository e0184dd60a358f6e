/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A stack's shape in memory. Not an API; included by rte_stack.h.
 */
#ifndef _RTE_STACK_CORE_H_
#define _RTE_STACK_CORE_H_

#include <stdint.h>
#include <sys/types.h>

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_debug.h>
#include <rte_errno.h>
#include <rte_memzone.h>
#include <rte_spinlock.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The name of stacks among tail queues. */
#define RTE_TAILQ_STACK_NAME "RTE_STACK"
/** A stack lives in the memzone RTE_STACK_MZ_PREFIX + name. */
#define RTE_STACK_MZ_PREFIX "STK_"
/** Room for a stack's name with its final NUL. */
#define RTE_STACK_NAMESIZE (RTE_MEMZONE_NAMESIZE - sizeof(RTE_STACK_MZ_PREFIX) + 1)

/* A pointer on a list; `next` is an index into rte_stack_lf.elems. */
struct rte_stack_lf_elem {
	void *data;
	uint32_t next;
	uint32_t unused;
};

/*
 * A list and its length, changed as one word of 16 bytes. Each change makes a new version, so that a list that only looks
 * as before (other elements, same top) is not taken for it.
 */
struct rte_stack_lf_list {
	uint64_t version;
	uint64_t top_length; /* index of the top element (low half), number of elements (high half) */
} __rte_aligned(16);

/* Every element is on one of the two lists, or on its way between them in one thread's hands. */
struct rte_stack_lf {
	struct rte_stack_lf_list used __rte_cache_aligned;
	struct rte_stack_lf_list free __rte_cache_aligned;
	struct rte_stack_lf_elem elems[] __rte_cache_aligned;
};

struct rte_stack_std {
	rte_spinlock_t lock;
	uint32_t len;
	void *objs[];
};

struct rte_stack {
	char name[RTE_STACK_NAMESIZE] __rte_cache_aligned;
	const struct rte_memzone *memzone;
	uint32_t capacity; /**< pointers it can hold */
	uint32_t flags;    /**< as given at creation */
	RTE_STD_C11
	union {
		struct rte_stack_lf stack_lf;
		struct rte_stack_std stack_std;
	};
} __rte_cache_aligned;

/** Flag of rte_stack_create(): lock-free. */
#define RTE_STACK_F_LF 0x0001

#ifdef __cplusplus
}
#endif

#endif
