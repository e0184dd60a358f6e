/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Builder and lcores together, on two net_null ports that receive without end. The client queues are the test's own: they
 * notice when an lcore touches one that was detached. Run under the thread sanitizer too.
 */
#include <pthread.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_lcore.h>

#include "builder_thread.h"
#include "lcore.h"
#include "report.h"

#include "check.h"

#define LIVE UINT64_C(0x6c69766520717565)

struct client_queue {
	uint32_t id;
	uint64_t life;			/* LIVE until detached */
	uint64_t frames;
	uint32_t per_burst;		/* takes at most this many of a burst */
	uint32_t to_inject, inject_bytes;
	uint64_t drained, sent;
	uint32_t last_meta;
};

/* Touched by an lcore alone, until detach has come back: without grace this is what breaks. */
static void
check_live(const struct client_queue *queue)
{
	if (queue->life != LIVE) {
		printf("    an lcore used a queue after it was detached\n");
		fflush(stdout);
		abort();
	}
}

unsigned int
client_queue_deliver(struct client_queue *queue, struct rte_mbuf *const *pkts, const struct frame_key *const *keys,
	unsigned int n, const struct delivery_info *info, uint8_t *verdicts)
{
	unsigned int delivered = RTE_MIN(n, queue->per_burst);

	check_live(queue);
	(void)pkts;
	(void)keys;
	for (unsigned int i = 0; i < n; i++)
		verdicts[i] = i < delivered ? DELIVERED : i % 2 == 0 ? DELIVERY_RX_FULL : DELIVERY_NO_SLOT;
	__atomic_store_n(&queue->frames, queue->frames + delivered, __ATOMIC_RELAXED);
	__atomic_store_n(&queue->last_meta, info->meta, __ATOMIC_RELAXED);
	return delivered;
}

unsigned int
client_queue_drain(struct client_queue *queue, struct rte_mempool *pool, struct rte_mbuf **pkts, unsigned int max)
{
	unsigned int n = RTE_MIN(max, queue->to_inject);

	check_live(queue);
	if (n == 0 || rte_pktmbuf_alloc_bulk(pool, pkts, n) != 0)
		return 0;
	for (unsigned int i = 0; i < n; i++)
		rte_pktmbuf_append(pkts[i], (uint16_t)queue->inject_bytes);
	queue->to_inject -= n;
	queue->drained += n;
	return n;
}

void
client_queue_drained(struct client_queue *queue, unsigned int sent)
{
	check_live(queue);
	__atomic_store_n(&queue->sent, queue->sent + sent, __ATOMIC_RELAXED);
}

/* ---- asking the builder and waiting for its answer ---- */

static int answered;
static struct builder_result answer;

static void
answer_came(void *context, struct builder_result *result)
{
	(void)context;
	answer = *result;
	__atomic_store_n(&answered, 1, __ATOMIC_RELEASE);
}

static void
wait_for_answer(void)
{
	while (!__atomic_exchange_n(&answered, 0, __ATOMIC_ACQUIRE))
		rte_delay_us_sleep(50);
}

static void
use_mode(enum port_mode mode, uint8_t mac, uint64_t if_generation)
{
	struct forwarding_config config = { .ports = { { .mode = mode, .to = 1 }, { .mode = mode } }, .route_count = 1 };

	config.routes = calloc(1, sizeof(config.routes[0]));
	config.routes[0].next_hop.addr_bytes[0] = mac;
	config.routes[0].via = 1;
	builder_set_forwarding(&config, &(struct builder_change){ .if_generation = if_generation }, answer_came, NULL);
	CHECK(config.routes == NULL);
	wait_for_answer();
}

static struct client_queue *
new_queue(uint32_t per_burst)
{
	struct client_queue *queue = calloc(1, sizeof(*queue));

	queue->life = LIVE;
	queue->per_burst = per_burst;
	queue->inject_bytes = 60;
	return queue;
}

static void
attach(struct client_queue *queue, uint32_t id, uint16_t port, bool redirects, int32_t priority)
{
	struct attachment attachment = { .lanes = { queue }, .lane_count = 1, .queue_id = id, .port = port,
		.receives = queue->per_burst > 0, .transmits = queue->per_burst == 0, .redirects = redirects, .priority = priority };

	queue->id = id;
	builder_attach(&attachment, answer_came, NULL);
	wait_for_answer();
}

