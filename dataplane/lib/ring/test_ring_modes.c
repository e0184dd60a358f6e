/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings, one thread, in every mode: sizes of elements, the end of the slots and of the 32-bit indexes, calls in two steps,
 * what a single side remembers, documented errors.
 */
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ring.h>

#include "check.h"
#include "test_ring_at.h"

#define ESIZE_MAX 4096u
#define SLOTS 32u

static struct {
	struct rte_ring ring;
	char slots[SLOTS * ESIZE_MAX];
} here __rte_cache_aligned;

/* Volatile: gcc would take the slots for memory behind an object. */
static struct rte_ring *volatile the_ring = &here.ring;

static const unsigned int prod_modes[] = {0, RING_F_SP_ENQ, RING_F_MP_RTS_ENQ, RING_F_MP_HTS_ENQ};
static const unsigned int cons_modes[] = {0, RING_F_SC_DEQ, RING_F_MC_RTS_DEQ, RING_F_MC_HTS_DEQ};
/* Those that can give back. */
static const unsigned int split_modes[] = {RING_F_SP_ENQ | RING_F_SC_DEQ, RING_F_MP_HTS_ENQ | RING_F_MC_HTS_DEQ};

static struct rte_ring *
ring_at(unsigned int flags, uint32_t index)
{
	struct rte_ring *r = the_ring;

	CHECK_EQ(rte_ring_init(r, "here", SLOTS, flags), 0);
	test_ring_start_at(r, index);
	return r;
}

static void
fill(char *table, unsigned int esize, unsigned int n, unsigned int first)
{
	unsigned int i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < esize; j++)
			table[i * esize + j] = (char)((first + i) * 31 + j * 7);
	}
}

static void
run_sizes(unsigned int esize, unsigned int flags)
{
	static char in[SLOTS * ESIZE_MAX], out[SLOTS * ESIZE_MAX];
	struct rte_ring *r = ring_at(flags, 0xffffffe0u);
	unsigned int put = 0, taken = 0, lap, n, left;

	for (lap = 1; lap <= 40; lap++) {
		n = 1 + lap * 7 % (SLOTS - 1);
		fill(in, esize, n, put);
		if (lap % 2 == 0)
			CHECK_EQ(rte_ring_enqueue_bulk_elem(r, in, esize, n, &left), n);
		else
			CHECK_EQ(rte_ring_enqueue_burst_elem(r, in, esize, n, &left), n);
		CHECK_EQ(left, SLOTS - 1 - n);
		CHECK_EQ(rte_ring_enqueue_bulk_elem(r, in, esize, left + 1, NULL), 0);
		put += n;
		CHECK_EQ(rte_ring_count(r), put - taken);
		CHECK_EQ(rte_ring_dequeue_bulk_elem(r, out, esize, n + 1, NULL), 0);
		memset(out, 0, sizeof(out));
		if (lap % 3 == 0)
			CHECK_EQ(rte_ring_dequeue_bulk_elem(r, out, esize, n, &left), n);
		else
			CHECK_EQ(rte_ring_dequeue_burst_elem(r, out, esize, SLOTS, &left), n);
		CHECK_EQ(left, 0);
		fill(in, esize, n, taken);
		CHECK_MEM(out, in, n * esize);
		taken += n;
	}
	CHECK(rte_ring_empty(r));
}

static void
elements_of_any_size_in_every_pair_of_modes(void)
{
	static const unsigned int sizes[] = {4, 8, 12, 16, 20, 36, 64, 68, 124, 1000, ESIZE_MAX};
	unsigned int i, j, k;

	for (i = 0; i < RTE_DIM(prod_modes); i++) {
		for (j = 0; j < RTE_DIM(cons_modes); j++) {
			for (k = 0; k < RTE_DIM(sizes); k++)
				run_sizes(sizes[k], prod_modes[i] | cons_modes[j]);
		}
	}
}

