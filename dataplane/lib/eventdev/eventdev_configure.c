/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Configuration: the device, its queues and ports, their links. Everything is checked against what the driver says it can.
 */
#include <rte_errno.h>

#include "eventdev_private.h"

int
eventdev_check_queue(const struct rte_eventdev *dev, uint8_t queue_id)
{
	if (queue_id < dev->data->nb_queues)
		return 0;
	RTE_EDEV_LOG_ERR("event device %u has %u queues, not a queue %u", dev->data->dev_id, dev->data->nb_queues, queue_id);
	return -EINVAL;
}

int
eventdev_check_port(const struct rte_eventdev *dev, uint8_t port_id)
{
	if (port_id < dev->data->nb_ports)
		return 0;
	RTE_EDEV_LOG_ERR("event device %u has %u ports, not a port %u", dev->data->dev_id, dev->data->nb_ports, port_id);
	return -EINVAL;
}

/* ---- The device ---- */

static int
in_range(uint8_t dev_id, const char *what, long value, long low, long high)
{
	if (value >= low && value <= high)
		return 1;
	RTE_EDEV_LOG_ERR("event device %u: %s is %ld, not %ld to %ld", dev_id, what, value, low, high);
	return 0;
}

static int
config_fits(uint8_t id, const struct rte_event_dev_config *conf, const struct rte_event_dev_info *info)
{
	const long single = conf->nb_single_link_event_port_queues, pairs = info->max_single_link_event_port_queue_pairs;
	const int burst = (info->event_dev_cap & RTE_EVENT_DEV_CAP_BURST_MODE) != 0;
	const int timed = !(conf->event_dev_cfg & RTE_EVENT_DEV_CFG_PER_DEQUEUE_TIMEOUT) && conf->dequeue_timeout_ns != 0;

	return (!timed || in_range(id, "dequeue_timeout_ns", conf->dequeue_timeout_ns, info->min_dequeue_timeout_ns,
			info->max_dequeue_timeout_ns)) &&
		in_range(id, "nb_events_limit", conf->nb_events_limit, info->max_num_events < 0 ? -1 : 0, info->max_num_events) &&
		in_range(id, "nb_event_queues", conf->nb_event_queues, 1, info->max_event_queues + pairs) &&
		in_range(id, "nb_event_queues without single links", conf->nb_event_queues - single, 0, info->max_event_queues) &&
		in_range(id, "nb_event_ports", conf->nb_event_ports, 1, info->max_event_ports + pairs) &&
		in_range(id, "nb_event_ports without single links", conf->nb_event_ports - single, 0, info->max_event_ports) &&
		in_range(id, "nb_event_queue_flows", conf->nb_event_queue_flows, 1, info->max_event_queue_flows) &&
		in_range(id, "nb_event_port_dequeue_depth", conf->nb_event_port_dequeue_depth, 1,
			burst ? info->max_event_port_dequeue_depth : UINT32_MAX) &&
		in_range(id, "nb_event_port_enqueue_depth", conf->nb_event_port_enqueue_depth, 1,
			burst ? info->max_event_port_enqueue_depth : UINT32_MAX);
}

/* What stays keeps its setup; what goes is released, what comes is blank. */
static void
resize(struct rte_eventdev *dev, uint8_t queues, uint8_t ports)
{
	struct rte_eventdev_data *data = dev->data;
	const unsigned int kept_ports = RTE_MIN(ports, data->nb_ports), kept_queues = RTE_MIN(queues, data->nb_queues);
	unsigned int i, q;

	for (i = queues; i < data->nb_queues; i++)
		dev->dev_ops->queue_release(dev, (uint8_t)i);
	for (i = ports; i < data->nb_ports; i++) {
		dev->dev_ops->port_release(data->ports[i]);
		data->ports[i] = NULL;
	}
	for (i = data->nb_queues; i < queues; i++)
		memset(&data->queues_cfg[i], 0, sizeof(data->queues_cfg[i]));
	for (i = data->nb_ports; i < ports; i++) {
		memset(&data->ports_cfg[i], 0, sizeof(data->ports_cfg[i]));
		data->ports[i] = NULL;
	}
	for (i = 0; i < RTE_EVENT_MAX_PORTS_PER_DEV; i++)
		for (q = 0; q < RTE_EVENT_MAX_QUEUES_PER_DEV; q++)
			if (i >= kept_ports || q >= kept_queues)
				eventdev_links(dev, (uint8_t)i)[q] = EVENTDEV_NO_LINK;
	data->nb_queues = queues;
	data->nb_ports = ports;
}

