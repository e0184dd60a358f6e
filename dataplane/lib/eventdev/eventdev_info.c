/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What can be asked of a device: capabilities, attributes, statistics; and pools of vectors.
 */
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <ethdev_driver.h>
#include <rte_mbuf.h>
#include <rte_mbuf_pool_ops.h>
#include <rte_mempool.h>

#include "eventdev_private.h"

int
rte_event_dev_info_get(uint8_t dev_id, struct rte_event_dev_info *dev_info)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || dev_info == NULL)
		return -EINVAL;
	if (dev->dev_ops->dev_infos_get == NULL)
		return -ENOTSUP;
	memset(dev_info, 0, sizeof(*dev_info));
	dev->dev_ops->dev_infos_get(dev, dev_info);
	dev_info->dequeue_timeout_ns = dev->data->dev_conf.dequeue_timeout_ns;
	dev_info->dev = dev->dev;
	if (dev->dev != NULL && dev->dev->driver != NULL)
		dev_info->driver_name = dev->dev->driver->name;
	return 0;
}

int
rte_event_eth_rx_adapter_caps_get(uint8_t dev_id, uint16_t eth_port_id, uint32_t *caps)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || caps == NULL || !rte_eth_dev_is_valid_port(eth_port_id))
		return -EINVAL;
	*caps = RTE_EVENT_ETH_RX_ADAPTER_SW_CAP;
	if (dev->dev_ops->eth_rx_adapter_caps_get == NULL)
		return 0;
	*caps = 0;
	return dev->dev_ops->eth_rx_adapter_caps_get(dev, &rte_eth_devices[eth_port_id], caps);
}

int
rte_event_eth_tx_adapter_caps_get(uint8_t dev_id, uint16_t eth_port_id, uint32_t *caps)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || caps == NULL || !rte_eth_dev_is_valid_port(eth_port_id))
		return -EINVAL;
	*caps = RTE_EVENT_ETH_TX_ADAPTER_CAP_EVENT_VECTOR;
	if (dev->dev_ops->eth_tx_adapter_caps_get == NULL)
		return 0;
	*caps = 0;
	return dev->dev_ops->eth_tx_adapter_caps_get(dev, &rte_eth_devices[eth_port_id], caps);
}

/* ---- Attributes ---- */

int
rte_event_dev_attr_get(uint8_t dev_id, uint32_t attr_id, uint32_t *attr_value)
{
	const struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || attr_value == NULL)
		return -EINVAL;
	switch (attr_id) {
	case RTE_EVENT_DEV_ATTR_PORT_COUNT:
		*attr_value = dev->data->nb_ports;
		return 0;
	case RTE_EVENT_DEV_ATTR_QUEUE_COUNT:
		*attr_value = dev->data->nb_queues;
		return 0;
	case RTE_EVENT_DEV_ATTR_STARTED:
		*attr_value = dev->data->dev_started;
		return 0;
	default:
		return -EINVAL;
	}
}

int
rte_event_port_attr_get(uint8_t dev_id, uint8_t port_id, uint32_t attr_id, uint32_t *attr_value)
{
	const struct rte_eventdev *dev = eventdev_get(dev_id);
	const struct rte_event_port_conf *conf;

	if (dev == NULL || attr_value == NULL || eventdev_check_port(dev, port_id) != 0)
		return -EINVAL;
	conf = &dev->data->ports_cfg[port_id];
	switch (attr_id) {
	case RTE_EVENT_PORT_ATTR_ENQ_DEPTH:
		*attr_value = conf->enqueue_depth;
		return 0;
	case RTE_EVENT_PORT_ATTR_DEQ_DEPTH:
		*attr_value = conf->dequeue_depth;
		return 0;
	case RTE_EVENT_PORT_ATTR_NEW_EVENT_THRESHOLD:
		*attr_value = (uint32_t)conf->new_event_threshold;
		return 0;
	case RTE_EVENT_PORT_ATTR_IMPLICIT_RELEASE_DISABLE:
		*attr_value = (conf->event_port_cfg & RTE_EVENT_PORT_CFG_DISABLE_IMPL_REL) != 0;
		return 0;
	default:
		return -EINVAL;
	}
}

int
rte_event_queue_attr_get(uint8_t dev_id, uint8_t queue_id, uint32_t attr_id, uint32_t *attr_value)
{
	const struct rte_eventdev *dev = eventdev_get(dev_id);
	const struct rte_event_queue_conf *conf;
	int qos;

	if (dev == NULL || attr_value == NULL || eventdev_check_queue(dev, queue_id) != 0)
		return -EINVAL;
	conf = &dev->data->queues_cfg[queue_id];
	qos = (dev->data->event_dev_cap & RTE_EVENT_DEV_CAP_QUEUE_QOS) != 0;
	switch (attr_id) {
	case RTE_EVENT_QUEUE_ATTR_PRIORITY:
		*attr_value = qos ? conf->priority : RTE_EVENT_DEV_PRIORITY_NORMAL;
		return 0;
	case RTE_EVENT_QUEUE_ATTR_NB_ATOMIC_FLOWS:
		*attr_value = conf->nb_atomic_flows;
		return 0;
	case RTE_EVENT_QUEUE_ATTR_NB_ATOMIC_ORDER_SEQUENCES:
		*attr_value = conf->nb_atomic_order_sequences;
		return 0;
	case RTE_EVENT_QUEUE_ATTR_EVENT_QUEUE_CFG:
		*attr_value = conf->event_queue_cfg;
		return 0;
	case RTE_EVENT_QUEUE_ATTR_SCHEDULE_TYPE:
		if (conf->event_queue_cfg & RTE_EVENT_QUEUE_CFG_ALL_TYPES)
			return -EOVERFLOW;
		*attr_value = conf->schedule_type;
		return 0;
	case RTE_EVENT_QUEUE_ATTR_WEIGHT:
		*attr_value = qos ? conf->weight : RTE_EVENT_QUEUE_WEIGHT_LOWEST;
		return 0;
	case RTE_EVENT_QUEUE_ATTR_AFFINITY:
		*attr_value = qos ? conf->affinity : RTE_EVENT_QUEUE_AFFINITY_LOWEST;
		return 0;
	default:
		return -EINVAL;
	}
}

