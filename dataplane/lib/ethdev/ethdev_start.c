/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Starting, stopping and closing ports and single queues.
 */
#include <errno.h>

#include "ethdev_private.h"

/* A driver that keeps no queue object would hand NULL to its burst functions. */
static int
check_queues_set_up(const struct rte_eth_dev *dev)
{
	const struct rte_eth_dev_data *data = dev->data;

	for (uint16_t i = 0; i < data->nb_rx_queues; i++)
		if (data->rx_queues[i] == NULL) {
			RTE_ETHDEV_LOG(ERR, "%s: Rx queue %u was not set up\n", ethdev_label(dev), i);
			return -EINVAL;
		}
	for (uint16_t i = 0; i < data->nb_tx_queues; i++)
		if (data->tx_queues[i] == NULL) {
			RTE_ETHDEV_LOG(ERR, "%s: Tx queue %u was not set up\n", ethdev_label(dev), i);
			return -EINVAL;
		}
	return 0;
}

/* Applies a mode that the application chose while the device was down; a device without it is none the worse. */
static int
apply(struct rte_eth_dev *dev, int on, int (*enable)(struct rte_eth_dev *), int (*disable)(struct rte_eth_dev *))
{
	int (*operation)(struct rte_eth_dev *) = on ? enable : disable;
	int error = 0;

	if (operation != NULL)
		error = ethdev_error(dev, operation(dev));
	return error == -ENOTSUP ? 0 : error;
}

static int
restore(struct rte_eth_dev *dev, const struct rte_eth_dev_info *info)
{
	const struct eth_dev_ops *ops = dev->dev_ops;
	int error;

	if ((*info->dev_flags & RTE_ETH_DEV_NOLIVE_MAC_ADDR) == 0)
		ethdev_restore_mac_addresses(dev, info);
	error = apply(dev, dev->data->promiscuous, ops->promiscuous_enable, ops->promiscuous_disable);
	if (error == 0)
		error = apply(dev, dev->data->all_multicast, ops->allmulticast_enable, ops->allmulticast_disable);
	return error;
}

int
rte_eth_dev_start(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	struct rte_eth_dev_info info;
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (dev->dev_ops->dev_start == NULL)
		return -ENOTSUP;
	if (!dev->data->dev_configured) {
		RTE_ETHDEV_LOG(ERR, "%s is not configured\n", ethdev_label(dev));
		return -EINVAL;
	}
	if (dev->data->dev_started)
		return 0;
	error = check_queues_set_up(dev);
	if (error == 0)
		error = rte_eth_dev_info_get(port_id, &info);
	if (error != 0)
		return error;
	if ((*info.dev_flags & RTE_ETH_DEV_NOLIVE_MAC_ADDR) != 0)
		ethdev_restore_mac_addresses(dev, &info);
	error = dev->dev_ops->dev_start(dev);
	if (error != 0)
		return ethdev_error(dev, error);
	dev->data->dev_started = 1;

	error = restore(dev, &info);
	if (error != 0) {
		RTE_ETHDEV_LOG(ERR, "%s did not take its modes back: error %d\n", ethdev_label(dev), error);
		rte_eth_dev_stop(port_id);
		return error;
	}
	/* With link interrupts the driver reports the first state itself. */
	if (!dev->data->dev_conf.intr_conf.lsc) {
		if (dev->dev_ops->link_update == NULL) {
			rte_eth_dev_stop(port_id);
			return -ENOTSUP;
		}
		dev->dev_ops->link_update(dev, 0);
	}
	ethdev_fast_path_on(dev);
	return 0;
}

int
rte_eth_dev_stop(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (dev->dev_ops->dev_stop == NULL)
		return -ENOTSUP;
	if (!dev->data->dev_started)
		return 0;
	ethdev_fast_path_off(port_id);
	error = dev->dev_ops->dev_stop(dev);
	if (error == 0)
		dev->data->dev_started = 0;
	return error;
}

int
rte_eth_dev_close(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error, release_error;

	if (dev == NULL)
		return -ENODEV;
	if (dev->data->dev_started) {
		RTE_ETHDEV_LOG(ERR, "%s is started: stop it before closing it\n", ethdev_label(dev));
		return -EINVAL;
	}
	if (dev->dev_ops->dev_close == NULL)
		return -ENOTSUP;
	error = dev->dev_ops->dev_close(dev);
	release_error = rte_eth_dev_release_port(dev);
	return error != 0 ? error : release_error;
}