/* Afterwards the queue is poison for an lcore that still knows it. */
static void
detach(struct client_queue *queue)
{
	builder_detach(queue->id, answer_came, NULL);
	wait_for_answer();
	CHECK(answer.code == NULL);
	queue->life = 0;
	queue->frames = 0;
	queue->sent = 0;
	free(queue);
}

static void
wait_for_frames(const uint64_t *counter, uint64_t more)
{
	uint64_t from = __atomic_load_n(counter, __ATOMIC_RELAXED), until = rte_rdtsc() + 20 * rte_get_tsc_hz();

	while (__atomic_load_n(counter, __ATOMIC_RELAXED) < from + more) {
		CHECK(rte_rdtsc() < until);
		rte_delay_us_sleep(20);
	}
}

static uint32_t
meta_of(const struct client_queue *queue)
{
	return __atomic_load_n(&queue->last_meta, __ATOMIC_RELAXED);
}

/* Sums of all lcores for a port. */
static void
port_counters(uint16_t port, uint64_t out[PORT_COUNTERS])
{
	struct lcore_counters block;

	memset(out, 0, PORT_COUNTERS * sizeof(out[0]));
	for (unsigned int i = 0; i < counters_lcores(); i++) {
		counters_read(counters_block(i), &block);
		for (unsigned int counter = 0; counter < PORT_COUNTERS; counter++)
			out[counter] += block.ports[port][counter];
	}
}

/* Each block balances at any time, not only at rest. */
static void
check_balance(void)
{
	struct lcore_counters block;

	for (unsigned int i = 0; i < counters_lcores(); i++) {
		uint64_t sent = 0, forwarded = 0;

		counters_read(counters_block(i), &block);
		for (unsigned int port = 0; port < 2; port++) {
			const uint64_t *c = block.ports[port];
			uint64_t came = c[WDPDK_PORT_COUNTER_RX_PACKETS] + c[WDPDK_PORT_COUNTER_INJECTED_PACKETS];
			uint64_t went = c[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] + c[WDPDK_PORT_COUNTER_REDIRECTED_PACKETS];

			for (unsigned int cause = 0; cause < WDPDK_DROP_COUNT; cause++)
				went += c[PORT_COUNTER_DROP(cause)];
			CHECK_EQ(went, came);
			CHECK_EQ(c[WDPDK_PORT_COUNTER_MIRROR_ATTEMPTS], c[WDPDK_PORT_COUNTER_MIRROR_DELIVERED] +
				c[PORT_COUNTER_MIRROR_DROP(0)] + c[PORT_COUNTER_MIRROR_DROP(1)]);
			sent += c[WDPDK_PORT_COUNTER_TX_PACKETS];
			forwarded += c[WDPDK_PORT_COUNTER_FORWARDED_PACKETS];
		}
		CHECK_EQ(sent, forwarded);
	}
}

/* ---- cases; lcores run meanwhile ---- */

static void
generations_count_and_conflict(void)
{
	struct forwarding_config copy;
	uint64_t generation, first;

	CHECK_EQ(builder_get_forwarding(&copy, &first), 0);
	forwarding_config_free(&copy);
	use_mode(PORT_MODE_MACSWAP, 2, first);
	CHECK(answer.code == NULL);
	CHECK_EQ(answer.generation, first + 1);
	use_mode(PORT_MODE_DROP, 4, first);
	CHECK_STR(answer.code, WDPDK_E_CONFLICT);
	CHECK_EQ(answer.generation, first + 1);
	CHECK_EQ(builder_get_forwarding(&copy, &generation), 0);
	CHECK_EQ(generation, first + 1);
	CHECK_EQ(copy.ports[0].mode, PORT_MODE_MACSWAP);
	CHECK_EQ(copy.routes[0].next_hop.addr_bytes[0], 2);
	forwarding_config_free(&copy);
}

/* When `done` has come, no frame goes the old way any more. */
static void
a_change_is_in_force_when_it_is_done(void)
{
	uint64_t before[PORT_COUNTERS], after[PORT_COUNTERS];

	for (int i = 0; i < 50; i++) {
		use_mode(PORT_MODE_DROP, 2, 0);
		port_counters(0, before);
		wait_for_frames((uint64_t *)(void *)(counters_block(0) + WDPDK_LCORE_BLOCK_PORTS), 64);
		port_counters(0, after);
		/* The burst that was under way may have been counted since; whatever came later was dropped. */
		CHECK(after[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] - before[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] <= LCORE_BURST);
		CHECK(after[PORT_COUNTER_DROP(WDPDK_DROP_MODE_DROP)] > before[PORT_COUNTER_DROP(WDPDK_DROP_MODE_DROP)]);
		use_mode(PORT_MODE_IO, 2, 0);
		check_balance();
	}
}

