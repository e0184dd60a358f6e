/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Ethernet ports, source-compatible with DPDK 22.11: find a port, configure it, set its queues up, start it, move
 * bursts.
 *
 *     rte_eth_dev_configure(port, 1, 1, &conf);
 *     rte_eth_rx_queue_setup(port, 0, 512, socket, NULL, pool);
 *     rte_eth_tx_queue_setup(port, 0, 512, socket, NULL);
 *     rte_eth_dev_start(port);
 *     n = rte_eth_rx_burst(port, 0, packets, 32);
 *
 * Threads: one thread at a time configures a port; one thread at a time uses a queue (of a direction). Counters, link
 * and information may be read from any thread. Errors are negative errno values; beside what each function says,
 * every function that takes a port gives -ENODEV when there is no such port, -EINVAL for a NULL it cannot do without
 * or a queue that the port does not have, -ENOTSUP when the driver lacks the operation and -EIO when the device was
 * removed.
 *
 * Steering and shaping of traffic is in rte_ethdev_control.h, the device behind a port in rte_ethdev_device.h.
 */
#ifndef WDPDK_RTE_ETHDEV_H
#define WDPDK_RTE_ETHDEV_H

#include <stdint.h>
#include <stdio.h>

#include <rte_branch_prediction.h>
#include <rte_bitops.h>
#include <rte_common.h>
#include <rte_compat.h>
#include <rte_config.h>
#include <rte_dev.h>
#include <rte_devargs.h>
#include <rte_errno.h>
#include <rte_ether.h>
#include <rte_flow.h> /* programs expect its protocol headers here */
#include <rte_interrupts.h>
#include <rte_log.h>

#include "rte_dev_info.h"
#include "rte_ethdev_conf.h"
#include "rte_ethdev_control.h"
#include "rte_ethdev_core.h"
#include "rte_ethdev_device.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_ETHDEV_HAS_LRO_SUPPORT

/** Log type of this library ("lib.ethdev"). */
extern int rte_eth_dev_logtype;
#define RTE_ETHDEV_LOG(level, ...) rte_log(RTE_LOG_##level, rte_eth_dev_logtype, "" __VA_ARGS__)

struct rte_mbuf;

#define RTE_ETH_NAME_MAX_LEN RTE_DEV_NAME_MAX_LEN
/** In place of a port where a function says so: every port. */
#define RTE_ETH_ALL RTE_MAX_ETHPORTS

#define RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, retval) do { \
	if (!rte_eth_dev_is_valid_port(port_id)) { \
		RTE_ETHDEV_LOG(ERR, "Port %u does not exist\n", (unsigned int)(port_id)); \
		return retval; \
	} \
} while (0)
#define RTE_ETH_VALID_PORTID_OR_RET(port_id) do { \
	if (!rte_eth_dev_is_valid_port(port_id)) { \
		RTE_ETHDEV_LOG(ERR, "Port %u does not exist\n", (unsigned int)(port_id)); \
		return; \
	} \
} while (0)

/** Life of an entry of the port table. */
enum rte_eth_dev_state {
	RTE_ETH_DEV_UNUSED = 0,
	RTE_ETH_DEV_ATTACHED,
	RTE_ETH_DEV_REMOVED, /**< The hardware is gone; only close is left. */
};

/** Virtual functions of a device. */
struct rte_eth_dev_sriov {
	uint8_t active; /**< Number of virtual functions, or 0. */
	uint8_t nb_q_per_pool;
	uint16_t def_vmdq_idx;
	uint16_t def_pool_q_idx;
};
#define RTE_ETH_DEV_SRIOV(dev) ((dev)->data->sriov)

/* ---- Ports ---- */

/** 1 when the port exists (whatever its state), else 0. */
int rte_eth_dev_is_valid_port(uint16_t port_id);

/** Ports without an owner. */
uint16_t rte_eth_dev_count_avail(void);
/** All ports. */
uint16_t rte_eth_dev_count_total(void);

