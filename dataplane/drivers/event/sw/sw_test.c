/* SPDX-License-Identifier: BSD-3-Clause
 *
 * event_sw: what goes where and when. One thread is every port and the scheduler.
 */
#include "sw_test_bed.h"

#define MANUAL RTE_EVENT_PORT_CFG_DISABLE_IMPL_REL
#define NORMAL RTE_EVENT_DEV_PRIORITY_NORMAL

/* Port 0 sends; ports 1 to n are linked to queue 0. */
static void
workers_of(uint8_t type, uint8_t n, uint32_t cfg)
{
	uint8_t i;

	bed_open(1, (uint8_t)(n + 1), 256);
	bed_queue(0, type, NORMAL, cfg);
	bed_port(0, 256, 32, 0);
	for (i = 1; i <= n; i++) {
		bed_port(i, 256, 8, MANUAL);
		bed_link(i, 0);
	}
	CHECK_EQ(rte_event_dev_start(bed_dev), 0);
}

static void
an_atomic_flow_is_at_one_port_until_released(void)
{
	struct rte_event events[8];

	workers_of(RTE_SCHED_TYPE_ATOMIC, 2, 0);
	bed_send(0, 0, 7, 1);
	bed_rounds(1);
	CHECK_EQ(bed_stat("port_1_inflight") + bed_stat("port_2_inflight"), 1);
	uint8_t owner = bed_stat("port_1_inflight") == 1 ? 1 : 2;

	/* More of that flow follow it, whatever the other port has free; another flow goes there. */
	bed_send(0, 0, 7, 2);
	bed_send(0, 0, 7, 3);
	bed_send(0, 0, 8, 4);
	bed_rounds(1);
	CHECK_EQ(bed_take(owner, events, 8), 3);
	CHECK_EQ(events[0].u64, 1);
	CHECK_EQ(events[1].u64, 2);
	CHECK_EQ(events[2].u64, 3);
	CHECK_EQ(events[0].flow_id, 7);
	CHECK_EQ(bed_take((uint8_t)(3 - owner), events, 8), 1);
	CHECK_EQ(events[0].u64, 4);
	CHECK_EQ(bed_stat("qid_0_flows_pinned"), 2);

	/* Two of three released: the flow stays. All: it is free. */
	bed_release(owner);
	bed_release(owner);
	bed_rounds(1);
	CHECK_EQ(bed_stat("qid_0_flows_pinned"), 2);
	bed_release(owner);
	bed_release((uint8_t)(3 - owner));
	bed_rounds(1);
	CHECK_EQ(bed_stat("qid_0_flows_pinned"), 0);
	CHECK_EQ(bed_stat("dev_inflight"), 0);
	bed_close();
}

static void
an_atomic_flow_whose_port_is_full_does_not_hold_up_others(void)
{
	struct rte_event events[16];
	unsigned int i;

	workers_of(RTE_SCHED_TYPE_ATOMIC, 2, 0);
	for (i = 0; i < 12; i++)
		bed_send(0, 0, 7, i);
	bed_send(0, 0, 9, 99);
	bed_rounds(1);
	/* The first port holds 8 of the flow, 4 wait; the flow behind them is at the other port. */
	CHECK_EQ(bed_stat("qid_0_iq_used"), 4);
	uint8_t owner = bed_stat("port_1_inflight") == 8 ? 1 : 2;
	CHECK_EQ(bed_take((uint8_t)(3 - owner), events, 16), 1);
	CHECK_EQ(events[0].u64, 99);
	CHECK_EQ(bed_take(owner, events, 16), 8);
	bed_rounds(1);
	CHECK_EQ(bed_take(owner, &events[8], 8), 4);
	for (i = 0; i < 12; i++)
		CHECK_EQ(events[i].u64, i);
	bed_close();
}

