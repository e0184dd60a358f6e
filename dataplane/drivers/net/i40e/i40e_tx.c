/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Sending anything: packets of several segments, context descriptors, offloads.
 *
 * Descriptors are reported done in order. Each report asked for is remembered by its descriptor's number; when it is
 * there, everything up to it is free. At most a quarter of the ring is ever unreported, so that a full ring always has a
 * report to wait for.
 */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_ip.h>
#include <rte_tcp.h>
#include <rte_udp.h>

#include "i40e_port.h"

static inline bool
is_done(const struct i40e_txq *q, uint16_t at)
{
	const uint64_t high = *(const volatile uint64_t *)&q->ring[at].high;

	return (high & I40E_TX_DTYPE_MASK) == I40E_TX_DONE;
}

/* From `clean` to `end`, which may be behind the ring's end. */
static void
free_span(struct i40e_txq *q, uint16_t end)
{
	const uint16_t next = (uint16_t)(end + 1 == q->count ? 0 : end + 1);
	const uint32_t n = end >= q->clean ? end - q->clean + 1u : q->count - q->clean + end + 1u;
	const uint32_t first = RTE_MIN(n, (uint32_t)(q->count - q->clean));

	i40e_tx_free_any(&q->sw[q->clean], first);
	i40e_tx_free_any(q->sw, n - first);
	q->free = (uint16_t)(q->free + n);
	q->clean = next;
}

static bool
take_report(struct i40e_txq *q)
{
	const uint16_t report = q->reports[q->first_report];

	if (q->first_report == q->end_report || !is_done(q, report))
		return false;
	q->first_report = (uint16_t)(q->first_report + 1 == q->count ? 0 : q->first_report + 1);
	free_span(q, report);
	return true;
}

static inline uint16_t
pieces_of(const struct rte_mbuf *m)
{
	return (uint16_t)((m->data_len + I40E_TX_MAX_LENGTH - 1) / I40E_TX_MAX_LENGTH);
}

/* Data descriptors of a packet; an empty segment takes none. */
static uint32_t
count_pieces(const struct rte_mbuf *m)
{
	uint32_t pieces = 0;

	for (; m != NULL; m = m->next)
		pieces += pieces_of(m);
	return pieces;
}

static inline uint16_t
step(struct i40e_txq *q, uint16_t at)
{
	q->free--;
	q->unreported++;
	return (uint16_t)(at + 1 == q->count ? 0 : at + 1);
}

static inline uint16_t
report_after(const struct i40e_txq *q)
{
	return RTE_MIN(q->rs_thresh, (uint16_t)(q->count / 4));
}

static inline void
ask_report(struct i40e_txq *q, uint16_t at)
{
	q->ring[at].high |= I40E_TX_RS;
	q->reports[q->end_report] = at;
	q->end_report = (uint16_t)(q->end_report + 1 == q->count ? 0 : q->end_report + 1);
	q->unreported = 0;
}

static void
write_packet(struct i40e_txq *q, struct rte_mbuf *m, const struct i40e_tx_plan *plan)
{
	uint16_t at = q->next, last = at;
	struct rte_mbuf *following;

	if (plan->context.high != 0) {
		q->ring[at] = plan->context;
		q->sw[at] = NULL;
		at = step(q, at);
	}
	for (; m != NULL; m = following) {
		uint64_t iova = rte_mbuf_data_iova(m);
		uint32_t left = m->data_len;

		following = m->next;
		/* Nothing to send in it: it goes back at once. */
		if (left == 0) {
			rte_pktmbuf_free_seg(m);
			continue;
		}
		while (left > 0) {
			const uint32_t length = RTE_MIN(left, I40E_TX_MAX_LENGTH);

			q->ring[at].low = iova;
			q->ring[at].high = plan->common | (uint64_t)length << I40E_TX_LENGTH_SHIFT;
			iova += length;
			left -= length;
			q->sw[at] = left == 0 ? m : NULL;
			last = at;
			at = step(q, at);
		}
	}
	q->ring[last].high |= I40E_TX_EOP;
	if (q->unreported >= report_after(q))
		ask_report(q, last);
	q->next = at;
}

