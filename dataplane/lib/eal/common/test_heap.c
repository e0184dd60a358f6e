/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Heaps against a model that knows the owner of every cache line: no overlap, exact statistics, coalescing, and no
 * refusal while there is room. Memory that comes and goes, and who is told of it. The user's own memory.
 */
#include <stdlib.h>

#include <malloc_elem.h>
#include <rte_eal_memconfig.h>
#include <rte_eal_paging.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_memzone.h>
#include <wdpdk_registry.h>

#include "test_support.h"

const struct wdpdk_registry_row wdpdk_registry[] = { { NULL, NULL } };

#define MB ((size_t)1 << 20)
#define LINE RTE_CACHE_LINE_SIZE
#define HEAP_LEN (2 * MB)
#define LINES (HEAP_LEN / LINE)
#define PIECES 200

static struct piece {
	unsigned char *p;
	size_t size, lines; /* lines: with the header */
	unsigned char fill;
} pieces[PIECES];
static unsigned short owner[LINES]; /* index + 1; 0: free */
static char *area;
static int heap_socket;
static uint64_t random_state = 88172645463325252;

/* Foreseeable, so that a failure comes again. */
static unsigned int
rnd(unsigned int below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned int)(random_state >> 20) % below;
}

static struct rte_malloc_socket_stats
stats_of(int socket)
{
	struct rte_malloc_socket_stats s;

	CHECK_EQ(rte_malloc_get_socket_stats(socket, &s), 0);
	return s;
}

static void
own(struct piece *piece, unsigned short value)
{
	size_t first = (size_t)((char *)piece->p - LINE - area) / LINE, i;

	for (i = first; i < first + piece->lines; i++) {
		CHECK(i < LINES - 1); /* the last line ends the run */
		CHECK_EQ(owner[i], value == 0 ? (unsigned short)(piece - pieces + 1) : 0);
		owner[i] = value;
	}
}

/* What the statistics have to be, by looking at every line. */
static void
check_statistics(void)
{
	size_t i, gap = 0, greatest = 0, used = 0;
	struct rte_malloc_socket_stats s = stats_of(heap_socket);
	unsigned int gaps = 0, busy = 0;

	for (i = 0; i < LINES - 1; i++) {
		gap = owner[i] == 0 ? gap + 1 : 0;
		gaps += gap == 1;
		greatest = RTE_MAX(greatest, gap);
		used += owner[i] != 0;
	}
	for (i = 0; i < PIECES; i++)
		busy += pieces[i].p != NULL;
	CHECK_EQ(s.heap_totalsz_bytes, HEAP_LEN);
	CHECK_EQ(s.heap_allocsz_bytes, (used + 1) * LINE);
	CHECK_EQ(s.heap_freesz_bytes, HEAP_LEN - (used + 1) * LINE);
	CHECK_EQ(s.free_count, gaps);
	CHECK_EQ(s.alloc_count, busy);
	CHECK_EQ(s.greatest_free_size, greatest * LINE);
}

/* Whether a piece would fit somewhere. */
static int
has_room(size_t size, size_t align)
{
	size_t lines = (size + LINE - 1) / LINE, i, end = 0;
	uintptr_t start;

	for (i = LINES - 1; i-- > 0;) {
		if (owner[i] != 0)
			continue;
		if (i + 1 == LINES - 1 || owner[i + 1] != 0)
			end = i + 1;
		start = RTE_ALIGN_CEIL((uintptr_t)area + (i + 1) * LINE, (uintptr_t)align);
		if (start + lines * LINE <= (uintptr_t)area + end * LINE)
			return 1;
	}
	return 0;
}

static void
check_contents(const struct piece *piece, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		CHECK_EQ(piece->p[i], piece->fill);
}

