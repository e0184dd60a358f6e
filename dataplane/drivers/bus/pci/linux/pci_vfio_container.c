/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: VFIO's container and groups, and EAL's memory in the IOMMU's table, a page an entry: whatever is given back later is one or
 * several whole entries.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/vfio.h>
#include <rte_errno.h>
#include <rte_memory.h>

#include "pci_vfio.h"

#define GROUPS_MAX 64
#define CALLBACK "bus_pci_vfio"

struct group {
	int number;
	int fd;
	unsigned int devices;
};

static struct {
	int fd;
	bool has_iommu;
	struct group groups[GROUPS_MAX];
	unsigned int group_count;
} container = {.fd = -1};

/* ---- memory ---- */

/* 0 or a negative errno; without a message. */
static int
table_add(const void *addr, uint64_t iova, uint64_t len)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map), .flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE, .vaddr = (uint64_t)(uintptr_t)addr,
		.iova = iova, .size = len,
	};

	return ioctl(container.fd, VFIO_IOMMU_MAP_DMA, &map) == 0 ? 0 : -errno;
}

static int
table_remove(uint64_t iova, uint64_t len)
{
	struct vfio_iommu_type1_dma_unmap unmap = {.argsz = sizeof(unmap), .iova = iova, .size = len};

	if (ioctl(container.fd, VFIO_IOMMU_UNMAP_DMA, &unmap) != 0)
		return -errno;
	/* As many as there were. */
	return unmap.size == len ? 0 : -ENOENT;
}

static void
say_not_mapped(const void *addr, uint64_t len, int err)
{
	const char *remedy = rte_strerror(err);

	if (err == ENOMEM)
		remedy = "more than the user may lock: raise \"max locked memory\" (ulimit -l)";
	else if (err == ENOSPC)
		remedy = "the IOMMU's table is full: use huge pages, or raise vfio_iommu_type1's dma_entry_limit";
	PCI_LOG(ERR, "vfio: %" PRIu64 " bytes at %p cannot be given to devices: %s\n", len, addr, remedy);
}

static int
add_page(const struct rte_memseg_list *list, const struct rte_memseg *page, void *unused)
{
	int ret;

	(void)unused;
	if (list->external != 0 || page->iova == RTE_BAD_IOVA)
		return 0;
	ret = table_add(page->addr, page->iova, page->len);
	/* Memory that came between the callback's registration and the walk. */
	if (ret == 0 || ret == -EEXIST)
		return 0;
	say_not_mapped(page->addr, page->len, -ret);
	rte_errno = -ret;
	return -1;
}

/* EAL took memory, or gives it back. The walk's lock is held already. */
static void
memory_changes(enum rte_mem_event event, const void *addr, size_t len, void *unused)
{
	const struct rte_memseg_list *list = rte_mem_virt2memseg_list(addr);
	const struct rte_memseg *page;
	size_t at;

	(void)unused;
	if (list == NULL || list->external != 0)
		return;
	for (at = 0; at < len; at += page->len) {
		page = rte_mem_virt2memseg(RTE_PTR_ADD(addr, at), list);
		if (page == NULL || page->len == 0)
			return;
		if (event == RTE_MEM_EVENT_ALLOC)
			add_page(list, page, NULL);
		else if (page->iova != RTE_BAD_IOVA)
			table_remove(page->iova, page->len);
	}
}

static int
add_all_memory(void)
{
	if (rte_mem_event_callback_register(CALLBACK, memory_changes, NULL) != 0)
		return -rte_errno;
	if (rte_memseg_walk(add_page, NULL) == 0)
		return 0;
	rte_mem_event_callback_unregister(CALLBACK, NULL);
	return -rte_errno;
}

int
pci_vfio_dma_map(struct pci_device *dev, void *addr, uint64_t iova, size_t len)
{
	int ret;

	(void)dev;
	if (container.fd < 0)
		return -ENODEV;
	/* Physical addresses need no table. */
	if (!container.has_iommu)
		return 0;
	ret = table_add(addr, iova, len);
	if (ret != 0)
		say_not_mapped(addr, len, -ret);
	return ret;
}