/* The calls that name the mode, of pointers. */
static void
named_calls_of_the_relaxed_modes(void)
{
	void *in[8] = {in, in + 1, in + 2, in + 3, in + 4, in + 5, in + 6, in + 7}, *out[16];
	struct rte_ring *r = ring_at(RING_F_MP_RTS_ENQ | RING_F_MC_RTS_DEQ, 0xfffffffcu);

	CHECK_EQ(rte_ring_mp_rts_enqueue_bulk(r, in, 4, NULL), 4);
	CHECK_EQ(rte_ring_mp_rts_enqueue_burst(r, in + 4, 4, NULL), 4);
	CHECK_EQ(rte_ring_mc_rts_dequeue_bulk(r, out, 3, NULL), 3);
	CHECK_EQ(rte_ring_mc_rts_dequeue_burst(r, out + 3, 9, NULL), 5);
	CHECK_MEM(in, out, sizeof(in));
	r = ring_at(RING_F_MP_HTS_ENQ | RING_F_MC_HTS_DEQ, 0xfffffffcu);
	memset(out, 0, sizeof(out));
	CHECK_EQ(rte_ring_mp_hts_enqueue_bulk(r, in, 4, NULL), 4);
	CHECK_EQ(rte_ring_mp_hts_enqueue_burst(r, in + 4, 4, NULL), 4);
	CHECK_EQ(rte_ring_mc_hts_dequeue_bulk(r, out, 3, NULL), 3);
	CHECK_EQ(rte_ring_mc_hts_dequeue_burst(r, out + 3, 9, NULL), 5);
	CHECK_MEM(in, out, sizeof(in));
}

static void
what_is_given_back_is_there_again(void)
{
	void *in[SLOTS], *out[SLOTS];
	unsigned int i, left;

	for (i = 0; i < SLOTS; i++)
		in[i] = &in[i];
	for (i = 0; i < RTE_DIM(split_modes); i++) {
		struct rte_ring *r = ring_at(split_modes[i], 0xfffffff0u);

		CHECK_EQ(rte_ring_enqueue_bulk_start(r, SLOTS, &left), 0);
		CHECK_EQ(left, SLOTS - 1);
		rte_ring_enqueue_finish(r, in, 0);
		CHECK_EQ(rte_ring_enqueue_burst_start(r, SLOTS, &left), SLOTS - 1);
		CHECK_EQ(left, 0);
		CHECK(rte_ring_empty(r));
		rte_ring_enqueue_finish(r, in, 20);
		CHECK_EQ(rte_ring_count(r), 20);
		CHECK_EQ(rte_ring_enqueue_bulk_start(r, 5, &left), 5);
		CHECK_EQ(left, 6);
		rte_ring_enqueue_finish(r, in, 0);
		CHECK_EQ(rte_ring_count(r), 20);
		/* More than was claimed is nothing. */
		CHECK_EQ(rte_ring_enqueue_bulk_start(r, 5, NULL), 5);
		rte_ring_enqueue_finish(r, in, 6);
		CHECK_EQ(rte_ring_count(r), 20);

		CHECK_EQ(rte_ring_dequeue_bulk_start(r, out, 21, &left), 0);
		CHECK_EQ(left, 20);
		CHECK_EQ(rte_ring_dequeue_burst_start(r, out, 21, &left), 20);
		CHECK_EQ(left, 0);
		CHECK_MEM(out, in, 20 * sizeof(out[0]));
		rte_ring_dequeue_finish(r, 0);
		CHECK_EQ(rte_ring_count(r), 20);
		memset(out, 0, sizeof(out));
		CHECK_EQ(rte_ring_dequeue_bulk_start(r, out, 20, NULL), 20);
		rte_ring_dequeue_finish(r, 7);
		CHECK_EQ(rte_ring_count(r), 13);
		CHECK_EQ(rte_ring_dequeue_bulk_start(r, out, 2, NULL), 2);
		rte_ring_dequeue_finish(r, 3);
		CHECK_EQ(rte_ring_count(r), 13);
		/* Calls in one step see what is left, and the room that was made. */
		CHECK_EQ(rte_ring_enqueue_bulk(r, in, 18, &left), 18);
		CHECK_EQ(left, 0);
		CHECK_EQ(rte_ring_dequeue_burst(r, out, SLOTS, &left), SLOTS - 1);
		CHECK_MEM(out, in + 7, 13 * sizeof(out[0]));
		CHECK_MEM(out + 13, in, 18 * sizeof(out[0]));
		CHECK_EQ(r->prod.head, r->prod.tail);
		CHECK_EQ(r->cons.head, r->cons.tail);
	}
}

