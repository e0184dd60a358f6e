/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A port that sends by itself. Flows take turns: frame k is of flow k modulo their number and has sequence k divided by it, so nothing
 * needs to be kept per flow. With an IMIX each flow goes through all sizes, too.
 *
 * A frame that the port did not take counts under tx_full, and its number is used again: what a sink misses was lost on the way.
 * After that the generator makes fewer frames at a time and waits a little longer, so that a full port is asked and not flooded.
 */
#include <stdlib.h>

#include <rte_mempool.h>
#include <rte_random.h>
#include <rte_vect.h>

#include "lcore.h"
#include "pace.h"
#include "pktgen_frame.h"
#include "state.h"

/* A burst's frames are written, sent and, where the port is done with them at once, written again: they should stay in the first cache. */
#define BURST_BYTES 16384u
/* How long a generator leaves a full port alone. */
#define WAIT_LEAST_US 1u
#define WAIT_MOST_US 1000u

/* Which frame is next. */
struct place {
	uint32_t flow, sequence;
	uint16_t id;
	uint8_t imix, imix_of_round;	/* place of the frame, and of this round's first */
};

struct pktgen {
	bool started, finished, ipv6;
	bool long_frames;		/* some do not fit one buffer */
	enum pktgen_rate rate;
	uint16_t port, run;

	/* Where it is. */
	uint64_t left;			/* frames still to send; UINT64_MAX: no limit */
	uint64_t deadline;		/* TSC */
	struct place at;
	uint8_t sizes;			/* 1, or 3 of the IMIX */

	/* How fast. */
	uint8_t burst, most;		/* frames at a time: now, and while the port takes all */
	uint16_t wait_us;
	uint64_t wait_until;		/* TSC */
	struct pace pace;
	struct utc_clock clock;

	/* What flows differ in: address i is base | (i & mask). */
	uint32_t flows;
	uint16_t src_base, src_mask, dst_base, dst_mask, src_port;

	uint32_t costs[3];		/* of a frame of each size, in units of the pace */
	__m128i rearm;			/* of a fresh mbuf: data_off to port, then no offload flags */
	struct frame_template frames[3];

	struct pktgen_config config;
};

/* ---- making (builder thread) ---- */

static uint16_t
low_word(const uint8_t *address, bool ipv6)
{
	unsigned int at = ipv6 ? 14 : 2;

	return (uint16_t)(address[at] << 8 | address[at + 1]);
}

static uint16_t
host_mask(unsigned int depth, bool ipv6)
{
	unsigned int bits = (ipv6 ? 128 : 32) - depth;

	return (uint16_t)(bits >= 16 ? 0xffff : (1u << bits) - 1);
}

static uint16_t
next_run(void)
{
	static uint32_t last;		/* builder thread, or main before it */

	last = last == 0 ? (uint32_t)rte_rand() | 0x10000 : last + 1;
	return (uint16_t)last;
}

static void
prepare_frames(struct pktgen *gen, const struct pktgen_config *config)
{
	uint32_t longest = 0;

	gen->sizes = config->size == 0 ? 3 : 1;
	for (unsigned int i = 0; i < gen->sizes; i++) {
		uint16_t length = frame_length(config->ipv6, config->size == 0 ? frame_imix_sizes[i] : config->size);

		frame_prepare(&gen->frames[i], config, &ports[gen->port].mac, length, gen->run);
		gen->costs[i] = config->rate == PKTGEN_RATE_BPS ? (length + PKTGEN_FCS + PKTGEN_WIRE_EXTRA) * 8 : 1;
		longest = RTE_MAX(longest, length);
		gen->long_frames |= length > rte_pktmbuf_data_room_size(ports_pool) - RTE_PKTMBUF_HEADROOM;
	}
	gen->most = LCORE_BURST;
	if (gen->sizes == 1 && longest * LCORE_BURST > BURST_BYTES)
		gen->most = (uint8_t)RTE_MAX(BURST_BYTES / longest, 4u);
	gen->burst = gen->most;
}

static void
prepare_mbufs(struct pktgen *gen)
{
	struct rte_mbuf mbuf;

	memset(&mbuf, 0, sizeof(mbuf));
	mbuf.data_off = RTE_PKTMBUF_HEADROOM;
	rte_mbuf_refcnt_set(&mbuf, 1);
	mbuf.nb_segs = 1;
	mbuf.port = gen->port;
	gen->rearm = _mm_loadu_si128((const __m128i *)(const void *)mbuf.rearm_data);
}