int
pci_vfio_dma_unmap(struct pci_device *dev, void *addr, uint64_t iova, size_t len)
{
	int ret;

	(void)addr;
	if (container.fd < 0)
		return -ENODEV;
	ret = container.has_iommu ? table_remove(iova, len) : 0;
	if (ret != 0)
		PCI_LOG(ERR, "%s: vfio: address 0x%" PRIx64 ", %zu bytes: was not mapped so\n", dev->public.device.name, iova, len);
	return ret;
}

/* ---- groups ---- */

/* Name of the node of a device's group; its number, or a negative errno. */
static int
find_group(const struct pci_device *dev, char path[PCI_PATH_SIZE], bool *physical)
{
	const struct pci_linux *own = dev->data;
	char link[PCI_PATH_SIZE + 64], target[PCI_PATH_SIZE];
	const char *name;
	struct stat st;
	ssize_t len;
	int number, end = 0;

	snprintf(link, sizeof(link), "%s/iommu_group", own->folder);
	len = readlink(link, target, sizeof(target) - 1);
	if (len < 0)
		return -errno;
	target[len] = '\0';
	name = strrchr(target, '/') != NULL ? strrchr(target, '/') + 1 : target;
	if (sscanf(name, "%d%n", &number, &end) != 1 || name[end] != '\0' || number < 0)
		return -EINVAL;
	snprintf(path, PCI_PATH_SIZE, "%s/vfio/noiommu-%d", pci_linux_dev, number);
	*physical = stat(path, &st) == 0;
	if (!*physical)
		snprintf(path, PCI_PATH_SIZE, "%s/vfio/%d", pci_linux_dev, number);
	return number;
}

bool
pci_vfio_is_physical(const struct pci_device *dev)
{
	char path[PCI_PATH_SIZE];
	bool physical;

	return find_group(dev, path, &physical) >= 0 && physical;
}

static int
open_container(const struct pci_device *dev)
{
	char path[PCI_PATH_SIZE];
	int version;

	snprintf(path, sizeof(path), "%s/vfio/vfio", pci_linux_dev);
	container.fd = open(path, O_RDWR | O_CLOEXEC);
	if (container.fd < 0)
		return pci_linux_refuse(dev, path, errno, "there is no such node: load the kernel's module vfio-pci");
	version = ioctl(container.fd, VFIO_GET_API_VERSION);
	if (version == VFIO_API_VERSION)
		return 0;
	PCI_LOG(ERR, "%s: %s: version %d of VFIO is not the one this program knows (%d)\n", dev->public.device.name, path, version,
		VFIO_API_VERSION);
	return -ENOTSUP;
}

/* The first group decides what the container is; only then may it be said. */
static int
choose_iommu(const struct pci_device *dev, bool physical)
{
	const int kinds[] = {VFIO_TYPE1v2_IOMMU, VFIO_TYPE1_IOMMU, VFIO_NOIOMMU_IOMMU};
	unsigned int i;

	for (i = physical ? 2 : 0; i < (physical ? 3u : 2u); i++)
		if (ioctl(container.fd, VFIO_CHECK_EXTENSION, kinds[i]) == 1 && ioctl(container.fd, VFIO_SET_IOMMU, kinds[i]) == 0) {
			container.has_iommu = !physical;
			return physical ? 0 : add_all_memory();
		}
	PCI_LOG(ERR, "%s: vfio: no IOMMU of a kind this program knows: is it switched on (intel_iommu=on, amd_iommu=on)?\n",
		dev->public.device.name);
	return -ENOTSUP;
}

static void
close_container(void)
{
	if (container.has_iommu)
		rte_mem_event_callback_unregister(CALLBACK, NULL);
	close(container.fd);
	container.fd = -1;
	container.has_iommu = false;
}

