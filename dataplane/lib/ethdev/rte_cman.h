/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Congestion management: how packets are dropped before a queue is full. Shapes and values as in DPDK 22.11.
 */
#ifndef WDPDK_RTE_CMAN_H
#define WDPDK_RTE_CMAN_H

#include <stdint.h>

#include <rte_bitops.h>

#ifdef __cplusplus
extern "C" {
#endif

enum rte_cman_mode {
	RTE_CMAN_RED = RTE_BIT32(0), /**< Random early drop, by the average of the queue's length. */
};

/** Per cent of the queue at which dropping begins and at which everything is dropped; the inverse of the probability. */
struct rte_cman_red_params {
	uint8_t min_th;
	uint8_t max_th;
	uint16_t maxp_inv;
};

#ifdef __cplusplus
}
#endif

#endif
