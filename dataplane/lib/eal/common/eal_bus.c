/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The list of buses.
 */
#include <errno.h>
#include <string.h>

#include <bus_driver.h>
#include <dev_driver.h>
#include <rte_devargs.h>
#include <rte_errno.h>

#include "eal_private.h"

static struct rte_bus_list buses = TAILQ_HEAD_INITIALIZER(buses);

const char *
rte_bus_name(const struct rte_bus *bus)
{
	return bus->name;
}

void
rte_bus_register(struct rte_bus *bus)
{
	struct rte_bus *other;

	RTE_VERIFY(bus != NULL && bus->name != NULL && bus->name[0] != '\0');
	RTE_VERIFY(bus->scan != NULL && bus->probe != NULL && bus->find_device != NULL);
	/* Who can unplug can plug. */
	RTE_VERIFY(bus->plug != NULL || bus->unplug == NULL);
	TAILQ_FOREACH(other, &buses, next)
		if (other == bus)
			return;
	TAILQ_INSERT_TAIL(&buses, bus, next);
	RTE_LOG(DEBUG, EAL, "bus %s registered\n", bus->name);
}

void
rte_bus_unregister(struct rte_bus *bus)
{
	TAILQ_REMOVE(&buses, bus, next);
}

int
rte_bus_scan(void)
{
	struct rte_bus *bus;
	int ret, first = 0;

	TAILQ_FOREACH(bus, &buses, next) {
		ret = bus->scan();
		if (ret < 0)
			RTE_LOG(ERR, EAL, "bus %s: scanning it failed: %s; its devices are left out\n", bus->name,
				rte_strerror(-ret));
		/* A bus without devices is one thing, a device lost on the way another. */
		if (ret == -ENOMEM)
			first = ret;
	}
	return first;
}

static int
probe(struct rte_bus *bus)
{
	int ret = bus->probe();

	if (ret < 0)
		RTE_LOG(ERR, EAL, "bus %s: a device could not be started\n", bus->name);
	return ret < 0 ? ret : 0;
}

/*
 * Virtual devices come last, as upstream's do: a machine's cards have the first port numbers, and a virtual device can be made on a port
 * that is there.
 */
int
rte_bus_probe(void)
{
	struct rte_bus *bus, *virtual = rte_bus_find_by_name("vdev");
	int ret, first = 0;

	TAILQ_FOREACH(bus, &buses, next) {
		ret = bus != virtual ? probe(bus) : 0;
		if (first == 0)
			first = ret;
	}
	ret = virtual != NULL ? probe(virtual) : 0;
	return first != 0 ? first : ret;
}

int
eal_bus_cleanup(void)
{
	struct rte_bus *bus;
	int ret, first = 0;

	TAILQ_FOREACH(bus, &buses, next) {
		ret = bus->cleanup != NULL ? bus->cleanup() : 0;
		bus->conf.scan_mode = RTE_BUS_SCAN_UNDEFINED;
		if (ret < 0 && first == 0)
			first = ret;
	}
	return first;
}

void
eal_bus_note_policy(const struct rte_devargs *da)
{
	struct rte_bus *bus = da->bus;

	/* The vdev bus's devices are the ones named; only others choose among devices that exist anyway. */
	if (bus->conf.scan_mode == RTE_BUS_SCAN_UNDEFINED && da->type != RTE_DEVTYPE_VIRTUAL)
		bus->conf.scan_mode = da->policy == RTE_DEV_ALLOWED ? RTE_BUS_SCAN_ALLOWLIST : RTE_BUS_SCAN_BLOCKLIST;
}

void
rte_bus_dump(FILE *f)
{
	struct rte_bus *bus;

	TAILQ_FOREACH(bus, &buses, next)
		fprintf(f, "bus %s%s%s\n", bus->name, bus->plug != NULL ? ", plug" : "", bus->unplug != NULL ? ", unplug" : "");
}

struct rte_bus *
rte_bus_find(const struct rte_bus *start, rte_bus_cmp_t cmp, const void *data)
{
	struct rte_bus *bus = start != NULL ? TAILQ_NEXT(start, next) : TAILQ_FIRST(&buses);

	while (bus != NULL && cmp(bus, data) != 0)
		bus = TAILQ_NEXT(bus, next);
	return bus;
}

static int
compare_device(const struct rte_device *dev, const void *data)
{
	return dev == data ? 0 : 1;
}

static int
bus_has_device(const struct rte_bus *bus, const void *data)
{
	return bus->find_device(NULL, compare_device, data) != NULL ? 0 : 1;
}

struct rte_bus *
rte_bus_find_by_device(const struct rte_device *dev)
{
	return rte_bus_find(NULL, bus_has_device, dev);
}

static int
bus_is_named(const struct rte_bus *bus, const void *data)
{
	return strcmp(bus->name, data);
}

struct rte_bus *
rte_bus_find_by_name(const char *busname)
{
	return rte_bus_find(NULL, bus_is_named, busname);
}

enum rte_iova_mode
rte_bus_get_iommu_class(void)
{
	unsigned int mode = RTE_IOVA_DC;
	struct rte_bus *bus;

	TAILQ_FOREACH(bus, &buses, next)
		if (bus->get_iommu_class != NULL)
			mode |= bus->get_iommu_class();
	return mode == (RTE_IOVA_PA | RTE_IOVA_VA) ? RTE_IOVA_DC : (enum rte_iova_mode)mode;
}