struct pktgen *
pktgen_create(uint16_t port, const struct pktgen_config *config)
{
	struct pktgen *gen = calloc(1, sizeof(*gen));

	if (gen == NULL)
		return NULL;
	gen->port = port;
	gen->run = next_run();
	gen->ipv6 = config->ipv6;
	gen->rate = config->rate;
	gen->left = config->count == 0 ? UINT64_MAX : config->count;
	gen->wait_us = WAIT_LEAST_US;
	gen->flows = config->flows;
	gen->src_mask = host_mask(config->src_depth, config->ipv6);
	gen->dst_mask = host_mask(config->dst_depth, config->ipv6);
	gen->src_base = low_word(config->src, config->ipv6) & (uint16_t)~gen->src_mask;
	gen->dst_base = low_word(config->dst, config->ipv6) & (uint16_t)~gen->dst_mask;
	gen->src_port = config->src_port;
	gen->config = *config;
	prepare_frames(gen, config);
	prepare_mbufs(gen);
	return gen;
}

bool
pktgen_config_equal(const struct pktgen_config *a, const struct pktgen_config *b)
{
	return a->flows == b->flows && a->size == b->size && a->ipv6 == b->ipv6 && a->rate == b->rate &&
		a->rate_value == b->rate_value && a->count == b->count && a->milliseconds == b->milliseconds &&
		memcmp(a->src, b->src, sizeof(a->src)) == 0 && memcmp(a->dst, b->dst, sizeof(a->dst)) == 0 &&
		a->src_depth == b->src_depth && a->dst_depth == b->dst_depth && a->src_port == b->src_port &&
		a->dst_port == b->dst_port && rte_is_same_ether_addr(&a->dst_mac, &b->dst_mac);
}

/* ---- places ---- */

static __rte_always_inline unsigned int
size_at(const struct pktgen *gen, const struct place *at)
{
	return gen->sizes == 1 ? 0 : frame_imix[at->imix];
}

static __rte_always_inline void
go_on(const struct pktgen *gen, struct place *at)
{
	at->id++;
	if (++at->imix == PKTGEN_IMIX)
		at->imix = 0;
	if (++at->flow == gen->flows) {
		at->flow = 0;
		at->sequence++;
		if (++at->imix_of_round == PKTGEN_IMIX)
			at->imix_of_round = 0;
		at->imix = at->imix_of_round;
	}
}

static void
go_back(const struct pktgen *gen, struct place *at)
{
	at->id--;
	if (at->flow-- > 0) {
		at->imix = (uint8_t)(at->imix == 0 ? PKTGEN_IMIX - 1 : at->imix - 1u);
		return;
	}
	at->flow = gen->flows - 1;
	at->sequence--;
	at->imix_of_round = (uint8_t)(at->imix_of_round == 0 ? PKTGEN_IMIX - 1 : at->imix_of_round - 1u);
	at->imix = (uint8_t)((at->imix_of_round + at->flow) % PKTGEN_IMIX);
}

/* ---- filling ---- */

static __rte_always_inline void
mark_flow(const struct pktgen *gen, const struct place *at, struct frame_marks *marks)
{
	uint32_t port = gen->src_port + at->flow;

	/* Beyond 65535 they go on at 1. */
	port -= port > UINT16_MAX ? UINT16_MAX : 0;
	marks->src = __builtin_bswap16((uint16_t)(gen->src_base | (at->flow & gen->src_mask)));
	marks->dst = __builtin_bswap16((uint16_t)(gen->dst_base | (at->flow & gen->dst_mask)));
	marks->src_port = __builtin_bswap16((uint16_t)port);
	marks->id = at->id;
	marks->stamp.flow = (uint16_t)at->flow;
	marks->stamp.sequence = at->sequence;
}

static __rte_always_inline void
write_frame(uint8_t *to, const struct frame_template *frame, const struct frame_marks *marks, bool ipv6, bool shortest)
{
	if (ipv6)
		frame_write_ipv6(to, frame, marks);
	else
		frame_write_ipv4(to, frame, marks);
	if (!shortest)
		frame_write_pattern(to + (ipv6 ? PKTGEN_IPV6_LEAST : PKTGEN_IPV4_LEAST), frame, &marks->stamp);
}