static void
allocate(struct piece *piece)
{
	size_t align = (size_t)1 << rnd(14), i;
	unsigned int zeroed = rnd(2);

	piece->size = 1 + rnd(rnd(8) == 0 ? 200000 : 3000);
	piece->lines = 1 + (piece->size + LINE - 1) / LINE;
	piece->fill = (unsigned char)(1 + rnd(255));
	align = RTE_MAX(align, (size_t)LINE);
	piece->p = zeroed ? rte_zmalloc_socket(NULL, piece->size, (unsigned int)align, heap_socket) :
		rte_malloc_socket(NULL, piece->size, (unsigned int)align, heap_socket);
	if (piece->p == NULL) {
		CHECK_EQ(rte_errno, ENOMEM);
		CHECK(!has_room(piece->size, align));
		return;
	}
	CHECK(rte_is_aligned(piece->p, align));
	own(piece, (unsigned short)(piece - pieces + 1));
	for (i = 0; zeroed && i < piece->size; i++)
		CHECK_EQ(piece->p[i], 0);
	memset(piece->p, piece->fill, piece->size);
}

static void
release(struct piece *piece)
{
	check_contents(piece, piece->size);
	own(piece, 0);
	rte_free(piece->p);
	piece->p = NULL;
}

static void
resize(struct piece *piece)
{
	size_t size = 1 + rnd(6000), before = piece->size;
	unsigned char *now = rte_realloc_socket(piece->p, size, 0, heap_socket);

	if (now == NULL) {
		CHECK_EQ(rte_errno, ENOMEM);
		check_contents(piece, piece->size);
		return;
	}
	own(piece, 0);
	piece->p = now;
	piece->size = size;
	piece->lines = 1 + (size + LINE - 1) / LINE;
	own(piece, (unsigned short)(piece - pieces + 1));
	check_contents(piece, RTE_MIN(before, size));
	memset(piece->p, piece->fill, size);
	CHECK_EQ(rte_malloc_validate(now, &before), 0);
	CHECK_EQ(before, size);
}

static void
a_heap_does_as_the_model(void)
{
	unsigned int round, i;

	area = rte_mem_map(NULL, HEAP_LEN, RTE_PROT_READ | RTE_PROT_WRITE, RTE_MAP_ANONYMOUS | RTE_MAP_PRIVATE, -1, 0);
	CHECK(area != NULL);
	memset(area, 0xee, HEAP_LEN);
	CHECK_EQ(rte_malloc_heap_create("model"), 0);
	CHECK_EQ(rte_malloc_heap_memory_add("model", area, HEAP_LEN, NULL, 0, rte_mem_page_size()), 0);
	heap_socket = rte_malloc_heap_get_socket("model");
	check_statistics();
	for (round = 0; round < 8000; round++) {
		struct piece *piece = &pieces[rnd(PIECES)];

		if (piece->p == NULL)
			allocate(piece);
		else if (rnd(3) == 0)
			resize(piece);
		else
			release(piece);
		if (round % 40 == 0)
			check_statistics();
	}
	CHECK_EQ(rte_malloc_heap_memory_remove("model", area, HEAP_LEN), -1);
	CHECK_EQ(rte_errno, EBUSY);
	CHECK_EQ(rte_malloc_heap_destroy("model"), -1);
	CHECK_EQ(rte_errno, EBUSY);
	for (i = 0; i < PIECES; i++)
		if (pieces[i].p != NULL)
			release(&pieces[i]);
	check_statistics();
	CHECK_EQ(stats_of(heap_socket).free_count, 1);
	CHECK_EQ(rte_malloc_heap_memory_remove("model", area, HEAP_LEN), 0);
	CHECK_EQ(rte_malloc_heap_destroy("model"), 0);
	CHECK_EQ(rte_malloc_heap_get_socket("model"), -1);
	area[5] = 1; /* the user's again */
	CHECK_EQ(rte_mem_unmap(area, HEAP_LEN), 0);
}

/* Called with memory locked, where a CHECK must not leave: what is wrong is counted. */
static unsigned int wrong;

static struct {
	unsigned int allocs, frees;
	size_t alloced, freed;
} told;

