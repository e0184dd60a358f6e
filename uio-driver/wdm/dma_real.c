/* SPDX-License-Identifier: BSD-3-Clause
 *
 * DMA memory: common buffers of the DMA adapter, so that an IOMMU sees what the card may reach. The adapter aligns to pages, the contract
 * to chunks: each piece is one chunk less a page too long. A block's pieces are mapped into the owner as one range by one MDL.
 */
#include "hw_real.h"
#include "os.h"

#define CHUNK ((uint64_t)WDPDK_UIO_CHUNK)
#define PIECE_CHUNKS 16u                       /* at most: what is wanted contiguous, but for the slack */
#define BLOCK_BYTES (UINT64_C(4) << 30)        /* below that: IoAllocateMdl's limit is 4 GiB less a page */
#define LOW_END (UINT64_C(1) << 32)
#define HOLE_TRIES 16

struct piece {
	PVOID kernel;
	PHYSICAL_ADDRESS bus;
	ULONG length;
	ULONG skip;                            /* to the first whole chunk on the bus */
	ULONG chunks;
};

struct block {
	PMDL mdl;                              /* while it is mapped */
	PVOID user;
	uint64_t chunks;
	uint64_t pieces;
	struct piece piece[];                  /* room for one a chunk */
};

static struct uio_dma_operations *
operations(const struct real_dma *dma)
{
	return (struct uio_dma_operations *)dma->adapter->DmaOperations;
}

