/* SPDX-License-Identifier: BSD-3-Clause
 *
 * rte_fbarray: bits in words of 64 behind the elements. A search for free elements is the search for used ones over
 * inverted words.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include <rte_eal_paging.h>
#include <rte_errno.h>
#include <rte_fbarray.h>
#include <rte_string_fns.h>

#include "eal_memory_private.h"
#include "eal_private.h"

static uint64_t *
bits_of(const struct rte_fbarray *arr)
{
	return RTE_PTR_ADD(arr->data, RTE_ALIGN_CEIL((size_t)arr->len * arr->elt_sz, sizeof(uint64_t)));
}

static size_t
bytes_of(unsigned int len, unsigned int elt_sz)
{
	size_t elements = RTE_ALIGN_CEIL((size_t)len * elt_sz, sizeof(uint64_t));

	return RTE_ALIGN_CEIL(elements + (((size_t)len + 63) / 64) * sizeof(uint64_t), rte_mem_page_size());
}

static int
fail(int err)
{
	rte_errno = err;
	return -1;
}

/* The first index at or after start whose bit is `used`; len when there is none. */
static unsigned int
up(const struct rte_fbarray *arr, unsigned int start, bool used)
{
	const uint64_t *bits = bits_of(arr), invert = used ? 0 : UINT64_MAX;
	unsigned int word = start / 64, words = (arr->len + 63) / 64;
	uint64_t now;

	if (start >= arr->len)
		return arr->len;
	now = (bits[word] ^ invert) & (UINT64_MAX << (start % 64));
	while (now == 0) {
		if (++word == words)
			return arr->len;
		now = bits[word] ^ invert;
	}
	return RTE_MIN(word * 64 + (unsigned int)__builtin_ctzll(now), arr->len);
}

/* The last index at or before start whose bit is `used`; -1 when there is none. */
static int
down(const struct rte_fbarray *arr, int start, bool used)
{
	const uint64_t *bits = bits_of(arr), invert = used ? 0 : UINT64_MAX;
	int word = start / 64;
	uint64_t now;

	if (start < 0)
		return -1;
	now = (bits[word] ^ invert) & (UINT64_MAX >> (63 - start % 64));
	while (now == 0) {
		if (--word < 0)
			return -1;
		now = bits[word] ^ invert;
	}
	return word * 64 + 63 - __builtin_clzll(now);
}

int
rte_fbarray_init(struct rte_fbarray *arr, const char *name, unsigned int len, unsigned int elt_sz)
{
	void *data;

	if (arr == NULL || name == NULL || elt_sz == 0 || len == 0 || len > INT_MAX)
		return fail(EINVAL);
	if (strnlen(name, RTE_FBARRAY_NAME_LEN) == RTE_FBARRAY_NAME_LEN)
		return fail(ENAMETOOLONG);
	/* Pages of its own: they cost nothing until an element is touched. */
	data = rte_mem_map(NULL, bytes_of(len, elt_sz), RTE_PROT_READ | RTE_PROT_WRITE,
		RTE_MAP_ANONYMOUS | RTE_MAP_PRIVATE, -1, 0);
	if (data == NULL)
		return fail(ENOMEM);
	memset(arr, 0, sizeof(*arr));
	rte_strlcpy(arr->name, name, sizeof(arr->name));
	arr->len = len;
	arr->elt_sz = elt_sz;
	arr->data = data;
	rte_rwlock_init(&arr->rwlock);
	return 0;
}

int
rte_fbarray_attach(struct rte_fbarray *arr)
{
	return fail(arr == NULL || arr->data == NULL ? EINVAL : EEXIST);
}

int
rte_fbarray_detach(struct rte_fbarray *arr)
{
	if (arr == NULL)
		return fail(EINVAL);
	if (arr->data == NULL)
		return fail(ENOENT);
	rte_mem_unmap(arr->data, bytes_of(arr->len, arr->elt_sz));
	arr->data = NULL;
	return 0;
}

int
rte_fbarray_destroy(struct rte_fbarray *arr)
{
	int ret = rte_fbarray_detach(arr);

	if (ret == 0)
		memset(arr, 0, sizeof(*arr));
	return ret;
}

