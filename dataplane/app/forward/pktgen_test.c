/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a generator sends, frame by frame. Checksums are judged by librte_net, everything else by the bytes.
 */
#include <rte_cycles.h>
#include <rte_ip.h>
#include <rte_udp.h>

#include "pktgen_bed.h"

#include "check.h"

/* Everything that is the same for all frames, and the checksums. */
static void
check_frame(const struct rte_mbuf *mbuf, bool ipv6, uint32_t length)
{
	const uint8_t *frame = bytes_of(mbuf), *udp = frame + 14 + (ipv6 ? 40 : 20);
	uint32_t udp_bytes = length - 14 - (ipv6 ? 40 : 20);
	const struct rte_udp_hdr *header = (const void *)udp;

	CHECK_EQ(mbuf->pkt_len, length);
	CHECK_EQ(rte_mbuf_refcnt_read(mbuf), 1);
	CHECK_MEM(frame, ((uint8_t[]){ 2, 0, 0, 0, 0, 7, 2, 0xaa, 0, 0, 0, 0 }), 12);
	CHECK_EQ(rte_be_to_cpu_16(header->dgram_len), udp_bytes);
	CHECK_EQ(rte_be_to_cpu_16(header->dst_port), 9);
	CHECK(header->dgram_cksum != 0);
	if (ipv6) {
		const struct rte_ipv6_hdr *ip = (const void *)(frame + 14);

		CHECK_MEM(frame + 12, "\x86\xdd", 2);
		CHECK(ip->vtc_flow == rte_cpu_to_be_32(0x60000000) && ip->proto == 17 && ip->hop_limits == 64);
		CHECK_EQ(rte_be_to_cpu_16(ip->payload_len), udp_bytes);
		CHECK_EQ(rte_ipv6_udptcp_cksum_verify(ip, udp), 0);
	} else {
		const struct rte_ipv4_hdr *ip = (const void *)(frame + 14);

		CHECK_MEM(frame + 12, "\x08\x00", 2);
		CHECK(ip->version_ihl == 0x45 && ip->next_proto_id == 17 && ip->time_to_live == 64);
		CHECK_EQ(rte_be_to_cpu_16(ip->total_length), length - 14);
		CHECK_EQ(rte_ipv4_cksum(ip) == 0 || rte_raw_cksum(ip, 20) == 0xffff, 1);
		CHECK_EQ(rte_ipv4_udptcp_cksum_verify(ip, udp), 0);
	}
}

/* ---- generating ---- */

static void
frames_of_every_size_are_right(void)
{
	static const uint16_t sizes[] = { 64, 65, 66, 79, 80, 81, 84, 85, 95, 96, 100, 101, 594, 1518, 2050, 2052, 2053, 4000, 9017, 9018 };

	for (unsigned int i = 0; i < RTE_DIM(sizes) * 2; i++) {
		bool ipv6 = i >= RTE_DIM(sizes);
		uint16_t size = sizes[i % RTE_DIM(sizes)];
		struct pktgen_config config = config_of(ipv6, size, 3);

		start_anew(&config);
		generate(40);
		for (unsigned int k = 0; k < 40; k++) {
			struct stamp stamp = stamp_of(kept[k], ipv6), first = stamp_of(kept[0], ipv6);
			uint32_t length = RTE_MAX(size - 4u, ipv6 ? 80u : 60u), least = ipv6 ? 80 : 60;

			check_frame(kept[k], ipv6, length);
			CHECK_EQ(stamp.flow, k % 3);
			CHECK_EQ(stamp.sequence, k / 3);
			CHECK_EQ(stamp.run, first.run);
			CHECK(frame_has_pattern(bytes_of(kept[k]) + least, length - least, &stamp));
		}
	}
}

