/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the vector receive paths have in common: tables, and the packets that do not fill a vector.
 *
 * The flags of an mbuf come out of two tables of 16 bytes each, one shuffle for all packets of a vector:
 *  - checksums: index is the three error bits, and 8 when they count at all; a value is the flags shifted right by one;
 *  - status: index is FLM, FLTSTAT (two bits) and the tag's bit; a value is the flags, and 0x80 for RTE_MBUF_F_RX_FDIR_ID.
 * Index 0 gives 0 in both, so the bytes of an index that are always 0 add nothing.
 */
#ifndef I40E_RX_VECTOR_H
#define I40E_RX_VECTOR_H

#include <string.h>

#include "i40e_rx_refill.h"

#define I40E_FDIR_ID_SHIFT 6 /* from 0x80 to RTE_MBUF_F_RX_FDIR_ID */

#define I40E_CK(ip, l4, outer) ((char)(((ip) | (l4) | (outer)) >> 1))
#define I40E_IP_GOOD RTE_MBUF_F_RX_IP_CKSUM_GOOD
#define I40E_IP_BAD RTE_MBUF_F_RX_IP_CKSUM_BAD
#define I40E_L4_GOOD RTE_MBUF_F_RX_L4_CKSUM_GOOD
#define I40E_L4_BAD RTE_MBUF_F_RX_L4_CKSUM_BAD
#define I40E_OUTER_BAD RTE_MBUF_F_RX_OUTER_IP_CKSUM_BAD

#define I40E_CHECKSUM_TABLE 0, 0, 0, 0, 0, 0, 0, 0, \
	I40E_CK(I40E_IP_GOOD, I40E_L4_GOOD, 0), I40E_CK(I40E_IP_BAD, I40E_L4_GOOD, 0), \
	I40E_CK(I40E_IP_GOOD, I40E_L4_BAD, 0), I40E_CK(I40E_IP_BAD, I40E_L4_BAD, 0), \
	I40E_CK(I40E_IP_GOOD, I40E_L4_GOOD, I40E_OUTER_BAD), I40E_CK(I40E_IP_BAD, I40E_L4_GOOD, I40E_OUTER_BAD), \
	I40E_CK(I40E_IP_GOOD, I40E_L4_BAD, I40E_OUTER_BAD), I40E_CK(I40E_IP_BAD, I40E_L4_BAD, I40E_OUTER_BAD)

#define I40E_ST_TAG ((char)(RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED))
#define I40E_ST_RULE ((char)RTE_MBUF_F_RX_FDIR)
#define I40E_ST_HASH ((char)RTE_MBUF_F_RX_RSS_HASH)
#define I40E_ST_ID ((char)0x80)

#define I40E_STATUS_HALF(tag) tag, (tag) | I40E_ST_RULE, (tag) | I40E_ST_ID, (tag) | I40E_ST_ID | I40E_ST_RULE, \
	tag, (tag) | I40E_ST_RULE, (tag) | I40E_ST_HASH, (tag) | I40E_ST_HASH | I40E_ST_RULE
#define I40E_STATUS_TABLE I40E_STATUS_HALF(0), I40E_STATUS_HALF(I40E_ST_TAG)

/* The length's bits in the last 32 of a descriptor: the ones above are of headers that nobody asked for. */
#define I40E_RX_LENGTH_WORD (I40E_RX_LENGTH_MASK << (I40E_RX_LENGTH_SHIFT - 32))

/* From a descriptor whose length has been moved to its bits 111:96, to an mbuf's bytes from packet_type to hash.rss. */
#define I40E_FIELDS_SHUFFLE -1, -1, -1, -1, 12, 13, -1, -1, 12, 13, 2, 3, 4, 5, 6, 7

/* The packet type straddles bytes: two of them hold all its bits. */
static __rte_always_inline uint32_t
i40e_rx_packet_type(const struct i40e_rx_desc *desc)
{
	uint16_t two;

	memcpy(&two, (const uint8_t *)&desc->high + 3, sizeof(two));
	return i40e_ptypes[(uint8_t)(two >> (I40E_RX_PTYPE_SHIFT - 24))];
}

/* One at a time: up to n, or until one is not done. */
static __rte_always_inline uint16_t
i40e_rx_few(struct i40e_rxq *q, uint16_t at, struct rte_mbuf **pkts, uint16_t n)
{
	uint16_t done;

	for (done = 0; done < n; done++, at++) {
		const uint64_t high = i40e_rx_load(&q->ring[at].high);

		if ((high & I40E_RX_DD) == 0)
			break;
		i40e_rx_take(q, q->sw[at], i40e_rx_load(&q->ring[at].low), high);
		pkts[done] = q->sw[at];
	}
	return done;
}

#endif
