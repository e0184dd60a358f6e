/* SPDX-License-Identifier: BSD-3-Clause
 *
 * VXLAN (RFC 7348) and its generic protocol extension.
 */
#ifndef _RTE_VXLAN_H_
#define _RTE_VXLAN_H_

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_common.h>
#include <rte_udp.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_VXLAN_DEFAULT_PORT 4789
#define RTE_VXLAN_GPE_DEFAULT_PORT 4790

struct rte_vxlan_hdr {
	rte_be32_t vx_flags; /**< 0x08 in the first byte: the identifier is valid */
	rte_be32_t vx_vni;   /**< identifier in the upper 24 bits */
} __rte_packed;

/** what VXLAN adds between UDP and the inner frame */
#define RTE_ETHER_VXLAN_HLEN (sizeof(struct rte_udp_hdr) + sizeof(struct rte_vxlan_hdr))

struct rte_vxlan_gpe_hdr {
	uint8_t vx_flags;
	uint8_t reserved[2];
	uint8_t proto;     /**< RTE_VXLAN_GPE_TYPE_* */
	rte_be32_t vx_vni; /**< identifier in the upper 24 bits */
} __rte_packed;

#define RTE_ETHER_VXLAN_GPE_HLEN (sizeof(struct rte_udp_hdr) + sizeof(struct rte_vxlan_gpe_hdr))

#define RTE_VXLAN_GPE_TYPE_IPV4 1
#define RTE_VXLAN_GPE_TYPE_IPV6 2
#define RTE_VXLAN_GPE_TYPE_ETH 3
#define RTE_VXLAN_GPE_TYPE_NSH 4
#define RTE_VXLAN_GPE_TYPE_MPLS 5
#define RTE_VXLAN_GPE_TYPE_GBP 6
#define RTE_VXLAN_GPE_TYPE_VBNG 7

#ifdef __cplusplus
}
#endif

#endif
