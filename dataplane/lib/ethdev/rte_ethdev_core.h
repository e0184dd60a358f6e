/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The fast path's view of a port: what rte_eth_rx_burst() and its kin, compiled into the application, read.
 * Layout as in DPDK 22.11; include through rte_ethdev.h.
 */
#ifndef WDPDK_RTE_ETHDEV_CORE_H
#define WDPDK_RTE_ETHDEV_CORE_H

#include <pthread.h>
#include <stdint.h>

#include <rte_common.h>
#include <rte_config.h>
#include <rte_tailq.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_mbuf;
struct rte_eth_dev;
struct rte_eth_dev_callback;
RTE_TAILQ_HEAD(rte_eth_dev_cb_list, rte_eth_dev_callback);

/** Takes up to nb_pkts received packets off a queue; the caller owns them afterwards. Returns how many. */
typedef uint16_t (*eth_rx_burst_t)(void *rxq, struct rte_mbuf **rx_pkts, uint16_t nb_pkts);
/** Accepts up to nb_pkts packets for sending; the driver owns the accepted ones. Returns how many. */
typedef uint16_t (*eth_tx_burst_t)(void *txq, struct rte_mbuf **tx_pkts, uint16_t nb_pkts);
/** Makes packets fit for the offloads they ask for. Returns how many are fit; rte_errno says why the next is not. */
typedef uint16_t (*eth_tx_prep_t)(void *txq, struct rte_mbuf **tx_pkts, uint16_t nb_pkts);
/** Descriptors that hold a received packet. */
typedef uint32_t (*eth_rx_queue_count_t)(void *rxq);
/** RTE_ETH_RX_DESC_* of the descriptor offset places ahead, or a negative errno. */
typedef int (*eth_rx_descriptor_status_t)(void *rxq, uint16_t offset);
/** RTE_ETH_TX_DESC_* of the descriptor offset places ahead, or a negative errno. */
typedef int (*eth_tx_descriptor_status_t)(void *txq, uint16_t offset);

/** Per-queue pointers of one direction, indexed by queue. */
struct rte_ethdev_qdata {
	void **data; /**< The driver's queue objects. */
	void **clbk; /**< Heads of the callback chains, NULL where there is none. */
};

/** One port's fast path: a cache line for receive, one for transmit. */
struct rte_eth_fp_ops {
	eth_rx_burst_t rx_pkt_burst;
	eth_rx_queue_count_t rx_queue_count;
	eth_rx_descriptor_status_t rx_descriptor_status;
	struct rte_ethdev_qdata rxq;
	uintptr_t reserved1[3];

	eth_tx_burst_t tx_pkt_burst;
	eth_tx_prep_t tx_pkt_prepare;
	eth_tx_descriptor_status_t tx_descriptor_status;
	struct rte_ethdev_qdata txq;
	uintptr_t reserved2[3];
} __rte_cache_aligned;

/** Indexed by port. A port that is not started has burst functions that move nothing and set rte_errno to ENOTSUP. */
extern struct rte_eth_fp_ops rte_eth_fp_ops[RTE_MAX_ETHPORTS];

#ifdef __cplusplus
}
#endif

#endif
