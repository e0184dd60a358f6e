/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Ethernet Rx adapter's control side.
 */
#include <stdio.h>

#include <ethdev_driver.h>
#include <rte_ethdev.h>
#include <rte_malloc.h>
#include <rte_service_component.h>

#include "eth_rx_adapter.h"

#define RX_BUFFER_SIZE (6 * RX_BATCH)
#define RX_MAX_PER_CALL 128

/* A vector's time: what a timer of cycles holds without overflow; its size: nb_elem and elem_offset have 12 bits. */
#define VECTOR_MAX_SIZE 4095
#define VECTOR_MIN_SIZE 4
#define VECTOR_MAX_NS (2000 * 1000 * 1000ULL)

static struct rx_adapter *adapters[RTE_EVENT_ETH_RX_ADAPTER_MAX_INSTANCE];

static struct rx_adapter *
find(uint8_t id)
{
	if (id < RTE_DIM(adapters) && adapters[id] != NULL)
		return adapters[id];
	RTE_EDEV_LOG_ERR("there is no Ethernet Rx adapter %u", id);
	return NULL;
}

/* ---- Making and ending ---- */

static int
create(uint8_t id, uint8_t dev_id, rte_event_eth_rx_adapter_conf_cb conf_cb, void *conf_arg,
	const struct rte_event_eth_rx_adapter_params *params)
{
	struct rx_adapter *adapter;
	const int socket = rte_event_dev_socket_id(dev_id);

	if (id >= RTE_DIM(adapters) || !rte_event_pmd_is_valid_dev(dev_id) || conf_cb == NULL)
		return -EINVAL;
	if (adapters[id] != NULL)
		return -EEXIST;
	adapter = rte_zmalloc_socket("Rx adapter", sizeof(*adapter), RTE_CACHE_LINE_SIZE, socket);
	if (adapter == NULL)
		return -ENOMEM;
	rte_spinlock_init(&adapter->lock);
	adapter->id = id;
	adapter->dev_id = dev_id;
	adapter->socket = socket;
	adapter->conf_cb = conf_cb;
	adapter->conf_arg = conf_arg;
	adapter->queue_buffers = params->use_queue_event_buf;
	if (!params->use_queue_event_buf &&
			rx_adapter_make_buffer(&adapter->buffer, RTE_ALIGN_CEIL((uint32_t)params->event_buf_size, RX_BATCH) + 2 * RX_BATCH,
				socket) != 0) {
		rte_free(adapter);
		return -ENOMEM;
	}
	adapters[id] = adapter;
	return 0;
}

static const struct rte_event_eth_rx_adapter_params usual_params = { .event_buf_size = RX_BUFFER_SIZE };

int
rte_event_eth_rx_adapter_create_ext(uint8_t id, uint8_t dev_id, rte_event_eth_rx_adapter_conf_cb conf_cb, void *conf_arg)
{
	return create(id, dev_id, conf_cb, conf_arg, &usual_params);
}

static int
add_event_port(uint8_t id, uint8_t dev_id, struct rte_event_eth_rx_adapter_conf *conf, void *arg)
{
	struct rx_adapter *adapter = adapters[id];

	RTE_SET_USED(arg);
	conf->max_nb_rx = RX_MAX_PER_CALL;
	return eventdev_add_port(dev_id, &adapter->port_conf, &conf->event_port_id);
}

int
rte_event_eth_rx_adapter_create_with_params(uint8_t id, uint8_t dev_id, struct rte_event_port_conf *port_config,
	struct rte_event_eth_rx_adapter_params *rxa_params)
{
	const struct rte_event_eth_rx_adapter_params *params = rxa_params != NULL ? rxa_params : &usual_params;
	int error;

	if (port_config == NULL || params->use_queue_event_buf == (params->event_buf_size != 0))
		return -EINVAL;
	error = create(id, dev_id, add_event_port, NULL, params);
	if (error == 0)
		adapters[id]->port_conf = *port_config;
	return error;
}

int
rte_event_eth_rx_adapter_create(uint8_t id, uint8_t dev_id, struct rte_event_port_conf *port_config)
{
	return rte_event_eth_rx_adapter_create_with_params(id, dev_id, port_config, NULL);
}

