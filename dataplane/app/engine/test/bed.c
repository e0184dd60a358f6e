/* SPDX-License-Identifier: BSD-3-Clause */
#include "bed.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_lcore.h>

#define LIVE UINT64_C(0x6c69766520717565)

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("    %s\n", what);
	fflush(stdout);
	abort();
}

/* Touched by one lcore alone, until detach has come back: without grace, or with a lane for two, this is what breaks. */
static void
check_lane(struct client_queue *lane)
{
	must(lane->life == LIVE, "an lcore used a queue after it was detached");
	if (lane->user == 0)
		lane->user = rte_lcore_id() + 1;
	must(lane->user == rte_lcore_id() + 1, "two lcores used one lane");
}

static void
add(uint64_t *counter, uint64_t n)
{
	__atomic_fetch_add(counter, n, __ATOMIC_RELAXED);
}

bool
client_queue_wants(struct client_queue *lane)
{
	check_lane(lane);
	return !__atomic_load_n(&lane->first->silent, __ATOMIC_RELAXED);
}

unsigned int
client_queue_deliver(struct client_queue *lane, struct rte_mbuf *const *pkts, const struct frame_key *const *keys,
	unsigned int n, const struct delivery_info *info, uint8_t *verdicts)
{
	struct client_queue *queue = lane->first;
	unsigned int delivered = RTE_MIN(n, queue->per_burst);

	check_lane(lane);
	for (unsigned int i = 0; i < n; i++) {
		verdicts[i] = i < delivered ? DELIVERED : i % 2 == 0 ? DELIVERY_RX_FULL : DELIVERY_NO_SLOT;
		if (queue->seen != NULL)
			queue->seen(queue, lane, pkts[i], keys[i]);
	}
	add(&queue->frames, delivered);
	__atomic_store_n(&queue->last_meta, info->meta, __ATOMIC_RELAXED);
	return delivered;
}

void
client_wakes_add(struct client_wakes *wakes, struct client_queue *lane)
{
	check_lane(lane);
	if (!lane->wake_owed)
		wakes->queues[wakes->count++] = lane;
	lane->wake_owed = true;
}

void
client_wakes_ring(struct client_wakes *wakes)
{
	for (unsigned int i = 0; i < wakes->count; i++) {
		check_lane(wakes->queues[i]);
		wakes->queues[i]->wake_owed = false;
	}
	wakes->count = 0;
}

/* IPv4 and UDP between 10.0.0.1 port 9 and 172.x.x.x port 9, where x.x.x is the flow. */
static void
write_frame(struct rte_mbuf *mbuf, uint32_t bytes, uint32_t flow, bool back)
{
	static const uint8_t head[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0, 0 };
	uint8_t *frame = (uint8_t *)rte_pktmbuf_append(mbuf, (uint16_t)bytes);
	const uint8_t one[] = { 10, 0, 0, 1 }, other[] = { 172, (uint8_t)(flow >> 16), (uint8_t)(flow >> 8), (uint8_t)flow };

	memset(frame, 0, bytes);
	memcpy(frame, head, sizeof(head));
	memcpy(frame + 26, back ? other : one, 4);
	memcpy(frame + 30, back ? one : other, 4);
	frame[35] = 9;
	frame[37] = 9;
	frame[39] = 26;
}

uint32_t
flow_of(const struct frame_key *key)
{
	return (key->src4 > key->dst4 ? key->src4 : key->dst4) & 0xffffff;
}

unsigned int
client_queue_drain(struct client_queue *lane, struct rte_mempool *pool, struct rte_mbuf **pkts, unsigned int max)
{
	unsigned int n = RTE_MIN(max, lane->to_inject);

	check_lane(lane);
	if (n == 0 || rte_pktmbuf_alloc_bulk(pool, pkts, n) != 0)
		return 0;
	for (unsigned int i = 0; i < n; i++) {
		uint32_t number = --lane->to_inject, flows = lane->flows == 0 ? UINT32_MAX : lane->flows;

		write_frame(pkts[i], lane->inject_bytes, number % flows, number / flows % 2 == 1);
	}
	return n;
}

