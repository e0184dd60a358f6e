/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The hardware under one function, as the core sees it: a table of operations. wdm/hw_real.c is a card, wdm/hw_test.c sections and a
 * device model (Wine), posix/ a fake that fails on demand.
 *
 * All at PASSIVE_LEVEL. Results are WDPDK_UIO_OK or a WDPDK_UIO_E_* and nothing raises: what raises in a kernel call sits alone in a
 * __try of the shell. A failed operation has left nothing behind. Operations on one `hw` come one at a time, but for dma_unmap, dma_free
 * and dma_quarantine, which may come beside any other.
 */
#ifndef WDPDK_UIO_CORE_HW_H
#define WDPDK_UIO_CORE_HW_H

#include <stdint.h>

#include "wdpdk_uio.h"

/* What PnP knows at START_DEVICE. Everything that configuration space says (ids, capabilities, holes) the core reads there itself. */
struct uio_hw_info {
	uint32_t flags;              /* WDPDK_UIO_INFO_COMMON_BUFFER, _REMAPPING, _TEST_HARDWARE */
	uint32_t segment;
	uint8_t bus, slot, function;
	int32_t node;                /* -1: not known */
	uint64_t dma_domain;
	struct {
		uint64_t length;     /* 0: not there */
		uint32_t flags;      /* WDPDK_UIO_BAR_* */
	} bar[WDPDK_UIO_BARS];
	/* After a function-level reset a card needs 100 ms (PCI Express, 6.6.2). A device model need not take so long. */
	uint32_t reset_milliseconds;
};

struct uio_dma_spec {
	uint64_t chunks;             /* of WDPDK_UIO_CHUNK, at least 1 */
	int32_t node;                /* -1: the function's own */
	uint32_t flags;              /* WDPDK_UIO_DMA_BELOW_4G */
};

struct uio_hw_ops {
	/* Within 4096 bytes of configuration space. What is not there reads as ones. */
	int32_t (*config_read)(void *hw, uint32_t offset, void *data, uint32_t length);
	int32_t (*config_write)(void *hw, uint32_t offset, const void *data, uint32_t length);

	/*
	 * Function-level reset with configuration space saved and restored, bus mastering off in it. NULL: the core does it through
	 * configuration space. NOT_SUPPORTED, IO.
	 */
	int32_t (*reset)(void *hw);

	/* Uncached into the calling process, whole pages of a memory BAR. `mapping` is the hardware's own name for it. */
	int32_t (*bar_map)(void *hw, uint32_t bar, uint64_t offset, uint64_t length, void **mapping, uint64_t *address);
	/* In the address space of the owner. */
	void (*bar_unmap)(void *hw, void *mapping);

	/* Zeroed chunks and their bus addresses (bus[spec->chunks]), each WDPDK_UIO_CHUNK-aligned; not mapped anywhere in user mode. */
	int32_t (*dma_alloc)(void *hw, const struct uio_dma_spec *spec, void **memory, uint64_t *bus);
	/* All chunks in a row into the calling process, cached, at a WDPDK_UIO_CHUNK-aligned address. */
	int32_t (*dma_map)(void *hw, void *memory, uint64_t *address);
	/* In the address space of the owner. */
	void (*dma_unmap)(void *hw, void *memory);
	/* Not mapped any more. In any address space. */
	void (*dma_free)(void *hw, void *memory);
	/* Not mapped any more, never to be freed. May be NULL. */
	void (*dma_quarantine)(void *hw, void *memory);

	/* The last call: the function was removed and no memory of it is left. */
	void (*release)(void *hw);
};

#endif
