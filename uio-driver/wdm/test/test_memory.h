/* SPDX-License-Identifier: BSD-3-Clause
 *
 * DMA memory in the files of a folder, as the device model reads it: memory.N, and `map` that says which bus addresses they are. This
 * is the IOMMU of the test hardware: bus addresses are drawn at random, above 4 GiB unless asked for, and no two chunks are neighbours.
 * A folder that a predecessor left is taken over at the first use; later ones share it.
 */
#ifndef WDPDK_UIO_WDM_TEST_MEMORY_H
#define WDPDK_UIO_WDM_TEST_MEMORY_H

#include <ntifs.h>
#include <stdint.h>

#include "hw.h"
#include "test_view.h"

struct test_folder;

struct test_block {
	struct test_block *next;
	struct test_folder *folder;
	HANDLE file, section;
	struct test_view view;
	uint32_t number;    /* of the file */
	uint32_t first;     /* entry of the map */
	uint64_t chunks;
	uint64_t bus[];
};

/* Refers to the folder once; NULL when its map cannot be made. */
struct test_folder *test_folder_open(const WCHAR *path);
void test_folder_close(struct test_folder *folder);

int32_t test_block_create(struct test_folder *folder, const struct uio_dma_spec *spec, struct test_block **block);
void test_block_delete(struct test_block *block);

#endif
