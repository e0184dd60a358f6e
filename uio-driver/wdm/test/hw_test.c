/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The hardware of wdpdkuio-test.sys: configuration space from the test bus, BAR0 a section of the file that a device model serves, DMA
 * memory in files. For Wine, which has no MMIO, no MDLs to map and no DMA adapter; everything above this file is the shipping driver's.
 */
#include "hardware.h"
#include "os.h"
#include "pci_bus.h"
#include "test_bus.h"
#include "test_memory.h"
#include "test_view.h"

#define BAR_OFFSET 0x10u
#define MODEL_RESET_MILLISECONDS 1

struct uio_hardware {
	PDEVICE_OBJECT pdo, lower;
	struct test_bus bus;
	BUS_INTERFACE_STANDARD config;
	HANDLE bar;                  /* section of BAR0's file; NULL: there is none */
	struct test_folder *folder;  /* kept from the first start to the end: blocks outlive the function */
};

NTSTATUS
uio_hardware_create(PDEVICE_OBJECT pdo, PDEVICE_OBJECT lower, struct uio_hardware **out)
{
	struct uio_hardware *hardware = uio_os_alloc(sizeof(*hardware));
	NTSTATUS status;

	if (hardware == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	status = test_bus_attach(&hardware->bus, lower);
	if (!NT_SUCCESS(status)) {
		uio_os_log("this is the test build, and its device is not on the test bus: 0x%x\n", (unsigned int)status);
		uio_os_free(hardware);
		return status;
	}
	hardware->pdo = pdo;
	hardware->lower = lower;
	ObReferenceObject(pdo);
	*out = hardware;
	return STATUS_SUCCESS;
}

static NTSTATUS
open_bar(struct uio_hardware *hardware)
{
	const struct wdpdk_testbus_device *device = &hardware->bus.device;
	NTSTATUS status;
	HANDLE file;

	if (device->bar_length[0] == 0 || device->bar_path[0] == 0)
		return STATUS_SUCCESS;
	status = test_file_open((const WCHAR *)device->bar_path, FILE_OPEN, &file);
	if (!NT_SUCCESS(status))
		return status;
	status = test_section_open(file, device->bar_length[0], &hardware->bar);
	test_handle_close(file);
	return status;
}

static uint32_t
bar_flags(struct uio_hardware *hardware, uint32_t bar)
{
	uint32_t value;

	if (uio_pci_config_read(&hardware->config, BAR_OFFSET + 4 * bar, &value, sizeof(value)) != WDPDK_UIO_OK || (value & 1) != 0)
		return 0;
	return WDPDK_UIO_BAR_MEMORY | ((value & 6) == 4 ? WDPDK_UIO_BAR_64BIT : 0) | ((value & 8) != 0 ? WDPDK_UIO_BAR_PREFETCHABLE : 0);
}

NTSTATUS
uio_hardware_start(struct uio_hardware *hardware, PCM_RESOURCE_LIST raw, PCM_RESOURCE_LIST translated, struct uio_hw_info *info)
{
	const struct wdpdk_testbus_device *device = &hardware->bus.device;
	NTSTATUS status;

	(void)raw;
	(void)translated;
	uio_hardware_stop(hardware);
	status = test_bus_attach(&hardware->bus, hardware->lower);
	if (NT_SUCCESS(status))
		status = uio_pci_bus_open(hardware->lower, &hardware->config);
	if (NT_SUCCESS(status))
		status = open_bar(hardware);
	if (NT_SUCCESS(status) && hardware->folder == NULL && device->dma_path[0] != 0) {
		hardware->folder = test_folder_open((const WCHAR *)device->dma_path);
		if (hardware->folder == NULL)
			status = STATUS_INSUFFICIENT_RESOURCES;
	}
	if (!NT_SUCCESS(status)) {
		uio_hardware_stop(hardware);
		return status;
	}
	*info = (struct uio_hw_info){
		.flags = WDPDK_UIO_INFO_TEST_HARDWARE | WDPDK_UIO_INFO_REMAPPING,
		.segment = device->segment,
		.bus = (uint8_t)device->bus,
		.slot = (uint8_t)device->device,
		.function = (uint8_t)device->function,
		.node = device->node,
		.dma_domain = device->dma_domain,
		.reset_milliseconds = MODEL_RESET_MILLISECONDS,
	};
	for (uint32_t i = 0; i < WDPDK_UIO_BARS; i++) {
		info->bar[i].length = device->bar_length[i];
		info->bar[i].flags = device->bar_length[i] != 0 ? bar_flags(hardware, i) : 0;
	}
	return STATUS_SUCCESS;
}

void
uio_hardware_stop(struct uio_hardware *hardware)
{
	uio_pci_bus_close(&hardware->config);
	test_handle_close(hardware->bar);
	hardware->bar = NULL;
	test_bus_detach(&hardware->bus);
}

static int32_t
config_read(void *hw, uint32_t offset, void *data, uint32_t length)
{
	return uio_pci_config_read(&((struct uio_hardware *)hw)->config, offset, data, length);
}

static int32_t
config_write(void *hw, uint32_t offset, const void *data, uint32_t length)
{
	return uio_pci_config_write(&((struct uio_hardware *)hw)->config, offset, data, length);
}

static int32_t
bar_map(void *hw, uint32_t bar, uint64_t offset, uint64_t length, void **mapping, uint64_t *address)
{
	struct uio_hardware *hardware = hw;
	struct test_view *view;
	int32_t status;

	if (bar != 0 || hardware->bar == NULL)
		return WDPDK_UIO_E_IO;
	view = uio_os_alloc(sizeof(*view));
	if (view == NULL)
		return WDPDK_UIO_E_NO_MEMORY;
	status = test_view_map(&hardware->bus, hardware->bar, offset, length, 0, view, address);
	if (status != WDPDK_UIO_OK) {
		uio_os_free(view);
		return status;
	}
	test_log(&hardware->bus, WDPDK_TESTBUS_OP_BAR_MAP, bar, length, *address);
	*mapping = view;
	return WDPDK_UIO_OK;
}

static void
bar_unmap(void *hw, void *mapping)
{
	struct uio_hardware *hardware = hw;
	struct test_view *view = mapping;

	test_log(&hardware->bus, WDPDK_TESTBUS_OP_BAR_UNMAP, 0, 0, (uint64_t)(ULONG_PTR)view->base);
	test_view_unmap(view);
	uio_os_free(view);
}

static void
log_block(void *hw, enum wdpdk_testbus_op op, const struct test_block *block, uint64_t value)
{
	test_log(&((struct uio_hardware *)hw)->bus, op, block->number, block->chunks * WDPDK_UIO_CHUNK >> 20, value);
}

static int32_t
dma_alloc(void *hw, const struct uio_dma_spec *spec, void **memory, uint64_t *bus)
{
	struct uio_hardware *hardware = hw;
	struct test_block *block;
	int32_t status;

	if (hardware->folder == NULL)
		return WDPDK_UIO_E_NO_MEMORY;
	status = test_block_create(hardware->folder, spec, &block);
	if (status != WDPDK_UIO_OK)
		return status;
	RtlCopyMemory(bus, block->bus, block->chunks * sizeof(bus[0]));
	test_account(WDPDK_TESTBUS_DMA_BYTES, (int64_t)(block->chunks * WDPDK_UIO_CHUNK));
	log_block(hw, WDPDK_TESTBUS_OP_DMA_ALLOC, block, block->bus[0]);
	*memory = block;
	return WDPDK_UIO_OK;
}

static int32_t
dma_map(void *hw, void *memory, uint64_t *address)
{
	struct uio_hardware *hardware = hw;
	struct test_block *block = memory;
	uint64_t length = block->chunks * WDPDK_UIO_CHUNK;
	int32_t status = test_view_map(&hardware->bus, block->section, 0, length, WDPDK_UIO_CHUNK, &block->view, address);

	if (status == WDPDK_UIO_OK)
		log_block(hw, WDPDK_TESTBUS_OP_DMA_MAP, block, *address);
	return status;
}

static void
dma_unmap(void *hw, void *memory)
{
	struct test_block *block = memory;

	log_block(hw, WDPDK_TESTBUS_OP_DMA_UNMAP, block, (uint64_t)(ULONG_PTR)block->view.base);
	test_view_unmap(&block->view);
}

static void
dma_free(void *hw, void *memory)
{
	struct test_block *block = memory;

	log_block(hw, WDPDK_TESTBUS_OP_DMA_FREE, block, block->bus[0]);
	test_account(WDPDK_TESTBUS_DMA_BYTES, -(int64_t)(block->chunks * WDPDK_UIO_CHUNK));
	test_block_delete(block);
}

static void
release(void *hw)
{
	struct uio_hardware *hardware = hw;

	test_folder_close(hardware->folder);
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
