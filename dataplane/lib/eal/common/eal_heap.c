/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Heaps: boundary tags in front of every piece, free pieces in lists by size.
 *
 * A heap's memory is a set of runs of pages. Within a run, elements follow each other without gaps up to a last
 * element of size 0 that is never free. An element's header is one cache line and everything is a multiple of it. Two
 * free elements are never neighbours. Each header carries a mark that depends on its address and state: a write past
 * the end of a piece destroys the next one's.
 *
 * Lists are by size class with a bitmap over them (class_of), so that a piece that certainly fits is found in a few
 * steps however many free pieces there are. Pieces are cut from the top of a free element: what remains keeps its
 * header, and growing in place finds room above when the neighbour allocated before has gone.
 *
 * A free element is clean while it is all zero but for its header, as the system gave it; zeroed allocations cost
 * nothing there. Small dirty pieces are cleaned rather than make a larger clean neighbour dirty.
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

#define UNIT ((size_t)RTE_CACHE_LINE_SIZE)
/* Classes: below EXACT units one for each size, then STEPS for each power of two. */
#define EXACT 16u
#define EXACT_BITS 4u
#define STEP_BITS 3u
/* Dirty pieces up to this size are cleaned for a clean neighbour. */
#define CLEANED_MAX ((size_t)64 << 10)
/* Free memory that a heap keeps rather than give it back, so that the system is not asked all the time. */
#define KEPT ((size_t)8 << 20)

enum state {
	STATE_FREE = 0x46524545,
	STATE_BUSY = 0x42555359,
};

static uint64_t
mark_of(const struct eal_element *e, enum state state)
{
	return ((uint64_t)state << 32 | 0x77a1d5eb) ^ (uint64_t)(uintptr_t)e;
}

static bool
is(const struct eal_element *e, enum state state)
{
	return e->mark == mark_of(e, state);
}

static struct eal_element *
above(struct eal_element *e)
{
	return RTE_PTR_ADD(e, e->size);
}

static char *
payload(struct eal_element *e)
{
	return (char *)e + UNIT;
}

static struct eal_heap *
heap_of(const struct eal_element *e)
{
	return e->area->heap;
}

/* The class of elements of this size. The smallest of a class of STEPS is a multiple of its width. */
static unsigned int
class_of(size_t size)
{
	size_t units = size / UNIT;
	unsigned int log, class;

	if (units < EXACT)
		return (unsigned int)units;
	log = 63u - (unsigned int)__builtin_clzll(units);
	class = EXACT + ((log - EXACT_BITS) << STEP_BITS) + ((units >> (log - STEP_BITS)) & ((1u << STEP_BITS) - 1));
	return RTE_MIN(class, (unsigned int)EAL_HEAP_CLASSES - 1);
}

/* The first class of which every element has at least this size. */
static unsigned int
class_above(size_t size)
{
	unsigned int class = class_of(size);

	return size / UNIT < EXACT || class_of(size - UNIT) != class ? class : class + 1;
}

/* The first list at or after class that is not empty; EAL_HEAP_CLASSES when there is none. */
static unsigned int
filled_from(const struct eal_heap *heap, unsigned int class)
{
	unsigned int word = class / 64;
	uint64_t bits;

	if (class >= EAL_HEAP_CLASSES)
		return EAL_HEAP_CLASSES;
	bits = heap->filled[word] & (UINT64_MAX << (class % 64));
	while (bits == 0) {
		if (++word == EAL_HEAP_CLASSES / 64)
			return EAL_HEAP_CLASSES;
		bits = heap->filled[word];
	}
	return word * 64 + (unsigned int)__builtin_ctzll(bits);
}

static void
link_free(struct eal_element *e)
{
	struct eal_heap *heap = heap_of(e);
	unsigned int class = class_of(e->size);
	struct eal_element **head = &heap->lists[class];

	e->mark = mark_of(e, STATE_FREE);
	e->user_size = 0;
	e->next = *head;
	e->link = head;
	if (e->next != NULL)
		e->next->link = &e->next;
	*head = e;
	heap->filled[class / 64] |= UINT64_C(1) << (class % 64);
	heap->free_bytes += e->size;
	heap->free_count++;
}