int
rte_event_dev_configure(uint8_t dev_id, const struct rte_event_dev_config *dev_conf)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);
	struct rte_event_dev_info info = { 0 };
	const struct eventdev_ops *ops;
	int error;

	if (dev == NULL)
		return -EINVAL;
	ops = dev->dev_ops;
	if (ops->dev_infos_get == NULL || ops->dev_configure == NULL || ops->queue_release == NULL || ops->port_release == NULL)
		return -ENOTSUP;
	if (dev->data->dev_started) {
		RTE_EDEV_LOG_ERR("event device %u is started: stop it before configuring it", dev_id);
		return -EBUSY;
	}
	if (dev_conf == NULL)
		return -EINVAL;
	ops->dev_infos_get(dev, &info);
	if (!config_fits(dev_id, dev_conf, &info))
		return -EINVAL;

	dev->data->dev_conf = *dev_conf;
	resize(dev, dev_conf->nb_event_queues, dev_conf->nb_event_ports);
	error = ops->dev_configure(dev);
	if (error != 0)
		resize(dev, 0, 0);
	dev->data->event_dev_cap = info.event_dev_cap;
	return error;
}

/* ---- Queues ---- */

int
rte_event_queue_default_conf_get(uint8_t dev_id, uint8_t queue_id, struct rte_event_queue_conf *queue_conf)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || queue_conf == NULL || eventdev_check_queue(dev, queue_id) != 0)
		return -EINVAL;
	if (dev->dev_ops->queue_def_conf == NULL)
		return -ENOTSUP;
	memset(queue_conf, 0, sizeof(*queue_conf));
	dev->dev_ops->queue_def_conf(dev, queue_id, queue_conf);
	return 0;
}

/* Whether events of that type are scheduled by flows (a single link has nothing to choose). */
static int
schedules(const struct rte_event_queue_conf *conf, uint8_t type)
{
	return !(conf->event_queue_cfg & RTE_EVENT_QUEUE_CFG_SINGLE_LINK) &&
		((conf->event_queue_cfg & RTE_EVENT_QUEUE_CFG_ALL_TYPES) || conf->schedule_type == type);
}

int
rte_event_queue_setup(uint8_t dev_id, uint8_t queue_id, const struct rte_event_queue_conf *queue_conf)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);
	struct rte_event_queue_conf conf;
	long flows;

	if (dev == NULL || eventdev_check_queue(dev, queue_id) != 0)
		return -EINVAL;
	flows = dev->data->dev_conf.nb_event_queue_flows;
	if (queue_conf != NULL &&
			((schedules(queue_conf, RTE_SCHED_TYPE_ATOMIC) &&
				!in_range(dev_id, "nb_atomic_flows", queue_conf->nb_atomic_flows, 1, flows)) ||
			(schedules(queue_conf, RTE_SCHED_TYPE_ORDERED) &&
				!in_range(dev_id, "nb_atomic_order_sequences", queue_conf->nb_atomic_order_sequences, 1, flows))))
		return -EINVAL;
	if (dev->data->dev_started) {
		RTE_EDEV_LOG_ERR("event device %u is started: stop it before setting up queue %u", dev_id, queue_id);
		return -EBUSY;
	}
	if (dev->dev_ops->queue_setup == NULL || (queue_conf == NULL && dev->dev_ops->queue_def_conf == NULL))
		return -ENOTSUP;
	memset(&conf, 0, sizeof(conf));
	if (queue_conf != NULL)
		conf = *queue_conf;
	else
		dev->dev_ops->queue_def_conf(dev, queue_id, &conf);
	dev->data->queues_cfg[queue_id] = conf;
	return dev->dev_ops->queue_setup(dev, queue_id, &conf);
}

