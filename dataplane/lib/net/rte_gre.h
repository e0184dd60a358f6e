/* SPDX-License-Identifier: BSD-3-Clause
 *
 * GRE (RFC 2784, options of RFC 2890). The options follow the header in the order of their flags: checksum, key, sequence.
 */
#ifndef _RTE_GRE_H_
#define _RTE_GRE_H_

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

__extension__
struct rte_gre_hdr {
	uint16_t res2 : 4;
	uint16_t s : 1; /**< a sequence number follows */
	uint16_t k : 1; /**< a key follows */
	uint16_t res1 : 1;
	uint16_t c : 1; /**< a checksum follows */
	uint16_t ver : 3;
	uint16_t res3 : 5;
	uint16_t proto; /**< EtherType of what is carried */
} __rte_packed;

struct rte_gre_hdr_opt_checksum_rsvd {
	rte_be16_t checksum;
	rte_be16_t reserved1;
} __rte_packed;

struct rte_gre_hdr_opt_key {
	rte_be32_t key;
} __rte_packed;

struct rte_gre_hdr_opt_sequence {
	rte_be32_t sequence;
} __rte_packed;

#ifdef __cplusplus
}
#endif

#endif