static void
detached_queues_are_left_alone(void)
{
	for (int i = 0; i < 200; i++) {
		struct client_queue *one = new_queue(32), *two = new_queue(5), *sender = new_queue(0);

		attach(one, 1, 0, false, 0);
		CHECK(answer.code == NULL);
		attach(two, 2, PORT_ANY, false, 0);
		attach(sender, 3, 1, false, 0);
		use_mode(i % 2 == 0 ? PORT_MODE_IO : PORT_MODE_MACSWAP, (uint8_t)(i * 2), 0);
		wait_for_frames(&one->frames, 1);
		wait_for_frames(&two->frames, 1);
		detach(one);
		detach(sender);
		detach(two);
		check_balance();
	}
	/* One that is not attached. */
	detach(new_queue(1));
}

static void
mirrors_and_redirects(void)
{
	struct client_queue *mirror = new_queue(32), *best = new_queue(4), *rival = new_queue(4);
	uint64_t counters[PORT_COUNTERS], forwarded;

	use_mode(PORT_MODE_IO, 2, 0);
	attach(best, 1, 0, true, 5);
	CHECK(answer.code == NULL);
	attach(rival, 2, 0, true, 5);
	CHECK_STR(answer.code, WDPDK_E_CONFLICT);
	CHECK(strstr(answer.message, "queue 1") != NULL);
	attach(rival, 2, PORT_ANY, true, 5);
	CHECK_STR(answer.code, WDPDK_E_CONFLICT);
	attach(rival, 2, 0, true, 4);
	CHECK(answer.code == NULL);
	attach(mirror, 3, 0, false, -1);
	port_counters(0, counters);
	forwarded = counters[WDPDK_PORT_COUNTER_FORWARDED_PACKETS];
	wait_for_frames(&mirror->frames, 1000);
	wait_for_frames(&best->frames, 100);
	/* The best redirect takes all: what it has no room for is dropped, not given to the next or sent. */
	CHECK_EQ(__atomic_load_n(&rival->frames, __ATOMIC_RELAXED), 0);
	port_counters(0, counters);
	CHECK(counters[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] - forwarded <= 2 * LCORE_BURST);
	CHECK(counters[WDPDK_PORT_COUNTER_REDIRECTED_PACKETS] > 0);
	CHECK(counters[PORT_COUNTER_DROP(WDPDK_DROP_REDIRECT_RX_FULL)] > 0);
	CHECK(counters[PORT_COUNTER_DROP(WDPDK_DROP_REDIRECT_NO_SLOT)] > 0);
	CHECK_EQ(meta_of(mirror), 0);		/* mirrors stand before redirects in the port's list */
	CHECK_EQ(meta_of(best), 1);
	detach(best);
	wait_for_frames(&rival->frames, 1);
	detach(rival);
	detach(mirror);
	check_balance();
}

static void
injected_frames_leave_by_their_port(void)
{
	struct client_queue *sender = new_queue(0);
	uint64_t before[PORT_COUNTERS], after[PORT_COUNTERS];

	port_counters(1, before);
	sender->to_inject = 1000;
	attach(sender, 9, 1, false, 0);
	wait_for_frames(&sender->sent, 1000 - __atomic_load_n(&sender->sent, __ATOMIC_RELAXED));
	CHECK_EQ(__atomic_load_n(&sender->sent, __ATOMIC_RELAXED), 1000);
	detach(sender);
	port_counters(1, after);
	CHECK_EQ(after[WDPDK_PORT_COUNTER_INJECTED_PACKETS] - before[WDPDK_PORT_COUNTER_INJECTED_PACKETS], 1000);
	CHECK_EQ(after[WDPDK_PORT_COUNTER_INJECTED_BYTES] - before[WDPDK_PORT_COUNTER_INJECTED_BYTES], 60000);
}

