/* SPDX-License-Identifier: BSD-3-Clause */
#include "lcore.h"

#include <rte_cycles.h>

#include "engine_os.h"

/* ns UTC. The system's clock is read once a millisecond at most; in between the TSC counts on. */
static uint64_t
clock_ns(struct lcore *lcore)
{
	uint64_t tsc = rte_rdtsc(), hz = rte_get_tsc_hz();

	if (tsc >= lcore->clock_next) {
		lcore->clock_ns = engine_os_utc_ns();
		lcore->clock_tsc = tsc;
		lcore->clock_next = tsc + hz / 1000;
	}
	return lcore->clock_ns + (tsc - lcore->clock_tsc) * 1000 / (hz / 1000000);
}

static unsigned int
deliver(struct attached_queue *queue, struct rte_mbuf *const *pkts, const struct frame_key *const *keys,
	unsigned int n, const struct delivery_info *info, uint8_t *verdicts)
{
	unsigned int delivered;

	if (unlikely(queue->shared))
		rte_spinlock_lock(&queue->lock);
	delivered = client_queue_deliver(queue->attachment.lanes[0], pkts, keys, n, info, verdicts);
	if (unlikely(queue->shared))
		rte_spinlock_unlock(&queue->lock);
	return delivered;
}

static void
mirror(uint64_t *counters, struct attached_queue *queue, struct rte_mbuf *const *pkts, const struct frame_key *const *keys,
	unsigned int n, const struct delivery_info *info)
{
	uint8_t verdicts[LCORE_BURST];
	unsigned int delivered = deliver(queue, pkts, keys, n, info, verdicts);

	counters[WDPDK_PORT_COUNTER_MIRROR_ATTEMPTS] += n;
	counters[WDPDK_PORT_COUNTER_MIRROR_DELIVERED] += delivered;
	for (unsigned int i = 0; delivered < n && i < n; i++)
		if (verdicts[i] != DELIVERED)
			counters[PORT_COUNTER_MIRROR_DROP(verdicts[i] == DELIVERY_RX_FULL ? WDPDK_MIRROR_DROP_RX_FULL :
				WDPDK_MIRROR_DROP_NO_SLOT)]++;
}

/* The redirected frames are gone afterwards, delivered or not. */
static void
redirect(struct lcore *lcore, uint16_t port, struct attached_queue *queue, struct rte_mbuf **pkts,
	const struct frame_key *const *keys, unsigned int n, const struct delivery_info *info)
{
	uint64_t *counters = lcore_counters_of(lcore, port);
	uint8_t verdicts[LCORE_BURST];

	deliver(queue, pkts, keys, n, info, verdicts);
	for (unsigned int i = 0; i < n; i++) {
		if (verdicts[i] == DELIVERED) {
			counters[WDPDK_PORT_COUNTER_REDIRECTED_PACKETS]++;
			counters[WDPDK_PORT_COUNTER_REDIRECTED_BYTES] += pkts[i]->pkt_len;
		} else {
			counters[PORT_COUNTER_DROP(verdicts[i] == DELIVERY_RX_FULL ? WDPDK_DROP_REDIRECT_RX_FULL :
				WDPDK_DROP_REDIRECT_NO_SLOT)]++;
		}
	}
	rte_pktmbuf_free_bulk(pkts, n);
}

static unsigned int
gather(struct rte_mbuf *const *pkts, uint32_t frames, struct rte_mbuf **out)
{
	unsigned int n = 0;

	for (; frames != 0; frames &= frames - 1)
		out[n++] = pkts[__builtin_ctz(frames)];
	return n;
}

static unsigned int
gather_keyed(struct rte_mbuf *const *pkts, const struct frame_key *keys, uint32_t frames, struct rte_mbuf **out,
	const struct frame_key **out_keys)
{
	unsigned int n = 0;

	for (; frames != 0; frames &= frames - 1) {
		out[n] = pkts[__builtin_ctz(frames)];
		out_keys[n++] = &keys[__builtin_ctz(frames)];
	}
	return n;
}

unsigned int
lcore_show_clients(struct lcore *lcore, const struct port_plan *plan, struct rte_mbuf **pkts, unsigned int n)
{
	const struct port_clients *clients = plan->clients;
	struct delivery_info info = { .port = plan->port };
	uint32_t frames_of[WDPDK_LIMIT_QUEUES];		/* bit per frame; valid where `wanted` has the rule's bit */
	uint32_t left = n == LCORE_BURST ? UINT32_MAX : (UINT32_C(1) << n) - 1;
	struct rule_set wanted = { { 0 } };
	struct rte_mbuf *chosen[LCORE_BURST];
	struct frame_key keys[LCORE_BURST];
	const struct frame_key *chosen_keys[LCORE_BURST];
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
			struct attached_queue *queue = clients->receiving[rule];
			unsigned int count;

			if (info.now_ns == 0)
				info.now_ns = clock_ns(lcore);
			info.meta = rule;
			/* Redirects come last, the best first: a frame that one took is not left for the next. */
			if (rule < clients->first_redirect) {
				count = gather_keyed(pkts, keys, frames_of[rule], chosen, chosen_keys);
				mirror(lcore_counters_of(lcore, plan->port), queue, chosen, chosen_keys, count, &info);
			} else if ((frames_of[rule] & left) != 0) {
				count = gather_keyed(pkts, keys, frames_of[rule] & left, chosen, chosen_keys);
				left &= ~frames_of[rule];
				redirect(lcore, plan->port, queue, chosen, chosen_keys, count, &info);
			}
		}
	}
	return gather(pkts, left, pkts);
}

unsigned int
lcore_drain_clients(struct lcore *lcore, const struct port_plan *plan)
{
	const struct port_clients *clients = plan->clients;
	unsigned int total = 0;

	for (unsigned int i = 0; i < clients->transmitters; i++) {
		struct client_queue *queue = clients->transmitting[i]->attachment.lanes[0];
		struct rte_mbuf *pkts[LCORE_BURST];
		unsigned int n = client_queue_drain(queue, ports_pool, pkts, LCORE_BURST);
		uint64_t bytes = 0, *counters;

		if (n == 0)
			continue;
		for (unsigned int k = 0; k < n; k++)
			bytes += pkts[k]->pkt_len;
		counters = lcore_counters_of(lcore, plan->port);
		counters[WDPDK_PORT_COUNTER_INJECTED_PACKETS] += n;
		counters[WDPDK_PORT_COUNTER_INJECTED_BYTES] += bytes;
		client_queue_drained(queue, lcore_send(lcore, plan->port, plan->port, pkts, n));
		total += n;
	}
	return total;
}
