/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The Ethernet Rx adapter: packets of receive queues become events. Source-compatible with DPDK 22.11.
 *
 * For a device that does not receive by itself (RTE_EVENT_ETH_RX_ADAPTER_CAP_INTERNAL_PORT) the adapter is a service: it polls
 * its queues by their weights, buffers events, and enqueues them through an event port of its own. Somebody has to run that
 * service. When the device takes no more, the adapter stops polling: packets wait, and are dropped, in the Ethernet device.
 *
 * Functions give 0 or -EINVAL for an adapter, port or queue that does not exist or a NULL that may not be one, -ENOTSUP for
 * what a device does not have, -ENOMEM. Adapters are made, changed and ended by one thread at a time, while the service may run.
 */
#ifndef WDPDK_RTE_EVENT_ETH_RX_ADAPTER_H
#define WDPDK_RTE_EVENT_ETH_RX_ADAPTER_H

#include <stdbool.h>
#include <stdint.h>

#include <rte_compat.h>
#include <rte_service.h>

#include "rte_eventdev.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_EVENT_ETH_RX_ADAPTER_MAX_INSTANCE 32

/* rx_queue_flags */
#define RTE_EVENT_ETH_RX_ADAPTER_QUEUE_FLOW_ID_VALID 0x1 /* ev.flow_id is every packet's */
#define RTE_EVENT_ETH_RX_ADAPTER_QUEUE_EVENT_VECTOR 0x2  /* packets travel in vectors */

struct rte_event_eth_rx_adapter_conf {
	uint8_t event_port_id; /**< A port of the device that is nobody else's. */
	uint32_t max_nb_rx;    /**< A call of the service may end after so many packets. */
};

/** Fills conf when the service is made, with the first queue that needs one. 0, or an error that adding it returns. */
typedef int (*rte_event_eth_rx_adapter_conf_cb)(uint8_t id, uint8_t dev_id, struct rte_event_eth_rx_adapter_conf *conf,
	void *arg);

struct rte_event_eth_rx_adapter_queue_conf {
	uint32_t rx_queue_flags;
	/**
	 * How often the queue is polled, relative to others. 0 is the interrupt mode, which there is not: -ENOTSUP on a port
	 * that is configured with receive interrupts; on others it means 1.
	 */
	uint16_t servicing_weight;
	/** queue_id, priority, sched_type and, with FLOW_ID_VALID, flow_id of the events. Without, it is a packet's RSS hash,
	 * or a hash of its IP addresses when it has none. */
	struct rte_event ev;
	uint16_t vector_sz;            /**< Packets a vector, with EVENT_VECTOR. */
	uint64_t vector_timeout_ns;    /**< A vector that is not full leaves after that time. */
	struct rte_mempool *vector_mp; /**< From rte_event_vector_pool_create(), of elements of at least vector_sz. */
	uint16_t event_buf_size;       /**< With use_queue_event_buf: events that the queue's buffer holds. Else 0. */
};

struct rte_event_eth_rx_adapter_queue_stats {
	uint64_t rx_event_buf_count; /**< Events that wait in the buffer. */
	uint64_t rx_event_buf_size;
	uint64_t rx_poll_count;
	uint64_t rx_packets;
	uint64_t rx_dropped;
};

struct rte_event_eth_rx_adapter_stats {
	uint64_t rx_poll_count;
	uint64_t rx_packets;
	uint64_t rx_enq_count; /**< Events the device took. */
	uint64_t rx_enq_retry; /**< How often it did not take all. */
	uint64_t rx_dropped;   /**< By the callback, or because there was no vector. */
	uint64_t rx_enq_start_ts;
	uint64_t rx_enq_block_cycles; /**< Cycles in which the device took nothing; start and end say between when. */
	uint64_t rx_enq_end_ts;
	uint64_t rx_intr_packets; /**< Always 0: there is no interrupt mode. */
	uint64_t rx_event_buf_count;
	uint64_t rx_event_buf_size;
};

struct rte_event_eth_rx_adapter_vector_limits {
	uint16_t min_sz;
	uint16_t max_sz;
	uint8_t log2_sz; /**< Sizes have to be powers of two. */
	uint64_t min_timeout_ns;
	uint64_t max_timeout_ns;
};

