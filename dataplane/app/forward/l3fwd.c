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

#include "forward.h"
#include "frame_bytes.h"
#include "lcore.h"
#include "plain_ipv4.h"

#define IPV6_HEADER 40u
/* As loaded from the frame by a little endian machine. */
#define ETHERTYPE_IPV6_LE 0xdd86
#define ETHERTYPE_ARP_LE 0x0608

#define HOP_MASK 0x00ffffffu		/* the next hop in a bulk lookup's word */
#define FORWARD UINT32_MAX		/* no cause: go on */

/* ---- checks ---- */

/* 0/8, 127/8, 224/4 and 240/4, by the first byte. */
static inline bool
ipv4_is_bad_destination(uint32_t first)
{
	return first == 0 || first == 127 || first >= 224;
}

/* Any IPv4 frame. Returns a cause or FORWARD. */
static uint32_t
check_ipv4(const struct rte_mbuf *mbuf, const uint8_t *frame)
{
	const uint8_t *ip = frame + RTE_ETHER_HDR_LEN;
	uint32_t header_bytes, total;
	uint64_t sum = 0;

	if (mbuf->data_len < RTE_ETHER_HDR_LEN + IPV4_LEAST_HEADER)
		return WDPDK_DROP_MALFORMED;
	header_bytes = (ip[0] & 0x0fu) * 4;
	total = load_be16(ip + 2);
	if (ip[0] >> 4 != 4 || header_bytes < IPV4_LEAST_HEADER || total < header_bytes ||
		total + RTE_ETHER_HDR_LEN > mbuf->pkt_len || header_bytes + RTE_ETHER_HDR_LEN > mbuf->data_len)
		return WDPDK_DROP_MALFORMED;
	for (uint32_t at = 0; at < header_bytes; at += 4)
		sum += load32(ip + at);
	if (!sum_is_all_ones(sum))
		return WDPDK_DROP_BAD_CHECKSUM;
	if (ipv4_is_bad_destination(ip[16]))
		return WDPDK_DROP_BAD_DESTINATION;
	if (load16(ip + 16) == LINK_LOCAL_LE || load16(ip + 12) == LINK_LOCAL_LE)
		return WDPDK_DROP_LINK_LOCAL;
	return ip[8] <= 1 ? WDPDK_DROP_TTL_EXCEEDED : FORWARD;
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
		load_be16(ip + 4) + RTE_ETHER_HDR_LEN + IPV6_HEADER > mbuf->pkt_len)
		return WDPDK_DROP_MALFORMED;
	/* ff00::/8, :: and ::1 */
	if (destination[0] == 0xff ||
		(load64(destination) == 0 && (load_be64(destination + 8) & ~UINT64_C(1)) == 0))
		return WDPDK_DROP_BAD_DESTINATION;
	if (ipv6_is_link_local(source) || ipv6_is_link_local(destination))
		return WDPDK_DROP_LINK_LOCAL;
	return ip[7] <= 1 ? WDPDK_DROP_TTL_EXCEEDED : FORWARD;
}

static inline void
count_ipv4_hop(uint8_t *ip)
{
	uint32_t word = after_ipv4_hop(load32(ip + 8));

	memcpy(ip + 8, &word, sizeof(word));
}

/* ---- a burst ---- */

/* One frame that is not plain IPv4: in place, one by one. Returns a cause, or FORWARD with its lookup's word. */
static uint32_t
judge_other(const struct snapshot *snapshot, const struct rte_mbuf *mbuf, uint8_t *frame, uint32_t *word)
{
	uint8_t *ip = frame + RTE_ETHER_HDR_LEN;
	uint32_t cause, hop;
	uint16_t type;

	if (mbuf->data_len < RTE_ETHER_HDR_LEN)
		return WDPDK_DROP_MALFORMED;
	type = load16(frame + 12);
	if (type != ETHERTYPE_IPV4_LE && type != ETHERTYPE_IPV6_LE)
		return type == ETHERTYPE_ARP_LE ? WDPDK_DROP_ARP : WDPDK_DROP_ETHERTYPE;
	cause = type == ETHERTYPE_IPV4_LE ? check_ipv4(mbuf, frame) : check_ipv6(mbuf, frame);
	if (cause != FORWARD)
		return cause;
	if (type == ETHERTYPE_IPV4_LE) {
		if (snapshot->ipv4 == NULL || rte_lpm_lookup(snapshot->ipv4, load_be32(ip + 16), &hop) != 0)
			return WDPDK_DROP_NO_ROUTE;
		count_ipv4_hop(ip);
	} else {
		if (snapshot->ipv6 == NULL || rte_lpm6_lookup(snapshot->ipv6, ip + 24, &hop) != 0)
			return WDPDK_DROP_NO_ROUTE;
		ip[7]--;
	}
	*word = hop | RTE_LPM_LOOKUP_SUCCESS;
	return FORWARD;
}