/* A group's node, open and whole. */
static int
open_group(const struct pci_device *dev, const char *path, int number, int *fd)
{
	struct vfio_group_status status = {.argsz = sizeof(status)};

	*fd = open(path, O_RDWR | O_CLOEXEC);
	if (*fd < 0 && errno == EBUSY) {
		PCI_LOG(ERR, "%s: %s: another process has it\n", dev->public.device.name, path);
		return -EBUSY;
	}
	if (*fd < 0)
		return pci_linux_refuse(dev, path, errno, "there is no such node: bind the device to vfio-pci again");
	if (ioctl(*fd, VFIO_GROUP_GET_STATUS, &status) != 0)
		return pci_linux_refuse(dev, path, errno, "it is no group of VFIO's");
	if ((status.flags & VFIO_GROUP_FLAGS_VIABLE) != 0)
		return 0;
	PCI_LOG(ERR, "%s: other devices of IOMMU group %d are held by drivers of the kernel: bind all of them to vfio-pci "
		"(ls /sys/kernel/iommu_groups/%d/devices)\n", dev->public.device.name, number, number);
	return -EPERM;
}

/* The container is there; gives the group to it. */
static int
enter(const struct pci_device *dev, const char *path, const struct group *group, bool physical)
{
	const bool first = container.group_count == 0;

	if (!first && container.has_iommu == physical) {
		PCI_LOG(ERR, "%s: devices with an IOMMU and devices without one cannot be driven together\n", dev->public.device.name);
		return -ENOTSUP;
	}
	if (ioctl(group->fd, VFIO_GROUP_SET_CONTAINER, &container.fd) != 0)
		return pci_linux_refuse(dev, path, errno, "");
	return first ? choose_iommu(dev, physical) : 0;
}

static struct group *
group_of(int number)
{
	for (unsigned int i = 0; i < container.group_count; i++)
		if (container.groups[i].number == number)
			return &container.groups[i];
	return NULL;
}

int
pci_vfio_join(struct pci_device *dev)
{
	struct pci_linux *own = dev->data;
	char path[PCI_PATH_SIZE];
	struct group *group, one = {.fd = -1, .devices = 1};
	bool physical = false;
	int ret;

	one.number = find_group(dev, path, &physical);
	if (one.number < 0) {
		snprintf(path, sizeof(path), "%.*s/iommu_group", PCI_PATH_SIZE - 16, own->folder);
		return pci_linux_refuse(dev, path, -one.number,
			"the device is in no IOMMU group: switch the IOMMU on (intel_iommu=on, amd_iommu=on), or load vfio with "
			"enable_unsafe_noiommu_mode=1");
	}
	group = group_of(one.number);
	if (group != NULL) {
		group->devices++;
		own->group = one.number;
		return 0;
	}
	if (container.group_count == GROUPS_MAX)
		return pci_linux_refuse(dev, path, ENFILE, "");
	ret = container.fd >= 0 ? 0 : open_container(dev);
	if (ret == 0)
		ret = open_group(dev, path, one.number, &one.fd);
	if (ret == 0)
		ret = enter(dev, path, &one, physical);
	if (ret == 0) {
		container.groups[container.group_count++] = one;
		own->group = one.number;
		return 0;
	}
	if (one.fd >= 0)
		close(one.fd);
	if (container.group_count == 0 && container.fd >= 0) {
		container.has_iommu = false; /* nothing was registered, or it is no more */
		close_container();
	}
	return ret;
}

void
pci_vfio_leave(struct pci_device *dev)
{
	struct pci_linux *own = dev->data;
	struct group *group = group_of(own->group);

	own->group = -1;
	if (group == NULL || --group->devices > 0)
		return;
	/* With the last group the container forgets its table: its end comes first for the callback. */
	close(group->fd);
	*group = container.groups[--container.group_count];
	if (container.group_count == 0)
		close_container();
}

int
pci_vfio_device_fd(const struct pci_device *dev)
{
	const struct pci_linux *own = dev->data;
	const struct group *group = group_of(own->group);
	int fd = group != NULL ? ioctl(group->fd, VFIO_GROUP_GET_DEVICE_FD, dev->public.name) : -1;

	return fd >= 0 ? fd : pci_linux_refuse(dev, "vfio", group != NULL ? errno : EINVAL, "the group has no such device");
}
