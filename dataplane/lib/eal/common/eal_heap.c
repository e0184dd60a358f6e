/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The heap: boundary tags in front of every piece, free pieces in lists by size.
 *
 * Memory is a set of regions; within one, elements follow each other without gaps up to a last element of size 0 that
 * is never free. An element's header is one cache line and everything is a multiple of it. Two free elements are
 * never neighbours. Each header carries a mark that depends on its address and state: a write past the end of a piece
 * destroys the next one's.
 */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_memory.h>

#include "eal_private.h"

#define UNIT RTE_CACHE_LINE_SIZE
#define REGIONS_MAX 2048
#define LISTS 40

struct element {
	uint64_t mark;
	size_t size;           /* with this header */
	size_t user_size;      /* as asked for; 0 when free */
	struct element *below; /* neighbour at the lower address, or NULL */
	struct element *next;  /* in the free list */
	struct element **link; /* the pointer that points here */
	const struct eal_region *region;
} __rte_aligned(UNIT);
_Static_assert(sizeof(struct element) == UNIT, "a header is one cache line");

enum state {
	STATE_FREE = 0x46524545,
	STATE_BUSY = 0x42555359,
};

static pthread_mutex_t heap_lock = PTHREAD_MUTEX_INITIALIZER;
static struct eal_region regions[REGIONS_MAX];
static struct element *region_end[REGIONS_MAX]; /* the last element of each */
static unsigned int region_count;
static struct element *lists[LISTS];
static size_t total_bytes, free_bytes;
static unsigned int busy_count, free_count;

static uint64_t
mark_of(const struct element *e, enum state state)
{
	return ((uint64_t)state << 32 | 0x77a1d5eb) ^ (uint64_t)(uintptr_t)e;
}

static bool
is(const struct element *e, enum state state)
{
	return e->mark == mark_of(e, state);
}

static struct element *
above(struct element *e)
{
	return RTE_PTR_ADD(e, e->size);
}

static char *
payload(struct element *e)
{
	return (char *)e + UNIT;
}

/* List n holds free elements of 2^n .. 2^(n+1) - 1 units. */
static unsigned int
list_of(size_t size)
{
	return RTE_MIN(63u - (unsigned int)__builtin_clzll(size / UNIT), LISTS - 1u);
}

static void
make_free(struct element *e)
{
	struct element **head = &lists[list_of(e->size)];

	e->mark = mark_of(e, STATE_FREE);
	e->user_size = 0;
	e->next = *head;
	e->link = head;
	if (e->next != NULL)
		e->next->link = &e->next;
	*head = e;
	free_bytes += e->size;
	free_count++;
	WDPDK_POISON(payload(e), e->size - UNIT);
}

static void
unlink_free(struct element *e)
{
	*e->link = e->next;
	if (e->next != NULL)
		e->next->link = e->link;
	free_bytes -= e->size;
	free_count--;
}

static void
make_busy(struct element *e, size_t user_size)
{
	e->mark = mark_of(e, STATE_BUSY);
	e->user_size = user_size;
	WDPDK_POISON(payload(e), e->size - UNIT);
	WDPDK_UNPOISON(payload(e), user_size);
}

/* Makes a header at an address that may be poisoned. */
static struct element *
put_header(void *at, size_t size, struct element *below, const struct eal_region *region)
{
	struct element *e = at;

	WDPDK_UNPOISON(e, UNIT);
	memset(e, 0, sizeof(*e));
	e->size = size;
	e->below = below;
	e->region = region;
	return e;
}

/* Puts e, which is in no list, together with free neighbours and into a list. */
static void
give_back(struct element *e)
{
	struct element *up = above(e), *down = e->below;

	if (is(up, STATE_FREE)) {
		unlink_free(up);
		e->size += up->size;
		up->mark = 0;
	}
	if (down != NULL && is(down, STATE_FREE)) {
		unlink_free(down);
		down->size += e->size;
		e->mark = 0;
		e = down;
	}
	above(e)->below = e;
	make_free(e);
}

/* Cuts e (in no list) down to size; the rest becomes free. */
static void
trim(struct element *e, size_t size)
{
	struct element *rest;

	if (e->size == size)
		return;
	rest = put_header((char *)e + size, e->size - size, e, e->region);
	above(rest)->below = rest;
	e->size = size;
	/* Marked before give_back() looks at the neighbours. */
	e->mark = mark_of(e, STATE_BUSY);
	give_back(rest);
}

