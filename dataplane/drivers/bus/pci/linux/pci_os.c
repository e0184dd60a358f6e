/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: the back end of the system's devices, whatever driver of the kernel's holds them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pci_vfio.h"

/* ---- configuration space ---- */

int
pci_linux_config(const struct pci_device *dev)
{
	struct pci_linux *own = dev->data;
	char path[PCI_PATH_SIZE + 64];

	if (own->config_fd >= 0)
		return own->config_fd;
	snprintf(path, sizeof(path), "%s/config", own->folder);
	if (access(path, F_OK) != 0 && own->uio >= 0)
		snprintf(path, sizeof(path), "/sys/class/uio/uio%d/device/config", own->uio);
	own->config_fd = open(path, O_RDWR | O_CLOEXEC);
	/* Reading is better than nothing. */
	if (own->config_fd < 0 && errno == EACCES)
		own->config_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (own->config_fd < 0)
		return pci_linux_refuse(dev, path, errno, "there is no such file: is this folder a PCI device's?");
	return own->config_fd;
}

/* A user of VFIO's may write there and not in sysfs. */
static int
config_of(const struct pci_device *dev, size_t *offset)
{
	const struct pci_linux *own = dev->data;

	if (own->device_fd < 0)
		return pci_linux_config(dev);
	*offset += own->config_offset;
	return own->device_fd;
}

static int
read_config(const struct pci_device *dev, void *buf, size_t len, size_t offset)
{
	int fd = config_of(dev, &offset);
	ssize_t n = fd < 0 ? fd : pread(fd, buf, len, (off_t)offset);

	return n < 0 && fd >= 0 ? -errno : (int)n;
}

static int
write_config(const struct pci_device *dev, const void *buf, size_t len, size_t offset)
{
	int fd = config_of(dev, &offset);
	ssize_t n = fd < 0 ? fd : pwrite(fd, buf, len, (off_t)offset);

	return n < 0 && fd >= 0 ? -errno : (int)n;
}

/* ---- BARs ---- */

static int
map_bar(struct pci_device *dev, unsigned int bar)
{
	struct rte_mem_resource *resource = &dev->public.mem_resource[bar];
	struct pci_linux *own = dev->data;
	char path[PCI_PATH_SIZE + 32];
	struct stat st;
	int fd = -1, err = 0;
	void *virt;

	if (dev->public.driver != NULL && (dev->public.driver->drv_flags & RTE_PCI_DRV_WC_ACTIVATE) != 0) {
		snprintf(path, sizeof(path), "%s/resource%u_wc", own->folder, bar);
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	if (fd < 0) {
		snprintf(path, sizeof(path), "%s/resource%u", own->folder, bar);
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	if (fd < 0)
		return pci_linux_refuse(dev, path, errno, "there is no such file: the kernel shows no memory of this BAR");
	if (fstat(fd, &st) == 0 && (uint64_t)st.st_size < resource->len) {
		close(fd);
		PCI_LOG(ERR, "%s: %s has %lld bytes, and the BAR %llu: is the model's file complete?\n", dev->public.device.name, path,
			(long long)st.st_size, (unsigned long long)resource->len);
		return -EINVAL;
	}
	virt = mmap(NULL, resource->len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (virt == MAP_FAILED)
		err = errno;
	close(fd);
	if (err != 0)
		return pci_linux_refuse(dev, path, err, "");
	resource->addr = virt;
	own->mapped_len[bar] = resource->len;
	return 0;
}

int
pci_linux_map_bars(struct pci_device *dev)
{
	const struct pci_linux *own = dev->data;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < PCI_MAX_RESOURCE && ret == 0; i++)
		if ((own->wanted >> i & 1) != 0)
			ret = map_bar(dev, i);
	if (ret != 0)
		pci_linux_unmap_bars(dev);
	return ret;
}

void
pci_linux_unmap_bars(struct pci_device *dev)
{
	const struct pci_linux *own = dev->data;
	unsigned int i;

	for (i = 0; i < PCI_MAX_RESOURCE; i++) {
		if (dev->public.mem_resource[i].addr != NULL)
			munmap(dev->public.mem_resource[i].addr, own->mapped_len[i]);
		dev->public.mem_resource[i].addr = NULL;
	}
}

/* ---- the back end ---- */

static bool
is_uio(const struct pci_device *dev)
{
	return dev->public.kdrv == RTE_PCI_KDRV_IGB_UIO || dev->public.kdrv == RTE_PCI_KDRV_UIO_GENERIC;
}

static bool
is_vfio(const struct pci_device *dev)
{
	return dev->public.kdrv == RTE_PCI_KDRV_VFIO;
}

/* Nothing is between it and memory. */
static bool
is_physical(const struct pci_device *dev)
{
	return is_uio(dev) || (is_vfio(dev) && pci_vfio_is_physical(dev));
}

static int
map(struct pci_device *dev)
{
	const struct pci_linux *own = dev->data;

	if (is_uio(dev))
		return pci_uio_map(dev);
	if (is_vfio(dev))
		return pci_vfio_map(dev);
	/* Somebody else's device is left alone; only who asked for it hears why. */
	if (dev->public.device.devargs == NULL)
		return 1;
	if (own->driver[0] == '\0')
		PCI_LOG(ERR, "%s has no driver: bind it to vfio-pci, igb_uio or uio_pci_generic (dpdk-devbind.py --bind)\n",
			dev->public.device.name);
	else
		PCI_LOG(ERR, "%s is held by the kernel's driver %s: bind it to vfio-pci, igb_uio or uio_pci_generic (dpdk-devbind.py --bind)\n",
			dev->public.device.name, own->driver);
	return -ENODEV;
}

static void
unmap(struct pci_device *dev)
{
	if (is_uio(dev))
		pci_uio_unmap(dev);
	else if (is_vfio(dev))
		pci_vfio_unmap(dev);
}

static enum rte_iova_mode
iova_mode(const struct pci_device *dev)
{
	return is_physical(dev) ? RTE_IOVA_PA : is_vfio(dev) ? RTE_IOVA_VA : RTE_IOVA_DC;
}

static bool
reaches(const struct pci_device *dev, const struct wdpdk_memory_source *source, const char **remedy)
{
	*remedy = source == NULL ? "start as root, with huge pages and --iova-mode pa" :
		"it needs physical ones; drive it and the device model in two processes";
	/* One that cannot be mapped is given no address; an IOMMU takes any. */
	return !is_physical(dev) || (source != NULL && source->physical);
}

static int
dma_map(struct pci_device *dev, void *addr, uint64_t iova, size_t len)
{
	return is_vfio(dev) ? pci_vfio_dma_map(dev, addr, iova, len) : -ENOTSUP;
}

static int
dma_unmap(struct pci_device *dev, void *addr, uint64_t iova, size_t len)
{
	return is_vfio(dev) ? pci_vfio_dma_unmap(dev, addr, iova, len) : -ENOTSUP;
}

static void
release(struct pci_device *dev)
{
	struct pci_linux *own = dev->data;

	if (own != NULL && own->config_fd >= 0)
		close(own->config_fd);
	free(own);
}

const struct pci_backend pci_linux_backend = {
	.name = "sysfs",
	.map = map,
	.unmap = unmap,
	.read_config = read_config,
	.write_config = write_config,
	.iova_mode = iova_mode,
	.reaches = reaches,
	.dma_map = dma_map,
	.dma_unmap = dma_unmap,
	.release = release,
};
