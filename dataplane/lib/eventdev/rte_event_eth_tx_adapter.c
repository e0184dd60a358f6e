/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Ethernet Tx adapter's control side.
 */
#include <stdio.h>

#include <ethdev_driver.h>
#include <rte_ethdev.h>
#include <rte_malloc.h>
#include <rte_pause.h>
#include <rte_service_component.h>

#include "eth_tx_adapter.h"

#define TX_MAX_PER_CALL 128

static struct tx_adapter *adapters[RTE_EVENT_ETH_TX_ADAPTER_MAX_INSTANCE];

static struct tx_adapter *
find(uint8_t id)
{
	if (id < RTE_DIM(adapters) && adapters[id] != NULL)
		return adapters[id];
	RTE_EDEV_LOG_ERR("there is no Ethernet Tx adapter %u", id);
	return NULL;
}

static struct tx_queue *
find_queue(const struct tx_adapter *adapter, uint16_t port, uint32_t id)
{
	return port < RTE_MAX_ETHPORTS && id < adapter->ports[port].size ? adapter->ports[port].queues[id] : NULL;
}

static struct tx_adapter *
owner_of(uint16_t port, uint32_t id)
{
	uint32_t i;

	for (i = 0; i < RTE_DIM(adapters); i++)
		if (adapters[i] != NULL && find_queue(adapters[i], port, id) != NULL)
			return adapters[i];
	return NULL;
}

/* ---- Making and ending ---- */

int
rte_event_eth_tx_adapter_create_ext(uint8_t id, uint8_t dev_id, rte_event_eth_tx_adapter_conf_cb conf_cb, void *conf_arg)
{
	struct rte_eventdev *dev;
	struct tx_adapter *adapter;
	int error = 0;

	if (id >= RTE_DIM(adapters) || !rte_event_pmd_is_valid_dev(dev_id) || conf_cb == NULL)
		return -EINVAL;
	if (adapters[id] != NULL)
		return -EEXIST;
	dev = &rte_eventdevs[dev_id];
	adapter = rte_zmalloc_socket("Tx adapter", sizeof(*adapter), RTE_CACHE_LINE_SIZE, dev->data->socket_id);
	if (adapter == NULL)
		return -ENOMEM;
	rte_spinlock_init(&adapter->lock);
	adapter->id = id;
	adapter->dev_id = dev_id;
	adapter->socket = dev->data->socket_id;
	adapter->conf_cb = conf_cb;
	adapter->conf_arg = conf_arg;
	if (dev->dev_ops->eth_tx_adapter_create != NULL)
		error = dev->dev_ops->eth_tx_adapter_create(id, dev);
	if (error != 0) {
		rte_free(adapter);
		return error;
	}
	adapters[id] = adapter;
	return 0;
}

static int
add_event_port(uint8_t id, uint8_t dev_id, struct rte_event_eth_tx_adapter_conf *conf, void *arg)
{
	RTE_SET_USED(arg);
	conf->max_nb_tx = TX_MAX_PER_CALL;
	return eventdev_add_port(dev_id, &adapters[id]->port_conf, &conf->event_port_id);
}

int
rte_event_eth_tx_adapter_create(uint8_t id, uint8_t dev_id, struct rte_event_port_conf *port_config)
{
	int error;

	if (port_config == NULL)
		return -EINVAL;
	error = rte_event_eth_tx_adapter_create_ext(id, dev_id, add_event_port, NULL);
	if (error == 0)
		adapters[id]->port_conf = *port_config;
	return error;
}

int
rte_event_eth_tx_adapter_free(uint8_t id)
{
	struct tx_adapter *adapter = find(id);
	struct rte_eventdev *dev;
	uint32_t i;

	if (adapter == NULL)
		return -EINVAL;
	if (adapter->nb_queues > 0) {
		RTE_EDEV_LOG_ERR("Ethernet Tx adapter %u has %u queues: take them away before freeing it", id, adapter->nb_queues);
		return -EBUSY;
	}
	dev = &rte_eventdevs[adapter->dev_id];
	if (dev->attached && dev->dev_ops->eth_tx_adapter_free != NULL)
		dev->dev_ops->eth_tx_adapter_free(id, dev);
	if (adapter->has_service)
		eventdev_end_service(adapter->service);
	adapters[id] = NULL;
	for (i = 0; i < RTE_MAX_ETHPORTS; i++)
		rte_free(adapter->ports[i].queues);
	rte_free(adapter);
	return 0;
}

/* With the first queue that needs it. The callback may stop and start the device: the lock is not held. */
static int
make_service(struct tx_adapter *adapter)
{
	struct rte_event_eth_tx_adapter_conf conf = { 0 };
	struct rte_service_spec spec = { .callback = tx_adapter_service, .callback_userdata = adapter };
	int error;

	if (adapter->has_service)
		return 0;
	snprintf(spec.name, sizeof(spec.name), "rte_event_eth_tx_adapter_%u", adapter->id);
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
	adapter->max_nb_tx = RTE_MAX(conf.max_nb_tx, 1u);
	adapter->has_service = 1;
	if (adapter->started)
		rte_service_component_runstate_set(adapter->service, 1);
	return 0;
}