int
rte_event_eth_rx_adapter_free(uint8_t id)
{
	struct rx_adapter *adapter = find(id);

	if (adapter == NULL)
		return -EINVAL;
	if (adapter->nb_queues > 0) {
		RTE_EDEV_LOG_ERR("Ethernet Rx adapter %u has %u queues: take them away before freeing it", id, adapter->nb_queues);
		return -EBUSY;
	}
	if (adapter->has_service)
		eventdev_end_service(adapter->service);
	adapters[id] = NULL;
	rx_adapter_drop_events(&adapter->buffer);
	rte_free(adapter->buffer.events);
	rte_free(adapter->queues);
	rte_free(adapter);
	return 0;
}

/* With the first queue that needs it. The callback may stop and start the device: the lock is not held. */
static int
make_service(struct rx_adapter *adapter)
{
	struct rte_event_eth_rx_adapter_conf conf = { 0 };
	struct rte_service_spec spec = { .callback = rx_adapter_service, .callback_userdata = adapter };
	int error;

	if (adapter->has_service)
		return 0;
	snprintf(spec.name, sizeof(spec.name), "rte_event_eth_rx_adapter_%u", adapter->id);
	spec.socket_id = adapter->socket;
	error = rte_service_component_register(&spec, &adapter->service);
	if (error != 0)
		return error;
	error = adapter->conf_cb(adapter->id, adapter->dev_id, &conf, adapter->conf_arg);
	if (error == 0 && conf.event_port_id >= rte_eventdevs[adapter->dev_id].data->nb_ports)
		error = -EINVAL;
	if (error != 0) {
		rte_service_component_unregister(adapter->service);
		return error;
	}
	adapter->event_port = conf.event_port_id;
	adapter->max_nb_rx = RTE_MAX(conf.max_nb_rx, 1u);
	adapter->has_service = 1;
	if (adapter->started)
		rte_service_component_runstate_set(adapter->service, 1);
	return 0;
}

/* ---- Queues ---- */

int
rte_event_eth_rx_adapter_queue_add(uint8_t id, uint16_t eth_dev_id, int32_t rx_queue_id,
	const struct rte_event_eth_rx_adapter_queue_conf *conf)
{
	struct rx_adapter *adapter = find(id);
	struct rte_eventdev *dev;
	uint32_t caps, first, last, i;
	int error, internal;

	if (adapter == NULL || conf == NULL || !rte_eth_dev_is_valid_port(eth_dev_id) ||
			rte_event_eth_rx_adapter_caps_get(adapter->dev_id, eth_dev_id, &caps) != 0)
		return -EINVAL;
	first = rx_queue_id < 0 ? 0 : (uint32_t)rx_queue_id;
	last = rx_queue_id < 0 ? rte_eth_devices[eth_dev_id].data->nb_rx_queues : first + 1;
	if (rx_queue_id < -1 || last == 0 || last > rte_eth_devices[eth_dev_id].data->nb_rx_queues) {
		RTE_EDEV_LOG_ERR("port %u has %u receive queues, not a queue %d", eth_dev_id,
			rte_eth_devices[eth_dev_id].data->nb_rx_queues, rx_queue_id);
		return -EINVAL;
	}
	error = rx_adapter_queue_fits(adapter, eth_dev_id, rx_queue_id, caps, conf);
	if (error != 0)
		return error;
	dev = &rte_eventdevs[adapter->dev_id];
	internal = (caps & RTE_EVENT_ETH_RX_ADAPTER_CAP_INTERNAL_PORT) != 0;
	if (internal) {
		if (dev->dev_ops->eth_rx_adapter_queue_add == NULL)
			return -ENOTSUP;
		error = dev->dev_ops->eth_rx_adapter_queue_add(dev, &rte_eth_devices[eth_dev_id], rx_queue_id, conf);
	} else {
		error = make_service(adapter);
	}
	for (i = first; i < last && error == 0; i++)
		error = rx_adapter_add_queue(adapter, eth_dev_id, (uint16_t)i, internal, conf);
	return error;
}