static void
unlink_free(struct eal_element *e)
{
	struct eal_heap *heap = heap_of(e);
	unsigned int class = class_of(e->size);

	*e->link = e->next;
	if (e->next != NULL)
		e->next->link = e->link;
	if (heap->lists[class] == NULL)
		heap->filled[class / 64] &= ~(UINT64_C(1) << (class % 64));
	heap->free_bytes -= e->size;
	heap->free_count--;
}

static void
make_busy(struct eal_element *e, size_t user_size)
{
	e->mark = mark_of(e, STATE_BUSY);
	e->user_size = user_size;
	WDPDK_POISON(payload(e), e->size - UNIT);
	WDPDK_UNPOISON(payload(e), user_size);
}

/* Makes a header at an address that may be poisoned. */
static struct eal_element *
put_header(void *at, size_t size, struct eal_element *below, struct eal_area *area, bool clean)
{
	struct eal_element *e = at;

	WDPDK_UNPOISON(e, UNIT);
	e->mark = 0;
	e->size = size;
	e->user_size = 0;
	e->below = below;
	e->next = NULL;
	e->link = NULL;
	e->area = area;
	e->clean = clean;
	return e;
}

static void
zero(void *at, size_t len)
{
	WDPDK_UNPOISON(at, len);
	memset(at, 0, len);
	WDPDK_POISON(at, len);
}

/* Makes one of two neighbours that are in no list. */
static struct eal_element *
join(struct eal_element *low, struct eal_element *high)
{
	if (low->clean != high->clean) {
		struct eal_element *dirty = low->clean ? high : low, *other = low->clean ? low : high;

		if (dirty->size <= RTE_MIN(other->size, CLEANED_MAX)) {
			zero(payload(dirty), dirty->size - UNIT);
			dirty->clean = true;
		}
	}
	low->clean = low->clean && high->clean;
	low->size += high->size;
	above(low)->below = low;
	high->mark = 0;
	if (low->clean)
		zero(high, UNIT);
	else
		WDPDK_POISON(high, UNIT);
	return low;
}

/* Puts e, which is in no list, together with free neighbours and into a list. */
static struct eal_element *
give_back(struct eal_element *e)
{
	struct eal_element *up = above(e), *down = e->below;

	if (is(up, STATE_FREE)) {
		unlink_free(up);
		e = join(e, up);
	}
	if (down != NULL && is(down, STATE_FREE)) {
		unlink_free(down);
		e = join(down, e);
	}
	link_free(e);
	return e;
}

/* Cuts e (in no list) down to size; the rest becomes free. */
static void
trim(struct eal_element *e, size_t size)
{
	struct eal_element *rest;

	if (e->size == size)
		return;
	rest = put_header((char *)e + size, e->size - size, e, e->area, e->clean);
	WDPDK_POISON(payload(rest), rest->size - UNIT);
	above(rest)->below = rest;
	e->size = size;
	/* Marked before give_back() looks at the neighbours. */
	e->mark = mark_of(e, STATE_BUSY);
	give_back(rest);
}

/* Where in a free element, below end, a piece would start, or NULL when it does not fit. */
static char *
place_below(struct eal_element *e, uintptr_t end, size_t need, size_t align, const struct eal_request *r)
{
	uintptr_t first = (uintptr_t)payload(e), start;

	if (end < first + need)
		return NULL;
	start = RTE_ALIGN_FLOOR(end - need, (uintptr_t)align);
	if (r->bound != 0 && start / r->bound != (start + need - 1) / r->bound) {
		end = RTE_ALIGN_FLOOR(start + need - 1, (uintptr_t)r->bound);
		if (end < first + need)
			return NULL;
		start = RTE_ALIGN_FLOOR(end - need, (uintptr_t)align);
	}
	if (start < first || !eal_memory_page_suits(e->area->msl.page_sz, r->flags))
		return NULL;
	return (char *)start;
}

