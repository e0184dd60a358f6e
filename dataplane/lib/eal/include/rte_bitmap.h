/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Large bitmaps in which set bits are found fast: array2 has the bits, and a bit of array1 stands for a cache line of
 * array2 and is set exactly when a bit of that line is. Both are read and written as 64-bit slabs.
 *
 * One thread sets, clears and scans. Others may get bits meanwhile. Positions are below the number of bits the bitmap
 * was made for; nothing checks that.
 */
#ifndef __INCLUDE_RTE_BITMAP_H__
#define __INCLUDE_RTE_BITMAP_H__

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_compat.h>
#include <rte_config.h>
#include <rte_debug.h>
#include <rte_memory.h>
#include <rte_prefetch.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_BITMAP_SLAB_BIT_SIZE 64
#define RTE_BITMAP_SLAB_BIT_SIZE_LOG2 6
#define RTE_BITMAP_SLAB_BIT_MASK (RTE_BITMAP_SLAB_BIT_SIZE - 1)

#define RTE_BITMAP_CL_BIT_SIZE (RTE_CACHE_LINE_SIZE * 8)
#define RTE_BITMAP_CL_BIT_SIZE_LOG2 (RTE_CACHE_LINE_SIZE_LOG2 + 3)
#define RTE_BITMAP_CL_BIT_MASK (RTE_BITMAP_CL_BIT_SIZE - 1)

#define RTE_BITMAP_CL_SLAB_SIZE (RTE_BITMAP_CL_BIT_SIZE / RTE_BITMAP_SLAB_BIT_SIZE)
#define RTE_BITMAP_CL_SLAB_SIZE_LOG2 (RTE_BITMAP_CL_BIT_SIZE_LOG2 - RTE_BITMAP_SLAB_BIT_SIZE_LOG2)
#define RTE_BITMAP_CL_SLAB_MASK (RTE_BITMAP_CL_SLAB_SIZE - 1)

struct rte_bitmap {
	uint64_t *array1;
	uint64_t *array2;
	uint32_t array1_size; /* slabs, a power of two */
	uint32_t array2_size; /* slabs */
	/* Where the scan stands: at bit offset1 of slab index1 of array1. */
	uint32_t index1;
	uint32_t offset1;
	uint32_t index2; /* the next slab of array2 to look at, ... */
	uint32_t go2;    /* ... unless this is 0: then the line is through */
	uint8_t memory[];
};

/* Where the arrays lie, in bytes from the start, and how much it is in all. */
struct wdpdk_bitmap_layout {
	uint64_t total;
	uint32_t array1, array1_slabs, array2, array2_slabs;
};

static inline struct wdpdk_bitmap_layout
wdpdk_bitmap_layout(uint32_t n_bits)
{
	struct wdpdk_bitmap_layout l;
	uint32_t lines = (uint32_t)(((uint64_t)n_bits + RTE_BITMAP_CL_BIT_MASK) >> RTE_BITMAP_CL_BIT_SIZE_LOG2);

	l.array1 = (uint32_t)RTE_ALIGN_CEIL(sizeof(struct rte_bitmap), sizeof(uint64_t));
	l.array1_slabs = rte_align32pow2((lines + RTE_BITMAP_SLAB_BIT_MASK) >> RTE_BITMAP_SLAB_BIT_SIZE_LOG2);
	l.array2 = (uint32_t)RTE_CACHE_LINE_ROUNDUP(l.array1 + l.array1_slabs * sizeof(uint64_t));
	l.array2_slabs = lines << RTE_BITMAP_CL_SLAB_SIZE_LOG2;
	l.total = l.array2 + (uint64_t)lines * RTE_CACHE_LINE_SIZE;
	return l;
}

/* The next scan starts with the first line. */
static inline void
__rte_bitmap_scan_init(struct rte_bitmap *bmp)
{
	bmp->index1 = bmp->array1_size - 1;
	bmp->offset1 = RTE_BITMAP_SLAB_BIT_MASK;
	bmp->index2 = 0;
	bmp->go2 = 0;
}

