/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The hardware of wdpdkuio.sys: a PCI Express function. Reset goes through configuration space, which is the core's.
 */
#include "hw_real.h"
#include "os.h"
#include "pci_bus.h"

#define BAR_OFFSET 0x10u
/* PCI Express: a function needs not answer within that time of its reset. */
#define RESET_MILLISECONDS 100
/* Bus addresses of functions behind no IOMMU are physical ones, the same for all. */
#define PHYSICAL_DOMAIN 1

struct uio_hardware {
	PDEVICE_OBJECT pdo, lower;
	BUS_INTERFACE_STANDARD bus;
	struct real_dma dma;
	LONG number;                 /* of this function since the driver was loaded */
	struct {
		PHYSICAL_ADDRESS start;
		uint64_t length;
		uint32_t flags;
	} bar[WDPDK_UIO_BARS];
};

static volatile LONG functions;

NTSTATUS
uio_hardware_create(PDEVICE_OBJECT pdo, PDEVICE_OBJECT lower, struct uio_hardware **out)
{
	struct uio_hardware *hardware = uio_os_alloc(sizeof(*hardware));

	if (hardware == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	hardware->pdo = pdo;
	hardware->lower = lower;
	hardware->number = InterlockedIncrement(&functions);
	ObReferenceObject(pdo);
	*out = hardware;
	return STATUS_SUCCESS;
}

/* The memory resource that begins where the raw one begins at `base`: both lists have the same order. */
static const CM_PARTIAL_RESOURCE_DESCRIPTOR *
find_memory(PCM_RESOURCE_LIST raw, PCM_RESOURCE_LIST translated, uint64_t base)
{
	const CM_PARTIAL_RESOURCE_LIST *from, *to;

	if (raw == NULL || translated == NULL || raw->Count == 0 || translated->Count == 0)
		return NULL;
	from = &raw->List[0].PartialResourceList;
	to = &translated->List[0].PartialResourceList;
	for (ULONG i = 0; i < from->Count && i < to->Count; i++)
		if (from->PartialDescriptors[i].Type == CmResourceTypeMemory &&
			(uint64_t)from->PartialDescriptors[i].u.Memory.Start.QuadPart == base &&
			to->PartialDescriptors[i].Type == CmResourceTypeMemory)
			return &to->PartialDescriptors[i];
	return NULL;
}

static NTSTATUS
find_bars(struct uio_hardware *hardware, PCM_RESOURCE_LIST raw, PCM_RESOURCE_LIST translated)
{
	const CM_PARTIAL_RESOURCE_DESCRIPTOR *memory;
	uint32_t value[WDPDK_UIO_BARS];
	uint64_t base;
	bool wide;

	RtlZeroMemory(hardware->bar, sizeof(hardware->bar));
	if (uio_pci_config_read(&hardware->bus, BAR_OFFSET, value, sizeof(value)) != WDPDK_UIO_OK)
		return STATUS_IO_DEVICE_ERROR;
	for (uint32_t i = 0; i < WDPDK_UIO_BARS; i += wide ? 2 : 1) {
		wide = (value[i] & 7) == 4 && i + 1 < WDPDK_UIO_BARS;
		base = value[i] & ~(uint64_t)15;
		if (wide)
			base |= (uint64_t)value[i + 1] << 32;
		/* Bit 0: I/O ports. */
		if ((value[i] & 1) != 0 || base == 0)
			continue;
		memory = find_memory(raw, translated, base);
		if (memory == NULL)
			continue;
		hardware->bar[i].start = memory->u.Memory.Start;
		hardware->bar[i].length = memory->u.Memory.Length;
		hardware->bar[i].flags = WDPDK_UIO_BAR_MEMORY | (wide ? WDPDK_UIO_BAR_64BIT : 0) |
			((value[i] & 8) != 0 ? WDPDK_UIO_BAR_PREFETCHABLE : 0);
	}
	return STATUS_SUCCESS;
}

static NTSTATUS
find_place(struct uio_hardware *hardware, struct uio_hw_info *info)
{
	ULONG bus, address, length;
	USHORT node;
	NTSTATUS status = IoGetDeviceProperty(hardware->pdo, DevicePropertyBusNumber, sizeof(bus), &bus, &length);

	if (NT_SUCCESS(status))
		status = IoGetDeviceProperty(hardware->pdo, DevicePropertyAddress, sizeof(address), &address, &length);
	if (!NT_SUCCESS(status))
		return status;
	/* The bus number carries the segment above its eight bits; the address is device << 16 | function. */
	info->segment = bus >> 8;
	info->bus = (uint8_t)bus;
	info->slot = (uint8_t)(address >> 16);
	info->function = (uint8_t)address;
	info->node = NT_SUCCESS(IoGetDeviceNumaNode(hardware->pdo, &node)) ? node : -1;
	return STATUS_SUCCESS;
}

NTSTATUS
uio_hardware_start(struct uio_hardware *hardware, PCM_RESOURCE_LIST raw, PCM_RESOURCE_LIST translated, struct uio_hw_info *info)
{
	NTSTATUS status;

	uio_hardware_stop(hardware);
	*info = (struct uio_hw_info){ .flags = WDPDK_UIO_INFO_COMMON_BUFFER, .reset_milliseconds = RESET_MILLISECONDS };
	status = uio_pci_bus_open(hardware->lower, &hardware->bus);
	if (NT_SUCCESS(status))
		status = find_bars(hardware, raw, translated);
	if (NT_SUCCESS(status))
		status = find_place(hardware, info);
	if (NT_SUCCESS(status))
		status = real_dma_open(&hardware->dma, hardware->pdo, info->node);
	if (!NT_SUCCESS(status)) {
		uio_hardware_stop(hardware);
		return status;
	}
	for (uint32_t i = 0; i < WDPDK_UIO_BARS; i++) {
		info->bar[i].length = hardware->bar[i].length;
		info->bar[i].flags = hardware->bar[i].flags;
	}
	info->flags |= hardware->dma.remapping ? WDPDK_UIO_INFO_REMAPPING : 0;
	info->dma_domain = hardware->dma.remapping ? PHYSICAL_DOMAIN + (uint64_t)hardware->number : PHYSICAL_DOMAIN;
	return STATUS_SUCCESS;
}

void
uio_hardware_stop(struct uio_hardware *hardware)
{
	uio_pci_bus_close(&hardware->bus);
	RtlZeroMemory(hardware->bar, sizeof(hardware->bar));
}

static int32_t
config_read(void *hw, uint32_t offset, void *data, uint32_t length)
{
	return uio_pci_config_read(&((struct uio_hardware *)hw)->bus, offset, data, length);
}

static int32_t
config_write(void *hw, uint32_t offset, const void *data, uint32_t length)
{
	return uio_pci_config_write(&((struct uio_hardware *)hw)->bus, offset, data, length);
}

static int32_t
bar_map(void *hw, uint32_t bar, uint64_t offset, uint64_t length, void **mapping, uint64_t *address)
{
	struct uio_hardware *hardware = hw;
	PHYSICAL_ADDRESS start;

	/* The core has checked that; what it would map otherwise is somebody's memory. */
	if (bar >= WDPDK_UIO_BARS || offset > hardware->bar[bar].length || length > hardware->bar[bar].length - offset)
		return WDPDK_UIO_E_IO;
	start.QuadPart = hardware->bar[bar].start.QuadPart + (LONGLONG)offset;
	return real_bar_map(start, length, mapping, address);
}

static void
bar_unmap(void *hw, void *mapping)
{
	(void)hw;
	real_bar_unmap(mapping);
}

static int32_t
dma_alloc(void *hw, const struct uio_dma_spec *spec, void **memory, uint64_t *bus)
{
	return real_dma_alloc(&((struct uio_hardware *)hw)->dma, spec, memory, bus);
}

static int32_t
dma_map(void *hw, void *memory, uint64_t *address)
{
	(void)hw;
	return real_dma_map(memory, address);
}

static void
dma_unmap(void *hw, void *memory)
{
	(void)hw;
	real_dma_unmap(memory);
}

static void
dma_free(void *hw, void *memory)
{
	real_dma_free(&((struct uio_hardware *)hw)->dma, memory);
}

static void
release(void *hw)
{
	struct uio_hardware *hardware = hw;

	real_dma_close(&hardware->dma);
	ObDereferenceObject(hardware->pdo);
	uio_os_free(hardware);
}

const struct uio_hw_ops uio_hardware_ops = {
	.config_read = config_read,
	.config_write = config_write,
	.bar_map = bar_map,
	.bar_unmap = bar_unmap,
	.dma_alloc = dma_alloc,
	.dma_map = dma_map,
	.dma_unmap = dma_unmap,
	.dma_free = dma_free,
	.release = release,
};
