/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every transmit path's descriptors, worked out by hand; rules as descriptors; and counters.
 */
#include "i40e_burst_bed.h"
#include "i40e_fdir.h"

static struct i40e_txq *tx;
static uint32_t tx_tail;

static void
make_tx(bool fast_free)
{
	tx = rte_zmalloc(NULL, sizeof(*tx), 64);
	tx->ring = rte_zmalloc(NULL, RING * sizeof(*tx->ring), 128);
	tx->sw = calloc(RING, sizeof(*tx->sw));
	tx->reports = calloc(RING, sizeof(*tx->reports));
	tx->count = RING;
	tx->rs_thresh = tx->free_thresh = 32;
	tx->fast_free = fast_free;
	tx->tail = (uint8_t *)&tx_tail;
	tx_tail = 0;
	i40e_tx_queue_reset(tx);
}

static void
free_tx(void)
{
	i40e_tx_queue_empty(tx);
	CHECK_EQ(rte_mempool_in_use_count(pool), 0);
	rte_free(tx->ring);
	free(tx->sw);
	free(tx->reports);
	rte_free(tx);
}

static const struct {
	enum i40e_path path;
	eth_tx_burst_t burst;
} tx_paths[] = {
	{I40E_PATH_SCALAR, i40e_tx_full}, {I40E_PATH_SIMPLE, i40e_tx_simple}, {I40E_PATH_AVX2, i40e_tx_avx2},
	{I40E_PATH_AVX512, i40e_tx_avx512},
};

static void
finish_reports(uint16_t from, uint16_t to)
{
	for (uint16_t i = from; i != to; i = (uint16_t)((i + 1) % RING))
		if ((tx->ring[i].high & I40E_TX_DTYPE_MASK) == I40E_TX_DATA && (tx->ring[i].high & I40E_TX_RS))
			tx->ring[i].high = I40E_TX_DONE;
}

static void
every_path_sends_in_order(void)
{
	for (unsigned int p = 0; p < 2 * RTE_DIM(tx_paths); p++) {
		const eth_tx_burst_t burst = tx_paths[p / 2].burst;
		uint16_t device = 0;

		if (!have(tx_paths[p / 2].path))
			continue;
		make_tx(p % 2 == 0);
		for (int round = 0; round < 2000; round++) {
			const uint16_t n = (uint16_t)(1 + rte_rand() % 64);
			struct rte_mbuf *m[64];
			uint16_t sent;

			CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, m, n), 0);
			for (uint16_t i = 0; i < n; i++)
				m[i]->pkt_len = m[i]->data_len = (uint16_t)(60 + i);
			sent = burst(tx, m, n);
			for (uint16_t i = 0; i < sent; i++) {
				const struct i40e_tx_desc *desc = &tx->ring[(device + i) % RING];

				CHECK_EQ(desc->low, rte_mbuf_data_iova(m[i]));
				CHECK_EQ(desc->high & ~I40E_TX_RS, I40E_TX_EOP | I40E_TX_ICRC | (60ULL + i) << 34);
			}
			rte_pktmbuf_free_bulk(m + sent, n - sent);
			CHECK_EQ(tx_tail, (device + sent) % RING);
			/* Now and then the device is slow, and the ring fills. */
			if (round % 3 != 0) {
				finish_reports(0, RING - 1);
				finish_reports((uint16_t)(RING - 1), 0);
			}
			device = (uint16_t)((device + sent) % RING);
			CHECK(tx->free < RING);
		}
		free_tx();
	}
}

static void
a_full_ring_takes_nothing_and_recovers(void)
{
	for (unsigned int p = 0; p < RTE_DIM(tx_paths); p++) {
		struct rte_mbuf *m[2 * RING];
		uint16_t sent;

		if (!have(tx_paths[p].path))
			continue;
		make_tx(false);
		CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, m, 2 * RING), 0);
		for (int i = 0; i < 2 * RING; i++)
			m[i]->pkt_len = m[i]->data_len = 60;
		sent = tx_paths[p].burst(tx, m, 2 * RING);
		CHECK_EQ(sent, RING - 1);
		CHECK_EQ(tx_paths[p].burst(tx, m + sent, 1), 0);
		finish_reports(0, RING - 1);
		for (int i = 0; i < 8; i++)
			sent = (uint16_t)(sent + tx_paths[p].burst(tx, m + sent, 8));
		CHECK(sent >= RING - 1 + 64);
		rte_pktmbuf_free_bulk(m + sent, 2 * RING - sent);
		free_tx();
	}
}

