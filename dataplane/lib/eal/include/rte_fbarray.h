/* SPDX-License-Identifier: BSD-3-Clause
 *
 * An array of fixed length with one bit per element that says whether it is in use, and searches over those bits.
 *
 * The array is memory of this process; elements are zero at first and never move. Every function locks the array for
 * itself, so that any thread may call it; between two calls the answer may have changed.
 *
 * Functions that return int give -1 with rte_errno: EINVAL (NULL, an index at or beyond the array's length, a run of 0
 * or longer than the array), ENOENT (no used element or run found), ENOSPC (no free one found).
 */
#ifndef RTE_FBARRAY_H
#define RTE_FBARRAY_H

#include <stdio.h>

#include <rte_rwlock.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_FBARRAY_NAME_LEN 64

/* The caller's; filled by rte_fbarray_init() and read-only for others. */
struct rte_fbarray {
	char name[RTE_FBARRAY_NAME_LEN];
	unsigned int count;  /* elements in use */
	unsigned int len;    /* elements */
	unsigned int elt_sz; /* bytes each */
	void *data;          /* elements, then the bits */
	rte_rwlock_t rwlock;
};

/**
 * Makes an array of len (1 .. INT_MAX) elements of elt_sz bytes, all free. name: for messages, shorter than
 * RTE_FBARRAY_NAME_LEN. 0; -1 with EINVAL, ENAMETOOLONG or ENOMEM.
 */
int rte_fbarray_init(struct rte_fbarray *arr, const char *name, unsigned int len, unsigned int elt_sz);
/** For other processes; in the one that made the array -1 with EEXIST, and EINVAL when arr is none. */
int rte_fbarray_attach(struct rte_fbarray *arr);
/** Gives the memory back; *arr is zeroed by destroy. 0; -1 with EINVAL, or ENOENT when arr is no array (any more). */
int rte_fbarray_destroy(struct rte_fbarray *arr);
int rte_fbarray_detach(struct rte_fbarray *arr);

/** The element, used or not; NULL with EINVAL. */
void *rte_fbarray_get(const struct rte_fbarray *arr, unsigned int idx);
/** Index of the element that elt points to or into. */
int rte_fbarray_find_idx(const struct rte_fbarray *arr, const void *elt);

/** 0, also when it was so already. Contents stay. */
int rte_fbarray_set_used(struct rte_fbarray *arr, unsigned int idx);
int rte_fbarray_set_free(struct rte_fbarray *arr, unsigned int idx);
/** 1 or 0. */
int rte_fbarray_is_used(struct rte_fbarray *arr, unsigned int idx);

/* The nearest element at or after start (next), at or before it (prev). */
int rte_fbarray_find_next_free(struct rte_fbarray *arr, unsigned int start);
int rte_fbarray_find_next_used(struct rte_fbarray *arr, unsigned int start);
int rte_fbarray_find_prev_free(struct rte_fbarray *arr, unsigned int start);
int rte_fbarray_find_prev_used(struct rte_fbarray *arr, unsigned int start);

/* The first index of the nearest run of n that begins at or after start (next), ends at or before it (prev). */
int rte_fbarray_find_next_n_free(struct rte_fbarray *arr, unsigned int start, unsigned int n);
int rte_fbarray_find_next_n_used(struct rte_fbarray *arr, unsigned int start, unsigned int n);
int rte_fbarray_find_prev_n_free(struct rte_fbarray *arr, unsigned int start, unsigned int n);
int rte_fbarray_find_prev_n_used(struct rte_fbarray *arr, unsigned int start, unsigned int n);

/* How many in a row from start on, upwards or (rev) downwards, start included; 0 when start itself is not. */
int rte_fbarray_find_contig_free(struct rte_fbarray *arr, unsigned int start);
int rte_fbarray_find_contig_used(struct rte_fbarray *arr, unsigned int start);
int rte_fbarray_find_rev_contig_free(struct rte_fbarray *arr, unsigned int start);
int rte_fbarray_find_rev_contig_used(struct rte_fbarray *arr, unsigned int start);

/* The first index of the longest run in start .. end, or (rev) 0 .. start; the one nearest to start of equals. */
int rte_fbarray_find_biggest_free(struct rte_fbarray *arr, unsigned int start);
int rte_fbarray_find_biggest_used(struct rte_fbarray *arr, unsigned int start);
int rte_fbarray_find_rev_biggest_free(struct rte_fbarray *arr, unsigned int start);
int rte_fbarray_find_rev_biggest_used(struct rte_fbarray *arr, unsigned int start);

void rte_fbarray_dump_metadata(struct rte_fbarray *arr, FILE *f);

#ifdef __cplusplus
}
#endif

#endif
