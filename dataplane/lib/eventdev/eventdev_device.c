/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Event devices: the table, finding, starting, ending, and the fast path of those that are not started.
 */
#include <stddef.h>

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_string_fns.h>

#include "eventdev_private.h"

static struct rte_eventdev devices[RTE_EVENT_MAX_DEVS];

struct rte_eventdev *rte_eventdevs = devices;
struct rte_event_fp_ops rte_event_fp_ops[RTE_EVENT_MAX_DEVS];

/* ---- The fast path of a device that is not started ---- */

static uint16_t
refuse(void)
{
	rte_errno = ENOTSUP;
	return 0;
}

static uint16_t
stopped_enqueue(void *port, const struct rte_event *ev)
{
	RTE_SET_USED(port);
	RTE_SET_USED(ev);
	return refuse();
}

static uint16_t
stopped_enqueue_burst(void *port, const struct rte_event ev[], uint16_t nb_events)
{
	RTE_SET_USED(port);
	RTE_SET_USED(ev);
	RTE_SET_USED(nb_events);
	return refuse();
}

static uint16_t
stopped_dequeue(void *port, struct rte_event *ev, uint64_t timeout_ticks)
{
	RTE_SET_USED(port);
	RTE_SET_USED(ev);
	RTE_SET_USED(timeout_ticks);
	return refuse();
}

static uint16_t
stopped_dequeue_burst(void *port, struct rte_event ev[], uint16_t nb_events, uint64_t timeout_ticks)
{
	RTE_SET_USED(port);
	RTE_SET_USED(ev);
	RTE_SET_USED(nb_events);
	RTE_SET_USED(timeout_ticks);
	return refuse();
}

static uint16_t
no_adapter_enqueue(void *port, struct rte_event ev[], uint16_t nb_events)
{
	RTE_SET_USED(port);
	RTE_SET_USED(ev);
	RTE_SET_USED(nb_events);
	return refuse();
}

/* What is read as data[port] of a device that does not exist or is not started. */
static void *no_ports[RTE_EVENT_MAX_PORTS_PER_DEV];

void
event_dev_fp_ops_reset(struct rte_event_fp_ops *fp_op)
{
	static const struct rte_event_fp_ops stopped = {
		.data = no_ports,
		.enqueue = stopped_enqueue,
		.enqueue_burst = stopped_enqueue_burst,
		.enqueue_new_burst = stopped_enqueue_burst,
		.enqueue_forward_burst = stopped_enqueue_burst,
		.dequeue = stopped_dequeue,
		.dequeue_burst = stopped_dequeue_burst,
		.txa_enqueue = no_adapter_enqueue,
		.txa_enqueue_same_dest = no_adapter_enqueue,
		.ca_enqueue = no_adapter_enqueue,
	};

	*fp_op = stopped;
}

void
event_dev_fp_ops_set(struct rte_event_fp_ops *fp_ops, const struct rte_eventdev *dev)
{
	fp_ops->enqueue = dev->enqueue;
	fp_ops->enqueue_burst = dev->enqueue_burst;
	fp_ops->enqueue_new_burst = dev->enqueue_new_burst;
	fp_ops->enqueue_forward_burst = dev->enqueue_forward_burst;
	fp_ops->dequeue = dev->dequeue;
	fp_ops->dequeue_burst = dev->dequeue_burst;
	fp_ops->maintain = dev->maintain;
	fp_ops->txa_enqueue = dev->txa_enqueue != NULL ? dev->txa_enqueue : no_adapter_enqueue;
	fp_ops->txa_enqueue_same_dest = dev->txa_enqueue_same_dest != NULL ? dev->txa_enqueue_same_dest : no_adapter_enqueue;
	fp_ops->ca_enqueue = dev->ca_enqueue != NULL ? dev->ca_enqueue : no_adapter_enqueue;
	fp_ops->data = dev->data->ports;
}

/* ---- The table ---- */

struct rte_eventdev *
eventdev_get(uint8_t dev_id)
{
	if (rte_event_pmd_is_valid_dev(dev_id))
		return &devices[dev_id];
	RTE_EDEV_LOG_ERR("there is no event device %u", dev_id);
	return NULL;
}