/* The bitmap in mem with its bits as they are there, or NULL. */
static inline struct rte_bitmap *
wdpdk_bitmap_place(uint32_t n_bits, uint8_t *mem, uint32_t mem_size)
{
	struct wdpdk_bitmap_layout l = wdpdk_bitmap_layout(n_bits);
	struct rte_bitmap *bmp = (struct rte_bitmap *)(void *)mem;

	if (n_bits == 0 || mem == NULL || !rte_is_aligned(mem, RTE_CACHE_LINE_SIZE) || mem_size < l.total)
		return NULL;
	bmp->array1 = (uint64_t *)(void *)(mem + l.array1);
	bmp->array1_size = l.array1_slabs;
	bmp->array2 = (uint64_t *)(void *)(mem + l.array2);
	bmp->array2_size = l.array2_slabs;
	__rte_bitmap_scan_init(bmp);
	return bmp;
}

/** Bytes a bitmap of n_bits needs; 0 when n_bits is 0. */
static inline uint32_t
rte_bitmap_get_memory_footprint(uint32_t n_bits)
{
	return n_bits == 0 ? 0 : (uint32_t)wdpdk_bitmap_layout(n_bits).total;
}

/** All bits clear. */
static inline void
rte_bitmap_reset(struct rte_bitmap *bmp)
{
	memset(bmp->array1, 0, bmp->array1_size * sizeof(uint64_t));
	memset(bmp->array2, 0, bmp->array2_size * sizeof(uint64_t));
	__rte_bitmap_scan_init(bmp);
}

/**
 * A bitmap of n_bits, all clear, in mem_size bytes at mem, which stay the caller's.
 * @return NULL when n_bits is 0, mem is NULL or not at a multiple of a cache line, or mem_size is too little.
 */
static inline struct rte_bitmap *
rte_bitmap_init(uint32_t n_bits, uint8_t *mem, uint32_t mem_size)
{
	struct rte_bitmap *bmp = wdpdk_bitmap_place(n_bits, mem, mem_size);

	if (bmp != NULL)
		rte_bitmap_reset(bmp);
	return bmp;
}

/* The first n bits of an array of slabs set, the others clear. */
static inline void
wdpdk_bitmap_fill(uint64_t *slabs, uint32_t count, uint32_t n)
{
	uint32_t full = n >> RTE_BITMAP_SLAB_BIT_SIZE_LOG2, rest = n & RTE_BITMAP_SLAB_BIT_MASK;

	memset(slabs, 0xff, full * sizeof(uint64_t));
	if (full < count)
		memset(&slabs[full], 0, (count - full) * sizeof(uint64_t));
	if (rest != 0)
		slabs[full] = (UINT64_C(1) << rest) - 1;
}

/** As rte_bitmap_init(), with all n_bits bits set. */
static inline struct rte_bitmap *
rte_bitmap_init_with_all_set(uint32_t n_bits, uint8_t *mem, uint32_t mem_size)
{
	struct rte_bitmap *bmp = wdpdk_bitmap_place(n_bits, mem, mem_size);

	if (bmp != NULL) {
		wdpdk_bitmap_fill(bmp->array1, bmp->array1_size, bmp->array2_size >> RTE_BITMAP_CL_SLAB_SIZE_LOG2);
		wdpdk_bitmap_fill(bmp->array2, bmp->array2_size, n_bits);
	}
	return bmp;
}

/** There is nothing to free: 0, or -1 for NULL. */
static inline int
rte_bitmap_free(struct rte_bitmap *bmp)
{
	return bmp == NULL ? -1 : 0;
}

static inline void
rte_bitmap_prefetch0(struct rte_bitmap *bmp, uint32_t pos)
{
	rte_prefetch0(&bmp->array2[pos >> RTE_BITMAP_SLAB_BIT_SIZE_LOG2]);
}

