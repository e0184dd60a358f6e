/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every receive path against words taken from the descriptor's bits by hand; and devices that say what cannot be.
 */
#include "i40e_burst_bed.h"
#include "i40e_fdir.h"
#include "i40e_rss.h"

static struct i40e_rxq *rx;
static struct rte_eth_dev_data data;
static uint32_t rx_tail;

static void
make_rx(void)
{
	struct rte_mbuf m = {.data_off = RTE_PKTMBUF_HEADROOM, .nb_segs = 1, .port = 7};

	rte_mbuf_refcnt_set(&m, 1);
	rx = rte_zmalloc(NULL, sizeof(*rx), 64);
	memcpy(&rx->rearm, &m.rearm_data, 8);
	rx->ring = rte_zmalloc(NULL, (RING + I40E_RX_PADDING) * sizeof(*rx->ring), 128);
	rx->sw = calloc(RING + I40E_RX_PADDING, sizeof(*rx->sw));
	rx->count = RING;
	rx->pool = pool;
	rx->room = 2048;
	rx->data = &data;
	rx->tail = (uint8_t *)&rx_tail;
	rx_tail = RING - 1;
	CHECK_EQ(i40e_rx_queue_fill(rx), 0);
}

static void
free_rx(void)
{
	i40e_rx_queue_empty(rx);
	CHECK_EQ(rte_mempool_in_use_count(pool), 0);
	rte_free(rx->ring);
	free(rx->sw);
	rte_free(rx);
}

static const struct {
	enum i40e_path path;
	eth_rx_burst_t burst;
} rx_paths[] = {
	{I40E_PATH_SCALAR, i40e_rx_scalar}, {I40E_PATH_SCATTERED, i40e_rx_scattered}, {I40E_PATH_AVX2, i40e_rx_avx2},
	{I40E_PATH_AVX512, i40e_rx_avx512},
};

/* What an mbuf must be, out of the bits as the facts have them. */
static void
check_mbuf(const struct rte_mbuf *m, uint64_t low, uint64_t high)
{
	uint64_t flags = 0;

	if (high >> 3 & 1) {
		flags |= high >> 22 & 1 ? RTE_MBUF_F_RX_IP_CKSUM_BAD : RTE_MBUF_F_RX_IP_CKSUM_GOOD;
		flags |= high >> 23 & 1 ? RTE_MBUF_F_RX_L4_CKSUM_BAD : RTE_MBUF_F_RX_L4_CKSUM_GOOD;
		flags |= high >> 24 & 1 ? RTE_MBUF_F_RX_OUTER_IP_CKSUM_BAD : 0;
	}
	flags |= high >> 2 & 1 ? RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED : 0;
	flags |= high >> 11 & 1 ? RTE_MBUF_F_RX_FDIR : 0;
	flags |= (high >> 12 & 3) == 3 ? RTE_MBUF_F_RX_RSS_HASH : 0;
	flags |= (high >> 12 & 3) == 1 ? RTE_MBUF_F_RX_FDIR_ID : 0;
	CHECK_EQ(m->ol_flags, flags);
	CHECK_EQ(m->pkt_len, high >> 38 & 0x3FFF);
	CHECK_EQ(m->data_len, high >> 38 & 0x3FFF);
	CHECK_EQ(m->vlan_tci, low >> 16 & 0xFFFF);
	CHECK_EQ(m->hash.rss, low >> 32);
	if (flags & RTE_MBUF_F_RX_FDIR_ID)
		CHECK_EQ(m->hash.fdir.hi, low >> 32);
	CHECK_EQ(m->packet_type, i40e_ptypes[high >> 30 & 0xFF]);
	CHECK_EQ(m->port, 7);
	CHECK_EQ(m->nb_segs, 1);
	CHECK_EQ(m->data_off, RTE_PKTMBUF_HEADROOM);
	CHECK_EQ(rte_mbuf_refcnt_read(m), 1);
	CHECK(m->next == NULL);
}

/* Any bits but DD, with a length that fits and the end of a packet. */
static uint64_t
any_high(void)
{
	return (rte_rand() & 0x3FFFFFFFFFULL & ~0x1ULL) | (uint64_t)(rte_rand() % 2049) << 38 | 3;
}

