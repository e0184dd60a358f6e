/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How much memory there may be, of which pages, and when it goes back. Each node has an area for huge pages and one
 * for plain pages, which are used when there are no huge ones (any more).
 *
 * Memory asked for at start (-m, --socket-mem) is taken then and stays. Beyond it a heap grows on demand and gives free
 * pages back, unless --legacy-mem, or --no-huge with -m, fix its size.
 */
#include <errno.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_eal_memconfig.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_memzone.h>

#include "eal_memory_private.h"
#include "eal_private.h"

/* Without -m: enough for several hundred thousand packet buffers, without letting a leak eat the machine. */
#define PLAIN_DEFAULT_LIMIT ((size_t)1 << 30)
/* Huge pages end when the system has no more; this only bounds the addresses. */
#define HUGE_LIMIT ((size_t)64 << 30)
#define STEP ((size_t)8 << 20)
#define STEP_MAX ((size_t)128 << 20)
#define DMA_MASK_BITS_MAX 63

struct node {
	struct eal_area *huge, *plain;
	size_t plain_limit;
	size_t limit; /* of both; 0: none */
};

static struct {
	bool open;
	const struct wdpdk_memory_source *source; /* NULL: the system */
	struct node nodes[RTE_MAX_NUMA_NODES];
	size_t huge_page; /* 0: use none (any more) */
	const char *remedy;
	bool no_huge;  /* asked for */
	bool has_huge; /* some huge pages were taken */
	bool told;     /* about the fallback */
	bool fixed;    /* no growth */
	bool match;
	uintptr_t next_at;
	uint8_t dma_bits; /* 0: any address will do */
} memory;

static const struct {
	unsigned int flag;
	uint64_t size;
} page_flags[] = {
	{ RTE_MEMZONE_256KB, RTE_PGSIZE_256K }, { RTE_MEMZONE_2MB, RTE_PGSIZE_2M }, { RTE_MEMZONE_16MB, RTE_PGSIZE_16M },
	{ RTE_MEMZONE_256MB, RTE_PGSIZE_256M }, { RTE_MEMZONE_512MB, RTE_PGSIZE_512M }, { RTE_MEMZONE_1GB, RTE_PGSIZE_1G },
	{ RTE_MEMZONE_4GB, RTE_PGSIZE_4G }, { RTE_MEMZONE_16GB, RTE_PGSIZE_16G },
};

bool
eal_memory_page_suits(size_t page_size, unsigned int flags)
{
	bool asked = false;
	unsigned int i;

	/* Without huge pages the wish cannot be met by anything, so it counts as a hint. */
	if (flags == 0 || (flags & RTE_MEMZONE_SIZE_HINT_ONLY) != 0 || !memory.has_huge)
		return true;
	for (i = 0; i < RTE_DIM(page_flags); i++)
		if ((flags & page_flags[i].flag) != 0) {
			asked = true;
			if (page_size == page_flags[i].size)
				return true;
		}
	return !asked;
}

bool
eal_memory_is_open(void)
{
	return memory.open;
}

bool
eal_memory_can_be_contiguous(size_t len)
{
	return memory.source == NULL || len <= memory.source->contiguous;
}

bool
eal_memory_returns(void)
{
	return !memory.fixed;
}

bool
eal_memory_matches(void)
{
	return memory.match;
}

/* Whether large pages are an area for each time some are taken. */
static bool
in_one(void)
{
	return memory.source != NULL || eal_os_huge_in_one();
}

bool
rte_mcfg_get_single_file_segments(void)
{
	/* Huge pages are pieces of one memfd for each node. */
	return memory.has_huge && !in_one();
}

static void
tell_fallback(size_t wanted)
{
	if (memory.told)
		return;
	memory.told = true;
	RTE_LOG(WARNING, EAL,
		"no %shuge pages for %zu MB: plain pages are used, which is slower; %s (--no-huge stops this message)\n",
		memory.has_huge ? "more " : "", (wanted + (1 << 20) - 1) >> 20, memory.remedy);
}