/* Where in a free element a piece would start, or NULL when it does not fit. */
static char *
place(struct element *e, size_t need, size_t align, size_t bound)
{
	uintptr_t start = RTE_ALIGN_CEIL((uintptr_t)payload(e), (uintptr_t)align), end = (uintptr_t)e + e->size;

	if (bound != 0 && start / bound != (start + need - 1) / bound)
		start = RTE_ALIGN_CEIL(RTE_ALIGN_CEIL(start, (uintptr_t)bound), (uintptr_t)align);
	return start <= end && need <= end - start ? (char *)start : NULL;
}

/* Turns the part of a free element from start on into a busy one. */
static void *
carve(struct element *e, char *start, size_t need, size_t user_size)
{
	struct element *front = e;

	unlink_free(e);
	if (start != payload(e)) {
		size_t gap = (size_t)(start - payload(e));

		e = put_header(start - UNIT, front->size - gap, front, front->region);
		above(e)->below = e;
		front->size = gap;
		make_free(front);
	}
	trim(e, need + UNIT);
	make_busy(e, user_size);
	busy_count++;
	return payload(e);
}

static void *
find(size_t need, size_t user_size, size_t align, size_t bound)
{
	struct element *e;
	unsigned int i;
	char *start;

	for (i = list_of(need + UNIT); i < LISTS; i++)
		for (e = lists[i]; e != NULL; e = e->next) {
			start = place(e, need, align, bound);
			if (start != NULL)
				return carve(e, start, need, user_size);
		}
	return NULL;
}

/* Takes more memory. Where it continues the last region the two become one. */
static int
grow(size_t len)
{
	struct eal_region more, *last = region_count > 0 ? &regions[region_count - 1] : NULL;
	struct element *e, *end;
	int err = eal_memory_grow(len, &more);

	if (err != 0)
		return err;
	if (last != NULL && last->base + last->len == more.base && last->page_size == more.page_size) {
		last->len += more.len;
		e = region_end[region_count - 1];
		e->size = more.len;
	} else {
		if (region_count == REGIONS_MAX)
			return ENOMEM;
		last = &regions[region_count++];
		*last = more;
		e = put_header(more.base, more.len - UNIT, NULL, last);
	}
	end = put_header((char *)e + e->size, 0, e, last);
	end->mark = mark_of(end, STATE_BUSY);
	region_end[region_count - 1] = end;
	total_bytes += more.len;
	give_back(e);
	return 0;
}

/* What growing must add so that a piece fits: less by the free space at the end of memory. */
static size_t
missing(size_t need, size_t align, size_t bound)
{
	size_t len = need + 3 * UNIT + (align > UNIT ? align : 0) + bound;
	struct element *tail = region_count > 0 ? region_end[region_count - 1]->below : NULL;

	if (tail != NULL && is(tail, STATE_FREE) && tail->size < len)
		return RTE_MAX(len - tail->size, (size_t)UNIT);
	return len;
}

void *
eal_heap_alloc(size_t size, size_t align, size_t bound)
{
	size_t need = RTE_ALIGN_CEIL(RTE_MAX(size, (size_t)1), (size_t)UNIT);
	void *ptr;

	if (size > SIZE_MAX / 4 || align > SIZE_MAX / 8 || bound > SIZE_MAX / 8)
		return NULL;
	align = RTE_MAX(align, (size_t)UNIT);
	pthread_mutex_lock(&heap_lock);
	ptr = find(need, size, align, bound);
	if (ptr == NULL && grow(missing(need, align, bound)) == 0) {
		ptr = find(need, size, align, bound);
		/* The new memory did not continue the old: ask for all of it. */
		if (ptr == NULL && grow(need + 3 * UNIT + align + bound) == 0)
			ptr = find(need, size, align, bound);
	}
	pthread_mutex_unlock(&heap_lock);
	return ptr;
}

void *
eal_heap_alloc_largest(size_t align, size_t bound, size_t *size)
{
	struct element *e, *best = NULL;
	size_t room, best_room = 0;
	unsigned int i;
	void *ptr = NULL;

	align = RTE_MAX(align, (size_t)UNIT);
	pthread_mutex_lock(&heap_lock);
	for (i = 0; i < LISTS; i++)
		for (e = lists[i]; e != NULL; e = e->next) {
			uintptr_t start = RTE_ALIGN_CEIL((uintptr_t)payload(e), (uintptr_t)align), end = (uintptr_t)e + e->size;

			room = start < end ? end - start : 0;
			if (bound != 0)
				room = RTE_MIN(room, bound - start % bound);
			if (room > best_room) {
				best = e;
				best_room = room;
			}
		}
	best_room = RTE_ALIGN_FLOOR(best_room, (size_t)UNIT);
	if (best_room != 0) {
		ptr = carve(best, (char *)RTE_ALIGN_CEIL((uintptr_t)payload(best), (uintptr_t)align), best_room, best_room);
		*size = best_room;
	}
	pthread_mutex_unlock(&heap_lock);
	return ptr;
}