int
rte_eth_dev_reset(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (dev->dev_ops->dev_reset == NULL)
		return -ENOTSUP;
	error = rte_eth_dev_stop(port_id);
	if (error != 0)
		RTE_ETHDEV_LOG(ERR, "%s did not stop before its reset: error %d\n", ethdev_label(dev), error);
	return ethdev_error(dev, dev->dev_ops->dev_reset(dev));
}

int
rte_eth_dev_is_removed(uint16_t port_id)
{
	struct rte_eth_dev *dev;

	if (!rte_eth_dev_is_valid_port(port_id))
		return 0;
	dev = &rte_eth_devices[port_id];
	if (dev->state == RTE_ETH_DEV_REMOVED)
		return 1;
	if (dev->dev_ops == NULL || dev->dev_ops->is_removed == NULL || dev->dev_ops->is_removed(dev) == 0)
		return 0;
	dev->state = RTE_ETH_DEV_REMOVED;
	return 1;
}

int
rte_eth_dev_set_link_up(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (dev->dev_ops->dev_set_link_up == NULL)
		return -ENOTSUP;
	return ethdev_error(dev, dev->dev_ops->dev_set_link_up(dev));
}

int
rte_eth_dev_set_link_down(uint16_t port_id)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (dev->dev_ops->dev_set_link_down == NULL)
		return -ENOTSUP;
	return ethdev_error(dev, dev->dev_ops->dev_set_link_down(dev));
}

/* ---- Single queues ---- */

/* The queue was set up and the port is started, or -EINVAL. */
static int
check_queue(const struct rte_eth_dev *dev, void *const *queues, uint16_t queue_id, const char *what)
{
	if (!dev->data->dev_started || queues[queue_id] == NULL) {
		RTE_ETHDEV_LOG(ERR, "%s: %s queue %u needs a started port and its set-up first\n", ethdev_label(dev), what,
			queue_id);
		return -EINVAL;
	}
	return 0;
}

static int
switch_rx_queue(uint16_t port_id, uint16_t queue_id, uint8_t to)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	eth_queue_start_t operation;

	if (dev == NULL)
		return -ENODEV;
	if (ethdev_check_rx_queue(dev, queue_id) != 0 || check_queue(dev, dev->data->rx_queues, queue_id, "Rx") != 0)
		return -EINVAL;
	operation = to == RTE_ETH_QUEUE_STATE_STARTED ? dev->dev_ops->rx_queue_start : dev->dev_ops->rx_queue_stop;
	if (operation == NULL)
		return -ENOTSUP;
	if (dev->data->rx_queue_state[queue_id] == to)
		return 0;
	return ethdev_error(dev, operation(dev, queue_id));
}

static int
switch_tx_queue(uint16_t port_id, uint16_t queue_id, uint8_t to)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	eth_queue_start_t operation;

	if (dev == NULL)
		return -ENODEV;
	if (ethdev_check_tx_queue(dev, queue_id) != 0 || check_queue(dev, dev->data->tx_queues, queue_id, "Tx") != 0)
		return -EINVAL;
	operation = to == RTE_ETH_QUEUE_STATE_STARTED ? dev->dev_ops->tx_queue_start : dev->dev_ops->tx_queue_stop;
	if (operation == NULL)
		return -ENOTSUP;
	if (dev->data->tx_queue_state[queue_id] == to)
		return 0;
	return ethdev_error(dev, operation(dev, queue_id));
}

int
rte_eth_dev_rx_queue_start(uint16_t port_id, uint16_t rx_queue_id)
{
	return switch_rx_queue(port_id, rx_queue_id, RTE_ETH_QUEUE_STATE_STARTED);
}

int
rte_eth_dev_rx_queue_stop(uint16_t port_id, uint16_t rx_queue_id)
{
	return switch_rx_queue(port_id, rx_queue_id, RTE_ETH_QUEUE_STATE_STOPPED);
}

int
rte_eth_dev_tx_queue_start(uint16_t port_id, uint16_t tx_queue_id)
{
	return switch_tx_queue(port_id, tx_queue_id, RTE_ETH_QUEUE_STATE_STARTED);
}

int
rte_eth_dev_tx_queue_stop(uint16_t port_id, uint16_t tx_queue_id)
{
	return switch_tx_queue(port_id, tx_queue_id, RTE_ETH_QUEUE_STATE_STOPPED);
}
