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

/* Between attaching and its first slot a client has nothing to receive with: its frames go on as if it were not there. */
static void
who_has_not_begun_takes_nothing(void)
{
	struct client_queue *silent = new_queue(32), *next = new_queue(32), *mirror = new_queue(32);
	uint64_t before[PORT_COUNTERS], after[PORT_COUNTERS];

	use_mode(PORT_MODE_IO, 2, 0);
	silent->silent = mirror->silent = true;
	attach(silent, 1, 0, true, 5);
	attach(mirror, 3, 0, false, 0);
	port_counters(0, before);
	wait_for_frames(frames_received(), 1000);
	port_counters(0, after);
	CHECK_EQ(__atomic_load_n(&silent->frames, __ATOMIC_RELAXED), 0);
	CHECK_EQ(__atomic_load_n(&mirror->frames, __ATOMIC_RELAXED), 0);
	CHECK_EQ(after[WDPDK_PORT_COUNTER_MIRROR_ATTEMPTS], before[WDPDK_PORT_COUNTER_MIRROR_ATTEMPTS]);
	CHECK_EQ(after[WDPDK_PORT_COUNTER_REDIRECTED_PACKETS], before[WDPDK_PORT_COUNTER_REDIRECTED_PACKETS]);
	CHECK(after[WDPDK_PORT_COUNTER_FORWARDED_PACKETS] > before[WDPDK_PORT_COUNTER_FORWARDED_PACKETS]);
	attach(next, 2, 0, true, 4);
	wait_for_frames(&next->frames, 100);
	__atomic_store_n(&silent->silent, false, __ATOMIC_RELAXED);
	wait_for_frames(&silent->frames, 100);
	detach(silent);
	detach(next);
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
	wait_for_total(&sender->sent, 1000);
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

/* ---- what leaves by a port ---- */

static void
attach_at_tx(struct client_queue *queue, uint32_t id, uint16_t port, bool redirects, int32_t priority)
{
	struct attachment attachment = { .queue_id = id, .port = port, .receives = true, .at_tx = true, .redirects = redirects,
		.priority = priority };

	attach_as(queue, &attachment);
}

static void
clients_see_what_leaves(void)
{
	struct client_queue *mirror = new_queue(32), *taker = new_queue(32), *sender = new_queue(0), *rival = new_queue(1);
	uint64_t before[2][PORT_COUNTERS], after[2][PORT_COUNTERS];

	use_mode(PORT_MODE_IO, 2, 0);
	attach_at_tx(mirror, 1, 1, false, 0);
	CHECK(answer.code == NULL);
	port_counters(1, before[1]);
	wait_for_frames(&mirror->frames, 1000);
	port_counters(1, after[1]);
	CHECK(after[1][WDPDK_PORT_COUNTER_MIRROR_ATTEMPTS] > before[1][WDPDK_PORT_COUNTER_MIRROR_ATTEMPTS]);
	/* A redirect of what came in by the port is no rival of one of what leaves by it. */
	attach(rival, 9, 1, true, 3);
	CHECK(answer.code == NULL);
	detach(rival);
	attach_at_tx(taker, 2, 1, true, 3);
	CHECK(answer.code == NULL);
	rival = new_queue(1);
	attach_at_tx(rival, 9, PORT_ANY, true, 3);
	CHECK_STR(answer.code, WDPDK_E_CONFLICT);
	discard(rival);
	sender->to_inject = 500;
	port_counters(0, before[0]);
	port_counters(1, before[1]);
	attach(sender, 3, 1, false, 0);
	wait_for_total(&sender->sent, 500);
	wait_for_frames(&taker->frames, 1000);
	detach(sender);
	port_counters(0, after[0]);
	port_counters(1, after[1]);
	/* Forwarded frames are taken at the account of the port that they came in by, injected ones of the port they were to leave by. */
	CHECK(after[0][WDPDK_PORT_COUNTER_REDIRECTED_PACKETS] - before[0][WDPDK_PORT_COUNTER_REDIRECTED_PACKETS] >= 100);
	CHECK_EQ(after[1][WDPDK_PORT_COUNTER_REDIRECTED_PACKETS] - before[1][WDPDK_PORT_COUNTER_REDIRECTED_PACKETS], 500);
	CHECK(after[1][WDPDK_PORT_COUNTER_TX_PACKETS] - before[1][WDPDK_PORT_COUNTER_TX_PACKETS] <= 2 * LCORE_BURST);
	CHECK(is_balanced());
	detach(taker);
	detach(mirror);
	wait_for_frames(frames_received(), 1000);
	CHECK(is_balanced());
}

/* ---- fan-out ---- */

#define FLOWS 1000u

static uint32_t member_of_flow[FLOWS];	/* id of the member's queue; 0: none yet */
static uint32_t flows_moved;

static void
note_member(struct client_queue *queue, const struct client_queue *lane, struct rte_mbuf *mbuf, const struct frame_key *key)
{
	uint32_t *member = &member_of_flow[flow_of(key) % FLOWS];
	uint32_t known = __atomic_load_n(member, __ATOMIC_RELAXED);

	(void)lane;
	(void)mbuf;
	if (key->family != FRAME_IPV4)
		return;
	if (known != 0 && known != queue->id)
		__atomic_fetch_add(&flows_moved, 1, __ATOMIC_RELAXED);
	__atomic_store_n(member, queue->id, __ATOMIC_RELAXED);
}

static struct client_queue *
join(uint32_t id, int32_t priority, uint16_t buckets)
{
	struct attachment attachment = { .queue_id = id, .port = 1, .receives = true, .at_tx = true, .redirects = true,
		.priority = priority, .fanout = { .group = "workers", .buckets = buckets } };
	struct client_queue *queue = new_queue(32);

	queue->seen = note_member;
	attach_as(queue, &attachment);
	return queue;
}

/* Each flow of FLOWS both ways, twice. */
static void
inject_flows(void)
{
	struct client_queue *sender = new_queue(0);

	sender->flows = FLOWS;
	sender->to_inject = 4 * FLOWS;
	attach(sender, 99, 1, false, 0);
	CHECK(answer.code == NULL);
	wait_for_total(&sender->sent, 4 * FLOWS);
	detach(sender);
}

static uint32_t
flows_of(uint32_t id)
{
	uint32_t count = 0;

	for (unsigned int i = 0; i < FLOWS; i++)
		count += member_of_flow[i] == id;
	return count;
}

static void
a_group_shares_flows(void)
{
	struct client_queue *one, *two, *three, *other;
	uint32_t before[FLOWS], of_two;

	use_mode(PORT_MODE_DROP, 2, 0);
	one = join(1, 5, 128);
	CHECK(answer.code == NULL);
	two = join(2, 5, 128);
	CHECK(answer.code == NULL);	/* members are no rivals */
	other = join(3, 6, 128);
	CHECK_STR(answer.code, WDPDK_E_CONFLICT);
	CHECK(strstr(answer.message, "queue 1") != NULL && strstr(answer.message, "priority") != NULL);
	discard(other);
	other = join(3, 5, 512);
	CHECK_STR(answer.code, WDPDK_E_CONFLICT);
	CHECK(strstr(answer.message, "fanout.buckets") != NULL);
	discard(other);
	other = new_queue(32);
	attach_at_tx(other, 3, 1, true, 5);
	CHECK_STR(answer.code, WDPDK_E_CONFLICT);	/* the group redirects all */
	discard(other);

	memset(member_of_flow, 0, sizeof(member_of_flow));
	inject_flows();
	CHECK_EQ(flows_moved, 0);
	CHECK_EQ(flows_of(0), 0);
	CHECK(flows_of(1) > FLOWS / 3 && flows_of(2) > FLOWS / 3);
	CHECK_EQ(one->frames + two->frames, 4 * FLOWS);

	three = join(3, 5, 128);
	CHECK(answer.code == NULL);
	memcpy(before, member_of_flow, sizeof(before));
	memset(member_of_flow, 0, sizeof(member_of_flow));
	inject_flows();
	CHECK_EQ(flows_moved, 0);
	for (unsigned int i = 0; i < FLOWS; i++)
		CHECK(member_of_flow[i] == before[i] || member_of_flow[i] == 3);
	CHECK(flows_of(3) > FLOWS / 4 && flows_of(3) < FLOWS / 2);

	of_two = flows_of(2);
	detach(two);
	memcpy(before, member_of_flow, sizeof(before));
	memset(member_of_flow, 0, sizeof(member_of_flow));
	inject_flows();
	CHECK_EQ(flows_moved, 0);
	for (unsigned int i = 0; i < FLOWS; i++)
		CHECK(member_of_flow[i] == before[i] || before[i] == 2);
	CHECK(flows_of(1) + flows_of(3) == FLOWS && of_two > 0);
	detach(one);
	detach(three);
	CHECK(is_balanced());
}

/* More groups than there can be are refused; one that its last member left makes room. */
static void
there_is_a_limit_of_groups(void)
{
	struct client_queue *members[WDPDK_LIMIT_FANOUT_GROUPS], *one_more = new_queue(1);
	struct attachment attachment = { .port = PORT_ANY, .receives = true, .fanout = { .buckets = 512 } };

	for (unsigned int i = 0; i < WDPDK_LIMIT_FANOUT_GROUPS; i++) {
		members[i] = new_queue(1);
		attachment.queue_id = i + 1;
		snprintf(attachment.fanout.group, sizeof(attachment.fanout.group), "group %u", i);
		attach_as(members[i], &attachment);
		CHECK(answer.code == NULL);
	}
	attachment.queue_id = 100;
	strcpy(attachment.fanout.group, "one more");
	attach_as(one_more, &attachment);
	CHECK_STR(answer.code, WDPDK_E_LIMIT);
	discard(one_more);
	detach(members[7]);
	members[7] = new_queue(1);
	attach_as(members[7], &attachment);
	CHECK(answer.code == NULL);
	wait_for_frames(&members[7]->frames, 1);
	for (unsigned int i = 0; i < WDPDK_LIMIT_FANOUT_GROUPS; i++)
		detach(members[i]);
}

static void
run_cases(void)
{
	RUN(generations_count_and_conflict);
	RUN(a_change_is_in_force_when_it_is_done);
	RUN(detached_queues_are_left_alone);
	RUN(mirrors_and_redirects);
	RUN(who_has_not_begun_takes_nothing);
	RUN(injected_frames_leave_by_their_port);
	RUN(too_long_frames_are_dropped);
	RUN(a_hold_stops_everything);
	RUN(there_is_a_limit_of_queues);
	RUN(clients_see_what_leaves);
	RUN(a_group_shares_flows);
	RUN(there_is_a_limit_of_groups);
}

int
main(int argc, char **argv)
{
	return bed_run(argc, argv, run_cases) ? check_summary() : 1;
}
