/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux: devices as sysfs shows them, one folder each. The environment's SYSFS_PCI_DEVICES may name another folder of
 * such folders.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_errno.h>
#include <rte_memory.h>
#include <rte_string_fns.h>

#include "pci_linux.h"

#define RESOURCE_MEMORY 0x200
#define LINE_SIZE 256

const char *
rte_pci_get_sysfs_path(void)
{
	const char *path = getenv("SYSFS_PCI_DEVICES");

	return path != NULL ? path : "/sys/bus/pci/devices";
}

int
pci_linux_refuse(const struct pci_device *dev, const char *object, int err, const char *when_missing)
{
	const char *remedy = rte_strerror(err);

	if (err == ENOENT || err == ENXIO || err == ENODEV)
		remedy = when_missing;
	else if (err == EACCES || err == EPERM)
		remedy = "no permission: start as root, or give the file to the user";
	PCI_LOG(ERR, "%s: %s: %s\n", dev->public.device.name, object, remedy);
	return -err;
}

static FILE *
open_file(const struct pci_linux *own, const char *file)
{
	char path[PCI_PATH_SIZE + 64];

	snprintf(path, sizeof(path), "%s/%s", own->folder, file);
	return fopen(path, "re");
}

/* A file with one number. 0 or a positive errno. */
static int
read_number(const struct pci_linux *own, const char *file, long long *value)
{
	FILE *f = open_file(own, file);
	char line[LINE_SIZE], *end;
	int err = 0;

	if (f == NULL)
		return errno;
	if (fgets(line, sizeof(line), f) == NULL) {
		err = EIO;
	} else {
		*value = strtoll(line, &end, 0);
		if (end == line || (*end != '\n' && *end != '\0'))
			err = EINVAL;
	}
	fclose(f);
	return err;
}

/* One that must be there. 0 or a negative errno after a message. */
static int
need_number(const struct pci_device *dev, const char *file, uint32_t max, uint32_t *value)
{
	long long number = 0;
	int err = read_number(dev->data, file, &number);
	char object[PCI_PATH_SIZE + 64];

	if (err == 0 && (number < 0 || number > max))
		err = ERANGE;
	*value = (uint32_t)number;
	if (err == 0)
		return 0;
	snprintf(object, sizeof(object), "%s/%s", ((const struct pci_linux *)dev->data)->folder, file);
	return pci_linux_refuse(dev, object, err, "there is no such file: is this folder a PCI device's?");
}

static int
read_identity(struct pci_device *dev)
{
	static const char *const files[] = {"vendor", "device", "subsystem_vendor", "subsystem_device"};
	struct rte_pci_id *id = &dev->public.id;
	uint16_t *const fields[] = {&id->vendor_id, &id->device_id, &id->subsystem_vendor_id, &id->subsystem_device_id};
	unsigned int i;
	uint32_t value;
	int ret;

	for (i = 0; i < RTE_DIM(files); i++) {
		ret = need_number(dev, files[i], UINT16_MAX, &value);
		if (ret != 0)
			return ret;
		*fields[i] = (uint16_t)value;
	}
	ret = need_number(dev, "class", UINT32_MAX, &value);
	id->class_id = value & RTE_CLASS_ANY_ID;
	return ret;
}

/* What may be missing. */
static void
read_extras(struct pci_device *dev)
{
	const struct pci_linux *own = dev->data;
	long long value;

	dev->public.max_vfs = 0;
	if ((read_number(own, "max_vfs", &value) == 0 || read_number(own, "sriov_numvfs", &value) == 0) && value > 0 &&
	    value <= UINT16_MAX)
		dev->public.max_vfs = (uint16_t)value;
	dev->public.device.numa_node = SOCKET_ID_ANY;
	if (read_number(own, "numa_node", &value) == 0 && value >= 0 && value < RTE_MAX_NUMA_NODES)
		dev->public.device.numa_node = (int)value;
}