struct burst {
	uint32_t to[LCORE_BURST];	/* destinations of plain frames */
	uint32_t counted[LCORE_BURST];	/* their words of TTL, protocol and checksum after one hop */
	uint32_t words[LCORE_BURST];	/* of the lookups: next hop and RTE_LPM_LOOKUP_SUCCESS, or shortcuts' answers */
	uint16_t outs[LCORE_BURST];
	uint32_t ports_differ;
};

/* A group that is not plain as a whole: bit per frame that is not plain. */
static __rte_noinline uint32_t
look_at_each(struct rte_mbuf *const *pkts, unsigned int n)
{
	uint32_t others = 0;

	for (unsigned int i = 0; i < n; i++)
		others |= (uint32_t)!is_plain_ipv4(pkts[i], rte_pktmbuf_mtod(pkts[i], const uint8_t *)) << i;
	return others;
}

/* The frames that are not plain IPv4, bit per frame. What a burst knows of the others it has afterwards, and anything of these. */
static __rte_always_inline uint32_t
find_others(struct rte_mbuf *const *pkts, unsigned int n, struct burst *burst, struct frame_sums *sums)
{
	uint32_t others = 0;
	unsigned int i = 0;

	for (; i + 4 <= n; i += 4)
		if (unlikely(!are_plain_ipv4(&pkts[i], &burst->to[i], &burst->counted[i], sums)))
			others |= look_at_each(&pkts[i], 4) << i;
	if (i < n)
		others |= look_at_each(&pkts[i], n - i) << i;
	for (; i < n; i++) {
		const uint8_t *ip = rte_pktmbuf_mtod(pkts[i], const uint8_t *) + RTE_ETHER_HDR_LEN;
		__m128i length = _mm_cvtsi32_si128((int)pkts[i]->pkt_len);

		burst->to[i] = load_be32(ip + 16);
		burst->counted[i] = after_ipv4_hop(load32(ip + 8));
		sums->bytes = _mm_add_epi32(sums->bytes, length);
		sums->longest = _mm_max_epu32(sums->longest, length);
	}
	return others;
}

static __rte_always_inline bool
all_have_routes(const uint32_t *words, unsigned int n)
{
	uint32_t all = RTE_LPM_LOOKUP_SUCCESS;

	for (unsigned int i = 0; i < n; i++)
		all &= words[i];
	return all != 0;
}

/* Rewrites a burst of which every frame has a next hop, in those bits of its word. False: they leave by different ports, which are in
 * `outs`. */
static __rte_always_inline bool
rewrite_all(const struct next_hop *hops, struct burst *burst, struct rte_mbuf *const *pkts, unsigned int n, uint32_t mask)
{
	const __m128i first = _mm_loadu_si128((const __m128i *)&hops[burst->words[0] & mask]);
	__m128i differ = _mm_setzero_si128();

	for (unsigned int i = 0; i < n; i++) {
		uint8_t *frame = rte_pktmbuf_mtod(pkts[i], uint8_t *);
		__m128i hop = _mm_loadu_si128((const __m128i *)&hops[burst->words[i] & mask]);

		differ = _mm_or_si128(differ, _mm_xor_si128(hop, first));
		/* MACs, and the four bytes behind them as they are. */
		_mm_storeu_si128((__m128i *)frame, _mm_insert_epi32(hop, (int)load32(frame + 12), 3));
		memcpy(frame + RTE_ETHER_HDR_LEN + 8, &burst->counted[i], sizeof(burst->counted[i]));
	}
	if (likely(_mm_extract_epi16(differ, offsetof(struct next_hop, port) / 2) == 0))
		return true;
	for (unsigned int i = 0; i < n; i++)
		burst->outs[i] = hops[burst->words[i] & mask].port;
	return false;
}

/* Rewrites the frames that have a next hop. Returns the others, bit per frame. `done`: frames that have counted their hop already. */
static uint32_t
rewrite(const struct snapshot *snapshot, struct burst *burst, struct rte_mbuf **pkts, unsigned int n, uint32_t done)
{
	uint32_t without = 0, first = snapshot->hops[burst->words[0] & HOP_MASK].port;

	for (unsigned int i = 0; i < n; i++) {
		uint8_t *frame = rte_pktmbuf_mtod(pkts[i], uint8_t *);
		const struct next_hop *hop = &snapshot->hops[burst->words[i] & HOP_MASK];

		if (unlikely((burst->words[i] & RTE_LPM_LOOKUP_SUCCESS) == 0)) {
			without |= UINT32_C(1) << i;
			continue;
		}
		memcpy(frame, hop->macs, sizeof(hop->macs));
		if (likely((done >> i & 1) == 0))
			count_ipv4_hop(frame + RTE_ETHER_HDR_LEN);
		burst->outs[i] = hop->port;
		burst->ports_differ |= hop->port ^ first;
	}
	return without;
}

