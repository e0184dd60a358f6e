/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The driver's memory, as the device sees it: by bus address.
 *
 * All of it may be written by the driver at any time: whoever checks something in it copies it first. A pointer stays mapped until the next
 * xl710_dma_refresh; what stands behind it when the driver has given the memory back is anything, but never a fault.
 */
#ifndef XL710_DMA_H
#define XL710_DMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_branch_prediction.h>

#define XL710_DMA_GRANULE_BITS 21
#define XL710_DMA_GRANULE (1ull << XL710_DMA_GRANULE_BITS)
#define XL710_DMA_SLOTS 4096u

struct xl710_dma_slot {
	uint64_t granule; /* iova >> 21, UINT64_MAX for none */
	uint8_t *base;    /* where the granule begins */
	uint64_t valid;   /* bytes that are contiguous from there, in bus addresses and here */
};

struct xl710_dma_source;

/* One region of bus addresses; may serve several ports of one process. Not thread-safe: one thread steps a model. */
struct xl710_dma {
	struct xl710_dma_slot slots[XL710_DMA_SLOTS];
	struct xl710_dma_source *source;
	uint64_t misses; /* requests that had no memory behind them */
};

/*
 * Our EAL's memory: `map` and `memory.N` in `folder`, which need not be there yet. NULL: no memory, errno.
 * The hugetlbfs variant: every file of `folder` at its physical address (Linux, root); NULL with ENOTSUP elsewhere.
 */
struct xl710_dma *xl710_dma_open_folder(const char *folder);
struct xl710_dma *xl710_dma_open_hugetlbfs(const char *folder);
/* For tests: `length` bytes (a multiple of 2 MiB) of the caller's at bus address `iova` (2 MiB aligned). NULL: no memory or ranges. */
struct xl710_dma *xl710_dma_open_memory(void *memory, uint64_t iova, size_t length);
void xl710_dma_close(struct xl710_dma *dma);

/* Looks at the folder again: unmaps what is gone, forgets what was looked up. Pointers got before are void. */
void xl710_dma_refresh(struct xl710_dma *dma);

/* Whether a refresh would find something gone. Cheap enough for once a second. */
bool xl710_dma_stale(struct xl710_dma *dma);

/* The long way of xl710_dma: counts a miss when it finds nothing, now and then after a look at the folder. */
void *xl710_dma_find(struct xl710_dma *dma, uint64_t iova, size_t length);

static inline struct xl710_dma_slot *
xl710_dma_slot(struct xl710_dma *dma, uint64_t granule)
{
	return &dma->slots[(granule ^ granule >> 12 ^ granule >> 24) % XL710_DMA_SLOTS];
}

/* Where bus addresses [iova, iova + length) are, all of them contiguous here, or NULL. */
static inline void *
xl710_dma(struct xl710_dma *dma, uint64_t iova, size_t length)
{
	uint64_t granule = iova >> XL710_DMA_GRANULE_BITS, offset = iova & (XL710_DMA_GRANULE - 1);
	const struct xl710_dma_slot *slot = xl710_dma_slot(dma, granule);

	if (likely(slot->granule == granule && length <= slot->valid && offset <= slot->valid - length))
		return slot->base + offset;
	return xl710_dma_find(dma, iova, length);
}

#endif
