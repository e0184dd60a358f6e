/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The PCI bus as the EAL sees it.
 */
#include <errno.h>
#include <string.h>

#include <rte_devargs.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_kvargs.h>
#include <wdpdk_registry.h>

#include "pci_private.h"

int pci_logtype;

/* Why a device that the user named is not there; the probe gives it back. */
static int scan_error;

static void
tell_missing(void)
{
	const struct rte_devargs *devargs;
	struct rte_pci_addr addr;

	RTE_EAL_DEVARGS_FOREACH("pci", devargs)
		if (devargs->policy == RTE_DEV_ALLOWED && devargs->type != RTE_DEVTYPE_VIRTUAL &&
		    rte_pci_addr_parse(devargs->name, &addr) == 0 && pci_device_find(&addr) == NULL)
			PCI_LOG(WARNING, "%s: there is no such device, or no access to it\n", devargs->name);
}

static int
bus_scan(void)
{
	struct rte_pci_device *dev;
	int ret = 0;

	scan_error = pci_model_scan();
	if (rte_eal_has_pci())
		ret = pci_os_scan();
	if (scan_error == 0)
		scan_error = ret;
	/* Arguments may have come since. The name of a driven device is its port's, too, and stays. */
	TAILQ_FOREACH(dev, &pci_devices, next)
		if (!rte_dev_is_probed(&dev->device))
			pci_device_name(pci_device_of(dev));
	if (rte_eal_has_pci())
		tell_missing();
	return scan_error;
}

static int
bus_probe(void)
{
	unsigned int tried = 0, failed = 0;
	int ret, first = scan_error;
	struct rte_pci_device *dev;

	TAILQ_FOREACH(dev, &pci_devices, next) {
		if (pci_is_ignored(&dev->addr))
			continue;
		ret = pci_probe_device(pci_device_of(dev));
		tried++;
		if (ret == 1 && dev->device.devargs != NULL)
			PCI_LOG(WARNING, "%s (%x:%x): there is no driver for it, or the system's driver keeps it\n", dev->device.name,
				dev->id.vendor_id, dev->id.device_id);
		if (ret >= 0 || ret == -EEXIST)
			continue;
		failed++;
		/* One that nobody asked for may stay out. */
		if (dev->device.devargs != NULL && first == 0)
			first = ret;
	}
	if (first == 0 && tried != 0 && tried == failed)
		first = -ENODEV;
	return first;
}

static int
bus_cleanup(void)
{
	struct rte_pci_device *dev, *next;
	int ret, first = 0;

	for (dev = TAILQ_FIRST(&pci_devices); dev != NULL; dev = next) {
		next = TAILQ_NEXT(dev, next);
		ret = pci_detach_device(pci_device_of(dev));
		if (ret < 0 && first == 0)
			first = ret;
		/* A driver that does not let go may still look at its registers. They stay, and the process's end takes them. */
		if (ret < 0)
			continue;
		rte_pci_unmap_device(dev);
		pci_device_remove(pci_device_of(dev));
	}
	pci_os_close();
	return first;
}

static struct rte_pci_device *
after(const struct rte_device *start)
{
	return start == NULL ? TAILQ_FIRST(&pci_devices) : TAILQ_NEXT(RTE_DEV_TO_PCI_CONST(start), next);
}

static struct rte_device *
bus_find_device(const struct rte_device *start, rte_dev_cmp_t cmp, const void *data)
{
	struct rte_pci_device *dev = after(start);

	while (dev != NULL && cmp(&dev->device, data) != 0)
		dev = TAILQ_NEXT(dev, next);
	return dev != NULL ? &dev->device : NULL;
}

static int
bus_plug(struct rte_device *device)
{
	return pci_probe_device(pci_device_of(RTE_DEV_TO_PCI(device)));
}

static int
bus_unplug(struct rte_device *device)
{
	struct pci_device *dev = pci_device_of(RTE_DEV_TO_PCI(device));
	int ret = pci_detach_device(dev);

	if (ret != 0)
		return ret;
	rte_pci_unmap_device(&dev->public);
	pci_device_remove(dev);
	return 0;
}

static int
bus_parse(const char *name, void *addr)
{
	struct rte_pci_addr parsed;

	if (pci_parse_name(name, &parsed) != 0)
		return 1;
	if (addr != NULL)
		*(struct rte_pci_addr *)addr = parsed;
	return 0;
}

/* "bus=pci,addr=0000:65:00.0"; without addr= it names the bus, and who needs a device refuses it. */
static int
bus_devargs_parse(struct rte_devargs *devargs)
{
	struct rte_kvargs *pairs;
	struct rte_pci_addr addr;
	const char *text;
	int ret = -EINVAL;

	if (devargs == NULL || devargs->bus_str == NULL)
		return -EINVAL;
	pairs = rte_kvargs_parse(devargs->bus_str, NULL);
	if (pairs == NULL)
		return -EINVAL;
	text = rte_kvargs_get(pairs, "addr");
	if (text == NULL) {
		ret = 0;
	} else if (rte_pci_addr_parse(text, &addr) != 0) {
		PCI_LOG(ERR, "'%s' is no PCI address: write DOMAIN:BUS:DEVICE.FUNCTION, as 0000:65:00.0\n", text);
	} else {
		rte_pci_device_name(&addr, devargs->name, sizeof(devargs->name));
		ret = 0;
	}
	rte_kvargs_free(pairs);
	return ret;
}

