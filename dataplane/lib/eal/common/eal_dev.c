/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Devices: their parts, adding and removing them while running.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bus_driver.h>
#include <dev_driver.h>
#include <rte_devargs.h>
#include <rte_errno.h>

#include "eal_private.h"

const char *
rte_driver_name(const struct rte_driver *driver)
{
	return driver->name;
}

const struct rte_bus *
rte_dev_bus(const struct rte_device *dev)
{
	return dev->bus;
}

const char *
rte_dev_bus_info(const struct rte_device *dev)
{
	return dev->bus_info;
}

const struct rte_devargs *
rte_dev_devargs(const struct rte_device *dev)
{
	return dev->devargs;
}

const struct rte_driver *
rte_dev_driver(const struct rte_device *dev)
{
	return dev->driver;
}

const char *
rte_dev_name(const struct rte_device *dev)
{
	return dev->name;
}

int
rte_dev_numa_node(const struct rte_device *dev)
{
	return dev->numa_node;
}

int
rte_dev_is_probed(const struct rte_device *dev)
{
	return dev->driver != NULL;
}

static int
name_differs(const struct rte_device *dev, const void *data)
{
	return strcmp(dev->name, data);
}

int
rte_dev_probe(const char *devargs)
{
	struct rte_devargs *da = calloc(1, sizeof(*da));
	struct rte_device *dev;
	int ret;

	if (da == NULL)
		return -ENOMEM;
	ret = rte_devargs_parse(da, devargs);
	if (ret == 0 && (da->bus == NULL || da->name[0] == '\0')) {
		RTE_LOG(ERR, EAL, "device '%s': say which, by bus and name\n", devargs);
		ret = -EINVAL;
	}
	if (ret == 0 && da->bus->plug == NULL) {
		RTE_LOG(ERR, EAL, "bus %s: devices cannot be added while running\n", rte_bus_name(da->bus));
		ret = -ENOTSUP;
	}
	da->type = RTE_DEVTYPE_VIRTUAL;
	if (ret == 0)
		ret = rte_devargs_insert(&da);
	if (ret != 0) {
		rte_devargs_reset(da);
		free(da);
		return ret;
	}
	ret = da->bus->scan();
	if (ret != 0) {
		rte_devargs_remove(da);
		return ret;
	}
	dev = da->bus->find_device(NULL, name_differs, da->name);
	if (dev == NULL) {
		RTE_LOG(ERR, EAL, "device %s: not found on bus %s\n", da->name, rte_bus_name(da->bus));
		rte_devargs_remove(da);
		return -ENODEV;
	}
	if (dev->driver != NULL)
		return -EEXIST;
	ret = da->bus->plug(dev);
	if (ret == 0)
		return 0;
	RTE_LOG(ERR, EAL, "device %s: its driver could not start\n", da->name);
	return ret > 0 ? -ENOTSUP : ret;
}

int
rte_eal_hotplug_add(const char *busname, const char *devname, const char *drvargs)
{
	size_t size;
	char *text;
	int ret;

	if (busname == NULL || devname == NULL)
		return -EINVAL;
	if (rte_bus_find_by_name(busname) == NULL) {
		RTE_LOG(ERR, EAL, "bus %s: there is none of that name\n", busname);
		return -ENOENT;
	}
	size = strlen(busname) + strlen(devname) + (drvargs != NULL ? strlen(drvargs) : 0) + 3;
	text = malloc(size);
	if (text == NULL)
		return -ENOMEM;
	snprintf(text, size, "%s:%s,%s", busname, devname, drvargs != NULL ? drvargs : "");
	ret = rte_dev_probe(text);
	free(text);
	return ret;
}

int
rte_dev_remove(struct rte_device *dev)
{
	struct rte_devargs key = { 0 };
	const struct rte_bus *bus;
	int ret;

	if (dev == NULL || !rte_dev_is_probed(dev))
		return -ENOENT;
	bus = dev->bus;
	if (bus->unplug == NULL) {
		RTE_LOG(ERR, EAL, "bus %s: devices cannot be removed while running\n", bus->name);
		return -ENOTSUP;
	}
	/* Unplugging frees the device. */
	key.bus = rte_bus_find_by_name(bus->name);
	snprintf(key.name, sizeof(key.name), "%s", dev->name);
	ret = bus->unplug(dev);
	if (ret < 0) {
		RTE_LOG(ERR, EAL, "device %s: its driver could not stop: %s\n", key.name, rte_strerror(-ret));
		return ret;
	}
	rte_devargs_remove(&key);
	return 0;
}

int
rte_eal_hotplug_remove(const char *busname, const char *devname)
{
	struct rte_bus *bus = busname != NULL ? rte_bus_find_by_name(busname) : NULL;
	struct rte_device *dev;

	if (bus == NULL || devname == NULL)
		return -ENOENT;
	dev = bus->find_device(NULL, name_differs, devname);
	if (dev == NULL) {
		RTE_LOG(ERR, EAL, "device %s: not found on bus %s\n", devname, busname);
		return -ENODEV;
	}
	return rte_dev_remove(dev);
}