static void
count_event(enum rte_mem_event event, const void *addr, size_t len, void *arg)
{
	/* What comes is there already, what goes is there still. */
	wrong += arg != &told || rte_mem_virt2memseg(addr, NULL) == NULL ||
		rte_mem_virt2memseg((const char *)addr + len - 1, NULL) == NULL;
	if (event == RTE_MEM_EVENT_ALLOC) {
		told.allocs++;
		told.alloced += len;
	} else {
		told.frees++;
		told.freed += len;
	}
}

static void
memory_comes_on_demand_and_goes_back(void)
{
	size_t before = rte_eal_get_physmem_size();
	unsigned char *p, *q;
	size_t i;

	CHECK(before > 0 && before <= 16 * MB);
	CHECK_EQ(rte_mem_event_callback_register("count", count_event, &told), 0);
	p = rte_malloc(NULL, 40 * MB, 0);
	q = rte_malloc(NULL, 40 * MB, 2 * MB);
	CHECK(p != NULL && q != NULL && rte_is_aligned(q, 2 * MB));
	memset(p, 0xff, 40 * MB);
	memset(q, 0xff, 40 * MB);
	CHECK(told.allocs >= 2 && told.alloced >= 80 * MB);
	CHECK_EQ(rte_eal_get_physmem_size(), before + told.alloced);
	CHECK_EQ(stats_of(0).heap_totalsz_bytes, before + told.alloced);
	rte_free(p);
	rte_free(q);
	CHECK(told.frees >= 1);
	CHECK(told.alloced - told.freed <= 16 * MB);
	CHECK_EQ(rte_eal_get_physmem_size(), before + told.alloced - told.freed);
	CHECK_EQ(stats_of(0).heap_totalsz_bytes, before + told.alloced - told.freed);
	CHECK_EQ(stats_of(0).alloc_count, 0);
	CHECK(rte_mem_virt2memseg(p, NULL) == NULL || rte_mem_virt2memseg(q, NULL) == NULL);
	/* A second time, and zero although it was used before. */
	p = rte_zmalloc(NULL, 40 * MB, 0);
	CHECK(p != NULL);
	for (i = 0; i < 40 * MB; i += 64)
		CHECK_EQ(p[i], 0);
	rte_free(p);
	CHECK_EQ(rte_mem_event_callback_unregister("count", &told), 0);
	CHECK_EQ(wrong, 0);
}

static void
holes_are_filled_again(void)
{
	unsigned char *p[12];
	unsigned int i, round;
	size_t before;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 12; i++) {
			p[i] = rte_zmalloc(NULL, 5 * MB + i * 4096, 0);
			CHECK(p[i] != NULL);
			CHECK(p[i][0] == 0 && p[i][5 * MB - 1] == 0);
			memset(p[i], (int)i + 1, 5 * MB);
		}
		before = rte_eal_get_physmem_size();
		for (i = round; i < 12; i += 2)
			rte_free(p[i]);
		CHECK(rte_eal_get_physmem_size() < before);
		for (i = round; i < 12; i += 2) {
			p[i] = rte_malloc(NULL, 5 * MB, 0);
			CHECK(p[i] != NULL);
			memset(p[i], 99, 5 * MB);
		}
		for (i = 0; i < 12; i++) {
			CHECK_EQ(rte_malloc_validate(p[i], NULL), 0);
			CHECK_EQ(p[i][5 * MB - 1], i >= round && (i - round) % 2 == 0 ? 99 : (int)i + 1);
			rte_free(p[i]);
		}
	}
	CHECK_EQ(stats_of(0).alloc_count, 0);
}

static unsigned int asked;

static int
refuse(int socket, size_t limit, size_t len)
{
	wrong += socket != 0 || len <= limit;
	asked++;
	return -1;
}

