/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The control side of event_sw: arguments, configuration, links, start and stop.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bus_vdev_driver.h>
#include <eventdev_pmd_vdev.h>
#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_kvargs.h>
#include <rte_malloc.h>
#include <rte_pause.h>
#include <rte_service.h>
#include <rte_service_component.h>
#include <wdpdk_registry.h>

#include "sw.h"

#define SW_QUANTA 128
#define SW_MIN_TIMEOUT_NS 1000
#define SW_MAX_TIMEOUT_NS 10000000

_Static_assert(sizeof(struct sw_slot) == 32, "two slots a cache line");

static int logtype;
#define SW_LOG(level, ...) rte_log(RTE_LOG_##level, logtype, "event_sw: " __VA_ARGS__)

static void
info_get(struct rte_eventdev *dev, struct rte_event_dev_info *info)
{
	RTE_SET_USED(dev);
	info->min_dequeue_timeout_ns = SW_MIN_TIMEOUT_NS;
	info->max_dequeue_timeout_ns = SW_MAX_TIMEOUT_NS;
	info->max_event_queues = SW_MAX_QUEUES;
	info->max_event_queue_flows = SW_FLOWS;
	info->max_event_queue_priority_levels = RTE_EVENT_DEV_PRIORITY_LOWEST;
	info->max_event_priority_levels = SW_PRIORITIES;
	info->max_event_ports = SW_MAX_PORTS;
	info->max_event_port_dequeue_depth = SW_MAX_DEPTH;
	info->max_event_port_enqueue_depth = SW_MAX_EVENTS;
	info->max_event_port_links = SW_MAX_QUEUES;
	info->max_num_events = SW_MAX_EVENTS;
	info->event_dev_cap = RTE_EVENT_DEV_CAP_QUEUE_QOS | RTE_EVENT_DEV_CAP_EVENT_QOS | RTE_EVENT_DEV_CAP_QUEUE_ALL_TYPES |
		RTE_EVENT_DEV_CAP_BURST_MODE | RTE_EVENT_DEV_CAP_IMPLICIT_RELEASE_DISABLE | RTE_EVENT_DEV_CAP_NONSEQ_MODE |
		RTE_EVENT_DEV_CAP_RUNTIME_PORT_LINK | RTE_EVENT_DEV_CAP_MULTIPLE_QUEUE_PORT | RTE_EVENT_DEV_CAP_CARRY_FLOW_ID |
		RTE_EVENT_DEV_CAP_MAINTENANCE_FREE;
}

static int
configure(const struct rte_eventdev *dev)
{
	struct sw_device *device = dev->data->dev_private;

	device->nb_queues = dev->data->nb_queues;
	device->nb_ports = dev->data->nb_ports;
	return 0;
}

/* ---- Queues ---- */

static void
queue_def_conf(struct rte_eventdev *dev, uint8_t id, struct rte_event_queue_conf *conf)
{
	const uint32_t flows = dev->data->dev_conf.nb_event_queue_flows;

	RTE_SET_USED(id);
	conf->nb_atomic_flows = flows;
	conf->nb_atomic_order_sequences = flows;
	conf->schedule_type = RTE_SCHED_TYPE_ATOMIC;
	conf->priority = RTE_EVENT_DEV_PRIORITY_NORMAL;
}

static void
queue_release(struct rte_eventdev *dev, uint8_t id)
{
	struct sw_device *device = dev->data->dev_private;
	struct sw_queue *queue = &device->queues[id];

	rte_free(queue->flows);
	queue->flows = NULL;
	queue->ports = 0;
	queue->set_up = 0;
}

