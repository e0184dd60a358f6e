/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Heap and memzones, from one thread and from four at once.
 */
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_memzone.h>
#include <rte_random.h>
#include <wdpdk_registry.h>

#include "eal_private.h"
#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

#define MB ((size_t)1 << 20)

static struct rte_malloc_socket_stats
stats(void)
{
	struct rte_malloc_socket_stats s;

	rte_malloc_get_socket_stats(0, &s);
	return s;
}

static void
pieces_are_aligned_and_apart(void)
{
	unsigned int align, i;
	char *p[16];

	for (align = 1; align <= 4 * MB; align *= 4) {
		p[0] = rte_malloc(NULL, 100, align);
		CHECK(p[0] != NULL);
		CHECK(rte_is_aligned(p[0], RTE_MAX(align, (unsigned int)RTE_CACHE_LINE_SIZE)));
		rte_free(p[0]);
	}
	for (i = 0; i < RTE_DIM(p); i++) {
		p[i] = rte_malloc("t", 65, 0);
		memset(p[i], (int)i, 65);
	}
	for (i = 0; i < RTE_DIM(p); i++) {
		CHECK(p[i][0] == (char)i && p[i][64] == (char)i);
		rte_free(p[i]);
	}
}

static void
zeroed_memory_is_zero_after_use(void)
{
	unsigned char *p = rte_malloc(NULL, 5000, 0);
	unsigned int i;

	memset(p, 0xff, 5000);
	rte_free(p);
	p = rte_zmalloc(NULL, 5000, 0);
	for (i = 0; i < 5000; i++)
		CHECK_EQ(p[i], 0);
	rte_free(p);
	p = rte_calloc(NULL, 10, 500, 256);
	CHECK(rte_is_aligned(p, 256));
	for (i = 0; i < 5000; i++)
		CHECK_EQ(p[i], 0);
	rte_free(p);
}

