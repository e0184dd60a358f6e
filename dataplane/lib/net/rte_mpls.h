/* SPDX-License-Identifier: BSD-3-Clause
 *
 * MPLS (RFC 3032), one entry of the label stack.
 */
#ifndef _RTE_MPLS_H_
#define _RTE_MPLS_H_

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

__extension__
struct rte_mpls_hdr {
	uint16_t tag_msb; /**< the label's upper 16 bits, in network order */
	uint8_t bs : 1;   /**< bottom of the stack */
	uint8_t tc : 3;
	uint8_t tag_lsb : 4;
	uint8_t ttl;
} __rte_packed;

#ifdef __cplusplus
}
#endif

#endif