static void
zero_copy_gives_the_slots_themselves(void)
{
	struct rte_ring_zc_data at;
	unsigned int i, left;

	for (i = 0; i < RTE_DIM(split_modes); i++) {
		struct rte_ring *r = ring_at(split_modes[i], 0xfffffffau);
		uint32_t in[3 * 10], out[3 * 10], k;

		for (k = 0; k < RTE_DIM(in); k++)
			in[k] = k * 17 + 1;
		/* Six slots are left before the end. */
		CHECK_EQ(rte_ring_enqueue_zc_bulk_elem_start(r, 12, 10, &at, &left), 10);
		CHECK_EQ(left, SLOTS - 1 - 10);
		CHECK(at.ptr1 == here.slots + (SLOTS - 6) * 12);
		CHECK(at.ptr2 == here.slots);
		CHECK_EQ(at.n1, 6);
		memcpy(at.ptr1, in, 6 * 12);
		memcpy(at.ptr2, in + 18, 4 * 12);
		rte_ring_enqueue_zc_elem_finish(r, 9);
		CHECK_EQ(rte_ring_count(r), 9);
		CHECK_EQ(rte_ring_dequeue_zc_burst_elem_start(r, 12, 6, &at, &left), 6);
		CHECK_EQ(left, 3);
		CHECK_EQ(at.n1, 6);
		CHECK(at.ptr2 == NULL);
		CHECK_MEM(at.ptr1, in, 6 * 12);
		rte_ring_dequeue_zc_elem_finish(r, 0);
		CHECK_EQ(rte_ring_dequeue_zc_bulk_elem_start(r, 12, 10, &at, NULL), 0);
		CHECK_EQ(at.n1, 0);
		CHECK(at.ptr1 == NULL && at.ptr2 == NULL);
		CHECK_EQ(rte_ring_dequeue_burst_elem(r, out, 12, 10, NULL), 9);
		CHECK_MEM(out, in, 9 * 12);
	}
}

static void
sides_that_cannot_give_back_claim_nothing(void)
{
	static const unsigned int flags[] = {0, RING_F_MP_RTS_ENQ | RING_F_MC_RTS_DEQ};
	struct rte_ring_zc_data at;
	void *table[4] = {table};
	unsigned int i, left;

	for (i = 0; i < RTE_DIM(flags); i++) {
		struct rte_ring *r = ring_at(flags[i], 3);

		CHECK_EQ(rte_ring_enqueue(r, table), 0);
		left = 99;
		CHECK_EQ(rte_ring_enqueue_burst_start(r, 1, &left), 0);
		CHECK_EQ(left, 0);
		rte_ring_enqueue_finish(r, table, 1);
		CHECK_EQ(rte_ring_dequeue_burst_start(r, table, 1, &left), 0);
		rte_ring_dequeue_finish(r, 1);
		CHECK_EQ(rte_ring_enqueue_zc_burst_start(r, 1, &at, NULL), 0);
		rte_ring_enqueue_zc_finish(r, 1);
		CHECK_EQ(rte_ring_dequeue_zc_burst_start(r, 1, &at, NULL), 0);
		rte_ring_dequeue_zc_finish(r, 1);
		CHECK_EQ(rte_ring_count(r), 1);
	}
}

