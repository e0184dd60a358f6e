/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Checksums of frames that are sent, as a card with these offloads fills them in: where the packet says that its headers are, and of
 * layer 4 over what stands in the checksum's place (the pseudo header's sum) too.
 */
#include "net_pcap.h"

#include <rte_branch_prediction.h>
#include <rte_byteorder.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_tcp.h>
#include <rte_udp.h>

static void
put(uint8_t *to, uint16_t sum)
{
	memcpy(to, &sum, sizeof(sum));
}

/* The bytes behind the layer 3 header that belong to the packet: frames may be padded. 0: it is not as the flags say. */
static uint32_t
l4_length(const uint8_t *l3, uint32_t left, uint32_t header, uint64_t flags)
{
	uint16_t said;
	uint32_t end;

	memcpy(&said, l3 + (flags & RTE_MBUF_F_TX_IPV6 ? offsetof(struct rte_ipv6_hdr, payload_len) :
		offsetof(struct rte_ipv4_hdr, total_length)), sizeof(said));
	end = rte_be_to_cpu_16(said) + (flags & RTE_MBUF_F_TX_IPV6 ? (uint32_t)sizeof(struct rte_ipv6_hdr) : 0);
	return end > left || end < header ? 0 : end - header;
}

void
net_pcap_fill_checksums(uint8_t *frame, uint32_t length, const struct rte_mbuf *packet)
{
	const uint64_t flags = packet->ol_flags, l4_flag = flags & RTE_MBUF_F_TX_L4_MASK;
	const uint32_t l2 = packet->l2_len, header = packet->l3_len;
	const uint32_t least = flags & RTE_MBUF_F_TX_IPV6 ? sizeof(struct rte_ipv6_hdr) : sizeof(struct rte_ipv4_hdr);
	uint8_t *l3 = frame + l2, *field;
	uint32_t bytes;
	uint16_t sum;

	if (header < least || l2 + header > length)
		return;
	if (flags & RTE_MBUF_F_TX_IP_CKSUM) {
		field = l3 + offsetof(struct rte_ipv4_hdr, hdr_checksum);
		put(field, 0);
		put(field, (uint16_t)~rte_raw_cksum(l3, header));
	}
	if (l4_flag != RTE_MBUF_F_TX_UDP_CKSUM && l4_flag != RTE_MBUF_F_TX_TCP_CKSUM)
		return;
	bytes = l4_length(l3, length - l2, header, flags);
	if (bytes < (l4_flag == RTE_MBUF_F_TX_UDP_CKSUM ? sizeof(struct rte_udp_hdr) : sizeof(struct rte_tcp_hdr)))
		return;
	field = l3 + header + (l4_flag == RTE_MBUF_F_TX_UDP_CKSUM ? offsetof(struct rte_udp_hdr, dgram_cksum) :
		offsetof(struct rte_tcp_hdr, cksum));
	sum = (uint16_t)~rte_raw_cksum(l3 + header, bytes);
	/* 0 says that there is no checksum. */
	put(field, sum == 0 && l4_flag == RTE_MBUF_F_TX_UDP_CKSUM ? 0xffff : sum);
}