static void
an_ordered_queue_gives_back_the_order(void)
{
	struct rte_event one[8], two[8], out[16];
	uint16_t n, m, i;

	bed_open(2, 4, 256);
	bed_queue(0, RTE_SCHED_TYPE_ORDERED, NORMAL, 0);
	bed_queue(1, RTE_SCHED_TYPE_ATOMIC, NORMAL, RTE_EVENT_QUEUE_CFG_SINGLE_LINK);
	bed_port(0, 256, 32, 0);
	bed_port(1, 256, 8, MANUAL);
	bed_port(2, 256, 8, MANUAL);
	bed_port(3, 256, 32, 0);
	bed_link(0, 1);
	CHECK_EQ(rte_event_port_unlink(bed_dev, 0, NULL, 0), 1);
	bed_link(1, 0);
	bed_link(2, 0);
	bed_link(3, 1);
	CHECK_EQ(rte_event_dev_start(bed_dev), 0);
	for (i = 0; i < 10; i++)
		bed_send(0, 0, 5, i);
	bed_rounds(1);
	n = bed_take(1, one, 8);
	m = bed_take(2, two, 8);
	CHECK_EQ(n, 5);
	CHECK_EQ(m, 5);
	/* The second worker is done first, and ends one of its events. */
	for (i = 0; i < m; i++)
		if (two[i].u64 == 5)
			bed_release(2);
		else
			bed_forward(2, two[i], 1);
	bed_rounds(1);
	CHECK_EQ(bed_take(3, out, 16), one[0].u64 == 0 ? 0 : 1);
	for (i = 0; i < n; i++)
		bed_forward(1, one[i], 1);
	bed_rounds(1);
	n = bed_take(3, out, 16);
	for (i = 0; i < n; i++)
		CHECK_EQ(out[i].u64, i < 5 ? i : i + 1);
	CHECK_EQ(n, 9);
	/* The last dequeue's events end with the next. */
	CHECK_EQ(bed_take(3, out, 16), 0);
	bed_rounds(1);
	CHECK_EQ(bed_stat("dev_inflight"), 0);
	bed_close();
}

static void
parallel_events_are_dealt_out_in_turn(void)
{
	struct rte_event events[16];
	unsigned int i;

	workers_of(RTE_SCHED_TYPE_PARALLEL, 3, 0);
	for (i = 0; i < 9; i++)
		bed_send(0, 0, 7, i);
	bed_rounds(1);
	for (i = 1; i <= 3; i++)
		CHECK_EQ(bed_take((uint8_t)i, events, 16), 3);
	bed_close();
}

static void
priorities_of_events_and_queues(void)
{
	static const uint8_t priorities[] = { 255, 128, 64, 0 };
	struct rte_event event, events[8];
	unsigned int i;

	bed_open(2, 2, 256);
	bed_queue(0, RTE_SCHED_TYPE_PARALLEL, RTE_EVENT_DEV_PRIORITY_LOWEST, 0);
	bed_queue(1, RTE_SCHED_TYPE_PARALLEL, RTE_EVENT_DEV_PRIORITY_HIGHEST, 0);
	bed_port(0, 256, 32, 0);
	bed_port(1, 256, 32, MANUAL);
	CHECK_EQ(rte_event_port_link(bed_dev, 1, NULL, NULL, 0), 2);
	CHECK_EQ(rte_event_dev_start(bed_dev), 0);
	for (i = 0; i < RTE_DIM(priorities); i++) {
		event = bed_event(0, 1, priorities[i]);
		event.priority = priorities[i];
		CHECK_EQ(rte_event_enqueue_burst(bed_dev, 0, &event, 1), 1);
	}
	bed_send(0, 1, 1, 1000);
	bed_rounds(1);
	CHECK_EQ(bed_take(1, events, 8), 5);
	CHECK_EQ(events[0].u64, 1000);
	CHECK_EQ(events[1].u64, 0);
	CHECK_EQ(events[2].u64, 64);
	CHECK_EQ(events[3].u64, 128);
	CHECK_EQ(events[4].u64, 255);
	bed_close();
}