/* One of each kind in a batch that otherwise goes back as it is. */
static void
every_packet_goes_back_to_its_own(void)
{
	struct rte_mempool *second = rte_pktmbuf_pool_create("second", 63, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);

	CHECK(second != NULL);
	for (unsigned int p = 0; p < 4 * RTE_DIM(tx_paths); p++) {
		struct rte_mbuf *m[32], *held = NULL;

		if (!have(tx_paths[p / 4].path))
			continue;
		make_tx(false);
		CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, m, 32), 0);
		if (p % 4 == 1) {
			held = m[5];
			rte_mbuf_refcnt_update(held, 1);
		} else if (p % 4 >= 2) {
			rte_pktmbuf_free(m[31]);
			m[31] = rte_pktmbuf_alloc(second);
			if (p % 4 == 3)
				rte_pktmbuf_attach(m[31], m[5]);
		}
		for (int i = 0; i < 32; i++)
			m[i]->pkt_len = m[i]->data_len = 60;
		CHECK_EQ(tx_paths[p / 4].burst(tx, m, 32), 32);
		finish_reports(0, RING - 1);
		tx->free_thresh = RING;
		CHECK_EQ(rte_pktmbuf_alloc_bulk(pool, m, 1), 0);
		m[0]->pkt_len = m[0]->data_len = 60;
		CHECK_EQ(tx_paths[p / 4].burst(tx, m, 1), 1);
		CHECK_EQ(rte_mempool_in_use_count(pool), 1u + (held != NULL));
		CHECK_EQ(rte_mempool_in_use_count(second), 0);
		if (held != NULL) {
			CHECK_EQ(rte_mbuf_refcnt_read(held), 1);
			rte_pktmbuf_free(held);
		}
		free_tx();
	}
	rte_mempool_free(second);
}

static struct rte_mbuf *
tcp_packet(uint64_t flags)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

	rte_pktmbuf_append(m, 1000);
	memset(rte_pktmbuf_mtod(m, void *), 0, 1000);
	m->l2_len = 14;
	m->l3_len = 20;
	m->l4_len = 32;
	m->ol_flags = flags;
	return m;
}

static void
offloads_are_descriptors_bits(void)
{
	struct rte_mbuf *m = tcp_packet(RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_TCP_CKSUM | RTE_MBUF_F_TX_VLAN);
	struct i40e_tx_plan plan;

	m->vlan_tci = 0xE123;
	plan = i40e_tx_encode(m);
	CHECK_EQ(plan.context.high, 0);
	CHECK_EQ(plan.common >> 4 & 0x3FF, 1 << 2 | 1 << 3 | 3 << 5 | 1 << 8); /* ICRC, IL2TAG1, IPv4 with checksum, TCP */
	CHECK_EQ(plan.common >> 16 & 0x7F, 7);
	CHECK_EQ(plan.common >> 23 & 0x7F, 5);
	CHECK_EQ(plan.common >> 30 & 0xF, 5);
	CHECK_EQ(plan.common >> 48, 0xE123);
	m->ol_flags = RTE_MBUF_F_TX_IPV6 | RTE_MBUF_F_TX_UDP_CKSUM;
	m->l3_len = 40;
	plan = i40e_tx_encode(m);
	CHECK_EQ(plan.common >> 4 & 0x3FF, 1 << 2 | 1 << 5 | 3 << 8);
	CHECK_EQ(plan.common >> 23 & 0x7F, 10);
	CHECK_EQ(plan.common >> 30 & 0xF, 2);
	m->ol_flags = RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_SCTP_CKSUM;
	plan = i40e_tx_encode(m);
	CHECK_EQ(plan.common >> 4 & 0x3FF, 1 << 2 | 2 << 5 | 2 << 8);
	CHECK_EQ(plan.common >> 30 & 0xF, 3);
	m->ol_flags = 0;
	CHECK_EQ(i40e_tx_encode(m).common, 1 << 6);
	rte_pktmbuf_free(m);
}

