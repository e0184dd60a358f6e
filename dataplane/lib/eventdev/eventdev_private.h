/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the files of this library share.
 */
#ifndef EVENTDEV_PRIVATE_H
#define EVENTDEV_PRIVATE_H

#include "eventdev_pmd.h"

/** The device, or NULL and a line in the log. */
struct rte_eventdev *eventdev_get(uint8_t dev_id);
/** 0, or -EINVAL and a line in the log. */
int eventdev_check_queue(const struct rte_eventdev *dev, uint8_t queue_id);
int eventdev_check_port(const struct rte_eventdev *dev, uint8_t port_id);

/** No link: links_map holds priorities of 8 bits. */
#define EVENTDEV_NO_LINK 0xffff

static inline uint16_t *
eventdev_links(struct rte_eventdev *dev, uint8_t port_id)
{
	return &dev->data->links_map[(unsigned int)port_id * RTE_EVENT_MAX_QUEUES_PER_DEV];
}

/**
 * One more port on a device, for an adapter: the device is stopped for it when it runs. 0 and the port's id; -EIO when a
 * device that ran could not be started again; or what configuring, setting up or starting said.
 */
int eventdev_add_port(uint8_t dev_id, const struct rte_event_port_conf *conf, uint8_t *port_id);
/** Unregisters a service and waits until no lcore is in it. Not from inside it. */
void eventdev_end_service(uint32_t service);

#endif
