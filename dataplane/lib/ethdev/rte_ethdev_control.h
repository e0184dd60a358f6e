/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Steering and shaping of a port's traffic: VLANs, flow control, hashing, address lists, tunnels, rates. All of it is the
 * device's work: a port whose driver lacks the operation answers -ENOTSUP. Values and shapes as in DPDK 22.11; include
 * through rte_ethdev.h, whose rules on threads and errors hold here.
 */
#ifndef WDPDK_RTE_ETHDEV_CONTROL_H
#define WDPDK_RTE_ETHDEV_CONTROL_H

#include <stdint.h>

#include <rte_ether.h>

#include "rte_ethdev_conf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- VLAN ---- */

/** Lets a VLAN (0 to 4095) in or keeps it out; -ENOSYS while the port does not filter (VLAN_FILTER offload). */
int rte_eth_dev_vlan_filter(uint16_t port_id, uint16_t vlan_id, int on);
/** Takes tags off on one queue. */
int rte_eth_dev_set_vlan_strip_on_queue(uint16_t port_id, uint16_t rx_queue_id, int on);
/** The EtherType by which the device knows an inner or outer tag. */
int rte_eth_dev_set_vlan_ether_type(uint16_t port_id, enum rte_vlan_type vlan_type, uint16_t tag_type);
/** Makes exactly these RTE_ETH_VLAN_*_OFFLOAD and RTE_ETH_QINQ_STRIP_OFFLOAD active; -EINVAL for one it does not offer. */
int rte_eth_dev_set_vlan_offload(uint16_t port_id, int offload_mask);
/** Those that are active, or a negative errno. */
int rte_eth_dev_get_vlan_offload(uint16_t port_id);
/** The VLAN that the device puts on frames without a tag. */
int rte_eth_dev_set_vlan_pvid(uint16_t port_id, uint16_t pvid, int on);

/* ---- Flow control ---- */

/** Which side of a link sends PAUSE frames. */
enum rte_eth_fc_mode {
	RTE_ETH_FC_NONE = 0,
	RTE_ETH_FC_RX_PAUSE, /**< Ours does, when it cannot receive. */
	RTE_ETH_FC_TX_PAUSE, /**< The peer's stop our transmit. */
	RTE_ETH_FC_FULL,
};

/** Flow control of a port. */
struct rte_eth_fc_conf {
	uint32_t high_water;        /**< KiB in use from which on XOFF is sent. */
	uint32_t low_water;         /**< KiB in use below which XON is sent. */
	uint16_t pause_time;        /**< In quanta of 512 bit times. */
	uint16_t send_xon;          /**< 1: say XON, too. 0 or 1. */
	enum rte_eth_fc_mode mode;
	uint8_t mac_ctrl_frame_fwd; /**< 1: MAC control frames reach the application. */
	uint8_t autoneg;            /**< 1: agree with the peer. */
};

/** Flow control of one priority. */
struct rte_eth_pfc_conf {
	struct rte_eth_fc_conf fc;
	uint8_t priority; /**< 0 to 7. */
};

/** What a port can do for flow control by queue. */
struct rte_eth_pfc_queue_info {
	uint8_t tc_max; /**< Traffic classes. */
	enum rte_eth_fc_mode mode_capa;
};

/** Flow control of a queue: which of ours stops for a class, and which of ours makes the peer stop it. */
struct rte_eth_pfc_queue_conf {
	enum rte_eth_fc_mode mode;
	struct {
		uint16_t tx_qid;
		uint8_t tc;
	} rx_pause;
	struct {
		uint16_t pause_time;
		uint16_t rx_qid;
		uint8_t tc;
	} tx_pause;
};

int rte_eth_dev_flow_ctrl_get(uint16_t port_id, struct rte_eth_fc_conf *fc_conf);
/** -EINVAL for a send_xon that is neither 0 nor 1. */
int rte_eth_dev_flow_ctrl_set(uint16_t port_id, struct rte_eth_fc_conf *fc_conf);
/** -EINVAL for a priority above 7. */
int rte_eth_dev_priority_flow_ctrl_set(uint16_t port_id, struct rte_eth_pfc_conf *pfc_conf);
int rte_eth_dev_priority_flow_ctrl_queue_info_get(uint16_t port_id, struct rte_eth_pfc_queue_info *pfc_queue_info);
/** -EINVAL for a mode, queue or class the port does not have. */
int rte_eth_dev_priority_flow_ctrl_queue_configure(uint16_t port_id, struct rte_eth_pfc_queue_conf *pfc_queue_conf);