static struct eal_area *
open_area(size_t len, size_t page_size, bool huge, int socket)
{
	struct eal_area *area;

	if (memory.source != NULL)
		return eal_area_take(memory.source, len, socket);
	area = eal_area_open(len, page_size, huge, memory.next_at, socket);
	if (area != NULL && memory.next_at != 0)
		memory.next_at = (uintptr_t)area->msl.base_va + len;
	return area;
}

static bool
permitted(const struct eal_heap *heap, size_t more)
{
	size_t limit = memory.nodes[heap->socket].limit, total = heap->total_bytes + more;

	return (limit == 0 || total <= limit) && eal_mem_growth_allowed(heap->socket, total);
}

static bool
reachable(const struct eal_area *area, const char *base, size_t len)
{
	const char *page;
	const struct rte_memseg *ms;

	for (page = base; memory.dma_bits != 0 && page < base + len; page += area->msl.page_sz) {
		ms = rte_mem_virt2memseg(page, &area->msl);
		if ((ms->iova + ms->len - 1) >> memory.dma_bits != 0)
			return false;
	}
	return true;
}

/* Commits len bytes, in an area of their own where the system wants that. */
static char *
commit(struct eal_area **area, size_t len, bool huge, bool keep, int socket)
{
	char *base;

	if (huge && in_one())
		*area = open_area(len, memory.huge_page, true, socket);
	if (*area == NULL)
		return NULL;
	base = eal_area_commit(*area, len, keep);
	if (base != NULL && !reachable(*area, base, len)) {
		RTE_LOG(ERR, EAL, "memory at %p is beyond the %u address bits that a device has\n", (void *)base, memory.dma_bits);
		eal_area_release(*area, base, len);
		base = NULL;
	}
	if (base == NULL && (*area)->fixed_size)
		eal_area_close(*area);
	return base;
}

/*
 * How much to take at once, if it may be. Where each time makes an area, the steps grow with the heap, so that the areas
 * there can be are enough.
 */
static size_t
step(const struct eal_heap *heap)
{
	size_t grown = RTE_MIN(heap->total_bytes / 2, STEP_MAX);

	return memory.source == NULL ? STEP : RTE_MAX(grown, STEP);
}

static char *
take(struct eal_heap *heap, struct eal_area **area, size_t len, bool huge, bool keep, size_t *got)
{
	size_t page = huge ? memory.huge_page : (size_t)RTE_PGSIZE_2M, least = step(heap), sizes[2];
	unsigned int i;
	char *base;

	/* A generous step first, so that small requests do not each end in the kernel. */
	sizes[1] = RTE_ALIGN_CEIL(len, page);
	sizes[0] = keep || memory.match ? sizes[1] : RTE_ALIGN_CEIL(RTE_MAX(len, least), page);
	for (i = sizes[0] == sizes[1] ? 1 : 0; i < RTE_DIM(sizes); i++) {
		if (sizes[i] < len || !permitted(heap, sizes[i]))
			continue;
		base = commit(area, sizes[i], huge, keep, heap->socket);
		if (base != NULL) {
			*got = sizes[i];
			return base;
		}
	}
	return NULL;
}

/* The node's area for huge pages, opened on first use. */
static struct eal_area *
huge_area(struct node *node, int socket)
{
	size_t len = HUGE_LIMIT;

	/* A limited address space (ulimit -v) may have room for less. */
	for (; node->huge == NULL && !in_one() && len >= RTE_PGSIZE_1G; len /= 4)
		node->huge = open_area(RTE_ALIGN_CEIL(len, memory.huge_page), memory.huge_page, true, socket);
	return node->huge;
}