/* What a single side remembers of the other must not outlive calls that do not keep it up. */
static void
single_calls_may_be_mixed_with_others(void)
{
	void *in[SLOTS], *out[SLOTS];
	uint32_t random = 7, put = 0, taken = 0, round;
	struct rte_ring *r = ring_at(RING_F_SP_ENQ | RING_F_SC_DEQ, 0xffffff00u);

	for (round = 0; round < 20000; round++) {
		uint32_t n, got, i, room = SLOTS - 1 - (put - taken);

		random = random * 1664525u + 1013904223u;
		n = (random >> 16) % 12;
		for (i = 0; i < n; i++)
			in[i] = (void *)(uintptr_t)(put + i);
		if (random >> 31) {
			got = random & 0x40000000u ? rte_ring_sp_enqueue_burst(r, in, n, NULL) :
				rte_ring_mp_enqueue_burst(r, in, n, NULL);
			CHECK_EQ(got, RTE_MIN(n, room));
			put += got;
		} else {
			got = random & 0x40000000u ? rte_ring_sc_dequeue_burst(r, out, n, NULL) :
				rte_ring_mc_dequeue_burst(r, out, n, NULL);
			CHECK_EQ(got, RTE_MIN(n, put - taken));
			for (i = 0; i < got; i++)
				CHECK_EQ((uintptr_t)out[i], taken + i);
			taken += got;
		}
	}
	/* A reset forgets it, too. */
	CHECK_EQ(rte_ring_enqueue_burst(r, in, 5, NULL), RTE_MIN(5u, SLOTS - 1 - (put - taken)));
	rte_ring_reset(r);
	CHECK_EQ(rte_ring_dequeue_burst(r, out, 1, NULL), 0);
	CHECK_EQ(rte_ring_enqueue_bulk(r, in, SLOTS - 1, NULL), SLOTS - 1);
}

static void
reset_empties_in_every_mode(void)
{
	void *table[4] = {table, table, table, table};
	unsigned int i;

	for (i = 0; i < RTE_DIM(prod_modes); i++) {
		struct rte_ring *r = ring_at(prod_modes[i] | cons_modes[i], 0xfffffffeu);
		unsigned int left;

		CHECK_EQ(rte_ring_enqueue_bulk(r, table, 4, NULL), 4);
		CHECK_EQ(rte_ring_dequeue_bulk(r, table, 2, NULL), 2);
		rte_ring_reset(r);
		CHECK(rte_ring_empty(r));
		CHECK_EQ(r->prod.tail, 0);
		CHECK_EQ(rte_ring_dequeue_burst(r, table, 1, &left), 0);
		CHECK_EQ(rte_ring_enqueue_bulk(r, table, 4, &left), 4);
		CHECK_EQ(left, SLOTS - 1 - 4);
		CHECK_EQ(rte_ring_dequeue_burst(r, table, 4, &left), 4);
	}
}

static void
head_tail_distance_is_of_rts_only(void)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(prod_modes); i++) {
		struct rte_ring *r = ring_at(prod_modes[i] | cons_modes[i], 0);

		if (prod_modes[i] == RING_F_MP_RTS_ENQ) {
			CHECK_EQ(rte_ring_get_prod_htd_max(r), (SLOTS - 1) / 8);
			CHECK_EQ(rte_ring_get_cons_htd_max(r), (SLOTS - 1) / 8);
			CHECK_EQ(rte_ring_set_prod_htd_max(r, 0), 0);
			CHECK_EQ(rte_ring_set_cons_htd_max(r, UINT32_MAX), 0);
			CHECK_EQ(rte_ring_get_prod_htd_max(r), 0);
			CHECK_EQ(rte_ring_get_cons_htd_max(r), UINT32_MAX);
			/* 0 lets in one call at a time, which is enough for one thread. */
			CHECK_EQ(rte_ring_enqueue(r, r), 0);
			CHECK_EQ(rte_ring_enqueue(r, r), 0);
		} else {
			CHECK_EQ(rte_ring_get_prod_htd_max(r), UINT32_MAX);
			CHECK_EQ(rte_ring_get_cons_htd_max(r), UINT32_MAX);
			CHECK_EQ(rte_ring_set_prod_htd_max(r, 1), -ENOTSUP);
			CHECK_EQ(rte_ring_set_cons_htd_max(r, 1), -ENOTSUP);
		}
	}
}

