/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A card that wdpdkuio.sys holds, as the PCI bus has it. The driver lets nobody write configuration space but for two bits, which
 * have requests of their own or a mask: a driver's write that changes others is refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_byteorder.h>
#include <rte_errno.h>

#include "wuio.h"

static int
refuse(const struct wuio_function *function, const char *what, int32_t status)
{
	PCI_LOG(ERR, "%s: %s: %s\n", function->dev->public.device.name, what, wuio_text(status));
	return wuio_errno(status);
}

/* ---- configuration space ---- */

static int
read_config(const struct pci_device *dev, void *buf, size_t len, size_t offset)
{
	const struct wuio_function *function = dev->data;
	struct wdpdk_uio_config_read request = {0};
	struct wdpdk_uio_config_data reply;
	int32_t status;
	size_t done, n;

	if (function->handle == NULL)
		return wuio_errno(function->status);
	for (done = 0; done < len; done += n) {
		n = RTE_MIN(len - done, (size_t)WDPDK_UIO_CONFIG_BYTES);
		request = (struct wdpdk_uio_config_read){.offset = (uint32_t)(offset + done), .length = (uint32_t)n};
		status = wuio_call(function->handle, WDPDK_UIO_CONFIG_READ, &request, sizeof(request), &reply, sizeof(reply));
		if (status == WDPDK_UIO_OK && (reply.length != n || reply.offset != request.offset))
			status = WDPDK_UIO_E_IO;
		if (status != WDPDK_UIO_OK)
			return wuio_errno(status);
		memcpy((char *)buf + done, reply.data, n);
	}
	return (int)len;
}

static int32_t
set_bus_master(struct wuio_function *function, bool enable)
{
	struct wdpdk_uio_bus_master request = {.enable = enable};
	struct wdpdk_uio_bus_master_reply reply;
	int32_t status = wuio_call(function->handle, WDPDK_UIO_BUS_MASTER, &request, sizeof(request), &reply, sizeof(reply));

	if (status == WDPDK_UIO_E_NOT_READY && enable) {
		status = wuio_ask(function->handle, WDPDK_UIO_RESET, NULL, 0);
		if (status == WDPDK_UIO_OK)
			status = wuio_call(function->handle, WDPDK_UIO_BUS_MASTER, &request, sizeof(request), &reply, sizeof(reply));
	}
	if (status == WDPDK_UIO_OK)
		function->master = enable;
	if (status == WDPDK_UIO_OK && !enable && reply.pending != 0)
		PCI_LOG(WARNING, "%s still writes to memory: the driver keeps that until it is quiet\n", function->dev->public.device.name);
	return status;
}

/* A register as it would be, against what it is: the difference, bit by bit, has to be something the driver lets us change. */
static int32_t
write_register(struct wuio_function *function, uint32_t offset, uint16_t before, uint16_t after)
{
	struct wdpdk_uio_config_write request = {.offset = offset, .length = 2, .value = after & (before ^ after), .mask = before ^ after};

	if (before == after)
		return WDPDK_UIO_OK;
	if (offset == RTE_PCI_COMMAND && (before ^ after) == RTE_PCI_COMMAND_MASTER)
		return set_bus_master(function, (after & RTE_PCI_COMMAND_MASTER) != 0);
	return wuio_call(function->handle, WDPDK_UIO_CONFIG_WRITE, &request, sizeof(request), NULL, 0);
}

/* Whole 16-bit registers, read first. */
static int
write_config(const struct pci_device *dev, const void *buf, size_t len, size_t offset)
{
	struct wuio_function *function = dev->data;
	const size_t first = offset & ~(size_t)1, end = (offset + len + 1) & ~(size_t)1;
	uint8_t before[WDPDK_UIO_CONFIG_BYTES], after[WDPDK_UIO_CONFIG_BYTES];
	uint16_t old, new;
	int32_t status;
	size_t at;
	int ret;

	if (function->handle == NULL)
		return wuio_errno(function->status);
	if (end - first > sizeof(before))
		return -EINVAL;
	ret = read_config(dev, before, end - first, first);
	if (ret < 0)
		return ret;
	memcpy(after, before, sizeof(after));
	memcpy(after + (offset - first), buf, len);
	for (at = 0; at < end - first; at += 2) {
		memcpy(&old, before + at, 2);
		memcpy(&new, after + at, 2);
		status = write_register(function, (uint32_t)(first + at), rte_le_to_cpu_16(old), rte_le_to_cpu_16(new));
		if (status != WDPDK_UIO_OK)
			return wuio_errno(status);
	}
	return (int)len;
}

/* ---- BARs ---- */

/* What can be mapped from the BAR's start on: pages of interrupt vectors are the system's. */
static uint64_t
mappable(const struct wdpdk_uio_bar *bar)
{
	uint64_t length = bar->length;
	unsigned int i;

	if ((bar->flags & WDPDK_UIO_BAR_MEMORY) == 0)
		return 0;
	for (i = 0; i < RTE_MIN(bar->holes, WDPDK_UIO_HOLES); i++)
		length = RTE_MIN(length, bar->hole[i].offset);
	return length;
}

