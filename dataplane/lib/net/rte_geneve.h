/* SPDX-License-Identifier: BSD-3-Clause
 *
 * GENEVE (RFC 8926).
 */
#ifndef _RTE_GENEVE_H_
#define _RTE_GENEVE_H_

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTE_GENEVE_DEFAULT_PORT 6081

__extension__
struct rte_geneve_hdr {
	uint8_t opt_len : 6; /**< options, in words of 4 bytes */
	uint8_t ver : 2;
	uint8_t reserved1 : 6;
	uint8_t critical : 1;
	uint8_t oam : 1;
	rte_be16_t proto; /**< EtherType of what is carried */
	uint8_t vni[3];
	uint8_t reserved2;
	uint32_t opts[];
} __rte_packed;

#define RTE_GENEVE_TYPE_ETH 0x6558

#ifdef __cplusplus
}
#endif

#endif