/* ---- Hashing ---- */

/** Changes key or fields of a port that was configured with an RSS mode (else -ENOTSUP); -EINVAL for fields it lacks. */
int rte_eth_dev_rss_hash_update(uint16_t port_id, struct rte_eth_rss_conf *rss_conf);
/** The fields in force, and the key if rss_key has room for it. */
int rte_eth_dev_rss_hash_conf_get(uint16_t port_id, struct rte_eth_rss_conf *rss_conf);
/**
 * Changes those of reta_size entries of the redirection table whose mask bit is set. -EINVAL when none is, or for a queue
 * the port does not have; -ENOTSUP when it was not configured with an RSS mode.
 */
int rte_eth_dev_rss_reta_update(uint16_t port_id, struct rte_eth_rss_reta_entry64 *reta_conf, uint16_t reta_size);
/** Reads those entries. */
int rte_eth_dev_rss_reta_query(uint16_t port_id, struct rte_eth_rss_reta_entry64 *reta_conf, uint16_t reta_size);

/* ---- Addresses ---- */

/** Replaces the multicast addresses the port receives; NULL and 0 remove them all. */
int rte_eth_dev_set_mc_addr_list(uint16_t port_id, struct rte_ether_addr *mc_addr_set, uint32_t nb_mc_addr);
/** Adds or takes a unicast address in the device's hash filter; -ENOSPC when it is full. */
int rte_eth_dev_uc_hash_table_set(uint16_t port_id, struct rte_ether_addr *addr, uint8_t on);
/** Lets every unicast hash in, or none. */
int rte_eth_dev_uc_all_hash_table_set(uint16_t port_id, uint8_t on);

/* ---- Tunnels ---- */

enum rte_eth_tunnel_type {
	RTE_ETH_TUNNEL_TYPE_NONE = 0,
	RTE_ETH_TUNNEL_TYPE_VXLAN,
	RTE_ETH_TUNNEL_TYPE_GENEVE,
	RTE_ETH_TUNNEL_TYPE_TEREDO,
	RTE_ETH_TUNNEL_TYPE_NVGRE,
	RTE_ETH_TUNNEL_TYPE_IP_IN_GRE,
	RTE_ETH_L2_TUNNEL_TYPE_E_TAG,
	RTE_ETH_TUNNEL_TYPE_VXLAN_GPE,
	RTE_ETH_TUNNEL_TYPE_ECPRI,
	RTE_ETH_TUNNEL_TYPE_MAX,
};

/** A UDP port behind which the device finds a tunnel. */
struct rte_eth_udp_tunnel {
	uint16_t udp_port;
	uint8_t prot_type; /**< enum rte_eth_tunnel_type. */
};

int rte_eth_dev_udp_tunnel_port_add(uint16_t port_id, struct rte_eth_udp_tunnel *tunnel_udp);
int rte_eth_dev_udp_tunnel_port_delete(uint16_t port_id, struct rte_eth_udp_tunnel *tunnel_udp);

/* ---- Queues ---- */

/** Which per-queue counter (below RTE_ETHDEV_QUEUE_STAT_CNTRS) counts a queue. */
int rte_eth_dev_set_rx_queue_stats_mapping(uint16_t port_id, uint16_t rx_queue_id, uint8_t stat_idx);
int rte_eth_dev_set_tx_queue_stats_mapping(uint16_t port_id, uint16_t tx_queue_id, uint8_t stat_idx);
/** The most a queue sends, Mbit/s; -EINVAL above the link's speed. */
int rte_eth_set_queue_rate_limit(uint16_t port_id, uint16_t queue_idx, uint32_t tx_rate);
/** Per cent (0 to 99) of free descriptors below which RTE_ETH_EVENT_RX_AVAIL_THRESH is told; 0 = never. */
int rte_eth_rx_avail_thresh_set(uint16_t port_id, uint16_t queue_id, uint8_t avail_thresh);
/** The next queue from *queue_id on that told it: 1 with *queue_id set, 0 when there is none. */
int rte_eth_rx_avail_thresh_query(uint16_t port_id, uint16_t *queue_id, uint8_t *avail_thresh);
/** Packets on a queue interrupt, or do not. */
int rte_eth_dev_rx_intr_enable(uint16_t port_id, uint16_t queue_id);
int rte_eth_dev_rx_intr_disable(uint16_t port_id, uint16_t queue_id);
/**
 * Adds a queue's interrupt to an epoll instance or takes it out (RTE_INTR_EVENT_ADD, _DEL); -ENOTSUP when the port has no
 * interrupts, -EPERM when they do not tell queues apart. Without a queue: all of the port's.
 */