/* ---- Ports ---- */

int
rte_event_port_default_conf_get(uint8_t dev_id, uint8_t port_id, struct rte_event_port_conf *port_conf)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || port_conf == NULL || eventdev_check_port(dev, port_id) != 0)
		return -EINVAL;
	if (dev->dev_ops->port_def_conf == NULL)
		return -ENOTSUP;
	memset(port_conf, 0, sizeof(*port_conf));
	dev->dev_ops->port_def_conf(dev, port_id, port_conf);
	return 0;
}

static int
port_fits(const struct rte_eventdev *dev, const struct rte_event_port_conf *conf)
{
	const struct rte_event_dev_config *limits = &dev->data->dev_conf;
	const uint8_t id = dev->data->dev_id;

	if (!in_range(id, "new_event_threshold", conf->new_event_threshold, limits->nb_events_limit < 0 ? INT32_MIN : 1,
			limits->nb_events_limit < 0 ? INT32_MAX : limits->nb_events_limit) ||
			!in_range(id, "dequeue_depth", conf->dequeue_depth, 1, limits->nb_event_port_dequeue_depth) ||
			!in_range(id, "enqueue_depth", conf->enqueue_depth, 1, limits->nb_event_port_enqueue_depth))
		return 0;
	if ((conf->event_port_cfg & RTE_EVENT_PORT_CFG_DISABLE_IMPL_REL) &&
			!(dev->data->event_dev_cap & RTE_EVENT_DEV_CAP_IMPLICIT_RELEASE_DISABLE)) {
		RTE_EDEV_LOG_ERR("event device %u always releases implicitly", id);
		return 0;
	}
	return 1;
}

int
rte_event_port_setup(uint8_t dev_id, uint8_t port_id, const struct rte_event_port_conf *port_conf)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);
	struct rte_event_port_conf conf;
	int result;

	if (dev == NULL || eventdev_check_port(dev, port_id) != 0 || (port_conf != NULL && !port_fits(dev, port_conf)))
		return -EINVAL;
	if (dev->data->dev_started) {
		RTE_EDEV_LOG_ERR("event device %u is started: stop it before setting up port %u", dev_id, port_id);
		return -EBUSY;
	}
	if (dev->dev_ops->port_setup == NULL || (port_conf == NULL && dev->dev_ops->port_def_conf == NULL))
		return -ENOTSUP;
	memset(&conf, 0, sizeof(conf));
	if (port_conf != NULL)
		conf = *port_conf;
	else
		dev->dev_ops->port_def_conf(dev, port_id, &conf);
	/* The old port's links go while it is there. */
	if (dev->data->ports[port_id] != NULL) {
		result = rte_event_port_unlink(dev_id, port_id, NULL, 0);
		if (result < 0)
			return result;
	}
	dev->data->ports_cfg[port_id] = conf;
	return dev->dev_ops->port_setup(dev, port_id, &conf);
}

void
rte_event_port_quiesce(uint8_t dev_id, uint8_t port_id, rte_eventdev_port_flush_t release_cb, void *args)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || eventdev_check_port(dev, port_id) != 0 || dev->data->ports[port_id] == NULL)
		return;
	if (dev->dev_ops->port_quiesce != NULL)
		dev->dev_ops->port_quiesce(dev, dev->data->ports[port_id], release_cb, args);
}

/* ---- Links ---- */

static int
refuse_links(int error)
{
	rte_errno = error;
	return 0;
}