int
rte_event_queue_attr_set(uint8_t dev_id, uint8_t queue_id, uint32_t attr_id, uint64_t attr_value)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || eventdev_check_queue(dev, queue_id) != 0)
		return -EINVAL;
	if (!(dev->data->event_dev_cap & RTE_EVENT_DEV_CAP_RUNTIME_QUEUE_ATTR) || dev->dev_ops->queue_attr_set == NULL)
		return -ENOTSUP;
	return dev->dev_ops->queue_attr_set(dev, queue_id, attr_id, attr_value);
}

/* ---- Timeouts, service, dump ---- */

int
rte_event_dequeue_timeout_ticks(uint8_t dev_id, uint64_t ns, uint64_t *timeout_ticks)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || timeout_ticks == NULL)
		return -EINVAL;
	return dev->dev_ops->timeout_ticks == NULL ? -ENOTSUP : dev->dev_ops->timeout_ticks(dev, ns, timeout_ticks);
}

int
rte_event_dev_service_id_get(uint8_t dev_id, uint32_t *service_id)
{
	const struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || service_id == NULL)
		return -EINVAL;
	if (!dev->data->service_inited)
		return -ESRCH;
	*service_id = dev->data->service_id;
	return 0;
}

int
rte_event_dev_dump(uint8_t dev_id, FILE *f)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL || f == NULL)
		return -EINVAL;
	if (dev->dev_ops->dump == NULL)
		return -ENOTSUP;
	dev->dev_ops->dump(dev, f);
	return 0;
}

/* ---- Statistics ---- */

int
rte_event_dev_xstats_names_get(uint8_t dev_id, enum rte_event_dev_xstats_mode mode, uint8_t queue_port_id,
	struct rte_event_dev_xstats_name *xstats_names, uint64_t *ids, unsigned int size)
{
	const struct rte_eventdev *dev = eventdev_get(dev_id);
	eventdev_xstats_get_names_t names;
	int count;

	if (dev == NULL)
		return -ENODEV;
	names = dev->dev_ops->xstats_get_names;
	if (names == NULL)
		return xstats_names == NULL ? 0 : -ENOTSUP;
	count = names(dev, mode, queue_port_id, NULL, NULL, 0);
	if (xstats_names == NULL || count < 0 || size < (unsigned int)count)
		return count;
	return names(dev, mode, queue_port_id, xstats_names, ids, size);
}

int
rte_event_dev_xstats_get(uint8_t dev_id, enum rte_event_dev_xstats_mode mode, uint8_t queue_port_id, const uint64_t ids[],
	uint64_t values[], unsigned int n)
{
	const struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL)
		return -ENODEV;
	if (n > 0 && (ids == NULL || values == NULL))
		return -EINVAL;
	return dev->dev_ops->xstats_get == NULL ? -ENOTSUP : dev->dev_ops->xstats_get(dev, mode, queue_port_id, ids, values, n);
}

uint64_t
rte_event_dev_xstats_by_name_get(uint8_t dev_id, const char *name, uint64_t *id)
{
	const struct rte_eventdev *dev = eventdev_get(dev_id);
	uint64_t unwanted;

	if (dev == NULL)
		return 0;
	if (id == NULL)
		id = &unwanted;
	*id = (unsigned int)-1;
	if (name == NULL)
		return (uint64_t)-EINVAL;
	return dev->dev_ops->xstats_get_by_name == NULL ? (uint64_t)-ENOTSUP : dev->dev_ops->xstats_get_by_name(dev, name, id);
}

int
rte_event_dev_xstats_reset(uint8_t dev_id, enum rte_event_dev_xstats_mode mode, int16_t queue_port_id, const uint64_t ids[],
	uint32_t nb_ids)
{
	struct rte_eventdev *dev = eventdev_get(dev_id);

	if (dev == NULL)
		return -EINVAL;
	return dev->dev_ops->xstats_reset == NULL ? -ENOTSUP : dev->dev_ops->xstats_reset(dev, mode, queue_port_id, ids, nb_ids);
}

/* ---- Vectors ---- */

struct rte_mempool *
rte_event_vector_pool_create(const char *name, unsigned int n, unsigned int cache_size, uint16_t nb_elem, int socket_id)
{
	const unsigned int size = sizeof(struct rte_event_vector) + nb_elem * sizeof(uintptr_t);
	struct rte_mempool *pool;
	int error;

	if (nb_elem == 0 || name == NULL) {
		RTE_EDEV_LOG_ERR("a pool of vectors of %u objects is not made", nb_elem);
		rte_errno = EINVAL;
		return NULL;
	}
	pool = rte_mempool_create_empty(name, n, size, cache_size, 0, socket_id, 0);
	if (pool == NULL)
		return NULL;
	error = rte_mempool_set_ops_byname(pool, rte_mbuf_best_mempool_ops(), NULL);
	if (error == 0)
		error = rte_mempool_populate_default(pool);
	if (error >= 0)
		return pool;
	rte_mempool_free(pool);
	rte_errno = -error;
	return NULL;
}