/* A pool's mbufs have reference count one, one segment and no next; their second cache line is not touched. */
static __rte_always_inline uint64_t
fill_burst(struct pktgen *gen, struct rte_mbuf **pkts, unsigned int n, struct frame_marks *marks, bool ipv6, bool shortest)
{
	struct place at = gen->at;
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < n; i++) {
		const struct frame_template *frame = &gen->frames[shortest ? 0 : size_at(gen, &at)];
		struct rte_mbuf *mbuf = pkts[i];

		mark_flow(gen, &at, marks);
		_mm_storeu_si128((__m128i *)(void *)mbuf->rearm_data, gen->rearm);
		/* packet_type, pkt_len; data_len, vlan_tci, hash */
		_mm_storeu_si128((__m128i *)(void *)mbuf->rx_descriptor_fields1, _mm_set_epi32(0, frame->length, frame->length, 0));
		write_frame((uint8_t *)mbuf->buf_addr + RTE_PKTMBUF_HEADROOM, frame, marks, ipv6, shortest);
		bytes += frame->length;
		go_on(gen, &at);
	}
	gen->at = at;
	return bytes;
}

static uint64_t
fill_plain(struct pktgen *gen, struct rte_mbuf **pkts, unsigned int n, struct frame_marks *marks)
{
	if (gen->ipv6)
		return fill_burst(gen, pkts, n, marks, true, false);
	if (gen->sizes > 1 || gen->frames[0].length > PKTGEN_IPV4_LEAST)
		return fill_burst(gen, pkts, n, marks, false, false);
	return fill_burst(gen, pkts, n, marks, false, true);
}

/* Spreads a frame over as many buffers as it needs. */
static struct rte_mbuf *
chain_of(const uint8_t *frame, uint32_t length)
{
	struct rte_mbuf *head = rte_pktmbuf_alloc(ports_pool), *tail = head;

	for (uint32_t at = 0; head != NULL && at < length;) {
		uint16_t part = (uint16_t)RTE_MIN(length - at, (uint32_t)rte_pktmbuf_tailroom(tail));

		memcpy(rte_pktmbuf_mtod(tail, uint8_t *), frame + at, part);
		tail->data_len = part;
		head->pkt_len += part;
		at += part;
		if (at == length)
			break;
		tail->next = rte_pktmbuf_alloc(ports_pool);
		tail = tail->next;
		if (tail == NULL) {
			rte_pktmbuf_free(head);
			return NULL;
		}
		head->nb_segs++;
	}
	return head;
}

/* Returns how many there was memory for. */
static unsigned int
fill_chains(struct pktgen *gen, struct rte_mbuf **pkts, unsigned int n, struct frame_marks *marks, uint64_t *bytes)
{
	uint8_t scratch[PKTGEN_LONGEST];

	for (unsigned int i = 0; i < n; i++) {
		const struct frame_template *frame = &gen->frames[size_at(gen, &gen->at)];

		mark_flow(gen, &gen->at, marks);
		write_frame(scratch, frame, marks, gen->ipv6, false);
		pkts[i] = chain_of(scratch, frame->length);
		if (pkts[i] == NULL)
			return i;
		*bytes += frame->length;
		go_on(gen, &gen->at);
	}
	return n;
}

/* ---- when and how many ---- */

static void
start_now(struct pktgen *gen, uint64_t now)
{
	uint64_t hz = rte_get_tsc_hz();

	gen->started = true;
	gen->deadline = gen->config.milliseconds == 0 ? UINT64_MAX : now + hz / 1000 * gen->config.milliseconds;
	if (gen->rate != PKTGEN_RATE_MAX)
		pace_start(&gen->pace, gen->config.rate_value, hz, now);
}

/* How many of at most `most` frames the rate allows now; they are taken as sent. */
static unsigned int
frames_of_rate(struct pktgen *gen, uint64_t now, unsigned int most)
{
	struct place at = gen->at;
	unsigned int due = 0;

	if (!pace_is_due(&gen->pace, now))
		return 0;
	pace_forgive(&gen->pace, now);
	for (; due < most && pace_is_due(&gen->pace, now); due++) {
		pace_spend(&gen->pace, gen->costs[size_at(gen, &at)]);
		go_on(gen, &at);
	}
	return due;
}

