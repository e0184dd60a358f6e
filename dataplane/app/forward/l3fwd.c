/* SPDX-License-Identifier: BSD-3-Clause
 *
 * IP forwarding by longest prefix. Of each frame, in this order: what type it is, whether its header is sound, whether addresses
 * like these may be forwarded at all, whether it may go one hop further, whether there is a route. The first check that fails names
 * the cause it is counted under; so a multicast frame with TTL 1 counts as bad_destination, not as ttl_exceeded. Frames with
 * a VLAN tag count under ethertype. Nothing behind the IP header is read or changed: captures hold frames whose
 * transport checksum a network card would have filled in.
 */
#include <string.h>

#include <rte_ether.h>
#include <rte_prefetch.h>

#include "forward.h"
#include "lcore.h"

#define IPV4_LEAST_HEADER 20u
#define IPV6_HEADER 40u
#define ETHERTYPE_IPV4_LE 0x0008	/* as loaded from the frame by a little endian machine */
#define ETHERTYPE_IPV6_LE 0xdd86
#define ETHERTYPE_ARP_LE 0x0608

#define FORWARD UINT32_MAX		/* no cause: go on */

static inline uint16_t
load16(const uint8_t *p)
{
	uint16_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static inline uint32_t
load32(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static inline uint64_t
load64(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* The one's complement sum of a whole number of 32-bit words, folded to 16 bits; 0xffff for a header with a right checksum. */
static inline uint32_t
header_sum(const uint8_t *header, unsigned int bytes)
{
	uint64_t sum = (uint64_t)load32(header) + load32(header + 4) + load32(header + 8) + load32(header + 12) + load32(header + 16);

	for (unsigned int at = IPV4_LEAST_HEADER; unlikely(at < bytes); at += 4)
		sum += load32(header + at);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint32_t)(sum & 0xffff) + (uint32_t)(sum >> 16);
}

/* 0/8, 127/8, 224/4 and 240/4. `address` in host order. */
static inline bool
ipv4_is_bad_destination(uint32_t address)
{
	uint32_t first = address >> 24;

	return first == 0 || first == 127 || first >= 224;
}

/* Returns a cause or FORWARD; then *address is the destination in host order. */
static inline uint32_t
check_ipv4(const struct rte_mbuf *mbuf, const uint8_t *frame, uint32_t *address)
{
	const uint8_t *ip = frame + RTE_ETHER_HDR_LEN;
	uint32_t header_bytes, total, source;

	if (unlikely(mbuf->data_len < RTE_ETHER_HDR_LEN + IPV4_LEAST_HEADER))
		return WDPDK_DROP_MALFORMED;
	header_bytes = (ip[0] & 0x0fu) * 4;
	total = __builtin_bswap16(load16(ip + 2));
	if (unlikely(ip[0] >> 4 != 4 || header_bytes < IPV4_LEAST_HEADER || total < header_bytes ||
		total + RTE_ETHER_HDR_LEN > mbuf->pkt_len || header_bytes + RTE_ETHER_HDR_LEN > mbuf->data_len))
		return WDPDK_DROP_MALFORMED;
	if (unlikely(header_sum(ip, header_bytes) != 0xffff))
		return WDPDK_DROP_BAD_CHECKSUM;
	*address = __builtin_bswap32(load32(ip + 16));
	source = __builtin_bswap32(load32(ip + 12));
	if (unlikely(ipv4_is_bad_destination(*address)))
		return WDPDK_DROP_BAD_DESTINATION;
	if (unlikely(*address >> 16 == 0xa9fe || source >> 16 == 0xa9fe))
		return WDPDK_DROP_LINK_LOCAL;
	if (unlikely(ip[8] <= 1))
		return WDPDK_DROP_TTL_EXCEEDED;
	return FORWARD;
}

static inline bool
ipv6_is_link_local(const uint8_t *address)
{
	return address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

static uint32_t
check_ipv6(const struct rte_mbuf *mbuf, const uint8_t *frame)
{
	const uint8_t *ip = frame + RTE_ETHER_HDR_LEN, *source = ip + 8, *destination = ip + 24;

	if (mbuf->data_len < RTE_ETHER_HDR_LEN + IPV6_HEADER || ip[0] >> 4 != 6 ||
		__builtin_bswap16(load16(ip + 4)) > mbuf->pkt_len - RTE_ETHER_HDR_LEN - IPV6_HEADER)
		return WDPDK_DROP_MALFORMED;
	/* ff00::/8, :: and ::1 */
	if (destination[0] == 0xff ||
		(load64(destination) == 0 && (__builtin_bswap64(load64(destination + 8)) & ~UINT64_C(1)) == 0))
		return WDPDK_DROP_BAD_DESTINATION;
	if (ipv6_is_link_local(source) || ipv6_is_link_local(destination))
		return WDPDK_DROP_LINK_LOCAL;
	return ip[7] <= 1 ? WDPDK_DROP_TTL_EXCEEDED : FORWARD;
}

/* RFC 1624, equation 3: HC' = ~(~HC + ~m + m'), where m is the 16-bit word that starts with the TTL and m' = m - 1 in memory order,
 * so that ~m + m' is always 0xfffe. */
static inline void
count_ipv4_hop(uint8_t *ip)
{
	uint32_t sum = (uint16_t)~load16(ip + 10) + 0xfffeu;
	uint16_t checksum;

#ifdef WDPDK_BUG_checksum_not_updated
	sum = (uint16_t)~load16(ip + 10);
#endif
	checksum = (uint16_t)~((sum & 0xffff) + (sum >> 16));
	ip[8]--;
	memcpy(ip + 10, &checksum, sizeof(checksum));
}

static inline void
write_macs(uint8_t *frame, const struct next_hop *hop)
{
	memcpy(frame, hop->macs, sizeof(hop->macs));
}

struct routed {
	struct rte_mbuf *pkts[LCORE_BURST];
	uint16_t outs[LCORE_BURST];
	unsigned int count;
	uint32_t out_set;	/* bit per port in outs */
};

static inline void
route(struct routed *routed, struct rte_mbuf *mbuf, uint8_t *frame, const struct next_hop *hop)
{
	write_macs(frame, hop);
	routed->pkts[routed->count] = mbuf;
	routed->outs[routed->count++] = hop->port;
	routed->out_set |= UINT32_C(1) << hop->port;
}

static uint32_t
lookup_ipv6(const struct snapshot *snapshot, const uint8_t *frame)
{
	uint32_t hop;

	if (snapshot->ipv6 == NULL || rte_lpm6_lookup(snapshot->ipv6, frame + RTE_ETHER_HDR_LEN + 24, &hop) != 0)
		return NO_NEXT_HOP;
	return hop;
}

/* All but plain IPv4: rare enough to be handled one by one, in place. */
static uint32_t
judge_other(const struct snapshot *snapshot, const struct rte_mbuf *mbuf, uint8_t *frame, uint32_t *hop)
{
	uint16_t type;
	uint32_t cause;

	if (mbuf->data_len < RTE_ETHER_HDR_LEN)
		return WDPDK_DROP_MALFORMED;
	type = load16(frame + 12);
	if (type != ETHERTYPE_IPV6_LE)
		return type == ETHERTYPE_ARP_LE ? WDPDK_DROP_ARP : WDPDK_DROP_ETHERTYPE;
	cause = check_ipv6(mbuf, frame);
	if (cause != FORWARD)
		return cause;
	*hop = lookup_ipv6(snapshot, frame);
	if (*hop == NO_NEXT_HOP)
		return WDPDK_DROP_NO_ROUTE;
	frame[RTE_ETHER_HDR_LEN + 7]--;
	return FORWARD;
}

/* Sends port by port; frames of one port keep their order. */
static void
send_routed(struct lcore *lcore, uint16_t in, struct routed *routed)
{
	struct rte_mbuf *pkts[LCORE_BURST];

	if (likely((routed->out_set & (routed->out_set - 1)) == 0)) {
		lcore_send(lcore, in, routed->outs[0], routed->pkts, routed->count);
		return;
	}
	for (uint32_t set = routed->out_set; set != 0; set &= set - 1) {
		uint16_t out = (uint16_t)__builtin_ctz(set);
		unsigned int n = 0;

		for (unsigned int i = 0; i < routed->count; i++)
			if (routed->outs[i] == out)
				pkts[n++] = routed->pkts[i];
		lcore_send(lcore, in, out, pkts, n);
	}
}

void
forward_l3fwd(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n)
{
	const struct snapshot *snapshot = plan->snapshot;
	uint32_t addresses[LCORE_BURST], hops[LCORE_BURST], causes[LCORE_BURST], failed = 0, not_ipv4 = 0;
	struct routed routed;

	routed.count = 0;
	routed.out_set = 0;
	for (unsigned int i = 0; i < n; i++)
		rte_prefetch0(rte_pktmbuf_mtod(pkts[i], void *));
	for (unsigned int i = 0; i < n; i++) {
		uint8_t *frame = rte_pktmbuf_mtod(pkts[i], uint8_t *);

		addresses[i] = 0;
		if (likely(pkts[i]->data_len >= RTE_ETHER_HDR_LEN && load16(frame + 12) == ETHERTYPE_IPV4_LE)) {
			causes[i] = check_ipv4(pkts[i], frame, &addresses[i]);
		} else {
			causes[i] = judge_other(snapshot, pkts[i], frame, &hops[i]);
			not_ipv4 |= UINT32_C(1) << i;
		}
		failed |= (uint32_t)(causes[i] != FORWARD) << i;
	}
	for (unsigned int i = 0; i < n; i++) {
		uint8_t *frame = rte_pktmbuf_mtod(pkts[i], uint8_t *);
		uint32_t hop = hops[i];

		if (likely((not_ipv4 >> i & 1) == 0)) {
			if (unlikely(failed >> i & 1))
				continue;
			if (unlikely(snapshot->ipv4 == NULL || rte_lpm_lookup(snapshot->ipv4, addresses[i], &hop) != 0)) {
				causes[i] = WDPDK_DROP_NO_ROUTE;
				failed |= UINT32_C(1) << i;
				continue;
			}
			count_ipv4_hop(frame + RTE_ETHER_HDR_LEN);
		} else if (failed >> i & 1) {
			continue;
		}
		route(&routed, pkts[i], frame, &snapshot->hops[hop]);
	}
	for (; unlikely(failed != 0); failed &= failed - 1) {
		unsigned int i = (unsigned int)__builtin_ctz(failed);

		lcore_drop(lcore, plan->port, causes[i], &pkts[i], 1);
	}
	if (likely(routed.count > 0))
		send_routed(lcore, plan->port, &routed);
}
