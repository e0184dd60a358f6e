/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rings, one thread: counts, order, wrap of slots and of the 32-bit indexes, element sizes, errors.
 */
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ring.h>

#include "check.h"

/* A ring in memory of our own, of elements of esize bytes, whose indexes start at `start`. */
static struct rte_ring *
ring_at(unsigned int esize, unsigned int count, unsigned int flags, uint32_t start)
{
	static char *memory;
	unsigned int slots = flags & RING_F_EXACT_SZ ? rte_align32pow2(count + 1) : count;
	struct rte_ring *r;

	free(memory);
	memory = malloc((size_t)rte_ring_get_memsize_elem(esize, slots) + RTE_CACHE_LINE_SIZE);
	CHECK(memory != NULL);
	r = (struct rte_ring *)RTE_PTR_ALIGN_CEIL(memory, RTE_CACHE_LINE_SIZE);
	CHECK_EQ(rte_ring_init(r, "here", count, flags), 0);
	r->prod.head = r->prod.tail = start;
	r->cons.head = r->cons.tail = start;
	return r;
}

static void
holds_one_less_than_its_size(void)
{
	struct rte_ring *r = ring_at(8, 8, 0, 0);
	void *in[8] = {(void *)1, (void *)2, (void *)3, (void *)4, (void *)5, (void *)6, (void *)7, (void *)8}, *out[8];
	unsigned int left = 99;

	CHECK_EQ(rte_ring_get_size(r), 8);
	CHECK_EQ(rte_ring_get_capacity(r), 7);
	CHECK(rte_ring_empty(r));
	CHECK_EQ(rte_ring_enqueue_bulk(r, in, 8, &left), 0);
	CHECK_EQ(left, 7);
	CHECK_EQ(rte_ring_enqueue_burst(r, in, 8, &left), 7);
	CHECK_EQ(left, 0);
	CHECK(rte_ring_full(r));
	CHECK_EQ(rte_ring_count(r), 7);
	CHECK_EQ(rte_ring_enqueue(r, in[7]), -ENOBUFS);
	CHECK_EQ(rte_ring_enqueue_burst(r, in, 1, &left), 0);
	CHECK_EQ(rte_ring_dequeue_bulk(r, out, 8, &left), 0);
	CHECK_EQ(left, 7);
	CHECK_EQ(rte_ring_dequeue_burst(r, out, 8, &left), 7);
	CHECK_EQ(left, 0);
	CHECK_MEM(in, out, 7 * sizeof(void *));
	CHECK_EQ(rte_ring_dequeue(r, out), -ENOENT);
	CHECK_EQ(rte_ring_dequeue_burst(r, out, 0, &left), 0);
	CHECK_EQ(rte_ring_enqueue_bulk(r, in, 0, &left), 0);
	CHECK_EQ(left, 7);
	CHECK_EQ(rte_ring_free_count(r), 7);
}

static void
exact_size_holds_what_was_asked(void)
{
	unsigned int count;

	for (count = 1; count <= 33; count++) {
		struct rte_ring *r = ring_at(8, count, RING_F_EXACT_SZ, 0xfffffff0u);
		unsigned int i;
		void *out;

		CHECK_EQ(rte_ring_get_capacity(r), count);
		for (i = 0; i < count; i++)
			CHECK_EQ(rte_ring_enqueue(r, (void *)(uintptr_t)(i + 1)), 0);
		CHECK(rte_ring_full(r));
		CHECK_EQ(rte_ring_enqueue(r, NULL), -ENOBUFS);
		for (i = 0; i < count; i++) {
			CHECK_EQ(rte_ring_dequeue(r, &out), 0);
			CHECK_EQ((uintptr_t)out, i + 1);
		}
		CHECK(rte_ring_empty(r));
	}
}

/* Fills and drains with changing burst sizes over many laps and over the end of the 32-bit indexes. */
static void
run_laps(unsigned int esize, unsigned int flags, uint32_t start)
{
	struct rte_ring *r = ring_at(esize, 64, flags, start);
	unsigned int words = esize / 4, round, i;
	uint32_t in[63 * 5], out[63 * 5], next_in = 0, next_out = 0;

	for (round = 0; round < 1000; round++) {
		unsigned int n = (round * 7) % 64, room = rte_ring_free_count(r), put, got, left;

		for (i = 0; i < n * words; i++)
			in[i] = next_in + i;
		put = rte_ring_enqueue_burst_elem(r, in, esize, n, &left);
		CHECK_EQ(put, n < room ? n : room);
		CHECK_EQ(left, room - put);
		next_in += put * words;
		n = (round * 5 + 3) % 64;
		if (round % 2 && n <= rte_ring_count(r)) {
			got = rte_ring_dequeue_bulk_elem(r, out, esize, n, &left);
			CHECK_EQ(got, n);
		} else {
			got = rte_ring_dequeue_burst_elem(r, out, esize, n, &left);
		}
		CHECK_EQ(left, rte_ring_count(r));
		for (i = 0; i < got * words; i++)
			CHECK_EQ(out[i], next_out + i);
		next_out += got * words;
		CHECK_EQ(next_in - next_out, rte_ring_count(r) * words);
	}
}

