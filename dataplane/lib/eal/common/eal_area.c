/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Areas: ranges of addresses and the pages in them, which the public interface calls memory segment lists and memory
 * segments. A segment is one page.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_eal_memconfig.h>
#include <rte_errno.h>
#include <rte_malloc.h>

#include "eal_memory_private.h"
#include "eal_private.h"

static struct eal_area areas[RTE_MAX_MEMSEG_LISTS];
/* Slots at and above it were never used. Only grows; read without a lock. */
static unsigned int area_limit;

static struct rte_memseg *
segment(const struct eal_area *area, size_t index)
{
	return &((struct rte_memseg *)area->msl.memseg_arr.data)[index];
}

static size_t
page_index(const struct eal_area *area, const void *ptr)
{
	return RTE_PTR_DIFF(ptr, area->msl.base_va) / area->msl.page_sz;
}

struct eal_area *
eal_area_next(struct eal_area *after)
{
	struct eal_area *area = after == NULL ? areas : after + 1;

	for (; area < areas + __atomic_load_n(&area_limit, __ATOMIC_ACQUIRE); area++)
		if (__atomic_load_n(&area->msl.base_va, __ATOMIC_ACQUIRE) != NULL)
			return area;
	return NULL;
}

struct eal_area *
eal_area_of(const void *ptr)
{
	struct eal_area *area;

	for (area = eal_area_next(NULL); area != NULL; area = eal_area_next(area))
		if (RTE_PTR_DIFF(ptr, area->msl.base_va) < area->msl.len)
			return area;
	return NULL;
}

bool
eal_area_has(const struct eal_area *area, const void *ptr)
{
	/* A bit per page stays in the cache where segments would not. */
	return eal_fbarray_bit(&area->msl.memseg_arr, page_index(area, ptr));
}

const void *
eal_area_break(const struct eal_area *area, const void *ptr, size_t len)
{
	size_t i, first = page_index(area, ptr), last = page_index(area, RTE_PTR_ADD(ptr, len - 1));

	if (!area->msl.external && area->source == NULL)
		return NULL; /* addresses are IOVAs */
	if (segment(area, first)->iova == RTE_BAD_IOVA)
		return ptr;
	for (i = last; i > first; i--)
		if (segment(area, i)->iova != segment(area, i - 1)->iova + area->msl.page_sz)
			return segment(area, i)->addr;
	return NULL;
}

static void
fill_segment(struct eal_area *area, void *addr, size_t index, rte_iova_t iova, uint32_t flags)
{
	struct rte_memseg *ms = segment(area, index);

	ms->iova = iova;
	ms->len = area->msl.page_sz;
	ms->hugepage_sz = area->msl.page_sz;
	ms->socket_id = area->msl.socket_id;
	ms->nchannel = rte_memory_get_nchannel();
	ms->nrank = rte_memory_get_nrank();
	ms->flags = flags;
	ms->addr = addr;
	rte_fbarray_set_used(&area->msl.memseg_arr, (unsigned int)index);
}

/* A slot with its array of segments; base_va is still NULL. */
static struct eal_area *
new_slot(size_t len, size_t page_size, int socket)
{
	struct eal_area *area = areas;
	char name[RTE_FBARRAY_NAME_LEN];

	while (area < areas + area_limit && area->msl.base_va != NULL)
		area++;
	if (area == areas + RTE_MAX_MEMSEG_LISTS) {
		RTE_LOG(ERR, EAL, "all %d lists of memory segments are in use\n", RTE_MAX_MEMSEG_LISTS);
		rte_errno = ENOSPC;
		return NULL;
	}
	memset(area, 0, sizeof(*area));
	snprintf(name, sizeof(name), "memory %zu: socket %d, pages of %zu", (size_t)(area - areas), socket, page_size);
	if (rte_fbarray_init(&area->msl.memseg_arr, name, (unsigned int)(len / page_size),
			sizeof(struct rte_memseg)) < 0)
		return NULL;
	area->msl.page_sz = page_size;
	area->msl.socket_id = socket;
	area->msl.len = len;
	area->os.fd = -1;
	return area;
}

static void
publish(struct eal_area *area, void *base)
{
	__atomic_store_n(&area->msl.base_va, base, __ATOMIC_RELEASE);
	if ((unsigned int)(area - areas) >= area_limit)
		__atomic_store_n(&area_limit, (unsigned int)(area - areas) + 1, __ATOMIC_RELEASE);
}

struct eal_area *
eal_area_open(size_t len, size_t page_size, bool huge, uintptr_t at, int socket)
{
	struct eal_area *area = new_slot(len, page_size, socket);
	int err;

	if (area == NULL)
		return NULL;
	err = eal_os_area_open(&area->os, len, page_size, huge, RTE_MAX(page_size, (size_t)RTE_PGSIZE_2M), at, socket);
	if (err != 0) {
		rte_fbarray_destroy(&area->msl.memseg_arr);
		rte_errno = err;
		return NULL;
	}
	area->fixed_size = huge && eal_os_huge_in_one();
	area->kept = area->os.base + len;
	area->msl.heap = 1;
	publish(area, area->os.base);
	return area;
}