static void
bad_requests_fail_with_a_reason(void)
{
	volatile size_t huge = (size_t)1 << 40; /* volatile: gcc would refuse to compile the product */

	rte_errno = 0;
	CHECK(rte_malloc(NULL, 0, 0) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	rte_errno = 0;
	CHECK(rte_malloc(NULL, 64, 3) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	rte_errno = 0;
	CHECK(rte_malloc_socket(NULL, 64, 0, -2) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	rte_errno = 0;
	CHECK(rte_malloc_socket(NULL, 64, 0, 300) == NULL); /* no heap has that number */
	CHECK_EQ(rte_errno, ENOMEM);
	rte_errno = 0;
	CHECK(rte_calloc(NULL, huge, huge, 0) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
	rte_errno = 0;
	CHECK(rte_malloc(NULL, huge << 10, 0) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
}

static void
memory_ends_and_comes_back(void)
{
	static void *p[64];
	unsigned int n = 0, i;
	void *big;

	/* The program was started with -m 32. */
	for (; n < RTE_DIM(p) && (p[n] = rte_malloc(NULL, MB, 0)) != NULL; n++)
		memset(p[n], 1, MB);
	CHECK(n >= 24 && n < 32);
	CHECK_EQ(rte_errno, ENOMEM);
	for (i = 0; i < n; i += 2)
		rte_free(p[i]);
	for (i = 1; i < n; i += 2)
		rte_free(p[i]);
	/* All pieces have become one again. */
	CHECK_EQ(stats().alloc_count, 0);
	CHECK_EQ(stats().free_count, 1);
	big = rte_malloc(NULL, 31 * MB, 0);
	CHECK(big != NULL);
	CHECK(rte_malloc(NULL, 2 * MB, 0) == NULL);
	rte_free(big);
}

static void
wrong_frees_are_refused(void)
{
	char *p = rte_malloc(NULL, 256, 0), *other = rte_malloc(NULL, 64, 0);
	int local = 0;

	log_taken();
	rte_free(NULL);
	CHECK_STR(log_taken(), "");
	rte_free(p + 64);
	CHECK(log_has("no live allocation"));
	rte_free(&local);
	CHECK(log_has("no live allocation"));
	rte_free(p);
	CHECK_STR(log_taken(), "");
	rte_free(p);
	CHECK(log_has("no live allocation"));
	rte_free(other);
	CHECK_EQ(stats().alloc_count, 0);
}

static void
overwritten_borders_are_seen(void)
{
	/* Pieces are cut from the top down. */
	char *q = rte_malloc(NULL, 128, 0), *p = rte_malloc(NULL, 128, 0);
	size_t size = 0;
	char *volatile end = p + 128; /* volatile: the compiler must not see that this leaves the piece */

	CHECK_EQ(rte_malloc_validate(p, &size), 0);
	CHECK_EQ(size, 128);
	CHECK_EQ(rte_malloc_validate(p + 64, &size), -1);
	CHECK_EQ(rte_malloc_validate(NULL, &size), -1);
	CHECK(q > p);
	/* One byte past the end; AddressSanitizer allows it there, because it is the next header. */
	*end ^= 1;
	CHECK_EQ(rte_malloc_validate(p, &size), -1);
	*end ^= 1;
	CHECK_EQ(rte_malloc_validate(p, &size), 0);
	rte_free(p);
	rte_free(q);
}

static void
realloc_keeps_the_contents(void)
{
	void *room = rte_malloc(NULL, 5000, 0), *wall;
	unsigned char *p = rte_realloc(NULL, 100, 0), *moved;
	unsigned int i;

	rte_free(room);

	for (i = 0; i < 100; i++)
		p[i] = (unsigned char)i;
	moved = rte_realloc(p, 1000, 0); /* room behind it: stays */
	CHECK(moved == p);
	wall = rte_malloc(NULL, 64, 0);
	moved = rte_realloc(p, 50000, 4096);
	CHECK(moved != NULL && moved != p && rte_is_aligned(moved, 4096));
	for (i = 0; i < 100; i++)
		CHECK_EQ(moved[i], i);
	p = rte_realloc(moved, 50, 0);
	CHECK(p == moved && p[49] == 49);
	rte_errno = 0;
	CHECK(rte_realloc(p, (size_t)1 << 50, 0) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
	CHECK(p[49] == 49);
	CHECK(rte_realloc(p, 0, 0) == NULL);
	rte_free(wall);
	CHECK_EQ(stats().alloc_count, 0);
}

static void
statistics_add_up(void)
{
	struct rte_malloc_socket_stats before = stats(), now;
	void *p = rte_malloc(NULL, 1000, 0);

	now = stats();
	CHECK_EQ(now.alloc_count, before.alloc_count + 1);
	CHECK_EQ(now.heap_totalsz_bytes, now.heap_freesz_bytes + now.heap_allocsz_bytes);
	CHECK_EQ(now.heap_allocsz_bytes, before.heap_allocsz_bytes + 1024 + 64);
	CHECK(now.greatest_free_size <= now.heap_freesz_bytes);
	CHECK_EQ(rte_malloc_get_socket_stats(-2, &now), -1);
	CHECK_EQ(rte_eal_get_physmem_size(), before.heap_totalsz_bytes);
	rte_free(p);
}

static void
addresses_translate_only_inside_the_heap(void)
{
	char *p = rte_malloc(NULL, 64, 0);
	int local;

	CHECK_EQ(rte_malloc_virt2iova(p + 5), (uintptr_t)p + 5);
	CHECK(rte_mem_iova2virt((uintptr_t)p + 5) == p + 5);
	CHECK_EQ(rte_malloc_virt2iova(&local), RTE_BAD_IOVA);
	CHECK(rte_mem_iova2virt((uintptr_t)&local) == NULL);
	CHECK_EQ(rte_mem_virt2iova(NULL), RTE_BAD_IOVA);
	rte_free(p);
}

static void
count_zone(const struct rte_memzone *mz, void *arg)
{
	(void)mz;
	(*(unsigned int *)arg)++;
}

static void
memzones_have_names(void)
{
	const struct rte_memzone *a, *b, *c;
	unsigned int n = 0, i;

	a = rte_memzone_reserve("a", 1000, SOCKET_ID_ANY, 0);
	CHECK(a != NULL && a->len == 1024 && rte_is_aligned(a->addr, 64));
	CHECK_EQ(a->iova, (uintptr_t)a->addr);
	CHECK(a->hugepage_sz >= 4096);
	for (i = 0; i < 1000; i++)
		CHECK_EQ(((char *)a->addr)[i], 0);
	CHECK(rte_memzone_lookup("a") == a);
	rte_errno = 0;
	CHECK(rte_memzone_reserve("a", 10, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, EEXIST);
	b = rte_memzone_reserve_aligned("b", 64, 0, 0, 65536);
	CHECK(b != NULL && rte_is_aligned(b->addr, 65536));
	rte_memzone_walk(count_zone, &n);
	CHECK_EQ(n, 2);
	CHECK_EQ(rte_memzone_free(a), 0);
	CHECK_EQ(rte_memzone_free(a), -EINVAL);
	CHECK_EQ(rte_memzone_free(NULL), -EINVAL);
	CHECK(rte_memzone_lookup("a") == NULL);
	c = rte_memzone_reserve("the rest", 0, SOCKET_ID_ANY, 0);
	CHECK(c != NULL && c->len >= 20 * MB);
	memset(c->addr, 1, c->len);
	CHECK_EQ(rte_memzone_free(b) | rte_memzone_free(c), 0);
	CHECK_EQ(stats().alloc_count, 0);
}

static void
memzones_keep_within_bounds(void)
{
	const struct rte_memzone *zones[40];
	char name[16];
	unsigned int i;

	for (i = 0; i < RTE_DIM(zones); i++) {
		snprintf(name, sizeof(name), "bound%u", i);
		zones[i] = rte_memzone_reserve_bounded(name, 1500 + i * 64, SOCKET_ID_ANY, 0, 64, 4096);
		CHECK(zones[i] != NULL);
		CHECK_EQ((uintptr_t)zones[i]->addr / 4096, ((uintptr_t)zones[i]->addr + zones[i]->len - 1) / 4096);
	}
	for (i = 0; i < RTE_DIM(zones); i++)
		CHECK_EQ(rte_memzone_free(zones[i]), 0);
	rte_errno = 0;
	CHECK(rte_memzone_reserve_bounded("x", 5000, SOCKET_ID_ANY, 0, 64, 4096) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_memzone_reserve_aligned("x", 64, SOCKET_ID_ANY, 0, 100) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_memzone_reserve("a name of more than thirty-one characters", 64, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, ENAMETOOLONG);
	CHECK(rte_memzone_reserve("x", 100 * MB, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
}

/* Random allocations; every piece carries its own pattern, checked when it goes. */
static int
churn(void *arg)
{
	struct {
		unsigned char *p;
		size_t size;
		unsigned char fill;
	} slot[64] = { { NULL, 0, 0 } };
	unsigned int rounds = *(unsigned int *)arg, i;
	size_t j, step;

	while (rounds-- > 0) {
		i = (unsigned int)rte_rand_max(64);
		if (slot[i].p != NULL) {
			step = slot[i].size > 97 ? 97 : 1;
			for (j = 0; j < slot[i].size; j += step)
				if (slot[i].p[j] != slot[i].fill)
					return -1;
			rte_free(slot[i].p);
			slot[i].p = NULL;
			continue;
		}
		slot[i].size = 1 + rte_rand_max(rte_rand_max(4) == 0 ? 30000 : 600);
		slot[i].fill = (unsigned char)rte_rand();
		slot[i].p = rte_malloc(NULL, slot[i].size, 1u << rte_rand_max(11));
		if (slot[i].p != NULL)
			memset(slot[i].p, slot[i].fill, slot[i].size);
	}
	for (i = 0; i < 64; i++)
		rte_free(slot[i].p);
	return 0;
}

static void
random_use_from_four_lcores_at_once(void)
{
	unsigned int rounds = 20000, lcore;

	CHECK_EQ(rte_lcore_count(), 4);
	CHECK_EQ(rte_eal_mp_remote_launch(churn, &rounds, SKIP_MAIN), 0);
	CHECK_EQ(churn(&rounds), 0);
	RTE_LCORE_FOREACH_WORKER(lcore)
		CHECK_EQ(rte_eal_wait_lcore(lcore), 0);
	CHECK_EQ(stats().alloc_count, 0);
	CHECK_EQ(stats().free_count, 1);
}

int
main(void)
{
	log_capture("test_eal_memory.log");
	if (eal_start("test --no-huge -m 32 --lcores (0-3)@0") < 0) {
		printf("rte_eal_init failed: %s\n", log_taken());
		return 1;
	}
	RUN(pieces_are_aligned_and_apart);
	RUN(zeroed_memory_is_zero_after_use);
	RUN(bad_requests_fail_with_a_reason);
	RUN(memory_ends_and_comes_back);
	RUN(wrong_frees_are_refused);
	RUN(overwritten_borders_are_seen);
	RUN(realloc_keeps_the_contents);
	RUN(statistics_add_up);
	RUN(addresses_translate_only_inside_the_heap);
	RUN(memzones_have_names);
	RUN(memzones_keep_within_bounds);
	RUN(random_use_from_four_lcores_at_once);
	if (rte_eal_cleanup() != 0)
		return 1;
	return check_summary();
}
