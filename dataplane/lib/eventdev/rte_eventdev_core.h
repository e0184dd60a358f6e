/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The fast path's view of an event device: what rte_event_enqueue_burst() and its kin, compiled into the application,
 * read. Layout as in DPDK 22.11; include through rte_eventdev.h.
 */
#ifndef WDPDK_RTE_EVENTDEV_CORE_H
#define WDPDK_RTE_EVENTDEV_CORE_H

#include <stdint.h>

#include <rte_common.h>
#include <rte_config.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_event;

/** Takes one event: 1, or 0 and rte_errno. */
typedef uint16_t (*event_enqueue_t)(void *port, const struct rte_event *ev);
/** Takes events from the beginning of ev. Returns how many; rte_errno says why not all. */
typedef uint16_t (*event_enqueue_burst_t)(void *port, const struct rte_event *ev, uint16_t nb_events);
/** Gives one event. Returns 1, or 0 when there was none in time. */
typedef uint16_t (*event_dequeue_t)(void *port, struct rte_event *ev, uint64_t timeout_ticks);
/** Gives up to nb_events events. Returns how many. */
typedef uint16_t (*event_dequeue_burst_t)(void *port, struct rte_event *ev, uint16_t nb_events, uint64_t timeout_ticks);
/** Lets a port that neither enqueues nor dequeues do what it put off; op: RTE_EVENT_DEV_MAINT_OP_*. */
typedef void (*event_maintain_t)(void *port, int op);
/** Sends the packets of events by an ethernet port that the event device reaches itself. Returns how many. */
typedef uint16_t (*event_tx_adapter_enqueue_t)(void *port, struct rte_event *ev, uint16_t nb_events);
typedef uint16_t (*event_crypto_adapter_enqueue_t)(void *port, struct rte_event *ev, uint16_t nb_events);

/** One device's fast path. Two cache lines, of which the second is only for adapters. */
struct rte_event_fp_ops {
	void **data; /**< The driver's ports, indexed by port id. */
	event_enqueue_t enqueue;
	event_enqueue_burst_t enqueue_burst;
	event_enqueue_burst_t enqueue_new_burst;
	event_enqueue_burst_t enqueue_forward_burst;
	event_dequeue_t dequeue;
	event_dequeue_burst_t dequeue_burst;
	event_maintain_t maintain; /**< NULL: there is nothing to maintain. */
	event_tx_adapter_enqueue_t txa_enqueue;
	event_tx_adapter_enqueue_t txa_enqueue_same_dest;
	event_crypto_adapter_enqueue_t ca_enqueue;
	uintptr_t reserved[6];
} __rte_cache_aligned;

/** Indexed by device. One that is not started has functions that move nothing and set rte_errno to ENOTSUP. */
extern struct rte_event_fp_ops rte_event_fp_ops[RTE_EVENT_MAX_DEVS];

#ifdef __cplusplus
}
#endif

#endif