static void
one_queue_carries_all_types(void)
{
	struct rte_event event, events[8];
	unsigned int i;

	workers_of(RTE_SCHED_TYPE_ORDERED, 2, RTE_EVENT_QUEUE_CFG_ALL_TYPES);
	for (i = 0; i < 4; i++) {
		event = bed_event(0, 3, i);
		event.sched_type = i < 2 ? RTE_SCHED_TYPE_ATOMIC : RTE_SCHED_TYPE_PARALLEL;
		CHECK_EQ(rte_event_enqueue_burst(bed_dev, 0, &event, 1), 1);
	}
	bed_rounds(1);
	CHECK_EQ(bed_stat("qid_0_flows_pinned"), 1);
	/* Two of one flow at one port; the others in turn. */
	CHECK_EQ(bed_take(1, events, 8) + bed_take(2, &events[4], 4), 4);
	bed_close();
}

static void
new_events_stop_at_the_threshold_and_forwarding_never_does(void)
{
	struct rte_event burst[40], taken[8];
	unsigned int i;

	bed_open(1, 2, 32);
	bed_queue(0, RTE_SCHED_TYPE_PARALLEL, NORMAL, 0);
	bed_port(0, 20, 32, 0);
	bed_port(1, 32, 8, MANUAL);
	bed_link(1, 0);
	CHECK_EQ(rte_event_dev_start(bed_dev), 0);
	for (i = 0; i < 40; i++)
		burst[i] = bed_event(0, i, i);
	CHECK_EQ(rte_event_enqueue_new_burst(bed_dev, 0, burst, 40), 20);
	CHECK_EQ(rte_errno, ENOSPC);
	/* The other port's threshold is higher. */
	CHECK_EQ(rte_event_enqueue_burst(bed_dev, 1, burst, 40), 12);
	CHECK_EQ(bed_stat("dev_inflight"), 32);
	for (i = 0; i < 100; i++) {
		bed_rounds(1);
		CHECK_EQ(bed_take(1, taken, 8), 8);
		for (unsigned int j = 0; j < 8; j++)
			taken[j].op = RTE_EVENT_OP_FORWARD;
		CHECK_EQ(rte_event_enqueue_forward_burst(bed_dev, 1, taken, 8), 8);
	}
	CHECK_EQ(bed_stat("dev_inflight"), 32);
	bed_close();
}

static void
what_was_not_dequeued_cannot_be_forwarded_or_released(void)
{
	struct rte_event event = bed_event(0, 1, 1), taken;

	bed_open(1, 1, 4);
	bed_queue(0, RTE_SCHED_TYPE_PARALLEL, NORMAL, 0);
	bed_port(0, 4, 8, MANUAL);
	bed_link(0, 0);
	CHECK_EQ(rte_event_dev_start(bed_dev), 0);
	/* Released: nothing happens. Forwarded: it is new, and counts so. */
	bed_release(0);
	event.op = RTE_EVENT_OP_FORWARD;
	for (unsigned int i = 0; i < 4; i++)
		CHECK_EQ(rte_event_enqueue_burst(bed_dev, 0, &event, 1), 1);
	CHECK_EQ(rte_event_enqueue_burst(bed_dev, 0, &event, 1), 0);
	CHECK_EQ(rte_errno, ENOSPC);
	event.queue_id = 1;
	CHECK_EQ(rte_event_enqueue_burst(bed_dev, 0, &event, 1), 0);
	CHECK_EQ(rte_errno, EINVAL);
	event.queue_id = 0;
	event.op = 3;
	CHECK_EQ(rte_event_enqueue_burst(bed_dev, 0, &event, 1), 0);
	CHECK_EQ(rte_errno, EINVAL);
	bed_rounds(1);
	CHECK_EQ(bed_take(0, &taken, 1), 1);
	bed_release(0);
	bed_release(0);
	bed_rounds(1);
	CHECK_EQ(bed_stat("dev_inflight"), 3);
	bed_close();
}

static void
links_change_while_it_runs(void)
{
	struct rte_event events[8];
	uint8_t queue = 0;

	workers_of(RTE_SCHED_TYPE_PARALLEL, 2, 0);
	CHECK_EQ(rte_event_port_unlink(bed_dev, 2, &queue, 1), 1);
	CHECK_EQ(rte_event_port_unlinks_in_progress(bed_dev, 2), 1);
	bed_rounds(1);
	CHECK_EQ(rte_event_port_unlinks_in_progress(bed_dev, 2), 0);
	for (unsigned int i = 0; i < 6; i++)
		bed_send(0, 0, 1, i);
	bed_rounds(1);
	CHECK_EQ(bed_take(2, events, 8), 0);
	CHECK_EQ(bed_take(1, events, 8), 6);
	bed_link(2, 0);
	bed_send(0, 0, 1, 1);
	bed_send(0, 0, 1, 2);
	bed_rounds(1);
	CHECK_EQ(bed_take(2, events, 8), 1);
	bed_close();
}

