/* SPDX-License-Identifier: BSD-3-Clause
 *
 * event_sw: a scheduler of events in software.
 *
 * Each port has two rings of events: one to the scheduler, one back. The scheduler is a service, in one thread at a time; all
 * that is not a ring or marked otherwise is its own, under the device's lock (stopping and statistics take it, too).
 *
 * Every event inside the device has a slot, from when the scheduler first sees it until it is released. The slot is an entry of
 * its queue's list, then, handed out, one of its port's history; when the event is forwarded the same slot goes on to the next
 * queue. So there are as many slots as there may be events, and none is ever looked for in vain.
 *
 * An event is counted in `inflight` from before it enters a port's ring until its slot is free. A port's ring has place for
 * all events that may be in the device: forwarding and releasing never fail.
 */
#ifndef EVENT_SW_H
#define EVENT_SW_H

#include <stdint.h>

#include <eventdev_pmd.h>
#include <rte_common.h>
#include <rte_event_ring.h>
#include <rte_spinlock.h>

#define SW_MAX_PORTS 64 /* bits of a mask of ports */
#define SW_MAX_QUEUES 64
#define SW_MAX_EVENTS 4096
#define SW_MAX_DEPTH 128
#define SW_PRIORITIES 4 /* of events: the two highest bits */
#define SW_FLOWS 4096   /* of an atomic queue; flow ids share them by hash */

#define SW_NONE UINT32_MAX

enum sw_order {
	SW_UNORDERED,
	SW_HANDED_OUT, /* the events behind it wait */
	SW_FORWARDED,
	SW_RELEASED,
};

struct sw_slot {
	struct rte_event event;
	uint32_t next;       /* in its queue's list, its port's history, or the free ones */
	uint32_t order_next; /* in its queue's order */
	uint16_t flow;
	uint8_t queue;
	uint8_t type; /* RTE_SCHED_TYPE_*: how it is scheduled, whatever the event says */
	uint8_t order;
	uint8_t unused[3];
};

struct sw_list {
	uint32_t head, tail;
};

/* Who has the events of a flow. */
struct sw_flow {
	uint16_t count; /* events handed out and not released; 0: any port may have the next */
	uint16_t port;
};

struct sw_queue {
	uint64_t ports; /* linked ones; changed while the scheduler runs: atomic */
	uint32_t waiting;
	uint8_t set_up, all_types, type, single_link, priority;
	uint8_t next_port; /* where to look first, for events that any port may have */
	struct sw_list lists[SW_PRIORITIES];
	struct sw_list order; /* events handed out, by order_next */
	struct sw_flow *flows; /* SW_FLOWS; NULL when no event here is atomic */
	uint64_t rx, tx;
} __rte_cache_aligned;

struct sw_device;

struct sw_port {
	/* The thread's at the port. */
	struct rte_ring *to_scheduler, *from_scheduler;
	struct sw_device *device;
	uint32_t outstanding; /* events dequeued, neither forwarded nor released */
	uint32_t threshold;
	uint32_t depth;
	uint8_t id, implicit_release, single_link, timed;
	uint64_t timeout; /* in cycles, of a device whose dequeues have none of their own */

	/* Between control and scheduler, atomic. */
	uint32_t unlinks_asked __rte_cache_aligned;
	uint32_t unlinks_seen;

	/* The scheduler's. */
	struct sw_list history __rte_cache_aligned;
	uint32_t history_count;
	uint32_t room; /* places in from_scheduler that this round may use */
	uint32_t staged_count;
	uint32_t ring_size; /* of to_scheduler */
	uint64_t rx, tx, drop;
	struct rte_event staged[SW_MAX_DEPTH];
};

struct sw_device {
	uint32_t inflight; /* atomic: ports take, the scheduler gives back */
	struct rte_eventdev_data *data __rte_cache_aligned;
	rte_spinlock_t lock;
	uint32_t nb_queues, nb_ports, nb_slots, quanta;
	int started;
	uint32_t service;
	struct sw_slot *slots;
	uint32_t free_slots;
	uint32_t released; /* in this round: not in inflight any more */
	uint8_t by_priority[SW_MAX_QUEUES];
	uint64_t rx, tx, drop, calls, calls_without_in, calls_without_out;
	struct sw_port *ports[SW_MAX_PORTS];
	struct sw_queue queues[SW_MAX_QUEUES];
};

/* ---- sw_worker.c: the fast path ---- */

uint16_t sw_enqueue(void *port, const struct rte_event *ev);
uint16_t sw_enqueue_burst(void *port, const struct rte_event ev[], uint16_t nb_events);
uint16_t sw_dequeue(void *port, struct rte_event *ev, uint64_t timeout_ticks);
uint16_t sw_dequeue_burst(void *port, struct rte_event ev[], uint16_t nb_events, uint64_t timeout_ticks);
void sw_port_quiesce(struct rte_eventdev *dev, void *port, rte_eventdev_port_flush_t flush, void *arg);

/* ---- sw_scheduler.c ---- */

/** One round; the service's callback. */
int32_t sw_schedule(void *arg);
/** All of the device's state as before the first event. */
void sw_reset(struct sw_device *device);
/** Calls give with every event that is in the device and at no thread. The lock is held. */
void sw_drain(struct sw_device *device, void (*give)(struct sw_device *device, const struct rte_event *event));

/* ---- sw_xstats.c ---- */

int sw_xstats_names(const struct rte_eventdev *dev, enum rte_event_dev_xstats_mode mode, uint8_t queue_port_id,
	struct rte_event_dev_xstats_name *names, uint64_t *ids, unsigned int size);
int sw_xstats_get(const struct rte_eventdev *dev, enum rte_event_dev_xstats_mode mode, uint8_t queue_port_id,
	const uint64_t ids[], uint64_t values[], unsigned int n);
uint64_t sw_xstats_by_name(const struct rte_eventdev *dev, const char *name, uint64_t *id);
int sw_xstats_reset(struct rte_eventdev *dev, enum rte_event_dev_xstats_mode mode, int16_t queue_port_id,
	const uint64_t ids[], uint32_t nb_ids);
void sw_dump(struct rte_eventdev *dev, FILE *f);

#endif
