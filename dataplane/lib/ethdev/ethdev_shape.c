/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Flow control, address filters, tunnels, rates, and per-queue settings of a port.
 */
#include <string.h>

#include <rte_ether.h>

#include "ethdev_private.h"

/* ---- Flow control ---- */

int
rte_eth_dev_flow_ctrl_get(uint16_t port_id, struct rte_eth_fc_conf *fc_conf)
{
	if (fc_conf != NULL && rte_eth_dev_is_valid_port(port_id))
		memset(fc_conf, 0, sizeof(*fc_conf));
	ETHDEV_CALL(port_id, fc_conf != NULL, flow_ctrl_get, dev, fc_conf);
}

int
rte_eth_dev_flow_ctrl_set(uint16_t port_id, struct rte_eth_fc_conf *fc_conf)
{
	ETHDEV_CALL(port_id, fc_conf != NULL && fc_conf->send_xon <= 1, flow_ctrl_set, dev, fc_conf);
}

int
rte_eth_dev_priority_flow_ctrl_set(uint16_t port_id, struct rte_eth_pfc_conf *pfc_conf)
{
	ETHDEV_CALL(port_id, pfc_conf != NULL && pfc_conf->priority < RTE_ETH_DCB_NUM_USER_PRIORITIES, priority_flow_ctrl_set,
		dev, pfc_conf);
}

int
rte_eth_dev_priority_flow_ctrl_queue_info_get(uint16_t port_id, struct rte_eth_pfc_queue_info *pfc_queue_info)
{
	ETHDEV_CALL(port_id, pfc_queue_info != NULL, priority_flow_ctrl_queue_info_get, dev, pfc_queue_info);
}

/* Whether a port that can `offered` can do `mode`: full is either, and either is not the other. */
static bool
offers(enum rte_eth_fc_mode offered, enum rte_eth_fc_mode mode)
{
	return offered == RTE_ETH_FC_FULL || mode == RTE_ETH_FC_NONE || mode == offered;
}

static bool
pfc_fits(const struct rte_eth_dev *dev, const struct rte_eth_pfc_queue_info *info, const struct rte_eth_pfc_queue_conf *conf)
{
	const bool rx = conf->mode == RTE_ETH_FC_RX_PAUSE || conf->mode == RTE_ETH_FC_FULL;
	const bool tx = conf->mode == RTE_ETH_FC_TX_PAUSE || conf->mode == RTE_ETH_FC_FULL;

	if ((unsigned int)conf->mode > RTE_ETH_FC_FULL || !offers(info->mode_capa, conf->mode))
		return false;
	if (rx && (conf->rx_pause.tx_qid >= dev->data->nb_tx_queues || conf->rx_pause.tc >= info->tc_max))
		return false;
	return !tx || (conf->tx_pause.rx_qid < dev->data->nb_rx_queues && conf->tx_pause.tc < info->tc_max);
}

int
rte_eth_dev_priority_flow_ctrl_queue_configure(uint16_t port_id, struct rte_eth_pfc_queue_conf *pfc_queue_conf)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);
	struct rte_eth_pfc_queue_info info = {0};
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (pfc_queue_conf == NULL)
		return ethdev_unsound(dev, __func__);
	error = rte_eth_dev_priority_flow_ctrl_queue_info_get(port_id, &info);
	if (error != 0)
		return error;
	if (info.tc_max == 0 || dev->dev_ops->priority_flow_ctrl_queue_config == NULL)
		return -ENOTSUP;
	if (!pfc_fits(dev, &info, pfc_queue_conf))
		return ethdev_unsound(dev, __func__);
	return ethdev_error(dev, dev->dev_ops->priority_flow_ctrl_queue_config(dev, pfc_queue_conf));
}

/* ---- Addresses and tunnels ---- */

int
rte_eth_dev_set_mc_addr_list(uint16_t port_id, struct rte_ether_addr *mc_addr_set, uint32_t nb_mc_addr)
{
	ETHDEV_CALL(port_id, mc_addr_set != NULL || nb_mc_addr == 0, set_mc_addr_list, dev, mc_addr_set, nb_mc_addr);
}

/* The entry of the hash filter that holds an address, or NULL. */
static struct rte_ether_addr *
hashed_address(const struct rte_eth_dev *dev, const struct rte_ether_addr *address)
{
	struct rte_eth_dev_info info;

	if (dev->data->hash_mac_addrs == NULL || rte_eth_dev_info_get(dev->data->port_id, &info) != 0)
		return NULL;
	for (uint32_t i = 0; i < info.max_hash_mac_addrs; i++)
		if (rte_is_same_ether_addr(&dev->data->hash_mac_addrs[i], address))
			return &dev->data->hash_mac_addrs[i];
	return NULL;
}