int
rte_event_eth_rx_adapter_queue_del(uint8_t id, uint16_t eth_dev_id, int32_t rx_queue_id)
{
	struct rx_adapter *adapter = find(id);
	struct rte_eventdev *dev;
	struct rx_queue *queue;
	uint32_t caps, i;
	int error;

	if (adapter == NULL || !rte_eth_dev_is_valid_port(eth_dev_id) || rx_queue_id < -1 ||
			(rx_queue_id >= 0 && rx_queue_id >= rte_eth_devices[eth_dev_id].data->nb_rx_queues) ||
			rte_event_eth_rx_adapter_caps_get(adapter->dev_id, eth_dev_id, &caps) != 0)
		return -EINVAL;
	dev = &rte_eventdevs[adapter->dev_id];
	if (caps & RTE_EVENT_ETH_RX_ADAPTER_CAP_INTERNAL_PORT) {
		if (dev->dev_ops->eth_rx_adapter_queue_del == NULL)
			return -ENOTSUP;
		error = dev->dev_ops->eth_rx_adapter_queue_del(dev, &rte_eth_devices[eth_dev_id], rx_queue_id);
		if (error != 0)
			return error;
	}
	for (i = adapter->nb_queues; i-- > 0;) {
		queue = adapter->queues[i];
		if (queue->port == eth_dev_id && (rx_queue_id < 0 || queue->id == rx_queue_id))
			rx_adapter_del_queue(adapter, queue);
	}
	return 0;
}

/* ---- Start, stop ---- */

static int
set_started(struct rx_adapter *adapter, int started)
{
	struct rte_eventdev *dev = &rte_eventdevs[adapter->dev_id];
	eventdev_eth_rx_adapter_start_t tell = started ? dev->dev_ops->eth_rx_adapter_start : dev->dev_ops->eth_rx_adapter_stop;
	uint32_t i, j;
	int error = 0;

	/* Each port whose queues the device receives from itself is told once. */
	for (i = 0; i < adapter->nb_queues && tell != NULL && error == 0; i++) {
		if (!adapter->queues[i]->internal)
			continue;
		for (j = 0; adapter->queues[j]->port != adapter->queues[i]->port; j++)
			;
		if (j == i)
			error = tell(dev, &rte_eth_devices[adapter->queues[i]->port]);
	}
	if (error != 0)
		return error;
	rte_spinlock_lock(&adapter->lock);
	adapter->started = started;
	rte_spinlock_unlock(&adapter->lock);
	if (adapter->has_service)
		rte_service_component_runstate_set(adapter->service, (uint32_t)started);
	return 0;
}

int
rte_event_eth_rx_adapter_start(uint8_t id)
{
	struct rx_adapter *adapter = find(id);

	return adapter == NULL ? -EINVAL : set_started(adapter, 1);
}

int
rte_event_eth_rx_adapter_stop(uint8_t id)
{
	struct rx_adapter *adapter = find(id);

	return adapter == NULL ? -EINVAL : set_started(adapter, 0);
}

/* ---- What can be asked ---- */

int
rte_event_eth_rx_adapter_stats_get(uint8_t id, struct rte_event_eth_rx_adapter_stats *stats)
{
	struct rx_adapter *adapter = find(id);
	uint32_t i;

	if (adapter == NULL || stats == NULL)
		return -EINVAL;
	rte_spinlock_lock(&adapter->lock);
	*stats = adapter->stats;
	stats->rx_event_buf_count = adapter->buffer.count;
	stats->rx_event_buf_size = adapter->buffer.size;
	for (i = 0; i < adapter->nb_queues; i++) {
		stats->rx_event_buf_count += adapter->queues[i]->own.count;
		stats->rx_event_buf_size += adapter->queues[i]->own.size;
	}
	rte_spinlock_unlock(&adapter->lock);
	return 0;
}

int
rte_event_eth_rx_adapter_stats_reset(uint8_t id)
{
	struct rx_adapter *adapter = find(id);

	if (adapter == NULL)
		return -EINVAL;
	rte_spinlock_lock(&adapter->lock);
	memset(&adapter->stats, 0, sizeof(adapter->stats));
	rte_spinlock_unlock(&adapter->lock);
	return 0;
}

int
rte_event_eth_rx_adapter_service_id_get(uint8_t id, uint32_t *service_id)
{
	struct rx_adapter *adapter = find(id);

	if (adapter == NULL || service_id == NULL)
		return -EINVAL;
	if (!adapter->has_service)
		return -ESRCH;
	*service_id = adapter->service;
	return 0;
}

int
rte_event_eth_rx_adapter_event_port_get(uint8_t id, uint8_t *event_port_id)
{
	struct rx_adapter *adapter = find(id);

	if (adapter == NULL || event_port_id == NULL)
		return -EINVAL;
	if (!adapter->has_service)
		return -ESRCH;
	*event_port_id = adapter->event_port;
	return 0;
}

