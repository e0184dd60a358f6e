/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the port can do, and what its firmware and NVM are.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bus_pci_driver.h>

#include "i40e_ids.h"
#include "i40e_port.h"

int
i40e_infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info)
{
	const struct i40e_port *port = i40e_port_of(dev);

	info->min_rx_bufsize = 1024;
	info->max_rx_pktlen = I40E_MAX_FRAME;
	info->max_mtu = I40E_MAX_FRAME - I40E_FRAME_OVERHEAD;
	info->min_mtu = RTE_ETHER_MIN_MTU;
	info->max_rx_queues = port->queues;
	info->max_tx_queues = port->queues;
	info->max_mac_addrs = I40E_MAX_MACS;
	info->rx_queue_offload_capa = 0;
	info->rx_offload_capa = RTE_ETH_RX_OFFLOAD_VLAN_STRIP | RTE_ETH_RX_OFFLOAD_VLAN_FILTER | RTE_ETH_RX_OFFLOAD_IPV4_CKSUM |
		RTE_ETH_RX_OFFLOAD_UDP_CKSUM | RTE_ETH_RX_OFFLOAD_TCP_CKSUM | RTE_ETH_RX_OFFLOAD_SCTP_CKSUM |
		RTE_ETH_RX_OFFLOAD_OUTER_IPV4_CKSUM | RTE_ETH_RX_OFFLOAD_KEEP_CRC | RTE_ETH_RX_OFFLOAD_SCATTER |
		RTE_ETH_RX_OFFLOAD_RSS_HASH;
	info->tx_queue_offload_capa = RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;
	info->tx_offload_capa = info->tx_queue_offload_capa | RTE_ETH_TX_OFFLOAD_VLAN_INSERT | RTE_ETH_TX_OFFLOAD_IPV4_CKSUM |
		RTE_ETH_TX_OFFLOAD_UDP_CKSUM | RTE_ETH_TX_OFFLOAD_TCP_CKSUM | RTE_ETH_TX_OFFLOAD_SCTP_CKSUM |
		RTE_ETH_TX_OFFLOAD_OUTER_IPV4_CKSUM | RTE_ETH_TX_OFFLOAD_TCP_TSO | RTE_ETH_TX_OFFLOAD_VXLAN_TNL_TSO |
		RTE_ETH_TX_OFFLOAD_GRE_TNL_TSO | RTE_ETH_TX_OFFLOAD_IPIP_TNL_TSO | RTE_ETH_TX_OFFLOAD_GENEVE_TNL_TSO |
		RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
	info->dev_capa = RTE_ETH_DEV_CAPA_RUNTIME_RX_QUEUE_SETUP | RTE_ETH_DEV_CAPA_RUNTIME_TX_QUEUE_SETUP;
	info->hash_key_size = I40E_RSS_KEY;
	info->reta_size = I40E_LUT_SIZE;
	info->flow_type_rss_offloads = I40E_RSS_TYPES;
	info->default_rxconf = (struct rte_eth_rxconf){.rx_free_thresh = I40E_BATCH, .rx_thresh = {.pthresh = 8, .hthresh = 8}};
	info->default_txconf = (struct rte_eth_txconf){.tx_free_thresh = I40E_BATCH, .tx_rs_thresh = I40E_BATCH,
		.tx_thresh = {.pthresh = 32}};
	info->rx_desc_lim = (struct rte_eth_desc_lim){.nb_max = I40E_MAX_DESCRIPTORS, .nb_min = I40E_MIN_DESCRIPTORS,
		.nb_align = I40E_BATCH};
	info->tx_desc_lim = info->rx_desc_lim;
	info->tx_desc_lim.nb_seg_max = UINT8_MAX;
	info->tx_desc_lim.nb_mtu_seg_max = I40E_TX_MAX_SEGMENTS;
	info->speed_capa = i40e_speeds_of(RTE_ETH_DEV_TO_PCI(dev)->id.device_id);
	info->default_rxportconf = (struct rte_eth_dev_portconf){.burst_size = 32, .ring_size = 1024,
		.nb_queues = info->speed_capa & RTE_ETH_LINK_SPEED_40G ? 2 : 1};
	info->default_txportconf = info->default_rxportconf;
	return 0;
}

const uint32_t *
i40e_supported_ptypes(struct rte_eth_dev *dev)
{
	RTE_SET_USED(dev);
	return i40e_ptype_list;
}

int
i40e_fw_version(struct rte_eth_dev *dev, char *text, size_t size)
{
	const struct i40e_hw *hw = &i40e_port_of(dev)->hw;
	char all[64];
	const int length = snprintf(all, sizeof(all), "%u.%02x 0x%08x %u.%u.%u", hw->nvm_version >> 12, hw->nvm_version >> 4 & 0xFF,
		hw->eetrack, hw->oem >> 24, hw->oem >> 8 & 0xFFFF, hw->oem & 0xFF);

	/* More than there is room for: how much there would have to be. */
	if (size < (size_t)length + 1)
		return length + 1;
	memcpy(text, all, (size_t)length + 1);
	return 0;
}

int
i40e_eeprom_length(struct rte_eth_dev *dev)
{
	return (int)(i40e_port_of(dev)->hw.nvm_words * 2);
}

int
i40e_eeprom_get(struct rte_eth_dev *dev, struct rte_dev_eeprom_info *info)
{
	struct i40e_hw *hw = &i40e_port_of(dev)->hw;
	const uint32_t first = info->offset / 2;
	int error = 0;

	if (info->length == 0 || info->offset % 2 != 0 || info->length % 2 != 0 || info->offset >= hw->nvm_words * 2 ||
			info->length > hw->nvm_words * 2 - info->offset)
		return -EINVAL;
	info->magic = RTE_ETH_DEV_TO_PCI(dev)->id.vendor_id | (uint32_t)RTE_ETH_DEV_TO_PCI(dev)->id.device_id << 16;
	/* In parts, as other functions of the card wait for their turn meanwhile. */
	for (uint32_t done = 0; done < info->length / 2 && error == 0;) {
		uint16_t words[256];
		const uint32_t part = RTE_MIN(info->length / 2 - done, (uint32_t)RTE_DIM(words));

		error = i40e_nvm_read(hw, first + done, part, words);
		if (error == 0)
			memcpy((uint8_t *)info->data + (size_t)done * 2, words, part * 2u);
		done += part;
	}
	return error;
}