/* The same in the whole element, and in one IOVA range if that is wanted. */
static char *
place(struct eal_element *e, size_t need, size_t align, const struct eal_request *r)
{
	char *start = place_below(e, (uintptr_t)above(e), need, align, r);
	const char *gap;

	if ((r->flags & RTE_MEMZONE_IOVA_CONTIG) == 0)
		return start;
	while (start != NULL) {
		gap = eal_area_break(e->area, start, need);
		if (gap == NULL)
			return start;
		/* Everything that ends above the gap has it inside. */
		start = gap == start ? NULL : place_below(e, (uintptr_t)gap, need, align, r);
	}
	return NULL;
}

/* Turns the part of a free element from start on into a busy one. */
static void *
carve(struct eal_element *e, char *start, size_t need, const struct eal_request *r)
{
	struct eal_element *front = e;

	unlink_free(e);
	if (start != payload(e)) {
		size_t gap = (size_t)(start - payload(e));

		e = put_header(start - UNIT, front->size - gap, front, front->area, front->clean);
		above(e)->below = e;
		front->size = gap;
		link_free(front);
	}
	trim(e, need + UNIT);
	make_busy(e, r->size);
	heap_of(e)->busy_count++;
	if (r->zero && !e->clean)
		memset(payload(e), 0, r->size);
	return payload(e);
}

static size_t
rounded(size_t size)
{
	return RTE_ALIGN_CEIL(RTE_MAX(size, (size_t)1), UNIT);
}

static void *
find_in_classes(struct eal_heap *heap, unsigned int from, unsigned int to, size_t need, size_t align,
	const struct eal_request *r)
{
	struct eal_element *e;
	unsigned int class;
	char *start;

	for (class = filled_from(heap, from); class < to; class = filled_from(heap, class + 1))
		for (e = heap->lists[class]; e != NULL; e = e->next) {
			start = place(e, need, align, r);
			if (start != NULL)
				return carve(e, start, need, r);
		}
	return NULL;
}

/* First where everything fits whatever the alignment, which is one step; then where something may. */
static void *
find(struct eal_heap *heap, size_t need, size_t align, const struct eal_request *r)
{
	unsigned int sure = class_above(need + align + r->bound);
	void *ptr = find_in_classes(heap, sure, EAL_HEAP_CLASSES, need, align, r);

	return ptr != NULL ? ptr : find_in_classes(heap, class_of(need + UNIT), sure, need, align, r);
}

/* Takes more memory for a node's heap. */
static bool
grow(struct eal_heap *heap, size_t len, unsigned int flags, bool keep)
{
	struct eal_area *area;
	char *base;
	size_t got;

	if (heap->socket >= EAL_EXTERNAL_SOCKET_FIRST)
		return false;
	rte_mcfg_mem_write_lock();
	area = eal_memory_grow(heap, len, flags, keep, &base, &got);
	if (area != NULL) {
		area->heap = heap;
		eal_mem_event(RTE_MEM_EVENT_ALLOC, base, got);
	}
	rte_mcfg_mem_write_unlock();
	if (area == NULL)
		return false;
	eal_heap_add_run(heap, area, base, got);
	return true;
}

void
eal_heap_add_run(struct eal_heap *heap, struct eal_area *area, char *base, size_t len)
{
	bool alone = area->msl.external || eal_memory_matches();
	struct eal_element *e, *end, *old_end;
	char *top = base + len;

	/* The end of the run below becomes part of the new element; the run above loses its beginning. */
	area->heap = heap;
	if (!alone && base > (char *)area->msl.base_va && eal_area_has(area, base - 1)) {
		old_end = (struct eal_element *)(void *)(base - UNIT);
		e = put_header(old_end, len + UNIT, old_end->below, area, true);
	} else {
		e = put_header(base, len, NULL, area, true);
	}
	if (!alone && top < (char *)area->msl.base_va + area->msl.len && eal_area_has(area, top)) {
		above(e)->below = e;
	} else {
		e->size -= UNIT;
		end = put_header(above(e), 0, e, area, true);
		end->mark = mark_of(end, STATE_BUSY);
	}
	heap->total_bytes += len;
	give_back(e);
}

