/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a sink makes of the frames of a generator, and of others.
 */
#include "pktgen_bed.h"

#include "check.h"

/* Gives the kept frames to a sink, in their order or as `order` says; they are gone afterwards. */
static void
sink_kept(void)
{
	for (unsigned int at = 0; at < kept_count; at += LCORE_BURST)
		forward_sink(&lcore, &plan, kept + at, RTE_MIN(LCORE_BURST, kept_count - at));
	kept_count = 0;
}

static void
expect(uint64_t stamped, uint64_t lost, uint64_t reordered, uint64_t duplicates, uint64_t corrupt)
{
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_STAMPED], stamped);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_LOST], lost);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_REORDERED], reordered);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_DUPLICATES], duplicates);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_CORRUPT], corrupt);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_LATENCY_SAMPLES], stamped - corrupt);
}

static void
a_sink_knows_what_a_pktgen_sent(void)
{
	static const uint16_t sizes[] = { 64, 67, 0, 1518, 9018 };

	for (unsigned int i = 0; i < RTE_DIM(sizes) * 2; i++) {
		struct pktgen_config config = config_of(i % 2, sizes[i / 2], 5);
		uint64_t bytes = 0;

		start_anew(&config);
		generate(200);
		for (unsigned int k = 0; k < kept_count; k++)
			bytes += kept[k]->pkt_len;
		sink_kept();
		expect(counters[WDPDK_PORT_COUNTER_GENERATED_PACKETS], 0, 0, 0, 0);
		CHECK_EQ(counters[WDPDK_PORT_COUNTER_SUNK_PACKETS], counters[WDPDK_PORT_COUNTER_GENERATED_PACKETS]);
		CHECK_EQ(counters[WDPDK_PORT_COUNTER_SUNK_BYTES], bytes);
		CHECK(lcore.counters.sank == 1);
		/* Made and sunk within the test: no more than it has taken. */
		CHECK(counters[WDPDK_PORT_COUNTER_LATENCY_SUM_NS] / counters[WDPDK_PORT_COUNTER_LATENCY_SAMPLES] < 1000000000);
	}
}

static void
losses_and_disorder_are_counted_by_flow(void)
{
	struct pktgen_config config = config_of(false, 64, 4);
	struct rte_mbuf *held;

	start_anew(&config);
	generate(64);
	/* Flow 1 loses its sequence 2 (frame 9); flow 2 gets 3 before 2 (frames 14 and 10); flow 3 gets its 1 twice (frame 7). */
	held = kept[10];
	kept[10] = kept[14];
	kept[14] = held;
	held = kept[9];
	kept[9] = rte_pktmbuf_copy(kept[7], ports_pool, 0, UINT32_MAX);
	CHECK(kept[9] != NULL);
	rte_pktmbuf_free(held);
	sink_kept();
	expect(counters[WDPDK_PORT_COUNTER_SUNK_PACKETS], 1, 1, 1, 0);
}

/* Any one bit that changes is found, or the frame is no longer one of ours. */
static void
every_changed_bit_is_found(void)
{
	for (int ipv6 = 0; ipv6 < 2; ipv6++) {
		struct pktgen_config config = config_of(ipv6, 105, 1);
		uint32_t header = ipv6 ? 54 : 34, foreign = 0, found = 0;

		start_anew(&config);
		generate(1);
		for (uint32_t bit = 14 * 8; bit < 101 * 8; bit++) {
			struct rte_mbuf *copy = rte_pktmbuf_copy(kept[0], ports_pool, 0, UINT32_MAX);
			uint64_t corrupt = counters[WDPDK_PORT_COUNTER_SINK_CORRUPT], stamped = counters[WDPDK_PORT_COUNTER_SINK_STAMPED];
			uint32_t byte = bit / 8;

			CHECK(copy != NULL);
			rte_pktmbuf_mtod(copy, uint8_t *)[byte] ^= (uint8_t)(1u << bit % 8);
			forward_sink(&lcore, &plan, &copy, 1);
			if (counters[WDPDK_PORT_COUNTER_SINK_STAMPED] == stamped) {
				/* Version and header length, protocol, magic. */
				CHECK(byte == 14 || byte == (ipv6 ? 20 : 23) || (byte >= header + 8 && byte < header + 12));
				foreign++;
			} else if (counters[WDPDK_PORT_COUNTER_SINK_CORRUPT] > corrupt) {
				found++;
			} else {
				/* What routers change in IPv6, and no checksum covers: traffic class, flow label, hop limit. */
				CHECK(ipv6 && ((byte >= 14 && byte < 18) || byte == 21));
			}
		}
		CHECK(foreign > 0 && found > 600);
		CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_LOST], 0);
	}
}