static void
a_validator_can_forbid_growth(void)
{
	void *p;

	CHECK_EQ(rte_mem_alloc_validator_register("no", refuse, 0, 32 * MB), 0);
	p = rte_malloc(NULL, 10 * MB, 0);
	CHECK(p != NULL);
	CHECK_EQ(asked, 0);
	rte_errno = 0;
	CHECK(rte_malloc(NULL, 30 * MB, 0) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
	CHECK(asked > 0);
	CHECK_EQ(wrong, 0);
	CHECK_EQ(rte_mem_alloc_validator_unregister("no", 0), 0);
	rte_free(p);
	p = rte_malloc(NULL, 30 * MB, 0);
	CHECK(p != NULL);
	rte_free(p);
}

#define FAILS(call, err) do { \
	rte_errno = 0; \
	CHECK((call) < 0); \
	CHECK_EQ(rte_errno, err); \
} while (0)

static char long_name[100];

static void
listeners_errors_are_the_documented_ones(void)
{
	int arg;

	memset(long_name, 'x', sizeof(long_name) - 1);
	FAILS(rte_mem_event_callback_register(NULL, count_event, NULL), EINVAL);
	FAILS(rte_mem_event_callback_register("", count_event, NULL), EINVAL);
	FAILS(rte_mem_event_callback_register("a", NULL, NULL), EINVAL);
	FAILS(rte_mem_event_callback_register(long_name, count_event, NULL), ENAMETOOLONG);
	CHECK_EQ(rte_mem_event_callback_register("a", count_event, NULL), 0);
	FAILS(rte_mem_event_callback_register("a", count_event, NULL), EEXIST);
	CHECK_EQ(rte_mem_event_callback_register("a", count_event, &arg), 0);
	FAILS(rte_mem_event_callback_unregister("b", NULL), ENOENT);
	FAILS(rte_mem_event_callback_unregister(NULL, NULL), EINVAL);
	FAILS(rte_mem_event_callback_unregister(long_name, NULL), ENAMETOOLONG);
	CHECK_EQ(rte_mem_event_callback_unregister("a", NULL), 0);
	CHECK_EQ(rte_mem_event_callback_unregister("a", &arg), 0);
	FAILS(rte_mem_alloc_validator_register("v", NULL, 0, 1), EINVAL);
	FAILS(rte_mem_alloc_validator_register("v", refuse, -1, 1), EINVAL);
	FAILS(rte_mem_alloc_validator_register(long_name, refuse, 0, 1), ENAMETOOLONG);
	CHECK_EQ(rte_mem_alloc_validator_register("v", refuse, 7, 1), 0);
	FAILS(rte_mem_alloc_validator_register("v", refuse, 7, 1), EEXIST);
	FAILS(rte_mem_alloc_validator_unregister("v", 6), ENOENT);
	FAILS(rte_mem_alloc_validator_unregister("v", -1), EINVAL);
	CHECK_EQ(rte_mem_alloc_validator_unregister("v", 7), 0);
}