/* Takes [base, + len), whose pages may go, out of a free element that is in a list. */
static void
cut_out(struct eal_element *e, char *base, size_t len)
{
	struct eal_element *up = above(e), *rest;
	char *top = base + len;
	bool last = (char *)up + UNIT == top;

	unlink_free(e);
	heap_of(e)->total_bytes -= len;
	if (!last) {
		if (top == (char *)up) {
			up->below = NULL;
		} else {
			rest = put_header(top, (size_t)((char *)up - top), NULL, e->area, e->clean);
			up->below = rest;
			link_free(rest);
		}
	}
	if (base == (char *)e)
		return;
	/* What is left of e ends with a new last element; that may be all there is. */
	if (base - UNIT == (char *)e) {
		rest = put_header(e, 0, e->below, e->area, true);
	} else {
		rest = put_header(base - UNIT, 0, e, e->area, true);
		e->size = (size_t)((char *)rest - (char *)e);
		link_free(e);
	}
	rest->mark = mark_of(rest, STATE_BUSY);
}

/* Gives pages of a free element back to the system when the heap has more than it should keep. */
static void
return_pages(struct eal_element *e)
{
	struct eal_heap *heap = heap_of(e);
	struct eal_area *area = e->area;
	size_t page = area->msl.page_sz, spare = heap->free_bytes > KEPT ? heap->free_bytes - KEPT : 0, len;
	char *base = (char *)e, *top = (char *)above(e);
	bool whole = e->below == NULL && above(e)->size == 0;

	if (e->size < RTE_MIN(page, (size_t)RTE_PGSIZE_2M) || area->msl.external || !eal_memory_returns())
		return;
	if (above(e)->size == 0)
		top += UNIT;
	if (eal_memory_matches() || area->fixed_size) {
		if (!whole || top > area->kept || (!eal_memory_matches() && spare < e->size))
			return;
	} else {
		top = RTE_PTR_ALIGN_FLOOR(RTE_MIN(top, area->kept), page);
		/* Unless e begins the run, what is left needs a line for its last element. */
		base = RTE_PTR_ALIGN_CEIL(e->below == NULL ? base : base + UNIT, page);
		if (base >= top)
			return;
		len = RTE_ALIGN_FLOOR(RTE_MIN((size_t)(top - base), spare), page);
		/* Not for a page or two: pages of plain memory are small. */
		if (len < RTE_PGSIZE_2M)
			return;
		base = top - len;
	}
	len = (size_t)(top - base);
	rte_mcfg_mem_write_lock();
	eal_mem_event(RTE_MEM_EVENT_FREE, base, len);
	cut_out(e, base, len);
	WDPDK_UNPOISON(base, len);
	if (area->fixed_size)
		eal_area_close(area);
	else
		eal_area_release(area, base, len);
	rte_mcfg_mem_write_unlock();
}

int
eal_heap_remove_run(struct eal_heap *heap, char *base, size_t len)
{
	struct eal_element *e = (struct eal_element *)(void *)base;

	if (!is(e, STATE_FREE) || e->size != len - UNIT)
		return EBUSY;
	unlink_free(e);
	heap->total_bytes -= len;
	WDPDK_UNPOISON(base, len);
	return 0;
}

/*
 * The heaps a request may be served from: one; or for SOCKET_ID_ANY the caller's and then all other nodes'. Nodes
 * differ where there are huge pages; without them a node is where the search begins.
 */