void
client_queue_drained(struct client_queue *lane, unsigned int sent)
{
	check_lane(lane);
	add(&lane->first->sent, sent);
}

/* ---- asking the builder and waiting for its answer ---- */

static int answered;
struct builder_result answer;

void
bed_answered(void *context, struct builder_result *result)
{
	(void)context;
	answer = *result;
	__atomic_store_n(&answered, 1, __ATOMIC_RELEASE);
}

void
bed_wait(void)
{
	while (!__atomic_exchange_n(&answered, 0, __ATOMIC_ACQUIRE))
		rte_delay_us_sleep(50);
}

void
bed_config(struct forwarding_config *config, enum port_mode mode, uint8_t mac)
{
	*config = (struct forwarding_config){ .ports = { { .mode = mode, .to = 1 }, { .mode = mode } }, .route_count = 1 };
	config->routes = calloc(1, sizeof(config->routes[0]));
	config->routes[0].next_hop.addr_bytes[0] = mac;
	config->routes[0].via = 1;
}

void
use_mode(enum port_mode mode, uint8_t mac, uint64_t if_generation)
{
	struct forwarding_config config;

	bed_config(&config, mode, mac);
	builder_set_forwarding(&config, &(struct builder_change){ .if_generation = if_generation }, bed_answered, NULL);
	bed_wait();
}

struct client_queue *
new_queue(uint32_t per_burst)
{
	struct client_queue *queue = calloc(1, sizeof(*queue));

	queue->life = LIVE;
	queue->first = queue;
	queue->per_burst = per_burst;
	queue->inject_bytes = 60;
	return queue;
}

void
attach_as(struct client_queue *queue, struct attachment *attachment)
{
	queue->id = attachment->queue_id;
	attachment->lane_count = (uint16_t)builder_lanes(attachment->at_tx ? PORT_ANY : attachment->port, attachment->receives);
	attachment->lanes[0] = queue;
	for (unsigned int i = 1; i < attachment->lane_count; i++) {
		struct client_queue *lane = calloc(1, sizeof(*lane));

		lane->life = LIVE;
		lane->first = queue;
		attachment->lanes[i] = queue->others[i] = lane;
	}
	builder_attach(attachment, bed_answered, NULL);
	bed_wait();
}

void
attach(struct client_queue *queue, uint32_t id, uint16_t port, bool redirects, int32_t priority)
{
	struct attachment attachment = { .queue_id = id, .port = port,
		.receives = queue->per_burst > 0, .transmits = queue->per_burst == 0, .redirects = redirects, .priority = priority };

	attach_as(queue, &attachment);
}

void
discard(struct client_queue *queue)
{
	for (unsigned int i = 1; i < WDPDK_LIMIT_LANES; i++) {
		if (queue->others[i] != NULL)
			queue->others[i]->life = 0;
		free(queue->others[i]);
	}
	queue->life = 0;
	queue->frames = 0;
	queue->sent = 0;
	free(queue);
}

void
detach(struct client_queue *queue)
{
	builder_detach(queue->id, bed_answered, NULL);
	bed_wait();
	must(answer.code == NULL, "a queue could not be detached");
	/* Every lcore has left it, and before that has seen to who sleeps on what it delivered. */
	must(!queue->wake_owed, "a client that may sleep was forgotten");
	for (unsigned int i = 1; i < WDPDK_LIMIT_LANES; i++)
		must(queue->others[i] == NULL || !queue->others[i]->wake_owed, "a client that may sleep was forgotten");
	discard(queue);
}

void
wait_for_total(const uint64_t *counter, uint64_t total)
{
	uint64_t until = rte_rdtsc() + 20 * rte_get_tsc_hz();

	while (__atomic_load_n(counter, __ATOMIC_RELAXED) < total) {
		must(rte_rdtsc() < until, "frames did not come within 20 s");
		rte_delay_us_sleep(20);
	}
}

void
wait_for_frames(const uint64_t *counter, uint64_t more)
{
	wait_for_total(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + more);
}

uint32_t
meta_of(const struct client_queue *queue)
{
	return __atomic_load_n(&queue->last_meta, __ATOMIC_RELAXED);
}