/** The first port from port_id on, owned or not; RTE_MAX_ETHPORTS when there is none. */
uint16_t rte_eth_find_next(uint16_t port_id);
/** The first port from port_id on with this owner; RTE_MAX_ETHPORTS when there is none. */
uint64_t rte_eth_find_next_owned_by(uint16_t port_id, const uint64_t owner_id);
/** The first port from port_id on that belongs to this device; RTE_MAX_ETHPORTS when there is none. */
uint16_t rte_eth_find_next_of(uint16_t port_id_start, const struct rte_device *parent);
/** The first port from port_id on that belongs to the device of ref_port_id; RTE_MAX_ETHPORTS when there is none. */
uint16_t rte_eth_find_next_sibling(uint16_t port_id_start, uint16_t ref_port_id);

#define RTE_ETH_FOREACH_DEV_OWNED_BY(p, o) \
	for (p = rte_eth_find_next_owned_by(0, o); (unsigned int)p < (unsigned int)RTE_MAX_ETHPORTS; \
	     p = rte_eth_find_next_owned_by(p + 1, o))
/** Every port that nobody owns. */
#define RTE_ETH_FOREACH_DEV(p) RTE_ETH_FOREACH_DEV_OWNED_BY(p, RTE_ETH_DEV_NO_OWNER)
#define RTE_ETH_FOREACH_DEV_OF(port_id, parent) \
	for (port_id = rte_eth_find_next_of(0, parent); port_id < RTE_MAX_ETHPORTS; \
	     port_id = rte_eth_find_next_of(port_id + 1, parent))
#define RTE_ETH_FOREACH_DEV_SIBLING(port_id, ref_port_id) \
	for (port_id = rte_eth_find_next_sibling(0, ref_port_id); port_id < RTE_MAX_ETHPORTS; \
	     port_id = rte_eth_find_next_sibling(port_id + 1, ref_port_id))

#define RTE_ETH_DEV_NO_OWNER 0
#define RTE_ETH_MAX_OWNER_NAME_LEN 64

/** Who has reserved a port for himself. Advisory: nothing but the iteration above looks at it. */
struct rte_eth_dev_owner {
	uint64_t id;                           /**< From rte_eth_dev_owner_new(); 0 = nobody. */
	char name[RTE_ETH_MAX_OWNER_NAME_LEN]; /**< For messages. */
};

/** A fresh owner identifier. */
int rte_eth_dev_owner_new(uint64_t *owner_id);
/** Takes a port that nobody owns; -EPERM when somebody does, -EINVAL for an identifier that was never given out. */
int rte_eth_dev_owner_set(const uint16_t port_id, const struct rte_eth_dev_owner *owner);
/** Gives a port back; -EPERM when it is not owner_id's. */
int rte_eth_dev_owner_unset(const uint16_t port_id, const uint64_t owner_id);
/** Gives all ports of an owner back. */
int rte_eth_dev_owner_delete(const uint64_t owner_id);
int rte_eth_dev_owner_get(const uint16_t port_id, struct rte_eth_dev_owner *owner);

/** NUMA node of the port's device; -1 with rte_errno EINVAL when there is no such port, SOCKET_ID_ANY when unknown. */
int rte_eth_dev_socket_id(uint16_t port_id);
/** Copies the port's name, at most RTE_ETH_NAME_MAX_LEN bytes. */
int rte_eth_dev_get_name_by_port(uint16_t port_id, char *name);
/** The port of that name; -ENODEV when there is none. */
int rte_eth_dev_get_port_by_name(const char *name, uint16_t *port_id);

/* ---- Configuration ---- */

/** Limits and capabilities of a port. */
int rte_eth_dev_info_get(uint16_t port_id, struct rte_eth_dev_info *dev_info);
/** The configuration in force. */
int rte_eth_dev_conf_get(uint16_t port_id, struct rte_eth_conf *dev_conf);

/** RTE_ETH_LINK_SPEED_* of a speed in Mbit/s, 0 for an unknown one. */
uint32_t rte_eth_speed_bitflag(uint32_t speed, int duplex);
/** Name of one RTE_ETH_RX_OFFLOAD_* bit ("SCATTER"), "UNKNOWN" for anything else. */
const char *rte_eth_dev_rx_offload_name(uint64_t offload);
/** Name of one RTE_ETH_TX_OFFLOAD_* bit. */
const char *rte_eth_dev_tx_offload_name(uint64_t offload);
/** Name of one RTE_ETH_DEV_CAPA_* bit. */
const char *rte_eth_dev_capability_name(uint64_t capability);

