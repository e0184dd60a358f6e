/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Ethernet Tx adapter: events become packets on transmit queues. Source-compatible with DPDK 22.11.
 *
 * For a device that does not send by itself (RTE_EVENT_ETH_TX_ADAPTER_CAP_INTERNAL_PORT) the adapter is a service: it dequeues
 * from an event port of its own, which the application links a queue to, and sends each packet by the port in mbuf->port and
 * the queue in rte_event_eth_tx_adapter_txq_get(). Packets to a queue that the adapter does not have are freed and counted as
 * dropped. Somebody has to run that service.
 *
 * Functions give 0 or -EINVAL for an adapter, port or queue that does not exist or a NULL that may not be one, -ENOTSUP for
 * what a device does not have, -ENOMEM. Adapters are made, changed and ended by one thread at a time, while the service may run.
 */
#ifndef WDPDK_RTE_EVENT_ETH_TX_ADAPTER_H
#define WDPDK_RTE_EVENT_ETH_TX_ADAPTER_H

#include <stdint.h>

#include <rte_compat.h>
#include <rte_mbuf.h>

#include "rte_eventdev.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rte_event_eth_tx_adapter_conf {
	uint8_t event_port_id; /**< A port of the device that is nobody else's. */
	uint32_t max_nb_tx;    /**< A call of the service may end after so many packets. */
};

/** Fills conf when the service is made, with the first queue that needs one. 0, or an error that adding it returns. */
typedef int (*rte_event_eth_tx_adapter_conf_cb)(uint8_t id, uint8_t dev_id, struct rte_event_eth_tx_adapter_conf *conf,
	void *arg);

struct rte_event_eth_tx_adapter_stats {
	uint64_t tx_retry;   /**< How often a port did not take all. */
	uint64_t tx_packets;
	uint64_t tx_dropped; /**< Packets to queues the adapter does not have, that are stopped, or whose port stays full. */
};

/** An adapter that adds an event port of that configuration to the device, when it needs one; the device is stopped for it. */
int rte_event_eth_tx_adapter_create(uint8_t id, uint8_t dev_id, struct rte_event_port_conf *port_config);
/** One whose event port conf_cb chooses. -EEXIST. */
int rte_event_eth_tx_adapter_create_ext(uint8_t id, uint8_t dev_id, rte_event_eth_tx_adapter_conf_cb conf_cb, void *conf_arg);
/** -EBUSY while it has queues. */
int rte_event_eth_tx_adapter_free(uint8_t id);
int rte_event_eth_tx_adapter_start(uint8_t id);
int rte_event_eth_tx_adapter_stop(uint8_t id);

/** Adds a transmit queue; -1: all. 0 also for one that is there; -EEXIST when another adapter has it; -EIO see conf_cb. */
int rte_event_eth_tx_adapter_queue_add(uint8_t id, uint16_t eth_dev_id, int32_t queue);
/** Takes it away. 0 also for one that is not there. */
int rte_event_eth_tx_adapter_queue_del(uint8_t id, uint16_t eth_dev_id, int32_t queue);

/** The queue the adapter sends the packet by. */
static __rte_always_inline void
rte_event_eth_tx_adapter_txq_set(struct rte_mbuf *pkt, uint16_t queue)
{
	pkt->hash.txadapter.txq = queue;
}

static __rte_always_inline uint16_t
rte_event_eth_tx_adapter_txq_get(struct rte_mbuf *pkt)
{
	return pkt->hash.txadapter.txq;
}

/** The port to link a queue to; -ESRCH while no queue of the adapter needs a service. */
int rte_event_eth_tx_adapter_event_port_get(uint8_t id, uint8_t *event_port_id);

#define RTE_EVENT_ETH_TX_ADAPTER_ENQUEUE_SAME_DEST 0x1 /* all packets go to one port and queue */

/**
 * Sends at once, with a device that has RTE_EVENT_ETH_TX_ADAPTER_CAP_INTERNAL_PORT. How many it took; rte_errno says why not
 * all (ENOTSUP: it has not).
 */
static inline uint16_t
rte_event_eth_tx_adapter_enqueue(uint8_t dev_id, uint8_t port_id, struct rte_event ev[], uint16_t nb_events,
	const uint8_t flags)
{
	const struct rte_event_fp_ops *ops = &rte_event_fp_ops[dev_id];
	void *port = ops->data[port_id];

	return flags != 0 ? ops->txa_enqueue_same_dest(port, ev, nb_events) : ops->txa_enqueue(port, ev, nb_events);
}

int rte_event_eth_tx_adapter_stats_get(uint8_t id, struct rte_event_eth_tx_adapter_stats *stats);
int rte_event_eth_tx_adapter_stats_reset(uint8_t id);
/** -ESRCH while no queue of it needs a service. */
int rte_event_eth_tx_adapter_service_id_get(uint8_t id, uint32_t *service_id);
/** Whose queue it is. */
__rte_experimental
int rte_event_eth_tx_adapter_instance_get(uint16_t eth_dev_id, uint16_t tx_queue_id, uint8_t *txa_inst_id);
/** For a transmit queue that is stopped and started: while it is stopped here, its packets are freed. */
__rte_experimental
int rte_event_eth_tx_adapter_queue_start(uint16_t eth_dev_id, uint16_t tx_queue_id);
__rte_experimental
int rte_event_eth_tx_adapter_queue_stop(uint16_t eth_dev_id, uint16_t tx_queue_id);

#ifdef __cplusplus
}
#endif

#endif
