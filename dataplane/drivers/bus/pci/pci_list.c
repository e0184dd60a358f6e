/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which devices and drivers there are, and what the user said about them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_devargs.h>
#include <rte_interrupts.h>
#include <rte_memory.h>

#include "pci_private.h"

struct pci_device_list pci_devices = TAILQ_HEAD_INITIALIZER(pci_devices);
struct pci_driver_list pci_drivers = TAILQ_HEAD_INITIALIZER(pci_drivers);

void
rte_pci_register(struct rte_pci_driver *driver)
{
	struct rte_pci_driver *other;

	RTE_VERIFY(driver != NULL && driver->driver.name != NULL && driver->id_table != NULL && driver->probe != NULL);
	TAILQ_FOREACH(other, &pci_drivers, next)
		if (other == driver)
			return;
	TAILQ_INSERT_TAIL(&pci_drivers, driver, next);
}

void
rte_pci_unregister(struct rte_pci_driver *driver)
{
	TAILQ_REMOVE(&pci_drivers, driver, next);
}

int
pci_parse_name(const char *name, struct rte_pci_addr *addr)
{
	return rte_pci_addr_parse(name, addr) == 0 ? 0 : pci_model_parse_name(name, addr);
}

struct rte_devargs *
pci_devargs_of(const struct rte_pci_addr *addr)
{
	struct rte_devargs *devargs, *last = NULL;
	struct rte_pci_addr named;

	/* Long and short names are two entries. What was said last holds: who plugs in a blocked device wants it now. */
	RTE_EAL_DEVARGS_FOREACH("pci", devargs)
		if (pci_parse_name(devargs->name, &named) == 0 && rte_pci_addr_cmp(addr, &named) == 0)
			last = devargs;
	return last;
}

bool
pci_is_ignored(const struct rte_pci_addr *addr)
{
	const struct rte_devargs *devargs = pci_devargs_of(addr);

	if (pci_bus.conf.scan_mode == RTE_BUS_SCAN_ALLOWLIST)
		return devargs == NULL || devargs->policy != RTE_DEV_ALLOWED;
	return devargs != NULL && devargs->policy == RTE_DEV_BLOCKED;
}

struct pci_device *
pci_device_find(const struct rte_pci_addr *addr)
{
	struct rte_pci_device *dev;

	TAILQ_FOREACH(dev, &pci_devices, next)
		if (rte_pci_addr_cmp(&dev->addr, addr) == 0)
			return pci_device_of(dev);
	return NULL;
}

struct pci_device *
pci_device_new(const struct pci_backend *backend, const struct rte_pci_addr *addr)
{
	struct pci_device *dev = calloc(1, sizeof(*dev));

	if (dev == NULL)
		return NULL;
	dev->backend = backend;
	dev->public.addr = *addr;
	dev->public.device.bus = &pci_bus;
	dev->public.device.numa_node = SOCKET_ID_ANY;
	dev->public.intr_handle = rte_intr_instance_alloc(RTE_INTR_INSTANCE_F_PRIVATE);
	if (dev->public.intr_handle == NULL) {
		free(dev);
		return NULL;
	}
	rte_intr_fd_set(dev->public.intr_handle, -1);
	rte_intr_dev_fd_set(dev->public.intr_handle, -1);
	rte_intr_type_set(dev->public.intr_handle, RTE_INTR_HANDLE_UNKNOWN);
	rte_pci_device_name(addr, dev->public.name, sizeof(dev->public.name));
	dev->public.device.name = dev->public.name;
	return dev;
}

void
pci_device_free(struct pci_device *dev)
{
	if (dev->backend->release != NULL)
		dev->backend->release(dev);
	rte_intr_instance_free(dev->public.intr_handle);
	free(dev->public.bus_info);
	free(dev);
}

void
pci_device_remove(struct pci_device *dev)
{
	TAILQ_REMOVE(&pci_devices, &dev->public, next);
	pci_device_free(dev);
}

void
pci_device_name(struct pci_device *dev)
{
	struct rte_devargs *devargs = pci_devargs_of(&dev->public.addr);

	dev->public.device.devargs = devargs;
	dev->public.device.name = devargs != NULL ? devargs->name : dev->public.name;
}

int
pci_device_add(struct pci_device *dev)
{
	struct rte_pci_device *other;
	char info[64];

	snprintf(info, sizeof(info), "vendor_id=%x, device_id=%x", dev->public.id.vendor_id, dev->public.id.device_id);
	dev->public.bus_info = strdup(info);
	if (dev->public.bus_info == NULL) {
		pci_device_free(dev);
		return -ENOMEM;
	}
	dev->public.device.bus_info = dev->public.bus_info;
	pci_device_name(dev);
	TAILQ_FOREACH(other, &pci_devices, next)
		if (rte_pci_addr_cmp(&dev->public.addr, &other->addr) < 0)
			break;
	if (other != NULL)
		TAILQ_INSERT_BEFORE(other, &dev->public, next);
	else
		TAILQ_INSERT_TAIL(&pci_devices, &dev->public, next);
	return 0;
}