static void
the_users_memory_is_found_by_address_and_iova(void)
{
	size_t page = rte_mem_page_size(), len = 8 * page;
	char *memory = rte_mem_map(NULL, len, RTE_PROT_READ | RTE_PROT_WRITE, RTE_MAP_ANONYMOUS | RTE_MAP_PRIVATE, -1, 0);
	const struct rte_memseg *ms;
	uint64_t physmem = rte_eal_get_physmem_size();
	size_t offset;
	rte_iova_t iova[8];
	unsigned int i;

	/* The fifth page does not follow the fourth. */
	for (i = 0; i < 8; i++)
		iova[i] = 0x7700000000 + (i + (i >= 4 ? 100 : 0)) * page;
	FAILS(rte_extmem_register(NULL, len, iova, 8, page), EINVAL);
	FAILS(rte_extmem_register(memory, 0, iova, 8, page), EINVAL);
	FAILS(rte_extmem_register(memory, len, iova, 7, page), EINVAL);
	FAILS(rte_extmem_register(memory, len, NULL, 0, 1000), EINVAL);
	FAILS(rte_extmem_register(memory + 64, len - page, NULL, 0, page), EINVAL);
	FAILS(rte_extmem_register(memory, len - 64, NULL, 0, page), EINVAL);
	FAILS(rte_extmem_unregister(memory, len), ENOENT);
	CHECK_EQ(rte_extmem_register(memory, len, iova, 8, page), 0);
	FAILS(rte_extmem_register(memory, len, iova, 8, page), EEXIST);
	FAILS(rte_extmem_register(memory + page, page, NULL, 0, page), EEXIST);
	FAILS(rte_extmem_attach(memory, len), EEXIST);
	FAILS(rte_extmem_detach(memory, len), ENOENT);
	FAILS(rte_extmem_attach(memory, page), ENOENT);
	CHECK(rte_mem_iova2virt(iova[6] + 17) == memory + 6 * page + 17);
	CHECK(rte_mem_iova2virt(iova[3] + page) == NULL);
	ms = rte_mem_virt2memseg(memory + 5 * page + 1, NULL);
	CHECK(ms != NULL && ms->addr == memory + 5 * page && ms->iova == iova[5] && ms->len == page);
	CHECK_EQ(rte_mem_virt2memseg_list(memory)->external, 1);
	CHECK_EQ(rte_mem_virt2memseg_list(memory)->heap, 0);
	CHECK_EQ(rte_malloc_virt2iova(memory), RTE_BAD_IOVA);
	CHECK_EQ(rte_eal_get_physmem_size(), physmem);
	FAILS(rte_memseg_get_fd(ms), ENOTSUP);
	FAILS(rte_memseg_get_fd_offset(ms, NULL), EINVAL);
	FAILS(rte_memseg_get_fd_offset(NULL, &offset), EINVAL);
	FAILS(rte_extmem_unregister(memory, page), ENOENT);
	CHECK_EQ(rte_extmem_unregister(memory, len), 0);
	CHECK(rte_mem_virt2memseg_list(memory) == NULL);

	/* As a heap's: a zone may or may not have to be in one piece for devices. */
	CHECK_EQ(rte_malloc_heap_create("mine"), 0);
	FAILS(rte_malloc_heap_create("mine"), EEXIST);
	CHECK_EQ(rte_malloc_heap_memory_add("mine", memory, len, iova, 8, page), 0);
	FAILS(rte_malloc_heap_memory_add("mine", memory, len, iova, 8, page), EEXIST);
	FAILS(rte_malloc_heap_memory_add("socket_0", memory, len, iova, 8, page), EPERM);
	FAILS(rte_malloc_heap_destroy("socket_0"), EPERM);
	FAILS(rte_malloc_heap_memory_remove("socket_0", memory, len), EPERM);
	FAILS(rte_malloc_heap_memory_attach("mine", memory, len), EEXIST);
	FAILS(rte_malloc_heap_memory_detach("mine", memory, len), ENOENT);
	FAILS(rte_malloc_heap_memory_remove("mine", memory, page), ENOENT);
	FAILS(rte_extmem_unregister(memory, len), ENOENT);
	i = (unsigned int)rte_malloc_heap_get_socket("mine");
	CHECK_EQ(rte_malloc_heap_socket_is_external((int)i), 1);
	CHECK_EQ(rte_malloc_heap_socket_is_external(0), 0);
	CHECK_EQ(rte_malloc_heap_socket_is_external(SOCKET_ID_ANY), 0);
	CHECK_EQ(rte_malloc_heap_socket_is_external(9999), -1);
	CHECK(rte_memzone_reserve("whole", 5 * page, (int)i, RTE_MEMZONE_IOVA_CONTIG) == NULL);
	CHECK(rte_memzone_reserve("whole", 5 * page, (int)i, 0) != NULL);
	CHECK_EQ(rte_memzone_free(rte_memzone_lookup("whole")), 0);
	CHECK(rte_memzone_reserve("part", 2 * page, (int)i, RTE_MEMZONE_IOVA_CONTIG) != NULL);
	CHECK_EQ(rte_memzone_lookup("part")->iova - iova[4],
		(uint64_t)((char *)rte_memzone_lookup("part")->addr - memory - 4 * page));
	CHECK_EQ(rte_memzone_lookup("part")->socket_id, i);
	CHECK_EQ(rte_memzone_free(rte_memzone_lookup("part")), 0);
	CHECK_EQ(rte_malloc_heap_memory_remove("mine", memory, len), 0);
	CHECK_EQ(rte_malloc_heap_destroy("mine"), 0);
	rte_mem_unmap(memory, len);
}

