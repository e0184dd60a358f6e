/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Ethernet (IEEE 802.3) and VLAN tags (IEEE 802.1Q).
 */
#ifndef _RTE_ETHER_H_
#define _RTE_ETHER_H_

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include <rte_byteorder.h>
#include <rte_common.h>
#include <rte_mbuf.h>
#include <rte_random.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_ETHER_ADDR_LEN 6
#define RTE_ETHER_TYPE_LEN 2
#define RTE_ETHER_CRC_LEN 4
#define RTE_ETHER_HDR_LEN (RTE_ETHER_ADDR_LEN * 2 + RTE_ETHER_TYPE_LEN)
#define RTE_ETHER_MIN_LEN 64   /**< with CRC, as the next three */
#define RTE_ETHER_MAX_LEN 1518
#define RTE_VLAN_HLEN 4
#define RTE_ETHER_MAX_VLAN_FRAME_LEN (RTE_ETHER_MAX_LEN + RTE_VLAN_HLEN)
#define RTE_ETHER_MAX_JUMBO_FRAME_LEN 0x3F00
#define RTE_ETHER_MTU (RTE_ETHER_MAX_LEN - RTE_ETHER_HDR_LEN - RTE_ETHER_CRC_LEN)
#define RTE_ETHER_MIN_MTU 68   /**< IPv4's, RFC 791 */
#define RTE_ETHER_MAX_VLAN_ID 4095

#define RTE_VLAN_DEI_SHIFT 12
#define RTE_VLAN_PRI_SHIFT 13
#define RTE_VLAN_PRI_MASK 0xe000
#define RTE_VLAN_DEI_MASK 0x1000
#define RTE_VLAN_ID_MASK 0x0fff
#define RTE_VLAN_TCI_ID(vlan_tci) ((vlan_tci) & RTE_VLAN_ID_MASK)
#define RTE_VLAN_TCI_PRI(vlan_tci) (((vlan_tci) & RTE_VLAN_PRI_MASK) >> RTE_VLAN_PRI_SHIFT)
#define RTE_VLAN_TCI_DEI(vlan_tci) (((vlan_tci) & RTE_VLAN_DEI_MASK) >> RTE_VLAN_DEI_SHIFT)
#define RTE_VLAN_TCI_MAKE(id, pri, dei) ((id) | ((pri) << RTE_VLAN_PRI_SHIFT) | ((dei) << RTE_VLAN_DEI_SHIFT))

/** A MAC address, in the order of the wire. */
struct rte_ether_addr {
	uint8_t addr_bytes[RTE_ETHER_ADDR_LEN];
} __rte_aligned(2);

#define RTE_ETHER_LOCAL_ADMIN_ADDR 0x02 /**< in the first byte: locally administered */
#define RTE_ETHER_GROUP_ADDR 0x01       /**< in the first byte: multicast or broadcast */

/* The address as a number; only for comparing. */
static inline uint64_t
wdpdk_ether_addr_bits(const struct rte_ether_addr *ea)
{
	uint32_t low;
	uint16_t high;

	__builtin_memcpy(&low, ea->addr_bytes, 4);
	__builtin_memcpy(&high, ea->addr_bytes + 4, 2);
	return (uint64_t)high << 32 | low;
}

/* All of these return 1 or 0, but rte_is_multicast_ether_addr() any value that is not 0. */
static inline int
rte_is_same_ether_addr(const struct rte_ether_addr *ea1, const struct rte_ether_addr *ea2)
{
	return wdpdk_ether_addr_bits(ea1) == wdpdk_ether_addr_bits(ea2);
}

static inline int
rte_is_zero_ether_addr(const struct rte_ether_addr *ea)
{
	return wdpdk_ether_addr_bits(ea) == 0;
}

static inline int
rte_is_unicast_ether_addr(const struct rte_ether_addr *ea)
{
	return !(ea->addr_bytes[0] & RTE_ETHER_GROUP_ADDR);
}

static inline int
rte_is_multicast_ether_addr(const struct rte_ether_addr *ea)
{
	return ea->addr_bytes[0] & RTE_ETHER_GROUP_ADDR;
}

static inline int
rte_is_broadcast_ether_addr(const struct rte_ether_addr *ea)
{
	return wdpdk_ether_addr_bits(ea) == 0xffffffffffffULL;
}

static inline int
rte_is_universal_ether_addr(const struct rte_ether_addr *ea)
{
	return !(ea->addr_bytes[0] & RTE_ETHER_LOCAL_ADMIN_ADDR);
}

static inline int
rte_is_local_admin_ether_addr(const struct rte_ether_addr *ea)
{
	return !!(ea->addr_bytes[0] & RTE_ETHER_LOCAL_ADMIN_ADDR);
}

static inline int
rte_is_valid_assigned_ether_addr(const struct rte_ether_addr *ea)
{
	return rte_is_unicast_ether_addr(ea) && !rte_is_zero_ether_addr(ea);
}

/** Writes a random unicast, locally administered address to addr[0..5]. */
void rte_eth_random_addr(uint8_t *addr);

static inline void
rte_ether_addr_copy(const struct rte_ether_addr *__restrict ea_from, struct rte_ether_addr *__restrict ea_to)
{
	*ea_to = *ea_from;
}