/* The MTU does not count the Ethernet header: 1,514 bytes are the longest frame of a port with 1,500. */
static void
too_long_frames_are_dropped(void)
{
	uint64_t before[PORT_COUNTERS], after[PORT_COUNTERS];

	CHECK_EQ(report_port_mtu(1), 1500);
	for (uint32_t bytes = 1514; bytes <= 1515; bytes++) {
		struct client_queue *sender = new_queue(0);
		unsigned int fits = bytes == 1514;

		port_counters(1, before);
		sender->to_inject = 64;
		sender->inject_bytes = bytes;
		attach(sender, 9, 1, false, 0);
		do
			port_counters(1, after);
		while (after[WDPDK_PORT_COUNTER_INJECTED_PACKETS] - before[WDPDK_PORT_COUNTER_INJECTED_PACKETS] < 64);
		detach(sender);
		CHECK_EQ(after[PORT_COUNTER_DROP(WDPDK_DROP_MTU_EXCEEDED)] - before[PORT_COUNTER_DROP(WDPDK_DROP_MTU_EXCEEDED)],
			fits ? 0 : 64);
		check_balance();
	}
}

static void
a_hold_stops_everything(void)
{
	uint64_t before[PORT_COUNTERS], after[PORT_COUNTERS];

	builder_hold(true, answer_came, NULL);
	wait_for_answer();
	use_mode(PORT_MODE_IO, 6, 0);	/* changes go on */
	CHECK(answer.code == NULL);
	port_counters(0, before);
	rte_delay_us_sleep(20000);
	port_counters(0, after);
	CHECK_EQ(after[WDPDK_PORT_COUNTER_RX_PACKETS], before[WDPDK_PORT_COUNTER_RX_PACKETS]);
	builder_hold(false, answer_came, NULL);
	wait_for_answer();
	wait_for_frames((uint64_t *)(void *)(counters_block(0) + WDPDK_LCORE_BLOCK_PORTS), 64);
}

static void
there_is_a_limit_of_queues(void)
{
	struct client_queue *queues[WDPDK_LIMIT_QUEUES], *one_more = new_queue(1);

	for (unsigned int i = 0; i < WDPDK_LIMIT_QUEUES; i++) {
		queues[i] = new_queue(32);
		attach(queues[i], i, 0, false, (int32_t)i);
		CHECK(answer.code == NULL);
	}
	attach(one_more, 999, 0, false, 0);
	CHECK_STR(answer.code, WDPDK_E_LIMIT);
	free(one_more);
	for (unsigned int i = 0; i < WDPDK_LIMIT_QUEUES; i++)
		wait_for_frames(&queues[i]->frames, 1);
	CHECK_EQ(meta_of(queues[0]), WDPDK_LIMIT_QUEUES - 1);
	for (unsigned int i = 0; i < WDPDK_LIMIT_QUEUES; i++)
		detach(queues[i]);
}

static void *
run_cases(void *context)
{
	(void)context;
	RUN(generations_count_and_conflict);
	RUN(a_change_is_in_force_when_it_is_done);
	RUN(detached_queues_are_left_alone);
	RUN(mirrors_and_redirects);
	RUN(injected_frames_leave_by_their_port);
	RUN(too_long_frames_are_dropped);
	RUN(a_hold_stops_everything);
	RUN(there_is_a_limit_of_queues);
	lcores_stop();
	return NULL;
}

int
main(int argc, char **argv)
{
	/* Two lcores may share a CPU: then a port each, and queues of port "any" are shared. */
	char *lcore_list = argc > 1 && strcmp(argv[1], "two") == 0 ? "0@0,1@0" : "0@0";
	char *eal[] = { "test", "--lcores", lcore_list, "--no-huge", "-m", "64", "--no-pci",
		"--vdev", "net_null0,copy=0", "--vdev", "net_null1", NULL };
	struct forwarding_config config = { .ports = { { .mode = PORT_MODE_IO, .to = 1 }, { .mode = PORT_MODE_IO } } };
	bool adaptive = argc > 1 && strcmp(argv[1], "adaptive") == 0;
	pthread_t cases;
	uint32_t mask;

	if (rte_eal_init(11, eal) < 0 || ports_find(&mask) != 0)
		return 1;
	lcores_assign(mask, adaptive);
	if (ports_start(lcore_count) != 0 || !counters_prepare(lcore_count) || builder_start(&config, false) != 0)
		return 1;
	if (pthread_create(&cases, NULL, run_cases, NULL) != 0)
		return 1;
	lcores_run();
	pthread_join(cases, NULL);
	builder_stop();
	ports_stop();
	return check_summary();
}