int rte_eth_dev_rx_intr_ctl_q(uint16_t port_id, uint16_t queue_id, int epfd, int op, void *data);
int rte_eth_dev_rx_intr_ctl(uint16_t port_id, int epfd, int op, void *data);
/** The descriptor that tells of packets on a queue, or -1. */
int rte_eth_dev_rx_intr_ctl_q_get_fd(uint16_t port_id, uint16_t queue_id);

#define RTE_ETH_DCB_NUM_TCS 8
#define RTE_ETH_MAX_VMDQ_POOL 64

/** First queue and number of queues of each traffic class of each pool. */
struct rte_eth_dcb_tc_queue_mapping {
	struct {
		uint16_t base;
		uint16_t nb_queue;
	} tc_rxq[RTE_ETH_MAX_VMDQ_POOL][RTE_ETH_DCB_NUM_TCS];
	struct {
		uint16_t base;
		uint16_t nb_queue;
	} tc_txq[RTE_ETH_MAX_VMDQ_POOL][RTE_ETH_DCB_NUM_TCS];
};

struct rte_eth_dcb_info {
	uint8_t nb_tcs;
	uint8_t prio_tc[RTE_ETH_DCB_NUM_USER_PRIORITIES]; /**< Class of each priority. */
	uint8_t tc_bws[RTE_ETH_DCB_NUM_TCS];              /**< Per cent of the bandwidth of each class. */
	struct rte_eth_dcb_tc_queue_mapping tc_queue;
};

int rte_eth_dev_get_dcb_info(uint16_t port_id, struct rte_eth_dcb_info *dcb_info);

/* ---- Queues that send what another receives, inside the device ---- */

#define RTE_ETH_MAX_HAIRPIN_PEERS 32

struct rte_eth_hairpin_queue_cap {
	uint32_t locked_device_memory : 1;
	uint32_t rte_memory : 1;
	uint32_t reserved : 30;
};

struct rte_eth_hairpin_cap {
	uint16_t max_nb_queues;
	uint16_t max_rx_2_tx; /**< Receive queues a transmit queue can have as peers. */
	uint16_t max_tx_2_rx;
	uint16_t max_nb_desc;
	struct rte_eth_hairpin_queue_cap rx_cap;
	struct rte_eth_hairpin_queue_cap tx_cap;
};

struct rte_eth_hairpin_peer {
	uint16_t port;
	uint16_t queue;
};

struct rte_eth_hairpin_conf {
	uint32_t peer_count : 16;
	uint32_t tx_explicit : 1; /**< The application makes the flow rule of the transmit side. */
	uint32_t manual_bind : 1; /**< The application binds. */
	uint32_t use_locked_device_memory : 1;
	uint32_t use_rte_memory : 1;
	uint32_t force_memory : 1; /**< Fail rather than use another memory. */
	uint32_t reserved : 11;
	struct rte_eth_hairpin_peer peers[RTE_ETH_MAX_HAIRPIN_PEERS];
};

int rte_eth_dev_hairpin_capability_get(uint16_t port_id, struct rte_eth_hairpin_cap *cap);
/** As the set-up of a plain queue; nb_desc 0 is the most the port can; -EINVAL beyond its capabilities. */
int rte_eth_rx_hairpin_queue_setup(uint16_t port_id, uint16_t rx_queue_id, uint16_t nb_rx_desc,
	const struct rte_eth_hairpin_conf *conf);
int rte_eth_tx_hairpin_queue_setup(uint16_t port_id, uint16_t tx_queue_id, uint16_t nb_tx_desc,
	const struct rte_eth_hairpin_conf *conf);
/** Ports at the other end of this one's hairpin queues: direction 1 those it sends for, 0 those that send for it. */
int rte_eth_hairpin_get_peer_ports(uint16_t port_id, uint16_t *peer_ports, size_t len, uint32_t direction);
/** Joins the queues of two started ports (RTE_MAX_ETHPORTS: all); -EBUSY when tx_port is not started. */
int rte_eth_hairpin_bind(uint16_t tx_port, uint16_t rx_port);
int rte_eth_hairpin_unbind(uint16_t tx_port, uint16_t rx_port);

#ifdef __cplusplus
}
#endif

#endif