/* One descriptor is all it takes: nearly every packet. */
static inline void
write_single(struct i40e_txq *q, struct rte_mbuf *m)
{
	const uint16_t at = q->next;
	const bool plain = (m->ol_flags & (RTE_MBUF_F_TX_VLAN | RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_L4_MASK)) == 0;
	const uint64_t common = plain ? I40E_TX_DATA | I40E_TX_ICRC : i40e_tx_encode(m).common;

	q->ring[at].low = rte_mbuf_data_iova(m);
	q->ring[at].high = common | I40E_TX_EOP | (uint64_t)m->data_len << I40E_TX_LENGTH_SHIFT;
	q->sw[at] = m;
	q->next = step(q, at);
	if (q->unreported >= report_after(q))
		ask_report(q, at);
}

static inline bool
is_single(const struct rte_mbuf *m)
{
	return m->nb_segs == 1 && (m->ol_flags & I40E_TX_CONTEXT_FLAGS) == 0 && (uint16_t)(m->data_len - 1) < I40E_TX_MAX_LENGTH;
}

/* False: no room, it has to come again. */
static bool
send_chain(struct i40e_txq *q, struct rte_mbuf *m)
{
	const struct i40e_tx_plan plan = i40e_tx_encode(m);
	const uint32_t pieces = count_pieces(m), needed = pieces + (plan.context.high != 0);

	/* One that could never be sent must not stop the others: tx_prepare() would have told. */
	if (unlikely(pieces == 0 || needed > q->count - 1u - q->count / 4u)) {
		q->refused++;
		rte_pktmbuf_free(m);
		return true;
	}
	while (needed > q->free)
		if (!take_report(q))
			return false;
	write_packet(q, m, &plan);
	return true;
}

uint16_t
i40e_tx_full(void *queue, struct rte_mbuf **pkts, uint16_t n)
{
	struct i40e_txq *q = queue;
	const uint16_t from = q->next;
	uint16_t i;

	if (q->free < q->free_thresh)
		take_report(q);
	for (i = 0; i < n; i++) {
		struct rte_mbuf *m = pkts[i];

		if (likely(is_single(m))) {
			if (unlikely(q->free == 0) && !take_report(q))
				break;
			write_single(q, m);
		} else if (!send_chain(q, m)) {
			break;
		}
	}
	if (q->next != from)
		rte_write32(q->next, q->tail);
	return i;
}

/* ---- What can be sent ---- */

static int
check_packet(const struct rte_mbuf *m)
{
	const uint64_t flags = m->ol_flags;

	if (m->pkt_len < I40E_TX_MIN_LENGTH || (flags & RTE_MBUF_F_TX_OFFLOAD_MASK & ~I40E_TX_FLAGS) != 0)
		return (flags & RTE_MBUF_F_TX_OFFLOAD_MASK & ~I40E_TX_FLAGS) != 0 ? ENOTSUP : EINVAL;
	if (flags & RTE_MBUF_F_TX_TCP_SEG) {
		const uint32_t headers = (flags & RTE_MBUF_F_TX_TUNNEL_MASK ? m->outer_l2_len + m->outer_l3_len : 0) + m->l2_len +
			m->l3_len + m->l4_len;

		if (m->tso_segsz < I40E_TX_MIN_MSS || m->tso_segsz > I40E_TX_MAX_MSS || m->pkt_len > I40E_TX_MAX_TSO ||
				m->pkt_len <= headers || m->l4_len < 20)
			return EINVAL;
		return 0;
	}
	if (m->pkt_len > I40E_MAX_FRAME || count_pieces(m) + ((flags & I40E_TX_CONTEXT_FLAGS) != 0) > I40E_TX_MAX_SEGMENTS)
		return EINVAL;
	return 0;
}