static int
map_bar(struct wuio_function *function, unsigned int i)
{
	struct rte_mem_resource *resource = &function->dev->public.mem_resource[i];
	struct wdpdk_uio_map_bar request = {.bar = i, .length = mappable(&function->info.bar[i])};
	struct wdpdk_uio_mapping reply;
	int32_t status;
	char what[32];
	int ret;

	if (request.length == 0)
		return 0;
	snprintf(what, sizeof(what), "BAR %u", i);
	status = wuio_call(function->handle, WDPDK_UIO_MAP_BAR, &request, sizeof(request), &reply, sizeof(reply));
	if (status == WDPDK_UIO_OK && (reply.address == 0 || reply.length != request.length))
		status = WDPDK_UIO_E_IO;
	if (status != WDPDK_UIO_OK)
		return refuse(function, what, status);
	function->mapping[i] = reply.id;
	function->mapped[i] = true;
	resource->addr = (void *)(uintptr_t)reply.address;
	resource->len = reply.length;
	ret = wuio_os->guard(resource->addr, (size_t)reply.length, &function->gone);
	if (ret != 0)
		PCI_LOG(ERR, "%s: %s cannot be watched: %s\n", function->dev->public.device.name, what, rte_strerror(-ret));
	return ret;
}

static void
unmap_bar(struct wuio_function *function, unsigned int i)
{
	struct rte_mem_resource *resource = &function->dev->public.mem_resource[i];
	struct wdpdk_uio_id request = {.id = function->mapping[i]};
	int32_t status;

	if (!function->mapped[i])
		return;
	function->mapped[i] = false;
	status = wuio_call(function->handle, WDPDK_UIO_UNMAP_BAR, &request, sizeof(request), NULL, 0);
	if (status != WDPDK_UIO_OK && !wuio_is_gone(function))
		PCI_LOG(WARNING, "%s: BAR %u stays mapped: %s\n", function->dev->public.device.name, i, wuio_text(status));
	wuio_os->guard(resource->addr, 0, NULL);
	resource->addr = NULL;
}

static void
unmap(struct pci_device *dev)
{
	struct wuio_function *function = dev->data;
	unsigned int i;
	int32_t status;

	if (function->handle == NULL)
		return;
	wuio_unwatch(function);
	if (function->master) {
		status = set_bus_master(function, false);
		function->master = false;
		if (status != WDPDK_UIO_OK && !wuio_is_gone(function))
			refuse(function, "bus mastering cannot be switched off", status);
	}
	for (i = 0; i < PCI_MAX_RESOURCE; i++)
		unmap_bar(function, i);
}

static int
map(struct pci_device *dev)
{
	struct wuio_function *function = dev->data;
	int32_t status;
	unsigned int i;
	int ret = 0;

	if (function->handle == NULL)
		return wuio_refuse_open(function);
	for (i = 0; i < PCI_MAX_RESOURCE && ret == 0; i++)
		ret = map_bar(function, i);
	if (ret == 0) {
		status = set_bus_master(function, true);
		if (status != WDPDK_UIO_OK)
			ret = refuse(function, "bus mastering cannot be switched on", status);
	}
	if (ret == 0)
		ret = wuio_watch(function);
	if (ret != 0)
		unmap(dev);
	return ret;
}

/* ---- the back end ---- */

static enum rte_iova_mode
iova_mode(const struct pci_device *dev)
{
	const struct wuio_function *function = dev->data;

	return function->handle != NULL ? RTE_IOVA_PA : RTE_IOVA_DC;
}

static bool
reaches(const struct pci_device *dev, const struct wdpdk_memory_source *source, const char **remedy)
{
	static char text[160];
	const struct wuio_function *function = dev->data;

	/* One that cannot be mapped is given no address. */
	if (function->handle == NULL)
		return true;
	if (source != &wuio_memory) {
		*remedy = source == NULL ? "name it with -a when the dataplane is started" :
			"it needs the driver's; drive it and the device model in two processes";
		return false;
	}
	if (wuio_memory_reaches(function))
		return true;
	snprintf(text, sizeof(text), "its bus addresses are not those of %s (another IOMMU domain): drive them in two processes",
		wuio_memory_first());
	*remedy = text;
	return false;
}

/* The handle stays: memory may have come through it. */
static void
release(struct pci_device *dev)
{
	struct wuio_function *function = dev->data;

	if (function != NULL)
		function->dev = NULL;
}

const struct pci_backend wuio_backend = {
	.name = "wdpdkuio",
	.map = map,
	.unmap = unmap,
	.read_config = read_config,
	.write_config = write_config,
	.iova_mode = iova_mode,
	.reaches = reaches,
	.release = release,
};