struct eal_area *
eal_area_take(const struct wdpdk_memory_source *source, size_t len, int socket)
{
	struct eal_area *area = new_slot(len, source->chunk, socket);
	void *base = NULL;
	int err = ENOMEM;

	if (area == NULL)
		return NULL;
	area->iova = calloc(len / source->chunk, sizeof(*area->iova));
	if (area->iova != NULL)
		err = source->take(source->arg, len, socket, &base, area->iova, &area->os.fd);
	if (err != 0) {
		free(area->iova);
		rte_fbarray_destroy(&area->msl.memseg_arr);
		rte_errno = err;
		return NULL;
	}
	area->source = source;
	area->fixed_size = true;
	area->kept = source->keeps ? base : RTE_PTR_ADD(base, len);
	area->msl.heap = 1;
	publish(area, base);
	return area;
}

struct eal_area *
eal_area_external(void *base, size_t len, size_t page_size, const rte_iova_t *iova, int socket)
{
	struct eal_area *area;
	size_t i;

	for (area = eal_area_next(NULL); area != NULL; area = eal_area_next(area))
		if ((char *)base < (char *)area->msl.base_va + area->msl.len &&
		    (char *)area->msl.base_va < (char *)base + len) {
			rte_errno = EEXIST;
			return NULL;
		}
	area = new_slot(len, page_size, socket);
	if (area == NULL)
		return NULL;
	area->msl.external = 1;
	for (i = 0; i < len / page_size; i++)
		fill_segment(area, (char *)base + i * page_size, i, iova != NULL ? iova[i] : RTE_BAD_IOVA, 0);
	publish(area, base);
	return area;
}

struct eal_area *
eal_area_external_find(const void *base, size_t len)
{
	struct eal_area *area;

	for (area = eal_area_next(NULL); area != NULL; area = eal_area_next(area))
		if (area->msl.external && area->msl.base_va == base && area->msl.len == len)
			return area;
	return NULL;
}

void
eal_area_close(struct eal_area *area)
{
	struct rte_fbarray *arr = &area->msl.memseg_arr;
	void *base = area->msl.base_va;
	int i, n;

	/* Only where there were pages: the shadow of all addresses would be larger than memory. */
	for (i = rte_fbarray_find_next_used(arr, 0); i >= 0; i = rte_fbarray_find_next_used(arr, (unsigned int)(i + n))) {
		n = rte_fbarray_find_contig_used(arr, (unsigned int)i);
		WDPDK_UNPOISON(segment(area, (size_t)i)->addr, (size_t)n * area->msl.page_sz);
		if ((unsigned int)(i + n) >= arr->len)
			break;
	}
	__atomic_store_n(&area->msl.base_va, NULL, __ATOMIC_RELEASE);
	if (area->source != NULL) {
		area->source->give(area->source->arg, base, area->msl.len, area->os.fd);
		free(area->iova);
	} else if (!area->msl.external) {
		eal_os_area_close(&area->os);
	}
	rte_fbarray_destroy(&area->msl.memseg_arr);
}

void
eal_area_close_all(void)
{
	struct eal_area *area;

	while ((area = eal_area_next(NULL)) != NULL)
		eal_area_close(area);
}

char *
eal_area_commit(struct eal_area *area, size_t len, bool keep)
{
	unsigned int pages = (unsigned int)(len / area->msl.page_sz), i;
	int first = rte_fbarray_find_prev_n_free(&area->msl.memseg_arr, area->msl.memseg_arr.len - 1, pages);
	uint32_t flags = keep ? RTE_MEMSEG_FLAG_DO_NOT_FREE : 0;
	char *base, *page;

	if (first < 0 || (area->source == NULL &&
	    eal_os_area_commit(&area->os, (size_t)first * area->msl.page_sz, len, area->msl.socket_id) != 0))
		return NULL;
	base = RTE_PTR_ADD(area->msl.base_va, (size_t)first * area->msl.page_sz);
	for (i = 0; i < pages; i++) {
		page = base + i * area->msl.page_sz;
		fill_segment(area, page, (unsigned int)first + i,
			area->source != NULL ? area->iova[(unsigned int)first + i] : (rte_iova_t)(uintptr_t)page, flags);
	}
	if (keep)
		area->kept = RTE_MIN(area->kept, base);
	area->msl.version++;
	return base;
}

void
eal_area_release(struct eal_area *area, char *base, size_t len)
{
	size_t first = page_index(area, base), i;

	for (i = first; i < first + len / area->msl.page_sz; i++) {
		rte_fbarray_set_free(&area->msl.memseg_arr, (unsigned int)i);
		memset(segment(area, i), 0, sizeof(struct rte_memseg));
	}
	area->msl.version++;
	/* A source's goes when its area is closed. */
	if (area->source == NULL)
		eal_os_area_release(&area->os, first * area->msl.page_sz, len);
}

/* ---- lookups and walks ---- */

struct rte_memseg_list *
rte_mem_virt2memseg_list(const void *virt)
{
	struct eal_area *area = eal_area_of(virt);

	return area != NULL ? &area->msl : NULL;
}

