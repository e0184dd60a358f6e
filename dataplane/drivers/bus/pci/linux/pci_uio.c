/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: registers and interrupts of a device that igb_uio or uio_pci_generic holds. BARs are files in the device's
 * folder, interrupts come out of /dev/uioN. Either driver gives the device physical addresses.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pci_linux.h"

const char *pci_linux_dev = "/dev";

/* N of the folder's entry "uioN" or "uio:uioN". -1: there is none. */
static int
number_in(const char *path, const char *prefix)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int number = -1, end;

	while (folder != NULL && number < 0 && (entry = readdir(folder)) != NULL)
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
		    (sscanf(entry->d_name + strlen(prefix), "%d%n", &number, &end) != 1 ||
		     entry->d_name[strlen(prefix) + (size_t)end] != '\0'))
			number = -1;
	if (folder != NULL)
		closedir(folder);
	return number;
}

static int
find_uio(struct pci_device *dev)
{
	struct pci_linux *own = dev->data;
	char path[PCI_PATH_SIZE + 8];

	snprintf(path, sizeof(path), "%s/uio", own->folder);
	own->uio = number_in(path, "uio");
	if (own->uio < 0)
		own->uio = number_in(own->folder, "uio:uio");
	if (own->uio >= 0)
		return 0;
	return pci_linux_refuse(dev, path, ENOENT, "there is no uioN in it: bind the device to its uio driver again");
}

/*
 * A FIFO in the node's place has a model at its other end. It has no switch to be written: that would come back as an
 * interrupt.
 */
static int
open_interrupts(struct pci_device *dev, int config_fd)
{
	struct rte_intr_handle *handle = dev->public.intr_handle;
	struct pci_linux *own = dev->data;
	char path[PCI_PATH_SIZE];
	struct stat st;
	bool is_fifo;
	int fd, copy;

	snprintf(path, sizeof(path), "%s/uio%d", pci_linux_dev, own->uio);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return pci_linux_refuse(dev, path, errno, "there is no such node: is udev running?");
	is_fifo = fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
	if (is_fifo)
		fcntl(fd, F_SETFL, O_NONBLOCK);
	copy = fcntl(config_fd, F_DUPFD_CLOEXEC, 0);
	if (copy < 0) {
		close(fd);
		return pci_linux_refuse(dev, path, errno, "");
	}
	rte_intr_fd_set(handle, fd);
	rte_intr_dev_fd_set(handle, copy);
	rte_intr_type_set(handle, is_fifo || dev->public.kdrv == RTE_PCI_KDRV_UIO_GENERIC ? RTE_INTR_HANDLE_UIO_INTX :
		RTE_INTR_HANDLE_UIO);
	return 0;
}

static void
close_interrupts(struct pci_device *dev)
{
	struct rte_intr_handle *handle = dev->public.intr_handle;

	if (rte_intr_fd_get(handle) >= 0)
		close(rte_intr_fd_get(handle));
	if (rte_intr_dev_fd_get(handle) >= 0)
		close(rte_intr_dev_fd_get(handle));
	rte_intr_fd_set(handle, -1);
	rte_intr_dev_fd_set(handle, -1);
	rte_intr_type_set(handle, RTE_INTR_HANDLE_UNKNOWN);
}

int
pci_uio_map(struct pci_device *dev)
{
	int ret = find_uio(dev), config_fd;

	if (ret != 0)
		return ret;
	config_fd = pci_linux_config(dev);
	if (config_fd < 0)
		return config_fd;
	ret = open_interrupts(dev, config_fd);
	if (ret != 0)
		return ret;
	/* igb_uio does it when its node is opened. */
	if (dev->public.kdrv == RTE_PCI_KDRV_UIO_GENERIC && rte_pci_set_bus_master(&dev->public, true) != 0)
		ret = pci_linux_refuse(dev, "configuration space", EIO, "");
	if (ret == 0)
		ret = pci_linux_map_bars(dev);
	if (ret != 0)
		close_interrupts(dev);
	return ret;
}

void
pci_uio_unmap(struct pci_device *dev)
{
	pci_linux_unmap_bars(dev);
	close_interrupts(dev);
}