struct eal_area *
eal_memory_grow(struct eal_heap *heap, size_t len, unsigned int flags, bool keep, char **base, size_t *got)
{
	struct node *node = &memory.nodes[heap->socket];
	struct eal_area *area;

	if (!memory.open || (memory.fixed && !keep) || len > SIZE_MAX / 4)
		return NULL;
	if (memory.huge_page != 0 && eal_memory_page_suits(memory.huge_page, flags)) {
		area = huge_area(node, heap->socket);
		*base = take(heap, &area, len, true, keep, got);
		if (*base != NULL) {
			memory.has_huge = true;
			return area;
		}
		/* Plain pages have no bus addresses. */
		if (memory.source != NULL)
			return NULL;
		tell_fallback(len);
	}
	if (memory.source != NULL || !eal_memory_page_suits(eal_os_page_size(), flags))
		return NULL;
	if (node->plain == NULL)
		node->plain = open_area(node->plain_limit, eal_os_page_size(), false, heap->socket);
	area = node->plain;
	*base = take(heap, &area, len, false, keep, got);
	return *base != NULL ? area : NULL;
}

/* One heap for each node. Those of nodes with CPUs of ours share -m: the nodes, as bits. */
static uint64_t
make_heaps(const rte_cpuset_t *available)
{
	uint64_t nodes = eal_os_nodes(), ours = 0;
	char name[RTE_HEAP_NAME_MAX_LEN];
	unsigned int cpu, socket;

	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, available))
			ours |= UINT64_C(1) << (eal_os_cpu_socket(cpu) % RTE_MAX_NUMA_NODES);
	if (ours == 0)
		ours = 1;
	eal_heap_lock();
	for (socket = 0; socket < RTE_MAX_NUMA_NODES; socket++)
		if (((nodes | ours) >> socket & 1) != 0) {
			snprintf(name, sizeof(name), "socket_%u", socket);
			eal_heap_make(name, (int)socket);
		}
	eal_heap_unlock();
	return ours;
}

/* What a node is to have at start: its own share, or an equal part of -m. */
static size_t
share(const struct eal_options *options, size_t total, const struct eal_heap *heap, uint64_t ours)
{
	if (options->socket_memory_given)
		return options->socket_memory[heap->socket];
	if ((ours >> heap->socket & 1) == 0)
		return 0;
	return RTE_ALIGN_CEIL(total / (unsigned int)__builtin_popcountll(ours), (size_t)RTE_PGSIZE_2M);
}

static int
reserve(const struct eal_options *options, uint64_t ours)
{
	size_t total = options->memory, least = memory.huge_page != 0 ? memory.huge_page : (size_t)RTE_PGSIZE_2M, len;
	struct eal_heap *heap;
	bool first = true;
	int err;

	if (total == 0 && options->legacy_mem && memory.huge_page != 0 && memory.source == NULL)
		total = eal_os_huge_free();
	for (heap = eal_heap_next(NULL); heap != NULL; heap = eal_heap_next(heap)) {
		len = share(options, total, heap, ours);
		memory.nodes[heap->socket].limit = options->socket_limit[heap->socket];
		memory.nodes[heap->socket].plain_limit =
			len != 0 ? RTE_ALIGN_CEIL(len, (size_t)RTE_PGSIZE_2M) : PLAIN_DEFAULT_LIMIT;
		/* Something now, so that the user hears at start whether there are huge pages. */
		if (len == 0 && !options->socket_memory_given && (ours >> heap->socket & 1) != 0 && first) {
			len = memory.fixed ? PLAIN_DEFAULT_LIMIT : least;
			first = false;
		}
		err = len != 0 ? eal_heap_reserve(heap->socket, len) : 0;
		if (err != 0) {
			RTE_LOG(ERR, EAL, "cannot get %zu MB for socket %d\n", len >> 20, heap->socket);
			return err;
		}
	}
	return 0;
}

