/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Receiving without vectors: packets of one segment, and of several.
 *
 * A descriptor is done when DD is in its second half, which the device writes last; the first half is read after it.
 * Descriptors behind the tail are never done, and the one at the tail has been cleared: so no burst runs into what it
 * has not refilled yet. A device that says otherwise is not believed: i40e_rx_available() limits a burst.
 */
#include <errno.h>

#include "i40e_port.h"
#include "i40e_rx_refill.h"

uint16_t
i40e_rx_scalar(void *queue, struct rte_mbuf **pkts, uint16_t n)
{
	struct i40e_rxq *q = queue;
	uint16_t at = q->next, done = 0;

	n = i40e_rx_available(q, n);
	for (; done < n; done++) {
		const uint64_t high = i40e_rx_load(&q->ring[at].high);
		struct rte_mbuf *m;

		if ((high & I40E_RX_DD) == 0)
			break;
		m = q->sw[at];
		i40e_rx_take(q, m, i40e_rx_load(&q->ring[at].low), high);
		if (unlikely(q->crc != 0)) {
			m->pkt_len -= RTE_MIN(q->crc, m->data_len);
			m->data_len = (uint16_t)m->pkt_len;
		}
		pkts[done] = m;
		if (++at == q->count)
			at = 0;
		rte_prefetch0(q->sw[at]);
	}
	i40e_rx_advance(q, done);
	i40e_rx_refill(q);
	return done;
}

/* The FCS may be all of the last segment, or lie across its border. */
static void
cut_crc(struct i40e_rxq *q, struct rte_mbuf *m)
{
	struct rte_mbuf *first = q->first;

	if (m->data_len > q->crc) {
		first->pkt_len -= q->crc;
		m->data_len = (uint16_t)(m->data_len - q->crc);
		return;
	}
	first->pkt_len -= RTE_MIN(first->pkt_len, q->crc);
	if (m == first) {
		m->data_len = (uint16_t)m->pkt_len;
		return;
	}
	q->last->data_len = (uint16_t)(q->last->data_len - RTE_MIN(q->crc - m->data_len, q->last->data_len));
	q->last->next = NULL;
	first->nb_segs--;
	rte_pktmbuf_free_seg(m);
}

uint16_t
i40e_rx_scattered(void *queue, struct rte_mbuf **pkts, uint16_t n)
{
	struct i40e_rxq *q = queue;
	uint16_t at = q->next, packets = 0, taken = 0;
	const uint16_t most = i40e_rx_available(q, UINT16_MAX);

	while (packets < n && taken < most) {
		const uint64_t high = i40e_rx_load(&q->ring[at].high);
		struct rte_mbuf *m;

		if ((high & I40E_RX_DD) == 0)
			break;
		m = q->sw[at];
		i40e_rx_take(q, m, i40e_rx_load(&q->ring[at].low), high);
		taken++;
		if (++at == q->count)
			at = 0;
		rte_prefetch0(q->sw[at]);
		if (q->first == NULL) {
			q->first = m;
		} else {
			q->first->nb_segs++;
			q->first->pkt_len += m->data_len;
			q->last->next = m;
		}
		if ((high & I40E_RX_EOF) == 0) {
			q->last = m;
			continue;
		}
		/* What is known of the packet stands in its last descriptor. */
		if (m != q->first) {
			q->first->ol_flags = m->ol_flags;
			q->first->packet_type = m->packet_type;
			q->first->vlan_tci = m->vlan_tci;
			q->first->hash = m->hash;
		}
		if (unlikely(q->crc != 0))
			cut_crc(q, m);
		pkts[packets++] = q->first;
		q->first = NULL;
	}
	i40e_rx_advance(q, taken);
	i40e_rx_refill(q);
	return packets;
}

/* ---- What a queue holds ---- */

uint32_t
i40e_rx_queue_count(void *queue)
{
	const struct i40e_rxq *q = queue;
	uint32_t done = 0;

	/* In steps, as a look at every descriptor would cost as much as receiving. */
	while (done + 4 <= i40e_rx_available(q, UINT16_MAX) && i40e_rx_load(&q->ring[(q->next + done) % q->count].high) & I40E_RX_DD)
		done += 4;
	return done;
}

int
i40e_rx_descriptor_status(void *queue, uint16_t offset)
{
	const struct i40e_rxq *q = queue;

	if (offset >= q->count)
		return -EINVAL;
	if (offset >= q->count - q->holes)
		return RTE_ETH_RX_DESC_UNAVAIL;
	return i40e_rx_load(&q->ring[(q->next + offset) % q->count].high) & I40E_RX_DD ? RTE_ETH_RX_DESC_DONE : RTE_ETH_RX_DESC_AVAIL;
}
