/* SPDX-License-Identifier: BSD-3-Clause
 *
 * ESP (RFC 4303): what is before and behind the encrypted bytes.
 */
#ifndef _RTE_ESP_H_
#define _RTE_ESP_H_

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_esp_hdr {
	rte_be32_t spi;
	rte_be32_t seq;
} __rte_packed;

struct rte_esp_tail {
	uint8_t pad_len;
	uint8_t next_proto;
} __rte_packed;

#ifdef __cplusplus
}
#endif

#endif
