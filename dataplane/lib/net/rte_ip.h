/* SPDX-License-Identifier: BSD-3-Clause
 *
 * IPv4 (RFC 791), IPv6 (RFC 8200) and the checksums of what they carry.
 *
 * Headers are read as they are: lengths in them must have been checked against the packet before these functions see
 * them.
 */
#ifndef _RTE_IP_H_
#define _RTE_IP_H_

#include <stdint.h>
#include <string.h>

#include <wdpdk_net_os.h>

#include <rte_byteorder.h>
#include <rte_cksum.h>
#include <rte_common.h>
#include <rte_compat.h>
#include <rte_mbuf.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_ipv4_hdr {
	__extension__
	union {
		uint8_t version_ihl;
		struct {
			uint8_t ihl:4;     /**< header length in 4-byte words */
			uint8_t version:4;
		};
	};
	uint8_t type_of_service;
	rte_be16_t total_length;    /**< header and data, bytes */
	rte_be16_t packet_id;
	rte_be16_t fragment_offset; /**< flags and offset in units of 8 bytes */
	uint8_t time_to_live;
	uint8_t next_proto_id;
	rte_be16_t hdr_checksum;
	rte_be32_t src_addr;
	rte_be32_t dst_addr;
} __rte_packed;

/** An IPv4 address in the CPU's byte order. */
#define RTE_IPV4(a, b, c, d) \
	((uint32_t)((uint32_t)((a) & 0xff) << 24 | ((b) & 0xff) << 16 | ((c) & 0xff) << 8 | ((d) & 0xff)))

#define RTE_IPV4_MAX_PKT_LEN 65535

#define RTE_IPV4_HDR_IHL_MASK (0x0f)
#define RTE_IPV4_IHL_MULTIPLIER (4)
#define RTE_IPV4_MIN_IHL (0x5)
#define RTE_IPV4_VHL_DEF ((IPVERSION << 4) | RTE_IPV4_MIN_IHL)

#define RTE_IPV4_HDR_DSCP_MASK (0xfc)
#define RTE_IPV4_HDR_ECN_MASK (0x03)
#define RTE_IPV4_HDR_ECN_CE RTE_IPV4_HDR_ECN_MASK

#define RTE_IPV4_HDR_DF_SHIFT 14
#define RTE_IPV4_HDR_MF_SHIFT 13
#define RTE_IPV4_HDR_FO_SHIFT 3
#define RTE_IPV4_HDR_DF_FLAG (1 << RTE_IPV4_HDR_DF_SHIFT)
#define RTE_IPV4_HDR_MF_FLAG (1 << RTE_IPV4_HDR_MF_SHIFT)
#define RTE_IPV4_HDR_OFFSET_MASK ((1 << RTE_IPV4_HDR_MF_SHIFT) - 1)
#define RTE_IPV4_HDR_OFFSET_UNITS 8

#define RTE_IPV4_HDR_OPT_EOL 0
#define RTE_IPV4_HDR_OPT_NOP 1
#define RTE_IPV4_HDR_OPT_COPIED(v) ((v) & 0x80)
#define RTE_IPV4_HDR_OPT_MAX_LEN 40

#define RTE_IPV4_ANY ((uint32_t)0x00000000)
#define RTE_IPV4_LOOPBACK ((uint32_t)0x7f000001)
#define RTE_IPV4_BROADCAST ((uint32_t)0xe0000000)
#define RTE_IPV4_ALLHOSTS_GROUP ((uint32_t)0xe0000001)
#define RTE_IPV4_ALLRTRS_GROUP ((uint32_t)0xe0000002)
#define RTE_IPV4_MAX_LOCAL_GROUP ((uint32_t)0xe00000ff)
#define RTE_IPV4_MIN_MCAST RTE_IPV4(224, 0, 0, 0)
#define RTE_IPV4_MAX_MCAST RTE_IPV4(239, 255, 255, 255)
#define RTE_IS_IPV4_MCAST(x) ((x) >= RTE_IPV4_MIN_MCAST && (x) <= RTE_IPV4_MAX_MCAST)

