/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For tests of the PCI bus: a driver that notes what is done with it, and files as a device model makes them.
 */
#ifndef PCI_BED_H
#define PCI_BED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <bus_pci_driver.h>

/* No driver but the test's knows these. */
#define BED_VENDOR 0xbed0
#define BED_DEVICE 0x1583
#define BED_DEVICE_TOO 0x1572
#define BED_BAR_SIZE 65536u
#define BED_CONFIG_SIZE 256u
#define BED_PM_AT 0x40
#define BED_EXPRESS_AT 0xa0

struct bed_log {
	int probes, removes, maps, unmaps;
	int probe_result, remove_result; /* what the driver gives */
	struct rte_pci_device *last;
	bool was_mapped; /* at the last probe */
};

extern struct bed_log bed;
extern struct rte_pci_driver bed_driver;

/** A file of len bytes; all of them are `fill`. */
void bed_file(const char *path, size_t len, int fill);
/** FILE.config of our device; len at most BED_CONFIG_SIZE. */
void bed_config(const char *path, size_t len);
/** Reads len bytes of a file as another process would. */
bool bed_read(const char *path, size_t offset, void *buf, size_t len);
bool bed_exists(const char *path);

#endif
