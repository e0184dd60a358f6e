/* SPDX-License-Identifier: BSD-3-Clause
 *
 * PPP in HDLC-like framing (RFC 1662).
 */
#ifndef _RTE_PPP_H_
#define _RTE_PPP_H_

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_ppp_hdr {
	uint8_t addr; /**< 0xff */
	uint8_t ctrl; /**< 0x03 */
	rte_be16_t proto_id;
} __rte_packed;

#ifdef __cplusplus
}
#endif

#endif