struct rte_memseg *
rte_mem_virt2memseg(const void *virt, const struct rte_memseg_list *msl)
{
	const struct eal_area *area;
	struct rte_memseg *ms;

	if (msl == NULL)
		msl = rte_mem_virt2memseg_list(virt);
	if (msl == NULL || RTE_PTR_DIFF(virt, msl->base_va) >= msl->len)
		return NULL;
	area = container_of(msl, const struct eal_area, msl);
	ms = segment(area, page_index(area, virt));
	return ms->addr != NULL ? ms : NULL;
}

rte_iova_t
rte_malloc_virt2iova(const void *addr)
{
	const struct eal_area *area = addr != NULL ? eal_area_of(addr) : NULL;
	const struct rte_memseg *ms;

	if (area == NULL || !area->msl.heap)
		return RTE_BAD_IOVA;
	ms = rte_mem_virt2memseg(addr, &area->msl);
	return ms != NULL && ms->iova != RTE_BAD_IOVA ? ms->iova + RTE_PTR_DIFF(addr, ms->addr) : RTE_BAD_IOVA;
}

int
rte_memseg_contig_walk_thread_unsafe(rte_memseg_contig_walk_t func, void *arg)
{
	struct rte_fbarray *arr;
	struct eal_area *area;
	int i, n, ret;

	for (area = eal_area_next(NULL); area != NULL; area = eal_area_next(area)) {
		arr = &area->msl.memseg_arr;
		for (i = rte_fbarray_find_next_used(arr, 0); i >= 0; i = rte_fbarray_find_next_used(arr, (unsigned int)(i + n))) {
			n = rte_fbarray_find_contig_used(arr, (unsigned int)i);
			ret = func(&area->msl, segment(area, (size_t)i), (size_t)n * area->msl.page_sz, arg);
			if (ret != 0)
				return ret;
			if ((unsigned int)(i + n) >= arr->len)
				break;
		}
	}
	return 0;
}

int
rte_memseg_walk_thread_unsafe(rte_memseg_walk_t func, void *arg)
{
	struct rte_fbarray *arr;
	struct eal_area *area;
	int i, ret;

	for (area = eal_area_next(NULL); area != NULL; area = eal_area_next(area)) {
		arr = &area->msl.memseg_arr;
		for (i = rte_fbarray_find_next_used(arr, 0); i >= 0; i = rte_fbarray_find_next_used(arr, (unsigned int)i + 1)) {
			ret = func(&area->msl, segment(area, (size_t)i), arg);
			if (ret != 0)
				return ret;
			if ((unsigned int)i + 1 >= arr->len)
				break;
		}
	}
	return 0;
}

int
rte_memseg_list_walk_thread_unsafe(rte_memseg_list_walk_t func, void *arg)
{
	struct eal_area *area;
	int ret;

	for (area = eal_area_next(NULL); area != NULL; area = eal_area_next(area)) {
		ret = func(&area->msl, arg);
		if (ret != 0)
			return ret;
	}
	return 0;
}

#define LOCKED_WALK(name, type) \
int \
name(type func, void *arg) \
{ \
	int ret; \
\
	rte_mcfg_mem_read_lock(); \
	ret = name ## _thread_unsafe(func, arg); \
	rte_mcfg_mem_read_unlock(); \
	return ret; \
}

LOCKED_WALK(rte_memseg_walk, rte_memseg_walk_t)
LOCKED_WALK(rte_memseg_contig_walk, rte_memseg_contig_walk_t)
LOCKED_WALK(rte_memseg_list_walk, rte_memseg_list_walk_t)

int
rte_memseg_get_fd_offset_thread_unsafe(const struct rte_memseg *ms, size_t *offset)
{
	const struct eal_area *area;
	int index = -1;

	if (ms != NULL && offset != NULL)
		for (area = eal_area_next(NULL); area != NULL; area = eal_area_next((struct eal_area *)(uintptr_t)area)) {
			index = rte_fbarray_find_idx(&area->msl.memseg_arr, ms);
			if (index >= 0)
				break;
		}
	if (index < 0) {
		rte_errno = EINVAL;
		return -1;
	}
	if (ms->addr == NULL) {
		rte_errno = ENOENT;
		return -1;
	}
	if (area->os.fd < 0) {
		rte_errno = ENOTSUP;
		return -1;
	}
	*offset = (size_t)index * area->msl.page_sz;
	return area->os.fd;
}

int
rte_memseg_get_fd_thread_unsafe(const struct rte_memseg *ms)
{
	size_t offset;

	return rte_memseg_get_fd_offset_thread_unsafe(ms, &offset);
}

int
rte_memseg_get_fd_offset(const struct rte_memseg *ms, size_t *offset)
{
	int fd;

	rte_mcfg_mem_read_lock();
	fd = rte_memseg_get_fd_offset_thread_unsafe(ms, offset);
	rte_mcfg_mem_read_unlock();
	return fd;
}

int
rte_memseg_get_fd(const struct rte_memseg *ms)
{
	size_t offset;

	return rte_memseg_get_fd_offset(ms, &offset);
}