void *
rte_fbarray_get(const struct rte_fbarray *arr, unsigned int idx)
{
	if (arr == NULL || idx >= arr->len) {
		rte_errno = EINVAL;
		return NULL;
	}
	return RTE_PTR_ADD(arr->data, (size_t)idx * arr->elt_sz);
}

int
rte_fbarray_find_idx(const struct rte_fbarray *arr, const void *elt)
{
	if (arr == NULL || elt == NULL || (uintptr_t)elt < (uintptr_t)arr->data ||
	    (uintptr_t)elt - (uintptr_t)arr->data >= (size_t)arr->len * arr->elt_sz)
		return fail(EINVAL);
	return (int)(((uintptr_t)elt - (uintptr_t)arr->data) / arr->elt_sz);
}

static int
set(struct rte_fbarray *arr, unsigned int idx, bool used)
{
	uint64_t bit = UINT64_C(1) << (idx % 64), *word;

	if (arr == NULL || idx >= arr->len)
		return fail(EINVAL);
	rte_rwlock_write_lock(&arr->rwlock);
	word = &bits_of(arr)[idx / 64];
	if (((*word & bit) != 0) != used) {
		*word ^= bit;
		if (used)
			arr->count++;
		else
			arr->count--;
	}
	rte_rwlock_write_unlock(&arr->rwlock);
	return 0;
}

int
rte_fbarray_set_used(struct rte_fbarray *arr, unsigned int idx)
{
	return set(arr, idx, true);
}

int
rte_fbarray_set_free(struct rte_fbarray *arr, unsigned int idx)
{
	return set(arr, idx, false);
}

int
rte_fbarray_is_used(struct rte_fbarray *arr, unsigned int idx)
{
	int used;

	if (arr == NULL || idx >= arr->len)
		return fail(EINVAL);
	rte_rwlock_read_lock(&arr->rwlock);
	used = (bits_of(arr)[idx / 64] >> (idx % 64)) & 1;
	rte_rwlock_read_unlock(&arr->rwlock);
	return used;
}

bool
eal_fbarray_bit(const struct rte_fbarray *arr, size_t index)
{
	return (bits_of(arr)[index / 64] >> (index % 64) & 1) != 0;
}

enum direction {
	NEXT,
	PREV,
};

/* What a search found, or -1 with its reason. */
static int
found(int index, bool used)
{
	return index >= 0 ? index : fail(used ? ENOENT : ENOSPC);
}

static int
find_n(struct rte_fbarray *arr, unsigned int start, unsigned int n, enum direction direction, bool used)
{
	int index = -1, last, first;
	unsigned int from, end;

	if (arr == NULL || start >= arr->len || n > arr->len || n == 0)
		return fail(EINVAL);
	rte_rwlock_read_lock(&arr->rwlock);
	if (direction == NEXT) {
		for (from = up(arr, start, used); from < arr->len; from = up(arr, end, used)) {
			end = up(arr, from, !used);
			if (end - from >= n) {
				index = (int)from;
				break;
			}
		}
	} else {
		for (last = down(arr, (int)start, used); last >= 0; last = down(arr, first - 1, used)) {
			first = down(arr, last, !used) + 1;
			if ((unsigned int)(last - first) + 1 >= n) {
				index = last - (int)n + 1;
				break;
			}
		}
	}
	rte_rwlock_read_unlock(&arr->rwlock);
	return found(index, used);
}

static int
contig(struct rte_fbarray *arr, unsigned int start, enum direction direction, bool used)
{
	int n;

	if (arr == NULL || start >= arr->len)
		return fail(EINVAL);
	rte_rwlock_read_lock(&arr->rwlock);
	n = direction == NEXT ? (int)(up(arr, start, !used) - start) : (int)start - down(arr, (int)start, !used);
	rte_rwlock_read_unlock(&arr->rwlock);
	return n;
}

