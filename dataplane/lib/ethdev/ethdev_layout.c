/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where DPDK 22.11 has its members, measured on x86-64. Foreign drivers and applications compile these offsets in, so a change
 * here is a mistake, on both systems. Nothing but checks.
 */
#include <stddef.h>

#include "ethdev_driver.h"

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), "size of " #type)
#define AT(type, member, offset) _Static_assert(offsetof(type, member) == (offset), "place of " #member " in " #type)

/* The fast path. */
SIZE(struct rte_eth_fp_ops, 128);
AT(struct rte_eth_fp_ops, rx_pkt_burst, 0);
AT(struct rte_eth_fp_ops, rx_queue_count, 8);
AT(struct rte_eth_fp_ops, rx_descriptor_status, 16);
AT(struct rte_eth_fp_ops, rxq, 24);
AT(struct rte_eth_fp_ops, tx_pkt_burst, 64);
AT(struct rte_eth_fp_ops, tx_pkt_prepare, 72);
AT(struct rte_eth_fp_ops, tx_descriptor_status, 80);
AT(struct rte_eth_fp_ops, txq, 88);

/* A port. */
SIZE(struct rte_eth_dev, 16512);
AT(struct rte_eth_dev, data, 48);
AT(struct rte_eth_dev, dev_ops, 64);
AT(struct rte_eth_dev, device, 72);
AT(struct rte_eth_dev, intr_handle, 80);
AT(struct rte_eth_dev, link_intr_cbs, 88);
AT(struct rte_eth_dev, post_rx_burst_cbs, 104);
AT(struct rte_eth_dev, pre_tx_burst_cbs, 8296);
AT(struct rte_eth_dev, state, 16488);
AT(struct rte_eth_dev, security_ctx, 16496);

SIZE(struct rte_eth_dev_data, 6144);
AT(struct rte_eth_dev_data, rx_queues, 64);
AT(struct rte_eth_dev_data, tx_queues, 72);
AT(struct rte_eth_dev_data, nb_rx_queues, 80);
AT(struct rte_eth_dev_data, sriov, 84);
AT(struct rte_eth_dev_data, dev_private, 96);
AT(struct rte_eth_dev_data, dev_link, 104);
AT(struct rte_eth_dev_data, dev_conf, 112);
AT(struct rte_eth_dev_data, mtu, 2384);
AT(struct rte_eth_dev_data, rx_mbuf_alloc_failed, 2392);
AT(struct rte_eth_dev_data, mac_addrs, 2400);
AT(struct rte_eth_dev_data, hash_mac_addrs, 3432);
AT(struct rte_eth_dev_data, port_id, 3440);
AT(struct rte_eth_dev_data, rx_queue_state, 3443);
AT(struct rte_eth_dev_data, tx_queue_state, 4467);
AT(struct rte_eth_dev_data, dev_flags, 5492);
AT(struct rte_eth_dev_data, numa_node, 5496);
AT(struct rte_eth_dev_data, vlan_filter_conf, 5504);
AT(struct rte_eth_dev_data, owner, 6016);
AT(struct rte_eth_dev_data, representor_id, 6088);
AT(struct rte_eth_dev_data, backer_port_id, 6090);
AT(struct rte_eth_dev_data, flow_ops_mutex, 6096);

/* A driver's operations: first, last and some between. */
SIZE(struct eth_dev_ops, 904);
AT(struct eth_dev_ops, dev_configure, 0);
AT(struct eth_dev_ops, mtu_set, 136);
AT(struct eth_dev_ops, dev_infos_get, 192);
AT(struct eth_dev_ops, rx_queue_setup, 328);
AT(struct eth_dev_ops, tx_queue_setup, 360);
AT(struct eth_dev_ops, flow_ops_get, 560);
AT(struct eth_dev_ops, xstats_get_by_id, 640);
AT(struct eth_dev_ops, get_monitor_addr, 776);
AT(struct eth_dev_ops, cman_config_get, 896);
SIZE(struct rte_eth_rxtx_callback, 24);

/* What applications fill and read. */
SIZE(struct rte_eth_link, 8);
SIZE(struct rte_eth_stats, 704);
SIZE(struct rte_eth_xstat, 16);
SIZE(struct rte_eth_rxmode, 56);
SIZE(struct rte_eth_txmode, 56);
SIZE(struct rte_eth_rxconf, 80);
SIZE(struct rte_eth_txconf, 56);
SIZE(struct rte_eth_rxq_info, 128);
SIZE(struct rte_eth_txq_info, 64);
SIZE(struct rte_eth_dev_tx_buffer, 24);
SIZE(struct rte_eth_conf, 2272);
AT(struct rte_eth_conf, rxmode, 8);
AT(struct rte_eth_conf, txmode, 64);
AT(struct rte_eth_conf, lpbk_mode, 120);
AT(struct rte_eth_conf, rx_adv_conf, 128);
AT(struct rte_eth_conf, tx_adv_conf, 2248);
AT(struct rte_eth_conf, intr_conf, 2264);
SIZE(struct rte_eth_dev_info, 376);
AT(struct rte_eth_dev_info, rx_offload_capa, 72);
AT(struct rte_eth_dev_info, default_rxconf, 120);
AT(struct rte_eth_dev_info, rx_desc_lim, 262);
AT(struct rte_eth_dev_info, speed_capa, 284);
AT(struct rte_eth_dev_info, dev_capa, 312);
AT(struct rte_eth_dev_info, err_handle_mode, 336);
