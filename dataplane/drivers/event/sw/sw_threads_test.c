/* SPDX-License-Identifier: BSD-3-Clause
 *
 * event_sw with a thread at each port and one that schedules: an atomic stage, an ordered one, and a consumer. No event is lost
 * or doubled, no flow is at two threads, and the ordered stage's order is kept.
 */
#include "sw_test_bed.h"

#include <sched.h>

#include <rte_launch.h>
#include <rte_lcore.h>

#define WORKERS 3
#define FLOWS 16
#define EVENTS 20000
#define CONSUMER (WORKERS + 1)
#define LEAVE_AFTER 64 /* a worker now and then ends an event instead */

enum { ATOMIC_QUEUE, ORDERED_QUEUE, LAST_QUEUE };

static unsigned int inside[FLOWS], trespassers, disordered, done, released;
static uint64_t flow_last[FLOWS], order_last[FLOWS];

static void
work(uint8_t port, struct rte_event *event)
{
	const uint32_t flow = event->flow_id;

	if (event->queue_id == ATOMIC_QUEUE) {
		if (__atomic_add_fetch(&inside[flow], 1, __ATOMIC_RELAXED) != 1)
			__atomic_add_fetch(&trespassers, 1, __ATOMIC_RELAXED);
		/* Plain accesses: the scheduler alone keeps threads apart here, which the thread sanitizer checks. */
		if (event->u64 <= flow_last[flow])
			__atomic_add_fetch(&disordered, 1, __ATOMIC_RELAXED);
		flow_last[flow] = event->u64;
		__atomic_sub_fetch(&inside[flow], 1, __ATOMIC_RELAXED);
		event->queue_id = ORDERED_QUEUE;
		event->op = RTE_EVENT_OP_FORWARD;
	} else if (event->u64 % LEAVE_AFTER == 0) {
		event->op = RTE_EVENT_OP_RELEASE;
		__atomic_add_fetch(&released, 1, __ATOMIC_RELAXED);
	} else {
		event->queue_id = LAST_QUEUE;
		event->op = RTE_EVENT_OP_FORWARD;
		if (event->u64 % 7 == port)
			sched_yield();
	}
}

static int
worker(void *arg)
{
	const uint8_t port = (uint8_t)(uintptr_t)arg;
	struct rte_event events[16];
	uint16_t n, i;

	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
		n = rte_event_dequeue_burst(bed_dev, port, events, RTE_DIM(events), 0);
		if (n == 0) {
			sched_yield();
			continue;
		}
		for (i = 0; i < n; i++)
			work(port, &events[i]);
		if (rte_event_enqueue_burst(bed_dev, port, events, n) != n)
			__atomic_add_fetch(&disordered, 1000000, __ATOMIC_RELAXED);
	}
	return 0;
}

static int
scheduler(void *arg)
{
	RTE_SET_USED(arg);
	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
		rte_service_run_iter_on_app_lcore(bed_service, 0);
		sched_yield();
	}
	return 0;
}

/* Port 0 sends, the last one receives; both are the main thread's. */
static void
every_event_arrives_once_and_in_its_order(void)
{
	struct rte_event event, events[32];
	unsigned int lcore, workers = 0, sent = 0, received = 0;
	uint8_t i;
	uint16_t n, j;

	bed_open(3, WORKERS + 2, 512);
	bed_queue(ATOMIC_QUEUE, RTE_SCHED_TYPE_ATOMIC, RTE_EVENT_DEV_PRIORITY_NORMAL, 0);
	bed_queue(ORDERED_QUEUE, RTE_SCHED_TYPE_ORDERED, RTE_EVENT_DEV_PRIORITY_NORMAL, 0);
	bed_queue(LAST_QUEUE, RTE_SCHED_TYPE_ATOMIC, RTE_EVENT_DEV_PRIORITY_HIGHEST, RTE_EVENT_QUEUE_CFG_SINGLE_LINK);
	bed_port(0, 256, 32, 0);
	for (i = 1; i <= WORKERS; i++) {
		bed_port(i, 512, 16, i == 2 ? RTE_EVENT_PORT_CFG_DISABLE_IMPL_REL : 0);
		bed_link(i, ATOMIC_QUEUE);
		bed_link(i, ORDERED_QUEUE);
	}
	bed_port(CONSUMER, 512, 32, 0);
	bed_link(CONSUMER, LAST_QUEUE);
	CHECK_EQ(rte_event_dev_start(bed_dev), 0);
	RTE_LCORE_FOREACH_WORKER(lcore) {
		if (workers == 0)
			CHECK_EQ(rte_eal_remote_launch(scheduler, NULL, lcore), 0);
		else if (workers <= WORKERS)
			CHECK_EQ(rte_eal_remote_launch(worker, (void *)(uintptr_t)workers, lcore), 0);
		workers++;
	}
	while (received + __atomic_load_n(&released, __ATOMIC_RELAXED) < EVENTS) {
		event = bed_event(ATOMIC_QUEUE, sent % FLOWS, sent + 1);
		if (sent < EVENTS && rte_event_enqueue_burst(bed_dev, 0, &event, 1) == 1)
			sent++;
		n = rte_event_dequeue_burst(bed_dev, CONSUMER, events, RTE_DIM(events), 0);
		for (j = 0; j < n; j++) {
			if (events[j].u64 <= order_last[events[j].flow_id])
				disordered++;
			order_last[events[j].flow_id] = events[j].u64;
		}
		received += n;
		if (n == 0)
			sched_yield();
	}
	__atomic_store_n(&done, 1, __ATOMIC_RELEASE);
	rte_eal_mp_wait_lcore();
	CHECK_EQ(trespassers, 0);
	CHECK_EQ(disordered, 0);
	CHECK_EQ(received + released, EVENTS);
	CHECK_EQ(released, EVENTS / LEAVE_AFTER);
	bed_close();
}

/* Statistics and stops while a thread schedules. */
static void
stopping_while_it_schedules(void)
{
	unsigned int i, lcore = rte_get_next_lcore(-1, 1, 0);
	struct rte_event events[8];

	done = 0;
	bed_open(1, 1, 64);
	bed_queue(0, RTE_SCHED_TYPE_ATOMIC, RTE_EVENT_DEV_PRIORITY_NORMAL, 0);
	bed_port(0, 64, 8, 0);
	bed_link(0, 0);
	CHECK_EQ(rte_eal_remote_launch(scheduler, NULL, lcore), 0);
	for (i = 0; i < 200; i++) {
		CHECK_EQ(rte_event_dev_start(bed_dev), 0);
		bed_send(0, 0, i, i);
		bed_send(0, 0, i + 1, i);
		bed_take(0, events, 8);
		bed_stat("dev_rx");
		rte_event_dev_stop(bed_dev);
	}
	__atomic_store_n(&done, 1, __ATOMIC_RELEASE);
	rte_eal_mp_wait_lcore();
	bed_close();
}

int
main(void)
{
	if (bed_eal("(0-4)@(0-1)") < 0)
		return 1;
	RUN(every_event_arrives_once_and_in_its_order);
	RUN(stopping_while_it_schedules);
	return check_summary();
}
