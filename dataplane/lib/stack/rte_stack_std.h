/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The stack with a lock. Not an API; included by rte_stack.h.
 */
#ifndef _RTE_STACK_STD_H_
#define _RTE_STACK_STD_H_

#include <rte_stack_core.h>

#ifdef __cplusplus
extern "C" {
#endif

static __rte_always_inline unsigned int
__rte_stack_std_push(struct rte_stack *s, void * const *obj_table, unsigned int n)
{
	struct rte_stack_std *stack = &s->stack_std;
	unsigned int pushed = 0;
	uint32_t length;

	rte_spinlock_lock(&stack->lock);
	length = stack->len;
	if (likely(n <= s->capacity - length)) {
		void **top = &stack->objs[length];

		for (; pushed < n; pushed++)
			top[pushed] = obj_table[pushed];
		__atomic_store_n(&stack->len, length + n, __ATOMIC_RELAXED);
	}
	rte_spinlock_unlock(&stack->lock);
	return pushed;
}

static __rte_always_inline unsigned int
__rte_stack_std_pop(struct rte_stack *s, void **obj_table, unsigned int n)
{
	struct rte_stack_std *stack = &s->stack_std;
	unsigned int popped = 0;
	uint32_t length;

	rte_spinlock_lock(&stack->lock);
	length = stack->len;
	if (likely(n <= length)) {
		void * const *top = &stack->objs[length];

		for (; popped < n; popped++)
			obj_table[popped] = *--top;
		__atomic_store_n(&stack->len, length - n, __ATOMIC_RELAXED);
	}
	rte_spinlock_unlock(&stack->lock);
	return popped;
}

/* Without the lock: len is read as it is at some moment. */
static __rte_always_inline unsigned int
__rte_stack_std_count(struct rte_stack *s)
{
	return __atomic_load_n(&s->stack_std.len, __ATOMIC_RELAXED);
}

#ifdef __cplusplus
}
#endif

#endif
