/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Ethernet Rx adapter's insides: what its control side (rte_event_eth_rx_adapter.c), its queues (eth_rx_queues.c) and
 * its service (eth_rx_service.c) share. The service reads and writes all of it under the adapter's lock; it only tries to
 * take it, so that who runs a service never waits for who changes it.
 */
#ifndef ETH_RX_ADAPTER_H
#define ETH_RX_ADAPTER_H

#include <rte_config.h>
#include <rte_spinlock.h>

#include "eventdev_private.h"
#include "rte_event_eth_rx_adapter.h"

#define RX_BATCH 32

/* A ring of events that wait for the device. */
struct rx_buffer {
	struct rte_event *events;
	uint32_t size, head, count;
};

/* A vector that is being filled. */
struct rx_vector {
	struct rte_event_vector *filling; /* NULL: none */
	uint64_t deadline;                /* its packets leave then at the latest, in cycles */
	uint64_t timeout;
};

struct rx_queue {
	uint16_t port, id, weight;
	int internal; /* the device receives by itself */
	struct rte_event_eth_rx_adapter_queue_conf conf;
	uint64_t event; /* the first half of its events, without the flow */
	int hash_flows;
	struct rx_buffer *buffer; /* its own or the adapter's */
	struct rx_buffer own;
	struct rx_vector vector;
	struct rte_event_eth_rx_adapter_queue_stats stats;
};

struct rx_adapter {
	rte_spinlock_t lock;
	uint8_t id, dev_id, event_port;
	int started, has_service, queue_buffers;
	uint32_t service, max_nb_rx;
	int socket;
	rte_event_eth_rx_adapter_conf_cb conf_cb;
	void *conf_arg;
	struct rte_event_port_conf port_conf; /* for the callback of rte_event_eth_rx_adapter_create() */
	/*
	 * In falling order of weight. In pass p, 0 to the highest weight, the first queues are polled, those with a weight
	 * above p: a queue of weight 3 takes part in three passes of which one of weight 1 sees the first.
	 */
	struct rx_queue **queues;
	uint32_t nb_queues, next_queue, pass;
	struct rx_buffer buffer;
	struct rte_event_eth_rx_adapter_stats stats;
	struct {
		rte_event_eth_rx_adapter_cb_fn function;
		void *arg;
	} callbacks[RTE_MAX_ETHPORTS];
};

/** One round; the service's callback. */
int32_t rx_adapter_service(void *arg);
/** The vector that is being filled leaves at once. The adapter's lock is held. */
void rx_adapter_flush_vector(struct rx_adapter *adapter, struct rx_queue *queue);

/** 0 or -ENOMEM. */
int rx_adapter_make_buffer(struct rx_buffer *buffer, uint32_t size, int socket);
/** Frees the packets of a buffer that ends: they cannot leave any more. */
void rx_adapter_drop_events(struct rx_buffer *buffer);

/** NULL: it has no such queue. */
struct rx_queue *rx_adapter_find_queue(const struct rx_adapter *adapter, uint16_t port, uint32_t id);
/** 0, or why a queue of that description is refused: -EINVAL, -ENOTSUP. */
int rx_adapter_queue_fits(const struct rx_adapter *adapter, uint16_t port, int32_t id, uint32_t caps,
	const struct rte_event_eth_rx_adapter_queue_conf *conf);
/** Adds a queue, or describes one anew. -ENOMEM; -EBUSY: a vector of the old description cannot leave. */
int rx_adapter_add_queue(struct rx_adapter *adapter, uint16_t port, uint16_t id, int internal,
	const struct rte_event_eth_rx_adapter_queue_conf *conf);
/** Takes it away, with its packets that wait. */
void rx_adapter_del_queue(struct rx_adapter *adapter, struct rx_queue *queue);

#endif
