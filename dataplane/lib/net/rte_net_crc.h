/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Cyclic redundancy checks of frames: CRC-32 of Ethernet (IEEE 802.3) and CRC-16 of CCITT (X.25). Any thread, except that one thread at a
 * time sets the algorithm.
 */
#ifndef _RTE_NET_CRC_H_
#define _RTE_NET_CRC_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum rte_net_crc_type {
	RTE_NET_CRC16_CCITT = 0,
	RTE_NET_CRC32_ETH,
	RTE_NET_CRC_REQS
};

enum rte_net_crc_alg {
	RTE_NET_CRC_SCALAR = 0,
	RTE_NET_CRC_SSE42, /**< carry-less products of 128 bits */
	RTE_NET_CRC_NEON,
	RTE_NET_CRC_AVX512, /**< of 512 bits */
};

/** Chooses how to compute; what the processor cannot do is done in the best way that it can. Without it, that best way. */
void rte_net_crc_set_alg(enum rte_net_crc_alg alg);
/** The check of data_len bytes as it goes on the wire, lowest byte first; 0 for a type there is not. */
uint32_t rte_net_crc_calc(const void *data, uint32_t data_len, enum rte_net_crc_type type);

#ifdef __cplusplus
}
#endif

#endif