static int
queue_setup(struct rte_eventdev *dev, uint8_t id, const struct rte_event_queue_conf *conf)
{
	struct sw_device *device = dev->data->dev_private;
	struct sw_queue *queue = &device->queues[id];

	if (conf->schedule_type > RTE_SCHED_TYPE_PARALLEL) {
		SW_LOG(ERR, "%s: queue %u: there is no schedule type %u\n", dev->data->name, id, conf->schedule_type);
		return -EINVAL;
	}
	rte_free(queue->flows);
	queue->flows = NULL;
	queue->set_up = 0;
	queue->single_link = (conf->event_queue_cfg & RTE_EVENT_QUEUE_CFG_SINGLE_LINK) != 0;
	queue->all_types = (conf->event_queue_cfg & RTE_EVENT_QUEUE_CFG_ALL_TYPES) != 0;
	queue->type = conf->schedule_type;
	queue->priority = conf->priority;
	if (!queue->single_link && (queue->all_types || queue->type == RTE_SCHED_TYPE_ATOMIC)) {
		queue->flows = rte_zmalloc_socket("event_sw flows", SW_FLOWS * sizeof(*queue->flows), RTE_CACHE_LINE_SIZE,
			dev->data->socket_id);
		if (queue->flows == NULL)
			return -ENOMEM;
	}
	queue->set_up = 1;
	return 0;
}

/* ---- Ports ---- */

static void
port_def_conf(struct rte_eventdev *dev, uint8_t id, struct rte_event_port_conf *conf)
{
	const struct rte_event_dev_config *limits = &dev->data->dev_conf;

	RTE_SET_USED(id);
	conf->new_event_threshold = RTE_MIN(limits->nb_events_limit, SW_MAX_EVENTS / 4 * 3);
	conf->dequeue_depth = (uint16_t)RTE_MIN(limits->nb_event_port_dequeue_depth, 32u);
	conf->enqueue_depth = (uint16_t)RTE_MIN(limits->nb_event_port_enqueue_depth, 32u);
}

static void
port_release(void *p)
{
	struct sw_port *port = p;

	if (port == NULL)
		return;
	port->device->ports[port->id] = NULL;
	rte_free(port->to_scheduler);
	rte_free(port->from_scheduler);
	rte_free(port);
}

static struct rte_ring *
make_ring(const char *name, uint8_t port, uint32_t capacity, int socket)
{
	char full[RTE_RING_NAMESIZE];
	const ssize_t size = rte_ring_get_memsize_elem(sizeof(struct rte_event), rte_align32pow2(capacity + 1));
	struct rte_ring *ring = size < 0 ? NULL : rte_zmalloc_socket("event_sw ring", (size_t)size, RTE_CACHE_LINE_SIZE, socket);

	snprintf(full, sizeof(full), "event_sw_%s%u", name, port);
	if (ring != NULL && rte_ring_init(ring, full, capacity, RING_F_SP_ENQ | RING_F_SC_DEQ | RING_F_EXACT_SZ) != 0) {
		rte_free(ring);
		return NULL;
	}
	return ring;
}

static int
port_setup(struct rte_eventdev *dev, uint8_t id, const struct rte_event_port_conf *conf)
{
	struct sw_device *device = dev->data->dev_private;
	const uint32_t config = dev->data->dev_conf.event_dev_cfg;
	struct sw_port *port;

	port_release(device->ports[id]);
	dev->data->ports[id] = NULL;
	port = rte_zmalloc_socket("event_sw port", sizeof(*port), RTE_CACHE_LINE_SIZE, dev->data->socket_id);
	if (port == NULL)
		return -ENOMEM;
	port->from_scheduler = make_ring("from", id, conf->dequeue_depth, dev->data->socket_id);
	if (port->from_scheduler == NULL) {
		rte_free(port);
		return -ENOMEM;
	}
	port->device = device;
	port->id = id;
	port->depth = conf->dequeue_depth;
	port->threshold = (uint32_t)RTE_MAX(conf->new_event_threshold, 0);
	port->implicit_release = !(conf->event_port_cfg & RTE_EVENT_PORT_CFG_DISABLE_IMPL_REL);
	port->single_link = (conf->event_port_cfg & RTE_EVENT_PORT_CFG_SINGLE_LINK) != 0;
	port->timed = (config & RTE_EVENT_DEV_CFG_PER_DEQUEUE_TIMEOUT) != 0;
	device->ports[id] = port;
	dev->data->ports[id] = port;
	return 0;
}

/* ---- Links ---- */