/* ---- Queues ---- */

static int
add_one(struct tx_adapter *adapter, uint16_t port, uint16_t id, int internal)
{
	struct tx_port *ports = &adapter->ports[port];
	struct tx_queue *queue, **wider = NULL;
	uint16_t size = ports->size;

	if (find_queue(adapter, port, id) != NULL)
		return 0;
	if (id >= size) {
		size = rte_eth_devices[port].data->nb_tx_queues;
		wider = rte_zmalloc_socket("Tx adapter queues", size * sizeof(*wider), 0, adapter->socket);
		if (wider == NULL)
			return -ENOMEM;
	}
	queue = rte_zmalloc_socket("Tx adapter queue", sizeof(*queue), RTE_CACHE_LINE_SIZE, adapter->socket);
	if (queue == NULL) {
		rte_free(wider);
		return -ENOMEM;
	}
	queue->port = port;
	queue->id = id;
	queue->internal = (uint8_t)internal;
	rte_spinlock_lock(&adapter->lock);
	if (wider != NULL) {
		if (ports->size > 0)
			memcpy(wider, ports->queues, ports->size * sizeof(*wider));
		RTE_SWAP(wider, ports->queues);
		ports->size = size;
	}
	ports->queues[id] = queue;
	adapter->nb_queues++;
	rte_spinlock_unlock(&adapter->lock);
	rte_free(wider);
	return 0;
}

static void
del_one(struct tx_adapter *adapter, uint16_t port, uint16_t id)
{
	struct tx_queue *queue = find_queue(adapter, port, id);

	if (queue == NULL)
		return;
	rte_spinlock_lock(&adapter->lock);
	adapter->ports[port].queues[id] = NULL;
	adapter->nb_queues--;
	rte_spinlock_unlock(&adapter->lock);
	rte_free(queue);
}

int
rte_event_eth_tx_adapter_queue_add(uint8_t id, uint16_t eth_dev_id, int32_t queue)
{
	struct tx_adapter *adapter = find(id), *owner;
	struct rte_eventdev *dev;
	uint32_t caps, first, last, i;
	int error = 0, internal;

	if (adapter == NULL || !rte_eth_dev_is_valid_port(eth_dev_id) ||
			rte_event_eth_tx_adapter_caps_get(adapter->dev_id, eth_dev_id, &caps) != 0)
		return -EINVAL;
	first = queue < 0 ? 0 : (uint32_t)queue;
	last = queue < 0 ? rte_eth_devices[eth_dev_id].data->nb_tx_queues : first + 1;
	if (queue < -1 || last == 0 || last > rte_eth_devices[eth_dev_id].data->nb_tx_queues) {
		RTE_EDEV_LOG_ERR("port %u has %u transmit queues, not a queue %d", eth_dev_id,
			rte_eth_devices[eth_dev_id].data->nb_tx_queues, queue);
		return -EINVAL;
	}
	for (i = first; i < last; i++) {
		owner = owner_of(eth_dev_id, i);
		if (owner != NULL && owner != adapter)
			return -EEXIST;
	}
	dev = &rte_eventdevs[adapter->dev_id];
	internal = (caps & RTE_EVENT_ETH_TX_ADAPTER_CAP_INTERNAL_PORT) != 0;
	if (!internal)
		error = make_service(adapter);
	else if (dev->dev_ops->eth_tx_adapter_queue_add != NULL)
		error = dev->dev_ops->eth_tx_adapter_queue_add(id, dev, &rte_eth_devices[eth_dev_id], queue);
	for (i = first; i < last && error == 0; i++)
		error = add_one(adapter, eth_dev_id, (uint16_t)i, internal);
	return error;
}

int
rte_event_eth_tx_adapter_queue_del(uint8_t id, uint16_t eth_dev_id, int32_t queue)
{
	struct tx_adapter *adapter = find(id);
	struct rte_eventdev *dev;
	uint32_t caps, i;
	int error;

	if (adapter == NULL || !rte_eth_dev_is_valid_port(eth_dev_id) || queue < -1 ||
			(queue >= 0 && queue >= rte_eth_devices[eth_dev_id].data->nb_tx_queues) ||
			rte_event_eth_tx_adapter_caps_get(adapter->dev_id, eth_dev_id, &caps) != 0)
		return -EINVAL;
	dev = &rte_eventdevs[adapter->dev_id];
	if ((caps & RTE_EVENT_ETH_TX_ADAPTER_CAP_INTERNAL_PORT) && dev->dev_ops->eth_tx_adapter_queue_del != NULL) {
		error = dev->dev_ops->eth_tx_adapter_queue_del(id, dev, &rte_eth_devices[eth_dev_id], queue);
		if (error != 0)
			return error;
	}
	for (i = 0; i < adapter->ports[eth_dev_id].size; i++)
		if (queue < 0 || i == (uint32_t)queue)
			del_one(adapter, eth_dev_id, (uint16_t)i);
	return 0;
}