static struct eal_heap *
next_heap(const struct eal_request *r, struct eal_heap *after)
{
	struct eal_heap *own;

	own = eal_heap_of_socket(r->socket != SOCKET_ID_ANY ? r->socket : (int)rte_socket_id());
	if (own == NULL && r->socket == SOCKET_ID_ANY)
		own = eal_heap_next(NULL); /* nodes' heaps come first in the table */
	if (after == NULL || own == NULL)
		return own;
	if (r->socket != SOCKET_ID_ANY && (own->socket >= EAL_EXTERNAL_SOCKET_FIRST || rte_eal_has_hugepages()))
		return NULL;
	for (after = eal_heap_next(after == own ? NULL : after); after != NULL; after = eal_heap_next(after))
		if (after != own && after->socket < EAL_EXTERNAL_SOCKET_FIRST)
			return after;
	return NULL;
}

/* Whether a request could be served from new memory; if not, taking some would only waste it. */
static bool
may_help(const struct eal_request *r, size_t need)
{
	return (r->flags & RTE_MEMZONE_IOVA_CONTIG) == 0 || eal_memory_can_be_contiguous(need);
}

void *
eal_heap_alloc(const struct eal_request *r)
{
	size_t need = rounded(r->size), align = RTE_MAX(r->align, UNIT);
	struct eal_heap *heap;
	void *ptr = NULL;

	if (r->size > SIZE_MAX / 4 || align > SIZE_MAX / 8 || r->bound > SIZE_MAX / 8)
		return NULL;
	eal_heap_lock();
	for (heap = next_heap(r, NULL); heap != NULL && ptr == NULL; heap = next_heap(r, heap))
		ptr = find(heap, need, align, r);
	for (heap = next_heap(r, NULL); heap != NULL && ptr == NULL; heap = next_heap(r, heap))
		if (may_help(r, need) && grow(heap, need + 2 * UNIT + (align > UNIT ? align : 0) + r->bound, r->flags, false))
			ptr = find(heap, need, align, r);
	eal_heap_unlock();
	return ptr;
}

/* The best element of a heap; *room is what it has at that alignment. */
static struct eal_element *
largest(struct eal_heap *heap, const struct eal_request *r, size_t *room)
{
	size_t align = RTE_MAX(r->align, UNIT), here;
	struct eal_element *e, *best = NULL;
	unsigned int class;
	uintptr_t start;

	*room = 0;
	for (class = filled_from(heap, 0); class < EAL_HEAP_CLASSES; class = filled_from(heap, class + 1))
		for (e = heap->lists[class]; e != NULL; e = e->next) {
			start = RTE_ALIGN_CEIL((uintptr_t)payload(e), (uintptr_t)align);
			here = start < (uintptr_t)above(e) ? (uintptr_t)above(e) - start : 0;
			if (here > *room && place(e, here, align, r) != NULL) {
				best = e;
				*room = here;
			}
		}
	return best;
}

void *
eal_heap_alloc_largest(const struct eal_request *r, size_t *size)
{
	struct eal_request sized = *r;
	struct eal_element *e;
	struct eal_heap *heap;
	void *ptr = NULL;

	eal_heap_lock();
	for (heap = next_heap(r, NULL); heap != NULL && ptr == NULL; heap = next_heap(r, heap)) {
		e = largest(heap, r, &sized.size);
		if (e != NULL)
			ptr = carve(e, place(e, sized.size, RTE_MAX(r->align, UNIT), r), sized.size, &sized);
	}
	eal_heap_unlock();
	*size = sized.size;
	return ptr;
}

/* The header of a live piece; NULL when ptr is none. Looks only inside our own memory. */
static struct eal_element *
live(const void *ptr)
{
	struct eal_area *area = eal_area_of(ptr);
	struct eal_element *e = RTE_PTR_SUB(ptr, UNIT);

	if (area == NULL || area->heap == NULL || !rte_is_aligned(ptr, UNIT) || ptr == area->msl.base_va ||
	    !eal_area_has(area, ptr) || !eal_area_has(area, e))
		return NULL;
#ifdef WDPDK_ASAN
	if (__asan_address_is_poisoned(e))
		return NULL;
#endif
	return is(e, STATE_BUSY) && e->size > UNIT ? e : NULL;
}