struct rte_ipv6_hdr {
	rte_be32_t vtc_flow;    /**< version, traffic class, flow label */
	rte_be16_t payload_len; /**< what follows this header, bytes */
	uint8_t proto;          /**< next header */
	uint8_t hop_limits;
	uint8_t src_addr[16];
	uint8_t dst_addr[16];
} __rte_packed;

#define RTE_IPV6_HDR_FL_SHIFT 0
#define RTE_IPV6_HDR_TC_SHIFT 20
#define RTE_IPV6_HDR_FL_MASK ((1u << RTE_IPV6_HDR_TC_SHIFT) - 1)
#define RTE_IPV6_HDR_TC_MASK (0xff << RTE_IPV6_HDR_TC_SHIFT)
#define RTE_IPV6_HDR_DSCP_MASK (0xfc << RTE_IPV6_HDR_TC_SHIFT)
#define RTE_IPV6_HDR_ECN_MASK (0x03 << RTE_IPV6_HDR_TC_SHIFT)
#define RTE_IPV6_HDR_ECN_CE RTE_IPV6_HDR_ECN_MASK
#define RTE_IPV6_MIN_MTU 1280

/* frag_data of the fragment header, in the CPU's byte order. */
#define RTE_IPV6_EHDR_MF_SHIFT 0
#define RTE_IPV6_EHDR_MF_MASK 1
#define RTE_IPV6_EHDR_FO_SHIFT 3
#define RTE_IPV6_EHDR_FO_MASK (~((1 << RTE_IPV6_EHDR_FO_SHIFT) - 1))
#define RTE_IPV6_EHDR_FO_ALIGN (1 << RTE_IPV6_EHDR_FO_SHIFT)
#define RTE_IPV6_FRAG_USED_MASK (RTE_IPV6_EHDR_MF_MASK | RTE_IPV6_EHDR_FO_MASK)
#define RTE_IPV6_GET_MF(x) ((x) & RTE_IPV6_EHDR_MF_MASK)
#define RTE_IPV6_GET_FO(x) ((x) >> RTE_IPV6_EHDR_FO_SHIFT)
#define RTE_IPV6_SET_FRAG_DATA(fo, mf) (((fo) & RTE_IPV6_EHDR_FO_MASK) | ((mf) & RTE_IPV6_EHDR_MF_MASK))

struct rte_ipv6_fragment_ext {
	uint8_t next_header;
	uint8_t reserved;
	rte_be16_t frag_data;
	rte_be32_t id;
} __rte_packed;

#define RTE_IPV6_FRAG_HDR_SIZE sizeof(struct rte_ipv6_fragment_ext)

/** Header length in bytes, from its own field. */
static inline uint8_t
rte_ipv4_hdr_len(const struct rte_ipv4_hdr *ipv4_hdr)
{
	return (uint8_t)((ipv4_hdr->version_ihl & RTE_IPV4_HDR_IHL_MASK) * RTE_IPV4_IHL_MULTIPLIER);
}

/** The checksum to put into a header whose hdr_checksum is 0. Over a correct header with its checksum in place: 0. */
static inline uint16_t
rte_ipv4_cksum(const struct rte_ipv4_hdr *ipv4_hdr)
{
	return (uint16_t)~rte_raw_cksum(ipv4_hdr, rte_ipv4_hdr_len(ipv4_hdr));
}

/** The raw sum of the pseudo header, as devices want it in the L4 checksum; without the length under TCP_SEG. */
static inline uint16_t
rte_ipv4_phdr_cksum(const struct rte_ipv4_hdr *ipv4_hdr, uint64_t ol_flags)
{
	uint32_t words[3] = {ipv4_hdr->src_addr, ipv4_hdr->dst_addr, 0};
	uint16_t length = 0;

	if (!(ol_flags & RTE_MBUF_F_TX_TCP_SEG))
		length = (uint16_t)(rte_be_to_cpu_16(ipv4_hdr->total_length) - rte_ipv4_hdr_len(ipv4_hdr));
	words[2] = rte_cpu_to_be_32((uint32_t)ipv4_hdr->next_proto_id << 16 | length);
	return rte_raw_cksum(words, sizeof(words));
}

