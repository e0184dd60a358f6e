/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Names of packet types and offload flags, for people.
 */
#include <stdio.h>
#include <string.h>

#include <rte_mbuf.h>

struct name {
	uint64_t value;
	const char *name;
};

#define PTYPE(layer) {RTE_PTYPE_##layer, #layer}

static const char *
find_name(const struct name *names, size_t n, uint64_t value, const char *unknown)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (names[i].value == value)
			return names[i].name;
	}
	return unknown;
}

static const struct name l2_names[] = {
	PTYPE(L2_ETHER),
	PTYPE(L2_ETHER_TIMESYNC),
	PTYPE(L2_ETHER_ARP),
	PTYPE(L2_ETHER_LLDP),
	PTYPE(L2_ETHER_NSH),
	PTYPE(L2_ETHER_VLAN),
	PTYPE(L2_ETHER_QINQ),
	PTYPE(L2_ETHER_PPPOE),
	PTYPE(L2_ETHER_FCOE),
	PTYPE(L2_ETHER_MPLS),
};

static const struct name l3_names[] = {
	PTYPE(L3_IPV4),
	PTYPE(L3_IPV4_EXT),
	PTYPE(L3_IPV6),
	PTYPE(L3_IPV4_EXT_UNKNOWN),
	PTYPE(L3_IPV6_EXT),
	PTYPE(L3_IPV6_EXT_UNKNOWN),
};

static const struct name l4_names[] = {
	PTYPE(L4_TCP),
	PTYPE(L4_UDP),
	PTYPE(L4_FRAG),
	PTYPE(L4_SCTP),
	PTYPE(L4_ICMP),
	PTYPE(L4_NONFRAG),
	PTYPE(L4_IGMP),
};

static const struct name tunnel_names[] = {
	PTYPE(TUNNEL_IP),
	PTYPE(TUNNEL_GRE),
	PTYPE(TUNNEL_VXLAN),
	PTYPE(TUNNEL_NVGRE),
	PTYPE(TUNNEL_GENEVE),
	PTYPE(TUNNEL_GRENAT),
	PTYPE(TUNNEL_GTPC),
	PTYPE(TUNNEL_GTPU),
	PTYPE(TUNNEL_ESP),
	PTYPE(TUNNEL_L2TP),
	PTYPE(TUNNEL_VXLAN_GPE),
	PTYPE(TUNNEL_MPLS_IN_GRE),
	PTYPE(TUNNEL_MPLS_IN_UDP),
};

static const struct name inner_l2_names[] = {
	PTYPE(INNER_L2_ETHER),
	PTYPE(INNER_L2_ETHER_VLAN),
	PTYPE(INNER_L2_ETHER_QINQ),
};

static const struct name inner_l3_names[] = {
	PTYPE(INNER_L3_IPV4),
	PTYPE(INNER_L3_IPV4_EXT),
	PTYPE(INNER_L3_IPV6),
	PTYPE(INNER_L3_IPV4_EXT_UNKNOWN),
	PTYPE(INNER_L3_IPV6_EXT),
	PTYPE(INNER_L3_IPV6_EXT_UNKNOWN),
};

static const struct name inner_l4_names[] = {
	PTYPE(INNER_L4_TCP),
	PTYPE(INNER_L4_UDP),
	PTYPE(INNER_L4_FRAG),
	PTYPE(INNER_L4_SCTP),
	PTYPE(INNER_L4_ICMP),
	PTYPE(INNER_L4_NONFRAG),
};

const char *
rte_get_ptype_l2_name(uint32_t ptype)
{
	return find_name(l2_names, RTE_DIM(l2_names), ptype & RTE_PTYPE_L2_MASK, "L2_UNKNOWN");
}

const char *
rte_get_ptype_l3_name(uint32_t ptype)
{
	return find_name(l3_names, RTE_DIM(l3_names), ptype & RTE_PTYPE_L3_MASK, "L3_UNKNOWN");
}

const char *
rte_get_ptype_l4_name(uint32_t ptype)
{
	return find_name(l4_names, RTE_DIM(l4_names), ptype & RTE_PTYPE_L4_MASK, "L4_UNKNOWN");
}

const char *
rte_get_ptype_tunnel_name(uint32_t ptype)
{
	return find_name(tunnel_names, RTE_DIM(tunnel_names), ptype & RTE_PTYPE_TUNNEL_MASK, "TUNNEL_UNKNOWN");
}

const char *
rte_get_ptype_inner_l2_name(uint32_t ptype)
{
	return find_name(inner_l2_names, RTE_DIM(inner_l2_names), ptype & RTE_PTYPE_INNER_L2_MASK, "INNER_L2_UNKNOWN");
}

const char *
rte_get_ptype_inner_l3_name(uint32_t ptype)
{
	return find_name(inner_l3_names, RTE_DIM(inner_l3_names), ptype & RTE_PTYPE_INNER_L3_MASK, "INNER_L3_UNKNOWN");
}

