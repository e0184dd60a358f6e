/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For drivers: what a port is made of, and how one is created, announced and taken away. Layouts as in DPDK 22.11.
 *
 * A driver's probe allocates a port, fills dev_ops, the burst functions and data (dev_private, mac_addrs, dev_link),
 * then calls rte_eth_dev_probing_finish(). Its remove closes the port and calls rte_eth_dev_release_port().
 */
#ifndef WDPDK_ETHDEV_DRIVER_H
#define WDPDK_ETHDEV_DRIVER_H

#include <pthread.h>
#include <stdint.h>

#include <dev_driver.h>
#include <rte_ethdev.h>

#include "ethdev_ops.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rte_memzone;

/** A link of a queue's callback chain. */
struct rte_eth_rxtx_callback {
	struct rte_eth_rxtx_callback *next;
	union {
		rte_rx_callback_fn rx;
		rte_tx_callback_fn tx;
	} fn;
	void *param;
};

/**
 * A port as the process sees it. The burst functions here are the driver's choice; they take effect for applications
 * (through rte_eth_fp_ops) when the port starts.
 */
struct rte_eth_dev {
	eth_rx_burst_t rx_pkt_burst;
	eth_tx_burst_t tx_pkt_burst;
	eth_tx_prep_t tx_pkt_prepare;
	eth_rx_queue_count_t rx_queue_count;
	eth_rx_descriptor_status_t rx_descriptor_status;
	eth_tx_descriptor_status_t tx_descriptor_status;

	struct rte_eth_dev_data *data; /**< Never NULL once allocated. */
	void *process_private;
	const struct eth_dev_ops *dev_ops;
	struct rte_device *device;
	struct rte_intr_handle *intr_handle;

	struct rte_eth_dev_cb_list link_intr_cbs;
	struct rte_eth_rxtx_callback *post_rx_burst_cbs[RTE_MAX_QUEUES_PER_PORT];
	struct rte_eth_rxtx_callback *pre_tx_burst_cbs[RTE_MAX_QUEUES_PER_PORT];

	enum rte_eth_dev_state state;
	void *security_ctx;
} __rte_cache_aligned;

/** What belongs to the port whatever the process. */
struct rte_eth_dev_data {
	char name[RTE_ETH_NAME_MAX_LEN]; /**< Empty = the entry is free. */

	void **rx_queues; /**< The driver's queue objects, NULL where not set up. */
	void **tx_queues;
	uint16_t nb_rx_queues;
	uint16_t nb_tx_queues;

	struct rte_eth_dev_sriov sriov;

	void *dev_private; /**< The driver's; rte_malloc memory, freed with the port. */

	struct rte_eth_link dev_link;
	struct rte_eth_conf dev_conf;
	uint16_t mtu;
	uint32_t min_rx_buf_size;      /**< Smallest data room among the receive queues' pools. */
	uint64_t rx_mbuf_alloc_failed; /**< Counted by the driver. */
	/**
	 * max_mac_addrs of them, the primary first; rte_malloc memory freed with the port, or NULLed by the driver's
	 * close.
	 */
	struct rte_ether_addr *mac_addrs;
	uint64_t mac_pool_sel[RTE_ETH_NUM_RECEIVE_MAC_ADDR];
	struct rte_ether_addr *hash_mac_addrs;
	uint16_t port_id;

	__extension__
	uint8_t promiscuous : 1, scattered_rx : 1, all_multicast : 1, dev_started : 1, lro : 1, dev_configured : 1,
		flow_configured : 1;

	uint8_t rx_queue_state[RTE_MAX_QUEUES_PER_PORT]; /**< RTE_ETH_QUEUE_STATE_*. */
	uint8_t tx_queue_state[RTE_MAX_QUEUES_PER_PORT];

	uint32_t dev_flags; /**< RTE_ETH_DEV_*. */
	int numa_node;

	struct rte_vlan_filter_conf vlan_filter_conf;
	struct rte_eth_dev_owner owner;

	uint16_t representor_id;
	uint16_t backer_port_id;

	pthread_mutex_t flow_ops_mutex;
} __rte_cache_aligned;

/** The port table, RTE_MAX_ETHPORTS entries. */
extern struct rte_eth_dev rte_eth_devices[];

/**
 * A fresh port of that name, not yet visible to applications. NULL when the name is empty, too long or taken, or the
 * table full.
 */