/*
 * The device adds the L4 checksum to what stands in its place: the pseudo header's sum has to be there. Places of IPv4 checksums are
 * empty, the outer one's, too.
 */
static int
put_pseudo_header(struct rte_mbuf *m)
{
	const uint64_t flags = m->ol_flags, kind = flags & RTE_MBUF_F_TX_L4_MASK;
	const uint32_t before = flags & (RTE_MBUF_F_TX_OUTER_IPV4 | RTE_MBUF_F_TX_OUTER_IPV6) ? m->outer_l2_len + m->outer_l3_len : 0;
	const uint32_t l3 = before + m->l2_len, l4 = l3 + m->l3_len;
	const bool tcp = kind == RTE_MBUF_F_TX_TCP_CKSUM || (flags & RTE_MBUF_F_TX_TCP_SEG);
	const bool udp = !tcp && kind == RTE_MBUF_F_TX_UDP_CKSUM;
	uint32_t end = l4;
	uint16_t sum;

	if (flags & RTE_MBUF_F_TX_OUTER_IP_CKSUM) {
		if (m->data_len < m->outer_l2_len + sizeof(struct rte_ipv4_hdr))
			return -ENOTSUP;
		rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, m->outer_l2_len)->hdr_checksum = 0;
	}
	if (!tcp && !udp && !(flags & RTE_MBUF_F_TX_IP_CKSUM))
		return 0;
	end += tcp ? sizeof(struct rte_tcp_hdr) : udp ? sizeof(struct rte_udp_hdr) : 0;
	if (m->data_len < end)
		return -ENOTSUP;
	if (flags & RTE_MBUF_F_TX_IPV4) {
		struct rte_ipv4_hdr *ip = rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, l3);

		if (flags & RTE_MBUF_F_TX_IP_CKSUM)
			ip->hdr_checksum = 0;
		sum = tcp || udp ? rte_ipv4_phdr_cksum(ip, flags) : 0;
	} else {
		sum = tcp || udp ? rte_ipv6_phdr_cksum(rte_pktmbuf_mtod_offset(m, struct rte_ipv6_hdr *, l3), flags) : 0;
	}
	if (tcp)
		rte_pktmbuf_mtod_offset(m, struct rte_tcp_hdr *, l4)->cksum = sum;
	else if (udp)
		rte_pktmbuf_mtod_offset(m, struct rte_udp_hdr *, l4)->dgram_cksum = sum;
	return 0;
}

uint16_t
i40e_tx_prepare(void *queue, struct rte_mbuf **pkts, uint16_t n)
{
	RTE_SET_USED(queue);
	for (uint16_t i = 0; i < n; i++) {
		const int refused = check_packet(pkts[i]);
		const int error = refused != 0 ? -refused : put_pseudo_header(pkts[i]);

		if (error != 0) {
			rte_errno = -error;
			return i;
		}
	}
	return n;
}

int
i40e_tx_descriptor_status(void *queue, uint16_t offset)
{
	const struct i40e_txq *q = queue;
	const uint16_t used = (uint16_t)(q->count - 1 - q->free);
	uint16_t at;

	if (offset >= q->count)
		return -EINVAL;
	/* Behind what is in flight everything is done. Within it the next report tells. */
	if (offset >= used)
		return RTE_ETH_TX_DESC_DONE;
	at = (uint16_t)((q->next + q->count - used + offset) % q->count);
	for (uint16_t i = offset; i < used; i++, at = (uint16_t)((at + 1) % q->count)) {
		const uint64_t high = *(const volatile uint64_t *)&q->ring[at].high;

		if ((high & I40E_TX_DTYPE_MASK) == I40E_TX_DONE)
			return RTE_ETH_TX_DESC_DONE;
		if ((high & I40E_TX_DTYPE_MASK) == I40E_TX_DATA && (high & I40E_TX_RS) != 0)
			break;
	}
	return RTE_ETH_TX_DESC_FULL;
}
