/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The common head of every device and driver, for those who write buses and drivers.
 */
#ifndef DEV_DRIVER_H
#define DEV_DRIVER_H

#include <rte_common.h>
#include <rte_dev.h>

/** Static in its driver. */
struct rte_driver {
	RTE_TAILQ_ENTRY(rte_driver) next;
	const char *name;
	const char *alias;
};

/** Owned by its bus. driver is NULL until a probe succeeds. */
struct rte_device {
	RTE_TAILQ_ENTRY(rte_device) next;
	const char *name;
	const char *bus_info;
	const struct rte_driver *driver;
	const struct rte_bus *bus;
	int numa_node;
	struct rte_devargs *devargs; /* in the EAL's list */
};

#endif
