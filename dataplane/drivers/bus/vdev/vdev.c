/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The bus of virtual devices. Devices come from --vdev (the EAL's list of device arguments), rte_vdev_init() and
 * custom scans; the driver is found by the beginning of the device's name.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <bus_driver.h>
#include <rte_common.h>
#include <rte_devargs.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_kvargs.h>
#include <rte_log.h>
#include <rte_memory.h>
#include <rte_spinlock.h>
#include <wdpdk_registry.h>

#include "bus_vdev_driver.h"

static struct rte_bus vdev_bus;
static int logtype;

#define VDEV_LOG(level, ...) rte_log(RTE_LOG_##level, logtype, "vdev: " __VA_ARGS__)

static TAILQ_HEAD(, rte_vdev_device) devices = TAILQ_HEAD_INITIALIZER(devices);
static TAILQ_HEAD(, rte_vdev_driver) drivers = TAILQ_HEAD_INITIALIZER(drivers);

struct custom_scan {
	TAILQ_ENTRY(custom_scan) next;
	rte_vdev_scan_callback callback;
	void *argument;
};
static TAILQ_HEAD(, custom_scan) custom_scans = TAILQ_HEAD_INITIALIZER(custom_scans);

/* Guards the lists. Recursive: a driver's probe or a custom scan may create further devices. */
static rte_spinlock_recursive_t lock = RTE_SPINLOCK_RECURSIVE_INITIALIZER;

/* ---- Drivers ---- */

void
rte_vdev_register(struct rte_vdev_driver *driver)
{
	const struct rte_vdev_driver *known;

	TAILQ_FOREACH(known, &drivers, next)
		if (known == driver)
			return;
	TAILQ_INSERT_TAIL(&drivers, driver, next);
}

void
rte_vdev_unregister(struct rte_vdev_driver *driver)
{
	TAILQ_REMOVE(&drivers, driver, next);
}

static int
begins_with(const char *text, const char *beginning)
{
	return beginning != NULL && strncmp(text, beginning, strlen(beginning)) == 0;
}

static struct rte_vdev_driver *
find_driver(const char *device_name)
{
	struct rte_vdev_driver *driver;

	TAILQ_FOREACH(driver, &drivers, next)
		if (begins_with(device_name, driver->driver.name) || begins_with(device_name, driver->driver.alias))
			return driver;
	return NULL;
}

static void
log_unknown(const char *device_name)
{
	const struct rte_vdev_driver *driver;
	char names[512] = "none";
	size_t used = 0;

	TAILQ_FOREACH(driver, &drivers, next)
		if (used < sizeof(names))
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", used > 0 ? ", " : "", driver->driver.name);
	VDEV_LOG(ERR, "No driver for virtual device \"%s\": its name has to begin with a driver's; there are: %s\n", device_name,
		names);
}

/* ---- Devices ---- */

static struct rte_vdev_device *
find_device(const char *name)
{
	struct rte_vdev_device *device;

	TAILQ_FOREACH(device, &devices, next)
		if (strcmp(device->device.name, name) == 0)
			return device;
	return NULL;
}

/* The arguments stay the EAL list's; the device lives no longer than they do. */
static struct rte_vdev_device *
add_device(struct rte_devargs *devargs)
{
	struct rte_vdev_device *device = calloc(1, sizeof(*device));

	if (device == NULL)
		return NULL;
	device->device.bus = &vdev_bus;
	device->device.numa_node = SOCKET_ID_ANY;
	device->device.devargs = devargs;
	device->device.name = devargs->name;
	TAILQ_INSERT_TAIL(&devices, device, next);
	return device;
}

static void
remove_device(struct rte_vdev_device *device)
{
	TAILQ_REMOVE(&devices, device, next);
	rte_devargs_remove(device->device.devargs);
	free(device);
}

static int
probe_device(struct rte_vdev_device *device)
{
	struct rte_vdev_driver *driver;
	int error;

	if (device->device.driver != NULL)
		return -EEXIST;
	driver = find_driver(device->device.name);
	if (driver == NULL) {
		log_unknown(device->device.name);
		return -ENODEV;
	}
	if ((driver->drv_flags & RTE_VDEV_DRV_NEED_IOVA_AS_VA) != 0 && rte_eal_iova_mode() == RTE_IOVA_PA) {
		VDEV_LOG(ERR, "Device %s needs virtual addresses: start with --iova-mode=va\n", device->device.name);
		return -ENOTSUP;
	}
	/* Set before the probe: who hears of the new port may ask for its driver. */
	device->device.driver = &driver->driver;
	error = driver->probe(device);
	if (error != 0) {
		device->device.driver = NULL;
		VDEV_LOG(ERR, "Device %s (driver %s, arguments \"%s\") could not be started: error %d\n", device->device.name,
			driver->driver.name, rte_vdev_device_args(device), error);
	}
	return error;
}

static int
unprobe_device(struct rte_vdev_device *device)
{
	const struct rte_vdev_driver *driver;
	int error = 0;

	if (device->device.driver == NULL)
		return 0;
	driver = container_of(device->device.driver, const struct rte_vdev_driver, driver);
	if (driver->remove != NULL)
		error = driver->remove(device);
	if (error == 0)
		device->device.driver = NULL;
	return error;
}

static struct rte_devargs *
make_devargs(const char *name, const char *args)
{
	struct rte_devargs *devargs = calloc(1, sizeof(*devargs));

	if (devargs == NULL)
		return NULL;
	devargs->type = RTE_DEVTYPE_VIRTUAL;
	devargs->bus = &vdev_bus;
	devargs->data = strdup(args != NULL ? args : "");
	devargs->args = devargs->data;
	snprintf(devargs->name, sizeof(devargs->name), "%s", name);
	if (devargs->data == NULL) {
		free(devargs);
		return NULL;
	}
	return devargs;
}

/* Under the lock. */
static int
create(const char *name, const char *args)
{
	struct rte_vdev_device *device;
	struct rte_devargs *devargs;
	int error;

	if (find_device(name) != NULL)
		return -EEXIST;
	devargs = make_devargs(name, args);
	if (devargs == NULL)
		return -ENOMEM;
	error = rte_devargs_insert(&devargs);
	if (error != 0) {
		rte_devargs_reset(devargs);
		free(devargs);
		return error < 0 ? error : -EINVAL;
	}
	device = add_device(devargs);
	if (device == NULL) {
		rte_devargs_remove(devargs);
		return -ENOMEM;
	}
	error = probe_device(device);
	if (error != 0)
		remove_device(device);
	return error;
}

int
rte_vdev_init(const char *name, const char *args)
{
	int error;

	if (name == NULL || name[0] == '\0' || strlen(name) >= RTE_DEV_NAME_MAX_LEN)
		return -EINVAL;
	rte_spinlock_recursive_lock(&lock);
	error = create(name, args);
	rte_spinlock_recursive_unlock(&lock);
	return error;
}

int
rte_vdev_uninit(const char *name)
{
	struct rte_vdev_device *device;
	int error = -ENOENT;

	if (name == NULL)
		return -EINVAL;
	rte_spinlock_recursive_lock(&lock);
	device = find_device(name);
	if (device != NULL)
		error = unprobe_device(device);
	if (error == 0)
		remove_device(device);
	rte_spinlock_recursive_unlock(&lock);
	return error;
}

/* ---- Custom scans ---- */

int
rte_vdev_add_custom_scan(rte_vdev_scan_callback callback, void *user_arg)
{
	struct custom_scan *scan;

	rte_spinlock_recursive_lock(&lock);
	TAILQ_FOREACH(scan, &custom_scans, next)
		if (scan->callback == callback && scan->argument == user_arg)
			break;
	if (scan == NULL) {
		scan = calloc(1, sizeof(*scan));
		if (scan != NULL) {
			scan->callback = callback;
			scan->argument = user_arg;
			TAILQ_INSERT_TAIL(&custom_scans, scan, next);
		}
	}
	rte_spinlock_recursive_unlock(&lock);
	return scan != NULL ? 0 : -1;
}

int
rte_vdev_remove_custom_scan(rte_vdev_scan_callback callback, void *user_arg)
{
	struct custom_scan *scan, *next;

	rte_spinlock_recursive_lock(&lock);
	for (scan = TAILQ_FIRST(&custom_scans); scan != NULL; scan = next) {
		next = TAILQ_NEXT(scan, next);
		if (scan->callback != callback || (user_arg != (void *)-1 && scan->argument != user_arg))
			continue;
		TAILQ_REMOVE(&custom_scans, scan, next);
		free(scan);
	}
	rte_spinlock_recursive_unlock(&lock);
	return 0;
}

/* ---- The bus ---- */

static int
bus_scan(void)
{
	struct custom_scan *scan, *next;
	struct rte_devargs *devargs;
	int error = 0;

	rte_spinlock_recursive_lock(&lock);
	/* A callback may take itself back. */
	for (scan = TAILQ_FIRST(&custom_scans); scan != NULL; scan = next) {
		next = TAILQ_NEXT(scan, next);
		if (scan->callback != NULL)
			scan->callback(scan->argument);
	}
	RTE_EAL_DEVARGS_FOREACH("vdev", devargs)
		if (find_device(devargs->name) == NULL && add_device(devargs) == NULL)
			error = -ENOMEM;
	rte_spinlock_recursive_unlock(&lock);
	return error;
}

static int
bus_probe(void)
{
	struct rte_vdev_device *device;
	int result = 0;

	/* Probing may append to the list, never take away. */
	TAILQ_FOREACH(device, &devices, next) {
		const int error = probe_device(device);

		if (error != 0 && error != -EEXIST && result == 0)
			result = error < 0 ? error : -ENODEV;
	}
	return result;
}

static int
bus_cleanup(void)
{
	struct rte_vdev_device *device;
	int result = 0;

	rte_spinlock_recursive_lock(&lock);
	while ((device = TAILQ_FIRST(&devices)) != NULL) {
		if (unprobe_device(device) != 0)
			result = -1;
		/* The EAL frees its list of arguments by itself. */
		TAILQ_REMOVE(&devices, device, next);
		free(device);
	}
	rte_spinlock_recursive_unlock(&lock);
	return result;
}

static struct rte_device *
bus_find_device(const struct rte_device *start, rte_dev_cmp_t cmp, const void *data)
{
	struct rte_vdev_device *device;

	rte_spinlock_recursive_lock(&lock);
	device = start == NULL ? TAILQ_FIRST(&devices) : TAILQ_NEXT(RTE_DEV_TO_VDEV_CONST(start), next);
	while (device != NULL && cmp(&device->device, data) != 0)
		device = TAILQ_NEXT(device, next);
	rte_spinlock_recursive_unlock(&lock);
	return device != NULL ? &device->device : NULL;
}

static int
bus_plug(struct rte_device *device)
{
	return probe_device(RTE_DEV_TO_VDEV(device));
}

static int
bus_unplug(struct rte_device *device)
{
	return rte_vdev_uninit(device->name);
}

/* 0 when a driver's name begins the device's: the address of a virtual device is its driver. */
static int
bus_parse(const char *name, void *addr)
{
	struct rte_vdev_driver *driver = find_driver(name);

	if (driver == NULL)
		return 1;
	if (addr != NULL)
		*(struct rte_vdev_driver **)addr = driver;
	return 0;
}

static int
bus_dma_map(struct rte_device *device, void *addr, uint64_t iova, size_t len)
{
	const struct rte_vdev_driver *driver;

	if (device->driver == NULL)
		return 1;
	driver = container_of(device->driver, const struct rte_vdev_driver, driver);
	return driver->dma_map == NULL ? 0 : driver->dma_map(RTE_DEV_TO_VDEV(device), addr, iova, len);
}

static int
bus_dma_unmap(struct rte_device *device, void *addr, uint64_t iova, size_t len)
{
	const struct rte_vdev_driver *driver;

	if (device->driver == NULL)
		return 1;
	driver = container_of(device->driver, const struct rte_vdev_driver, driver);
	return driver->dma_unmap == NULL ? 0 : driver->dma_unmap(RTE_DEV_TO_VDEV(device), addr, iova, len);
}

static enum rte_iova_mode
bus_iommu_class(void)
{
	const struct rte_vdev_device *device;

	TAILQ_FOREACH(device, &devices, next) {
		const struct rte_vdev_driver *driver = find_driver(device->device.name);

		if (driver != NULL && (driver->drv_flags & RTE_VDEV_DRV_NEED_IOVA_AS_VA) != 0)
			return RTE_IOVA_VA;
	}
	return RTE_IOVA_DC;
}

/* text: NULL, "" or "name=NAME". */
static void *
bus_iterate(const void *start, const char *text, const struct rte_dev_iterator *it)
{
	static const char *const keys[] = {"name", NULL};
	struct rte_kvargs *wanted = rte_kvargs_parse(text == NULL ? "" : text, keys);
	const char *name;
	struct rte_vdev_device *device;

	RTE_SET_USED(it);
	if (wanted == NULL) {
		VDEV_LOG(ERR, "'%s' does not describe devices: name=NAME does\n", text);
		rte_errno = EINVAL;
		return NULL;
	}
	name = rte_kvargs_get(wanted, "name");
	rte_spinlock_recursive_lock(&lock);
	device = start == NULL ? TAILQ_FIRST(&devices) : TAILQ_NEXT(RTE_DEV_TO_VDEV_CONST((const struct rte_device *)start), next);
	while (device != NULL && name != NULL && strcmp(name, device->device.name) != 0)
		device = TAILQ_NEXT(device, next);
	rte_spinlock_recursive_unlock(&lock);
	rte_kvargs_free(wanted);
	return device == NULL ? NULL : &device->device;
}

static struct rte_bus vdev_bus = {
	.name = "vdev",
	.scan = bus_scan,
	.probe = bus_probe,
	.cleanup = bus_cleanup,
	.find_device = bus_find_device,
	.plug = bus_plug,
	.unplug = bus_unplug,
	.parse = bus_parse,
	.dma_map = bus_dma_map,
	.dma_unmap = bus_dma_unmap,
	.get_iommu_class = bus_iommu_class,
	.dev_iterate = bus_iterate,
};

int
wdpdk_register_bus_vdev(void)
{
	const int type = rte_log_register_type_and_pick_level("bus.vdev", RTE_LOG_NOTICE);

	logtype = type < 0 ? RTE_LOGTYPE_EAL : type;
	rte_bus_register(&vdev_bus);
	return 0;
}
