/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What adapters do with a device, and with their services.
 */
#include <rte_pause.h>
#include <rte_service_component.h>

#include "eventdev_private.h"

int
eventdev_add_port(uint8_t dev_id, const struct rte_event_port_conf *conf, uint8_t *port_id)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);
	struct rte_event_dev_config wider;
	int started, error;

	if (dev == NULL)
		return -EINVAL;
	started = dev->data->dev_started;
	wider = dev->data->dev_conf;
	if (wider.nb_event_ports == UINT8_MAX)
		return -ENOSPC;
	*port_id = wider.nb_event_ports++;
	if (conf->event_port_cfg & RTE_EVENT_PORT_CFG_SINGLE_LINK)
		wider.nb_single_link_event_port_queues++;
	if (started)
		rte_event_dev_stop(dev_id);
	error = rte_event_dev_configure(dev_id, &wider);
	if (error == 0)
		error = rte_event_port_setup(dev_id, *port_id, conf);
	if (started && rte_event_dev_start(dev_id) != 0)
		return -EIO;
	return error;
}

void
eventdev_end_service(uint32_t service)
{
	rte_service_component_runstate_set(service, 0);
	/* A service lcore that is in the callback may still use what it was given. */
	while (rte_service_may_be_active(service) == 1)
		rte_pause();
	rte_service_component_unregister(service);
}