struct rte_eventdev *
rte_event_pmd_allocate(const char *name, int socket_id)
{
	struct rte_eventdev *dev = NULL;
	struct rte_eventdev_data *data;
	unsigned int i;

	if (name == NULL || strlen(name) >= RTE_EVENTDEV_NAME_MAX_LEN || rte_event_pmd_get_named_dev(name) != NULL) {
		RTE_EDEV_LOG_ERR("event device %s is not made: its name is taken or too long", name == NULL ? "(null)" : name);
		return NULL;
	}
	for (i = 0; i < RTE_EVENT_MAX_DEVS && dev == NULL; i++)
		if (!devices[i].attached)
			dev = &devices[i];
	if (dev == NULL) {
		RTE_EDEV_LOG_ERR("event device %s is not made: there are %d", name, RTE_EVENT_MAX_DEVS);
		return NULL;
	}
	data = rte_zmalloc_socket("event device data", sizeof(*data), RTE_CACHE_LINE_SIZE, socket_id);
	if (data == NULL)
		return NULL;
	rte_strlcpy(data->name, name, sizeof(data->name));
	data->dev_id = (uint8_t)(dev - devices);
	data->socket_id = socket_id;
	for (i = 0; i < RTE_DIM(data->links_map); i++)
		data->links_map[i] = EVENTDEV_NO_LINK;
	memset(dev, 0, sizeof(*dev));
	dev->data = data;
	dev->attached = RTE_EVENTDEV_ATTACHED;
	event_dev_fp_ops_reset(&rte_event_fp_ops[data->dev_id]);
	return dev;
}

int
rte_event_pmd_release(struct rte_eventdev *eventdev)
{
	if (eventdev == NULL || !eventdev->attached)
		return -EINVAL;
	event_dev_fp_ops_reset(&rte_event_fp_ops[eventdev->data->dev_id]);
	eventdev->attached = RTE_EVENTDEV_DETACHED;
	rte_free(eventdev->data->dev_private);
	rte_free(eventdev->data);
	eventdev->data = NULL;
	return 0;
}

void
event_dev_probing_finish(struct rte_eventdev *eventdev)
{
	/* A device is used when it is started: rte_event_dev_start() sets its fast path. */
	RTE_SET_USED(eventdev);
}

uint8_t
rte_event_dev_count(void)
{
	uint8_t count = 0;
	unsigned int i;

	for (i = 0; i < RTE_EVENT_MAX_DEVS; i++)
		count += devices[i].attached;
	return count;
}

int
rte_event_dev_get_dev_id(const char *name)
{
	const struct rte_device *dev;
	int i;

	if (name == NULL)
		return -EINVAL;
	for (i = 0; i < RTE_EVENT_MAX_DEVS; i++) {
		if (!devices[i].attached)
			continue;
		dev = devices[i].dev;
		if (strcmp(devices[i].data->name, name) == 0 ||
				(dev != NULL && dev->driver != NULL && strcmp(dev->driver->name, name) == 0))
			return i;
	}
	return -ENODEV;
}

int
rte_event_dev_socket_id(uint8_t dev_id)
{
	const struct rte_eventdev *dev = eventdev_get(dev_id);

	return dev == NULL ? -EINVAL : dev->data->socket_id;
}

/* ---- Start and stop ---- */

int
rte_event_dev_start(uint8_t dev_id)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);
	int error;

	if (dev == NULL)
		return -EINVAL;
	if (dev->dev_ops->dev_start == NULL)
		return -ENOTSUP;
	if (dev->data->dev_started)
		return 0;
	error = dev->dev_ops->dev_start(dev);
	if (error != 0)
		return error;
	dev->data->dev_started = 1;
	event_dev_fp_ops_set(&rte_event_fp_ops[dev_id], dev);
	return 0;
}

void
rte_event_dev_stop(uint8_t dev_id)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || dev->dev_ops->dev_stop == NULL || !dev->data->dev_started)
		return;
	dev->data->dev_started = 0;
	event_dev_fp_ops_reset(&rte_event_fp_ops[dev_id]);
	dev->dev_ops->dev_stop(dev);
}

int
rte_event_dev_stop_flush_callback_register(uint8_t dev_id, rte_eventdev_stop_flush_t callback, void *userdata)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL)
		return -EINVAL;
	dev->dev_ops->dev_stop_flush = callback;
	dev->data->dev_stop_flush_arg = userdata;
	return 0;
}

int
rte_event_dev_close(uint8_t dev_id)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL)
		return -EINVAL;
	if (dev->dev_ops->dev_close == NULL)
		return -ENOTSUP;
	if (dev->data->dev_started) {
		RTE_EDEV_LOG_ERR("event device %u is started: stop it before closing it", dev_id);
		return -EBUSY;
	}
	event_dev_fp_ops_reset(&rte_event_fp_ops[dev_id]);
	return dev->dev_ops->dev_close(dev);
}

int
rte_event_dev_selftest(uint8_t dev_id)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL)
		return -EINVAL;
	return dev->dev_ops->dev_selftest == NULL ? -ENOTSUP : dev->dev_ops->dev_selftest();
}