static int
set_stopped(uint16_t port, uint16_t id, uint8_t stopped)
{
	struct tx_adapter *adapter = rte_eth_dev_is_valid_port(port) ? owner_of(port, id) : NULL;
	eventdev_eth_tx_adapter_queue_start tell;
	struct tx_queue *queue;

	if (adapter == NULL)
		return -EINVAL;
	queue = find_queue(adapter, port, id);
	if (queue->internal) {
		tell = stopped ? rte_eventdevs[adapter->dev_id].dev_ops->eth_tx_adapter_queue_stop :
			rte_eventdevs[adapter->dev_id].dev_ops->eth_tx_adapter_queue_start;
		return tell == NULL ? -ENOTSUP : tell(adapter->id, port, id);
	}
	rte_spinlock_lock(&adapter->lock);
	queue->stopped = stopped;
	rte_spinlock_unlock(&adapter->lock);
	return 0;
}

int
rte_event_eth_tx_adapter_queue_start(uint16_t eth_dev_id, uint16_t tx_queue_id)
{
	return set_stopped(eth_dev_id, tx_queue_id, 0);
}

int
rte_event_eth_tx_adapter_queue_stop(uint16_t eth_dev_id, uint16_t tx_queue_id)
{
	return set_stopped(eth_dev_id, tx_queue_id, 1);
}

/* ---- Start, stop ---- */

static int
set_started(uint8_t id, int started)
{
	struct tx_adapter *adapter = find(id);
	struct rte_eventdev *dev;
	eventdev_eth_tx_adapter_start_t tell;
	int error;

	if (adapter == NULL)
		return -EINVAL;
	dev = &rte_eventdevs[adapter->dev_id];
	tell = started ? dev->dev_ops->eth_tx_adapter_start : dev->dev_ops->eth_tx_adapter_stop;
	error = tell == NULL ? 0 : tell(id, dev);
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
rte_event_eth_tx_adapter_start(uint8_t id)
{
	return set_started(id, 1);
}

int
rte_event_eth_tx_adapter_stop(uint8_t id)
{
	return set_started(id, 0);
}

/* ---- What can be asked ---- */

int
rte_event_eth_tx_adapter_stats_get(uint8_t id, struct rte_event_eth_tx_adapter_stats *stats)
{
	struct tx_adapter *adapter = find(id);
	struct rte_event_eth_tx_adapter_stats device = { 0 };
	struct rte_eventdev *dev;

	if (adapter == NULL || stats == NULL)
		return -EINVAL;
	dev = &rte_eventdevs[adapter->dev_id];
	if (dev->dev_ops->eth_tx_adapter_stats_get != NULL) {
		int error = dev->dev_ops->eth_tx_adapter_stats_get(id, dev, &device);

		if (error != 0)
			return error;
	}
	rte_spinlock_lock(&adapter->lock);
	stats->tx_retry = adapter->stats.tx_retry + device.tx_retry;
	stats->tx_packets = adapter->stats.tx_packets + device.tx_packets;
	stats->tx_dropped = adapter->stats.tx_dropped + device.tx_dropped;
	rte_spinlock_unlock(&adapter->lock);
	return 0;
}

int
rte_event_eth_tx_adapter_stats_reset(uint8_t id)
{
	struct tx_adapter *adapter = find(id);
	struct rte_eventdev *dev;

	if (adapter == NULL)
		return -EINVAL;
	rte_spinlock_lock(&adapter->lock);
	memset(&adapter->stats, 0, sizeof(adapter->stats));
	rte_spinlock_unlock(&adapter->lock);
	dev = &rte_eventdevs[adapter->dev_id];
	return dev->dev_ops->eth_tx_adapter_stats_reset == NULL ? 0 : dev->dev_ops->eth_tx_adapter_stats_reset(id, dev);
}

int
rte_event_eth_tx_adapter_service_id_get(uint8_t id, uint32_t *service_id)
{
	struct tx_adapter *adapter = find(id);

	if (adapter == NULL || service_id == NULL)
		return -EINVAL;
	if (!adapter->has_service)
		return -ESRCH;
	*service_id = adapter->service;
	return 0;
}

int
rte_event_eth_tx_adapter_event_port_get(uint8_t id, uint8_t *event_port_id)
{
	struct tx_adapter *adapter = find(id);

	if (adapter == NULL || event_port_id == NULL)
		return -EINVAL;
	if (!adapter->has_service)
		return -ESRCH;
	*event_port_id = adapter->event_port;
	return 0;
}

int
rte_event_eth_tx_adapter_instance_get(uint16_t eth_dev_id, uint16_t tx_queue_id, uint8_t *txa_inst_id)
{
	struct tx_adapter *adapter;

	if (txa_inst_id == NULL || !rte_eth_dev_is_valid_port(eth_dev_id))
		return -EINVAL;
	adapter = owner_of(eth_dev_id, tx_queue_id);
	if (adapter == NULL)
		return -EINVAL;
	*txa_inst_id = adapter->id;
	return 0;
}
