/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stacks: bounded last-in first-out stores of pointers. Push and pop move n or nothing, whole: what one call pushed is
 * together until it is popped, the last pointer of the table on top.
 *
 * Two kinds: with a lock, and lock-free (RTE_STACK_F_LF), in which a preempted thread holds up nobody; it costs more for
 * bursts. Push, pop and the counts may be called by any number of threads; create, free and lookup by any thread. The
 * pointers belong to the stack's users: freeing a stack frees no objects.
 */
#ifndef _RTE_STACK_H_
#define _RTE_STACK_H_

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

#include <rte_stack_std.h>
#include <rte_stack_lf.h>

/** Pushes n pointers, or none when they do not fit. Returns n or 0. */
static __rte_always_inline unsigned int
rte_stack_push(struct rte_stack *s, void * const *obj_table, unsigned int n)
{
	RTE_ASSERT(s != NULL);
	RTE_ASSERT(obj_table != NULL);
	if (s->flags & RTE_STACK_F_LF)
		return __rte_stack_lf_push(s, obj_table, n);
	return __rte_stack_std_push(s, obj_table, n);
}

/** Pops n pointers, the top one first, or none when there are fewer. Returns n or 0. */
static __rte_always_inline unsigned int
rte_stack_pop(struct rte_stack *s, void **obj_table, unsigned int n)
{
	RTE_ASSERT(s != NULL);
	RTE_ASSERT(obj_table != NULL);
	if (s->flags & RTE_STACK_F_LF)
		return __rte_stack_lf_pop(s, obj_table, n);
	return __rte_stack_std_pop(s, obj_table, n);
}

/** Pointers on the stack; while others work on it, a moment's number. */
static __rte_always_inline unsigned int
rte_stack_count(struct rte_stack *s)
{
	RTE_ASSERT(s != NULL);
	if (s->flags & RTE_STACK_F_LF)
		return __rte_stack_lf_count(s);
	return __rte_stack_std_count(s);
}

/** How many more it can hold, as rte_stack_count(). */
static __rte_always_inline unsigned int
rte_stack_free_count(struct rte_stack *s)
{
	return s->capacity - rte_stack_count(s);
}

/**
 * Makes an empty stack for `count` pointers in a memzone on `socket_id` (SOCKET_ID_ANY: anywhere). flags: 0 or
 * RTE_STACK_F_LF. NULL with rte_errno EINVAL (name, count, flags), ENAMETOOLONG, EEXIST, ENOSPC (no memzone left) or
 * ENOMEM.
 */
struct rte_stack *rte_stack_create(const char *name, unsigned int count, int socket_id, uint32_t flags);

/** Ends a stack nobody uses any more. NULL is allowed. */
void rte_stack_free(struct rte_stack *s);

/** The stack of that name, or NULL with rte_errno ENOENT, or EINVAL when name is NULL. */
struct rte_stack *rte_stack_lookup(const char *name);

#ifdef __cplusplus
}
#endif

#endif