int
eal_memory_init(const struct eal_options *options, const rte_cpuset_t *available)
{
	memset(&memory, 0, sizeof(memory));
	memory.no_huge = options->no_huge;
	memory.match = options->match_allocations;
	memory.next_at = options->base_virtaddr;
	memory.fixed = options->legacy_mem || (options->no_huge && (options->memory != 0 || options->socket_memory_given));
	memory.source = wdpdk_memory_source_get();
	if (memory.source != NULL) {
		memory.huge_page = memory.source->chunk;
		memory.has_huge = true;
	} else if (!options->no_huge) {
		memory.huge_page = eal_os_huge_page_size(&memory.remedy);
		if (memory.huge_page == 0)
			tell_fallback(options->memory != 0 ? options->memory : PLAIN_DEFAULT_LIMIT);
	}
	memory.open = true;
	return reserve(options, make_heaps(available));
}

void
eal_memory_cleanup(void)
{
	eal_mem_event_reset();
	eal_heap_lock();
	rte_mcfg_mem_write_lock();
	eal_area_close_all();
	rte_mcfg_mem_write_unlock();
	eal_heap_unlock();
	eal_heap_reset();
	memset(&memory, 0, sizeof(memory));
	eal_memory_source_close();
}

int
rte_eal_has_hugepages(void)
{
	return memory.has_huge;
}

int
rte_mem_lock_page(const void *virt)
{
	size_t page = eal_os_page_size();

	return -eal_os_lock_page(RTE_PTR_ALIGN_FLOOR(virt, page), page);
}

static int
dump_run(const struct rte_memseg_list *msl, const struct rte_memseg *ms, size_t len, void *arg)
{
	fprintf(arg, "%p: %zu bytes in pages of %zu, IOVA 0x%llx, socket %d%s\n", ms->addr, len, (size_t)msl->page_sz,
		(unsigned long long)ms->iova, msl->socket_id, msl->external ? ", external" : "");
	return 0;
}

void
rte_dump_physmem_layout(FILE *f)
{
	rte_memseg_contig_walk(dump_run, f);
}

static int
add_run(const struct rte_memseg_list *msl, const struct rte_memseg *ms, size_t len, void *arg)
{
	RTE_SET_USED(ms);
	if (!msl->external)
		*(uint64_t *)arg += len;
	return 0;
}

uint64_t
rte_eal_get_physmem_size(void)
{
	uint64_t total = 0;

	rte_memseg_contig_walk(add_run, &total);
	return total;
}

static int
beyond(const struct rte_memseg_list *msl, const struct rte_memseg *ms, void *arg)
{
	uint8_t bits = *(const uint8_t *)arg;

	RTE_SET_USED(msl);
	/* External memory without IOVAs goes to no device. */
	return ms->iova != RTE_BAD_IOVA && (ms->iova + ms->len - 1) >> bits != 0;
}

void
rte_mem_set_dma_mask(uint8_t maskbits)
{
	if (maskbits != 0 && maskbits <= DMA_MASK_BITS_MAX)
		memory.dma_bits = memory.dma_bits == 0 ? maskbits : RTE_MIN(memory.dma_bits, maskbits);
}

static int
check_dma_mask(uint8_t maskbits, int (*walk)(rte_memseg_walk_t func, void *arg))
{
	if (maskbits > DMA_MASK_BITS_MAX) {
		RTE_LOG(ERR, EAL, "a DMA mask of %u bits: the most is %d\n", maskbits, DMA_MASK_BITS_MAX);
		return -1;
	}
	if (walk(beyond, &maskbits) != 0)
		return 1;
	rte_mem_set_dma_mask(maskbits);
	return 0;
}

int
rte_mem_check_dma_mask(uint8_t maskbits)
{
	return check_dma_mask(maskbits, rte_memseg_walk);
}

int
rte_mem_check_dma_mask_thread_unsafe(uint8_t maskbits)
{
	return check_dma_mask(maskbits, rte_memseg_walk_thread_unsafe);
}
