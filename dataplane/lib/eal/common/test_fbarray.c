/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_fbarray against an array of bytes searched one by one.
 */
#include <limits.h>

#include <rte_fbarray.h>
#include <wdpdk_registry.h>

#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

#define LEN 203 /* no multiple of 64 */

static struct rte_fbarray arr;
static unsigned char model[LEN];
static uint64_t random_state = 1234567;

static unsigned int
rnd(unsigned int below)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(random_state >> 33) % below;
}

/* Length of the run of `used` from i on in steps of step; 0 when i itself is not. */
static int
run(int i, int step, int used)
{
	int n = 0;

	for (; i >= 0 && i < LEN && model[i] == used; i += step)
		n++;
	return n;
}

static int
find_n(int start, int step, int n, int used)
{
	int i;

	for (i = start; i >= 0 && i < LEN; i += step)
		if (run(i, step, used) >= n)
			return step > 0 ? i : i - n + 1;
	return -1;
}

static int
biggest(int start, int step, int used)
{
	int i, best = -1, best_len = 0, len;

	for (i = start; i >= 0 && i < LEN; i += step) {
		len = run(i, step, used);
		if (len > best_len) {
			best = step > 0 ? i : i - len + 1;
			best_len = len;
		}
	}
	return best;
}

static void
compare(unsigned int start, unsigned int n)
{
	int at = (int)start, count = (int)n;

	CHECK_EQ(rte_fbarray_is_used(&arr, start), model[start]);
	CHECK_EQ(rte_fbarray_find_next_used(&arr, start), find_n(at, 1, 1, 1));
	CHECK_EQ(rte_fbarray_find_next_free(&arr, start), find_n(at, 1, 1, 0));
	CHECK_EQ(rte_fbarray_find_prev_used(&arr, start), find_n(at, -1, 1, 1));
	CHECK_EQ(rte_fbarray_find_prev_free(&arr, start), find_n(at, -1, 1, 0));
	CHECK_EQ(rte_fbarray_find_next_n_used(&arr, start, n), find_n(at, 1, count, 1));
	CHECK_EQ(rte_fbarray_find_next_n_free(&arr, start, n), find_n(at, 1, count, 0));
	CHECK_EQ(rte_fbarray_find_prev_n_used(&arr, start, n), find_n(at, -1, count, 1));
	CHECK_EQ(rte_fbarray_find_prev_n_free(&arr, start, n), find_n(at, -1, count, 0));
	CHECK_EQ(rte_fbarray_find_contig_used(&arr, start), run(at, 1, 1));
	CHECK_EQ(rte_fbarray_find_contig_free(&arr, start), run(at, 1, 0));
	CHECK_EQ(rte_fbarray_find_rev_contig_used(&arr, start), run(at, -1, 1));
	CHECK_EQ(rte_fbarray_find_rev_contig_free(&arr, start), run(at, -1, 0));
	CHECK_EQ(rte_fbarray_find_biggest_used(&arr, start), biggest(at, 1, 1));
	CHECK_EQ(rte_fbarray_find_biggest_free(&arr, start), biggest(at, 1, 0));
	CHECK_EQ(rte_fbarray_find_rev_biggest_used(&arr, start), biggest(at, -1, 1));
	CHECK_EQ(rte_fbarray_find_rev_biggest_free(&arr, start), biggest(at, -1, 0));
}

static void
searches_find_what_the_model_finds(void)
{
	unsigned int round, from, end, used, i;

	CHECK_EQ(rte_fbarray_init(&arr, "model", LEN, 12), 0);
	for (round = 0; round < 1500; round++) {
		from = rnd(LEN);
		end = RTE_MIN(from + rnd(round % 3 == 0 ? 150 : 6), (unsigned int)LEN);
		used = rnd(2);
		for (i = from; i < end; i++) {
			CHECK_EQ(used ? rte_fbarray_set_used(&arr, i) : rte_fbarray_set_free(&arr, i), 0);
			model[i] = (unsigned char)used;
		}
		for (i = 0, end = 0; i < LEN; i++)
			end += model[i];
		CHECK_EQ(arr.count, end);
		compare(rnd(LEN), 1 + rnd(rnd(2) ? LEN : 5));
		compare(0, 1);
		compare(LEN - 1, 1);
	}
	CHECK_EQ(rte_fbarray_destroy(&arr), 0);
}

static void
elements_are_where_they_should_be(void)
{
	char *first, *last;

	CHECK_EQ(rte_fbarray_init(&arr, "elements", 5, 7), 0);
	first = rte_fbarray_get(&arr, 0);
	last = rte_fbarray_get(&arr, 4);
	CHECK(last - first == 28);
	memset(first, 0xff, 35);
	CHECK_EQ(arr.count, 0);
	CHECK_EQ(rte_fbarray_find_next_used(&arr, 0), -1);
	CHECK_EQ(rte_errno, ENOENT);
	CHECK_EQ(rte_fbarray_find_idx(&arr, first + 13), 1);
	CHECK_EQ(rte_fbarray_find_idx(&arr, first + 35), -1);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_fbarray_find_next_n_free(&arr, 1, 5), -1);
	CHECK_EQ(rte_errno, ENOSPC);
	rte_fbarray_dump_metadata(&arr, stdout);
	CHECK_EQ(rte_fbarray_attach(&arr), -1);
	CHECK_EQ(rte_errno, EEXIST);
	CHECK_EQ(rte_fbarray_detach(&arr), 0);
	CHECK_EQ(rte_fbarray_destroy(&arr), -1);
	CHECK_EQ(rte_errno, ENOENT);
	CHECK_EQ(rte_fbarray_init(&arr, "long", INT_MAX + 1u, 1), -1);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(rte_fbarray_init(&arr,
		"a name of more than sixty-three characters, which is one more than there is room for", 1, 1), -1);
	CHECK_EQ(rte_errno, ENAMETOOLONG);
}

int
main(void)
{
	RUN(searches_find_what_the_model_finds);
	RUN(elements_are_where_they_should_be);
	return check_summary();
}
