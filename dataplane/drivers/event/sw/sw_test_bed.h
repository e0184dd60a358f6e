/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For event_sw's tests: a device with queues and ports by a line each, and its scheduler by hand.
 */
#ifndef SW_TEST_BED_H
#define SW_TEST_BED_H

#include <check.h>

#include <rte_bus_vdev.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_eventdev.h>
#include <rte_service.h>

static uint8_t bed_dev;
static uint32_t bed_service;

__attribute__((unused)) static int
bed_eal(const char *lcores)
{
	char words[][24] = { "sw_test", "--no-huge", "-m", "64", "--no-pci", "--in-memory", "--lcores", "" };
	char *argv[RTE_DIM(words) + 1] = { NULL };
	unsigned int i;

	snprintf(words[RTE_DIM(words) - 1], sizeof(words[0]), "%s", lcores);
	for (i = 0; i < RTE_DIM(words); i++)
		argv[i] = words[i];
	return rte_eal_init(RTE_DIM(words), argv);
}

__attribute__((unused)) static void
bed_configure(uint8_t queues, uint8_t ports, int32_t limit)
{
	struct rte_event_dev_config conf = {
		.nb_events_limit = limit,
		.nb_event_queues = queues,
		.nb_event_ports = ports,
		.nb_event_queue_flows = 1024,
		.nb_event_port_dequeue_depth = 32,
		.nb_event_port_enqueue_depth = 32,
	};

	CHECK_EQ(rte_event_dev_configure(bed_dev, &conf), 0);
}

/* A new device. */
__attribute__((unused)) static void
bed_open(uint8_t queues, uint8_t ports, int32_t limit)
{
	CHECK_EQ(rte_vdev_init("event_sw_bed", NULL), 0);
	bed_dev = (uint8_t)rte_event_dev_get_dev_id("event_sw_bed");
	CHECK_EQ(rte_event_dev_service_id_get(bed_dev, &bed_service), 0);
	CHECK_EQ(rte_service_set_runstate_mapped_check(bed_service, 0), 0);
	CHECK_EQ(rte_service_runstate_set(bed_service, 1), 0);
	bed_configure(queues, ports, limit);
}

__attribute__((unused)) static void
bed_queue(uint8_t id, uint8_t type, uint8_t priority, uint32_t cfg)
{
	struct rte_event_queue_conf conf = {
		.nb_atomic_flows = 1024,
		.nb_atomic_order_sequences = 1024,
		.schedule_type = type,
		.priority = priority,
		.event_queue_cfg = cfg,
	};

	CHECK_EQ(rte_event_queue_setup(bed_dev, id, &conf), 0);
}

__attribute__((unused)) static void
bed_port(uint8_t id, int32_t threshold, uint16_t depth, uint32_t cfg)
{
	struct rte_event_port_conf conf = {
		.new_event_threshold = threshold,
		.dequeue_depth = depth,
		.enqueue_depth = 32,
		.event_port_cfg = cfg,
	};

	CHECK_EQ(rte_event_port_setup(bed_dev, id, &conf), 0);
}

__attribute__((unused)) static void
bed_link(uint8_t port, uint8_t queue)
{
	CHECK_EQ(rte_event_port_link(bed_dev, port, &queue, NULL, 1), 1);
}

__attribute__((unused)) static void
bed_close(void)
{
	rte_event_dev_stop(bed_dev);
	CHECK_EQ(rte_vdev_uninit("event_sw_bed"), 0);
	CHECK_EQ(rte_event_dev_count(), 0);
}

/* So many rounds of the scheduler. */
__attribute__((unused)) static void
bed_rounds(unsigned int n)
{
	while (n-- > 0)
		CHECK_EQ(rte_service_run_iter_on_app_lcore(bed_service, 0), 0);
}

__attribute__((unused)) static struct rte_event
bed_event(uint8_t queue, uint32_t flow, uint64_t value)
{
	struct rte_event event;

	event.event = 0;
	event.queue_id = queue;
	event.flow_id = flow & 0xfffff;
	event.op = RTE_EVENT_OP_NEW;
	event.event_type = RTE_EVENT_TYPE_CPU;
	event.sched_type = RTE_SCHED_TYPE_PARALLEL;
	event.priority = RTE_EVENT_DEV_PRIORITY_NORMAL;
	event.u64 = value;
	return event;
}

__attribute__((unused)) static void
bed_send(uint8_t port, uint8_t queue, uint32_t flow, uint64_t value)
{
	struct rte_event event = bed_event(queue, flow, value);

	CHECK_EQ(rte_event_enqueue_burst(bed_dev, port, &event, 1), 1);
}

/* How many events the port is given, at most n. */
__attribute__((unused)) static uint16_t
bed_take(uint8_t port, struct rte_event *events, uint16_t n)
{
	return rte_event_dequeue_burst(bed_dev, port, events, n, 0);
}

/* Passes an event on, as it is but for the queue; or lets it end. */
__attribute__((unused)) static void
bed_forward(uint8_t port, struct rte_event event, uint8_t queue)
{
	event.op = RTE_EVENT_OP_FORWARD;
	event.queue_id = queue;
	CHECK_EQ(rte_event_enqueue_burst(bed_dev, port, &event, 1), 1);
}

__attribute__((unused)) static void
bed_release(uint8_t port)
{
	struct rte_event event = bed_event(0, 0, 0);

	event.op = RTE_EVENT_OP_RELEASE;
	CHECK_EQ(rte_event_enqueue_burst(bed_dev, port, &event, 1), 1);
}

__attribute__((unused)) static uint64_t
bed_stat(const char *name)
{
	uint64_t id, value = rte_event_dev_xstats_by_name_get(bed_dev, name, &id);

	CHECK(id != (unsigned int)-1);
	return value;
}

#endif
