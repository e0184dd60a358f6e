/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Words for bits and speeds, for messages.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ethdev_private.h"

struct bit_name {
	uint64_t bit;
	const char *name;
};

#define RX(x) {RTE_ETH_RX_OFFLOAD_##x, #x}
static const struct bit_name rx_offloads[] = {
	RX(VLAN_STRIP), RX(IPV4_CKSUM), RX(UDP_CKSUM), RX(TCP_CKSUM), RX(TCP_LRO), RX(QINQ_STRIP), RX(OUTER_IPV4_CKSUM),
	RX(MACSEC_STRIP), RX(VLAN_FILTER), RX(VLAN_EXTEND), RX(SCATTER), RX(TIMESTAMP), RX(SECURITY), RX(KEEP_CRC),
	RX(SCTP_CKSUM), RX(OUTER_UDP_CKSUM), RX(RSS_HASH), RX(BUFFER_SPLIT),
};

#define TX(x) {RTE_ETH_TX_OFFLOAD_##x, #x}
static const struct bit_name tx_offloads[] = {
	TX(VLAN_INSERT), TX(IPV4_CKSUM), TX(UDP_CKSUM), TX(TCP_CKSUM), TX(SCTP_CKSUM), TX(TCP_TSO), TX(UDP_TSO),
	TX(OUTER_IPV4_CKSUM), TX(QINQ_INSERT), TX(VXLAN_TNL_TSO), TX(GRE_TNL_TSO), TX(IPIP_TNL_TSO), TX(GENEVE_TNL_TSO),
	TX(MACSEC_INSERT), TX(MT_LOCKFREE), TX(MULTI_SEGS), TX(MBUF_FAST_FREE), TX(SECURITY), TX(UDP_TNL_TSO),
	TX(IP_TNL_TSO), TX(OUTER_UDP_CKSUM), TX(SEND_ON_TIMESTAMP),
};

#define CAPA(x) {RTE_ETH_DEV_CAPA_##x, #x}
static const struct bit_name capabilities[] = {
	CAPA(RUNTIME_RX_QUEUE_SETUP), CAPA(RUNTIME_TX_QUEUE_SETUP), CAPA(RXQ_SHARE), CAPA(FLOW_RULE_KEEP),
	CAPA(FLOW_SHARED_OBJECT_KEEP),
};

static const char *
name_of(const struct bit_name *table, size_t entries, uint64_t bit)
{
	for (size_t i = 0; i < entries; i++)
		if (table[i].bit == bit)
			return table[i].name;
	return "UNKNOWN";
}

const char *
rte_eth_dev_rx_offload_name(uint64_t offload)
{
	return name_of(rx_offloads, RTE_DIM(rx_offloads), offload);
}

const char *
rte_eth_dev_tx_offload_name(uint64_t offload)
{
	return name_of(tx_offloads, RTE_DIM(tx_offloads), offload);
}

const char *
rte_eth_dev_capability_name(uint64_t capability)
{
	return name_of(capabilities, RTE_DIM(capabilities), capability);
}

const char *
ethdev_names(char *text, size_t size, uint64_t bits, const char *(*name)(uint64_t bit))
{
	size_t used = 0;

	snprintf(text, size, "none");
	for (; bits != 0 && used < size; bits &= bits - 1)
		used += snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", name(bits & -bits));
	return text;
}

struct speed {
	uint32_t mbps;
	uint32_t flag;
	uint32_t half_duplex_flag;
	const char *words;
};

static const struct speed speeds[] = {
	{RTE_ETH_SPEED_NUM_10M, RTE_ETH_LINK_SPEED_10M, RTE_ETH_LINK_SPEED_10M_HD, "10 Mbps"},
	{RTE_ETH_SPEED_NUM_100M, RTE_ETH_LINK_SPEED_100M, RTE_ETH_LINK_SPEED_100M_HD, "100 Mbps"},
	{RTE_ETH_SPEED_NUM_1G, RTE_ETH_LINK_SPEED_1G, RTE_ETH_LINK_SPEED_1G, "1 Gbps"},
	{RTE_ETH_SPEED_NUM_2_5G, RTE_ETH_LINK_SPEED_2_5G, RTE_ETH_LINK_SPEED_2_5G, "2.5 Gbps"},
	{RTE_ETH_SPEED_NUM_5G, RTE_ETH_LINK_SPEED_5G, RTE_ETH_LINK_SPEED_5G, "5 Gbps"},
	{RTE_ETH_SPEED_NUM_10G, RTE_ETH_LINK_SPEED_10G, RTE_ETH_LINK_SPEED_10G, "10 Gbps"},
	{RTE_ETH_SPEED_NUM_20G, RTE_ETH_LINK_SPEED_20G, RTE_ETH_LINK_SPEED_20G, "20 Gbps"},
	{RTE_ETH_SPEED_NUM_25G, RTE_ETH_LINK_SPEED_25G, RTE_ETH_LINK_SPEED_25G, "25 Gbps"},
	{RTE_ETH_SPEED_NUM_40G, RTE_ETH_LINK_SPEED_40G, RTE_ETH_LINK_SPEED_40G, "40 Gbps"},
	{RTE_ETH_SPEED_NUM_50G, RTE_ETH_LINK_SPEED_50G, RTE_ETH_LINK_SPEED_50G, "50 Gbps"},
	{RTE_ETH_SPEED_NUM_56G, RTE_ETH_LINK_SPEED_56G, RTE_ETH_LINK_SPEED_56G, "56 Gbps"},
	{RTE_ETH_SPEED_NUM_100G, RTE_ETH_LINK_SPEED_100G, RTE_ETH_LINK_SPEED_100G, "100 Gbps"},
	{RTE_ETH_SPEED_NUM_200G, RTE_ETH_LINK_SPEED_200G, RTE_ETH_LINK_SPEED_200G, "200 Gbps"},
	{RTE_ETH_SPEED_NUM_NONE, 0, 0, "None"},
	{RTE_ETH_SPEED_NUM_UNKNOWN, 0, 0, "Unknown"},
};

uint32_t
rte_eth_speed_bitflag(uint32_t speed, int duplex)
{
	for (size_t i = 0; i < RTE_DIM(speeds); i++)
		if (speeds[i].mbps == speed)
			return duplex ? speeds[i].flag : speeds[i].half_duplex_flag;
	return 0;
}

const char *
rte_eth_link_speed_to_str(uint32_t link_speed)
{
	for (size_t i = 0; i < RTE_DIM(speeds); i++)
		if (speeds[i].mbps == link_speed)
			return speeds[i].words;
	return "Invalid";
}

int
rte_eth_link_to_str(char *str, size_t len, const struct rte_eth_link *eth_link)
{
	if (str == NULL || len == 0 || eth_link == NULL) {
		RTE_ETHDEV_LOG(ERR, "A link can be put into words only with a link and room for the words\n");
		return -EINVAL;
	}
	if (eth_link->link_status == RTE_ETH_LINK_DOWN)
		return snprintf(str, len, "Link down");
	return snprintf(str, len, "Link up at %s %s %s", rte_eth_link_speed_to_str(eth_link->link_speed),
		eth_link->link_duplex == RTE_ETH_LINK_FULL_DUPLEX ? "FDX" : "HDX",
		eth_link->link_autoneg == RTE_ETH_LINK_AUTONEG ? "Autoneg" : "Fixed");
}