/* Checksums at all values of what goes into them, all-ones sums among them. */
static void
checksums_hold_for_every_sequence(void)
{
	struct pktgen_config config = config_of(false, 64, 1);
	struct frame_template frame;
	uint8_t bytes[80];

	for (int ipv6 = 0; ipv6 < 2; ipv6++) {
		const uint8_t *checksum = bytes + (ipv6 ? 60 : 40);
		unsigned int all_ones = 0;

		config = config_of(ipv6, 84, 1);
		frame_prepare(&frame, &config, &ports[0].mac, 80, 0xbeef);
		for (uint32_t i = 0; i < 200000; i++) {
			struct frame_marks marks = {
				.src = (uint16_t)(i * 7), .dst = (uint16_t)(i >> 3), .src_port = (uint16_t)i, .id = (uint16_t)i,
				.stamp = { .run = 0xbeef, .flow = (uint16_t)(i * 13), .sequence = i * 65521,
					.time = (i * UINT64_C(0x123456789)) & STAMP_TIME_MASK },
			};

			marks.time_sum = frame_time_sum(marks.stamp.time);
			memset(bytes, 0, sizeof(bytes));
			if (ipv6)
				frame_write_ipv6(bytes, &frame, &marks);
			else
				frame_write_ipv4(bytes, &frame, &marks);
			if (!ipv6)
				frame_write_pattern(bytes + 60, &frame, &marks.stamp);
			if (ipv6)
				CHECK_EQ(rte_ipv6_udptcp_cksum_verify((const void *)(bytes + 14), bytes + 54), 0);
			else
				CHECK_EQ(rte_ipv4_udptcp_cksum_verify((const void *)(bytes + 14), bytes + 34), 0);
			CHECK(ipv6 || rte_raw_cksum(bytes + 14, 20) == 0xffff);
			/* Zero would say that there is no checksum. */
			CHECK((checksum[0] | checksum[1]) != 0);
			all_ones += (checksum[0] & checksum[1]) == 0xff;
		}
		CHECK(all_ones > 0);
	}
}

static void
flows_differ_and_take_turns(void)
{
	struct pktgen_config config = config_of(false, 64, 300);

	config.src_depth = 28;
	config.src[3] = 16;
	config.src_port = 65500;
	start_anew(&config);
	generate(640);
	for (uint32_t k = 0; k < 640; k++) {
		const uint8_t *frame = bytes_of(kept[k]);
		uint32_t flow = k % 300, port = 65500 + flow > 65535 ? flow - 35 : 65500 + flow;

		CHECK_MEM(frame + 26, ((uint8_t[]){ 198, 18, 0, (uint8_t)(16 + flow % 16) }), 4);
		CHECK_MEM(frame + 30, ((uint8_t[]){ 198, 19, (uint8_t)(flow >> 8), (uint8_t)flow }), 4);
		CHECK_EQ(frame[34] << 8 | frame[35], port);
		CHECK_EQ(frame[18] | frame[19] << 8, k);
		check_frame(kept[k], false, 60);
	}
}

static void
the_imix_has_its_shares(void)
{
	static const uint32_t flow_counts[] = { 1, 5, 12, 16 };
	unsigned int of_flow[16][3];

	for (unsigned int i = 0; i < RTE_DIM(flow_counts) * 2; i++) {
		uint32_t flows = flow_counts[i / 2], rounds = 12 * flows;
		bool ipv6 = i % 2;
		struct pktgen_config config = config_of(ipv6, 0, flows);

		memset(of_flow, 0, sizeof(of_flow));
		start_anew(&config);
		generate(rounds);
		for (unsigned int k = 0; k < rounds; k++) {
			uint32_t length = kept[k]->pkt_len;

			check_frame(kept[k], ipv6, length);
			CHECK(length == (ipv6 ? 80 : 60) || length == 590 || length == 1514);
			of_flow[k % flows][length == 1514 ? 2 : length == 590 ? 1 : 0]++;
			/* Flow by flow the order is the same. */
			CHECK_EQ(frame_imix[(k / flows + k % flows) % PKTGEN_IMIX], length == 1514 ? 2 : length == 590 ? 1 : 0);
		}
		for (uint32_t flow = 0; flow < flows; flow++)
			CHECK(of_flow[flow][0] == 7 && of_flow[flow][1] == 4 && of_flow[flow][2] == 1);
	}
}

