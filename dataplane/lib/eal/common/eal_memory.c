/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where the heap's memory comes from: one reserved range of addresses, filled from the bottom with huge pages while
 * there are any and with plain pages after that. Memory is never given back before the end.
 */
#include <errno.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_memory.h>

#include "eal_private.h"

/* Without -m: enough for several hundred thousand packet buffers, without letting a leak eat the machine. */
#define PLAIN_DEFAULT_LIMIT ((size_t)1 << 30)
/* Huge pages end when the system has no more; this only bounds the addresses. */
#define HUGE_LIMIT ((size_t)64 << 30)
#define STEP ((size_t)8 << 20)

static struct {
	bool open;
	size_t reserved;    /* addresses */
	size_t used;        /* addresses handed out, from the bottom */
	size_t plain_left;  /* bytes of plain pages that may still be taken */
	size_t huge_page;   /* 0: use none (any more) */
	bool has_huge;      /* some huge pages were taken */
	bool told;          /* about the fallback */
} memory;

static void
tell_fallback(size_t wanted)
{
	if (memory.told)
		return;
	memory.told = true;
	RTE_LOG(WARNING, EAL,
		"no %shuge pages for %zu MB: plain pages are used, which is slower; %s (--no-huge stops this message)\n",
		memory.has_huge ? "more " : "", (wanted + (1 << 20) - 1) >> 20, eal_os_memory_huge_remedy());
}

static void *
commit(size_t len, size_t step, size_t *got, size_t page_size, void *(*take)(size_t offset, size_t len))
{
	size_t room = memory.reserved - memory.used, sizes[2], i;
	void *base;

	/* A generous step first, so that small requests do not each end in the kernel. */
	sizes[0] = RTE_ALIGN_CEIL(RTE_MAX(len, step), page_size);
	sizes[1] = RTE_ALIGN_CEIL(len, page_size);
	for (i = 0; i < RTE_DIM(sizes); i++) {
		if (sizes[i] < len || sizes[i] > room || (i == 1 && sizes[1] == sizes[0]))
			continue;
		base = take(memory.used, sizes[i]);
		if (base != NULL) {
			*got = sizes[i];
			memory.used += sizes[i];
			return base;
		}
	}
	return NULL;
}

int
eal_memory_grow(size_t len, struct eal_region *region)
{
	size_t page = eal_os_page_size();

	if (!memory.open || len > memory.reserved)
		return ENOMEM;
	if (memory.huge_page != 0) {
		region->base = commit(len, STEP, &region->len, memory.huge_page, eal_os_memory_commit_huge);
		if (region->base != NULL) {
			region->page_size = memory.huge_page;
			memory.has_huge = true;
			return 0;
		}
		tell_fallback(len);
	}
	/* Plain pages are taken in 2 MiB steps too: the next huge page, should one be freed, starts at such a multiple. */
	len = RTE_ALIGN_CEIL(len, RTE_PGSIZE_2M);
	if (len > memory.plain_left)
		return ENOMEM;
	region->base = commit(len, RTE_MIN(STEP, memory.plain_left), &region->len, RTE_PGSIZE_2M,
		eal_os_memory_commit_plain);
	if (region->base == NULL)
		return ENOMEM;
	region->page_size = page;
	memory.plain_left -= RTE_MIN(region->len, memory.plain_left);
	return 0;
}

int
eal_memory_init(size_t wanted, bool no_huge)
{
	size_t huge_page = 0;
	int err;

	memory.reserved = no_huge ? RTE_MAX(wanted, PLAIN_DEFAULT_LIMIT) : HUGE_LIMIT;
	if (wanted > memory.reserved)
		memory.reserved = RTE_ALIGN_CEIL(wanted, RTE_PGSIZE_1G);
	err = eal_os_memory_open(memory.reserved, &huge_page);
	if (err != 0 && !no_huge) {
		/* A limited address space (ulimit -v): plain needs less of it. */
		memory.reserved = RTE_ALIGN_CEIL(RTE_MAX(wanted, PLAIN_DEFAULT_LIMIT), RTE_PGSIZE_2M);
		err = eal_os_memory_open(memory.reserved, &huge_page);
	}
	if (err != 0) {
		RTE_LOG(ERR, EAL, "cannot reserve %zu MB of addresses: %s; raise the limit (ulimit -v)\n",
			memory.reserved >> 20, rte_strerror(err));
		return err;
	}
	memory.open = true;
	memory.used = 0;
	memory.has_huge = false;
	memory.told = false;
	memory.huge_page = no_huge ? 0 : huge_page;
	memory.plain_left = wanted != 0 ? RTE_ALIGN_CEIL(wanted, RTE_PGSIZE_2M) : PLAIN_DEFAULT_LIMIT;
	if (no_huge)
		return 0;
	if (huge_page == 0) {
		tell_fallback(wanted != 0 ? wanted : PLAIN_DEFAULT_LIMIT);
		return 0;
	}
	/* Now, so that the user hears at start whether there are huge pages and that -m has them. */
	return eal_heap_reserve(RTE_MAX(wanted, huge_page));
}

void
eal_memory_cleanup(void)
{
	if (memory.open)
		eal_os_memory_close();
	memory.open = false;
	memory.has_huge = false;
}

bool
eal_memory_has_huge_pages(void)
{
	return memory.has_huge;
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

rte_iova_t
rte_mem_virt2iova(const void *virt)
{
	return virt == NULL ? RTE_BAD_IOVA : (rte_iova_t)(uintptr_t)virt;
}

void *
rte_mem_iova2virt(rte_iova_t iova)
{
	void *virt = (void *)(uintptr_t)iova;

	return eal_heap_region(virt) != NULL ? virt : NULL;
}

int
rte_eal_using_phys_addrs(void)
{
	return 0;
}

static void
dump_region(const struct eal_region *region, void *arg)
{
	fprintf(arg, "%p: %zu bytes in pages of %zu\n", (void *)region->base, region->len, region->page_size);
}

void
rte_dump_physmem_layout(FILE *f)
{
	eal_heap_walk(dump_region, f);
}

static void
add_region(const struct eal_region *region, void *arg)
{
	*(uint64_t *)arg += region->len;
}

uint64_t
rte_eal_get_physmem_size(void)
{
	uint64_t total = 0;

	eal_heap_walk(add_region, &total);
	return total;
}
