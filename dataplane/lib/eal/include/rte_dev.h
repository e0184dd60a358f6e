/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Devices as the user of a library sees them. Plugging and unplugging: from one thread at a time.
 */
#ifndef _RTE_DEV_H_
#define _RTE_DEV_H_

#include <stdio.h>

#include <rte_common.h>
#include <rte_compat.h>
#include <rte_config.h>
#include <rte_log.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_bus;
struct rte_class;
struct rte_devargs;
struct rte_device;
struct rte_driver;

enum rte_dev_event_type {
	RTE_DEV_EVENT_ADD,
	RTE_DEV_EVENT_REMOVE,
	RTE_DEV_EVENT_MAX
};
typedef void (*rte_dev_event_cb_fn)(const char *device_name, enum rte_dev_event_type event, void *cb_arg);

enum rte_dev_policy {
	RTE_DEV_ALLOWED,
	RTE_DEV_BLOCKED,
};

/** A device's register window. */
struct rte_mem_resource {
	uint64_t phys_addr;
	uint64_t len;
	void *addr;
};

#define RTE_DEV_NAME_MAX_LEN 64

/* Parts of a device and driver; strings belong to them. NULL when there is none. */
const char *rte_driver_name(const struct rte_driver *driver);
const struct rte_bus *rte_dev_bus(const struct rte_device *dev);
const char *rte_dev_bus_info(const struct rte_device *dev);
const struct rte_devargs *rte_dev_devargs(const struct rte_device *dev);
const struct rte_driver *rte_dev_driver(const struct rte_device *dev);
const char *rte_dev_name(const struct rte_device *dev);
int rte_dev_numa_node(const struct rte_device *dev);
/** Nonzero when a driver runs it. */
int rte_dev_is_probed(const struct rte_device *dev);

/**
 * Adds the device of a bus by name and starts its driver with drvargs ("key=value,...", may be NULL).
 * @return 0; -ENOENT no such bus, -EEXIST probed already, -ENODEV not found, or the driver's negative errno.
 */
int rte_eal_hotplug_add(const char *busname, const char *devname, const char *drvargs);
/** As rte_eal_hotplug_add() with "[bus:]name[,args]". */
int rte_dev_probe(const char *devargs);
/**
 * Stops the driver and forgets the device. @return 0 or a negative errno (-ENOENT not there, -ENOTSUP the bus
 * cannot).
 */
int rte_eal_hotplug_remove(const char *busname, const char *devname);
int rte_dev_remove(struct rte_device *dev);

/**
 * Asks to hear of a device (NULL: of all) that comes or goes. Callbacks run in the thread that tells, without locks held.
 * @return 0; -EEXIST for the same triple again, -EINVAL without a function, -ENOMEM.
 */
__rte_experimental
int rte_dev_event_callback_register(const char *device_name, rte_dev_event_cb_fn cb_fn, void *cb_arg);
/** Takes it back; cb_arg (void *)-1 matches any. @return how many, -ENOENT for none, -EAGAIN while one runs, -EINVAL. */
__rte_experimental
int rte_dev_event_callback_unregister(const char *device_name, rte_dev_event_cb_fn cb_fn, void *cb_arg);
/** Tells. */
__rte_experimental
void rte_dev_event_callback_process(const char *device_name, enum rte_dev_event_type event);

/** Makes memory known to the device, and forgets it. @return 0, or -1 with rte_errno (ENOTSUP: its bus cannot). */
int rte_dev_dma_map(struct rte_device *dev, void *addr, uint64_t iova, size_t len);
int rte_dev_dma_unmap(struct rte_device *dev, void *addr, uint64_t iova, size_t len);

/** 0 when dev matches data. */
typedef int (*rte_dev_cmp_t)(const struct rte_device *dev, const void *data);

/* Strings that tools find in a driver's binary. */
#define RTE_PMD_EXPORT_NAME_ARRAY(n, idx) n ##idx[]
#define RTE_PMD_EXPORT_NAME(name, idx) \
static const char RTE_PMD_EXPORT_NAME_ARRAY(this_pmd_name, idx) __rte_used = RTE_STR(name)
#define DRV_EXP_TAG(name, tag) __ ##name ##_ ##tag
#define RTE_PMD_REGISTER_PCI_TABLE(name, table) \
static const char DRV_EXP_TAG(name, pci_tbl_export)[] __rte_used = RTE_STR(table)
#define RTE_PMD_REGISTER_PARAM_STRING(name, str) \
static const char DRV_EXP_TAG(name, param_string_export)[] __rte_used = str
#define RTE_PMD_REGISTER_KMOD_DEP(name, str) \
static const char DRV_EXP_TAG(name, kmod_dep_export)[] __rte_used = str

/** State of a walk over devices. */
struct rte_dev_iterator {
	const char *dev_str;
	const char *bus_str;
	const char *cls_str;
	struct rte_bus *bus;
	struct rte_class *cls;
	struct rte_device *device;
	void *class_device;
};
typedef void *(*rte_dev_iterate_t)(const void *start, const char *devstr, const struct rte_dev_iterator *it);

/**
 * Begins a walk over the devices that dev_str describes, "bus=NAME,key=value.../class=NAME,key=value...", either part of which
 * may be missing; the text stays the caller's and has to stay. @return 0; -EINVAL, -EFAULT no such bus or class, -ENOTSUP.
 */
__rte_experimental
int rte_dev_iterator_init(struct rte_dev_iterator *it, const char *dev_str);
/** The next device, or NULL at the end. */
__rte_experimental
struct rte_device *rte_dev_iterator_next(struct rte_dev_iterator *it);

#define RTE_DEV_FOREACH(dev, devstr, it) \
	for (rte_dev_iterator_init(it, devstr), dev = rte_dev_iterator_next(it); dev != NULL; dev = rte_dev_iterator_next(it))

#ifdef __cplusplus
}
#endif

#endif
