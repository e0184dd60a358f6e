/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_reorder.h>

#include "check.h"

static struct rte_mempool *pool;

static struct rte_mbuf *
packet(uint32_t number)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

	CHECK(m != NULL);
	*rte_reorder_seqn(m) = number;
	return m;
}

/* What came out: its number; the packet goes back. */
static uint32_t
drain_one(struct rte_reorder_buffer *b)
{
	struct rte_mbuf *m;
	uint32_t number;

	CHECK_EQ(rte_reorder_drain(b, &m, 1), 1);
	number = *rte_reorder_seqn(m);
	rte_pktmbuf_free(m);
	return number;
}

static void
refused(struct rte_reorder_buffer *b, uint32_t number, int error)
{
	struct rte_mbuf *m = packet(number);

	rte_errno = 0;
	CHECK_EQ(rte_reorder_insert(b, m), -1);
	CHECK_EQ(rte_errno, error);
	rte_pktmbuf_free(m);
}

static void
order_is_restored_around_zero(void)
{
	struct rte_reorder_buffer *b = rte_reorder_create("order", (unsigned int)SOCKET_ID_ANY, 8);
	static const uint32_t order[] = { 0, 2, 1, 5, 3, 4, 7, 6 };

	for (uint32_t round = 0; round < 4; round++) {
		for (unsigned int i = 0; i < 8; i++)
			CHECK_EQ(rte_reorder_insert(b, packet(order[i] + round * 8 - 12)), 0);
		for (uint32_t i = 0; i < 8; i++)
			CHECK_EQ(drain_one(b), i + round * 8 - 12);
	}
	rte_reorder_free(b);
}

static void
a_gap_is_waited_for_and_then_passed_over(void)
{
	struct rte_reorder_buffer *b = rte_reorder_create("gap", (unsigned int)SOCKET_ID_ANY, 4);
	struct rte_mbuf *m;

	CHECK_EQ(rte_reorder_insert(b, packet(UINT32_MAX)), 0);
	CHECK_EQ(rte_reorder_insert(b, packet(1)), 0);
	CHECK_EQ(drain_one(b), UINT32_MAX);
	CHECK_EQ(rte_reorder_drain(b, &m, 1), 0);
	refused(b, 1, EEXIST);
	refused(b, UINT32_MAX, ERANGE);
	/* 5 is beyond 0..3: number 0 is given up, and what is in order behind it comes along. */
	CHECK_EQ(rte_reorder_insert(b, packet(5)), 0);
	CHECK_EQ(drain_one(b), 1);
	CHECK_EQ(rte_reorder_drain(b, &m, 1), 0);
	refused(b, 0, ERANGE);
	refused(b, 2 + 8, ERANGE);
	CHECK_EQ(rte_reorder_insert(b, packet(2)), 0);
	CHECK_EQ(drain_one(b), 2);
	rte_reorder_free(b);
}

static void
what_left_the_window_takes_room_until_it_is_drained(void)
{
	struct rte_reorder_buffer *b = rte_reorder_create("room", (unsigned int)SOCKET_ID_ANY, 4);

	for (uint32_t i = 0; i < 5; i++)
		CHECK_EQ(rte_reorder_insert(b, packet(i)), 0);
	refused(b, 8, ENOSPC);
	CHECK_EQ(drain_one(b), 0);
	CHECK_EQ(rte_reorder_insert(b, packet(8)), 0);
	for (uint32_t i = 1; i < 5; i++)
		CHECK_EQ(drain_one(b), i);
	rte_reorder_reset(b);
	CHECK_EQ(rte_reorder_insert(b, packet(1000)), 0);
	CHECK_EQ(drain_one(b), 1000);
	rte_reorder_free(b);
}

static void
names_and_bad_arguments(void)
{
	struct rte_reorder_buffer *b = rte_reorder_create("name", (unsigned int)SOCKET_ID_ANY, 4), *own;
	void *memory = rte_malloc(NULL, 192 + 64, 0);

	CHECK(b != NULL && memory != NULL);
	CHECK(rte_reorder_create("name", (unsigned int)SOCKET_ID_ANY, 8) == b);
	CHECK(rte_reorder_find_existing("name") == b);
	CHECK(rte_reorder_find_existing(NULL) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_reorder_find_existing("none") == NULL);
	CHECK_EQ(rte_errno, ENOENT);
	CHECK(rte_reorder_create(NULL, 0, 4) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_reorder_create("a name of thirty-two characters.", 0, 4) == NULL);
	CHECK(rte_reorder_create("other", 0, 0) == NULL);
	CHECK(rte_reorder_create("other", 0, 3) == NULL);
	rte_errno = 0;
	CHECK(rte_reorder_create("other", 0, 1u << 31) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_reorder_init(NULL, 1000, "own", 4) == NULL);
	CHECK(rte_reorder_init(memory, 192 + 63, "own", 4) == NULL);
	CHECK(rte_reorder_init(memory, 192 + 64, NULL, 4) == NULL);
	CHECK(rte_reorder_init(memory, 192 + 64, "own", 3) == NULL);
	/* One of the caller's memory is not found, and freeing it does nothing, even when there is another one of its name. */
	own = rte_reorder_init(memory, 192 + 64, "name", 4);
	CHECK(own == memory);
	rte_reorder_free(own);
	CHECK(rte_reorder_find_existing("name") == b);
	CHECK_EQ(rte_reorder_insert(own, packet(1)), 0);
	CHECK_EQ(drain_one(own), 1);
	rte_free(memory);
	CHECK_EQ(rte_reorder_insert(NULL, NULL), -1);
	rte_errno = 0;
	CHECK_EQ(rte_reorder_insert(b, NULL), -1);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_reorder_drain(NULL, NULL, 1), 0);
	CHECK_EQ(rte_reorder_drain(b, NULL, 1), 0);
	rte_reorder_reset(NULL);
	rte_reorder_free(NULL);
	rte_reorder_free(b);
	CHECK(rte_reorder_find_existing("name") == NULL);
}

static void
nothing_is_lost(void)
{
	CHECK_EQ(rte_mempool_in_use_count(pool), 0);
}

int
main(void)
{
	char *arguments[] = { (char *)"reorder_test", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci", NULL };

	if (rte_eal_init(5, arguments) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	pool = rte_pktmbuf_pool_create("packets", 255, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	RUN(names_and_bad_arguments);
	RUN(order_is_restored_around_zero);
	RUN(a_gap_is_waited_for_and_then_passed_over);
	RUN(what_left_the_window_takes_room_until_it_is_drained);
	RUN(nothing_is_lost);
	rte_eal_cleanup();
	return check_summary();
}
