/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Virtual devices: made by name ("net_null0"), not found on hardware. For applications; drivers include
 * bus_vdev_driver.h.
 */
#ifndef WDPDK_RTE_BUS_VDEV_H
#define WDPDK_RTE_BUS_VDEV_H

#ifdef __cplusplus
extern "C" {
#endif

/** Called at each scan; may create devices with rte_vdev_init(). */
typedef void (*rte_vdev_scan_callback)(void *user_arg);

/** Adds a scan callback; the same pair twice counts once. 0, or -1 without memory. */
int rte_vdev_add_custom_scan(rte_vdev_scan_callback callback, void *user_arg);
/** Takes it back; user_arg (void *)-1 matches any. 0 */
int rte_vdev_remove_custom_scan(rte_vdev_scan_callback callback, void *user_arg);

/**
 * Creates the device name, whose driver is the one the name begins with, with "key=value,..." (NULL: none), as --vdev
 * does at start. -EEXIST when there is one of that name, -EINVAL for no or too long a name, -ENODEV when no driver
 * has it (the log lists those there are), or what the driver says.
 */
int rte_vdev_init(const char *name, const char *args);
/** Removes it. -ENOENT when there is none, -EINVAL for NULL, or what the driver says. */
int rte_vdev_uninit(const char *name);

#ifdef __cplusplus
}
#endif

#endif