const char *
rte_get_ptype_inner_l4_name(uint32_t ptype)
{
	return find_name(inner_l4_names, RTE_DIM(inner_l4_names), ptype & RTE_PTYPE_INNER_L4_MASK, "INNER_L4_UNKNOWN");
}

int
rte_get_ptype_name(uint32_t ptype, char *buf, size_t buflen)
{
	static const struct {
		uint32_t mask;
		const char *(*name)(uint32_t ptype);
	} layers[] = {
		{RTE_PTYPE_L2_MASK, rte_get_ptype_l2_name},
		{RTE_PTYPE_L3_MASK, rte_get_ptype_l3_name},
		{RTE_PTYPE_L4_MASK, rte_get_ptype_l4_name},
		{RTE_PTYPE_TUNNEL_MASK, rte_get_ptype_tunnel_name},
		{RTE_PTYPE_INNER_L2_MASK, rte_get_ptype_inner_l2_name},
		{RTE_PTYPE_INNER_L3_MASK, rte_get_ptype_inner_l3_name},
		{RTE_PTYPE_INNER_L4_MASK, rte_get_ptype_inner_l4_name},
	};
	size_t used = 0, i;

	if (buflen == 0)
		return -1;
	buf[0] = '\0';
	for (i = 0; i < RTE_DIM(layers); i++) {
		int n;

		if ((ptype & layers[i].mask) == 0 && ptype != RTE_PTYPE_UNKNOWN)
			continue;
		n = snprintf(buf + used, buflen - used, "%s ", ptype == RTE_PTYPE_UNKNOWN ? "UNKNOWN" : layers[i].name(ptype));
		if (n < 0 || (size_t)n >= buflen - used)
			return -1;
		used += (size_t)n;
		if (ptype == RTE_PTYPE_UNKNOWN)
			break;
	}
	return 0;
}

/* A flag is there when the bits under its mask have its value: some flags share bits, and some say that none is set. */
struct flag {
	uint64_t value;
	uint64_t mask;
	const char *name;
};

#define ALONE(flag) {flag, flag, #flag}
#define AMONG(flag, mask) {flag, mask, #flag}

static const struct flag rx_flags[] = {
	ALONE(RTE_MBUF_F_RX_VLAN),
	ALONE(RTE_MBUF_F_RX_RSS_HASH),
	ALONE(RTE_MBUF_F_RX_FDIR),
	ALONE(RTE_MBUF_F_RX_OUTER_IP_CKSUM_BAD),
	ALONE(RTE_MBUF_F_RX_VLAN_STRIPPED),
	AMONG(RTE_MBUF_F_RX_IP_CKSUM_BAD, RTE_MBUF_F_RX_IP_CKSUM_MASK),
	AMONG(RTE_MBUF_F_RX_IP_CKSUM_GOOD, RTE_MBUF_F_RX_IP_CKSUM_MASK),
	AMONG(RTE_MBUF_F_RX_IP_CKSUM_NONE, RTE_MBUF_F_RX_IP_CKSUM_MASK),
	AMONG(RTE_MBUF_F_RX_IP_CKSUM_UNKNOWN, RTE_MBUF_F_RX_IP_CKSUM_MASK),
	AMONG(RTE_MBUF_F_RX_L4_CKSUM_BAD, RTE_MBUF_F_RX_L4_CKSUM_MASK),
	AMONG(RTE_MBUF_F_RX_L4_CKSUM_GOOD, RTE_MBUF_F_RX_L4_CKSUM_MASK),
	AMONG(RTE_MBUF_F_RX_L4_CKSUM_NONE, RTE_MBUF_F_RX_L4_CKSUM_MASK),
	AMONG(RTE_MBUF_F_RX_L4_CKSUM_UNKNOWN, RTE_MBUF_F_RX_L4_CKSUM_MASK),
	ALONE(RTE_MBUF_F_RX_IEEE1588_PTP),
	ALONE(RTE_MBUF_F_RX_IEEE1588_TMST),
	ALONE(RTE_MBUF_F_RX_FDIR_ID),
	ALONE(RTE_MBUF_F_RX_FDIR_FLX),
	ALONE(RTE_MBUF_F_RX_QINQ_STRIPPED),
	ALONE(RTE_MBUF_F_RX_LRO),
	ALONE(RTE_MBUF_F_RX_SEC_OFFLOAD),
	ALONE(RTE_MBUF_F_RX_SEC_OFFLOAD_FAILED),
	ALONE(RTE_MBUF_F_RX_QINQ),
	AMONG(RTE_MBUF_F_RX_OUTER_L4_CKSUM_BAD, RTE_MBUF_F_RX_OUTER_L4_CKSUM_MASK),
	AMONG(RTE_MBUF_F_RX_OUTER_L4_CKSUM_GOOD, RTE_MBUF_F_RX_OUTER_L4_CKSUM_MASK),
	AMONG(RTE_MBUF_F_RX_OUTER_L4_CKSUM_INVALID, RTE_MBUF_F_RX_OUTER_L4_CKSUM_MASK),
	AMONG(RTE_MBUF_F_RX_OUTER_L4_CKSUM_UNKNOWN, RTE_MBUF_F_RX_OUTER_L4_CKSUM_MASK),
};