static uint64_t flushed_sum;
static unsigned int flushed_count;

static void
flushed(uint8_t dev_id, struct rte_event event, void *arg)
{
	if (dev_id != bed_dev || arg != &flushed_sum)
		return;
	flushed_sum += event.u64;
	flushed_count++;
}

static void
stopping_hands_back_what_nobody_has(void)
{
	struct rte_event events[8], back;

	workers_of(RTE_SCHED_TYPE_ORDERED, 2, 0);
	CHECK_EQ(rte_event_dev_stop_flush_callback_register(bed_dev, flushed, &flushed_sum), 0);
	bed_send(0, 0, 1, 1); /* dequeued and held: its thread's */
	bed_send(0, 0, 1, 10); /* forwarded, behind the first */
	bed_send(0, 0, 1, 100); /* at a port */
	bed_rounds(1);
	CHECK_EQ(bed_take(1, events, 1), 1);
	CHECK_EQ(events[0].u64, 1);
	CHECK_EQ(bed_take(2, &back, 1), 1);
	bed_forward(2, back, 0);
	bed_rounds(1);
	bed_send(0, 0, 1, 1000); /* not seen by the scheduler */
	flushed_sum = flushed_count = 0;
	rte_event_dev_stop(bed_dev);
	CHECK_EQ(flushed_count, 3);
	CHECK_EQ(flushed_sum, 1110);
	/* It starts empty. */
	CHECK_EQ(rte_event_dev_start(bed_dev), 0);
	bed_rounds(1);
	CHECK_EQ(bed_take(1, events, 8) + bed_take(2, events, 8), 0);
	CHECK_EQ(bed_stat("dev_inflight"), 0);
	bed_close();
}

static void
a_port_that_is_left_gives_back_its_events(void)
{
	struct rte_event event;

	workers_of(RTE_SCHED_TYPE_ATOMIC, 1, 0);
	for (unsigned int i = 0; i < 5; i++)
		bed_send(0, 0, 1, 1);
	bed_rounds(1);
	CHECK_EQ(bed_take(1, &event, 1), 1);
	flushed_sum = flushed_count = 0;
	rte_event_port_quiesce(bed_dev, 1, flushed, &flushed_sum);
	CHECK_EQ(flushed_count, 4);
	bed_rounds(1);
	CHECK_EQ(bed_stat("dev_inflight"), 0);
	CHECK_EQ(bed_stat("qid_0_flows_pinned"), 0);
	bed_close();
}