static void
tso_has_a_context(void)
{
	struct rte_mbuf *m = tcp_packet(RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_TCP_SEG);
	struct i40e_tx_plan plan;

	m->tso_segsz = 300;
	plan = i40e_tx_encode(m);
	CHECK_EQ(plan.common >> 4 & 0x3FF, 1 << 2 | 3 << 5 | 1 << 8);
	CHECK_EQ(plan.common >> 30 & 0xF, 8);
	CHECK_EQ(plan.context.low, 0);
	CHECK_EQ(plan.context.high & 0xF, 1);
	CHECK_EQ(plan.context.high >> 4 & 0xFFFF, 1);
	CHECK_EQ(plan.context.high >> 30 & 0x3FFFF, 1000 - 66);
	CHECK_EQ(plan.context.high >> 50, 300);
	/* In a VXLAN tunnel: l2_len is from the outer UDP to the inner IP. */
	m->ol_flags |= RTE_MBUF_F_TX_TUNNEL_VXLAN | RTE_MBUF_F_TX_OUTER_IPV4 | RTE_MBUF_F_TX_OUTER_IP_CKSUM;
	m->outer_l2_len = 14;
	m->outer_l3_len = 20;
	m->l2_len = 8 + 8 + 14;
	plan = i40e_tx_encode(m);
	CHECK_EQ(plan.context.low & 3, 3);
	CHECK_EQ(plan.context.low >> 2 & 0x3F, 5);
	CHECK_EQ(plan.context.low >> 9 & 3, 1);
	CHECK_EQ(plan.context.low >> 12 & 0x7F, 15);
	CHECK_EQ(plan.context.high >> 30 & 0x3FFFF, 1000 - 14 - 20 - 30 - 20 - 32);
	CHECK_EQ(plan.common >> 16 & 0x7F, 7);
	rte_pktmbuf_free(m);
	/* The context goes first, and its slot has nothing to free. */
	make_tx(false);
	m = tcp_packet(RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_TCP_SEG);
	m->tso_segsz = 300;
	CHECK_EQ(i40e_tx_full(tx, &m, 1), 1);
	CHECK_EQ(tx->ring[0].high & 0xF, 1);
	CHECK_EQ(tx->ring[1].high & 0x1F, 0x10);
	CHECK_EQ(tx_tail, 2);
	free_tx();
}

static void
what_cannot_be_sent_is_refused(void)
{
	struct rte_mbuf *m = tcp_packet(RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_TCP_SEG), *many;

	make_tx(false);
	m->tso_segsz = 255;
	CHECK_EQ(i40e_tx_prepare(tx, &m, 1), 0);
	CHECK_EQ(rte_errno, EINVAL);
	m->tso_segsz = 9675;
	CHECK_EQ(i40e_tx_prepare(tx, &m, 1), 0);
	m->tso_segsz = 1000;
	CHECK_EQ(i40e_tx_prepare(tx, &m, 1), 1);
	m->ol_flags = RTE_MBUF_F_TX_MACSEC;
	CHECK_EQ(i40e_tx_prepare(tx, &m, 1), 0);
	CHECK_EQ(rte_errno, ENOTSUP);
	m->ol_flags = 0;
	m->pkt_len = m->data_len = 16;
	CHECK_EQ(i40e_tx_prepare(tx, &m, 1), 0);
	m->pkt_len = m->data_len = 1000;
	/* Nine pieces. */
	for (int i = 0; i < 8; i++) {
		many = tcp_packet(0);
		CHECK_EQ(rte_pktmbuf_chain(m, many), 0);
	}
	CHECK_EQ(i40e_tx_prepare(tx, &m, 1), 0);
	rte_pktmbuf_free(m);
	/* More than a ring has: counted and gone, the ring goes on. */
	m = tcp_packet(0);
	for (int i = 0; i < RING; i++) {
		many = tcp_packet(0);
		CHECK_EQ(rte_pktmbuf_chain(m, many), 0);
	}
	CHECK_EQ(i40e_tx_full(tx, &m, 1), 1);
	CHECK_EQ(tx->refused, 1);
	CHECK_EQ(tx_tail, 0);
	m = tcp_packet(0);
	CHECK_EQ(i40e_tx_full(tx, &m, 1), 1);
	CHECK_EQ(tx_tail, 1);
	free_tx();
}