/** The same for IPv6. The upper-layer protocol must follow at once (proto), without extension headers. */
static inline uint16_t
rte_ipv6_phdr_cksum(const struct rte_ipv6_hdr *ipv6_hdr, uint64_t ol_flags)
{
	uint32_t words[2] = {0, rte_cpu_to_be_32(ipv6_hdr->proto)};
	uint32_t sum = __rte_raw_cksum(ipv6_hdr->src_addr, sizeof(ipv6_hdr->src_addr) + sizeof(ipv6_hdr->dst_addr), 0);

	if (!(ol_flags & RTE_MBUF_F_TX_TCP_SEG))
		words[0] = rte_cpu_to_be_32(rte_be_to_cpu_16(ipv6_hdr->payload_len));
	return __rte_raw_cksum_reduce(__rte_raw_cksum(words, sizeof(words), sum));
}

/* Raw sums of pseudo header and L4; 0, which no sound packet sums to, when the header's length cannot be right. */
static inline uint16_t
__rte_ipv4_udptcp_cksum(const struct rte_ipv4_hdr *ipv4_hdr, const void *l4_hdr)
{
	uint32_t total = rte_be_to_cpu_16(ipv4_hdr->total_length), header = rte_ipv4_hdr_len(ipv4_hdr);

	if (unlikely(total < header))
		return 0;
	return __rte_raw_cksum_reduce((uint32_t)rte_raw_cksum(l4_hdr, total - header) + rte_ipv4_phdr_cksum(ipv4_hdr, 0));
}

static inline uint16_t
__rte_ipv4_udptcp_cksum_mbuf(const struct rte_mbuf *m, const struct rte_ipv4_hdr *ipv4_hdr, uint16_t l4_off)
{
	uint32_t total = rte_be_to_cpu_16(ipv4_hdr->total_length), header = rte_ipv4_hdr_len(ipv4_hdr);
	uint16_t sum;

	if (unlikely(total < header || rte_raw_cksum_mbuf(m, l4_off, total - header, &sum) != 0))
		return 0;
	return __rte_raw_cksum_reduce((uint32_t)sum + rte_ipv4_phdr_cksum(ipv4_hdr, 0));
}

static inline uint16_t
__rte_ipv6_udptcp_cksum(const struct rte_ipv6_hdr *ipv6_hdr, const void *l4_hdr)
{
	uint32_t sum = rte_raw_cksum(l4_hdr, rte_be_to_cpu_16(ipv6_hdr->payload_len));

	return __rte_raw_cksum_reduce(sum + rte_ipv6_phdr_cksum(ipv6_hdr, 0));
}

static inline uint16_t
__rte_ipv6_udptcp_cksum_mbuf(const struct rte_mbuf *m, const struct rte_ipv6_hdr *ipv6_hdr, uint16_t l4_off)
{
	uint16_t sum;

	if (unlikely(rte_raw_cksum_mbuf(m, l4_off, rte_be_to_cpu_16(ipv6_hdr->payload_len), &sum) != 0))
		return 0;
	return __rte_raw_cksum_reduce((uint32_t)sum + rte_ipv6_phdr_cksum(ipv6_hdr, 0));
}

/* In UDP 0 means "no checksum", so a sum that comes out as 0 is sent as its other representation. */
static inline uint16_t
wdpdk_l4_cksum(uint16_t raw, uint8_t proto)
{
	uint16_t cksum = (uint16_t)~raw;

	return cksum == 0 && proto == IPPROTO_UDP ? 0xffff : cksum;
}