int
rte_event_port_link(uint8_t dev_id, uint8_t port_id, const uint8_t queues[], const uint8_t priorities[], uint16_t nb_links)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);
	uint8_t all[RTE_EVENT_MAX_QUEUES_PER_DEV], normal[RTE_EVENT_MAX_QUEUES_PER_DEV];
	int i, done;

	if (dev == NULL)
		return refuse_links(EINVAL);
	if (dev->dev_ops->port_link == NULL)
		return refuse_links(ENOTSUP);
	if (eventdev_check_port(dev, port_id) != 0 || dev->data->ports[port_id] == NULL)
		return refuse_links(EINVAL);
	if (queues == NULL) {
		nb_links = dev->data->nb_queues;
		for (i = 0; i < nb_links; i++)
			all[i] = (uint8_t)i;
		queues = all;
	}
	if (nb_links > RTE_EVENT_MAX_QUEUES_PER_DEV)
		return refuse_links(EINVAL);
	for (i = 0; i < nb_links; i++)
		if (queues[i] >= dev->data->nb_queues)
			return refuse_links(EINVAL);
	if (priorities == NULL) {
		memset(normal, RTE_EVENT_DEV_PRIORITY_NORMAL, sizeof(normal));
		priorities = normal;
	}
	done = dev->dev_ops->port_link(dev, dev->data->ports[port_id], queues, priorities, nb_links);
	for (i = 0; i < done; i++)
		eventdev_links(dev, port_id)[queues[i]] = priorities[i];
	return done;
}

int
rte_event_port_unlink(uint8_t dev_id, uint8_t port_id, uint8_t queues[], uint16_t nb_unlinks)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);
	uint8_t linked[RTE_EVENT_MAX_QUEUES_PER_DEV];
	uint16_t *links;
	int i, done, n = 0;

	if (dev == NULL)
		return refuse_links(EINVAL);
	if (dev->dev_ops->port_unlink == NULL)
		return refuse_links(ENOTSUP);
	if (eventdev_check_port(dev, port_id) != 0 || dev->data->ports[port_id] == NULL)
		return refuse_links(EINVAL);
	links = eventdev_links(dev, port_id);
	if (queues == NULL) {
		for (i = 0; i < dev->data->nb_queues; i++)
			if (links[i] != EVENTDEV_NO_LINK)
				linked[n++] = (uint8_t)i;
		queues = linked;
	} else {
		for (n = 0; n < nb_unlinks; n++)
			if (queues[n] >= dev->data->nb_queues)
				return refuse_links(EINVAL);
		/* Up to the first that is not linked. */
		for (n = 0; n < nb_unlinks && links[queues[n]] != EVENTDEV_NO_LINK; n++)
			;
	}
	done = dev->dev_ops->port_unlink(dev, dev->data->ports[port_id], queues, (uint16_t)n);
	for (i = 0; i < done; i++)
		links[queues[i]] = EVENTDEV_NO_LINK;
	return done;
}

int
rte_event_port_unlinks_in_progress(uint8_t dev_id, uint8_t port_id)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || eventdev_check_port(dev, port_id) != 0)
		return -EINVAL;
	if (dev->dev_ops->port_unlinks_in_progress == NULL || dev->data->ports[port_id] == NULL)
		return 0;
	return dev->dev_ops->port_unlinks_in_progress(dev, dev->data->ports[port_id]);
}

int
rte_event_port_links_get(uint8_t dev_id, uint8_t port_id, uint8_t queues[], uint8_t priorities[])
{
	struct rte_eventdev *dev = eventdev_get(dev_id);
	const uint16_t *links;
	int i, n = 0;

	if (dev == NULL || eventdev_check_port(dev, port_id) != 0 || queues == NULL || priorities == NULL)
		return -EINVAL;
	links = eventdev_links(dev, port_id);
	for (i = 0; i < dev->data->nb_queues; i++)
		if (links[i] != EVENTDEV_NO_LINK) {
			queues[n] = (uint8_t)i;
			priorities[n++] = (uint8_t)links[i];
		}
	return n;
}
