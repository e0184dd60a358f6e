/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: registers, configuration space and interrupts of a device that vfio-pci holds: regions of its descriptor, and eventfds.
 */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "pci_vfio.h"

#define MSIX_CONTROL 2
#define MSIX_TABLE 4
#define MSIX_ENTRY 16u

/* ---- regions ---- */

static int
region(const struct pci_device *dev, uint32_t index, struct vfio_region_info *info)
{
	const struct pci_linux *own = dev->data;

	*info = (struct vfio_region_info){.argsz = sizeof(*info), .index = index};
	return ioctl(own->device_fd, VFIO_DEVICE_GET_REGION_INFO, info) == 0 ? 0 : -errno;
}

/*
 * The pages of a BAR that have the interrupts' table: kernels do not let them be mapped, or they are the kernel's to write. None:
 * *length is 0.
 */
static void
find_hole(const struct pci_device *dev, unsigned int bar, uint64_t bar_length, uint64_t *first, uint64_t *length)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	off_t at = rte_pci_find_capability(&dev->public, RTE_PCI_CAP_ID_MSIX);
	uint16_t control;
	uint32_t table;
	uint64_t end;

	*first = bar_length;
	*length = 0;
	if (at <= 0 || rte_pci_read_config(&dev->public, &control, sizeof(control), at + MSIX_CONTROL) != sizeof(control) ||
		rte_pci_read_config(&dev->public, &table, sizeof(table), at + MSIX_TABLE) != sizeof(table) || (table & 7) != bar)
		return;
	end = (uint64_t)(table & ~7u) + ((control & 0x7FFu) + 1) * MSIX_ENTRY;
	*first = RTE_MIN((uint64_t)(table & ~7u) / page * page, bar_length);
	*length = RTE_MIN((end + page - 1) / page * page, bar_length) - *first;
}

