/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lock-free stack. Not an API; included by rte_stack.h.
 *
 * A push takes n elements off the free list, fills them and puts them on the used list; a pop goes the other way. Taking
 * and putting are one compare-and-swap of 16 bytes each, whatever n is: version, top and length change together, so no
 * length has to be reserved first and a count is never above what is there.
 *
 * Whoever walks a list may be overtaken: elements it looks at are already another's, who writes them. Hence data and
 * next are relaxed atomics, indexes lead nowhere outside elems, and what was read counts only if the version has not
 * changed when the list is swapped.
 */
#ifndef _RTE_STACK_LF_H_
#define _RTE_STACK_LF_H_

#include <rte_atomic.h>
#include <rte_prefetch.h>
#include <rte_stack_core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Lock-free stacks can be made. */
#define RTE_STACK_LF_SUPPORTED

/* No element. */
#define WDPDK_STACK_NONE UINT32_MAX

/* The swap is one instruction, which ThreadSanitizer does not see: it is told who hands over to whom. */
#ifdef WDPDK_TSAN
void __tsan_acquire(void *address);
void __tsan_release(void *address);
#define WDPDK_STACK_ACQUIRE(list) __tsan_acquire(list)
#define WDPDK_STACK_RELEASE(list) __tsan_release(list)
#else
#define WDPDK_STACK_ACQUIRE(list) ((void)(list))
#define WDPDK_STACK_RELEASE(list) ((void)(list))
#endif

/* The two halves may be from different versions; then the swap fails. */
static __rte_always_inline struct rte_stack_lf_list
wdpdk_stack_look(const struct rte_stack_lf_list *list)
{
	struct rte_stack_lf_list seen;

	seen.version = __atomic_load_n(&list->version, __ATOMIC_ACQUIRE);
	seen.top_length = __atomic_load_n(&list->top_length, __ATOMIC_ACQUIRE);
	WDPDK_STACK_ACQUIRE((void *)(uintptr_t)list);
	return seen;
}

/* Nonzero when the list was *seen and is now the list of `length` elements from `top` on; otherwise *seen is renewed. */
static __rte_always_inline int
wdpdk_stack_swap(struct rte_stack_lf_list *list, struct rte_stack_lf_list *seen, uint32_t top, uint32_t length)
{
	rte_int128_t expected, next;
	int done;

	expected.val[0] = seen->version;
	expected.val[1] = seen->top_length;
	next.val[0] = seen->version + 1;
	next.val[1] = (uint64_t)length << 32 | top;
	WDPDK_STACK_RELEASE(list);
	done = rte_atomic128_cmp_exchange((rte_int128_t *)(void *)list, &expected, &next, 0, __ATOMIC_ACQ_REL,
		__ATOMIC_ACQUIRE);
	WDPDK_STACK_ACQUIRE(list);
	seen->version = expected.val[0];
	seen->top_length = expected.val[1];
	return done;
}

/* Puts the chain of n elements from `first` to `last` on the list. */
static __rte_always_inline void
wdpdk_stack_put(struct rte_stack_lf *stack, struct rte_stack_lf_list *list, uint32_t first, uint32_t last, uint32_t n)
{
	struct rte_stack_lf_list seen = wdpdk_stack_look(list);

	do {
		__atomic_store_n(&stack->elems[last].next, (uint32_t)seen.top_length, __ATOMIC_RELAXED);
	} while (unlikely(!wdpdk_stack_swap(list, &seen, first, (uint32_t)(seen.top_length >> 32) + n)));
}

/*
 * Takes a chain of n > 0 elements off the list; their data goes to obj_table unless that is NULL. Returns its first
 * element and sets *last, or WDPDK_STACK_NONE when the list is shorter.
 */
static __rte_always_inline uint32_t
wdpdk_stack_take(struct rte_stack_lf *stack, struct rte_stack_lf_list *list, void **obj_table, uint32_t n, uint32_t *last)
{
	struct rte_stack_lf_list seen = wdpdk_stack_look(list);

	for (;;) {
		uint32_t first = (uint32_t)seen.top_length, length = (uint32_t)(seen.top_length >> 32), at = first, i;

		if (unlikely(length < n))
			return WDPDK_STACK_NONE;
		for (i = 0; i < n && likely(at != WDPDK_STACK_NONE); i++) {
			struct rte_stack_lf_elem *elem = &stack->elems[at];

			*last = at;
			at = __atomic_load_n(&elem->next, __ATOMIC_RELAXED);
			if (obj_table != NULL)
				obj_table[i] = __atomic_load_n(&elem->data, __ATOMIC_RELAXED);
		}
		if (unlikely(i < n)) {
			/* Overtaken in the middle: the chain has become another's. */
			seen = wdpdk_stack_look(list);
			continue;
		}
		if (likely(wdpdk_stack_swap(list, &seen, at, length - n)))
			return first;
	}
}

static __rte_always_inline unsigned int
__rte_stack_lf_push(struct rte_stack *s, void * const *obj_table, unsigned int n)
{
	struct rte_stack_lf *stack = &s->stack_lf;
	uint32_t first, at, last = WDPDK_STACK_NONE;
	unsigned int i;

	if (unlikely(n == 0))
		return 0;
	first = wdpdk_stack_take(stack, &stack->free, NULL, n, &last);
	if (unlikely(first == WDPDK_STACK_NONE))
		return 0;
	/* The chain's first element is the top: it gets the last pointer. */
	for (i = n, at = first; i > 0; i--) {
		__atomic_store_n(&stack->elems[at].data, obj_table[i - 1], __ATOMIC_RELAXED);
		at = __atomic_load_n(&stack->elems[at].next, __ATOMIC_RELAXED);
	}
	wdpdk_stack_put(stack, &stack->used, first, last, n);
	return n;
}

static __rte_always_inline unsigned int
__rte_stack_lf_pop(struct rte_stack *s, void **obj_table, unsigned int n)
{
	struct rte_stack_lf *stack = &s->stack_lf;
	uint32_t first, last = WDPDK_STACK_NONE;

	if (unlikely(n == 0))
		return 0;
	first = wdpdk_stack_take(stack, &stack->used, obj_table, n, &last);
	if (unlikely(first == WDPDK_STACK_NONE))
		return 0;
	wdpdk_stack_put(stack, &stack->free, first, last, n);
	return n;
}

static __rte_always_inline unsigned int
__rte_stack_lf_count(struct rte_stack *s)
{
	return (unsigned int)(__atomic_load_n(&s->stack_lf.used.top_length, __ATOMIC_RELAXED) >> 32);
}

#ifdef __cplusplus
}
#endif

#endif
