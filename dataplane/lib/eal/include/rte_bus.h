/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Buses as the user of a library sees them. bus_driver.h is for those who write one.
 */
#ifndef _RTE_BUS_H_
#define _RTE_BUS_H_

#include <stdio.h>

#include <rte_eal.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_bus;
struct rte_device;

const char *rte_bus_name(const struct rte_bus *bus);
/** Lets every bus look for devices. 0; a bus that fails is reported and left out. */
int rte_bus_scan(void);
/**
 * Starts the drivers of all devices found. 0, or the first bus's negative errno: a device that was asked for failed.
 */
int rte_bus_probe(void);
void rte_bus_dump(FILE *f);

/** 0 when bus matches data. */
typedef int (*rte_bus_cmp_t)(const struct rte_bus *bus, const void *data);
/** The first match after start (NULL: from the beginning). */
struct rte_bus *rte_bus_find(const struct rte_bus *start, rte_bus_cmp_t cmp, const void *data);
struct rte_bus *rte_bus_find_by_device(const struct rte_device *dev);
struct rte_bus *rte_bus_find_by_name(const char *busname);
/** The address mode all buses can work with. */
enum rte_iova_mode rte_bus_get_iommu_class(void);

#ifdef __cplusplus
}
#endif

#endif
