/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The fast path's table, and the burst functions of ports that are not started.
 */
#include <errno.h>
#include <stdbool.h>

#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "ethdev_private.h"

/* Queue and callback pointers of ports that are not started: all NULL, and nobody writes them. */
static void *no_queues[RTE_MAX_QUEUES_PER_PORT];

/* Said once until a port stops again: a polling loop would fill the log. */
static bool warned;

static void
warn(const char *what)
{
	rte_errno = ENOTSUP;
	if (!__atomic_exchange_n(&warned, true, __ATOMIC_RELAXED))
		RTE_ETHDEV_LOG(ERR, "lcore %u %s a port that is not started\n", rte_lcore_id(), what);
}

static uint16_t
rx_not_started(void *queue, struct rte_mbuf **packets, uint16_t count)
{
	RTE_SET_USED(queue);
	RTE_SET_USED(packets);
	RTE_SET_USED(count);
	warn("receives from");
	return 0;
}

static uint16_t
tx_not_started(void *queue, struct rte_mbuf **packets, uint16_t count)
{
	RTE_SET_USED(queue);
	RTE_SET_USED(packets);
	RTE_SET_USED(count);
	warn("sends to");
	return 0;
}

#define NOT_STARTED { \
	.rx_pkt_burst = rx_not_started, \
	.rxq = {.data = no_queues, .clbk = no_queues}, \
	.tx_pkt_burst = tx_not_started, \
	.txq = {.data = no_queues, .clbk = no_queues}, \
}

/* Filled by the compiler, so that a burst before any initialisation is safe too. */
struct rte_eth_fp_ops rte_eth_fp_ops[RTE_MAX_ETHPORTS] = {[0 ... RTE_MAX_ETHPORTS - 1] = NOT_STARTED};

void
ethdev_fast_path_off(uint16_t port_id)
{
	static const struct rte_eth_fp_ops not_started = NOT_STARTED;

	__atomic_store_n(&warned, false, __ATOMIC_RELAXED);
	rte_eth_fp_ops[port_id] = not_started;
}

void
ethdev_fast_path_on(const struct rte_eth_dev *dev)
{
	struct rte_eth_fp_ops *ops = &rte_eth_fp_ops[dev->data->port_id];

	ops->rx_pkt_burst = dev->rx_pkt_burst != NULL ? dev->rx_pkt_burst : rte_eth_pkt_burst_dummy;
	ops->rx_queue_count = dev->rx_queue_count;
	ops->rx_descriptor_status = dev->rx_descriptor_status;
	ops->tx_pkt_burst = dev->tx_pkt_burst != NULL ? dev->tx_pkt_burst : rte_eth_pkt_burst_dummy;
	ops->tx_pkt_prepare = dev->tx_pkt_prepare;
	ops->tx_descriptor_status = dev->tx_descriptor_status;
	/* A direction without queues keeps the empty array: its index is then NULL instead of a wild pointer. */
	ops->rxq.data = dev->data->rx_queues != NULL ? dev->data->rx_queues : no_queues;
	ops->rxq.clbk = (void **)(uintptr_t)dev->post_rx_burst_cbs;
	ops->txq.data = dev->data->tx_queues != NULL ? dev->data->tx_queues : no_queues;
	ops->txq.clbk = (void **)(uintptr_t)dev->pre_tx_burst_cbs;
}

uint16_t
rte_eth_pkt_burst_dummy(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	RTE_SET_USED(queue);
	RTE_SET_USED(pkts);
	RTE_SET_USED(nb_pkts);
	return 0;
}

/* ---- Collecting packets into bursts ---- */

void
rte_eth_tx_buffer_drop_callback(struct rte_mbuf **pkts, uint16_t unsent, void *userdata)
{
	RTE_SET_USED(userdata);
	rte_pktmbuf_free_bulk(pkts, unsent);
}

void
rte_eth_tx_buffer_count_callback(struct rte_mbuf **pkts, uint16_t unsent, void *userdata)
{
	rte_pktmbuf_free_bulk(pkts, unsent);
	*(uint64_t *)userdata += unsent;
}

int
rte_eth_tx_buffer_set_err_callback(struct rte_eth_dev_tx_buffer *buffer, buffer_tx_error_fn callback, void *userdata)
{
	if (buffer == NULL || callback == NULL)
		return -EINVAL;
	buffer->error_callback = callback;
	buffer->error_userdata = userdata;
	return 0;
}

int
rte_eth_tx_buffer_init(struct rte_eth_dev_tx_buffer *buffer, uint16_t size)
{
	if (buffer == NULL)
		return -EINVAL;
	buffer->size = size;
	buffer->length = 0;
	buffer->error_callback = rte_eth_tx_buffer_drop_callback;
	buffer->error_userdata = NULL;
	return 0;
}