int
eal_heap_free(void *ptr)
{
	struct eal_element *e;

	eal_heap_lock();
	e = live(ptr);
	if (e != NULL) {
		heap_of(e)->busy_count--;
		e->clean = false;
		WDPDK_POISON(payload(e), e->size - UNIT);
		return_pages(give_back(e));
	}
	eal_heap_unlock();
	return e != NULL ? 0 : -1;
}

int
eal_heap_resize(void *ptr, size_t size)
{
	struct eal_element *e, *up;
	int ret = -1;
	size_t need;

	if (size > SIZE_MAX / 4)
		return -1;
	need = rounded(size) + UNIT;
	eal_heap_lock();
	e = live(ptr);
	if (e != NULL) {
		up = above(e);
		e->clean = false;
		if (e->size < need && is(up, STATE_FREE) && e->size + up->size >= need) {
			size_t more = need - e->size;

			/* Only as much of the neighbour as is needed, so that the rest of it stays clean. */
			unlink_free(up);
			if (up->size == more) {
				e->size += more;
				above(e)->below = e;
				up->mark = 0;
			} else {
				struct eal_element *rest = put_header((char *)up + more, up->size - more, e, up->area, up->clean);

				e->size += more;
				above(rest)->below = rest;
				up->mark = 0;
				link_free(rest);
			}
		}
		if (e->size >= need) {
			trim(e, need);
			make_busy(e, size);
			ret = 0;
		}
	}
	eal_heap_unlock();
	return ret;
}

int
eal_heap_check(const void *ptr, size_t *size, int *socket)
{
	struct eal_element *e, *up;
	int ret = -1;

	eal_heap_lock();
	e = live(ptr);
	if (e != NULL) {
		up = above(e);
		if (RTE_PTR_DIFF(up, e->area->msl.base_va) < e->area->msl.len && eal_area_has(e->area, up) &&
		    (is(up, STATE_BUSY) || is(up, STATE_FREE)) && up->below == e) {
			*size = e->user_size;
			*socket = heap_of(e)->socket;
			ret = 0;
		}
	}
	eal_heap_unlock();
	return ret;
}

int
eal_heap_reserve(int socket, size_t len)
{
	struct eal_heap *heap;
	bool done;

	eal_heap_lock();
	heap = eal_heap_of_socket(socket);
	done = heap != NULL && grow(heap, len, 0, true);
	eal_heap_unlock();
	return done ? 0 : ENOMEM;
}

void
eal_heap_each(struct eal_heap *heap, void (*func)(struct eal_element *e, void *arg), void *arg)
{
	struct eal_element *e;
	struct eal_area *area;
	char *top;
	int i, n;

	for (area = eal_area_next(NULL); area != NULL; area = eal_area_next(area)) {
		struct rte_fbarray *arr = &area->msl.memseg_arr;

		if (area->heap != heap)
			continue;
		for (i = rte_fbarray_find_next_used(arr, 0); i >= 0; i = rte_fbarray_find_next_used(arr, (unsigned int)(i + n))) {
			n = rte_fbarray_find_contig_used(arr, (unsigned int)i);
			e = RTE_PTR_ADD(area->msl.base_va, (size_t)i * area->msl.page_sz);
			top = (char *)e + (size_t)n * area->msl.page_sz;
			/* One run, or several that are not joined, each behind the last element of the one before. */
			for (; (char *)e < top; e = RTE_PTR_ADD(e, RTE_MAX(e->size, UNIT)))
				func(e, arg);
			if ((unsigned int)(i + n) >= arr->len)
				break;
		}
	}
}
