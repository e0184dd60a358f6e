/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Transmit and receive descriptors, and how mbufs become them and back. Receive descriptors are the short ones of 16
 * bytes: half the cache lines and half the bus traffic of the long ones, without flexible bytes and a second tag.
 */
#ifndef I40E_DESC_H
#define I40E_DESC_H

#include <stdbool.h>
#include <stdint.h>

#include <rte_mbuf.h>

/* ---- Receive ---- */

/* Given to the device: low = bus address of the buffer, high = 0. Taken back: */
struct i40e_rx_desc {
	uint64_t low;  /* 31:16 tag, 63:32 hash or rule's number */
	uint64_t high; /* 18:0 status, 26:19 errors, 37:30 packet type, 51:38 length */
};

#define I40E_RX_DD (1ULL << 0)
#define I40E_RX_EOF (1ULL << 1)
#define I40E_RX_TAG (1ULL << 2)
#define I40E_RX_L3L4 (1ULL << 3) /* checksums were looked at */
#define I40E_RX_RULE (1ULL << 11)
#define I40E_RX_FLTSTAT_SHIFT 12
#define I40E_RX_FLTSTAT_RULE 1
#define I40E_RX_FLTSTAT_HASH 3
#define I40E_RX_RXE (1ULL << 19)
#define I40E_RX_L3L4E_SHIFT 22 /* 3 bits: IP, L4, outer IP */
#define I40E_RX_PTYPE_SHIFT 30
#define I40E_RX_LENGTH_SHIFT 38
#define I40E_RX_LENGTH_MASK 0x3FFF

/** Packet types of the device as RTE_PTYPE_*. */
extern const uint32_t i40e_ptypes[256];
/** The list for rte_eth_dev_get_supported_ptypes(). */
extern const uint32_t i40e_ptype_list[];

/** mbuf flags of a descriptor, in two tables of 16: what checksums say (if they count), and what was found. */
extern const uint16_t i40e_rx_checksums[16], i40e_rx_states[16];

static inline uint64_t
i40e_rx_flags(uint64_t high)
{
	const unsigned int errors = (high >> I40E_RX_L3L4E_SHIFT & 7) | (high & I40E_RX_L3L4);
	const unsigned int state = (high >> 11 & 7) | (high << 1 & 8);

	return i40e_rx_checksums[errors] | i40e_rx_states[state];
}

static inline uint32_t
i40e_rx_length(uint64_t high)
{
	return (uint32_t)(high >> I40E_RX_LENGTH_SHIFT) & I40E_RX_LENGTH_MASK;
}

static inline uint8_t
i40e_rx_ptype(uint64_t high)
{
	return (uint8_t)(high >> I40E_RX_PTYPE_SHIFT);
}

/* ---- Transmit ---- */

struct i40e_tx_desc {
	uint64_t low;
	uint64_t high;
};

#define I40E_TX_DTYPE_MASK 0xFULL
#define I40E_TX_DATA 0x0ULL
#define I40E_TX_CONTEXT_DESC 0x1ULL
#define I40E_TX_FILTER 0x8ULL
#define I40E_TX_DONE 0xFULL

#define I40E_TX_EOP (1ULL << 4)
#define I40E_TX_RS (1ULL << 5)
#define I40E_TX_ICRC (1ULL << 6)
#define I40E_TX_TAG1 (1ULL << 7)
#define I40E_TX_DUMMY (1ULL << 8)
#define I40E_TX_IPV6 (1ULL << 9)
#define I40E_TX_IPV4 (2ULL << 9)
#define I40E_TX_IPV4_CKSUM (3ULL << 9)
#define I40E_TX_L4_TCP (1ULL << 12)
#define I40E_TX_L4_SCTP (2ULL << 12)
#define I40E_TX_L4_UDP (3ULL << 12)
#define I40E_TX_MACLEN_SHIFT 16 /* units of 2 bytes */
#define I40E_TX_IPLEN_SHIFT 23  /* units of 4 bytes */
#define I40E_TX_L4LEN_SHIFT 30
#define I40E_TX_LENGTH_SHIFT 34
#define I40E_TX_TAG1_SHIFT 48
#define I40E_TX_MAX_LENGTH 16383u

#define I40E_TXC_TSO (1ULL << 4)
#define I40E_TXC_TOTAL_SHIFT 30
#define I40E_TXC_MSS_SHIFT 50
#define I40E_TXC_OUTER_IPV6 1ULL
#define I40E_TXC_OUTER_IPV4 2ULL
#define I40E_TXC_OUTER_IPV4_CKSUM 3ULL
#define I40E_TXC_OUTER_IPLEN_SHIFT 2
#define I40E_TXC_TUNNEL_UDP (1ULL << 9)
#define I40E_TXC_TUNNEL_GRE (2ULL << 9)
#define I40E_TXC_TUNNEL_LEN_SHIFT 12

#define I40E_TX_MAX_SEGMENTS 8       /* descriptors of a packet on the wire */
#define I40E_TX_MIN_MSS 256
#define I40E_TX_MAX_MSS 9674
#define I40E_TX_MAX_TSO (256 * 1024 - 1)
#define I40E_TX_MIN_LENGTH 17        /* shorter ones stop the queue */

/** Flags this driver carries out. */
#define I40E_TX_FLAGS (RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IPV6 | RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_L4_MASK | \
	RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_VLAN | RTE_MBUF_F_TX_OUTER_IPV4 | RTE_MBUF_F_TX_OUTER_IPV6 | \
	RTE_MBUF_F_TX_OUTER_IP_CKSUM | RTE_MBUF_F_TX_TUNNEL_MASK)