int
rte_event_eth_rx_adapter_cb_register(uint8_t id, uint16_t eth_dev_id, rte_event_eth_rx_adapter_cb_fn cb_fn, void *cb_arg)
{
	struct rx_adapter *adapter = find(id);
	uint32_t caps;

	if (adapter == NULL || !rte_eth_dev_is_valid_port(eth_dev_id) ||
			rte_event_eth_rx_adapter_caps_get(adapter->dev_id, eth_dev_id, &caps) != 0 ||
			(caps & RTE_EVENT_ETH_RX_ADAPTER_CAP_INTERNAL_PORT))
		return -EINVAL;
	rte_spinlock_lock(&adapter->lock);
	adapter->callbacks[eth_dev_id].function = cb_fn;
	adapter->callbacks[eth_dev_id].arg = cb_arg;
	rte_spinlock_unlock(&adapter->lock);
	return 0;
}

int
rte_event_eth_rx_adapter_vector_limits_get(uint8_t dev_id, uint16_t eth_port_id,
	struct rte_event_eth_rx_adapter_vector_limits *limits)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);
	uint32_t caps;

	if (dev == NULL || limits == NULL || rte_event_eth_rx_adapter_caps_get(dev_id, eth_port_id, &caps) != 0)
		return -EINVAL;
	memset(limits, 0, sizeof(*limits));
	if (caps & RTE_EVENT_ETH_RX_ADAPTER_CAP_INTERNAL_PORT)
		return dev->dev_ops->eth_rx_adapter_vector_limits_get == NULL ? -ENOTSUP :
			dev->dev_ops->eth_rx_adapter_vector_limits_get(dev, &rte_eth_devices[eth_port_id], limits);
	limits->min_sz = VECTOR_MIN_SIZE;
	limits->max_sz = VECTOR_MAX_SIZE;
	limits->min_timeout_ns = 1;
	limits->max_timeout_ns = VECTOR_MAX_NS;
	return 0;
}

int
rte_event_eth_rx_adapter_queue_conf_get(uint8_t id, uint16_t eth_dev_id, uint16_t rx_queue_id,
	struct rte_event_eth_rx_adapter_queue_conf *queue_conf)
{
	struct rx_adapter *adapter = find(id);
	const struct rx_queue *queue = adapter == NULL ? NULL : rx_adapter_find_queue(adapter, eth_dev_id, rx_queue_id);

	if (queue == NULL || queue_conf == NULL)
		return -EINVAL;
	*queue_conf = queue->conf;
	return 0;
}

static struct rx_queue *
queue_with_buffer(uint8_t id, uint16_t eth_dev_id, uint16_t rx_queue_id)
{
	struct rx_adapter *adapter = find(id);

	return adapter == NULL || !adapter->queue_buffers ? NULL : rx_adapter_find_queue(adapter, eth_dev_id, rx_queue_id);
}

int
rte_event_eth_rx_adapter_queue_stats_get(uint8_t id, uint16_t eth_dev_id, uint16_t rx_queue_id,
	struct rte_event_eth_rx_adapter_queue_stats *stats)
{
	struct rx_queue *queue = queue_with_buffer(id, eth_dev_id, rx_queue_id);

	if (queue == NULL || stats == NULL)
		return -EINVAL;
	rte_spinlock_lock(&adapters[id]->lock);
	*stats = queue->stats;
	stats->rx_event_buf_count = queue->own.count;
	stats->rx_event_buf_size = queue->own.size;
	rte_spinlock_unlock(&adapters[id]->lock);
	return 0;
}

int
rte_event_eth_rx_adapter_queue_stats_reset(uint8_t id, uint16_t eth_dev_id, uint16_t rx_queue_id)
{
	struct rx_queue *queue = queue_with_buffer(id, eth_dev_id, rx_queue_id);

	if (queue == NULL)
		return -EINVAL;
	rte_spinlock_lock(&adapters[id]->lock);
	memset(&queue->stats, 0, sizeof(queue->stats));
	rte_spinlock_unlock(&adapters[id]->lock);
	return 0;
}

int
rte_event_eth_rx_adapter_instance_get(uint16_t eth_dev_id, uint16_t rx_queue_id, uint8_t *rxa_inst_id)
{
	uint8_t i;

	if (rxa_inst_id == NULL || !rte_eth_dev_is_valid_port(eth_dev_id))
		return -EINVAL;
	for (i = 0; i < RTE_DIM(adapters); i++)
		if (adapters[i] != NULL && rx_adapter_find_queue(adapters[i], eth_dev_id, rx_queue_id) != NULL) {
			*rxa_inst_id = i;
			return 0;
		}
	return -EINVAL;
}