/* Addresses for the whole BAR; pages in its two parts, around the hole. */
static int
map_region(struct pci_device *dev, unsigned int bar, const struct vfio_region_info *info)
{
	const struct pci_linux *own = dev->data;
	uint64_t hole, hole_length, part[2][2];
	char *room = mmap(NULL, info->size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (room == MAP_FAILED)
		return -errno;
	find_hole(dev, bar, info->size, &hole, &hole_length);
	part[0][0] = 0;
	part[0][1] = hole;
	part[1][0] = hole + hole_length;
	part[1][1] = info->size - hole - hole_length;
	for (int i = 0; i < 2; i++)
		if (part[i][1] != 0 && mmap(room + part[i][0], part[i][1], PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, own->device_fd,
				(off_t)(info->offset + part[i][0])) == MAP_FAILED) {
			int err = errno;

			munmap(room, info->size);
			return -err;
		}
	dev->public.mem_resource[bar].addr = room;
	return 0;
}

static int
map_bar(struct pci_device *dev, unsigned int bar)
{
	struct pci_linux *own = dev->data;
	struct vfio_region_info info;
	char object[32];
	int ret = region(dev, VFIO_PCI_BAR0_REGION_INDEX + bar, &info);

	snprintf(object, sizeof(object), "vfio: BAR %u", bar);
	if (ret != 0)
		return pci_linux_refuse(dev, object, -ret, "the kernel shows no memory of it");
	/* Not one that can be had: a driver that needs it sees that it has no address. */
	if (info.size == 0 || (info.flags & VFIO_REGION_INFO_FLAG_MMAP) == 0)
		return 0;
	if (info.size != dev->public.mem_resource[bar].len) {
		PCI_LOG(ERR, "%s: BAR %u has %llu bytes for VFIO and %llu for sysfs\n", dev->public.device.name, bar,
			(unsigned long long)info.size, (unsigned long long)dev->public.mem_resource[bar].len);
		return -EINVAL;
	}
	ret = map_region(dev, bar, &info);
	if (ret != 0)
		return pci_linux_refuse(dev, object, -ret, "");
	own->mapped_len[bar] = info.size;
	return 0;
}

/* ---- interrupts ---- */

/* One that has no interrupts is as good: its driver asks it now and then. */
static int
open_interrupts(struct pci_device *dev)
{
	static const struct {
		uint32_t index;
		enum rte_intr_handle_type type;
	} kinds[] = {
		{VFIO_PCI_MSIX_IRQ_INDEX, RTE_INTR_HANDLE_VFIO_MSIX}, {VFIO_PCI_MSI_IRQ_INDEX, RTE_INTR_HANDLE_VFIO_MSI},
		{VFIO_PCI_INTX_IRQ_INDEX, RTE_INTR_HANDLE_VFIO_LEGACY},
	};
	struct rte_intr_handle *handle = dev->public.intr_handle;
	const struct pci_linux *own = dev->data;

	for (unsigned int i = 0; i < RTE_DIM(kinds); i++) {
		struct vfio_irq_info info = {.argsz = sizeof(info), .index = kinds[i].index};
		int fd;

		if (ioctl(own->device_fd, VFIO_DEVICE_GET_IRQ_INFO, &info) != 0 || info.count == 0 ||
			(info.flags & VFIO_IRQ_INFO_EVENTFD) == 0)
			continue;
		fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (fd < 0)
			return pci_linux_refuse(dev, "eventfd", errno, "");
		rte_intr_fd_set(handle, fd);
		rte_intr_dev_fd_set(handle, own->device_fd);
		rte_intr_type_set(handle, kinds[i].type);
		return 0;
	}
	return 0;
}

static void
close_interrupts(struct pci_device *dev)
{
	struct rte_intr_handle *handle = dev->public.intr_handle;

	if (rte_intr_fd_get(handle) >= 0)
		close(rte_intr_fd_get(handle));
	rte_intr_fd_set(handle, -1);
	rte_intr_dev_fd_set(handle, -1);
	rte_intr_type_set(handle, RTE_INTR_HANDLE_UNKNOWN);
}

/* ---- the device ---- */

static int
open_device(struct pci_device *dev)
{
	struct pci_linux *own = dev->data;
	struct vfio_device_info info = {.argsz = sizeof(info)};
	struct vfio_region_info config;
	int ret = pci_vfio_device_fd(dev);

	if (ret < 0)
		return ret;
	own->device_fd = ret;
	if (ioctl(own->device_fd, VFIO_DEVICE_GET_INFO, &info) != 0)
		return pci_linux_refuse(dev, "vfio", errno, "");
	if ((info.flags & VFIO_DEVICE_FLAGS_PCI) == 0 || info.num_regions <= VFIO_PCI_CONFIG_REGION_INDEX)
		return pci_linux_refuse(dev, "vfio", ENODEV, "the kernel does not show it as a PCI device");
	ret = region(dev, VFIO_PCI_CONFIG_REGION_INDEX, &config);
	if (ret != 0)
		return pci_linux_refuse(dev, "vfio: configuration space", -ret, "");
	own->config_offset = config.offset;
	/* Whoever had it before may have left it at work. A device that cannot be reset alone is the driver's to stop. */
	if ((info.flags & VFIO_DEVICE_FLAGS_RESET) != 0 && ioctl(own->device_fd, VFIO_DEVICE_RESET) != 0)
		PCI_LOG(WARNING, "%s: vfio cannot reset it: %s\n", dev->public.device.name, strerror(errno));
	return 0;
}

void
pci_vfio_unmap(struct pci_device *dev)
{
	struct pci_linux *own = dev->data;

	close_interrupts(dev);
	pci_linux_unmap_bars(dev);
	if (own->device_fd >= 0) {
		/* Before its memory goes. */
		rte_pci_set_bus_master(&dev->public, false);
		close(own->device_fd);
	}
	own->device_fd = -1;
	pci_vfio_leave(dev);
}

int
pci_vfio_map(struct pci_device *dev)
{
	const struct pci_linux *own = dev->data;
	int ret = pci_vfio_join(dev);

	if (ret != 0)
		return ret;
	ret = open_device(dev);
	for (unsigned int i = 0; i < PCI_MAX_RESOURCE && ret == 0; i++)
		if ((own->wanted >> i & 1) != 0)
			ret = map_bar(dev, i);
	if (ret == 0)
		ret = open_interrupts(dev);
	if (ret == 0 && rte_pci_set_bus_master(&dev->public, true) != 0)
		ret = pci_linux_refuse(dev, "vfio: configuration space", EIO, "");
	if (ret != 0)
		pci_vfio_unmap(dev);
	return ret;
}
