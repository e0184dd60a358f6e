/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The two ends of a frame's way: out by a port, or dropped under a cause.
 */
#include "lcore.h"

#include <rte_mbuf.h>

/* Attempts without progress until a port counts as full; at some 40 cycles a pause this is a few microseconds. */
#define SEND_ATTEMPTS 128u

static unsigned int
send_all(struct lcore *lcore, uint16_t out, struct rte_mbuf **pkts, unsigned int n)
{
	struct port *port = &ports[out];
	uint16_t queue = port->tx_queues > 1 ? (uint16_t)lcore->index : 0;
	unsigned int sent, attempts = 0;

	if (unlikely(port->tx_shared))
		rte_spinlock_lock(&port->tx_lock);
	sent = rte_eth_tx_burst(out, queue, pkts, (uint16_t)n);
	while (unlikely(sent < n) && attempts++ < SEND_ATTEMPTS) {
		unsigned int more = rte_eth_tx_burst(out, queue, pkts + sent, (uint16_t)(n - sent));

		if (more > 0)
			attempts = 0;
		else
			rte_pause();
		sent += more;
	}
	if (unlikely(port->tx_shared))
		rte_spinlock_unlock(&port->tx_lock);
	return sent;
}

#define VLAN_TAG 4u

/* Up to two VLAN tags do not count towards the MTU, as for the frames that clients send. */
static bool
is_too_long(const struct rte_mbuf *mbuf, uint16_t mtu)
{
	const uint8_t *frame = rte_pktmbuf_mtod(mbuf, const uint8_t *);
	uint32_t head = RTE_ETHER_HDR_LEN;

	while (head < RTE_ETHER_HDR_LEN + 2 * VLAN_TAG && mbuf->data_len >= head &&
			((frame[head - 2] == 0x81 && frame[head - 1] == 0x00) || (frame[head - 2] == 0x88 && frame[head - 1] == 0xa8)))
		head += VLAN_TAG;
	return mbuf->pkt_len > mtu + head;
}

static unsigned int
drop_too_long(struct lcore *lcore, uint16_t in, uint16_t mtu, struct rte_mbuf **pkts, unsigned int n)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < n; i++) {
		if (is_too_long(pkts[i], mtu))
			lcore_drop(lcore, in, WDPDK_DROP_MTU_EXCEEDED, &pkts[i], 1);
		else
			pkts[kept++] = pkts[i];
	}
	return kept;
}

static uint64_t
bytes_of(struct rte_mbuf *const *pkts, unsigned int n)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < n; i++)
		bytes += pkts[i]->pkt_len;
	return bytes;
}

unsigned int
lcore_send(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n)
{
	uint64_t bytes = 0;
	uint32_t longest = 0;

	for (unsigned int i = 0; i < n; i++) {
		uint32_t length = pkts[i]->pkt_len;

		bytes += length;
		longest = RTE_MAX(longest, length);
	}
	return lcore_send_sized(lcore, in, out, pkts, n, bytes, longest);
}

unsigned int
lcore_send_sized(struct lcore *lcore, uint16_t in, uint16_t out, struct rte_mbuf **pkts, unsigned int n, uint64_t bytes,
	uint32_t longest)
{
	const struct port_clients *egress = lcore->snapshot->ports[out].egress;
	uint64_t *of_in, *of_out;
	unsigned int sent, taken = 0;

	if (unlikely(longest > (uint32_t)ports[out].mtu + RTE_ETHER_HDR_LEN)) {
		n = drop_too_long(lcore, in, ports[out].mtu, pkts, n);
		bytes = bytes_of(pkts, n);
		if (n == 0)
			return 0;
	}
	if (unlikely(egress != NULL)) {
		taken = n;
		n = lcore_show_clients(lcore, egress, out, in, pkts, n);
		taken -= n;
		bytes = bytes_of(pkts, n);
		if (n == 0)
			return taken;
	}
	sent = send_all(lcore, out, pkts, n);
	if (unlikely(sent < n)) {
		for (unsigned int i = sent; i < n; i++)
			bytes -= pkts[i]->pkt_len;
		lcore_drop(lcore, in, WDPDK_DROP_TX_FULL, pkts + sent, n - sent);
	}
	of_out = lcore_counters_of(lcore, out);
	of_out[WDPDK_PORT_COUNTER_TX_PACKETS] += sent;
	of_out[WDPDK_PORT_COUNTER_TX_BYTES] += bytes;
	of_in = lcore_counters_of(lcore, in);
	of_in[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] += sent;
	of_in[WDPDK_PORT_COUNTER_FORWARDED_BYTES] += bytes;
	return sent + taken;
}

void
lcore_drop(struct lcore *lcore, uint16_t in, unsigned int cause, struct rte_mbuf **pkts, unsigned int n)
{
	lcore_counters_of(lcore, in)[PORT_COUNTER_DROP(cause)] += n;
	rte_pktmbuf_free_bulk(pkts, n);
}