static void
keeps_order_over_the_end_of_the_indexes(void)
{
	static const uint32_t starts[] = {0, 0xffffffc0u, 0xffffffffu, 0x7ffffff3u};
	unsigned int i, esize;

	for (i = 0; i < RTE_DIM(starts); i++) {
		for (esize = 4; esize <= 20; esize += 4) {
			run_laps(esize, 0, starts[i]);
			run_laps(esize, RING_F_SP_ENQ | RING_F_SC_DEQ, starts[i]);
			run_laps(esize, RING_F_SP_ENQ, starts[i]);
			run_laps(esize, RING_F_SC_DEQ, starts[i]);
		}
	}
}

static void
every_call_form_moves_the_same(void)
{
	struct rte_ring *r = ring_at(8, 16, 0, 0xfffffffeu);
	void *in[4] = {(void *)11, (void *)12, (void *)13, (void *)14}, *out[4];

	CHECK_EQ(rte_ring_mp_enqueue_bulk(r, in, 4, NULL), 4);
	CHECK_EQ(rte_ring_sp_enqueue_bulk(r, in, 4, NULL), 4);
	CHECK_EQ(rte_ring_mp_enqueue_burst(r, in, 4, NULL), 4);
	CHECK_EQ(rte_ring_sp_enqueue_burst(r, in, 2, NULL), 2);
	CHECK_EQ(rte_ring_mp_enqueue(r, in[2]), 0);
	CHECK_EQ(rte_ring_sp_enqueue(r, in[3]), -ENOBUFS);
	CHECK_EQ(rte_ring_mc_dequeue_bulk(r, out, 4, NULL), 4);
	CHECK_MEM(in, out, sizeof(in));
	CHECK_EQ(rte_ring_sp_enqueue(r, in[3]), 0);
	CHECK_EQ(rte_ring_sc_dequeue_bulk(r, out, 4, NULL), 4);
	CHECK_MEM(in, out, sizeof(in));
	CHECK_EQ(rte_ring_mc_dequeue_burst(r, out, 4, NULL), 4);
	CHECK_MEM(in, out, sizeof(in));
	CHECK_EQ(rte_ring_sc_dequeue_burst(r, out, 2, NULL), 2);
	CHECK_MEM(in, out, 2 * sizeof(in[0]));
	CHECK_EQ(rte_ring_mc_dequeue(r, out), 0);
	CHECK(out[0] == in[2]);
	CHECK_EQ(rte_ring_sc_dequeue(r, out), 0);
	CHECK(out[0] == in[3]);
	CHECK_EQ(rte_ring_sc_dequeue(r, out), -ENOENT);
}

static void
reset_empties(void)
{
	struct rte_ring *r = ring_at(8, 16, 0, 0xfffffffeu);
	void *out;

	CHECK_EQ(rte_ring_enqueue(r, r), 0);
	rte_ring_reset(r);
	CHECK(rte_ring_empty(r));
	CHECK_EQ(rte_ring_dequeue(r, &out), -ENOENT);
	CHECK_EQ(r->prod.tail, 0);
}