static int
cannot_map(const struct rte_pci_device *dev)
{
	PCI_LOG(ERR, "%s: neither its driver nor the way it is reached (%s) can give it further memory; allocate from the EAL\n",
		dev->device.name, pci_device_of(dev)->backend->name);
	rte_errno = ENOTSUP;
	return -1;
}

/* A back end's answer as rte_dev_dma_map() gives it. */
static int
told(const struct rte_pci_device *dev, int ret)
{
	if (ret == -ENOTSUP)
		return cannot_map(dev);
	rte_errno = ret < 0 ? -ret : rte_errno;
	return ret < 0 ? -1 : 0;
}

static int
bus_dma_map(struct rte_device *device, void *addr, uint64_t iova, size_t len)
{
	struct rte_pci_device *dev = RTE_DEV_TO_PCI(device);
	struct pci_device *own = pci_device_of(dev);

	if (dev->driver != NULL && dev->driver->dma_map != NULL)
		return dev->driver->dma_map(dev, addr, iova, len);
	return told(dev, own->backend->dma_map != NULL ? own->backend->dma_map(own, addr, iova, len) : -ENOTSUP);
}

static int
bus_dma_unmap(struct rte_device *device, void *addr, uint64_t iova, size_t len)
{
	struct rte_pci_device *dev = RTE_DEV_TO_PCI(device);
	struct pci_device *own = pci_device_of(dev);

	if (dev->driver != NULL && dev->driver->dma_unmap != NULL)
		return dev->driver->dma_unmap(dev, addr, iova, len);
	return told(dev, own->backend->dma_unmap != NULL ? own->backend->dma_unmap(own, addr, iova, len) : -ENOTSUP);
}

/* Of the devices that will be driven: what they all can do with. */
static enum rte_iova_mode
bus_iommu_class(void)
{
	struct rte_pci_driver *driver;
	struct rte_pci_device *dev;
	unsigned int modes = 0;

	TAILQ_FOREACH(dev, &pci_devices, next) {
		if (pci_is_ignored(&dev->addr))
			continue;
		TAILQ_FOREACH(driver, &pci_drivers, next) {
			if (!pci_matches(driver, &dev->id))
				continue;
			modes |= pci_device_of(dev)->backend->iova_mode(pci_device_of(dev));
			if ((driver->drv_flags & RTE_PCI_DRV_NEED_IOVA_AS_VA) != 0)
				modes |= RTE_IOVA_VA;
		}
	}
	/* A device that must have physical addresses decides: those who cannot follow are refused, with the reason. */
	return (modes & RTE_IOVA_PA) != 0 ? RTE_IOVA_PA : (enum rte_iova_mode)modes;
}

/* text: NULL, "" or "addr=ADDRESS". */
static void *
bus_iterate(const void *start, const char *text, const struct rte_dev_iterator *it)
{
	static const char *const keys[] = {"addr", NULL};
	struct rte_kvargs *wanted = rte_kvargs_parse(text == NULL ? "" : text, keys);
	struct rte_pci_device *dev = after(start);
	struct rte_pci_addr addr;
	const char *name;

	RTE_SET_USED(it);
	name = wanted != NULL ? rte_kvargs_get(wanted, "addr") : NULL;
	if (wanted == NULL || (name != NULL && rte_pci_addr_parse(name, &addr) != 0)) {
		PCI_LOG(ERR, "'%s' does not describe devices: addr=DOMAIN:BUS:DEVICE.FUNCTION does\n", text);
		rte_kvargs_free(wanted);
		rte_errno = EINVAL;
		return NULL;
	}
	while (dev != NULL && name != NULL && rte_pci_addr_cmp(&dev->addr, &addr) != 0)
		dev = TAILQ_NEXT(dev, next);
	rte_kvargs_free(wanted);
	return dev != NULL ? &dev->device : NULL;
}

struct rte_bus pci_bus = {
	.name = "pci",
	.scan = bus_scan,
	.probe = bus_probe,
	.cleanup = bus_cleanup,
	.find_device = bus_find_device,
	.plug = bus_plug,
	.unplug = bus_unplug,
	.parse = bus_parse,
	.devargs_parse = bus_devargs_parse,
	.dma_map = bus_dma_map,
	.dma_unmap = bus_dma_unmap,
	.get_iommu_class = bus_iommu_class,
	.dev_iterate = bus_iterate,
};

int
wdpdk_register_bus_pci(void)
{
	const int type = rte_log_register_type_and_pick_level("bus.pci", RTE_LOG_NOTICE);

	pci_logtype = type < 0 ? RTE_LOGTYPE_EAL : type;
	rte_bus_register(&pci_bus);
	return 0;
}
