/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A port that keeps what comes in, and looks whether the frames of a pktgen are as they were sent. Only a frame that is whole is
 * believed: of a corrupt one neither number nor time counts, so that its number is among the lost.
 *
 * Several generators may send here. Of each flow number there is room for SINK_WAYS runs; of a further one the run that came
 * least lately is forgotten, and when it comes again, it begins anew.
 */
#include <stdlib.h>

#include <rte_byteorder.h>

#include "frame_bytes.h"
#include "lcore.h"
#include "pktgen_frame.h"
#include "sequence.h"
#include "state.h"

#define SINK_FLOWS 65536u
#define SINK_WAYS 4u
#define SINK_RUNS 32u
/* A run whose first frame is the first of one of these flows is seen from its beginning. */
#define FIRST_FLOWS 64u
/* Two clocks of one machine may differ by so much. */
#define CLOCK_SLACK_NS 10000000

/* As loaded by a little endian machine. */
#define TYPE_IPV4_LE 0x0008
#define TYPE_IPV6_LE 0xdd86
#define PROTOCOL_UDP 17u
#define UDP_HEADER 8u

struct sink_flow {
	uint32_t key;		/* run << 16 | flow */
	uint32_t used;		/* burst that it last came in; 0: free */
	struct sequence sequence;
};

struct sink_run {
	uint16_t run;
	bool from_start;
	uint32_t used;
};

/* What one of the port's lcores found; a flow stays on one. */
struct sink_lane {
	uint32_t burst;
	struct utc_clock clock;
	struct sink_run runs[SINK_RUNS];
	uint8_t scratch[PKTGEN_LONGEST];
	struct sink_flow flows[SINK_FLOWS][SINK_WAYS];
};

struct sink {
	struct sink_lane *lanes[WDPDK_LIMIT_LANES];
};

struct sink *
sink_create(uint16_t port)
{
	struct sink *sink = calloc(1, sizeof(*sink));

	/* Pages that no flow falls on are never touched. */
	for (unsigned int i = 0; sink != NULL && i < ports[port].lane_count; i++) {
		sink->lanes[i] = calloc(1, sizeof(*sink->lanes[i]));
		if (sink->lanes[i] == NULL) {
			sink_free(sink);
			return NULL;
		}
	}
	return sink;
}

void
sink_free(struct sink *sink)
{
	for (unsigned int i = 0; sink != NULL && i < WDPDK_LIMIT_LANES; i++)
		free(sink->lanes[i]);
	free(sink);
}

/* ---- is it whole? ---- */

/* One's complement sum of words as they lie in memory, folded into 32 bits. */
static __rte_always_inline uint32_t
sum_of(const uint8_t *bytes, uint32_t count)
{
	uint64_t sum = 0;

	for (; count >= 8; count -= 8, bytes += 8) {
		uint64_t word = load64(bytes);

		sum += (word & 0xffffffff) + (word >> 32);
	}
	if (count & 4) {
		sum += load32(bytes);
		bytes += 4;
	}
	if (count & 2) {
		sum += load16(bytes);
		bytes += 2;
	}
	if (count & 1)
		sum += bytes[0];
	return (uint32_t)((sum + (sum << 32 | sum >> 32)) >> 32);
}

static inline bool
is_all_ones(uint64_t sum)
{
	uint32_t folded = (uint32_t)((sum + (sum << 32 | sum >> 32)) >> 32);

	return folded + (folded << 16 | folded >> 16) >= 0xffff0000u;
}

/* UDP header and payload of `bytes` bytes; `addresses` lie before them in the IP header. Where the pattern is right, its whole blocks
 * add nothing to the checksum, so that they are read but once. */
static inline bool
is_whole_udp(const uint8_t *udp, uint32_t bytes, const uint8_t *addresses, uint32_t address_bytes, const struct stamp *stamp)
{
	const uint8_t *pattern = udp + UDP_HEADER + STAMP_BYTES;
	uint32_t pattern_bytes = bytes - UDP_HEADER - STAMP_BYTES, tail = pattern_bytes % STAMP_BLOCK;
	uint64_t sum = (uint64_t)sum_of(addresses, address_bytes) + sum_of(udp, UDP_HEADER + STAMP_BYTES) +
		sum_of(pattern + pattern_bytes - tail, tail) + rte_cpu_to_be_16(PROTOCOL_UDP) + rte_cpu_to_be_16((uint16_t)bytes);

	return load16(udp + 6) != 0 && load_be16(udp + 4) == bytes && is_all_ones(sum) &&
		(pattern_bytes == 0 || frame_has_pattern(pattern, pattern_bytes, stamp));
}

static bool
is_whole_ipv4(const uint8_t *frame, uint32_t length, const struct stamp *stamp)
{
	const uint8_t *ip = frame + RTE_ETHER_HDR_LEN;
	uint32_t total = load_be16(ip + 2);

	return total >= PKTGEN_IPV4_LEAST - RTE_ETHER_HDR_LEN && total + RTE_ETHER_HDR_LEN <= length &&
		is_all_ones(sum_of(ip, 20)) && is_whole_udp(ip + 20, total - 20, ip + 12, 8, stamp);
}

static bool
is_whole_ipv6(const uint8_t *frame, uint32_t length, const struct stamp *stamp)
{
	const uint8_t *ip = frame + RTE_ETHER_HDR_LEN;
	uint32_t bytes = load_be16(ip + 4);

	return bytes >= UDP_HEADER + STAMP_BYTES && bytes + 40 + RTE_ETHER_HDR_LEN <= length &&
		is_whole_udp(ip + 40, bytes, ip + 8, 32, stamp);
}

/* ---- what its number tells ---- */

