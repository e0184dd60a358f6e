/* SPDX-License-Identifier: BSD-3-Clause
 *
 * ARP for IPv4 over Ethernet (RFC 826).
 */
#ifndef _RTE_ARP_H_
#define _RTE_ARP_H_

#include <stdint.h>

#include <rte_ether.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_arp_ipv4 {
	struct rte_ether_addr arp_sha; /**< sender */
	uint32_t arp_sip;              /**< sender, network byte order */
	struct rte_ether_addr arp_tha; /**< target */
	uint32_t arp_tip;              /**< target, network byte order */
} __rte_packed __rte_aligned(2);

struct rte_arp_hdr {
	uint16_t arp_hardware; /**< network byte order, as all words here */
	uint16_t arp_protocol; /**< an Ethernet type */
	uint8_t arp_hlen;      /**< bytes of a hardware address */
	uint8_t arp_plen;      /**< bytes of a protocol address */
	uint16_t arp_opcode;   /**< RTE_ARP_OP_* */
	struct rte_arp_ipv4 arp_data;
} __rte_packed __rte_aligned(2);

#define RTE_ARP_HRD_ETHER 1
#define RTE_ARP_OP_REQUEST 1
#define RTE_ARP_OP_REPLY 2
#define RTE_ARP_OP_REVREQUEST 3
#define RTE_ARP_OP_REVREPLY 4
#define RTE_ARP_OP_INVREQUEST 8
#define RTE_ARP_OP_INVREPLY 9

/**
 * A broadcast frame in which mac asks for its own IP address (as a moved host does to teach switches). NULL: no mbuf.
 */
struct rte_mbuf *rte_net_make_rarp_packet(struct rte_mempool *mpool, const struct rte_ether_addr *mac);

#ifdef __cplusplus
}
#endif

#endif
