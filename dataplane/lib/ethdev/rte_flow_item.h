/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a flow rule matches: a list of items, outermost header first, that ends with RTE_FLOW_ITEM_TYPE_END. Shapes and values as in
 * DPDK 22.11; include through rte_flow.h. Of an item without a mask the fields of rte_flow_item_NAME_mask count. What needs the colours
 * of meters is not there yet.
 */
#ifndef WDPDK_RTE_FLOW_ITEM_H
#define WDPDK_RTE_FLOW_ITEM_H

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_ecpri.h>
#include <rte_esp.h>
#include <rte_ether.h>
#include <rte_gre.h>
#include <rte_gtp.h>
#include <rte_higig.h>
#include <rte_icmp.h>
#include <rte_ip.h>
#include <rte_l2tpv2.h>
#include <rte_macsec.h>
#include <rte_ppp.h>
#include <rte_sctp.h>
#include <rte_tcp.h>
#include <rte_udp.h>
#include <rte_vxlan.h>

#ifdef __cplusplus
extern "C" {
#endif

enum rte_flow_item_type {
	RTE_FLOW_ITEM_TYPE_END,
	RTE_FLOW_ITEM_TYPE_VOID,
	RTE_FLOW_ITEM_TYPE_INVERT,
	RTE_FLOW_ITEM_TYPE_ANY,
	RTE_FLOW_ITEM_TYPE_PORT_ID,
	RTE_FLOW_ITEM_TYPE_RAW,
	RTE_FLOW_ITEM_TYPE_ETH,
	RTE_FLOW_ITEM_TYPE_VLAN,
	RTE_FLOW_ITEM_TYPE_IPV4,
	RTE_FLOW_ITEM_TYPE_IPV6,
	RTE_FLOW_ITEM_TYPE_ICMP,
	RTE_FLOW_ITEM_TYPE_UDP,
	RTE_FLOW_ITEM_TYPE_TCP,
	RTE_FLOW_ITEM_TYPE_SCTP,
	RTE_FLOW_ITEM_TYPE_VXLAN,
	RTE_FLOW_ITEM_TYPE_E_TAG,
	RTE_FLOW_ITEM_TYPE_NVGRE,
	RTE_FLOW_ITEM_TYPE_MPLS,
	RTE_FLOW_ITEM_TYPE_GRE,
	RTE_FLOW_ITEM_TYPE_FUZZY,
	RTE_FLOW_ITEM_TYPE_GTP,
	RTE_FLOW_ITEM_TYPE_GTPC,
	RTE_FLOW_ITEM_TYPE_GTPU,
	RTE_FLOW_ITEM_TYPE_ESP,
	RTE_FLOW_ITEM_TYPE_GENEVE,
	RTE_FLOW_ITEM_TYPE_VXLAN_GPE,
	RTE_FLOW_ITEM_TYPE_ARP_ETH_IPV4,
	RTE_FLOW_ITEM_TYPE_IPV6_EXT,
	RTE_FLOW_ITEM_TYPE_ICMP6,
	RTE_FLOW_ITEM_TYPE_ICMP6_ND_NS,
	RTE_FLOW_ITEM_TYPE_ICMP6_ND_NA,
	RTE_FLOW_ITEM_TYPE_ICMP6_ND_OPT,
	RTE_FLOW_ITEM_TYPE_ICMP6_ND_OPT_SLA_ETH,
	RTE_FLOW_ITEM_TYPE_ICMP6_ND_OPT_TLA_ETH,
	RTE_FLOW_ITEM_TYPE_MARK,
	RTE_FLOW_ITEM_TYPE_META,
	RTE_FLOW_ITEM_TYPE_GRE_KEY,
	RTE_FLOW_ITEM_TYPE_GTP_PSC,
	RTE_FLOW_ITEM_TYPE_PPPOES,
	RTE_FLOW_ITEM_TYPE_PPPOED,
	RTE_FLOW_ITEM_TYPE_PPPOE_PROTO_ID,
	RTE_FLOW_ITEM_TYPE_NSH,
	RTE_FLOW_ITEM_TYPE_IGMP,
	RTE_FLOW_ITEM_TYPE_AH,
	RTE_FLOW_ITEM_TYPE_HIGIG2,
	RTE_FLOW_ITEM_TYPE_TAG,
	RTE_FLOW_ITEM_TYPE_L2TPV3OIP,
	RTE_FLOW_ITEM_TYPE_PFCP,
	RTE_FLOW_ITEM_TYPE_ECPRI,
	RTE_FLOW_ITEM_TYPE_IPV6_FRAG_EXT,
	RTE_FLOW_ITEM_TYPE_GENEVE_OPT,
	RTE_FLOW_ITEM_TYPE_INTEGRITY,
	RTE_FLOW_ITEM_TYPE_CONNTRACK,
	RTE_FLOW_ITEM_TYPE_PORT_REPRESENTOR,
	RTE_FLOW_ITEM_TYPE_REPRESENTED_PORT,
	RTE_FLOW_ITEM_TYPE_FLEX,
	RTE_FLOW_ITEM_TYPE_L2TPV2,
	RTE_FLOW_ITEM_TYPE_PPP,
	RTE_FLOW_ITEM_TYPE_GRE_OPTION,
	RTE_FLOW_ITEM_TYPE_MACSEC,
	RTE_FLOW_ITEM_TYPE_METER_COLOR,
};

/** One item: spec and mask, or spec and last for a range, point to a structure of its type; NULL matches any. */
struct rte_flow_item {
	enum rte_flow_item_type type;
	const void *spec;
	const void *last;
	const void *mask;
};

#define RTE_FLOW_CONNTRACK_PKT_STATE_VALID RTE_BIT32(0)
#define RTE_FLOW_CONNTRACK_PKT_STATE_CHANGED RTE_BIT32(1)
#define RTE_FLOW_CONNTRACK_PKT_STATE_INVALID RTE_BIT32(2)
#define RTE_FLOW_CONNTRACK_PKT_STATE_DISABLED RTE_BIT32(3)
#define RTE_FLOW_CONNTRACK_PKT_STATE_BAD RTE_BIT32(4)

/** Any number of headers. */
struct rte_flow_item_any {
	uint32_t num; /**< Of them; 0: one or none. */
};

/** The port a packet comes from. */
struct rte_flow_item_port_id {
	uint32_t id;
};

/** Bytes at a place. */
struct rte_flow_item_raw {
	uint32_t relative : 1; /**< From the item before. */
	uint32_t search : 1;   /**< Within limit. */
	uint32_t reserved : 30;
	int32_t offset;
	uint16_t limit;
	uint16_t length; /**< Of pattern. */
	const uint8_t *pattern;
};

/** Ethernet. */
struct rte_flow_item_eth {
	__extension__
	union {
		struct {
			struct rte_ether_addr dst;
			struct rte_ether_addr src;
			rte_be16_t type;
		};
		struct rte_ether_hdr hdr;
	};
	uint32_t has_vlan : 1; /**< A tag follows. */
	uint32_t reserved : 31;
};

/** A VLAN tag. */
struct rte_flow_item_vlan {
	__extension__
	union {
		struct {
			rte_be16_t tci;
			rte_be16_t inner_type;
		};
		struct rte_vlan_hdr hdr;
	};
	uint32_t has_more_vlan : 1;
	uint32_t reserved : 31;
};

/** IPv4. */
struct rte_flow_item_ipv4 {
	struct rte_ipv4_hdr hdr;
};

/** IPv6, and which extension headers it has. */
struct rte_flow_item_ipv6 {
	struct rte_ipv6_hdr hdr;
	uint32_t has_hop_ext : 1;
	uint32_t has_route_ext : 1;
	uint32_t has_frag_ext : 1;
	uint32_t has_auth_ext : 1;
	uint32_t has_esp_ext : 1;
	uint32_t has_dest_ext : 1;
	uint32_t has_mobil_ext : 1;
	uint32_t has_hip_ext : 1;
	uint32_t has_shim6_ext : 1;
	uint32_t reserved : 23;
};

/** ICMP. */
struct rte_flow_item_icmp {
	struct rte_icmp_hdr hdr;
};

/** UDP. */
struct rte_flow_item_udp {
	struct rte_udp_hdr hdr;
};

/** TCP. */
struct rte_flow_item_tcp {
	struct rte_tcp_hdr hdr;
};

/** SCTP. */
struct rte_flow_item_sctp {
	struct rte_sctp_hdr hdr;
};

/** VXLAN. */
struct rte_flow_item_vxlan {
	__extension__
	union {
		struct {
			uint8_t flags;
			uint8_t rsvd0[3];
			uint8_t vni[3];
			uint8_t rsvd1;
		};
		struct rte_vxlan_hdr hdr;
	};
};

/** IEEE 802.1BR. */
struct rte_flow_item_e_tag {
	rte_be16_t epcp_edei_in_ecid_b;
	rte_be16_t rsvd_grp_ecid_b;
	uint8_t in_ecid_e;
	uint8_t ecid_e;
	rte_be16_t inner_type;
};

/** NVGRE. */
struct rte_flow_item_nvgre {
	rte_be16_t c_k_s_rsvd0_ver;
	rte_be16_t protocol;
	uint8_t tni[3];
	uint8_t flow_id;
};

/** MPLS. */
struct rte_flow_item_mpls {
	uint8_t label_tc_s[3]; /**< 20 bits of label, 3 of class, the bottom. */
	uint8_t ttl;
};

/** GRE. */
struct rte_flow_item_gre {
	rte_be16_t c_rsvd0_ver;
	rte_be16_t protocol;
};

/** Options of GRE. */
struct rte_flow_item_gre_opt {
	struct rte_gre_hdr_opt_checksum_rsvd checksum_rsvd;
	struct rte_gre_hdr_opt_key key;
	struct rte_gre_hdr_opt_sequence sequence;
};

/** MACsec. */
struct rte_flow_item_macsec {
	struct rte_macsec_hdr macsec_hdr;
};

/** How exact the match is to be; 0: exact. */
struct rte_flow_item_fuzzy {
	uint32_t thresh;
};

/** GTP. */
struct rte_flow_item_gtp {
	uint8_t v_pt_rsv_flags;
	uint8_t msg_type;
	rte_be16_t msg_len;
	rte_be32_t teid;
};

/** ESP. */
struct rte_flow_item_esp {
	struct rte_esp_hdr hdr;
};

/** GENEVE. */
struct rte_flow_item_geneve {
	rte_be16_t ver_opt_len_o_c_rsvd0;
	rte_be16_t protocol;
	uint8_t vni[3];
	uint8_t rsvd1;
};

/** VXLAN with a protocol. */
struct rte_flow_item_vxlan_gpe {
	uint8_t flags;
	uint8_t rsvd0[2];
	uint8_t protocol;
	uint8_t vni[3];
	uint8_t rsvd1;
};

/** ARP for IPv4. */
struct rte_flow_item_arp_eth_ipv4 {
	rte_be16_t hrd;
	rte_be16_t pro;
	uint8_t hln;
	uint8_t pln;
	rte_be16_t op;
	struct rte_ether_addr sha;
	rte_be32_t spa;
	struct rte_ether_addr tha;
	rte_be32_t tpa;
};

/** An extension header. */
struct rte_flow_item_ipv6_ext {
	uint8_t next_hdr;
};

/** ICMPv6. */
struct rte_flow_item_icmp6 {
	uint8_t type;
	uint8_t code;
	uint16_t checksum;
};

/** Neighbour solicitation. */
struct rte_flow_item_icmp6_nd_ns {
	uint8_t type;
	uint8_t code;
	rte_be16_t checksum;
	rte_be32_t reserved;
	uint8_t target_addr[16];
};

/** Neighbour advertisement. */
struct rte_flow_item_icmp6_nd_na {
	uint8_t type;
	uint8_t code;
	rte_be16_t checksum;
	rte_be32_t rso_reserved;
	uint8_t target_addr[16];
};

/** An option of neighbour discovery. */
struct rte_flow_item_icmp6_nd_opt {
	uint8_t type;
	uint8_t length;
};

/** Its option with the source address. */
struct rte_flow_item_icmp6_nd_opt_sla_eth {
	uint8_t type;
	uint8_t length;
	struct rte_ether_addr sla;
};

/** Its option with the target address. */
struct rte_flow_item_icmp6_nd_opt_tla_eth {
	uint8_t type;
	uint8_t length;
	struct rte_ether_addr tla;
};

/** Metadata of the packet. */
struct rte_flow_item_meta {
	uint32_t data;
};

/** The PDU session container of GTP. */
struct rte_flow_item_gtp_psc {
	struct rte_gtp_psc_generic_hdr hdr;
};

/** PPPoE. */
struct rte_flow_item_pppoe {
	uint8_t version_type;
	uint8_t code;
	rte_be16_t session_id;
	rte_be16_t length;
};

/** What PPPoE carries. */
struct rte_flow_item_pppoe_proto_id {
	rte_be16_t proto_id;
};

/** A tag that a rule has set. */
struct rte_flow_item_tag {
	uint32_t data;
	uint8_t index;
};

/** L2TPv3 over IP. */
struct rte_flow_item_l2tpv3oip {
	rte_be32_t session_id;
};

/** A mark that a rule has set. */
struct rte_flow_item_mark {
	uint32_t id;
};

/** Network service header. */
struct rte_flow_item_nsh {
	uint32_t version : 2;
	uint32_t oam_pkt : 1;
	uint32_t reserved : 1;
	uint32_t ttl : 6;
	uint32_t length : 6;
	uint32_t reserved1 : 4;
	uint32_t mdtype : 4;
	uint32_t next_proto : 8;
	uint32_t spi : 24;
	uint32_t sindex : 8;
};

/** IGMP. */
struct rte_flow_item_igmp {
	uint32_t type : 8;
	uint32_t max_resp_time : 8;
	uint32_t checksum : 16;
	uint32_t group_addr;
};

/** IPsec AH. */
struct rte_flow_item_ah {
	uint32_t next_hdr : 8;
	uint32_t payload_len : 8;
	uint32_t reserved : 16;
	uint32_t spi;
	uint32_t seq_num;
};

/** PFCP. */
struct rte_flow_item_pfcp {
	uint8_t s_field;
	uint8_t msg_type;
	rte_be16_t msg_len;
	rte_be64_t seid;
};

/** eCPRI. */
struct rte_flow_item_ecpri {
	struct rte_ecpri_combined_msg_hdr hdr;
};

/** An option of GENEVE. */
struct rte_flow_item_geneve_opt {
	rte_be16_t option_class;
	uint8_t option_type;
	uint8_t option_len; /**< Words of 4 bytes. */
	uint32_t *data;
};

/** What the device has found sound. */
struct rte_flow_item_integrity {
	uint32_t level; /**< 0: outermost. */
	__extension__
	union {
		struct {
			uint64_t packet_ok : 1;
			uint64_t l2_ok : 1;
			uint64_t l3_ok : 1;
			uint64_t l4_ok : 1;
			uint64_t l2_crc_ok : 1;
			uint64_t ipv4_csum_ok : 1;
			uint64_t l4_csum_ok : 1;
			uint64_t l3_len_ok : 1;
			uint64_t reserved : 56;
		};
		uint64_t value;
	};
};

/** State of the connection, RTE_FLOW_CONNTRACK_PKT_STATE_*. */
struct rte_flow_item_conntrack {
	uint32_t flags;
};

/** A port. */
struct rte_flow_item_ethdev {
	uint16_t port_id;
};

/** L2TPv2. */
struct rte_flow_item_l2tpv2 {
	struct rte_l2tpv2_combined_msg_hdr hdr;
};

/** PPP. */
struct rte_flow_item_ppp {
	struct rte_ppp_hdr hdr;
};

/** HiGig2. */
struct rte_flow_item_higig2_hdr {
	struct rte_higig2_hdr hdr;
};

/** The fragment header of IPv6. */
struct rte_flow_item_ipv6_frag_ext {
	struct rte_ipv6_fragment_ext hdr;
};

/* Which fields count when an item has no mask. C++ lacks the initialisers. */
#ifndef __cplusplus
#define WDPDK_FLOW_MASK(item, ...) \
	static const struct rte_flow_item_##item rte_flow_item_##item##_mask __rte_unused = {__VA_ARGS__}

WDPDK_FLOW_MASK(any, .num = 0);
WDPDK_FLOW_MASK(port_id, .id = UINT32_MAX);
WDPDK_FLOW_MASK(raw, .relative = 1, .search = 1, .reserved = 0x3fffffff, .offset = -1, .limit = UINT16_MAX,
	.length = UINT16_MAX);
WDPDK_FLOW_MASK(eth, .hdr = {.dst_addr = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
	.src_addr = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}});