int
rte_eth_dev_uc_hash_table_set(uint16_t port_id, struct rte_ether_addr *addr, uint8_t on)
{
	static const struct rte_ether_addr free_entry;
	struct rte_eth_dev *dev = ethdev_port(port_id);
	struct rte_ether_addr *entry;
	int error;

	if (dev == NULL)
		return -ENODEV;
	if (addr == NULL || rte_is_zero_ether_addr(addr))
		return ethdev_unsound(dev, __func__);
	if (dev->dev_ops->uc_hash_table_set == NULL)
		return -ENOTSUP;
	entry = hashed_address(dev, addr);
	if (entry != NULL && on)
		return 0;
	if (entry == NULL && !on)
		return ethdev_unsound(dev, __func__);
	if (entry == NULL)
		entry = hashed_address(dev, &free_entry);
	if (entry == NULL) {
		RTE_ETHDEV_LOG(ERR, "%s has no room for another hashed address\n", ethdev_label(dev));
		return -ENOSPC;
	}
	error = dev->dev_ops->uc_hash_table_set(dev, addr, on);
	if (error == 0)
		*entry = on ? *addr : free_entry;
	return ethdev_error(dev, error);
}

int
rte_eth_dev_uc_all_hash_table_set(uint16_t port_id, uint8_t on)
{
	ETHDEV_CALL(port_id, true, uc_all_hash_table_set, dev, on);
}

int
rte_eth_dev_udp_tunnel_port_add(uint16_t port_id, struct rte_eth_udp_tunnel *tunnel_udp)
{
	ETHDEV_CALL(port_id, tunnel_udp != NULL && tunnel_udp->prot_type < RTE_ETH_TUNNEL_TYPE_MAX, udp_tunnel_port_add, dev,
		tunnel_udp);
}

int
rte_eth_dev_udp_tunnel_port_delete(uint16_t port_id, struct rte_eth_udp_tunnel *tunnel_udp)
{
	ETHDEV_CALL(port_id, tunnel_udp != NULL && tunnel_udp->prot_type < RTE_ETH_TUNNEL_TYPE_MAX, udp_tunnel_port_del, dev,
		tunnel_udp);
}

/* ---- Queues ---- */

int
rte_eth_dev_set_rx_queue_stats_mapping(uint16_t port_id, uint16_t rx_queue_id, uint8_t stat_idx)
{
	ETHDEV_CALL(port_id, rx_queue_id < dev->data->nb_rx_queues && stat_idx < RTE_ETHDEV_QUEUE_STAT_CNTRS,
		queue_stats_mapping_set, dev, rx_queue_id, stat_idx, 1);
}

int
rte_eth_dev_set_tx_queue_stats_mapping(uint16_t port_id, uint16_t tx_queue_id, uint8_t stat_idx)
{
	ETHDEV_CALL(port_id, tx_queue_id < dev->data->nb_tx_queues && stat_idx < RTE_ETHDEV_QUEUE_STAT_CNTRS,
		queue_stats_mapping_set, dev, tx_queue_id, stat_idx, 0);
}

int
rte_eth_set_queue_rate_limit(uint16_t port_id, uint16_t queue_idx, uint32_t tx_rate)
{
	ETHDEV_CALL(port_id, queue_idx < dev->data->nb_tx_queues && tx_rate <= dev->data->dev_link.link_speed,
		set_queue_rate_limit, dev, queue_idx, tx_rate);
}

int
rte_eth_rx_avail_thresh_set(uint16_t port_id, uint16_t queue_id, uint8_t avail_thresh)
{
	ETHDEV_CALL(port_id, queue_id < dev->data->nb_rx_queues && avail_thresh <= 99, rx_queue_avail_thresh_set, dev, queue_id,
		avail_thresh);
}

int
rte_eth_rx_avail_thresh_query(uint16_t port_id, uint16_t *queue_id, uint8_t *avail_thresh)
{
	struct rte_eth_dev *dev = ethdev_port(port_id);

	if (dev == NULL)
		return -ENODEV;
	if (queue_id == NULL)
		return ethdev_unsound(dev, __func__);
	/* A walk goes round. */
	if (*queue_id >= dev->data->nb_rx_queues)
		*queue_id = 0;
	if (dev->dev_ops->rx_queue_avail_thresh_query == NULL)
		return -ENOTSUP;
	return ethdev_error(dev, dev->dev_ops->rx_queue_avail_thresh_query(dev, queue_id, avail_thresh));
}

int
rte_eth_dev_get_dcb_info(uint16_t port_id, struct rte_eth_dcb_info *dcb_info)
{
	if (dcb_info != NULL && rte_eth_dev_is_valid_port(port_id))
		memset(dcb_info, 0, sizeof(*dcb_info));
	ETHDEV_CALL(port_id, dcb_info != NULL, get_dcb_info, dev, dcb_info);
}
