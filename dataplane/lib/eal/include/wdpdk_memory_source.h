/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where the EAL's memory comes from when devices need other addresses than the process's: for the bus back end that
 * knows such memory (the device model's shared files, a kernel driver's contiguous blocks, Linux's huge pages by their
 * physical addresses). Without a source memory is the system's and an IOVA is the virtual address.
 *
 * A source is chosen while the buses are scanned, before there is any memory; from then on all of the EAL's memory comes
 * from it and rte_eal_iova_mode() is RTE_IOVA_PA. Its functions are called one at a time, with memory locked: they must
 * not allocate from the EAL.
 */
#ifndef WDPDK_MEMORY_SOURCE_H
#define WDPDK_MEMORY_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wdpdk_memory_source {
	const char *name; /**< For messages: "the files in DIR". */
	/** A power of two of at least 2 MiB. Memory is taken in multiples of it; within a chunk bus addresses follow each other. */
	size_t chunk;
	size_t contiguous; /**< Up to how many bytes of one take() have bus addresses that follow each other; at least chunk. */
	bool keeps;        /**< Memory is not given back before the end. */
	bool physical;     /**< Bus addresses are physical ones, right for every device without an IOMMU. */
	/**
	 * len bytes, zero, at *base (a multiple of chunk): iova[i] is the bus address of chunk i, a multiple of chunk. node: where it
	 * had better be, or -1. *fd: the file whose beginning this is, or -1. 0 or a positive errno, and then nothing is taken.
	 */
	int (*take)(void *arg, size_t len, int node, void **base, rte_iova_t *iova, int *fd);
	/** Gives back what one take() took. */
	void (*give)(void *arg, void *base, size_t len, int fd);
	/** The bus address of memory that is not the EAL's, or RTE_BAD_IOVA. NULL: there is never one. */
	rte_iova_t (*foreign)(void *arg, const void *virt);
	/** After everything was given back, at the end of the EAL or of a start that failed. May be NULL. */
	void (*close)(void *arg);
	void *arg;
};

/**
 * Chooses the source; it stays the caller's and must be there until its close(). 0; -EEXIST when there is another
 * already, -EBUSY when memory has been taken, -EINVAL for a chunk or function that is not right. NULL takes the choice
 * back, as long as there is no memory.
 */
int wdpdk_memory_source_set(const struct wdpdk_memory_source *source);
/** The chosen one, or NULL. */
const struct wdpdk_memory_source *wdpdk_memory_source_get(void);

#ifdef __cplusplus
}
#endif

#endif