static int
port_link(struct rte_eventdev *dev, void *p, const uint8_t queues[], const uint8_t priorities[], uint16_t nb_links)
{
	struct sw_device *device = dev->data->dev_private;
	struct sw_port *port = p;
	const uint64_t bit = UINT64_C(1) << port->id;
	uint32_t i, q;

	RTE_SET_USED(priorities);
	for (i = 0; i < nb_links; i++) {
		struct sw_queue *queue = &device->queues[queues[i]];
		int taken = queue->single_link && (queue->ports & ~bit) != 0;

		for (q = 0; q < device->nb_queues && port->single_link; q++)
			taken |= q != queues[i] && (device->queues[q].ports & bit) != 0;
		if (taken) {
			rte_errno = EDQUOT;
			break;
		}
		__atomic_fetch_or(&queue->ports, bit, __ATOMIC_RELEASE);
	}
	return (int)i;
}

static int
port_unlink(struct rte_eventdev *dev, void *p, uint8_t queues[], uint16_t nb_unlinks)
{
	struct sw_device *device = dev->data->dev_private;
	struct sw_port *port = p;
	uint32_t i;

	for (i = 0; i < nb_unlinks; i++)
		__atomic_fetch_and(&device->queues[queues[i]].ports, ~(UINT64_C(1) << port->id), __ATOMIC_RELEASE);
	if (device->started && nb_unlinks > 0)
		__atomic_fetch_add(&port->unlinks_asked, nb_unlinks, __ATOMIC_RELEASE);
	return nb_unlinks;
}

static int
port_unlinks_in_progress(struct rte_eventdev *dev, void *p)
{
	struct sw_port *port = p;

	RTE_SET_USED(dev);
	return (int)(__atomic_load_n(&port->unlinks_asked, __ATOMIC_RELAXED) -
		__atomic_load_n(&port->unlinks_seen, __ATOMIC_ACQUIRE));
}

/* ---- Start, stop, close ---- */

static int
is_complete(const struct rte_eventdev *dev)
{
	const struct sw_device *device = dev->data->dev_private;
	uint32_t i;

	for (i = 0; i < device->nb_ports; i++)
		if (device->ports[i] == NULL) {
			SW_LOG(ERR, "%s: port %u is not set up\n", dev->data->name, i);
			return -ESTALE;
		}
	for (i = 0; i < device->nb_queues; i++)
		if (!device->queues[i].set_up || device->queues[i].ports == 0) {
			SW_LOG(ERR, "%s: queue %u is %s\n", dev->data->name, i,
				device->queues[i].set_up ? "linked to no port" : "not set up");
			return -ENOLINK;
		}
	return 0;
}

/* Places for all events there may be: slots, and rings to the scheduler. */
static int
make_places(const struct rte_eventdev *dev)
{
	struct sw_device *device = dev->data->dev_private;
	const uint32_t events = (uint32_t)RTE_MAX(dev->data->dev_conf.nb_events_limit, 1);
	uint32_t i;

	if (device->nb_slots != events) {
		rte_free(device->slots);
		device->nb_slots = 0;
		device->slots = rte_malloc_socket("event_sw slots", events * sizeof(*device->slots), RTE_CACHE_LINE_SIZE,
			dev->data->socket_id);
		if (device->slots == NULL)
			return -ENOMEM;
		device->nb_slots = events;
	}
	for (i = 0; i < device->nb_ports; i++) {
		struct sw_port *port = device->ports[i];

		if (port->ring_size == events)
			continue;
		rte_free(port->to_scheduler);
		port->ring_size = 0;
		port->to_scheduler = make_ring("to", port->id, events, dev->data->socket_id);
		if (port->to_scheduler == NULL)
			return -ENOMEM;
		port->ring_size = events;
	}
	return 0;
}

