/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a bus offers the EAL. Functions return 0 or a negative errno unless they say otherwise.
 */
#ifndef BUS_DRIVER_H
#define BUS_DRIVER_H

#include <rte_bus.h>
#include <rte_compat.h>
#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_tailq.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_devargs;
struct rte_device;

RTE_TAILQ_HEAD(rte_bus_list, rte_bus);

/** Looks for devices; may be called again, before each hotplug. */
typedef int (*rte_bus_scan_t)(void);
/** Starts the drivers of the devices found. Fails when a device the user named cannot be started. */
typedef int (*rte_bus_probe_t)(void);
/** The first device after start (NULL: from the beginning) for which cmp gives 0. */
typedef struct rte_device *(*rte_bus_find_device_t)(const struct rte_device *start, rte_dev_cmp_t cmp,
	const void *data);
/** Starts one device's driver; a positive value means that no driver wants it. */
typedef int (*rte_bus_plug_t)(struct rte_device *dev);
/** Stops the driver and frees the device. */
typedef int (*rte_bus_unplug_t)(struct rte_device *dev);
/** 0 when name is a device name of this bus; its address to *addr unless NULL. */
typedef int (*rte_bus_parse_t)(const char *name, void *addr);
typedef int (*rte_bus_devargs_parse_t)(struct rte_devargs *da);
typedef int (*rte_dev_dma_map_t)(struct rte_device *dev, void *addr, uint64_t iova, size_t len);
typedef int (*rte_dev_dma_unmap_t)(struct rte_device *dev, void *addr, uint64_t iova, size_t len);
typedef int (*rte_bus_hot_unplug_handler_t)(struct rte_device *dev);
typedef int (*rte_bus_sigbus_handler_t)(const void *failure_addr);
/** Frees everything: at rte_eal_cleanup(). */
typedef int (*rte_bus_cleanup_t)(void);
typedef enum rte_iova_mode (*rte_bus_get_iommu_class_t)(void);

enum rte_bus_scan_mode {
	RTE_BUS_SCAN_UNDEFINED,
	RTE_BUS_SCAN_ALLOWLIST,
	RTE_BUS_SCAN_BLOCKLIST,
};

struct rte_bus_conf {
	enum rte_bus_scan_mode scan_mode; /* set by -a and -b */
};

/** name, scan, probe and find_device are needed; the others may be NULL. */
struct rte_bus {
	RTE_TAILQ_ENTRY(rte_bus) next;
	const char *name;
	rte_bus_scan_t scan;
	rte_bus_probe_t probe;
	rte_bus_find_device_t find_device;
	rte_bus_plug_t plug;
	rte_bus_unplug_t unplug;
	rte_bus_parse_t parse;
	rte_bus_devargs_parse_t devargs_parse;
	rte_dev_dma_map_t dma_map;
	rte_dev_dma_unmap_t dma_unmap;
	struct rte_bus_conf conf;
	rte_bus_get_iommu_class_t get_iommu_class;
	rte_dev_iterate_t dev_iterate;
	rte_bus_hot_unplug_handler_t hot_unplug_handler;
	rte_bus_sigbus_handler_t sigbus_handler;
	rte_bus_cleanup_t cleanup;
};

/** Adds a bus (static in its driver) at the end of the list; one that is in it already stays where it is. */
void rte_bus_register(struct rte_bus *bus);
void rte_bus_unregister(struct rte_bus *bus);

/* By a constructor: for foreign code. */
#define RTE_REGISTER_BUS(nm, bus) \
RTE_INIT_PRIO(businitfn_ ##nm, BUS) \
{ \
	(bus).name = RTE_STR(nm); \
	rte_bus_register(&bus); \
}

#ifdef __cplusplus
}
#endif

#endif