static const struct flag tx_flags[] = {
	ALONE(RTE_MBUF_F_TX_OUTER_UDP_CKSUM),
	ALONE(RTE_MBUF_F_TX_UDP_SEG),
	ALONE(RTE_MBUF_F_TX_SEC_OFFLOAD),
	ALONE(RTE_MBUF_F_TX_MACSEC),
	AMONG(RTE_MBUF_F_TX_TUNNEL_VXLAN, RTE_MBUF_F_TX_TUNNEL_MASK),
	AMONG(RTE_MBUF_F_TX_TUNNEL_GRE, RTE_MBUF_F_TX_TUNNEL_MASK),
	AMONG(RTE_MBUF_F_TX_TUNNEL_IPIP, RTE_MBUF_F_TX_TUNNEL_MASK),
	AMONG(RTE_MBUF_F_TX_TUNNEL_GENEVE, RTE_MBUF_F_TX_TUNNEL_MASK),
	AMONG(RTE_MBUF_F_TX_TUNNEL_MPLSINUDP, RTE_MBUF_F_TX_TUNNEL_MASK),
	AMONG(RTE_MBUF_F_TX_TUNNEL_VXLAN_GPE, RTE_MBUF_F_TX_TUNNEL_MASK),
	AMONG(RTE_MBUF_F_TX_TUNNEL_GTP, RTE_MBUF_F_TX_TUNNEL_MASK),
	AMONG(RTE_MBUF_F_TX_TUNNEL_ESP, RTE_MBUF_F_TX_TUNNEL_MASK),
	AMONG(RTE_MBUF_F_TX_TUNNEL_IP, RTE_MBUF_F_TX_TUNNEL_MASK),
	AMONG(RTE_MBUF_F_TX_TUNNEL_UDP, RTE_MBUF_F_TX_TUNNEL_MASK),
	ALONE(RTE_MBUF_F_TX_QINQ),
	ALONE(RTE_MBUF_F_TX_TCP_SEG),
	ALONE(RTE_MBUF_F_TX_IEEE1588_TMST),
	AMONG(RTE_MBUF_F_TX_TCP_CKSUM, RTE_MBUF_F_TX_L4_MASK),
	AMONG(RTE_MBUF_F_TX_SCTP_CKSUM, RTE_MBUF_F_TX_L4_MASK),
	AMONG(RTE_MBUF_F_TX_UDP_CKSUM, RTE_MBUF_F_TX_L4_MASK),
	AMONG(RTE_MBUF_F_TX_L4_NO_CKSUM, RTE_MBUF_F_TX_L4_MASK),
	ALONE(RTE_MBUF_F_TX_IP_CKSUM),
	ALONE(RTE_MBUF_F_TX_IPV4),
	ALONE(RTE_MBUF_F_TX_IPV6),
	ALONE(RTE_MBUF_F_TX_VLAN),
	ALONE(RTE_MBUF_F_TX_OUTER_IP_CKSUM),
	ALONE(RTE_MBUF_F_TX_OUTER_IPV4),
	ALONE(RTE_MBUF_F_TX_OUTER_IPV6),
};

static const char *
flag_name(const struct flag *flags, size_t n, uint64_t value)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (value != 0 && flags[i].value == value)
			return flags[i].name;
	}
	return NULL;
}

static int
flag_list(const struct flag *flags, size_t count, uint64_t mask, char *buf, size_t buflen)
{
	size_t used = 0, i;

	if (buflen == 0)
		return -1;
	buf[0] = '\0';
	for (i = 0; i < count; i++) {
		int n;

		if ((mask & flags[i].mask) != flags[i].value)
			continue;
		n = snprintf(buf + used, buflen - used, "%s ", flags[i].name);
		if (n < 0 || (size_t)n >= buflen - used)
			return -1;
		used += (size_t)n;
	}
	return 0;
}

const char *
rte_get_rx_ol_flag_name(uint64_t mask)
{
	return flag_name(rx_flags, RTE_DIM(rx_flags), mask);
}

int
rte_get_rx_ol_flag_list(uint64_t mask, char *buf, size_t buflen)
{
	return flag_list(rx_flags, RTE_DIM(rx_flags), mask, buf, buflen);
}

const char *
rte_get_tx_ol_flag_name(uint64_t mask)
{
	return flag_name(tx_flags, RTE_DIM(tx_flags), mask);
}

int
rte_get_tx_ol_flag_list(uint64_t mask, char *buf, size_t buflen)
{
	return flag_list(tx_flags, RTE_DIM(tx_flags), mask, buf, buflen);
}