static void
refuses_bad_counts_and_flags(void)
{
	static const unsigned int bad[] = {0, 3, 1000, RTE_RING_SZ_MASK, 0x80000000u, 0xffffffffu};
	static const unsigned int refused[] = {RING_F_SP_ENQ | RING_F_MP_RTS_ENQ, RING_F_SP_ENQ | RING_F_MP_HTS_ENQ,
		RING_F_MP_RTS_ENQ | RING_F_MP_HTS_ENQ, RING_F_SC_DEQ | RING_F_MC_RTS_DEQ, RING_F_SC_DEQ | RING_F_MC_HTS_DEQ,
		RING_F_MC_RTS_DEQ | RING_F_MC_HTS_DEQ, 0x0080, 0x80000000u};
	unsigned int i;

	for (i = 0; i < RTE_DIM(bad); i++) {
		rte_errno = 0;
		CHECK(rte_ring_create("bad", bad[i], SOCKET_ID_ANY, 0) == NULL);
		CHECK_EQ(rte_errno, EINVAL);
		CHECK_EQ(rte_ring_get_memsize(bad[i]), -EINVAL);
	}
	for (i = 0; i < RTE_DIM(refused); i++) {
		CHECK(rte_ring_create("bad", 8, SOCKET_ID_ANY, refused[i]) == NULL);
		CHECK_EQ(rte_errno, EINVAL);
	}
	CHECK(rte_ring_create("bad", 8, SOCKET_ID_ANY, 0x1000) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_ring_create("bad", 0, SOCKET_ID_ANY, RING_F_EXACT_SZ) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_ring_create("bad", 0xffffffffu, SOCKET_ID_ANY, RING_F_EXACT_SZ) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_ring_get_memsize_elem(6, 8), -EINVAL);
	CHECK_EQ(rte_ring_get_memsize_elem(0, 8), -EINVAL);
	CHECK_EQ(rte_ring_get_memsize(8), 384 + 64);
	CHECK_EQ(rte_ring_get_memsize_elem(4, 32), 384 + 128);
	CHECK(rte_ring_lookup("bad") == NULL);
	CHECK_EQ(rte_errno, ENOENT);
}

static void
names_are_unique_and_short(void)
{
	char name[RTE_RING_NAMESIZE + 1];
	struct rte_ring *r;

	memset(name, 'n', sizeof(name));
	name[RTE_RING_NAMESIZE] = '\0';
	CHECK(rte_ring_create(name, 8, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, ENAMETOOLONG);
	CHECK(rte_ring_lookup(name) == NULL);
	name[RTE_RING_NAMESIZE - 1] = '\0';
	r = rte_ring_create(name, 8, SOCKET_ID_ANY, 0);
	CHECK(r != NULL);
	CHECK_STR(r->name, name);
	CHECK(rte_ring_lookup(name) == r);
	CHECK(rte_ring_create(name, 8, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	rte_ring_free(r);
	CHECK(rte_ring_lookup(name) == NULL);
	CHECK_EQ(rte_errno, ENOENT);
	rte_ring_free(NULL);
}

static void
creating_and_freeing_leaks_nothing(void)
{
	unsigned int i;

	/* 64 times 8 MiB is more than the test's whole memory. */
	for (i = 0; i < 64; i++) {
		struct rte_ring *r = rte_ring_create("big", 1 << 20, SOCKET_ID_ANY, 0);

		CHECK(r != NULL);
		rte_ring_free(r);
	}
	CHECK(rte_ring_create("too big", 1 << 30, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
	CHECK(rte_ring_lookup("too big") == NULL);
}

static void
dump_names_the_ring(void)
{
	struct rte_ring *r = rte_ring_create("dumped", 8, SOCKET_ID_ANY, RING_F_SP_ENQ);
	FILE *f = tmpfile();
	char text[1024] = "";

	CHECK(r != NULL && f != NULL);
	CHECK(rte_ring_is_prod_single(r));
	CHECK(!rte_ring_is_cons_single(r));
	rte_ring_list_dump(f);
	rewind(f);
	CHECK(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	CHECK(strstr(text, "dumped") != NULL);
	CHECK(strstr(text, "capacity=7") != NULL);
	rte_ring_free(r);
}

/* Further EAL arguments may follow on the command line. */
int
main(int argc, char **argv)
{
	char *args[16] = {(char *)"test_ring", (char *)"--no-huge", (char *)"-m", (char *)"64", (char *)"--no-pci",
		(char *)"-l", (char *)"0"};
	int n = 7, i;

	for (i = 1; i < argc && n < 15; i++)
		args[n++] = argv[i];
	if (rte_eal_init(n, args) < 0) {
		printf("rte_eal_init: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	RUN(holds_one_less_than_its_size);
	RUN(exact_size_holds_what_was_asked);
	RUN(keeps_order_over_the_end_of_the_indexes);
	RUN(every_call_form_moves_the_same);
	RUN(reset_empties);
	RUN(refuses_bad_counts_and_flags);
	RUN(names_are_unique_and_short);
	RUN(creating_and_freeing_leaks_nothing);
	RUN(dump_names_the_ring);
	rte_eal_cleanup();
	return check_summary();
}
