/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The threads' side of event_sw: what happens at a port.
 */
#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_pause.h>
#include <rte_ring_elem.h>

#include "sw.h"

#define PIECE 32

/* Admission of new events: up to n, as long as the device has fewer than the port's threshold. */
static uint32_t
admit(struct sw_port *port, uint32_t n)
{
	uint32_t *inflight = &port->device->inflight, now = __atomic_load_n(inflight, __ATOMIC_RELAXED);

	do {
		if (now >= port->threshold)
			return 0;
		n = RTE_MIN(n, port->threshold - now);
	} while (!__atomic_compare_exchange_n(inflight, &now, now + n, 1, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
	return n;
}

/* All of them: the ring has place for every event that may be in the device. */
static void
pass_on(struct sw_port *port, const struct rte_event *events, uint32_t n)
{
	if (n > 0)
		rte_ring_sp_enqueue_burst_elem(port->to_scheduler, events, sizeof(*events), n, NULL);
}

/* Releases are counted: the next n events of the port's history end. */
static inline struct rte_event
release_of(uint32_t n)
{
	struct rte_event event;

	event.event = 0;
	event.op = RTE_EVENT_OP_RELEASE;
	event.u64 = n;
	return event;
}

uint16_t
sw_enqueue_burst(void *p, const struct rte_event ev[], uint16_t nb_events)
{
	struct sw_port *port = p;
	const uint32_t nb_queues = port->device->nb_queues;
	struct rte_event piece[PIECE];
	uint32_t in_piece = 0, admitted = 0;
	uint16_t i;

	for (i = 0; i < nb_events; i++) {
		struct rte_event event = ev[i];

		if (event.op == RTE_EVENT_OP_RELEASE) {
			if (port->outstanding == 0)
				continue;
			port->outstanding--;
			event = release_of(1);
		} else if (event.queue_id >= nb_queues || event.op > RTE_EVENT_OP_FORWARD) {
			rte_errno = EINVAL;
			break;
		} else if (event.op == RTE_EVENT_OP_FORWARD && port->outstanding > 0) {
			port->outstanding--;
		} else {
			/* What is forwarded, but did not come from here, is new. */
			event.op = RTE_EVENT_OP_NEW;
			if (admitted == 0)
				admitted = admit(port, nb_events - i);
			if (admitted == 0) {
				rte_errno = ENOSPC;
				break;
			}
			admitted--;
		}
		piece[in_piece++] = event;
		if (in_piece == PIECE) {
			pass_on(port, piece, PIECE);
			in_piece = 0;
		}
	}
	pass_on(port, piece, in_piece);
	if (admitted > 0)
		__atomic_fetch_sub(&port->device->inflight, admitted, __ATOMIC_RELEASE);
	return i;
}

uint16_t
sw_enqueue(void *port, const struct rte_event *ev)
{
	return sw_enqueue_burst(port, ev, 1);
}

static inline uint32_t
take(struct sw_port *port, struct rte_event *ev, uint32_t n)
{
	return rte_ring_sc_dequeue_burst_elem(port->from_scheduler, ev, sizeof(*ev), n, NULL);
}

uint16_t
sw_dequeue_burst(void *p, struct rte_event ev[], uint16_t nb_events, uint64_t timeout_ticks)
{
	struct sw_port *port = p;
	const uint32_t most = RTE_MIN((uint32_t)nb_events, port->depth);
	struct rte_event release;
	uint64_t timeout, start;
	uint32_t n;

	if (port->implicit_release && port->outstanding > 0) {
		release = release_of(port->outstanding);
		pass_on(port, &release, 1);
		port->outstanding = 0;
	}
	n = take(port, ev, most);
	timeout = port->timed ? timeout_ticks : port->timeout;
	if (n == 0 && timeout > 0 && most > 0) {
		for (start = rte_get_tsc_cycles(); n == 0 && rte_get_tsc_cycles() - start < timeout; n = take(port, ev, most))
			rte_pause();
	}
	port->outstanding += n;
	return (uint16_t)n;
}

uint16_t
sw_dequeue(void *port, struct rte_event *ev, uint64_t timeout_ticks)
{
	return sw_dequeue_burst(port, ev, 1, timeout_ticks);
}

void
sw_port_quiesce(struct rte_eventdev *dev, void *p, rte_eventdev_port_flush_t flush, void *arg)
{
	struct sw_port *port = p;
	struct rte_event events[PIECE], release;
	uint32_t n, i;

	if (port->to_scheduler == NULL)
		return;
	do {
		n = take(port, events, PIECE);
		for (i = 0; i < n && flush != NULL; i++)
			flush(dev->data->dev_id, events[i], arg);
		port->outstanding += n;
		if (port->outstanding > 0) {
			release = release_of(port->outstanding);
			pass_on(port, &release, 1);
			port->outstanding = 0;
		}
	} while (n > 0);
}
