/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Version 3 of the DMA adapter's operations (Windows 8 and later), of which the mingw-w64 headers have the first version only. Of the
 * newer members one is called; the others keep its place.
 */
#ifndef WDPDK_UIO_WDM_DMA_ADAPTER_H
#define WDPDK_UIO_WDM_DMA_ADAPTER_H

#include <ntifs.h>
#include <stddef.h>

#define UIO_DEVICE_DESCRIPTION_VERSION3 3

struct uio_device_description {
	DEVICE_DESCRIPTION first;
	ULONG address_width;       /* in bits */
	ULONG controller_instance;
	ULONG request_line;
	PHYSICAL_ADDRESS device_address;
};

/* The maximum address may be NULL: anywhere. The node is one, or MM_ANY_NODE_OK. */
typedef PVOID NTAPI uio_allocate_common_buffer_ex(PDMA_ADAPTER adapter, PPHYSICAL_ADDRESS maximum_address, ULONG length,
	PPHYSICAL_ADDRESS logical_address, BOOLEAN cache_enabled, ULONG preferred_node);

#define UIO_ANY_NODE 0x80000000u

struct uio_dma_operations {
	DMA_OPERATIONS first;
	PVOID get_adapter_info, get_transfer_info, initialize_transfer_context;
	uio_allocate_common_buffer_ex *allocate_common_buffer_ex;
};

#define UIO_DMA_OPERATIONS_SIZE (offsetof(struct uio_dma_operations, allocate_common_buffer_ex) + sizeof(PVOID))

_Static_assert(sizeof(DMA_OPERATIONS) == 16 * sizeof(PVOID), "the size and fifteen calls");
_Static_assert(offsetof(struct uio_dma_operations, allocate_common_buffer_ex) == 19 * sizeof(PVOID), "the twentieth word");
_Static_assert(offsetof(struct uio_device_description, address_width) == 40 && sizeof(struct uio_device_description) == 64, "as in wdm.h");

#endif