static int
count_segments(const struct rte_memseg_list *msl, const struct rte_memseg *ms, void *arg)
{
	wrong += rte_mem_virt2memseg(ms->addr, msl) != ms || ms->len != msl->page_sz || ms->iova != (uintptr_t)ms->addr;
	*(uint64_t *)arg += ms->len;
	return 0;
}

static int
count_runs(const struct rte_memseg_list *msl, const struct rte_memseg *ms, size_t len, void *arg)
{
	const char *addr = ms->addr;

	wrong += rte_mem_virt2memseg(addr + len - 1, msl) == NULL || rte_mem_virt2memseg(addr + len, msl) != NULL;
	*(uint64_t *)arg += len;
	return 0;
}

static int
stop_at_list(const struct rte_memseg_list *msl, void *arg)
{
	wrong += msl->base_va == NULL || msl->len == 0;
	return *(int *)arg;
}

static void
walks_see_every_page_once(void)
{
	uint64_t segments = 0, runs = 0;
	void *p = rte_malloc(NULL, 20 * MB, 0);
	int answer;

	CHECK_EQ(rte_memseg_walk(count_segments, &segments), 0);
	CHECK_EQ(rte_memseg_contig_walk(count_runs, &runs), 0);
	CHECK_EQ(segments, rte_eal_get_physmem_size());
	CHECK_EQ(runs, segments);
	CHECK_EQ(wrong, 0);
	for (answer = -1; answer <= 1; answer++)
		CHECK_EQ(rte_memseg_list_walk(stop_at_list, &answer), answer);
	rte_free(p);
}

static void
masks_of_devices(void)
{
	CHECK_EQ(rte_mem_check_dma_mask(64), -1);
	CHECK_EQ(rte_mem_check_dma_mask(20), 1);
	CHECK_EQ(rte_mem_check_dma_mask(63), 0);
	rte_mcfg_mem_read_lock();
	CHECK_EQ(rte_mem_check_dma_mask_thread_unsafe(20), 1);
	rte_mcfg_mem_read_unlock();
	/* From here on growth fails: no memory is that low. Last, because nothing lifts it. */
	rte_mem_set_dma_mask(20);
	rte_errno = 0;
	CHECK(rte_malloc(NULL, 100 * MB, 0) == NULL);
	CHECK_EQ(rte_errno, ENOMEM);
}