static int
start(struct rte_eventdev *dev)
{
	struct sw_device *device = dev->data->dev_private;
	uint32_t i, j;
	int error = is_complete(dev);

	if (error == 0)
		error = make_places(dev);
	if (error != 0)
		return error;
	for (i = 0; i < device->nb_queues; i++) {
		for (j = i; j > 0 && device->queues[device->by_priority[j - 1]].priority > device->queues[i].priority; j--)
			device->by_priority[j] = device->by_priority[j - 1];
		device->by_priority[j] = (uint8_t)i;
	}
	for (i = 0; i < device->nb_ports; i++) {
		device->ports[i]->threshold = RTE_MIN(device->ports[i]->threshold, device->nb_slots);
		device->ports[i]->timeout = (uint64_t)((double)dev->data->dev_conf.dequeue_timeout_ns / NS_PER_S *
			(double)rte_get_tsc_hz());
	}
	rte_spinlock_lock(&device->lock);
	sw_reset(device);
	device->started = 1;
	rte_spinlock_unlock(&device->lock);
	rte_service_component_runstate_set(device->service, 1);
	if (rte_service_runstate_get(device->service) != 1)
		SW_LOG(NOTICE, "%s schedules nothing until its service \"%s\" is run\n", dev->data->name,
			rte_service_get_name(device->service));
	return 0;
}

static void
flush(struct sw_device *device, const struct rte_event *event)
{
	struct rte_eventdev *dev = &rte_eventdevs[device->data->dev_id];

	if (dev->dev_ops->dev_stop_flush != NULL)
		dev->dev_ops->dev_stop_flush(device->data->dev_id, *event, device->data->dev_stop_flush_arg);
}

static void
stop(struct rte_eventdev *dev)
{
	struct sw_device *device = dev->data->dev_private;

	rte_service_component_runstate_set(device->service, 0);
	rte_spinlock_lock(&device->lock);
	device->started = 0;
	rte_spinlock_unlock(&device->lock);
	/* From here on nobody else is inside. */
	sw_drain(device, flush);
	sw_reset(device);
}

static int
close_device(struct rte_eventdev *dev)
{
	struct sw_device *device = dev->data->dev_private;
	uint32_t i;

	for (i = 0; i < SW_MAX_QUEUES; i++)
		queue_release(dev, (uint8_t)i);
	for (i = 0; i < SW_MAX_PORTS; i++) {
		port_release(device->ports[i]);
		dev->data->ports[i] = NULL;
	}
	rte_free(device->slots);
	device->slots = NULL;
	device->nb_slots = 0;
	device->nb_queues = device->nb_ports = 0;
	dev->data->nb_queues = dev->data->nb_ports = 0;
	return 0;
}

static int
timeout_ticks(struct rte_eventdev *dev, uint64_t ns, uint64_t *ticks)
{
	RTE_SET_USED(dev);
	*ticks = (uint64_t)((double)ns / NS_PER_S * (double)rte_get_tsc_hz());
	return 0;
}

static const struct eventdev_ops operations = {
	.dev_infos_get = info_get,
	.dev_configure = configure,
	.dev_start = start,
	.dev_stop = stop,
	.dev_close = close_device,
	.queue_def_conf = queue_def_conf,
	.queue_setup = queue_setup,
	.queue_release = queue_release,
	.port_def_conf = port_def_conf,
	.port_setup = port_setup,
	.port_release = port_release,
	.port_quiesce = sw_port_quiesce,
	.port_link = port_link,
	.port_unlink = port_unlink,
	.port_unlinks_in_progress = port_unlinks_in_progress,
	.timeout_ticks = timeout_ticks,
	.dump = sw_dump,
	.xstats_get = sw_xstats_get,
	.xstats_get_names = sw_xstats_names,
	.xstats_get_by_name = sw_xstats_by_name,
	.xstats_reset = sw_xstats_reset,
};

/* ---- The device ---- */

#define ARG_QUANTA "sched_quanta"
#define ARG_NODE "numa_node"

/* A whole number, all of the text. */
static int
parse_number(const char *key, const char *value, void *to)
{
	char *end;
	long number;

	errno = 0;
	number = value == NULL ? -1 : strtol(value, &end, 0);
	if (value == NULL || end == value || *end != '\0' || errno != 0 || number < 0 || number > UINT16_MAX) {
		SW_LOG(ERR, "%s=%s is not a whole number up to %d\n", key, value == NULL ? "" : value, UINT16_MAX);
		return -EINVAL;
	}
	*(uint32_t *)to = (uint32_t)number;
	return 0;
}