static void
every_path_reads_every_bit(void)
{
	for (unsigned int p = 0; p < RTE_DIM(rx_paths); p++) {
		uint16_t device = 0;

		if (!have(rx_paths[p].path))
			continue;
		make_rx();
		for (int round = 0; round < 3000; round++) {
			const uint16_t done = (uint16_t)(rte_rand() % 41), want = (uint16_t)(1 + rte_rand() % 64);
			uint64_t low[64], high[64];
			struct rte_mbuf *m[64];
			uint16_t got = 0;

			for (uint16_t i = 0; i < done; i++) {
				struct i40e_rx_desc *desc = &rx->ring[(device + i) % RING];

				CHECK_EQ(desc->high, 0);
				CHECK_EQ(desc->low, rte_mbuf_data_iova_default(rx->sw[(device + i) % RING]));
				low[i] = desc->low = rte_rand();
				high[i] = desc->high = any_high();
			}
			device = (uint16_t)((device + done) % RING);
			while (got < done) {
				const uint16_t now = rx_paths[p].burst(rx, m + got, RTE_MIN(want, (uint16_t)(64 - got)));

				CHECK(now > 0);
				got = (uint16_t)(got + now);
			}
			CHECK_EQ(got, done);
			CHECK_EQ(rx_paths[p].burst(rx, m, 0), 0);
			CHECK_EQ(rx_paths[p].burst(rx, m + got, 1), 0);
			for (uint16_t i = 0; i < done; i++) {
				check_mbuf(m[i], low[i], high[i]);
				rte_pktmbuf_free(m[i]);
			}
			CHECK_EQ(rx_tail % RING, (rx->refill + RING - 1) % RING);
			CHECK(rx->holes < I40E_BATCH);
		}
		free_rx();
	}
}

/* Types that the vector paths have in tables, and no rule's number: what they do without another look at a packet. */
static void
plain_types_come_in_every_lane(void)
{
	for (unsigned int p = 0; p < RTE_DIM(rx_paths); p++) {
		uint16_t device = 0;

		if (!have(rx_paths[p].path))
			continue;
		make_rx();
		for (unsigned int first = 0; first < 128; first++) {
			uint64_t low[32], high[32];
			struct rte_mbuf *m[32];

			for (uint16_t i = 0; i < 32; i++) {
				const uint64_t number = (first + i) % 64, state = rte_rand() % 2 == 0 ? 0 : 3;

				low[i] = rte_rand();
				/* What lies above the length (a header's, the split's) says nothing to anybody. */
				high[i] = ((any_high() & ~(0xFFULL << 30 | 3ULL << 12)) | (number / 32 * 64 + number % 32) << 30 | state << 12) |
					(rte_rand() & 0xFFF0000000000000ULL);
				rx->ring[(device + i) % RING] = (struct i40e_rx_desc){low[i], high[i]};
			}
			CHECK_EQ(rx_paths[p].burst(rx, m, 32), 32);
			device = (uint16_t)((device + 32) % RING);
			for (uint16_t i = 0; i < 32; i++) {
				check_mbuf(m[i], low[i], high[i]);
				rte_pktmbuf_free(m[i]);
			}
		}
		free_rx();
	}
}

static void
no_length_goes_beyond_the_buffer(void)
{
	for (unsigned int p = 0; p < RTE_DIM(rx_paths); p++) {
		struct rte_mbuf *m[32];

		if (!have(rx_paths[p].path))
			continue;
		make_rx();
		for (int i = 0; i < 32; i++)
			rx->ring[i].high = 0x3FFFULL << 38 | 3ULL << 62 | 3;
		CHECK_EQ(rx_paths[p].burst(rx, m, 32), 32);
		for (int i = 0; i < 32; i++) {
			CHECK_EQ(m[i]->data_len, 2048);
			CHECK_EQ(m[i]->pkt_len, 2048);
			rte_pktmbuf_free(m[i]);
		}
		free_rx();
	}
}

/* A device that finishes what was never given to it does not get a buffer out twice. */
static void
no_burst_runs_into_its_own_tail(void)
{
	for (unsigned int p = 0; p < RTE_DIM(rx_paths); p++) {
		struct rte_mbuf *m[2 * RING], *held[4096];
		unsigned int holding = 0;
		uint16_t n = 0;

		if (!have(rx_paths[p].path))
			continue;
		make_rx();
		/* Nothing to refill with. */
		while (holding < RTE_DIM(held) && rte_mempool_get(pool, (void **)&held[holding]) == 0)
			holding++;
		for (int i = 0; i < RING; i++)
			rx->ring[i].high = 3 | 60ULL << 38;
		for (int i = 0; i < 10; i++)
			n = (uint16_t)(n + rx_paths[p].burst(rx, m + n, (uint16_t)(2 * RING - n)));
		CHECK_EQ(n, RING - 1);
		CHECK(data.rx_mbuf_alloc_failed > 0);
		for (uint16_t i = 0; i < n; i++)
			for (uint16_t j = 0; j < i; j++)
				CHECK(m[i] != m[j]);
		rte_mempool_put_bulk(pool, (void **)held, holding);
		for (uint16_t i = 0; i < n; i++)
			rte_pktmbuf_free(m[i]);
		/* It goes on as soon as there is something. */
		for (int i = 0; i < RING; i++)
			rx->ring[i].high = 0;
		CHECK_EQ(rx_paths[p].burst(rx, m, 32), 0);
		CHECK(rx->holes < I40E_BATCH);
		free_rx();
	}
}

