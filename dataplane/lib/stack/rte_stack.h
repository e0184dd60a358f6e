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

#include <rte_stack_core.h>
#include <rte_stack_lf.h>
#include <rte_stack_std.h>

#ifdef __cplusplus
extern "C" {
#endif

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
