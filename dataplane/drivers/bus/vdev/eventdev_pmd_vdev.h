/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For drivers of virtual devices: an event device of a vdev.
 */
#ifndef WDPDK_EVENTDEV_PMD_VDEV_H
#define WDPDK_EVENTDEV_PMD_VDEV_H

#include <errno.h>

#include <rte_compat.h>
#include <rte_config.h>
#include <rte_malloc.h>

#include <bus_vdev_driver.h>
#include <eventdev_pmd.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Allocates an event device with dev_private_size zeroed bytes of dev_private. NULL on failure. */
static inline struct rte_eventdev *
rte_event_pmd_vdev_init(const char *name, size_t dev_private_size, int socket_id, struct rte_vdev_device *vdev)
{
	struct rte_eventdev *dev = rte_event_pmd_allocate(name, socket_id);

	if (dev == NULL)
		return NULL;
	dev->data->dev_private = rte_zmalloc_socket("event device", dev_private_size, RTE_CACHE_LINE_SIZE, socket_id);
	if (dev->data->dev_private == NULL) {
		rte_event_pmd_release(dev);
		return NULL;
	}
	dev->dev = &vdev->device;
	return dev;
}

/** Closes it and takes it away. 0; -EINVAL for NULL; -ENODEV; what rte_event_dev_close() says, and it stays. */
static inline int
rte_event_pmd_vdev_uninit(const char *name)
{
	struct rte_eventdev *dev;
	int error;

	if (name == NULL)
		return -EINVAL;
	dev = rte_event_pmd_get_named_dev(name);
	if (dev == NULL)
		return -ENODEV;
	error = rte_event_dev_close(dev->data->dev_id);
	return error < 0 ? error : rte_event_pmd_release(dev);
}

#ifdef __cplusplus
}
#endif

#endif
