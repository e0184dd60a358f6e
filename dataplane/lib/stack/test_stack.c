/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stacks of both kinds, one thread: order, counts, whole or nothing, names, documented errors.
 */
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_stack.h>

#include "check.h"

static const uint32_t kinds[] = {0, RTE_STACK_F_LF};

static void
last_in_is_first_out(void)
{
	unsigned int kind;

	for (kind = 0; kind < RTE_DIM(kinds); kind++) {
		struct rte_stack *s = rte_stack_create("order", 10, SOCKET_ID_ANY, kinds[kind]);
		void *in[10], *out[10];
		uintptr_t i;

		for (i = 0; i < 10; i++)
			in[i] = (void *)(i + 1);
		CHECK(s != NULL);
		CHECK_EQ(rte_stack_count(s), 0);
		CHECK_EQ(rte_stack_free_count(s), 10);
		CHECK_EQ(rte_stack_push(s, in, 3), 3);
		CHECK_EQ(rte_stack_push(s, in + 3, 5), 5);
		CHECK_EQ(rte_stack_count(s), 8);
		CHECK_EQ(rte_stack_free_count(s), 2);
		CHECK_EQ(rte_stack_pop(s, out, 4), 4);
		for (i = 0; i < 4; i++)
			CHECK(out[i] == in[7 - i]);
		CHECK_EQ(rte_stack_push(s, in + 8, 2), 2);
		CHECK_EQ(rte_stack_pop(s, out, 6), 6);
		CHECK(out[0] == in[9] && out[1] == in[8]);
		for (i = 2; i < 6; i++)
			CHECK(out[i] == in[5 - i]);
		CHECK_EQ(rte_stack_count(s), 0);
		rte_stack_free(s);
	}
}

static void
moves_all_or_nothing(void)
{
	unsigned int kind;

	for (kind = 0; kind < RTE_DIM(kinds); kind++) {
		struct rte_stack *s = rte_stack_create("whole", 4, SOCKET_ID_ANY, kinds[kind]);
		void *in[6] = {in, in + 1, in + 2, in + 3, in + 4, in + 5}, *out[6] = {NULL};

		CHECK(s != NULL);
		CHECK_EQ(rte_stack_pop(s, out, 1), 0);
		CHECK_EQ(rte_stack_push(s, in, 5), 0);
		CHECK_EQ(rte_stack_push(s, in, 0), 0);
		CHECK_EQ(rte_stack_push(s, in, 3), 3);
		CHECK_EQ(rte_stack_push(s, in, 2), 0);
		CHECK_EQ(rte_stack_push(s, in, 0xffffffffu), 0);
		CHECK_EQ(rte_stack_pop(s, out, 4), 0);
		CHECK_EQ(rte_stack_pop(s, out, 0), 0);
		CHECK_EQ(rte_stack_push(s, in + 3, 1), 1);
		CHECK_EQ(rte_stack_push(s, in, 1), 0);
		CHECK_EQ(rte_stack_free_count(s), 0);
		CHECK_EQ(rte_stack_pop(s, out, 4), 4);
		CHECK(out[0] == in[3] && out[1] == in[2] && out[2] == in[1] && out[3] == in[0]);
		rte_stack_free(s);
	}
}

/* Random calls against a plain array. */
static void
does_as_an_array_does(void)
{
	enum { SIZE = 37 };
	unsigned int kind, round, i;

	for (kind = 0; kind < RTE_DIM(kinds); kind++) {
		struct rte_stack *s = rte_stack_create("model", SIZE, SOCKET_ID_ANY, kinds[kind]);
		void *model[SIZE], *table[SIZE];
		unsigned int length = 0;
		uint32_t random = 12345;
		uintptr_t next = 1;

		CHECK(s != NULL);
		for (round = 0; round < 20000; round++) {
			unsigned int n;

			random = random * 1664525u + 1013904223u;
			n = (random >> 16) % 12;
			if (random & 0x80000000u) {
				for (i = 0; i < n; i++)
					table[i] = (void *)next++;
				CHECK_EQ(rte_stack_push(s, table, n), n <= SIZE - length ? n : 0);
				for (i = 0; n <= SIZE - length && i < n; i++)
					model[length + i] = table[i];
				length += n <= SIZE - length ? n : 0;
			} else {
				CHECK_EQ(rte_stack_pop(s, table, n), n <= length ? n : 0);
				for (i = 0; n <= length && i < n; i++)
					CHECK(table[i] == model[length - 1 - i]);
				length -= n <= length ? n : 0;
			}
			CHECK_EQ(rte_stack_count(s), length);
		}
		rte_stack_free(s);
	}
}

static void
names_are_unique_and_short(void)
{
	char name[RTE_STACK_NAMESIZE + 1];
	struct rte_stack *s;

	memset(name, 's', sizeof(name));
	name[RTE_STACK_NAMESIZE] = '\0';
	CHECK(rte_stack_create(name, 8, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, ENAMETOOLONG);
	rte_errno = 0;
	CHECK(rte_stack_lookup(name) == NULL);
	CHECK_EQ(rte_errno, ENOENT);
	name[RTE_STACK_NAMESIZE - 1] = '\0';
	s = rte_stack_create(name, 8, SOCKET_ID_ANY, RTE_STACK_F_LF);
	CHECK(s != NULL);
	CHECK_STR(s->name, name);
	CHECK(rte_stack_lookup(name) == s);
	CHECK(rte_stack_create(name, 8, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	rte_stack_free(s);
	CHECK(rte_stack_lookup(name) == NULL);
	CHECK_EQ(rte_errno, ENOENT);
}

static void
refuses_what_cannot_be(void)
{
	CHECK(rte_stack_create(NULL, 8, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_stack_create("bad", 8, SOCKET_ID_ANY, 2) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_stack_create("bad", 0xffffffffu, SOCKET_ID_ANY, RTE_STACK_F_LF) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_stack_create("bad", 0xfffffffeu, SOCKET_ID_ANY, RTE_STACK_F_LF) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
	CHECK(rte_stack_lookup("bad") == NULL);
	CHECK_EQ(rte_errno, ENOENT);
	CHECK(rte_stack_lookup(NULL) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	rte_stack_free(NULL);
}

static void
creating_and_freeing_leaks_nothing(void)
{
	unsigned int i;

	/* 64 times 8 or 16 MiB is more than the test's whole memory. */
	for (i = 0; i < 64; i++) {
		struct rte_stack *s = rte_stack_create("big", 1 << 20, SOCKET_ID_ANY, kinds[i % RTE_DIM(kinds)]);

		CHECK(s != NULL);
		rte_stack_free(s);
	}
	CHECK(rte_stack_create("nothing", 0, SOCKET_ID_ANY, RTE_STACK_F_LF) != NULL);
	rte_stack_free(rte_stack_lookup("nothing"));
}

int
main(void)
{
	char *args[] = {(char *)"test_stack", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci",
		(char *)"-l", (char *)"0", NULL};

	if (rte_eal_init(RTE_DIM(args) - 1, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(last_in_is_first_out);
	RUN(moves_all_or_nothing);
	RUN(does_as_an_array_does);
	RUN(names_are_unique_and_short);
	RUN(refuses_what_cannot_be);
	RUN(creating_and_freeing_leaks_nothing);
	rte_eal_cleanup();
	return check_summary();
}