struct rte_eth_dev *rte_eth_dev_allocate(const char *name);
/** The port of that name in any state, or NULL. */
struct rte_eth_dev *rte_eth_dev_allocated(const char *name);
/** The same for ports that applications can see. */
struct rte_eth_dev *rte_eth_dev_get_by_name(const char *name);
/** The same for a port that was allocated elsewhere: NULL after a log line when nobody did. */
struct rte_eth_dev *rte_eth_dev_attach_secondary(const char *name);
/** Makes the port visible and tells RTE_ETH_EVENT_NEW. */
void rte_eth_dev_probing_finish(struct rte_eth_dev *dev);
/** Tells RTE_ETH_EVENT_DESTROY, frees the memory of the port's data and its entry. */
int rte_eth_dev_release_port(struct rte_eth_dev *eth_dev);
/** Stops nothing and frees every queue: back to before configure, for drivers that restart from scratch. */
void rte_eth_dev_internal_reset(struct rte_eth_dev *dev);

/** Calls everybody who asked for the event; returns what the last one returned. */
int rte_eth_dev_callback_process(struct rte_eth_dev *dev, enum rte_eth_event_type event, void *ret_param);

typedef int (*ethdev_init_t)(struct rte_eth_dev *ethdev, void *init_params);
typedef int (*ethdev_bus_specific_init)(struct rte_eth_dev *ethdev, void *bus_specific_init_params);
typedef int (*ethdev_uninit_t)(struct rte_eth_dev *ethdev);

/**
 * Allocates a port with priv_data_size bytes of dev_private, runs both initialisers and announces it; undone on an
 * error.
 */
int rte_eth_dev_create(struct rte_device *device, const char *name, size_t priv_data_size,
	ethdev_bus_specific_init bus_specific_init, void *bus_init_params, ethdev_init_t ethdev_init, void *init_params);
/** Runs the un-initialiser, then releases the port. */
int rte_eth_dev_destroy(struct rte_eth_dev *ethdev, ethdev_uninit_t ethdev_uninit);

/**
 * Memory for a queue's descriptors, visible to the device; the same name, queue and size again give the same memory
 * (a queue that is set up anew). NULL with rte_errno.
 */
const struct rte_memzone *rte_eth_dma_zone_reserve(const struct rte_eth_dev *eth_dev, const char *name, uint16_t queue_id,
	size_t size, unsigned align, int socket_id);
/** Frees it; -ENOENT when there is none. */
int rte_eth_dma_zone_free(const struct rte_eth_dev *eth_dev, const char *name, uint16_t queue_id);

/** A number for the ports of one switch, below RTE_MAX_ETHPORTS; -ENOSPC when all are taken. */
int rte_eth_switch_domain_alloc(uint16_t *domain_id);
/** Gives it back; -EINVAL when it was not taken. */
int rte_eth_switch_domain_free(uint16_t domain_id);

/** 1 when a queue is one end of a hairpin. */
static inline int
rte_eth_dev_is_rx_hairpin_queue(struct rte_eth_dev *dev, uint16_t queue_id)
{
	return dev->data->rx_queue_state[queue_id] == RTE_ETH_QUEUE_STATE_HAIRPIN;
}

static inline int
rte_eth_dev_is_tx_hairpin_queue(struct rte_eth_dev *dev, uint16_t queue_id)
{
	return dev->data->tx_queue_state[queue_id] == RTE_ETH_QUEUE_STATE_HAIRPIN;
}

/** A burst function that moves nothing, for devices that are not ready. */
uint16_t rte_eth_pkt_burst_dummy(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts);

/**
 * Replaces the link state in one store, so that readers see a whole one. Returns -1 when up/down did not change, else
 * 0.
 */
static inline int
rte_eth_linkstatus_set(struct rte_eth_dev *dev, const struct rte_eth_link *new_link)
{
	union {
		uint64_t word;
		struct rte_eth_link link;
	} before, after;

	after.link = *new_link;
	before.word = __atomic_exchange_n((uint64_t *)&dev->data->dev_link, after.word, __ATOMIC_SEQ_CST);
	return before.link.link_status == new_link->link_status ? -1 : 0;
}

/** Reads the link state in one load. */
static inline void
rte_eth_linkstatus_get(const struct rte_eth_dev *dev, struct rte_eth_link *link)
{
	union {
		uint64_t word;
		struct rte_eth_link link;
	} now;

	now.word = __atomic_load_n((uint64_t *)&dev->data->dev_link, __ATOMIC_SEQ_CST);
	*link = now.link;
}

#ifdef __cplusplus
}
#endif

#endif