/**
 * Gives a stopped port its queue counts and modes; comes before every queue set-up. Both counts 0 mean the driver's
 * choice. -EBUSY while started; -EINVAL for counts, MTU, offloads or hash fields the port does not offer (the log
 * names them). After an error the earlier configuration stands, but the queues are gone and the port has to be
 * configured again.
 */
int rte_eth_dev_configure(uint16_t port_id, uint16_t nb_rx_queue, uint16_t nb_tx_queue, const struct rte_eth_conf *eth_conf);

/** Moves descriptor counts (either may be NULL) to the nearest ones the port takes; 0 becomes its preference. */
int rte_eth_dev_adjust_nb_rx_tx_desc(uint16_t port_id, uint16_t *nb_rx_desc, uint16_t *nb_tx_desc);

/**
 * Prepares a receive queue. nb_rx_desc 0 is the driver's choice, rx_conf NULL its default. Buffers come from mb_pool,
 * whose data room must hold the headroom and the device's minimum; the pool outlives the queue.
 * -EBUSY while started (unless the device can do it), -EINVAL for a count, pool or offload that does not fit, -ENOMEM.
 */
int rte_eth_rx_queue_setup(uint16_t port_id, uint16_t rx_queue_id, uint16_t nb_rx_desc, unsigned int socket_id,
	const struct rte_eth_rxconf *rx_conf, struct rte_mempool *mb_pool);
/** Prepares a transmit queue; as above. */
int rte_eth_tx_queue_setup(uint16_t port_id, uint16_t tx_queue_id, uint16_t nb_tx_desc, unsigned int socket_id,
	const struct rte_eth_txconf *tx_conf);

/** Starts and stops single queues of a started port, for queues with deferred start. */
int rte_eth_dev_rx_queue_start(uint16_t port_id, uint16_t rx_queue_id);
int rte_eth_dev_rx_queue_stop(uint16_t port_id, uint16_t rx_queue_id);
int rte_eth_dev_tx_queue_start(uint16_t port_id, uint16_t tx_queue_id);
int rte_eth_dev_tx_queue_stop(uint16_t port_id, uint16_t tx_queue_id);

/** Lets packets flow. -EINVAL when not configured or when a configured queue was not set up. 0 when already started. */
int rte_eth_dev_start(uint16_t port_id);
/** Stops packets; no thread may be in a burst function of the port. 0 when already stopped. */
int rte_eth_dev_stop(uint16_t port_id);
/** Frees a stopped port for good: its number no longer exists. -EINVAL while started. */
int rte_eth_dev_close(uint16_t port_id);
/** Stops and re-initialises the device; it has to be configured again. */
int rte_eth_dev_reset(uint16_t port_id);
/** 1 when the hardware is gone, else 0 (also for a port that does not exist). */
int rte_eth_dev_is_removed(uint16_t port_id);

int rte_eth_dev_set_link_up(uint16_t port_id);
int rte_eth_dev_set_link_down(uint16_t port_id);

/** Settings of a queue that was set up. */
int rte_eth_rx_queue_info_get(uint16_t port_id, uint16_t queue_id, struct rte_eth_rxq_info *qinfo);
int rte_eth_tx_queue_info_get(uint16_t port_id, uint16_t queue_id, struct rte_eth_txq_info *qinfo);

#define RTE_ETH_BURST_FLAG_PER_QUEUE RTE_BIT64(0)
#define RTE_ETH_BURST_MODE_INFO_SIZE 1024

/** Which burst function serves a queue, in words. */
struct rte_eth_burst_mode {
	uint64_t flags; /**< RTE_ETH_BURST_FLAG_*. */
	char info[RTE_ETH_BURST_MODE_INFO_SIZE];
};
int rte_eth_rx_burst_mode_get(uint16_t port_id, uint16_t queue_id, struct rte_eth_burst_mode *mode);
int rte_eth_tx_burst_mode_get(uint16_t port_id, uint16_t queue_id, struct rte_eth_burst_mode *mode);

/* ---- Control ---- */