#define RTE_ETHER_ADDR_PRT_FMT "%02X:%02X:%02X:%02X:%02X:%02X"
#define RTE_ETHER_ADDR_BYTES(mac_addrs) ((mac_addrs)->addr_bytes[0]), ((mac_addrs)->addr_bytes[1]), \
	((mac_addrs)->addr_bytes[2]), ((mac_addrs)->addr_bytes[3]), ((mac_addrs)->addr_bytes[4]), \
	((mac_addrs)->addr_bytes[5])
/** Room for a printed address with its final NUL. */
#define RTE_ETHER_ADDR_FMT_SIZE 18

/** Prints an address in capitals; cut off at size, as snprintf does. */
void rte_ether_format_addr(char *buf, uint16_t size, const struct rte_ether_addr *eth_addr);

/**
 * Reads "x:x:x:x:x:x" (one or two hexadecimal digits each) or "xxxx:xxxx:xxxx" (four each), and nothing else. 0, or -1
 * with rte_errno EINVAL and the address unchanged.
 */
int rte_ether_unformat_addr(const char *str, struct rte_ether_addr *eth_addr);

struct rte_ether_hdr {
	struct rte_ether_addr dst_addr;
	struct rte_ether_addr src_addr;
	rte_be16_t ether_type; /**< RTE_ETHER_TYPE_*, or a length up to 1500 */
} __rte_aligned(2);

/** Follows an Ethernet type RTE_ETHER_TYPE_VLAN or _QINQ. */
struct rte_vlan_hdr {
	rte_be16_t vlan_tci;
	rte_be16_t eth_proto;
} __rte_packed;

#define RTE_ETHER_TYPE_IPV4 0x0800
#define RTE_ETHER_TYPE_IPV6 0x86DD
#define RTE_ETHER_TYPE_ARP 0x0806
#define RTE_ETHER_TYPE_RARP 0x8035
#define RTE_ETHER_TYPE_VLAN 0x8100
#define RTE_ETHER_TYPE_QINQ 0x88A8
#define RTE_ETHER_TYPE_QINQ1 0x9100
#define RTE_ETHER_TYPE_QINQ2 0x9200
#define RTE_ETHER_TYPE_QINQ3 0x9300
#define RTE_ETHER_TYPE_PPPOE_DISCOVERY 0x8863
#define RTE_ETHER_TYPE_PPPOE_SESSION 0x8864
#define RTE_ETHER_TYPE_ETAG 0x893F
#define RTE_ETHER_TYPE_1588 0x88F7
#define RTE_ETHER_TYPE_SLOW 0x8809
#define RTE_ETHER_TYPE_TEB 0x6558
#define RTE_ETHER_TYPE_LLDP 0x88CC
#define RTE_ETHER_TYPE_MPLS 0x8847
#define RTE_ETHER_TYPE_MPLSM 0x8848
#define RTE_ETHER_TYPE_ECPRI 0xAEFE

/** Takes a VLAN tag out of the data into vlan_tci and sets the flags. 0, or -1 when there is none. */
static inline int
rte_vlan_strip(struct rte_mbuf *m)
{
	char *start = rte_pktmbuf_mtod(m, char *);
	const struct rte_ether_hdr *ether = (const struct rte_ether_hdr *)(void *)start;
	const struct rte_vlan_hdr *vlan = (const struct rte_vlan_hdr *)(void *)(start + RTE_ETHER_HDR_LEN);

	if (m->data_len < RTE_ETHER_HDR_LEN + RTE_VLAN_HLEN || ether->ether_type != RTE_BE16(RTE_ETHER_TYPE_VLAN))
		return -1;
	m->vlan_tci = rte_be_to_cpu_16(vlan->vlan_tci);
	m->ol_flags |= RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED;
	/* The addresses move; the type that followed the tag is already in place. */
	memmove(start + RTE_VLAN_HLEN, start, 2 * RTE_ETHER_ADDR_LEN);
	rte_pktmbuf_adj(m, RTE_VLAN_HLEN);
	return 0;
}

/** Puts vlan_tci into the data as a VLAN tag. 0, -EINVAL (shared, or too short), -ENOSPC (no headroom). */
static inline int
rte_vlan_insert(struct rte_mbuf **m)
{
	struct rte_mbuf *p = *m;
	char *start;
	uint16_t words[2];

	if (!RTE_MBUF_DIRECT(p) || rte_mbuf_refcnt_read(p) > 1 || p->data_len < 2 * RTE_ETHER_ADDR_LEN)
		return -EINVAL;
	start = rte_pktmbuf_prepend(p, RTE_VLAN_HLEN);
	if (start == NULL)
		return -ENOSPC;
	memmove(start, start + RTE_VLAN_HLEN, 2 * RTE_ETHER_ADDR_LEN);
	words[0] = RTE_BE16(RTE_ETHER_TYPE_VLAN);
	words[1] = rte_cpu_to_be_16(p->vlan_tci);
	memcpy(start + 2 * RTE_ETHER_ADDR_LEN, words, sizeof(words));
	p->ol_flags &= ~(RTE_MBUF_F_RX_VLAN_STRIPPED | RTE_MBUF_F_TX_VLAN);
	if (p->ol_flags & RTE_MBUF_F_TX_TUNNEL_MASK)
		p->outer_l2_len += RTE_VLAN_HLEN;
	else
		p->l2_len += RTE_VLAN_HLEN;
	return 0;
}

#ifdef __cplusplus
}
#endif

#endif