struct rte_event_eth_rx_adapter_params {
	uint16_t event_buf_size;  /**< Events the adapter's buffer holds at least; 0 when each queue has its own. */
	bool use_queue_event_buf; /**< Each queue has a buffer (rte_event_eth_rx_adapter_queue_conf.event_buf_size). */
};

/**
 * Sees the events of one receive, before they are buffered, and may change them and their order. Returns how many, from the
 * beginning of ev, go on; the others are the callback's, and nb_dropped says how many of those it dropped.
 */
typedef uint16_t (*rte_event_eth_rx_adapter_cb_fn)(uint16_t eth_dev_id, uint16_t queue_id, uint32_t enqueue_buf_size,
	uint32_t enqueue_buf_count, struct rte_event *ev, uint16_t nb_event, void *cb_arg, uint16_t *nb_dropped);

/** An adapter whose event port conf_cb chooses. -EEXIST. */
int rte_event_eth_rx_adapter_create_ext(uint8_t id, uint8_t dev_id, rte_event_eth_rx_adapter_conf_cb conf_cb,
	void *conf_arg);
/** One that adds an event port of that configuration to the device, when it needs one; the device is stopped for that. */
int rte_event_eth_rx_adapter_create(uint8_t id, uint8_t dev_id, struct rte_event_port_conf *port_config);
/** So, with buffers as rxa_params says; NULL: as without. -EINVAL for a size of 0 or one that nothing uses. */
__rte_experimental
int rte_event_eth_rx_adapter_create_with_params(uint8_t id, uint8_t dev_id, struct rte_event_port_conf *port_config,
	struct rte_event_eth_rx_adapter_params *rxa_params);
/** -EBUSY while it has queues. */
int rte_event_eth_rx_adapter_free(uint8_t id);

/** Adds receive queues: rx_queue_id -1 all. Again for one that is there it changes its configuration. -EIO see conf_cb. */
int rte_event_eth_rx_adapter_queue_add(uint8_t id, uint16_t eth_dev_id, int32_t rx_queue_id,
	const struct rte_event_eth_rx_adapter_queue_conf *conf);
/** Takes them away; events of theirs that are buffered still leave. 0 also for one that is not there. */
int rte_event_eth_rx_adapter_queue_del(uint8_t id, uint16_t eth_dev_id, int32_t rx_queue_id);

int rte_event_eth_rx_adapter_start(uint8_t id);
int rte_event_eth_rx_adapter_stop(uint8_t id);

int rte_event_eth_rx_adapter_stats_get(uint8_t id, struct rte_event_eth_rx_adapter_stats *stats);
int rte_event_eth_rx_adapter_stats_reset(uint8_t id);
/** -ESRCH while no queue of it needs a service. */
int rte_event_eth_rx_adapter_service_id_get(uint8_t id, uint32_t *service_id);
/** cb_fn NULL takes it back. */
int rte_event_eth_rx_adapter_cb_register(uint8_t id, uint16_t eth_dev_id, rte_event_eth_rx_adapter_cb_fn cb_fn,
	void *cb_arg);
int rte_event_eth_rx_adapter_vector_limits_get(uint8_t dev_id, uint16_t eth_port_id,
	struct rte_event_eth_rx_adapter_vector_limits *limits);
/** As it was given, the weight as it is used. */
__rte_experimental
int rte_event_eth_rx_adapter_queue_conf_get(uint8_t id, uint16_t eth_dev_id, uint16_t rx_queue_id,
	struct rte_event_eth_rx_adapter_queue_conf *queue_conf);
/** Of an adapter with buffers for each queue; -EINVAL for others. */
__rte_experimental
int rte_event_eth_rx_adapter_queue_stats_get(uint8_t id, uint16_t eth_dev_id, uint16_t rx_queue_id,
	struct rte_event_eth_rx_adapter_queue_stats *stats);
__rte_experimental
int rte_event_eth_rx_adapter_queue_stats_reset(uint8_t id, uint16_t eth_dev_id, uint16_t rx_queue_id);
/** -ESRCH while no queue of it needs a service. */
__rte_experimental
int rte_event_eth_rx_adapter_event_port_get(uint8_t id, uint8_t *event_port_id);
/** Whose queue it is. */
__rte_experimental
int rte_event_eth_rx_adapter_instance_get(uint16_t eth_dev_id, uint16_t rx_queue_id, uint8_t *rxa_inst_id);

#ifdef __cplusplus
}
#endif

#endif