/** Flags that need a context descriptor before the data. */
#define I40E_TX_CONTEXT_FLAGS (RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_OUTER_IP_CKSUM | RTE_MBUF_F_TX_TUNNEL_MASK)

/* What a packet's data descriptors have in common, and its context descriptor. */
struct i40e_tx_plan {
	uint64_t common;
	struct i40e_tx_desc context; /* high == 0: none */
};

static inline uint64_t
i40e_tx_tunnel(const struct rte_mbuf *m)
{
	uint64_t word = m->ol_flags & RTE_MBUF_F_TX_OUTER_IPV6 ? I40E_TXC_OUTER_IPV6 :
		m->ol_flags & RTE_MBUF_F_TX_OUTER_IP_CKSUM ? I40E_TXC_OUTER_IPV4_CKSUM :
		m->ol_flags & RTE_MBUF_F_TX_OUTER_IPV4 ? I40E_TXC_OUTER_IPV4 : 0;

	word |= (uint64_t)m->outer_l3_len / 4 << I40E_TXC_OUTER_IPLEN_SHIFT;
	switch (m->ol_flags & RTE_MBUF_F_TX_TUNNEL_MASK) {
	case RTE_MBUF_F_TX_TUNNEL_VXLAN:
	case RTE_MBUF_F_TX_TUNNEL_GENEVE:
	case RTE_MBUF_F_TX_TUNNEL_VXLAN_GPE:
	case RTE_MBUF_F_TX_TUNNEL_UDP:
		return word | I40E_TXC_TUNNEL_UDP | (uint64_t)m->l2_len / 2 << I40E_TXC_TUNNEL_LEN_SHIFT;
	case RTE_MBUF_F_TX_TUNNEL_GRE:
		return word | I40E_TXC_TUNNEL_GRE | (uint64_t)m->l2_len / 2 << I40E_TXC_TUNNEL_LEN_SHIFT;
	default:
		return word;
	}
}

/** Packet's first segment to descriptors; ol_flags within I40E_TX_FLAGS. */
static inline struct i40e_tx_plan
i40e_tx_encode(const struct rte_mbuf *m)
{
	const uint64_t flags = m->ol_flags;
	struct i40e_tx_plan plan = {.common = I40E_TX_DATA | I40E_TX_ICRC};

	if (flags & RTE_MBUF_F_TX_VLAN)
		plan.common |= I40E_TX_TAG1 | (uint64_t)m->vlan_tci << I40E_TX_TAG1_SHIFT;
	if (flags & (RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_L4_MASK | I40E_TX_CONTEXT_FLAGS)) {
		const uint32_t maclen = flags & RTE_MBUF_F_TX_TUNNEL_MASK ? m->outer_l2_len : m->l2_len;

		plan.common |= (uint64_t)(maclen / 2) << I40E_TX_MACLEN_SHIFT | (uint64_t)(m->l3_len / 4) << I40E_TX_IPLEN_SHIFT;
		if (flags & RTE_MBUF_F_TX_IP_CKSUM || (flags & RTE_MBUF_F_TX_TCP_SEG && flags & RTE_MBUF_F_TX_IPV4))
			plan.common |= I40E_TX_IPV4_CKSUM;
		else if (flags & RTE_MBUF_F_TX_IPV4)
			plan.common |= I40E_TX_IPV4;
		else if (flags & RTE_MBUF_F_TX_IPV6)
			plan.common |= I40E_TX_IPV6;
	}
	if (flags & RTE_MBUF_F_TX_TCP_SEG)
		plan.common |= I40E_TX_L4_TCP | (uint64_t)(m->l4_len / 4) << I40E_TX_L4LEN_SHIFT;
	else
		switch (flags & RTE_MBUF_F_TX_L4_MASK) {
		case RTE_MBUF_F_TX_TCP_CKSUM:
			plan.common |= I40E_TX_L4_TCP | 20ULL / 4 << I40E_TX_L4LEN_SHIFT;
			break;
		case RTE_MBUF_F_TX_SCTP_CKSUM:
			plan.common |= I40E_TX_L4_SCTP | 12ULL / 4 << I40E_TX_L4LEN_SHIFT;
			break;
		case RTE_MBUF_F_TX_UDP_CKSUM:
			plan.common |= I40E_TX_L4_UDP | 8ULL / 4 << I40E_TX_L4LEN_SHIFT;
			break;
		default:
			break;
		}
	if (flags & I40E_TX_CONTEXT_FLAGS) {
		plan.context.high = I40E_TX_CONTEXT_DESC;
		if (flags & (RTE_MBUF_F_TX_TUNNEL_MASK | RTE_MBUF_F_TX_OUTER_IP_CKSUM))
			plan.context.low = i40e_tx_tunnel(m);
		if (flags & RTE_MBUF_F_TX_TCP_SEG) {
			const uint32_t headers = (flags & RTE_MBUF_F_TX_TUNNEL_MASK ? m->outer_l2_len + m->outer_l3_len : 0) + m->l2_len +
				m->l3_len + m->l4_len;

			plan.context.high |= I40E_TXC_TSO | (uint64_t)(m->pkt_len - headers) << I40E_TXC_TOTAL_SHIFT |
				(uint64_t)m->tso_segsz << I40E_TXC_MSS_SHIFT;
		}
	}
	return plan;
}

#endif