static void
pages_are_mapped_and_locked(void)
{
	size_t page = rte_mem_page_size();
	char *p;

	CHECK(rte_is_power_of_2((uint32_t)page));
	rte_errno = 0;
	CHECK(rte_mem_map(NULL, 0, RTE_PROT_READ, RTE_MAP_ANONYMOUS | RTE_MAP_PRIVATE, -1, 0) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_mem_map(NULL, page, RTE_PROT_READ, RTE_MAP_ANONYMOUS, -1, 0) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	p = rte_mem_map(NULL, 3 * page, RTE_PROT_READ | RTE_PROT_WRITE, RTE_MAP_ANONYMOUS | RTE_MAP_SHARED, -1, 0);
	CHECK(p != NULL && p[0] == 0 && p[3 * page - 1] == 0);
	p[3 * page - 1] = 1;
	CHECK_EQ(rte_mem_lock(p + 5, 10), 0);
	CHECK_EQ(rte_mem_lock_page(p + page + 5), 0);
	CHECK_EQ(rte_mem_unmap(p, 3 * page), 0);
	CHECK_EQ(rte_mem_virt2phy(NULL), RTE_BAD_IOVA);
}

static void
zones_take_what_is_largest(void)
{
	struct rte_malloc_socket_stats s = stats_of(0);
	const struct rte_memzone *mz = rte_memzone_reserve("largest", 0, SOCKET_ID_ANY, 0);

	CHECK(mz != NULL);
	CHECK_EQ(mz->len, s.greatest_free_size - MALLOC_ELEM_OVERHEAD);
	CHECK_EQ(rte_memzone_free(mz), 0);
	mz = rte_memzone_reserve_bounded("bound", 0, SOCKET_ID_ANY, 0, 64, 4096);
	CHECK(mz != NULL && mz->len == 4096 && rte_is_aligned(mz->addr, 4096));
	CHECK_EQ(rte_memzone_free(mz), 0);
	rte_errno = 0;
	CHECK(rte_memzone_reserve("flags", 64, SOCKET_ID_ANY, 1u << 30) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_memzone_reserve(NULL, 64, SOCKET_ID_ANY, 0) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_memzone_lookup(NULL) == NULL);
	CHECK(rte_memzone_reserve("socket", 64, -3, 0) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK(rte_memzone_reserve("socket", 64, 31, 0) == NULL); /* this machine has no such node */
	CHECK_EQ(rte_errno, ENOMEM);
}

static int
comes_and_goes(void *arg)
{
	unsigned char *p[6] = { NULL };
	unsigned int round, i, state = rte_lcore_id() * 7919;
	size_t size;

	for (round = 0; round < *(unsigned int *)arg; round++) {
		state = state * 1664525 + 1013904223;
		i = (state >> 16) % 6;
		if (p[i] != NULL) {
			if (p[i][0] != (unsigned char)i || rte_malloc_virt2iova(p[i]) != (uintptr_t)p[i])
				return -1;
			rte_free(p[i]);
			p[i] = NULL;
			continue;
		}
		size = (state >> 20) % 3 == 0 ? 6 * MB : 1000;
		p[i] = rte_malloc(NULL, size, 0);
		if (p[i] == NULL || rte_mem_virt2memseg(p[i] + size - 1, NULL) == NULL)
			return -1;
		memset(p[i], (int)i, 1000);
	}
	for (i = 0; i < 6; i++)
		rte_free(p[i]);
	return 0;
}

static int
sum_run(const struct rte_memseg_list *msl, const struct rte_memseg *ms, size_t len, void *arg)
{
	(void)ms;
	if (!msl->external)
		*(size_t *)arg += len;
	return 0;
}

static void
memory_comes_and_goes_under_walks(void)
{
	unsigned int rounds = 300, lcore, i;
	size_t total;

	CHECK_EQ(rte_eal_mp_remote_launch(comes_and_goes, &rounds, SKIP_MAIN), 0);
	for (i = 0; i < 300; i++) {
		total = 0;
		CHECK_EQ(rte_memseg_contig_walk(sum_run, &total), 0);
		CHECK(total > 0 && total % rte_mem_page_size() == 0);
	}
	RTE_LCORE_FOREACH_WORKER(lcore)
		CHECK_EQ(rte_eal_wait_lcore(lcore), 0);
	CHECK_EQ(stats_of(0).alloc_count, 0);
	CHECK_EQ(stats_of(0).heap_totalsz_bytes, rte_eal_get_physmem_size());
	CHECK(stats_of(0).heap_totalsz_bytes <= 24 * MB);
}

int
main(void)
{
	log_capture("test_eal_heap.log");
	if (eal_start("test --no-huge --lcores (0-3)@0") < 0) {
		printf("rte_eal_init failed: %s\n", log_taken());
		return 1;
	}
	RUN(memory_comes_on_demand_and_goes_back);
	RUN(holes_are_filled_again);
	RUN(memory_comes_and_goes_under_walks);
	RUN(a_heap_does_as_the_model);
	RUN(zones_take_what_is_largest);
	RUN(a_validator_can_forbid_growth);
	RUN(listeners_errors_are_the_documented_ones);
	RUN(the_users_memory_is_found_by_address_and_iova);
	RUN(walks_see_every_page_once);
	RUN(pages_are_mapped_and_locked);
	RUN(masks_of_devices);
	if (rte_eal_cleanup() != 0)
		return 1;
	return check_summary();
}
