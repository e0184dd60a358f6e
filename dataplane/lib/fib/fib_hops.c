/* SPDX-License-Identifier: BSD-3-Clause */
#include "fib_hops.h"

#include <errno.h>

#include <rte_common.h>
#include <rte_malloc.h>

struct fib_hop {
	uint32_t users; /* 0: free */
	uint32_t next;  /* in its chain, or among the free ones: 1 + number */
};

void
fib_hops_init(struct fib_hops *hops, uint32_t capacity, int socket)
{
	*hops = (struct fib_hops){ .capacity = RTE_MIN(capacity, FIB_CODE + 1), .socket = socket };
}

void
fib_hops_release(struct fib_hops *hops)
{
	rte_free(hops->values);
	rte_free(hops->hops);
	rte_free(hops->heads);
}

static int
list_make(struct fib_hops *hops)
{
	const uint32_t heads = rte_align32pow2(hops->capacity);

	hops->hops = rte_zmalloc_socket("fib hops", hops->capacity * sizeof(*hops->hops), 0, hops->socket);
	hops->heads = rte_zmalloc_socket("fib hops", heads * sizeof(*hops->heads), 0, hops->socket);
	hops->values = rte_zmalloc_socket("fib hops", hops->capacity * sizeof(*hops->values), 0, hops->socket);
	if (hops->hops == NULL || hops->heads == NULL || hops->values == NULL) {
		fib_hops_release(hops);
		fib_hops_init(hops, hops->capacity, hops->socket);
		return -ENOMEM;
	}
	hops->mask = heads - 1;
	return 0;
}

static uint32_t *
head_of(struct fib_hops *hops, uint64_t value)
{
	return &hops->heads[(value * UINT64_C(0x9e3779b97f4a7c15) >> 32) & hops->mask];
}

/* The link to the value's number, which is 0 where there is none. */
static uint32_t *
link_of(struct fib_hops *hops, uint64_t value)
{
	uint32_t *link = head_of(hops, value);

	while (*link != 0 && hops->values[*link - 1] != value)
		link = &hops->hops[*link - 1].next;
	return link;
}

static uint32_t
number_take(struct fib_hops *hops)
{
	uint32_t number = hops->first_free;

	if (hops->fresh < hops->capacity)
		return ++hops->fresh;
	if (number != 0) {
		hops->first_free = hops->hops[number - 1].next;
		if (hops->first_free == 0)
			hops->last_free = 0;
	}
	return number;
}

int
fib_hops_keep(struct fib_hops *hops, uint64_t next_hop, uint32_t *code)
{
	uint32_t *link, number;
	int error;

	if (next_hop <= FIB_CODE) {
		*code = (uint32_t)next_hop;
		return 0;
	}
	if (hops->values == NULL) {
		error = list_make(hops);
		if (error != 0)
			return error;
	}
	link = link_of(hops, next_hop);
	number = *link;
	if (number == 0) {
		number = number_take(hops);
		if (number == 0)
			return -ENOSPC;
		hops->hops[number - 1] = (struct fib_hop){ 0, 0 };
		__atomic_store_n(&hops->values[number - 1], next_hop, __ATOMIC_RELAXED);
		*link = number;
	}
	hops->hops[number - 1].users++;
	*code = FIB_LISTED | (number - 1);
	return 0;
}

void
fib_hops_drop(struct fib_hops *hops, uint64_t next_hop)
{
	uint32_t *link, number;

	if (next_hop <= FIB_CODE)
		return;
	link = link_of(hops, next_hop);
	number = *link;
	if (--hops->hops[number - 1].users > 0)
		return;
	*link = hops->hops[number - 1].next;
	hops->hops[number - 1].next = 0;
	if (hops->last_free != 0)
		hops->hops[hops->last_free - 1].next = number;
	else
		hops->first_free = number;
	hops->last_free = number;
}