/* What the device fills in is empty before, or it would be added. */
static void
places_of_checksums_are_prepared(void)
{
	struct rte_mbuf *m = tcp_packet(0);
	uint8_t *at = rte_pktmbuf_mtod(m, uint8_t *);

	m->ol_flags = RTE_MBUF_F_TX_OUTER_IPV4 | RTE_MBUF_F_TX_OUTER_IP_CKSUM | RTE_MBUF_F_TX_TUNNEL_GRE | RTE_MBUF_F_TX_IPV4 |
		RTE_MBUF_F_TX_IP_CKSUM;
	m->outer_l2_len = 14;
	m->outer_l3_len = 20;
	m->l2_len = 4;
	m->l3_len = 20;
	memset(at + 24, 0xEE, 2);
	memset(at + 48, 0xEE, 2);
	CHECK_EQ(i40e_tx_prepare(tx, &m, 1), 1);
	CHECK_EQ(at[24] | at[25] | at[48] | at[49], 0);
	/* The outer one alone. */
	m->ol_flags &= ~(RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM);
	memset(at + 24, 0xEE, 2);
	CHECK_EQ(i40e_tx_prepare(tx, &m, 1), 1);
	CHECK_EQ(at[24] | at[25], 0);
	m->outer_l2_len = 127;
	m->data_len = m->pkt_len = 60;
	CHECK_EQ(i40e_tx_prepare(tx, &m, 1), 0);
	CHECK_EQ(rte_errno, ENOTSUP);
	rte_pktmbuf_free(m);
}

static void
rules_are_descriptors(void)
{
	const struct i40e_rule rule = {.pctype = 31, .src = {10, 0, 0, 1}, .dst = {10, 0, 0, 2}, .src_port = RTE_BE16(1000),
		.dst_port = RTE_BE16(2000), .to_queue = true, .queue = 37, .mark = true, .mark_id = 0xCAFE1234};
	const struct i40e_tx_desc desc = i40e_fdir_encode(&rule, 300, I40E_FDIR_ADD);
	uint8_t packet[I40E_FDIR_PACKET];

	CHECK_EQ(desc.low & 0x7FF, 37);
	CHECK_EQ(desc.low >> 17 & 0x3F, 31);
	CHECK_EQ(desc.low >> 23 & 0x1FF, 300);
	CHECK_EQ(desc.high & 0xF, 8);
	CHECK_EQ(desc.high >> 4 & 7, 1);
	CHECK_EQ(desc.high >> 7 & 3, 1);
	CHECK_EQ(desc.high >> 13 & 3, 1);
	CHECK_EQ(desc.high >> 32, 0xCAFE1234);
	i40e_fdir_packet(&rule, packet);
	CHECK_EQ(packet[23], 17);
	CHECK_EQ(packet[29], 2); /* the packet goes the other way */
	CHECK_EQ(packet[33], 1);
	CHECK_EQ(packet[34] << 8 | packet[35], 2000);
	CHECK_EQ(packet[36] << 8 | packet[37], 1000);
}

static void
counters_go_round(void)
{
	struct i40e_counter counter = {.last = 0xFFFFFFFFFFF0};

	i40e_counter_advance(&counter, 0x10, 48);
	CHECK_EQ(counter.sum, 0x20);
	i40e_counter_advance(&counter, 0x10, 48);
	CHECK_EQ(counter.sum, 0x20);
	counter = (struct i40e_counter){.last = 0xFFFFFFFF, .sum = 5};
	i40e_counter_advance(&counter, 0, 32);
	CHECK_EQ(counter.sum, 6);
}

int
main(int argc, char **argv)
{
	if (!bed_opens(argc > 0 ? argv[0] : "i40e_tx_burst_test"))
		return 1;
	RUN(every_path_sends_in_order);
	RUN(a_full_ring_takes_nothing_and_recovers);
	RUN(every_packet_goes_back_to_its_own);
	RUN(offloads_are_descriptors_bits);
	RUN(tso_has_a_context);
	RUN(what_cannot_be_sent_is_refused);
	RUN(places_of_checksums_are_prepared);
	RUN(rules_are_descriptors);
	RUN(counters_go_round);
	return bed_closes();
}
