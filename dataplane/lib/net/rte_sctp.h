/* SPDX-License-Identifier: BSD-3-Clause
 *
 * SCTP (RFC 9260), the common header.
 */
#ifndef _RTE_SCTP_H_
#define _RTE_SCTP_H_

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_sctp_hdr {
	rte_be16_t src_port;
	rte_be16_t dst_port;
	rte_be32_t tag;   /**< verification tag */
	rte_be32_t cksum; /**< CRC32c */
} __rte_packed;

#ifdef __cplusplus
}
#endif

#endif
