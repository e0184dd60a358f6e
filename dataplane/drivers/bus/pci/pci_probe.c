/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which driver drives which device.
 */
#include <errno.h>

#include <rte_eal.h>
#include <rte_errno.h>

#include "pci_private.h"

static bool
fits(uint32_t wanted, uint32_t any, uint32_t is)
{
	return wanted == any || wanted == is;
}

bool
pci_matches(const struct rte_pci_driver *driver, const struct rte_pci_id *id)
{
	const struct rte_pci_id *row;

	for (row = driver->id_table; row->vendor_id != 0; row++)
		if (fits(row->vendor_id, RTE_PCI_ANY_ID, id->vendor_id) && fits(row->device_id, RTE_PCI_ANY_ID, id->device_id) &&
		    fits(row->subsystem_vendor_id, RTE_PCI_ANY_ID, id->subsystem_vendor_id) &&
		    fits(row->subsystem_device_id, RTE_PCI_ANY_ID, id->subsystem_device_id) &&
		    fits(row->class_id, RTE_CLASS_ANY_ID, id->class_id))
			return true;
	return false;
}

/* A device that would be given addresses which it cannot use writes into somebody else's memory. */
static int
check_addresses(const struct pci_device *dev, const struct rte_pci_driver *driver)
{
	const struct wdpdk_memory_source *source = wdpdk_memory_source_get();
	const char *remedy = "";

	if ((driver->drv_flags & RTE_PCI_DRV_NEED_IOVA_AS_VA) != 0 && source != NULL) {
		PCI_LOG(ERR, "%s: driver %s gives its device virtual addresses, and memory comes from %s: start with --iova-mode va\n",
			dev->public.device.name, driver->driver.name, source->name);
		return -EINVAL;
	}
	if (dev->backend->reaches(dev, source, &remedy))
		return 0;
	PCI_LOG(ERR, "%s cannot use memory from %s: %s\n", dev->public.device.name,
		source != NULL ? source->name : "the system, which has virtual addresses only", remedy);
	return -EINVAL;
}

/* 1 when the driver is not for this device. */
static int
try_driver(struct rte_pci_driver *driver, struct pci_device *dev)
{
	bool again = dev->public.device.driver != NULL;
	int ret;

	if (!pci_matches(driver, &dev->public.id))
		return 1;
	if (again && (driver->drv_flags & RTE_PCI_DRV_PROBE_AGAIN) == 0)
		return -EEXIST;
	ret = check_addresses(dev, driver);
	if (ret != 0)
		return ret;
	if (!again) {
		dev->public.driver = driver;
		if ((driver->drv_flags & RTE_PCI_DRV_NEED_MAPPING) != 0) {
			ret = rte_pci_map_device(&dev->public);
			if (ret != 0) {
				dev->public.driver = NULL;
				return ret < 0 ? ret : 1;
			}
		}
	}
	PCI_LOG(INFO, "%s (%x:%x): driver %s\n", dev->public.device.name, dev->public.id.vendor_id, dev->public.id.device_id,
		driver->driver.name);
	ret = driver->probe(driver, &dev->public);
	if (ret == 0)
		dev->public.device.driver = &driver->driver;
	if (again || ret == 0)
		return ret;
	dev->public.driver = NULL;
	if ((driver->drv_flags & RTE_PCI_DRV_NEED_MAPPING) != 0 &&
	    (ret < 0 || (driver->drv_flags & RTE_PCI_DRV_KEEP_MAPPED_RES) == 0))
		rte_pci_unmap_device(&dev->public);
	if (ret < 0)
		PCI_LOG(ERR, "%s: driver %s could not start it: %s\n", dev->public.device.name, driver->driver.name,
			rte_strerror(-ret));
	return ret;
}

int
pci_probe_device(struct pci_device *dev)
{
	struct rte_pci_driver *driver;
	int ret;

	TAILQ_FOREACH(driver, &pci_drivers, next) {
		ret = try_driver(driver, dev);
		if (ret <= 0)
			return ret;
	}
	return 1;
}

int
pci_detach_device(struct pci_device *dev)
{
	struct rte_pci_driver *driver = dev->public.driver;
	int ret;

	if (driver == NULL)
		return 1;
	ret = driver->remove != NULL ? driver->remove(&dev->public) : 0;
	if (ret < 0)
		return ret;
	dev->public.driver = NULL;
	dev->public.device.driver = NULL;
	if ((driver->drv_flags & (RTE_PCI_DRV_NEED_MAPPING | RTE_PCI_DRV_KEEP_MAPPED_RES)) == RTE_PCI_DRV_NEED_MAPPING)
		rte_pci_unmap_device(&dev->public);
	return 0;
}
