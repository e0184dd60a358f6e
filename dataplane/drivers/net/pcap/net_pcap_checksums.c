/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Checksum verdicts as a receiving device gives them. Frames of a capture do not change: each is judged once, when the queue is
 * set up with one of the offloads, and a burst only adds what is known.
 */
#include <errno.h>

#include <rte_ether.h>
#include <rte_ip.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_tcp.h>
#include <rte_udp.h>

#include "net_pcap.h"

static uint64_t
l4_verdict(int correct)
{
	return correct ? RTE_MBUF_F_RX_L4_CKSUM_GOOD : RTE_MBUF_F_RX_L4_CKSUM_BAD;
}

/* Whether a segment of a protocol is to be judged: all of it is there, and a UDP datagram has a checksum. */
static int
is_judged(uint8_t protocol, const uint8_t *l4, uint32_t length, uint64_t offloads)
{
	struct rte_udp_hdr udp;

	if (protocol == IPPROTO_TCP)
		return (offloads & RTE_ETH_RX_OFFLOAD_TCP_CKSUM) && length >= sizeof(struct rte_tcp_hdr);
	if (protocol != IPPROTO_UDP || !(offloads & RTE_ETH_RX_OFFLOAD_UDP_CKSUM) || length < sizeof(udp))
		return 0;
	memcpy(&udp, l4, sizeof(udp));
	return udp.dgram_cksum != 0;
}

static uint64_t
ipv4_verdict(const uint8_t *at, uint32_t left, uint64_t offloads)
{
	struct rte_ipv4_hdr ip;
	uint32_t header, total;
	uint64_t verdict = 0;

	if (left < sizeof(ip))
		return 0;
	memcpy(&ip, at, sizeof(ip));
	header = (ip.version_ihl & RTE_IPV4_HDR_IHL_MASK) * (uint32_t)RTE_IPV4_IHL_MULTIPLIER;
	total = rte_be_to_cpu_16(ip.total_length);
	if (ip.version_ihl >> 4 != 4 || header < sizeof(ip) || header > left)
		return 0;
	if (offloads & RTE_ETH_RX_OFFLOAD_IPV4_CKSUM)
		verdict = rte_raw_cksum(at, header) == 0xffff ? RTE_MBUF_F_RX_IP_CKSUM_GOOD : RTE_MBUF_F_RX_IP_CKSUM_BAD;
	/* Of a fragment, or of what was not captured whole, nothing more can be said. */
	if (total < header || total > left ||
			(ip.fragment_offset & RTE_BE16(RTE_IPV4_HDR_MF_FLAG | RTE_IPV4_HDR_OFFSET_MASK)) != 0)
		return verdict;
	if (is_judged(ip.next_proto_id, at + header, total - header, offloads))
		verdict |= l4_verdict(rte_ipv4_udptcp_cksum_verify((const struct rte_ipv4_hdr *)at, at + header) == 0);
	return verdict;
}

static uint64_t
ipv6_verdict(const uint8_t *at, uint32_t left, uint64_t offloads)
{
	struct rte_ipv6_hdr ip;
	uint32_t length;

	if (left < sizeof(ip))
		return 0;
	memcpy(&ip, at, sizeof(ip));
	length = rte_be_to_cpu_16(ip.payload_len);
	if (length > left - sizeof(ip) || !is_judged(ip.proto, at + sizeof(ip), length, offloads))
		return 0;
	return l4_verdict(rte_ipv6_udptcp_cksum_verify((const struct rte_ipv6_hdr *)at, at + sizeof(ip)) == 0);
}

/* The ol_flags of one frame. Behind up to two VLAN tags; not behind IPv6 extension headers. */
static uint64_t
verdict_of(const uint8_t *frame, uint32_t length, uint64_t offloads)
{
	uint32_t at = RTE_ETHER_HDR_LEN, tags;
	rte_be16_t type;

	for (tags = 0;; tags++) {
		if (length < at)
			return 0;
		memcpy(&type, frame + at - sizeof(type), sizeof(type));
		if (tags == 2 || (type != RTE_BE16(RTE_ETHER_TYPE_VLAN) && type != RTE_BE16(RTE_ETHER_TYPE_QINQ)))
			break;
		at += RTE_VLAN_HLEN;
	}
	if (type == RTE_BE16(RTE_ETHER_TYPE_IPV4))
		return ipv4_verdict(frame + at, length - at, offloads);
	return type == RTE_BE16(RTE_ETHER_TYPE_IPV6) ? ipv6_verdict(frame + at, length - at, offloads) : 0;
}

int
net_pcap_judge_checksums(struct net_pcap_rx_queue *queue, uint64_t offloads)
{
	const struct capture_image *image = queue->image;
	uint32_t i;

	rte_free(queue->verdicts);
	queue->verdicts = NULL;
	if (image == NULL || image->frames == 0 || !(offloads & NET_PCAP_CHECKSUM_OFFLOADS))
		return 0;
	queue->verdicts = rte_malloc("net_pcap checksums", image->frames * sizeof(*queue->verdicts), 0);
	if (queue->verdicts == NULL)
		return -ENOMEM;
	for (i = 0; i < image->frames; i++)
		queue->verdicts[i] = verdict_of(capture_image_frame(image, i), image->fields[i].length, offloads);
	return 0;
}

uint16_t
net_pcap_rx_judged(void *rx_queue, struct rte_mbuf **packets, uint16_t count)
{
	struct net_pcap_rx_queue *queue = rx_queue;
	uint32_t frame = queue->position;
	uint16_t received = queue->port->unjudged(queue, packets, count), i;

	if (queue->verdicts == NULL)
		return received;
	for (i = 0; i < received; i++) {
		packets[i]->ol_flags |= queue->verdicts[frame];
		if (++frame == queue->image->frames)
			frame = 0;
	}
	return received;
}
