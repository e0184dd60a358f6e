/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Receive interrupts of queues: which descriptor tells of packets, and who watches it.
 */
#include <rte_interrupts.h>

#include "ethdev_private.h"

int
rte_eth_dev_rx_intr_enable(uint16_t port_id, uint16_t queue_id)
{
	ETHDEV_CALL(port_id, ethdev_check_rx_queue(dev, queue_id) == 0, rx_queue_intr_enable, dev, queue_id);
}

int
rte_eth_dev_rx_intr_disable(uint16_t port_id, uint16_t queue_id)
{
	ETHDEV_CALL(port_id, ethdev_check_rx_queue(dev, queue_id) == 0, rx_queue_intr_disable, dev, queue_id);
}

/* The device's vector of a queue, or a negative errno when the port has no interrupts (-ENOTSUP) or none for queues (-EPERM). */
static int
vector_of(const struct rte_eth_dev *dev, uint16_t queue_id)
{
	if (dev->intr_handle == NULL)
		return -ENOTSUP;
	if (rte_intr_vec_list_index_get(dev->intr_handle, 0) < 0)
		return -EPERM;
	return rte_intr_vec_list_index_get(dev->intr_handle, queue_id);
}

static int
watch(struct rte_eth_dev *dev, uint16_t queue_id, int epfd, int op, void *data)
{
	const int vector = vector_of(dev, queue_id);
	int error;

	if (vector < 0)
		return vector;
	error = rte_intr_rx_ctl(dev->intr_handle, epfd, op, (unsigned int)vector, data);
	if (error == 0 || error == -EEXIST)
		return 0;
	RTE_ETHDEV_LOG(ERR, "%s: operation %d on the interrupt of Rx queue %u failed: %d\n", ethdev_label(dev), op, queue_id, error);
	return error;
}

int
rte_eth_dev_rx_intr_ctl_q(uint16_t port_id, uint16_t queue_id, int epfd, int op, void *data)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (ethdev_check_rx_queue(dev, queue_id) != 0)
		return -EINVAL;
	return watch(dev, queue_id, epfd, op, data);
}

/* A queue that fails does not keep the others from being watched; the log names it. */
int
rte_eth_dev_rx_intr_ctl(uint16_t port_id, int epfd, int op, void *data)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	int vector;

	if (dev == NULL)
		return -ENODEV;
	vector = vector_of(dev, 0);
	if (vector < 0)
		return vector;
	for (uint16_t i = 0; i < dev->data->nb_rx_queues; i++)
		watch(dev, i, epfd, op, data);
	return 0;
}

int
rte_eth_dev_rx_intr_ctl_q_get_fd(uint16_t port_id, uint16_t queue_id)
{
	const struct rte_eth_dev *dev = ethdev_port(port_id);
	int vector;

	if (dev == NULL || ethdev_check_rx_queue(dev, queue_id) != 0)
		return -1;
	vector = vector_of(dev, queue_id);
	if (vector < 0)
		return -1;
	/* The vectors of queues begin behind the one of everything else, where there is such a one. */
	return rte_intr_efds_index_get(dev->intr_handle,
		vector >= RTE_INTR_VEC_RXTX_OFFSET ? vector - RTE_INTR_VEC_RXTX_OFFSET : vector);
}