/** Receives every frame, whatever its destination. */
int rte_eth_promiscuous_enable(uint16_t port_id);
int rte_eth_promiscuous_disable(uint16_t port_id);
/** 1, 0 or a negative errno. */
int rte_eth_promiscuous_get(uint16_t port_id);
/** Receives every multicast frame. */
int rte_eth_allmulticast_enable(uint16_t port_id);
int rte_eth_allmulticast_disable(uint16_t port_id);
int rte_eth_allmulticast_get(uint16_t port_id);

/** Link state; waits up to some seconds for a link that is coming up. */
int rte_eth_link_get(uint16_t port_id, struct rte_eth_link *link);
/** Link state without waiting. */
int rte_eth_link_get_nowait(uint16_t port_id, struct rte_eth_link *link);
/** "10 Gbps"; a constant string. */
const char *rte_eth_link_speed_to_str(uint32_t link_speed);
/** "Link up at 10 Gbps FDX Autoneg" or "Link down" into str. Returns the length as snprintf() does, or -EINVAL. */
int rte_eth_link_to_str(char *str, size_t len, const struct rte_eth_link *eth_link);

/** The port's primary MAC address. */
int rte_eth_macaddr_get(uint16_t port_id, struct rte_ether_addr *mac_addr);
/** Up to num of its MAC addresses. Returns how many. */
int rte_eth_macaddrs_get(uint16_t port_id, struct rte_ether_addr *ma, unsigned int num);
/** Changes the primary address; -EINVAL for multicast or zero, -EEXIST when it is among the others. */
int rte_eth_dev_default_mac_addr_set(uint16_t port_id, struct rte_ether_addr *mac_addr);
/** Receives for one more address (pool: VMDq pool, 0 without); -ENOSPC when the table is full. */
int rte_eth_dev_mac_addr_add(uint16_t port_id, struct rte_ether_addr *mac_addr, uint32_t pool);
/** Takes an added address back; -EADDRINUSE for the primary one, 0 for an unknown one. */
int rte_eth_dev_mac_addr_remove(uint16_t port_id, struct rte_ether_addr *mac_addr);

/** Bytes of L3 a frame may carry. */
int rte_eth_dev_get_mtu(uint16_t port_id, uint16_t *mtu);
/** -EINVAL outside the device's limits or before configure, -EBUSY when it cannot be done while running. */
int rte_eth_dev_set_mtu(uint16_t port_id, uint16_t mtu);

/** Packet types (RTE_PTYPE_*) under the mask that receive can report, at most num. Returns how many there are. */
int rte_eth_dev_get_supported_ptypes(uint16_t port_id, uint32_t ptype_mask, uint32_t *ptypes, int num);
/**
 * Narrows the packet types receive has to find out; set_ptypes (num entries, ends with RTE_PTYPE_UNKNOWN) tells the
 * rest.
 */
int rte_eth_dev_set_ptypes(uint16_t port_id, uint32_t ptype_mask, uint32_t *set_ptypes, unsigned int num);

/** The device's firmware version as text; a positive result is the size it needs. */
int rte_eth_dev_fw_version_get(uint16_t port_id, char *fw_version, size_t fw_size);

/* ---- Counters ---- */

/** Basic counters. */
int rte_eth_stats_get(uint16_t port_id, struct rte_eth_stats *stats);
int rte_eth_stats_reset(uint16_t port_id);

/**
 * Extended counters: the basic ones under names, then the driver's. With too little room, the number there are is
 * returned and nothing is stored; otherwise the number stored.
 */
int rte_eth_xstats_get_names(uint16_t port_id, struct rte_eth_xstat_name *xstats_names, unsigned int size);
int rte_eth_xstats_get(uint16_t port_id, struct rte_eth_xstat *xstats, unsigned int n);
/** The same for chosen ids (ids NULL: all). An id out of range gives -1. */
int rte_eth_xstats_get_names_by_id(uint16_t port_id, struct rte_eth_xstat_name *xstats_names, unsigned int size,
	uint64_t *ids);
int rte_eth_xstats_get_by_id(uint16_t port_id, const uint64_t *ids, uint64_t *values, unsigned int size);
/** The id of a name; -EINVAL when there is none, -ENOMEM for a NULL argument. */
int rte_eth_xstats_get_id_by_name(uint16_t port_id, const char *xstat_name, uint64_t *id);
int rte_eth_xstats_reset(uint16_t port_id);

