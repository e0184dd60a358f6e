/* SPDX-License-Identifier: BSD-3-Clause */
#include "rte_reorder.h"

#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_malloc.h>

#include "lpm_directory.h"

/* What users of rte_reorder_init() add to their pointers. */
#define HEAD_SIZE 192

struct rte_reorder_buffer {
	struct lpm_entry entry;
	uint32_t size;
	uint32_t next;        /* the number at the window's beginning */
	uint32_t ready_count; /* packets that left the window, oldest at ready_first */
	uint32_t ready_first;
	bool begun;           /* next is known */
	/* window[number & (size - 1)], then the ready ones, a circle. */
	struct rte_mbuf *slots[] __rte_aligned(RTE_CACHE_LINE_SIZE);
};

_Static_assert(sizeof(struct rte_reorder_buffer) <= HEAD_SIZE, "callers have made room for so much");

int rte_reorder_seqn_dynfield_offset = -1;

static struct lpm_directory directory = { .lock = RTE_SPINLOCK_INITIALIZER };

static struct rte_mbuf **
window_slot(struct rte_reorder_buffer *b, uint32_t number)
{
	return &b->slots[number & (b->size - 1)];
}

static struct rte_mbuf **
ready_slot(struct rte_reorder_buffer *b, uint32_t place)
{
	return &b->slots[b->size + ((b->ready_first + place) & (b->size - 1))];
}

static bool
good_parameters(const char *name, unsigned int size)
{
	if (lpm_directory_name_fits(name) && rte_is_power_of_2(size))
		return true;
	rte_errno = EINVAL;
	return false;
}

static size_t
bytes_for(unsigned int size)
{
	return HEAD_SIZE + 2 * (size_t)size * sizeof(struct rte_mbuf *);
}

struct rte_reorder_buffer *
rte_reorder_init(struct rte_reorder_buffer *b, unsigned int bufsize, const char *name, unsigned int size)
{
	static const struct rte_mbuf_dynfield field = { .name = "rte_reorder_seqn", .size = sizeof(rte_reorder_seqn_t),
		.align = __alignof__(rte_reorder_seqn_t) };

	if (!good_parameters(name, size))
		return NULL;
	if (b == NULL || bufsize < bytes_for(size)) {
		rte_errno = EINVAL;
		return NULL;
	}
	rte_reorder_seqn_dynfield_offset = rte_mbuf_dynfield_register(&field);
	if (rte_reorder_seqn_dynfield_offset < 0) {
		rte_errno = ENOMEM;
		return NULL;
	}
	memset(b, 0, bytes_for(size));
	memcpy(b->entry.name, name, strlen(name) + 1);
	b->size = size;
	return b;
}

static struct rte_reorder_buffer *
buffer_of(struct lpm_entry *entry)
{
	return entry == NULL ? NULL : (struct rte_reorder_buffer *)((char *)entry - offsetof(struct rte_reorder_buffer, entry));
}

struct rte_reorder_buffer *
rte_reorder_create(const char *name, unsigned int socket_id, unsigned int size)
{
	struct rte_reorder_buffer *b;
	struct lpm_entry *present;

	if (!good_parameters(name, size) || bytes_for(size) > UINT32_MAX) {
		rte_errno = EINVAL;
		return NULL;
	}
	present = lpm_directory_find(&directory, name);
	if (present != NULL)
		return buffer_of(present);
	b = rte_malloc_socket("reorder", bytes_for(size), RTE_CACHE_LINE_SIZE, (int)socket_id);
	if (b == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	if (rte_reorder_init(b, (unsigned int)bytes_for(size), name, size) == NULL) {
		rte_free(b);
		return NULL;
	}
	if (!lpm_directory_insert(&directory, &b->entry, name)) {
		/* Somebody was faster. */
		rte_free(b);
		return buffer_of(lpm_directory_find(&directory, name));
	}
	return b;
}

struct rte_reorder_buffer *
rte_reorder_find_existing(const char *name)
{
	return buffer_of(lpm_directory_find(&directory, name));
}

void
rte_reorder_reset(struct rte_reorder_buffer *b)
{
	if (b == NULL)
		return;
	for (uint32_t i = 0; i < 2 * b->size; i++) {
		rte_pktmbuf_free(b->slots[i]);
		b->slots[i] = NULL;
	}
	b->ready_count = b->ready_first = 0;
	b->begun = false;
}

void
rte_reorder_free(struct rte_reorder_buffer *b)
{
	int keep = rte_errno;

	if (b == NULL)
		return;
	if (lpm_directory_find(&directory, b->entry.name) == &b->entry) {
		lpm_directory_remove(&directory, &b->entry);
		rte_reorder_reset(b);
		rte_free(b);
	}
	rte_errno = keep;
}

/* Moves the window on to where `number` is its last, and over what is in order there; false when packets find no room. */
static bool
advance(struct rte_reorder_buffer *b, uint32_t number)
{
	uint32_t least = number - b->next - (b->size - 1);

	for (;; b->next++) {
		struct rte_mbuf **slot = window_slot(b, b->next);

		if (least == 0 && (*slot == NULL || b->ready_count == b->size))
			return true;
		if (*slot != NULL) {
			if (b->ready_count == b->size)
				return false;
			*ready_slot(b, b->ready_count++) = *slot;
			*slot = NULL;
		}
		least -= least != 0;
	}
}

int
rte_reorder_insert(struct rte_reorder_buffer *b, struct rte_mbuf *mbuf)
{
	uint32_t number, ahead;

	if (b == NULL || mbuf == NULL) {
		rte_errno = EINVAL;
		return -1;
	}
	number = *rte_reorder_seqn(mbuf);
	if (!b->begun) {
		b->next = number;
		b->begun = true;
	}
	ahead = number - b->next;
	if (ahead >= b->size) {
		if (ahead - b->size >= b->size) {
			rte_errno = ERANGE;
			return -1;
		}
		if (!advance(b, number)) {
			rte_errno = ENOSPC;
			return -1;
		}
	}
	if (*window_slot(b, number) != NULL) {
		rte_errno = EEXIST;
		return -1;
	}
	*window_slot(b, number) = mbuf;
	return 0;
}

unsigned int
rte_reorder_drain(struct rte_reorder_buffer *b, struct rte_mbuf **mbufs, unsigned int max_mbufs)
{
	unsigned int count = 0;

	if (b == NULL || mbufs == NULL)
		return 0;
	for (; count < max_mbufs && b->ready_count > 0; b->ready_count--) {
		struct rte_mbuf **slot = ready_slot(b, 0);

		mbufs[count++] = *slot;
		*slot = NULL;
		b->ready_first++;
	}
	for (; count < max_mbufs && *window_slot(b, b->next) != NULL; b->next++) {
		struct rte_mbuf **slot = window_slot(b, b->next);

		mbufs[count++] = *slot;
		*slot = NULL;
	}
	return count;
}
