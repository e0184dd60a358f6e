/* SPDX-License-Identifier: BSD-3-Clause
 *
 * GTP (3GPP TS 29.060, 29.281) and the PDU session container (TS 38.415).
 */
#ifndef _RTE_GTP_H_
#define _RTE_GTP_H_

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_common.h>

#ifdef __cplusplus
extern "C" {
#endif

__extension__
struct rte_gtp_hdr {
	union {
		uint8_t gtp_hdr_info;
		struct {
			uint8_t pn : 1; /**< N-PDU number present */
			uint8_t s : 1;  /**< sequence number present */
			uint8_t e : 1;  /**< extension header present */
			uint8_t res1 : 1;
			uint8_t pt : 1; /**< protocol type: 1 = GTP, 0 = GTP' */
			uint8_t ver : 3;
		};
	};
	uint8_t msg_type;
	rte_be16_t plen; /**< bytes after the 8 of this header */
	rte_be32_t teid;
} __rte_packed;

/** Behind the header when any of pn, s, e is set. */
struct rte_gtp_hdr_ext_word {
	rte_be16_t sqn;
	uint8_t npdu;
	uint8_t next_ext;
} __rte_packed;

/** A PDU session container of whichever type; ext_hdr_len counts words of 4 bytes. */
__extension__
struct rte_gtp_psc_generic_hdr {
	uint8_t ext_hdr_len;
	uint8_t pad : 3;
	uint8_t qmp : 1;
	uint8_t type : 4;
	uint8_t qfi : 6;
	uint8_t spare : 2;
	uint8_t data[0];
} __rte_packed;

/** Type 0, downlink. */
__extension__
struct rte_gtp_psc_type0_hdr {
	uint8_t ext_hdr_len;
	uint8_t spare_dl1 : 2;
	uint8_t snp : 1;
	uint8_t qmp : 1;
	uint8_t type : 4;
	uint8_t qfi : 6;
	uint8_t rqi : 1;
	uint8_t ppp : 1;
	uint8_t data[0];
} __rte_packed;

/** Type 1, uplink. */
__extension__
struct rte_gtp_psc_type1_hdr {
	uint8_t ext_hdr_len;
	uint8_t snp : 1;
	uint8_t ul_delay_ind : 1;
	uint8_t dl_delay_ind : 1;
	uint8_t qmp : 1;
	uint8_t type : 4;
	uint8_t qfi : 6;
	uint8_t spare_ul2 : 1;
	uint8_t n_delay_ind : 1;
	uint8_t data[0];
} __rte_packed;

/** what GTP adds between UDP and the inner packet; needs rte_udp.h */
#define RTE_ETHER_GTP_HLEN (sizeof(struct rte_udp_hdr) + sizeof(struct rte_gtp_hdr))

/* The first byte of an inner IP packet, its version. */
#define RTE_GTP_TYPE_IPV4 0x40
#define RTE_GTP_TYPE_IPV6 0x60
#define RTE_GTPC_UDP_PORT 2123
#define RTE_GTPU_UDP_PORT 2152

#ifdef __cplusplus
}
#endif

#endif