static int
parse_arguments(const char *args, uint32_t *quanta, uint32_t *node)
{
	static const char *const keys[] = { ARG_QUANTA, ARG_NODE, NULL };
	struct rte_kvargs *list;
	int error;

	if (args == NULL || args[0] == '\0')
		return 0;
	list = rte_kvargs_parse(args, keys);
	if (list == NULL) {
		SW_LOG(ERR, "\"%s\": the arguments are " ARG_QUANTA "=N (events a round from each port) and " ARG_NODE "=N\n", args);
		return -EINVAL;
	}
	error = rte_kvargs_process(list, ARG_QUANTA, parse_number, quanta);
	if (error == 0)
		error = rte_kvargs_process(list, ARG_NODE, parse_number, node);
	rte_kvargs_free(list);
	return error == 0 ? 0 : -EINVAL;
}

/* What sw_device and each device's own table of operations are in. */
struct sw_private {
	struct sw_device device;
	struct eventdev_ops operations;
};

static int
probe(struct rte_vdev_device *vdev)
{
	const char *name = rte_vdev_device_name(vdev);
	struct rte_service_spec service = { .callback = sw_schedule };
	uint32_t quanta = SW_QUANTA, node = (uint32_t)rte_socket_id();
	struct rte_eventdev *dev;
	struct sw_private *private;
	int error = parse_arguments(rte_vdev_device_args(vdev), &quanta, &node);

	if (error != 0)
		return error;
	dev = rte_event_pmd_vdev_init(name, sizeof(*private), (int)node, vdev);
	if (dev == NULL) {
		SW_LOG(ERR, "%s is not made: no memory, or the name is taken\n", name);
		return -ENOMEM;
	}
	private = dev->data->dev_private;
	private->operations = operations;
	private->device.data = dev->data;
	private->device.quanta = RTE_MAX(quanta, 1u);
	rte_spinlock_init(&private->device.lock);
	dev->dev_ops = &private->operations;
	dev->enqueue = sw_enqueue;
	dev->enqueue_burst = sw_enqueue_burst;
	dev->enqueue_new_burst = sw_enqueue_burst;
	dev->enqueue_forward_burst = sw_enqueue_burst;
	dev->dequeue = sw_dequeue;
	dev->dequeue_burst = sw_dequeue_burst;

	snprintf(service.name, sizeof(service.name), "%s_service", name);
	service.callback_userdata = &private->device;
	service.socket_id = (int)node;
	error = rte_service_component_register(&service, &private->device.service);
	if (error != 0) {
		SW_LOG(ERR, "%s is not made: its service cannot be registered: %s\n", name, strerror(-error));
		rte_event_pmd_release(dev);
		return error;
	}
	dev->data->service_inited = 1;
	dev->data->service_id = private->device.service;
	event_dev_probing_finish(dev);
	return 0;
}

static int
remove_device(struct rte_vdev_device *vdev)
{
	struct rte_eventdev *dev = rte_event_pmd_get_named_dev(rte_vdev_device_name(vdev));
	uint32_t service;

	if (dev == NULL)
		return -ENODEV;
	if (dev->data->dev_started)
		rte_event_dev_stop(dev->data->dev_id);
	service = dev->data->service_id;
	rte_service_component_runstate_set(service, 0);
	/* A service lcore may still be on its way into a round. */
	while (rte_service_may_be_active(service) == 1)
		rte_pause();
	rte_service_component_unregister(service);
	return rte_event_pmd_vdev_uninit(rte_vdev_device_name(vdev));
}

static struct rte_vdev_driver driver = {
	.driver = { .name = "event_sw" },
	.probe = probe,
	.remove = remove_device,
};

int
wdpdk_register_event_sw(void)
{
	logtype = rte_log_register_type_and_pick_level("pmd.event.sw", RTE_LOG_NOTICE);
	if (logtype < 0)
		return logtype;
	rte_vdev_register(&driver);
	return 0;
}