/* RTS: who is done before an earlier one goes on; what both put comes out when the earlier one is done. */
static void
rts_publishes_with_the_last(void)
{
	struct rte_ring *r = ring_at(RING_F_MP_RTS_ENQ, 0xffffffffu);

	CHECK_EQ(rte_ring_set_prod_htd_max(r, 8), 0);
	r->rts_prod.head.val.cnt = 1; /* the earlier one has claimed one slot */
	r->rts_prod.head.val.pos = 0;
	CHECK_EQ(rte_ring_enqueue(r, r), 0);
	CHECK_EQ(rte_ring_enqueue(r, r), 0);
	CHECK(rte_ring_empty(r));
	CHECK_EQ(r->rts_prod.tail.val.cnt, 2);
	wdpdk_ring_publish_rts(&r->rts_prod);
	CHECK_EQ(rte_ring_count(r), 3);
	CHECK_EQ(r->prod.tail, 2);
}

static void
sync_types_are_those_of_the_flags(void)
{
	static const enum rte_ring_sync_type types[] = {RTE_RING_SYNC_MT, RTE_RING_SYNC_ST, RTE_RING_SYNC_MT_RTS,
		RTE_RING_SYNC_MT_HTS};
	unsigned int i;

	for (i = 0; i < RTE_DIM(types); i++) {
		struct rte_ring *r = ring_at(prod_modes[i], 0);

		CHECK_EQ(rte_ring_get_prod_sync_type(r), types[i]);
		CHECK_EQ(rte_ring_is_prod_single(r), types[i] == RTE_RING_SYNC_ST);
		CHECK_EQ(rte_ring_get_cons_sync_type(r), RTE_RING_SYNC_MT);
		r = ring_at(cons_modes[i], 0);
		CHECK_EQ(rte_ring_get_cons_sync_type(r), types[i]);
		CHECK_EQ(rte_ring_is_cons_single(r), types[i] == RTE_RING_SYNC_ST);
		CHECK_EQ(rte_ring_get_prod_sync_type(r), RTE_RING_SYNC_MT);
	}
}

static void
refuses_what_is_no_ring(void)
{
	CHECK_EQ(rte_ring_init(&here.ring, NULL, SLOTS, 0), -EINVAL);
	CHECK_EQ(rte_ring_init(NULL, "none", SLOTS, 0), -EINVAL);
	CHECK_EQ(rte_ring_init(&here.ring, "a name of more than 29 characters", SLOTS, 0), -ENAMETOOLONG);
	CHECK_EQ(rte_ring_init(&here.ring, "odd", SLOTS - 1, 0), -EINVAL);
	CHECK_EQ(rte_ring_init(&here.ring, "two modes", SLOTS, RING_F_SP_ENQ | RING_F_MP_HTS_ENQ), -EINVAL);
	CHECK(rte_ring_lookup(NULL) == NULL);
	CHECK_EQ(rte_errno, ENOENT);
	CHECK(rte_ring_create(NULL, SLOTS, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	/* In the caller's memory: not for rte_ring_free(). */
	rte_ring_free(ring_at(0, 0));
	CHECK_EQ(rte_ring_get_capacity(&here.ring), SLOTS - 1);
}

int
main(void)
{
	RUN(elements_of_any_size_in_every_pair_of_modes);
	RUN(named_calls_of_the_relaxed_modes);
	RUN(what_is_given_back_is_there_again);
	RUN(zero_copy_gives_the_slots_themselves);
	RUN(sides_that_cannot_give_back_claim_nothing);
	RUN(single_calls_may_be_mixed_with_others);
	RUN(reset_empties_in_every_mode);
	RUN(head_tail_distance_is_of_rts_only);
	RUN(rts_publishes_with_the_last);
	RUN(sync_types_are_those_of_the_flags);
	RUN(refuses_what_is_no_ring);
	return check_summary();
}