static void
frames_of_others_are_sunk_alone(void)
{
	struct rte_mbuf *mbuf;

	start_anew(NULL);
	for (uint32_t length = 1; length < 6000; length = length * 5 / 4 + 1) {
		mbuf = rte_pktmbuf_alloc(ports_pool);
		CHECK(mbuf != NULL);
		for (uint32_t left = length; left > 0;) {
			struct rte_mbuf *tail = rte_pktmbuf_lastseg(mbuf);
			uint16_t part = (uint16_t)RTE_MIN(left, (uint32_t)rte_pktmbuf_tailroom(tail));

			memset(rte_pktmbuf_mtod(tail, uint8_t *) + tail->data_len, 0x45, part);
			tail->data_len += part;
			mbuf->pkt_len += part;
			left -= part;
			if (left > 0) {
				tail->next = rte_pktmbuf_alloc(ports_pool);
				CHECK(tail->next != NULL);
				mbuf->nb_segs++;
			}
		}
		forward_sink(&lcore, &plan, &mbuf, 1);
	}
	expect(0, 0, 0, 0, 0);
	CHECK(counters[WDPDK_PORT_COUNTER_SUNK_PACKETS] > 20);
	CHECK_EQ(lcore.counters.sank, 0);
}

/* A generator that starts again is a new series; several may send at once. */
static void
runs_are_told_apart(void)
{
	struct pktgen_config config = config_of(false, 64, 3);
	struct forward_state *sink, *generators[3];
	struct port_config port = { .mode = PORT_MODE_PKTGEN };

	start_anew(NULL);
	sink = plan.state;
	for (unsigned int i = 0; i < 3; i++) {
		config.dst_port = (uint16_t)(9 + i);
		port.pktgen = config;
		CHECK_EQ(forward_state_take(0, &port, NULL, &generators[i]), 0);
	}
	for (unsigned int round = 0; round < 20; round++) {
		for (unsigned int i = 0; i < 3; i++) {
			plan.state = generators[i];
			CHECK(pktgen_generate(&lcore, &plan) > 0);
		}
		plan.state = sink;
		sink_kept();
	}
	expect(counters[WDPDK_PORT_COUNTER_GENERATED_PACKETS], 0, 0, 0, 0);
	for (unsigned int i = 0; i < 3; i++)
		forward_state_release(generators[i]);
}

/* Who joins late has lost nothing; who was there from the first frame on knows what others of the run must have been. */
static void
a_late_sink_has_lost_nothing(void)
{
	struct pktgen_config config = config_of(false, 64, 2);

	start_anew(&config);
	generate(200);
	rte_pktmbuf_free_bulk(kept, 101);
	memmove(kept, kept + 101, (kept_count - 101) * sizeof(kept[0]));
	kept_count -= 101;
	sink_kept();
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_LOST], 0);

	config.dst_port++;
	start_anew(&config);
	generate(10);
	/* The first three frames of flow 1 are gone: its first is number 3. */
	for (unsigned int k = 1; k < 6; k += 2) {
		rte_pktmbuf_free(kept[k]);
		kept[k] = rte_pktmbuf_copy(kept[0], ports_pool, 0, UINT32_MAX);
		CHECK(kept[k] != NULL);
	}
	sink_kept();
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_LOST], 3);
	CHECK_EQ(counters[WDPDK_PORT_COUNTER_SINK_DUPLICATES], 3);
}

int
main(void)
{
	if (bed_start() != 0)
		return 1;
	RUN(a_sink_knows_what_a_pktgen_sent);
	RUN(losses_and_disorder_are_counted_by_flow);
	RUN(every_changed_bit_is_found);
	RUN(frames_of_others_are_sunk_alone);
	RUN(runs_are_told_apart);
	RUN(a_late_sink_has_lost_nothing);
	bed_end();
	return check_summary();
}