void
port_counters(uint16_t port, uint64_t out[PORT_COUNTERS])
{
	static struct lcore_counters block;

	memset(out, 0, PORT_COUNTERS * sizeof(out[0]));
	for (unsigned int i = 0; i < counters_lcores(); i++) {
		counters_read(counters_block(i), &block);
		for (unsigned int counter = 0; counter < PORT_COUNTERS; counter++)
			out[counter] += block.ports[port][counter];
	}
}

const uint64_t *
frames_received(void)
{
	return (const uint64_t *)(const void *)(counters_block(0) + WDPDK_LCORE_BLOCK_PORTS);
}

/* Of the two ports, as one lcore or all of them counted them. */
static bool
adds_up(uint64_t of_port[2][PORT_COUNTERS])
{
	uint64_t sent = 0, forwarded = 0;

	for (unsigned int port = 0; port < 2; port++) {
		const uint64_t *c = of_port[port];
		uint64_t came = c[WDPDK_PORT_COUNTER_RX_PACKETS] + c[WDPDK_PORT_COUNTER_INJECTED_PACKETS];
		uint64_t went = c[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] + c[WDPDK_PORT_COUNTER_REDIRECTED_PACKETS];

		for (unsigned int cause = 0; cause < WDPDK_DROP_COUNT; cause++)
			went += c[PORT_COUNTER_DROP(cause)];
		if (went != came || c[WDPDK_PORT_COUNTER_MIRROR_ATTEMPTS] != c[WDPDK_PORT_COUNTER_MIRROR_DELIVERED] +
			c[PORT_COUNTER_MIRROR_DROP(0)] + c[PORT_COUNTER_MIRROR_DROP(1)])
			return false;
		sent += c[WDPDK_PORT_COUNTER_TX_PACKETS];
		forwarded += c[WDPDK_PORT_COUNTER_FORWARDED_PACKETS];
	}
	return sent == forwarded;
}

bool
is_balanced(void)
{
	for (unsigned int i = 0; i < counters_lcores(); i++) {
		static struct lcore_counters block;

		counters_read(counters_block(i), &block);
		if (!adds_up(block.ports))
			return false;
	}
	return true;
}

bool
is_balanced_at_rest(void)
{
	uint64_t sums[2][PORT_COUNTERS];

	port_counters(0, sums[0]);
	port_counters(1, sums[1]);
	return adds_up(sums);
}

/* ---- life ---- */

static void *
run_cases(void *cases)
{
	(*(void (**)(void))cases)();
	lcores_stop();
	return NULL;
}

static bool
run(char *lcore_list, char *first, char *second, unsigned int rxq, bool adaptive, void (*cases)(void))
{
	char *eal[] = { "test", "--lcores", lcore_list, "--no-huge", "-m", "64", "--no-pci", "--vdev", first, "--vdev", second, NULL };
	struct forwarding_config config = { .ports = { { .mode = PORT_MODE_IO, .to = 1 }, { .mode = PORT_MODE_IO } } };
	pthread_t thread;
	uint32_t mask;

	if (rte_eal_init(11, eal) < 0 || ports_find(&mask) != 0)
		return false;
	lcores_assign(mask, rxq, adaptive);
	if (ports_start(lcore_count) != 0 || lcores_prepare() != 0 || !counters_prepare(lcore_count) || builder_start(&config, false) != 0)
		return false;
	if (pthread_create(&thread, NULL, run_cases, &cases) != 0)
		return false;
	lcores_run();
	pthread_join(thread, NULL);
	builder_stop();
	lcores_free();
	ports_stop();
	return true;
}

bool
bed_run(int argc, char **argv, void (*cases)(void))
{
	bool two = argc > 1 && strcmp(argv[1], "two") == 0, adaptive = argc > 1 && strcmp(argv[1], "adaptive") == 0;

	return run(two ? "0@0,1@0" : "0@0", "net_null0,copy=0", "net_null1", 1, adaptive, cases);
}

bool
bed_run_ports(char *first, char *second, unsigned int rxq, void (*cases)(void))
{
	return run("0@0,1@0", first, second, rxq, false, cases);
}