static void
counts_end_exactly(void)
{
	struct pktgen_config config = config_of(false, 64, 2);

	config.count = 70;
	start_anew(&config);
	for (int i = 0; i < 10; i++)
		pktgen_generate(&lcore, &plan);
	CHECK_EQ(kept_count, 70);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_GENERATED_PACKETS], 70);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_GENERATED_BYTES], 70 * 60);
}

static void
a_duration_ends(void)
{
	struct pktgen_config config = config_of(false, 64, 1);
	uint64_t until;

	config.milliseconds = 10;
	start_anew(&config);
	CHECK(pktgen_generate(&lcore, &plan) > 0);
	until = rte_rdtsc() + rte_get_tsc_hz() / 50;
	while (rte_rdtsc() < until)
		;
	CHECK_EQ(pktgen_generate(&lcore, &plan), 0);
	CHECK_EQ(pktgen_generate(&lcore, &plan), 0);

	/* At a rate: all that was due by then, even if nobody came by before. */
	config.rate = PKTGEN_RATE_PPS;
	config.rate_value = 10000;
	start_anew(&config);
	CHECK_EQ(pktgen_generate(&lcore, &plan), 1);
	until = rte_rdtsc() + rte_get_tsc_hz() / 50;
	while (rte_rdtsc() < until)
		;
	while (pktgen_generate(&lcore, &plan) > 0)
		;
	CHECK_EQ(kept_count, 100);
}

/* An idle lcore may sleep until the next frame is due; one that is finished asks for nothing. */
static void
an_lcore_is_told_when_the_next_frame_is_due(void)
{
	struct pktgen_config config = config_of(false, 64, 1);
	uint64_t before = rte_rdtsc(), period = rte_get_tsc_hz() / 5;

	config.rate = PKTGEN_RATE_PPS;
	config.rate_value = 5;
	config.count = 2;
	start_anew(&config);
	CHECK_EQ(pktgen_generate(&lcore, &plan), 1);
	lcore.due = UINT64_MAX;
	CHECK_EQ(pktgen_generate(&lcore, &plan), 0);
	CHECK(lcore.due >= before + period);
	CHECK(lcore.due <= rte_rdtsc() + period);
	while (rte_rdtsc() < lcore.due)
		;
	CHECK_EQ(pktgen_generate(&lcore, &plan), 1);
	lcore.due = UINT64_MAX;
	CHECK_EQ(pktgen_generate(&lcore, &plan), 0);
	CHECK(lcore.due == UINT64_MAX);
}

/* What the port refuses is dropped and counted, and its numbers come again: those that left have no gap. */
static void
a_full_port_costs_no_numbers(void)
{
	struct pktgen_config config = config_of(false, 0, 7);
	uint64_t dropped;

	config.count = 500;
	start_anew(&config);
	for (unsigned int i = 0; kept_count < 500; i++) {
		room = i % 5 == 0 ? 0 : i % 11;
		pktgen_generate(&lcore, &plan);
		rte_delay_us_block(2);
	}
	room = UINT32_MAX;
	for (unsigned int k = 0; k < 500; k++) {
		struct stamp stamp = stamp_of(kept[k], false);

		CHECK_EQ(stamp.sequence * 7 + stamp.flow, k);
		CHECK_EQ(kept[k]->pkt_len, ((uint32_t[]){ 60, 590, 1514 })[frame_imix[(k / 7 + k % 7) % PKTGEN_IMIX]]);
	}
	rte_delay_us_block(2000);
	CHECK_EQ(pktgen_generate(&lcore, &plan), 0);
	dropped = counters[PORT_COUNTER_DROP(WDPDK_DROP_TX_FULL)];
	CHECK(dropped > 0);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_GENERATED_PACKETS], 500 + dropped);
}

