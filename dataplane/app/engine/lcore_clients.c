/* SPDX-License-Identifier: BSD-3-Clause */
#include "lcore.h"

#include <rte_cycles.h>

/* Some frames of a burst, and what is known of them. */
struct shown {
	uint16_t at, in;		/* the port at which they are shown, and the one they came in by */
	unsigned int n;
	struct rte_mbuf *pkts[LCORE_BURST];
	const struct frame_key *keys[LCORE_BURST];
};

static unsigned int
deliver(struct lcore *lcore, const struct attached_queue *queue, const struct shown *shown, const struct delivery_info *info,
	uint8_t *verdicts)
{
	struct client_queue *lane = queue->at_lcore[lcore->index];
	unsigned int delivered = client_queue_deliver(lane, shown->pkts, shown->keys, shown->n, info, verdicts);

	if (likely(delivered > 0))
		client_wakes_add(&lcore->wakes, lane);
	return delivered;
}

static void
mirror(struct lcore *lcore, const struct attached_queue *queue, const struct shown *shown, const struct delivery_info *info)
{
	uint64_t *counters = lcore_counters_of(lcore, shown->at);
	uint8_t verdicts[LCORE_BURST];
	unsigned int delivered = deliver(lcore, queue, shown, info, verdicts);

	counters[WDPDK_PORT_COUNTER_MIRROR_ATTEMPTS] += shown->n;
	counters[WDPDK_PORT_COUNTER_MIRROR_DELIVERED] += delivered;
	for (unsigned int i = 0; delivered < shown->n && i < shown->n; i++)
		if (verdicts[i] != DELIVERED)
			counters[PORT_COUNTER_MIRROR_DROP(verdicts[i] == DELIVERY_RX_FULL ? WDPDK_MIRROR_DROP_RX_FULL :
				WDPDK_MIRROR_DROP_NO_SLOT)]++;
}

/* The redirected frames are gone afterwards, delivered or not. */
static void
redirect(struct lcore *lcore, const struct attached_queue *queue, struct shown *shown, const struct delivery_info *info)
{
	uint64_t *counters = lcore_counters_of(lcore, shown->in);
	uint8_t verdicts[LCORE_BURST];

	deliver(lcore, queue, shown, info, verdicts);
	for (unsigned int i = 0; i < shown->n; i++) {
		if (verdicts[i] == DELIVERED) {
			counters[WDPDK_PORT_COUNTER_REDIRECTED_PACKETS]++;
			counters[WDPDK_PORT_COUNTER_REDIRECTED_BYTES] += shown->pkts[i]->pkt_len;
		} else {
			counters[PORT_COUNTER_DROP(verdicts[i] == DELIVERY_RX_FULL ? WDPDK_DROP_REDIRECT_RX_FULL :
				WDPDK_DROP_REDIRECT_NO_SLOT)]++;
		}
	}
	rte_pktmbuf_free_bulk(shown->pkts, shown->n);
}

static void
choose(struct rte_mbuf *const *pkts, const struct frame_key *keys, uint32_t frames, struct shown *shown)
{
	shown->n = 0;
	for (; frames != 0; frames &= frames - 1) {
		unsigned int i = (unsigned int)__builtin_ctz(frames);

		shown->pkts[shown->n] = pkts[i];
		shown->keys[shown->n++] = &keys[i];
	}
}

/* The member that has a frame's flow. */
static unsigned int
member_of(const struct fanout_plan *fanout, const struct rte_mbuf *mbuf, const struct frame_key *key)
{
	uint32_t hash = fanout->by_rss && (mbuf->ol_flags & RTE_MBUF_F_RX_RSS_HASH) != 0 ? mbuf->hash.rss : frame_flow_hash(mbuf, key);

	return fanout->owners[hash & fanout->mask];
}

/* To the receiver's queue, or to each member that has some of the frames, in one delivery each. Returns those frames that were for a
 * client that has begun to receive. */
static uint32_t
give_to(struct lcore *lcore, const struct receiver *receiver, struct rte_mbuf *const *pkts, const struct frame_key *keys, uint32_t frames,
	struct shown *shown, const struct delivery_info *info, bool redirects)
{
	uint16_t members[LCORE_BURST];
	uint32_t given = 0;

