/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Builder and lcores together. Run under the thread sanitizer too.
 */
#include <stdlib.h>

#include <rte_cycles.h>

#include "bed.h"
#include "report.h"

#include "check.h"

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
		wait_for_frames(frames_received(), 64);
		port_counters(0, after);
		/* The burst that was under way may have been counted since; whatever came later was dropped. */
		CHECK(after[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] - before[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] <= LCORE_BURST);
		CHECK(after[PORT_COUNTER_DROP(WDPDK_DROP_MODE_DROP)] > before[PORT_COUNTER_DROP(WDPDK_DROP_MODE_DROP)]);
		use_mode(PORT_MODE_IO, 2, 0);
		CHECK(is_balanced());
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
		CHECK(is_balanced());
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
	CHECK(is_balanced());
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
		CHECK(is_balanced());
	}
}

static void
a_hold_stops_everything(void)
{
	uint64_t before[PORT_COUNTERS], after[PORT_COUNTERS];

	builder_hold(true, bed_answered, NULL);
	bed_wait();
	use_mode(PORT_MODE_IO, 6, 0);	/* changes go on */
	CHECK(answer.code == NULL);
	port_counters(0, before);
	rte_delay_us_sleep(20000);
	port_counters(0, after);
	CHECK_EQ(after[WDPDK_PORT_COUNTER_RX_PACKETS], before[WDPDK_PORT_COUNTER_RX_PACKETS]);
	builder_hold(false, bed_answered, NULL);
	bed_wait();
	wait_for_frames(frames_received(), 64);
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
	discard(one_more);
	for (unsigned int i = 0; i < WDPDK_LIMIT_QUEUES; i++)
		wait_for_frames(&queues[i]->frames, 1);
	CHECK_EQ(meta_of(queues[0]), WDPDK_LIMIT_QUEUES - 1);
	for (unsigned int i = 0; i < WDPDK_LIMIT_QUEUES; i++)
		detach(queues[i]);
}

static void
run_cases(void)
{
	RUN(generations_count_and_conflict);
	RUN(a_change_is_in_force_when_it_is_done);
	RUN(detached_queues_are_left_alone);
	RUN(mirrors_and_redirects);
	RUN(injected_frames_leave_by_their_port);
	RUN(too_long_frames_are_dropped);
	RUN(a_hold_stops_everything);
	RUN(there_is_a_limit_of_queues);
}

int
main(int argc, char **argv)
{
	return bed_run(argc, argv, run_cases) ? check_summary() : 1;
}