static void
statistics_have_names_ids_and_zeros(void)
{
	struct rte_event_dev_xstats_name names[16];
	uint64_t ids[16], values[16], id;
	int n, i;

	workers_of(RTE_SCHED_TYPE_PARALLEL, 1, 0);
	bed_send(0, 0, 1, 1);
	bed_rounds(1);
	n = rte_event_dev_xstats_names_get(bed_dev, RTE_EVENT_DEV_XSTATS_PORT, 0, NULL, NULL, 0);
	CHECK(n > 0 && n <= 16);
	CHECK_EQ(rte_event_dev_xstats_names_get(bed_dev, RTE_EVENT_DEV_XSTATS_PORT, 0, names, ids, 16), n);
	CHECK_EQ(rte_event_dev_xstats_get(bed_dev, RTE_EVENT_DEV_XSTATS_PORT, 0, ids, values, (unsigned int)n), n);
	for (i = 0; i < n; i++) {
		CHECK_EQ(rte_event_dev_xstats_by_name_get(bed_dev, names[i].name, &id), values[i]);
		CHECK_EQ(id, ids[i]);
	}
	CHECK_EQ(bed_stat("port_0_rx"), 1);
	CHECK_EQ(bed_stat("port_1_tx"), 1);
	CHECK_EQ(rte_event_dev_xstats_get(bed_dev, RTE_EVENT_DEV_XSTATS_QUEUE, 0, ids, values, 1), 0);
	CHECK_EQ(rte_event_dev_xstats_reset(bed_dev, RTE_EVENT_DEV_XSTATS_PORT, -1, NULL, 0), 0);
	CHECK_EQ(bed_stat("port_0_rx"), 0);
	CHECK_EQ(bed_stat("port_1_tx"), 0);
	CHECK_EQ(bed_stat("qid_0_rx"), 1);
	CHECK_EQ(rte_event_dev_xstats_reset(bed_dev, RTE_EVENT_DEV_XSTATS_PORT, 9, NULL, 0), -EINVAL);
	CHECK_EQ((int64_t)rte_event_dev_xstats_by_name_get(bed_dev, "no such", &id), -EINVAL);
	CHECK_EQ(id, (unsigned int)-1);
	CHECK_EQ(rte_event_dev_xstats_names_get(bed_dev, RTE_EVENT_DEV_XSTATS_QUEUE, 1, names, ids, 16), -EINVAL);
	bed_close();
}

static void
a_dequeue_waits_as_long_as_it_is_told(void)
{
	struct rte_event_dev_config conf = {
		.nb_events_limit = 4, .nb_event_queues = 1, .nb_event_ports = 1, .nb_event_queue_flows = 1,
		.nb_event_port_dequeue_depth = 1, .nb_event_port_enqueue_depth = 1,
		.event_dev_cfg = RTE_EVENT_DEV_CFG_PER_DEQUEUE_TIMEOUT,
	};
	struct rte_event event;
	uint64_t ticks, start;

	bed_open(1, 1, 4);
	CHECK_EQ(rte_event_dev_configure(bed_dev, &conf), 0);
	CHECK_EQ(rte_event_queue_setup(bed_dev, 0, NULL), 0);
	CHECK_EQ(rte_event_port_setup(bed_dev, 0, NULL), 0);
	bed_link(0, 0);
	CHECK_EQ(rte_event_dev_start(bed_dev), 0);
	CHECK_EQ(rte_event_dequeue_timeout_ticks(bed_dev, 1000000, &ticks), 0);
	start = rte_get_tsc_cycles();
	CHECK_EQ(rte_event_dequeue_burst(bed_dev, 0, &event, 1, ticks), 0);
	CHECK(rte_get_tsc_cycles() - start >= ticks);
	bed_close();
}

static void
arguments(void)
{
	CHECK_EQ(rte_vdev_init("event_sw1", "nonsense=1"), -EINVAL);
	CHECK_EQ(rte_vdev_init("event_sw1", "sched_quanta=x"), -EINVAL);
	CHECK_EQ(rte_vdev_init("event_sw1", "sched_quanta=8,numa_node=0"), 0);
	CHECK(rte_vdev_init("event_sw1", NULL) < 0);
	CHECK_EQ(rte_vdev_uninit("event_sw1"), 0);
	CHECK_EQ(rte_event_dev_count(), 0);
}

int
main(void)
{
	if (bed_eal("0") < 0)
		return 1;
	RUN(an_atomic_flow_is_at_one_port_until_released);
	RUN(an_atomic_flow_whose_port_is_full_does_not_hold_up_others);
	RUN(an_ordered_queue_gives_back_the_order);
	RUN(parallel_events_are_dealt_out_in_turn);
	RUN(priorities_of_events_and_queues);
	RUN(one_queue_carries_all_types);
	RUN(new_events_stop_at_the_threshold_and_forwarding_never_does);
	RUN(what_was_not_dequeued_cannot_be_forwarded_or_released);
	RUN(links_change_while_it_runs);
	RUN(stopping_hands_back_what_nobody_has);
	RUN(a_port_that_is_left_gives_back_its_events);
	RUN(statistics_have_names_ids_and_zeros);
	RUN(a_dequeue_waits_as_long_as_it_is_told);
	RUN(arguments);
	return check_summary();
}