/* One page shows whether the card sees physical addresses. */
static NTSTATUS
look_at_remapping(struct real_dma *dma)
{
	PHYSICAL_ADDRESS bus;
	PVOID page = operations(dma)->first.AllocateCommonBuffer(dma->adapter, PAGE_SIZE, &bus, TRUE);

	if (page == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	dma->remapping = MmGetPhysicalAddress(page).QuadPart != bus.QuadPart;
	operations(dma)->first.FreeCommonBuffer(dma->adapter, PAGE_SIZE, bus, page, TRUE);
	return STATUS_SUCCESS;
}

NTSTATUS
real_dma_open(struct real_dma *dma, PDEVICE_OBJECT pdo, int32_t node)
{
	struct uio_device_description description = {
		.first = {
			.Version = UIO_DEVICE_DESCRIPTION_VERSION3,
			.Master = TRUE,
			.ScatterGather = TRUE,
			.Dma32BitAddresses = TRUE,
			.Dma64BitAddresses = TRUE,
			.InterfaceType = PCIBus,
			.MaximumLength = MAXULONG,
		},
		.address_width = 64,
	};
	ULONG map_registers;
	NTSTATUS status;

	dma->node = node;
	if (dma->adapter != NULL)
		return STATUS_SUCCESS;
	dma->adapter = IoGetDmaAdapter(pdo, &description.first, &map_registers);
	if (dma->adapter == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (operations(dma)->first.Size < UIO_DMA_OPERATIONS_SIZE || operations(dma)->allocate_common_buffer_ex == NULL)
		status = STATUS_NOT_SUPPORTED;
	else
		status = look_at_remapping(dma);
	if (!NT_SUCCESS(status))
		real_dma_close(dma);
	return status;
}

void
real_dma_close(struct real_dma *dma)
{
	if (dma->adapter != NULL)
		operations(dma)->first.PutDmaAdapter(dma->adapter);
	dma->adapter = NULL;
}

static void
free_piece(struct real_dma *dma, const struct piece *piece)
{
	operations(dma)->first.FreeCommonBuffer(dma->adapter, piece->length, piece->bus, piece->kernel, TRUE);
}

static bool
allocate_piece(struct real_dma *dma, const struct uio_dma_spec *spec, ULONG chunks, struct piece *piece)
{
	PHYSICAL_ADDRESS last = { .QuadPart = LOW_END - 1 };
	bool low = (spec->flags & WDPDK_UIO_DMA_BELOW_4G) != 0;
	int32_t node = spec->node >= 0 ? spec->node : dma->node;
	uint64_t first;

	*piece = (struct piece){ .length = (ULONG)(chunks * CHUNK + CHUNK - PAGE_SIZE), .chunks = chunks };
	piece->kernel = operations(dma)->allocate_common_buffer_ex(
		dma->adapter, low ? &last : NULL, piece->length, &piece->bus, TRUE, node >= 0 ? (ULONG)node : UIO_ANY_NODE);
	if (piece->kernel == NULL)
		return false;
	first = ((uint64_t)piece->bus.QuadPart + CHUNK - 1) / CHUNK * CHUNK;
	piece->skip = (ULONG)(first - (uint64_t)piece->bus.QuadPart);
	if (low && first + chunks * CHUNK > LOW_END) {
		free_piece(dma, piece);
		return false;
	}
	/* What was in the pages is nobody's business. */
	RtlZeroMemory((PUCHAR)piece->kernel + piece->skip, chunks * CHUNK);
	return true;
}

static void
free_block(struct real_dma *dma, struct block *block)
{
	while (block->pieces != 0)
		free_piece(dma, &block->piece[--block->pieces]);
	uio_os_free(block);
}

int32_t
real_dma_alloc(struct real_dma *dma, const struct uio_dma_spec *spec, void **memory, uint64_t *bus)
{
	ULONG want = PIECE_CHUNKS;
	struct block *block;
	struct piece *piece;
	uint64_t done = 0;

	if (spec->chunks >= BLOCK_BYTES / CHUNK)
		return WDPDK_UIO_E_NO_MEMORY;
	block = uio_os_alloc(sizeof(*block) + spec->chunks * sizeof(block->piece[0]));
	if (block == NULL)
		return WDPDK_UIO_E_NO_MEMORY;
	block->chunks = spec->chunks;
	while (done < spec->chunks) {
		piece = &block->piece[block->pieces];
		if (want > spec->chunks - done)
			want = (ULONG)(spec->chunks - done);
		if (allocate_piece(dma, spec, want, piece)) {
			block->pieces++;
			for (ULONG i = 0; i < want; i++)
				bus[done++] = (uint64_t)piece->bus.QuadPart + piece->skip + i * CHUNK;
		} else if ((want /= 2) == 0) {
			free_block(dma, block);
			return WDPDK_UIO_E_NO_MEMORY;
		}
	}
	*memory = block;
	return WDPDK_UIO_OK;
}

void
real_dma_free(struct real_dma *dma, void *memory)
{
	free_block(dma, memory);
}

/* The page numbers of one piece, where they stand in the block's MDL. */
static bool
describe_piece(const struct piece *piece, PPFN_NUMBER pages)
{
	ULONG length = (ULONG)(piece->chunks * CHUNK);
	PMDL mdl = IoAllocateMdl((PUCHAR)piece->kernel + piece->skip, length, FALSE, FALSE, NULL);

	if (mdl == NULL)
		return false;
	MmBuildMdlForNonPagedPool(mdl);
	RtlCopyMemory(pages, MmGetMdlPfnArray(mdl), length / PAGE_SIZE * sizeof(*pages));
	IoFreeMdl(mdl);
	return true;
}

static PMDL
describe_block(const struct block *block)
{
	PMDL mdl = IoAllocateMdl(NULL, (ULONG)(block->chunks * CHUNK), FALSE, FALSE, NULL);
	PPFN_NUMBER pages;

	if (mdl == NULL)
		return NULL;
	pages = MmGetMdlPfnArray(mdl);
	for (uint64_t i = 0; i < block->pieces; i++) {
		if (!describe_piece(&block->piece[i], pages)) {
			IoFreeMdl(mdl);
			return NULL;
		}
		pages += block->piece[i].chunks * CHUNK / PAGE_SIZE;
	}
	/* They are common buffers' pages: they are never paged out. */
	mdl->MdlFlags |= MDL_PAGES_LOCKED;
	return mdl;
}

/* A chunk-aligned hole in the process; another thread may fill it before it is used, so the mapping is tried some times. */
static NTSTATUS
find_hole(uint64_t length, PVOID *address)
{
	SIZE_T size = length + CHUNK;
	PVOID room = NULL;
	NTSTATUS status = ZwAllocateVirtualMemory(ZwCurrentProcess(), &room, 0, &size, MEM_RESERVE, PAGE_NOACCESS);

	if (!NT_SUCCESS(status))
		return status;
	*address = (PVOID)(((ULONG_PTR)room + CHUNK - 1) / CHUNK * CHUNK);
	size = 0;
	return ZwFreeVirtualMemory(ZwCurrentProcess(), &room, &size, MEM_RELEASE);
}

int32_t
real_dma_map(void *memory, uint64_t *address)
{
	struct block *block = memory;
	NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;

	block->mdl = describe_block(block);
	if (block->mdl == NULL)
		return WDPDK_UIO_E_NO_MEMORY;
	for (int i = 0; i < HOLE_TRIES && !NT_SUCCESS(status); i++) {
		status = find_hole(block->chunks * CHUNK, &block->user);
		if (!NT_SUCCESS(status))
			break;
		status = real_user_map(block->mdl, MmCached, &block->user);
	}
	if (!NT_SUCCESS(status)) {
		IoFreeMdl(block->mdl);
		block->mdl = NULL;
		return WDPDK_UIO_E_NO_MEMORY;
	}
	*address = (uint64_t)(ULONG_PTR)block->user;
	return WDPDK_UIO_OK;
}

void
real_dma_unmap(void *memory)
{
	struct block *block = memory;

	MmUnmapLockedPages(block->user, block->mdl);
	IoFreeMdl(block->mdl);
	block->mdl = NULL;
}