/* Lines of first address, last address and flags, one a BAR. */
static int
read_resources(struct pci_device *dev)
{
	unsigned long long first, last, flags;
	struct pci_linux *own = dev->data;
	FILE *f = open_file(own, "resource");
	char line[LINE_SIZE], object[PCI_PATH_SIZE + 64];
	unsigned int i;
	int err = f == NULL ? errno : 0;

	own->wanted = 0;
	for (i = 0; f != NULL && i < PCI_MAX_RESOURCE; i++) {
		struct rte_mem_resource *bar = &dev->public.mem_resource[i];

		if (fgets(line, sizeof(line), f) == NULL || sscanf(line, "%llx %llx %llx", &first, &last, &flags) != 3) {
			err = EINVAL;
			break;
		}
		bar->phys_addr = bar->len = 0;
		if ((flags & RESOURCE_MEMORY) == 0 || first == 0 || last < first)
			continue;
		bar->phys_addr = first;
		bar->len = last - first + 1;
		own->wanted |= 1u << i;
	}
	if (f != NULL)
		fclose(f);
	if (err == 0)
		return 0;
	snprintf(object, sizeof(object), "%s/resource", own->folder);
	return pci_linux_refuse(dev, object, err, "there is no such file: is this folder a PCI device's?");
}

static void
read_driver(struct pci_device *dev)
{
	static const struct {
		const char *name;
		enum rte_pci_kernel_driver kind;
	} known[] = {
		{"igb_uio", RTE_PCI_KDRV_IGB_UIO}, {"uio_pci_generic", RTE_PCI_KDRV_UIO_GENERIC}, {"vfio-pci", RTE_PCI_KDRV_VFIO},
	};
	char path[PCI_PATH_SIZE + 64], target[PCI_PATH_SIZE];
	struct pci_linux *own = dev->data;
	const char *name;
	unsigned int i;
	ssize_t len;

	snprintf(path, sizeof(path), "%s/driver", own->folder);
	len = readlink(path, target, sizeof(target) - 1);
	own->driver[0] = '\0';
	dev->public.kdrv = RTE_PCI_KDRV_NONE;
	if (len <= 0)
		return;
	target[len] = '\0';
	name = strrchr(target, '/') != NULL ? strrchr(target, '/') + 1 : target;
	rte_strlcpy(own->driver, name, sizeof(own->driver));
	dev->public.kdrv = RTE_PCI_KDRV_UNKNOWN;
	for (i = 0; i < RTE_DIM(known); i++)
		if (strcmp(known[i].name, own->driver) == 0)
			dev->public.kdrv = known[i].kind;
}

static int
read_device(struct pci_device *dev)
{
	int ret = read_identity(dev);

	if (ret == 0)
		ret = read_resources(dev);
	if (ret == 0) {
		read_extras(dev);
		read_driver(dev);
	}
	return ret;
}

/* 0, or a negative errno when a device that the user named cannot be known. */
static int
scan_one(const char *root, const char *name, const struct rte_pci_addr *addr)
{
	struct pci_device *dev = pci_device_find(addr);
	struct pci_linux *own;
	bool is_named = pci_devargs_of(addr) != NULL;
	int ret;

	/* The kernel's driver may be another now; of a device in use nothing changes. */
	if (dev != NULL)
		return rte_dev_is_probed(&dev->public.device) || dev->public.mem_resource[0].addr != NULL ? 0 : read_device(dev);
	dev = pci_device_new(&pci_linux_backend, addr);
	own = dev != NULL ? calloc(1, sizeof(*own)) : NULL;
	if (own == NULL) {
		if (dev != NULL)
			pci_device_free(dev);
		return -ENOMEM;
	}
	own->config_fd = own->uio = own->group = own->device_fd = -1;
	dev->data = own;
	if (snprintf(own->folder, sizeof(own->folder), "%s/%s", root, name) >= (int)sizeof(own->folder))
		ret = -ENAMETOOLONG;
	else
		ret = read_device(dev);
	if (ret == 0)
		return pci_device_add(dev);
	pci_device_free(dev);
	return is_named ? ret : 0;
}

int
pci_os_scan(void)
{
	const char *root = rte_pci_get_sysfs_path();
	DIR *folder = opendir(root);
	struct rte_pci_addr addr;
	struct dirent *entry;
	int ret, first = 0;

	if (folder == NULL) {
		/* A machine without PCI has no such folder; one that the user named should be there. */
		if (getenv("SYSFS_PCI_DEVICES") == NULL)
			return 0;
		PCI_LOG(ERR, "SYSFS_PCI_DEVICES=%s: %s: take the variable out of the environment, or make the folder\n", root,
			rte_strerror(errno));
		return -errno;
	}
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.' || rte_pci_addr_parse(entry->d_name, &addr) != 0 || pci_is_ignored(&addr))
			continue;
		ret = scan_one(root, entry->d_name, &addr);
		if (ret != 0 && first == 0)
			first = ret;
	}
	closedir(folder);
	return first;
}

void
pci_os_close(void)
{
}
