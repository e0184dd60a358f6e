/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Hairpin queues: what one receives another sends, inside the device.
 */
#include <string.h>

#include "ethdev_private.h"

int
rte_eth_dev_hairpin_capability_get(uint16_t port_id, struct rte_eth_hairpin_cap *cap)
{
	if (cap != NULL && rte_eth_dev_is_valid_port(port_id))
		memset(cap, 0, sizeof(*cap));
	ETHDEV_CALL(port_id, cap != NULL, hairpin_cap_get, dev, cap);
}

/* What both directions ask of a configuration. peers: how many a queue of this direction can have. */
static bool
fits(const struct rte_eth_hairpin_conf *conf, uint16_t peers, const struct rte_eth_hairpin_queue_cap *memory)
{
	if (conf->peer_count == 0 || conf->peer_count > RTE_MIN(peers, RTE_ETH_MAX_HAIRPIN_PEERS))
		return false;
	if (conf->use_locked_device_memory && (!memory->locked_device_memory || conf->use_rte_memory))
		return false;
	if (conf->use_rte_memory && !memory->rte_memory)
		return false;
	return !conf->force_memory || conf->use_locked_device_memory || conf->use_rte_memory;
}

/* Hairpin queues of one direction when queue_id is one too. */
static unsigned int
count_queues(const uint8_t *states, uint16_t queues, uint16_t queue_id)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < queues; i++)
		count += i == queue_id || states[i] == RTE_ETH_QUEUE_STATE_HAIRPIN;
	return count;
}

/* Everything before the driver is asked: 0 with *descriptors made definite. */
static int
prepare(struct rte_eth_dev *dev, bool rx, uint16_t queue_id, const struct rte_eth_hairpin_conf *conf, uint16_t *descriptors)
{
	struct rte_eth_hairpin_cap cap;
	unsigned int count;
	int error;

	error = rx ? ethdev_check_rx_queue(dev, queue_id) : ethdev_check_tx_queue(dev, queue_id);
	if (error != 0)
		return error;
	if (conf == NULL)
		return ethdev_unsound(dev, __func__);
	error = rte_eth_dev_hairpin_capability_get(dev->data->port_id, &cap);
	if (error != 0)
		return error;
	if ((rx ? dev->dev_ops->rx_hairpin_queue_setup : dev->dev_ops->tx_hairpin_queue_setup) == NULL)
		return -ENOTSUP;
	if (*descriptors == 0)
		*descriptors = cap.max_nb_desc;
	count = rx ? count_queues(dev->data->rx_queue_state, dev->data->nb_rx_queues, queue_id) :
		count_queues(dev->data->tx_queue_state, dev->data->nb_tx_queues, queue_id);
	if (*descriptors > cap.max_nb_desc || count > cap.max_nb_queues ||
			!fits(conf, rx ? cap.max_rx_2_tx : cap.max_tx_2_rx, rx ? &cap.rx_cap : &cap.tx_cap)) {
		RTE_ETHDEV_LOG(ERR, "%s cannot make such a hairpin of queue %u: its limits are %u queues, %u descriptors, %u peers\n",
			ethdev_label(dev), queue_id, cap.max_nb_queues, cap.max_nb_desc, rx ? cap.max_rx_2_tx : cap.max_tx_2_rx);
		return -EINVAL;
	}
	return dev->data->dev_started ? -EBUSY : 0;
}

int
rte_eth_rx_hairpin_queue_setup(uint16_t port_id, uint16_t rx_queue_id, uint16_t nb_rx_desc,
	const struct rte_eth_hairpin_conf *conf)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error;

	if (dev == NULL)
		return -ENODEV;
	error = prepare(dev, true, rx_queue_id, conf, &nb_rx_desc);
	if (error != 0)
		return error;
	ethdev_release_rx_queue(dev, rx_queue_id);
	error = dev->dev_ops->rx_hairpin_queue_setup(dev, rx_queue_id, nb_rx_desc, conf);
	if (error == 0)
		dev->data->rx_queue_state[rx_queue_id] = RTE_ETH_QUEUE_STATE_HAIRPIN;
	return ethdev_error(dev, error);
}

int
rte_eth_tx_hairpin_queue_setup(uint16_t port_id, uint16_t tx_queue_id, uint16_t nb_tx_desc,
	const struct rte_eth_hairpin_conf *conf)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int error;

	if (dev == NULL)
		return -ENODEV;
	error = prepare(dev, false, tx_queue_id, conf, &nb_tx_desc);
	if (error != 0)
		return error;
	ethdev_release_tx_queue(dev, tx_queue_id);
	error = dev->dev_ops->tx_hairpin_queue_setup(dev, tx_queue_id, nb_tx_desc, conf);
	if (error == 0)
		dev->data->tx_queue_state[tx_queue_id] = RTE_ETH_QUEUE_STATE_HAIRPIN;
	return ethdev_error(dev, error);
}

int
rte_eth_hairpin_get_peer_ports(uint16_t port_id, uint16_t *peer_ports, size_t len, uint32_t direction)
{
	ETHDEV_CALL(port_id, peer_ports != NULL && len > 0, hairpin_get_peer_ports, dev, peer_ports, len, direction);
}

static int
check_started(uint16_t port_id)
{
	const struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	return dev->data->dev_started ? 0 : -EBUSY;
}

int
rte_eth_hairpin_bind(uint16_t tx_port, uint16_t rx_port)
{
	const int error = check_started(tx_port);

	if (error != 0)
		return error;
	ETHDEV_CALL(tx_port, true, hairpin_bind, dev, rx_port);
}

int
rte_eth_hairpin_unbind(uint16_t tx_port, uint16_t rx_port)
{
	const int error = check_started(tx_port);

	if (error != 0)
		return error;
	ETHDEV_CALL(tx_port, true, hairpin_unbind, dev, rx_port);
}