WDPDK_FLOW_MASK(vlan, .hdr = {.vlan_tci = RTE_BE16(0x0fff)});
WDPDK_FLOW_MASK(ipv4, .hdr = {.src_addr = UINT32_MAX, .dst_addr = UINT32_MAX});
WDPDK_FLOW_MASK(ipv6,
	.hdr = {.src_addr = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	.dst_addr = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}});
WDPDK_FLOW_MASK(icmp, .hdr = {.icmp_type = 0xff, .icmp_code = 0xff});
WDPDK_FLOW_MASK(udp, .hdr = {.src_port = UINT16_MAX, .dst_port = UINT16_MAX});
WDPDK_FLOW_MASK(tcp, .hdr = {.src_port = UINT16_MAX, .dst_port = UINT16_MAX});
WDPDK_FLOW_MASK(sctp, .hdr = {.src_port = UINT16_MAX, .dst_port = UINT16_MAX});
WDPDK_FLOW_MASK(vxlan, .hdr = {.vx_vni = RTE_BE32(0xffffff00)});
WDPDK_FLOW_MASK(e_tag, .rsvd_grp_ecid_b = RTE_BE16(0x3fff));
WDPDK_FLOW_MASK(nvgre, .tni = {0xff, 0xff, 0xff});
WDPDK_FLOW_MASK(mpls, .label_tc_s = {0xff, 0xff, 0xf0});
WDPDK_FLOW_MASK(gre, .protocol = UINT16_MAX);
WDPDK_FLOW_MASK(fuzzy, .thresh = UINT32_MAX);
WDPDK_FLOW_MASK(gtp, .teid = UINT32_MAX);
WDPDK_FLOW_MASK(esp, .hdr = {.spi = UINT32_MAX});
WDPDK_FLOW_MASK(geneve, .vni = {0xff, 0xff, 0xff});
WDPDK_FLOW_MASK(vxlan_gpe, .vni = {0xff, 0xff, 0xff});
WDPDK_FLOW_MASK(arp_eth_ipv4, .sha = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}, .spa = UINT32_MAX,
	.tha = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}, .tpa = UINT32_MAX);