/** The checksum to put into a UDP or TCP header (at l4_hdr, its data behind it) whose checksum field is 0. */
static inline uint16_t
rte_ipv4_udptcp_cksum(const struct rte_ipv4_hdr *ipv4_hdr, const void *l4_hdr)
{
	return wdpdk_l4_cksum(__rte_ipv4_udptcp_cksum(ipv4_hdr, l4_hdr), ipv4_hdr->next_proto_id);
}

/** The same for a packet in segments; the L4 header is l4_off bytes into it. */
__rte_experimental
static inline uint16_t
rte_ipv4_udptcp_cksum_mbuf(const struct rte_mbuf *m, const struct rte_ipv4_hdr *ipv4_hdr, uint16_t l4_off)
{
	return wdpdk_l4_cksum(__rte_ipv4_udptcp_cksum_mbuf(m, ipv4_hdr, l4_off), ipv4_hdr->next_proto_id);
}

/** 0 when the UDP or TCP checksum is right, -1 otherwise. UDP's "no checksum" is the caller's to see first. */
__rte_experimental
static inline int
rte_ipv4_udptcp_cksum_verify(const struct rte_ipv4_hdr *ipv4_hdr, const void *l4_hdr)
{
	return __rte_ipv4_udptcp_cksum(ipv4_hdr, l4_hdr) == 0xffff ? 0 : -1;
}

__rte_experimental
static inline int
rte_ipv4_udptcp_cksum_mbuf_verify(const struct rte_mbuf *m, const struct rte_ipv4_hdr *ipv4_hdr, uint16_t l4_off)
{
	return __rte_ipv4_udptcp_cksum_mbuf(m, ipv4_hdr, l4_off) == 0xffff ? 0 : -1;
}

/* The same four for IPv6. */
static inline uint16_t
rte_ipv6_udptcp_cksum(const struct rte_ipv6_hdr *ipv6_hdr, const void *l4_hdr)
{
	return wdpdk_l4_cksum(__rte_ipv6_udptcp_cksum(ipv6_hdr, l4_hdr), ipv6_hdr->proto);
}

__rte_experimental
static inline uint16_t
rte_ipv6_udptcp_cksum_mbuf(const struct rte_mbuf *m, const struct rte_ipv6_hdr *ipv6_hdr, uint16_t l4_off)
{
	return wdpdk_l4_cksum(__rte_ipv6_udptcp_cksum_mbuf(m, ipv6_hdr, l4_off), ipv6_hdr->proto);
}

__rte_experimental
static inline int
rte_ipv6_udptcp_cksum_verify(const struct rte_ipv6_hdr *ipv6_hdr, const void *l4_hdr)
{
	return __rte_ipv6_udptcp_cksum(ipv6_hdr, l4_hdr) == 0xffff ? 0 : -1;
}

__rte_experimental
static inline int
rte_ipv6_udptcp_cksum_mbuf_verify(const struct rte_mbuf *m, const struct rte_ipv6_hdr *ipv6_hdr, uint16_t l4_off)
{
	return __rte_ipv6_udptcp_cksum_mbuf(m, ipv6_hdr, l4_off) == 0xffff ? 0 : -1;
}

/**
 * For an extension header of kind proto at p (2 bytes are read): the next header's kind and *ext_len bytes, or -EINVAL.
 */
__rte_experimental
static inline int
rte_ipv6_get_next_ext(const uint8_t *p, int proto, size_t *ext_len)
{
	switch (proto) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
		*ext_len = ((size_t)p[1] + 1) * 8;
		return p[0];
	case IPPROTO_AH: /* RFC 4302 counts words of 4 bytes, less 2 */
		*ext_len = ((size_t)p[1] + 2) * 4;
		return p[0];
	case IPPROTO_FRAGMENT:
		*ext_len = RTE_IPV6_FRAG_HDR_SIZE;
		return p[0];
	default:
		return -EINVAL;
	}
}

#ifdef __cplusplus
}
#endif

#endif