static void
segments_become_one_packet(void)
{
	struct rte_mbuf *m[32];

	make_rx();
	for (int i = 0; i < 5; i++)
		rx->ring[i].high = 1 | 2048ULL << 38;
	rx->ring[4].high = 3 | 100ULL << 38 | 26ULL << 30 | 3ULL << 12;
	rx->ring[4].low = 0xABCD1234ULL << 32;
	rx->ring[5].high = 3 | 60ULL << 38;
	CHECK_EQ(i40e_rx_scattered(rx, m, 1), 1);
	CHECK_EQ(m[0]->nb_segs, 5);
	CHECK_EQ(m[0]->pkt_len, 4 * 2048 + 100);
	CHECK_EQ(m[0]->hash.rss, 0xABCD1234);
	CHECK_EQ(m[0]->packet_type, i40e_ptypes[26]);
	rte_pktmbuf_free(m[0]);
	CHECK_EQ(i40e_rx_scattered(rx, m, 32), 1);
	CHECK_EQ(m[0]->nb_segs, 1);
	rte_pktmbuf_free(m[0]);
	/* One that does not end is kept, and given back with the queue. */
	rx->ring[6].high = 1 | 2048ULL << 38;
	CHECK_EQ(i40e_rx_scattered(rx, m, 32), 0);
	CHECK(rx->first != NULL);
	free_rx();
}

static void
a_kept_fcs_is_not_told(void)
{
	struct rte_mbuf *m[32];

	make_rx();
	rx->crc = 4;
	rx->ring[0].high = 3 | 64ULL << 38;
	CHECK_EQ(i40e_rx_scalar(rx, m, 32), 1);
	CHECK_EQ(m[0]->pkt_len, 60);
	rte_pktmbuf_free(m[0]);
	/* Two of its bytes in the last segment, two before. */
	rx->ring[1].high = 1 | 2048ULL << 38;
	rx->ring[2].high = 3 | 2ULL << 38;
	CHECK_EQ(i40e_rx_scattered(rx, m, 32), 1);
	CHECK_EQ(m[0]->nb_segs, 1);
	CHECK_EQ(m[0]->pkt_len, 2046);
	CHECK_EQ(m[0]->data_len, 2046);
	CHECK(m[0]->next == NULL);
	rte_pktmbuf_free(m[0]);
	rx->ring[3].high = 3 | 2ULL << 38;
	CHECK_EQ(i40e_rx_scattered(rx, m, 32), 1);
	CHECK_EQ(m[0]->pkt_len, 0);
	rte_pktmbuf_free(m[0]);
	free_rx();
}

static void
types_and_fields(void)
{
	CHECK_EQ(i40e_rss_pctypes(RTE_ETH_RSS_NONFRAG_IPV4_UDP), 1ULL << 31);
	CHECK_EQ(i40e_rss_pctypes(RTE_ETH_RSS_NONFRAG_IPV6_TCP | RTE_ETH_RSS_L2_PAYLOAD), 1ULL << 43 | 1ULL << 63);
	CHECK_EQ(i40e_default_fields(33), 0x0001800000000000ULL | 0x0000001800000000ULL | 0x0000000600000000ULL);
	CHECK_EQ(i40e_default_fields(45), 0x0007F80000000000ULL | 0x000007F800000000ULL);
	CHECK_EQ(i40e_ptypes[24], RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4_EXT_UNKNOWN | RTE_PTYPE_L4_UDP);
	CHECK_EQ(i40e_ptypes[92], RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV6_EXT_UNKNOWN | RTE_PTYPE_L4_TCP);
	CHECK_EQ(i40e_ptypes[63] & RTE_PTYPE_INNER_L4_MASK, RTE_PTYPE_INNER_L4_TCP);
	CHECK_EQ(i40e_ptypes[153] & RTE_PTYPE_INNER_L4_MASK, RTE_PTYPE_INNER_L4_ICMP);
	CHECK_EQ(i40e_ptypes[153] & RTE_PTYPE_L3_MASK, RTE_PTYPE_L3_IPV6_EXT_UNKNOWN);
	CHECK_EQ(i40e_ptypes[25], 0);
	CHECK_EQ(i40e_ptypes[200], 0);
}

int
main(int argc, char **argv)
{
	if (!bed_opens(argc > 0 ? argv[0] : "i40e_rx_burst_test"))
		return 1;
	RUN(every_path_reads_every_bit);
	RUN(plain_types_come_in_every_lane);
	RUN(no_length_goes_beyond_the_buffer);
	RUN(no_burst_runs_into_its_own_tail);
	RUN(segments_become_one_packet);
	RUN(a_kept_fcs_is_not_told);
	RUN(types_and_fields);
	return bed_closes();
}