/* What was due before the deadline is sent, even if the lcore comes by later. */
static unsigned int
frames_due(struct pktgen *gen, uint64_t now)
{
	unsigned int most = gen->burst, due;

	if (unlikely(!gen->started))
		start_now(gen, now);
	if (unlikely(now < gen->wait_until))
		return 0;
	if (unlikely(most > gen->left))
		most = (unsigned int)gen->left;
	if (likely(gen->rate == PKTGEN_RATE_MAX))
		due = now < gen->deadline ? most : 0;
	else
		due = frames_of_rate(gen, RTE_MIN(now, gen->deadline - 1), most);
	if (unlikely(due == 0 && (now >= gen->deadline || most == 0)))
		gen->finished = true;
	return due;
}

/* When to ask again: until then an idle lcore may sleep. */
static uint64_t
due_at(const struct pktgen *gen)
{
	uint64_t next = gen->rate == PKTGEN_RATE_MAX ? 0 : pace_next(&gen->pace);

	next = RTE_MIN(next, gen->deadline);
	return RTE_MAX(next, gen->wait_until);
}

/* The last `n` frames were not sent: they are the next again. */
static void
take_back(struct pktgen *gen, unsigned int n)
{
	for (; n > 0; n--) {
		go_back(gen, &gen->at);
		if (gen->rate != PKTGEN_RATE_MAX)
			pace_give_back(&gen->pace, gen->costs[size_at(gen, &gen->at)]);
	}
}

static void
learn_from_full_port(struct pktgen *gen, uint64_t now, unsigned int sent)
{
	gen->burst = (uint8_t)RTE_MAX(sent, 1u);
	gen->wait_until = now + rte_get_tsc_hz() / 1000000 * gen->wait_us;
	gen->wait_us = (uint16_t)(sent > 0 ? WAIT_LEAST_US : RTE_MIN(gen->wait_us * 2u, WAIT_MOST_US));
}

static void
send_burst(struct pktgen *gen, struct lcore *lcore, struct rte_mbuf **pkts, unsigned int n, uint64_t bytes, uint64_t now)
{
	uint64_t *counters = lcore_counters_of(lcore, gen->port), full = counters[PORT_COUNTER_DROP(WDPDK_DROP_TX_FULL)];
	unsigned int refused;

	counters[WDPDK_PORT_COUNTER_GENERATED_PACKETS] += n;
	counters[WDPDK_PORT_COUNTER_GENERATED_BYTES] += bytes;
	lcore_send(lcore, gen->port, gen->port, pkts, n);
	refused = (unsigned int)(counters[PORT_COUNTER_DROP(WDPDK_DROP_TX_FULL)] - full);
	if (gen->left != UINT64_MAX)
		gen->left -= n - refused;
	if (unlikely(refused > 0)) {
		take_back(gen, refused);
		learn_from_full_port(gen, now, n - refused);
	} else if (unlikely(gen->burst < gen->most)) {
		gen->burst++;
		gen->wait_us = WAIT_LEAST_US;
	}
}

unsigned int
pktgen_generate(struct lcore *lcore, const struct port_plan *plan)
{
	struct pktgen *gen = plan->state->pktgen;
	struct rte_mbuf *pkts[LCORE_BURST];
	struct frame_marks marks;
	unsigned int due, n;
	uint64_t now, bytes = 0;

	/* The port's first lcore generates; the others have their share of what comes in. */
	if (lcore->lanes[plan->port] != 0 || gen->finished)
		return 0;
	now = rte_rdtsc();
	n = due = frames_due(gen, now);
	if (due == 0) {
		if (!gen->finished)
			lcore_due(lcore, due_at(gen));
		return 0;
	}
	marks.stamp.run = gen->run;
	marks.stamp.time = utc_clock_ns(&gen->clock, now) & STAMP_TIME_MASK;
	marks.time_sum = frame_time_sum(marks.stamp.time);
	if (unlikely(gen->long_frames))
		n = fill_chains(gen, pkts, due, &marks, &bytes);
	else if (unlikely(rte_mempool_generic_get(ports_pool, (void **)pkts, due,
		rte_mempool_default_cache(ports_pool, lcore->lcore_id)) != 0))
		n = 0;
	else
		bytes = fill_plain(gen, pkts, due, &marks);
	if (unlikely(n < due)) {
		/* No memory for the rest: they stay due. */
		for (unsigned int i = n; i < due; i++)
			go_on(gen, &gen->at);
		take_back(gen, due - n);
	}
	if (n > 0)
		send_burst(gen, lcore, pkts, n, bytes, now);
	return n;
}
