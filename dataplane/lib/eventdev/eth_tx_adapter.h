/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Ethernet Tx adapter's insides: what its control side (rte_event_eth_tx_adapter.c) and its service (eth_tx_service.c)
 * share. As in the Rx adapter, the service only tries to take the adapter's lock.
 */
#ifndef ETH_TX_ADAPTER_H
#define ETH_TX_ADAPTER_H

#include <rte_config.h>
#include <rte_spinlock.h>

#include "eventdev_private.h"
#include "rte_event_eth_tx_adapter.h"

#define TX_BATCH 32

struct tx_queue {
	uint16_t port, id;
	uint16_t count; /* packets that wait; none between two calls of the service */
	uint8_t stopped, internal;
	struct rte_mbuf *packets[TX_BATCH];
};

struct tx_port {
	uint16_t size; /* places in queues */
	struct tx_queue **queues; /* by queue id; NULL: the adapter does not have it */
};

struct tx_adapter {
	rte_spinlock_t lock;
	uint8_t id, dev_id, event_port;
	int started, has_service;
	uint32_t service, max_nb_tx, nb_queues;
	int socket;
	rte_event_eth_tx_adapter_conf_cb conf_cb;
	void *conf_arg;
	struct rte_event_port_conf port_conf;
	struct rte_event_eth_tx_adapter_stats stats;
	struct tx_queue *waiting[TX_BATCH]; /* those with packets, in one round */
	uint32_t nb_waiting;
	struct tx_port ports[RTE_MAX_ETHPORTS];
};

/** One round; the service's callback. */
int32_t tx_adapter_service(void *arg);

#endif