/* ---- Events ---- */

/** What a port tells through callbacks. */
enum rte_eth_event_type {
	RTE_ETH_EVENT_UNKNOWN,
	RTE_ETH_EVENT_INTR_LSC,
	RTE_ETH_EVENT_QUEUE_STATE,
	RTE_ETH_EVENT_INTR_RESET,
	RTE_ETH_EVENT_VF_MBOX,
	RTE_ETH_EVENT_MACSEC,
	RTE_ETH_EVENT_INTR_RMV,
	RTE_ETH_EVENT_NEW,
	RTE_ETH_EVENT_DESTROY,
	RTE_ETH_EVENT_IPSEC,
	RTE_ETH_EVENT_FLOW_AGED,
	RTE_ETH_EVENT_RX_AVAIL_THRESH,
	RTE_ETH_EVENT_ERR_RECOVERING,
	RTE_ETH_EVENT_RECOVERY_SUCCESS,
	RTE_ETH_EVENT_RECOVERY_FAILED,
	RTE_ETH_EVENT_MAX
};

/** Called in the thread that raises the event, without locks held. */
typedef int (*rte_eth_dev_cb_fn)(uint16_t port_id, enum rte_eth_event_type event, void *cb_arg, void *ret_param);

/** Asks for an event of a port or of RTE_ETH_ALL (then also of ports to come). The same triple twice counts once. */
int rte_eth_dev_callback_register(uint16_t port_id, enum rte_eth_event_type event, rte_eth_dev_cb_fn cb_fn, void *cb_arg);
/** Takes it back; cb_arg (void *)-1 matches any. -EAGAIN when the callback is running. */
int rte_eth_dev_callback_unregister(uint16_t port_id, enum rte_eth_event_type event, rte_eth_dev_cb_fn cb_fn,
	void *cb_arg);

/* ---- Callbacks on bursts ---- */

/** Sees a received burst (nb_pkts of at most max_pkts); may change the array; returns how many packets are left. */
typedef uint16_t (*rte_rx_callback_fn)(uint16_t port_id, uint16_t queue, struct rte_mbuf *pkts[], uint16_t nb_pkts,
	uint16_t max_pkts, void *user_param);
/** Sees a burst before it is sent; may change the array; returns how many packets are left. */
typedef uint16_t (*rte_tx_callback_fn)(uint16_t port_id, uint16_t queue, struct rte_mbuf *pkts[], uint16_t nb_pkts,
	void *user_param);

struct rte_eth_rxtx_callback;

/** Adds a callback behind (or, _first_, before) those a queue has. NULL with rte_errno EINVAL or ENOMEM. */
const struct rte_eth_rxtx_callback *rte_eth_add_rx_callback(uint16_t port_id, uint16_t queue_id, rte_rx_callback_fn fn,
	void *user_param);
const struct rte_eth_rxtx_callback *rte_eth_add_first_rx_callback(uint16_t port_id, uint16_t queue_id,
	rte_rx_callback_fn fn, void *user_param);
const struct rte_eth_rxtx_callback *rte_eth_add_tx_callback(uint16_t port_id, uint16_t queue_id, rte_tx_callback_fn fn,
	void *user_param);
/**
 * Unlinks a callback. Its memory stays valid, since a burst may still be in it: the caller may rte_free() it once no
 * thread is in a burst function of the queue.
 */
int rte_eth_remove_rx_callback(uint16_t port_id, uint16_t queue_id, const struct rte_eth_rxtx_callback *user_cb);
int rte_eth_remove_tx_callback(uint16_t port_id, uint16_t queue_id, const struct rte_eth_rxtx_callback *user_cb);

/** For the inline burst functions below only. */
uint16_t rte_eth_call_rx_callbacks(uint16_t port_id, uint16_t queue_id, struct rte_mbuf **rx_pkts, uint16_t nb_rx,
	uint16_t nb_pkts, void *opaque);
uint16_t rte_eth_call_tx_callbacks(uint16_t port_id, uint16_t queue_id, struct rte_mbuf **tx_pkts, uint16_t nb_pkts,
	void *opaque);

/* ---- Bursts ---- */

