/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The card's parts. None of this can run under Wine: each file is short enough to be read against the documentation of what it calls.
 */
#ifndef WDPDK_UIO_WDM_HW_REAL_H
#define WDPDK_UIO_WDM_HW_REAL_H

#include <stdbool.h>

#include "dma_adapter.h"
#include "hardware.h"

struct real_dma {
	PDMA_ADAPTER adapter;        /* NULL until it was opened */
	int32_t node;                /* the function's, -1: not known */
	bool remapping;              /* bus addresses are not physical ones */
};

/* dma_real.c. Memory is freed by the adapter that gave it, so the adapter is closed last. */
NTSTATUS real_dma_open(struct real_dma *dma, PDEVICE_OBJECT pdo, int32_t node);
void real_dma_close(struct real_dma *dma);
int32_t real_dma_alloc(struct real_dma *dma, const struct uio_dma_spec *spec, void **memory, uint64_t *bus);
int32_t real_dma_map(void *memory, uint64_t *address);
void real_dma_unmap(void *memory);
void real_dma_free(struct real_dma *dma, void *memory);

/* bar_real.c */
int32_t real_bar_map(PHYSICAL_ADDRESS start, uint64_t length, void **mapping, uint64_t *address);
void real_bar_unmap(void *mapping);

/* user_map.c: the pages of an MDL into the calling process, never executable; at `address` (which may raise) or, NULL, anywhere. */
NTSTATUS real_user_map(PMDL mdl, MEMORY_CACHING_TYPE caching, PVOID *address);

#endif