/** Not 0 when the bit is set. */
static inline uint64_t
rte_bitmap_get(struct rte_bitmap *bmp, uint32_t pos)
{
	return bmp->array2[pos >> RTE_BITMAP_SLAB_BIT_SIZE_LOG2] & UINT64_C(1) << (pos & RTE_BITMAP_SLAB_BIT_MASK);
}

/** Sets those bits of the slab that pos is in which are set in slab. */
static inline void
rte_bitmap_set_slab(struct rte_bitmap *bmp, uint32_t pos, uint64_t slab)
{
	uint32_t line = pos >> RTE_BITMAP_CL_BIT_SIZE_LOG2;

	bmp->array2[pos >> RTE_BITMAP_SLAB_BIT_SIZE_LOG2] |= slab;
	bmp->array1[line >> RTE_BITMAP_SLAB_BIT_SIZE_LOG2] |=
		(uint64_t)(slab != 0) << (line & RTE_BITMAP_SLAB_BIT_MASK);
}

static inline void
rte_bitmap_set(struct rte_bitmap *bmp, uint32_t pos)
{
	rte_bitmap_set_slab(bmp, pos, UINT64_C(1) << (pos & RTE_BITMAP_SLAB_BIT_MASK));
}

static inline void
rte_bitmap_clear(struct rte_bitmap *bmp, uint32_t pos)
{
	uint32_t index = pos >> RTE_BITMAP_SLAB_BIT_SIZE_LOG2, line = pos >> RTE_BITMAP_CL_BIT_SIZE_LOG2, i;
	const uint64_t *slab = &bmp->array2[index & ~(uint32_t)RTE_BITMAP_CL_SLAB_MASK];
	uint64_t others = 0;

	bmp->array2[index] &= ~(UINT64_C(1) << (pos & RTE_BITMAP_SLAB_BIT_MASK));
	if (bmp->array2[index] != 0)
		return;
	for (i = 0; i < RTE_BITMAP_CL_SLAB_SIZE; i++)
		others |= slab[i];
	if (others == 0)
		bmp->array1[line >> RTE_BITMAP_SLAB_BIT_SIZE_LOG2] &= ~(UINT64_C(1) << (line & RTE_BITMAP_SLAB_BIT_MASK));
}

/* Goes on to the next line of which array1 says that it has bits, round and round; 0 when there is none. */
static inline int
wdpdk_bitmap_next_line(struct rte_bitmap *bmp)
{
	uint64_t candidates = bmp->array1[bmp->index1] & ~UINT64_C(1) << bmp->offset1;
	uint32_t looked;

	for (looked = 0; candidates == 0; looked++) {
		if (looked == bmp->array1_size)
			return 0;
		bmp->index1 = (bmp->index1 + 1) & (bmp->array1_size - 1);
		candidates = bmp->array1[bmp->index1];
	}
	bmp->offset1 = rte_bsf64(candidates);
	bmp->index2 = (bmp->index1 << RTE_BITMAP_SLAB_BIT_SIZE_LOG2 | bmp->offset1) << RTE_BITMAP_CL_SLAB_SIZE_LOG2;
	bmp->go2 = 1;
	return 1;
}

/**
 * The next slab with bits in it, after the last one this function gave; after the end it goes on from the start.
 * @param pos the position of the slab's bit 0
 * @return 1; 0, with *pos and *slab as they were, when no bit is set.
 */
static inline int
rte_bitmap_scan(struct rte_bitmap *bmp, uint32_t *pos, uint64_t *slab)
{
	do {
		while (bmp->go2 != 0) {
			uint32_t index = bmp->index2++;

			bmp->go2 = bmp->index2 & RTE_BITMAP_CL_SLAB_MASK;
			if (bmp->array2[index] != 0) {
				*pos = index << RTE_BITMAP_SLAB_BIT_SIZE_LOG2;
				*slab = bmp->array2[index];
				return 1;
			}
		}
	} while (wdpdk_bitmap_next_line(bmp));
	return 0;
}

#ifdef __cplusplus
}
#endif

#endif