WDPDK_FLOW_MASK(ipv6_ext, .next_hdr = 0xff);
WDPDK_FLOW_MASK(icmp6, .type = 0xff, .code = 0xff);
WDPDK_FLOW_MASK(icmp6_nd_ns,
	.target_addr = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
WDPDK_FLOW_MASK(icmp6_nd_na,
	.target_addr = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
WDPDK_FLOW_MASK(icmp6_nd_opt, .type = 0xff);
WDPDK_FLOW_MASK(icmp6_nd_opt_sla_eth, .sla = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}});
WDPDK_FLOW_MASK(icmp6_nd_opt_tla_eth, .tla = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}});
WDPDK_FLOW_MASK(meta, .data = UINT32_MAX);
WDPDK_FLOW_MASK(gtp_psc, .hdr = {.qfi = 0x3f});
WDPDK_FLOW_MASK(pppoe_proto_id, .proto_id = UINT16_MAX);
WDPDK_FLOW_MASK(tag, .data = UINT32_MAX, .index = 0xff);
WDPDK_FLOW_MASK(l2tpv3oip, .session_id = UINT32_MAX);
WDPDK_FLOW_MASK(mark, .id = UINT32_MAX);
WDPDK_FLOW_MASK(nsh, .mdtype = 0xf, .next_proto = 0xff, .spi = 0xffffff, .sindex = 0xff);
WDPDK_FLOW_MASK(igmp, .group_addr = UINT32_MAX);
WDPDK_FLOW_MASK(ah, .spi = UINT32_MAX);
WDPDK_FLOW_MASK(pfcp, .s_field = 1, .seid = UINT64_MAX);
WDPDK_FLOW_MASK(ecpri, .hdr = {.common = {.u32 = 0}});
WDPDK_FLOW_MASK(geneve_opt, .option_type = 0xff);
WDPDK_FLOW_MASK(integrity, .level = 0);
WDPDK_FLOW_MASK(conntrack, .flags = UINT32_MAX);
WDPDK_FLOW_MASK(ethdev, .port_id = UINT16_MAX);
WDPDK_FLOW_MASK(l2tpv2, .hdr = {.common = {.flags_version = RTE_BE16(0xcb0f)}});
WDPDK_FLOW_MASK(ppp, .hdr = {.addr = 0xff, .ctrl = 0xff, .proto_id = UINT16_MAX});
WDPDK_FLOW_MASK(higig2_hdr, .hdr = {.ppt1 = {.classification = 0xffff, .vid = 0xfff}});
#endif

#ifdef __cplusplus
}
#endif

#endif