/**
 * Receives up to nb_pkts packets from a queue of a started port; the caller owns them. port_id and queue_id are not
 * checked (except with RTE_ETHDEV_DEBUG_RX). Returns how many.
 */
static inline uint16_t
rte_eth_rx_burst(uint16_t port_id, uint16_t queue_id, struct rte_mbuf **rx_pkts, const uint16_t nb_pkts)
{
	struct rte_eth_fp_ops *ops;
	uint16_t nb_rx;

#ifdef RTE_ETHDEV_DEBUG_RX
	if (port_id >= RTE_MAX_ETHPORTS || queue_id >= RTE_MAX_QUEUES_PER_PORT) {
		RTE_ETHDEV_LOG(ERR, "Receive from port %u queue %u: out of range\n", port_id, queue_id);
		return 0;
	}
	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, 0);
#endif
	ops = &rte_eth_fp_ops[port_id];
	nb_rx = ops->rx_pkt_burst(ops->rxq.data[queue_id], rx_pkts, nb_pkts);
#ifdef RTE_ETHDEV_RXTX_CALLBACKS
	{
		void *callbacks = __atomic_load_n((void **)&ops->rxq.clbk[queue_id], __ATOMIC_ACQUIRE);

		if (unlikely(callbacks != NULL))
			nb_rx = rte_eth_call_rx_callbacks(port_id, queue_id, rx_pkts, nb_rx, nb_pkts, callbacks);
	}
#endif
	return nb_rx;
}

/**
 * Hands up to nb_pkts packets to a queue of a started port. Accepted packets belong to the driver, the rest to the
 * caller. Returns how many were accepted.
 */
static inline uint16_t
rte_eth_tx_burst(uint16_t port_id, uint16_t queue_id, struct rte_mbuf **tx_pkts, uint16_t nb_pkts)
{
	struct rte_eth_fp_ops *ops;

#ifdef RTE_ETHDEV_DEBUG_TX
	if (port_id >= RTE_MAX_ETHPORTS || queue_id >= RTE_MAX_QUEUES_PER_PORT) {
		RTE_ETHDEV_LOG(ERR, "Send to port %u queue %u: out of range\n", port_id, queue_id);
		return 0;
	}
	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, 0);
#endif
	ops = &rte_eth_fp_ops[port_id];
#ifdef RTE_ETHDEV_RXTX_CALLBACKS
	{
		void *callbacks = __atomic_load_n((void **)&ops->txq.clbk[queue_id], __ATOMIC_ACQUIRE);

		if (unlikely(callbacks != NULL))
			nb_pkts = rte_eth_call_tx_callbacks(port_id, queue_id, tx_pkts, nb_pkts, callbacks);
	}
#endif
	return ops->tx_pkt_burst(ops->txq.data[queue_id], tx_pkts, nb_pkts);
}

/**
 * Makes packets with offload requests fit for rte_eth_tx_burst(). Returns how many are; when fewer than nb_pkts,
 * rte_errno says what is wrong with the next one (EINVAL, ENOTSUP).
 */
static inline uint16_t
rte_eth_tx_prepare(uint16_t port_id, uint16_t queue_id, struct rte_mbuf **tx_pkts, uint16_t nb_pkts)
{
	struct rte_eth_fp_ops *ops = &rte_eth_fp_ops[port_id];

	if (ops->tx_pkt_prepare == NULL)
		return nb_pkts;
	return ops->tx_pkt_prepare(ops->txq.data[queue_id], tx_pkts, nb_pkts);
}

/** Received packets that wait in a queue, or -ENOTSUP. */
static inline int
rte_eth_rx_queue_count(uint16_t port_id, uint16_t queue_id)
{
	struct rte_eth_fp_ops *ops = &rte_eth_fp_ops[port_id];

	if (ops->rx_queue_count == NULL)
		return -ENOTSUP;
	return (int)ops->rx_queue_count(ops->rxq.data[queue_id]);
}

#define RTE_ETH_RX_DESC_AVAIL 0   /**< The device may fill it. */
#define RTE_ETH_RX_DESC_DONE 1    /**< A packet waits in it. */
#define RTE_ETH_RX_DESC_UNAVAIL 2 /**< Held by the driver. */