/* Port by port; frames of one port keep their order. */
static void
send_by_port(struct lcore *lcore, uint16_t in, const uint16_t *outs, struct rte_mbuf **pkts, unsigned int n)
{
	struct rte_mbuf *of_port[LCORE_BURST];
	uint32_t left = n == LCORE_BURST ? UINT32_MAX : (UINT32_C(1) << n) - 1;

	while (left != 0) {
		uint16_t out = outs[__builtin_ctz(left)];
		unsigned int count = 0;

		for (uint32_t set = left; set != 0; set &= set - 1) {
			unsigned int i = (unsigned int)__builtin_ctz(set);

			if (outs[i] == out) {
				of_port[count++] = pkts[i];
				left &= ~(UINT32_C(1) << i);
			}
		}
		lcore_send(lcore, in, out, of_port, count);
	}
}

/* Drops the frames in `without` and closes the gaps. Returns how many remain. */
static unsigned int
drop_without(struct lcore *lcore, uint16_t in, struct burst *burst, const uint8_t *causes, struct rte_mbuf **pkts, unsigned int n,
	uint32_t without)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < n; i++) {
		if (without >> i & 1) {
			lcore_drop(lcore, in, causes[i], &pkts[i], 1);
		} else {
			burst->outs[kept] = burst->outs[i];
			pkts[kept++] = pkts[i];
		}
	}
	return kept;
}

/* Some frame is not plain, or has no route. */
static void
forward_mixed(struct lcore *lcore, const struct port_plan *plan, struct burst *burst, struct rte_mbuf **pkts, unsigned int n,
	uint32_t others)
{
	const struct snapshot *snapshot = plan->snapshot;
	uint8_t causes[LCORE_BURST];
	uint32_t without;

	memset(causes, WDPDK_DROP_NO_ROUTE, sizeof(causes));
	for (uint32_t set = others; set != 0; set &= set - 1) {
		unsigned int i = (unsigned int)__builtin_ctz(set);
		uint32_t word = 0, cause = judge_other(snapshot, pkts[i], rte_pktmbuf_mtod(pkts[i], uint8_t *), &word);

		burst->words[i] = word;
		causes[i] = (uint8_t)cause;
	}
	burst->ports_differ = 0;
	without = rewrite(snapshot, burst, pkts, n, others);
	if (without != 0)
		n = drop_without(lcore, plan->port, burst, causes, pkts, n, without);
	if (n == 0)
		return;
	if (burst->ports_differ == 0)
		lcore_send(lcore, plan->port, burst->outs[0], pkts, n);
	else
		send_by_port(lcore, plan->port, burst->outs, pkts, n);
}

/* A burst of frames with next hops. */
static __rte_always_inline void
forward_all(struct lcore *lcore, const struct port_plan *plan, struct burst *burst, struct rte_mbuf **pkts, unsigned int n,
	uint32_t mask, const struct frame_sums *sums)
{
	const struct next_hop *hops = plan->snapshot->hops;

	if (likely(rewrite_all(hops, burst, pkts, n, mask)))
		lcore_send_sized(lcore, plan->port, hops[burst->words[0] & mask].port, pkts, n, frame_sums_bytes(sums),
			frame_sums_longest(sums));
	else
		send_by_port(lcore, plan->port, burst->outs, pkts, n);
}

void
forward_l3fwd(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n)
{
	const struct snapshot *snapshot = plan->snapshot;
	struct frame_sums sums = { _mm_setzero_si128(), _mm_setzero_si128() };
	uint32_t others = n == LCORE_BURST ? UINT32_MAX : (UINT32_C(1) << n) - 1;
	struct burst burst;

	if (likely(snapshot->ipv4 != NULL)) {
		others = find_others(pkts, n, &burst, &sums);
		if (likely(others == 0) && wdpdk_lpm_lookup_short(snapshot->ipv4, burst.to, burst.words, n)) {
			forward_all(lcore, plan, &burst, pkts, n, WDPDK_LPM_NARROW_VALUE, &sums);
			return;
		}
		rte_lpm_lookup_bulk(snapshot->ipv4, burst.to, burst.words, n);
	}
	if (unlikely(others != 0) || unlikely(!all_have_routes(burst.words, n)))
		forward_mixed(lcore, plan, &burst, pkts, n, others);
	else
		forward_all(lcore, plan, &burst, pkts, n, HOP_MASK, &sums);
}