/* Asked again and again, a port that takes nothing gets few frames. */
static void
a_full_port_is_not_flooded(void)
{
	struct pktgen_config config = config_of(false, 64, 1);
	uint64_t until;

	start_anew(&config);
	room = 0;
	until = rte_rdtsc() + rte_get_tsc_hz() / 20;
	while (rte_rdtsc() < until)
		pktgen_generate(&lcore, &plan);
	CHECK(counters[PORT_COUNTER_DROP(WDPDK_DROP_TX_FULL)] > 0);
	CHECK(counters[PORT_COUNTER_DROP(WDPDK_DROP_TX_FULL)] < 200);
	/* Once it takes them, it gets whole bursts again. */
	room = UINT32_MAX;
	for (unsigned int most = 0, now; most < LCORE_BURST; most = RTE_MAX(most, now)) {
		now = pktgen_generate(&lcore, &plan);
		if (kept_count > KEPT / 2)
			forget();
	}
}

static void
one_lcore_generates(void)
{
	static struct lcore other_lcore = { .index = 1, .lanes = { 1 } };
	struct pktgen_config config = config_of(false, 64, 1);

	start_anew(&config);
	CHECK_EQ(pktgen_generate(&other_lcore, &plan), 0);
	CHECK(pktgen_generate(&lcore, &plan) > 0);
	CHECK_EQ(pktgen_generate(&other_lcore, &plan), 0);
}

static void
an_empty_pool_costs_no_numbers(void)
{
	struct pktgen_config config = config_of(false, 64, 3);
	struct rte_mbuf *held[8192];
	unsigned int n = 0;

	start_anew(&config);
	generate(32);
	while (n < RTE_DIM(held) && (held[n] = rte_pktmbuf_alloc(ports_pool)) != NULL)
		n++;
	CHECK_EQ(pktgen_generate(&lcore, &plan), 0);
	rte_pktmbuf_free_bulk(held, n);
	generate(33);
	CHECK_EQ(stamp_of(kept[32], false).sequence * 3 + stamp_of(kept[32], false).flow, 32);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_GENERATED_PACKETS], kept_count);
}

static void
a_state_is_shared_while_its_config_is_the_same(void)
{
	struct port_config port = { .mode = PORT_MODE_PKTGEN, .pktgen = config_of(false, 64, 3) };
	struct forward_state *first, *again, *changed, *none;

	CHECK_EQ(forward_state_take(0, &port, NULL, &first), 0);
	CHECK_EQ(forward_state_take(0, &port, first, &again), 0);
	CHECK(first == again);
	port.pktgen.dst_port++;
	CHECK_EQ(forward_state_take(0, &port, again, &changed), 0);
	CHECK(changed != again);
	port.mode = PORT_MODE_IO;
	CHECK_EQ(forward_state_take(0, &port, changed, &none), 0);
	CHECK(none == NULL);
	forward_state_release(first);
	forward_state_release(again);
	forward_state_release(changed);
	forward_state_release(none);
}

int
main(void)
{
	if (bed_start() != 0)
		return 1;
	RUN(frames_of_every_size_are_right);
	RUN(checksums_hold_for_every_sequence);
	RUN(flows_differ_and_take_turns);
	RUN(the_imix_has_its_shares);
	RUN(counts_end_exactly);
	RUN(a_duration_ends);
	RUN(an_lcore_is_told_when_the_next_frame_is_due);
	RUN(a_full_port_costs_no_numbers);
	RUN(a_full_port_is_not_flooded);
	RUN(one_lcore_generates);
	RUN(an_empty_pool_costs_no_numbers);
	RUN(a_state_is_shared_while_its_config_is_the_same);
	bed_end();
	return check_summary();
}