	if (receiver->queue == NULL)
		for (uint32_t left = frames; left != 0; left &= left - 1) {
			unsigned int i = (unsigned int)__builtin_ctz(left);

			members[i] = (uint16_t)member_of(receiver->fanout, pkts[i], &keys[i]);
		}
	while (frames != 0) {
		const struct attached_queue *queue = receiver->queue;
		uint32_t of_queue = frames;

		if (queue == NULL) {
			unsigned int member = members[__builtin_ctz(frames)];

			queue = receiver->fanout->members[member];
			for (uint32_t left = frames; left != 0; left &= left - 1)
				if (members[__builtin_ctz(left)] != member)
					of_queue &= ~(left & -left);
		}
		frames &= ~of_queue;
		if (unlikely(!client_queue_wants(queue->at_lcore[lcore->index])))
			continue;
		given |= of_queue;
		choose(pkts, keys, of_queue, shown);
		if (redirects)
			redirect(lcore, queue, shown, info);
		else
			mirror(lcore, queue, shown, info);
	}
	return given;
}

unsigned int
lcore_show_clients(struct lcore *lcore, const struct port_clients *clients, uint16_t at, uint16_t in,
	struct rte_mbuf **pkts, unsigned int n)
{
	struct delivery_info info = { .port = at };
	uint32_t frames_of[WDPDK_LIMIT_QUEUES];		/* bit per frame; valid where `wanted` has the rule's bit */
	uint32_t left = n == LCORE_BURST ? UINT32_MAX : (UINT32_C(1) << n) - 1;
	struct shown shown = { .at = at, .in = in };
	struct rule_set wanted = { { 0 } };
	struct frame_key keys[LCORE_BURST];
	unsigned int words = (clients->receivers + 63u) / 64;

	for (unsigned int i = 0; i < n; i++) {
		struct rule_set rules;

		frame_key_from_mbuf(pkts[i], &keys[i]);
		classifier_lookup(clients->classifier, &keys[i], &rules);
		for (unsigned int word = 0; word < words; word++) {
			for (uint64_t bits = rules.words[word]; bits != 0; bits &= bits - 1) {
				unsigned int rule = word * 64 + (unsigned int)__builtin_ctzll(bits);
				uint64_t bit = bits & -bits;

				frames_of[rule] = (wanted.words[word] & bit ? frames_of[rule] : 0) | UINT32_C(1) << i;
				wanted.words[word] |= bit;
			}
		}
	}
	for (unsigned int word = 0; word < words; word++) {
		for (uint64_t bits = wanted.words[word]; bits != 0; bits &= bits - 1) {
			unsigned int rule = word * 64 + (unsigned int)__builtin_ctzll(bits);
			bool redirects = rule >= clients->first_redirect;
			uint32_t given;

			if (info.now_ns == 0)
				info.now_ns = utc_clock_ns(&lcore->clock, rte_rdtsc());
			info.meta = rule;
			/* Redirects come last, the best first: a frame that one took is not left for the next. */
			given = give_to(lcore, &clients->receiving[rule], pkts, keys, redirects ? frames_of[rule] & left : frames_of[rule], &shown,
				&info, redirects);
			if (redirects)
				left &= ~given;
		}
	}
	return gather(pkts, left, pkts);
}

unsigned int
lcore_drain_clients(struct lcore *lcore)
{
	unsigned int total = 0;

	for (unsigned int i = 0; i < lcore->drain_count; i++) {
		const struct client_drain *drain = &lcore->drains[i];
		struct rte_mbuf *pkts[LCORE_BURST];
		unsigned int n = client_queue_drain(drain->queue, ports_pool, pkts, LCORE_BURST);
		uint64_t bytes = 0, *counters;

		if (n == 0)
			continue;
		for (unsigned int k = 0; k < n; k++)
			bytes += pkts[k]->pkt_len;
		counters = lcore_counters_of(lcore, drain->port);
		counters[WDPDK_PORT_COUNTER_INJECTED_PACKETS] += n;
		counters[WDPDK_PORT_COUNTER_INJECTED_BYTES] += bytes;
		client_queue_drained(drain->queue, lcore_send(lcore, drain->port, drain->port, pkts, n));
		total += n;
	}
	return total;
}
