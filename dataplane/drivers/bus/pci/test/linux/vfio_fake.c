/* SPDX-License-Identifier: BSD-3-Clause */
#include "vfio_fake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/vfio.h>

#define ENTRIES_MAX 8192

struct vfio_fake fake;

static struct entry {
	uint64_t iova, vaddr, size;
} entries[ENTRIES_MAX];

void
vfio_fake_reset(void)
{
	fake = (struct vfio_fake){.has_type1 = true, .viable = true, .vectors = 5, .fail_dma_after = -1};
}

void
vfio_fake_forget(void)
{
	fake.containers = fake.groups = 0;
	fake.entries = 0;
	fake.mapped = 0;
}

bool
vfio_fake_reaches(uint64_t iova, uint64_t vaddr)
{
	for (unsigned int i = 0; i < fake.entries; i++)
		if (iova >= entries[i].iova && iova - entries[i].iova < entries[i].size)
			return entries[i].vaddr + (iova - entries[i].iova) == vaddr;
	return false;
}

static int
failed(int err)
{
	errno = err;
	return -1;
}

static int
dma_map(const struct vfio_iommu_type1_dma_map *map)
{
	if (fake.containers == 0 || map->argsz < sizeof(*map) || map->size == 0 || ((map->iova | map->vaddr | map->size) & 4095) != 0 ||
		map->flags != (VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE))
		return failed(fake.last_dma_error = EINVAL);
	for (unsigned int i = 0; i < fake.entries; i++)
		if (map->iova < entries[i].iova + entries[i].size && entries[i].iova < map->iova + map->size)
			return failed(fake.last_dma_error = EEXIST);
	if (fake.fail_dma_after >= 0 && (int)fake.entries >= fake.fail_dma_after)
		return failed(ENOMEM);
	if (fake.entries == ENTRIES_MAX)
		return failed(ENOSPC);
	entries[fake.entries++] = (struct entry){map->iova, map->vaddr, map->size};
	fake.mapped += map->size;
	return 0;
}

static int
dma_unmap(struct vfio_iommu_type1_dma_unmap *unmap)
{
	uint64_t removed = 0;

	if (unmap->argsz < sizeof(*unmap) || unmap->flags != 0)
		return failed(fake.last_dma_error = EINVAL);
	for (unsigned int i = 0; i < fake.entries; i++) {
		struct entry *one = &entries[i];
		const bool starts = one->iova >= unmap->iova && one->iova < unmap->iova + unmap->size;

		if (!starts && unmap->iova >= one->iova && unmap->iova < one->iova + one->size)
			return failed(fake.last_dma_error = EINVAL);
		if (!starts)
			continue;
		if (one->iova + one->size > unmap->iova + unmap->size)
			return failed(fake.last_dma_error = EINVAL);
		removed += one->size;
		*one = entries[--fake.entries];
		i--;
	}
	fake.mapped -= removed;
	unmap->size = removed;
	return 0;
}

static int
region_info(struct vfio_region_info *info)
{
	info->flags = 0;
	info->size = info->offset = 0;
	if (info->index == VFIO_PCI_CONFIG_REGION_INDEX) {
		info->flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
		info->size = 256;
		info->offset = FAKE_CONFIG_AT;
	} else if (info->index < 6 && fake.bar_size[info->index] != 0) {
		info->flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE | VFIO_REGION_INFO_FLAG_MMAP;
		info->size = fake.bar_size[info->index];
		info->offset = fake.bar_offset[info->index];
	} else if (info->index > VFIO_PCI_CONFIG_REGION_INDEX) {
		return failed(EINVAL);
	}
	return 0;
}

static int
set_irqs(const struct vfio_irq_set *set)
{
	const uint32_t room = set->index == VFIO_PCI_MSIX_IRQ_INDEX ? fake.vectors : 1;

	if (set->start + set->count > room)
		return failed(EINVAL);
	if ((set->flags & VFIO_IRQ_SET_ACTION_UNMASK) != 0) {
		fake.unmasked++;
		return set->index == VFIO_PCI_INTX_IRQ_INDEX ? 0 : failed(ENOTTY);
	}
	if ((set->flags & VFIO_IRQ_SET_DATA_EVENTFD) != 0 && set->argsz != sizeof(*set) + set->count * sizeof(int))
		return failed(EINVAL);
	fake.trigger_index = set->index;
	fake.trigger_count = set->count;
	if ((set->flags & VFIO_IRQ_SET_DATA_EVENTFD) != 0)
		memcpy(fake.triggers, set->data, (set->count < 8 ? set->count : 8) * sizeof(int));
	return 0;
}

static int
open_device(void)
{
	int fd = fake.containers == 0 ? -1 : open(fake.device, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		fake.devices++;
	return fd >= 0 ? fd : failed(EINVAL);
}

static int
set_iommu(unsigned long kind)
{
	if (fake.groups == 0 || fake.containers != 0)
		return failed(EINVAL);
	if (kind == VFIO_NOIOMMU_IOMMU ? !fake.has_noiommu : !fake.has_type1)
		return failed(ENODEV);
	fake.containers++;
	return 0;
}

int __wrap_ioctl(int fd, unsigned long request, ...);
int __real_ioctl(int fd, unsigned long request, ...);

int
__wrap_ioctl(int fd, unsigned long request, ...)
{
	unsigned long number;
	va_list list;
	void *arg;

	va_start(list, request);
	arg = va_arg(list, void *);
	va_end(list);
	number = (unsigned long)(uintptr_t)arg;
	switch (request) {
	case VFIO_GET_API_VERSION:
		return fake.version;
	case VFIO_CHECK_EXTENSION:
		return ((int)number == VFIO_NOIOMMU_IOMMU ? fake.has_noiommu : fake.has_type1) ? 1 : 0;
	case VFIO_SET_IOMMU:
		return set_iommu((unsigned int)number);
	case VFIO_GROUP_GET_STATUS:
		((struct vfio_group_status *)arg)->flags = fake.viable ? VFIO_GROUP_FLAGS_VIABLE : 0;
		return 0;
	case VFIO_GROUP_SET_CONTAINER:
		fake.groups++;
		return 0;
	case VFIO_GROUP_GET_DEVICE_FD:
		return open_device();
	case VFIO_IOMMU_MAP_DMA:
		return dma_map(arg);
	case VFIO_IOMMU_UNMAP_DMA:
		return dma_unmap(arg);
	case VFIO_DEVICE_GET_INFO:
		((struct vfio_device_info *)arg)->flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
		((struct vfio_device_info *)arg)->num_regions = VFIO_PCI_NUM_REGIONS;
		((struct vfio_device_info *)arg)->num_irqs = VFIO_PCI_NUM_IRQS;
		return 0;
	case VFIO_DEVICE_GET_REGION_INFO:
		return region_info(arg);
	case VFIO_DEVICE_GET_IRQ_INFO: {
		struct vfio_irq_info *info = arg;

		info->flags = VFIO_IRQ_INFO_EVENTFD;
		info->count = info->index == VFIO_PCI_MSIX_IRQ_INDEX ? fake.vectors : info->index == VFIO_PCI_INTX_IRQ_INDEX;
		return 0;
	}
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(arg);
	case VFIO_DEVICE_RESET:
		fake.resets++;
		return 0;
	default:
		return __real_ioctl(fd, request, arg);
	}
}