static const struct eal_region *
region_of(const void *ptr)
{
	unsigned int i;

	for (i = 0; i < region_count; i++)
		if ((const char *)ptr >= regions[i].base && (const char *)ptr < regions[i].base + regions[i].len)
			return &regions[i];
	return NULL;
}

/* The header of a live piece; NULL when ptr is none. Looks only inside our own memory. */
static struct element *
live(const void *ptr)
{
	const struct eal_region *region = region_of(ptr);
	struct element *e = RTE_PTR_SUB(ptr, UNIT);

	if (region == NULL || !rte_is_aligned(ptr, UNIT) || (const char *)ptr < region->base + UNIT)
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
	struct element *e;

	pthread_mutex_lock(&heap_lock);
	e = live(ptr);
	if (e != NULL) {
		busy_count--;
		give_back(e);
	}
	pthread_mutex_unlock(&heap_lock);
	return e != NULL ? 0 : -1;
}

int
eal_heap_resize(void *ptr, size_t size)
{
	size_t need;
	struct element *e, *up;
	int ret = -1;

	if (size > SIZE_MAX / 4)
		return -1;
	need = RTE_ALIGN_CEIL(RTE_MAX(size, (size_t)1), (size_t)UNIT) + UNIT;
	pthread_mutex_lock(&heap_lock);
	e = live(ptr);
	if (e != NULL) {
		up = above(e);
		if (e->size < need && is(up, STATE_FREE) && e->size + up->size >= need) {
			unlink_free(up);
			e->size += up->size;
			up->mark = 0;
			above(e)->below = e;
		}
		if (e->size >= need) {
			trim(e, need);
			make_busy(e, size);
			ret = 0;
		}
	}
	pthread_mutex_unlock(&heap_lock);
	return ret;
}

int
eal_heap_check(const void *ptr, size_t *size)
{
	struct element *e, *up;
	int ret = -1;

	pthread_mutex_lock(&heap_lock);
	e = live(ptr);
	if (e != NULL) {
		up = above(e);
		if (region_of(up) == e->region && (is(up, STATE_BUSY) || is(up, STATE_FREE)) && up->below == e) {
			*size = e->user_size;
			ret = 0;
		}
	}
	pthread_mutex_unlock(&heap_lock);
	return ret;
}

const struct eal_region *
eal_heap_region(const void *ptr)
{
	const struct eal_region *region;

	pthread_mutex_lock(&heap_lock);
	region = region_of(ptr);
	pthread_mutex_unlock(&heap_lock);
	return region;
}

void
eal_heap_walk(void (*func)(const struct eal_region *region, void *arg), void *arg)
{
	unsigned int i;

	pthread_mutex_lock(&heap_lock);
	for (i = 0; i < region_count; i++)
		func(&regions[i], arg);
	pthread_mutex_unlock(&heap_lock);
}

int
eal_heap_reserve(size_t len)
{
	int err;

	pthread_mutex_lock(&heap_lock);
	err = grow(len);
	pthread_mutex_unlock(&heap_lock);
	return err;
}

void
eal_heap_reset(void)
{
	pthread_mutex_lock(&heap_lock);
	memset(lists, 0, sizeof(lists));
	region_count = 0;
	total_bytes = free_bytes = 0;
	busy_count = free_count = 0;
	pthread_mutex_unlock(&heap_lock);
}

int
rte_malloc_get_socket_stats(int socket, struct rte_malloc_socket_stats *stats)
{
	struct element *e;
	unsigned int i;

	/* There is one heap; it counts as the first node's. */
	if (socket != 0 || stats == NULL)
		return -1;
	memset(stats, 0, sizeof(*stats));
	pthread_mutex_lock(&heap_lock);
	for (i = 0; i < LISTS; i++)
		for (e = lists[i]; e != NULL; e = e->next)
			stats->greatest_free_size = RTE_MAX(stats->greatest_free_size, e->size - UNIT);
	stats->heap_totalsz_bytes = total_bytes;
	stats->heap_freesz_bytes = free_bytes;
	stats->heap_allocsz_bytes = total_bytes - free_bytes;
	stats->free_count = free_count;
	stats->alloc_count = busy_count;
	pthread_mutex_unlock(&heap_lock);
	return 0;
}
