/* SPDX-License-Identifier: BSD-3-Clause
 *
 * MACsec (IEEE 802.1AE): the SecTAG behind the EtherType.
 */
#ifndef _RTE_MACSEC_H_
#define _RTE_MACSEC_H_

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The TAG control information, upper six bits of tci_an, and the association number. */
#define RTE_MACSEC_TCI_VER_MASK 0x80
#define RTE_MACSEC_TCI_ES 0x40
#define RTE_MACSEC_TCI_SC 0x20 /**< the SCI follows */
#define RTE_MACSEC_TCI_SCB 0x10
#define RTE_MACSEC_TCI_E 0x08 /**< encrypted */
#define RTE_MACSEC_TCI_C 0x04 /**< changed */
#define RTE_MACSEC_AN_MASK 0x03

__extension__
struct rte_macsec_hdr {
	uint8_t tci_an;
	uint8_t short_length : 6; /**< of the secure data when below 48 bytes, else 0 */
	uint8_t unused : 2;
	rte_be32_t packet_number;
} __rte_packed;

#define RTE_MACSEC_SCI_LEN 8

struct rte_macsec_sci_hdr {
	uint8_t sci[RTE_MACSEC_SCI_LEN];
} __rte_packed;

#ifdef __cplusplus
}
#endif

#endif