static int
biggest(struct rte_fbarray *arr, unsigned int start, enum direction direction, bool used)
{
	int index = -1, last, first;
	unsigned int from, end, best = 0;

	if (arr == NULL || start >= arr->len)
		return fail(EINVAL);
	rte_rwlock_read_lock(&arr->rwlock);
	if (direction == NEXT) {
		for (from = up(arr, start, used); from < arr->len; from = up(arr, end, used)) {
			end = up(arr, from, !used);
			if (end - from > best) {
				best = end - from;
				index = (int)from;
			}
		}
	} else {
		for (last = down(arr, (int)start, used); last >= 0; last = down(arr, first - 1, used)) {
			first = down(arr, last, !used) + 1;
			if ((unsigned int)(last - first) + 1 > best) {
				best = (unsigned int)(last - first) + 1;
				index = first;
			}
		}
	}
	rte_rwlock_read_unlock(&arr->rwlock);
	return found(index, used);
}

int
rte_fbarray_find_next_free(struct rte_fbarray *arr, unsigned int start)
{
	return find_n(arr, start, 1, NEXT, false);
}

int
rte_fbarray_find_next_used(struct rte_fbarray *arr, unsigned int start)
{
	return find_n(arr, start, 1, NEXT, true);
}

int
rte_fbarray_find_prev_free(struct rte_fbarray *arr, unsigned int start)
{
	return find_n(arr, start, 1, PREV, false);
}

int
rte_fbarray_find_prev_used(struct rte_fbarray *arr, unsigned int start)
{
	return find_n(arr, start, 1, PREV, true);
}

int
rte_fbarray_find_next_n_free(struct rte_fbarray *arr, unsigned int start, unsigned int n)
{
	return find_n(arr, start, n, NEXT, false);
}

int
rte_fbarray_find_next_n_used(struct rte_fbarray *arr, unsigned int start, unsigned int n)
{
	return find_n(arr, start, n, NEXT, true);
}

int
rte_fbarray_find_prev_n_free(struct rte_fbarray *arr, unsigned int start, unsigned int n)
{
	return find_n(arr, start, n, PREV, false);
}

int
rte_fbarray_find_prev_n_used(struct rte_fbarray *arr, unsigned int start, unsigned int n)
{
	return find_n(arr, start, n, PREV, true);
}

int
rte_fbarray_find_contig_free(struct rte_fbarray *arr, unsigned int start)
{
	return contig(arr, start, NEXT, false);
}

int
rte_fbarray_find_contig_used(struct rte_fbarray *arr, unsigned int start)
{
	return contig(arr, start, NEXT, true);
}

int
rte_fbarray_find_rev_contig_free(struct rte_fbarray *arr, unsigned int start)
{
	return contig(arr, start, PREV, false);
}

int
rte_fbarray_find_rev_contig_used(struct rte_fbarray *arr, unsigned int start)
{
	return contig(arr, start, PREV, true);
}

int
rte_fbarray_find_biggest_free(struct rte_fbarray *arr, unsigned int start)
{
	return biggest(arr, start, NEXT, false);
}

int
rte_fbarray_find_biggest_used(struct rte_fbarray *arr, unsigned int start)
{
	return biggest(arr, start, NEXT, true);
}

int
rte_fbarray_find_rev_biggest_free(struct rte_fbarray *arr, unsigned int start)
{
	return biggest(arr, start, PREV, false);
}

int
rte_fbarray_find_rev_biggest_used(struct rte_fbarray *arr, unsigned int start)
{
	return biggest(arr, start, PREV, true);
}

void
rte_fbarray_dump_metadata(struct rte_fbarray *arr, FILE *f)
{
	unsigned int from, end;

	if (arr == NULL || f == NULL) {
		rte_errno = EINVAL;
		return;
	}
	if (arr->data == NULL) {
		fprintf(f, "fbarray: none\n");
		return;
	}
	rte_rwlock_read_lock(&arr->rwlock);
	fprintf(f, "fbarray %s: %u elements of %u bytes, %u used\n", arr->name, arr->len, arr->elt_sz, arr->count);
	for (from = up(arr, 0, true); from < arr->len; from = up(arr, end, true)) {
		end = up(arr, from, false);
		fprintf(f, "used: %u to %u\n", from, end - 1);
	}
	rte_rwlock_read_unlock(&arr->rwlock);
}
