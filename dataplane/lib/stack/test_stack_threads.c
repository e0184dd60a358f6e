/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stacks of both kinds under several threads: each pointer is in one place at a time and what lies behind it goes along,
 * without locks of its own (ThreadSanitizer sees to that). Counts never say more than there is.
 */
#include <pthread.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_stack.h>

#include "check.h"

#define THREADS 3
#define OBJECTS 48u
#define BULK 7
#define ROUNDS 6000

struct object {
	uint32_t holder; /* the thread that has popped it, or 0; plain, since the stack hands it over */
	uint32_t moves;
};

static struct object objects[OBJECTS];
static struct rte_stack *stack;
static uint32_t broken;

static void *
move(void *arg)
{
	uint32_t me = (uint32_t)(uintptr_t)arg, random = me * 2654435761u, round, i;
	void *table[BULK];

	for (round = 0; round < ROUNDS; round++) {
		uint32_t n;

		random = random * 1664525u + 1013904223u;
		n = 1 + (random >> 16) % BULK;
		if (rte_stack_pop(stack, table, n) != n) {
			rte_delay_us_sleep(1);
			continue;
		}
		for (i = 0; i < n; i++) {
			struct object *object = table[i];

			if (object->holder != 0)
				__atomic_add_fetch(&broken, 1, __ATOMIC_RELAXED);
			object->holder = me;
			object->moves++;
		}
		if (rte_stack_count(stack) > OBJECTS - n)
			__atomic_add_fetch(&broken, 1, __ATOMIC_RELAXED);
		for (i = 0; i < n; i++)
			((struct object *)table[i])->holder = 0;
		/* Elements on their way to the free list are not there yet. */
		while (rte_stack_push(stack, table, n) != n)
			rte_delay_us_sleep(1);
	}
	return NULL;
}

static void
run(uint32_t flags)
{
	pthread_t threads[THREADS];
	uint32_t i, seen[OBJECTS] = {0};
	void *table[OBJECTS];

	stack = rte_stack_create("threads", OBJECTS, SOCKET_ID_ANY, flags);
	CHECK(stack != NULL);
	memset(objects, 0, sizeof(objects));
	broken = 0;
	for (i = 0; i < OBJECTS; i++)
		table[i] = &objects[i];
	CHECK_EQ(rte_stack_push(stack, table, OBJECTS), OBJECTS);
	for (i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, move, (void *)(uintptr_t)(i + 1)), 0);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(broken, 0);
	CHECK_EQ(rte_stack_count(stack), OBJECTS);
	CHECK_EQ(rte_stack_pop(stack, table, OBJECTS), OBJECTS);
	for (i = 0; i < OBJECTS; i++)
		seen[(struct object *)table[i] - objects]++;
	for (i = 0; i < OBJECTS; i++)
		CHECK_EQ(seen[i], 1);
	rte_stack_free(stack);
}

static void
with_a_lock(void)
{
	run(0);
}

static void
without_a_lock(void)
{
	run(RTE_STACK_F_LF);
}

/*
 * A list that looks as before is not: a thread that has read "top is A, below it B" is overtaken by pops and pushes after
 * which A is on top again and B is not below it.
 */
static void
a_list_with_the_same_top_is_another(void)
{
	struct rte_stack_lf_list seen;
	struct rte_stack_lf *lf;
	void *in[3] = {in, in + 1, in + 2}, *out[3];

	stack = rte_stack_create("same top", 3, SOCKET_ID_ANY, RTE_STACK_F_LF);
	CHECK(stack != NULL);
	lf = &stack->stack_lf;
	CHECK_EQ(rte_stack_push(stack, in, 3), 3);
	seen = wdpdk_stack_look(&lf->used);
	CHECK_EQ(rte_stack_pop(stack, out, 3), 3);
	CHECK_EQ(rte_stack_push(stack, in, 3), 3);
	CHECK_EQ(lf->used.top_length, seen.top_length);
	CHECK(!wdpdk_stack_swap(&lf->used, &seen, WDPDK_STACK_NONE, 0));
	CHECK_EQ(rte_stack_count(stack), 3);
	rte_stack_free(stack);
}

int
main(void)
{
	char *args[] = {(char *)"test_stack_threads", (char *)"--no-huge", (char *)"-m", (char *)"16", (char *)"--no-pci",
		(char *)"-l", (char *)"0", NULL};

	if (rte_eal_init(RTE_DIM(args) - 1, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(with_a_lock);
	RUN(without_a_lock);
	RUN(a_list_with_the_same_top_is_another);
	rte_eal_cleanup();
	return check_summary();
}