/** State of the descriptor offset places from the next one to receive, or a negative errno. */
static inline int
rte_eth_rx_descriptor_status(uint16_t port_id, uint16_t queue_id, uint16_t offset)
{
	struct rte_eth_fp_ops *ops = &rte_eth_fp_ops[port_id];

	if (ops->rx_descriptor_status == NULL)
		return -ENOTSUP;
	return ops->rx_descriptor_status(ops->rxq.data[queue_id], offset);
}

#define RTE_ETH_TX_DESC_FULL 0    /**< Its packet waits to be sent. */
#define RTE_ETH_TX_DESC_DONE 1    /**< Free for the next packet. */
#define RTE_ETH_TX_DESC_UNAVAIL 2 /**< Held by the driver. */

/** State of the descriptor offset places from the next one to send, or a negative errno. */
static inline int
rte_eth_tx_descriptor_status(uint16_t port_id, uint16_t queue_id, uint16_t offset)
{
	struct rte_eth_fp_ops *ops = &rte_eth_fp_ops[port_id];

	if (ops->tx_descriptor_status == NULL)
		return -ENOTSUP;
	return ops->tx_descriptor_status(ops->txq.data[queue_id], offset);
}

/** Asks the driver to free sent mbufs, free_cnt of them (0 = all it can). Returns how many. */
int rte_eth_tx_done_cleanup(uint16_t port_id, uint16_t queue_id, uint32_t free_cnt);

/* ---- Collecting packets into bursts ---- */

/** Gets the packets a flush could not send; has to free or keep them. */
typedef void (*buffer_tx_error_fn)(struct rte_mbuf **unsent, uint16_t count, void *userdata);

/** Packets on their way to one queue; used by one thread. Allocate RTE_ETH_TX_BUFFER_SIZE(n) bytes. */
struct rte_eth_dev_tx_buffer {
	buffer_tx_error_fn error_callback;
	void *error_userdata;
	uint16_t size;   /**< Packets that make a burst. */
	uint16_t length; /**< Packets collected, less than size between calls. */
	struct rte_mbuf *pkts[];
};
#define RTE_ETH_TX_BUFFER_SIZE(sz) (sizeof(struct rte_eth_dev_tx_buffer) + (sz) * sizeof(struct rte_mbuf *))

/** Empty, with room for size packets; what cannot be sent is dropped unless a callback is set. */
int rte_eth_tx_buffer_init(struct rte_eth_dev_tx_buffer *buffer, uint16_t size);
int rte_eth_tx_buffer_set_err_callback(struct rte_eth_dev_tx_buffer *buffer, buffer_tx_error_fn callback, void *userdata);
/** An error callback that frees the packets. */
void rte_eth_tx_buffer_drop_callback(struct rte_mbuf **pkts, uint16_t unsent, void *userdata);
/** An error callback that frees the packets and adds their number to the uint64_t at userdata. */
void rte_eth_tx_buffer_count_callback(struct rte_mbuf **pkts, uint16_t unsent, void *userdata);

/** Sends what is collected; the rest goes to the error callback. Returns how many were sent. */
static inline uint16_t
rte_eth_tx_buffer_flush(uint16_t port_id, uint16_t queue_id, struct rte_eth_dev_tx_buffer *buffer)
{
	const uint16_t collected = buffer->length;
	uint16_t sent;

	if (collected == 0)
		return 0;
	sent = rte_eth_tx_burst(port_id, queue_id, buffer->pkts, collected);
	buffer->length = 0;
	if (unlikely(sent < collected))
		buffer->error_callback(buffer->pkts + sent, (uint16_t)(collected - sent), buffer->error_userdata);
	return sent;
}

/** Collects one packet and flushes when the burst is full. Returns how many packets were sent. */
static __rte_always_inline uint16_t
rte_eth_tx_buffer(uint16_t port_id, uint16_t queue_id, struct rte_eth_dev_tx_buffer *buffer, struct rte_mbuf *tx_pkt)
{
	buffer->pkts[buffer->length++] = tx_pkt;
	return buffer->length < buffer->size ? 0 : rte_eth_tx_buffer_flush(port_id, queue_id, buffer);
}

#ifdef __cplusplus
}
#endif

#endif