static bool
run_is_from_start(struct sink_lane *sink, const struct stamp *stamp)
{
	struct sink_run *oldest = &sink->runs[0];

	for (unsigned int i = 0; i < SINK_RUNS; i++) {
		struct sink_run *run = &sink->runs[i];

		if (run->used != 0 && run->run == stamp->run) {
			run->used = sink->burst;
			return run->from_start;
		}
		if (run->used < oldest->used)
			oldest = run;
	}
	*oldest = (struct sink_run){
		.run = stamp->run, .from_start = stamp->sequence == 0 && stamp->flow < FIRST_FLOWS, .used = sink->burst,
	};
	return oldest->from_start;
}

static void
open_flow(struct sink_lane *sink, struct sink_flow *set, uint32_t key, const struct stamp *stamp, uint64_t *counters)
{
	struct sink_flow *oldest = set;

	for (unsigned int way = 1; way < SINK_WAYS; way++)
		if (set[way].used < oldest->used)
			oldest = &set[way];
	oldest->key = key;
	oldest->used = sink->burst;
	sequence_open(&oldest->sequence, run_is_from_start(sink, stamp) ? 0 : stamp->sequence, stamp->sequence, counters);
}

static inline struct sink_flow *
set_of(struct sink_lane *sink, const struct stamp *stamp)
{
	/* Runs of few flows do not meet: each begins somewhere else. */
	return sink->flows[(uint16_t)(stamp->flow + stamp->run * 40503u)];
}

static inline void
take_number(struct sink_lane *sink, const struct stamp *stamp, uint64_t *counters)
{
	struct sink_flow *set = set_of(sink, stamp);
	uint32_t key = (uint32_t)stamp->run << 16 | stamp->flow;

	for (unsigned int way = 0; way < SINK_WAYS; way++) {
		if (set[way].key == key && set[way].used != 0) {
			set[way].used = sink->burst;
			sequence_take(&set[way].sequence, stamp->sequence, counters);
			return;
		}
	}
	open_flow(sink, set, key, stamp, counters);
}

/* No sample when the sender's clock is another one: ahead of ours. */
static inline void
take_time(struct lcore_counters *counters, uint16_t port, uint64_t now, const struct stamp *stamp)
{
	int64_t ns = (int64_t)((now - stamp->time) << 16) >> 16;

	if (ns >= -CLOCK_SLACK_NS)
		counters_add_latency(counters, port, ns < 0 ? 0 : (uint64_t)ns);
}

/* ---- a burst ---- */

/* The frame in one piece, when it can be a pktgen's; else NULL. */
static const uint8_t *
whole_frame(struct sink_lane *sink, const struct rte_mbuf *mbuf)
{
	if (likely(mbuf->nb_segs == 1))
		return mbuf->data_len < PKTGEN_IPV4_LEAST ? NULL : rte_pktmbuf_mtod(mbuf, const uint8_t *);
	if (mbuf->pkt_len < PKTGEN_IPV4_LEAST || mbuf->pkt_len > sizeof(sink->scratch))
		return NULL;
	return rte_pktmbuf_read(mbuf, 0, mbuf->pkt_len, sink->scratch);
}

/* Whether the frame bears a stamp, and whether it is whole. */
static bool
judge(const uint8_t *frame, uint32_t length, struct stamp *stamp, bool *whole)
{
	const uint8_t *ip = frame + RTE_ETHER_HDR_LEN;
	uint16_t type = load16(frame + 12);

	if (type == TYPE_IPV4_LE && ip[0] == 0x45 && ip[9] == PROTOCOL_UDP &&
		stamp_read(frame + PKTGEN_IPV4_LEAST - STAMP_BYTES, stamp)) {
		*whole = is_whole_ipv4(frame, length, stamp);
		return true;
	}
	if (type == TYPE_IPV6_LE && length >= PKTGEN_IPV6_LEAST && ip[6] == PROTOCOL_UDP &&
		stamp_read(frame + PKTGEN_IPV6_LEAST - STAMP_BYTES, stamp)) {
		*whole = is_whole_ipv6(frame, length, stamp);
		return true;
	}
	return false;
}

void
forward_sink(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n)
{
	struct sink_lane *sink = plan->state->sink->lanes[lcore->lanes[plan->port]];
	uint64_t *counters = lcore_counters_of(lcore, plan->port), now = utc_clock_ns(&sink->clock, rte_rdtsc());
	uint64_t stamped = 0, corrupt = 0, bytes = 0;

	/* Never 0, which says free; at one burst a microsecond it comes round in an hour, and then only ages are wrong. */
	sink->burst += sink->burst == UINT32_MAX ? 2 : 1;
	for (unsigned int i = 0; i < n; i++)
		rte_prefetch0(rte_pktmbuf_mtod(pkts[i], void *));
	for (unsigned int i = 0; i < n; i++) {
		const uint8_t *frame = whole_frame(sink, pkts[i]);
		struct stamp stamp;
		bool whole;

		bytes += pkts[i]->pkt_len;
		if (frame == NULL || !judge(frame, pkts[i]->pkt_len, &stamp, &whole))
			continue;
		stamped++;
		if (unlikely(!whole)) {
			corrupt++;
			continue;
		}
		take_number(sink, &stamp, counters);
		take_time(&lcore->counters, plan->port, now, &stamp);
	}
	counters[WDPDK_PORT_COUNTER_SUNK_PACKETS] += n;
	counters[WDPDK_PORT_COUNTER_SUNK_BYTES] += bytes;
	if (stamped > 0) {
		counters[WDPDK_PORT_COUNTER_SINK_STAMPED] += stamped;
		counters[WDPDK_PORT_COUNTER_SINK_CORRUPT] += corrupt;
		lcore->counters.sank |= UINT32_C(1) << plan->port;
	}
	rte_pktmbuf_free_bulk(pkts, n);
}
