/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The EAL's memory out of wdpdkuio.sys: contiguous chunks with the bus addresses that the driver gives. It belongs to this process,
 * not to one card: all cards whose DMA domain is the same use it. It goes back when no card can write there any more.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_memory.h>

#include "wuio.h"

struct block {
	void *base; /* NULL: free */
	uint64_t id;
	uint64_t length;
};

static struct {
	bool chosen;
	uint64_t domain, quota, taken;
	char first[PCI_PRI_STR_SIZE + 1];
	struct block blocks[RTE_MAX_MEMSEG_LISTS];
} memory;

/* Any function will do that is still there: it is the process that has the memory. */
static struct wuio_function *
door(void)
{
	struct wuio_function *function;

	for (function = wuio_functions; function != NULL; function = function->next)
		if (function->handle != NULL && !wuio_is_gone(function) && function->info.dma_domain == memory.domain)
			break;
	return function;
}

/* An address that is not what the contract says would have the card write anywhere. */
static bool
is_right(const struct wdpdk_uio_dma *reply, size_t len)
{
	size_t i, chunks = len / WDPDK_UIO_CHUNK;

	if (reply->length != len || reply->chunks != chunks || reply->dma_domain != memory.domain || reply->address == 0 ||
	    reply->address % WDPDK_UIO_CHUNK != 0 || reply->address + len < reply->address)
		return false;
	for (i = 0; i < chunks; i++)
		if (reply->bus[i] % WDPDK_UIO_CHUNK != 0 || reply->bus[i] + WDPDK_UIO_CHUNK < reply->bus[i])
			return false;
	return true;
}

static int
refuse(const struct wuio_function *function, int32_t status, size_t len, int node)
{
	switch (status) {
	case WDPDK_UIO_E_QUOTA:
		PCI_LOG(ERR, "wdpdkuio.sys gives a process at most %llu MB, %llu of which this one has: %zu MB more are too many. Ask for less "
			"with -m, or raise the driver's quota (value DmaQuotaMiB of its service's key Parameters)\n",
			(unsigned long long)(memory.quota >> 20), (unsigned long long)(memory.taken >> 20), len >> 20);
		break;
	case WDPDK_UIO_E_NO_MEMORY:
		PCI_LOG(ERR, "wdpdkuio.sys finds no %zu MB in contiguous pieces of 2 MB (node %d): memory is too fragmented; ask for less with "
			"-m, or restart Windows\n", len >> 20, node);
		break;
	default:
		PCI_LOG(ERR, "%s: %zu MB of memory: %s\n", function->info.vendor == 0 ? "wdpdkuio.sys" : memory.first, len >> 20,
			wuio_text(status));
	}
	return -wuio_errno(status);
}

static int
take(void *arg, size_t len, int node, void **base, rte_iova_t *iova, int *fd)
{
	const size_t chunks = len / WDPDK_UIO_CHUNK, size = WDPDK_UIO_DMA_SIZE(chunks);
	struct wdpdk_uio_dma_alloc request = {.length = len, .node = node < 0 || node > 63 ? -1 : node};
	struct wuio_function *function = door();
	struct block *block = memory.blocks;
	struct wdpdk_uio_dma *reply;
	struct wdpdk_uio_id back = {0};
	int32_t status;

	RTE_SET_USED(arg);
	while (block < memory.blocks + RTE_DIM(memory.blocks) && block->base != NULL)
		block++;
	if (function == NULL || block == memory.blocks + RTE_DIM(memory.blocks))
		return function == NULL ? ENODEV : ENOSPC;
	reply = calloc(1, size);
	if (reply == NULL)
		return ENOMEM;
	status = wuio_call(function->handle, WDPDK_UIO_DMA_ALLOC, &request, sizeof(request), reply, size);
	if (status != WDPDK_UIO_OK) {
		free(reply);
		return refuse(function, status, len, node);
	}
	if (!is_right(reply, len)) {
		PCI_LOG(ERR, "%s: wdpdkuio.sys gave %zu MB of memory with addresses that cannot be: install the driver of this version\n",
			memory.first, len >> 20);
		back.id = reply->id;
		wuio_call(function->handle, WDPDK_UIO_DMA_FREE, &back, sizeof(back), NULL, 0);
		free(reply);
		return EPROTO;
	}
	*block = (struct block){.base = (void *)(uintptr_t)reply->address, .id = reply->id, .length = len};
	memory.taken += len;
	memcpy(iova, reply->bus, chunks * sizeof(*iova));
	*base = block->base;
	*fd = -1;
	free(reply);
	return 0;
}

static void
give(void *arg, void *base, size_t len, int fd)
{
	struct wdpdk_uio_id request = {0};
	struct block *block = memory.blocks;
	struct wuio_function *function = door();
	int32_t status;

	RTE_SET_USED(arg);
	RTE_SET_USED(fd);
	while (block->base != base)
		block++;
	request.id = block->id;
	memset(block, 0, sizeof(*block));
	memory.taken -= len;
	/* Of cards that are all gone the memory goes with the handles. */
	status = function == NULL ? WDPDK_UIO_E_REMOVED :
		wuio_call(function->handle, WDPDK_UIO_DMA_FREE, &request, sizeof(request), NULL, 0);
	if (status != WDPDK_UIO_OK)
		PCI_LOG(INFO, "%zu MB of memory stay with the driver until the cards are closed: %s\n", len >> 20, wuio_text(status));
}

static void
end(void *arg)
{
	RTE_SET_USED(arg);
	memset(&memory, 0, sizeof(memory));
	wuio_close();
}

const struct wdpdk_memory_source wuio_memory = {
	.name = "wdpdkuio.sys",
	.chunk = WDPDK_UIO_CHUNK,
	.contiguous = WDPDK_UIO_CHUNK,
	.keeps = true,
	.take = take,
	.give = give,
	.close = end,
};

int
wuio_memory_use(struct wuio_function *function)
{
	int ret;

	if (memory.chosen && wdpdk_memory_source_get() == &wuio_memory)
		return 0;
	ret = wdpdk_memory_source_set(&wuio_memory);
	if (ret != 0)
		return ret;
	memory.chosen = true;
	memory.domain = function->info.dma_domain;
	memory.quota = function->info.dma_quota;
	snprintf(memory.first, sizeof(memory.first), "%s", function->dev->public.name);
	return 0;
}

bool
wuio_memory_reaches(const struct wuio_function *function)
{
	return memory.chosen && function->info.dma_domain == memory.domain;
}

const char *
wuio_memory_first(void)
{
	return memory.first;
}
