/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stacks as stores of memory pools: stack (a lock) and lf_stack (lock-free). What was put last is got first, so a pool of
 * which little is in use touches little memory.
 */
#include <errno.h>
#include <stdio.h>

#include <rte_errno.h>
#include <rte_mempool.h>
#include <rte_stack.h>
#include <wdpdk_registry.h>

static int
make_stack(struct rte_mempool *mp, uint32_t flags)
{
	char name[RTE_STACK_NAMESIZE];
	int length = snprintf(name, sizeof(name), RTE_MEMPOOL_MZ_FORMAT, mp->name);

	if (length < 0 || length >= (int)sizeof(name))
		return -ENAMETOOLONG;
	mp->pool_data = rte_stack_create(name, mp->size, mp->socket_id, flags);
	return mp->pool_data == NULL ? -rte_errno : 0;
}

static int
make_locked(struct rte_mempool *mp)
{
	return make_stack(mp, 0);
}

static int
make_lock_free(struct rte_mempool *mp)
{
	return make_stack(mp, RTE_STACK_F_LF);
}

static void
free_stack(struct rte_mempool *mp)
{
	rte_stack_free((struct rte_stack *)mp->pool_data);
}

static int
push(struct rte_mempool *mp, void * const *objs, unsigned int n)
{
	return rte_stack_push((struct rte_stack *)mp->pool_data, objs, n) == n ? 0 : -ENOBUFS;
}

static int
pop(struct rte_mempool *mp, void **objs, unsigned int n)
{
	return rte_stack_pop((struct rte_stack *)mp->pool_data, objs, n) == n ? 0 : -ENOBUFS;
}

static unsigned int
count_stack(const struct rte_mempool *mp)
{
	return rte_stack_count((struct rte_stack *)mp->pool_data);
}

static const struct rte_mempool_ops stack_ops[] = {
	{.name = "stack", .alloc = make_locked, .free = free_stack, .enqueue = push, .dequeue = pop,
		.get_count = count_stack},
	{.name = "lf_stack", .alloc = make_lock_free, .free = free_stack, .enqueue = push, .dequeue = pop,
		.get_count = count_stack},
};

/* May be called again, by an EAL that is initialised after a clean-up. */
int
wdpdk_register_mempool_stack(void)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(stack_ops); i++) {
		int index = rte_mempool_register_ops(&stack_ops[i]);

		if (index < 0 && index != -EEXIST)
			return index;
	}
	return 0;
}
